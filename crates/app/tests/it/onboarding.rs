//! 新入库辅导: a unit becomes one that reports; what it is owed, who is behind, its pack, its first report, the bulletin of the month.

use chrono::NaiveDate;
use youju_app::attachment::{self, Looked};
use youju_app::onboarding::{self, Filter, Only, Sheet, Sort, Which, bulletin, first_reports, pack};
use youju_app::report::of_unit_and_period;
use youju_app::survey::{self, NewWindow};
use youju_app::{App, Result, message};
use youju_codes::{AreaCode, Period};
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::message::Kind;
use youju_domain::onboarding::{Month, Standing, Typed, Verdict};
use youju_domain::register::Listing;
use youju_domain::report::{Level, State};
use youju_domain::survey::Times;
use youju_store::register::PageRequest;
use youju_testkit::{County, Factory, april, known_unit, list_unit, new_window, newcomer, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn sheet(app: &App, by: &Actor, unit: UnitId) -> Sheet {
    look(app, by, async |cx| onboarding::get(cx, unit).await).await.unwrap()
}

async fn note(app: &App, by: &Actor, unit: UnitId, item: &str, looked: Looked) -> Result<()> {
    let typed = Typed { note: "到车间看了,说明了要报的表".into(), ..Typed::default() };
    act(app, by, async |cx| onboarding::note(cx, unit, item, typed, looked).await).await
}

async fn count(app: &App, by: &Actor, filter: Filter) -> u64 {
    look(app, by, async |cx| onboarding::list(cx, &filter, ALL).await).await.unwrap().total
}

/// A unit that reports since 2 April, with its own people.
async fn newly_listed(county: &County) -> Factory {
    let app = &county.app;
    let unit = known_unit(app, &county.county, 88_001, day("2026-04-01"), &[]).await;
    assert!(sheet(app, &county.county, unit).await.one.is_none(), "nothing is owed to who is only known");
    list_unit(app, unit, Listing::Above, day("2026-04-02")).await;
    let like = |one: &Actor| Actor { unit: Some(unit), ..one.clone() };
    let clerk = newcomer(county, "tb900", &like(&county.factories[0].clerk)).await;
    let head = newcomer(county, "fz900", &like(&county.factories[0].head)).await;
    Factory { unit, name: "虚构第88001号商行".into(), clerk, head, report: county.factories[0].report }
}

#[test]
fn a_new_unit_is_owed_the_four_and_each_is_proved() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let new = newly_listed(&county).await;
        assert!(sheet(&app, &county.county, county.factories[0].unit).await.one.is_none(), "it was there before");
        let seen = sheet(&app, &county.township, new.unit).await;
        let one = seen.one.unwrap();
        assert_eq!((one.items.len(), one.listed_on, seen.order.is_inferred), (4, day("2026-04-02"), true));
        let denied = look(&app, &county.neighbour, async |cx| onboarding::get(cx, new.unit).await).await;
        assert_eq!(refusal(denied).code(), "not_found");

        note(&app, &county.township, new.unit, "visit", Looked::default()).await.unwrap();
        let again = refusal(note(&app, &county.township, new.unit, "visit", Looked::default()).await);
        assert!(again.says().contains("已经登记完成"), "{}", again.says());
        let below = refusal(note(&app, &county.township, new.unit, "training", Looked::default()).await);
        assert!(below.says().contains("县级以上"), "{}", below.says());
        let unproved = refusal(note(&app, &county.township, new.unit, "pack", Looked::default()).await);
        assert!(unproved.says().contains("单位签字的回执"), "{}", unproved.says());
        let own = refusal(note(&app, &new.clerk, new.unit, "training", Looked::default()).await);
        assert_eq!(own.code(), "access.forbidden");
        let stranger = &county.factories[1].clerk;
        let denied = act(&app, stranger, async |cx| onboarding::confirm(cx, new.unit).await).await;
        assert_eq!(refusal(denied).code(), "not_found");
        act(&app, &new.clerk, async |cx| onboarding::confirm(cx, new.unit).await).await.unwrap();
        let one = sheet(&app, &new.head, new.unit).await.one.unwrap();
        let proof = one.proof("pack").unwrap();
        assert!(proof.is_by_unit && proof.by == new.clerk.person, "{proof:?}");

        // Taken back with its reason, then proved by a signed receipt; nothing of it is gone.
        let strike = async |by: &Actor| {
            act(&app, by, async |cx| onboarding::strike(cx, new.unit, "pack", "服务包缺少台账").await).await
        };
        assert_eq!(refusal(strike(&new.clerk).await).code(), "access.forbidden");
        strike(&county.county).await.unwrap();
        let receipt = vec![("回执.pdf".to_owned(), b"%PDF-1.4 receipt".to_vec())];
        note(&app, &county.township, new.unit, "pack", attachment::look_at(&app, receipt).unwrap()).await.unwrap();
        let one = sheet(&app, &county.county, new.unit).await.one.unwrap();
        assert_eq!((one.acts.len(), one.acts.iter().filter(|act| act.struck.is_some()).count()), (3, 1));
        let hash = one.proof("pack").unwrap().file_hash.clone();
        let fetch = async |by: &Actor| act(&app, by, async |cx| onboarding::fetch(cx, new.unit, &hash).await).await;
        assert_eq!(fetch(&county.city).await.unwrap().content, b"%PDF-1.4 receipt");
        assert_eq!(refusal(fetch(stranger).await).code(), "not_found");
        verified(&app).await;
    });
}

#[test]
fn coverage_of_a_month_opens_to_the_units_that_it_counts() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let new = newly_listed(&county).await;
        note(&app, &county.township, new.unit, "visit", Looked::default()).await.unwrap();
        let other = known_unit(&app, &county.county, 88_002, day("2026-04-01"), &[]).await;
        list_unit(&app, other, Listing::Sample, day("2026-04-02")).await;
        // Settling again adds nothing; who leaves is owed nothing more.
        app.world().set(april(3));
        list_unit(&app, other, Listing::Outside, day("2026-04-03")).await;
        app.world().set(april(29));
        assert_eq!(count(&app, &county.county, Filter { sort: Some(Sort::Left), ..Filter::default() }).await, 1);
        assert_eq!(count(&app, &county.county, Filter { sort: Some(Sort::Overdue), ..Filter::default() }).await, 1);
        assert_eq!(count(&app, &county.neighbour, Filter::default()).await, 0);
        let lacks = Filter { item: Some(("一次上门走访辅导".into(), Which::Lacking)), ..Filter::default() };
        assert_eq!(count(&app, &county.county, lacks).await, 1, "only the one that has left lacks it");
        let told =
            look(&app, &county.city, async |cx| bulletin(cx, None, Month::parse("2026-04")).await).await.unwrap();
        let [whole, part] = told.lines.as_slice() else { panic!("{:?}", told.lines) };
        assert_eq!((part.name.as_str(), part.month.owed, part.month.overdue, part.month.left), ("兰溪市", 1, 1, 1));
        assert_eq!((whole.year.owed, whole.year.complete, told.overdue.len()), (1, 0, 1));
        assert!(
            told.text[1].contains("覆盖率 0.0%") && told.text.last().unwrap().contains("兰溪市(1 家)"),
            "{:?}",
            told.text
        );
        assert_eq!(whole.year.items.len(), 4);
        for (item, figures) in &whole.year.items {
            for (which, figure) in
                [(Which::Done, figures.done), (Which::Overdue, figures.overdue), (Which::Due, figures.due)]
            {
                let (sort, item) = (Some(Sort::Owed), Some((item.clone(), which)));
                let behind = Filter { sort, item, on: Some(told.on), ..Filter::default() };
                assert_eq!(count(&app, &county.city, behind.clone()).await, figure, "{behind:?}");
            }
        }
        let beyond = look(&app, &county.city, async |cx| bulletin(cx, None, Month::parse("2026-05")).await).await;
        assert!(refusal(beyond).says().contains("还没有到"));
        let elsewhere = AreaCode::parse("330783").unwrap();
        let denied = look(&app, &county.county, async |cx| bulletin(cx, Some(elsewhere), None).await).await;
        assert_eq!(refusal(denied).code(), "not_found");
        let one = sheet(&app, &county.county, new.unit).await.one.unwrap();
        let stands: Vec<Standing> = one.standings(day("2026-04-29")).map(|(_, standing)| standing).collect();
        assert_eq!(stands, [Standing::Done, Standing::Overdue, Standing::Overdue, Standing::Due]);
    });
}

#[test]
fn the_first_report_is_followed_from_the_window_to_its_acceptance() {
    on_both_engines(async |app| {
        let mut county = County::open(&app).await;
        let new = newly_listed(&county).await;
        assert!(
            sheet(&app, &county.county, new.unit).await.first.reports.is_empty(),
            "March ended before it was listed"
        );
        app.world().set(april(31));
        let times = Times { opens_at: april(31), due_at: april(40), closes_at: april(48) };
        let window = NewWindow { times, ..new_window("330781", "2026-04") };
        act(&app, &county.county, async |cx| survey::open(cx, window).await).await.unwrap();
        app.world().set(april(32));
        let follow = async |only: Option<Only>| {
            look(&app, &county.county, async |cx| first_reports(cx, None, (None, None), only).await).await.unwrap()
        };
        let waiting = follow(None).await;
        assert_eq!(waiting.len(), 1);
        let report = waiting[0].report.clone().unwrap();
        assert_eq!((report.form.as_str(), report.verdict(april(32))), ("B203", Verdict::Waiting));
        assert!(follow(Some(Only::Due)).await.is_empty());

        let pack = look(&app, &new.clerk, async |cx| pack(cx, new.unit).await).await.unwrap();
        let form = pack.forms.iter().find(|form| form.form == "B203").unwrap();
        assert_eq!((form.windows.len(), form.checks.is_empty(), pack.place.as_str()), (1, false, "兰溪市"));
        assert!(pack.letter[0].contains(&new.name) && !pack.order.notice.is_empty() && !pack.archive.is_empty());
        assert!(pack.contacts.iter().any(|one| one.name == county.township.name));
        assert!(pack.contacts.iter().all(|one| one.name != county.city.name && one.name != county.neighbour.name));
        let (name, file) = onboarding::pack_file(&app, new.clerk.clone(), new.unit).await.unwrap();
        let zip = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
        assert!(name.ends_with("统计服务包.zip") && zip.file_names().any(|name| name.unwrap() == "空白表/B203.pdf"));

        let period = Period::parse("2026-04").unwrap();
        let own = look(&app, &new.clerk, async |cx| of_unit_and_period(cx, new.unit, period).await).await.unwrap();
        county.factories.push(Factory { report: own.iter().find(|one| one.form == "B203").unwrap().id, ..new.clone() });
        county.bring(county.factories.len() - 1, State::Accepted(Level::County)).await;
        let done = look(&app, &county.county, async |cx| first_reports(cx, None, (None, None), Some(Only::Due)).await);
        let done = done.await.unwrap();
        assert_eq!(done[0].report.as_ref().unwrap().verdict(april(32)), Verdict::Clean);
        let told =
            look(&app, &county.county, async |cx| bulletin(cx, None, Month::parse("2026-05")).await).await.unwrap();
        let first = told.lines[0].first;
        assert_eq!((first.due, first.on_time, first.clean), (1, 1, 1));
    });
}

#[test]
fn a_new_unit_is_told_what_it_gets_and_officers_what_they_owe_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let unit = known_unit(&app, &county.county, 88_003, day("2026-04-01"), &[]).await;
        let own = Actor { unit: Some(unit), ..county.factories[0].clerk.clone() };
        let clerk = newcomer(&county, "tb903", &own).await;
        let waiting = async |by: &Actor| {
            let found = look(&app, by, async |cx| onboarding::waiting(cx, 10).await).await.unwrap();
            let level = by.role.level().unwrap();
            let items = found.0.iter().flat_map(|entry| entry.one.waits_for(level));
            let names: Vec<String> = items.map(|(item, due)| format!("{} {due}", item.key)).collect();
            let tally = look(&app, by, async |cx| youju_app::inbox::tally(cx).await).await.unwrap();
            let told = tally.iter().find(|one| one.title == "新入库辅导").map_or(0, |one| one.number);
            assert_eq!(told, found.1, "the badge counts what the inbox shows");
            names
        };
        assert_eq!(waiting(&county.township).await, [""; 0]);
        list_unit(&app, unit, Listing::Above, day("2026-04-02")).await;

        let told = look(&app, &clerk, async |cx| message::list(cx, ALL).await).await.unwrap().rows;
        let told = told.iter().find(|one| one.kind == Kind::Onboarding).unwrap();
        let one = sheet(&app, &clerk, unit).await.one.unwrap();
        for item in &one.items {
            let words = format!("{}({} 前)", item.name, one.due_on(item));
            assert!(told.body.contains(&words), "{words}: {}", told.body);
        }
        assert_eq!(told.about, ("onboarding".to_owned(), unit.to_string()));

        // Each level sees its own; what is done waits no longer, and what is struck waits again.
        let (town, office) = (waiting(&county.township).await, waiting(&county.county).await);
        assert_eq!(town.len() + office.len(), 4, "{town:?} {office:?}");
        assert!(
            town.iter().any(|item| item.starts_with("visit "))
                && office.iter().any(|item| item.starts_with("training "))
        );
        assert_eq!((waiting(&county.city).await, waiting(&county.neighbour).await), (Vec::new(), Vec::new()));
        note(&app, &county.township, unit, "visit", Looked::default()).await.unwrap();
        assert_eq!(waiting(&county.township).await.len(), town.len() - 1);
        act(&app, &county.county, async |cx| onboarding::strike(cx, unit, "visit", "走访的是另一家").await)
            .await
            .unwrap();
        assert_eq!(waiting(&county.township).await, town);
        app.world().set(april(3));
        list_unit(&app, unit, Listing::Outside, day("2026-04-03")).await;
        assert_eq!(waiting(&county.township).await, [""; 0], "who has left is owed nothing");
        verified(&app).await;
    });
}
