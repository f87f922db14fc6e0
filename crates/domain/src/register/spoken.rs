//! How the characters of names are read 拼音: syllables and their first letters, of characters with several readings all of them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use pinyin::ToPinyinMulti;

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

/// Letters of the longest syllable (zhuang, chuang, shuang).
const SYLLABLE_LETTERS_MAX: usize = 6;
/// Ways to cut one word into syllables that are followed; xianxian has four.
const CUTS_MAX: usize = 16;

/// Readings that dictionaries list and nobody says in the name of a unit. The characters stand in nearly every name, and every further
/// reading doubles what such a name is found under.
const UNSPOKEN: &[(char, &[&str])] = &[
    ('有', &["wei"]),
    ('限', &["wen"]),
    ('司', &["ci"]),
    ('市', &["fu"]),
    ('厂', &["han", "yan", "an"]),
    ('溪', &["qi"]),
    ('大', &["tai"]),
    ('女', &["ru"]),
    ('重', &["tong"]),
    ('行', &["heng"]),
    ('业', &["e"]),
    ('社', &["tu"]),
    ('材', &["zai"]),
    ('家', &["jie", "gu"]),
    ('机', &["wei"]),
    ('电', &["dan"]),
];

struct Spoken {
    readings: Vec<Box<[&'static str]>>,
    initials: Vec<Box<str>>,
    syllables: BTreeSet<&'static str>,
}

fn spoken() -> &'static Spoken {
    static SPOKEN: OnceLock<Spoken> = OnceLock::new();
    SPOKEN.get_or_init(|| {
        let chars = (FIRST..=LAST).filter_map(char::from_u32);
        let readings: Vec<Box<[&'static str]>> = chars.map(read).collect();
        let initials = readings.iter().map(|all| initials_of(all)).collect();
        let syllables = readings.iter().flat_map(|all| all.iter().copied()).collect();
        Spoken { readings, initials, syllables }
    })
}

fn read(c: char) -> Box<[&'static str]> {
    let unspoken = UNSPOKEN.iter().find(|(of, _)| *of == c).map_or(&[][..], |(_, readings)| readings);
    let mut spoken = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        for typed in as_typed(reading.plain()) {
            // 嗯 is hm, n and ng; a word of letters would fall apart everywhere.
            let is_syllable = typed.contains(['a', 'e', 'i', 'o', 'u', 'v']);
            if is_syllable && !spoken.contains(&typed) && !unspoken.contains(&typed) {
                spoken.push(typed);
            }
        }
    }
    spoken.into()
}

/// A keyboard has no ü: some type v, some u.
fn as_typed(reading: &'static str) -> Vec<&'static str> {
    match reading {
        "lü" => vec!["lv", "lu"],
        "nü" => vec!["nv", "nu"],
        "lüe" => vec!["lve", "lue"],
        "nüe" => vec!["nve", "nue"],
        "ê" => vec!["e"],
        plain => vec![plain],
    }
}

fn initials_of(readings: &[&'static str]) -> Box<str> {
    let mut initials = String::new();
    for initial in readings.iter().filter_map(|reading| reading.chars().next()) {
        if !initials.contains(initial) {
            initials.push(initial);
        }
    }
    initials.into()
}

fn slot(c: char) -> Option<usize> {
    usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()
}

/// The syllables of a character; none of a letter, a figure or a character that no dictionary reads.
pub(crate) fn readings(c: char) -> &'static [&'static str] {
    slot(c).and_then(|at| spoken().readings.get(at)).map_or(&[], |all| all)
}

/// The letters by which a character begins, a letter or a figure with itself; empty where nobody knows.
pub(crate) fn initials(c: char) -> &'static str {
    const OWN: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
    if c.is_ascii() {
        return OWN.find(c).and_then(|at| OWN.get(at..=at)).unwrap_or_default();
    }
    slot(c).and_then(|at| spoken().initials.get(at)).map_or("", |all| all)
}

fn begins_a_syllable(letters: &str) -> bool {
    spoken().syllables.range(letters..).next().is_some_and(|syllable| syllable.starts_with(letters))
}

/// The ways to read letters as syllables, of which the last may still be unfinished: lanxifangz is lan, xi, fang and z.
pub(crate) fn cuts(letters: &str) -> Vec<Vec<&str>> {
    let mut cuts = Vec::new();
    cut(letters, &mut Vec::new(), &mut cuts);
    cuts
}

fn cut<'a>(rest: &'a str, done: &mut Vec<&'a str>, cuts: &mut Vec<Vec<&'a str>>) {
    for length in (1..=rest.len().min(SYLLABLE_LETTERS_MAX)).rev() {
        if cuts.len() >= CUTS_MAX {
            return;
        }
        let Some((syllable, after)) = rest.split_at_checked(length) else { continue };
        if after.is_empty() && begins_a_syllable(syllable) {
            cuts.push(done.iter().copied().chain([syllable]).collect());
        } else if !after.is_empty() && spoken().syllables.contains(syllable) {
            done.push(syllable);
            cut(after, done, cuts);
            done.pop();
        }
    }
}
