//! The archive box: what is missing is named, the export reads back to the byte, and nothing is gone before its time.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use youju_app::archive::{Archive, Exported, Part, expired, export, of_area, of_unit};
use youju_app::attachment::{self, look_at};
use youju_app::compliance::Order;
use youju_app::ledger::{import_trial_balance, read_trial_balance};
use youju_app::list::PageRequest;
use youju_app::survey::NewWindow;
use youju_app::{App, Cx, correction, crypto, note, query, report, survey};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::archive::{Counts, Evidence, Piece, Place};
use youju_domain::attachment::Proves;
use youju_domain::correction::Cause;
use youju_domain::id::{AttachmentId, UnitId};
use youju_domain::report::{Cell, CellId, Level, State, Value, ValueState};
use youju_store::journal;
use youju_testkit::{County, TRIAL_BALANCE, april, new_window, on_both_engines, on_sqlite};

use crate::make::{act, look, refusal, verified};

const FIRST: PageRequest = PageRequest { offset: 0, limit: 50 };

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

async fn of(app: &App, by: &Actor, unit: UnitId) -> Archive {
    look(app, by, async |cx| of_unit(cx, unit, 2026, None).await).await.unwrap()
}

async fn attach(app: &App, by: &Actor, unit: UnitId, proves: &Proves, name: &str, said: &str) -> AttachmentId {
    let content = format!("%PDF-1.7 {name}").into_bytes();
    let looked = look_at(app, vec![(name.to_owned(), content)]).unwrap();
    let added = act(app, by, async |cx| attachment::add(cx, (unit, march()), proves, said, looked).await).await;
    added.unwrap().added[0].id
}

/// Owed, there, not due, and the names of what is missing, by item.
fn told(archive: &Archive, item: &str) -> (u64, u64, u64, Vec<String>) {
    let items = archive.filled.iter().flat_map(|filled| &filled.items);
    let judged = items.into_iter().find(|judged| judged.item.id == item).unwrap();
    let missing = judged.missing().map(|piece: &Piece| piece.name.clone()).collect();
    (judged.owed(), judged.there(), judged.not_due(), missing)
}

/// A factory with a full life: books, a signed paper, a query, a correction, notes of both kinds, and a second version.
async fn lived(app: &App) -> County {
    let county = County::open(app).await;
    let factory = &county.factories[0];
    let (clerk, unit, id) = (&factory.clerk, factory.unit, factory.report);
    let book = read_trial_balance("三月.csv", TRIAL_BALANCE.as_bytes()).unwrap();
    act(app, clerk, async |cx| import_trial_balance(cx, unit, march(), book).await).await.unwrap();
    county.bring(0, State::Accepted(Level::County)).await;
    attach(app, clerk, unit, &Proves::Report(id, None), "../三月报表.pdf", "已签字盖章").await;
    attach(app, clerk, unit, &Proves::Period, "电费单.pdf", "").await;
    let gone = attach(app, clerk, unit, &Proves::Period, "传错的.pdf", "").await;
    act(app, clerk, async |cx| attachment::remove(cx, gone, "传错了文件").await).await.unwrap();
    let new = query::NewQuery {
        report: id,
        cells: vec!["c301".into()],
        question: "请说明增长原因".into(),
        due_at: None,
        source: String::new(),
    };
    let asked = act(app, &county.county, async |cx| query::ask(cx, new).await).await.unwrap();
    act(app, clerk, async |cx| query::answer(cx, asked.id, "三月新增一条生产线").await).await.unwrap();
    for (by, text, is_internal) in
        [(&county.county, "内部意见:重点核查", true), (&county.county, "请核对从业人数", false)]
    {
        act(app, by, async |cx| note::write(cx, id, None, text, is_internal).await).await.unwrap();
    }
    let wanted = [correction::Typed { cell: "c601".into(), value: "95".into() }];
    let asked = act(app, clerk, async |cx| correction::ask(cx, id, Cause::Slip, "漏计了二车间的人员", &wanted).await);
    let asked = asked.await.unwrap();
    act(app, &county.county, async |cx| correction::decide(cx, asked.id, true, "同意").await).await.unwrap();
    let typed = report::Typed {
        cell: "c601".into(),
        was: "80".into(),
        value: "95".into(),
        reason: Some("漏计了二车间的人员".into()),
    };
    act(app, clerk, async |cx| report::save(cx, id, &[typed]).await).await.unwrap();
    act(app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
    act(app, &factory.head, async |cx| report::authorise(cx, id).await).await.unwrap();
    act(app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
    county
}

#[test]
fn what_is_missing_is_named_with_the_place_to_mend_it() {
    on_both_engines(async |app| {
        let county = lived(&app).await;
        let full = of(&app, &county.county, county.factories[0].unit).await;
        for (item, owed) in
            [("reports", 1), ("signed_paper", 1), ("ledgers", 1), ("originals", 1), ("queries", 1), ("corrections", 1)]
        {
            assert_eq!(told(&full, item), (owed, owed, 0, Vec::new()), "{item}");
        }
        assert_eq!(full.counts(), Counts { owed: 6, there: 6 });
        let early = of(&app, &county.county, county.factories[1].unit).await;
        assert_eq!(told(&early, "reports"), (0, 0, 1, Vec::new()), "the deadline is ahead");
        app.world().set(april(11));
        let poor = of(&app, &county.factories[1].clerk, county.factories[1].unit).await;
        let march_of = |form: &str| vec![format!("{form}2026年3月")];
        assert_eq!(told(&poor, "reports"), (1, 0, 0, march_of("B203 ")));
        assert_eq!(told(&poor, "signed_paper"), (1, 0, 0, march_of("B203 ")));
        assert_eq!(told(&poor, "ledgers"), (1, 0, 0, march_of("科目余额表(B203) ")));
        assert_eq!(told(&poor, "originals"), (1, 0, 0, march_of("")));
        assert_eq!(told(&poor, "queries"), (0, 0, 0, Vec::new()));
        let items = poor.filled.iter().flat_map(|filled| &filled.items);
        let places: Vec<Place> = items.flat_map(|one| one.missing().map(|piece| piece.place.clone())).collect();
        let report = county.factories[1].report;
        let papers = [Place::Papers(march(), Some(report)), Place::Ledger(march()), Place::Papers(march(), None)];
        assert_eq!(places, [vec![Place::Report(report)], papers.to_vec()].concat());
        // The list of the area counts reports, originals, queries and corrections; the worst stands first.
        let list = look(&app, &county.county, async |cx| of_area(cx, 2026, None, Order::WorstFirst, FIRST).await);
        let list = list.await.unwrap();
        let seen: Vec<Counts> = list.page.rows.iter().map(|row| row.counts).collect();
        let one = |owed, there| Counts { owed, there };
        assert_eq!(seen, [one(2, 0), one(4, 4), one(0, 0)]);
        assert_eq!((list.owing, list.full, list.sum), (2, 1, one(6, 4)));
        let second = AreaCode::parse("330781002000").ok();
        let list = look(&app, &county.county, async |cx| of_area(cx, 2026, second, Order::Name, FIRST).await);
        let list = list.await.unwrap();
        assert_eq!((list.page.total, list.townships.len()), (1, 2), "the other townships can still be chosen");
        let empty = look(&app, &county.county, async |cx| of_area(cx, 2025, None, Order::Name, FIRST).await);
        assert_eq!(empty.await.unwrap().sum, Counts::default());
    });
}

/// The files of a zip by their paths.
fn unpacked(exported: &Exported) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(&exported.content)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        files.insert(part.name().unwrap().into_owned(), bytes);
    }
    files
}

async fn take(app: &App, by: &Actor, unit: UnitId, part: &str) -> Exported {
    export(app, by.clone(), (unit, 2026), None, Part::parse(part).unwrap()).await.unwrap()
}

#[test]
fn an_export_reads_back_to_the_byte_and_is_the_same_for_everybody() {
    on_both_engines(async |app| {
        let county = lived(&app).await;
        let (unit, report) = (county.factories[0].unit, county.factories[0].report);
        let exported = take(&app, &county.factories[0].clerk, unit, "all").await;
        assert!(exported.name.starts_with("档案盒-91330781FAKE00000") && exported.name.ends_with("-2026.zip"));
        let files = unpacked(&exported);
        // Every hash is recomputed, in both lists.
        let sums = String::from_utf8(files["SHA256SUMS"].clone()).unwrap();
        for line in sums.lines() {
            let (hash, path) = line.split_once("  ").unwrap();
            assert_eq!(crypto::sha256(&files[path]), hash, "{path}");
        }
        assert_eq!(sums.lines().count() + 1, files.len());
        let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        for file in manifest["files"].as_array().unwrap() {
            let bytes = &files[file["path"].as_str().unwrap()];
            assert_eq!(
                (file["size"].as_u64().unwrap(), file["sha256"].as_str().unwrap()),
                (bytes.len() as u64, crypto::sha256(bytes).as_str())
            );
        }
        assert_eq!(manifest["completeness"], serde_json::json!({ "owed": 6, "there": 6 }));
        // A version is what the journal's hash is of.
        let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "report", &report.to_string()).await?));
        let entries = entries.await.unwrap();
        let handed: Vec<&journal::Entry> = entries.iter().filter(|entry| entry.action == "report.submitted").collect();
        assert_eq!(handed.len(), 2);
        for (number, entry) in handed.iter().enumerate() {
            let path = format!("报表/B203/2026-03/第{}版.json", number + 1);
            assert_eq!(crypto::sha256(&files[&path]), entry.payload["cells_hash"].as_str().unwrap());
            let listed =
                manifest["files"].as_array().unwrap().iter().find(|file| file["path"] == path.as_str()).unwrap();
            assert_eq!(
                (listed["journal_seq"].as_i64(), &listed["proves"][0]),
                (Some(entry.seq), &"industry/reports".into())
            );
        }
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        for path in [
            "原始资料/2026-03/D0001-三月.csv",
            "原始资料/2026-03/F0001-三月报表.pdf",
            "原始资料/2026-03/F0002-电费单.pdf",
            "台账/科目余额表/2026-03-0001.csv",
            "报表/B203/2026-03/签字.csv",
            "报表/B203/2026-03/第2版.csv",
            "查询更正批注/审核批注.csv",
            "查询更正批注/数据更正.csv",
            "查询更正批注/数据查询.csv",
            "目录.csv",
            "完整性.csv",
            "核对方法.txt",
        ] {
            assert!(paths.contains(&path), "{path}: {paths:#?}");
        }
        assert_eq!(files["原始资料/2026-03/D0001-三月.csv"], TRIAL_BALANCE.as_bytes());
        let all: String = files.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        assert!(all.contains("请核对从业人数") && !all.contains("内部意见"), "what only offices read stays inside");
        assert!(!all.contains("传错的.pdf"), "what was taken away proves nothing");
        assert!(files["目录.csv"].starts_with("\u{feff}文件,内容,".as_bytes()));
        // The same bytes on a second run, for officers too: who fetched it stands in the journal, not in the file.
        let before = verified(&app).await.size;
        assert_eq!(take(&app, &county.factories[0].head, unit, "all").await.content, exported.content);
        assert_eq!(verified(&app).await.size, before, "the unit's own people leave no entry");
        assert_eq!(take(&app, &county.county, unit, "all").await.content, exported.content);
        let told = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "unit", &unit.to_string()).await?)).await;
        let told = told.unwrap().pop().unwrap();
        assert_eq!((told.action.as_str(), &told.actor_name), ("archive.fetched", &county.county.name));
        assert_eq!(told.payload["manifest_hash"], crypto::sha256(&files["manifest.json"]));
    });
}

#[test]
fn a_part_holds_its_own_files_only() {
    on_sqlite(async |app| {
        let county = lived(&app).await;
        let (unit, clerk) = (county.factories[0].unit, &county.factories[0].clerk);
        for (part, folders) in [
            ("h1", vec!["原始资料", "台账", "报表", "查询更正批注"]),
            ("m3", vec!["原始资料", "台账", "报表", "查询更正批注"]),
            ("h2", vec![]),
            ("form:B203", vec!["原始资料", "报表", "查询更正批注"]),
            ("ledgers", vec!["原始资料", "台账"]),
        ] {
            let files = unpacked(&take(&app, clerk, unit, part).await);
            let mut found: Vec<&str> = files.keys().filter_map(|path| Some(path.split_once('/')?.0)).collect();
            found.dedup();
            assert_eq!(found, folders, "{part}");
        }
        let of_form = unpacked(&take(&app, clerk, unit, "form:B203").await);
        let originals: Vec<&String> = of_form.keys().filter(|path| path.starts_with("原始资料")).collect();
        assert_eq!(originals, ["原始资料/2026-03/F0001-三月报表.pdf"], "what hangs on the report");
    });
}

#[test]
fn the_box_of_a_unit_is_not_found_by_others() {
    on_both_engines(async |app| {
        let county = lived(&app).await;
        let own = &county.factories[0];
        for actor in [&own.clerk, &own.head, &county.township, &county.county, &county.city] {
            assert_eq!(of(&app, actor, own.unit).await.counts().owed, 6, "{}", actor.name);
        }
        for actor in [&county.factories[1].clerk, &county.neighbour, &county.admin] {
            let refused = look(&app, actor, async |cx| of_unit(cx, own.unit, 2026, None).await).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
            let refused = export(&app, actor.clone(), (own.unit, 2026), None, Part::Whole).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
        }
        for actor in [&own.clerk, &own.head, &county.admin] {
            let refused = look(&app, actor, async |cx| of_area(cx, 2026, None, Order::Name, FIRST).await).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
            let refused = look(&app, actor, async |cx| expired(cx, 2026, None, FIRST).await).await;
            assert_eq!(refusal(refused).code(), "not_found", "{}", actor.name);
        }
        let refused = look(&app, &own.clerk, async |cx| of_unit(cx, own.unit, 2026, Some("P1")).await).await;
        assert!(refusal(refused).says().contains("项目档案盒"));
    });
}

#[test]
fn a_file_is_listed_when_its_term_has_passed_and_stays_where_it_is() {
    on_both_engines(async |app| {
        let county = lived(&app).await;
        let unit = county.factories[0].unit;
        let list = async |now| {
            app.world().set(now);
            look(&app, &county.county, async |cx| expired(cx, 2026, None, FIRST).await).await.unwrap()
        };
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        // 2 years from the end of 2026; the last day is still a day.
        let early = list(at("2028-12-31T23:00:00+08:00")).await;
        assert_eq!((early.page.total, early.files, early.kept), (0, 0, 4));
        let passed = list(at("2029-01-01T00:00:00+08:00")).await;
        let [row] = &passed.page.rows[..] else { panic!("{passed:?}") };
        // The import, the slip and the one that was taken away; the signed paper is kept for ten years.
        assert_eq!((row.unit, row.files, row.kept, row.last.to_string().as_str()), (unit, 3, 1, "2028-12-31"));
        assert_eq!((passed.files, passed.kept), (3, 1));
        let late = list(at("2037-01-01T00:00:00+08:00")).await;
        assert_eq!((late.files, late.kept), (4, 0));
        let elsewhere = look(&app, &county.neighbour, async |cx| expired(cx, 2026, None, FIRST).await).await.unwrap();
        assert_eq!((elsewhere.page.total, elsewhere.files, elsewhere.kept), (0, 0, 0));
        // Being listed takes nothing away.
        assert_eq!(unpacked(&take(&app, &county.county, unit, "ledgers").await).len(), 5 + 3);
        let of_kind = |archive: &Archive, kind| {
            archive.filled.iter().flat_map(|filled| &filled.items).filter(|one| one.item.evidence == kind).count()
        };
        assert_eq!(of_kind(&of(&app, &county.county, unit).await, Evidence::Originals), 1);
    });
}

#[test]
fn one_investment_project_has_one_box() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (clerk, unit) = (&county.factories[0].clerk, county.factories[0].unit);
        let window = NewWindow { form: "206-1".to_owned(), ..new_window("330781", "2026-03") };
        act(&app, &county.county, async |cx| survey::open(cx, window).await).await.unwrap();
        let listed = look(&app, clerk, async |cx| report::of_unit_and_period(cx, unit, march()).await).await.unwrap();
        let id = listed.iter().find(|report| report.form == "206-1").unwrap().id;
        let cell = |text: &str| Cell {
            value: Value::Text(text.into()),
            state: ValueState::Collected,
            by: clerk.person,
            at: april(2),
            derivation: None,
            generated: None,
            reason: None,
        };
        let mut handed = county.report(id).await;
        for (at, text) in [("x.1.id", "P-1"), ("x.1.name", "二期厂房"), ("x.2.id", "P-2"), ("x.2.name", "冷库")] {
            handed.cells.insert(CellId::new(at), cell(text));
        }
        handed.versions = 1;
        let put = async |cx: &mut Cx<'_>| {
            youju_store::report::put(cx.tx(), &handed).await?;
            let by = (clerk.person, april(2));
            youju_store::report::add_version(cx.tx(), &handed, &[], by, 0).await?;
            Ok(())
        };
        app.write(None, put).await.unwrap();
        let row = Proves::Report(id, Some(CellId::new("x.1.name")));
        attach(&app, clerk, unit, &row, "合同.pdf", "施工合同").await;
        attach(&app, clerk, unit, &Proves::Period, "P-1 监理月报.pdf", "").await;
        attach(&app, clerk, unit, &Proves::Period, "别的凭证.pdf", "").await;
        app.world().set(april(11));
        let own = of(&app, clerk, unit).await;
        let boxes: Vec<(&str, &str, Counts)> =
            own.projects.iter().map(|one| (one.code.as_str(), one.name.as_str(), one.counts)).collect();
        let one = |owed, there| Counts { owed, there };
        assert_eq!(boxes, [("P-1", "二期厂房", one(4, 3)), ("P-2", "冷库", one(3, 1))]);
        let first = look(&app, clerk, async |cx| of_unit(cx, unit, 2026, Some("P-1")).await).await.unwrap();
        for (item, expected) in [
            ("reports", (1, 1, 0, vec![])),
            ("contract", (1, 1, 0, vec![])),
            ("progress", (1, 1, 0, vec![])),
            ("approval", (0, 0, 1, vec![])),
            ("ledgers", (1, 0, 0, vec!["投资项目台账 2026年3月".to_owned()])),
        ] {
            assert_eq!(told(&first, item), expected, "{item}");
        }
        let taken = export(&app, clerk.clone(), (unit, 2026), Some("P-1"), Part::Whole).await.unwrap();
        let files = unpacked(&taken);
        let originals: Vec<&str> = files.keys().filter_map(|path| path.strip_prefix("原始资料/2026-03/")).collect();
        assert_eq!(originals, ["F0001-合同.pdf", "F0002-P-1 监理月报.pdf"], "and nothing of others");
        assert!(files.contains_key("报表/206-1/2026-03/第1版.json") && taken.name.contains("P-1"));
    });
}
