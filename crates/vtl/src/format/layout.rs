//! Pieces → lines.

use super::INDENT;
use super::piece::{COMMA, Piece, Seam};
use crate::error;

/// The widest line, in columns; a Chinese character takes two.
pub(super) const WIDTH: usize = 100;
/// Items of at most so many pieces fill their lines; longer ones stand one a line.
const FILLED_PIECES_MAX: usize = 4;

/// Can the pieces stand on one line, as far as comments go?
pub(super) fn is_flat(pieces: &[Piece]) -> bool {
    let inner_before = pieces.iter().skip(1).any(|piece| !piece.before.is_empty());
    let inner_after = pieces.iter().rev().skip(1).any(Piece::ends_line);
    !inner_before && !inner_after
}

/// The pieces on one line, with the comments behind them.
pub(super) fn line(pieces: &[Piece]) -> String {
    let mut line = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 && piece.has_space {
            line.push(' ');
        }
        line.push_str(piece.text);
        for note in &piece.after {
            line.push(' ');
            line.push_str(&note.text);
        }
    }
    line
}

/// Columns of the pieces on one line, without the comments behind the last.
pub(super) fn width(pieces: &[Piece]) -> usize {
    let notes = pieces.last().map_or(0, |last| last.after.iter().map(|note| note.text.len() + 1).sum());
    let line = line(pieces);
    let line = line.get(..line.len().saturating_sub(notes)).unwrap_or(&line);
    line.chars().map(error::width).sum()
}

/// Writes the pieces, broken where they are too long. `inside` brackets the parts stand below each other.
pub(super) fn layout(pieces: &[Piece], indent: usize, inside: bool, lines: &mut Vec<String>) {
    let fits = is_flat(pieces) && indent + width(pieces) <= WIDTH;
    if fits || pieces.len() <= 1 {
        return write(pieces, indent, lines);
    }
    let below = if inside { indent } else { indent + INDENT };
    if let Some(level) = weakest(pieces) {
        let leads = level > 0 && pieces.first().and_then(|first| first.seam) == Some(Seam::Before(0));
        let below = if leads { indent + INDENT } else { below };
        let parts = cut(pieces, |at, piece| seam_at(pieces, at, piece) == Some(level));
        if level == COMMA && parts.iter().all(|part| part.len() <= FILLED_PIECES_MAX && is_flat(part)) {
            return fill(&parts, indent, below, lines);
        }
        return stack(&parts, indent, below, lines);
    }
    let groups = groups(pieces);
    let begins = |at: usize| at > 0 && groups.iter().any(|(open, _)| *open == at);
    if groups.len() > 1 && pieces.iter().enumerate().any(|(at, piece)| begins(at) && piece.is_sign(&["["])) {
        let parts = cut(pieces, |at, piece| begins(at) && piece.is_sign(&["["]));
        return stack(&parts, indent, indent + INDENT, lines);
    }
    if let Some((open, close)) =
        groups.into_iter().filter(|(open, close)| close - open > 1).max_by_key(|(open, close)| close - open)
    {
        return unfold(pieces, open, close, indent, lines);
    }
    let forced = |at: usize, piece: &Piece| {
        !piece.before.is_empty() || at.checked_sub(1).and_then(|at| pieces.get(at)).is_some_and(Piece::ends_line)
    };
    let parts = cut(pieces, |at, piece| at > 0 && forced(at, piece));
    if parts.len() > 1 { stack(&parts, indent, below, lines) } else { write(pieces, indent, lines) }
}

/// Could the pieces be broken at an operator or a comma?
pub(super) fn has_breaks(pieces: &[Piece]) -> bool {
    weakest(pieces).is_some()
}

fn write(pieces: &[Piece], indent: usize, lines: &mut Vec<String>) {
    let margin = " ".repeat(indent);
    for note in pieces.first().into_iter().flat_map(|first| &first.before) {
        lines.push(format!("{margin}{}", note.text));
    }
    lines.push(format!("{margin}{}", line(pieces)));
}

/// The parts below each other.
fn stack(parts: &[&[Piece]], indent: usize, below: usize, lines: &mut Vec<String>) {
    for (at, part) in parts.iter().enumerate() {
        layout(part, if at == 0 { indent } else { below }, false, lines);
    }
}

/// As many parts on a line as fit.
fn fill(parts: &[&[Piece]], indent: usize, below: usize, lines: &mut Vec<String>) {
    let mut margin = indent;
    let mut so_far = String::new();
    let mut must_break = false;
    for part in parts {
        let has_notes = part.first().is_some_and(|first| !first.before.is_empty());
        let columns: usize = so_far.chars().map(error::width).sum();
        if !so_far.is_empty() && (must_break || has_notes || margin + columns + 1 + width(part) > WIDTH) {
            lines.push(format!("{}{}", " ".repeat(margin), std::mem::take(&mut so_far)));
            margin = below;
        }
        for note in part.first().into_iter().flat_map(|first| &first.before) {
            lines.push(format!("{}{}", " ".repeat(margin), note.text));
        }
        if !so_far.is_empty() {
            so_far.push(' ');
        }
        so_far.push_str(&line(part));
        must_break = part.last().is_some_and(Piece::ends_line);
    }
    lines.push(format!("{}{so_far}", " ".repeat(margin)));
}

/// `head(`, what is inside one step to the right, `)tail`.
fn unfold(pieces: &[Piece], open: usize, close: usize, indent: usize, lines: &mut Vec<String>) {
    let (head, rest) = pieces.split_at(open + 1);
    let (inner, tail) = rest.split_at(close.saturating_sub(open + 1));
    layout(head, indent, false, lines);
    layout(inner, indent + INDENT, true, lines);
    layout(tail, indent, false, lines);
}

/// The level at which the pieces fall apart first, outside all brackets.
fn weakest(pieces: &[Piece]) -> Option<u8> {
    let mut depth = 0_usize;
    let mut weakest = None;
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_sign(&[")", "]", "}"]) {
            depth = depth.saturating_sub(1);
        }
        if depth == 0 {
            let level = match piece.seam {
                Some(Seam::Before(level)) if at > 0 => Some(level),
                Some(Seam::After(level)) if at + 1 < pieces.len() => Some(level),
                _ => None,
            };
            weakest = weakest.into_iter().chain(level).min();
        }
        if piece.is_sign(&["(", "[", "{"]) {
            depth += 1;
        }
    }
    weakest
}

/// The level of the seam before the piece at this place.
fn seam_at(pieces: &[Piece], at: usize, piece: &Piece) -> Option<u8> {
    if let Some(Seam::Before(level)) = piece.seam {
        return (at > 0).then_some(level);
    }
    match at.checked_sub(1).and_then(|before| pieces.get(before))?.seam {
        Some(Seam::After(level)) => Some(level),
        _ => None,
    }
}

/// The parts between the places, outside all brackets, that `is_cut` says.
fn cut<'p, 'a>(pieces: &'p [Piece<'a>], is_cut: impl Fn(usize, &Piece<'a>) -> bool) -> Vec<&'p [Piece<'a>]> {
    let mut parts = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    for (at, piece) in pieces.iter().enumerate() {
        if depth == 0 && at > from && is_cut(at, piece) {
            parts.extend(pieces.get(from..at));
            from = at;
        }
        if piece.is_sign(&["(", "[", "{"]) {
            depth += 1;
        } else if piece.is_sign(&[")", "]", "}"]) {
            depth = depth.saturating_sub(1);
        }
    }
    parts.extend(pieces.get(from..));
    parts
}

/// The outermost brackets: where they open and close.
fn groups(pieces: &[Piece]) -> Vec<(usize, usize)> {
    let mut groups = Vec::new();
    let mut open = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_sign(&["(", "[", "{"]) {
            open.push(at);
        } else if piece.is_sign(&[")", "]", "}"]) {
            let begin = open.pop();
            if open.is_empty() {
                groups.extend(begin.map(|begin| (begin, at)));
            }
        }
    }
    groups
}
