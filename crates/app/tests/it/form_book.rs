//! A report that is filled in Excel: what is taken, what is refused and where, what somebody else has changed meanwhile.

use youju_app::form_book::{self, FILE_BYTES_MAX, Incoming, Mode, Preview};
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::{App, Result, generate, survey};
use youju_domain::access::Actor;
use youju_domain::finding::Standing;
use youju_domain::id::ReportId;
use youju_domain::report::{CellId, Level, State};
use youju_store::journal;
use youju_testkit::{County, FIGURES, Factory, TRIAL_BALANCE, Workbook, figures, new_window, on_both_engines};

use crate::make::{act, actions, look, printed, refusal, save, typed};

/// The report as a workbook.
async fn exported(app: &App, by: &Actor, id: ReportId) -> Workbook {
    let out = look(app, by, async |cx| form_book::export(cx, id).await).await.unwrap();
    Workbook::open(&form_book::file(out).await.unwrap())
}

fn sent(workbook: &Workbook) -> Incoming {
    form_book::read("填好的表.xlsx", &workbook.save()).unwrap()
}

async fn shown(app: &App, by: &Actor, id: ReportId, workbook: &Workbook) -> Result<Preview> {
    let file = sent(workbook);
    look(app, by, async |cx| form_book::preview(cx, id, &file).await).await
}

/// Takes a workbook as it was shown a moment ago.
async fn take(app: &App, by: &Actor, id: ReportId, workbook: &Workbook, mode: Mode) -> Result<Preview> {
    let file = sent(workbook);
    let seen = shown(app, by, id, workbook).await?.revision;
    act(app, by, async |cx| form_book::take(cx, id, &file, mode, seen).await).await
}

async fn copy(app: &App, by: &Actor, id: ReportId, workbook: &Workbook) -> Workbook {
    let file = sent(workbook);
    let copy = look(app, by, async |cx| form_book::annotated(cx, id, &file).await).await.unwrap();
    Workbook::open(&copy.1)
}

fn row_of(cell: &str) -> &str {
    cell.strip_prefix('c').unwrap()
}

#[test]
fn a_report_that_was_filled_in_excel_can_be_signed_and_the_journal_knows_the_file() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, name, .. } = &county.factories[0];
        let out = look(&app, clerk, async |cx| form_book::export(cx, *id).await).await.unwrap();
        assert_eq!(out.name, format!("B203 {name} 2026年1—3月.xlsx"));
        let mut workbook = exported(&app, clerk, *id).await;
        for (cell, value) in FIGURES {
            workbook.put(row_of(cell), "", &value.replace(',', ""));
        }
        let taken = take(&app, clerk, *id, &workbook, Mode::Whole).await.unwrap();
        assert_eq!(taken.changes.len(), FIGURES.len());
        assert!(taken.findings.iter().all(|finding| finding.standing(false) == Standing::Told));
        let report = county.report(*id).await;
        assert!(FIGURES.iter().all(|(cell, value)| printed(&report.cells, cell) == *value));
        act(&app, clerk, async |cx| youju_app::report::sign(cx, *id).await).await.unwrap();

        let entries = look(&app, clerk, async |cx| Ok(journal::of_object(cx.tx(), "report", &id.to_string()).await?));
        let entries = entries.await.unwrap();
        assert_eq!(entries[0].action, "report.imported_form");
        assert_eq!(entries[0].payload["file_name"], "填好的表.xlsx");
        let hash = entries[0].payload["file_hash"].as_str().unwrap();
        assert_eq!(hash, youju_app::crypto::sha256(&workbook.save()));
    });
}

#[test]
fn what_cannot_stand_in_its_cell_is_named_by_cell_as_on_the_page_and_its_row_is_left() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let cases = [
            ("301", "12万", "“营业收入”应为千元整数,现为“12万”(第 3 位"),
            ("307", "90001.5", "“营业成本”应为千元整数,现为“90001.5”。请四舍五入为整数。"),
            ("213", "不适用", "“资产总计”必须填报,不能填“不适用”。没有的请填 0。"),
            ("601", "#REF!", "公式出错,显示为“#REF!”。请改正公式,或直接填写内容。"),
        ];
        let mut workbook = exported(&app, clerk, *id).await;
        for (row, text, _) in cases {
            workbook.put(row, "", text);
        }
        workbook.put("201", "", "80000");
        workbook.put("331", "", "—");
        let shown = shown(&app, clerk, *id, &workbook).await.unwrap();
        assert_eq!((shown.refused.len(), shown.rows_left, shown.changes.len()), (cases.len(), cases.len(), 2));
        for (_, text, says) in cases {
            let mistake = shown.refused.iter().find(|mistake| mistake.found == text).expect(text);
            assert!(mistake.says.starts_with(says), "{}", mistake.says);
            assert!(mistake.place.starts_with("工作表“工业 财务状况”E"), "{}", mistake.place);
        }
        // Nothing at all, or the rows that are right.
        let refused = refusal(take(&app, clerk, *id, &workbook, Mode::Whole).await);
        assert_eq!(refused.code(), "ledger.bad_file");
        assert!(actions(&app, *id).await.is_empty());
        take(&app, clerk, *id, &workbook, Mode::CorrectRows).await.unwrap();
        let cells = county.report(*id).await.cells;
        assert_eq!((cells.len(), printed(&cells, "c201"), printed(&cells, "c331")), (2, "80,000".into(), "—".into()));

        // The copy names each mistake in its cell, and what the checks say after the right rows were taken.
        let mut copy = copy(&app, clerk, *id, &workbook).await;
        let words = copy.words();
        assert!(words.contains("已接收 2 行,有错未接收 4 行"), "{words}");
        for (_, _, says) in cases {
            assert!(words.contains(says), "{says} is not in the copy");
        }
        assert!(words.contains("审核 R309"), "{words}");
        // It is mended and comes home by itself.
        for (row, text) in [("301", "120000"), ("307", "90001"), ("213", "150000"), ("601", "80"), ("201", "80001")] {
            copy.put(row, "", text);
        }
        let taken = take(&app, clerk, *id, &copy, Mode::Whole).await.unwrap();
        assert_eq!((taken.changes.len(), taken.rows_left), (5, 0));
        assert_eq!(printed(&county.report(*id).await.cells, "c201"), "80,001");
    });
}

#[test]
fn what_somebody_changed_since_the_workbook_went_out_is_told_and_never_overwritten() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &[typed("c309", "", "600")]).await.unwrap();
        let mut workbook = exported(&app, clerk, *id).await;
        let page = [typed("c301", "", "120,000"), typed("c312", "", "3,000"), typed("c309", "600", "700")];
        save(&app, clerk, *id, &page).await.unwrap();
        // 301 was changed on both sides, 309 on the page only, 312 alike on both, 307 in the workbook only.
        for (row, text) in [("301", "5"), ("307", "90001"), ("312", "3000")] {
            workbook.put(row, "", text);
        }
        let shown = shown(&app, clerk, *id, &workbook).await.unwrap();
        assert_eq!((shown.conflicts.len(), shown.changes.len(), shown.kept.len()), (1, 1, 1));
        let says = "“营业收入”在导出以后已经改过:导出时是 空,现在是 120,000,文件里是 5。";
        assert!(shown.conflicts[0].says.starts_with(says), "{}", shown.conflicts[0].says);
        refusal(take(&app, clerk, *id, &workbook, Mode::Whole).await);
        take(&app, clerk, *id, &workbook, Mode::CorrectRows).await.unwrap();
        let cells = county.report(*id).await.cells;
        let stands = ["c301", "c307", "c309", "c312"].map(|cell| printed(&cells, cell));
        assert_eq!(stands, ["120,000", "90,001", "700", "3,000"]);
    });
}

#[test]
fn a_workbook_may_be_mended_and_brought_home_again_and_two_parts_of_it_do_not_wipe_each_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let blank = exported(&app, clerk, *id).await;
        let (mut finance, mut staff) = (blank.clone(), blank);
        finance.put("301", "", "120000");
        take(&app, clerk, *id, &finance, Mode::Whole).await.unwrap();
        // Another department filled the rest of the same workbook.
        staff.put("601", "", "80");
        let taken = take(&app, clerk, *id, &staff, Mode::Whole).await.unwrap();
        assert_eq!((taken.changes.len(), taken.kept.len()), (1, 1));
        finance.put("301", "", "120001");
        let taken = take(&app, clerk, *id, &finance, Mode::Whole).await.unwrap();
        assert_eq!((taken.changes[0].was.as_str(), taken.changes[0].value.as_str()), ("120,000", "120,001"));
        let cells = county.report(*id).await.cells;
        assert_eq!((printed(&cells, "c301"), printed(&cells, "c601")), ("120,001".into(), "80".into()));
    });
}

#[test]
fn what_moved_between_showing_and_taking_is_shown_again_first() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, .. } = &county.factories[0];
        let mut workbook = exported(&app, clerk, *id).await;
        workbook.put("301", "", "120000");
        let (file, seen) = (sent(&workbook), shown(&app, clerk, *id, &workbook).await.unwrap().revision);
        save(&app, clerk, *id, &[typed("c601", "", "80")]).await.unwrap();
        let taken = act(&app, clerk, async |cx| form_book::take(cx, *id, &file, Mode::Whole, seen).await).await;
        assert_eq!(refusal(taken).code(), "conflict");
        assert_eq!(printed(&county.report(*id).await.cells, "c301"), "");
    });
}

#[test]
fn a_file_that_is_not_of_this_report_is_refused_with_the_way_out() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let [own, other] = [0, 1].map(|at| county.factories[at].clone());
        let foreign = exported(&app, &other.clerk, other.report).await;
        let refused = refusal(shown(&app, &own.clerk, own.report, &foreign).await).says();
        assert!(
            refused.starts_with("文件是从另一份报表导出的,不是这份“B203 工业 财务状况 2026年1—3月”。"),
            "{refused}"
        );
        assert!(!refused.contains(&other.name), "another unit is not named");
        let plain = form_book::read("余额表.csv", TRIAL_BALANCE.as_bytes());
        assert!(refusal(plain).says().contains("不是本系统导出的报表"));
        let large = form_book::read("很大.xlsx", &vec![0; FILE_BYTES_MAX + 1]);
        assert_eq!(refusal(large).says(), "文件有 9 MB,报表工作簿不应超过 8 MB。");

        // Once the report is with the office, the file waits as the page does.
        let workbook = exported(&app, &own.clerk, own.report).await;
        county.bring(0, State::Submitted).await;
        assert_eq!(refusal(shown(&app, &own.clerk, own.report, &workbook).await).code(), "report.not_editable");
    });
}

#[test]
fn rows_that_are_added_in_excel_get_the_next_free_numbers_and_keep_them() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, unit, .. } = &county.factories[0];
        let mut new = new_window("330781", "2026-03");
        "B204-1".clone_into(&mut new.form);
        let period = new.period;
        act(&app, &county.county, async |cx| survey::open(cx, new).await).await.unwrap();
        let reports = look(&app, clerk, async |cx| youju_app::report::of_unit_and_period(cx, *unit, period).await);
        let reports = reports.await.unwrap();
        let id = reports.iter().find(|report| report.form == "B204-1").unwrap().id;
        let form = app.form("B204-1").unwrap();
        let list = form.lists.iter().find(|list| list.column("code").is_some()).unwrap();
        let cell = |row: u32, column: &str| format!("{}.{row}.{column}", list.id);
        save(&app, clerk, id, &[typed(&cell(2, "code"), "", "A1"), typed(&cell(2, "name"), "", "酱油")]).await.unwrap();

        let mut workbook = exported(&app, clerk, id).await;
        workbook.add(&list.id, &[("code", "B1"), ("name", "食醋")]);
        workbook.add(&list.id, &[("code", "B2"), ("name", "黄酒")]);
        // Meanwhile somebody types into the row that would have been next.
        save(&app, clerk, id, &[typed(&cell(3, "code"), "", "C1")]).await.unwrap();
        take(&app, clerk, id, &workbook, Mode::Whole).await.unwrap();
        let codes = async || {
            let cells = county.report(id).await.cells;
            [1, 2, 3, 4, 5, 6].map(|row| printed(&cells, &cell(row, "code")))
        };
        assert_eq!(codes().await, ["", "A1", "C1", "B1", "B2", ""]);
        let again = take(&app, clerk, id, &workbook, Mode::Whole).await.unwrap();
        assert!(again.changes.is_empty() && again.conflicts.is_empty());
        assert_eq!(codes().await, ["", "A1", "C1", "B1", "B2", ""]);

        // A row that is left out of the file is not taken out of the report, and that is told.
        workbook.remove(&format!("{}.2", list.id));
        let shown = shown(&app, clerk, id, &workbook).await.unwrap();
        assert!(
            shown.told.iter().any(|told| told.contains("没有第 2 行,报表里的这一行没有改动。")),
            "{:?}",
            shown.told
        );
        assert!(shown.changes.is_empty());
    });
}

#[test]
fn who_may_not_fill_gets_a_copy_to_read_and_takes_nothing() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, head, report: id, .. } = &county.factories[0];
        save(&app, clerk, *id, &figures()).await.unwrap();
        for by in [head, &county.township, &county.county, &county.city] {
            let mut workbook = exported(&app, by, *id).await;
            assert!(workbook.words().contains(&format!("副本,{} 2026-04-02 12:00 导出,只供查阅。", by.name)));
            assert_eq!(workbook.text("301", ""), "120000");
            workbook.put("301", "", "1");
            assert_eq!(refusal(shown(&app, by, *id, &workbook).await).code(), "access.forbidden", "{}", by.name);
        }
        for by in [&county.factories[1].clerk, &county.neighbour, &county.admin] {
            let out = look(&app, by, async |cx| form_book::export(cx, *id).await).await;
            assert_eq!(refusal(out.map(drop)).code(), "not_found");
        }
    });
}

#[test]
fn a_window_is_a_table_of_what_its_units_have_reported() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 4).await;
        county.bring(0, State::Submitted).await;
        county.bring(1, State::Accepted(Level::City)).await;
        county.bring(2, State::Draft).await;
        let words = async |by: &Actor| {
            let out = look(&app, by, async |cx| form_book::export_window(cx, county.window).await).await?;
            Ok::<_, youju_app::Error>(Workbook::open(&form_book::file(out).await?).words())
        };
        let all = words(&county.county).await.unwrap();
        assert!(all.contains("副本,县级统计人员 xian 2026-04-02 12:00 导出,只供查阅。"), "{all}");
        assert!(all.contains("应报 4 家,已上报 2 家;"), "{all}");
        let row = |words: &str, unit: usize| {
            let name = format!("|{}|", county.factories[unit].name);
            words.lines().find(|line| line.contains(&name)).map(str::to_owned)
        };
        assert!(row(&all, 0).unwrap().contains("|已上报|") && row(&all, 0).unwrap().contains("|120000|"));
        assert!(row(&all, 1).unwrap().contains("|市级已验收|") && row(&all, 1).unwrap().contains("|90001|"));
        // What is still being typed is nobody's business yet.
        assert!(row(&all, 2).unwrap().ends_with("|填报中") && row(&all, 3).unwrap().ends_with("|未填报"));
        let own = words(&county.township).await.unwrap();
        assert_eq!([0, 1, 2, 3].map(|unit| row(&own, unit).is_some()), [true, false, true, false]);
        for by in [&county.factories[0].clerk, &county.neighbour, &county.admin] {
            assert!(words(by).await.is_err(), "{}", by.name);
        }
    });
}

#[test]
fn a_generated_value_that_is_typed_over_in_excel_keeps_both_values_and_the_reason() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let Factory { clerk, report: id, unit, .. } = &county.factories[0];
        let file = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
        let period = county.report(*id).await.period;
        act(&app, clerk, async |cx| import_trial_balance(cx, *unit, period, file).await).await.unwrap();
        act(&app, clerk, async |cx| generate::single(cx, *id).await.map(drop)).await.unwrap();
        let mut workbook = exported(&app, clerk, *id).await;
        workbook.put("301", "", "77");
        let before = county.report(*id).await;
        let file = sent(&workbook).because(" 已剔除关联公司收入 ");
        let seen = before.revision;
        let taken =
            act(&app, clerk, async |cx| form_book::take(cx, *id, &file, Mode::Whole, seen).await).await.unwrap();
        assert_eq!((taken.changes.len(), taken.overtyped), (1, 1));
        let cell = CellId::new("c301");
        let (was, now) = (&before.cells[&cell], &county.report(*id).await.cells[&cell]);
        assert_eq!((now.value.print(), now.generated.as_ref()), ("77".to_owned(), Some(&was.value)));
        assert_eq!(now.reason.as_deref(), Some("已剔除关联公司收入"));
    });
}
