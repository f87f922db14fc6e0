//! A large table of units, written, read, judged and returned with its mistakes: what `50,000 × 60` takes.
//!
//!     form_book write FILE ROWS COLUMNS     a table whose cells are filled in, some of them wrong
//!     form_book take FILE COPY              reads, judges and annotates it; one line for each step

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use rust_decimal::Decimal;
use youju_sheet::form_book::{
    Annotation, BookCell, BookColumn, BookRow, FormBook, Judge, Rule, Section, read_form_book, write_annotated,
    write_unit_book,
};
use youju_sheet::{CellOut, read};

type Failure = Box<dyn std::error::Error>;

/// Every so many cells one is wrong.
const WRONG_EVERY: usize = 3_001;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", file, rows, columns] => write(file, rows.parse()?, columns.parse()?),
        ["take", file, copy] => take(file, copy),
        _ => Err("form_book write FILE ROWS COLUMNS | take FILE COPY".into()),
    }
}

fn book(columns: usize) -> FormBook {
    let mut all = vec![BookColumn::new("code", "统一社会信用代码", Rule::Locked)];
    all.push(BookColumn { width: 30, ..BookColumn::new("name", "单位详细名称", Rule::Locked) });
    all.extend((2..columns).map(|column| {
        let decimals = if column % 5 == 0 { 2 } else { 0 };
        BookColumn::new(&format!("{column},1"), &format!("指标{column}"), Rule::Number { decimals })
    }));
    FormBook {
        title: "财务状况一览表".into(),
        stamp: columns.to_string(),
        mark: String::new(),
        sections: vec![Section::new("units", all)],
        ..FormBook::default()
    }
}

fn row(row: usize, columns: usize) -> BookRow {
    let key = format!("9133{row:014}");
    let mut cells = vec![CellOut::from(key.as_str()).into(), CellOut::Text(format!("兰溪市第 {row} 厂")).into()];
    cells.extend((2..columns).map(|column| {
        let number = row * columns + column;
        let value = if number.is_multiple_of(WRONG_EVERY) {
            CellOut::Text(format!("{number}万"))
        } else {
            let scale = if column % 5 == 0 { 2 } else { 0 };
            CellOut::Number(Decimal::new(i64::try_from(number * 7_919 % 100_000_007).unwrap_or(0), scale))
        };
        BookCell::from(value)
    }));
    BookRow::new(&key, cells)
}

fn write(file: &str, rows: usize, columns: usize) -> Result<(), Failure> {
    let started = Instant::now();
    let out = BufWriter::new(File::create(file)?);
    let book = book(columns);
    let count = write_unit_book(out, &book, (0..rows).map(|number| Cow::Owned(row(number, columns))))?;
    tell(&started, &format!("{count} rows written"))
}

fn take(file: &str, copy: &str) -> Result<(), Failure> {
    let started = Instant::now();
    let sheets = read(file, &std::fs::read(file)?)?;
    tell(&started, "read")?;
    let refuse = |refusals: Vec<youju_sheet::CellError>| refusals.first().map_or_else(String::new, ToString::to_string);
    let returned = read_form_book(&sheets).map_err(refuse)?;
    let columns = returned.stamp.parse()?;
    let book = book(columns);
    let (section, table) = book.sections.first().zip(returned.tables.first()).ok_or("no table")?;
    tell(&started, "marks found")?;
    let judge = Judge::new(&book, section, table);
    let mut errors = judge.errors();
    let (mut rows_taken, mut rows_left) = (0, 0);
    for (number, line) in table.rows.iter().enumerate() {
        let judged = judge.row(line, Some(&row(number, columns)));
        if judged.errors.is_empty() {
            rows_taken += 1;
        } else {
            rows_left += 1;
        }
        errors.extend(judged.errors);
    }
    tell(&started, &format!("judged: {rows_taken} rows right, {rows_left} wrong, {} errors", errors.len()))?;
    let annotation =
        Annotation { book: Some(&book), sheets: &sheets, errors: &errors, told: &returned.told, rows_taken, rows_left };
    write_annotated(BufWriter::new(File::create(copy)?), &annotation)?;
    tell(&started, "copy written")
}

fn tell(started: &Instant, what: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{:7.2} s  {what}", started.elapsed().as_secs_f64())?)
}
