//! Lists of reports: within a scope, filtered, paged, with the number of all.

use youju_codes::{AreaCode, Period};
use youju_domain::Instant;
use youju_domain::access::{FormScope, Scope};
use youju_domain::id::{ReportId, UnitId, WindowId};
use youju_domain::report::{Level, State};
use youju_domain::survey::Handing;

use crate::db::{FromRow, Row, Sql, Tx, sql};
use crate::error::Result;
use crate::register::{Page, PageRequest, forms_binding, pattern, scope_bindings, total};

/// What a list of reports is narrowed to; everything absent is not narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Reports of one window.
    pub window: Option<WindowId>,
    /// Reports of one unit.
    pub unit: Option<UnitId>,
    /// Reports in one state.
    pub state: Option<State>,
    /// Reports that wait for one level.
    pub awaits: Option<Level>,
    /// Reports that have not been handed in, those sent back apart.
    pub unreported: Option<bool>,
    /// Reports of units in one area.
    pub area: Option<AreaCode>,
    /// Words in the unit's name or code.
    pub search: String,
    /// Reports that may be worked on at this instant: their window is open, or they were returned and are being mended.
    pub open_at: Option<Instant>,
    /// Reports whose formal reminder had run out at this instant without an answer, in windows that are not locked.
    pub run_out_at: Option<Instant>,
}

/// A report as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The report.
    pub id: ReportId,
    /// Its unit.
    pub unit: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// The unit's code.
    pub usci: String,
    /// Where the unit is.
    pub area: AreaCode,
    /// Form code.
    pub form: String,
    /// Period.
    pub period: Period,
    /// State, as it is stored; [`Listed::state_at`] tells it for people.
    pub state: State,
    /// The level whose turn it is.
    pub awaits: Option<Level>,
    /// 开网.
    pub opens_at: Instant,
    /// Deadline.
    pub due_at: Instant,
    /// Until when a returned report should be handed in again.
    pub mend_by: Option<Instant>,
    /// End of a formal reminder.
    pub extended_until: Option<Instant>,
    /// When it was submitted last.
    pub submitted_at: Option<Instant>,
    /// After the deadline.
    pub is_late: bool,
    /// Versions so far.
    pub versions: i64,
    /// Why it was returned, while it is.
    pub return_reason: Option<String>,
    /// Findings that must be mended.
    pub must_mend: i64,
    /// Findings that must be explained.
    pub must_explain: i64,
    /// Findings that were explained.
    pub explained: i64,
}

impl Listed {
    /// The state at an instant: before the window opens, an empty report is not open yet.
    pub fn state_at(&self, now: Instant) -> State {
        self.state.at(self.opens_at <= now)
    }

    /// What its punctuality is told from.
    pub fn handing(&self) -> Handing {
        let is_in = self.state.is_reported() || self.return_reason.is_some();
        Handing { is_in, is_late: self.is_late, extended_until: self.extended_until }
    }
}

impl FromRow for Listed {
    fn from_row(row: &Row) -> Result<Listed> {
        Ok(Listed {
            id: row.get("id")?,
            unit: row.get("unit_id")?,
            unit_name: row.get("name")?,
            usci: row.get("usci")?,
            area: row.get("area")?,
            form: row.get("form")?,
            period: row.get("period")?,
            state: row.get("state")?,
            awaits: row.get("awaits")?,
            opens_at: row.get("opens_at")?,
            due_at: row.get("due_at")?,
            mend_by: row.get("mend_by")?,
            extended_until: row.get("extended_until")?,
            submitted_at: row.get("submitted_at")?,
            is_late: row.get("is_late")?,
            versions: row.get("versions")?,
            return_reason: row.get("return_reason")?,
            must_mend: row.get("must_mend")?,
            must_explain: row.get("must_explain")?,
            explained: row.get("explained")?,
        })
    }
}

fn bind_filter(statement: Sql, scope: &FormScope, filter: &Filter) -> Sql {
    let (unit, area) = scope_bindings(&scope.scope);
    statement
        .bind(unit)
        .bind(area)
        .bind(filter.window)
        .bind(filter.state)
        .bind(filter.area.map(|area| format!("{}%", area.prefix())))
        .bind(pattern(&filter.search))
        .bind(filter.open_at)
        .bind(filter.unit)
        .bind(filter.awaits)
        .bind(filter.unreported)
        .bind(filter.run_out_at)
        .bind(forms_binding(scope))
}

/// The two statements of a list, for the way that the planner is to go: what `$way` compares by `=` leads by an index to the rows
/// that the list is about. With `$1 is null or …` in the first place both engines would read every report there is.
macro_rules! by {
    ($way:literal) => {
        Texts {
            count: concat!(
                "select count(*) as n
                 from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
                 where ", $way, "
                   and ($3 is null or r.window_id = $3) and ($4 is null or r.state = $4)
                   and ($5 is null or u.area like $5)
                   and (u.name like $6 escape '\\' or u.usci like $6 escape '\\')
                   and ($7 is null or r.return_reason is not null or (w.opens_at <= $7 and (w.closes_at >= $7 or r.extended_until >= $7)))
                   and ($8 is null or u.id = $8) and ($9 is null or r.awaits = $9)
                   and ($10 is null or $10 = (r.state in ('empty', 'draft', 'checked', 'signed', 'authorised') and r.return_reason is null))
                   and ($11 is null or (r.extended_until < $11 and w.locked_at is null))
                   and ($12 is null or r.form in (select value from json_each($12)))"
            ),
            // Findings are counted for the rows of the page, not for all that were looked through.
            rows: concat!(
                "select p.*,
                     (select count(*) from finding f where f.report_id = p.id and f.standing = 'must_mend') as must_mend,
                     (select count(*) from finding f where f.report_id = p.id and f.standing = 'must_explain') as must_explain,
                     (select count(*) from finding f where f.report_id = p.id and f.standing = 'explained') as explained
                 from (select r.id, r.unit_id, u.name, u.usci, u.area, r.form, r.period, r.state, r.awaits, w.opens_at, w.due_at,
                         r.mend_by, r.extended_until, r.submitted_at, r.is_late, r.versions, r.return_reason, r.period_ends_on
                     from report r join unit u on u.id = r.unit_id join survey_window w on w.id = r.window_id
                     where ", $way, "
                       and ($3 is null or r.window_id = $3) and ($4 is null or r.state = $4)
                       and ($5 is null or u.area like $5)
                       and (u.name like $6 escape '\\' or u.usci like $6 escape '\\')
                       and ($7 is null or r.return_reason is not null or (w.opens_at <= $7 and (w.closes_at >= $7 or r.extended_until >= $7)))
                       and ($8 is null or u.id = $8) and ($9 is null or r.awaits = $9)
                       and ($10 is null or $10 = (r.state in ('empty', 'draft', 'checked', 'signed', 'authorised') and r.return_reason is null))
                       and ($11 is null or (r.extended_until < $11 and w.locked_at is null))
                       and ($12 is null or r.form in (select value from json_each($12)))
                     order by r.period_ends_on desc, w.due_at, u.area, u.usci, r.form limit $13 offset $14) p
                 order by p.period_ends_on desc, p.due_at, p.area, p.usci, p.form"
            ),
        }
    };
}

struct Texts {
    count: &'static str,
    rows: &'static str,
}

/// Every way says the whole of the scope.
fn texts(scope: &FormScope, filter: &Filter) -> Texts {
    match (&scope.scope, filter) {
        (Scope::Unit(_) | Scope::Nothing, _) => by!("r.unit_id = $1 and $2 = ''"),
        (_, Filter { unit: Some(_), .. }) => by!("r.unit_id = $8 and $1 is null and u.area like $2"),
        (_, Filter { window: Some(_), .. }) => by!("r.window_id = $3 and $1 is null and u.area like $2"),
        (_, Filter { run_out_at: Some(_), .. }) => by!("r.extended_until < $11 and $1 is null and u.area like $2"),
        (_, Filter { awaits: Some(_), .. }) => by!("r.awaits = $9 and $1 is null and u.area like $2"),
        (_, Filter { state: Some(_), .. }) => by!("r.state = $4 and $1 is null and u.area like $2"),
        _ => by!("$1 is null and u.area like $2"),
    }
}

/// How many reports a list has.
pub async fn count(tx: &mut Tx, scope: &FormScope, filter: &Filter) -> Result<u64> {
    let count = sql(texts(scope, filter).count);
    Ok(total(tx.one(bind_filter(count, scope, filter)).await?))
}

/// One page of reports: those due first stand first.
pub async fn list(tx: &mut Tx, scope: &FormScope, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    let all = count(tx, scope, filter).await?;
    let rows = bind_filter(sql(texts(scope, filter).rows), scope, filter).bind(page.limit).bind(page.offset);
    Ok(Page { rows: tx.all(rows).await?, total: all, offset: total(page.offset) })
}
