//! What the stories are made of.

use chrono::{TimeZone, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;
use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::id::{Id, UnitId};
use youju_domain::report::{CellId, Change, Level, Report, Value};
use youju_domain::survey::{Chain, Times, Window};

pub fn id<K>(number: u128) -> Id<K> {
    Id::new(Uuid::from_u128(number))
}

pub fn unit() -> UnitId {
    id(7)
}

pub fn at(day: u32) -> Instant {
    Utc.with_ymd_and_hms(2026, 4, day, 4, 0, 0).unwrap()
}

pub fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

pub fn actor(role: Role) -> Actor {
    let (unit, area_code) = match role {
        Role::Statistician | Role::UnitHead => (Some(unit()), "330781001000"),
        Role::TownshipOfficer => (None, "330781001000"),
        Role::CountyOfficer => (None, "330781000000"),
        Role::CityOfficer | Role::Administrator | Role::SecurityAdministrator | Role::AuditAdministrator => {
            (None, "330700000000")
        }
        Role::ProvinceOfficer => (None, "330000000000"),
    };
    Actor {
        person: id(role as u128 + 100),
        name: role.label().into(),
        role,
        area: area(area_code),
        unit,
        domains: Domains::Every,
        origin: None,
    }
}

pub fn window() -> Window {
    Window {
        id: id(1),
        area: area("330781"),
        programme: "industry".into(),
        form: "B203".into(),
        form_version: "v1".into(),
        period: Period::parse("2026-03").unwrap(),
        times: Times { opens_at: at(1), due_at: at(10), closes_at: at(18) },
        chain: Chain::of(&[Level::County, Level::City]).unwrap(),
        opened_at: Some(at(1)),
        locked_at: None,
    }
}

pub fn report() -> Report {
    Report::empty(id(2), unit(), &window())
}

pub fn change(cell: &str, was: Option<i64>, value: i64) -> Change {
    let number = |n: i64| Value::Number(Decimal::from(n));
    Change { cell: CellId::new(cell), was: was.map_or(Value::Blank, number), value: number(value), reason: None }
}
