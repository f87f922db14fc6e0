//! Ledgers of the disciplines: from slips to rows, from rows to the cells and lists of forms.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use uuid::Uuid;
use youju_codes::Period;
use youju_domain::book::{Book, gathered};
use youju_domain::id::Id;
use youju_domain::record::{RecordColumn, RecordRow, RecordTable, RecordValue};
use youju_domain::report::{CellId, Cells, Generated, Value, ValueState, value_of};
use youju_programme::{Derived, Ledger};

use crate::make::{cell, form, load_with, programmes};

fn ledger(id: &str) -> &'static Ledger {
    programmes().iter().find_map(|programme| programme.ledger(id)).expect(id)
}

fn period(text: &str) -> Period {
    Period::parse(text).expect(text)
}

fn number(text: &str) -> Decimal {
    text.parse().expect(text)
}

/// `energy=33 purchased=12.5 | energy=01 …`, computed as the ledger computes it.
fn cells(ledger: &Ledger, rows: &str) -> Cells {
    let mut cells = Cells::new();
    for (at, row) in rows.split('|').enumerate() {
        for pair in row.split_whitespace() {
            let (column, text) = pair.split_once('=').expect(pair);
            let definition = ledger.rows.cell(u32::try_from(at).unwrap() + 1, column).expect(column);
            cells.insert(definition.id.clone(), cell(definition.parse_value(text).expect(pair)));
        }
    }
    ledger.compute(cells, Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH)
}

fn book(id: &str, of: &str, rows: &str) -> Book {
    Book {
        id: Id::new(Uuid::from_u128(u128::from(period(of).last_month()))),
        unit: Id::new(Uuid::nil()),
        ledger: id.to_owned(),
        period: period(of),
        cells: cells(ledger(id), rows),
        by: Id::new(Uuid::nil()),
        at: youju_domain::Instant::UNIX_EPOCH,
    }
}

fn value(ledger: &Ledger, cells: &Cells, row: u32, column: &str) -> Option<Decimal> {
    ledger.rows.value(cells, row, column).number()
}

fn derive(code: &str, of: &str, books: &[Book]) -> Derived {
    let form = form(code);
    form.derive("1", &form.figures(period(of), None, books))
}

fn given(derived: &Derived, cell: &str) -> Option<Decimal> {
    derived.cells.iter().find(|c| c.cell == CellId::new(cell)).map(|c| c.value)
}

fn missing<'d>(derived: &'d Derived, cell: &str) -> Option<&'d str> {
    derived.missing.iter().find(|(id, _)| *id == CellId::new(cell)).map(|(_, reason)| reason.as_str())
}

#[test]
fn a_column_follows_from_others_of_its_row() {
    let energy = ledger("energy");
    let rows = cells(energy, "energy=33 production=10 other_use=2.5 coefficient=1.229 | energy=01 production=4");
    assert_eq!(value(energy, &rows, 1, "consumed"), Some(number("12.5")));
    assert_eq!(value(energy, &rows, 1, "standard_coal"), Some(number("15.36")), "rounded half up");
    assert_eq!(value(energy, &rows, 2, "consumed"), Some(number("4")));
    assert_eq!(value(energy, &rows, 2, "standard_coal"), None, "without a coefficient nothing is guessed");
    let consumed = rows.get(&CellId::new("r.1.consumed")).unwrap();
    assert_eq!(consumed.state, ValueState::Computed);
    let sentence = &consumed.derivation.as_ref().unwrap().sentence;
    assert!(sentence.contains("生产用消费量") && sentence.ends_with("=12.5。"), "{sentence}");
}

/// Slips as they were imported: fuel, unit of measure, bought, used in production.
fn slips(lines: &[(&str, &str, &str, &str)]) -> RecordTable {
    let names = [("product", false), ("unit_of_measure", false), ("purchased", true), ("consumed_production", true)];
    let column = |(key, is_number): (&str, bool)| RecordColumn { key: key.into(), name: key.into(), is_number };
    let text = |text: &str| (!text.is_empty()).then(|| RecordValue::Text(text.into()));
    let amount = |text: &str| (!text.is_empty()).then(|| RecordValue::Number(number(text)));
    let row = |(at, (fuel, unit, bought, used)): (usize, &(&str, &str, &str, &str))| RecordRow {
        row: u32::try_from(at).unwrap() + 2,
        values: vec![text(fuel), text(unit), amount(bought), amount(used)],
    };
    RecordTable {
        columns: names.into_iter().map(column).collect(),
        rows: lines.iter().enumerate().map(row).collect(),
        ..RecordTable::default()
    }
}

#[test]
fn slips_are_added_up_in_the_unit_of_measure_of_their_fuel() {
    let energy = ledger("energy");
    let table = slips(&[
        ("电力", "千瓦时", "120000", "100000"),
        ("电力", "度", "30000", ""),
        ("33 电力", "万千瓦时", "1.5", "0.5"),
        ("原煤", "公斤", "2500", ""),
        ("柴油", "升", "300", ""),
        ("柴油", "", "300", ""),
        ("氢气", "吨", "3", ""),
    ]);
    let found = energy.gather(&energy.gathers[0], &table);
    let row = |key: &str| &found.rows[&vec![key.to_owned()]];
    assert_eq!((row("33").records, &row("33").values["purchased"]), (3, &Value::Number(number("16.5"))));
    assert_eq!(row("33").values["production"], Value::Number(number("10.5")));
    assert_eq!(row("01").values["purchased"], Value::Number(number("2.5")));
    let left: Vec<(&str, u64)> = found.left_out.iter().map(|(reason, records)| (reason.as_str(), *records)).collect();
    let expected = [
        ("台账没有“氢气”这一能源品种", 1),
        ("文件里没有可以填“购进金额、期末库存量、省外购进量、非生产用消费量”的栏,没有归集", 7),
        ("没有计量单位,应为吨", 1),
        ("计量单位“升”不能换算成吨", 1),
    ];
    assert_eq!(left, expected);
}

#[test]
fn what_somebody_typed_stands_beside_what_the_slips_say() {
    let energy = ledger("energy");
    let before = cells(energy, "energy=33 purchased=20 coefficient=1.229");
    let found = energy.gather(&energy.gathers[0], &slips(&[("电力", "万千瓦时", "16.5", ""), ("原煤", "吨", "3", "")]));
    let import = Id::new(Uuid::from_u128(9));
    let (generated, without_room) = energy.gathered_cells(&before, &found, import);
    assert_eq!(without_room, 0);
    let after = gathered(before, generated, Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH);
    let purchased = after.get(&CellId::new("r.1.purchased")).unwrap();
    assert_eq!((purchased.state, purchased.value.number()), (ValueState::Edited, Some(number("20"))));
    assert_eq!(purchased.generated, Some(Value::Number(number("16.5"))));
    assert_eq!(purchased.derivation.as_ref().unwrap().record, Some(import));
    assert_eq!(value(energy, &after, 2, "purchased"), Some(number("3.00")), "a new fuel is a new row");
    let beside = energy.beside(&energy.gathers[0], &slips(&[("电力", "万千瓦时", "16.5", "")]), &after);
    let told: Vec<(&str, Decimal, Option<Decimal>)> =
        beside.iter().map(|one| (one.label.as_str(), one.records, one.ledger)).collect();
    assert_eq!(told, [("能源台账 33 电力的购进量", number("16.5"), Some(number("20")))]);
}

#[test]
fn a_payroll_of_sums_is_one_row() {
    let wages = ledger("wages");
    let sums = [("gross_pay", "880000"), ("basic_pay", "500000"), ("performance_pay", "300000")];
    let table = RecordTable {
        sums: sums.into_iter().map(|(key, sum)| (key.to_owned(), number(sum))).collect(),
        persons: Some(96),
        ..RecordTable::default()
    };
    let found = wages.gather(&wages.gathers[0], &table);
    let (generated, _) = wages.gathered_cells(&Cells::new(), &found, Id::new(Uuid::nil()));
    let by = (Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH);
    let rows = wages.compute(gathered(Cells::new(), generated, by.0, by.1), by.0, by.1);
    assert_eq!(value(wages, &rows, 1, "closing"), Some(number("96")));
    assert_eq!(value(wages, &rows, 1, "other"), Some(number("80000")));
    assert_eq!(wages.problems(&rows), Vec::<String>::new());
}

#[test]
fn stocks_go_on_from_the_month_before() {
    let goods = ledger("goods");
    let january = cells(goods, "class=10 closing=500 retail=10 | class=33 closing=9000");
    let carried = goods.carried(period("2026-02"), &Cells::new(), Some(&january), None);
    let told: BTreeMap<&str, String> = carried.iter().map(|g: &Generated| (g.cell.as_str(), g.value.print())).collect();
    let expected = [("r.1.class", "10"), ("r.1.opening", "500"), ("r.2.class", "33"), ("r.2.opening", "9,000")];
    assert_eq!(told, expected.into_iter().map(|(cell, value)| (cell, value.to_owned())).collect());
}

#[test]
fn rows_as_a_whole_are_looked_at() {
    let goods = ledger("goods");
    let problems = goods.problems(&cells(goods, "class=10 retail=1 | retail=5 | class=10 retail=7"));
    assert_eq!(problems, ["第 2 行没有填“商品类值”。", "第 1 行和第 3 行都是“10”。每个商品类值只登记一行。"]);
}

#[test]
fn a_form_is_taken_from_the_months_of_the_year() {
    let books = [
        book(
            "energy",
            "2026-01",
            "energy=33 purchased=10 production=9 coefficient=1.2 amount=80000 | energy=01 opening=100 purchased=5 production=30 coefficient=0.7 closing=75",
        ),
        book(
            "energy",
            "2026-02",
            "energy=33 purchased=8 production=8 coefficient=1.4 amount=64000 | energy=01 opening=75 production=30 coefficient=0.8 closing=45",
        ),
    ];
    let derived = derive("205-1", "2026-02", &books);
    let expected = [
        ("c33_2", "18.00"),
        ("c33", "17.00"),
        ("c33_10", "144"),
        ("c33_8", "1.2941"),
        ("c01_1", "100.00"),
        ("c01_7", "45.00"),
        ("c01_8", "0.75"),
    ];
    for (cell, expected) in expected {
        assert_eq!(given(&derived, cell), Some(number(expected)), "{cell}");
    }
    assert_eq!(missing(&derived, "c06"), None, "nothing is said about a fuel that the unit does not use");
    let electricity = derived.cells.iter().find(|c| c.cell == CellId::new("c33_2")).unwrap();
    assert!(electricity.sentence.contains("能源台账“33 电力”购进量(1—本期)"), "{}", electricity.sentence);
    assert_eq!(electricity.books.len(), 2);
}

#[test]
fn a_month_without_a_ledger_is_named_and_nothing_is_summed_around_it() {
    let books =
        [book("energy", "2026-01", "energy=33 purchased=10"), book("energy", "2026-03", "energy=33 purchased=7")];
    let derived = derive("205-1", "2026-03", &books);
    assert_eq!(given(&derived, "c33_2"), None);
    let reason = missing(&derived, "c33_2").unwrap();
    assert!(reason.starts_with("能源台账还没有登记:2026年2月"), "{reason}");
    assert_eq!(given(&derived, "c33_7"), None, "electricity has no stock");
}

#[test]
fn a_quarter_of_wages_adds_pay_and_averages_persons() {
    let month = |of: &str, pay: &str, average: &str| {
        book(
            "wages",
            of,
            &format!(
                "kind=1 closing=90 average={average} total={pay} basic=1 | kind=2 closing=4 average=4 total=20000"
            ),
        )
    };
    let books = [
        month("2026-04", "600000", "90"),
        month("2026-05", "610499", "91"),
        month("2026-06", "620000", "92"),
        month("2026-01", "1000", "80"),
        month("2026-02", "1000", "80"),
        month("2026-03", "1000", "80"),
    ];
    let derived = derive("202-1", "2026-Q2", &books);
    let expected = [
        ("c01", "94"),
        ("c05", "90"),
        ("c06", "4"),
        ("c08", "95"),
        ("c09", "91"),
        ("c12", "1890"),
        ("c13", "1830"),
        ("c13_ytd", "1833"),
        ("c09_ytd", "86"),
    ];
    for (cell, expected) in expected {
        assert_eq!(given(&derived, cell), Some(number(expected)), "{cell}");
    }
    assert_eq!(missing(&derived, "c07"), None, "no other persons");
}

#[test]
fn products_become_rows_and_keep_their_numbers() {
    let books = [book(
        "output",
        "2026-03",
        "name=水泥 code=3011 unit=吨 produced=120 price=300 sold=100 sales=29000 | name=水泥管 produced=5 price=1000 sold=1 sales=900",
    )];
    let derived = derive("B204-1", "2026-03", &books);
    assert_eq!(given(&derived, "c01"), Some(number("41")));
    assert_eq!(given(&derived, "c03"), Some(number("30")), "29,900 yuan are 30 thousand");
    let form = form("B204-1");
    let there = CellId::new("p.4.code");
    let cells: Cells = [(there, cell(Value::Text("3011".into())))].into();
    let rows = form.derive_rows(period("2026-03"), &cells, &books);
    let told: Vec<(&str, String)> = rows.cells.iter().map(|g| (g.cell.as_str(), g.value.print())).collect();
    let expected = [("p.4.1", "120"), ("p.4.name", "水泥"), ("p.4.unit", "吨")];
    assert_eq!(told, expected.map(|(cell, value)| (cell, value.to_owned())));
    let [(list, reason)] = rows.missing.as_slice() else { panic!("{:?}", rows.missing) };
    assert!(list.contains("主要工业产品产量") && reason.contains("有 1 行没有带入:没有填“产品代码”"), "{reason}");
}

#[test]
fn projects_carry_their_year_and_their_whole_life() {
    let books = [
        book("project", "2026-01", "id=A1 name=新厂房 planned=9000 building=800 own_funds=900"),
        book("project", "2026-02", "id=A1 name=新厂房 planned=9000 building=400.4 equipment=100 before=800"),
    ];
    let rows = form("206-1").derive_rows(period("2026-02"), &Cells::new(), &books);
    let told: BTreeMap<&str, String> = rows.cells.iter().map(|g| (g.cell.as_str(), g.value.print())).collect();
    for (cell, expected) in
        [("x.1.B140", "500"), ("x.1.B103", "1,300"), ("x.1.B106", "1,200"), ("x.1.B130", "900"), ("x.1.id", "A1")]
    {
        assert_eq!(told.get(cell).map(String::as_str), Some(expected), "{cell}");
    }
    assert!(rows.missing.is_empty(), "{:?}", rows.missing);
}

#[test]
fn mistakes_in_a_ledger_are_named() {
    let cases = [
        (
            "ledgers/output.toml",
            "follows = \"closing\"",
            "follows = \"closed\"",
            "没有栏目“closed”。follows 应是另一个栏目的 id。",
        ),
        ("ledgers/output.toml", "id = \"price\"", "id = \"Price\"", "台账栏目“Price”的 id 应以小写字母开头"),
        ("ledgers/output.toml", "- nvl(sold, 0)", "- nvl(solt, 0)", "solt"),
        (
            "ledgers/output.toml",
            "{ name = \"product\", unit = \"unit_of_measure\", produced",
            "{ unit = \"unit_of_measure\", produced",
            "归集没有说明“name”取自哪里,分不出各行。",
        ),
        ("ledgers/output.toml", "not_added = [\"opening\"", "not_added = [\"opened\"", "台账没有栏目“opened”。"),
        ("derivations/B204-1.toml", "output__sum__value", "output__sum__valve", "产值产量台账没有数值栏目“valve”。"),
        ("derivations/B204-1.toml", "output__sum__value", "outpost__sum__value", "本制度没有台账“outpost”。"),
        ("derivations/B204-1.toml", "output__sum__value", "output__total__value", "不是余额,也不是台账数"),
        ("derivations/B204-1.toml", "output__sum__value\"", "output__sum__value\"\nmeasure = \"吨\"", ""),
        ("derivations/B204-1.toml", "\"1\" = \"sum.produced\"", "\"1\" = \"produced\"", "应写成 sum.栏目"),
        ("derivations/B204-1.toml", "code = \"sum.code\", ", "", "没有说明清单的“code”取自哪里,分不出各行。"),
        ("programme.toml", "\"output\", ", "", "本制度没有台账“output”"),
    ];
    for (path, from, to, message) in cases {
        let mut files = crate::make::industry();
        let text = files.get(path).expect(path).to_owned();
        assert!(text.contains(from), "{path} holds no {from}");
        files.put(path, &text.replacen(from, to, 1));
        let errors = load_with(&files).expect_err(message);
        assert!(errors.iter().any(|error| error.to_string().contains(message)), "{message}: {errors:?}");
    }
}

#[test]
fn a_gathered_blank_is_no_zero() {
    let energy = ledger("energy");
    let found = energy.gather(&energy.gathers[0], &slips(&[("电力", "万千瓦时", "", "")]));
    let row = found.rows.values().next().unwrap();
    assert!(!row.values.contains_key("purchased"), "{row:?}");
    assert_eq!(*value_of(&Cells::new(), &CellId::new("r.1.purchased")), Value::Blank);
}

#[test]
fn a_result_with_too_many_digits_is_told_and_nothing_overflows() {
    let crops = ledger("crops");
    let rows = cells(
        crops,
        "farm=甲 crop=麦 season=1 area=999999999999999999 yield=999999999999999999 | farm=乙 crop=麦 season=1 area=999999999999999999",
    );
    assert_eq!(value(crops, &rows, 1, "produced"), None);
    assert_eq!(crops.problems(&rows), ["第 1 行的“产量”超过 18 位数,请核对各栏的计量单位。"]);
    assert_eq!(crops.sum(&rows, "area"), Some(number("1999999999999999998")));
    let energy = ledger("energy");
    let big = "999999999999999999";
    let found =
        energy.gather(&energy.gathers[0], &slips(&[("电力", "亿千瓦时", big, ""), ("电力", "亿千瓦时", big, "")]));
    assert!(!found.rows[&vec!["33".to_owned()]].values.contains_key("purchased"));
    assert_eq!(found.left_out.get("“购进量”的合计超过 18 位数"), Some(&2));
}

#[test]
fn two_products_of_one_code_are_one_row_and_a_project_that_rested_stays_in_the_list() {
    let books = [book(
        "output",
        "2026-03",
        "name=水泥A code=3011 unit=吨 produced=100 | name=水泥B code=3011 unit=吨 produced=20.5",
    )];
    let rows = form("B204-1").derive_rows(period("2026-03"), &Cells::new(), &books);
    let told: Vec<(&str, String)> = rows.cells.iter().map(|g| (g.cell.as_str(), g.value.print())).collect();
    let expected = [("p.1.1", "120.5"), ("p.1.code", "3011"), ("p.1.name", "水泥B"), ("p.1.unit", "吨")];
    assert_eq!(told, expected.map(|(cell, value)| (cell, value.to_owned())));
    let books = [
        book(
            "project",
            "2026-01",
            "id=A1 name=旧厂房 planned=5000 building=300 | id=A2 name=新厂房 planned=6000 building=10",
        ),
        book("project", "2026-02", "id=A2 name=新厂房 planned=6000 building=20 before=10"),
    ];
    let rows = form("206-1").derive_rows(period("2026-02"), &Cells::new(), &books);
    let value = |cell: &str| rows.cells.iter().find(|g| g.cell.as_str() == cell).map(|g| g.value.print());
    assert_eq!([value("x.1.id"), value("x.1.B106"), value("x.1.B140")], [Some("A1".into()), Some("300".into()), None]);
    assert_eq!([value("x.2.B106"), value("x.2.B140")], [Some("30".into()), Some("20".into())]);
}

#[test]
fn nothing_recorded_is_unknown_and_a_row_that_was_cleared_is_gone() {
    let output = ledger("output");
    let rows = cells(
        output,
        "name=棉布 price=9 | name=棉纱 produced=3 | name=加工 processing=500 | name=布 produced=2 price=10",
    );
    let values = [1, 2, 3, 4].map(|row| value(output, &rows, row, "value"));
    assert_eq!(values, [None, None, Some(number("500")), Some(number("20"))]);
    let book = |rows: Cells| Book { cells: rows, ..book("output", "2026-03", "name=x") };
    let derived = derive("B204-1", "2026-03", &[book(rows.clone())]);
    assert!(missing(&derived, "c01").unwrap().contains("2026年3月第 2 行没有算出"), "a price is missing");
    // Clearing what was typed in a row takes its computed cells along.
    let mut cleared = rows;
    for column in ["name", "produced"] {
        cleared.remove(&CellId::new(format!("r.2.{column}")));
    }
    let cleared = output.compute(cleared, Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH);
    assert_eq!(output.rows.rows(&cleared).into_iter().collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(output.problems(&cleared), Vec::<String>::new());
    assert_eq!(
        given(&derive("B204-1", "2026-03", &[book(cleared)]), "c01"),
        Some(number("1")),
        "520 yuan are 1 thousand"
    );
}

#[test]
fn a_mean_runs_over_no_blank_and_a_coefficient_weighs_only_what_has_one() {
    let month = |of: &str, average: &str| book("wages", of, &format!("kind=1 closing=90 total=100 {average}"));
    let books = [month("2026-04", "average=90"), month("2026-05", ""), month("2026-06", "average=92")];
    let derived = derive("202-1", "2026-Q2", &books);
    assert!(missing(&derived, "c09").unwrap().contains("2026年5月没有填"), "{:?}", missing(&derived, "c09"));
    let books = [
        book("energy", "2026-01", "energy=01 production=100"),
        book("energy", "2026-02", "energy=01 production=100 coefficient=0.7"),
    ];
    assert_eq!(given(&derive("205-1", "2026-02", &books), "c01_8"), Some(number("0.7")));
}

#[test]
fn money_with_a_direction_is_told_apart_and_the_last_stock_stands() {
    let till = ledger("till");
    let column = |key: &str, is_number| RecordColumn { key: key.into(), name: key.into(), is_number };
    let row = |direction: &str, amount: &str| RecordRow {
        row: 2,
        values: vec![Some(RecordValue::Text(direction.into())), Some(RecordValue::Number(number(amount)))],
    };
    let table = RecordTable {
        columns: vec![column("direction", false), column("amount", true)],
        rows: vec![row("贷", "700"), row("借", "20"), row("贷", "300")],
        ..RecordTable::default()
    };
    let found = till.gather(&till.gathers[0], &table);
    assert_eq!(found.rows[&vec!["4".to_owned()]].values["receipts"], Value::Number(number("1000")));
    assert!(found.left_out.is_empty(), "{:?}", found.left_out);
    let goods = ledger("goods");
    let names = [("category", false), ("incoming_amount", true), ("closing_amount", true)];
    let stock = |class: &str, incoming: &str, closing: &str| RecordRow {
        row: 2,
        values: vec![
            Some(RecordValue::Text(class.into())),
            Some(RecordValue::Number(number(incoming))),
            Some(RecordValue::Number(number(closing))),
        ],
    };
    let table = RecordTable {
        columns: names.into_iter().map(|(key, is_number)| column(key, is_number)).collect(),
        rows: vec![stock("汽车类", "50", "60"), stock("汽车类", "10", "48")],
        ..RecordTable::default()
    };
    let found = goods.gather(&goods.gathers[0], &table);
    let values = &found.rows.values().next().unwrap().values;
    assert_eq!(
        (&values["purchases"], &values["closing"]),
        (&Value::Number(number("60")), &Value::Number(number("48")))
    );
}

#[test]
fn a_row_that_the_respondent_cleared_stays_cleared_and_a_new_one_goes_behind_it() {
    let books = [book(
        "output",
        "2026-03",
        "name=甲 code=11 unit=吨 produced=1 | name=乙 code=12 unit=吨 produced=2 | name=丙 code=13 unit=吨 produced=3",
    )];
    let form = form("B204-1");
    let first = form.derive_rows(period("2026-03"), &Cells::new(), &books[..1]);
    let by = (Id::new(Uuid::nil()), youju_domain::Instant::UNIX_EPOCH);
    let mut cells = gathered(Cells::new(), first.cells, by.0, by.1);
    // Row 2 is cleared, row 3 was never there.
    cells.retain(|id, _| !id.as_str().starts_with("p.3."));
    for column in ["code", "name", "unit", "1"] {
        let cell = cells.get_mut(&CellId::new(format!("p.2.{column}"))).unwrap();
        let was = std::mem::replace(&mut cell.value, Value::Blank);
        (cell.generated, cell.state) = (Some(was), ValueState::Edited);
    }
    let again = form.derive_rows(period("2026-03"), &cells, &books);
    let numbers: Vec<&str> = again.cells.iter().map(|g| g.cell.as_str()).collect();
    assert_eq!(numbers, ["p.1.1", "p.1.code", "p.1.name", "p.1.unit", "p.3.1", "p.3.code", "p.3.name", "p.3.unit"]);
}
