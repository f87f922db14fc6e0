//! From what `linkage` says to entries of a run: which row belongs to which unit, what differs in the words of both, and the evidence.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::{Usci, area};
use youju_domain::id::UnitId;
use youju_domain::register::{Fact, Status, Unit};
use youju_domain::roster::{Band, Coverage, Difference, Found, Line, Pair, Report, Row, Sort, Standing, Verdict};
use youju_linkage::{
    Bands, Difference as Differs, Doubled, Field, Link, Linked, Lists, Model, Review, Side, Withdrawal, clusters,
    differing, explain, outcome, same_code,
};

use crate::crypto;

/// An entry to be written, as small as it can be held for millions.
pub(super) enum Todo {
    /// A row by itself.
    Row(u32),
    /// A unit by itself.
    Unit(u32),
    /// A unit and a row.
    Pair(Link, Band, Verdict),
    /// Two units.
    Double(Link, Band),
}

impl Todo {
    /// The number of its row.
    pub(super) fn row(&self) -> Option<i64> {
        match self {
            Todo::Row(row) => Some(number(*row)),
            Todo::Pair(link, ..) => Some(number(link.right)),
            Todo::Unit(_) | Todo::Double(..) => None,
        }
    }
}

/// Rows of a list are numbered from 1, without gaps.
fn number(row: u32) -> i64 {
    i64::from(row) + 1
}

/// The two sides of a link: whose list, and which row of it.
type Sides = ((Side, u32), (Side, u32));

/// Everything that a run found.
pub(super) struct Finding {
    pub(super) todo: Vec<Todo>,
    pub(super) report: Report,
    model: Model,
    coverage: Coverage,
}

fn report(compared: u64, bands: &Bands, notices: &[youju_linkage::Notice]) -> Report {
    let share = |share: f64| format!("{:.2}%", share * 100.0);
    let line = |bits: f64| if bits.is_finite() { format!("{bits:.1} 比特") } else { "(没有)".to_owned() };
    let bands = vec![
        format!("{} 以上直接认定,预计其中 {} 有误。", line(bands.accept), share(bands.wrong)),
        format!("{} 以下直接排除,预计遗漏应认定的 {}。", line(bands.reject), share(bands.missed)),
        "两者之间的,和两方代码都有效而不同的,由人复核。".to_owned(),
    ];
    let notices = notices.iter().map(youju_linkage::Notice::says).collect();
    Report { compared, bands, notices, ..Report::default() }
}

/// Entries of a matching with a list.
pub(super) fn from_match(lists: &Lists, linked: Linked, coverage: Coverage, standings: &[Standing]) -> Finding {
    let whole = match coverage {
        Coverage::Whole => youju_linkage::Coverage::Whole,
        Coverage::Part => youju_linkage::Coverage::Part,
    };
    let found = outcome(lists, &linked, whole);
    let is_gone = |link: &Link| {
        let row = usize::try_from(link.right).ok().and_then(|row| standings.get(row));
        row.is_some_and(|standing| standing.is_gone())
    };
    // What follows if a pair that somebody has to look at is one unit.
    let then = |link: &Link| match link {
        link if is_gone(link) => Verdict::Withdraw,
        // What the list has beside is no contradiction.
        link if differing(lists, link).iter().any(|differs| matches!(differs, Differs::Differs(..))) => Verdict::Amend,
        _ => Verdict::Agreed,
    };
    let coded = same_code(lists, &linked);
    let (rows, taken): (BTreeSet<u32>, BTreeSet<u32>) = coded.iter().map(|link| (link.right, link.left)).unzip();
    let mut todo: Vec<Todo> = coded.iter().map(|link| Todo::Pair(*link, Band::Review, then(link))).collect();
    for review in &found.review {
        let (link, band) = match review {
            Review::Uncertain(link) => (link, Band::Review),
            Review::Taken { lost, .. } => (lost, Band::Taken),
        };
        todo.push(Todo::Pair(*link, band, then(link)));
    }
    let amended = found.amend.iter().map(|amendment| amendment.link);
    todo.extend(amended.map(|link| Todo::Pair(link, Band::Accepted, then(&link))));
    for withdrawal in &found.withdraw {
        match withdrawal {
            Withdrawal::Closed(link) => todo.push(Todo::Pair(*link, Band::Accepted, Verdict::Withdraw)),
            Withdrawal::Absent(unit) if taken.contains(unit) => {}
            Withdrawal::Absent(unit) => todo.push(Todo::Unit(*unit)),
        }
    }
    todo.extend(found.enrol.iter().filter(|row| !rows.contains(row)).map(|row| Todo::Row(*row)));
    todo.extend(found.agreed.iter().map(|link| Todo::Pair(*link, Band::Accepted, Verdict::Agreed)));
    let report = report(linked.compared, &linked.bands, &linked.notices);
    Finding { todo, report, model: linked.training.model, coverage }
}

/// Entries of the register matched with itself.
pub(super) fn from_doubles(lists: &Lists, doubled: Doubled) -> Finding {
    let clusters = clusters(lists, Side::Register, &doubled);
    let held = clusters.clusters.iter().flat_map(|cluster| &cluster.links);
    let mut seen: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut todo = Vec::new();
    for link in held {
        seen.insert((link.left, link.right));
        todo.push(Todo::Double(*link, Band::Accepted));
    }
    // Bridges that were cut and what is less certain: somebody looks.
    let rest = doubled.links.iter().filter(|link| !seen.contains(&(link.left, link.right)));
    todo.extend(rest.map(|link| Todo::Double(*link, Band::Review)));
    let report = report(doubled.compared, &doubled.bands, &doubled.notices);
    Finding { todo, report, model: doubled.training.model, coverage: Coverage::Part }
}

/// The register's own texts of a unit: address, telephone, day.
pub(super) fn texts_of(unit: &Unit) -> [String; 3] {
    let fact = |fact: Fact| unit.details.get(fact).unwrap_or_default().to_owned();
    let first = |one: Fact, other: Fact| unit.details.get(one).or_else(|| unit.details.get(other)).unwrap_or_default();
    let (address, date) =
        (first(Fact::Address, Fact::RegisteredAddress), first(Fact::FoundedOn, Fact::OpenedOn).to_owned());
    // What is written begins with the place, or is told where it is.
    let place = area::path(&unit.area).replace(" › ", "");
    let is_whole = youju_linkage::address(address).place != 0;
    let address = if is_whole { address.to_owned() } else { format!("{place}{address}") };
    [address, fact(Fact::Phone), date]
}

/// The address of a row, with its township where that has a column of its own.
pub(super) fn address_of(row: &Row) -> String {
    let taken = &row.taken;
    let is_code = taken.town.chars().all(|c| c.is_ascii_digit());
    let is_said = taken.town.is_empty() || is_code || taken.address.contains(&taken.town);
    if is_said { taken.address.clone() } else { format!("{}{}", taken.town, taken.address) }
}

fn thousandths(bits: f64) -> i64 {
    // Far below what 64 bits hold: weights are at most thirty bits for each of twelve fields.
    let text = format!("{:.0}", bits * 1000.0);
    text.parse().unwrap_or_default()
}

impl Finding {
    /// The entries of a part of what was found, with the words of both sides.
    pub(super) fn found(
        &self,
        part: &[Todo],
        done: i64,
        (units, rows, lists): (&[Unit], &[Row], &Lists),
    ) -> Vec<Found> {
        let rows: BTreeMap<i64, &Row> = rows.iter().map(|row| (row.number, row)).collect();
        let numbered = (done + 1..).zip(part);
        numbered.filter_map(|(number, todo)| self.entry(number, todo, (units, &rows, lists))).collect()
    }

    fn entry(
        &self,
        at: i64,
        todo: &Todo,
        (units, rows, lists): (&[Unit], &BTreeMap<i64, &Row>, &Lists),
    ) -> Option<Found> {
        let unit_of = |row: u32| units.get(usize::try_from(row).ok()?);
        let bare = Pair {
            number: at,
            sort: Sort::Row,
            unit: None,
            other: None,
            row: None,
            band: Band::None,
            then: Verdict::Enrol,
            choice: None,
            verdict: Verdict::Enrol,
        };
        let alone = |pair, area| Found { pair, area, bits: 0, differences: Vec::new(), evidence: Vec::new() };
        Some(match todo {
            Todo::Row(row) => {
                let row = rows.get(&number(*row))?;
                alone(Pair { row: Some(row.number), ..bare }, row.area)
            }
            Todo::Unit(unit) => {
                let unit = unit_of(*unit).filter(|unit| !has_gone(unit))?;
                let follows = Verdict::Withdraw;
                let verdict = if self.coverage == Coverage::Whole { follows } else { Verdict::Nothing };
                alone(Pair { sort: Sort::Unit, unit: Some(unit.id), then: follows, verdict, ..bare }, unit.area)
            }
            Todo::Pair(link, band, then) => {
                let (unit, row) = (unit_of(link.left)?, rows.get(&number(link.right))?);
                let pair = Pair { sort: Sort::Pair, unit: Some(unit.id), row: Some(row.number), ..bare };
                let differences =
                    if *then == Verdict::Agreed { Vec::new() } else { differences(lists, link, unit, row) };
                let sides = ((Side::Register, link.left), (Side::List, link.right));
                self.pair(&Pair { band: *band, then: *then, ..pair }, unit, (link, lists, sides), differences)
            }
            Todo::Double(link, band) => {
                let (unit, other) = (unit_of(link.left)?, unit_of(link.right)?);
                let pair = Pair { sort: Sort::Double, unit: Some(unit.id), other: Some(other.id), ..bare };
                let sides = ((Side::Register, link.left), (Side::Register, link.right));
                let then = Verdict::Double;
                self.pair(&Pair { band: *band, then, ..pair }, unit, (link, lists, sides), between(unit, other))
            }
        })
    }

    fn pair(
        &self,
        pair: &Pair,
        unit: &Unit,
        (link, lists, (left, right)): (&Link, &Lists, Sides),
        differences: Vec<Difference>,
    ) -> Found {
        let verdict = if pair.band == Band::Accepted { pair.then } else { Verdict::Review };
        // Those that agree in everything are many, and nobody asks why.
        let mut evidence = Vec::new();
        if verdict != Verdict::Agreed {
            let told = explain(lists, &self.model, left, right);
            let lines = told.lines.into_iter().filter(|line| line.level > 0 || verdict == Verdict::Review);
            evidence.extend(lines.map(|line| Line { bits: thousandths(line.bits), says: line.says }));
            evidence.extend(link.rivals_say().map(|says| Line { bits: thousandths(-link.rivals), says }));
            evidence.push(Line { bits: thousandths(told.prior), says: told.says });
        }
        let (bits, area) = (thousandths(link.bits), unit.area);
        Found { pair: Pair { verdict, ..pair.clone() }, area, bits, differences, evidence }
    }
}

/// True when the register knows that a unit is there no more.
fn has_gone(unit: &Unit) -> bool {
    matches!(unit.status(), Status::Cancelled | Status::Revoked)
}

/// What a row says otherwise, in the words of both.
fn differences(lists: &Lists, link: &Link, unit: &Unit, row: &Row) -> Vec<Difference> {
    let fields: BTreeSet<&'static str> = differing(lists, link)
        .into_iter()
        .map(|differs| match differs {
            Differs::Differs(field, _) | Differs::Adds(field) => word(field),
        })
        .collect();
    let [address, phone, date] = texts_of(unit);
    let taken = &row.taken;
    let both = [
        ("代码", unit.usci.as_str().to_owned(), taken.code.clone()),
        ("名称", unit.name.clone(), taken.name.clone()),
        ("地址", address, address_of(row)),
        ("电话", phone, taken.phone.clone()),
        ("行业", unit.industry.code().to_owned(), taken.industry.clone()),
        ("成立日期", date, taken.opened.clone()),
    ];
    let stand = taken.standing.is_gone().then(|| Difference {
        what: "登记状态".to_owned(),
        ours: unit.status().label().to_owned(),
        theirs: taken.standing.label().to_owned(),
    });
    let differs = both.into_iter().filter(|(what, ..)| fields.contains(what));
    stand
        .into_iter()
        .chain(differs.map(|(what, ours, theirs)| Difference { what: what.to_owned(), ours, theirs }))
        .collect()
}

fn word(field: Field) -> &'static str {
    match field {
        Field::Code => "代码",
        Field::Name | Field::Trade | Field::Form | Field::Rank | Field::Branch => "名称",
        Field::Place | Field::Address => "地址",
        Field::Phone => "电话",
        Field::Person => "负责人",
        Field::Industry => "行业",
        Field::Date => "成立日期",
    }
}

/// In what two units of the register differ: those of two counties or two professions are told first.
fn between(unit: &Unit, other: &Unit) -> Vec<Difference> {
    let county = |unit: &Unit| {
        let all = unit.area.ancestors().into_iter().chain([unit.area]);
        let mut all = all;
        all.rfind(|area| area.level() == youju_codes::AreaLevel::County).unwrap_or(unit.area)
    };
    let place = |unit: &Unit| area::name(&county(unit)).unwrap_or_default().to_owned();
    let section = |unit: &Unit| unit.industry.section().name().to_owned();
    let both = [
        ("所在县", place(unit), place(other)),
        ("行业门类", section(unit), section(other)),
        ("代码", unit.usci.as_str().to_owned(), other.usci.as_str().to_owned()),
        ("名称", unit.name.clone(), other.name.clone()),
        (
            "地址",
            texts_of(unit).into_iter().next().unwrap_or_default(),
            texts_of(other).into_iter().next().unwrap_or_default(),
        ),
    ];
    let differs = both.into_iter().filter(|(_, ours, theirs)| ours != theirs);
    differs.map(|(what, ours, theirs)| Difference { what: what.to_owned(), ours, theirs }).collect()
}

/// The fingerprint after one more entry: ids are drawn anew in every installation, codes are not.
pub(super) fn sealed(before: &str, found: &Found, codes: &BTreeMap<UnitId, Usci>) -> String {
    let code = |id: Option<UnitId>| id.and_then(|id| codes.get(&id)).map_or("", Usci::as_str);
    let pair = &found.pair;
    let text = format!(
        "{before}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}\u{1f}{}",
        pair.sort.key(),
        code(pair.unit),
        code(pair.other),
        pair.row.unwrap_or_default(),
        found.bits,
        pair.band.key(),
        pair.then.key(),
    );
    crypto::sha256(text.as_bytes())
}
