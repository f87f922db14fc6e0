//! What may stand where: SQL in the store, markup in the pages, no path of somebody's machine anywhere.

use youju_tidy::source::split;

use crate::tree::{expect_none, files, rust_files};

/// A file longer than this has two subjects.
const LINES_MAX: usize = 500;

/// A sentence of SQL begins with one of these and goes on with the other.
const SQL: &[(&str, &str)] = &[
    ("select ", " from "),
    ("insert into ", " values"),
    ("insert into ", " select "),
    ("update ", " set "),
    ("delete from ", " where "),
    ("create table ", "("),
    ("alter table ", " add "),
    ("drop table ", ""),
];

/// What a content policy of `style-src 'self'; script-src 'self'` would refuse in the browser.
const INLINE: &[&str] = &[" style=\"", " onclick=\"", " onchange=\"", " onsubmit=\"", " oninput=\"", " onload=\""];

fn is_sql(text: &str) -> bool {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    SQL.iter().any(|(start, next)| text.strip_prefix(start).is_some_and(|rest| rest.contains(next)))
}

#[test]
fn sql_stands_in_the_store_only() {
    let mut wrong = Vec::new();
    let may = ["crates/store/", "crates/tidy/"]; // the samples below are not asked of anybody
    for file in rust_files().iter().filter(|file| !may.iter().any(|folder| file.path.starts_with(folder))) {
        let found = split(&file.text).strings.into_iter().filter(|text| is_sql(text));
        wrong.extend(found.map(|text| format!("{}: {text:?}", file.path)));
    }
    expect_none(&wrong, "Make it a function of crates/store, named by what it finds, and call that.");
}

/// What may be taken out of the data base: sessions, files before they were imported, what is computed anew (findings, the terms under which
/// a unit is found), and secrets that open
/// nothing any more: kept, they could only be stolen.
pub const DELETED: &[&str] = &[
    "case_party",
    "contact",
    "session",
    "upload",
    "finding",
    "password_history",
    "second_factor",
    "recovery_code",
    "security_key",
    "identity_tie",
    "unit_terms",
];

#[test]
fn nothing_that_is_kept_can_be_deleted() {
    let mut wrong = Vec::new();
    for file in rust_files().iter().filter(|file| file.path.starts_with("crates/store/src/")) {
        for text in split(&file.text).strings {
            let words: Vec<&str> = text.split_whitespace().collect();
            let tables = words.windows(3).filter(|three| three[..2] == ["delete", "from"]).map(|three| three[2]);
            wrong
                .extend(tables.filter(|table| !DELETED.contains(table)).map(|table| format!("{}: {table}", file.path)));
        }
    }
    expect_none(
        &wrong,
        "What was handed in, imported or attached stays until its term has passed and two people agree (domain/src/archive/keep.rs). Mark it instead.",
    );
}

#[test]
fn sql_is_recognised() {
    for text in [
        "select id from unit where id = $1",
        "SELECT a,\n  b FROM t",
        "update unit set name = $2",
        "drop table x",
        "insert into t (a) values ($1)",
    ] {
        assert!(is_sql(text), "{text}");
    }
    for text in ["请选择 select", "update", "从 unit 中选择", "selected from the list", "The update is set"] {
        assert!(!is_sql(text), "{text}");
    }
}

#[test]
fn markup_stands_in_the_pages_only() {
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|file| !file.path.starts_with("crates/web/"))
        .filter(|file| split(&file.text).code.contains("html!"))
        .map(|file| file.path.clone())
        .collect();
    expect_none(&wrong, "Return a plain value here, and let a view in crates/web draw it.");
}

#[test]
fn pages_bear_no_inline_style_or_script() {
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.path.starts_with("crates/web/src/") || file.path == "ui/gallery.html")
    {
        let text = if file.is_rust() { split(&file.text).code } else { file.text.clone() };
        for (at, line) in text.lines().enumerate() {
            if INLINE.iter().any(|found| line.contains(found)) {
                wrong.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    expect_none(
        &wrong,
        "The content policy forbids it. Use a class of ui/css, or a <meter> for a share; listen in ui/js.",
    );
}

#[test]
fn rust_files_are_short_enough_to_see() {
    let wrong: Vec<String> = rust_files()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    expect_none(&wrong, "Split it by subject (at most 500 lines, better 150 to 300).");
}

#[test]
fn every_crate_says_what_lives_there() {
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|file| file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs"))
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    expect_none(&wrong, "Open the file with //! what lives here, what never will, and one short example.");
}

#[test]
fn tests_of_a_crate_are_one_binary() {
    let wrong: Vec<String> = rust_files()
        .iter()
        .filter(|file| {
            let parts: Vec<&str> = file.path.split('/').collect();
            matches!(parts.as_slice(), ["crates", _, "tests", one] if *one != "it")
        })
        .map(|file| file.path.clone())
        .collect();
    expect_none(&wrong, "Make it a module of tests/it/main.rs: each further binary is linked anew with everything.");
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let folders = ["root", "work", "home", "Users"].map(|name| format!("/{name}/"));
    let mut wrong = Vec::new();
    for file in &files() {
        for (at, line) in file.text.lines().enumerate() {
            let begins_here = |found: &String| {
                line.match_indices(found.as_str()).any(|(start, _)| {
                    !line
                        .get(..start)
                        .unwrap_or_default()
                        .ends_with(|c: char| c.is_alphanumeric() || "._-}~*".contains(c))
                })
            };
            if folders.iter().any(begins_here) {
                wrong.push(format!("{}:{}: {}", file.path, at + 1, line.trim().chars().take(120).collect::<String>()));
            }
        }
    }
    expect_none(&wrong, "Write a path from the project's root, or let it be an argument.");
}
