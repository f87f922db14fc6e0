//! The figures of an assessment, from totals over accepted data, and what they rest on.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::{AreaCode, Period, area};
use youju_domain::access::Actor;
use youju_domain::assessment::{Compare, Measured, Names, Snapshot, Sum, Sums, level_of, measure};
use youju_domain::report::{CellId, Level};
use youju_domain::total::{FrameKey, Grouping, Summed, TotalsRequest};
use youju_programme::{Figure, Item};
use youju_store::assessment;

use super::{Subject, not_found};
use crate::context::{App, Cx};
use crate::error::Result;
use crate::total::totals;

/// How many reports of a subject are accepted, and the fingerprint over them and their versions.
pub(super) async fn basis(cx: &mut Cx<'_>, subject: &Subject) -> Result<(u64, String)> {
    let level = level_of(&subject.area).ok_or_else(not_found)?;
    let mut accepted = assessment::accepted(cx.tx(), &subject.area, &subject.form, subject.period).await?;
    accepted.retain(|version| version.level.is_some_and(|by| by >= level));
    let lines: Vec<String> = accepted.iter().map(|one| format!("{} {}", one.report, one.versions)).collect();
    let reports = u64::try_from(accepted.len()).unwrap_or(u64::MAX);
    Ok((reports, youju_journal::sha256(lines.join("\n").as_bytes()).to_string()))
}

/// What is accepted now, and what every declared item, or the only one asked for, gives on it. The actor sees the whole that the area is a part of, or this
/// is not found.
pub(super) async fn now(app: &App, actor: &Actor, subject: &Subject, only: Option<&str>) -> Result<Snapshot> {
    let (reports, fingerprint) = app.read(None, async |cx| basis(cx, subject).await).await?;
    let measured = measured(app, actor, subject, only).await?;
    Ok(Snapshot { reports, fingerprint, measured, judgements: BTreeMap::new() })
}

/// Sums of the figures of one form over an area and period.
type Found = BTreeMap<CellId, Sum>;

async fn measured(app: &App, actor: &Actor, subject: &Subject, only: Option<&str>) -> Result<Vec<Measured>> {
    let declared = app.programme_of(&subject.form)?.assessment(&subject.form);
    let items: Vec<&Item> = declared.filter(|item| only.is_none_or(|only| item.rule.id == only)).collect();
    let needs = |what: fn(Compare) -> bool| items.iter().any(|item| what(item.rule.compare));
    let level = level_of(&subject.area).ok_or_else(not_found)?;
    let whole = area::above(&subject.area).ok_or_else(not_found)?;
    let figures: Vec<&Figure> =
        items.iter().flat_map(|item| std::iter::once(&item.figure).chain(&item.other)).collect();
    let asking = Asking { app, actor, level, figures: &figures };
    let before = subject.period.previous_in(app.form(&subject.form)?.period_kind());
    let of_whole = if needs(Compare::needs_whole) {
        asking.sums(&subject.form, subject.period, whole).await?
    } else {
        Found::new()
    };
    let of_before = if needs(|compare| compare == Compare::WithBefore) {
        asking.sums(&subject.form, before, subject.area).await?
    } else {
        Found::new()
    };
    let forms: BTreeSet<&str> = figures.iter().map(|figure| figure.form.as_str()).collect();
    let mut here: BTreeMap<&str, Found> = BTreeMap::new();
    for form in forms {
        // Another form is compared by its period that ends with this one: the quarter with its last month.
        let period = if form == subject.form {
            Some(subject.period)
        } else {
            app.form(form)?.period_ending_with(subject.period)
        };
        if let Some(period) = period {
            here.insert(form, asking.sums(form, period, subject.area).await?);
        }
    }
    let found = |figure: &Figure| here.get(figure.form.as_str()).and_then(|sums| sums.get(&figure.cell)).copied();
    let one = |item: &&Item| {
        let sums = Sums {
            figure: found(&item.figure),
            other: item.other.as_ref().and_then(found),
            whole: of_whole.get(&item.figure.cell).copied(),
            before: of_before.get(&item.figure.cell).copied(),
        };
        measure(&item.rule, &names(item), &sums)
    };
    Ok(items.iter().map(one).collect())
}

/// What figures are called; one of another form is named with its form.
fn names(item: &Item) -> Names {
    let name = |figure: &Figure| {
        let label =
            if figure.form == item.form { figure.label.clone() } else { format!("{} {}", figure.form, figure.label) };
        (label, figure.measure.label().to_owned())
    };
    Names { figure: name(&item.figure), other: item.other.as_ref().map(name).unwrap_or_default() }
}

struct Asking<'a> {
    app: &'a App,
    actor: &'a Actor,
    level: Level,
    figures: &'a [&'a Figure],
}

impl Asking<'_> {
    async fn sums(&self, form: &str, period: Period, area: AreaCode) -> Result<Found> {
        let cells: BTreeMap<&CellId, &Figure> =
            self.figures.iter().filter(|figure| figure.form == form).map(|figure| (&figure.cell, *figure)).collect();
        let summed = |figure: &&Figure| Summed { cell: figure.cell.clone(), last_year: figure.last_year.clone() };
        let request = TotalsRequest {
            key: FrameKey { form: form.to_owned(), period },
            area,
            level: self.level,
            cells: cells.values().map(summed).collect(),
            by: Grouping::County,
        };
        let rows = totals(self.app, self.actor.clone(), request).await?;
        let Some(all) = rows.into_iter().find(|row| row.group.is_empty()) else { return Ok(Found::new()) };
        let units = all.units;
        Ok(cells.keys().zip(all.sums).map(|(cell, sum)| ((*cell).clone(), Sum { units, cell: sum })).collect())
    }
}
