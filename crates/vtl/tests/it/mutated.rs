//! What fuzzing has found before, and thousands of mutations of good texts, the same ones in every run. The long search is
//! `make fuzz`.

use crate::any_text::{expression, formulas, script};
use crate::case::{files, section};
use crate::grammar::snippets;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

/// A change at some place of a text.
#[derive(Debug, Clone)]
enum Edit {
    /// Leaves out up to so many characters.
    Cut(usize),
    /// Puts in a word.
    Word(&'static str),
    /// Puts in up to so many characters from another place of the text.
    Copy(Index, usize),
    /// Goes on with another text from some place on.
    Splice(Index, Index),
}

const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ":=",
    "<-",
    "->",
    "#",
    "_",
    "+",
    "-",
    "*",
    "/",
    "||",
    "=",
    "<>",
    ">=",
    "\"",
    "'",
    "\\'",
    "//",
    "/*",
    "*/",
    "\n",
    "\r\n",
    " ",
    "\u{feff}",
    "\u{0}",
    "，",
    "“",
    "资产",
    "😀",
    "null",
    "true",
    "1",
    "0.5",
    "99999999999999999999",
    "not ",
    " and ",
    "if ",
    " then ",
    " else ",
    "case when ",
    "end",
    "is",
    "define ",
    "errorcode ",
    "over (",
    "|",
    "±2",
    ".-1",
    "[*,1]",
    "[20]",
    "SUM(",
    "IF ",
    "且",
    "80%",
    "万元",
    "''",
    "@1",
    "{差}",
];

fn edit() -> impl Strategy<Value = (Index, Edit)> {
    let edit = prop_oneof![
        (1_usize..12).prop_map(Edit::Cut),
        prop::sample::select(WORDS).prop_map(Edit::Word),
        (any::<Index>(), 1_usize..40).prop_map(|(from, length)| Edit::Copy(from, length)),
        (any::<Index>(), any::<Index>()).prop_map(|(other, from)| Edit::Splice(other, from)),
    ];
    (any::<Index>(), edit)
}

/// One of the texts after some edits.
fn mutated(texts: Vec<String>) -> impl Strategy<Value = String> {
    (prop::sample::select(texts.clone()), prop::collection::vec(edit(), 0..5)).prop_map(move |(text, edits)| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, edit) in edits {
            let at = at.index(text.len() + 1);
            match edit {
                Edit::Cut(length) => drop(text.drain(at..(at + length).min(text.len()))),
                Edit::Word(word) => drop(text.splice(at..at, word.chars())),
                Edit::Copy(from, length) => {
                    let from = from.index(text.len() + 1);
                    let piece = text[from..(from + length).min(text.len())].to_vec();
                    text.splice(at..at, piece);
                }
                Edit::Splice(other, from) => {
                    let other: Vec<char> = other.get(&texts).chars().collect();
                    text.truncate(at);
                    text.extend(&other[from.index(other.len() + 1)..]);
                }
            }
        }
        text.into_iter().collect()
    })
}

/// Snippets of the grammar, and the rulesets of other cases.
fn scripts() -> Vec<String> {
    let grammar = ["grammar/accepted", "grammar/refused"]
        .map(|folder| files(folder).iter().flat_map(|(_, text)| snippets(text)).collect::<Vec<_>>());
    let rulesets = ["rules", "errors", "analysis"]
        .map(|folder| files(folder).iter().map(|(_, text)| section(text, "rules").to_owned()).collect::<Vec<_>>());
    let long = files("format").into_iter().map(|(_, text)| section(&text, "before").to_owned());
    grammar.into_iter().chain(rulesets).flatten().chain(long).collect()
}

/// The lines of the cases of formulas, several together here and there.
fn lines() -> Vec<String> {
    let texts = files("formula");
    let sections = texts.iter().flat_map(|(_, text)| ["formulas", "refused"].map(|name| section(text, name)));
    sections.flat_map(|text| text.lines().chain([text])).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn expressions() -> Vec<String> {
    let results = files("values");
    let lines = results.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| line.split_once(" => "));
    let values: Vec<String> = lines.map(|(expression, _)| expression.to_owned()).collect();
    let statements = scripts().into_iter().filter(|text| !text.contains("define"));
    let right = statements.filter_map(|text| Some(text.split_once(":=")?.1.trim_end_matches(';').to_owned()));
    values.into_iter().chain(right).collect()
}

/// The texts of a file of `cases/found`: each below a line `=== what was wrong`.
fn found(file: &str, holds: fn(&str)) {
    let (_, text) = files("found").into_iter().find(|(path, _)| path.ends_with(file)).unwrap();
    let texts: Vec<&str> =
        text.split("=== ").skip(1).filter_map(|part| part.split_once('\n')).map(|(_, t)| t).collect();
    assert!(!texts.is_empty(), "{file}");
    for text in texts {
        holds(text);
        holds(text.trim_end_matches('\n'));
    }
}

#[test]
fn what_was_found_before_stays_mended() {
    found("expressions.case", expression);
    found("scripts.case", script);
    found("formulas.case", formulas);
}

fn same_in_every_run(cases: u32) -> ProptestConfig {
    ProptestConfig {
        rng_seed: RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

proptest! {
    #![proptest_config(same_in_every_run(4_000))]

    #[test]
    fn a_mutated_expression_is_read_or_refused_at_its_place(text in mutated(expressions())) {
        expression(&text);
    }

    #[test]
    fn a_mutated_script_is_read_or_refused_at_its_place(text in mutated(scripts())) {
        script(&text);
    }

    #[test]
    fn a_mutated_formula_is_read_or_refused_at_its_place(text in mutated(lines())) {
        formulas(&text);
    }
}
