//! Opening 开设: accounts before they are made, one on a page or many in a table. Every row is judged by itself: one that is wrong says
//! what is wrong with it and stops no other.

use std::collections::BTreeMap;

use youju_codes::{AreaCode, AreaLevel, Usci, area};

use crate::access::Role;
use crate::activation::{NAME_CHARS, NAME_TO_COME};
use crate::id::{StaffId, UnitId};
use crate::problem::Problem;
use crate::report::Level;

/// Fewest and most characters of what somebody signs in with.
pub const LOGIN_CHARS: std::ops::RangeInclusive<usize> = 3..=40;
/// Accounts that are opened at a time: a county's units; more would hold every other writer up.
pub const OPENED_MAX: usize = 2_000;
/// What a person in charge signs in with, after the code of the unit.
const HEAD_ENDING: &str = "-fz";

/// What somebody typed about an account, or a row of a table says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// The row of the file, from 1; of a page 1.
    pub row: u32,
    /// What they are to sign in with; of people of units it follows from the code of the unit.
    pub login: String,
    /// Their name; empty where the unit itself has to say it.
    pub name: String,
    /// Their role, by its word or its name in storage.
    pub role: String,
    /// The code of their unit.
    pub usci: String,
    /// The area that they answer for.
    pub area: String,
}

/// A unit that somebody may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitKnown {
    /// Its id.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub area: AreaCode,
}

/// What is known when rows are judged.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Who signs in with what already, by login.
    pub logins: BTreeMap<String, String>,
    /// Units of the register.
    pub units: BTreeMap<Usci, UnitKnown>,
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// What they sign in with.
    pub login: String,
    /// Their name, or [`NAME_TO_COME`].
    pub name: String,
    /// Their role.
    pub role: Role,
    /// The area they answer for, or where their unit is.
    pub area: AreaCode,
    /// Their unit.
    pub unit: Option<UnitId>,
    /// The unit or the area in words.
    pub place: String,
    /// Who of the register of staff they are, if somebody there fits alone.
    pub staff: Option<StaffId>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// An account is opened.
    Opens(Box<NewAccount>),
    /// It cannot be, and why.
    Wrong(String),
}

/// Reads a role as people write it.
pub fn read_role(text: &str) -> Option<Role> {
    let text = text.trim();
    let word = |role: &Role| role.label() == text || role.key() == text;
    Role::ALL.into_iter().find(word).or(match text {
        "统计员" | "企业统计员" | "统计人员" | "填报" => Some(Role::Statistician),
        "负责人" | "企业负责人" | "法人" => Some(Role::UnitHead),
        "乡镇统计人员" | "街道统计员" | "乡级统计人员" => Some(Role::TownshipOfficer),
        "县级" | "县统计局" => Some(Role::CountyOfficer),
        "市级" | "市统计局" => Some(Role::CityOfficer),
        "省级" | "省统计局" => Some(Role::ProvinceOfficer),
        _ => None,
    })
}

/// What people of a unit sign in with when nothing else is said: the code of the unit.
pub fn login_of(usci: &Usci, role: Role) -> String {
    let ending = if role == Role::UnitHead { HEAD_ENDING } else { "" };
    format!("{usci}{ending}")
}

/// Judges every row against what is known and against the others.
pub fn judge(rows: &[Typed], known: &Known) -> Vec<Fate> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    rows.iter()
        .map(|row| {
            let judged = judge_one(row, known).and_then(|new| match seen.get(&new.login.to_lowercase()) {
                Some(first) => Err(format!("账号“{}”与第 {first} 行重复。", new.login)),
                None => Ok(new),
            });
            match judged {
                Ok(new) => {
                    seen.insert(new.login.to_lowercase(), row.row);
                    Fate::Opens(Box::new(new))
                }
                Err(reason) => Fate::Wrong(reason),
            }
        })
        .collect()
}

fn judge_one(row: &Typed, known: &Known) -> Result<NewAccount, String> {
    let role = read_role(&row.role).ok_or_else(|| {
        let roles: Vec<&str> = openable().map(Role::label).collect();
        format!("没有“{}”这个角色,可以写:{}。", row.role.trim(), roles.join("、"))
    })?;
    if role.keeps_the_system() {
        return Err(format!(
            "{}的账号只能在服务器上用 youju person add 开设:谁都不应在网页上给自己再开一个管理员账号。",
            role.label()
        ));
    }
    let (usci, unit, area, place) = if role.is_respondent() { of_unit(row, known)? } else { of_area(row, role)? };
    let login = match (normalise_login(&row.login), usci) {
        (typed, Some(usci)) if typed.is_empty() => login_of(&usci, role),
        (typed, _) => typed,
    };
    must_be_login(&login)?;
    if let Some(name) = known.logins.get(&login.to_lowercase()) {
        return Err(format!("账号“{login}”已经有了,是{name}的。"));
    }
    let name = name(&row.name, role)?;
    Ok(NewAccount { login, name, role, area, unit, place, staff: None })
}

type Where = (Option<Usci>, Option<UnitId>, AreaCode, String);

fn of_unit(row: &Typed, known: &Known) -> Result<Where, String> {
    if row.usci.trim().is_empty() {
        return Err("填报人和单位负责人属于一个单位,请填写统一社会信用代码。".into());
    }
    let usci = Usci::parse(&row.usci).map_err(|error| error.to_string())?;
    let unit = known.units.get(&usci).ok_or_else(|| format!("名录库中没有代码为 {usci} 的单位,请先入库。"))?;
    Ok((Some(usci), Some(unit.id), unit.area, unit.name.clone()))
}

fn of_area(row: &Typed, role: Role) -> Result<Where, String> {
    if !row.usci.trim().is_empty() {
        return Err(format!("{}不属于单位,不要填统一社会信用代码。", role.label()));
    }
    let code = AreaCode::parse(&row.area).map_err(|error| error.to_string())?;
    let wanted = match role.level() {
        Some(Level::Township) => AreaLevel::Township,
        Some(Level::County) => AreaLevel::County,
        Some(Level::City) => AreaLevel::City,
        _ => AreaLevel::Province,
    };
    if code.level() != wanted {
        return Err(format!(
            "{}应填{}区划代码({} 位),{code} 是{}的。",
            role.label(),
            wanted.label(),
            wanted.digits(),
            code.level().label()
        ));
    }
    let name = area::name(&code).map_or_else(|| code.to_string(), str::to_owned);
    Ok((None, None, code, name))
}

/// The roles that are opened on a page.
pub fn openable() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| !role.keeps_the_system())
}

fn normalise_login(typed: &str) -> String {
    // Capitals stay: who knows their login must be able to type it as it is printed.
    let half = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        other => other,
    };
    typed.chars().filter(|c| !c.is_whitespace()).map(half).collect()
}

fn must_be_login(login: &str) -> Result<(), String> {
    if login.is_empty() {
        return Err("请填写账号。".into());
    }
    let is_plain = login.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c));
    if !is_plain || !LOGIN_CHARS.contains(&login.chars().count()) {
        return Err(format!(
            "账号“{login}”应为 {} 至 {} 个字母、数字或 . _ - @。",
            LOGIN_CHARS.start(),
            LOGIN_CHARS.end()
        ));
    }
    Ok(())
}

fn name(typed: &str, role: Role) -> Result<String, String> {
    let name = typed.trim();
    if name.is_empty() && role.is_respondent() {
        return Ok(NAME_TO_COME.to_owned());
    }
    if name.contains(['(', '（', '\n']) || !NAME_CHARS.contains(&name.chars().count()) {
        return Err(format!(
            "姓名“{name}”应为本人实名,{} 至 {} 个字;统计机构人员不能空着。",
            NAME_CHARS.start(),
            NAME_CHARS.end()
        ));
    }
    Ok(name.to_owned())
}

/// Refuses more rows than are opened at a time, and none.
pub fn must_be_some(rows: usize) -> Result<(), Problem> {
    match rows {
        0 => Err(Problem::BadInput { reason: "没有一行可以开设账号。".into() }),
        rows if rows > OPENED_MAX => Err(Problem::BadInput {
            reason: format!("有 {rows} 行,一次最多开设 {OPENED_MAX} 个账号。请分次办理。"),
        }),
        _ => Ok(()),
    }
}
