//! A list as a department hands it over, of any layout and length: which row is the header, what its columns are, and then row by row. A
//! text is read as it comes, a workbook as a whole.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use youju_codes::{Measure, Quantity, normalise};
use youju_domain::Problem;
use youju_domain::look::is_watermark;
use youju_domain::roster::{Column, Taken, judge};
use youju_sheet::limits::{FILE_BYTES_MAX, HEADER_SEARCH_ROWS};
use youju_sheet::{Cell, Column as Wanted, LooseRow, LooseRows, Sheet, SheetError, find_header};

use crate::crypto;
use crate::error::{Error, Result};
use crate::ledger::bad_file;

/// Where a list comes from.
pub type Source = Box<dyn Read + Send>;

/// Which column of the file is what, by place from 0.
pub type Mapping = BTreeMap<usize, Column>;

/// Computes the hash of what passes.
struct Hashed {
    inner: Source,
    hash: Arc<Mutex<Sha256>>,
}

impl Read for Hashed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let (Ok(mut hash), Some(read)) = (self.hash.lock(), buffer.get(..count)) {
            hash.update(read);
        }
        Ok(count)
    }
}

enum Rest {
    Text(Box<LooseRows<Source>>),
    Workbook,
}

/// A row of a file: its line, and its cells or why it could not be read.
type Raw = (u64, std::result::Result<Vec<String>, String>);

/// A list whose header has been found.
pub struct Opened {
    /// Name of the file.
    pub name: String,
    /// The sheet that is read.
    pub sheet: String,
    /// The headings, by place.
    pub headings: Vec<String>,
    /// What the columns are held for.
    pub mapping: Mapping,
    waiting: VecDeque<Raw>,
    rest: Rest,
    hash: Arc<Mutex<Sha256>>,
}

/// A row as it was judged.
pub enum Judged {
    /// It can go in.
    Row {
        /// Row in the file, or in the one that it was first handed in with.
        line: i64,
        /// True when it stands for a row that was left before.
        is_mended: bool,
        /// What it says.
        taken: Taken,
    },
    /// It cannot.
    Left {
        /// Row in the file, or in the one that it was first handed in with.
        line: i64,
        /// True when it stands for a row that was left before.
        is_mended: bool,
        /// What it says.
        fields: Vec<(Column, String)>,
        /// Why.
        reason: String,
    },
}

fn columns() -> Vec<Wanted> {
    let wanted = |column: &Column| Wanted { may_repeat: true, ..Wanted::optional(column.key(), column.headings()) };
    Column::ALL.iter().map(wanted).collect()
}

/// Opens a list and finds its header. Where no heading is known, the first row with two cells is the header, and somebody says what its
/// columns are.
pub fn open(name: &str, source: Source) -> Result<Opened> {
    let hash = Arc::new(Mutex::new(Sha256::new()));
    let mut source: Source = Box::new(Hashed { inner: source, hash: hash.clone() });
    let unreadable = |error: std::io::Error| bad_file(vec![format!("文件读不出来:{error}。请重新选择。")]);
    let mut head = Vec::new();
    Read::by_ref(&mut source).take(4).read_to_end(&mut head).map_err(unreadable)?;
    let is_workbook = head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let whole: Source = Box::new(Cursor::new(head).chain(source));
    if is_workbook { open_workbook(name, whole, hash) } else { open_text(name, whole, hash) }
}

fn open_workbook(name: &str, source: Source, hash: Arc<Mutex<Sha256>>) -> Result<Opened> {
    let mut bytes = Vec::new();
    let unreadable = |error: std::io::Error| bad_file(vec![format!("文件读不出来:{error}。请重新选择。")]);
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let sheets = youju_sheet::read(name, &bytes).map_err(|error| bad_file(vec![error.to_string()]))?;
    let visible = || sheets.iter().filter(|sheet| !sheet.is_hidden);
    let sheet = visible().find(|sheet| find_header(sheet, &columns()).is_ok()).or_else(|| visible().next());
    let sheet = sheet.ok_or_else(|| bad_file(vec!["工作簿里没有可见的工作表。".into()]))?;
    let (end, headings, mapping) = header_of(sheet)?;
    let cells = |row: &Vec<Cell>| row.iter().map(|cell| cell.text().into_owned()).collect::<Vec<String>>();
    let rows = (1_u64..).zip(&sheet.rows).skip(end).map(|(line, row)| (line, Ok(cells(row))));
    let waiting = rows.filter(|(_, row)| !is_blank(row)).collect();
    let (name, sheet) = (name.to_owned(), sheet.name.clone());
    Ok(Opened { name, sheet, headings, mapping, waiting, rest: Rest::Workbook, hash })
}

fn open_text(name: &str, source: Source, hash: Arc<Mutex<Sha256>>) -> Result<Opened> {
    let mut rows = LooseRows::open(source).map_err(|error| bad_file(vec![error.to_string()]))?;
    let mut read = Vec::new();
    while read.len() < HEADER_SEARCH_ROWS
        && let Some(row) = rows.next()
    {
        read.push(raw(row)?);
    }
    let cells = |(_, row): &Raw| row.iter().flatten().map(|text| Cell::from_text(text)).collect::<Vec<Cell>>();
    let sheet = Sheet { name: name.to_owned(), rows: read.iter().map(cells).collect(), ..Sheet::default() };
    let (end, headings, mapping) = header_of(&sheet)?;
    let waiting = read.into_iter().skip(end).collect();
    let name = name.to_owned();
    Ok(Opened { name, sheet: sheet.name, headings, mapping, waiting, rest: Rest::Text(Box::new(rows)), hash })
}

fn is_blank(row: &std::result::Result<Vec<String>, String>) -> bool {
    row.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.trim().is_empty()))
}

/// A row of a text; what ends the file is refused as a whole.
fn raw(row: std::result::Result<LooseRow, SheetError>) -> Result<Raw> {
    let (line, row) = row.map_err(|error| bad_file(vec![error.to_string()]))?;
    let cells = row.map(|row| row.cells().map(str::to_owned).collect());
    Ok((line, cells.map_err(|error| error.to_string())))
}

/// Behind which row the data begin, the headings, and what the columns are held for.
fn header_of(sheet: &Sheet) -> Result<(usize, Vec<String>, Mapping)> {
    let width = sheet.width();
    if let Ok(header) = find_header(sheet, &columns()) {
        let mut mapping = Mapping::new();
        for column in Column::ALL {
            // Of several columns by one name the first is meant, until somebody says otherwise.
            if let Some(place) = header.column(column.key()) {
                mapping.insert(place, column);
            }
        }
        return Ok((header.rows.end, (0..width).map(|place| header.name(place)).collect(), mapping));
    }
    let filled = |row: &Vec<Cell>| row.iter().filter(|cell| !cell.is_empty()).count() >= 2;
    let found = sheet.rows.iter().position(filled);
    let row = found.ok_or_else(|| bad_file(vec!["文件里没有表格:没有一行有两个以上的格子有内容。".into()]))?;
    let name = |place: usize| match sheet.cell(row, place).text() {
        text if text.is_empty() => format!("第 {} 列", place + 1),
        text => text.into_owned(),
    };
    Ok((row + 1, (0..width).map(name).collect(), Mapping::new()))
}

impl Opened {
    /// Says what columns are, in place of what they were held for. No column can be two things, nothing can be two columns.
    pub fn map(&mut self, mapping: Mapping) -> Result<()> {
        let bad = |reason: String| Error::Problem(Problem::BadInput { reason });
        let mut seen = BTreeMap::new();
        for (place, column) in &mapping {
            if *place >= self.headings.len() {
                return Err(bad(format!("表里没有第 {} 列。", place + 1)));
            }
            if let Some(other) = seen.insert(*column, *place) {
                let (one, two) = (self.heading(other), self.heading(*place));
                return Err(bad(format!("“{one}”和“{two}”都对应到“{}”。请只留一列。", column.label())));
            }
        }
        self.mapping = mapping;
        Ok(())
    }

    /// Refuses a list of which nobody can tell the units.
    pub fn must_tell_units(&self) -> Result<()> {
        if self.mapping.values().any(|column| *column == Column::Name) {
            return Ok(());
        }
        let headings = self.headings.join("、");
        Err(bad_file(vec![format!("没有找到单位名称这一列。表头是:{headings}。请指定哪一列是单位名称。")]))
    }

    /// The heading of a column.
    pub fn heading(&self, place: usize) -> &str {
        self.headings.get(place).map_or("", String::as_str)
    }

    /// The unit of measure of the revenue: what stands in the brackets of its heading, yuan where nothing does.
    pub fn measure(&self) -> Measure {
        let place = self.mapping.iter().find(|(_, column)| **column == Column::Revenue).map(|(place, _)| *place);
        let heading = normalise(self.heading(place.unwrap_or(usize::MAX)));
        let inside = heading.rsplit_once('(').and_then(|(_, rest)| rest.split(')').next());
        let measure = inside.and_then(|text| Measure::parse(text.trim_start_matches("单位:")).ok());
        measure.filter(|measure| measure.factor(Measure::Yuan).is_some()).unwrap_or(Measure::Yuan)
    }

    /// SHA-256 of the file, once all of its rows have been read.
    pub fn hash(&mut self) -> String {
        if let Rest::Text(rows) = &mut self.rest {
            for _ in rows.by_ref() {}
        }
        let digest = self.hash.lock().map(|hash| hash.clone().finalize()).unwrap_or_default();
        crypto::hex(&digest)
    }

    /// Bytes read so far.
    pub fn bytes_read(&self) -> u64 {
        match &self.rest {
            Rest::Text(rows) => rows.bytes_read(),
            Rest::Workbook => 0,
        }
    }

    /// The next rows, at most so many; none at the end.
    pub fn batch(&mut self, size: usize) -> Result<Vec<Judged>> {
        let mut batch = Vec::with_capacity(size);
        while batch.len() < size {
            let next = match (self.waiting.pop_front(), &mut self.rest) {
                (Some(row), _) => Some(row),
                (None, Rest::Text(rows)) => rows.next().map(raw).transpose()?,
                (None, Rest::Workbook) => None,
            };
            match next {
                Some(row) => batch.extend(self.judged(row)),
                None => break,
            }
        }
        Ok(batch)
    }

    fn judged(&self, (line, row): Raw) -> Option<Judged> {
        let line = i64::try_from(line).unwrap_or(i64::MAX);
        let left = |fields, reason| Judged::Left { line, is_mended: false, fields, reason };
        let cells = match row {
            Ok(cells) => cells,
            Err(reason) => return Some(left(Vec::new(), reason)),
        };
        let used = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if used == 0 || is_watermark(cells.iter().map(String::as_str)) {
            return None;
        }
        // A character that PostgreSQL does not hold.
        let value = |place: &usize| cells.get(*place).map_or_else(String::new, |cell| cell.trim().replace('\0', ""));
        let values: BTreeMap<Column, String> =
            self.mapping.iter().map(|(place, column)| (*column, value(place))).collect();
        let fields: Vec<(Column, String)> = values
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(column, text)| (*column, if *column == Column::Revenue { self.as_yuan(text) } else { text.clone() }))
            .collect();
        let first = values.get(&Column::Line).and_then(|text| text.parse::<i64>().ok());
        let (line, is_mended) = (first.unwrap_or(line), first.is_some());
        if used > self.headings.len() {
            let reason =
                format!("有 {used} 列,表头只有 {} 列,这一行可能错了列。请对照表头移回原位。", self.headings.len());
            return Some(Judged::Left { line, is_mended, fields, reason });
        }
        Some(match judge(&values) {
            Ok(taken) => Judged::Row { line, is_mended, taken: self.in_yuan(taken) },
            Err(reason) => Judged::Left { line, is_mended, fields, reason },
        })
    }

    /// A figure as our own table has it, which knows yuan only; what is none stays as it is.
    fn as_yuan(&self, text: &str) -> String {
        let figure = youju_codes::parse_number(text).ok();
        let yuan = figure.and_then(|figure| Quantity::new(figure, self.measure()).to(Measure::Yuan).ok());
        yuan.map_or_else(|| text.to_owned(), |yuan| yuan.value().normalize().to_string())
    }

    fn in_yuan(&self, mut taken: Taken) -> Taken {
        if let Some(figure) = taken.revenue {
            taken.revenue = Quantity::new(figure, self.measure()).to(Measure::Yuan).ok().map(|yuan| yuan.value());
            if taken.revenue.is_none() {
                taken.remarks.push(format!("营业收入“{figure}”太大,没有读取。"));
            }
        }
        taken
    }
}
