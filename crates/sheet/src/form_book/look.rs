//! How cells look: fonts, colours, borders and number formats, each made once.

use std::collections::HashMap;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::form_book::Rule;
use crate::form_book::layout::Face;
use crate::form_book::marks::Print;
use crate::write::CellOut;
use chrono::NaiveTime;

/// Body and heads of official forms are set in these; a computer without them shows its own.
const BODY_FONT: &str = "宋体";
const TITLE_FONT: &str = "微软雅黑";

/// The formats that have been needed so far.
#[derive(Default)]
pub(crate) struct Looks(HashMap<Look, Format>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Look {
    kind: Kind,
    digits: Digits,
    is_wrong: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Mark,
    Print(Print),
    PrintRight(Print),
    Locked,
    Absent,
    Open,
    Plain,
}

/// How Excel shows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Digits {
    AsTyped,
    Text,
    Month,
    Decimals(u32),
    Day,
    Moment,
}

impl Looks {
    /// The format of a cell.
    pub(crate) fn of(&mut self, face: Face<'_>, value: &CellOut, is_wrong: bool) -> &Format {
        let look = Look { kind: kind(face), digits: digits(face, value), is_wrong };
        self.0.entry(look).or_insert_with(|| look.format())
    }
}

fn kind(face: Face<'_>) -> Kind {
    match face {
        Face::Mark => Kind::Mark,
        Face::Print(print) => Kind::Print(print),
        Face::PrintRight(print) => Kind::PrintRight(print),
        Face::Cell(Rule::Locked) => Kind::Locked,
        Face::Cell(Rule::Absent) => Kind::Absent,
        Face::Cell(_) => Kind::Open,
        Face::Plain => Kind::Plain,
    }
}

/// What is typed into a cell of text stays text: codes keep their leading zeros. A number with more decimals than its cell
/// may have shows all of them.
fn digits(face: Face<'_>, value: &CellOut) -> Digits {
    match (value, face) {
        (CellOut::Date(moment), _) if moment.time() == NaiveTime::MIN => Digits::Day,
        (CellOut::Date(_), _) => Digits::Moment,
        (_, Face::Cell(Rule::Month)) => Digits::Month,
        (_, Face::Cell(Rule::Text { .. } | Rule::Code { .. })) => Digits::Text,
        (CellOut::Number(number), Face::Cell(Rule::Number { decimals })) => {
            Digits::Decimals(number.scale().max(*decimals))
        }
        (CellOut::Number(number), _) => Digits::Decimals(number.scale()),
        (_, Face::Cell(Rule::Number { decimals })) => Digits::Decimals(*decimals),
        _ => Digits::AsTyped,
    }
}

impl Look {
    fn format(self) -> Format {
        let format = match self.kind {
            // On a sheet of ours it was inserted: who is told to clear it must be able to.
            Kind::Plain => body().set_unlocked(),
            Kind::Mark => body().set_font_size(8).set_font_color(Color::RGB(0x0080_8080)),
            Kind::Print(print) => printed(print),
            Kind::PrintRight(print) => printed(print).set_align(FormatAlign::Right),
            Kind::Locked => boxed().set_background_color(Color::RGB(0x00F2_F2F2)),
            Kind::Absent => boxed().set_background_color(Color::RGB(0x00D0_D0D0)),
            Kind::Open => boxed().set_unlocked(),
        };
        let format = match self.digits {
            Digits::AsTyped => format,
            Digits::Text => format.set_num_format("@"),
            Digits::Month => format.set_num_format("0"),
            Digits::Day => format.set_num_format("yyyy-mm-dd"),
            Digits::Moment => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
            Digits::Decimals(0) => format.set_num_format("#,##0"),
            Digits::Decimals(places) => format.set_num_format(format!("#,##0.{}", "0".repeat(places as usize))),
        };
        if self.is_wrong {
            // Also what was locked and has been changed all the same must be mended.
            let format = format.set_unlocked();
            return format.set_background_color(Color::RGB(0x00FF_C7CE)).set_font_color(Color::RGB(0x009C_0006));
        }
        format
    }
}

fn body() -> Format {
    Format::new().set_font_name(BODY_FONT).set_font_size(10)
}

fn boxed() -> Format {
    body().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter)
}

/// Words around the rows. They are centred across cells instead of merged: merged cells stand in the way of whoever moves
/// a column or sorts.
fn printed(print: Print) -> Format {
    let head = || boxed().set_bold().set_text_wrap().set_background_color(Color::RGB(0x00DD_E8F0));
    match print {
        Print::Title => {
            body().set_font_name(TITLE_FONT).set_font_size(16).set_bold().set_align(FormatAlign::CenterAcross)
        }
        Print::Head | Print::Foot => body(),
        Print::Heading => body().set_font_name(TITLE_FONT).set_font_size(12).set_bold(),
        Print::Group => head().set_align(FormatAlign::CenterAcross),
        Print::Name | Print::Code => head().set_align(FormatAlign::Center),
        Print::Line => boxed().set_bold().set_background_color(Color::RGB(0x00F2_F2F2)),
    }
}
