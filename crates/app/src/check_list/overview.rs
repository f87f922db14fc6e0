//! Who has handed in which check list: days by counties, as a file, and what stands in the inboxes of county and city.

use std::collections::{BTreeMap, BTreeSet};

use youju_codes::AreaCode;
use youju_codes::area::AreaLevel;
use youju_domain::access::{Action, Object, Role};
use youju_domain::check_list::{CheckList, DataQuality, Entry, PaperQuality, Span, Standing};
use youju_domain::id::WindowId;
use youju_domain::survey::{Window, print_instant};
use youju_programme::CheckListRule;
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::check_list as store;

use super::{county_of, not_found, rule_of};
use crate::context::{App, Cx};
use crate::error::{Fault, Result};
use crate::survey;

/// Days by counties.
pub struct Overview {
    /// The window.
    pub window: Window,
    /// What is declared.
    pub rule: CheckListRule,
    /// The counties in which units report.
    pub counties: Vec<AreaCode>,
    /// One per day or week, the oldest first.
    pub rows: Vec<Row>,
}

/// A day or week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub span: Span,
    /// One per county, in the same order.
    pub places: Vec<Place>,
}

/// A county on a day or in a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it stands.
    pub standing: Standing,
    /// The lists that were handed in, the first one first.
    pub lists: Vec<CheckList>,
}

impl Place {
    /// The entries of the last list.
    pub fn entries(&self) -> &[Entry] {
        self.lists.last().map(|list| list.entries.as_slice()).unwrap_or_default()
    }

    /// Entries of the last list whose data are doubted or wrong.
    pub fn doubtful(&self) -> usize {
        let is_doubtful = |entry: &&Entry| entry.word.as_ref().is_some_and(|word| word.data != DataQuality::Good);
        self.entries().iter().filter(is_doubtful).count()
    }

    /// Entries of the last list whose papers are not complete.
    pub fn incomplete(&self) -> usize {
        let lacks = |entry: &&Entry| entry.word.as_ref().is_some_and(|word| word.papers != PaperQuality::Complete);
        self.entries().iter().filter(lacks).count()
    }

    /// Entries of the last list without a note.
    pub fn unnoted(&self) -> usize {
        self.entries().iter().filter(|entry| entry.left.is_some()).count()
    }
}

/// Days by counties, within the actor's area. Townships do not write lists and do not see them.
pub async fn overview(cx: &mut Cx<'_>, window: WindowId) -> Result<Overview> {
    let window = survey::get(cx, window).await?;
    let area = county_of(survey::narrower(&window.area, &cx.actor()?.area));
    cx.allow(Action::View, Object::Area(&area))?;
    let rule = rule_of(cx.app(), &window.form).filter(|_| window.opened_at.is_some());
    let rule = rule.cloned().ok_or_else(not_found)?;
    let mut counties: BTreeSet<AreaCode> = store::counties(cx.tx(), window.id, &area).await?.into_iter().collect();
    let mut found: BTreeMap<(Span, AreaCode), Vec<CheckList>> = BTreeMap::new();
    for list in store::of_window(cx.tx(), window.id, &area).await? {
        counties.insert(list.area);
        found.entry((list.span, list.area)).or_default().push(list);
    }
    let mut spans: BTreeSet<Span> = Span::of_window(rule.every, &window.times).into_iter().collect();
    spans.extend(found.keys().map(|(span, _)| *span));
    let now = cx.now();
    let mut place = |span: Span, county: &AreaCode| {
        let lists = found.remove(&(span, *county)).unwrap_or_default();
        let first = lists.first().and_then(|list| list.handed.as_ref()).map(|handed| handed.at);
        Place { standing: Standing::of(span, first, now), lists }
    };
    let rows = spans.into_iter().map(|span| {
        let places = counties.iter().map(|county| place(span, county)).collect();
        Row { span, places }
    });
    let rows = rows.collect();
    Ok(Overview { window, rule, counties: counties.into_iter().collect(), rows })
}

fn name_of(area: &AreaCode) -> String {
    youju_codes::area::name(area).unwrap_or(area.as_str()).to_owned()
}

/// The head of the file.
const COLUMNS: [&str; 14] = [
    "报告日(周)",
    "县(市、区)",
    "状态",
    "上报时间",
    "上报人",
    "第几次",
    "单位",
    "项目",
    "列入原因",
    "数据质量",
    "资料质量",
    "处理措施",
    "沿用",
    "未核实原因",
];

/// Every entry of every list that was handed in, supplements included; a line too for what is owed and not there. The name of
/// the file, and its content.
pub fn csv(overview: &Overview) -> Result<(String, Vec<u8>)> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in &overview.rows {
        for (county, place) in overview.counties.iter().zip(&row.places) {
            let head = vec![row.span.key(), name_of(county), place.standing.label().to_owned()];
            if place.lists.is_empty() {
                lines.push(head.clone());
            }
            for list in &place.lists {
                lines.extend(list_lines(&head, list));
            }
        }
    }
    let rows = lines.into_iter().map(|mut line| {
        line.resize(COLUMNS.len(), String::new());
        line.iter().map(|text| CellOut::from(text.as_str())).collect::<Vec<_>>()
    });
    let columns = COLUMNS.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows })
        .map_err(|error| Fault::new("writing check lists", error))?;
    let window = &overview.window;
    let name = format!("核实清单 {} {}.csv", window.form, window.period.label());
    Ok((name.replace(['/', '\\'], "_"), file))
}

fn list_lines(head: &[String], list: &CheckList) -> Vec<Vec<String>> {
    let (at, by) = list.handed.as_ref().map_or_else(Default::default, |one| (print_instant(one.at), one.name.clone()));
    let begin = || [head.to_vec(), vec![at.clone(), by.clone(), list.number.to_string()]].concat();
    if list.entries.is_empty() {
        let none = format!("{}无重点项目", list.span.every().present());
        return vec![[begin(), vec![String::new(), String::new(), none]].concat()];
    }
    let entry = |entry: &Entry| {
        let mut line = begin();
        line.extend([entry.about.unit.clone(), entry.about.name.clone(), why(entry)]);
        match &entry.word {
            Some(word) => line.extend([
                word.data.label().to_owned(),
                word.papers.label().to_owned(),
                word.measure.clone(),
                word.carried_from.map(Span::label).unwrap_or_default(),
            ]),
            None => line.extend(vec![String::new(); 4]),
        }
        line.push(entry.left.clone().unwrap_or_default());
        line
    };
    list.entries.iter().map(entry).collect()
}

/// Why an entry stands on a list, in one line.
fn why(entry: &Entry) -> String {
    let added = entry.added.iter().map(|reason| format!("人工加入:{reason}"));
    entry.about.reasons.iter().cloned().chain(added).collect::<Vec<_>>().join(";")
}

/// A list that the actor's county owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The window.
    pub window: Window,
    /// The county.
    pub area: AreaCode,
    /// The day or week.
    pub span: Span,
    /// 待报 or 未报.
    pub standing: Standing,
}

fn forms(app: &App) -> Vec<&str> {
    let rules = app.programmes().values().flat_map(youju_programme::Programme::check_lists);
    rules.flat_map(|rule| &rule.forms).map(String::as_str).collect()
}

/// The lists that a county still owes, what is overdue first; until they are handed in or the window is locked.
pub async fn due(cx: &mut Cx<'_>) -> Result<Vec<Due>> {
    let actor = cx.actor()?.clone();
    if actor.role != Role::CountyOfficer {
        return Ok(Vec::new());
    }
    let mut owed = owed(cx, &actor.area).await?;
    owed.sort_by_key(|due| (due.standing != Standing::Missing, due.span.first()));
    Ok(owed)
}

/// A window with the counties that have not handed in lists of past days or weeks: how many each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// The window.
    pub window: Window,
    /// Counties with how many lists are missing.
    pub counties: Vec<(AreaCode, usize)>,
}

/// What counties below the actor's city or province have not handed in.
pub async fn lacking(cx: &mut Cx<'_>) -> Result<Vec<Lacking>> {
    let actor = cx.actor()?.clone();
    if !matches!(actor.role, Role::CityOfficer | Role::ProvinceOfficer) {
        return Ok(Vec::new());
    }
    let mut found: Vec<Lacking> = Vec::new();
    for due in owed(cx, &actor.area).await? {
        if due.standing != Standing::Missing {
            continue;
        }
        if found.last().is_none_or(|last| last.window.id != due.window.id) {
            found.push(Lacking { window: due.window, counties: Vec::new() });
        }
        let Some(last) = found.last_mut() else { continue };
        match last.counties.iter_mut().find(|(area, _)| *area == due.area) {
            Some((_, count)) => *count += 1,
            None => last.counties.push((due.area, 1)),
        }
    }
    Ok(found)
}

/// Every list within an area that may be handed in and is not: window by window, county by county.
async fn owed(cx: &mut Cx<'_>, area: &AreaCode) -> Result<Vec<Due>> {
    let (app, now) = (cx.app(), cx.now());
    let mut found = Vec::new();
    for window in store::windows(cx.tx(), &forms(app)).await? {
        let touches = window.area.contains(area) || area.contains(&window.area);
        let Some(rule) = rule_of(app, &window.form).filter(|_| touches) else { continue };
        let within = survey::narrower(&window.area, area);
        // Beside every page of a county stands how many lists it owes: its units are not counted for that.
        let counties = match county_of(within) {
            county if county.level() != AreaLevel::County => store::counties(cx.tx(), window.id, &within).await?,
            county if store::is_reported_in(cx.tx(), window.id, &county).await? => vec![county],
            _ => Vec::new(),
        };
        let handed: BTreeSet<(AreaCode, Span)> =
            store::handed_in(cx.tx(), window.id, &county_of(within)).await?.into_iter().collect();
        let spans = Span::of_window(rule.every, &window.times);
        for county in counties {
            for span in spans.iter().filter(|span| !handed.contains(&(county, **span))) {
                let standing = Standing::of(*span, None, now);
                if standing.is_owed() {
                    found.push(Due { window: window.clone(), area: county, span: *span, standing });
                }
            }
        }
    }
    Ok(found)
}
