//! What the demonstration did, in numbers that are read back from the data base.

use std::time::Duration;

use youju_app::{App, survey, total};
use youju_codes::{AreaCode, format_number};
use youju_domain::finding::Severity;
use youju_domain::id::WindowId;
use youju_domain::report::{CellId, Level};
use youju_domain::total::{FrameKey, Grouping, Summed, TotalsRequest};
use youju_store::{finding, journal};

use super::people::{Cast, notes};
use super::{COUNTY, FORM};
use crate::open::{Failure, say};

pub(crate) async fn print(app: &App, cast: &Cast, windows: &[WindowId], took: Duration) -> Result<(), Failure> {
    for window in windows {
        one(app, cast, *window).await?;
    }
    let head = app.read(None, async |cx| Ok(journal::head(cx.tx()).await?)).await?;
    say(&format!("\n操作日志 {} 条,根指纹 {}", head.size, head.root));
    say(&format!("用时 {:.1} 秒\n", took.as_secs_f64()));
    for note in notes() {
        say(&note);
    }
    Ok(())
}

async fn one(app: &App, cast: &Cast, window: WindowId) -> Result<(), Failure> {
    let (window, rows, counts) = app
        .read(Some(cast.county.clone()), async |cx| {
            let (window, rows) = survey::board(cx, window).await?;
            let counts = finding::counts(cx.tx(), window.id).await?;
            Ok((window, rows, counts))
        })
        .await?;
    let Some(sum) = rows.last() else { return Ok(()) };
    say(&format!("\n{} {}", window.form, window.period.cumulative_label()));
    let share = |part: u64| {
        let tenths = (part * 1_000 + sum.owed() / 2) / sum.owed().max(1);
        format!("{}.{}%", tenths / 10, tenths % 10)
    };
    say(&format!(
        "  应报 {} 家,已上报 {} 家({}),按时 {} 家({}),迟报 {} 家",
        sum.owed(),
        sum.reported(),
        share(sum.reported()),
        sum.on_time(),
        share(sum.on_time()),
        sum.late
    ));
    for severity in Severity::ALL {
        let of = |standing: &str| -> i64 {
            counts.iter().filter(|(s, t, _)| s == severity.letter() && t == standing).map(|(_, _, n)| n).sum()
        };
        let (mend, explain, explained, told) = (of("must_mend"), of("must_explain"), of("explained"), of("told"));
        if mend + explain + explained + told > 0 {
            say(&format!(
                "  {} 类({}):须改数 {mend},须说明 {explain},已说明 {explained},提示或不能检验 {told}",
                severity.letter(),
                severity.label()
            ));
        }
    }
    totals(app, cast, &window).await
}

async fn totals(app: &App, cast: &Cast, window: &youju_domain::survey::Window) -> Result<(), Failure> {
    let form = app.form(FORM)?;
    let summed =
        |cell: &CellId| Summed { cell: cell.clone(), last_year: Some(CellId::new(format!("{}_ly", cell.as_str()))) };
    let request = TotalsRequest {
        key: FrameKey { form: FORM.to_owned(), period: window.period },
        area: AreaCode::parse(COUNTY)?,
        level: Level::County,
        cells: form.headline.iter().map(summed).collect(),
        by: Grouping::Township,
    };
    let rows = total::totals(app, cast.county.clone(), request).await?;
    let Some(sum) = rows.first() else { return Ok(()) };
    for (id, cell) in form.headline.iter().zip(&sum.sums) {
        let name = form.cell_by_text(id.as_str()).map_or_else(|| id.to_string(), |cell| cell.label.clone());
        let this = cell.this.map(|value| format_number(&value)).unwrap_or_default();
        let growth = cell.growth().map(|rate| format!(",同比 {}%", format_number(&rate))).unwrap_or_default();
        say(&format!("  {name}合计 {this} 千元({} 家已验收){growth}", sum.units));
    }
    Ok(())
}
