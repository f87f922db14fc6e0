//! The terms under which a unit is found 检索词: neighbouring characters of names and addresses, parts of codes, first letters and
//! syllables of the name, and its areas, so that who may see a unit is one more term. What is asked is turned into the same terms
//! (`search`); how they are kept is the store's business.

use youju_codes::{AreaCode, uniform};

use super::fact::Fact;
use super::{Unit, spoken};

/// The edition of these rules. An index that was written by another one is written anew.
pub const EDITION: i64 = 1;

/// Characters of a code that are found together; fewer are no part of a code.
pub const CODE_PART: usize = 4;
/// First letters that are one term.
pub(crate) const INITIALS: usize = 4;
/// Spellings of one run of characters that are kept; beyond it, all of them have three readings or more.
const SPELLINGS_MAX: usize = 16;
/// How many digits of an area code are a level.
const AREA_DIGITS: [usize; 5] = [2, 4, 6, 9, 12];

/// What of a unit is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Findable<'a> {
    /// 单位详细名称.
    pub name: &'a str,
    /// Names that it had.
    pub former: &'a [String],
    /// Where it is.
    pub address: &'a str,
    /// 统一社会信用代码, and other numbers that it is known by.
    pub codes: &'a [&'a str],
    /// 所在地区划.
    pub area: &'a AreaCode,
}

/// What the index holds of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name, address, codes and former names made uniform, a line each: what a word that was asked for must stand in.
    pub words: String,
    /// The terms, with a blank between two; some stand there twice.
    pub terms: String,
}

/// Letters, figures and characters alone, in one width and script, letters small.
pub fn key(text: &str) -> String {
    let mut key = uniform::clean(text);
    key.make_ascii_lowercase();
    key
}

/// What the index holds of a unit of the register that had other names.
pub fn of_unit(unit: &Unit, former: &[String]) -> Entry {
    const CODES: [Fact; 5] =
        [Fact::OrgCode, Fact::TaxNumber, Fact::RegistrationNumber, Fact::CensusCode, Fact::SampleCode];
    let said = |fact: Fact| unit.details.get(fact);
    let others = CODES.into_iter().filter_map(said).filter(|code| *code != unit.usci.as_str());
    let codes: Vec<&str> = [unit.usci.as_str()].into_iter().chain(others).collect();
    let address = said(Fact::Address).or_else(|| said(Fact::RegisteredAddress)).unwrap_or_default();
    entry(&Findable { name: &unit.name, former, address, codes: &codes, area: &unit.area })
}

/// What the index holds of what is known of a unit.
pub fn entry(unit: &Findable<'_>) -> Entry {
    let name: Vec<char> = key(unit.name).chars().collect();
    let mut terms = Terms(String::with_capacity(1024));
    terms.name(&name);
    if let [first, second, ..] = name.as_slice() {
        terms.add(&["b:"], &[*first, *second]);
    }
    let mut words: String = name.iter().collect();
    let address = key(unit.address);
    terms.text(&address.chars().collect::<Vec<_>>());
    words.push('\n');
    words.push_str(&address);
    for code in unit.codes {
        let code = key(code);
        terms.code(&code.chars().collect::<Vec<_>>());
        words.push('\n');
        words.push_str(&code);
    }
    for former in unit.former {
        let former = key(former);
        terms.name(&former.chars().collect::<Vec<_>>());
        words.push('\n');
        words.push_str(&former);
    }
    for digits in AREA_DIGITS {
        terms.add(&["a:", unit.area.as_str().get(..digits).unwrap_or_default()], &[]);
    }
    Entry { words, terms: terms.0 }
}

struct Terms(String);

impl Terms {
    fn add(&mut self, parts: &[&str], chars: &[char]) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
        self.0.extend(parts.iter().copied());
        self.0.extend(chars);
    }

    /// Characters that stand beside each other.
    fn text(&mut self, text: &[char]) {
        for pair in text.windows(2) {
            self.add(&[], pair);
        }
    }

    fn name(&mut self, name: &[char]) {
        self.text(name);
        for c in name {
            self.add(&[], &[*c]);
        }
        self.initials(name);
        self.syllables(name);
    }

    fn code(&mut self, code: &[char]) {
        for part in code.windows(CODE_PART) {
            self.add(&["c:"], part);
        }
    }

    /// The first letters of four characters, and of fewer at the end.
    fn initials(&mut self, name: &[char]) {
        let letters: Vec<&str> = name.iter().map(|c| spoken::initials(*c)).collect();
        for at in 0..letters.len() {
            let run = letters.iter().skip(at).take(INITIALS).take_while(|letters| !letters.is_empty());
            for spelling in spellings(run.copied()) {
                self.add(&["p:", &spelling], &[]);
            }
        }
    }

    /// Syllables that follow each other; the last one stands alone.
    fn syllables(&mut self, name: &[char]) {
        for (at, c) in name.iter().enumerate() {
            let next = name.get(at + 1).map_or(&[][..], |next| spoken::readings(*next));
            for syllable in spoken::readings(*c) {
                if next.is_empty() {
                    self.add(&["s:", syllable, ":"], &[]);
                }
                for next in next {
                    self.add(&["s:", syllable, ":", next], &[]);
                }
            }
        }
    }
}

fn spellings<'a>(run: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut spellings = Vec::new();
    for letters in run {
        if spellings.is_empty() {
            spellings.push(String::new());
        }
        let longer = spellings.iter().flat_map(|begun| letters.chars().map(move |letter| format!("{begun}{letter}")));
        spellings = longer.take(SPELLINGS_MAX).collect();
    }
    spellings
}
