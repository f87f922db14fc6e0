//! Opening 开设 of accounts: one on a page, many by a table, or for the units that have none. What would become of each row is shown
//! before anything is made; a row that is wrong stops no other. Nobody is given a password: letters follow ([`crate::activation`]).

mod table;

use std::collections::BTreeSet;

use serde_json::json;
use youju_codes::Usci;
use youju_domain::Problem;
use youju_domain::access::{Action, Object, Role};
use youju_domain::id::PersonId;
use youju_domain::opening::{Fate, Known, NewAccount, OPENED_MAX, Typed, judge, login_of, must_be_some, read_role};
use youju_domain::register::Unit;
use youju_store::register::{Page, PageRequest};
use youju_store::{opening as store, staff};

use crate::access::{NO_PASSWORD, NewPerson, add_person};
use crate::activation;
use crate::context::Cx;
use crate::error::Result;
use crate::organisation::today;

pub use table::{Table, csv, read_table, written};

/// What opening would do, row by row.
pub type Looked = Vec<(Typed, Fate)>;

/// How many rows would be opened, and how many are wrong.
pub fn counts(looked: &Looked) -> (usize, usize) {
    let opens = looked.iter().filter(|(_, fate)| matches!(fate, Fate::Opens(_))).count();
    (opens, looked.len() - opens)
}

/// Looks at every row.
pub async fn look(cx: &mut Cx<'_>, rows: &[Typed]) -> Result<Looked> {
    cx.allow(Action::Administer, Object::System)?;
    let codes: BTreeSet<Usci> = rows.iter().filter_map(|row| Usci::parse(&row.usci).ok()).collect();
    let codes: Vec<Usci> = codes.into_iter().collect();
    let mut logins: Vec<String> = rows.iter().map(|row| row.login.trim().to_owned()).collect();
    logins.extend(codes.iter().flat_map(|usci| [Role::Statistician, Role::UnitHead].map(|role| login_of(usci, role))));
    let known = Known { logins: store::taken(cx.tx(), &logins).await?, units: store::units(cx.tx(), &codes).await? };
    let mut fates = judge(rows, &known);
    let mut tied = BTreeSet::new();
    for fate in &mut fates {
        if let Fate::Opens(new) = fate {
            tie(cx, new).await?;
            // The second of two rows for one human being is somebody else.
            new.staff = new.staff.filter(|staff| tied.insert(*staff));
        }
    }
    Ok(rows.iter().cloned().zip(fates).collect())
}

/// Finds who of the register of staff somebody is: one without an account who works there and is called so, if there is only one.
async fn tie(cx: &mut Cx<'_>, new: &mut NewAccount) -> Result<()> {
    let on = today(cx);
    let there = match new.unit {
        Some(unit) => store::staff_of_unit(cx.tx(), unit, on).await?,
        None => store::staff_of_area(cx.tx(), &new.area, on).await?,
    };
    let mut fitting = there.into_iter().filter(|(_, name)| *name == new.name).map(|(id, _)| id);
    new.staff = fitting.next().filter(|_| fitting.next().is_none());
    Ok(())
}

/// Opens the accounts of all rows that are right; as many as the look has shown.
pub async fn open(cx: &mut Cx<'_>, rows: &[Typed], shown: usize) -> Result<Vec<PersonId>> {
    let looked = look(cx, rows).await?;
    let (opens, _) = counts(&looked);
    must_be_some(opens)?;
    if opens != shown {
        // Somebody has opened one of them meanwhile, or the register has changed.
        return Err(Problem::Conflict.into());
    }
    let mut people = Vec::with_capacity(opens);
    for (_, fate) in looked {
        if let Fate::Opens(new) = fate {
            people.push(add(cx, *new).await?);
        }
    }
    Ok(people)
}

/// Opens one account, or says what is wrong with it.
pub async fn open_one(cx: &mut Cx<'_>, typed: Typed) -> Result<PersonId> {
    let looked = look(cx, std::slice::from_ref(&typed)).await?;
    match looked.into_iter().next() {
        Some((_, Fate::Opens(new))) => add(cx, *new).await,
        Some((_, Fate::Wrong(reason))) => Err(Problem::BadInput { reason }.into()),
        None => Err(Problem::NotFound { what: "账号" }.into()),
    }
}

async fn add(cx: &mut Cx<'_>, new: NewAccount) -> Result<PersonId> {
    let NewAccount { login, name, role, area, unit, staff: tied, .. } = new;
    let person = NewPerson { login, name, role, area, unit, password_hash: NO_PASSWORD.to_owned() };
    let id = add_person(cx, person).await?;
    activation::expect(cx, id).await?;
    if let Some(staff) = tied {
        let found = staff::get(cx.tx(), staff).await?.ok_or_else(crate::staff::not_found)?;
        staff::put(cx.tx(), &youju_domain::staff::Staff { person: Some(id), ..found }).await?;
        cx.record("staff.changed", ("staff", staff.to_string()), json!({ "account": id })).await?;
    }
    Ok(id)
}

/// Makes an account at the terminal, whose person gets a code.
pub async fn open_at_terminal(cx: &mut Cx<'_>, new: NewPerson) -> Result<PersonId> {
    let id = add_person(cx, NewPerson { password_hash: NO_PASSWORD.to_owned(), ..new }).await?;
    activation::expect(cx, id).await?;
    Ok(id)
}

/// A unit without any account, and who does its statistics as far as that is known.
#[derive(Debug, Clone)]
pub struct Without {
    /// The unit.
    pub unit: Unit,
    /// The name of its only member of staff; empty where there is none or more than one.
    pub name: String,
}

/// One page of the units without any account.
pub async fn without(cx: &mut Cx<'_>, search: &str, page: PageRequest) -> Result<Page<Without>> {
    cx.allow(Action::Administer, Object::System)?;
    let found = store::without(cx.tx(), search, page).await?;
    let on = today(cx);
    let mut rows = Vec::with_capacity(found.rows.len());
    for unit in found.rows {
        let name = match store::staff_of_unit(cx.tx(), unit.id, on).await?.as_slice() {
            [(_, name)] => name.clone(),
            _ => String::new(),
        };
        rows.push(Without { unit, name });
    }
    Ok(Page { rows, total: found.total, offset: found.offset })
}

/// Rows for every unit without any account, as many as are opened at a time.
pub async fn rows_for_all(cx: &mut Cx<'_>, search: &str, roles: &[Role]) -> Result<Vec<Typed>> {
    let most = OPENED_MAX / roles.len().max(1);
    let page = PageRequest { offset: 0, limit: i64::try_from(most).unwrap_or(i64::MAX) };
    let found = without(cx, search, page).await?;
    let chosen: Vec<(String, String)> =
        found.rows.into_iter().map(|one| (one.unit.usci.to_string(), one.name)).collect();
    Ok(rows_for(&chosen, roles))
}

/// Rows for units, each with the code and the name of its statistician.
pub fn rows_for(units: &[(String, String)], roles: &[Role]) -> Vec<Typed> {
    let rows = units.iter().flat_map(|(usci, name)| {
        roles.iter().map(move |role| Typed {
            usci: usci.clone(),
            name: if *role == Role::Statistician { name.clone() } else { String::new() },
            role: role.label().to_owned(),
            ..Typed::default()
        })
    });
    (1..).zip(rows).map(|(row, typed)| Typed { row, ..typed }).collect()
}

/// The roles that accounts of units may have, as a page names them.
pub fn roles_of_units<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<Role> {
    keys.filter_map(read_role).filter(|role| role.is_respondent()).collect()
}
