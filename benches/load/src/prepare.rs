//! An installation on the morning of a deadline, made by the program's own use cases.

use std::fs;

use chrono::{Months, TimeDelta};
use serde::{Deserialize, Serialize};
use youju_app::access::{NewPerson, add_person};
use youju_app::register::{NewUnit, enrol};
use youju_app::survey::{self, NewWindow};
use youju_app::world::World;
use youju_app::{App, Cx, crypto};
use youju_codes::{AreaCode, Industry, Period, Usci};
use youju_domain::Instant;
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::account::Stage;
use youju_domain::id::UnitId;
use youju_domain::register::AccountingStandard;
use youju_domain::report::Level;
use youju_domain::survey::{Chain, Times};
use youju_programme::{Files, load};
use youju_store::register::PageRequest;
use youju_store::report::Filter;
use youju_store::{Db, access, migrate};
use youju_testkit::{InMemory, Plain};

use crate::programme::{self, FORM};
use crate::{Failure, Place};

/// What the installation holds.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Units, each with a statistician and a person in charge who have signed in.
    #[arg(long, default_value_t = 1_000)]
    units: usize,
    /// Monthly windows that are open at once: each gives every unit an empty report.
    #[arg(long, default_value_t = 12)]
    windows: u32,
}

/// A unit as the generator plays it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Played {
    /// Session of its statistician.
    pub clerk: String,
    /// Session of its person in charge.
    pub head: String,
    /// Its reports.
    pub reports: Vec<String>,
}

/// Units of one transaction.
const BATCH: usize = 100;

/// The county of all units.
const COUNTY: &str = "330781";
/// The township of all units.
const TOWNSHIP: &str = "330781001000";

pub async fn run(options: &Options) -> Result<(), Failure> {
    let place = &options.place;
    fs::create_dir_all(&place.data)?;
    programme::write(&place.programmes())?;
    let app = open(place).await?;
    let area = AreaCode::parse(COUNTY)?;
    let county = app.write(None, async |cx| person(cx, "xian", Role::CountyOfficer, area, None).await).await?;
    let new: Vec<NewUnit> = (0..options.units).map(new_unit).collect::<Result<_, _>>()?;
    let mut units = Vec::new();
    for (batch, at) in new.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let made = app.write(None, async |cx| {
            let mut made = Vec::new();
            for (new, number) in batch.iter().zip(at..) {
                made.push(staffed(cx, new.clone(), number).await?);
            }
            Ok(made)
        });
        units.extend(made.await?);
    }
    for back in 0..options.windows {
        let new = new_window(app.world().now(), back)?;
        app.write(Some(county.clone()), async |cx| survey::open(cx, new).await).await?;
    }
    let mut played = Vec::with_capacity(units.len());
    for Staffed { actor, unit, clerk, head } in units {
        let filter = Filter { unit: Some(unit), ..Filter::default() };
        let page = PageRequest { offset: 0, limit: i64::MAX };
        let reports = app.read(Some(actor), async |cx| youju_app::report::list(cx, &filter, page).await).await?;
        played.push(Played { clerk, head, reports: reports.rows.iter().map(|report| report.id.to_string()).collect() });
    }
    fs::write(place.units(), serde_json::to_vec(&played)?)?;
    app.db().close().await;
    Ok(())
}

/// The program's parts over the installation, without the heavy floors.
pub async fn open(place: &Place) -> Result<App, Failure> {
    let world = World::System;
    let db = Db::open(&place.database()).await?;
    migrate::run(&db, world.now()).await?;
    let files = Files::read_all(&place.programmes())?;
    let programmes = load(&files).map_err(|errors| format!("the programme is refused: {errors:?}"))?;
    Ok(App::new(db, programmes, Box::new(InMemory::default()), Box::new(Plain), world))
}

fn new_window(now: Instant, back: u32) -> Result<NewWindow, Failure> {
    let month = now - Months::new(back + 1);
    Ok(NewWindow {
        area: AreaCode::parse(COUNTY)?,
        form: FORM.to_owned(),
        period: Period::parse(&month.format("%Y-%m").to_string())?,
        times: Times {
            opens_at: now - TimeDelta::days(1),
            due_at: now + TimeDelta::days(5),
            closes_at: now + TimeDelta::days(6),
        },
        chain: Chain::of(&[Level::County, Level::City])?,
    })
}

fn new_unit(number: usize) -> Result<NewUnit, Failure> {
    Ok(NewUnit {
        usci: Usci::with_check(&format!("91330781FAKE{number:05}"))?,
        name: format!("虚构第{number:05}号工厂"),
        area: AreaCode::parse(TOWNSHIP)?,
        industry: Industry::parse("1411")?,
        standard: AccountingStandard::Enterprise,
    })
}

/// A unit whose people have signed in.
struct Staffed {
    actor: Actor,
    unit: UnitId,
    clerk: String,
    head: String,
}

async fn staffed(cx: &mut Cx<'_>, new: NewUnit, number: usize) -> youju_app::Result<Staffed> {
    let area = new.area;
    let unit = enrol(cx, new).await?;
    let actor = person(cx, &format!("tb{number}"), Role::Statistician, area, Some(unit)).await?;
    let head = person(cx, &format!("fz{number}"), Role::UnitHead, area, Some(unit)).await?;
    let (clerk, head) = (session(cx, &actor).await?, session(cx, &head).await?);
    Ok(Staffed { actor, unit, clerk, head })
}

/// Nobody signs in with this: sessions are made beside it.
const NO_PASSWORD: &str = "$argon2id$v=19$m=8,t=1,p=1$bm9ib2R5bm9ib2R5$AAAAAAAAAAAAAAAAAAAAAA";

pub(crate) async fn person(
    cx: &mut Cx<'_>,
    login: &str,
    role: Role,
    area: AreaCode,
    unit: Option<UnitId>,
) -> youju_app::Result<Actor> {
    let name = login.to_owned();
    let new = NewPerson {
        login: login.to_owned(),
        name: name.clone(),
        role,
        area,
        unit,
        password_hash: NO_PASSWORD.to_owned(),
    };
    Ok(Actor { person: add_person(cx, new).await?, name, role, area, unit, domains: Domains::Every, origin: None })
}

async fn session(cx: &mut Cx<'_>, actor: &Actor) -> youju_app::Result<String> {
    let token = crypto::new_token()?;
    let now = cx.now();
    let session = access::Session {
        id: cx.new_id(),
        person: actor.person,
        token_hash: crypto::sha256(token.as_bytes()),
        stage: Stage::Full,
        created_at: now,
        seen_at: now,
        address: String::new(),
        agent: String::new(),
    };
    access::add(cx.tx(), &session).await?;
    Ok(token)
}
