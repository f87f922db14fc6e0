//! Cells 单元格 of a form: what may stand in them, and reading what people type.

use std::fmt::Write;

use rust_decimal::Decimal;
use youju_codes::{CodeError, CodeErrorKind, Measure, Period, PeriodKind, normalise, parse_number};
use youju_domain::Problem;
use youju_domain::report::{CellId, Value};
use youju_vtl::{Range, Scalar};

/// The longest text of a cell, in characters.
pub const TEXT_CHARS_MAX: usize = 500;
/// Reported numbers have at most so many digits before the point; sums of them stay exact.
pub const NUMBER_DIGITS_MAX: u32 = 18;
/// A month that has not come yet: the project is not finished.
pub const OPEN_DATE: &str = "000000";
/// Most decimal places of a cell.
pub const DECIMALS_MAX: u32 = 4;
/// So many entries of a code list are named in a refusal.
const CODES_SHOWN_MAX: usize = 8;

/// Kind 填报类型 of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// An exact number in the cell's unit of measure.
    Number,
    /// Free text.
    Text,
    /// One of these codes, each with its words.
    Code(Vec<(String, String)>),
    /// A month 年月, kept as `YYYYMM`; [`OPEN_DATE`] where an end may still be open.
    Date {
        /// Whether it may be open.
        may_be_open: bool,
    },
    /// 统一社会信用代码, or 组织机构代码 of those that have none yet.
    Usci,
    /// 行业小类代码 (GB/T 4754).
    Industry,
    /// 区划代码, 12 digits.
    Area,
}

/// Carry 结转 — what a cell takes over from the unit's earlier reports. Columns are meant within the same row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Carry {
    /// Nothing.
    #[default]
    No,
    /// This column of the report one year earlier 上年同期.
    LastYear(String),
    /// Its own value of the previous period.
    Always,
    /// Its own value of the previous period, but every year begins anew.
    WithinYear,
    /// This column of the previous period: what was left is what there is 期初.
    Follows(String),
    /// Its own value of the previous period within the year, and this column of the present one 累计.
    Adds(String),
    /// The cell of the same code on another form, whose report ends with this one's period 定报代年报.
    OtherForm(String),
}

/// Definition of a cell 单元格定义.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDef {
    /// Its id: `c301`, `c301_ly`.
    pub id: CellId,
    /// Code of its indicator.
    pub code: String,
    /// Its name in sentences: `营业收入`, `营业收入(上年同期)`.
    pub label: String,
    /// Id of its column; empty for the main one.
    pub column: String,
    /// What it takes over from the unit's earlier reports.
    pub carry: Carry,
    /// What may stand in it.
    pub kind: Kind,
    /// 计量单位.
    pub measure: Measure,
    /// 必填.
    pub is_required: bool,
    /// True when a negative number is always or nearly always wrong.
    pub is_nonnegative: bool,
    /// Decimal places of the numbers in this cell. The forms of enterprises are mostly filled in whole units.
    pub decimals: u32,
}

impl CellDef {
    /// What a value of this cell can be; anything else is refused when it is filled in. A declared sign is not: it is
    /// asked for by checks, and sometimes explained.
    pub(crate) fn range(&self) -> Range {
        match &self.kind {
            Kind::Number => {
                let max = 10_i64.pow(NUMBER_DIGITS_MAX) - 1;
                let bound = |value| Some(Scalar::Integer(value));
                Range { min: bound(-max), max: bound(max), is_whole: self.decimals == 0, codes: None }
            }
            Kind::Code(codes) => {
                Range { codes: Some(codes.iter().map(|(code, _)| code.clone()).collect()), ..Range::default() }
            }
            _ => Range::default(),
        }
    }

    /// True when it repeats the report one year earlier.
    pub fn is_last_year(&self) -> bool {
        matches!(self.carry, Carry::LastYear(_))
    }

    /// A value as people read it: codes with their words.
    pub fn print(&self, value: &Value) -> String {
        let printed = value.print();
        match &self.kind {
            Kind::Code(codes) => match codes.iter().find(|(code, _)| *code == printed) {
                Some((code, word)) => format!("{code} {word}"),
                None => printed,
            },
            _ => printed,
        }
    }

    /// True when the cell holds a number.
    pub fn is_number(&self) -> bool {
        self.kind == Kind::Number
    }

    /// Reads what was typed: nothing is blank, `—` or `不适用` is not applicable, anything else must fit the cell.
    pub fn parse_value(&self, text: &str) -> Result<Value, Problem> {
        self.read(text).map_err(|reason| Problem::BadValue { cell: self.label.clone(), reason })
    }

    /// As [`CellDef::parse_value`]; the refusal is the second half of a sentence that begins with the cell's name.
    pub(crate) fn read(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        match text {
            "" => return Ok(Value::Blank),
            "—" | "——" | "不适用" if self.is_required => return Err(self.not_applicable()),
            "—" | "——" | "不适用" => return Ok(Value::NotApplicable),
            _ => {}
        }
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(format!("最多 {TEXT_CHARS_MAX} 个字,现为 {} 个字。", text.chars().count()));
        }
        match &self.kind {
            Kind::Number => self.read_number(text).map(Value::Number),
            Kind::Text => Ok(Value::Text(text.to_owned())),
            Kind::Code(codes) => read_code(codes, text).map(Value::Text),
            Kind::Date { may_be_open: true } if text == OPEN_DATE => Ok(Value::Text(text.to_owned())),
            Kind::Date { .. } => read_month(text).map(Value::Text),
            Kind::Usci | Kind::Industry | Kind::Area => Ok(Value::Text(normalise(text))),
        }
    }

    fn not_applicable(&self) -> String {
        let zero = if self.is_number() { "没有的请填 0。" } else { "请填写。" };
        format!("必须填报,不能填“不适用”。{zero}")
    }

    fn read_number(&self, text: &str) -> Result<Decimal, String> {
        let unit = if self.measure == Measure::None { String::new() } else { format!("{}", self.measure) };
        let wanted = match self.decimals {
            0 => format!("{unit}整数"),
            places if unit.is_empty() => format!("最多 {places} 位小数的数字"),
            places => format!("最多 {places} 位小数的数字(计量单位 {unit})"),
        };
        let number = parse_number(text).map_err(|error| not_a_number(&wanted, text, &error))?.normalize();
        if number.scale() > self.decimals {
            let rounded =
                if self.decimals == 0 { "整数".to_owned() } else { format!(" {} 位小数", self.decimals) };
            return Err(format!("应为{wanted},现为“{text}”。请四舍五入为{rounded}。"));
        }
        if number.trunc().abs() >= Decimal::from(10_i64.pow(NUMBER_DIGITS_MAX)) {
            return Err(format!("现为“{text}”,超过 {NUMBER_DIGITS_MAX} 位数。请核对计量单位。"));
        }
        Ok(number)
    }
}

fn not_a_number(wanted: &str, text: &str, error: &CodeError) -> String {
    let place = error.position.map(|at| format!("第 {at} 位")).unwrap_or_default();
    // Only the wrong character needs its place; other reasons speak of the whole.
    let why = match error.kind {
        CodeErrorKind::Character => format!("{place}{}", error.reason),
        _ => error.reason.clone(),
    };
    format!("应为{wanted},现为“{text}”({why})。{}。", error.hint)
}

fn read_code(codes: &[(String, String)], text: &str) -> Result<String, String> {
    let wanted = normalise(text);
    // What is printed reads back: `1 大型`.
    let is_it =
        |code: &str, words: &str| code == wanted || words == text || normalise(&format!("{code}{words}")) == wanted;
    if let Some((code, _)) = codes.iter().find(|(code, words)| is_it(code, words)) {
        return Ok(code.clone());
    }
    let mut reason = format!("没有代码“{text}”。可填:");
    for (at, (code, words)) in codes.iter().take(CODES_SHOWN_MAX).enumerate() {
        let comma = if at == 0 { "" } else { "、" };
        let _ = write!(reason, "{comma}{code} {words}");
    }
    if codes.len() > CODES_SHOWN_MAX {
        let _ = write!(reason, "等共 {} 个代码", codes.len());
    }
    reason.push('。');
    Err(reason)
}

fn read_month(text: &str) -> Result<String, String> {
    match Period::parse(text) {
        Ok(period) if period.kind() == PeriodKind::Month => {
            Ok(format!("{:04}{:02}", period.year(), period.first_month()))
        }
        _ => Err(format!("应为年月,现为“{text}”。请写成 6 位数字,例如 200305。")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(kind: Kind, measure: Measure) -> CellDef {
        CellDef {
            id: CellId::new("c301"),
            code: "301".into(),
            label: "营业收入".into(),
            column: String::new(),
            carry: Carry::No,
            kind,
            measure,
            is_required: false,
            is_nonnegative: false,
            decimals: 0,
        }
    }

    #[test]
    fn what_people_type_into_a_number_cell() {
        let cell = cell(Kind::Number, Measure::ThousandYuan);
        let number = |n: i64| Ok(Value::Number(n.into()));
        let cases = [
            ("", Ok(Value::Blank)),
            ("  ", Ok(Value::Blank)),
            ("—", Ok(Value::NotApplicable)),
            ("不适用", Ok(Value::NotApplicable)),
            ("0", number(0)),
            ("1,234", number(1234)),
            ("１２３", number(123)),
            ("(1,200)", number(-1200)),
            ("−5", number(-5)),
            ("12.00", number(12)),
            ("1.5", Err("应为千元整数,现为“1.5”。请四舍五入为整数。")),
            ("1000000000000000000", Err("现为“1000000000000000000”,超过 18 位数。请核对计量单位。")),
        ];
        for (text, expected) in cases {
            assert_eq!(cell.read(text), expected.map_err(str::to_owned), "{text}");
        }
    }

    #[test]
    fn a_word_in_a_number_cell_is_refused_with_the_place() {
        let refused = cell(Kind::Number, Measure::ThousandYuan).parse_value("12万").unwrap_err();
        assert!(refused.to_string().starts_with("“营业收入”应为千元整数,现为“12万”(第 3 位"), "{refused}");
    }

    #[test]
    fn what_is_printed_reads_back() {
        let cell = cell(Kind::Number, Measure::ThousandYuan);
        for value in [Value::Blank, Value::NotApplicable, Value::Number(0.into()), Value::Number((-1_234_567).into())] {
            assert_eq!(cell.read(&value.print()), Ok(value));
        }
    }

    #[test]
    fn codes_are_taken_by_code_or_by_words() {
        let list = [("1", "大型"), ("2", "中型")].map(|(code, words)| (code.to_owned(), words.to_owned()));
        let cell = cell(Kind::Code(list.to_vec()), Measure::None);
        assert_eq!(cell.read("２"), Ok(Value::Text("2".into())));
        assert_eq!(cell.read("大型"), Ok(Value::Text("1".into())));
        assert_eq!(cell.read("1 大型"), Ok(Value::Text("1".into())));
        assert_eq!(cell.read("5"), Err("没有代码“5”。可填:1 大型、2 中型。".to_owned()));
    }

    #[test]
    fn months_are_kept_as_six_digits() {
        let cell = cell(Kind::Date { may_be_open: false }, Measure::None);
        for text in ["200305", "2003年5月", "2003-05"] {
            assert_eq!(cell.read(text), Ok(Value::Text("200305".into())), "{text}");
        }
        for text in ["2003", "200313", "2003年1—2月"] {
            let reason = format!("应为年月,现为“{text}”。请写成 6 位数字,例如 200305。");
            assert_eq!(cell.read(text), Err(reason));
        }
    }

    #[test]
    fn a_required_cell_is_never_not_applicable() {
        let cell = CellDef { is_required: true, ..cell(Kind::Number, Measure::ThousandYuan) };
        assert_eq!(cell.read("—"), Err("必须填报,不能填“不适用”。没有的请填 0。".to_owned()));
    }
}
