//! Wildcards: for which rows and columns a formula becomes a rule.

use super::layout::Layout;
use super::lexer::{Kind, Token};
use super::reference::{Axis, Index, Item, Reference};
use crate::error::Span;
use crate::nearest::nearest;

/// What the wildcards stand for in one rule.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Place {
    pub row: Option<String>,
    pub column: Option<String>,
    /// What tells its rule from the others of the formula: `_3_1`; an axis with one code says nothing.
    pub suffix: String,
}

impl Place {
    /// `第 9 行:` before a mistake that wildcards lead to.
    pub(super) fn told(&self) -> String {
        let axes = [(&self.row, Axis::Row), (&self.column, Axis::Column)];
        let told = axes.map(|(code, axis)| code.as_ref().map(|code| format!("第 {code} {}", axis.chinese())));
        let told = told.into_iter().flatten().collect::<Vec<_>>().concat();
        if told.is_empty() { told } else { format!("{told}:") }
    }
}

/// A mistake and where it is.
pub(super) type Wrong = (Span, String);

impl Layout {
    pub(super) fn codes(&self, form: usize, axis: Axis) -> &[String] {
        match axis {
            Axis::Row => self.rows(form),
            Axis::Column => self.columns(form),
        }
    }

    /// A code as the form writes it: leading zeros may be left out if that is clear.
    pub(super) fn code(&self, form: usize, axis: Axis, text: &str) -> Result<&str, String> {
        let codes = self.codes(form, axis);
        if let Some(code) = codes.iter().find(|code| *code == text) {
            return Ok(code);
        }
        let short = text.trim_start_matches('0');
        let mut similar = codes.iter().filter(|code| !short.is_empty() && code.trim_start_matches('0') == short);
        if let (Some(code), None) = (similar.next(), similar.next()) {
            return Ok(code);
        }
        let name = self.forms().get(form).map_or("", |form| form.code.as_str());
        let axis = axis.chinese();
        if text.is_empty() {
            return Err(format!("这里应写{axis}号或 *。"));
        }
        let near = nearest(text, codes.iter().map(String::as_str));
        let advice = if text.contains('-') {
            "区间请用 ~,如 1~6。".to_owned()
        } else if near.is_empty() {
            format!("请核对{axis}号。")
        } else {
            format!("是否应为 {}？", near.join("、"))
        };
        Err(format!("表 {name} 没有第 {text} {axis}。{advice}"))
    }

    /// An item whose codes are those of the form.
    pub(super) fn known_item(&self, item: &Item, form: usize, axis: Axis) -> Result<Item, String> {
        let from = self.code(form, axis, &item.from)?.to_owned();
        let to = item.to.as_ref().map(|to| self.code(form, axis, to)).transpose()?.map(str::to_owned);
        let item = Item { from, to, span: item.span };
        if self.range(&item, form, axis).is_empty() {
            let (from, to) = (&item.from, item.to.as_deref().unwrap_or_default());
            return Err(format!("“{from}~{to}”的先后颠倒,请从前面的{}写到后面的。", axis.chinese()));
        }
        Ok(item)
    }

    /// The codes of an item, in the order of the form.
    pub(super) fn range(&self, item: &Item, form: usize, axis: Axis) -> &[String] {
        let codes = self.codes(form, axis);
        let place = |code: &str| codes.iter().position(|known| known == code);
        let from = place(&item.from);
        let to = item.to.as_ref().map_or(from, |to| place(to));
        from.zip(to).and_then(|(from, to)| codes.get(from..=to)).unwrap_or_default()
    }

    /// The codes that an index stands for at a place.
    pub(super) fn stands_for(&self, reference: &Reference, axis: Axis, place: &Place) -> Vec<String> {
        let (index, open) = match axis {
            Axis::Row => (&reference.row, &place.row),
            Axis::Column => (&reference.column, &place.column),
        };
        match index {
            Index::One(code) => vec![code.clone()],
            Index::Any => open.iter().cloned().collect(),
            Index::Many(items) => {
                items.iter().flat_map(|item| self.range(item, reference.form, axis)).cloned().collect()
            }
        }
    }

    /// Does the cell exist there? Of a range one is enough. List rows count only where a sum is meant.
    fn exists(&self, reference: &Reference, place: &Place) -> bool {
        let columns = self.stands_for(reference, Axis::Column, place);
        let sums = reference.is_sum || reference.is_added;
        self.stands_for(reference, Axis::Row, place).iter().any(|row| {
            columns
                .iter()
                .any(|column| self.cell(reference.form, row, column).is_some_and(|cell| sums || !cell.is_list))
        })
    }
}

/// The places where a formula becomes a rule, in the order of the form. Without a wildcard it is one place.
pub(super) fn places(tokens: &[Token], layout: &Layout) -> Result<Vec<Place>, Wrong> {
    let open: Vec<(&Reference, Span)> =
        tokens.iter().filter_map(|token| reference(token).map(|r| (r, token.span))).collect();
    let open: Vec<_> = open.into_iter().filter(|(r, _)| r.row == Index::Any || r.column == Index::Any).collect();
    let sets: Vec<(&Vec<Item>, Span)> = tokens.iter().filter_map(|token| set(token).map(|s| (s, token.span))).collect();
    let first = |axis| open.iter().map(|(r, _)| *r).find(|r| *index(r, axis) == Index::Any);
    let (by_row, by_column) = (first(Axis::Row), first(Axis::Column));
    let (rows, columns) = match (sets.as_slice(), by_row, by_column) {
        ([], ..) => (None, None),
        ([set], Some(_), _) => (Some(*set), None),
        ([set], None, Some(_)) => (None, Some(*set)),
        ([rows, columns], Some(_), Some(_)) => (Some(*rows), Some(*columns)),
        ([_, second, ..], ..) => return Err((second.1, "花括号比通配符多,请删去。".to_owned())),
        ([only], None, None) => {
            return Err((
                only.1,
                "公式里没有通配符,花括号没有可以展开的行或栏。请写成 [*,1] 或 [14] 再加花括号。".to_owned(),
            ));
        }
    };
    let rows = domain(layout, by_row, Axis::Row, rows)?;
    let columns = domain(layout, by_column, Axis::Column, columns)?;
    let mut places = Vec::new();
    for (row, _) in &rows {
        for (column, _) in &columns {
            let mut suffix = String::new();
            for (code, open, axis) in [(row, by_row, Axis::Row), (column, by_column, Axis::Column)] {
                let many = open.is_some_and(|reference| layout.codes(reference.form, axis).len() > 1);
                suffix.extend(code.iter().filter(|_| many).flat_map(|code| ["_", code]));
            }
            let place = Place { row: row.clone(), column: column.clone(), suffix };
            if open.iter().all(|(reference, _)| layout.exists(reference, &place)) {
                places.push(place);
            }
        }
    }
    for (code, named) in &rows {
        named_exists(named.as_ref(), places.iter().any(|place| place.row == *code), Axis::Row)?;
    }
    for (code, named) in &columns {
        named_exists(named.as_ref(), places.iter().any(|place| place.column == *code), Axis::Column)?;
    }
    match (places.is_empty(), open.first()) {
        (true, Some((_, span))) => {
            Err((*span, "没有一行(栏)同时具备公式里通配的各个单元格,请核对行号和栏号;浮动行要写 ''。".to_owned()))
        }
        _ => Ok(places),
    }
}

/// A code that was named alone, not in a range, must lead to a rule.
fn named_exists(named: Option<&Item>, exists: bool, axis: Axis) -> Result<(), Wrong> {
    match named {
        Some(item) if !exists => {
            Err((item.span, format!("第 {} {}没有公式里的全部单元格,请从花括号里去掉。", item.from, axis.chinese())))
        }
        _ => Ok(()),
    }
}

type Candidate = (Option<String>, Option<Item>);

/// The codes of a wildcard, each with the item that names it alone.
fn domain(
    layout: &Layout,
    open: Option<&Reference>,
    axis: Axis,
    set: Option<(&Vec<Item>, Span)>,
) -> Result<Vec<Candidate>, Wrong> {
    let Some(reference) = open else { return Ok(vec![(None, None)]) };
    let form = reference.form;
    let Some((items, _)) = set else {
        return Ok(layout.codes(form, axis).iter().map(|code| (Some(code.clone()), None)).collect());
    };
    let mut codes: Vec<Candidate> = Vec::new();
    for item in items {
        let item = layout.known_item(item, form, axis).map_err(|message| (item.span, message))?;
        for code in layout.range(&item, form, axis) {
            if codes.iter().any(|(known, _)| known.as_ref() == Some(code)) {
                return Err((item.span, format!("第 {code} {}在花括号里写了两次。", axis.chinese())));
            }
            codes.push((Some(code.clone()), item.to.is_none().then(|| item.clone())));
        }
    }
    Ok(codes)
}

fn index(reference: &Reference, axis: Axis) -> &Index {
    match axis {
        Axis::Row => &reference.row,
        Axis::Column => &reference.column,
    }
}

fn reference(token: &Token) -> Option<&Reference> {
    match &token.kind {
        Kind::Cell(reference) => Some(reference),
        _ => None,
    }
}

fn set(token: &Token) -> Option<&Vec<Item>> {
    match &token.kind {
        Kind::Set(items) => Some(items),
        _ => None,
    }
}
