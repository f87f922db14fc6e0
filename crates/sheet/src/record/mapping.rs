//! Mapping 对应关系: which column of a file is which field. It is proposed by the program, shown, changed by a person, saved
//! for the unit, applied to next month's file, and may be handed to others: it holds the names of columns and never a value.

use std::fmt;

use serde::{Deserialize, Serialize};
use youju_codes::Measure;

use super::kind::{Field, RecordKind, ValueKind};
use super::personal;

/// Mapping 对应关系 of the columns of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// What the rows are.
    pub kind: RecordKind,
    /// How many rows the header has.
    pub header_rows: usize,
    /// The unit of the amounts 金额单位, when the file printed one.
    #[serde(with = "measure_label", default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<Measure>,
    /// All named columns, from left to right.
    pub columns: Vec<MappedColumn>,
}

/// A column of a file and what is done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappedColumn {
    /// 1-based place when the mapping was made, for the eye. In other files the column is found by its name.
    pub column: usize,
    /// The name, the rows of the header joined by `/`: `应付工资/基本工资`.
    pub name: String,
    /// The field that it fills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is done with it.
    pub take: Take,
    /// What stands in it.
    pub kind: ValueKind,
    /// How sure the proposal is, from 0 to 100.
    pub score: u8,
    /// Why it was proposed.
    pub reason: Reason,
}

/// What is done with a column 取用方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// Kept, as its field or else under its printed name.
    Keep,
    /// Tells who a person is: not kept unless it is asked for.
    Personal,
    /// Not used.
    Leave,
}

/// Why a column was proposed for a field 对应依据.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nobody looked for it.
    Unknown,
    /// By what stands in the column.
    Content,
    /// Its name resembles a known one.
    Like,
    /// The end of its name is known; a heading stands above.
    End,
    /// Known but for brackets, width, blanks and percentages.
    Normalised,
    /// Its name is known.
    Exact,
    /// A person said so.
    Chosen,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Unknown => "没有对应的栏目",
            Reason::Content => "按列中内容判断",
            Reason::Like => "名称相近",
            Reason::End => "分栏名称一致",
            Reason::Normalised => "名称一致(不计括号、空格、全半角和比例)",
            Reason::Exact => "名称一致",
            Reason::Chosen => "人工指定",
        })
    }
}

impl Mapping {
    /// The column of a field.
    pub fn of(&self, key: &str) -> Option<&MappedColumn> {
        self.columns.iter().find(|column| column.take != Take::Leave && column.field.as_deref() == Some(key))
    }

    /// The fields that no column fills.
    pub fn missing(&self) -> impl Iterator<Item = &'static Field> + '_ {
        self.kind.fields().iter().filter(|field| self.of(field.key).is_none())
    }

    /// The columns that are not used.
    pub fn unused(&self) -> impl Iterator<Item = &MappedColumn> {
        self.columns.iter().filter(|column| column.take == Take::Leave)
    }

    /// Gives a column, by its index in `columns`, to a field, or to none; another column that had the field is free again.
    pub fn choose(&mut self, index: usize, field: Option<&'static Field>) {
        for (at, column) in self.columns.iter_mut().enumerate() {
            if at == index {
                column.field = field.map(|field| field.key.to_owned());
                column.kind = field.map_or(column.kind, |field| field.kind);
                column.take = if field.is_some() { Take::Keep } else { Take::Leave };
                (column.score, column.reason) = (100, Reason::Chosen);
            } else if field.is_some_and(|field| column.field.as_deref() == Some(field.key)) {
                column.field = None;
                column.take = Take::Leave;
            }
        }
    }

    /// What stands in the way of using it, in sentences; nothing when it can be applied.
    pub fn verify(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut taken: Vec<&MappedColumn> = Vec::new();
        for column in self.columns.iter().filter(|column| column.take != Take::Leave) {
            let Some(key) = &column.field else { continue };
            if let Some(field) = self.kind.field(key).filter(|field| !column.fits(field)) {
                let (should, is) = (field.kind.label(), column.kind.label());
                let name = &column.name;
                problems.push(format!("“{name}”对应“{}”,应为{should},现定为{is}。请改正。", field.name()));
            }
            if self.kind.field(key).is_none() {
                problems.push(format!("“{}”对应的栏目“{key}”不属于{}。请重新选择。", column.name, self.kind.label()));
            }
            if let Some(first) = taken.iter().find(|first| first.field == column.field) {
                let name = self.kind.field(key).map_or("", Field::name);
                let (first, second) = (&first.name, &column.name);
                problems.push(format!("“{first}”和“{second}”都对应“{name}”。请只保留一列。"));
            }
            taken.push(column);
        }
        let lacking = self.missing().filter(|field| field.is_required);
        problems.extend(lacking.map(|field| format!("没有对应“{}”的列。请指定一列。", field.name())));
        if !self.kind.ways().is_empty() && !self.kind.ways().iter().any(|way| self.has_all(way)) {
            let name = |key: &&str| self.kind.field(key).map_or("", Field::name);
            let ways: Vec<String> =
                self.kind.ways().iter().map(|way| way.iter().map(name).collect::<Vec<_>>().join("”和“")).collect();
            problems.push(format!("没有对应“{}”的列。请至少指定其中一种。", ways.join("”,或者“")));
        }
        if self.columns.iter().all(|column| column.take != Take::Keep) {
            problems.push("没有一列要导入。请至少指定一列。".to_owned());
        }
        problems
    }

    pub(super) fn has_all(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.of(key).is_some())
    }
}

impl MappedColumn {
    /// Whether it holds what a field is; whether numbers are added up is for a person to say.
    fn fits(&self, field: &Field) -> bool {
        self.kind == field.kind || self.kind.is_number() && field.kind.is_number()
    }

    /// What is done with it in the end: a name that tells who a person is makes it personal, whatever the mapping says.
    pub(super) fn settled(&self) -> Take {
        match self.take {
            Take::Keep if personal::is_personal_name(&self.name) => Take::Personal,
            take => take,
        }
    }
}

/// Units of measure are written as people read them: `万元`.
mod measure_label {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
    use youju_codes::Measure;

    #[expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(measure: &Option<Measure>, to: S) -> Result<S::Ok, S::Error> {
        measure.map(Measure::label).serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Measure>, D::Error> {
        let label = Option::<String>::deserialize(from)?;
        label.map(|label| Measure::parse(&label).map_err(de::Error::custom)).transpose()
    }
}
