//! What the analysis says about rules before any data: stories in case files.

use crate::case::{files, scalar, schema, section};
use youju_vtl::{Note, NoteKind, Range, Ranges, Scalar, Schema, Type, analyse, contradictions};

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
        let schema = schema(section(&text, "schema").trim());
        let ranges = ranges(&schema, section(&text, "ranges"));
        let source = section(&text, "rules");
        let script = youju_vtl::parse(source).unwrap_or_else(|errors| panic!("{path}\n{}", errors.render(source)));
        let ruleset = script.rulesets().next().unwrap();
        let notes = analyse(ruleset, &schema, &ranges).unwrap_or_else(|e| panic!("{path}\n{}", e.render(source)));
        let alone = contradictions(ruleset, &schema, &ranges).unwrap();
        for pair in notes.iter().filter(|note| note.kind == NoteKind::Contradiction && note.rules.len() == 2) {
            assert!(alone.contains(pair), "{path}: {} in {alone:?}", pair.says);
        }
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

/// The shipped rules: numbers where the forms say so, zero or more where a sign is declared.
fn shipped(form: &str) -> (String, Schema, Ranges) {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../programmes/industry");
    let source = std::fs::read_to_string(folder.join(format!("checks/{form}.vtl"))).unwrap();
    let form = std::fs::read_to_string(folder.join(format!("forms/{form}.toml"))).unwrap();
    let (mut texts, mut positive) = (Vec::new(), Vec::new());
    for line in form.lines().filter(|line| line.trim_start().starts_with("{ code = ")) {
        let code = line.split('"').nth(1).unwrap().replace('.', "_");
        if line.contains("kind = ") && !line.contains("kind = \"number\"") {
            texts.push(format!("c{code}"));
        }
        if line.contains("sign = \"nonnegative\"") {
            positive.push(format!("c{code}"));
        }
    }
    let script = youju_vtl::parse(&source).unwrap();
    let names: Vec<String> =
        script.rulesets().next().unwrap().parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let base = |name: &str| name.split("__").next().unwrap().trim_end_matches("_ly").to_owned();
    let kind = |name: &str| match name {
        "first_of_year" => Type::Boolean,
        "acct" | "area" | "industry" | "size" | "usci" => Type::String,
        name if texts.contains(&base(name)) => Type::String,
        _ => Type::Number,
    };
    let schema = Schema::new(names.iter().map(|name| (name.clone(), kind(name))));
    let not_negative = names.iter().filter(|name| positive.contains(&base(name)));
    let ranges = Ranges::new(not_negative.map(|name| (name.clone(), Range::not_negative())));
    (source, schema, ranges)
}

#[test]
fn the_shipped_rules_hardly_contradict_each_other_and_none_lies_idle() {
    // Without income but with wages last year: Z11b wants no wages, Z11e wages near those of last year, Z12 those of another form.
    // All only ask.
    let known = ["Contradiction Z11e Z11b", "Contradiction Z11b Z12", "Contradiction Z12 Z11b"];
    for form in ["101-1", "B103-1", "B203"] {
        let (source, schema, ranges) = shipped(form);
        let script = youju_vtl::parse(&source).unwrap();
        let ruleset = script.rulesets().next().unwrap();
        let names: Vec<String> = ruleset.rules.iter().map(|rule| rule.name.clone().unwrap_or_default()).collect();
        for ranges in [Ranges::default(), ranges] {
            let notes = analyse(ruleset, &schema, &ranges).unwrap_or_else(|e| panic!("{form}\n{}", e.render(&source)));
            for note in notes {
                let line = line(&note, &names);
                let what = line.split_once(' ').unwrap().1;
                let harmless =
                    matches!(note.kind, NoteKind::NeverFails | NoteKind::Redundant | NoteKind::RedundantIfFilled);
                assert!(harmless || known.contains(&what), "{form}: {}", note.render(&source));
                // What the declared signs settle are exactly the checks of signs.
                let sign = what.starts_with("NeverFails N") || what == "NeverFails Z4";
                assert!(note.kind != NoteKind::NeverFails || sign, "{form}: {}", note.render(&source));
            }
        }
    }
}

#[test]
fn long_chains_of_conditions_are_left_open_instead_of_taking_for_ever() {
    let schema = Schema::new((0..40).map(|at| (format!("v{at}"), Type::Number)));
    let terms: Vec<String> = (0..40).map(|at| format!("v{at} > {at}")).collect();
    let nested = terms.iter().fold("v0 > 5".to_owned(), |inner, term| format!("if ({inner}) then {term} else v1 > 5"));
    let names: Vec<&str> = schema.components().iter().map(|(name, _)| name.as_str()).collect();
    for rule in [terms.join(" xor "), terms.join(" or "), terms.join(" and "), nested] {
        let names = names.join(", ");
        let source =
            format!("define datapoint ruleset r (variable {names}) is A: {rule}; B: v3 > v2 end datapoint ruleset;");
        let script = youju_vtl::parse(&source).unwrap();
        assert_eq!(analyse(script.rulesets().next().unwrap(), &schema, &Ranges::default()).unwrap(), [], "{rule}");
    }
}

/// A thousand rules over three hundred components: ranges, balances, implications, ratios, sums by accounting standard.
fn thousand() -> (String, Schema) {
    let names: Vec<String> = (0..300).map(|at| format!("v{at}")).collect();
    let rules = (0..1000_usize).map(|at| {
        let v = |k: usize| format!("v{}", (at * 7 + k * 11) % 300);
        let rule = match at % 6 {
            0 => format!("{} >= {}", v(0), v(1)),
            1 => format!("abs({} - ({} + {} - {})) <= {}", v(0), v(1), v(2), v(3), at % 5 + 1),
            2 => format!("when {} > 0 then {} > {}", v(0), v(1), at % 10),
            3 => format!("when {} > 0 then not between({} / {}, 950, 1050)", v(1), v(0), v(1)),
            4 => format!("when acct in {{\"1\", \"2\"}} then {} <= {} + nvl({}, 0)", v(0), v(1), v(2)),
            _ => format!("between({}, 0, {})", v(0), 1_000_000 + at),
        };
        format!("Z{at}: {rule}")
    });
    let rules: Vec<String> = rules.collect();
    let source = format!(
        "define datapoint ruleset many (variable {}, acct) is {} end datapoint ruleset;",
        names.join(", "),
        rules.join(";\n")
    );
    let numbers = names.into_iter().map(|name| (name, Type::Number));
    (source, Schema::new(numbers.chain([("acct".to_owned(), Type::String)])))
}

#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn a_thousand_rules() {
    let (source, schema) = thousand();
    let script = youju_vtl::parse(&source).unwrap();
    let start = std::time::Instant::now();
    let notes = analyse(script.rulesets().next().unwrap(), &schema, &Ranges::default()).unwrap();
    println!("1000 rules: {:.2} s, {} notes", start.elapsed().as_secs_f64(), notes.len());
    assert!(!notes.is_empty());
}
