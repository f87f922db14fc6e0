use chrono::NaiveDate;
use proptest::prelude::*;
use youju_codes::{CodeErrorKind, Period, PeriodKind};

const KINDS: [PeriodKind; 5] =
    [PeriodKind::Month, PeriodKind::MonthCombined, PeriodKind::Quarter, PeriodKind::Half, PeriodKind::Year];

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_way_of_writing_a_period_gives_the_canonical_one() {
    let cases: &[(&str, &[&str])] = &[
        (
            "2026-03",
            &[
                "2026-03",
                "2026-3",
                "2026M03",
                "2026M3",
                "2026-M03",
                "202603",
                "2026年3月",
                "2026年03月",
                "２０２６年 ３ 月",
            ],
        ),
        (
            "2026-01~02",
            &[
                "2026-01~02",
                "2026年1-2月",
                "2026年1—2月",
                "2026年1–2月",
                "2026年1~2月",
                "2026年1～2月",
                "2026年1至2月",
                "2026年1月—2月",
            ],
        ),
        ("2026-Q1", &["2026Q1", "2026-Q1", "2026q1", "2026年1季度", "2026年一季度", "2026年第1季度", "2026年第一季度"]),
        ("2026-S1", &["2026-S1", "2026S1", "2026H1", "2026年上半年"]),
        ("2026-S2", &["2026-S2", "2026-H2", "2026年下半年"]),
        ("2026", &["2026", "2026-A1", "2026A1", "2026年", "2026年度", "2026年全年"]),
    ];
    for (canonical, ways) in cases {
        for way in *ways {
            assert_eq!(period(way).to_string(), *canonical, "{way}");
        }
    }
}

#[test]
fn labels_read_as_in_a_bulletin() {
    let cases = [
        ("2026-01", "2026年1月", "2026年1月"),
        ("2026-03", "2026年3月", "2026年1—3月"),
        ("2026-01~02", "2026年1—2月", "2026年1—2月"),
        ("2026-Q1", "2026年1季度", "2026年1—3月"),
        ("2026-Q2", "2026年2季度", "2026年1—6月"),
        ("2026-S1", "2026年上半年", "2026年1—6月"),
        ("2026-S2", "2026年下半年", "2026年1—12月"),
        ("2026", "2026年", "2026年"),
    ];
    for (text, label, cumulative) in cases {
        assert_eq!((period(text).label().as_str(), period(text).cumulative_label().as_str()), (label, cumulative));
    }
    assert_eq!(PeriodKind::Quarter.label(), "季报");
}

#[test]
fn the_industrial_monthly_starts_with_january_and_february_together() {
    let march = period("2026-03");
    assert_eq!(march.previous(), period("2026-02"));
    assert_eq!(march.previous_in(PeriodKind::MonthCombined), period("2026-01~02"));
    assert_eq!(march.previous_in(PeriodKind::MonthCombined).previous(), period("2025-12"));
    assert_eq!(period("2026-01~02").next(), march);
    assert_eq!(period("2025-12").next_in(PeriodKind::MonthCombined), period("2026-01~02"));
    let names: Vec<String> = PeriodKind::MonthCombined.periods(2026).unwrap().iter().map(Period::to_string).collect();
    assert_eq!(names[..2], ["2026-01~02", "2026-03"]);
    assert_eq!(names.len(), 11);
}

#[test]
fn a_quarter_finds_the_month_before_it_and_the_year_after_it() {
    let second = period("2026-Q2");
    assert_eq!(second.previous_in(PeriodKind::Month), period("2026-03"));
    assert_eq!(second.next_in(PeriodKind::Year), period("2027"));
    assert_eq!(second.same_last_year(), period("2025-Q2"));
    assert_eq!(period("2026-01").previous(), period("2025-12"));
    assert_eq!(period("2026-Q1").previous(), period("2025-Q4"));
    assert_eq!(period("2026-S1").next().next(), period("2027-S1"));
}

#[test]
fn days_are_those_of_the_calendar() {
    let cases = [
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-01~02", "2024-01-01", "2024-02-29"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-S1", "2026-01-01", "2026-06-30"),
        ("2026", "2026-01-01", "2026-12-31"),
    ];
    for (text, first, last) in cases {
        assert_eq!((period(text).first_day(), period(text).last_day()), (day(first), day(last)), "{text}");
    }
    assert_eq!(PeriodKind::MonthCombined.containing(day("2026-01-15")), Ok(period("2026-01~02")));
    assert_eq!(PeriodKind::Quarter.containing(day("2026-11-15")), Ok(period("2026-Q4")));
}

#[test]
fn periods_contain_and_sort_by_their_last_day() {
    assert!(period("2026-Q1").contains(&period("2026-01~02")) && period("2026").contains(&period("2026")));
    assert!(!period("2026-01~02").contains(&period("2026-Q1")) && !period("2026").contains(&period("2025-03")));
    assert!(period("2026-01~02").is_first_of_year() && period("2026-Q1").is_first_of_year());
    assert!(!period("2026-02").is_first_of_year());
    let mut list = ["2026", "2026-Q1", "2026-03", "2025-12", "2026-01~02", "2026-02"].map(period);
    list.sort();
    assert_eq!(list.map(|p| p.to_string()), ["2025-12", "2026-01~02", "2026-02", "2026-Q1", "2026-03", "2026"]);
}

#[test]
fn a_month_thirteen_cannot_exist() {
    assert_eq!(
        Period::of_month(2026, 13).unwrap_err().to_string(),
        "报告期有误:月份应为 1 至 12,现为 13。请改为实际存在的报告期,例如 2026-03。"
    );
    assert!(
        Period::of_month(2026, 0).is_err() && Period::of_quarter(2026, 5).is_err() && Period::of_half(2026, 3).is_err()
    );
    assert!(Period::of_year(26).is_err());
    assert_eq!(Period::of_quarter(2026, 4), Ok(period("2026-Q4")));
    assert_eq!(Period::of_jan_feb(2026), Ok(period("2026-01~02")));
}

#[test]
fn a_refusal_names_the_place_the_reason_and_the_way_out() {
    let ways = "可写成 2026-03、2026年1—2月、2026-Q1、2026年上半年或 2026。";
    let cases = [
        ("", None, "报告期有误:没有填写。"),
        ("26年3月", Some(3), "报告期“26年3月”第 3 位有误:前四位应为年份。"),
        ("202", Some(4), "报告期“202”第 4 位有误:前四位应为年份。"),
        ("2026-03-31", Some(5), "报告期“2026-03-31”第 5 位有误:年份后面的写法无法识别。"),
        ("20263", Some(5), "报告期“20263”第 5 位有误:年份后面的写法无法识别。"),
        ("2026-", Some(5), "报告期“2026-”第 5 位有误:年份后面的写法无法识别。"),
        (
            "2026年1—3月",
            Some(5),
            "报告期“2026年1~3月”第 5 位有误:合并的月份只有 1—2 月;累计数请填末月,例如 1—3 月的累计填 2026-03。",
        ),
    ];
    for (typed, position, sentence) in cases {
        let error = Period::parse(typed).unwrap_err();
        assert_eq!((error.position, error.to_string()), (position, format!("{sentence}{ways}")));
    }
    let error = Period::parse("2026-13").unwrap_err();
    assert_eq!(error.kind, CodeErrorKind::Structure);
    assert_eq!(
        error.to_string(),
        "报告期“2026-13”第 6 位有误:月份应为 1 至 12,现为 13。请改为实际存在的报告期,例如 2026-03。"
    );
    assert_eq!(Period::parse("2026年0月").unwrap_err().position, Some(6));
    assert_eq!(Period::parse("0026-03").unwrap_err().position, Some(1));
}

#[test]
fn the_calendar_ends_quietly() {
    assert_eq!(period("1900-01").previous(), period("1900-01"));
    assert_eq!(period("2999").next(), period("2999"));
}

#[test]
fn periods_travel_as_text() {
    assert_eq!(serde_json::to_string(&period("2026年1—2月")).unwrap(), "\"2026-01~02\"");
    assert_eq!(serde_json::from_str::<Period>("\"2026年3月\"").unwrap(), period("2026-03"));
    assert_eq!(serde_json::to_string(&PeriodKind::MonthCombined).unwrap(), "\"month_combined\"");
}

/// Any period of any rhythm, with the rhythm.
fn any_period() -> impl Strategy<Value = (Period, PeriodKind)> {
    (1950..2950, 0..KINDS.len(), 0..12_usize).prop_map(|(year, kind, index)| {
        let periods = KINDS[kind].periods(year).unwrap();
        (periods[index % periods.len()], KINDS[kind])
    })
}

proptest! {
    #[test]
    fn printing_and_reading_a_period_gives_it_back((period, _) in any_period()) {
        prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        prop_assert_eq!(Period::parse(&period.label()), Ok(period));
    }

    #[test]
    fn a_step_forth_and_a_step_back_lead_home((period, rhythm) in any_period()) {
        prop_assert_eq!(period.next_in(rhythm).previous_in(rhythm), period);
        prop_assert_eq!(period.previous_in(rhythm).next_in(rhythm), period);
        if rhythm != PeriodKind::MonthCombined {
            prop_assert_eq!(period.next().previous(), period);
        }
    }

    #[test]
    fn the_periods_of_a_rhythm_follow_each_other_without_gap((period, rhythm) in any_period()) {
        prop_assert_eq!(period.last_day().succ_opt(), Some(period.next_in(rhythm).first_day()));
        prop_assert_eq!(rhythm.containing(period.first_day()), Ok(period));
        prop_assert_eq!(rhythm.containing(period.last_day()), Ok(period));
    }

    #[test]
    fn order_and_containment_agree_with_the_calendar((a, _) in any_period(), (b, _) in any_period()) {
        let by_days = (a.last_day(), a.first_day()).cmp(&(b.last_day(), b.first_day()));
        prop_assert_eq!(a.cmp(&b), by_days);
        prop_assert_eq!(a.contains(&b), a.first_day() <= b.first_day() && b.last_day() <= a.last_day());
    }

    #[test]
    fn any_text_is_read_or_refused_but_never_breaks(text in "(20[0-9]{2})?.{0,10}") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }
    }
}
