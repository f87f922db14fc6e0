//! 数据质量评估: the level above assesses an area's figures, feeds back, and totals say whether they may be used.

use youju_app::access::{NewPerson, add_person};
use youju_app::assessment::{self, About, Filter, Subject, Where};
use youju_app::correction::{self, Typed as Wanted};
use youju_app::list::PageRequest;
use youju_app::{App, Result, crypto, message, report, review, survey};
use youju_codes::{AreaCode, Period};
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::assessment::{Assessment, Fit, Overall, Said, Stage, Standing, Verdict};
use youju_domain::correction::Cause;
use youju_domain::id::{AssessmentId, ReportId};
use youju_domain::report::{Level, State};
use youju_domain::survey::Chain;
use youju_store::journal;
use youju_testkit::{County, PASSWORD, april, figures, new_window, on_both_engines};

use crate::make::{act, look, refusal, save, typed, verified};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };
const WORDS: &str = "三月新增夜班,工资增长快于收入";

fn subject(form: &str, area: &str) -> Subject {
    let period = Period::parse("2026-03").unwrap();
    Subject { form: form.into(), period, area: AreaCode::parse(area).unwrap() }
}

/// The first factory's report, with last year's figures, accepted by the county: income grew by 20 %, wages fell by half.
async fn accepted(app: &App, county: &County) -> ReportId {
    let (clerk, head) = (&county.factories[0].clerk, &county.factories[0].head);
    let id = county.bring(0, State::Draft).await;
    let more = [typed("c301_ly", "", "100,000"), typed("c401", "", "10,000"), typed("c401_ly", "", "20,000")];
    let saved = save(app, clerk, id, &more).await.unwrap();
    assert!(saved.refused.is_empty());
    act(app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
    act(app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
    act(app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
    act(app, &county.county, async |cx| review::accept(cx, id).await).await.unwrap();
    id
}

async fn open(app: &App, by: &Actor, subject: &Subject) -> Result<Assessment> {
    act(app, by, async |cx| assessment::open(cx, subject).await).await
}

async fn standing(app: &App, by: &Actor, asked: &Subject) -> Standing {
    look(app, by, async |cx| assessment::standing(cx, asked).await).await.unwrap().standing
}

async fn seen(app: &App, by: &Actor, id: AssessmentId) -> About {
    assessment::look(app, by, id).await.unwrap()
}

async fn waits(app: &App, by: &Actor) -> usize {
    look(app, by, async |cx| assessment::waiting(cx, 10).await).await.unwrap().first.len()
}

async fn told(app: &App, of: &Actor, words: &str) -> bool {
    let messages = look(app, of, async |cx| message::list(cx, ALL).await).await.unwrap();
    messages.rows.iter().any(|message| message.title.starts_with(words))
}

fn said(verdict: Verdict) -> Said {
    Said {
        verdict, reason: "加班减少,工资按月计提有变化".into(), method: "抽查三家重点企业工资表".into()
    }
}

/// 浙江省's officer.
async fn province(app: &App) -> Actor {
    let password_hash = crypto::hash_password(PASSWORD).unwrap();
    let (login, name) = ("sheng".to_owned(), "省级统计人员 sheng".to_owned());
    let (role, area) = (Role::ProvinceOfficer, AreaCode::parse("33").unwrap());
    let new = NewPerson { login, name: name.clone(), role, area, unit: None, password_hash };
    let person = app.write(None, async |cx| add_person(cx, new).await).await.unwrap();
    Actor { person, name, role, area, unit: None, domains: Domains::Every, origin: None }
}

/// Judges everything that is out of bounds as right, and feeds back.
async fn feed_back(app: &App, by: &Actor, id: AssessmentId, overall: Overall) -> Result<Assessment> {
    for one in seen(app, by, id).await.now.unwrap().measured.iter().filter(|one| one.fit() == Fit::Outside) {
        assessment::judge(app, by, id, &one.rule, &said(Verdict::Approved)).await?;
    }
    assessment::feed_back(app, by, id, (overall, "请说明工资与收入增速背离的原因")).await
}

/// What happened to an assessment, by the names of the actions.
async fn deeds(app: &App, id: AssessmentId) -> Vec<String> {
    let entries = app.read(None, async |cx| Ok(journal::of_object(cx.tx(), "assessment", &id.to_string()).await?));
    entries.await.unwrap().into_iter().map(|entry| entry.action).collect()
}

#[test]
fn totals_are_not_for_use_before_the_level_above_has_fed_back_and_not_after_they_have_changed() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (city, own, here) = (&county.city, &county.county, subject("B203", "330781"));
        assert_eq!(standing(&app, own, &here).await, Standing::Unassessed);
        assert!(refusal(open(&app, city, &here).await).says().contains("还没有已验收的报表"));
        let report = accepted(&app, &county).await;
        // Only the level above assesses, and never the area itself.
        assert_eq!(refusal(open(&app, own, &here).await).code(), "access.forbidden");
        assert_eq!(refusal(open(&app, &county.neighbour, &here).await).code(), "not_found");
        let id = open(&app, city, &here).await.unwrap().id;
        assert!(refusal(open(&app, city, &here).await).says().contains("已经开始评估"));
        assert_eq!(standing(&app, own, &here).await, Standing::UnderWay);
        assert!(seen(&app, own, id).await.now.is_none(), "the area sees figures of the whole only with the feedback");
        assert_eq!((waits(&app, city).await, waits(&app, own).await), (1, 0));
        let counted = look(&app, city, async |cx| assessment::waiting(cx, 0).await).await.unwrap();
        assert_eq!((counted.total, counted.first), (1, Vec::new()), "the number does not need the rows");

        // Every declared item is there: computed exactly, or with the reason why not.
        let now = seen(&app, city, id).await.now.unwrap();
        let of = |rule: &str| now.measured.iter().find(|one| one.rule == rule).unwrap();
        let value = |rule: &str| of(rule).value.map(|value| value.to_string());
        assert_eq!((now.reports, now.measured.len()), (1, 8));
        assert_eq!(value("profit_rate").as_deref(), Some("0.1754"));
        assert_eq!((value("income_and_wages").as_deref(), of("income_and_wages").fit()), (Some("70.0"), Fit::Outside));
        assert_eq!(value("income_and_whole").as_deref(), Some("0.0"));
        assert_eq!(of("income_and_power").missing.as_deref(), Some("205-1 电力:没有已验收的报表"));

        let early = assessment::feed_back(&app, city, id, (Overall::Approved, "")).await;
        assert!(refusal(early).says().contains("营业收入增速与应付职工薪酬增速"));
        let by_county = assessment::judge(&app, own, id, "income_and_wages", &said(Verdict::Approved)).await;
        assert_eq!(refusal(by_county).code(), "access.forbidden");
        assert_eq!(feed_back(&app, city, id, Overall::Explain).await.unwrap().stage, Stage::Demanded);
        assert!(standing(&app, own, &here).await.is_usable() && told(&app, own, "评估反馈(认可但需说明)").await);
        assert_eq!((waits(&app, city).await, waits(&app, own).await), (0, 1));
        // A township's figures go with those of its county.
        let township = standing(&app, &county.township, &subject("B203", "330781001000")).await;
        assert_eq!(township, standing(&app, own, &here).await);

        let answer = async |by: &Actor| act(&app, by, async |cx| assessment::answer(cx, id, WORDS).await).await;
        assert_eq!(refusal(answer(city).await).code(), "access.forbidden");
        answer(own).await.unwrap();
        assert!(told(&app, city, "评估已答复").await && waits(&app, city).await == 1);
        act(&app, city, async |cx| assessment::close(cx, id, "说明清楚").await).await.unwrap();
        assert_eq!((waits(&app, city).await, waits(&app, own).await), (0, 0));

        // The county sends the report back: what was assessed is not there any more, and everybody is told.
        act(&app, own, async |cx| review::return_(cx, report, "营业收入与开票额不符").await).await.unwrap();
        let changed = standing(&app, own, &here).await;
        assert!(matches!(changed, Standing::Changed(..)) && changed.says().contains("评估后数据有变动"), "{changed:?}");
        assert!(told(&app, city, "评估后数据有变动").await && waits(&app, city).await == 1);
        let kept = seen(&app, own, id).await.assessment.feedback().unwrap().snapshot.clone().unwrap();
        assert_eq!((kept.measured.clone(), kept.fingerprint), (now.measured, now.fingerprint));

        // Confirmed anew, on what is accepted then.
        let again = async |words: &str| act(&app, city, async |cx| assessment::reassess(cx, id, words).await).await;
        assert_eq!(again("企业报表已退回,重新评估").await.unwrap().round, 2);
        let nothing = assessment::feed_back(&app, city, id, (Overall::Approved, "")).await;
        assert!(refusal(nothing).says().contains("还没有已验收的报表"));
        county.bring(1, State::Accepted(Level::County)).await;
        assert_eq!(feed_back(&app, city, id, Overall::Approved).await.unwrap().stage, Stage::Closed);
        assert!(matches!(standing(&app, own, &here).await, Standing::Usable(..)));
        let steps = ["opened", "judged", "fed_back", "answered", "closed", "changed", "reassessed", "fed_back"];
        assert_eq!(deeds(&app, id).await, steps.map(|step| format!("assessment.{step}")));
        verified(&app).await;
    });
}

#[test]
fn every_change_of_accepted_data_takes_the_approval_away_and_nothing_else_does() {
    on_both_engines(async |app| {
        let county = County::with_factories(&app, 3).await;
        let (city, own, here) = (&county.city, &county.county, subject("B203", "330781"));
        let report = accepted(&app, &county).await;
        let id = open(&app, city, &here).await.unwrap().id;
        feed_back(&app, city, id, Overall::Approved).await.unwrap();
        let usable = async || standing(&app, own, &here).await.is_usable();
        let again = async || {
            act(&app, city, async |cx| assessment::reassess(cx, id, "数据有变动,重新评估").await).await.unwrap();
            feed_back(&app, city, id, Overall::Approved).await.unwrap();
        };
        // A report that is only handed in is in no total; the city's acceptance changes no figure.
        county.bring(1, State::Submitted).await;
        act(&app, city, async |cx| review::accept(cx, report).await).await.unwrap();
        assert!(usable().await);
        // A late acceptance adds to the totals.
        act(&app, own, async |cx| review::accept(cx, county.factories[1].report).await).await.unwrap();
        assert!(!usable().await);
        again().await;
        assert!(usable().await);
        // An approved correction takes a report out of them.
        let clerk = &county.factories[0].clerk;
        let wanted = [Wanted { cell: "c601".into(), value: "95".into() }];
        let asked =
            act(&app, clerk, async |cx| correction::ask(cx, report, Cause::Slip, "漏计了二车间的人员", &wanted).await);
        let asked = asked.await.unwrap().id;
        assert!(usable().await, "an application changes nothing yet");
        act(&app, city, async |cx| correction::decide(cx, asked, true, "同意").await).await.unwrap();
        assert!(!usable().await);
        assert_eq!(waits(&app, city).await, 1);
    });
}

#[test]
fn what_was_sent_back_is_not_closed_but_assessed_anew() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (city, own, here) = (&county.city, &county.county, subject("B203", "330781"));
        accepted(&app, &county).await;
        let id = open(&app, city, &here).await.unwrap().id;
        assert_eq!(feed_back(&app, city, id, Overall::Verify).await.unwrap().stage, Stage::Demanded);
        assert!(matches!(standing(&app, own, &here).await, Standing::Refused(_)));
        act(&app, own, async |cx| assessment::answer(cx, id, WORDS).await).await.unwrap();
        let close = act(&app, city, async |cx| assessment::close(cx, id, "").await).await;
        assert!(refusal(close).says().contains("重新评估"));
        assert!(matches!(standing(&app, own, &here).await, Standing::Refused(_)));
        act(&app, city, async |cx| assessment::reassess(cx, id, "按答复的情况重新评估").await).await.unwrap();
        feed_back(&app, city, id, Overall::Approved).await.unwrap();
        assert!(standing(&app, own, &here).await.is_usable());
    });
}

#[test]
fn nothing_is_silently_usable() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let city = &county.city;
        assert_eq!(standing(&app, city, &subject("101-1", "330781")).await, Standing::Undeclared);
        let undeclared = open(&app, city, &subject("101-1", "330781")).await;
        assert!(refusal(undeclared).says().contains("没有制定评估办法"));
        // Above the city there is nobody in this installation, and that is said.
        let whole = subject("B203", "3307");
        let alone = standing(&app, city, &whole).await;
        assert_eq!(alone, Standing::NoLevelAbove(Some(Level::Province)));
        assert!(alone.says().contains("省级统计机构评估,而它不在本系统内") && !alone.is_usable());
        let province = province(&app).await;
        assert_eq!(standing(&app, city, &whole).await, Standing::Unassessed);
        // The province assesses the city, on what the city has accepted, and not the city's county.
        county.bring(0, State::Accepted(Level::City)).await;
        assert_eq!(refusal(open(&app, &province, &subject("B203", "330781")).await).code(), "access.forbidden");
        let id = open(&app, &province, &whole).await.unwrap().id;
        feed_back(&app, &province, id, Overall::Approved).await.unwrap();
        assert!(standing(&app, city, &whole).await.is_usable());
        let county_hears = standing(&app, &county.county, &subject("B203", "330781")).await;
        assert_eq!(county_hears, Standing::Unassessed, "the county's own figures are still to be assessed");
        for stranger in [&county.neighbour, &county.admin, &county.factories[0].clerk] {
            let asked = look(&app, stranger, async |cx| assessment::standing(cx, &whole).await).await;
            assert_eq!(refusal(asked).code(), "not_found");
            assert_eq!(refusal(assessment::look(&app, stranger, id).await).code(), "not_found");
        }
    });
}

#[test]
fn the_list_holds_what_could_be_assessed_and_what_is() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let list = async |by: &Actor, filter: Filter| {
            look(&app, by, async |cx| assessment::list(cx, &filter, ALL).await).await.map(|page| page.rows)
        };
        let rows = list(&county.city, Filter::default()).await.unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.form.as_str(), row.area.prefix(), row.may_assess)).collect();
        assert_eq!(told, [("B203", "330781", true)], "the city's own figures have nobody here who would assess them");
        let rows = list(&county.county, Filter::default()).await.unwrap();
        assert_eq!((rows.len(), rows[0].may_assess, rows[0].brief.is_none()), (1, false, true));
        assert_eq!(list(&county.township, Filter::default()).await.unwrap(), []);
        assert_eq!(list(&county.neighbour, Filter::default()).await.unwrap(), []);
        for stranger in [&county.factories[0].clerk, &county.admin] {
            assert_eq!(refusal(list(stranger, Filter::default()).await).code(), "not_found");
        }
        accepted(&app, &county).await;
        open(&app, &county.city, &subject("B203", "330781")).await.unwrap();
        let by = |standing| Filter { standing: Some(standing), ..Filter::default() };
        let cases = [
            (by(Where::Unassessed), 0),
            (by(Where::In(Stage::Assessing)), 1),
            (by(Where::In(Stage::Closed)), 0),
            (Filter { form: Some("B203".into()), ..Filter::default() }, 1),
            (Filter { form: Some("205-1".into()), ..Filter::default() }, 0),
            (Filter { period: Period::parse("2026-04").ok(), ..Filter::default() }, 0),
            (Filter { area: AreaCode::parse("330783").ok(), ..Filter::default() }, 0),
            (Filter { below: AreaCode::parse("3307").ok(), ..Filter::default() }, 1),
            (Filter { below: AreaCode::parse("33").ok(), ..Filter::default() }, 0),
        ];
        for (filter, expected) in cases {
            assert_eq!(list(&county.city, filter.clone()).await.unwrap().len(), expected, "{filter:?}");
        }
    });
}

#[test]
fn what_was_judged_and_can_no_longer_be_computed_does_not_hold_the_feedback_up() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (city, own, here) = (&county.city, &county.county, subject("B203", "330781"));
        let report = accepted(&app, &county).await;
        let id = open(&app, city, &here).await.unwrap().id;
        let judged = assessment::judge(&app, city, id, "income_and_wages", &said(Verdict::Verify)).await.unwrap();
        assert_eq!(judged.judgements.len(), 1);
        let unknown = assessment::judge(&app, city, id, "income_and_moon", &said(Verdict::Verify)).await;
        assert!(refusal(unknown).says().contains("没有这一项"));
        // The only unit with last year's wages goes back; the one that comes in has none.
        act(&app, own, async |cx| review::return_(cx, report, "营业收入与开票额不符").await).await.unwrap();
        county.bring(1, State::Accepted(Level::County)).await;
        let now = seen(&app, city, id).await.now.unwrap();
        let wages = now.measured.iter().find(|one| one.rule == "income_and_wages").unwrap();
        assert_eq!(wages.fit(), Fit::Missing);
        let silent = assessment::feed_back(&app, city, id, (Overall::Approved, "")).await;
        assert!(refusal(silent).says().contains("缺数据"));
        let given = assessment::feed_back(&app, city, id, (Overall::Approved, "缺数据的项目按部门资料核对")).await;
        assert_eq!(given.unwrap().stage, Stage::Closed);
    });
}

#[test]
fn what_is_locked_counts_as_far_as_the_last_level_of_its_window_has_accepted() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (city, own) = (&county.city, &county.county);
        let mut new = new_window("330781", "2026-04");
        new.chain = Chain::of(&[Level::County]).unwrap();
        let window = act(&app, own, async |cx| survey::open(cx, new).await).await.unwrap().window;
        let (clerk, head, unit) = (&county.factories[0].clerk, &county.factories[0].head, county.factories[0].unit);
        let period = Period::parse("2026-04").unwrap();
        let of = look(&app, clerk, async |cx| report::of_unit_and_period(cx, unit, period).await).await.unwrap();
        let id = of[0].id;
        act(&app, clerk, async |cx| report::save(cx, id, &figures()).await).await.unwrap();
        act(&app, clerk, async |cx| report::sign(cx, id).await).await.unwrap();
        act(&app, head, async |cx| report::authorise(cx, id).await).await.unwrap();
        act(&app, clerk, async |cx| report::submit(cx, id).await).await.unwrap();
        act(&app, own, async |cx| review::accept(cx, id).await).await.unwrap();
        app.world().set(april(19));
        assert_eq!(act(&app, own, async |cx| survey::lock(cx, window).await).await.unwrap(), 1);
        assert_eq!(county.report(id).await.state, State::Locked);
        let of = |area| Subject { period, ..subject("B203", area) };
        // Totals at the city's level do not hold it, and neither does what the city would be assessed on.
        let province = province(&app).await;
        assert!(refusal(open(&app, &province, &of("3307")).await).says().contains("还没有已验收的报表"));
        let assessed = open(&app, city, &of("330781")).await.unwrap().id;
        let now = seen(&app, city, assessed).await.now.unwrap();
        assert_eq!((now.reports, now.measured[0].taken[0].units), (1, 1));
    });
}

/// An assessor is at it while the county sends a report back: one of them waits, and neither is broken off.
#[test]
fn a_feedback_and_a_return_at_once_do_not_wait_for_each_other() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let (city, own, here) = (&county.city, &county.county, subject("B203", "330781"));
        let report = accepted(&app, &county).await;
        let id = open(&app, city, &here).await.unwrap().id;
        feed_back(&app, city, id, Overall::Approved).await.unwrap();
        let (tell, told) = tokio::sync::oneshot::channel();
        let assessor = async {
            app.write(Some(city.clone()), async |cx| {
                youju_store::assessment::hold(cx.tx(), &here.area, &here.form, here.period).await?;
                tell.send(()).unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                assessment::reassess(cx, id, "有新的情况,重新评估").await
            })
            .await
        };
        let county = async {
            told.await.unwrap();
            act(&app, own, async |cx| review::return_(cx, report, "营业收入与开票额不符").await).await
        };
        let (again, returned) = tokio::join!(assessor, county);
        assert_eq!((again.unwrap().round, returned.unwrap().state), (2, State::Returned));
        assert_eq!(standing(&app, own, &here).await, Standing::UnderWay);
        verified(&app).await;
    });
}
