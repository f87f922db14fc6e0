//! Organisations through the years: added, renamed, merged, split, ended; and set up from a profile.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_domain::Problem;
use youju_domain::id::OrganisationId;
use youju_domain::organisation::{
    self, Act, Ground, Happened, Kind, NewOrganisation, Organisation, Planned, Renaming, Span, Step, Target, plan,
    planned_span,
};
use youju_domain::report::Level;

use crate::make::{area, id};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const TODAY: &str = "2026-04-02";

fn ground(on: &str) -> (Ground, NaiveDate) {
    (Ground { on: day(on), document: "浙民行批〔2026〕1号".into(), reason: "优化区划设置".into() }, day(TODAY))
}

fn make(number: u128, kind: Kind, name: &str, parent: Option<u128>, code: Option<&str>) -> Organisation {
    let span = Span {
        from: day("2022-05-24"),
        until: None,
        kind,
        name: name.into(),
        parent: parent.map(id),
        code: code.map(area),
        area: area(code.unwrap_or("330781")),
    };
    Organisation { id: id(number), unit: None, planned: None, spans: vec![span], revision: 0 }
}

fn government() -> Organisation {
    make(1, Kind::Government, "兰溪市人民政府", None, Some("330781"))
}

fn towns() -> Vec<Organisation> {
    vec![
        make(2, Kind::Township, "香溪镇人民政府", Some(1), Some("330781108")),
        make(3, Kind::Township, "马涧镇人民政府", Some(1), Some("330781109")),
    ]
}

fn new(number: u128, kind: Kind, name: &str, code: &str) -> NewOrganisation {
    NewOrganisation { id: id(number), kind, name: name.into(), code: Some(area(code)), unit: None }
}

/// The organisations with what an act has written.
fn after(before: Vec<Organisation>, act: &Act) -> Vec<Organisation> {
    let mut now: BTreeMap<OrganisationId, Organisation> = before.into_iter().map(|one| (one.id, one)).collect();
    for one in act.begun.iter().chain(&act.changed) {
        now.insert(one.id, one.clone());
    }
    now.into_values().collect()
}

fn names(of: &[Organisation], on: &str) -> Vec<String> {
    of.iter().filter_map(|one| one.as_of(day(on))).map(|span| span.name.clone()).collect()
}

#[track_caller]
fn refused(act: Result<Act, Problem>) -> String {
    act.map(drop).unwrap_err().says()
}

#[test]
fn a_merger_moves_what_stood_below_and_the_old_tree_stays_readable() {
    let mut all = towns();
    all.push(make(4, Kind::Village, "石渠村委会", Some(3), Some("330781109200")));
    let (goes_on, on) = (Target::GoesOn(id(2)), "2026-05-01");
    let act = organisation::merge(&towns(), &goes_on, &government(), &all[2..], ground(on)).unwrap();
    let cut = organisation::Event {
        id: id(9),
        happened: act.done.happened,
        on: act.done.ground.on,
        document: act.done.ground.document.clone(),
        reason: String::new(),
        from: act.done.from.clone(),
        into: act.done.into.clone(),
        by: None,
        by_name: String::new(),
        at: crate::make::at(2),
    };
    let codes = |codes: &[&str]| codes.iter().map(|code| area(code)).collect::<Vec<_>>();
    let cut = cut.cut().unwrap();
    assert_eq!((cut.from, cut.into), (codes(&["330781108", "330781109"]), codes(&["330781108"])));
    let now = after(all, &act);
    assert_eq!(names(&now, "2026-04-30"), ["香溪镇人民政府", "马涧镇人民政府", "石渠村委会"]);
    assert_eq!(names(&now, "2026-05-01"), ["香溪镇人民政府", "石渠村委会"]);
    let village = |on: &str| now[2].as_of(day(on)).unwrap().parent;
    assert_eq!((village("2026-04-30"), village("2026-05-01")), (Some(id(3)), Some(id(2))));
    // A village keeps its own code until another one is ordered.
    assert_eq!(now[2].last().unwrap().code, Some(area("330781109200")));
    let again = organisation::end(&now[1], 0, ground("2026-06-01").0, day(TODAY));
    assert!(refused(again).contains("“马涧镇人民政府”已于 2026-05-01 终止"));
}

#[test]
fn several_become_a_new_one() {
    let target = Target::New(new(7, Kind::Street, "香溪街道办事处", "330781008"));
    let act = organisation::merge(&towns(), &target, &government(), &[], ground("2026-05-01")).unwrap();
    let now = after(towns(), &act);
    assert_eq!(names(&now, "2026-05-01"), ["香溪街道办事处"]);
    assert_eq!(act.done.into[0].name, "香溪街道办事处");
    let one = organisation::merge(&towns()[..1], &target, &government(), &[], ground("2026-05-01"));
    assert!(refused(one).contains("合并应选 2 到 30 个机构,现选了 1 个"));
    let stranger = Target::GoesOn(id(99));
    let stranger = organisation::merge(&towns(), &stranger, &government(), &[], ground("2026-05-01"));
    assert!(refused(stranger).contains("没有找到这个合并后的机构"));
}

#[test]
fn a_split_sends_villages_where_the_office_says() {
    let street = make(2, Kind::Street, "兰江街道办事处", Some(1), Some("330781001"));
    let village = |number, name, code| make(number, Kind::Village, name, Some(2), Some(code));
    let villages = [village(4, "金角社区", "330781001011"), village(5, "丹溪社区", "330781001009")];
    let parts = [new(7, Kind::Street, "金角街道办事处", "330781008")];
    let below = BTreeMap::from([(id(4), id(7))]);
    let act = organisation::split(&street, (&parts, true), &government(), (&villages, &below), ground("2026-07-01"));
    let act = act.unwrap();
    let mut all = vec![street.clone()];
    all.extend(villages.clone());
    let now = after(all, &act);
    assert_eq!(names(&now, "2026-07-01"), ["兰江街道办事处", "金角社区", "丹溪社区", "金角街道办事处"]);
    let parent = |index: usize| now[index].last().unwrap().parent;
    assert_eq!((parent(1), parent(2)), (Some(id(7)), Some(id(2))));
    let same = [new(7, Kind::Street, "金角街道办事处", "330781001")];
    let same = organisation::split(&street, (&same, true), &government(), (&[], &below), ground("2026-07-01"));
    assert!(refused(same).contains("应有各自的区划代码"));
    let one = organisation::split(&street, (&parts, false), &government(), (&[], &below), ground("2026-07-01"));
    assert!(refused(one).contains("分设后应有 2 到 30 个机构,现为 1 个"));
}

#[test]
fn a_township_becomes_a_street_and_what_works_there_without_a_code_follows() {
    let town = make(2, Kind::Township, "灵洞乡人民政府", Some(1), Some("330781200"));
    let mut station = make(4, Kind::Office, "灵洞乡统计站", Some(2), None);
    station.spans[0].area = area("330781200");
    let mut factory = make(5, Kind::Enterprise, "灵洞水泥厂", Some(2), None);
    factory.spans[0].area = area("330781200");
    let to = |kind, name: &str, code: &str| Renaming { kind, name: name.into(), code: Some(area(code)) };
    let street = to(Kind::Street, "灵洞街道办事处", "330781008");
    let others = [station, factory];
    let act = organisation::rename(&town, &street, Some(&government()), &others, ground("2026-05-01")).unwrap();
    let (areas, spans): (Vec<_>, Vec<_>) =
        act.changed.iter().map(|one| (one.last().unwrap().area, one.spans.len())).unzip();
    assert_eq!(
        (areas, spans),
        (vec![area("330781008"), area("330781008")], vec![2, 2]),
        "the register keeps the factory"
    );
    assert_eq!(act.done.happened, Happened::Renamed);
    let again = to(Kind::Township, "灵洞乡人民政府", "330781200");
    assert!(refused(organisation::rename(&town, &again, None, &[], ground("2026-05-01"))).contains("都没有变"));
    let wrong = to(Kind::Street, "灵洞街道办事处", "330781200");
    assert!(refused(organisation::rename(&town, &wrong, None, &[], ground("2026-05-01"))).contains("不是街道的代码"));
    let far = to(Kind::Street, "灵洞街道办事处", "330782008");
    let far = organisation::rename(&town, &far, Some(&government()), &[], ground("2026-05-01"));
    assert!(refused(far).contains("不在上级“兰溪市人民政府”的辖区内"));
}

#[test]
fn dates_documents_and_reasons_are_asked_for() {
    let town = &towns()[0];
    let end = |ground: Ground| refused(organisation::end(town, 0, ground, day(TODAY)));
    let (good, _) = ground("2026-05-01");
    assert!(end(Ground { document: " ".into(), ..good.clone() }).contains("终止应填写批准文件的文号"));
    assert!(end(Ground { reason: "撤".into(), ..good.clone() }).contains("终止应写明原因"));
    assert!(end(Ground { on: day("2206-05-01"), ..good.clone() }).contains("在一年以后。请核对年份"));
    assert!(end(Ground { on: day("2022-05-24"), ..good.clone() }).contains("应晚于这一天"));
    let below = organisation::end(town, 3, good.clone(), day(TODAY));
    assert!(refused(below).contains("下面还有 3 个机构"));
    assert_eq!(organisation::end(town, 0, good, day(TODAY)).unwrap().changed[0].ended_on(), Some(day("2026-05-01")));
}

#[test]
fn what_is_added_fits_its_kind_and_its_place() {
    let add = |new: &NewOrganisation, above: &Organisation| {
        let (ground, today) = ground(TODAY);
        organisation::add(new, above, ground, today)
    };
    let begun = add(&new(7, Kind::Village, "石渠村委会", "330781108200"), &towns()[0]).unwrap();
    assert_eq!(begun.begun[0].as_of(day(TODAY)).unwrap().parent, Some(id(2)));
    let far = add(&new(7, Kind::Village, "石渠村委会", "330781109200"), &towns()[0]);
    assert!(refused(far).contains("不在上级“香溪镇人民政府”的辖区内"));
    let none = NewOrganisation { code: None, ..new(7, Kind::Village, "石渠村委会", "330781108200") };
    assert!(refused(add(&none, &towns()[0])).contains("村(社区)应有统计用区划代码"));
    let coded = new(7, Kind::Department, "市水务局", "330781108");
    assert!(refused(add(&coded, &government())).contains("部门不是区划,不填区划代码"));
    let unit = NewOrganisation { code: None, ..new(7, Kind::Enterprise, "兰溪纺织厂", "330781108") };
    assert!(refused(add(&unit, &towns()[0])).contains("应从名录库中选"));
    let unit = NewOrganisation { unit: Some((id(70), area("330781108"))), ..unit };
    assert_eq!(add(&unit, &towns()[0]).unwrap().begun[0].unit, Some(id(70)));
    let nameless = NewOrganisation { name: " ".into(), ..new(7, Kind::Zone, "兰溪高新区", "330781401") };
    assert!(refused(add(&nameless, &government())).contains("现为 0 个字"));
}

#[test]
fn the_level_above_accepts() {
    let cases = [
        (Kind::Village, "330781001", Level::Township),
        (Kind::Enterprise, "330781001", Level::Township),
        (Kind::Street, "330781001", Level::County),
        (Kind::Department, "330781", Level::County),
        (Kind::Platform, "330781", Level::County),
        (Kind::Bureau, "330781", Level::City),
        (Kind::Bureau, "3307", Level::Province),
        (Kind::Bureau, "110101", Level::Province),
        (Kind::Department, "3307", Level::City),
        (Kind::Bureau, "33", Level::Province),
    ];
    for (kind, code, expected) in cases {
        assert_eq!(kind.answers_to(&area(code)), expected, "{kind:?} {code}");
    }
}

fn declared(key: &str, name: &str, parent: Option<&str>) -> Planned {
    Planned {
        key: key.into(),
        kind: if parent.is_none() { Kind::Government } else { Kind::Department },
        name: name.into(),
        parent: parent.map(str::to_owned),
        code: parent.is_none().then(|| area("330781")),
        area: area("330781"),
        since: day("2022-05-24"),
    }
}

fn here(number: u128, planned: &Planned, parent: Option<u128>) -> Organisation {
    let span = planned_span(planned, parent.map(id), planned.since);
    Organisation { id: id(number), unit: None, planned: Some(planned.clone()), spans: vec![span], revision: 1 }
}

#[test]
fn setting_up_again_changes_nothing_and_respects_what_was_decided_here() {
    let top = declared("lanxi/government", "兰溪市人民政府", None);
    let build = declared("lanxi/jianshe", "兰溪市建设局", Some("lanxi/government"));
    let steps = |all: &[Organisation], declared: &[Planned]| {
        plan(all, declared, day(TODAY)).into_iter().map(|line| line.step).collect::<Vec<_>>()
    };
    let both = [top.clone(), build.clone()];
    assert_eq!(steps(&[], &both), [Step::New, Step::New]);
    let by_hand = Organisation { planned: None, ..here(1, &top, None) };
    assert_eq!(steps(&[by_hand], &both), [Step::Known, Step::New]);
    let set_up = vec![here(1, &top, None), here(2, &build, Some(1))];
    assert_eq!(steps(&set_up, &both), [Step::Unchanged, Step::Unchanged]);
    assert_eq!(steps(&set_up, &both[..1]), [Step::Unchanged, Step::Dropped]);

    // The profile has a new name: it is taken, and told in words.
    let renamed = Planned { name: "兰溪市住房和城乡建设局".into(), ..build.clone() };
    let newer = [top.clone(), renamed.clone()];
    let line = plan(&set_up, &newer, day(TODAY)).remove(1);
    assert_eq!(
        (line.step, line.changes),
        (Step::Changed, vec!["名称:兰溪市建设局 → 兰溪市住房和城乡建设局".to_owned()])
    );

    // Here it was renamed by a document: that stands, whether the profile changes or not.
    let to = Renaming { kind: Kind::Department, name: "兰溪市住建局".into(), code: None };
    let act = organisation::rename(&set_up[1], &to, None, &[], ground("2026-03-01")).unwrap();
    let local = vec![set_up[0].clone(), act.changed[0].clone()];
    assert_eq!(steps(&local, &both), [Step::Unchanged, Step::Local]);
    assert_eq!(steps(&local, &newer), [Step::Unchanged, Step::Both]);
    let ended = organisation::end(&set_up[1], 0, ground("2026-03-01").0, day(TODAY)).unwrap();
    assert_eq!(steps(&[set_up[0].clone(), ended.changed[0].clone()], &both), [Step::Unchanged, Step::Ended]);

    // What was changed today is not changed once more today.
    let to = Renaming { kind: Kind::Department, name: "兰溪市建设局".into(), code: None };
    let mut today = set_up.clone();
    today[1].spans[0].name = "兰溪市建委".into();
    today[1].planned = Some(Planned { name: "兰溪市建委".into(), ..build });
    let act = organisation::rename(&today[1], &to, None, &[], ground(TODAY)).unwrap();
    today[1] = Organisation { planned: Some(both[1].clone()), ..act.changed[0].clone() };
    assert_eq!(steps(&today, &newer), [Step::Unchanged, Step::Today]);
}
