//! The check list of an investment month: who owes what when, what comes on the list of a day, and what becomes of it.

use youju_app::attachment::{self, look_at};
use youju_app::check_list::{self, At, Look, Owed, Typed};
use youju_app::query::NewQuery;
use youju_app::{App, Result, inbox, review, survey};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::attachment::Proves;
use youju_domain::check_list::{CheckList, DataQuality, Entry, PaperQuality, Provision, Span, Standing, Subject};
use youju_domain::id::{AttachmentId, ReportId, WindowId};
use youju_domain::report::CellId;
use youju_domain::survey::parse_local;
use youju_store::journal;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, look, refusal};

const SMALL: (&str, &str, &str) = ("P-1", "二期厂房", "1,500");
const LARGE: (&str, &str, &str) = ("P-2", "冷链物流园", "3,200");

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

fn at(window: WindowId, day: u32) -> At {
    let span = Span::from_key(&format!("2026-04-{day:02}")).unwrap();
    At { window, area: area("330781"), span }
}

async fn attach(app: &App, by: &Actor, proves: &Proves, name: &str) -> AttachmentId {
    let looked = look_at(app, vec![(name.to_owned(), format!("%PDF-1.7 {name}").into_bytes())]).unwrap();
    let place = (by.unit.unwrap(), Period::parse("2026-03").unwrap());
    act(app, by, async |cx| attachment::add(cx, place, proves, "", looked).await).await.unwrap().added[0].id
}

async fn owed(app: &App, by: &Actor, report: ReportId) -> Vec<(String, Provision)> {
    let all: Vec<Owed> = look(app, by, async |cx| {
        let open = youju_app::report::open(cx, report).await?;
        check_list::of_report(cx, &open).await
    })
    .await
    .unwrap();
    all.into_iter().map(|one| (one.name, one.provision)).collect()
}

async fn shown(app: &App, by: &Actor, at: At) -> Look {
    look(app, by, async |cx| check_list::look(cx, at, None).await).await.unwrap()
}

/// Project, its reasons joined, and whether it is noted.
fn told(entries: &[Entry]) -> Vec<(&str, String, bool)> {
    entries.iter().map(|one| (one.about.name.as_str(), one.about.reasons.join(";"), one.is_noted())).collect()
}

fn word(subject: &Subject, data: DataQuality, papers: PaperQuality, measure: &str) -> Typed {
    Typed { subject: subject.clone(), data, papers, measure: measure.to_owned() }
}

async fn hand_in(app: &App, by: &Actor, at: At, left: &str) -> Result<CheckList> {
    let seal = look(app, by, async |cx| check_list::look(cx, at, None).await).await?.seal;
    act(app, by, async |cx| check_list::hand_in(cx, at, &seal, left).await).await
}

#[test]
fn every_project_owes_material_on_the_day_of_reporting_until_it_is_there() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        county.open_projects().await;
        let clerk = &county.factories[0].clerk;
        let before = look(&app, clerk, async |cx| inbox::count(cx).await).await.unwrap();
        let report = county.hand_in_projects(0, &[SMALL, LARGE]).await;
        let row = |number: u32| Proves::Report(report, Some(CellId::new(format!("x.{number}.B140"))));
        let two = |first, second| vec![("二期厂房".to_owned(), first), ("冷链物流园".to_owned(), second)];
        assert_eq!(owed(&app, clerk, report).await, two(Provision::DueToday, Provision::DueToday));
        // The report is gone from the inbox, the material it owes has come.
        assert_eq!(look(&app, clerk, async |cx| inbox::count(cx).await).await.unwrap(), before);
        let owing = look(&app, clerk, async |cx| check_list::owing(cx).await).await.unwrap();
        assert_eq!((owing.len(), owing[0].report, owing[0].owed.len()), (1, report, 2));
        assert_eq!(owing[0].owed[1].place, row(2));
        assert_eq!(owing[0].owed[1].large.as_deref(), Some("本月完成投资 3,200 万元 ≥ 2,000 万元"));
        let officers_too = look(&app, &county.county, async |cx| check_list::owing(cx).await).await.unwrap();
        assert!(officers_too.is_empty());

        // A file on the whole report counts for the project that it names.
        let first = attach(&app, clerk, &row(1), "监理月报.pdf").await;
        attach(&app, clerk, &Proves::Report(report, None), "工程进度.pdf").await;
        assert_eq!(owed(&app, clerk, report).await, two(Provision::Provided, Provision::DueToday));
        attach(&app, clerk, &Proves::Report(report, None), "P-2 结算单.pdf").await;
        assert_eq!(owed(&app, clerk, report).await, two(Provision::Provided, Provision::Provided));
        assert!(look(&app, clerk, async |cx| check_list::owing(cx).await).await.unwrap().is_empty());
        // Taken away, it proves nothing, and after midnight it is too late.
        act(&app, clerk, async |cx| attachment::remove(cx, first, "传错了文件").await).await.unwrap();
        assert_eq!(owed(&app, clerk, report).await, two(Provision::DueToday, Provision::Provided));
        app.world().set(parse_local("2026-04-03 00:00").unwrap());
        assert_eq!(owed(&app, clerk, report).await, two(Provision::Overdue, Provision::Provided));
        attach(&app, clerk, &row(1), "监理月报(重传).pdf").await;
        assert_eq!(owed(&app, clerk, report).await, two(Provision::ProvidedLate, Provision::Provided));
        let all = look(&app, &county.city, async |cx| check_list::of_window(cx, county.window).await).await.unwrap();
        assert_eq!(all, None, "B203 owes nothing");
    });
}

/// The county asks about the first project.
async fn ask(app: &App, by: &Actor, report: ReportId) {
    let question = "请说明建筑工程的依据".to_owned();
    let cells = vec!["x.1.B106".to_owned()];
    let asked = NewQuery { report, cells, question, due_at: None, source: String::new() };
    act(app, by, async |cx| youju_app::query::ask(cx, asked).await).await.unwrap();
}

/// What the journal says about lists, by the names of the actions.
async fn acts(app: &App, lists: &[&CheckList]) -> Vec<String> {
    let entries = app.read(None, async |cx| {
        let mut all = Vec::new();
        for list in lists {
            all.extend(journal::of_object(cx.tx(), "check_list", &list.id.to_string()).await?);
        }
        Ok(all)
    });
    entries.await.unwrap().into_iter().map(|entry| entry.action).collect()
}

#[test]
fn a_day_has_its_list_which_is_noted_handed_in_and_stays() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        let (officer, city) = (&county.county, &county.city);
        let report = county.hand_in_projects(0, &[SMALL, LARGE]).await;
        ask(&app, officer, report).await;
        let cells = county.report(report).await.cells;

        let today = shown(&app, officer, at(window, 2)).await;
        let large = "本月完成投资 3,200 万元 ≥ 2,000 万元;支撑材料今天应提供".to_owned();
        let small = "有未办结查询 1 条;支撑材料今天应提供".to_owned();
        assert_eq!(told(&today.entries), [("二期厂房", small, false), ("冷链物流园", large, false)]);
        assert!(today.may_write && today.standing == Standing::Running);
        let subjects: Vec<Subject> = today.entries.iter().map(|entry| entry.about.subject.clone()).collect();
        let good = word(&subjects[0], DataQuality::Good, PaperQuality::Complete, "");
        let noted =
            act(&app, officer, async |cx| check_list::note(cx, at(window, 2), std::slice::from_ref(&good)).await).await;
        assert_eq!(noted.unwrap(), 1);
        // The same words again are not written again.
        let again =
            act(&app, officer, async |cx| check_list::note(cx, at(window, 2), std::slice::from_ref(&good)).await).await;
        assert_eq!(again.unwrap(), 0);
        let refused = refusal(hand_in(&app, officer, at(window, 2), "").await);
        assert!(refused.says().contains("清单共 2 项,还有 1 项没有记录"), "{refused}");
        // Who looked at another list than there is now hands in nothing.
        let seal = today.seal.clone();
        county.hand_in_projects(1, &[("P-9", "粮库", "2,000")]).await;
        let stale = act(&app, officer, async |cx| check_list::hand_in(cx, at(window, 2), &seal, "明天现场核实").await);
        assert!(refusal(stale.await).says().contains("打开清单之后又有变化"));
        let add = async |unit: &str, row: &str| {
            let reason = "实地走访听说已经停工";
            act(&app, officer, async |cx| check_list::add(cx, at(window, 2), unit, row, reason).await).await
        };
        assert!(refusal(add("没有这个单位", "").await).says().contains("没有已上报这张表的单位"));
        assert!(refusal(add(&county.factories[0].name, "P-7").await).says().contains("没有项目代码“P-7”"));
        assert!(refusal(add(&county.factories[0].name, "P-1").await).says().contains("已经有这一项"));
        add(&county.factories[0].name, "").await.unwrap();
        let done = hand_in(&app, officer, at(window, 2), "单位联系人出差,明天现场核实").await.unwrap();
        assert_eq!((done.number, done.entries.len()), (1, 4));
        let left = done.entries.iter().filter(|entry| entry.left.is_some()).count();
        assert_eq!(left, 3);
        // What was handed in is not touched any more.
        for result in [
            act(&app, officer, async |cx| check_list::note(cx, at(window, 2), std::slice::from_ref(&good)).await)
                .await
                .map(drop),
            hand_in(&app, officer, at(window, 2), "").await.map(drop),
        ] {
            assert!(refusal(result).says().contains("已经上报"));
        }
        let stored = shown(&app, city, at(window, 2)).await;
        assert_eq!((stored.list.entries.clone(), stored.standing), (done.entries.clone(), Standing::HandedIn));
        assert!(!stored.may_write);
        act(&app, officer, async |cx| check_list::supplement(cx, at(window, 2)).await).await.unwrap();
        let more = shown(&app, officer, at(window, 2)).await;
        assert_eq!((more.list.number, more.list.handed.is_none(), more.entries.len()), (2, true, 4));
        let old = look(&app, city, async |cx| check_list::look(cx, at(window, 2), Some(1)).await).await.unwrap();
        assert_eq!(old.entries, done.entries);
        let actions = acts(&app, &[&done, &more.list]).await;
        let wanted = ["noted", "added", "handed_in", "supplemented"].map(|one| format!("check_list.{one}"));
        assert_eq!(actions, wanted);
        assert_eq!(county.report(report).await.cells, cells, "no act of an office changes a figure");
        crate::make::verified(&app).await;
    });
}

#[test]
fn unchanged_entries_take_over_yesterdays_words_and_changed_ones_do_not() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        let (officer, clerk) = (&county.county, &county.factories[0].clerk);
        let report = county.hand_in_projects(0, &[("P-2", "冷链物流园", "3,200")]).await;
        attach(&app, clerk, &Proves::Report(report, None), "监理月报.pdf").await;
        let other = county.hand_in_projects(1, &[("P-9", "粮库", "2,000")]).await;
        attach(&app, &county.factories[1].clerk, &Proves::Report(other, None), "监理月报.pdf").await;
        let entries = shown(&app, officer, at(window, 2)).await.entries;
        assert_eq!(entries[1].about.reasons, ["本月完成投资 2,000 万元 ≥ 2,000 万元"], "at the line");
        let words: Vec<Typed> = entries
            .iter()
            .map(|one| word(&one.about.subject, DataQuality::Doubt, PaperQuality::Complete, "约单位负责人面谈"))
            .collect();
        act(&app, officer, async |cx| check_list::note(cx, at(window, 2), &words).await).await.unwrap();
        hand_in(&app, officer, at(window, 2), "").await.unwrap();

        app.world().set(april(3));
        // The second factory hands in again.
        act(&app, officer, async |cx| review::return_(cx, other, "投资额与监理月报不符").await).await.unwrap();
        county.hand_in_projects(1, &[("P-9", "粮库", "2,400")]).await;
        let today = shown(&app, officer, at(window, 3)).await;
        assert_eq!(today.before, Some((at(window, 2).span, 1)));
        let carried = act(&app, officer, async |cx| check_list::carry(cx, at(window, 3)).await).await.unwrap();
        let today = shown(&app, officer, at(window, 3)).await;
        assert_eq!((carried, today.entries[0].is_noted(), today.entries[1].is_noted()), (1, true, false));
        let from = today.entries[0].word.as_ref().unwrap().carried_from;
        assert_eq!(from, Some(at(window, 2).span), "told as such");
        assert!(today.entries[0].word.as_ref().unwrap().measure == "约单位负责人面谈");
    });
}

#[test]
fn a_day_without_anything_is_handed_in_by_one_act_and_missing_days_are_seen() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        let officer = &county.county;
        let due = async |by: &Actor| {
            let due = look(&app, by, async |cx| check_list::due(cx).await).await.unwrap();
            due.into_iter().map(|one| (one.span.key(), one.standing)).collect::<Vec<_>>()
        };
        let day = |day: u32| format!("2026-04-{day:02}");
        // The window has been open since the 1st; 4 April is a holiday and a Saturday, and counts.
        app.world().set(april(4));
        let wanted = [1, 2, 3].map(|one| (day(one), Standing::Missing));
        assert_eq!(due(officer).await, [wanted.as_slice(), &[(day(4), Standing::Running)]].concat());
        assert!(due(&county.city).await.is_empty() && due(&county.neighbour).await.is_empty());
        assert!(due(&county.township).await.is_empty());
        let before = look(&app, officer, async |cx| inbox::count(cx).await).await.unwrap();
        let none = hand_in(&app, officer, at(window, 4), "").await.unwrap();
        assert!(none.entries.is_empty());
        hand_in(&app, officer, at(window, 2), "").await.unwrap();
        assert_eq!(look(&app, officer, async |cx| inbox::count(cx).await).await.unwrap(), before - 2);
        assert!(refusal(hand_in(&app, officer, at(window, 5), "").await).says().contains("还没有到"));
        assert_eq!(refusal(hand_in(&app, officer, at(window, 19), "").await).code(), "not_found", "after the closing");

        let seen = look(&app, &county.city, async |cx| check_list::overview(cx, window).await).await.unwrap();
        let standings: Vec<Standing> = seen.rows.iter().map(|row| row.places[0].standing).collect();
        assert_eq!(
            standings[..5],
            [Standing::Missing, Standing::Late, Standing::Missing, Standing::HandedIn, Standing::Ahead]
        );
        assert_eq!((standings.len(), seen.counties.clone()), (18, vec![area("330781")]));
        let lacking = look(&app, &county.city, async |cx| check_list::lacking(cx).await).await.unwrap();
        assert_eq!((lacking.len(), lacking[0].counties.clone()), (1, vec![(area("330781"), 2)]));
        let (name, file) = check_list::csv(&seen).unwrap();
        let text = String::from_utf8(file).unwrap();
        assert!(name == "核实清单 206-1 2026年3月.csv" && text.starts_with('\u{FEFF}'), "{name}");
        for line in ["2026-04-01,兰溪市,未报", "2026-04-04,兰溪市,已报", "当日无重点项目"] {
            assert!(text.contains(line), "{line}: {text}");
        }
    });
}

#[test]
fn lists_are_written_by_the_county_and_read_above_it_and_by_nobody_else() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let window = county.open_projects().await;
        county.hand_in_projects(0, &[SMALL]).await;
        let own = &county.factories[0];
        for (by, sees, writes) in [
            (&own.clerk, false, false),
            (&own.head, false, false),
            (&county.township, false, false),
            (&county.county, true, true),
            (&county.city, true, false),
            (&county.neighbour, false, false),
            (&county.admin, false, false),
        ] {
            let code = |result: Result<()>| result.err().map(|error| refusal::<()>(Err(error)).code());
            let seen = look(&app, by, async |cx| check_list::look(cx, at(window, 2), None).await).await.map(drop);
            let all = look(&app, by, async |cx| check_list::overview(cx, window).await).await.map(drop);
            let (seen, all) = (code(seen), code(all));
            let hidden = (!sees).then_some("not_found");
            assert_eq!((seen, all), (hidden, hidden), "{}", by.name);
            for written in [
                act(&app, by, async |cx| check_list::note(cx, at(window, 2), &[]).await).await.map(drop),
                act(&app, by, async |cx| check_list::add(cx, at(window, 2), "", "", "").await).await,
                act(&app, by, async |cx| check_list::carry(cx, at(window, 2)).await).await.map(drop),
                act(&app, by, async |cx| check_list::hand_in(cx, at(window, 2), "", "").await).await.map(drop),
                act(&app, by, async |cx| check_list::supplement(cx, at(window, 2)).await).await.map(drop),
            ] {
                let refused = code(written);
                let expected = if sees { "access.forbidden" } else { "not_found" };
                assert!(writes || refused == Some(expected), "{}: {refused:?}", by.name);
            }
        }
        // Places that are none: another county, a township, a form without lists.
        let elsewhere = [
            At { area: area("330783"), ..at(window, 2) },
            At { area: area("330781001"), ..at(window, 2) },
            at(county.window, 2),
            At { span: Span::from_key("2026-W14").unwrap(), ..at(window, 2) },
        ];
        for place in elsewhere {
            let answer = look(&app, &county.city, async |cx| check_list::look(cx, place, None).await).await;
            assert_eq!(refusal(answer).code(), "not_found", "{place:?}");
        }
        let nobody: Result<()> = app.read(None, async |cx| check_list::overview(cx, window).await.map(drop)).await;
        assert_eq!(refusal(nobody).code(), "access.signed_out");
        assert_eq!(look(&app, &county.county, async |cx| survey::get(cx, window).await).await.unwrap().form, "206-1");
    });
}
