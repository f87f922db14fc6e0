//! Text → the same text in the style of the house: one statement a line, rules one a line, comments kept.
//!
//! The work is done on tokens, not on the tree, so that nothing of what was written is lost. What comes out is read once
//! more and must say the same.

mod layout;
mod piece;

use crate::error::{Errors, Span};
use crate::lexer::{self, Kind};
use crate::parser::parse;
use layout::{WIDTH, is_flat, layout, line, width};
use piece::{Piece, pieces};

/// Spaces before what belongs to a statement but not to its first line.
const INDENT: usize = 2;
/// Rules longer than this do not push the error codes of the others to the right.
const ALIGNED_MAX: usize = 60;

/// The script in the style of the house 排版. A script with errors is refused.
pub fn format(source: &str) -> Result<String, Errors> {
    let script = parse(source)?;
    let mut errors = Errors::default();
    let (tokens, comments) = lexer::with_comments(source, &mut errors);
    let mut page = Page { lines: Vec::new() };
    let mut statement = Vec::new();
    let mut is_ending = false;
    for mut piece in pieces(source, &tokens, &comments) {
        if *piece.kind == Kind::End {
            page.lead(&mut piece, 0);
            break;
        }
        is_ending = is_ending || piece.is_word("end") || (statement.is_empty() && !piece.is_word("define"));
        let is_last = is_ending && *piece.kind == Kind::Sign(";");
        statement.push(piece);
        if is_last {
            page.statement(std::mem::take(&mut statement));
            is_ending = false;
        }
    }
    let mut text = page.lines.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    if parse(&text).ok().as_ref() != Some(&script) {
        errors.push(Span { line: 1, column: 1, start: 0, end: 0 }, "排版会改变脚本的意思,因此没有排版。");
    }
    errors.or(text)
}

/// The lines written so far.
struct Page {
    lines: Vec<String>,
}

impl Page {
    /// Comments and empty lines before a statement or rule. They are taken from its first piece.
    fn lead(&mut self, piece: &mut Piece, indent: usize) {
        for note in std::mem::take(&mut piece.before) {
            self.blank(note.is_blank_before);
            self.lines.push(format!("{}{}", " ".repeat(indent), note.text));
        }
        if *piece.kind != Kind::End {
            self.blank(piece.is_blank_before);
        }
    }

    /// One empty line where the author left some, but not at the beginning of the script or of a definition.
    fn blank(&mut self, wanted: bool) {
        let begins = self.lines.last().is_none_or(|last| last.is_empty() || last.ends_with(" is"));
        if wanted && !begins {
            self.lines.push(String::new());
        }
    }

    fn statement(&mut self, mut pieces: Vec<Piece>) {
        let Some(first) = pieces.first_mut() else { return };
        self.lead(first, 0);
        if !first.is_word("define") {
            return self.assignment(&pieces);
        }
        let Some(body) = pieces.iter().position(|piece| piece.is_word("is")) else { return };
        let end = pieces.iter().position(|piece| piece.is_word("end")).unwrap_or(pieces.len());
        let mut footer = pieces.split_off(end);
        let body = pieces.split_off(body + 1);
        let is_operator = pieces.get(1).is_some_and(|piece| piece.is_word("operator"));
        layout(&pieces, 0, false, &mut self.lines);
        if is_operator {
            layout(&body, INDENT, true, &mut self.lines);
        } else {
            self.rules(body);
        }
        if let Some(first) = footer.first_mut() {
            first.is_blank_before = false;
            self.lead(first, INDENT);
        }
        layout(&footer, 0, false, &mut self.lines);
    }

    /// `name := expression;` on one line, or the expression below its name.
    fn assignment(&mut self, pieces: &[Piece]) {
        let fits = is_flat(pieces) && width(pieces) <= WIDTH;
        let (head, rest) = pieces.split_at(2.min(pieces.len()));
        if fits || !layout::has_breaks(rest) {
            return layout(pieces, 0, false, &mut self.lines);
        }
        layout(head, 0, false, &mut self.lines);
        layout(rest, INDENT, true, &mut self.lines);
    }

    /// Rules one a line, with their error codes in one column.
    fn rules(&mut self, body: Vec<Piece>) {
        let mut rules: Vec<Vec<Piece>> = vec![Vec::new()];
        for piece in body {
            let is_last = *piece.kind == Kind::Sign(";");
            rules.last_mut().into_iter().for_each(|rule| rule.push(piece.clone()));
            if is_last {
                rules.push(Vec::new());
            }
        }
        let column = rules.iter().filter_map(|rule| marked(rule)).map(|(body, _)| width(body));
        let column = column.filter(|width| *width <= ALIGNED_MAX).max().unwrap_or(0);
        for mut rule in rules {
            let Some(first) = rule.first_mut() else { continue };
            self.lead(first, INDENT);
            match marked(&rule) {
                Some((body, marks)) => {
                    let column = if INDENT + column + 1 + width(marks) <= WIDTH { column } else { 0 };
                    let pad = " ".repeat(column.saturating_sub(width(body)));
                    self.lines.push(format!("{}{}{pad} {}", " ".repeat(INDENT), line(body), line(marks)));
                }
                None => layout(&rule, INDENT, false, &mut self.lines),
            }
        }
    }
}

/// A rule on one line as its two parts, if it has an error code or level and fits.
fn marked<'p, 'a>(rule: &'p [Piece<'a>]) -> Option<(&'p [Piece<'a>], &'p [Piece<'a>])> {
    let at = rule.iter().position(|piece| piece.is_word("errorcode") || piece.is_word("errorlevel"))?;
    let (body, marks) = rule.split_at(at);
    let fits = is_flat(rule) && INDENT + width(body) + 1 + width(marks) <= WIDTH;
    fits.then_some((body, marks))
}
