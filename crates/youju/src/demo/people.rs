//! The people of the demonstration: two per unit, officers at three levels.

use std::collections::BTreeMap;

use youju_app::access::{NewPerson, add_person};
use youju_app::register::{NewUnit, enrol};
use youju_app::{App, Cx, Error, crypto};
use youju_codes::{AreaCode, area};
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::id::UnitId;
use youju_domain::register::AccountingStandard;

use super::accounts::Company;
use super::{CITY, COUNTY};
use crate::open::Failure;

/// Everybody's password in a demonstration.
pub(crate) const PASSWORD: &str = "youju-demo";

/// The account of somebody new in a township.
const SUCCESSOR: &str = "zhen03b";
/// 永昌街道.
const SUCCESSOR_AREA: &str = "330781004";

/// Who acts.
pub(crate) struct Cast {
    /// 兰溪市统计局.
    pub county: Actor,
    /// 金华市统计局.
    pub city: Actor,
    /// Statistician and head of each unit, by the unit's number.
    pub units: BTreeMap<usize, (Actor, Actor, UnitId)>,
}

/// What the sign-in page tells about the accounts.
pub(crate) fn notes() -> Vec<String> {
    vec![
        format!("密码都是 {PASSWORD}"),
        "企业填报人 tb001、tb002 …… 企业负责人 fz001、fz002 ……".into(),
        "其他专业 织造厂 tb901 · 商店 tb902 · 饭店 tb903 · 软件 tb904 · 房地产 tb905 · 村 tb906 · 镇 tb907(负责人 fz901 ……)".into(),
        "县级(兰溪市统计局)xian · 市级(金华市统计局)shi".into(),
        "乡镇(街道)zhen01 …… zhen16 · 系统管理员 admin · 安全管理员 anquan · 审计管理员 shenji".into(),
        format!("永昌街道 {SUCCESSOR} 是新任统计员,可以和 zhen03 试办工作交接"),
        "数据来自公开披露的企业财务报表,单位名称和代码均为虚构。".into(),
    ]
}

/// Enrols the units and makes the accounts.
pub(crate) async fn add(app: &App, companies: &[Company]) -> Result<Cast, Failure> {
    // One hash for all: hashing five hundred times would be most of the demonstration's time.
    let hash = crypto::hash_password(PASSWORD).map_err(Error::Fault)?;
    let cast = app
        .write(None, async |cx| {
            let (county_area, city_area) = (parse(COUNTY)?, parse(CITY)?);
            for (login, role) in [
                ("admin", Role::Administrator),
                ("anquan", Role::SecurityAdministrator),
                ("shenji", Role::AuditAdministrator),
            ] {
                person(cx, &hash, login, role.label(), role, city_area, None).await?;
            }
            let county = person(cx, &hash, "xian", "县级统计员", Role::CountyOfficer, county_area, None).await?;
            let city = person(cx, &hash, "shi", "市级统计员", Role::CityOfficer, city_area, None).await?;
            for (number, township) in (1..).zip(area::children(&county_area)) {
                let (login, name) = (format!("zhen{number:02}"), format!("{}统计员", township.name));
                person(cx, &hash, &login, &name, Role::TownshipOfficer, township.code, None).await?;
            }
            // Somebody new in a township, not yet in the register of staff: a handover can be tried with them.
            let new = parse(SUCCESSOR_AREA)?;
            person(cx, &hash, SUCCESSOR, "永昌街道新任统计员", Role::TownshipOfficer, new, None).await?;
            let mut units = BTreeMap::new();
            for company in companies {
                let number = company.number;
                let unit = enrol(cx, new_unit(company)).await?;
                let (clerk, head) = pair(cx, &hash, number, company.area, unit).await?;
                units.insert(number, (clerk, head, unit));
            }
            Ok(Cast { county, city, units })
        })
        .await?;
    Ok(cast)
}

/// The two people of a unit, by its number.
pub(super) async fn pair(
    cx: &mut Cx<'_>,
    hash: &str,
    number: usize,
    area: AreaCode,
    unit: UnitId,
) -> Result<(Actor, Actor), Error> {
    let (clerk, head) = (format!("tb{number:03}"), format!("fz{number:03}"));
    let (clerk_name, head_name) = (format!("填报人{number:03}"), format!("负责人{number:03}"));
    let clerk = person(cx, hash, &clerk, &clerk_name, Role::Statistician, area, Some(unit)).await?;
    let head = person(cx, hash, &head, &head_name, Role::UnitHead, area, Some(unit)).await?;
    Ok((clerk, head))
}

fn new_unit(company: &Company) -> NewUnit {
    NewUnit {
        usci: company.usci,
        name: company.name.clone(),
        area: company.area,
        industry: company.industry,
        standard: AccountingStandard::Enterprise,
    }
}

fn parse(code: &str) -> Result<AreaCode, Error> {
    AreaCode::parse(code).map_err(|error| youju_app::Fault::new("reading an area code", error).into())
}

async fn person(
    cx: &mut Cx<'_>,
    hash: &str,
    login: &str,
    name: &str,
    role: Role,
    area: AreaCode,
    unit: Option<UnitId>,
) -> Result<Actor, Error> {
    let new = NewPerson { login: login.into(), name: name.into(), role, area, unit, password_hash: hash.into() };
    let person = add_person(cx, new).await?;
    Ok(Actor { person, name: name.into(), role, area, unit, domains: Domains::Every, origin: None })
}
