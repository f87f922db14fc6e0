//! A table as JSON, as programs hand it in: it becomes the sheet that a person would have exported, so that everything after
//! this is asked of it in the same way.
//!
//! Row 1 is what stands above the table, row 2 the header, the first of `rows` is row 3. Numbers are kept as they were
//! written, digit by digit: they never pass through binary.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::text_sheet::stem;
use crate::error::SheetError;
use crate::limits::{CELL_BYTES_MAX, CELLS_MAX, COLUMNS_MAX, ROWS_MAX};
use crate::table::{Cell, Sheet};

/// The columns of a trial balance: name of the field, printed name, and the pair that it belongs to.
const ACCOUNTS: [(&str, &str, Option<usize>); 11] = [
    ("code", "科目编码", None),
    ("name", "科目名称", None),
    ("level", "级次", Some(0)),
    ("opening_debit", "期初借方", Some(1)),
    ("opening_credit", "期初贷方", Some(1)),
    ("period_debit", "本期借方", Some(2)),
    ("period_credit", "本期贷方", Some(2)),
    ("ytd_debit", "本年累计借方", Some(3)),
    ("ytd_credit", "本年累计贷方", Some(3)),
    ("closing_debit", "期末借方", Some(4)),
    ("closing_credit", "期末贷方", Some(4)),
];

/// Body above the first of `rows`.
const ROWS_ABOVE: usize = 2;

/// Whether a text is a JSON object; a table whose first cell begins with a brace and a quotation mark is hardly one.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let mut marks = without_mark(bytes).iter().filter(|b| !b.is_ascii_whitespace());
    marks.next() == Some(&b'{') && matches!(marks.next(), Some(b'"' | b'}'))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Sheet, SheetError> {
    let refuse = |reason: String| SheetError::Json { name: name.to_owned(), reason };
    let Object(fields) = serde_json::from_slice(without_mark(bytes)).map_err(|error| refuse(broken(&error)))?;
    let mut caption = Vec::new();
    let (mut columns, mut rows) = (None, None);
    for (field, raw) in fields {
        let told = |reason: String| refuse(format!("“{field}”{reason}"));
        match field.as_str() {
            "unit_name" => caption.extend(text(raw).map_err(told)?.map(|text| format!("编制单位:{text}"))),
            "period" => caption.extend(text(raw).map_err(told)?.map(|text| format!("会计期间:{text}"))),
            "measure" => caption.extend(text(raw).map_err(told)?.map(|text| format!("单位:{text}"))),
            "columns" => columns = Some(header(raw).map_err(told)?),
            "rows" => rows = Some(serde_json::from_str::<Body>(raw.get()).map_err(|error| told(broken(&error)))?),
            _ => return Err(told("不是约定的项目。约定的项目有 unit_name、period、measure、columns、rows。".into())),
        }
    }
    let Body { accounts, rows, .. } = rows.ok_or_else(|| refuse("没有“rows”。请把各行放在“rows”中。".into()))?;
    if rows.is_empty() {
        return Err(SheetError::Empty { name: name.to_owned() });
    }
    let (columns, rows) = match (accounts, columns) {
        (Some(used), None) => trial_balance(&used, rows),
        (Some(_), Some(_)) => return Err(refuse("的各行已写明项目名称,不应再有“columns”。".into())),
        (None, None) => return Err(refuse("没有“columns”。请写明各列的名称,与财务软件中的表头一致。".into())),
        (None, Some(columns)) => (columns, rows),
    };
    let wrong = rows.iter().position(|row| row.len() != columns.len());
    if let Some((at, row)) = wrong.and_then(|at| Some((at, rows.get(at)?))) {
        let (found, wanted) = (row.len(), columns.len());
        return Err(refuse(format!("“rows”的第 {} 项有 {found} 个值,“columns”有 {wanted} 列。请补齐。", at + 1)));
    }
    let above = if caption.is_empty() { Vec::new() } else { vec![Cell::Text(caption.join(" "))] };
    let rows = [above, columns].into_iter().chain(rows).collect();
    Ok(Sheet { name: stem(name).to_owned(), rows, ..Sheet::default() })
}

/// What the reader of JSON found, in our words. Sentences of this file stand there as they are.
fn broken(error: &serde_json::Error) -> String {
    let (text, line, column) = (error.to_string(), error.line(), error.column());
    if error.is_data() {
        let own = text.split(" at line ").next().unwrap_or_default();
        let is_own = own.ends_with('。');
        return if is_own {
            own.to_owned()
        } else {
            "的格式与约定不符。请对照接口说明改正。".to_owned()
        };
    }
    format!("不是完整正确的 JSON(第 {line} 行第 {column} 列)。请用 UTF-8 编码重新生成。")
}

/// Lays out the accounts: of a pair, both columns stand there when one of them is used.
fn trial_balance(used: &BTreeSet<usize>, rows: Vec<Vec<Cell>>) -> (Vec<Cell>, Vec<Vec<Cell>>) {
    let pairs: BTreeSet<usize> = used.iter().filter_map(|at| ACCOUNTS.get(*at)?.2).collect();
    let stands = |pair: &Option<usize>| pair.is_none_or(|pair| pairs.contains(&pair));
    let header = ACCOUNTS.iter().filter(|(.., pair)| stands(pair)).map(|(_, name, _)| Cell::Text((*name).to_owned()));
    let lay = |row: Vec<Cell>| {
        ACCOUNTS.iter().zip(row).filter(|((.., pair), _)| stands(pair)).map(|(_, cell)| cell).collect()
    };
    (header.collect(), rows.into_iter().map(lay).collect())
}

fn text(raw: &RawValue) -> Result<Option<String>, String> {
    let text: Option<String> =
        serde_json::from_str(raw.get()).map_err(|_| "应为文字。请加上英文双引号。".to_owned())?;
    match text.as_deref().map(str::trim) {
        Some(text) if text.len() > CELL_BYTES_MAX => Err(format!("超过 {CELL_BYTES_MAX} 字节。")),
        Some("") | None => Ok(None),
        Some(text) => Ok(Some(text.to_owned())),
    }
}

fn header(raw: &RawValue) -> Result<Vec<Cell>, String> {
    let names: Vec<String> =
        serde_json::from_str(raw.get()).map_err(|_| "应为列名的数组,例如 [\"日期\", \"金额\"]。".to_owned())?;
    let count = names.len();
    if names.is_empty() || count > COLUMNS_MAX {
        return Err(format!("应有 1 到 {COLUMNS_MAX} 列,现为 {count} 列。"));
    }
    if let Some(long) = names.iter().position(|name| name.len() > CELL_BYTES_MAX) {
        return Err(format!("的第 {} 项超过 {CELL_BYTES_MAX} 字节。", long + 1));
    }
    Ok(names.iter().map(|name| Cell::from_text(name)).collect())
}

/// One value, exactly as it was written.
fn cell(raw: &str) -> Result<Cell, String> {
    match raw.as_bytes().first() {
        Some(b'n') => Ok(Cell::Empty),
        Some(b't' | b'f') => Ok(Cell::Bool(raw == "true")),
        Some(b'"') => {
            let text: String = serde_json::from_str(raw).map_err(|_| "有无法识别的字符。".to_owned())?;
            if text.len() > CELL_BYTES_MAX {
                return Err(format!("超过 {CELL_BYTES_MAX} 字节。请拆分或删去不需要的内容。"));
            }
            Ok(Cell::from_text(&text))
        }
        Some(b'-' | b'0'..=b'9') => Ok(Cell::Text(number(raw))),
        _ => Err("应为文字、数字或 null,现为对象或数组。".to_owned()),
    }
}

/// Without powers of ten, where that can be done exactly; what cannot be read as a number is refused with its column later.
fn number(raw: &str) -> String {
    let power = raw.split_once(['e', 'E']);
    let exact = power.and_then(|(digits, _)| {
        // A number with more digits than fit would be rounded.
        Decimal::from_str_exact(digits).ok()?;
        Decimal::from_scientific(raw).ok()
    });
    exact.map_or_else(|| raw.to_owned(), |number| number.to_string())
}

/// The fields of an object, in order; a field that is given twice is refused: nobody knows which one is meant.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Object<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut fields: Vec<(String, &RawValue)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    if fields.iter().any(|(other, _)| *other == name) {
                        return Err(A::Error::custom(format!("“{name}”写了不止一次,无法确定以哪一个为准。")));
                    }
                    if fields.len() >= COLUMNS_MAX {
                        return Err(A::Error::custom(format!("超过 {COLUMNS_MAX} 个项目。")));
                    }
                    fields.push((name, value));
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// The rows, taken one by one so that what is too large is refused before it is all in memory.
#[derive(Default)]
struct Body {
    /// Which fields of [`ACCOUNTS`] are used, when the rows are accounts.
    accounts: Option<BTreeSet<usize>>,
    rows: Vec<Vec<Cell>>,
    cells: usize,
}

impl Body {
    fn push(&mut self, raw: &RawValue) -> Result<(), String> {
        let number = self.rows.len() + 1;
        let is_account = raw.get().starts_with('{');
        if number > 1 && self.accounts.is_some() != is_account {
            return Err(format!("的第 {number} 项与前面各项的写法不同。请统一写成对象或数组。"));
        }
        let row = if is_account { self.account(raw, number)? } else { values(raw, number)? };
        self.cells += row.len();
        if number + ROWS_ABOVE > ROWS_MAX || self.cells > CELLS_MAX {
            return Err(format!("超过 {ROWS_MAX} 行或 {CELLS_MAX} 个值。请分次报送。"));
        }
        self.rows.push(row);
        Ok(())
    }

    fn account(&mut self, raw: &RawValue, number: usize) -> Result<Vec<Cell>, String> {
        let Object(fields) =
            serde_json::from_str(raw.get()).map_err(|error| format!("的第 {number} 项{}", broken(&error)))?;
        let used = self.accounts.get_or_insert_default();
        let mut row = vec![Cell::Empty; ACCOUNTS.len()];
        for (field, value) in fields {
            let at = ACCOUNTS.iter().position(|(name, ..)| *name == field).ok_or_else(|| {
                let known: Vec<&str> = ACCOUNTS.iter().map(|(name, ..)| *name).collect();
                format!("的第 {number} 项有不认识的项目“{field}”。科目的项目有 {}。", known.join("、"))
            })?;
            used.insert(at);
            if let Some(place) = row.get_mut(at) {
                *place = cell(value.get()).map_err(|reason| format!("的第 {number} 项“{field}”{reason}"))?;
            }
        }
        Ok(row)
    }
}

fn values(raw: &RawValue, number: usize) -> Result<Vec<Cell>, String> {
    let values: Vec<&RawValue> =
        serde_json::from_str(raw.get()).map_err(|_| format!("的第 {number} 项应为数组,每列一个值。"))?;
    if values.len() > COLUMNS_MAX {
        return Err(format!("的第 {number} 项有 {} 个值,最多 {COLUMNS_MAX} 列。", values.len()));
    }
    let one = |(at, value): (usize, &&RawValue)| {
        cell(value.get()).map_err(|reason| format!("的第 {number} 项第 {} 个值{reason}", at + 1))
    };
    values.iter().enumerate().map(one).collect()
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Body;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut each: A) -> Result<Body, A::Error> {
                let mut rows = Body::default();
                while let Some(raw) = each.next_element::<&RawValue>()? {
                    rows.push(raw).map_err(A::Error::custom)?;
                }
                Ok(rows)
            }
        }
        deserializer.deserialize_seq(Each)
    }
}
