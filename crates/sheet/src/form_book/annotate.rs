//! The returned copy: every cell where the sender left it, wrong ones coloured and commented, and a first sheet that lists
//! what is wrong. Formats of the sender are not kept; those of the book are put on again, and so the copy can be mended
//! and sent once more.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use crate::error::{CellError, SheetError};
use crate::form_book::layout::{Face, Plan, Printed, PrintedCell, group_print};
use crate::form_book::look::Looks;
use crate::form_book::marks::{HIDDEN_SHEET, Marks, Print, RowMark, SUMMARY_SHEET};
use crate::form_book::paper::Paper;
use crate::form_book::rule::as_typed;
use crate::form_book::summary::write_summary;
use crate::form_book::validation::Lists;
use crate::form_book::write::{new_workbook, write_hidden};
use crate::form_book::{BookError, BookRow, FormBook, Section};
use crate::table::Sheet;
use crate::write::xlsx::{refuse, sheet_name};

/// What a returned copy is made of 审核结果.
#[derive(Debug, Clone, Copy, Default)]
pub struct Annotation<'a> {
    /// The book that went out; none for a table that was not written here.
    pub book: Option<&'a FormBook>,
    /// What came back, every sheet of it.
    pub sheets: &'a [Sheet],
    /// What is wrong, in any order.
    pub errors: &'a [BookError],
    /// What was not read, and why.
    pub told: &'a [CellError],
    /// How many rows were taken.
    pub rows_taken: u64,
    /// How many rows were left because of their errors.
    pub rows_left: u64,
}

/// Errors of a sheet by row and column.
type Wrong<'a> = BTreeMap<(usize, usize), Vec<&'a BookError>>;

/// Writes the returned copy, in constant memory beside what came back and its errors.
pub fn write_annotated<W: Write + Send>(out: W, annotation: &Annotation<'_>) -> Result<(), SheetError> {
    let mut workbook = new_workbook()?;
    let mut looks = Looks::default();
    let own = |sheet: &&Sheet| sheet.name != SUMMARY_SHEET && (annotation.book.is_none() || sheet.name != HIDDEN_SHEET);
    let sheets: Vec<&Sheet> = annotation.sheets.iter().filter(own).collect();
    let names = names(&sheets);
    let summary = workbook.add_worksheet_with_constant_memory().map_err(refuse)?;
    write_summary(summary, annotation, &names).map_err(refuse)?;
    let nothing = FormBook::default();
    let lists = Lists::of(annotation.book.unwrap_or(&nothing));
    for sheet in sheets {
        let mut wrong = Wrong::new();
        for error in annotation.errors.iter().filter(|error| error.place.sheet == sheet.name) {
            if let Some(cell) = error.place.cell {
                wrong.entry(cell).or_default().push(error);
            }
        }
        let page = workbook.add_worksheet_with_constant_memory().map_err(refuse)?;
        page.set_name(names.get(&sheet.name).map_or("", String::as_str)).map_err(refuse)?;
        page.set_hidden(sheet.is_hidden);
        let dress = Dress::of(sheet, annotation.book);
        let mut paper = Paper::new(page, &mut looks, &dress.plan()).map_err(refuse)?;
        let height = wrong.keys().next_back().map_or(0, |(row, _)| row + 1).max(sheet.rows.len());
        for row in 0..height {
            paper.line(&dress.line(row, &wrong)).map_err(refuse)?;
        }
        paper.finish(&lists).map_err(refuse)?;
    }
    if let Some(book) = annotation.book {
        write_hidden(&mut workbook, book).map_err(refuse)?;
    }
    workbook.save_to_writer(out).map_err(refuse)
}

/// The names of the sheets in the copy, by what they are called in the file: the name of a CSV may be too long for a tab.
fn names(sheets: &[&Sheet]) -> HashMap<String, String> {
    let mut used = vec![SUMMARY_SHEET.to_lowercase()];
    if !sheets.iter().any(|sheet| sheet.name == HIDDEN_SHEET) {
        // It is written anew.
        used.push(HIDDEN_SHEET.to_owned());
    }
    let mut names = HashMap::new();
    for sheet in sheets {
        let mut name = sheet_name(&sheet.name);
        let mut number = 1;
        while used.contains(&name.to_lowercase()) {
            number += 1;
            let begin: String = sheet_name(&sheet.name).chars().take(12).collect();
            name = format!("{begin} {number}");
        }
        used.push(name.to_lowercase());
        names.insert(sheet.name.clone(), name);
    }
    names
}

/// How the cells of a sheet looked when the book went out, wherever they stand now.
struct Dress<'a> {
    sheet: &'a Sheet,
    ours: Option<Ours<'a>>,
}

/// The marks of a sheet that belongs to the book.
struct Ours<'a> {
    marks: Marks<'a>,
    section: &'a Section,
    /// The column of the section at each zero-based column of the sheet.
    columns: Vec<Option<usize>>,
    rows: HashMap<&'a str, &'a BookRow>,
}

impl<'a> Dress<'a> {
    fn of(sheet: &'a Sheet, book: Option<&'a FormBook>) -> Dress<'a> {
        let ours = || {
            let marks = Marks::find(sheet)?;
            let section = book?.sections.iter().find(|section| section.key == marks.section)?;
            let mut columns = vec![None; marks.columns.last().map_or(0, |(_, at)| at + 1)];
            for (key, at) in &marks.columns {
                if let Some(place) = columns.get_mut(*at) {
                    *place = section.columns.iter().position(|column| column.key == *key);
                }
            }
            let rows = section.rows().map(|row| (row.key.as_str(), row)).collect();
            Some(Ours { marks, section, columns, rows })
        };
        Dress { sheet, ours: ours() }
    }

    fn plan(&self) -> Plan {
        let Some(ours) = &self.ours else {
            let widths = (0..self.sheet.width()).filter_map(|at| Some((u16::try_from(at).ok()?, 14))).collect();
            return Plan {
                widths,
                corner: None,
                head: None,
                frozen_columns: 0,
                may_insert_rows: false,
                mark: String::new(),
            };
        };
        let width = |at: usize| {
            let column = ours.columns.get(at).copied().flatten().and_then(|column| ours.section.columns.get(column));
            Some((u16::try_from(at).ok()?, column?.width))
        };
        let corner = u32::try_from(ours.marks.corner.0).ok().zip(u16::try_from(ours.marks.corner.1).ok());
        let is_head = |row: &usize| matches!(ours.marks.row(*row), RowMark::Print(print) if print.is_column_head());
        let first = (0..self.sheet.rows.len()).find(is_head);
        let head = first.and_then(|first| {
            let end = (first..self.sheet.rows.len()).find(|row| !is_head(row)).unwrap_or(self.sheet.rows.len());
            Some(u32::try_from(first).ok()?..u32::try_from(end).ok()?)
        });
        Plan {
            widths: (0..ours.columns.len()).filter_map(width).collect(),
            corner,
            head,
            // Where the columns have been moved to, nobody knows which of them should stay in view.
            frozen_columns: 0,
            may_insert_rows: ours.section.spare_rows > 0,
            // It goes back to the unit that sent it.
            mark: String::new(),
        }
    }

    fn line(&self, row: usize, wrong: &Wrong<'_>) -> Printed<'_> {
        let ours = self.ours.as_ref().map(|ours| (ours, ours.marks.row(row)));
        let mut errors = wrong.range((row, 0)..(row + 1, 0)).peekable();
        let last_wrong = wrong.range((row, 0)..(row + 1, 0)).next_back().map_or(0, |((_, column), _)| column + 1);
        let dressed =
            ours.as_ref().filter(|(_, mark)| *mark != RowMark::None).map_or(0, |(ours, _)| ours.columns.len());
        let typed = self.sheet.rows.get(row).map_or(0, Vec::len);
        let expected = ours.as_ref().and_then(|(ours, mark)| match mark {
            RowMark::Row(key) => ours.rows.get(key).copied(),
            _ => None,
        });
        let mut cells = Vec::new();
        for (column, at) in (0..dressed.max(typed).max(last_wrong)).zip(0_u16..) {
            let cell = self.sheet.cell(row, column);
            let face = ours.as_ref().map_or(Face::Plain, |(ours, mark)| ours.face(row, *mark, column, expected));
            let errors = errors.next_if(|((_, wrong), _)| *wrong == column).map(|(_, errors)| errors.as_slice());
            if cell.is_empty() && face == Face::Plain && errors.is_none() {
                continue;
            }
            let mut printed = PrintedCell::new(at, Cow::Owned(as_typed(cell)), face);
            printed.is_wrong = errors.is_some();
            printed.note = match (errors, &ours) {
                (Some(errors), _) => {
                    Cow::Owned(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("\n"))
                }
                (None, Some((ours, mark))) => Cow::Borrowed(ours.note(*mark, column, expected)),
                (None, None) => Cow::Borrowed(""),
            };
            cells.push(printed);
        }
        let print = ours.and_then(|(_, mark)| if let RowMark::Print(print) = mark { Some(print) } else { None });
        Printed { print, cells }
    }
}

impl Ours<'_> {
    /// How to fill in a row or a column, where the book that went out says it.
    fn note<'s>(&'s self, mark: RowMark<'_>, column: usize, expected: Option<&'s BookRow>) -> &'s str {
        match (mark, self.columns.get(column).copied().flatten()) {
            (RowMark::Print(Print::Name), Some(own)) => self.section.columns.get(own).map_or("", |own| &own.note),
            (RowMark::Row(_), Some(0)) => expected.map_or("", |row| &row.note),
            _ => "",
        }
    }

    fn face<'s>(&'s self, row: usize, mark: RowMark<'_>, column: usize, expected: Option<&'s BookRow>) -> Face<'s> {
        if row == self.marks.corner.0 || column == self.marks.corner.1 {
            return Face::Mark;
        }
        let Some(own) = self.columns.get(column).copied().flatten() else { return Face::Plain };
        match mark {
            RowMark::None => Face::Plain,
            RowMark::Row(_) | RowMark::New => Face::Cell(self.section.rule(expected, own)),
            RowMark::Print(Print::Group) => Face::Print(self.section.columns.get(own).map_or(Print::Name, group_print)),
            RowMark::Print(Print::Head) if own > 0 && own + 1 == self.section.columns.len() => {
                Face::PrintRight(Print::Head)
            }
            RowMark::Print(print) => Face::Print(print),
        }
    }
}
