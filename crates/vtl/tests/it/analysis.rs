//! What the analysis says about rules before any data: stories in case files.

use crate::case::{files, scalar, schema, section};
use youju_vtl::{Note, Range, Ranges, Schema, Scalar, Type, analyse};

/// `c1: 0..100 whole; c104: {A, B}`, one component a line.
pub fn ranges(schema: &Schema, text: &str) -> Ranges {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ranges::new(lines.map(|line| {
        let (name, range) = line.split_once(':').unwrap();
        (name.trim().to_owned(), range_of(range.trim(), schema.kind(name.trim()).unwrap()))
    }))
}

fn range_of(text: &str, kind: Type) -> Range {
    if let Some(codes) = text.strip_prefix('{') {
        let codes = codes.trim_end_matches('}').split(',').map(|code| code.trim().to_owned()).collect();
        return Range { codes: Some(codes), ..Range::default() };
    }
    let (text, is_whole) = text.strip_suffix(" whole").map_or((text, false), |text| (text, true));
    let (min, max) = text.split_once("..").unwrap();
    let bound = |text: &str| Some(scalar(text, kind)).filter(|bound| *bound != Scalar::Null);
    Range { min: bound(min), max: bound(max), is_whole, codes: None }
}

/// `3:7+12 NeverFails A`, with the names of the rules in question.
fn line(note: &Note, names: &[String]) -> String {
    let rules: Vec<&str> = note.rules.iter().map(|rule| names[*rule].as_str()).collect();
    let place = format!("{}:{}+{}", note.span.line, note.span.column, note.span.length());
    format!("{place} {:?} {}", note.kind, rules.join(" ")).trim().to_owned()
}

#[test]
fn the_analysis_says_what_the_cases_say() {
    for (path, text) in files("analysis") {
        if !path.contains(&std::env::var("ONLY").unwrap_or_default()) { continue; }
        let schema = schema(section(&text, "schema").trim());
        let ranges = ranges(&schema, section(&text, "ranges"));
        let source = section(&text, "rules");
        let script = youju_vtl::parse(source).unwrap_or_else(|errors| panic!("{path}\n{}", errors.render(source)));
        let ruleset = script.rulesets().next().unwrap();
        let notes = analyse(ruleset, &schema, &ranges).unwrap_or_else(|e| panic!("{path}\n{}", e.render(source)));
        let names: Vec<String> = ruleset.rules.iter().map(|rule| rule.name.clone().unwrap_or_default()).collect();
        let expected: Vec<&str> = section(&text, "notes").lines().filter(|line| !line.trim().is_empty()).collect();
        let found: Vec<String> = notes.iter().map(|note| line(note, &names)).collect();
        let shown: Vec<String> = notes.iter().map(|note| format!("{} | {}", line(note, &names), note.says)).collect();
        let heads: Vec<&str> = expected.iter().map(|line| line.split('|').next().unwrap().trim()).collect();
        assert_eq!(found, heads, "{path}\n{}\n", shown.join("\n"));
        for (note, expected) in notes.iter().zip(&expected) {
            let piece = expected.split_once('|').map_or("", |(_, piece)| piece.trim());
            assert!(note.says.contains(piece), "{path}: {piece:?} not in {:?}", note.says);
        }
    }
}
