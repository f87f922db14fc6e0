//! Who may do what, walked over every role and action.

use youju_domain::access::{Action, Object, Role, decide};
use youju_domain::id::UnitId;
use youju_domain::report::Level;

use crate::make::{actor, area, id, unit};

#[test]
fn nobody_but_the_unit_touches_its_figures() {
    let home = area("330781001000");
    for role in Role::ALL {
        for action in [Action::Fill, Action::Sign, Action::Authorise, Action::Submit] {
            let own = Object::Unit { id: unit(), area: &home };
            let other = Object::Unit { id: id(8), area: &home };
            if !role.is_respondent() {
                assert!(!decide(&actor(role), action, own), "{role:?} {action:?}");
                assert!(actor(role).respondent().is_err(), "{role:?} must not become a respondent");
            }
            assert!(!decide(&actor(role), action, other), "{role:?} {action:?} on another unit");
        }
    }
}

#[test]
fn officers_see_their_own_area_only() {
    let neighbour: UnitId = id(9);
    let cases = [
        (Role::TownshipOfficer, "330781001002", true),
        (Role::TownshipOfficer, "330781002000", false),
        (Role::CountyOfficer, "330781002000", true),
        (Role::CountyOfficer, "330782001000", false),
        (Role::CityOfficer, "330782001000", true),
        (Role::CityOfficer, "330100000000", false),
        (Role::Administrator, "330781001000", false),
        (Role::Statistician, "330781001000", false),
    ];
    for (role, code, expected) in cases {
        let place = area(code);
        let object = Object::Unit { id: neighbour, area: &place };
        assert_eq!(decide(&actor(role), Action::View, object), expected, "{role:?} {code}");
    }
}

#[test]
fn what_lies_outside_is_not_found_and_what_lies_inside_is_forbidden() {
    let (inside, outside) = (area("330781001000"), area("330782001000"));
    let county = actor(Role::CountyOfficer);
    let fill = |place| county.must(Action::Fill, Object::Unit { id: unit(), area: place }).unwrap_err().code();
    assert_eq!(fill(&inside), "access.forbidden");
    assert_eq!(fill(&outside), "not_found");
}

#[test]
fn the_matrix_of_roles_and_actions_on_a_unit_reads_as_agreed() {
    let place = area("330781001000");
    let mut table = String::new();
    for role in Role::ALL {
        let may: Vec<String> = Action::ALL
            .into_iter()
            .filter(|action| decide(&actor(role), *action, Object::Unit { id: unit(), area: &place }))
            .map(|action| format!("{action:?}"))
            .collect();
        table.extend([role.label(), ": ", &may.join(" "), "\n"]);
    }
    let expected = "填报人: View Fill Sign Submit\n单位负责人: View Authorise Submit\n乡镇统计员: View Review\n\
                    县级统计人员: View Review Arrange Inspect\n市级统计人员: View Review Inspect\n省级统计人员: View Review Inspect\n系统管理员: \n安全管理员: \n审计管理员: \n";
    assert_eq!(table, expected);
}

#[test]
fn the_matrix_of_roles_and_actions_on_areas_reads_as_agreed() {
    let mut table = String::new();
    for role in Role::ALL {
        for code in ["330781", "3307"] {
            let place = area(code);
            let may: Vec<String> = Action::ALL
                .into_iter()
                .filter(|action| decide(&actor(role), *action, Object::Area(&place)))
                .map(|action| format!("{action:?}"))
                .collect();
            table.extend([role.label(), " ", code, ": ", &may.join(" "), "\n"]);
        }
    }
    let expected = "填报人 330781: \n填报人 3307: \n单位负责人 330781: \n单位负责人 3307: \n乡镇统计员 330781: \n乡镇统计员 3307: \n\
                    县级统计人员 330781: View Review Arrange Inspect AnswerFor\n县级统计人员 3307: \n\
                    市级统计人员 330781: View Review Inspect Assess\n市级统计人员 3307: View Review Inspect AnswerFor\n\
                    省级统计人员 330781: View Review Inspect\n省级统计人员 3307: View Review Inspect Assess\n系统管理员 330781: \n系统管理员 3307: \n\
                    安全管理员 330781: \n安全管理员 3307: \n审计管理员 330781: \n审计管理员 3307: \n";
    assert_eq!(table, expected);
}

#[test]
fn the_matrix_of_roles_and_actions_on_organisations_reads_as_agreed() {
    let (county, town) = (area("330781"), area("330781001"));
    let mut table = String::new();
    for role in Role::ALL {
        let own = Object::Organisation { area: &town, unit: Some(unit()), answers_to: Level::Township };
        let other = Object::Organisation { area: &town, unit: Some(id(8)), answers_to: Level::Township };
        let street = Object::Organisation { area: &town, unit: None, answers_to: Level::County };
        let bureau = Object::Organisation { area: &county, unit: None, answers_to: Level::City };
        for (name, object) in [("本单位", own), ("别的单位", other), ("街道", street), ("统计局", bureau)] {
            let may: Vec<String> = Action::ALL
                .into_iter()
                .filter(|action| decide(&actor(role), *action, object))
                .map(|action| format!("{action:?}"))
                .collect();
            if !may.is_empty() {
                table.extend([role.label(), " ", name, ": ", &may.join(" "), "\n"]);
            }
        }
    }
    let expected = "填报人 本单位: View Submit\n单位负责人 本单位: View Submit\n\
                    乡镇统计员 本单位: View Submit Review\n乡镇统计员 别的单位: View Submit Review\n乡镇统计员 街道: View Submit\n\
                    县级统计人员 本单位: View Submit Review Arrange\n县级统计人员 别的单位: View Submit Review Arrange\n县级统计人员 街道: View Submit Review Arrange\n县级统计人员 统计局: View Submit Arrange\n\
                    市级统计人员 本单位: View Submit Review Arrange\n市级统计人员 别的单位: View Submit Review Arrange\n市级统计人员 街道: View Submit Review Arrange\n市级统计人员 统计局: View Submit Review Arrange\n\
                    省级统计人员 本单位: View Submit Review\n省级统计人员 别的单位: View Submit Review\n省级统计人员 街道: View Submit Review\n省级统计人员 统计局: View Submit Review\n";
    assert_eq!(table, expected);
}
