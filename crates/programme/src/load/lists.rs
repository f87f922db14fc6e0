//! The lists of a form, as its file declares them.

use super::error::Source;
use super::form::{Defaults, References, cell_of, read_indicator};
use super::raw::{self, Text};
use crate::form::Column;
use crate::list::{LIST_ROWS_MAX, List, ListColumn};

pub(super) fn read(source: &mut Source, raw: &[raw::List], defaults: &Defaults, known: &References) -> Vec<List> {
    let ids: Vec<Text> = raw.iter().map(|list| list.id.clone()).collect();
    super::unique(source, &ids, "清单 id");
    raw.iter().map(|raw| read_list(source, raw, defaults, known)).collect()
}

pub(super) fn read_list(source: &mut Source, raw: &raw::List, defaults: &Defaults, known: &References) -> List {
    let id = raw.id.get_ref();
    // `c` begins the fixed cells.
    if id.is_empty() || id == "c" || !id.chars().all(|c| c.is_ascii_lowercase()) {
        source.error(&raw.id.span(), format!("清单 id“{id}”只能用小写字母,并且不能是 c。"));
    }
    let rows = *raw.rows_max.get_ref();
    if !(1..=LIST_ROWS_MAX).contains(&rows) {
        source
            .error(&raw.rows_max.span(), format!("清单最多行数(rows_max)应在 1 至 {LIST_ROWS_MAX} 之间,现为 {rows}。"));
    }
    let names: Vec<Text> =
        raw.columns.iter().map(|column| column.id.as_ref().unwrap_or(&column.code).clone()).collect();
    super::unique(source, &names, "清单栏目");
    let siblings: Vec<String> = names.iter().map(|name| id_of(name.get_ref())).collect();
    let siblings: Vec<&str> = siblings.iter().map(String::as_str).collect();
    let columns: Vec<ListColumn> =
        raw.columns.iter().map(|column| read_column(source, column, defaults, (known, &siblings))).collect();
    for key in raw.key.iter().filter(|key| !columns.iter().any(|column| column.id == *key.get_ref())) {
        source.error(&key.span(), format!("清单没有栏目“{}”,不能用来区分各行(key)。", key.get_ref()));
    }
    let key = raw.key.iter().map(|key| key.get_ref().clone()).collect();
    List { id: id.clone(), heading: raw.heading.clone(), rows_max: rows, key, columns }
}

/// A code as an id: `B101.1` is `B101_1`.
fn id_of(code: &str) -> String {
    code.chars().map(|c| if c == '.' || c == '-' { '_' } else { c }).collect()
}

fn read_column(
    source: &mut Source,
    raw: &raw::Indicator,
    defaults: &Defaults,
    known: (&References, &[&str]),
) -> ListColumn {
    let text = raw.id.as_ref().unwrap_or(&raw.code);
    let id = id_of(text.get_ref());
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        source.error(&text.span(), format!("清单栏目“{id}”含有汉字或符号。请另写 id,只用英文字母、数字和下划线。"));
    }
    let indicator = read_indicator(source, raw, defaults, known);
    let column = Column::default();
    let cell = cell_of(&indicator, &column);
    ListColumn { id, indicator, cell }
}
