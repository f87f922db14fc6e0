//! What somebody typed into the search box, as terms of the index 检索式. Every word must be found; a word of letters may be part of a
//! name or a code, first letters (lxfz), or syllables (lanxifangz).

use std::collections::BTreeSet;

use youju_codes::AreaCode;

use super::spoken;
use super::terms::{CODE_PART, Entry, INITIALS, key};
use crate::problem::Problem;

/// Characters that somebody may look for: the longest name that a licence holds, twice.
pub const SEARCH_CHARS_MAX: usize = 200;
/// Words that are compared letter by letter with what was found; the others are found by their terms alone.
pub const COMPARED_MAX: usize = 3;
/// Letters that are still read as Chinese.
const LETTERS_MAX: usize = 60;

/// What must hold of the terms of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expr {
    /// The term itself.
    Term(String),
    /// A term that begins so.
    Begins(String),
    /// All of them.
    All(Vec<Expr>),
    /// One of them.
    Any(Vec<Expr>),
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// Nothing was typed: everything.
    Everything,
    /// What was typed holds no letter, figure or character: nothing is called so.
    Nothing,
    /// Words.
    Words(Query),
}

/// Words that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// What finds a unit.
    pub anywhere: Expr,
    /// What finds those among them whose name begins with the first word; none where the word is one character.
    pub beginning: Option<Expr>,
    /// The first word: names that begin with it or hold it go first.
    pub first: String,
    /// Words that must stand in what is known of a unit; at most [`COMPARED_MAX`].
    pub compared: Vec<String>,
}

/// Reads what was typed.
pub fn sought(typed: &str) -> Result<Sought, Problem> {
    let length = typed.trim().chars().count();
    if length == 0 {
        return Ok(Sought::Everything);
    }
    if length > SEARCH_CHARS_MAX {
        let reason =
            format!("查找的内容最多 {SEARCH_CHARS_MAX} 个字,现有 {length} 个。请只留下名称、代码或地址的一部分。");
        return Err(Problem::BadInput { reason });
    }
    let mut words: Vec<String> = Vec::new();
    for word in typed.split_whitespace().map(key).filter(|word| !word.is_empty()) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    Ok(if words.is_empty() { Sought::Nothing } else { Sought::Words(query(words)) })
}

fn query(words: Vec<String>) -> Query {
    let anywhere = Expr::All(words.iter().map(|word| of_word(word)).collect());
    let first = words.first().cloned().unwrap_or_default();
    let start: String = first.chars().take(2).collect();
    let beginning = (start.chars().count() == 2)
        .then(|| Expr::All(vec![anywhere.clone(), text(&first), Expr::Term(format!("b:{start}"))]));
    let compared = words.into_iter().filter(|word| !is_letters(word)).take(COMPARED_MAX).collect();
    Query { anywhere, beginning, first, compared }
}

/// What may be read as Chinese: letters alone.
fn is_letters(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphabetic())
}

fn of_word(word: &str) -> Expr {
    if !word.is_ascii() {
        return text(word);
    }
    let mut ways = vec![text(word)];
    if word.len() >= CODE_PART {
        ways.push(parts("c:", word, CODE_PART));
    }
    if is_letters(word) && (2..=LETTERS_MAX).contains(&word.len()) {
        ways.push(initials(word));
        ways.extend(spoken::cuts(word).iter().map(|cut| syllables(cut)));
    }
    Expr::Any(ways)
}

/// Characters that stand beside each other; one character alone is a term of names.
fn text(word: &str) -> Expr {
    if word.chars().count() == 1 {
        return Expr::Term(word.to_owned());
    }
    parts("", word, 2)
}

fn parts(kind: &str, word: &str, length: usize) -> Expr {
    let chars: Vec<char> = word.chars().collect();
    let terms: BTreeSet<String> =
        chars.windows(length).map(|part| kind.chars().chain(part.iter().copied()).collect()).collect();
    Expr::All(terms.into_iter().map(Expr::Term).collect())
}

fn initials(word: &str) -> Expr {
    if word.len() < INITIALS { Expr::Begins(format!("p:{word}")) } else { parts("p:", word, INITIALS) }
}

/// Syllables that follow each other; the last one may be unfinished.
fn syllables(cut: &[&str]) -> Expr {
    if let [only] = cut {
        return Expr::Begins(format!("s:{only}"));
    }
    let last = cut.len().saturating_sub(2);
    let pairs = cut.iter().zip(cut.iter().skip(1)).enumerate().map(|(at, (syllable, next))| {
        let term = format!("s:{syllable}:{next}");
        if at == last { Expr::Begins(term) } else { Expr::Term(term) }
    });
    Expr::All(pairs.collect())
}

/// The same among the units of an area.
#[must_use]
pub fn within(area: &AreaCode, expr: Expr) -> Expr {
    Expr::All(vec![expr, Expr::Term(format!("a:{}", area.prefix()))])
}

impl Query {
    /// Whether a unit is found: what the index of the store must agree with.
    pub fn finds(&self, entry: &Entry) -> bool {
        let terms: BTreeSet<&str> = entry.terms.split(' ').collect();
        holds(&self.anywhere, &terms) && self.compared.iter().all(|word| entry.words.contains(word.as_str()))
    }
}

fn holds(expr: &Expr, terms: &BTreeSet<&str>) -> bool {
    match expr {
        Expr::Term(term) => terms.contains(term.as_str()),
        Expr::Begins(start) => {
            terms.range(start.as_str()..).next().is_some_and(|term| term.starts_with(start.as_str()))
        }
        Expr::All(all) => all.iter().all(|expr| holds(expr, terms)),
        Expr::Any(ways) => ways.iter().any(|expr| holds(expr, terms)),
    }
}
