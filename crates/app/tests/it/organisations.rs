//! 机构: 兰溪 is set up from its profile, lives through renamings, mergers and splits, and stays readable as of any day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_app::list::PageRequest;
use youju_app::organisation::{self, Into, SetUp, Splitting, Tree, Typed};
use youju_app::{App, Result};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{Event, Ground, Happened, Kind, Renaming, Step};
use youju_profile::{Files, Profile, load};
use youju_store::journal;
use youju_testkit::{County, april, new_unit, on_both_engines};

use crate::make::{act, look, refusal, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

fn ground(on: &str) -> Ground {
    Ground { on: day(on), document: "浙民行批〔2026〕1号".into(), reason: "优化区划设置".into() }
}

pub async fn set_up(app: &App, by: &Actor) -> SetUp {
    let shown = look(app, by, async |cx| Ok(organisation::dry_run(cx, "lanxi").await?.to_do())).await.unwrap();
    act(app, by, async |cx| organisation::set_up(cx, "lanxi", shown).await).await.unwrap()
}

async fn tree(app: &App, by: &Actor, on: Option<&str>) -> Tree {
    let on = on.map(day);
    look(app, by, async |cx| organisation::tree(cx, on).await).await.unwrap()
}

async fn names(app: &App, by: &Actor, on: &str) -> Vec<String> {
    tree(app, by, Some(on)).await.branches.into_iter().map(|branch| branch.listed.span.name).collect()
}

/// An organisation of today by its name.
pub async fn find(app: &App, by: &Actor, name: &str) -> OrganisationId {
    let tree = tree(app, by, None).await;
    let found = tree.branches.iter().find(|branch| branch.listed.span.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).listed.id
}

async fn merge(app: &App, by: &Actor, ids: &[OrganisationId], on: &str) -> Result<Event> {
    let into = Into::GoesOn(ids[0]);
    act(app, by, async |cx| organisation::merge(cx, ids, into, ground(on)).await).await
}

fn typed(kind: Kind, name: &str, code: Option<&str>) -> Typed {
    Typed { kind, name: name.into(), code: code.map(self::code), usci: None }
}

#[test]
fn lanxi_is_set_up_whole_and_setting_up_again_changes_nothing() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let office = &county.county;
        let run = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        assert_eq!((run.to_do(), run.count(Step::New), run.lines.len()), (36, 36, 36));
        assert!(tree(&app, office, None).await.branches.is_empty(), "a dry run writes nothing");
        let stale = act(&app, office, async |cx| organisation::set_up(cx, "lanxi", 35).await).await;
        assert_eq!(refusal(stale), Problem::Conflict);
        assert_eq!(set_up(&app, office).await, SetUp { begun: 36, changed: 0 });
        let before = verified(&app).await;

        let again = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        assert_eq!((again.to_do(), again.count(Step::Unchanged)), (0, 36));
        assert_eq!(set_up(&app, office).await, SetUp { begun: 0, changed: 0 });
        assert_eq!(verified(&app).await.size, before.size + 1, "only that somebody set up again");

        let all = tree(&app, office, None).await;
        let told: Vec<(usize, &str)> =
            all.branches.iter().map(|branch| (branch.depth, branch.listed.span.name.as_str())).collect();
        assert_eq!(told[..3], [(0, "兰溪市人民政府"), (1, "兰溪市人民政府办公室"), (1, "兰溪市统计局")]);
        assert_eq!((told.len(), told[14], told[35].0), (36, (1, "兰江街道办事处"), 1));
        assert!(names(&app, office, "2022-05-23").await.is_empty(), "nothing is kept before the notice");
        // The township sees its own street only; the neighbour and a factory see nothing.
        assert_eq!(names(&app, &county.township, "2026-04-02").await, ["兰江街道办事处"]);
        assert!(names(&app, &county.neighbour, "2026-04-02").await.is_empty());
        let clerk = look(&app, &county.factories[0].clerk, async |cx| organisation::tree(cx, None).await).await;
        assert_eq!(refusal(clerk), Problem::NotFound { what: "机构" });
    });
}

#[test]
fn who_may_not_set_up_or_change_is_refused() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.city).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        let people = [
            (&county.township, Problem::Forbidden),
            (&county.neighbour, Problem::NotFound { what: "机构" }),
            (&county.admin, Problem::NotFound { what: "机构" }),
            (&county.factories[0].clerk, Problem::NotFound { what: "机构" }),
        ];
        for (who, expected) in people {
            let end = act(&app, who, async |cx| organisation::end(cx, street, ground("2026-05-01")).await).await;
            assert_eq!(refusal(end), expected, "{}", who.name);
            let run = refusal(look(&app, who, async |cx| organisation::dry_run(cx, "lanxi").await).await);
            assert!(matches!(run, Problem::Forbidden | Problem::NotFound { .. }), "{} {run:?}", who.name);
        }
        // Nobody may in 亳州, whose profile is shipped too.
        let run = look(&app, &county.county, async |cx| organisation::dry_run(cx, "bozhou").await).await;
        assert!(matches!(refusal(run), Problem::NotFound { .. }));
    });
}

#[test]
fn townships_are_merged_split_and_renamed_and_every_day_is_still_there() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let office = &county.county;
        set_up(&app, office).await;
        let (xiangxi, majian) =
            (find(&app, office, "香溪镇人民政府").await, find(&app, office, "马涧镇人民政府").await);
        let village = typed(Kind::Village, "石渠村委会", Some("330781109200"));
        let add = async |cx: &mut youju_app::Cx<'_>| organisation::add(cx, majian, village, ground("2026-04-02")).await;
        let village = act(&app, office, add).await.unwrap();
        merge(&app, office, &[xiangxi, majian], "2026-05-01").await.unwrap();

        let splitting = Splitting {
            new: vec![typed(Kind::Street, "金角街道办事处", Some("330781008"))],
            goes_on: true,
            below: BTreeMap::new(),
        };
        let street = find(&app, office, "兰江街道办事处").await;
        let split =
            act(&app, office, async |cx| organisation::split(cx, street, splitting, ground("2026-06-01")).await);
        assert_eq!(split.await.unwrap().happened, Happened::Split);
        let build = find(&app, office, "兰溪市建设局").await;
        let to = Renaming { kind: Kind::Department, name: "兰溪市住房和城乡建设局".into(), code: None };
        act(&app, office, async |cx| organisation::rename(cx, build, &to, ground("2026-04-10")).await).await.unwrap();

        let at = async |on: &str| {
            let names = names(&app, office, on).await;
            ["马涧镇人民政府", "金角街道办事处", "兰溪市建设局", "兰溪市住房和城乡建设局"]
                .map(|one| names.iter().any(|name| name == one))
        };
        assert_eq!(at("2026-04-09").await, [true, false, true, false]);
        assert_eq!(at("2026-04-10").await, [true, false, false, true]);
        assert_eq!(at("2026-05-01").await, [false, false, false, true]);
        assert_eq!(at("2026-06-01").await, [false, true, false, true]);

        let seen = async |id, on: &str| {
            let on = Some(day(on));
            look(&app, office, async |cx| organisation::get(cx, id, on, ALL).await).await.unwrap()
        };
        let village = seen(village, "2026-05-01").await;
        assert_eq!(village.above.last().unwrap().1, "香溪镇人民政府");
        let gone = seen(majian, "2026-05-01").await;
        assert!(gone.span.is_none() && gone.organisation.ended_on() == Some(day("2026-05-01")));
        let told: Vec<Happened> = gone.events.iter().map(|event| event.happened).collect();
        assert_eq!(told, [Happened::Merged, Happened::SetUp]);
        assert_eq!(gone.events[1].into.len(), 1, "of the set-up only this one is told");
        assert!(seen(xiangxi, "2026-04-30").await.duties.unwrap().0.contains("二级网格"));

        // Old figures: which code is which.
        let ask = async |code: AreaCode, from: &str, to: &str| {
            let (from, to) = (day(from), day(to));
            look(&app, office, async |cx| organisation::recut(cx, code, from, to).await).await.unwrap()
        };
        let merged = ask(code("330781109"), "2026-03-31", "2026-06-30").await;
        assert_eq!((merged.recut.only(), merged.is_reversible), (Some(code("330781108")), false));
        let split = ask(code("330781001"), "2026-03-31", "2026-06-30").await;
        assert_eq!((split.recut.codes.len(), split.is_reversible), (2, false));
        let same = ask(code("330781102"), "2026-03-31", "2026-06-30").await;
        assert!(same.is_reversible && same.names == [(code("330781102"), "游埠镇人民政府".to_owned())]);

        // Set-up leaves what was decided here.
        let run = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        assert_eq!((run.to_do(), run.count(Step::Ended), run.count(Step::Local)), (0, 1, 1));
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "organisation", &xiangxi.to_string()).await?));
        let actions: Vec<String> = entries.await.unwrap().into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["organisation.merged"]);
        verified(&app).await;
    });
}

#[test]
fn codes_are_borne_once_and_what_stands_below_keeps_an_organisation_alive() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let office = &county.county;
        set_up(&app, office).await;
        let top = find(&app, office, "兰溪市人民政府").await;
        let (baishe, youbu) = (find(&app, office, "柏社乡人民政府").await, find(&app, office, "游埠镇人民政府").await);
        let add = async |parent, new: Typed| {
            act(&app, office, async |cx| organisation::add(cx, parent, new, ground("2026-04-02")).await).await
        };
        let double = add(top, typed(Kind::Township, "新游埠镇人民政府", Some("330781102"))).await;
        assert!(refusal(double).says().contains("区划代码 330781102000 已由“游埠镇人民政府”使用过"));
        add(baishe, typed(Kind::Village, "青塘村委会", Some("330781209200"))).await.unwrap();
        let end = act(&app, office, async |cx| organisation::end(cx, baishe, ground("2026-05-01")).await).await;
        assert!(refusal(end).says().contains("下面还有 1 个机构"));
        let again = act(&app, office, async |cx| organisation::end(cx, youbu, ground("2026-05-01")).await).await;
        assert_eq!(again.unwrap().happened, Happened::Ended);
        // Even after the end the code is not used again.
        let reused = add(top, typed(Kind::Township, "新游埠镇人民政府", Some("330781102"))).await;
        assert!(refusal(reused).says().contains("代码不重复使用"));
    });
}

#[test]
fn units_of_the_register_become_organisations_of_their_street_once() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        let office = &county.county;
        set_up(&app, office).await;
        let street = find(&app, office, "兰江街道办事处").await;
        let add = async || act(&app, office, async |cx| organisation::add_enterprises(cx, street).await).await.unwrap();
        // Two of the three factories and the shop are in 兰江街道.
        assert_eq!(add().await, 3);
        assert_eq!(add().await, 0);
        let all = tree(&app, office, None).await;
        let branch = all.branches.iter().find(|branch| branch.listed.id == street).unwrap();
        assert_eq!((branch.enterprises, all.branches.len()), (3, 36));
        let usci = Some(new_unit(1, "330781002000", "1411").usci);
        let new = Typed { usci, ..typed(Kind::Enterprise, "", None) };
        let far =
            act(&app, office, async |cx| organisation::add(cx, street, new.clone(), ground("2026-04-02")).await).await;
        assert!(refusal(far).says().contains("不在上级“兰江街道办事处”的辖区内"));
        let yunshan = find(&app, office, "云山街道办事处").await;
        let add = async |new: Typed| {
            act(&app, office, async |cx| organisation::add(cx, yunshan, new, ground("2026-04-02")).await).await
        };
        add(new.clone()).await.unwrap();
        assert!(refusal(add(new).await).says().contains("已经登记为机构"));
        let unknown =
            Typed { usci: Some(new_unit(777, "330781002000", "1411").usci), ..typed(Kind::Enterprise, "", None) };
        assert!(matches!(refusal(add(unknown).await), Problem::NotInRegister { .. }));
        // A unit's own people see it, and nobody else's.
        let own = &county.factories[1];
        let id = look(&app, &own.clerk, async |cx| organisation::of_unit(cx, own.unit).await).await.unwrap();
        let other = look(&app, &county.factories[0].clerk, async |cx| organisation::get(cx, id, None, ALL).await).await;
        assert_eq!(other.map(drop).map_err(|_| ()), Err(()));
        let seen = look(&app, &own.clerk, async |cx| organisation::get(cx, id, None, ALL).await).await.unwrap();
        assert_eq!((seen.may_arrange, seen.standards.len()), (false, 2));
    });
}

/// 兰溪's profile with one department called otherwise.
fn renamed() -> Vec<Profile> {
    let mut files = Files::shipped().into_iter().find(|files| files.name() == "lanxi").unwrap();
    let text = files.get("organisation.toml").unwrap().replace("兰溪市建设局", "兰溪市住房和城乡建设局");
    files.put("organisation.toml", &text);
    load(&[files]).unwrap()
}

#[test]
fn a_changed_profile_is_taken_from_its_day_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let office = &county.county;
        set_up(&app, office).await;
        let app = app.clone().with_profiles(renamed());
        app.world().set(april(5));
        let run = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        let line = run.lines.iter().find(|line| line.step == Step::Changed).unwrap();
        assert_eq!(line.changes, ["名称:兰溪市建设局 → 兰溪市住房和城乡建设局"]);
        assert_eq!(set_up(&app, office).await, SetUp { begun: 0, changed: 1 });
        let has = async |on: &str, name: &str| names(&app, office, on).await.iter().any(|one| one == name);
        assert!(has("2026-04-04", "兰溪市建设局").await && has("2026-04-05", "兰溪市住房和城乡建设局").await);
        assert_eq!(set_up(&app, office).await, SetUp { begun: 0, changed: 0 });
    });
}

#[test]
fn what_somebody_added_by_hand_goes_by_the_profile_from_then_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let office = &county.county;
        set_up(&app, office).await;
        let top = find(&app, office, "兰溪市人民政府").await;
        // A department of the profile that is not known yet, under the same name.
        let mut files = Files::shipped().into_iter().find(|files| files.name() == "lanxi").unwrap();
        let more = "\n[[organisation]]\nkey = \"stats_society\"\nkind = \"department\"\nname = \"兰溪市市场监管局\"\nparent = \"government\"\nsource = \"notice\"\nparagraph = \"一\"\n";
        files.put("organisation.toml", &format!("{}{more}", files.get("organisation.toml").unwrap()));
        let new = typed(Kind::Department, "兰溪市市场监管局", None);
        act(&app, office, async |cx| organisation::add(cx, top, new, ground("2026-04-02")).await).await.unwrap();
        let app = app.clone().with_profiles(load(&[files]).unwrap());
        let run = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        assert_eq!((run.to_do(), run.count(Step::Known)), (1, 1));
        assert_eq!(set_up(&app, office).await, SetUp { begun: 0, changed: 1 });
        assert_eq!(tree(&app, office, None).await.branches.len(), 37);
        let again = look(&app, office, async |cx| organisation::dry_run(cx, "lanxi").await).await.unwrap();
        assert_eq!((again.to_do(), again.count(Step::Unchanged)), (0, 37));
    });
}
