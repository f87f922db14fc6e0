//! Terms in working days, as offices count them.

use chrono::NaiveDate;
use proptest::prelude::*;
use youju_codes::workday::{caveat, is_working_day, notice, working_days_after, working_days_between};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn terms_run_over_holidays_and_count_the_weekends_that_are_worked_instead() {
    for (from, n, until) in [
        ("2026-04-01", 0, "2026-04-01"),
        // 清明 2026: Saturday to Monday are off.
        ("2026-04-01", 5, "2026-04-09"),
        // Over the spring festival: 14 and 28 February are Saturdays that are worked.
        ("2026-02-10", 5, "2026-02-24"),
        ("2026-02-24", 5, "2026-03-02"),
        // Over the national holiday: Sunday 20 September and Saturday 10 October are worked, 25 September is off.
        ("2026-09-18", 20, "2026-10-22"),
        // From a Saturday on.
        ("2026-06-06", 1, "2026-06-08"),
        ("2025-09-26", 2, "2025-09-29"),
        ("2024-02-09", 1, "2024-02-18"),
        // 2027 is not arranged yet: only weekends are off.
        ("2026-12-31", 1, "2027-01-01"),
    ] {
        assert_eq!(working_days_after(day(from), n), day(until), "{from} + {n}");
        assert_eq!(working_days_between(day(from), day(until)), n, "{from} to {until}");
    }
}

#[test]
fn the_notice_is_named_and_a_year_without_one_is_told() {
    assert_eq!(notice(2024), Some("国办发明电〔2023〕7号"));
    assert_eq!(notice(2025), Some("国办发明电〔2024〕12号"));
    assert_eq!(notice(2026), Some("国办发明电〔2025〕7号"));
    assert_eq!((notice(2023), notice(2027)), (None, None));
    assert_eq!(caveat(day("2026-12-31")), None);
    let told = caveat(day("2027-01-05")).unwrap();
    assert_eq!(told, "2027 年的放假安排还没有公布或没有收录,这一年只扣除周六、周日。");
}

/// Working days of each month of 2026, counted by hand from the notice.
#[test]
fn the_months_of_2026_have_as_many_working_days_as_the_notice_leaves() {
    let expected = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23];
    for (month, days) in (1..).zip(expected) {
        let first = NaiveDate::from_ymd_opt(2026, month, 1).unwrap();
        let worked = first.iter_days().take_while(|day| chrono::Datelike::month(day) == month);
        assert_eq!(worked.filter(|day| is_working_day(*day)).count(), days, "month {month}");
    }
}

proptest! {
    /// A longer term never ends earlier, a later beginning never either, and a term ends on a working day.
    #[test]
    fn deadlines_are_monotone(offset in 0_u64..1_500, n in 0_u32..120, later in 0_u64..30, more in 0_u32..30) {
        let from = day("2023-12-01") + chrono::Days::new(offset);
        let until = working_days_after(from, n);
        prop_assert!(working_days_after(from, n + more) >= until);
        prop_assert!(working_days_after(from + chrono::Days::new(later), n) >= until);
        prop_assert!(n == 0 || is_working_day(until));
        prop_assert_eq!(working_days_between(from, until), n);
    }
}
