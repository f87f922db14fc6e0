//! What holds of all records: however a table is laid out it reads the same, and an error planted anywhere is found there.

use std::collections::BTreeMap;

use proptest::prelude::*;
use youju_sheet::record::{RecordKind, Records, Value, Wish, apply, propose, recognise};
use youju_sheet::{CellError, Sheet, read};

use crate::make::{Old, gbk, xls, xlsx};

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// An amount in 分, at least 1.
    fn cents(&mut self) -> i64 {
        i64::try_from(self.next() % 10_000_000).unwrap() + 1
    }

    fn one_of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn yuan(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

/// A table as a unit keeps it: fields, and rows of text in the same order.
struct Book {
    kind: RecordKind,
    fields: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    /// Fields whose errors are named in the column of another: the sum that they belong to.
    sums: &'static [&'static str],
    /// For each row the first row that belongs to it: a voucher's imbalance is named there.
    starts: Vec<usize>,
}

const KINDS: [RecordKind; 6] = [
    RecordKind::VoucherJournal,
    RecordKind::StockList,
    RecordKind::BankStatement,
    RecordKind::SalesList,
    RecordKind::EnergySlips,
    RecordKind::Payroll,
];

fn book(kind: RecordKind, chance: &mut Chance) -> Book {
    match kind {
        RecordKind::VoucherJournal => vouchers(chance),
        RecordKind::StockList => {
            lines(kind, &["product", "opening", "incoming", "outgoing", "closing"], &["closing"], chance, |n, a, _| {
                vec![format!("齿轮{n}"), yuan(a[0]), yuan(a[1]), yuan(a[2]), yuan(a[0] + a[1] - a[2])]
            })
        }
        RecordKind::SalesList => {
            lines(kind, &["date", "product", "amount", "tax", "gross_amount"], &["gross_amount"], chance, |n, a, _| {
                vec![
                    format!("2026-03-{:02}", n % 28 + 1),
                    format!("轴承{n}"),
                    yuan(a[0]),
                    yuan(a[1]),
                    yuan(a[0] + a[1]),
                ]
            })
        }
        RecordKind::EnergySlips => lines(
            kind,
            &["date", "product", "consumed_production", "consumed_other", "consumed"],
            &["consumed"],
            chance,
            |n, a, _| {
                vec![format!("2026-03-{:02}", n % 28 + 1), format!("煤{n}"), yuan(a[0]), yuan(a[1]), yuan(a[0] + a[1])]
            },
        ),
        RecordKind::BankStatement => {
            lines(kind, &["date", "summary", "debit", "credit", "balance"], &["balance"], chance, |n, a, balance| {
                let is_debit = a[1] % 2 == 0;
                *balance += if is_debit { -a[0] } else { a[0] };
                let side = |is_here: bool| if is_here { yuan(a[0]) } else { String::new() };
                let day = format!("2026-03-{:02}", n % 28 + 1);
                vec![day, format!("往来{n}"), side(is_debit), side(!is_debit), yuan(*balance)]
            })
        }
        _ => lines(
            RecordKind::Payroll,
            &[
                "name",
                "basic_pay",
                "performance_pay",
                "gross_pay",
                "pension_personal",
                "income_tax",
                "deductions",
                "net_pay",
            ],
            &["gross_pay", "deductions", "net_pay"],
            chance,
            |n, a, _| {
                let (gross, taken) = (a[0] + a[1], a[2] + a[3]);
                let name = format!("某职工{n}");
                vec![
                    name,
                    yuan(a[0]),
                    yuan(a[1]),
                    yuan(gross),
                    yuan(a[2]),
                    yuan(a[3]),
                    yuan(taken),
                    yuan(gross - taken),
                ]
            },
        ),
    }
}

fn lines(
    kind: RecordKind,
    fields: &[&'static str],
    sums: &'static [&'static str],
    chance: &mut Chance,
    line: impl Fn(usize, &[i64], &mut i64) -> Vec<String>,
) -> Book {
    let count = 5 + chance.below(12);
    let mut balance = 0;
    let rows = (1..=count).map(|n| {
        let amounts: Vec<i64> = (0..4).map(|_| chance.cents()).collect();
        line(n, &amounts, &mut balance)
    });
    Book { kind, fields: fields.to_vec(), rows: rows.collect(), sums, starts: (0..count).collect() }
}

fn vouchers(chance: &mut Chance) -> Book {
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    let repeats_head = chance.below(2) == 0;
    for number in 1..2 + chance.below(6) {
        let start = rows.len();
        let debits: Vec<i64> = (0..=chance.below(3)).map(|_| chance.cents()).collect();
        let day = format!("2026-03-{:02}", number + 1);
        let entries = debits.iter().map(|cents| (yuan(*cents), String::new()));
        for (debit, credit) in entries.chain([(String::new(), yuan(debits.iter().sum()))]) {
            let head = |text: String| if repeats_head || rows.len() == start { text } else { String::new() };
            let account = format!("{}", 1001 + chance.below(9_000));
            let (day, number) = (head(day.clone()), head(format!("记-{number}")));
            rows.push(vec![day, number, "摘要".to_owned(), account, debit, credit]);
            starts.push(start);
        }
    }
    let fields = vec!["date", "number", "summary", "account", "debit", "credit"];
    Book { kind: RecordKind::VoucherJournal, fields, rows, sums: &["debit", "credit"], starts }
}

/// How a book is printed.
#[derive(Debug, Clone)]
struct Layout {
    /// Rows above the header.
    titles: usize,
    style: Style,
    /// Which alias each field has, and in which order the columns stand.
    seed: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Flat,
    /// A row of headings over the names.
    Headed,
    /// Two columns share a heading in the row of the names; their own names stand below.
    Split,
    /// Both.
    HeadedSplit,
}

const STYLES: [Style; 4] = [Style::Flat, Style::Headed, Style::Split, Style::HeadedSplit];

/// A range of merged cells: first row, first column, last row, last column.
type Range = (u32, u16, u32, u16);

/// A printed book.
struct Print {
    rows: Vec<Vec<String>>,
    merged: Vec<Range>,
    /// The printed order: which field stands in each column.
    order: Vec<usize>,
    /// 1-based row of the first record.
    first: usize,
}

fn print(book: &Book, layout: &Layout, has_total: bool) -> Print {
    let mut chance = Chance(layout.seed);
    let mut order: Vec<usize> = (0..book.fields.len()).collect();
    // The two columns before the last stay together, so that a heading can stand over both.
    let pair = [order.len() - 3, order.len() - 2];
    order.retain(|index| *index != pair[1]);
    // A payroll's subtotals follow their parts, and a statement's neighbours are found in any order of columns.
    if book.kind != RecordKind::Payroll {
        for at in (1..order.len()).rev() {
            order.swap(at, chance.below(at + 1));
        }
    }
    let at = order.iter().position(|index| *index == pair[0]).unwrap();
    order.insert(at + 1, pair[1]);
    let names: Vec<String> = order
        .iter()
        .map(|index| (*chance.one_of(book.kind.field(book.fields[*index]).unwrap().aliases)).to_owned())
        .collect();
    let width = names.len();
    let blank = || vec![String::new(); width];
    let mut rows = Vec::new();
    let mut merged = Vec::new();
    for title in 0..layout.titles {
        let mut row = blank();
        row[0] = ["某厂三月报表", "单位：元", "打印人：王某"][title].to_owned();
        rows.push(row);
    }
    if matches!(layout.style, Style::Headed | Style::HeadedSplit) && at > 0 && at + 2 < width {
        let mut row = blank();
        row[0] = "登记内容".to_owned();
        row[at] = "发生情况".to_owned();
        merged.push((
            u32::try_from(rows.len()).unwrap(),
            0,
            u32::try_from(rows.len()).unwrap(),
            u16::try_from(at - 1).unwrap(),
        ));
        rows.push(row);
    }
    let mut head = names.clone();
    if matches!(layout.style, Style::Split | Style::HeadedSplit) && at > 0 {
        let mut below = blank();
        below[at..at + 2].clone_from_slice(&names[at..at + 2]);
        head[at] = "有关数据".to_owned();
        head[at + 1].clear();
        rows.extend([head, below]);
    } else {
        rows.push(head);
    }
    let first = rows.len() + 1;
    let reorder = |row: &Vec<String>| order.iter().map(|index| row[*index].clone()).collect::<Vec<_>>();
    rows.extend(book.rows.iter().map(reorder));
    if has_total {
        rows.push(reorder(&total(book)));
    }
    merged.retain(|(_, from, _, to)| from < to);
    Print { rows, merged, order, first }
}

fn total(book: &Book) -> Vec<String> {
    let sum = |index: usize| -> String {
        let kind = book.kind.field(book.fields[index]).unwrap().kind;
        let cents = |text: &String| text.replace('.', "").parse::<i64>().unwrap_or(0);
        if kind.is_additive() { yuan(book.rows.iter().map(|row| cents(&row[index])).sum()) } else { String::new() }
    };
    let mut row: Vec<String> = (0..book.fields.len()).map(sum).collect();
    "合计".clone_into(&mut row[0]);
    row
}

fn text(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

/// The file in one of the ways in which units send it.
fn file(print: &Print, way: usize) -> Sheet {
    let text = text(&print.rows);
    let bytes = match way % 4 {
        0 => text.into_bytes(),
        1 => gbk(&text),
        2 => xlsx(&[("数据", &text, &print.merged)]),
        _ => {
            let mut cells = Vec::new();
            for (row, line) in (0_u16..).zip(&print.rows) {
                for (column, cell) in (0_u16..).zip(line).filter(|(_, cell)| !cell.is_empty()) {
                    cells.push((row, column, cell.parse().map_or(Old::Text(cell), Old::Number)));
                }
            }
            xls(&cells, &[])
        }
    };
    read("数据.et", &bytes).unwrap().remove(0)
}

fn run(sheet: &Sheet, kind: RecordKind) -> Result<Records, Vec<CellError>> {
    let wish = Wish { detail: youju_sheet::record::Detail::Persons, period: None };
    apply(sheet, &propose(sheet, kind).unwrap().mapping, &wish)
}

/// The records without the order of their columns.
fn by_field(records: &Records) -> Vec<BTreeMap<&str, &Value>> {
    let keys: Vec<&str> = records.columns.iter().map(|column| column.key.as_str()).collect();
    records.rows.iter().map(|record| keys.iter().copied().zip(&record.values).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_table_reads_the_same_under_any_names_order_and_header(
        seed in any::<u64>(), kind in 0..KINDS.len(), titles in 0..3_usize, style in 0..STYLES.len(), way in 0..4_usize,
    ) {
        let book = book(KINDS[kind], &mut Chance(seed));
        let plain = Layout { titles: 0, style: Style::Flat, seed: 0 };
        let wanted = run(&file(&print(&book, &plain, false), 0), book.kind);
        let wanted = wanted.map_err(|errors| TestCaseError::fail(format!("{errors:#?}")))?;
        prop_assert_eq!(wanted.rows.len(), book.rows.len());
        let layout = Layout { titles, style: STYLES[style], seed };
        let printed = print(&book, &layout, seed % 2 == 0);
        let found = run(&file(&printed, way), book.kind);
        let found = found.map_err(|errors| TestCaseError::fail(format!("{layout:?}\n{}{errors:#?}", text(&printed.rows))))?;
        prop_assert_eq!(by_field(&found), by_field(&wanted), "{:?}\n{}", layout, text(&printed.rows));
        prop_assert_eq!(found.rows[0].row, printed.first);
    }
}

/// What is done to a cell that holds an amount.
#[derive(Debug, Clone, Copy)]
enum Slip {
    Changed,
    Missing,
    Word,
}

/// Plants one error and says what was wrong with the answer, if anything.
fn plant(seed: u64) -> Result<(), String> {
    let mut chance = Chance(seed);
    let book = book(*chance.one_of(&KINDS), &mut chance);
    let layout = Layout { titles: chance.below(3), style: *chance.one_of(&STYLES), seed: chance.next() };
    let mut printed = print(&book, &layout, chance.below(2) == 0);
    let way = chance.below(4);
    let clean = file(&printed, way);
    run(&clean, book.kind).map_err(|errors| format!("the clean file is refused: {errors:#?}"))?;
    let amounts: Vec<usize> =
        (0..book.fields.len()).filter(|index| book.kind.field(book.fields[*index]).unwrap().kind.is_number()).collect();
    // The first balance of a statement follows from nothing.
    let row = 1 + chance.below(book.rows.len() - 1);
    let filled: Vec<usize> = amounts.into_iter().filter(|index| !book.rows[row][*index].is_empty()).collect();
    let field = *chance.one_of(&filled);
    let column = printed.order.iter().position(|index| *index == field).unwrap();
    let slip = *chance.one_of(&[Slip::Changed, Slip::Missing, Slip::Word]);
    // A statement may leave out a balance.
    let slip = if matches!(slip, Slip::Missing) && book.fields[field] == "balance" { Slip::Changed } else { slip };
    let cell = &mut printed.rows[printed.first - 1 + row][column];
    *cell = match slip {
        Slip::Changed => {
            let cents: i64 = cell.replace('.', "").parse().unwrap();
            // An invoice's amounts may be off by a 分 each.
            yuan(cents + 2 + chance.cents())
        }
        Slip::Missing => String::new(),
        Slip::Word => (*chance.one_of(&["壹佰", "12万", "见附件", "#REF!", "1.2.3"])).to_owned(),
    };
    let sheet = file(&printed, way);
    let what = format!("{slip:?} {} in row {} of\n{}", book.fields[field], printed.first + row, text(&printed.rows));
    let Err(errors) = run(&sheet, book.kind) else { return Err(format!("not found: {what}")) };
    let name_of = |index: usize| {
        let column = printed.order.iter().position(|other| *other == index).unwrap();
        propose(&sheet, book.kind)
            .unwrap()
            .mapping
            .columns
            .iter()
            .find(|c| c.column == column + 1)
            .map(|c| c.name.clone())
    };
    let own = name_of(field);
    let columns: Vec<Option<String>> = match slip {
        Slip::Word => vec![own],
        _ => (0..book.fields.len()).filter(|index| book.sums.contains(&book.fields[*index])).map(name_of).collect(),
    };
    let rows = match (slip, book.kind) {
        (Slip::Changed, RecordKind::VoucherJournal) => printed.first + book.starts[row]..=printed.first + row,
        // A wrong balance is met by the one after it, too.
        _ => printed.first + row..=printed.first + row,
    };
    let is_named = |error: &CellError| {
        error.sheet == sheet.name && error.row.is_some_and(|row| rows.contains(&row)) && columns.contains(&error.column)
    };
    if errors.iter().any(is_named) { Ok(()) } else { Err(format!("named elsewhere: {what}{errors:#?}")) }
}

/// Damages cells and bytes at random; whatever comes out gets an answer.
fn mutilate(seed: u64) {
    let mut chance = Chance(seed);
    let book = book(*chance.one_of(&KINDS), &mut chance);
    let layout = Layout { titles: chance.below(3), style: *chance.one_of(&STYLES), seed: chance.next() };
    let mut printed = print(&book, &layout, true);
    let words = [
        "",
        "合计",
        "小计",
        "1e20",
        "99999999999999999999",
        "-",
        "借",
        "2026-13-45",
        "1002.1",
        "姓名",
        "：",
        "单位：万元",
    ];
    for _ in 0..=chance.below(12) {
        let (row, column) = (chance.below(printed.rows.len()), chance.below(printed.rows[0].len()));
        printed.rows[row][column] = (*chance.one_of(&words)).to_owned();
    }
    let sheet = file(&printed, chance.below(4));
    crate::any_bytes::records(std::slice::from_ref(&sheet));
    let mut bytes = text(&printed.rows).into_bytes();
    for _ in 0..chance.below(8) {
        let at = chance.below(bytes.len());
        bytes[at] = u8::try_from(chance.below(256)).unwrap();
    }
    crate::any_bytes::file(&bytes);
}

#[test]
fn a_planted_error_is_named_by_sheet_row_and_column() {
    for seed in 0..60 {
        plant(seed).unwrap_or_else(|wrong| panic!("seed {seed}: {wrong}"));
        mutilate(seed);
    }
}

#[test]
#[ignore = "the full run of the story above"]
fn a_thousand_workbooks_with_a_planted_error_each() {
    let wrong: Vec<String> = (0..1_000)
        .filter_map(|seed| {
            mutilate(seed);
            plant(seed).err().map(|wrong| format!("seed {seed}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of 1000 not named:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_recognised_can_be_proposed() {
    for seed in 0..40 {
        let mut chance = Chance(seed);
        let book = book(KINDS[usize::try_from(seed).unwrap() % KINDS.len()], &mut chance);
        let layout = Layout { titles: 1, style: *chance.one_of(&STYLES), seed };
        let sheet = file(&print(&book, &layout, true), chance.below(4));
        let guesses = recognise(std::slice::from_ref(&sheet));
        assert!(
            guesses.iter().any(|guess| guess.kind == youju_sheet::record::FileKind::Record(book.kind)),
            "{:?}: {guesses:#?}",
            book.kind
        );
    }
}
