//! Proposes which column is which field: by its name, by a name like it, by what stands in it. Every proposal has its score
//! and its reason; nothing is used before somebody has seen it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::head::{self, Aliases, Head, Seen};
use super::kind::{Field, RecordKind, ValueKind};
use super::likeness::{Likeness, bare};
use super::mapping::{MappedColumn, Mapping, Reason, Take};
use super::personal;
use super::value::{Fit, is_figure};
use crate::caption;
use crate::error::{CellError, SheetError};
use crate::table::{Cell, Sheet};

/// Proposal 建议的对应关系, with what should be looked at before it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The mapping.
    pub mapping: Mapping,
    /// 1-based first row of the header.
    pub header_row: usize,
    /// What is doubtful, with its place.
    pub doubts: Vec<CellError>,
}

/// Rows of data that are looked at to see what a column holds.
const SAMPLE_ROWS: usize = 200;
/// Of a hundred cells, how many must fit where the name does not say it all.
const FIT_PERCENT: usize = 80;
/// How alike two names must be, of a hundred.
const LIKE_PERCENT: usize = 60;

/// Proposes a mapping of a sheet.
///
/// ```
/// use youju_sheet::record::{RecordKind, propose};
/// let file = "日期,凭证字号,科目代码,借方金额,贷方金额\n2026-03-01,记-1,1002,5,\n,,4001,,5\n";
/// let sheet = &youju_sheet::read("凭证.csv", file.as_bytes())?[0];
/// let mapping = propose(sheet, RecordKind::VoucherJournal)?.mapping;
/// assert_eq!(mapping.of("number").map(|column| column.name.as_str()), Some("凭证字号"));
/// assert!(mapping.verify().is_empty());
/// # Ok::<(), youju_sheet::SheetError>(())
/// ```
pub fn propose(sheet: &Sheet, kind: RecordKind) -> Result<Proposal, SheetError> {
    let head = head::find(sheet, kind)?;
    let draft = Draft::new(sheet, &head, kind);
    let found = draft.assign();
    let columns: Vec<MappedColumn> =
        draft.columns.iter().zip(&found).map(|((at, name), found)| draft.column(*at, name, *found)).collect();
    let measure = caption::read(sheet, head.rows.start).measure;
    let in_names = || columns.iter().find_map(|column| caption::money_in_name(&column.name));
    let mapping = Mapping { kind, header_rows: head.rows.len(), measure: measure.or_else(in_names), columns };
    let doubts = draft.doubts(&mapping);
    Ok(Proposal { mapping, header_row: head.rows.start + 1, doubts })
}

/// A field found for a column.
#[derive(Clone, Copy)]
struct Found {
    field: &'static Field,
    score: usize,
    reason: Reason,
}

struct Draft<'a> {
    sheet: &'a Sheet,
    head: &'a Head,
    kind: RecordKind,
    columns: Vec<(usize, String)>,
}

impl<'a> Draft<'a> {
    fn new(sheet: &'a Sheet, head: &'a Head, kind: RecordKind) -> Draft<'a> {
        Draft { sheet, head, kind, columns: head.named().collect() }
    }

    fn cells(&self, column: usize) -> impl Iterator<Item = &'a Cell> {
        let sheet = self.sheet;
        (self.head.rows.end..sheet.rows.len()).take(SAMPLE_ROWS).map(move |row| sheet.cell(row, column))
    }

    /// The field of each column, at most one each way.
    fn assign(&self) -> Vec<Option<Found>> {
        let mut found: Vec<Option<Found>> = vec![None; self.columns.len()];
        self.by_name(&mut found);
        self.by_likeness(&mut found);
        self.by_content(&mut found);
        found
    }

    /// Known names. Of several columns for a field: the better match, then the one that is not empty, then the more usual name.
    fn by_name(&self, found: &mut [Option<Found>]) {
        let (aliases, mut seen) = (Aliases::of(self.kind), Seen::new());
        let mut offers = Vec::new();
        for (index, (at, _)) in self.columns.iter().enumerate() {
            let Some((known, reason)) = self.head.paths.get(*at).and_then(|path| aliases.find(path, &mut seen)) else {
                continue;
            };
            let is_blank = self.cells(*at).all(Cell::is_empty);
            offers.push((Reverse(is_blank), reason, Reverse(known.alias), Reverse(index), known.field));
        }
        offers.sort_by_key(|(is_blank, reason, alias, index, _)| Reverse((*reason, *is_blank, *alias, *index)));
        for (_, reason, _, Reverse(index), field) in offers {
            let score = match reason {
                Reason::Exact => 100,
                Reason::Normalised => 95,
                _ => 80,
            };
            settle(found, index, Found { field, score, reason });
        }
    }

    /// Names that resemble a known one, where the cells fit.
    fn by_likeness(&self, found: &mut [Option<Found>]) {
        let mut offers = Vec::new();
        for (index, (at, name)) in self.columns.iter().enumerate() {
            if found.get(index).is_none_or(Option::is_some) || is_row_number(name) {
                continue;
            }
            let own = Likeness::of(name);
            for (field, aliases) in &Aliases::of(self.kind).likes {
                let likeness = aliases.iter().map(|alias| own.to(alias)).max().unwrap_or(0);
                let is_odd = field.kind.is_additive() && is_never_added(name);
                if likeness >= LIKE_PERCENT && !is_odd && Fit::of(self.cells(*at), field.kind).reaches(FIT_PERCENT) {
                    offers.push((likeness, Reverse(index), *field));
                }
            }
        }
        offers.sort_by_key(|(likeness, index, _)| Reverse((*likeness, *index)));
        for (likeness, Reverse(index), field) in offers {
            settle(found, index, Found { field, score: 40 + likeness * 3 / 10, reason: Reason::Like });
        }
    }

    /// Days and codes of accounts show what they are; other columns do not.
    fn by_content(&self, found: &mut [Option<Found>]) {
        let distinct = |field: &&Field| field.is_required && matches!(field.kind, ValueKind::Date | ValueKind::Account);
        for field in self.kind.fields().iter().filter(distinct) {
            let mut fitting = self.columns.iter().enumerate().filter(|(index, (at, _))| {
                let fit = Fit::of(self.cells(*at), field.kind);
                found.get(*index).is_some_and(Option::is_none) && fit.filled > 0 && fit.reaches(95)
            });
            let only = fitting.next().filter(|_| fitting.next().is_none()).map(|(index, _)| index);
            if let Some(index) = only {
                settle(found, index, Found { field, score: 40, reason: Reason::Content });
            }
        }
    }

    fn column(&self, at: usize, name: &str, found: Option<Found>) -> MappedColumn {
        let is_personal = personal::is_personal_name(name) || self.is_full_of_persons(at);
        let is_kept = found.is_some() || self.kind.keeps_all_columns() && !is_row_number(name);
        MappedColumn {
            column: at + 1,
            name: name.to_owned(),
            field: found.map(|found| found.field.key.to_owned()),
            take: match (is_personal, is_kept) {
                (true, _) => Take::Personal,
                (false, true) => Take::Keep,
                (false, false) => Take::Leave,
            },
            kind: found.map_or_else(|| self.guess_kind(at, name), |found| found.field.kind),
            score: found.map_or(0, |found| u8::try_from(found.score).unwrap_or(100)),
            reason: found.map_or(Reason::Unknown, |found| found.reason),
        }
    }

    fn is_full_of_persons(&self, column: usize) -> bool {
        let (mut filled, mut persons) = (0_usize, 0_usize);
        for cell in self.cells(column).filter(|cell| !cell.is_empty()) {
            filled += 1;
            persons += usize::from(personal::is_personal_number(&cell.text()));
        }
        persons * 2 > filled
    }

    /// What a column holds that nobody looked for. Where nothing stands yet, the items of a payroll are amounts.
    fn guess_kind(&self, at: usize, name: &str) -> ValueKind {
        let figures = Fit::of(self.cells(at), ValueKind::Number);
        let is_blank = figures.filled == 0;
        if is_row_number(name) || is_name_of_words(name) {
            ValueKind::Text
        } else if is_never_added(name) && figures.reaches(FIT_PERCENT) {
            ValueKind::Number
        } else if is_blank && self.kind == RecordKind::Payroll || !is_blank && figures.reaches(FIT_PERCENT) {
            ValueKind::Amount
        } else if !is_blank && Fit::of(self.cells(at), ValueKind::Date).reaches(FIT_PERCENT) {
            ValueKind::Date
        } else {
            ValueKind::Text
        }
    }

    fn doubts(&self, mapping: &Mapping) -> Vec<CellError> {
        let row = self.head.rows.end;
        let doubt = |row: Option<usize>, column: Option<String>, message: String| CellError {
            sheet: self.sheet.name.clone(),
            row,
            column,
            message,
        };
        let mut doubts: Vec<CellError> =
            mapping.verify().into_iter().map(|sentence| doubt(Some(row), None, sentence)).collect();
        let mut seen = BTreeSet::new();
        for column in &mapping.columns {
            if column.take != Take::Leave && !seen.insert(&column.name) {
                let message = "在表头中不止一次出现,按出现的先后区分。请核对。".to_owned();
                doubts.push(doubt(Some(row), Some(column.name.clone()), message));
            }
            let fit = Fit::of(self.cells(column.column - 1), column.kind);
            if column.take == Take::Keep && !fit.reaches(FIT_PERCENT) {
                let (bad, all) = (fit.filled - fit.fitting, fit.filled);
                let message =
                    format!("前 {all} 个值中有 {bad} 个不是{}。请核对这一列对应是否正确。", column.kind.label());
                doubts.push(doubt(None, Some(column.name.clone()), message));
            }
            if column.take == Take::Keep && matches!(column.reason, Reason::Like | Reason::Content) {
                let name = column.field.as_deref().and_then(|key| mapping.kind.field(key)).map_or("", Field::name);
                let message = format!("对应为“{name}”,依据是{}。请核对。", column.reason);
                doubts.push(doubt(Some(row), Some(column.name.clone()), message));
            }
        }
        let nameless = (0..self.sheet.width()).filter(|at| self.head.name(*at).is_empty());
        for at in nameless.filter(|at| self.cells(*at).any(is_figure)) {
            let message = format!("第 {} 列没有名称但有内容,没有列入。请补上列名。", at + 1);
            doubts.push(doubt(Some(row), None, message));
        }
        doubts
    }
}

/// Gives a column a field when both are free.
fn settle(found: &mut [Option<Found>], index: usize, offer: Found) {
    let is_taken = found.iter().flatten().any(|other| other.field.key == offer.field.key);
    if let Some(place @ None) = found.get_mut(index)
        && !is_taken
    {
        *place = Some(offer);
    }
}

/// Names of numbers that are never added up.
fn is_never_added(name: &str) -> bool {
    const ENDS: [&str; 14] = [
        "单价", "价格", "汇率", "税率", "比例", "费率", "系数", "基数", "标准", "天数", "工时", "小时", "余额", "级次",
    ];
    let name = bare(name);
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Names of columns that number the rows.
fn is_row_number(name: &str) -> bool {
    matches!(bare(name).as_str(), "序号" | "行次" | "NO" | "行号")
}

/// Names of columns of words, also while nothing stands in them.
fn is_name_of_words(name: &str) -> bool {
    const ENDS: [&str; 10] = ["备注", "说明", "部门", "编号", "名称", "代码", "编码", "类别", "类型", "号码"];
    let name = bare(name);
    ENDS.iter().any(|end| name.ends_with(end))
}
