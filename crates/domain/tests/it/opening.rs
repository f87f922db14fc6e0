//! Rows of people who need an account: each is judged by itself.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, Usci};
use youju_domain::access::Role;
use youju_domain::activation::NAME_TO_COME;
use youju_domain::id::UnitId;
use youju_domain::opening::{Fate, Known, OPENED_MAX, Typed, UnitKnown, judge, must_be_some, openable, read_role};

fn usci() -> Usci {
    Usci::with_check("91330781FAKE00000").unwrap()
}

fn known() -> Known {
    let unit: UnitId = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11".parse().unwrap();
    let area = AreaCode::parse("330781001000").unwrap();
    Known {
        logins: BTreeMap::from([("xian".into(), "李四光".into())]),
        units: BTreeMap::from([(usci(), UnitKnown { id: unit, name: "虚构食品厂".into(), area })]),
    }
}

fn typed(row: u32, [login, name, role, usci, area]: [&str; 5]) -> Typed {
    let [login, name, role, usci, area] = [login, name, role, usci, area].map(str::to_owned);
    Typed { row, login, name, role, usci, area }
}

fn wrong(fate: &Fate) -> &str {
    match fate {
        Fate::Wrong(reason) => reason,
        Fate::Opens(new) => panic!("opens {}", new.login),
    }
}

#[test]
fn rows_that_are_right_say_who_belongs_where() {
    let code = usci();
    let rows = [
        typed(2, ["", "张三", "填报人", code.as_str(), ""]),
        typed(3, ["", "", "单位负责人", code.as_str(), ""]),
        typed(4, ["ｚｈｅｎ０５", "王五", "乡镇统计员", "", "330781001"]),
        typed(5, ["Xian02", "赵六", "county_officer", "", "330781000000"]),
    ];
    let opened: Vec<_> = judge(&rows, &known())
        .into_iter()
        .map(|fate| match fate {
            Fate::Opens(new) => (new.login, new.name, new.role, new.unit.is_some(), new.place),
            Fate::Wrong(reason) => panic!("{reason}"),
        })
        .collect();
    let is = |at: usize, login: &str, name: &str, role: Role, place: &str| {
        let (one_login, one_name, one_role, has_unit, one_place) = &opened[at];
        assert_eq!((one_login.as_str(), one_name.as_str(), *one_role), (login, name, role));
        assert_eq!((*has_unit, one_place.as_str()), (role.is_respondent(), place));
    };
    is(0, code.as_str(), "张三", Role::Statistician, "虚构食品厂");
    is(1, &format!("{code}-fz"), NAME_TO_COME, Role::UnitHead, "虚构食品厂");
    is(2, "zhen05", "王五", Role::TownshipOfficer, "兰江街道");
    is(3, "Xian02", "赵六", Role::CountyOfficer, "兰溪市");
}

#[test]
fn what_is_wrong_with_a_row_is_said_and_stops_no_other() {
    let code = usci();
    let cases = [
        (["a01", "张三", "厂长", code.as_str(), ""], "没有“厂长”这个角色"),
        (["a02", "张三", "填报人", "", ""], "请填写统一社会信用代码"),
        (["a03", "张三", "填报人", "91330781FAKE99999X", ""], ""),
        (["a04", "张三", "县级统计人员", code.as_str(), "330781"], "不属于单位"),
        (["a05", "张三", "县级统计人员", "", "330781001"], "应填县级区划代码(6 位)"),
        (["a06", "", "县级统计人员", "", "330781"], "应为本人实名"),
        (["", "张三", "县级统计人员", "", "330781"], "请填写账号。"),
        (["a bc", "张", "填报人", code.as_str(), ""], "应为本人实名"),
        (["有据", "张三", "填报人", code.as_str(), ""], "个字母、数字或"),
        (["XIAN", "张三", "县级统计人员", "", "330781"], "已经有了,是李四光的"),
        (["gly", "张三", "安全管理员", "", "330781"], "只能在服务器上用 youju person add"),
    ];
    let mut rows: Vec<Typed> = (2..).zip(cases).map(|(row, (one, _))| typed(row, one)).collect();
    rows.push(typed(90, ["zhen05", "王五", "乡镇统计员", "", "330781001"]));
    rows.push(typed(91, ["Zhen05", "王六", "乡镇统计员", "", "330781001"]));
    let fates = judge(&rows, &known());
    for ((one, says), fate) in cases.iter().zip(&fates) {
        assert!(wrong(fate).contains(says), "{one:?}: {}", wrong(fate));
    }
    assert!(matches!(&fates[cases.len()], Fate::Opens(_)));
    assert_eq!(wrong(&fates[cases.len() + 1]), "账号“Zhen05”与第 90 行重复。");
}

#[test]
fn nobody_opens_an_administrator_on_a_page() {
    assert!(openable().all(|role| !role.keeps_the_system()));
    for role in Role::ALL {
        assert_eq!((read_role(role.label()), read_role(role.key())), (Some(role), Some(role)));
    }
}

#[test]
fn so_many_at_a_time_and_not_none() {
    assert!(must_be_some(1).is_ok() && must_be_some(OPENED_MAX).is_ok());
    assert!(must_be_some(0).is_err() && must_be_some(OPENED_MAX + 1).is_err());
}
