//! The access matrix as a document that people who write no programs can read: `docs/access-matrix.md`.

use std::fmt::Write;
use std::path::Path;

use youju_domain::access::{Action, Actor, Domains, Object, Role, decide};
use youju_domain::case::{Party, Reach};
use youju_domain::report::Level;

use crate::make::{actor, area, id, unit};

const HEAD: &str = "# 权限表

谁可以对什么办理什么。本表由判定权限的那一个函数(`domain::access::decide`)算出,测试保证它与程序一致;没有打点的一律不可以。
页面、接口、导出、查找都用这一个函数;看不到的东西答复“没有找到”,不透露它是否存在。
";

/// Something that things are done to, as it lies to an actor.
type Case<'a> = (&'a str, Box<dyn Fn(&Actor) -> bool + 'a>);

/// For each action, whether an actor may do it to what is named.
fn cases(action: Action) -> Vec<Case<'static>> {
    let may = move |actor: &Actor, object: Object<'_>| decide(actor, action, object);
    vec![
        (
            "本单位",
            Box::new(move |actor| actor.unit.is_some_and(|id| may(actor, Object::Unit { id, area: &actor.area }))),
        ),
        ("辖区内的(其他)单位", Box::new(move |actor| may(actor, Object::Unit { id: id(8), area: &inside(actor) }))),
        (
            "辖区内单位的报表、专业台账、查询(本人分管的专业)",
            Box::new(move |actor| {
                may(&of_industry(actor), Object::Report { unit: id(8), area: &inside(actor), domain: "industry" })
            }),
        ),
        (
            "辖区内单位的报表、专业台账、查询(本人不分管的专业)",
            Box::new(move |actor| {
                may(&of_industry(actor), Object::Report { unit: id(8), area: &inside(actor), domain: "energy" })
            }),
        ),
        ("辖区外的单位", Box::new(move |actor| may(actor, Object::Unit { id: id(9), area: &area("110101001000") }))),
        ("本地区", Box::new(move |actor| may(actor, Object::Area(&actor.area)))),
        (
            "本地区的报送窗口、进度、汇总、评估(本人不分管的专业)",
            Box::new(move |actor| may(&of_industry(actor), Object::Survey { area: &actor.area, domain: "energy" })),
        ),
        ("下一级地区", Box::new(move |actor| below(actor).is_some_and(|below| may(actor, Object::Area(&below))))),
        ("其他地区", Box::new(move |actor| may(actor, Object::Area(&area("110101"))))),
        ("本单位作为机构", Box::new(move |actor| actor.unit.is_some() && may(actor, own_organisation(&actor.area)))),
        (
            "辖区内由本级认定的机构",
            Box::new(move |actor| {
                actor.role.level().is_some_and(|level| {
                    may(actor, Object::Organisation { area: &inside(actor), unit: None, answers_to: level })
                })
            }),
        ),
        ("辖区内网格的报送状态", Box::new(move |actor| may(actor, Object::Cell { area: &inside(actor), seat: None }))),
        (
            "任负责人、副负责人、指导员的网格的报送状态",
            Box::new(move |actor| {
                let seat = Some(youju_domain::seat::Role::Deputy);
                may(actor, Object::Cell { area: &area("330781001"), seat })
            }),
        ),
        (
            "只是成员的网格的报送状态",
            Box::new(move |actor| {
                let seat = Some(youju_domain::seat::Role::Member);
                may(actor, Object::Cell { area: &area("330781001"), seat })
            }),
        ),
        (
            "事项(可以查看的人和轮到办理的人由事项类型规定;此处以各级都可查看、轮到县级办理的事项为例)",
            Box::new(move |actor| {
                let readers = Level::ALL.into_iter().map(Party::Officer).collect();
                let hands = vec![Party::Officer(Level::County)];
                let reach = Reach { area: inside(actor), readers, told: Vec::new(), hands };
                may(actor, Object::Case(&reach))
            }),
        ),
        ("系统", Box::new(move |actor| may(actor, Object::System))),
    ]
}

/// Somebody whose work covers industry alone.
fn of_industry(actor: &Actor) -> Actor {
    Actor { domains: Domains::of(["industry".to_owned()].into()), ..actor.clone() }
}

fn own_organisation(area: &youju_codes::AreaCode) -> Object<'_> {
    Object::Organisation { area, unit: Some(unit()), answers_to: Level::Township }
}

/// A village of the township that everybody in these tables has something to do with.
fn inside(actor: &Actor) -> youju_codes::AreaCode {
    assert!(actor.area.contains(&area("330781001002")) || actor.role.is_respondent());
    area("330781001002")
}

fn below(actor: &Actor) -> Option<youju_codes::AreaCode> {
    let code = match actor.role.level()? {
        Level::Township => "330781001002",
        Level::County => "330781001",
        Level::City => "330781",
        Level::Province => "3307",
    };
    Some(area(code))
}

fn document() -> String {
    let mut text = HEAD.to_owned();
    let names: Vec<&str> = cases(Action::View).iter().map(|(name, _)| *name).collect();
    for (place, name) in names.into_iter().enumerate() {
        write!(text, "\n## {name}\n\n| 办理 |").unwrap();
        for role in Role::ALL {
            write!(text, " {} |", role.label()).unwrap();
        }
        text.push_str("\n|---|");
        text.push_str(&":-:|".repeat(Role::ALL.len()));
        for action in Action::ALL {
            write!(text, "\n| {} |", action.label()).unwrap();
            for role in Role::ALL {
                let (_, may) = &cases(action)[place];
                text.push_str(if may(&actor(role)) { " ● |" } else { " |" });
            }
        }
        text.push('\n');
    }
    text
}

/// After a change of rules: `YOUJU_WRITE=1 cargo nextest run -p youju-domain matrix`, and look at what has changed.
#[test]
fn the_access_matrix_that_people_read_is_the_one_that_decides() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access-matrix.md");
    let wanted = document();
    if std::env::var_os("YOUJU_WRITE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, wanted, "docs/access-matrix.md is not up to date");
}
