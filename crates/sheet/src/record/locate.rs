//! Finds the columns of a saved mapping in another file. They may stand in another order and below other titles; a column
//! that is used and is not there refuses the file, with the place.

use std::collections::{BTreeMap, HashMap};

use super::head::{Head, verify_width};
use super::kind::ValueKind;
use super::likeness::Likeness;
use super::mapping::{MappedColumn, Mapping, Reason, Take};
use super::propose::{Proposal, propose};
use crate::error::CellError;
use crate::header::{Brackets, fold};
use crate::limits::{HEADER_ROWS_MAX, HEADER_SEARCH_ROWS};
use crate::table::Sheet;

/// A mapping in its place.
pub(super) struct Located<'a> {
    pub head: Head,
    /// Zero-based columns with what they are, from left to right; those that are not used are left out.
    pub columns: Vec<(usize, &'a MappedColumn)>,
    /// Columns of the file that the mapping does not know: zero-based, with their names.
    pub new: Vec<(usize, String)>,
}

impl Located<'_> {
    /// The zero-based column of each field.
    pub fn fields(&self) -> HashMap<&str, usize> {
        self.columns.iter().filter_map(|(at, column)| Some((column.field.as_deref()?, *at))).collect()
    }
}

/// The columns of a header by the names in which they are compared.
type Places = BTreeMap<String, Vec<usize>>;

fn places(head: &Head) -> Places {
    let mut places = Places::new();
    for (at, name) in head.named() {
        places.entry(fold(&name, Brackets::Open)).or_default().push(at);
    }
    places
}

/// The columns of a mapping by the same names, in their order.
fn known(mapping: &Mapping) -> BTreeMap<String, Vec<&MappedColumn>> {
    let mut known = BTreeMap::<String, Vec<&MappedColumn>>::new();
    for column in &mapping.columns {
        known.entry(fold(&column.name, Brackets::Open)).or_default().push(column);
    }
    known
}

pub(super) fn locate<'a>(sheet: &Sheet, mapping: &'a Mapping) -> Result<Located<'a>, Vec<CellError>> {
    let refuse =
        |row: Option<usize>, message: String| CellError { sheet: sheet.name.clone(), row, column: None, message };
    verify_width(sheet).map_err(|error| vec![refuse(None, error.to_string())])?;
    let known = known(mapping);
    let is_needed = |columns: &Vec<&MappedColumn>| columns.iter().any(|column| column.take == Take::Keep);
    let needed = known.values().filter(|columns| is_needed(columns)).count();
    let searched = sheet.rows.len().min(HEADER_SEARCH_ROWS);
    let height = mapping.header_rows.clamp(1, HEADER_ROWS_MAX);
    let mut best: Option<(usize, Head, Places)> = None;
    for first in 0..(searched + 1).saturating_sub(height) {
        let head = Head::at(sheet, first..first + height);
        let places = places(&head);
        let count = known.iter().filter(|(name, columns)| is_needed(columns) && places.contains_key(*name)).count();
        if best.as_ref().is_none_or(|(most, ..)| count > *most) {
            best = Some((count, head, places));
        }
    }
    let Some((_, head, places)) = best.filter(|(count, ..)| count * 2 > needed) else {
        let message = format!(
            "前 {searched} 行没有找到与保存的对应关系相符的表头。请检查是否选对了文件或工作表;表头改了的,请重新确认对应关系。"
        );
        return Err(vec![refuse(None, message)]);
    };
    let row = Some(head.rows.end);
    let mut errors = Vec::new();
    let mut columns = Vec::new();
    for (name, wanted) in &known {
        match places.get(name) {
            Some(found) if found.len() == wanted.len() => {
                columns.extend(found.iter().copied().zip(wanted.iter().copied()));
            }
            _ if !is_needed(wanted) => {}
            Some(found) => {
                let (name, now, then) = (&wanted.first().map_or("", |column| &column.name), found.len(), wanted.len());
                errors.push(refuse(
                    row,
                    format!("有 {now} 列“{name}”,保存对应关系时为 {then} 列,无法区分。请重新确认对应关系。"),
                ));
            }
            None => {
                let name = wanted.first().map_or("", |column| &column.name);
                errors.push(refuse(row, missing(name, &head, &known)));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    columns.retain(|(_, column)| column.take != Take::Leave);
    columns.sort_by_key(|(at, _)| *at);
    let new = head.named().filter(|(_, name)| !known.contains_key(&fold(name, Brackets::Open))).collect();
    Ok(Located { head, columns, new })
}

/// What is said of a column that is gone, with the new column that is most like it.
fn missing(name: &str, head: &Head, known: &BTreeMap<String, Vec<&MappedColumn>>) -> String {
    const LIKE_PERCENT: usize = 50;
    let new = head.named().filter(|(_, other)| !known.contains_key(&fold(other, Brackets::Open)));
    let own = Likeness::of(name);
    let like = new.map(|(at, other)| (own.to(&Likeness::of(&other)), at, other)).max_by_key(|(likeness, ..)| *likeness);
    let hint = match like {
        Some((percent, at, other)) if percent >= LIKE_PERCENT => {
            format!("最接近的是第 {} 列“{other}”,请核对后重新确认对应关系。", at + 1)
        }
        _ => "请检查是否选对了文件;栏目确实改了名的,请重新确认对应关系。".to_owned(),
    };
    format!("表头没有“{name}”这一列,与保存的对应关系不符。{hint}")
}

/// Lays a saved mapping over another file, so that somebody can look at it there: its columns in their present places, with
/// those that have come since, which are not used. Refused when a column that is used has gone.
pub fn resume(sheet: &Sheet, mapping: &Mapping) -> Result<Proposal, Vec<CellError>> {
    let located = locate(sheet, mapping)?;
    let fresh = propose(sheet, mapping.kind).map(|proposal| proposal.mapping.columns).unwrap_or_default();
    let unused = |name: &str| mapping.columns.iter().find(|column| column.name == name && column.take == Take::Leave);
    let column = |(at, name): (usize, String)| {
        let used = located.columns.iter().find(|(place, _)| *place == at).map(|(_, column)| (*column).clone());
        let known = used.or_else(|| unused(&name).map(|column| MappedColumn { field: None, ..column.clone() }));
        let new = || {
            let seen = fresh.iter().find(|column| column.column == at + 1);
            let kind = seen.map_or(ValueKind::Text, |column| column.kind);
            MappedColumn {
                column: 0,
                name: name.clone(),
                field: None,
                take: Take::Leave,
                kind,
                score: 0,
                reason: Reason::Unknown,
            }
        };
        MappedColumn { column: at + 1, ..known.unwrap_or_else(new) }
    };
    let columns = located.head.named().map(column).collect();
    let doubts = located.new.iter().map(|(_, name)| CellError {
        sheet: sheet.name.clone(),
        row: Some(located.head.rows.end),
        column: Some(name.clone()),
        message: "是新出现的列,保存的对应关系中没有。需要的,请选择对应的栏目。".to_owned(),
    });
    Ok(Proposal {
        header_row: located.head.rows.start + 1,
        doubts: doubts.collect(),
        mapping: Mapping { columns, ..mapping.clone() },
    })
}
