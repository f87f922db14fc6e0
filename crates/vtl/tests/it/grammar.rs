//! Snippets over all productions: what is accepted prints and reads back, what is refused says where and why.

use crate::case::files;
use youju_vtl::parse;

/// The snippets of a file: a line each, with the indented lines below it. Lines that begin with `# ` are headings.
fn snippets(text: &str) -> Vec<String> {
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
