//! The offices of the demonstration: organisations from the profile of 兰溪市, their people, the cells of the county and who sits there.
//! Every other township has its three statisticians and its leads, so that the pages have something to tell about the rest.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_app::{App, Error, grid, organisation, seat, staff};
use youju_codes::AreaCode;
use youju_domain::grid::Kind;
use youju_domain::id::{StaffId, UnitId};
use youju_domain::organisation::Kind as OfficeKind;
use youju_domain::seat::{Place, Role};
use youju_domain::staff::{About, Appointment, Duty, Establishment, Field, Time, Workplace};
use youju_domain::survey::local;

use super::COUNTY;
use super::people::Cast;
use crate::open::Failure;

const DOCUMENT: &str = "演示任命";

/// Staff of a township: who guides its cells, and who leads them.
struct Office {
    guide: StaffId,
    lead: Option<StaffId>,
}

/// Sets everything up, as of today.
pub(crate) async fn arrange(app: &App, cast: &Cast) -> Result<(), Failure> {
    let today = local(app.world().now()).date();
    let shown =
        app.read(Some(cast.county.clone()), async |cx| Ok(organisation::dry_run(cx, "lanxi").await?.to_do())).await?;
    app.write(Some(cast.county.clone()), async |cx| organisation::set_up(cx, "lanxi", shown).await).await?;
    let townships = offices(app, cast, today).await?;
    let clerks = units(app, cast, today).await?;
    cells(app, cast, (&townships, &clerks), today).await
}

fn post(duty: Duty, establishment: Establishment, fields: Vec<Field>, since: NaiveDate) -> Appointment {
    let (work, document) = (String::new(), DOCUMENT.to_owned());
    Appointment { duty, time: Time::Full, establishment, fields, work, document, since }
}

fn about(name: &str) -> About {
    About { name: name.to_owned(), ..About::default() }
}

/// The people of the bureau and of the townships, whose accounts are there already.
async fn offices(app: &App, cast: &Cast, on: NaiveDate) -> Result<BTreeMap<AreaCode, Office>, Failure> {
    let tree = app.read(Some(cast.county.clone()), async |cx| organisation::tree(cx, None).await).await?;
    let named =
        |kinds: &'static [OfficeKind]| tree.branches.iter().filter(move |one| kinds.contains(&one.listed.span.kind));
    for bureau in named(&[OfficeKind::Bureau]) {
        let at = Workplace::Organisation(bureau.listed.id);
        let post = post(Duty::Lead, Establishment::Established, Vec::new(), on);
        app.write(Some(cast.city.clone()), async |cx| staff::enrol(cx, at, about("县级统计员"), post, "xian").await)
            .await?;
    }
    let logins: BTreeMap<AreaCode, String> = (1..)
        .zip(youju_codes::area::children(&AreaCode::parse(COUNTY)?))
        .map(|(number, township)| (township.code, format!("zhen{number:02}")))
        .collect();
    let mut found = BTreeMap::new();
    for (index, office) in named(&[OfficeKind::Street, OfficeKind::Township]).enumerate() {
        let (at, span) = (Workplace::Organisation(office.listed.id), &office.listed.span);
        let login = span.code.and_then(|code| logins.get(&code)).cloned().unwrap_or_default();
        let is_complete = index % 2 == 0;
        let short: String = span.name.chars().take(2).collect();
        let made = app.write(Some(cast.county.clone()), async |cx| {
            let enrol = async |cx: &mut youju_app::Cx<'_>, name: String, duty, fields, login: &str| {
                staff::enrol(cx, at, about(&name), post(duty, Establishment::Established, fields, on), login).await
            };
            let first = if is_complete { Duty::Chief } else { Duty::Statistician };
            let guide = enrol(cx, format!("{short}统计员"), first, vec![Field::Industry], &login).await?;
            if !is_complete {
                return Ok(Office { guide, lead: None });
            }
            for (word, field) in [("农业", Field::Agriculture), ("服务业", Field::Services)] {
                enrol(cx, format!("{short}{word}统计员"), Duty::Statistician, vec![field], "").await?;
            }
            let lead = enrol(cx, format!("{short}经发办主任"), Duty::Lead, Vec::new(), "").await?;
            Ok(Office { guide, lead: Some(lead) })
        });
        found.extend(span.code.zip(Some(made.await?)));
    }
    Ok(found)
}

/// The two people of every unit.
async fn units(app: &App, cast: &Cast, on: NaiveDate) -> Result<BTreeMap<UnitId, StaffId>, Failure> {
    let entered = app.write(Some(cast.county.clone()), async |cx| {
        let mut clerks = BTreeMap::new();
        for (number, (clerk, head, unit)) in &cast.units {
            let at = Workplace::Unit(*unit);
            for (person, duty, login) in
                [(head, Duty::Lead, format!("fz{number:03}")), (clerk, Duty::Statistician, format!("tb{number:03}"))]
            {
                let post = post(duty, Establishment::Hired, Vec::new(), on);
                let who = staff::enrol(cx, at, about(&person.name), post, &login).await?;
                clerks.insert(*unit, who);
            }
        }
        Ok(clerks)
    });
    Ok(entered.await?)
}

/// The cells of the county, with a guide everywhere, a deputy from the first unit, and a lead where the township has one.
async fn cells(
    app: &App,
    cast: &Cast,
    (townships, clerks): (&BTreeMap<AreaCode, Office>, &BTreeMap<UnitId, StaffId>),
    on: NaiveDate,
) -> Result<(), Failure> {
    let area = AreaCode::parse(COUNTY)?;
    let proposal = app.read(Some(cast.county.clone()), async |cx| grid::propose(cx, area).await).await?;
    let seated = app.write(Some(cast.county.clone()), async |cx| {
        grid::adopt(cx, area, &proposal.fingerprint).await?;
        for place in grid::board(cx, area, None).await? {
            let Some(office) = townships.get(&place.area) else { continue };
            for cell in place.cells.iter().filter(|cell| cell.grid.kind == Kind::Units) {
                let deputy = cell.units.iter().find_map(|unit| clerks.get(&unit.unit)).copied();
                let seats = [(Role::Guide, Some(office.guide)), (Role::Deputy, deputy), (Role::Lead, office.lead)];
                for (role, who) in seats {
                    let Some(who) = who else { continue };
                    seat::name(cx, (Place::Grid(cell.grid.id), role), who, (on, DOCUMENT)).await?;
                }
            }
        }
        Ok::<(), Error>(())
    });
    Ok(seated.await?)
}
