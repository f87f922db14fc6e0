//! Enumerators: terms, rates and work that cannot be, pay to the cent, and two hands on every payment.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use proptest::prelude::{Just, any, prop, prop_assert_eq, proptest};
use rust_decimal::Decimal;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::enumerator::{
    Engagement, Hands, Lack, NewRate, NewWork, Pay, Rate, Terms, Work, compute, lacks, read_appraisal, read_area,
    read_month, total,
};
use youju_domain::id::{EngagementId, PersonId, RateId, StaffId};
use youju_domain::survey::parse_local;

fn id<Kind>(last: u32) -> youju_domain::id::Id<Kind> {
    format!("018f6b3e-7b1a-7c33-9a53-0000{last:08}").parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> Instant {
    parse_local("2026-05-02 12:00").unwrap()
}

fn terms() -> Terms {
    Terms { area: read_area("黄店村、上章村"), surveys: "住户调查".into(), ..Terms::default() }
}

fn engagement() -> Engagement {
    let today = day("2026-04-02");
    Engagement::begin(id(1), id(2), terms().read(id(3), today).unwrap(), day("2026-04-01"), today).unwrap()
}

fn rate(number: u32, amount: &str) -> Rate {
    Rate {
        id: id(number),
        area: AreaCode::parse("330781").unwrap(),
        task: format!("入户{number}"),
        per: "户".into(),
        amount: amount.parse().unwrap(),
        document: "兰统〔2026〕9号".into(),
        since: day("2026-01-01"),
        until: None,
    }
}

fn work(rate: RateId, quantity: &str) -> Work {
    let quantity = quantity.parse().unwrap();
    Work { id: id(9), done_on: day("2026-04-05"), rate, quantity, note: String::new(), by_name: "吴芳".into() }
}

#[test]
fn an_area_of_duty_is_read_as_people_write_it() {
    assert_eq!(read_area(" 黄店村、上章村,\n黄店村;三峰村 "), ["黄店村", "上章村", "三峰村"]);
    let staff: StaffId = id(3);
    let today = day("2026-04-02");
    for (terms, says) in [
        (Terms { area: Vec::new(), ..terms() }, "责任区域"),
        (Terms { surveys: " ".into(), ..terms() }, "调查项目"),
        (Terms { supervisor: Some(staff), ..terms() }, "督导人员应为别人"),
        (Terms { secrecy_on: Some(day("2026-04-03")), ..terms() }, "不能晚于今天"),
    ] {
        assert!(terms.read(staff, today).unwrap_err().says().contains(says), "{says}");
    }
}

#[test]
fn what_somebody_lacks_is_told() {
    assert_eq!(lacks(&terms(), false), [Lack::Training, Lack::Secrecy, Lack::Agreement, Lack::Supervisor]);
    let all =
        Terms { supervisor: Some(id(4)), agreement: "2026-3".into(), secrecy_on: Some(day("2026-04-01")), ..terms() };
    assert_eq!(lacks(&all, true), []);
}

#[test]
fn an_engagement_ends_once_and_with_a_reason() {
    let one = engagement();
    assert!(one.end(day("2026-03-31"), "不再承担").is_err());
    assert!(one.end(day("2026-04-30"), "走").is_err());
    let ended = one.end(day("2026-04-30"), "调查项目结束").unwrap();
    assert!(ended.holds_on(day("2026-04-29")) && !ended.holds_on(day("2026-04-30")));
    assert!(ended.end(day("2026-05-01"), "调查项目结束").is_err());
}

#[test]
fn work_is_done_within_engagement_and_rate_and_a_deduction_says_why() {
    let (one, rate, today) = (engagement(), rate(1, "15"), day("2026-04-20"));
    let new = |on: &str, quantity: &str, note: &str| {
        let new = NewWork { done_on: day(on), quantity: quantity.parse().unwrap(), note: note.into() };
        new.read(&one, &rate, today)
    };
    assert_eq!(new("2026-04-05", "12.50", "").unwrap().quantity.to_string(), "12.5");
    assert!(new("2026-04-05", "-2", "上月多登 2 户").is_ok());
    for (on, quantity, note) in [
        ("2026-04-21", "1", ""),
        ("2026-03-31", "1", ""),
        ("2026-04-05", "0", ""),
        ("2026-04-05", "1.234", ""),
        ("2026-04-05", "100001", ""),
        ("2026-04-05", "-2", "错"),
    ] {
        assert!(new(on, quantity, note).is_err(), "{on} {quantity} {note}");
    }
    let old = Rate { until: Some(day("2026-04-05")), ..rate.clone() };
    let late = NewWork { done_on: day("2026-04-05"), quantity: Decimal::ONE, note: String::new() };
    assert!(late.read(&one, &old, today).is_err());
    for amount in ["0", "-1", "10000.01", "1.005"] {
        let amount = amount.parse().unwrap();
        let new = NewRate { task: "入户".into(), per: "户".into(), amount, document: "兰统〔2026〕9号".into() };
        assert!(new.read().is_err(), "{amount}");
    }
}

#[test]
fn pay_is_computed_with_its_ground() {
    let rates = BTreeMap::from([(id(1), rate(1, "15.5")), (id(2), rate(2, "0.33"))]);
    let lines = compute(&[work(id(1), "3"), work(id(2), "0.5"), work(id(1), "-1")], &rates).unwrap();
    let told: Vec<String> = lines.iter().map(youju_domain::enumerator::Line::ground).collect();
    // Half a cent goes up.
    assert_eq!(
        told,
        ["2 户 × 15.5 元 = 31 元(2 次登记;兰统〔2026〕9号)", "0.5 户 × 0.33 元 = 0.17 元(1 次登记;兰统〔2026〕9号)"]
    );
    assert_eq!(total(&lines).to_string(), "31.17");
    assert!(compute(&[work(id(7), "1")], &rates).is_err(), "work without a rate is not paid as nothing");
}

proptest! {
    #[test]
    fn the_order_of_entries_changes_no_cent(
        entries in prop::collection::vec((1_u32..4, -500_i64..5_000, Just(())), 0..30),
        turn in any::<prop::sample::Index>(),
    ) {
        let rates = (1..4).map(|number| (id(number), rate(number, &format!("{number}.37")))).collect();
        let all: Vec<Work> = entries
            .iter()
            .map(|(number, cents, ())| Work { quantity: Decimal::new(*cents, 2), ..work(id(*number), "1") })
            .collect();
        let mut turned = all.clone();
        if !turned.is_empty() {
            let by = turn.index(turned.len());
            turned.rotate_left(by);
        }
        prop_assert_eq!(compute(&all, &rates).unwrap(), compute(&turned, &rates).unwrap());
    }
}

#[test]
fn two_people_have_their_hands_on_every_payment() {
    let month = read_month("2026-04").unwrap();
    let lines = compute(&[work(id(1), "3")], &BTreeMap::from([(id(1), rate(1, "15"))])).unwrap();
    let people: [PersonId; 3] = [id(11), id(12), id(13)];
    let [own, supervisor, other] = people;
    let hands = Hands { own: Some(own), supervisor: Some(supervisor) };
    let of: EngagementId = id(1);
    let confirm =
        |by: PersonId, today: &str| Pay::confirm((of, month), lines.clone(), (by, "吴芳"), hands, (now(), day(today)));
    assert!(confirm(supervisor, "2026-04-30").unwrap_err().says().contains("还没有过完"));
    assert!(confirm(own, "2026-05-02").unwrap_err().says().contains("由督导人员确认"));
    assert!(confirm(other, "2026-05-02").unwrap_err().says().contains("应由督导人员确认"));
    let none = Pay::confirm((of, month), Vec::new(), (supervisor, "吴芳"), hands, (now(), day("2026-05-02")));
    assert!(none.unwrap_err().says().contains("没有登记工作量"));
    let pay = confirm(supervisor, "2026-05-02").unwrap();
    for by in [own, supervisor] {
        assert!(pay.pay((by, "吴芳"), hands, "记 12 号", now()).is_err());
    }
    assert!(pay.pay((other, "周平"), hands, " ", now()).is_err());
    let paid = pay.pay((other, "周平"), hands, "记 12 号", now()).unwrap();
    assert_eq!(paid.paid.as_ref().unwrap().document, "记 12 号");
    assert!(paid.pay((other, "周平"), hands, "记 13 号", now()).is_err(), "paid once");
}

#[test]
fn an_appraisal_has_marks_of_a_hundred_and_grounds() {
    let today = day("2026-04-02");
    let (period, score, _) = read_appraisal("2026年3月", 80, "样本户走访齐全", today).unwrap();
    assert_eq!((period, score), (Period::parse("2026-03").unwrap(), 80));
    assert!(read_appraisal("2026-03", 101, "样本户走访齐全", today).is_err());
    assert!(read_appraisal("2026-05", 80, "样本户走访齐全", today).is_err());
    assert!(read_appraisal("2026-03", 80, "好", today).is_err());
    assert!(read_month("2026年一季度").is_err());
}
