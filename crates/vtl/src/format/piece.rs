//! Tokens with their comments, and how they stand to their neighbours.

use crate::ast::{Aggregate, AnalyticFunction, Function, JoinKind, SetOp};
use crate::lexer::{Comment, Kind, Token};

/// A token as it will be written.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    pub kind: &'a Kind,
    pub text: &'a str,
    /// A space stands before it, unless it begins a line.
    pub has_space: bool,
    /// Comments on lines of their own before it.
    pub before: Vec<Note>,
    /// Comments behind it on the same line.
    pub after: Vec<Note>,
    /// An empty line stood before it.
    pub is_blank_before: bool,
    /// Where a long line may be broken.
    pub seam: Option<Seam>,
}

/// A comment.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub text: String,
    pub is_blank_before: bool,
    /// Nothing can stand behind it on its line.
    pub ends_line: bool,
}

/// A place where a line may be broken: the smaller the level, the sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seam {
    Before(u8),
    After(u8),
}

/// The level of commas.
pub(super) const COMMA: u8 = 1;

impl Piece<'_> {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Word(found) if found == word)
    }

    pub(super) fn is_sign(&self, signs: &[&str]) -> bool {
        matches!(self.kind, Kind::Sign(found) if signs.contains(found))
    }

    pub(super) fn ends_line(&self) -> bool {
        self.after.iter().any(|note| note.ends_line)
    }
}

/// Every token with its comments, spaces and seams; the last is the end of the text.
pub(super) fn pieces<'a>(source: &'a str, tokens: &'a [Token], comments: &[Comment]) -> Vec<Piece<'a>> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    let mut scene = Scene::default();
    let mut rest = comments;
    for (at, token) in tokens.iter().enumerate() {
        let (mine, later) = rest.split_at(rest.iter().take_while(|comment| comment.after <= at).count());
        rest = later;
        let mut line = pieces.last().and_then(|_| tokens.get(at.checked_sub(1)?)).map(|token| last_line(source, token));
        let mut before = Vec::new();
        for comment in mine {
            let note = note(source, comment, line);
            let follows = before.is_empty() && line == Some(comment.span.line);
            line = Some(comment.span.line + breaks(source, comment.bytes));
            match pieces.last_mut().filter(|_| follows) {
                Some(piece) => piece.after.push(note),
                None => before.push(note),
            }
        }
        let (has_space, seam) = scene.next(&token.kind, tokens.get(at + 1).map(|next| &next.kind));
        let is_blank_before = line.is_some_and(|line| token.span.line > line + 1);
        let text = source.get(token.bytes.0..token.bytes.1).unwrap_or_default();
        let mut piece = Piece { kind: &token.kind, text, has_space, before, after: Vec::new(), is_blank_before, seam };
        if let Some(last) = pieces.last_mut().filter(|last| piece.is_sign(&[",", ";"]) && last.ends_line()) {
            piece.after = std::mem::take(&mut last.after); // `a // why` + `,` becomes `a, // why`
        }
        pieces.push(piece);
    }
    pieces
}

fn note(source: &str, comment: &Comment, line: Option<u32>) -> Note {
    let text = source.get(comment.bytes.0..comment.bytes.1).unwrap_or_default().trim_end().replace('\r', "");
    let ends_line = text.starts_with("//") || text.contains('\n');
    Note { text, is_blank_before: line.is_some_and(|line| comment.span.line > line + 1), ends_line }
}

fn last_line(source: &str, token: &Token) -> u32 {
    token.span.line + breaks(source, token.bytes)
}

fn breaks(source: &str, bytes: (usize, usize)) -> u32 {
    let text = source.get(bytes.0..bytes.1).unwrap_or_default();
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// Where in a script a token stands, as far as spaces depend on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Plain,
    /// Between `define` and `is`.
    Header,
    /// The same, of a hierarchical ruleset.
    CodeHeader,
    /// Among the rules of a hierarchical ruleset.
    CodeRules,
}

/// What has been read of the current statement.
#[derive(Default)]
struct Scene<'a> {
    last: Option<&'a Kind>,
    last_is_unary: bool,
    place: Place,
    /// Open brackets.
    depth: usize,
    /// At these depths stands a type in angles, as in `measure<number>`.
    angles: Vec<usize>,
    has_code: bool,
}

impl<'a> Scene<'a> {
    fn next(&mut self, kind: &'a Kind, next: Option<&Kind>) -> (bool, Option<Seam>) {
        let opens = self.place == Place::Header && *kind == Kind::Sign("<") && matches!(self.last, Some(Kind::Word(_)));
        let closes = *kind == Kind::Sign(">") && self.angles.last() == Some(&self.depth);
        let is_unary = matches!(kind, Kind::Sign("+" | "-")) && !self.follows_operand();
        let after_angle =
            *self.last.unwrap_or(&Kind::End) == Kind::Sign("<") && self.angles.last() == Some(&self.depth);
        let has_space = !opens && !closes && !after_angle && self.has_space(kind);
        let seam = if is_unary || opens || closes { None } else { self.seam(kind) };
        match kind {
            Kind::Sign("(" | "[" | "{") => self.depth += 1,
            Kind::Sign(")" | "]" | "}") => self.depth = self.depth.saturating_sub(1),
            Kind::Sign(";") => *self = Scene { place: self.place, ..Scene::default() },
            Kind::Word(word) => self.word(word, next),
            _ => {}
        }
        if opens {
            self.angles.push(self.depth);
        } else if closes {
            self.angles.pop();
        }
        (self.last, self.last_is_unary) = (Some(kind), is_unary);
        (has_space, seam)
    }

    fn word(&mut self, word: &str, next: Option<&Kind>) {
        match word {
            "define" if matches!(next, Some(Kind::Word(word)) if word == "hierarchical") => {
                self.place = Place::CodeHeader;
            }
            "define" => self.place = Place::Header,
            "is" if self.place == Place::CodeHeader => self.place = Place::CodeRules,
            "is" | "end" => self.place = Place::Plain,
            "errorcode" => self.has_code = true,
            _ => {}
        }
    }

    /// Does a sign here stand between two operands?
    fn follows_operand(&self) -> bool {
        match self.last {
            Some(Kind::Name(_) | Kind::Constant(_) | Kind::Sign(")" | "]" | "}" | "_")) => true,
            Some(Kind::Word(word)) => matches!(word.as_str(), "true" | "false" | "null"),
            _ => false,
        }
    }

    fn has_space(&self, kind: &Kind) -> bool {
        let Some(last) = self.last else { return false };
        match (last, kind) {
            (_, Kind::Sign("," | ";" | ")" | "]" | "}" | ":" | "#"))
            | (Kind::Sign("(" | "[" | "{" | "#"), _)
            | (Kind::Sign("_"), Kind::Sign("+" | "*")) => false,
            _ if self.last_is_unary => false,
            (Kind::Name(_), Kind::Sign("(")) => {
                matches!(self.place, Place::Header | Place::CodeHeader) && self.depth == 0
            }
            (Kind::Word(word), Kind::Sign("(")) => !is_call(word),
            (Kind::Name(_) | Kind::Sign(")" | "]"), Kind::Sign("[")) => self.place == Place::CodeRules,
            _ => true,
        }
    }

    fn seam(&self, kind: &Kind) -> Option<Seam> {
        Some(match kind {
            Kind::Sign(",") => Seam::After(COMMA),
            Kind::Sign("=" | "<>" | "<" | "<=" | ">" | ">=") => Seam::Before(6),
            Kind::Sign("+" | "-" | "||") => Seam::Before(7),
            Kind::Sign("*" | "/") => Seam::Before(8),
            Kind::Word(word) => match word.as_str() {
                "filter" | "calc" | "apply" | "aggr" | "keep" | "drop" | "rename" | "using" | "group" | "having"
                | "imbalance" | "components" | "partition" | "order" | "returns" | "language" | "errorcode" => {
                    Seam::Before(0)
                }
                "errorlevel" if !self.has_code => Seam::Before(0),
                "when" if self.last.is_some_and(|last| *last != Kind::Sign(":")) => Seam::Before(2),
                "else" => Seam::Before(2),
                "then" => Seam::Before(3),
                "or" | "xor" => Seam::Before(4),
                "and" => Seam::Before(5),
                _ => return None,
            },
            _ => return None,
        })
    }
}

/// Does a parenthesis behind this word hold arguments?
fn is_call(word: &str) -> bool {
    Function::named(word).is_some()
        || Aggregate::named(word).is_some()
        || AnalyticFunction::named(word).is_some()
        || JoinKind::named(word).is_some()
        || SetOp::named(word).is_some()
        || word.starts_with("check")
        || matches!(
            word,
            "hierarchy"
                | "exists_in"
                | "cast"
                | "eval"
                | "over"
                | "string_distance"
                | "fill_time_series"
                | "flow_to_stock"
                | "stock_to_flow"
                | "timeshift"
                | "time_agg"
                | "period_indicator"
                | "current_date"
        )
}
