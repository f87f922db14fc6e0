//! 事项: applied for, checked by two people, signed by several; a running case keeps its type; whoever was slower is told.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use youju_app::access::{NewPerson, add_person};
use youju_app::attachment::{Looked, look_at};
use youju_app::case::effect::{self, Done, Effect, Pending, names};
use youju_app::case::{self, Filter, Listed, Seen, Turn};
use youju_app::list::PageRequest;
use youju_app::{App, Cx, Result, inbox, message};
use youju_domain::Problem;
use youju_domain::access::{Action, Actor, Object, decide};
use youju_domain::case::{Command, SubjectKind};
use youju_domain::id::CaseId;
use youju_profile::{CaseTypes, Files, load, load_cases};
use youju_store::journal;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::organisations::{find, set_up};

const ALL: PageRequest = PageRequest { offset: 0, limit: 1_000 };

/// Another officer of the county.
async fn colleague(app: &App, county: &County) -> Actor {
    let (role, area) = (county.county.role, county.county.area);
    let name = "县级统计人员 乙".to_owned();
    let new =
        NewPerson { login: "xian2".into(), name: name.clone(), role, area, unit: None, password_hash: String::new() };
    let person = app.write(None, async |cx| add_person(cx, new).await).await.unwrap();
    Actor { person, name, ..county.county.clone() }
}

fn values(of: &[(&str, &str)]) -> BTreeMap<String, String> {
    of.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Files of one page each, by kind of material.
fn papers(app: &App, kinds: &[&str]) -> BTreeMap<String, Looked> {
    let paper = |kind: &str| {
        let content = format!("%PDF-1.7 {kind}").into_bytes();
        (kind.to_owned(), look_at(app, vec![(format!("{kind}.pdf"), content)]).unwrap())
    };
    kinds.iter().map(|kind| paper(kind)).collect()
}

fn survey() -> Command {
    let fields = [
        ("project", "民营企业用工情况调查"),
        ("kind", "新制定"),
        ("purpose", "掌握民营企业用工变化,为稳就业政策提供依据"),
        ("respondents", "全市规模以上民营企业"),
        ("content", "从业人员、缺工人数、工资水平"),
        ("method", "抽样调查"),
        ("frequency", "季度"),
        ("beyond", "yes"),
        ("contact", "王科长 0579-88880000"),
    ];
    Command { values: values(&fields), ..Command::default() }
}

/// The county enters what the department of development and reform hands in.
async fn applied(app: &App, county: &County) -> CaseId {
    let fagai = find(app, &county.county, "兰溪市发改局").await.to_string();
    let papers = papers(app, &["application", "system"]);
    let open = async |cx: &mut Cx<'_>| case::open(cx, "department_survey", &fagai, survey(), papers).await;
    act(app, &county.county, open).await.unwrap()
}

async fn seen(app: &App, by: &Actor, id: CaseId) -> Seen {
    look(app, by, async |cx| case::get(cx, id).await).await.unwrap()
}

async fn take(app: &App, by: &Actor, id: CaseId, name: &str, more: Command, kinds: &[&str]) -> Result<()> {
    let revision = look(app, by, async |cx| case::get(cx, id).await).await?.case.revision;
    let command = Command { act: name.into(), reason: "材料齐全,内容可行".into(), revision, ..more };
    let papers = papers(app, kinds);
    act(app, by, async |cx| case::take(cx, id, command, papers).await).await
}

async fn does(app: &App, by: &Actor, id: CaseId, name: &str) -> Result<()> {
    take(app, by, id, name, Command::default(), &[]).await
}

async fn listed(app: &App, by: &Actor, filter: Filter) -> Vec<Listed> {
    look(app, by, async |cx| case::list(cx, &filter, ALL).await).await.unwrap().rows
}

async fn mine(app: &App, by: &Actor) -> Vec<CaseId> {
    let page = look(app, by, async |cx| case::waiting(cx, 100).await).await.unwrap();
    assert_eq!(page.total, u64::try_from(page.rows.len()).unwrap());
    page.rows.into_iter().map(|row| row.id).collect()
}

/// The titles of somebody's messages.
async fn told(app: &App, of: &Actor) -> Vec<String> {
    let messages = look(app, of, async |cx| message::list(cx, ALL).await).await.unwrap();
    messages.rows.into_iter().map(|message| message.title).filter(|title| !title.contains("开网")).collect()
}

/// What the rows say of a case is what the domain says of it, for everybody.
async fn agree(app: &App, people: &[&Actor], id: CaseId) {
    let case = app.read(None, async |cx| Ok(youju_store::case::get(cx.tx(), id).await?)).await.unwrap().unwrap();
    let kind =
        app.read(None, async |cx| Ok(youju_store::case::kept_type(cx.tx(), &case.type_hash).await?)).await.unwrap();
    let (reach, parties, barred) = (case.reach(&kind), case.turn_parties(&kind), case.barred(&kind));
    for actor in people {
        let row = listed(app, actor, Filter::default()).await.into_iter().find(|row| row.id == id);
        assert_eq!(row.is_some(), decide(actor, Action::View, Object::Case(&reach)), "{}", actor.name);
        let turn =
            parties.iter().any(|party| party.includes(actor, &case.subject.area)) && !barred.contains(&actor.person);
        assert_eq!(row.is_some_and(|row| row.is_mine), turn, "{} in {}", actor.name, case.state());
        assert_eq!(mine(app, actor).await.contains(&id), turn, "{}", actor.name);
    }
}

#[test]
fn a_department_survey_is_reviewed_by_one_officer_and_approved_by_another() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let second = colleague(&app, &county).await;
        let people = [
            &county.township,
            &county.county,
            &second,
            &county.city,
            &county.neighbour,
            &county.admin,
            &county.factories[0].clerk,
        ];
        let id = applied(&app, &county).await;
        agree(&app, &people, id).await;
        let at = seen(&app, &county.city, id).await;
        assert_eq!((at.case.state(), at.turn.join("、").as_str()), ("received", "本级统计机构"));
        // Thursday 2 April; 4 to 6 April are 清明.
        assert_eq!((at.due_on.unwrap().to_string(), at.caveat), ("2026-04-10".into(), None));
        assert_eq!(told(&app, &second).await, ["部门统计调查项目审批:待受理"]);
        assert!(at.offers.is_empty(), "the city looks on");
        assert_eq!(refusal(does(&app, &county.city, id, "accept").await), Problem::Forbidden);
        assert!(matches!(refusal(does(&app, &county.neighbour, id, "accept").await), Problem::NotFound { .. }));
        does(&app, &county.county, id, "accept").await.unwrap();
        does(&app, &county.county, id, "propose").await.unwrap();
        agree(&app, &people, id).await;
        let number = [("number", "兰统批〔2026〕1号"), ("valid_until", "2029-04-30")];
        let approve = || Command { values: values(&number), ..Command::default() };
        let alone = refusal(take(&app, &county.county, id, "approve", approve(), &["decision"]).await);
        assert_eq!(alone.says(), "“提出审查意见”是您本人办理的,“批准”应由另一位人员办理。");
        assert!(mine(&app, &county.county).await.is_empty() && mine(&app, &second).await == [id]);
        let bare = refusal(take(&app, &second, id, "approve", approve(), &[]).await);
        assert_eq!(bare.says(), "“书面决定”至少 1 份,现为 0 份。请上传。");
        take(&app, &second, id, "approve", approve(), &["decision"]).await.unwrap();
        let done = seen(&app, &county.county, id).await;
        assert_eq!(
            (done.case.state(), done.case.values()["number"].as_str(), done.due_on),
            ("approved", "兰统批〔2026〕1号", None)
        );
        assert!(told(&app, &county.county).await.contains(&"部门统计调查项目审批:已批准".to_owned()));
        agree(&app, &people, id).await;

        // A file is fetched by those who may look, and it is written down.
        let hash = done.case.materials().last().unwrap().hash.clone();
        let fetch = async |who: &Actor| act(&app, who, async |cx| case::fetch(cx, id, &hash).await).await;
        assert_eq!(fetch(&county.city).await.unwrap().content, b"%PDF-1.7 decision");
        assert!(matches!(refusal(fetch(&county.factories[0].clerk).await), Problem::NotFound { .. }));
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "case", &id.to_string()).await?)).await.unwrap();
        let actions: Vec<String> = entries.into_iter().map(|entry| entry.action).collect();
        assert_eq!(actions, ["case.opened", "case.stepped", "case.stepped", "case.stepped", "case.file_viewed"]);
        verified(&app).await;
    });
}

#[test]
fn only_departments_are_chosen_from_and_what_is_missing_is_told_by_name() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let form = look(&app, &county.county, async |cx| case::form(cx, "department_survey", "").await).await.unwrap();
        assert!(
            form.subjects.len() == 11 && form.subjects.iter().all(|(_, name)| !name.contains("街道")),
            "{:?}",
            form.subjects
        );
        let street = find(&app, &county.county, "兰江街道办事处").await.to_string();
        let open = async |chosen: &str, command: Command, kinds: &[&str]| {
            let papers = papers(&app, kinds);
            act(&app, &county.county, async |cx| case::open(cx, "department_survey", chosen, command, papers).await)
                .await
        };
        let wrong = refusal(open(&street, survey(), &["application", "system"]).await);
        assert_eq!(wrong.says(), "“兰江街道办事处”不是“部门统计调查项目审批”的办理对象。");
        let fagai = find(&app, &county.county, "兰溪市发改局").await.to_string();
        let empty = Command { values: values(&[("project", "用工调查")]), ..Command::default() };
        let says = refusal(open(&fagai, empty, &["application"]).await).says();
        assert!(says.starts_with("请填写“申请类型”、“调查目的和必要性”"), "{says}");
        let says = refusal(open(&fagai, survey(), &["application"]).await).says();
        assert_eq!(says, "“统计调查制度(含调查表)”至少 1 份,现为 0 份。请上传。");
        let mut broken = papers(&app, &["application"]);
        broken.insert("system".into(), look_at(&app, vec![("木马.exe".into(), b"MZ\x90\x00".to_vec())]).unwrap());
        let bad =
            act(&app, &county.county, async |cx| case::open(cx, "department_survey", &fagai, survey(), broken).await);
        assert!(matches!(refusal(bad.await), Problem::BadFile { .. }));
        assert!(listed(&app, &county.county, Filter::default()).await.is_empty(), "nothing was begun");
        let clerk = &county.factories[0].clerk;
        let has_survey =
            look(&app, clerk, async |cx| Ok(case::openable(cx)?.iter().any(|kind| kind.key == "department_survey")));
        assert!(!has_survey.await.unwrap());
    });
}

fn record() -> Command {
    let fields = [
        ("matter", "要求调高三月工业总产值"),
        ("situation", "强令、授意、指使提供不真实统计资料或篡改、编造"),
        ("happened_on", "2026-04-01"),
        ("leader", "虚构某领导"),
        ("post", "虚构市副市长"),
        ("account", "会后口头要求把三家企业的产值各加一成"),
        ("response", "拒绝、抵制"),
    ];
    Command { values: values(&fields), ..Command::default() }
}

#[test]
fn an_interference_is_recorded_past_the_countys_own_office_and_its_words_stay_with_the_case() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let second = colleague(&app, &county).await;
        let open = async |cx: &mut Cx<'_>| case::open(cx, "interference_record", "", record(), BTreeMap::new()).await;
        let id = act(&app, &county.township, open).await.unwrap();
        let people = [&county.township, &county.county, &second, &county.city, &county.neighbour, &county.admin];
        agree(&app, &people, id).await;
        for actor in [&county.county, &second, &county.neighbour, &county.factories[0].head] {
            let found = look(&app, actor, async |cx| case::get(cx, id).await).await;
            assert_eq!(refusal(found.map(drop)), Problem::NotFound { what: "事项" }, "{}", actor.name);
        }
        does(&app, &county.city, id, "ask").await.unwrap();
        assert_eq!(mine(&app, &county.township).await, [id]);
        let more = Command { values: values(&[("witnesses", "统计站两名同事")]), ..Command::default() };
        take(&app, &county.township, id, "add", more, &["proof"]).await.unwrap();
        does(&app, &county.city, id, "take_up").await.unwrap();
        let outcome = Command { values: values(&[("outcome", "情况属实")]), ..Command::default() };
        take(&app, &county.city, id, "report", outcome, &["report"]).await.unwrap();
        agree(&app, &people, id).await;
        assert!(refusal(does(&app, &county.city, id, "close").await).says().contains("应由另一位人员办理"));
        assert_eq!(told(&app, &county.city).await, ["领导干部干预统计工作记录:待受理"; 2]);

        // The journal proves what was said without saying it.
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "case", &id.to_string()).await?)).await.unwrap();
        let said: String = entries.iter().map(|entry| entry.payload.to_string()).collect();
        assert!(said.contains("step_hash") && !said.contains("虚构") && !said.contains("产值"), "{said}");
        verified(&app).await;
    });
}

#[test]
fn whoever_was_slower_is_told_and_nothing_of_theirs_is_kept() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let second = colleague(&app, &county).await;
        let id = applied(&app, &county).await;
        let revision = seen(&app, &county.county, id).await.case.revision;
        let command =
            |name: &str| Command { act: name.into(), reason: "材料不齐全".into(), revision, ..Command::default() };
        let (one, two) = (command("accept"), command("ask_to_mend"));
        let (first, other) = tokio::join!(
            act(&app, &county.county, async |cx| case::take(cx, id, one, BTreeMap::new()).await),
            act(&app, &second, async |cx| case::take(cx, id, two, BTreeMap::new()).await),
        );
        assert!(first.is_ok() != other.is_ok());
        let refused = if first.is_ok() { refusal(other) } else { refusal(first) };
        assert_eq!(refused, Problem::Conflict);
        assert_eq!(seen(&app, &second, id).await.case.steps.len(), 2);
    });
}

/// The shipped types with texts replaced in one of them.
fn changed(effects: &[Effect], key: &str, changes: &[(&str, &str)]) -> CaseTypes {
    let (files, mut shared) = (Files::shipped(), Files::shipped_cases());
    let path = format!("{key}.toml");
    let mut text = shared.get(&path).unwrap().to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    shared.put(&path, &text);
    let loaded = load_cases(&shared, &files, &load(&files).unwrap(), &names(effects));
    loaded.unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn a_running_case_keeps_its_type_and_a_new_one_has_the_new() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let old = applied(&app, &county).await;
        let new = [
            ("version = 1", "version = 2"),
            ("label = \"受理\"", "label = \"收件\""),
            ("deadline = 5", "deadline = 2"),
        ];
        let app = app.with_case_types(changed(effect::ALL, "department_survey", &new));
        let running = applied(&app, &county).await;
        let term = async |id: CaseId| {
            let seen = seen(&app, &county.county, id).await;
            (seen.kind.version, seen.due_on.unwrap().to_string(), seen.kind.act("accept").unwrap().label.clone())
        };
        assert_eq!(term(old).await, (1, "2026-04-10".into(), "受理".into()));
        assert_eq!(term(running).await, (2, "2026-04-07".into(), "收件".into()));
        does(&app, &county.county, old, "accept").await.unwrap();
        assert_eq!(seen(&app, &county.county, old).await.kind.version, 1);

        // Three days after 清明 the second is overdue, and stands first.
        app.world().set(april(8));
        assert_eq!(mine(&app, &county.county).await, [running, old]);
        let day = "2026-04-08".parse().ok();
        let late = listed(&app, &county.county, Filter { overdue_on: day, ..Filter::default() }).await;
        assert_eq!(late.iter().map(|row| row.id).collect::<Vec<_>>(), [running]);
    });
}

/// Tells the applicant, as rooms do with what follows from a case; refuses where the case says so.
fn keep_number<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let number = done.case.values().remove("number").unwrap_or_default();
        if number.contains("作废") {
            return Err(Problem::BadInput { reason: "批准文号不能使用。".into() }.into());
        }
        let payload = serde_json::json!({ "number": number });
        cx.record("survey.numbered", ("case", done.case.id.to_string()), payload).await
    })
}

const EFFECTS: &[Effect] = &[
    Effect { name: "survey.number", run: keep_number },
    Effect { name: "staff.appoint", run: keep_number },
    Effect { name: "enumerator.engage", run: keep_number },
    Effect { name: "register.list", run: keep_number },
    Effect { name: "register.amend", run: keep_number },
    Effect { name: "register.withdraw", run: keep_number },
    Effect { name: "register.replace_sample", run: keep_number },
    Effect { name: "project.enter", run: keep_number },
];

#[test]
fn what_follows_from_an_act_happens_with_it_or_takes_it_back() {
    on_both_engines(async |app| {
        let effect = [("label = \"批准\"\n", "label = \"批准\"\neffects = [\"survey.number\"]\n")];
        let app = app.with_case_types(changed(EFFECTS, "department_survey", &effect)).with_effects(EFFECTS);
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let second = colleague(&app, &county).await;
        let id = applied(&app, &county).await;
        does(&app, &county.county, id, "accept").await.unwrap();
        does(&app, &county.county, id, "propose").await.unwrap();
        let approve = |number: &str| Command {
            values: values(&[("number", number), ("valid_until", "2029-04-30")]),
            ..Command::default()
        };
        let before = verified(&app).await.size;
        let refused = refusal(take(&app, &second, id, "approve", approve("作废"), &["decision"]).await);
        assert_eq!(refused.says(), "批准文号不能使用。");
        assert_eq!((seen(&app, &second, id).await.case.state(), verified(&app).await.size), ("deciding", before));
        take(&app, &second, id, "approve", approve("兰统批〔2026〕2号"), &["decision"]).await.unwrap();
        let entries =
            app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "case", &id.to_string()).await?)).await.unwrap();
        assert!(entries.iter().any(|entry| entry.action == "survey.numbered"));
    });
}

#[test]
fn lists_are_narrowed_paged_and_counted() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let none = look(&app, &county.county, async |cx| case::list(cx, &Filter::default(), ALL).await).await.unwrap();
        assert_eq!((none.total, none.rows.len()), (0, 0));
        let waiting = look(&app, &county.county, async |cx| inbox::count(cx).await).await.unwrap();
        let first = applied(&app, &county).await;
        for _ in 0..4 {
            app.world().set(app.world().now() + TimeDelta::minutes(1));
            applied(&app, &county).await;
        }
        assert_eq!(look(&app, &county.county, async |cx| inbox::count(cx).await).await.unwrap(), waiting + 5);
        take(&app, &county.county, first, "reject", Command::default(), &["decision"]).await.unwrap();
        let number = async |filter: Filter| listed(&app, &county.county, filter).await.len();
        let of = |turn| Filter { turn, ..Filter::default() };
        assert_eq!(
            [
                number(of(Turn::All)).await,
                number(of(Turn::Open)).await,
                number(of(Turn::Mine)).await,
                number(of(Turn::Ended)).await
            ],
            [5, 4, 4, 1]
        );
        assert_eq!(number(Filter { search: "用工".into(), ..Filter::default() }).await, 5);
        assert_eq!(number(Filter { search: "发改".into(), ..Filter::default() }).await, 5);
        assert_eq!(number(Filter { search: "100%".into(), ..Filter::default() }).await, 0);
        assert_eq!(number(Filter { kind: Some("interference_record".into()), ..Filter::default() }).await, 0);
        let page = PageRequest { offset: 2, limit: 2 };
        let part = look(&app, &county.county, async |cx| case::list(cx, &Filter::default(), page).await).await.unwrap();
        assert_eq!((part.total, part.rows.len(), part.offset), (5, 2, 2));
        assert!(
            listed(&app, &county.county, Filter::default()).await.last().unwrap().is_end,
            "what has ended stands last"
        );
        let names = look(&app, &county.county, async |cx| case::type_names(cx).await).await.unwrap();
        assert!(names.iter().any(|(key, name)| key == "department_survey" && name == "部门统计调查项目审批"));
    });
}

#[test]
fn subjects_of_every_kind_are_found_only_where_one_may_look() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let own = &county.factories[0];
        // The record, about each kind of subject in turn, opened by anybody.
        for kind in SubjectKind::ALL.into_iter().filter(|kind| *kind != SubjectKind::Organisation) {
            let subject = format!("subject = \"{}\"", kind.key());
            let opening = "who = [\"colleagues\", \"officer:any\"]";
            let changes = [
                ("subject = \"none\"", subject.as_str()),
                ("who = [\"officer:township\", \"officer:county\", \"officer:city\"]", opening),
            ];
            let app = app.clone().with_case_types(changed(effect::ALL, "interference_record", &changes));
            let open = async |by: &Actor, chosen: &str| {
                let work = async |cx: &mut Cx<'_>| {
                    case::open(cx, "interference_record", chosen, record(), BTreeMap::new()).await
                };
                act(&app, by, work).await.map(drop)
            };
            let usci = youju_testkit::new_unit(0, "330781001000", "1411").usci.to_string();
            match kind {
                SubjectKind::Unit => {
                    open(&own.clerk, "").await.unwrap();
                    open(&county.county, &usci).await.unwrap();
                    open(&county.township, &own.unit.to_string()).await.unwrap();
                    assert_eq!(refusal(open(&county.neighbour, &usci).await), Problem::NotFound { what: "办理对象" });
                    assert!(refusal(open(&county.county, "9133").await).says().contains("9133"));
                }
                SubjectKind::Area => {
                    open(&county.county, "330781001").await.unwrap();
                    assert_eq!(refusal(open(&county.county, "330783").await), Problem::NotFound { what: "办理对象" });
                }
                SubjectKind::Staff => {
                    open(&own.head, &own.clerk.person.to_string()).await.unwrap();
                    open(&county.county, "tb000").await.unwrap();
                    assert_eq!(refusal(open(&county.neighbour, "tb000").await), Problem::NotFound { what: "办理对象" });
                    assert_eq!(refusal(open(&own.head, "tb001").await), Problem::NotFound { what: "办理对象" });
                }
                _ => open(&county.county, "").await.unwrap(),
            }
        }
    });
}
