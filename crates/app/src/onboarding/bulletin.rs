//! Bulletin 辅导服务通报 of a month, and the follow-up of first reports 首报跟踪. Both are computed when somebody looks; every number leads to
//! its units.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use youju_codes::{AreaCode, area};
use youju_domain::Problem;
use youju_domain::id::UnitId;
use youju_domain::onboarding::{
    Coverage, Entry, First, FirstCount, Handed, Month, Standing, Verdict, coverage, part_of,
};
use youju_domain::survey::{print_instant, starts};
use youju_domain::{Instant, register};
use youju_sheet::{CellOut, ColumnOut, Table, write_csv};
use youju_store::onboarding as store;

use super::{is_overdue, part};
use crate::context::Cx;
use crate::error::{Fault, Result};
use crate::organisation::today;

/// Which units a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// 应辅导.
    Owed,
    /// 全部完成.
    Complete,
    /// 有逾期.
    Overdue,
    /// 期限未到.
    Running,
    /// 已退出.
    Left,
}

impl Sort {
    /// All of them.
    pub const ALL: [Sort; 5] = [Sort::Owed, Sort::Complete, Sort::Overdue, Sort::Running, Sort::Left];

    /// The name in an address.
    pub fn key(self) -> &'static str {
        match self {
            Sort::Owed => "owed",
            Sort::Complete => "complete",
            Sort::Overdue => "overdue",
            Sort::Running => "running",
            Sort::Left => "left",
        }
    }

    /// Reads [`Sort::key`].
    pub fn from_key(key: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Sort::Owed => "应辅导",
            Sort::Complete => "全部完成",
            Sort::Overdue => "有逾期未办",
            Sort::Running => "期限未到",
            Sort::Left => "已退出",
        }
    }

    /// True for a unit that the number counts.
    pub fn has(self, entry: &Entry, on: NaiveDate) -> bool {
        let (is_complete, is_late) = (entry.one.is_complete(on), is_overdue(&entry.one, on));
        match self {
            Sort::Left => !entry.is_listed,
            _ if !entry.is_listed => false,
            Sort::Owed => true,
            Sort::Complete => is_complete,
            Sort::Overdue => !is_complete && is_late,
            Sort::Running => !is_complete && !is_late,
        }
    }
}

/// How an item stands with the units that a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// 已办, in time or late.
    Done,
    /// 还没有办, whether its term still runs or not.
    Lacking,
    /// 逾期未办.
    Overdue,
    /// 期限未到.
    Due,
}

impl Which {
    /// All of them.
    pub const ALL: [Which; 4] = [Which::Done, Which::Lacking, Which::Overdue, Which::Due];

    /// The name in an address.
    pub fn key(self) -> &'static str {
        match self {
            Which::Done => "done",
            Which::Lacking => "lacking",
            Which::Overdue => "overdue",
            Which::Due => "due",
        }
    }

    /// Reads [`Which::key`].
    pub fn from_key(key: &str) -> Option<Which> {
        Which::ALL.into_iter().find(|which| which.key() == key)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Which::Done => "已办",
            Which::Lacking => "还没有办",
            Which::Overdue => "逾期未办",
            Which::Due => "期限未到",
        }
    }

    /// True for an item that stands so.
    pub fn has(self, standing: Standing) -> bool {
        match self {
            Which::Done => standing.is_done(),
            Which::Lacking => !standing.is_done(),
            Which::Overdue => standing == Standing::Overdue,
            Which::Due => standing == Standing::Due,
        }
    }
}

/// A line of a bulletin: the whole area, a county, a township.
#[derive(Debug, Clone)]
pub struct Line {
    /// The area; of a code that no list has, as far as it is known.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// Who entered in the month.
    pub month: Coverage,
    /// Who entered since the year began.
    pub year: Coverage,
    /// First reports of those who entered since the year began.
    pub first: FirstCount,
}

/// Bulletin 通报 of a month.
#[derive(Debug, Clone)]
pub struct Bulletin {
    /// The month.
    pub month: Month,
    /// The day on which it counts.
    pub on: NaiveDate,
    /// The area.
    pub area: AreaCode,
    /// Its name.
    pub name: String,
    /// The whole first, then its parts by code.
    pub lines: Vec<Line>,
    /// Who lacks something that is overdue, of the year.
    pub overdue: Vec<Entry>,
    /// The text for the notice, generated from the figures.
    pub text: Vec<String>,
}

/// The bulletin of an area and month. Later months cannot be told yet.
pub async fn bulletin(cx: &mut Cx<'_>, of: Option<AreaCode>, month: Option<Month>) -> Result<Bulletin> {
    let area = part(cx, of)?;
    let today = today(cx);
    let month = month.unwrap_or_else(|| Month::of(today));
    if month.first_day() > today {
        let reason = format!("{}还没有到,不能通报。", month.label());
        return Err(Problem::BadInput { reason }.into());
    }
    let on = month.counts_on(today);
    let year = (month.year_begins(), on);
    let entries = store::entries(cx.tx(), &area, year).await?;
    let reports = store::reports(cx.tx(), &area, year).await?;
    // Until the next day begins: a month is told as it ended.
    let end = starts(on.succ_opt().unwrap_or(on)).min(cx.now());
    let firsts = count_firsts(&area, &entries, &first_of_each(reports), end);
    let of_month = coverage(&area, &entries, (month.first_day(), on), on);
    let of_year = coverage(&area, &entries, year, on);
    let lines: Vec<Line> = of_year
        .into_iter()
        .map(|(part, year)| {
            let code = if part.is_empty() { area } else { AreaCode::parse(&part).unwrap_or(area) };
            Line {
                name: name_of(&code),
                area: code,
                month: of_month.get(&part).cloned().unwrap_or_default(),
                first: firsts.get(&part).copied().unwrap_or_default(),
                year,
            }
        })
        .collect();
    let overdue = entries.into_iter().filter(|entry| Sort::Overdue.has(entry, on)).collect();
    let name = name_of(&area);
    let text = words(&name, month, on, &lines);
    Ok(Bulletin { month, on, area, name, lines, overdue, text })
}

fn name_of(code: &AreaCode) -> String {
    area::name(code).unwrap_or(code.as_str()).to_owned()
}

fn first_of_each(reports: Vec<Handed>) -> BTreeMap<UnitId, First> {
    let mut all: BTreeMap<UnitId, Vec<Handed>> = BTreeMap::new();
    for report in reports {
        all.entry(report.unit).or_default().push(report);
    }
    all.into_iter().map(|(unit, reports)| (unit, First::of(reports))).collect()
}

fn count_firsts(
    of: &AreaCode,
    entries: &[Entry],
    firsts: &BTreeMap<UnitId, First>,
    now: Instant,
) -> BTreeMap<String, FirstCount> {
    let mut counts: BTreeMap<String, FirstCount> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_listed) {
        for report in firsts.get(&entry.one.unit).into_iter().flat_map(|first| &first.reports) {
            counts.entry(String::new()).or_default().add(report, now);
            counts.entry(part_of(of, &entry.area)).or_default().add(report, now);
        }
    }
    counts
}

/// `12.5%` of a part, or that there is none.
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (part * 1_000 + whole / 2) / whole;
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The text of a bulletin. It says what was counted, on which day, and who is behind; nothing that the figures do not say.
fn words(name: &str, month: Month, on: NaiveDate, lines: &[Line]) -> Vec<String> {
    let Some((whole, parts)) = lines.split_first() else { return Vec::new() };
    let (this, year) = (&whole.month, &whole.year);
    let mut text = vec![format!("{name}{}新入库单位“四个一”辅导服务情况通报", month.label())];
    text.push(format!(
        "截至{on},{name}{}新纳入统计调查单位 {} 家,完成全部辅导事项 {} 家,覆盖率 {}。年初以来新纳入 {} 家,完成 {} 家,覆盖率 {};有逾期未办的 {} 家,期限未到的 {} 家。",
        month.label(), this.owed, this.complete, share(this.complete, this.owed), year.owed, year.complete,
        share(year.complete, year.owed), year.overdue, year.running
    ));
    let items: Vec<String> = year
        .items
        .iter()
        .map(|(item, count)| format!("{item} {}/{}({})", count.done, count.owed(), share(count.done, count.owed())))
        .collect();
    if !items.is_empty() {
        text.push(format!("年初以来分事项:{}。", items.join(";")));
    }
    let first = whole.first;
    text.push(format!(
        "年初以来新入库单位首次报表应报 {} 份,按时上报 {} 份({}),已验收 {} 份,其中及时准确 {} 份。",
        first.due,
        first.on_time,
        share(first.on_time, first.due),
        first.accepted,
        first.clean
    ));
    let behind: Vec<String> = parts
        .iter()
        .filter(|line| line.year.overdue > 0)
        .map(|line| format!("{}({} 家)", line.name, line.year.overdue))
        .collect();
    if behind.is_empty() {
        text.push("没有逾期未办的单位。".to_owned());
    } else {
        text.push(format!("有逾期未办的:{}。请按期补办,并在系统中登记佐证材料。", behind.join("、")));
    }
    text
}

/// The bulletin as CSV: a line for each part.
pub fn bulletin_csv(told: &Bulletin) -> Result<(String, Vec<u8>)> {
    let names = [
        "区划代码",
        "地区",
        "本月新入库",
        "本月全部完成",
        "本月覆盖率",
        "本年新入库",
        "本年全部完成",
        "本年覆盖率",
        "本年有逾期",
        "本年期限未到",
        "首报应报份数",
        "首报按时",
        "首报已验收",
        "首报及时准确",
    ];
    let rows = told.lines.iter().map(|line| {
        let (month, year, first) = (&line.month, &line.year, line.first);
        let count = |number: u64| number.to_string();
        [
            line.area.as_str().to_owned(),
            line.name.clone(),
            count(month.owed),
            count(month.complete),
            share(month.complete, month.owed),
            count(year.owed),
            count(year.complete),
            share(year.complete, year.owed),
            count(year.overdue),
            count(year.running),
            count(first.due),
            count(first.on_time),
            count(first.accepted),
            count(first.clean),
        ]
        .map(CellOut::Text)
        .to_vec()
    });
    let content = table(&names, rows.collect())?;
    Ok((format!("{}{}辅导服务通报.csv", told.name, told.month.label()), content))
}

fn table(names: &[&str], rows: Vec<Vec<CellOut>>) -> Result<Vec<u8>> {
    let columns = names.iter().map(|name| ColumnOut::new(name)).collect();
    let mut file = Vec::new();
    write_csv(&mut file, Table { title: String::new(), columns, rows: rows.into_iter() })
        .map_err(|error| Fault::new("writing a bulletin", error))?;
    Ok(file)
}

/// A first report with its unit.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The unit.
    pub entry: Entry,
    /// The report; none while no window asks the unit.
    pub report: Option<Handed>,
}

/// Which first reports are asked for: those that a number of a bulletin counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// 应报: whose deadline has passed, or that are in.
    Due,
    /// 按时.
    OnTime,
    /// 已验收.
    Accepted,
    /// One verdict.
    Is(Verdict),
}

impl Only {
    /// The choices of a page, each with its name in an address.
    pub const ALL: [(&str, Only); 9] = [
        ("due", Only::Due),
        ("on_time", Only::OnTime),
        ("accepted", Only::Accepted),
        ("clean", Only::Is(Verdict::Clean)),
        ("mended", Only::Is(Verdict::Mended)),
        ("returned", Only::Is(Verdict::Returned)),
        ("handed", Only::Is(Verdict::Handed)),
        ("overdue", Only::Is(Verdict::Overdue)),
        ("waiting", Only::Is(Verdict::Waiting)),
    ];

    /// Reads the name in an address.
    pub fn from_key(key: &str) -> Option<Only> {
        Only::ALL.into_iter().find(|(known, _)| *known == key).map(|(_, only)| only)
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Only::Due => "应报",
            Only::OnTime => "按时上报",
            Only::Accepted => "已验收",
            Only::Is(verdict) => verdict.label(),
        }
    }

    fn has(self, report: &Handed, now: Instant) -> bool {
        let verdict = report.verdict(now);
        match self {
            Only::Due => verdict != Verdict::Waiting,
            Only::OnTime => report.submitted_at.is_some() && !report.is_late,
            Only::Accepted => matches!(verdict, Verdict::Clean | Verdict::Mended),
            Only::Is(one) => verdict == one,
        }
    }
}

/// The first reports of the new units of an area that entered between two days; some of them, if they are asked for.
pub async fn first_reports(
    cx: &mut Cx<'_>,
    of: Option<AreaCode>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    only: Option<Only>,
) -> Result<Vec<Followed>> {
    let area = part(cx, of)?;
    let (today, now) = (today(cx), cx.now());
    let span = (from.unwrap_or_else(register::beginning), to.unwrap_or(today));
    let entries = store::entries(cx.tx(), &area, span).await?;
    let firsts = first_of_each(store::reports(cx.tx(), &area, span).await?);
    let mut all = Vec::new();
    for entry in entries.into_iter().rev().filter(|entry| entry.is_listed) {
        match firsts.get(&entry.one.unit) {
            None => all.push(Followed { entry, report: None }),
            Some(first) => all.extend(
                first.reports.iter().map(|report| Followed { entry: entry.clone(), report: Some(report.clone()) }),
            ),
        }
    }
    all.retain(|one| only.is_none_or(|only| one.report.as_ref().is_some_and(|report| only.has(report, now))));
    Ok(all)
}

/// The same as CSV.
pub fn first_reports_csv(all: &[Followed], now: Instant) -> Result<(String, Vec<u8>)> {
    let names =
        ["统一社会信用代码", "单位", "区划代码", "纳入日期", "表号", "报告期", "截止", "首次上报", "结果", "说明"];
    let rows = all.iter().map(|one| {
        let report = one.report.as_ref();
        let told = |tell: &dyn Fn(&Handed) -> String| report.map(tell).unwrap_or_default();
        [
            one.entry.usci.clone(),
            one.entry.name.clone(),
            one.entry.area.as_str().to_owned(),
            one.entry.one.listed_on.to_string(),
            told(&|report| report.form.clone()),
            told(&|report| report.period.to_string()),
            told(&|report| print_instant(report.due_at)),
            told(&|report| report.submitted_at.map(print_instant).unwrap_or_default()),
            report.map_or("还没有要报的报表".to_owned(), |report| report.verdict(now).label().to_owned()),
            told(&Handed::remarks),
        ]
        .map(CellOut::Text)
        .to_vec()
    });
    Ok(("首报跟踪.csv".to_owned(), table(&names, rows.collect())?))
}
