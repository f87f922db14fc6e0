//! What belongs on a check list now: computed from reports, queries and attachments, in words.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::attachment::Attachment;
use youju_domain::check_list::{Proposed, Provision, Span, Subject};
use youju_domain::id::ReportId;
use youju_domain::query::Query;
use youju_domain::report::Report;
use youju_domain::survey::Window;
use youju_programme::{CheckListRule, Form, RowCell};
use youju_store::check_list::Held;
use youju_store::{attachment, check_list as store};

use super::evidence;
use crate::context::Cx;
use crate::error::Result;

/// Everything that a list is made of.
pub(super) struct Seen {
    pub held: Vec<Held>,
    papers: BTreeMap<ReportId, Vec<Attachment>>,
    queries: Vec<Query>,
}

/// Reads what the lists of a county are made of.
pub(super) async fn see(cx: &mut Cx<'_>, window: &Window, area: &AreaCode) -> Result<Seen> {
    let scope = youju_domain::access::Scope::Area(*area);
    Ok(Seen {
        held: store::reports(cx.tx(), window.id, area).await?,
        papers: evidence::by_report(attachment::of_window(cx.tx(), window.id, &scope).await?),
        queries: store::open_queries(cx.tx(), window.id, area).await?,
    })
}

impl Seen {
    /// The version that a report has by now.
    pub fn version(&self, report: ReportId) -> Option<u32> {
        self.held.iter().find(|held| held.report.id == report).map(|held| held.report.versions)
    }

    /// What belongs on the list of a span, in the order of the units; for each, how its material stands. What was handed in or
    /// asked after the span was over belongs on a later list.
    pub fn proposed(
        &self,
        rule: &CheckListRule,
        form: &Form,
        span: Span,
        now: Instant,
    ) -> (Vec<Proposed>, BTreeMap<Subject, Provision>) {
        let (mut all, mut provisions) = (Vec::new(), BTreeMap::new());
        for held in &self.held {
            let mut found = OfReport { held, entries: Vec::new() };
            if rule.queries {
                self.queries_of(rule, form, span, &mut found);
            }
            let is_in = held.report.state.is_reported();
            if is_in && held.report.submitted_at.is_some_and(|at| at < span.ends_at()) {
                large(rule, form, &mut found);
                let papers = self.papers.get(&held.report.id).map(Vec::as_slice).unwrap_or_default();
                for owed in evidence::judge(rule, form, &held.report, papers, now) {
                    if owed.provision.is_owed() {
                        let reason = format!("支撑材料{}", owed.provision.label());
                        found.say(owed.subject.row.clone(), &owed.name, reason);
                    }
                    provisions.insert(owed.subject, owed.provision);
                }
            }
            all.extend(found.entries);
        }
        (all, provisions)
    }

    fn queries_of(&self, rule: &CheckListRule, form: &Form, span: Span, found: &mut OfReport<'_>) {
        let report = &found.held.report;
        let is_about = |query: &&Query| query.report == report.id && query.asked_at < span.ends_at();
        let mut counts: BTreeMap<Option<(String, String)>, usize> = BTreeMap::new();
        for query in self.queries.iter().filter(is_about) {
            for about in rows_of(rule, form, report, query) {
                *counts.entry(about).or_default() += 1;
            }
        }
        for (about, count) in counts {
            let (row, name) = about.map_or((None, String::new()), |(key, name)| (Some(key), name));
            found.say(row, &name, format!("有未办结查询 {count} 条"));
        }
    }
}

/// The rows that a query is about, by key and name; the report as a whole where it names no row.
fn rows_of(rule: &CheckListRule, form: &Form, report: &Report, query: &Query) -> BTreeSet<Option<(String, String)>> {
    let rows = evidence::rows(rule, form, &report.cells);
    let row = |cell| {
        let (list, rows) = rows.as_ref()?;
        let at = RowCell::parse(cell).filter(|at| at.list == list.id)?;
        let row = rows.iter().find(|row| row.number == at.number)?;
        Some((row.key.clone(), row.name.clone()))
    };
    let named: BTreeSet<_> = query.cells.iter().map(row).collect();
    if named.is_empty() { BTreeSet::from([None]) } else { named }
}

fn large(rule: &CheckListRule, form: &Form, found: &mut OfReport<'_>) {
    let cells = &found.held.report.cells;
    match evidence::rows(rule, form, cells) {
        Some((list, rows)) => {
            for row in rows {
                if let Some(reason) = evidence::large(rule, form, cells, Some((list, row.number))) {
                    found.say(Some(row.key), &row.name, reason);
                }
            }
        }
        None => {
            if let Some(reason) = evidence::large(rule, form, cells, None) {
                found.say(None, "", reason);
            }
        }
    }
}

/// The entries of one report as they are gathered.
struct OfReport<'s> {
    held: &'s Held,
    entries: Vec<Proposed>,
}

impl OfReport<'_> {
    /// One more reason; every subject stands there once.
    fn say(&mut self, row: Option<String>, name: &str, reason: String) {
        let subject = Subject { report: self.held.report.id, row };
        match self.entries.iter_mut().find(|entry| entry.subject == subject) {
            Some(entry) => entry.reasons.push(reason),
            None => self.entries.push(about(self.held, subject, name, vec![reason])),
        }
    }
}

/// An entry about a report or one of its rows.
pub(super) fn about(held: &Held, subject: Subject, name: &str, reasons: Vec<String>) -> Proposed {
    let (unit, version) = (held.unit_name.clone(), held.report.versions);
    Proposed { subject, unit, name: name.to_owned(), version, reasons }
}
