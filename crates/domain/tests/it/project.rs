//! 投资项目: what a case has to say for a project to enter, and when it may leave.

use chrono::NaiveDate;
use uuid::Uuid;
use youju_domain::case::Values;
use youju_domain::id::Id;
use youju_domain::project::{Kind, Project};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A project of a case in which one value is another.
fn project(key: &str, value: &str) -> Result<Project, String> {
    let good = [
        ("name", "虚构技改项目"),
        ("code", " 2603-330781-04-01-00000a"),
        ("kind", "单纯购置"),
        ("area", "330781001"),
        ("industry", "1411"),
        ("planned", "4,999.99"),
        ("started_on", "2026-03-10"),
        ("entered_on", "2026-03-10"),
    ];
    let mut values: Values = good.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    values.insert(key.to_owned(), value.to_owned());
    let id = |number| Uuid::from_u128(number);
    Project::of_case(Id::new(id(1)), (Id::new(id(2)), Id::new(id(3))), &values).map_err(|problem| problem.says())
}

#[test]
fn a_case_says_a_whole_project_or_none() {
    let one = project("content", "设备 20 台").unwrap();
    assert_eq!((one.kind, one.code.as_str(), one.is_direct()), (Kind::Purchase, "2603-330781-04-01-00000A", false));
    assert!(project("planned", "5000").unwrap().is_direct());
    for (key, value, refused) in [
        ("kind", "改造", "“项目类型”没有填对,请退回补正。"),
        ("planned", "很多", "“计划总投资”没有填对,请退回补正。"),
        ("planned", "0", "“项目名称或计划总投资”没有填对,请退回补正。"),
        ("name", "", "“项目名称或计划总投资”没有填对,请退回补正。"),
        ("entered_on", "", "“入库日期”没有填对,请退回补正。"),
        ("entered_on", "2026-03-09", "没有开工的项目不能入库:入库日期早于开工日期。"),
    ] {
        assert_eq!(project(key, value), Err(refused.to_owned()), "{key}={value}");
    }
    assert!(project("area", "33078").is_err() && project("industry", "1").is_err());
    assert!(Kind::ALL.into_iter().all(|kind| Kind::from_key(kind.key()) == Some(kind)));
}

#[test]
fn it_leaves_once_after_it_came_with_a_reason() {
    let one = || project("content", "").unwrap();
    let says = |left: Result<Project, youju_domain::Problem>| left.map(drop).map_err(|problem| problem.says());
    assert_eq!(
        says(one().leave(day("2026-03-09"), "项目终止")),
        Err("退库日期 2026-03-09 早于入库日期 2026-03-10。".into())
    );
    assert_eq!(says(one().leave(day("2026-04-01"), " 终止 ")), Err("请写明退库原因,4 到 200 个字。".into()));
    let left = one().leave(day("2026-04-01"), " 项目终止 ").unwrap();
    assert_eq!(left.left, Some((day("2026-04-01"), "项目终止".into())));
    assert_eq!(says(left.leave(day("2026-04-02"), "项目终止")), Err("这个项目自 2026-04-01 已退库。".into()));
}
