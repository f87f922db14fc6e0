//! Books for tests: invented forms, people who fill them in and move things about, and workbooks saved by another program.

use std::io::Read;

use rust_decimal::Decimal;
use rust_xlsxwriter::Workbook;
use youju_sheet::form_book::*;
use youju_sheet::{Cell, CellOut, Sheet, read};

/// Chance that is the same in every run.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

pub fn book(chance: &mut Chance) -> FormBook {
    let many = (0..120).map(|code| (format!("{code:04}"), format!("产品{code}")));
    FormBook {
        title: "财务状况".into(),
        head: vec![HeadLine { left: "单位:兰溪某厂".into(), right: "表号:B203".into() }, HeadLine::default()],
        sections: (0..=chance.below(3)).map(|number| section(number, chance)).collect(),
        foot: vec!["单位负责人:        填表人:        ".into()],
        lists: vec![CodeList { name: "产品".into(), codes: many.collect() }],
        stamp: format!("报表 {} 版本 3 修订 {}", chance.below(1000), chance.below(9)),
        mark: String::new(),
    }
}

fn section(number: usize, chance: &mut Chance) -> Section {
    let mut columns =
        vec![BookColumn::new("code", "代码", Rule::Locked), BookColumn::new("name", "指标名称", Rule::Locked)];
    for column in 0..=chance.below(5) {
        let key = format!("{number}-{column}");
        columns.push(BookColumn {
            group: if column % 3 == 2 { "本年".into() } else { String::new() },
            code: column.to_string(),
            note: if chance.one_in(3) { "按实际发生额填报".into() } else { String::new() },
            ..BookColumn::new(&key, &format!("栏目{column}"), rule(chance))
        });
    }
    let mut section = Section::new(&format!("section-{number}"), columns);
    section.heading = if chance.one_in(2) { format!("表{number}/[分表]") } else { String::new() };
    section.spare_rows = if chance.one_in(3) { 4 } else { 0 };
    for row in 0..=chance.below(12) {
        if chance.one_in(5) {
            section.lines.push(Line::Heading(format!("第 {row} 组")));
        }
        section.lines.push(Line::Row(printed_row(&section, row, chance)));
    }
    section
}

fn rule(chance: &mut Chance) -> Rule {
    match chance.below(7) {
        0 => Rule::Text { chars_max: 20 },
        1 => Rule::Code { list: "产品".into() },
        2 => Rule::Month,
        3 => Rule::Number { decimals: 2 },
        4 => Rule::Free,
        _ => Rule::Number { decimals: 0 },
    }
}

fn printed_row(section: &Section, row: usize, chance: &mut Chance) -> BookRow {
    let code = format!("{:03}", row * 7);
    let mut cells = vec![CellOut::from(code.as_str()).into(), CellOut::Text(format!("指标 {row}(甲)")).into()];
    for _ in 2..section.columns.len() {
        cells.push(match chance.below(8) {
            0 => BookCell { value: CellOut::Empty, rule: Some(Rule::Absent) },
            1 => BookCell { value: CellOut::Number(Decimal::new(12_345, 2)), rule: Some(Rule::Locked) },
            2 => BookCell { value: CellOut::Empty, rule: Some(rule(chance)) },
            _ => BookCell::default(),
        });
    }
    BookRow { note: if row == 1 { "见填报目录".into() } else { String::new() }, ..BookRow::new(&code, cells) }
}

/// Something right for a rule: what is typed, and what it means.
pub fn right(rule: &Rule, chance: &mut Chance) -> (Cell, CellOut) {
    let text = |typed: &str, meant: &str| (Cell::from_text(typed), CellOut::from(meant));
    let number = |typed: &str| CellOut::Number(typed.parse().unwrap());
    match (rule, chance.below(4)) {
        (_, 0) | (Rule::Locked | Rule::Absent, _) => (Cell::Empty, CellOut::Empty),
        (Rule::Number { .. }, 1) => (Cell::from_text(" 9,007,199,254,740,993,210 "), number("9007199254740993210")),
        (Rule::Number { .. }, 2) => (Cell::Number(0.into()), number("0")),
        (Rule::Number { decimals }, _) => {
            let value = Decimal::new(i64::try_from(chance.below(2_000_000_000)).unwrap() - 1_000_000_000, *decimals);
            (Cell::Number(value), CellOut::Number(value.normalize()))
        }
        (Rule::Text { .. }, 1) => text("0579-00012", "0579-00012"),
        (Rule::Text { .. }, 2) => text("兰溪市\"云山\"<街道>&3 号", "兰溪市\"云山\"<街道>&3 号"),
        (Rule::Text { .. }, _) => text("=1+1", "=1+1"),
        (Rule::Code { .. }, 1) => text("0007", "0007"),
        (Rule::Code { .. }, 2) => text("产品 8", "0008"),
        (Rule::Code { .. }, _) => text("0119 产品119", "0119"),
        (Rule::Month, 1) => (Cell::Number(202_603.into()), CellOut::from("202603")),
        (Rule::Month, _) => text("２０２６１２", "202612"),
        (Rule::Free, _) => text("12万", "12万"),
    }
}

/// Something wrong for a rule.
pub fn wrong(rule: &Rule, chance: &mut Chance) -> Cell {
    let words: &[&str] = match rule {
        Rule::Number { decimals: 0 } => &["12万", "-", "1.5", "1,23,4", "无", "#REF!"],
        Rule::Number { .. } => &["12万", "/", "1.505", "一百", "#DIV/0!"],
        Rule::Text { .. } => &["这段文字比二十个字长得多,而这一格最多只能填写二十个字", "#NAME?"],
        Rule::Code { .. } => &["7", "9999", "产品", "0007,0008"],
        Rule::Month => &["202613", "26年3月", "2026", "20260301"],
        Rule::Free => &["#REF!", "#N/A"],
        Rule::Absent | Rule::Locked => &["0", "改过的内容"],
    };
    let word = words[chance.below(words.len())];
    // Excel makes numbers of what looks like one.
    word.parse().map_or_else(|_| Cell::from_text(word), Cell::Number)
}

/// The sheets as another program saves them: what stands where, and which sheets are hidden; no formats.
pub fn saved(sheets: &[Sheet]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        let tab = workbook.add_worksheet().set_name(&sheet.name).unwrap();
        tab.set_hidden(sheet.is_hidden);
        for (row, cells) in (0..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Cell::Empty => {}
                    Cell::Number(number) => {
                        tab.write_number(row, column, number.to_string().parse::<f64>().unwrap()).unwrap();
                    }
                    other => {
                        tab.write_string(row, column, other.text()).unwrap();
                    }
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The workbook of a book.
pub fn written(book: &FormBook) -> Vec<u8> {
    let mut file = Vec::new();
    write_form_book(&mut file, book).unwrap();
    file
}

/// Puts a cell at a zero-based place.
pub fn put(sheet: &mut Sheet, row: usize, column: usize, cell: Cell) {
    if sheet.rows.len() <= row {
        sheet.rows.resize_with(row + 1, Vec::new);
    }
    if sheet.rows[row].len() <= column {
        sheet.rows[row].resize(column + 1, Cell::Empty);
    }
    sheet.rows[row][column] = cell;
}

/// A sheet with rows and columns in another order: where each of them stood before, or nothing for a blank one.
pub fn moved(sheet: &Sheet, rows: &[Option<usize>], columns: &[Option<usize>]) -> Sheet {
    let cell = |row: Option<usize>, column: Option<usize>| match (row, column) {
        (Some(row), Some(column)) => sheet.cell(row, column).clone(),
        _ => Cell::Empty,
    };
    let line = |row: &Option<usize>| columns.iter().map(|column| cell(*row, *column)).collect();
    Sheet { rows: rows.iter().map(line).collect(), merged: Vec::new(), ..sheet.clone() }
}

/// Some order in which rows and columns stand after somebody has worked with them: columns anywhere, rows of the table
/// among themselves, blank ones in between.
pub fn order(sheet: &Sheet, chance: &mut Chance) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let is_row = |row: usize| sheet.cell(row, 0).text().starts_with("r:");
    let mut ours: Vec<usize> = (0..sheet.rows.len()).filter(|row| is_row(*row)).collect();
    chance.shuffle(&mut ours);
    let mut ours = ours.into_iter();
    let mut rows = Vec::new();
    for row in 0..sheet.rows.len() {
        if chance.one_in(6) {
            rows.push(None);
        }
        rows.push(Some(if is_row(row) { ours.next().unwrap() } else { row }));
    }
    let mut columns: Vec<Option<usize>> = (0..sheet.width()).map(Some).collect();
    columns.extend([None, None]);
    chance.shuffle(&mut columns);
    (rows, columns)
}

/// 财务状况: two rows of figures with an indicator code, and a list of products that may grow.
pub fn statement() -> FormBook {
    let labels =
        || vec![BookColumn::new("code", "代码", Rule::Locked), BookColumn::new("name", "指标名称", Rule::Locked)];
    let number = |key: &str, name: &str| BookColumn {
        group: "金额".into(),
        note: "按利润表填报".into(),
        ..BookColumn::new(key, name, Rule::Number { decimals: 0 })
    };
    let mut main = Section::new("main", [labels(), vec![number("1", "本月"), number("2", "上年同期")]].concat());
    let row = |code: &str, name: &str, last: BookCell| {
        let cells = [code, name].map(|text| BookCell::from(CellOut::from(text)));
        Line::Row(BookRow::new(code, [cells.as_slice(), &[BookCell::default(), last]].concat()))
    };
    let locked = BookCell { value: CellOut::Number(Decimal::from(800)), rule: Some(Rule::Locked) };
    let absent = BookCell { value: CellOut::Empty, rule: Some(Rule::Absent) };
    main.lines = vec![Line::Heading("一、损益".into()), row("301", "营业收入", locked), row("307", "营业成本", absent)];
    main.heading = "财务状况".into();
    let code = Rule::Code { list: "产品".into() };
    let columns = vec![
        BookColumn::new("product", "产品", code),
        BookColumn::new("since", "投产年月", Rule::Month),
        BookColumn::new("note", "备注", Rule::Text { chars_max: 10 }),
    ];
    let mut products = Section::new("products", columns);
    products.heading = "产品".into();
    products.spare_rows = 3;
    let codes = (1..=300).map(|code| (format!("{code:04}"), format!("产品{code}")));
    FormBook {
        title: "财务状况".into(),
        head: vec![HeadLine { left: "单位详细名称:兰溪云山纺织厂".into(), right: "表号:B203".into() }],
        sections: vec![main, products],
        foot: vec!["单位负责人:      填表人:".into()],
        lists: vec![CodeList { name: "产品".into(), codes: codes.collect() }],
        stamp: "report 17 form 3 revision 2".into(),
        mark: String::new(),
    }
}

/// The place of the row with a mark.
pub fn at(sheet: &Sheet, mark: &str) -> usize {
    (0..sheet.rows.len()).find(|row| sheet.cell(*row, 0).text() == mark).unwrap()
}

/// The sheets of the book, filled in by hand.
pub fn filled(change: impl FnOnce(&mut Vec<Sheet>)) -> Vec<Sheet> {
    let mut sheets = read("B203.xlsx", &written(&statement())).unwrap();
    let row = at(&sheets[0], "r:301");
    put(&mut sheets[0], row, 3, Cell::Number(1200.into()));
    let row = at(&sheets[1], "r+");
    put(&mut sheets[1], row, 1, Cell::from_text("0007"));
    put(&mut sheets[1], row, 2, Cell::Number(201_803.into()));
    change(&mut sheets);
    sheets
}

/// A part of a workbook.
pub fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}
