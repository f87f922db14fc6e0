//! The copy that goes back: the workbook as it came home, with what is wrong in its cells, also what the checks say.

use youju_domain::finding::{Answered, Standing};
use youju_programme::Form;
use youju_sheet::SheetError;
use youju_sheet::form_book::{Annotation, BookError, Place, Returned, ReturnedTable, read_form_book, write_annotated};

use super::layout::{self, Purpose};
use super::{Incoming, Preview};

/// The name of the copy of a file.
pub(super) fn name(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    format!("{stem} 审核结果.xlsx")
}

/// Writes the copy. Rows count as taken when the report holds what they say.
pub(super) fn write(form: &Form, preview: &Preview, file: &Incoming) -> Result<Vec<u8>, SheetError> {
    let weighed = &preview.weighed;
    let mut errors: Vec<BookError> = weighed.mistakes.iter().chain(&weighed.conflicts).cloned().collect();
    let mut book = layout::book(form, &preview.open, &preview.open.report.cells, Purpose::Fill);
    if let Ok(returned) = read_form_book(&file.sheets) {
        let may_explain = preview.open.unit.may_explain;
        for answered in &preview.findings {
            errors.extend(of_finding(form, answered, answered.standing(may_explain), preview, &returned));
        }
        // It is still the workbook that went out: its marks say so in every sheet.
        book.stamp = returned.stamp;
    }
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let annotation = Annotation {
        book: Some(&book),
        sheets: &file.sheets,
        errors: &errors,
        told: &weighed.told,
        rows_taken: count(weighed.rows_standing),
        rows_left: count(weighed.rows_left),
    };
    let mut bytes = Vec::new();
    write_annotated(&mut bytes, &annotation)?;
    Ok(bytes)
}

/// A finding that waits for somebody, in each of the cells that it reads; without any, on the first sheet.
fn of_finding(
    form: &Form,
    answered: &Answered,
    standing: Standing,
    preview: &Preview,
    returned: &Returned<'_>,
) -> Vec<BookError> {
    let finding = &answered.finding;
    let way_out = match standing {
        Standing::MustMend => "请改数。",
        Standing::MustExplain => "请核对;数据没有错的,导入后在网页上写说明。",
        Standing::Explained | Standing::Told => return Vec::new(),
    };
    let mut says = format!("审核 {}({}):", finding.key(), finding.severity.label());
    for part in [&finding.message, &finding.sentence].map(|part| part.trim_end_matches('。')) {
        if !part.is_empty() {
            says.push_str(part);
            says.push('。');
        }
    }
    says.push_str(way_out);
    let spots = finding.cells.iter().filter_map(|id| Some((id, preview.weighed.spots.get(id)?)));
    let mut errors: Vec<BookError> = spots
        .filter_map(|(id, spot)| {
            let table: &ReturnedTable<'_> = returned.tables.get(spot.table)?;
            Some(BookError {
                place: table.place(spot.row, spot.column),
                row: form.cell(id)?.label.clone(),
                column: String::new(),
                found: table.sheet.cell(spot.row, spot.column).to_string(),
                message: says.clone(),
            })
        })
        .collect();
    if errors.is_empty() {
        let sheet = returned.tables.first().map(|table| table.sheet.name.clone()).unwrap_or_default();
        let place = Place { sheet, cell: None };
        let [row, column, found] = [String::new(), String::new(), String::new()];
        errors.push(BookError { place, row, column, found, message: says });
    }
    errors
}
