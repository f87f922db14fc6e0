//! One unit of every other discipline, in one township, with an open report of every form and ledgers to generate them from: to look at, to fill in, to try.

use chrono::TimeDelta;
use youju_app::{App, Cx, Error, crypto, register, survey};
use youju_codes::{AreaCode, Industry, Period, PeriodKind, Usci, area};
use youju_domain::Instant;
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::register::AccountingStandard;
use youju_domain::report::Level;
use youju_domain::survey::{Chain, Times};

use super::people::{Cast, PASSWORD, pair};
use super::{COUNTY, FORM, accounts, ledgers};
use crate::open::Failure;

/// Number of the account, name and class of industry of each unit. The names are plainly fictitious.
const UNITS: [(usize, &str, &str); 7] = [
    (901, "虚构样板织造厂", "1751"),
    (902, "虚构百货商店", "5211"),
    (903, "虚构旅游饭店", "6110"),
    (904, "虚构软件公司", "6513"),
    (905, "虚构房地产公司", "7010"),
    (906, "虚构村民委员会", "9620"),
    (907, "虚构镇人民政府", "9221"),
];
/// What is being reported: the last periods of the published accounts. 202-1 has no fourth quarter.
const MONTH: &str = "2021-12";
const QUARTER: &str = "2021Q3";
const HALF: &str = "2021H2";
const YEAR: &str = "2021";

/// Enrols the units and opens a window for every form but the one that the demonstration itself reports.
pub(super) async fn arrange(app: &App, cast: &Cast, opens_at: Instant) -> Result<(), Failure> {
    let township = *area::children(&AreaCode::parse(COUNTY)?).last().ok_or("no townships")?;
    let hash = crypto::hash_password(PASSWORD).map_err(Error::Fault)?;
    let enrolled = app
        .write(None, async |cx| {
            let mut enrolled = Vec::new();
            for (number, name, industry) in UNITS {
                enrolled.push((number, enrol(cx, &hash, number, name, (industry, township.code)).await?));
            }
            Ok(enrolled)
        })
        .await?;
    for (number, (clerk, unit)) in &enrolled {
        ledgers::keep(app, *number, (clerk, *unit), Period::parse(YEAR)?).await?;
    }
    let forms = app.programmes().values().flat_map(youju_programme::Programme::forms);
    for form in forms.filter(|form| form.code != FORM) {
        let period = match form.period_kind() {
            PeriodKind::Month | PeriodKind::MonthCombined => MONTH,
            PeriodKind::Quarter => QUARTER,
            PeriodKind::Half => HALF,
            PeriodKind::Year => YEAR,
        };
        let new = survey::NewWindow {
            area: township.code,
            form: form.code.clone(),
            period: Period::parse(period)?,
            times: Times {
                opens_at,
                due_at: opens_at + TimeDelta::days(10),
                closes_at: opens_at + TimeDelta::days(20),
            },
            chain: Chain::of(&[Level::County, Level::City])?,
        };
        app.write(Some(cast.county.clone()), async |cx| survey::open(cx, new).await).await?;
    }
    Ok(())
}

async fn enrol(
    cx: &mut Cx<'_>,
    hash: &str,
    number: usize,
    name: &str,
    (industry, area): (&str, AreaCode),
) -> Result<(Actor, UnitId), Error> {
    let fault = |error: Failure| Error::Fault(youju_app::Fault::new("making a fictitious unit", error));
    let codes = || -> Result<(Usci, Industry), Failure> {
        let organisation = accounts::with_check(&format!("FAKE{number:04}"))?;
        Ok((Usci::with_check(&format!("91{COUNTY}{}", organisation.as_str()))?, Industry::parse(industry)?))
    };
    let (usci, industry) = codes().map_err(fault)?;
    let new =
        register::NewUnit { usci, name: name.to_owned(), area, industry, standard: AccountingStandard::Enterprise };
    let unit = register::enrol(cx, new).await?;
    let (clerk, _) = pair(cx, hash, number, area, unit).await?;
    Ok((clerk, unit))
}
