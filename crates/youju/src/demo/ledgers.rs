//! What the units of the other disciplines have written into their ledgers: plainly invented figures, for 一键生成 to be tried on.

use youju_app::report::Typed;
use youju_app::{App, book};
use youju_codes::{Period, PeriodKind};
use youju_domain::access::Actor;
use youju_domain::id::UnitId;

use crate::open::Failure;

/// Number of the unit's account, ledger, whether every month of the year, rows.
const KEPT: [(usize, &str, bool, &str); 10] = [
    (
        901,
        "energy",
        true,
        "energy=01 opening=100 purchased=30 amount=24600 production=28 other_use=2 closing=100 coefficient=0.7143
         energy=33 purchased=15.2 amount=121600 production=14.5 other_use=0.7 coefficient=1.229",
    ),
    (
        901,
        "output",
        false,
        "name=棉布 code=1721001 unit=万米 opening=12 produced=86.5 price=92000 sold=80 sales=7360000 export=1200000
         name=印染加工 processing=350000 sales=350000",
    ),
    (
        901,
        "wages",
        true,
        "kind=1 closing=120 women=66 average=119 total=720000 basic=430000 performance=210000 allowance=60000
         kind=2 closing=8 women=3 average=8 total=36000 basic=36000",
    ),
    (
        901,
        "research",
        true,
        "name=低损耗浆纱工艺 number=RD2101 persons=6 person_months=5.5 labour=62000 material=18500 depreciation=4200 other=1300",
    ),
    (
        901,
        "project",
        true,
        "id=2101-330781-07-02-100001 name=智能织造车间 planned=12000 building=420 installation=60 equipment=180 other=40 own_funds=700",
    ),
    (
        902,
        "goods",
        false,
        "class=10 opening=860000 purchases=1520000 retail=1490000 online=210000 closing=890000
         class=13 opening=1240000 purchases=960000 wholesale=180000 retail=905000 online=330000 closing=1115000",
    ),
    (903, "catering", false, "outlet=总店 rooms=1260000 meals=880000 goods=42000 other=65000 online_rooms=730000 nights=3150"),
    (
        905,
        "housing",
        true,
        "use=1 building=1800 installation=260 equipment=40 other=520 land=450 in_progress=86000 sold_finished=300 sold_ahead=2100 revenue=2640 unsold=4200
         use=3 building=300 other=60 in_progress=9000 sold_ahead=150 revenue=240 unsold=800",
    ),
    (
        906,
        "households",
        false,
        "group=一组 households=46 persons=158 labour=97 labour_age=90 men=46 women=41 employed_age=83
         group=二组 households=39 persons=131 labour=80 labour_age=74 men=38 women=33 employed_age=67",
    ),
    (
        907,
        "villages",
        false,
        "village=上村 committee=1 water=1 road=1 phone=1 phone_households=210
         village=下村 committee=1 water=1 road=1 phone=1 phone_households=185",
    ),
];

/// Keeps the ledgers of a unit in the year whose last month is reported.
pub(super) async fn keep(
    app: &App,
    number: usize,
    (clerk, unit): (&Actor, UnitId),
    year: Period,
) -> Result<(), Failure> {
    for (_, id, is_monthly, rows) in KEPT.iter().filter(|(of, ..)| *of == number) {
        let ledger = app.ledger(id)?;
        let months = match (is_monthly, ledger.period) {
            (true, _) => ledger.periods_within(year),
            (false, PeriodKind::Year) => vec![year],
            (false, _) => ledger.periods_within(year).pop().into_iter().collect(),
        };
        for month in months {
            let typed = typed(rows);
            let save = async |cx: &mut youju_app::Cx<'_>| book::save(cx, unit, ledger, (month, None), &typed).await;
            app.write(Some(clerk.clone()), save).await?;
        }
    }
    Ok(())
}

fn typed(rows: &str) -> Vec<Typed> {
    let cells = rows.lines().zip(1_u32..).flat_map(|(row, number)| {
        row.split_whitespace().filter_map(move |pair| {
            let (column, value) = pair.split_once('=')?;
            let (cell, value) = (format!("r.{number}.{column}"), value.to_owned());
            Some(Typed { cell, was: String::new(), value, reason: None })
        })
    });
    cells.collect()
}
