//! Telling code, string literals and comments of a Rust file apart. This is no parser: it knows how they begin and end, which is
//! all that a search for a word in the wrong place needs.

/// A file taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The code, with an empty literal `""` for every string and nothing for comments. Lines stay where they were.
    pub code: String,
    /// What stands in the string literals, in order, escapes as written.
    pub strings: Vec<String>,
}

/// Takes a Rust file apart.
pub fn split(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after_word = parts.code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            keep_lines(&mut parts.code, rest, block_comment(rest))
        } else if let Some((literal, inner)) = raw_string(rest).filter(|_| !after_word) {
            take_string(&mut parts, rest, literal, inner)
        } else if first == '"' {
            let inner = plain_string(rest);
            take_string(&mut parts, rest, (inner + 2).min(rest.len()), (1, inner))
        } else if first == '\'' {
            let length = character(rest);
            parts.code.push('\'');
            length
        } else {
            parts.code.push(first);
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    parts
}

/// Writes down a literal of `length` bytes whose text begins at `inner.0` and is `inner.1` bytes long.
fn take_string(parts: &mut Parts, rest: &str, length: usize, inner: (usize, usize)) -> usize {
    parts.strings.push(rest.get(inner.0..inner.0 + inner.1).unwrap_or_default().to_owned());
    parts.code.push_str("\"\"");
    keep_lines(&mut parts.code, rest, length)
}

fn keep_lines(code: &mut String, rest: &str, length: usize) -> usize {
    let lines = rest.get(..length).unwrap_or_default().matches('\n').count();
    code.extend(std::iter::repeat_n('\n', lines));
    length
}

/// Length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut skip = 0_usize;
    for (at, _) in rest.char_indices() {
        if at < skip {
            continue;
        }
        let here = rest.get(at..).unwrap_or_default();
        if here.starts_with("/*") {
            depth += 1;
            skip = at + 2;
        } else if here.starts_with("*/") {
            depth -= 1;
            skip = at + 2;
            if depth == 0 {
                return skip;
            }
        }
    }
    rest.len()
}

/// Length of the text of a plain string that begins with its quote.
fn plain_string(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at - 1,
            _ => {}
        }
    }
    rest.len() - 1
}

/// Whole length, start and length of the text of a raw string such as `r#"…"#` (also `br`, `cr`).
fn raw_string(rest: &str) -> Option<(usize, (usize, usize))> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix).unwrap_or_default().trim_start_matches('#');
        rest.starts_with(prefix) && after.starts_with('"')
    })?;
    let hashes: String = rest.chars().skip(prefix.len()).take_while(|c| *c == '#').collect();
    let start = prefix.len() + hashes.len() + 1;
    let end = format!("\"{hashes}");
    let inner = rest.get(start..)?.find(&end)?;
    Some((start + inner + end.len(), (start, inner)))
}

/// Length of a character literal, or 1 for the tick of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            let closing = chars.skip(1).find(|(_, c)| *c == '\'');
            closing.map_or(rest.len(), |(at, _)| at + 1)
        }
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1),
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[track_caller]
    fn check(text: &str, code: &str, strings: &[&str]) {
        let parts = split(text);
        assert_eq!(parts.code, code);
        assert_eq!(parts.strings, strings);
    }

    #[test]
    fn strings_and_comments_are_taken_out_of_code() {
        check("a(\"b\") // c\nd", "a(\"\") \nd", &["b"]);
        check("/* a /* b */ \" */ c", " c", &[]);
        check("/* a\n b */ c", "\n c", &[]);
        check(r#"f("a \" b", "c")"#, "f(\"\", \"\")", &[r#"a \" b"#, "c"]);
        check(r##"f(r"a\", r#"b " c"#)"##, "f(\"\", \"\")", &["a\\", "b \" c"]);
        check("\"两\n行\" x", "\"\"\n x", &["两\n行"]);
        check("\"// no comment\"", "\"\"", &["// no comment"]);
        check("let br = \"x\"; for r in \"\" {}", "let br = \"\"; for r in \"\" {}", &["x", ""]);
        check("\"open", "\"\"", &["open"]);
    }

    #[test]
    fn ticks_of_lifetimes_and_characters_do_not_open_strings() {
        check("fn f<'a>(x: &'a str) -> '\"' \"s\"", "fn f<'a>(x: &'a str) -> ' \"\"", &["s"]);
        check(r#"('\'', '"', '\u{22}', '有') "s""#, "(', ', ', ') \"\"", &["s"]);
    }
}
