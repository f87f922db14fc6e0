//! 报送日历: what the shipped calendars say, and what a wrong one is told.

use youju_codes::Period;
use youju_domain::report::Level;
use youju_domain::survey::print_instant;
use youju_programme::Programme;

use crate::make::{form, industry, load_with, programme, programmes};

fn calendar_of(form: &str) -> &'static Programme {
    programmes().iter().find(|programme| programme.form(form).is_some()).unwrap()
}

#[test]
fn documented_deadlines_are_found_again() {
    // 表号, 报告期, 报送截止, 市级验收截止; the sources are named in the calendars.
    let cases = [
        ("F203", "2026-03", "2026-04-18 18:00", "2026-04-23 18:00"),
        ("F203", "2026-01~02", "2026-03-18 18:00", "2026-03-23 18:00"),
        ("202-1", "2026-Q1", "2026-04-08 00:00", "2026-04-12 12:00"),
        ("202-1", "2026-Q2", "2026-07-07 00:00", "2026-07-11 12:00"),
        ("202-1", "2026-Q3", "2026-10-10 12:00", "2026-10-15 12:00"),
        ("107-2", "2026", "2027-03-11 00:00", "2027-03-26 00:00"),
        ("102-1", "2026", "2027-03-11 00:00", "2027-03-26 00:00"),
        ("206-1", "2026-05", "2026-06-04 00:00", "2026-06-09 18:00"),
        ("E224", "2026-Q4", "2027-01-07 12:00", "2027-01-11 12:00"),
    ];
    for (code, period, due, city) in cases {
        let planned = calendar_of(code).calendar().planned(code, Period::parse(period).unwrap()).unwrap();
        assert_eq!(print_instant(planned.times.due_at), due, "{code} {period}");
        let level_due = planned.chain.due_at(Level::City).unwrap();
        assert_eq!(print_instant(level_due), city, "{code} {period}");
        assert_eq!(planned.chain.first(), Some(Level::Township), "{code}");
    }
}

#[test]
fn the_fourth_quarter_of_labour_is_exempt_and_every_other_period_of_every_form_is_planned() {
    let mut exempt = Vec::new();
    for programme in programmes() {
        for form in programme.forms() {
            for period in form.period_kind().periods(2026).unwrap() {
                if programme.calendar().planned(&form.code, period).is_none() {
                    exempt.push(format!("{} {period}", form.code));
                }
            }
        }
    }
    assert_eq!(exempt, ["202-1 2026-Q4"]);
    assert!(form("202-1").is_reported_in(Period::parse("2026-Q4").unwrap()));
}

/// A text in the calendar, what stands there instead, and a piece of the refusal.
const CASES: &[(&str, &str, &str)] = &[
    ("次月18日 18:00", "月后18日 18:00", "calendar.toml 第 8 行:“月后18日 18:00”应写成"),
    ("次月18日 18:00", "次月31日 18:00", "“次月31日 18:00”的日期应在 1 日到 28 日之间"),
    ("次月18日 18:00", "次月28日 18:00", "时间顺序有误"),
    ("forms = [\"B203\"]", "forms = [\"B2O3\"]", "本制度没有表号为“B2O3”的报表。"),
    ("forms = [\"B203\"]", "forms = [\"B203\"]\nends_in = [3, 6, 9, 12]", "没有安排报送时间,例如2028年1—2月。"),
    ("county = \"次月21日 18:00\"", "county = \"次月19日 18:00\"", "时间顺序有误"),
    ("township = ", "village = ", "calendar.toml 第 10 行"),
];

#[test]
fn a_calendar_that_cannot_be_kept_is_refused_at_its_place() {
    for (from, to, expected) in CASES {
        let mut files = industry();
        let text = files.get("calendar.toml").unwrap();
        assert!(text.contains(from), "the calendar has no {from}");
        let spoilt = text.replacen(from, to, 1);
        files.put("calendar.toml", &spoilt);
        let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
        assert!(errors.iter().any(|error| error.contains(expected)), "{to}: {errors:#?}");
    }
}

#[test]
fn an_empty_calendar_is_told_which_forms_it_forgets() {
    let mut files = industry();
    files.put("calendar.toml", "");
    let errors: Vec<String> = load_with(&files).unwrap_err().iter().map(ToString::to_string).collect();
    for form in programme().forms() {
        assert!(errors.iter().any(|error| error.contains(&form.title())), "{}: {errors:#?}", form.title());
    }
}
