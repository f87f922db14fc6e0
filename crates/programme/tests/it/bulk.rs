//! A whole file at once: the same findings as one report at a time, and nothing left out silently.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use youju_codes::Period;
use youju_domain::finding::Outcome;
use youju_domain::report::{Cells, Value};
use youju_programme::{Bulk, Checked, Facts, Form, Summary};

use crate::make::{b203, cell, f101, form};

fn check<'f>(form: &'f Form, text: &str) -> Checked<'f> {
    let mut lines = text.lines().map(|line| line.trim().split(',').collect::<Vec<_>>());
    let mut bulk = Bulk::new(form, &lines.next().unwrap(), None).unwrap();
    for (at, cells) in lines.enumerate() {
        bulk.push(at + 2, &cells);
    }
    bulk.check().unwrap()
}

fn failures(checked: &Checked, check: &str) -> Vec<usize> {
    checked.failures().filter(|(_, finding)| finding.check == check).map(|(row, _)| row.row).collect()
}

#[test]
fn heads_may_be_codes_cell_ids_or_names() {
    let heads = [
        "usci,period,301,302",
        "单位代码,报告期,c301,c302",
        "company_id,所属期,营业收入,其中:主营业务收入",
        "unit,报告期,营业收入1—本月,主营业务收入1-本月",
    ];
    for heads in heads {
        let checked = check(form("B203"), &format!("{heads}\nA,2026-03,100,101\nB,2026-03,\"\",5"));
        assert_eq!(failures(&checked, "Z8a"), [2], "{heads}");
    }
}

#[test]
fn what_is_not_looked_at_is_told() {
    let checked = check(form("B203"), "unit,period,301,302,备注,\nA,2026-03,100,90,无,");
    assert_eq!(checked.ignored, ["备注", "第 6 列(没有名称)"]);
    assert!(checked.missing.contains(&"营业成本".to_owned()) && !checked.missing.contains(&"营业收入".to_owned()));
    assert!(
        checked.skipped.contains(&"R307".to_owned()),
        "a file without the column is not a report without the figure"
    );
    assert!(!checked.skipped.contains(&"Z5".to_owned()), "Z5 reads 301 and is counted as not testable");
    let z5 = checked.summary().into_iter().find(|s| s.check == "Z5").unwrap();
    assert_eq!((z5.counts.tested, z5.counts.undecided), (0, 1));
}

#[test]
fn the_previous_report_and_last_years_are_found_in_the_file_within_one_source() {
    let text = "unit,period,source,301,307
        A,2025-03,x,100,50
        A,2026-01~02,x,300,60
        A,2026-03,x,250,70
        A,2026-01~02,y,999,1
        A,2026-03,z,10,10
        B,2026-03,x,200,70";
    let checked = check(form("B203"), text);
    assert_eq!(failures(&checked, "Z9a"), [4], "below its own 1—2月, not below another source's or unit's");
    assert_eq!(failures(&checked, "Z11c"), [4]);
    let (row, finding) = checked.failures().find(|(_, finding)| finding.check == "Z9a").unwrap();
    assert_eq!((row.unit, row.series, row.period.to_string()), ("A", "x", "2026-03".to_owned()));
    assert_eq!(finding.sentence, "营业收入 250 < 营业收入(上期报表) 300,应不小于,差 50。");
}

#[test]
fn last_years_column_is_found_under_its_own_name_or_under_its_indicators() {
    for head in ["301_ly", "c301_ly", "营业收入(上年同期)", "营业收入（上年同期）", "营业收入上年同期"]
    {
        let checked = check(form("B203"), &format!("unit,period,301,{head}\nA,2026-03,100,300"));
        assert_eq!((failures(&checked, "Z11c"), checked.ignored.len()), (vec![2], 0), "{head}");
    }
}

#[test]
fn rows_are_flagged_by_the_wanted_checks_once_each() {
    let text =
        "usci,period,301,302,327\nA,2026-03,100,101,\nB,2026-03,,,5\nC,2026-03,-5,-3,1\nD,2026-03,9,9,1\nE,2026-03,,,";
    let checked = check(form("B203"), text);
    let flagged = |wanted: &dyn Fn(&Summary<'_>) -> bool| checked.flagged_rows(wanted);
    assert_eq!(flagged(&|_| false), 0);
    assert_eq!(flagged(&|summary| summary.check == "Z8a"), 2);
    assert_eq!(flagged(&|summary| summary.asks_presence), 3, "A lacks 327, B lacks 301, E lacks both");
    assert_eq!(flagged(&|summary| !summary.asks_presence), 2, "Z8a for A and C; N301 and N302 for C again");
    assert_eq!(flagged(&|_| true), 4);
    let rows: BTreeSet<usize> = checked.failures().map(|(row, _)| row.row).collect();
    assert_eq!(rows.len(), 4, "the failures tell of the same rows");
    let codes = check(form("101-1"), "period,101\n2025,91330100799655058C\n2025,91330100799655058B");
    assert_eq!(codes.flagged_rows(|summary| summary.check == "U1"), 1);
}

#[test]
fn only_required_items_are_asked_for_as_such() {
    let asking = form("B203").checks().iter().filter(|check| check.asks_presence());
    let ids: Vec<&str> = asking.map(|check| check.id.as_str()).collect();
    assert_eq!(ids.len(), form("B203").cells().iter().filter(|cell| cell.is_required).count());
    assert!(ids.iter().all(|id| id.starts_with('R')), "{ids:?}");
}

#[test]
fn quarters_on_a_cumulative_form_follow_one_another() {
    let text = "unit,period,301\nA,2018Q4,500\nA,2019Q1,100\nA,2019Q2,90\nA,2019Q4,400";
    let checked = check(form("B203"), text);
    assert_eq!(failures(&checked, "Z9a"), [4], "the first quarter begins anew; the third is not in the file");
    // On the annual form only the fourth quarter is a year.
    let checked = check(form("B103-1"), "unit,period,301\nA,2018Q4,500\nA,2019Q1,100");
    assert_eq!((checked.rows_checked(), checked.errors_total), (1, 1));
    assert_eq!(
        checked.errors[0].to_string(),
        "第 3 行“period”是“2019年1季度”,B103-1 工业 财务状况(年报)不按这个报告期报送。本行没有审核。"
    );
}

#[test]
fn rows_that_cannot_be_used_are_named() {
    let text = "unit,period,301,302\nA,2026-03,12万,\n,2026-03,1,1\nA,2026-03,5,5\nB,三月,1,1\nC,2026-04,1.5,0";
    let checked = check(form("B203"), text);
    let errors: Vec<String> = checked.errors.iter().map(ToString::to_string).collect();
    assert!(errors[0].starts_with("第 2 行“301”应为千元整数,现为“12万”"), "{}", errors[0]);
    assert_eq!(errors[1], "第 3 行“unit”是空的,不知道是哪个单位。请补上单位代码。本行没有审核。");
    assert_eq!(errors[2], "第 4 行与第 2 行重复:同一单位、同一报告期、同一来源只能有一行。本行没有审核,请删去一行。");
    assert!(errors[3].starts_with("第 5 行“period”不能用:"), "{}", errors[3]);
    assert_eq!(errors[4], "第 6 行“302”".replace("302", "301") + "应为千元整数,现为“1.5”。请四舍五入为整数。");
    assert_eq!((checked.rows_read, checked.rows_checked(), checked.errors_total), (5, 2, 5));
}

#[test]
fn a_file_that_says_the_same_twice_or_no_period_is_refused() {
    let twice = Bulk::new(form("B203"), &["unit", "period", "301", "营业收入"], None).unwrap_err();
    assert_eq!(twice.to_string(), "表头第 3 列“301”和第 4 列“营业收入”是同一个数据项。请去掉一列。");
    let timeless = Bulk::new(form("B203"), &["unit", "301"], None).unwrap_err();
    assert_eq!(timeless.to_string(), "表头中没有报告期。请加一列“报告期”,或另外指定报告期。");
    let fixed = Period::parse("2026-03").ok();
    assert!(Bulk::new(form("B203"), &["unit", "301"], fixed).is_ok());
    let year = Bulk::new(form("B203"), &["unit", "301"], Period::of_year(2026).ok()).unwrap_err();
    assert_eq!(year.to_string(), "表头之外指定的报告期是“2026年”,B203 工业 财务状况不按这个报告期报送。");
}

#[test]
fn codes_are_checked_in_bulk_too() {
    let text = "period,101,103.4,industry\n2025,91330100799655058C,13,1311\n2025,91330100799655058B,1311,1311\n2025,,,";
    let checked = check(form("101-1"), text);
    assert_eq!((failures(&checked, "U1"), failures(&checked, "U2")), (vec![2], vec![2]));
    let u1 = checked.summary().into_iter().find(|s| s.check == "U1").unwrap();
    assert_eq!((u1.counts.tested, u1.counts.failed, u1.counts.not_applicable), (2, 1, 1));
    let single = f101().with("101=91330100799655058C").finding("U1").unwrap();
    assert_eq!(checked.findings(0)[0], single);
}

#[test]
fn an_empty_file_has_no_findings() {
    let checked = check(form("B203"), "unit,period,301");
    assert_eq!((checked.rows_checked(), checked.failures().count()), (0, 0));
    assert_eq!(checked.row(0), None);
}

/// Reports of two units over five quarters with figures from a small stock, so that checks pass, fail and stay open.
fn reports() -> impl Strategy<Value = BTreeMap<(u8, u8), Vec<Option<i64>>>> {
    let value = prop_oneof![2 => Just(None), 5 => (-3_i64..4).prop_map(Some), 3 => (0_i64..100_000).prop_map(Some)];
    let cells = form("B203").cells().len();
    prop::collection::btree_map((0_u8..2, 0_u8..8), prop::collection::vec(value, cells), 1..10)
}

fn cells_of(values: &[Option<i64>]) -> Cells {
    let filled = form("B203").cells().iter().zip(values);
    filled.filter_map(|(def, value)| Some((def.id.clone(), cell(Value::Number((*value)?.into()))))).collect()
}

fn period_of(quarter: u8) -> Period {
    Period::of_month(2025 + i32::from(quarter / 4), [3, 6, 9, 12][usize::from(quarter % 4)]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Law 4: one engine gives every finding. Same input, same finding, to the last row.
    #[test]
    fn bulk_and_single_checks_agree(reports in reports(), acct in prop_oneof!["1", "2", "3"]) {
        let form = form("B203");
        let mut heads = vec!["unit".to_owned(), "period".to_owned(), "acct".to_owned()];
        heads.extend(form.cells().iter().map(|cell| cell.id.to_string()));
        let mut bulk = Bulk::new(form, &heads, None).unwrap();
        for (row, ((unit, quarter), values)) in reports.iter().enumerate() {
            let mut cells = vec![format!("U{unit}"), period_of(*quarter).to_string(), acct.clone()];
            cells.extend(values.iter().map(|value| value.map(|v| v.to_string()).unwrap_or_default()));
            bulk.push(row, &cells);
        }
        let checked = bulk.check().unwrap();
        let attributes = BTreeMap::from([("acct".to_owned(), acct)]);
        let others = BTreeMap::new();
        let mut facts_of_all = Vec::new();
        let all: BTreeMap<(u8, Period), Cells> =
            reports.iter().map(|((unit, q), values)| ((*unit, period_of(*q)), cells_of(values))).collect();
        for (unit, quarter) in reports.keys() {
            let period = period_of(*quarter);
            facts_of_all.push(Facts {
                period,
                cells: &all[&(*unit, period)],
                previous: all.get(&(*unit, period.previous_in(form.period_kind()))),
                last_year: all.get(&(*unit, period.same_last_year())),
                others: &others,
                attributes: &attributes,
                figures: &crate::make::NO_FIGURES,
            });
        }
        let verdicts = form.verdicts(&form.batch(&facts_of_all).unwrap()).unwrap();
        for (at, facts) in facts_of_all.iter().enumerate() {
            let single = form.check(facts);
            prop_assert_eq!(&checked.findings(at), &single);
            let failed = (0..form.checks().len()).filter(|rule| {
                verdicts.verdict(*rule, at) == Some(youju_vtl::Verdict::Fail)
            });
            let failed: Vec<&str> = failed.map(|rule| form.checks()[rule].id.as_str()).collect();
            let expected = single.iter().filter(|finding| finding.outcome == Outcome::Fail);
            prop_assert_eq!(failed, expected.map(|finding| finding.check.as_str()).collect::<Vec<_>>());
        }
    }
}

#[test]
fn correct_books_pass_in_bulk() {
    let story = b203();
    let mut heads = vec!["报告期".to_owned(), "acct".to_owned()];
    let mut row = vec![story.period.to_owned(), "1".to_owned()];
    for (id, filled) in &story.cells {
        heads.push(id.to_string());
        row.push(filled.value.print());
    }
    let mut bulk = Bulk::new(story.form(), &heads, None).unwrap();
    bulk.push(2, &row);
    assert_eq!(bulk.check().unwrap().failures().count(), 0);
}
