//! 兰溪市 in a story: two townships, factories with their people, officers of every level, and an open window.

use std::sync::OnceLock;

use youju_app::access::{NewPerson, add_person};
use youju_app::register::{NewUnit, enrol};
use youju_app::survey::NewWindow;
use youju_app::{App, Cx, Result, crypto, report, review, survey};
use youju_codes::{AreaCode, Industry, Period, Usci};
use youju_domain::access::{Actor, Domains, Role};
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::register::AccountingStandard;
use youju_domain::report::{Level, Report, State};
use youju_domain::survey::{Chain, Times};

use crate::april;
use crate::books::figures;

/// Everybody's password.
pub const PASSWORD: &str = "兰江春水2026";

/// A factory with its people and its report.
#[derive(Debug, Clone)]
pub struct Factory {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// Its statistician 填报人; signs in as `tb000`, `tb001` …
    pub clerk: Actor,
    /// Its person in charge 单位负责人; signs in as `fz000`, `fz001` …
    pub head: Actor,
    /// Its empty report of form B203 for March 2026.
    pub report: ReportId,
}

/// A county in which a window is open.
pub struct County {
    /// The app that it lives in.
    pub app: App,
    /// Factories; even ones are in the first township, odd ones in the second.
    pub factories: Vec<Factory>,
    /// A wholesaler: in the register, but of no surveyed section.
    pub shop: UnitId,
    /// The window of form B203 for March 2026.
    pub window: WindowId,
    /// 兰江街道's officer, `zhen`.
    pub township: Actor,
    /// 兰溪市's officer, `xian`.
    pub county: Actor,
    /// 金华市's officer, `shi`.
    pub city: Actor,
    /// 东阳市's officer, who has no business here, `dongyang`.
    pub neighbour: Actor,
    /// The administrator, `admin`.
    pub admin: Actor,
    /// The security administrator, `anquan`.
    pub security: Actor,
    /// The audit administrator, `shenji`.
    pub auditor: Actor,
}

impl County {
    /// Two factories.
    pub async fn open(app: &App) -> County {
        County::with_factories(app, 2).await
    }

    /// So many factories. The clock stands at noon of 2 April 2026.
    pub async fn with_factories(app: &App, number: usize) -> County {
        app.world().set(april(1));
        let people = app.write(None, async |cx| enrol_all(cx, number).await).await.unwrap();
        let (staffed, shop, [township, county, city, neighbour, admin, security, auditor]) = people;
        let new = new_window("330781", &march().to_string());
        let opened = app.write(Some(county.clone()), async |cx| survey::open(cx, new).await).await.unwrap();
        app.world().set(april(2));
        let mut factories = Vec::new();
        for Staffed { unit, name, clerk, head } in staffed {
            let read = app.read(Some(clerk.clone()), async |cx| report::of_unit_and_period(cx, unit, march()).await);
            let report = read.await.unwrap().first().unwrap().id;
            factories.push(Factory { unit, name, clerk, head, report });
        }
        County {
            app: app.clone(),
            factories,
            shop,
            window: opened.window,
            township,
            county,
            city,
            neighbour,
            admin,
            security,
            auditor,
        }
    }

    /// Takes the untouched report of a factory to a state, by the people whose task each step is. The county's windows are
    /// accepted by the county and the city; [`State::Locked`] is reached by [`survey::lock`] for all reports at once.
    pub async fn bring(&self, factory: usize, state: State) -> ReportId {
        let Factory { clerk, head, report: id, .. } = self.factories.get(factory).unwrap().clone();
        let (app, typed) = (&self.app, figures());
        for step in steps_to(state) {
            let by = match step {
                State::Authorised => &head,
                State::Accepted(Level::County) | State::Returned | State::UnderReview => &self.county,
                State::Accepted(_) => &self.city,
                _ => &clerk,
            };
            let work = app.write(Some(by.clone()), async |cx| match step {
                State::Checked => report::check(cx, id).await.map(drop),
                State::Signed => report::sign(cx, id).await.map(drop),
                State::Authorised => report::authorise(cx, id).await.map(drop),
                State::Submitted => report::submit(cx, id).await.map(drop),
                State::UnderReview => review::take_up(cx, id).await.map(drop),
                State::Accepted(_) => review::accept(cx, id).await.map(drop),
                State::Returned => review::return_(cx, id, "营业收入与开票额不符").await.map(drop),
                _ => report::save(cx, id, &typed).await.map(drop),
            });
            work.await.unwrap();
        }
        id
    }

    /// A report as it is stored, whoever may look at it.
    pub async fn report(&self, id: ReportId) -> Report {
        self.app.read(None, async |cx| Ok(youju_store::report::get(cx.tx(), id).await?)).await.unwrap().unwrap()
    }

    /// Somebody of every role: the first factory's people, then the officers, then the three administrators.
    pub fn everybody(&self) -> Vec<Actor> {
        let own = self.factories.first().unwrap();
        let officers = [&self.township, &self.county, &self.city];
        let administrators = [&self.admin, &self.security, &self.auditor];
        [&own.clerk, &own.head].into_iter().chain(officers).chain(administrators).cloned().collect()
    }
}

/// The states that [`County::bring`] can reach, in the order of a report's life.
pub const REACHED: [State; 10] = [
    State::Empty,
    State::Draft,
    State::Checked,
    State::Signed,
    State::Authorised,
    State::Submitted,
    State::UnderReview,
    State::Returned,
    State::Accepted(Level::County),
    State::Accepted(Level::City),
];

/// The steps from an empty report to a state.
fn steps_to(state: State) -> Vec<State> {
    let filled = [State::Draft, State::Signed, State::Authorised, State::Submitted];
    let from_filled = |last: &[State]| filled.into_iter().chain(last.iter().copied()).collect();
    match state {
        State::Checked => vec![State::Draft, State::Checked],
        State::UnderReview | State::Returned | State::Accepted(Level::County) => from_filled(&[state]),
        State::Accepted(_) => from_filled(&[State::Accepted(Level::County), state]),
        _ => filled.iter().position(|step| *step == state).map_or(Vec::new(), |at| filled[..=at].to_vec()),
    }
}

/// A factory before its window opens.
struct Staffed {
    unit: UnitId,
    name: String,
    clerk: Actor,
    head: Actor,
}

fn march() -> Period {
    Period::parse("2026-03").unwrap()
}

/// A window of form B203 from 1 to 18 April 2026.
pub fn new_window(area: &str, period: &str) -> NewWindow {
    NewWindow {
        area: AreaCode::parse(area).unwrap(),
        form: "B203".to_owned(),
        period: Period::parse(period).unwrap(),
        times: Times { opens_at: april(1), due_at: april(10), closes_at: april(18) },
        chain: Chain::of(&[Level::County, Level::City]).unwrap(),
    }
}

/// A unit to be enrolled. The codes are plainly fictitious, with right check characters.
pub fn new_unit(number: usize, area: &str, industry: &str) -> NewUnit {
    NewUnit {
        usci: Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap(),
        name: format!("虚构第{number:03}号食品厂"),
        area: AreaCode::parse(area).unwrap(),
        industry: Industry::parse(industry).unwrap(),
        standard: AccountingStandard::Enterprise,
    }
}

async fn enrol_all(cx: &mut Cx<'_>, number: usize) -> Result<(Vec<Staffed>, UnitId, [Actor; 7])> {
    let mut factories = Vec::new();
    for index in 0..number {
        let place = if index.is_multiple_of(2) { "330781001000" } else { "330781002000" };
        let new = new_unit(index, place, "1411");
        let name = new.name.clone();
        let unit = enrol(cx, new).await?;
        let clerk = person(cx, &format!("tb{index:03}"), Role::Statistician, place, Some(unit)).await?;
        let head = person(cx, &format!("fz{index:03}"), Role::UnitHead, place, Some(unit)).await?;
        factories.push(Staffed { unit, name, clerk, head });
    }
    let shop = enrol(cx, new_unit(90_000, "330781001000", "5123")).await?;
    let officers = [
        person(cx, "zhen", Role::TownshipOfficer, "330781001000", None).await?,
        person(cx, "xian", Role::CountyOfficer, "330781", None).await?,
        person(cx, "shi", Role::CityOfficer, "3307", None).await?,
        person(cx, "dongyang", Role::CountyOfficer, "330783", None).await?,
        person(cx, "admin", Role::Administrator, "3307", None).await?,
        person(cx, "anquan", Role::SecurityAdministrator, "3307", None).await?,
        person(cx, "shenji", Role::AuditAdministrator, "3307", None).await?,
    ];
    Ok((factories, shop, officers))
}

/// An account for somebody new, like somebody else's, whose password is everybody's.
pub async fn newcomer(county: &County, login: &str, like: &Actor) -> Actor {
    let (role, area, unit) = (like.role, like.area, like.unit);
    county.app.write(None, async |cx| person(cx, login, role, area.as_str(), unit).await).await.unwrap()
}

async fn person(cx: &mut Cx<'_>, login: &str, role: Role, area: &str, unit: Option<UnitId>) -> Result<Actor> {
    static HASH: OnceLock<String> = OnceLock::new();
    let area = AreaCode::parse(area).unwrap();
    let name = format!("{} {login}", role.label());
    let password_hash = HASH.get_or_init(|| crypto::hash_password(PASSWORD).unwrap()).clone();
    let new = NewPerson { login: login.to_owned(), name: name.clone(), role, area, unit, password_hash };
    Ok(Actor { person: add_person(cx, new).await?, name, role, area, unit, domains: Domains::Every, origin: None })
}
