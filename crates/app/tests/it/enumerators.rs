//! 辅助调查员: selected by a township, consented to by the county, trained, appraised and paid by two people.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use youju_app::enumerator::{self, lacking};
use youju_app::{App, Result, case, staff};
use youju_codes::Period;
use youju_domain::access::Actor;
use youju_domain::case::Command;
use youju_domain::enumerator::{Lack, NewRate, NewWork, Terms, read_area};
use youju_domain::id::{EngagementId, OrganisationId, RateId};
use youju_domain::staff::{About, Appointment, Course, Duty, Establishment, Time, Workplace};
use youju_testkit::{County, april, newcomer, on_both_engines};

use crate::make::{act, look, refusal, verified};
use crate::organisations::{find, set_up};

/// The township proposes somebody, and the county consents; the engagement that follows.
async fn selected(app: &App, county: &County, street: OrganisationId) -> EngagementId {
    let values = [
        ("name", "郑梅"),
        ("time", "兼职"),
        ("area", "黄店村、上章村"),
        ("surveys", "住户收支调查"),
        ("on", "2026-04-02"),
        ("why", "熟悉本村情况,连续三年承担住户调查"),
    ];
    let values = values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let (command, subject) = (Command { values, ..Command::default() }, street.to_string());
    let open = async |cx: &mut youju_app::Cx<'_>| {
        case::open(cx, "enumerator_selection", &subject, command, BTreeMap::new()).await
    };
    let id = act(app, &county.township, open).await.unwrap();
    let consents = async |by: &Actor| {
        let revision = look(app, by, async |cx| case::get(cx, id).await).await?.case.revision;
        let command = Command { act: "consent".into(), revision, ..Command::default() };
        act(app, by, async |cx| case::take(cx, id, command, BTreeMap::new()).await).await
    };
    assert!(consents(&county.township).await.is_err(), "not by the township itself");
    consents(&county.county).await.unwrap();
    let found = look(app, &county.township, async |cx| enumerator::list(cx, Some(street), false).await).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].name.as_str(), found[0].engagement.terms.area.len()), ("郑梅", 2));
    found[0].engagement.id
}

async fn enrol(app: &App, by: &Actor, at: OrganisationId, name: &str, duty: Duty, login: &str) {
    let post = Appointment {
        duty,
        time: Time::Full,
        establishment: Establishment::Hired,
        fields: Vec::new(),
        work: String::new(),
        document: "兰统〔2026〕1号".into(),
        since: april(1).date_naive(),
    };
    let about = About { name: name.into(), ..About::default() };
    let enrol =
        async |cx: &mut youju_app::Cx<'_>| staff::enrol(cx, Workplace::Organisation(at), about, post, login).await;
    act(app, by, enrol).await.unwrap();
}

async fn rate(app: &App, by: &Actor, task: &str, per: &str, amount: i64) -> Result<RateId> {
    let new = NewRate {
        task: task.into(),
        per: per.into(),
        amount: Decimal::new(amount, 2),
        document: "兰统〔2026〕9号".into(),
    };
    act(app, by, async |cx| enumerator::set_rate(cx, new, april(1).date_naive()).await).await
}

async fn works(
    app: &App,
    by: &Actor,
    id: EngagementId,
    rate: RateId,
    on: u32,
    quantity: i64,
    note: &str,
) -> Result<()> {
    let new = NewWork { done_on: april(on).date_naive(), quantity: quantity.into(), note: note.into() };
    act(app, by, async |cx| enumerator::enter_work(cx, id, rate, new).await).await
}

async fn missing(app: &App, by: &Actor) -> Vec<Lack> {
    let found = look(app, by, async |cx| enumerator::list(cx, None, false).await).await.unwrap();
    lacking(&found[0])
}

#[test]
fn an_enumerator_is_selected_trained_appraised_and_paid_by_two_people() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        let id = selected(&app, &county, street).await;
        let all = [Lack::Training, Lack::Secrecy, Lack::Agreement, Lack::Supervisor];
        assert_eq!(missing(&app, &county.county).await, all);

        // Terms: the supervisor works in the same place.
        enrol(&app, &county.county, street, "吴芳", Duty::Statistician, "zhen").await;
        let sheet = look(&app, &county.township, async |cx| enumerator::get(cx, id, None).await).await.unwrap();
        let supervisor = sheet.colleagues[0].tenure.staff;
        let terms = Terms {
            area: read_area("黄店村"),
            supervisor: Some(supervisor),
            agreement: "2026-3".into(),
            secrecy_on: Some(april(2).date_naive()),
            ..sheet.engaged.engagement.terms.clone()
        };
        let change = async |by: &Actor, revision| {
            act(&app, by, async |cx| enumerator::change(cx, id, terms.clone(), revision).await).await
        };
        change(&county.township, 0).await.unwrap();
        assert_eq!(refusal(change(&county.township, 0).await).code(), "conflict", "somebody was faster");

        // Work before training is shown as missing; training afterwards does not mend it.
        let rate = rate(&app, &county.county, "入户调查", "户", 1_550).await.unwrap();
        app.world().set(april(10));
        works(&app, &county.township, id, rate, 10, 4, "").await.unwrap();
        let course = Course {
            subject: "住户调查业务".into(),
            held_on: april(10).date_naive(),
            hours: 8,
            organiser: "市统计局".into(),
            passed: Some(true),
        };
        app.world().set(april(12));
        assert_eq!(missing(&app, &county.county).await, [Lack::Training]);
        let who = sheet.engaged.staff;
        act(&app, &county.county, async |cx| staff::train(cx, who, course).await).await.unwrap();
        assert_eq!(missing(&app, &county.county).await, [], "trained on the day of the first work");

        let appraise = async |by: &Actor| {
            act(&app, by, async |cx| enumerator::appraise(cx, id, "2026-04", 88, "走访齐全,记录规范").await).await
        };
        appraise(&county.township).await.unwrap();
        for (who, code) in
            [(&county.neighbour, "not_found"), (&county.factories[0].clerk, "not_found"), (&county.admin, "not_found")]
        {
            assert_eq!(refusal(appraise(who).await).code(), code, "{}", who.name);
        }
        paid(&app, &county, id, rate).await;
        verified(&app).await;
    });
}

async fn paid(app: &App, county: &County, id: EngagementId, rate: RateId) {
    let month = Period::parse("2026-04").unwrap();
    let confirm = async |by: &Actor| act(app, by, async |cx| enumerator::confirm(cx, id, month).await).await;
    let pay = async |by: &Actor| act(app, by, async |cx| enumerator::pay(cx, id, month, "记 12 号").await).await;
    assert!(refusal(confirm(&county.township).await).says().contains("还没有过完"));
    app.world().set(april(32));
    assert!(refusal(confirm(&county.county).await).says().contains("应由督导人员确认"));
    assert!(refusal(pay(&county.county).await).says().contains("还没有确认"));
    confirm(&county.township).await.unwrap();
    assert_eq!(refusal(confirm(&county.township).await).code(), "conflict");
    // What is confirmed does not move; a mistake is mended in the next month.
    assert!(refusal(works(app, &county.township, id, rate, 11, 1, "").await).says().contains("已经确认"));
    works(app, &county.township, id, rate, 32, -1, "四月多登一户").await.unwrap();
    assert!(refusal(pay(&county.township).await).says().contains("请由另一位办理"));
    pay(&county.county).await.unwrap();
    let sheet = look(app, &county.county, async |cx| enumerator::get(cx, id, Some(month)).await).await.unwrap();
    assert_eq!(sheet.lines[0].ground(), "4 户 × 15.5 元 = 62 元(1 次登记;兰统〔2026〕9号)");
    assert_eq!(sheet.pay.unwrap().paid.unwrap().document, "记 12 号");
    let (_, csv) = look(app, &county.county, async |cx| enumerator::csv(cx, month).await).await.unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert!(csv.contains("郑梅") && csv.contains("已发放(记 12 号)") && csv.contains("62"), "{csv}");
}

#[test]
fn an_auxiliary_of_the_register_is_engaged_by_hand_reads_about_themselves_and_leaves() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        set_up(&app, &county.county).await;
        let street = find(&app, &county.county, "兰江街道办事处").await;
        let somebody = newcomer(&county, "fuzhu", &county.township).await;
        enrol(&app, &county.county, street, "郑梅", Duty::Auxiliary, "fuzhu").await;
        let free = look(&app, &county.township, async |cx| enumerator::free(cx, street).await).await.unwrap().1;
        let tenure = free[0].tenure.id;
        let terms = || Terms { area: read_area("黄店村"), surveys: "住户收支调查".into(), ..Terms::default() };
        let engage = async |by: &Actor| {
            let terms = terms();
            act(&app, by, async |cx| enumerator::engage(cx, tenure, terms, april(2).date_naive()).await).await
        };
        assert_eq!(refusal(engage(&county.neighbour).await).code(), "not_found");
        let id = engage(&county.township).await.unwrap();
        assert!(refusal(engage(&county.township).await).says().contains("已有聘用"));
        // They read what is written about them, and write nothing about themselves, officer or not.
        let own = look(&app, &somebody, async |cx| enumerator::get(cx, id, None).await).await.unwrap();
        assert!(!own.may_write);
        let praise =
            act(&app, &somebody, async |cx| enumerator::appraise(cx, id, "2026-04", 100, "样样都好").await).await;
        assert_eq!(refusal(praise).code(), "access.forbidden");
        assert_eq!(refusal(rate(&app, &county.township, "入户", "户", 100).await).code(), "access.forbidden");
        let rate = rate(&app, &county.county, "入户", "户", 100).await.unwrap();
        let end_rate = async |on| act(&app, &county.county, async |cx| enumerator::end_rate(cx, rate, on).await).await;
        end_rate(april(3).date_naive()).await.unwrap();
        app.world().set(april(5));
        assert!(refusal(works(&app, &county.township, id, rate, 4, 1, "").await).says().contains("不适用"));
        works(&app, &county.township, id, rate, 2, 1, "").await.unwrap();
        let month = Period::parse("2026-04").unwrap();
        let sheet = look(&app, &county.township, async |cx| enumerator::get(cx, id, Some(month)).await).await.unwrap();
        let entered = sheet.work[0].clone();
        let strike = async |on| {
            let work = entered.id;
            act(&app, &county.township, async |cx| enumerator::strike_work(cx, id, work, on, "登记错了人").await).await
        };
        assert_eq!(refusal(strike(april(3).date_naive()).await).code(), "not_found");
        strike(entered.done_on).await.unwrap();
        let end =
            async |cx: &mut youju_app::Cx<'_>| enumerator::end(cx, id, april(5).date_naive(), "调查项目结束").await;
        act(&app, &county.township, end).await.unwrap();
        let list = async |ended| {
            look(&app, &county.county, async |cx| enumerator::list(cx, None, ended).await).await.unwrap().len()
        };
        assert_eq!([list(false).await, list(true).await], [0, 1]);
    });
}
