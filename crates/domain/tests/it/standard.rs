//! What organisations must have, from the claim to the acceptance and the renewal.

use chrono::NaiveDate;
use youju_domain::organisation::Kind;
use youju_domain::standard::{Attainment, Claim, Hand, Progress, Requirement, Standard, Standing, Stored};

use crate::make::{at, id};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn standard(renew_months: Option<u32>) -> Standard {
    let item = |id: &str| Requirement {
        id: id.into(), words: "统计资料管理制度".into(), evidence: "制度文本".into()
    };
    Standard {
        id: "rules".into(),
        name: "制度".into(),
        kinds: vec![Kind::Township],
        renew_months,
        requirements: vec![item("files"), item("secrecy")],
        source: "方案".into(),
        paragraph: "三".into(),
        note: String::new(),
    }
}

fn hand(person: u128) -> Hand {
    Hand { person: id(person), name: format!("人员{person}"), at: at(2) }
}

fn rule(dated: &str, until: &str) -> Claim {
    Claim {
        document: "兰江办〔2026〕3号".into(),
        dated: Some(day(dated)),
        signed_by: "主任".into(),
        in_force_until: Some(day(until)),
        ..Claim::default()
    }
}

const TODAY: &str = "2026-04-02";

fn stands(of: &Attainment, on: &str) -> Standing {
    Standing::of(of.stored(), day(on))
}

fn begin() -> Attainment {
    Attainment::begin(id(1), "rules", "files")
}

#[test]
fn a_rule_book_is_claimed_accepted_lapses_and_is_renewed() {
    let rules = standard(Some(12));
    let begun = begin();
    assert_eq!(stands(&begun, TODAY), Standing::Lacking);
    let claimed = begun.claim(&rules, rule("2026-03-01", "2027-02-28"), hand(1), day(TODAY)).unwrap();
    assert_eq!((stands(&claimed, TODAY), claimed.stored().is_met(day(TODAY))), (Standing::Claimed, false));
    let met = claimed.accept("", hand(2)).unwrap();
    assert_eq!((stands(&met, TODAY), stands(&met, "2027-02-28")), (Standing::Met, Standing::Met));
    assert_eq!(stands(&met, "2027-03-01"), Standing::Lapsed);
    assert!(!met.stored().is_met(day("2027-03-01")));

    // While the renewal waits, or was sent back, the old one counts to its last day.
    let renewing = met.claim(&rules, rule("2027-02-01", "2028-01-31"), hand(1), day("2027-02-10")).unwrap();
    assert_eq!(stands(&renewing, "2027-02-20"), Standing::Claimed);
    assert!(renewing.stored().is_met(day("2027-02-28")) && !renewing.stored().is_met(day("2027-03-01")));
    let sent_back = renewing.return_("没有签发人的签字", hand(2)).unwrap();
    assert_eq!(stands(&sent_back, "2027-02-20"), Standing::Returned);
    assert!(sent_back.stored().is_met(day("2027-02-20")));
    let renewed = renewing.accept("", hand(2)).unwrap();
    assert_eq!(stands(&renewed, "2028-01-31"), Standing::Met);

    // What was accepted can be found wanting later.
    let taken_back = renewed.return_("现场检查没有执行", hand(3)).unwrap();
    assert_eq!(stands(&taken_back, "2027-06-01"), Standing::Returned);
    assert!(!taken_back.stored().is_met(day("2027-06-01")));
}

#[test]
fn what_is_claimed_must_be_shown_and_nobody_accepts_their_own() {
    let (haves, rules) = (standard(None), standard(Some(12)));
    let said = |claim: Claim, standard: &Standard| {
        begin().claim(standard, claim, hand(1), day(TODAY)).map(drop).unwrap_err().says()
    };
    let note = |text: &str| Claim { note: text.into(), ..Claim::default() };
    let cases = [
        (note("有"), &haves, "请上传材料,或填写文号"),
        (Claim { dated: Some(day("2026-04-03")), ..note("已明确分管领导") }, &haves, "文件日期不应晚于今天"),
        (note("已制定统计资料管理制度"), &rules, "制度应填写通过(修订)日期"),
        (Claim { signed_by: String::new(), ..rule("2026-03-01", "2027-02-28") }, &rules, "制度应填写签发人"),
        (Claim { in_force_until: None, ..rule("2026-03-01", "2027-02-28") }, &rules, "制度应填写有效期至"),
        (rule("2026-03-01", "2027-03-02"), &rules, "有效期最晚到 2027-03-01,现为 2027-03-02"),
        (rule("2025-03-01", "2026-02-28"), &rules, "有效期至 2026-02-28 已经过去"),
        (note(&"长".repeat(501)), &haves, "情况说明应在 0 到 500 个字之间,现为 501 个字"),
    ];
    for (claim, standard, expected) in cases {
        let says = said(claim, standard);
        assert!(says.contains(expected), "{says}");
    }
    let claimed = begin().claim(&haves, note("由副镇长分管统计"), hand(1), day(TODAY)).unwrap();
    assert!(claimed.accept("", hand(1)).unwrap_err().says().contains("由您本人申报"));
    assert!(begin().accept("", hand(2)).unwrap_err().says().contains("没有待验收的申报"));
    assert!(begin().return_("材料不全请补", hand(2)).unwrap_err().says().contains("没有申报"));
    assert!(claimed.return_("不", hand(2)).unwrap_err().says().contains("退回原因应在 4 到 500 个字之间"));
    let returned = claimed.return_("没有附上文件", hand(2)).unwrap();
    assert!(returned.return_("没有附上文件", hand(2)).unwrap_err().says().contains("没有申报"));
}

#[test]
fn progress_counts_what_is_met_today() {
    let met = Stored { is_accepted: true, in_force_until: Some(day("2026-12-31")), ..Stored::default() };
    let of = |id: &str| if id == "files" { met } else { Stored::default() };
    let told = |on: &str| Progress::of(&standard(Some(12)), of, day(on));
    assert_eq!(told(TODAY), Progress { met: 1, all: 2 });
    assert_eq!(told("2027-01-01"), Progress { met: 0, all: 2 });
}
