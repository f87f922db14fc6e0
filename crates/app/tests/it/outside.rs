//! 部门数据: tables that departments hand over, read and judged row by row, replaced by later ones, beside what units report, and
//! never shown to units.

use rust_decimal::Decimal;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::list::PageRequest;
use youju_app::outside::{self, Line, Looked, Table, Wanted, read_table};
use youju_app::{App, Error, Result};
use youju_codes::{Measure, Period, Usci};
use youju_domain::access::Actor;
use youju_domain::id::ReportId;
use youju_domain::outside::{Fate, Import, Verdict};
use youju_domain::report::{Level, State};
use youju_sheet::{CellOut, ColumnOut, Table as Written, write_xlsx};
use youju_store::journal;
use youju_testkit::{County, TRIAL_BALANCE, new_unit, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn code(factory: usize) -> String {
    new_unit(factory, "330781001000", "1411").usci.as_str().to_owned()
}

fn wanted(item: &str, period: &str) -> Wanted {
    Wanted { item: item.into(), period: period.into(), origin: "市税务局 4 月 10 日提供".into() }
}

fn read(app: &App, period: &str, csv: &str) -> Result<Table> {
    read_table(app, &wanted("vat_sales", period), "三月.csv", csv.as_bytes().to_vec())
}

/// A table of 元 with one row for each pair.
fn table(app: &App, rows: &[(String, &str)]) -> Table {
    let lines: Vec<String> = rows.iter().map(|(code, value)| format!("{code},某厂,{value}")).collect();
    read(app, "2026-03", &format!("纳税人识别号,纳税人名称,申报销售额\n{}\n", lines.join("\n"))).unwrap()
}

async fn looked(app: &App, by: &Actor, table: &Table) -> Result<Looked> {
    look(app, by, async |cx| outside::look(cx, table).await).await
}

async fn take(app: &App, by: &Actor, table: &Table) -> Result<Vec<Import>> {
    let (shown, ..) = looked(app, by, table).await?.counts();
    act(app, by, async |cx| outside::import(cx, table, shown).await).await
}

async fn beside(app: &App, by: &Actor, report: ReportId) -> Result<Vec<Line>> {
    outside::of_report(app, by, report).await
}

/// The journal's entries of this action.
async fn journalled(app: &App, action: &str, object: (&str, String)) -> usize {
    let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), object.0, &object.1).await?)).await.unwrap();
    entries.iter().filter(|entry| entry.action == action).count()
}

#[test]
fn whatever_a_table_looks_like_it_is_understood_or_refused_with_its_reason() {
    on_sqlite(async |app| {
        // Period, table, and what is understood or a piece of the refusal.
        let cases: &[(&str, &str, std::result::Result<Measure, &str>)] = &[
            ("2026-03", "统一社会信用代码,单位名称,申报销售额\nA,某厂,1\n", Ok(Measure::Yuan)),
            ("2026-03", "社会信用代码(纳税人识别号),应税销售额(万元)\nA,1\n", Ok(Measure::TenThousandYuan)),
            (
                "2026-03",
                "2026年3月申报情况,,\n金额单位:千元,,\n纳税人识别号,纳税人名称,销售额\nA,某厂,1\n",
                Ok(Measure::ThousandYuan),
            ),
            // An item's own column goes before one that any table may have.
            ("2026-03", "纳税人识别号,销售额,金额\nA,1,2\n", Ok(Measure::Yuan)),
            ("2026-03", "纳税人识别号,金额\nA,2\n", Ok(Measure::Yuan)),
            ("", "纳税人识别号,税款所属期,销售额\nA,2026-03,2\n", Ok(Measure::Yuan)),
            ("", "纳税人识别号,销售额\nA,2\n", Err("请填写报告期")),
            ("2026-13", "纳税人识别号,销售额\nA,2\n", Err("2026-13")),
            ("2026-03", "纳税人识别号,销售额(吨)\nA,2\n", Err("表里的计量单位是“吨”,不能换算")),
            ("2026-03", "单位:万元,\n纳税人识别号,销售额(元)\nA,2\n", Err("请改成一样的")),
            ("2026-03", "纳税人识别号,销售额,应税销售额\nA,2,3\n", Err("应税销售额")),
            ("2026-03", "纳税人名称,销售额\n某厂,2\n", Err("统一社会信用代码")),
            ("2026-03", "纳税人识别号,税额\nA,2\n", Err("工作表")),
            ("2026-03", "纳税人识别号,销售额\n,\n", Err("没有数据")),
            ("2026-03", "", Err("")),
            ("2026-03", "PK\u{3}\u{4}not a workbook", Err("")),
        ];
        for (period, csv, expected) in cases {
            let seen = read(&app, period, csv);
            match (seen, expected) {
                (Ok(table), Ok(measure)) => assert_eq!(table.measure, *measure, "{csv}"),
                (Err(Error::Problem(problem)), Err(piece)) => {
                    assert!(problem.says().contains(piece), "{csv}: {}", problem.says());
                }
                (seen, _) => panic!("{csv}: {seen:?}"),
            }
        }
        let unknown = read_table(&app, &wanted("rumours", "2026-03"), "a.csv", b"a".to_vec());
        assert_eq!(refusal(unknown).code(), "not_found");
        let nobody = Wanted { origin: " ".into(), ..wanted("vat_sales", "2026-03") };
        assert!(refusal(read_table(&app, &nobody, "a.csv", b"a".to_vec())).says().contains("谁、什么时候提供的"));
        // Columns that are not used are named, and the row's number is that of the file.
        let table =
            read(&app, "2026-03", "申报表,,,\n纳税人识别号,销售额,税额,主管税务机关\n,,,\nA,2,3,城关分局\n").unwrap();
        assert_eq!((table.unused.join("、").as_str(), table.rows[0].row), ("税额、主管税务机关", 4));
    });
}

#[test]
fn a_workbook_keeps_every_digit_and_a_row_of_another_period_is_wrong() {
    on_sqlite(async |app| {
        let county = County::open(&app).await;
        let columns = ["统一社会信用代码", "报告期", "用电量(万千瓦时)"].map(ColumnOut::new).into_iter().collect();
        let cell = |text: &str| CellOut::from(text);
        let rows = vec![
            vec![cell(&code(0)), cell("2026-03"), CellOut::Number(number("12.3456"))],
            vec![cell(&code(1)), cell("2026年2月"), CellOut::Number(number("1"))],
            vec![cell(&code(1)), cell("三月"), CellOut::Number(number("1"))],
        ];
        let mut file = Vec::new();
        write_xlsx(&mut file, Written { title: "2026年3月售电量".into(), columns, rows }).unwrap();
        let read = |period: &str| read_table(&app, &wanted("power_use", period), "电.xlsx", file.clone()).unwrap();
        let seen = looked(&app, &county.county, &read("2026Q1")).await.unwrap();
        let said: Vec<String> = seen
            .rows
            .iter()
            .map(|(row, fate)| match fate {
                Fate::Taken { value, .. } => format!("{} {value}", row.row),
                Fate::Left(reason) | Fate::Wrong(reason) => format!("{} {reason}", row.row),
            })
            .collect();
        assert!(said[0].ends_with(" 12.3456"), "{said:?}");
        assert!(said[1].contains("报告期为 2026年1—2月,与所填的 2026年1—3月 不同"), "{said:?}");
        assert_eq!(seen.counts(), (1, 0, 2), "{said:?}");
        // Where every row says its own period, each becomes an import of its own.
        let seen = looked(&app, &county.county, &read("")).await.unwrap();
        assert_eq!(seen.counts(), (2, 0, 1));
    });
}

#[test]
fn a_table_comes_in_whole_or_not_at_all_and_what_is_left_is_told() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let stranger = Usci::with_check("91330783FAKE00000").unwrap();
        let rows = |last: &'static str| {
            vec![
                (code(0), "120000000"),
                (stranger.as_str().to_owned(), "5"),
                ("合计".to_owned(), "120000005"),
                (code(1), last),
            ]
        };
        // One wrong row about a unit of ours, and nothing comes in.
        let spoilt = table(&app, &rows("12万"));
        let refused = take(&app, &county.county, &spoilt).await;
        assert!(refusal(refused).says().contains("第 5 行"), "the row is named");
        let none = look(&app, &county.county, async |cx| outside::list(cx, ALL).await).await.unwrap();
        assert_eq!(none.total, 0);
        let good = table(&app, &rows("130000000.55"));
        let seen = looked(&app, &county.county, &good).await.unwrap();
        assert_eq!((seen.counts(), seen.replaces.len()), ((2, 2, 0), 0));
        // The register has changed since the look: look again.
        let changed = act(&app, &county.county, async |cx| outside::import(cx, &good, 3).await).await;
        assert_eq!(refusal(changed).code(), "conflict");
        let [import] = take(&app, &county.county, &good).await.unwrap().try_into().unwrap();
        assert_eq!((import.left, import.file_hash.len(), import.by), (2, 64, county.county.person));
        assert_eq!(journalled(&app, "outside.imported", ("outside", import.id.to_string())).await, 1);
        let (_, left) = look(&app, &county.county, async |cx| outside::get(cx, import.id).await).await.unwrap();
        let left: Vec<(u32, &str)> = left.iter().map(|row| (row.row, row.reason.as_str())).collect();
        assert_eq!(left[0], (3, "名录库中本辖区没有这个单位。"));
        assert!(left[1].0 == 4 && left[1].1.contains("统一社会信用代码不对"), "{left:?}");
        // A table about nobody here is none.
        let strange = table(&app, &[(stranger.as_str().to_owned(), "5")]);
        assert!(refusal(take(&app, &county.county, &strange).await).says().contains("没有可以导入的数据"));
        // The neighbour sees neither the import nor our units.
        assert_eq!(looked(&app, &county.neighbour, &good).await.unwrap().counts(), (0, 4, 0));
        let theirs = look(&app, &county.neighbour, async |cx| outside::get(cx, import.id).await).await;
        assert_eq!(refusal(theirs).code(), "not_found");
        assert_eq!(look(&app, &county.neighbour, async |cx| outside::list(cx, ALL).await).await.unwrap().total, 0);
    });
}

#[test]
fn a_report_stands_beside_its_past_its_ledger_and_the_department_for_offices_only() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let factory = county.factories[0].clone();
        let march = Period::parse("2026-03").unwrap();
        let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        act(&app, &factory.clerk, async |cx| import_trial_balance(cx, factory.unit, march, file).await).await.unwrap();
        let id = county.bring(0, State::Submitted).await;
        let bare = beside(&app, &county.county, id).await.unwrap();
        assert_eq!((bare.len(), bare[0].compared.verdict), (1, Verdict::NoFigure));
        let views = ("outside_view", id.to_string());
        assert_eq!(journalled(&app, "outside.viewed", views.clone()).await, 0, "there was nothing to see");
        let rows = [(code(0), "100000000.55")];
        take(&app, &county.county, &table(&app, &rows)).await.unwrap();
        let [line] = beside(&app, &county.county, id).await.unwrap().try_into().unwrap();
        assert_eq!((line.label.as_str(), line.measure), ("营业收入", Measure::ThousandYuan));
        assert_eq!(line.compared.reported, Some(number("120000")));
        assert_eq!(line.ledger, Some(number("120000")));
        assert_eq!(line.compared.outside, Some(number("100000.00055")));
        assert_eq!(line.compared.difference, Some(number("19999.99945")));
        assert_eq!((line.compared.verdict, line.previous, line.last_year), (Verdict::Beyond, None, None));
        assert_eq!(journalled(&app, "outside.viewed", views.clone()).await, 1);
        // The township might fill in for the unit, the unit would know what figure fits; the neighbour finds nothing.
        for nobody in [&county.township, &factory.clerk, &factory.head] {
            assert!(beside(&app, nobody, id).await.unwrap().is_empty(), "{}", nobody.name);
        }
        for stranger in [&county.factories[1].clerk, &county.neighbour, &county.admin] {
            assert_eq!(refusal(beside(&app, stranger, id).await).code(), "not_found", "{}", stranger.name);
        }
        assert_eq!(journalled(&app, "outside.viewed", views).await, 1, "nobody else has seen anything");
        let seen = journalled(&app, "outside.viewed", ("report", id.to_string())).await;
        assert_eq!(seen, 0, "the history of the report, which the unit reads, does not tell");
    });
}

#[test]
fn a_later_table_replaces_an_earlier_one_where_it_covers_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let id = county.bring(0, State::Submitted).await;
        let says = async |value: &str| {
            let [line] = beside(&app, &county.county, id).await.unwrap().try_into().unwrap();
            assert_eq!(line.compared.outside.map(|value| value.to_string()).as_deref().unwrap_or_default(), value);
        };
        take(&app, &county.county, &table(&app, &[(code(0), "1000"), (code(1), "2000")])).await.unwrap();
        says("1").await;
        let second = table(&app, &[(code(0), "3000")]);
        assert_eq!(looked(&app, &county.county, &second).await.unwrap().replaces.len(), 1);
        take(&app, &county.county, &second).await.unwrap();
        says("3").await;
        // The city's table of the whole city counts now, and it says nothing about the first factory: missing is not the older one.
        take(&app, &county.city, &table(&app, &[(code(1), "7000")])).await.unwrap();
        says("").await;
        let listed = look(&app, &county.county, async |cx| outside::list(cx, ALL).await).await.unwrap();
        let standing: Vec<(bool, u64)> = listed.rows.iter().map(|row| (row.counts, row.listed.figures)).collect();
        assert_eq!(standing, [(true, 1), (false, 1), (false, 2)], "the newest first; what was replaced stays");
        let neighbours = look(&app, &county.neighbour, async |cx| outside::list(cx, ALL).await).await.unwrap();
        assert_eq!(
            neighbours.rows.iter().map(|row| row.listed.figures).collect::<Vec<_>>(),
            [0],
            "the city's, without ours"
        );
    });
}

#[test]
fn a_window_lists_its_units_by_how_far_they_lie_apart() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 5).await;
        for (factory, state) in
            [State::Submitted, State::Submitted, State::Submitted, State::Returned].into_iter().enumerate()
        {
            county.bring(factory, state).await;
        }
        let rows = [(code(0), "119000000"), (code(1), "40000000"), (code(3), "9000000"), (code(4), "0")];
        take(&app, &county.city, &table(&app, &rows)).await.unwrap();
        let of = async |by: &Actor, of: &str| outside::of_window(&app, by, county.window, of).await;
        let found = of(&county.county, "").await.unwrap();
        let seen: Vec<(usize, Verdict)> = found
            .units
            .iter()
            .map(|unit| {
                let place = county.factories.iter().position(|factory| factory.report == unit.report.id);
                (place.unwrap(), unit.compared.verdict)
            })
            .collect();
        let expected = [
            (1, Verdict::Beyond),
            (0, Verdict::Within),
            (3, Verdict::NotReported),
            (4, Verdict::NotReported),
            (2, Verdict::NoFigure),
        ];
        assert_eq!(seen, expected, "what is being mended is not reported");
        assert_eq!(found.units[0].compared.difference, Some(number("80000")));
        let views = ("outside_view", county.window.to_string());
        assert_eq!(journalled(&app, "outside.viewed", views).await, 1);
        let (name, file) = outside::csv(&found).unwrap();
        assert_eq!(name, "部门数据对照 B203 2026年3月 增值税申报销售额(本年累计).csv");
        let text = String::from_utf8(file).unwrap();
        assert!(text.starts_with('\u{feff}') && text.contains(",80000,差异大\r\n"), "{text}");
        assert_eq!(of(&county.county, "vat_sales/c301").await.unwrap().chosen, 0);
        assert_eq!(refusal(of(&county.county, "vat_sales/c999").await).code(), "not_found");
        let marked = async |by: &Actor| look(&app, by, async |cx| outside::beyond(cx, county.window).await).await;
        assert_eq!(marked(&county.county).await.unwrap().into_iter().collect::<Vec<_>>(), [county.factories[1].report]);
        assert!(marked(&county.township).await.unwrap().is_empty());
        assert_eq!(refusal(of(&county.township, "").await).code(), "access.forbidden");
        for stranger in [&county.factories[1].clerk, &county.neighbour, &county.admin] {
            assert_eq!(refusal(of(stranger, "").await).code(), "not_found", "{}", stranger.name);
        }
        // Acceptance changes nothing about it.
        act(&app, &county.county, async |cx| youju_app::review::accept(cx, county.factories[1].report).await)
            .await
            .unwrap();
        assert_eq!(county.report(county.factories[1].report).await.state, State::Accepted(Level::County));
        assert_eq!(of(&county.city, "").await.unwrap().number(Verdict::Beyond), 1);
    });
}

#[test]
fn units_townships_and_the_administrator_hand_nothing_in() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let rows = table(&app, &[(code(0), "1000")]);
        for (actor, expected) in [
            (&county.township, "access.forbidden"),
            (&county.factories[0].clerk, "not_found"),
            (&county.factories[0].head, "not_found"),
            (&county.admin, "not_found"),
        ] {
            let answer = act(&app, actor, async |cx| outside::import(cx, &rows, 1).await).await;
            assert_eq!(refusal(answer).code(), expected, "{}", actor.name);
            let list = look(&app, actor, async |cx| outside::list(cx, ALL).await).await;
            assert_eq!(refusal(list).code(), expected, "{}", actor.name);
        }
        let nobody = app.write(None, async |cx| outside::import(cx, &rows, 1).await).await;
        assert_eq!(refusal(nobody).code(), "access.signed_out");
    });
}
