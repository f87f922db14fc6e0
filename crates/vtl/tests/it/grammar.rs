//! Snippets over all productions: what is accepted prints and reads back, what is refused says where and why.

use crate::case::files;
use youju_vtl::parse;

/// The snippets of a file: a line each, with the indented lines below it. Lines that begin with `# ` are headings.
pub fn snippets(text: &str) -> Vec<String> {
    let mut snippets: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("# ")) {
        let closes = line.starts_with("end ");
        match snippets.last_mut().filter(|_| line.starts_with(' ') || closes) {
            Some(last) => *last = format!("{last}\n{line}"),
            None => snippets.push(line.to_owned()),
        }
    }
    snippets
}

/// A refused snippet and what is said of it: `  => column message` for each mistake.
fn refused(text: &str) -> Vec<(&str, Vec<String>)> {
    let mut cases: Vec<(&str, Vec<String>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        match (line.strip_prefix("  => "), cases.last_mut()) {
            (Some(said), Some((_, all))) => all.push(said.to_owned()),
            _ => cases.push((line, Vec::new())),
        }
    }
    cases
}

#[test]
fn refused_snippets_say_where_and_why() {
    let mut count = 0;
    for (path, text) in files("grammar/refused") {
        for (source, expected) in refused(&text) {
            let Err(errors) = parse(source) else { panic!("{path}: read {source}") };
            let said: Vec<String> =
                errors.0.iter().map(|error| format!("{} {}", error.span.column, error.message)).collect();
            assert_eq!(said, expected, "{path}\n{source}\n{}", errors.render(source));
            count += 1;
        }
    }
    assert!(count >= 300, "{count} snippets");
}

/// A wrong statement does not hide the next one.
#[test]
fn one_run_shows_the_mistakes_of_several_statements() {
    let source = "a := b +;
b := (c;
define operator f (x) is x end operator;
c := d;
define hierarchical ruleset h (variable rule x) is A = ; B = C D; E F end hierarchical ruleset;
define something;
d := sum(e group f);
e := e1";
    let errors = parse(source).unwrap_err();
    let places: Vec<(u32, u32)> = errors.0.iter().map(|error| (error.span.line, error.span.column)).collect();
    assert_eq!(places, [(1, 9), (2, 8), (3, 21), (5, 56), (5, 64), (5, 69), (6, 8), (7, 18), (8, 8)], "{errors}");
    assert!(
        errors.render(source).contains("7 | d := sum(e group f);\n  |                  ^"),
        "{}",
        errors.render(source)
    );
}

/// Ten thousand statements and as many rules are read in well under a second even without optimisation.
#[test]
fn long_scripts_are_read_in_one_pass() {
    let statements: Vec<String> =
        (0..10_000).map(|at| format!("r{at} := ds{at}[filter a > {at}][calc b := a * 2];\n")).collect();
    let rules: Vec<String> =
        (0..10_000).map(|at| format!("R{at}: when a > {at} then b <= a + {at} errorcode \"{at}\"")).collect();
    let rules = format!("define datapoint ruleset d (variable a, b) is {} end datapoint ruleset;", rules.join(";\n"));
    let started = std::time::Instant::now();
    assert_eq!(parse(&statements.concat()).unwrap().statements.len(), 10_000);
    assert_eq!(parse(&rules).unwrap().rulesets().next().unwrap().rules.len(), 10_000);
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn accepted_snippets_print_and_read_back_the_same() {
    let mut count = 0;
    for (path, text) in files("grammar/accepted") {
        for source in snippets(&text) {
            let script = parse(&source).unwrap_or_else(|e| panic!("{path}\n{source}\n{}", e.render(&source)));
            let printed = script.to_string();
            let read = parse(&printed).unwrap_or_else(|e| panic!("{path}\n{source}\n{}", e.render(&printed)));
            assert_eq!(read, script, "{path}\n{source}\n{printed}");
            assert_eq!(read.to_string(), printed, "{path}");
            count += 1;
        }
    }
    assert!(count >= 150, "{count} snippets");
}
