//! Stories and laws of cases, on a type that has everything: terms, two-person rules, a way back, and an act that two sign.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use youju_codes::workday::working_days_after;
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, Role, decide};
use youju_domain::case::{
    Act, Case, CaseType, Command, Demand, EvidenceKind, Field, FieldKind, Height, Least, Material, Moment, New, OPEN,
    Opening, Reason, Signatory, Sort, State, Subject, SubjectKind, Values, Who, flaws, offers, open, read_value, take,
};
use youju_domain::report::Level;

use crate::make::{actor, area, at, id, unit};

const COUNTY: Who = Who::Officer(Height::Of(Level::County));

fn state(key: &str, owner: &[Who], deadline: Option<u32>, counts_from: Option<&str>) -> State {
    State {
        key: key.into(),
        label: key.into(),
        owner: owner.to_vec(),
        deadline,
        counts_from: counts_from.map(Into::into),
        is_end: owner.is_empty(),
        is_bad: false,
    }
}

fn act(key: &str, from: &[&str], to: &str, who: &[Who], not_by: &[&str], demand: Demand) -> Act {
    Act {
        key: key.into(),
        label: key.into(),
        from: from.iter().map(ToString::to_string).collect(),
        to: (!to.is_empty()).then(|| to.into()),
        who: who.to_vec(),
        signatories: Vec::new(),
        not_by: not_by.iter().map(ToString::to_string).collect(),
        demand,
        effects: vec![format!("loan.{key}")],
        without: Vec::new(),
        is_danger: false,
        is_onsite: false,
    }
}

fn signed(key: &str, label: &str, who: Who) -> Signatory {
    Signatory { key: key.into(), label: label.into(), who: vec![who] }
}

/// A factory asks to borrow its files; one officer proposes, another decides; both sides sign.
pub fn loan() -> CaseType {
    let field = |key: &str, kind, choices: &[&str]| Field {
        key: key.into(),
        label: key.into(),
        kind,
        choices: choices.iter().map(ToString::to_string).collect(),
        help: String::new(),
        fact: None,
        is_more: false,
    };
    let what = Demand {
        owes: vec!["what".into()],
        asks: vec!["days".into()],
        evidence: vec![Least { kind: "letter".into(), least: 1 }],
        reason: Reason::May,
        ..Demand::default()
    };
    CaseType {
        key: "loan".into(),
        version: 1,
        name: "借阅档案".into(),
        about: "借阅本单位的统计档案。".into(),
        grounds: Vec::new(),
        note: String::new(),
        subject: SubjectKind::Unit,
        only: Vec::new(),
        title: Some("what".into()),
        paper: None,
        readers: vec![Who::Unit(None), Who::Officer(Height::Any)],
        told: Vec::new(),
        open: Opening {
            label: "申请".into(),
            who: vec![Who::Unit(Some(Role::Statistician)), Who::Officer(Height::Here)],
            state: "asked".into(),
            demand: what.clone(),
        },
        fields: vec![
            field("what", FieldKind::Text, &[]),
            field("days", FieldKind::Number, &[]),
            field("how", FieldKind::Choice, &["现场", "复印"]),
        ],
        checks: Vec::new(),
        checks_by: None,
        evidence: vec![EvidenceKind {
            key: "letter".into(),
            label: "介绍信".into(),
            help: String::new(),
            sort: Sort::File,
            by: None,
            only: Vec::new(),
        }],
        states: vec![
            state("asked", &[COUNTY], Some(5), None),
            state("returned", &[Who::Colleagues], Some(10), None),
            state("deciding", &[COUNTY, Who::Officer(Height::Above)], Some(8), Some("asked")),
            state("signing", &[Who::Unit(None), COUNTY], Some(3), None),
            state("lent", &[], None, None),
            state("refused", &[], None, None),
        ],
        actions: acts(what),
        contradictions: Vec::new(),
        rounds: Vec::new(),
        rounds_by: None,
        is_single: false,
        looks_alike: false,
    }
}

fn acts(what: Demand) -> Vec<Act> {
    let must = Demand { reason: Reason::Must, ..Demand::default() };
    let signatories = vec![signed("borrower", "借方", Who::Unit(None)), signed("office", "出借方", COUNTY)];
    let sign = Act { signatories, ..act("sign", &["signing"], "lent", &[], &[], Demand::default()) };
    vec![
        act(
            "propose",
            &["asked"],
            "deciding",
            &[COUNTY],
            &[OPEN],
            Demand { owes: vec!["how".into()], ..Demand::default() },
        ),
        act("return", &["asked", "deciding"], "returned", &[COUNTY], &[], must.clone()),
        act("again", &["returned"], "asked", &[Who::Colleagues], &[], what),
        act("note", &["asked", "deciding", "signing"], "", &[COUNTY], &[], must.clone()),
        act("agree", &["deciding"], "signing", &[COUNTY, Who::Officer(Height::Above)], &["propose"], Demand::default()),
        act("refuse", &["deciding", "signing"], "refused", &[COUNTY], &["propose"], must),
        sign,
    ]
}

pub fn subject() -> Subject {
    Subject {
        kind: SubjectKind::Unit,
        id: unit().to_string(),
        sort: String::new(),
        name: "虚构食品厂".into(),
        area: area("330781001000"),
        unit: Some(unit()),
    }
}

/// Two people of each role.
pub fn people() -> Vec<Actor> {
    let twin = |role| Actor { person: id(role as u128 + 200), ..actor(role) };
    Role::ALL.into_iter().flat_map(|role| [actor(role), twin(role)]).collect()
}

pub fn moment(day: u32) -> Moment {
    (at(day), NaiveDate::from_ymd_opt(2026, 4, day).unwrap())
}

pub fn values(of: &[(&str, &str)]) -> Values {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub fn letter() -> Material {
    Material { kind: "letter".into(), name: "介绍信.pdf".into(), hash: "00".into(), size: 9, ..Material::default() }
}

pub fn opening() -> Command {
    Command {
        values: values(&[("what", "2025 年台账"), ("days", "10.0")]),
        materials: vec![letter()],
        ..Command::default()
    }
}

fn begin() -> Case {
    let new = New { id: id(1), type_hash: "hash" };
    open(&loan(), new, subject(), &actor(Role::Statistician), opening(), moment(1)).unwrap()
}

fn does(case: &Case, by: &Actor, act: &str, day: u32) -> Result<Case, Problem> {
    let command = Command {
        act: act.into(),
        reason: "按规定办理".into(),
        values: if act == "propose" { values(&[("how", "现场")]) } else { Values::new() },
        ..Command::default()
    };
    take(&loan(), case, by, command, moment(day)).map(|taken| taken.case)
}

pub fn officer() -> Actor {
    actor(Role::CountyOfficer)
}

pub fn colleague() -> Actor {
    Actor { person: id(299), name: "县级统计人员乙".into(), ..officer() }
}

#[test]
fn an_application_is_proposed_by_one_officer_decided_by_another_and_signed_by_both_sides() {
    let (kind, clerk) = (loan(), actor(Role::Statistician));
    assert_eq!(
        flaws(&kind, &kind.actions.iter().flat_map(|act| act.effects.iter().map(String::as_str)).collect::<Vec<_>>()),
        []
    );
    let case = begin();
    assert_eq!((case.state(), case.title(&kind).as_str()), ("asked", "2025 年台账"));
    assert_eq!(case.values()["days"], "10");
    let case = does(&case, &officer(), "propose", 2).unwrap();
    let refused = does(&case, &officer(), "agree", 2).unwrap_err();
    assert_eq!(refused.says(), "“propose”是您本人办理的,“agree”应由另一位人员办理。");
    assert_eq!(case.barred(&kind), [] as [youju_domain::id::PersonId; 0], "the proposer can still send it back");
    // The level above may decide, too: a county with one officer is not stuck.
    assert!(does(&case, &actor(Role::CityOfficer), "agree", 3).is_err(), "above a township stands the county");
    let case = does(&case, &colleague(), "agree", 3).unwrap();
    let first = take(&kind, &case, &clerk, Command { act: "sign".into(), ..Command::default() }, moment(3)).unwrap();
    assert_eq!((first.case.state(), first.effects.len()), ("signing", 0));
    assert_eq!(first.case.last().unwrap().signed_as.as_deref(), Some("borrower"));
    assert_eq!(first.case.turn(&kind), [COUNTY], "the factory has signed");
    let again = does(&first.case, &clerk, "sign", 3).unwrap_err();
    assert_eq!(again.says(), "您已经签过“sign”,其余应由另外的人员签。");
    let done =
        take(&kind, &first.case, &officer(), Command { act: "sign".into(), ..Command::default() }, moment(3)).unwrap();
    assert_eq!((done.case.state(), done.effects), ("lent", vec!["loan.sign".to_owned()]));
    assert!(done.case.turn(&kind).is_empty() && done.case.due_on(&kind).is_none());
}

#[test]
fn whoever_proposed_before_a_return_may_decide_on_the_next_proposal_of_somebody_else() {
    let case = does(&begin(), &officer(), "propose", 1).unwrap();
    let case = does(&case, &colleague(), "return", 1).unwrap();
    let again = Command { act: "again".into(), reason: String::new(), ..opening() };
    let case = take(&loan(), &case, &actor(Role::UnitHead), again, moment(2)).unwrap().case;
    let case = does(&case, &colleague(), "propose", 3).unwrap();
    assert!(does(&case, &colleague(), "agree", 3).is_err());
    assert_eq!(does(&case, &officer(), "agree", 3).unwrap().state(), "signing");
}

#[test]
fn what_an_act_owes_is_asked_for_by_name() {
    let new = || New { id: id(1), type_hash: "hash" };
    let told = |command: Command| {
        open(&loan(), new(), subject(), &actor(Role::Statistician), command, moment(1)).unwrap_err().says()
    };
    assert_eq!(told(Command { values: Values::new(), ..opening() }), "请填写“what”。");
    assert_eq!(told(Command { materials: Vec::new(), ..opening() }), "“介绍信”至少 1 份,现为 0 份。请上传。");
    assert_eq!(
        told(Command { values: values(&[("what", "a"), ("days", "十天")]), ..opening() }),
        "“days”应为数字,现为“十天”。"
    );
    assert_eq!(told(Command { values: values(&[("what", "a"), ("how", "现场")]), ..opening() }), "这一步不填写“how”。");
    let case = begin();
    let silent = Command { act: "return".into(), ..Command::default() };
    let silent = take(&loan(), &case, &officer(), silent, moment(2)).unwrap_err();
    assert_eq!(silent.says(), "请写明意见或原因,4 到 1000 个字,现为 0 个字。");
    let late = Command { act: "return".into(), reason: "材料不全".into(), revision: 7, ..Command::default() };
    assert_eq!(take(&loan(), &case, &officer(), late, moment(2)).unwrap_err(), Problem::Conflict);
    assert_eq!(does(&case, &officer(), "agree", 2).unwrap_err().says(), "这个事项现在是“asked”,不能办理“agree”。");
    assert_eq!(does(&case, &actor(Role::CityOfficer), "propose", 2).unwrap_err(), Problem::Forbidden);
}

#[test]
fn no_case_begins_where_somebody_would_have_to_act_whom_the_area_does_not_have() {
    let province = Subject { area: area("33"), unit: None, ..subject() };
    let new = New { id: id(1), type_hash: "hash" };
    let refused = open(&loan(), new, province, &actor(Role::ProvinceOfficer), opening(), moment(1)).unwrap_err();
    assert_eq!(refused.says(), "“asked”应由县级办理,这里没有,不能在本平台办理。");
}

#[test]
fn terms_count_working_days_from_where_the_type_says() {
    let (kind, case) = (loan(), begin());
    // From Wednesday 1 April over 清明.
    assert_eq!(case.due_on(&kind).unwrap().to_string(), "2026-04-09");
    let case = does(&case, &officer(), "propose", 9).unwrap();
    assert_eq!(case.due_on(&kind).unwrap().to_string(), "2026-04-14", "eight days from the application");
    let case = does(&case, &officer(), "note", 10).unwrap();
    assert_eq!(case.due_on(&kind).unwrap().to_string(), "2026-04-14", "a note moves nothing");
    let case = does(&case, &colleague(), "agree", 14).unwrap();
    assert_eq!(case.due_on(&kind).unwrap().to_string(), "2026-04-17");
}

#[test]
fn fields_are_read_by_their_kind() {
    let of = |kind| Field {
        key: "f".into(),
        label: "栏".into(),
        kind,
        choices: vec!["甲".into(), "乙".into()],
        help: String::new(),
        fact: None,
        is_more: false,
    };
    for (kind, typed, kept) in [
        (FieldKind::Text, " 一行\u{7}文字 ", Ok("一行 文字")),
        (FieldKind::LongText, "一\r\n二", Ok("一\n二")),
        (FieldKind::Date, "2026-02-29", Err("“栏”应写成 2026-04-01 的样子,现为“2026-02-29”。")),
        (FieldKind::Date, "2026-04-01", Ok("2026-04-01")),
        (FieldKind::Number, "1,234.50", Ok("1234.5")),
        (FieldKind::Number, "", Ok("")),
        (FieldKind::Choice, "丙", Err("“栏”应从 甲、乙 中选择,现为“丙”。")),
        (FieldKind::YesNo, "yes", Ok("yes")),
        (FieldKind::YesNo, "maybe", Err("“栏”应选“是”或“否”。")),
    ] {
        let read = read_value(&of(kind), typed).map_err(|problem| problem.says());
        assert_eq!(read.as_deref().map_err(String::as_str), kept, "{typed}");
    }
    assert!(read_value(&of(FieldKind::Text), &"字".repeat(201)).unwrap_err().says().contains("最多 200 个字,现为 201"));
}

#[test]
fn who_reads_back_from_what_it_prints() {
    let all = youju_domain::case::WHO_WORDS.split('、');
    for word in all {
        let who: Who = word.parse().unwrap();
        assert_eq!(who.to_string(), word);
        assert!(!who.label().is_empty());
    }
    for wrong in ["", "unit:", "unit:county_officer", "officer", "officer:village", "all"] {
        assert!(wrong.parse::<Who>().unwrap_err().contains("没有办理人"), "{wrong}");
    }
}

#[test]
fn access_to_a_case_follows_its_readers_and_its_state() {
    let (kind, case) = (loan(), begin());
    let table = |case: &Case| {
        let reach = case.reach(&kind);
        let may = |action: Action| {
            let who = people().into_iter().step_by(2).filter(|actor| decide(actor, action, Object::Case(&reach)));
            who.map(|actor| actor.role.label()).collect::<Vec<_>>().join(" ")
        };
        (may(Action::View), may(Action::Handle))
    };
    let all = "填报人 单位负责人 乡镇统计员 县级统计人员 市级统计人员 省级统计人员";
    assert_eq!(table(&case), (all.into(), "县级统计人员".into()));
    let back = does(&case, &officer(), "return", 1).unwrap();
    assert_eq!(table(&back), (all.into(), "填报人 单位负责人".into()));
    let reach = case.reach(&kind);
    let neighbour = Actor { area: area("330783"), ..colleague() };
    let stranger = Actor { unit: Some(id(8)), ..actor(Role::UnitHead) };
    assert!(
        [neighbour, stranger]
            .iter()
            .all(|actor| actor.must(Action::View, Object::Case(&reach)).unwrap_err().code() == "not_found")
    );
    let other = Action::ALL.into_iter().filter(|action| !matches!(action, Action::View | Action::Handle));
    assert!(other.into_iter().all(|action| people().iter().all(|actor| !decide(actor, action, Object::Case(&reach)))));
}

#[derive(Debug, Clone)]
struct Move {
    person: usize,
    act: usize,
    says: bool,
    brings: bool,
    fills: bool,
    days: u64,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (0..14_usize, 0..7_usize, prop::bool::weighted(0.8), any::<bool>(), prop::bool::weighted(0.8), 0..4_u64);
    let one = one.prop_map(|(person, act, says, brings, fills, days)| Move { person, act, says, brings, fills, days });
    prop::collection::vec(one, 1..60)
}

/// After every step: what was stays, two acts are of two people, signatures are of different people, terms do not run backwards.
fn lawful(kind: &CaseType, before: &Case, after: &Case, act: &Act, today: NaiveDate) {
    assert_eq!(after.steps.len(), before.steps.len() + 1);
    assert_eq!(after.steps[..before.steps.len()], before.steps[..], "the story is only added to");
    assert_eq!(
        (&after.id, &after.type_hash, &after.subject, &after.opener),
        (&before.id, &before.type_hash, &before.subject, &before.opener)
    );
    let step = after.last().unwrap();
    for other in &act.not_by {
        let last = before.steps.iter().rev().find(|one| one.act == *other);
        assert!(last.is_none_or(|one| one.by != step.by), "{} after {other} by one person", act.key);
    }
    let state = kind.state(after.state()).unwrap();
    assert!(act.from.iter().any(|from| from == before.state()));
    if !act.signatories.is_empty() && after.state() == act.to.as_deref().unwrap() {
        let tail = after.steps.iter().rev().take_while(|one| one.signed_as.is_some() || one.act == "note");
        let signatures: Vec<_> = tail.filter(|one| one.signed_as.is_some()).collect();
        let hands: std::collections::BTreeSet<_> = signatures.iter().map(|one| one.by).collect();
        assert_eq!((hands.len(), signatures.len()), (act.signatories.len(), act.signatories.len()));
    }
    assert_eq!(state.is_end, after.turn_parties(kind).is_empty());
    match (after.due_on(kind), before.due_on(kind)) {
        (Some(due), Some(was)) if before.state() == after.state() => assert_eq!(due, was),
        (Some(due), _) if state.counts_from.is_none() => {
            assert_eq!(due, working_days_after(today, state.deadline.unwrap()));
        }
        (due, _) => assert_eq!(due.is_some(), state.deadline.is_some()),
    }
    let mut values = before.values();
    values.extend(step.values.clone());
    assert_eq!(after.values(), values, "the last word of each field holds");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_sequence_of_acts_breaks_the_laws_of_cases(moves in moves()) {
        let (kind, people) = (loan(), people());
        let mut case = begin();
        let (now, mut today) = moment(1);
        for one in moves {
            let (act, actor) = (&kind.actions[one.act], &people[one.person]);
            today = today + Days::new(one.days);
            let asks = |field: &str| act.demand.owes.iter().chain(&act.demand.asks).any(|key| key == field);
            let mut typed = Values::new();
            if one.fills && asks("how") { typed.insert("how".into(), "复印".into()); }
            if one.fills && asks("days") { typed.insert("days".into(), one.days.to_string()); }
            let command = Command {
                act: act.key.clone(),
                reason: if one.says { "写明理由".into() } else { String::new() },
                values: typed,
                materials: if one.brings { vec![letter()] } else { Vec::new() },
                revision: case.revision,
                ..Command::default()
            };
            let before = case.clone();
            let offered = offers(&kind, &case, actor).iter().any(|offer| offer.act.key == act.key && offer.bar.is_none());
            let taken = take(&kind, &case, actor, command, (now, today));
            prop_assert_eq!(&case, &before, "a decision changes nothing by itself");
            if let Ok(taken) = taken {
                prop_assert!(offered);
                lawful(&kind, &before, &taken.case, act, today);
                prop_assert_eq!(!taken.effects.is_empty(), act.signatories.is_empty() || taken.case.state() == "lent");
                case = taken.case;
            }
        }
    }
}
