//! What an attachment may prove in a unit's ledger, by name.

use youju_domain::attachment::Proves;
use youju_domain::id::ReportId;
use youju_domain::report::CellId;

use super::{Book, kind_label};
use crate::attachment::Place;
use crate::{Web, url};

/// Everything in the ledger that an attachment may prove; something else that the person came for stands first.
pub(super) fn all(web: &Web, book: &Book, chosen: Option<&Proves>) -> Vec<Place> {
    let imports = book.trial_balance.iter().map(|import| Proves::Ledger(import.id));
    let records = book.records.iter().map(|records| Proves::Records(records.id));
    let reports = book.consistency.reports.values().map(|report| Proves::Report(*report, None));
    let mut all: Vec<Proves> = std::iter::once(Proves::Period).chain(imports).chain(records).chain(reports).collect();
    // A cell of a report of this period; whatever is not of this ledger is no choice.
    if let Some(Proves::Report(report, Some(cell))) = chosen
        && form_of(book, *report).is_some_and(|form| is_cell(web, form, cell))
    {
        all.insert(0, Proves::Report(*report, Some(cell.clone())));
    }
    all.iter().map(|proves| of(web, book, proves)).collect()
}

/// Something that an attachment proves, by its name in the ledger.
pub(super) fn of(web: &Web, book: &Book, proves: &Proves) -> Place {
    let (name, address) = match proves {
        Proves::Period => ("本期台账".to_owned(), None),
        Proves::Ledger(id) => {
            let import = book.trial_balance.as_ref().filter(|import| import.id == *id);
            let file = import.map(|import| format!(" {}", import.file_name)).unwrap_or_default();
            (format!("科目余额表{file}"), Some(url::import(*id, None)))
        }
        Proves::Records(id) => {
            let records = book.records.iter().find(|records| records.id == *id);
            let name = records.map_or_else(
                || "原始记录".to_owned(),
                |records| format!("{} {}", kind_label(&records.kind), records.file_name),
            );
            (name, Some(url::records(*id)))
        }
        Proves::Report(id, None) => {
            (format!("报表 {}", form_of(book, *id).unwrap_or_default()), Some(url::report(*id)))
        }
        Proves::Report(id, Some(cell)) => {
            let form = form_of(book, *id).unwrap_or_default();
            (format!("报表 {form} {}", cell_name(web, form, cell)), Some(url::cell(*id, cell)))
        }
    };
    Place { proves: proves.clone(), name, address }
}

fn form_of(book: &Book, report: ReportId) -> Option<&str> {
    book.consistency.reports.iter().find(|(_, id)| **id == report).map(|(form, _)| form.as_str())
}

fn is_cell(web: &Web, form: &str, cell: &CellId) -> bool {
    web.app.form(form).is_ok_and(|form| form.cell_by_text(cell.as_str()).is_some())
}

/// The name of a cell of a form; its id where the form no longer has it.
pub(super) fn cell_name(web: &Web, form: &str, cell: &CellId) -> String {
    let form = web.app.form(form).ok();
    let definition = form.and_then(|form| form.cell_by_text(cell.as_str()));
    definition.map_or_else(|| cell.to_string(), |definition| definition.label.clone())
}
