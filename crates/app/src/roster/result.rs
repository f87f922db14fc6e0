//! What a run came to, as lists that somebody works through, and the same as CSV.

use std::collections::BTreeMap;

use youju_codes::area;
use youju_domain::id::RosterRunId;
use youju_domain::roster::{Roster, Run, Verdict};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::register::{Page, PageRequest};
use youju_store::roster::pair;

use super::narrower;
use crate::context::Cx;
use crate::error::{Fault, Result};

pub use youju_store::roster::pair::Listed;

/// A list of a run in the actor's area.
pub struct Results {
    /// The run.
    pub run: Run,
    /// Its list; none for the register with itself.
    pub roster: Option<Roster>,
    /// How many entries have each verdict.
    pub counts: BTreeMap<Verdict, u64>,
    /// The entries that were asked for.
    pub page: Page<Listed>,
}

/// One page of the entries with a verdict in the actor's area, whose names or codes hold `search`.
pub async fn results(
    cx: &mut Cx<'_>,
    id: RosterRunId,
    (verdict, search): (Verdict, &str),
    page: PageRequest,
) -> Result<Results> {
    let (run, roster) = super::run(cx, id).await?;
    let area = narrower(&run.area, &cx.actor()?.area);
    let counts = pair::counts(cx.tx(), id, &area).await?.into_iter().collect();
    let page = pair::list(cx.tx(), (id, verdict), (&area, search.trim()), page).await?;
    cx.looked_at(page.rows.iter().filter_map(|listed| listed.found.pair.unit));
    Ok(Results { run, roster, counts, page })
}

/// The whole list as CSV, with the name of the file.
pub async fn csv(cx: &mut Cx<'_>, id: RosterRunId, (verdict, search): (Verdict, &str)) -> Result<(String, Vec<u8>)> {
    let all = PageRequest { offset: 0, limit: i64::MAX };
    let found = results(cx, id, (verdict, search), all).await?;
    let names = [
        "序号",
        "所在地",
        "区划代码",
        "名录库代码",
        "名录库名称",
        "另一单位代码",
        "另一单位名称",
        "名单代码",
        "名单名称",
        "名单地址",
        "不同之处",
        "把握(比特)",
        "判断",
        "判断人",
    ];
    let text = |text: &Option<String>| CellOut::from(text.as_deref().unwrap_or_default());
    let rows = found.page.rows.iter().map(|listed| {
        let one = &listed.found;
        let differs =
            one.differences.iter().map(|differs| format!("{}:{} → {}", differs.what, differs.ours, differs.theirs));
        vec![
            CellOut::Number(one.pair.number.into()),
            CellOut::from(area::path(&one.area).as_str()),
            CellOut::from(one.area.as_str()),
            text(&listed.unit_code),
            text(&listed.unit_name),
            text(&listed.other_code),
            text(&listed.other_name),
            text(&listed.row_code),
            text(&listed.row_name),
            text(&listed.row_address),
            CellOut::from(differs.collect::<Vec<_>>().join(";").as_str()),
            CellOut::Number(rust_decimal::Decimal::new(one.bits, 3)),
            CellOut::from(one.pair.choice.map_or("", |choice| choice.label())),
            text(&listed.by_name),
        ]
    });
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing a list of a run", error))?;
    let whose = found.roster.as_ref().map_or("名录库", |roster| roster.department.as_str());
    Ok((format!("{whose}比对 {}.csv", verdict.label()), file))
}
