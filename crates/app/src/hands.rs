//! Hands 经手 (倒查): every person who touched a figure, with time and act, from the file that it came in to the last acceptance;
//! and who answers for it at each step.

use std::collections::{BTreeMap, BTreeSet};

use youju_domain::access::Role;
use youju_domain::hands::{Responsible, Story, Touch, level, particulars, people, responsible};
use youju_domain::id::{BookId, ImportId, PersonId, RecordImportId, ReportId};
use youju_domain::note::Note;
use youju_domain::person::Person;
use youju_domain::register::Unit;
use youju_domain::report::{Cell, CellId, Cells, Derivation};
use youju_domain::survey::print_instant;
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::journal::{self, Entry};
use youju_store::{attachment, book, note, person, report};

use crate::context::Cx;
use crate::error::{Fault, Result};
use crate::lineage::find_cell;
use crate::report::{Open, open};

/// Everybody who touched a figure.
pub struct Hands {
    /// The report with its unit and window.
    pub open: Open,
    /// The cell's id.
    pub id: CellId,
    /// Its name.
    pub label: String,
    /// The cell; none when it was never filled.
    pub cell: Option<Cell>,
    /// Every act, oldest first.
    pub touches: Vec<Touch>,
    /// Who answers for what, as the report stands now.
    pub responsible: Vec<Responsible>,
}

impl Hands {
    /// How many persons there are.
    pub fn people(&self) -> usize {
        people(&self.touches)
    }
}

/// Everybody who touched a cell of a report, for those who may look at it. A unit does not see what only offices read.
pub async fn of_cell(cx: &mut Cx<'_>, id: ReportId, cell: &str) -> Result<Hands> {
    let open = open(cx, id).await?;
    let (id, label) = find_cell(cx, &open, cell)?;
    let mut seen = Seen { cell: id.clone(), unit: open.unit.clone(), people: BTreeMap::new(), touches: Vec::new() };
    sources(cx, &open, &mut seen).await?;
    story(cx, &open, &mut seen).await?;
    evidence(cx, &open, &mut seen).await?;
    let mut touches = seen.touches;
    touches.sort_by_key(|touch| touch.seq);
    let levels: Vec<_> = open.window.chain.links().iter().map(|link| link.level).collect();
    let signatures = (open.report.signed_by, open.report.authorised_by);
    Ok(Hands {
        responsible: responsible(&touches, signatures, &levels),
        cell: open.report.cells.get(&id).cloned(),
        open,
        id,
        label,
        touches,
    })
}

/// What has been gathered so far.
struct Seen {
    cell: CellId,
    unit: Unit,
    people: BTreeMap<PersonId, Option<Person>>,
    touches: Vec<Touch>,
}

impl Seen {
    /// Adds an entry of the journal, with the role of the person as the register of people has it.
    async fn add(&mut self, cx: &mut Cx<'_>, entry: &Entry, is_source: bool) -> Result<()> {
        let id = entry.actor_id.map(PersonId::new);
        if let Some(id) = id
            && !self.people.contains_key(&id)
        {
            self.people.insert(id, person::get(cx.tx(), id).await?);
        }
        let role = id.and_then(|id| self.people.get(&id)).and_then(Option::as_ref).map(|person| person.role);
        let office = match role {
            Some(role) if role.is_respondent() => self.unit.name.clone(),
            Some(role) => role.level().map_or("", |level| level.label()).to_owned(),
            None => String::new(),
        };
        self.touches.push(Touch {
            seq: entry.seq,
            at: entry.at,
            person: id,
            name: entry.actor_name.clone(),
            role: role.map_or("", Role::label).to_owned(),
            office,
            action: entry.action.clone(),
            level: level(&entry.action, &entry.payload),
            said: particulars(&entry.payload, &self.cell),
            is_internal: false,
            is_source,
        });
        Ok(())
    }

    async fn all(&mut self, cx: &mut Cx<'_>, object: (&str, String), is_source: bool) -> Result<()> {
        for entry in journal::of_object(cx.tx(), object.0, &object.1).await? {
            // Whoever only looked at a file has not touched the figure.
            if entry.action != "attachment.viewed" {
                self.add(cx, &entry, is_source).await?;
            }
        }
        Ok(())
    }
}

/// What a figure was taken from.
#[derive(Default)]
struct Origins {
    imports: BTreeSet<ImportId>,
    books: BTreeSet<BookId>,
    records: BTreeSet<RecordImportId>,
}

impl Origins {
    fn take(&mut self, cells: &Cells, id: &CellId) {
        if let Some(derivation) = cells.get(id).and_then(|cell| cell.derivation.as_ref()) {
            self.read(derivation);
        }
    }

    fn read(&mut self, derivation: &Derivation) {
        self.imports.extend(derivation.import);
        self.books.extend(&derivation.books);
        self.records.extend(derivation.record);
    }
}

/// Who brought what the figure was taken from, now and in every version: imports, the savings of a ledger that still stand in it,
/// and the records that it was gathered from.
async fn sources(cx: &mut Cx<'_>, open: &Open, seen: &mut Seen) -> Result<()> {
    let (mut now, mut before) = (Origins::default(), Origins::default());
    now.take(&open.report.cells, &seen.cell);
    for version in report::versions(cx.tx(), open.report.id).await? {
        before.take(&version.cells, &seen.cell);
    }
    for origins in [&mut now, &mut before] {
        let mut savings = BTreeSet::new();
        for id in origins.books.clone() {
            let Some(kept) = book::get(cx.tx(), id).await? else { continue };
            kept.cells
                .values()
                .filter_map(|cell| cell.derivation.as_ref())
                .for_each(|derivation| origins.read(derivation));
            let instants: BTreeSet<_> = kept.cells.values().map(|cell| cell.at).chain([kept.at]).collect();
            let versions = book::versions(cx.tx(), kept.unit, &kept.ledger, kept.period).await?;
            savings.extend(versions.into_iter().filter(|saved| instants.contains(&saved.at)).map(|saved| saved.id));
        }
        origins.books.extend(savings);
    }
    before.imports.retain(|id| !now.imports.contains(id));
    before.books.retain(|id| !now.books.contains(id));
    before.records.retain(|id| !now.records.contains(id));
    for (origins, is_source) in [(now, true), (before, false)] {
        for import in origins.imports {
            seen.all(cx, ("import", import.to_string()), is_source).await?;
        }
        for records in origins.records {
            seen.all(cx, ("record", records.to_string()), is_source).await?;
        }
        for book in origins.books {
            seen.all(cx, ("book", book.to_string()), is_source).await?;
        }
    }
    Ok(())
}

/// What happened to the cell in its report, and what was said about it.
async fn story(cx: &mut Cx<'_>, open: &Open, seen: &mut Seen) -> Result<()> {
    let id = open.report.id;
    let with_internal = cx.actor()?.role.is_officer();
    let notes = note::of_report(cx.tx(), id, with_internal).await?;
    let words: BTreeMap<String, &Note> = notes.iter().map(|note| (note.id.to_string(), note)).collect();
    let cell = seen.cell.clone();
    let mut story = Story::of(&cell);
    for entry in journal::of_object(cx.tx(), "report", &id.to_string()).await? {
        if !story.concerns(&entry.action, &entry.payload) {
            continue;
        }
        seen.add(cx, &entry, false).await?;
        let said = entry.payload.get("note").and_then(|note| note.as_str()).and_then(|note| words.get(note));
        if let (Some(note), Some(touch)) = (said, seen.touches.last_mut()) {
            touch.said.clone_from(&note.text);
        }
    }
    // Internal notes stand under objects of their own, because the unit reads the journal of its report.
    let internal = notes.iter().filter(|note| note.is_internal && note.cell.as_ref().is_none_or(|on| *on == cell));
    for note in internal {
        let first = seen.touches.len();
        seen.all(cx, ("note", note.id.to_string()), false).await?;
        for touch in seen.touches.iter_mut().skip(first) {
            touch.is_internal = true;
            touch.said.clone_from(&note.text);
        }
    }
    Ok(())
}

/// Who added or took away evidence for the cell itself.
async fn evidence(cx: &mut Cx<'_>, open: &Open, seen: &mut Seen) -> Result<()> {
    use youju_domain::attachment::Proves;
    let cell = seen.cell.clone();
    for one in attachment::of_report(cx.tx(), open.report.id, &cell).await? {
        if matches!(one.proves, Proves::Report(_, Some(_))) {
            seen.all(cx, ("attachment", one.id.to_string()), false).await?;
        }
    }
    Ok(())
}

/// The list as CSV for Excel, with the name of the file.
pub fn csv(hands: &Hands) -> Result<(String, Vec<u8>)> {
    let names = ["序号", "时间", "姓名", "身份", "单位或层级", "办理", "内容", "日志号"];
    let rows = (1u64..).zip(&hands.touches).map(|(number, touch)| {
        let texts = [&print_instant(touch.at), &touch.name, &touch.role, &touch.office, &touch.act(), &touch.said];
        let mut row = vec![CellOut::Number(number.into())];
        row.extend(texts.into_iter().map(|text| CellOut::from(text.as_str())));
        row.push(CellOut::Number(touch.seq.into()));
        row
    });
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing the people of a figure", error))?;
    let report = &hands.open.report;
    let name = format!("倒查 {} {} {}.csv", report.form, report.period.label(), hands.label);
    Ok((name.replace(['/', '\\'], "_"), file))
}
