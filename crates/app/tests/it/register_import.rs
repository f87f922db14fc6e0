//! 名单导入: good rows in, bad ones told with their row and handed in again; the same list twice; what a list may not say.

use chrono::NaiveDate;
use youju_app::register::import::{Plan, Tally, open, run};
use youju_app::register::{self, history, search};
use youju_app::{App, Result};
use youju_codes::{AreaCode, Industry, Usci};
use youju_domain::access::Actor;
use youju_domain::register::import::{Field, Rules};
use youju_domain::register::{Fact, Listing, Origin};
use youju_store::register::PageRequest;
use youju_testkit::{County, april, on_both_engines};

use crate::make::{look, refusal, verified};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn code(number: u32) -> String {
    Usci::with_check(&format!("91330781MAKE{number:05}")).unwrap().to_string()
}

pub fn plan() -> Plan {
    let rules = Rules { area: None, industry: None, within: None, today: day("2026-04-02") };
    Plan { file_name: "名单.csv".into(), file_hash: "5a".repeat(32), since: day("2026-04-01"), update: false, rules }
}

/// Takes a list and gives what stayed out as well.
pub async fn take(app: &App, by: Option<&Actor>, plan: &Plan, file: &[u8]) -> Result<(Tally, String)> {
    taken(app, by, plan, file, &[]).await
}

async fn taken(
    app: &App,
    by: Option<&Actor>,
    plan: &Plan,
    file: &[u8],
    said: &[(String, Field)],
) -> Result<(Tally, String)> {
    let mut list = open("名单.csv", file, said, plan.rules.clone())?;
    let mut left = list.left_head()?;
    let tally = run(app, by, plan, &mut list, false, |list, rows, fates, _| {
        left.extend(list.left(rows, fates)?);
        Ok(())
    });
    let tally = tally.await?;
    Ok((tally, String::from_utf8(left).unwrap()))
}

#[test]
fn good_rows_go_in_and_bad_ones_come_back_to_be_repaired_and_handed_in_again() {
    on_both_engines(async |app| {
        let [a, b, c, d, e, f] = [1, 2, 3, 4, 5, 6].map(code);
        let wrong = format!("{}{}", &c[..17], if c.ends_with('0') { '1' } else { '0' });
        let file = format!(
            "2026 年名录,,,,\n信用代码,企业名称,行业代码,地址,成立日期\n\
             {a},兰溪市永进纺织厂,1721,浙江省金华市兰溪市兰江街道振兴路15号,1999-04-01\n\
             {b},\"兰溪市半截纺织厂,1721,兰溪市兰江街道,1999-04-01\n\
             {wrong},兰溪市错码纺织厂,1721,兰溪市兰江街道,1999-04-01\n\
             兰溪市错列纺织厂,{d},1721,兰溪市兰江街道,1999-04-01\n\
             {e},兰溪市无处纺织厂,,兰溪市人民路1号,2026-12-01\n\
             {a},兰溪市重码纺织厂,1721,兰溪市兰江街道,\n\
             {f},兰溪市永顺纺织厂,1721,兰溪市云山街道工人路2号,2001年5月,多一列\n"
        );
        let (tally, left) = take(&app, None, &plan(), file.as_bytes()).await.unwrap();
        assert_eq!((tally.rows, tally.new, tally.refused, tally.incomplete), (7, 1, 6, 0), "{left}");
        assert_eq!(tally.derived, 1);
        for (row, words) in [
            (4, "引号"),
            (5, "校验码应为"),
            (6, "可能整行错了列"),
            (7, "没有行业代码"),
            (7, "在今天(2026-04-02)之后"),
            (8, "与第 3 行相同"),
            (9, "本行有 6 列,表头只有 5 列"),
        ] {
            let line = left.lines().find(|line| line.contains(&format!(",{row},"))).unwrap();
            assert!(line.contains(words), "{row}: {line}");
        }
        // The list is handed in again as it came back, with one row repaired.
        let repaired = left.replace(&wrong, &c);
        let (tally, left) = take(&app, None, &plan(), repaired.as_bytes()).await.unwrap();
        assert_eq!((tally.new, tally.left()), (1, 5), "{left}");
        // And as it was: what is in is recognised.
        let (tally, _) = take(&app, None, &plan(), file.as_bytes()).await.unwrap();
        assert_eq!((tally.new, tally.unchanged, tally.left()), (0, 1, 6));
        verified(&app).await;
    });
}

#[test]
fn a_unit_of_a_list_is_known_and_asked_for_nothing_and_says_from_which_list_it_is() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let file = format!(
            "uscc,name,area,industry,电话,调查单位\n{},兰溪市永进纺织厂,330781001,1721,0579-1,above\n",
            code(1)
        );
        let (tally, _) = take(&app, Some(&county.county), &plan(), file.as_bytes()).await.unwrap();
        assert_eq!(tally.new, 1);
        let found = look(&app, &county.county, async |cx| search::find(cx, "yjfz", PageRequest::default()).await);
        let unit = found.await.unwrap().page.rows[0].id;
        let known = look(&app, &county.county, async |cx| history::as_of(cx, unit, None, None).await).await.unwrap();
        assert_eq!(known.unit.listing, Listing::Outside, "whether a unit reports is decided by a case");
        assert_eq!(known.changes[0].source.origin, Origin::Import);
        assert_eq!(known.changes[0].by, Some(county.county.person));
        assert_eq!(known.unit.details.get(Fact::Phone), Some("0579-1"));
        assert!(known.changes[0].source.about.starts_with("5a5a"));
    });
}

#[test]
fn who_may_not_arrange_a_place_takes_no_list_of_it() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let file = format!("代码,名称,区划代码,行业\n{},兰溪市永进纺织厂,330781001,1721\n", code(1));
        let file = file.replace("代码,名称", "信用代码,名称");
        for by in [&county.neighbour, &county.township, &county.factories[0].clerk, &county.admin] {
            let refused = take(&app, Some(by), &plan(), file.as_bytes()).await;
            assert!(["access.forbidden", "not_found"].contains(&refusal(refused).code()), "{}", by.name);
        }
        let within = AreaCode::parse("330783").ok();
        let rules = Rules { within, ..plan().rules };
        let (tally, left) =
            take(&app, Some(&county.neighbour), &Plan { rules, ..plan() }, file.as_bytes()).await.unwrap();
        assert_eq!((tally.new, tally.refused), (0, 1));
        assert!(left.contains("不在本辖区"), "{left}");
    });
}

#[test]
fn what_differs_is_left_and_told_or_changed_from_a_day_on() {
    on_both_engines(async |app| {
        let county = County::open(&app).await;
        let line = |name: &str| format!("信用代码,名称,区划代码,行业\n{},{name},330781001,1721\n", code(1));
        take(&app, None, &plan(), line("兰溪市永进纺织厂").as_bytes()).await.unwrap();
        app.world().set(april(20));
        let later =
            Plan { since: day("2026-04-10"), rules: Rules { today: day("2026-04-20"), ..plan().rules }, ..plan() };
        let (tally, left) = take(&app, None, &later, line("兰溪市永进毛纺厂").as_bytes()).await.unwrap();
        assert_eq!((tally.differing, tally.changed), (1, 0));
        assert!(left.contains("单位详细名称:名录库为“兰溪市永进纺织厂”,名单为“兰溪市永进毛纺厂”"), "{left}");
        let later = Plan { update: true, ..later };
        let (tally, _) = take(&app, None, &later, line("兰溪市永进毛纺厂").as_bytes()).await.unwrap();
        assert_eq!((tally.differing, tally.changed), (0, 1));
        // Found by the new name and by the one it had.
        for typed in ["永进毛纺", "永进纺织", "yongjinfangzhi", "yjmf"] {
            let found = look(&app, &county.county, async |cx| register::list(cx, typed, PageRequest::default()).await);
            assert_eq!(found.await.unwrap().rows.len(), 1, "{typed}");
        }
        let found = look(&app, &county.county, async |cx| register::list(cx, "永进", PageRequest::default()).await);
        let unit = found.await.unwrap().rows[0].id;
        let before =
            look(&app, &county.county, async |cx| history::as_of(cx, unit, Some(day("2026-04-09")), None).await);
        assert_eq!(before.await.unwrap().then.unwrap().get(Fact::Name), Some("兰溪市永进纺织厂"));
    });
}

#[test]
fn what_no_row_says_may_be_said_of_all_and_columns_may_be_named() {
    on_both_engines(async |app| {
        let rules =
            Rules { area: AreaCode::parse("330781002").ok(), industry: Industry::parse("1721").ok(), ..plan().rules };
        let plan = Plan { rules, ..plan() };
        let file = format!("编号甲,称呼\n{},兰溪市永进纺织厂\n", code(1));
        let said = [
            ("编号甲".to_owned(), Field::from_key("usci").unwrap()),
            ("称呼".to_owned(), Field::from_key("name").unwrap()),
        ];
        let (tally, left) = taken(&app, None, &plan, file.as_bytes(), &said).await.unwrap();
        assert_eq!((tally.new, tally.derived), (1, 0), "{left}");
        let wrong = [said[0].clone(), ("没有这列".to_owned(), Field::from_key("name").unwrap())];
        let refused = refusal(taken(&app, None, &plan, file.as_bytes(), &wrong).await);
        assert!(refused.says().contains("没有这列") || refused.says().contains("单位详细名称"), "{}", refused.says());
    });
}
