//! Scripts in the style of the house: the same meaning, the comments kept, and nothing to do the second time.

use crate::case::{files, section};
use crate::grammar::snippets;
use proptest::prelude::*;
use youju_vtl::{format, parse};

/// Formats, and formats what comes out.
#[track_caller]
fn formatted(source: &str) -> String {
    let text = format(source).unwrap_or_else(|errors| panic!("{source}\n{}", errors.render(source)));
    assert_eq!(parse(&text).unwrap(), parse(source).unwrap(), "{source}\n{text}");
    assert_eq!(format(&text).unwrap(), text, "{source}");
    text
}

/// Every comment of a text, in order.
fn comments(text: &str) -> Vec<String> {
    let piece = regex::Regex::new(r#""[^"]*"|'(?:\\'|[^'])*'|//[^\n]*|/\*(?s:.*?)\*/"#).unwrap();
    let found = piece.find_iter(text).map(|found| found.as_str().trim_end());
    found.filter(|text| text.starts_with('/')).map(str::to_owned).collect()
}

#[test]
fn scripts_become_what_the_cases_say() {
    for (path, text) in files("format") {
        let (before, after) = (section(&text, "before"), section(&text, "after"));
        let after = after.trim_end_matches('\n').to_owned() + "\n";
        assert_eq!(formatted(before), after, "{path}\n{}", format(before).unwrap());
        assert_eq!(comments(before), comments(&after), "{path}");
    }
}

#[test]
fn every_accepted_snippet_keeps_its_meaning() {
    for (_, text) in files("grammar/accepted") {
        for source in snippets(&text) {
            formatted(&source);
        }
    }
}

/// A snippet with comments between its words.
fn commented() -> impl Strategy<Value = (String, Vec<String>)> {
    let all: Vec<String> = files("grammar/accepted")
        .iter()
        .flat_map(|(_, text)| snippets(text))
        .filter(|s| !s.contains("/*") && !s.contains("//"))
        .collect();
    let comment =
        prop::sample::select(vec!["// 行末\n", "/* 中间 */", "\n// 自己一行\n", "/* 两\n行 */", "\n\n/* 空行后 */\n"]);
    let places = prop::collection::vec((any::<prop::sample::Index>(), comment), 1..4);
    (prop::sample::select(all), places).prop_map(|(snippet, mut places)| {
        // A text or a quoted name may hold spaces, so only simple snippets are cut at spaces.
        let words: Vec<&str> =
            if snippet.contains(['"', '\'']) { vec![&snippet] } else { snippet.split_whitespace().collect() };
        places.sort_by_key(|(at, _)| at.index(words.len() + 1));
        let mut text = String::new();
        let mut written = Vec::new();
        for at in 0..=words.len() {
            for (_, comment) in places.iter().filter(|(place, _)| place.index(words.len() + 1) == at) {
                text.push(' ');
                text.push_str(comment);
                written.push(comment.trim().to_owned());
            }
            text.push(' ');
            text.push_str(words.get(at).unwrap_or(&""));
        }
        (text, written)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn comments_anywhere_are_kept_in_their_order((source, written) in commented()) {
        prop_assert_eq!(comments(&formatted(&source)), written, "{}", source);
    }
}
