//! Paper 纸介质: a report, or the blank form, as it is printed. `print` is behind the seam, plugged in by the program.

use youju_codes::Measure;
use youju_domain::Problem;
use youju_domain::access::Actor;
use youju_domain::id::{PersonId, ReportId, UnitId};
use youju_domain::paper::{ActivationLetter, Line, Paper, PaperList, Proof, SiteSheet};
use youju_domain::report::{Cells, Value, value_of};
use youju_domain::survey::local;
use youju_programme::{Form, List};
use youju_store::{journal, person, report};

use crate::context::{App, Cx};
use crate::error::{Error, Fault, Result};
use crate::look::{Marked, take_copy};
use crate::report::{Open, open};

/// Sets paper.
pub trait Printer: Send + Sync {
    /// The paper as a PDF file.
    fn pdf(&self, paper: &Paper) -> std::result::Result<Vec<u8>, Fault>;

    /// What was found on the spot, as a PDF file.
    fn site(&self, sheet: &SiteSheet) -> std::result::Result<Vec<u8>, Fault>;

    /// Letters as one PDF file, a page each.
    fn letters(&self, letters: &[ActivationLetter]) -> std::result::Result<Vec<u8>, Fault>;
}

/// Sets paper off the request's thread: it takes a while.
pub async fn pdf(app: &App, paper: Paper) -> Result<Vec<u8>> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.printer().pdf(&paper)).await;
    Ok(done.map_err(|error| Fault::new("setting paper", error))??)
}

/// Sets a site sheet off the request's thread.
pub async fn site(app: &App, sheet: SiteSheet) -> Result<Vec<u8>> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.printer().site(&sheet)).await;
    Ok(done.map_err(|error| Fault::new("setting a site sheet", error))??)
}

/// Sets letters off the request's thread.
pub(crate) async fn letters(app: &App, letters: Vec<ActivationLetter>) -> Result<Vec<u8>> {
    let app = app.clone();
    let done = tokio::task::spawn_blocking(move || app.printer().letters(&letters)).await;
    Ok(done.map_err(|error| Fault::new("setting letters", error))??)
}

/// A report on paper as somebody takes it, with the name of the file. The unit's own print is as the form orders it; whoever else takes a
/// copy is written down first, and the copy bears the mark.
pub async fn take(app: &App, actor: &Actor, id: ReportId) -> Result<(String, Paper)> {
    let (paper, unit) = app.read(Some(actor.clone()), async |cx| with_unit(cx, id).await).await?;
    let name = match paper.respondent.last() {
        Some((_, unit)) => format!("{} {unit} {}.pdf", paper.title, paper.period),
        None => format!("{}.pdf", paper.title),
    };
    if actor.role.is_respondent() {
        return Ok((name, paper));
    }
    let taken = take_copy(app, actor, Some(unit), &name).await?;
    Ok((taken.named(&name), marked(paper, &taken)))
}

/// The mark stands behind the figures in pale letters, and with the whole sentence below every page.
fn marked(paper: Paper, taken: &Marked) -> Paper {
    let behind = paper.watermark.unwrap_or_else(|| "副本".to_owned());
    Paper { watermark: Some(format!("{behind}\n标记 {}", taken.mark())), mark: taken.words(), ..paper }
}

/// A report on paper: as it was last handed in, with the code that ties the paper to the journal; a draft says that it is one.
pub async fn of_report(cx: &mut Cx<'_>, id: ReportId) -> Result<Paper> {
    Ok(with_unit(cx, id).await?.0)
}

async fn with_unit(cx: &mut Cx<'_>, id: ReportId) -> Result<(Paper, UnitId)> {
    let open = open(cx, id).await?;
    let form = cx.app().form(&open.report.form)?;
    let version =
        if open.report.state.is_reported() { report::version(cx.tx(), id, open.report.versions).await? } else { None };
    let cells = version.as_ref().map_or(&open.report.cells, |version| &version.cells);
    let at = local(cx.now()).format("%Y年%-m月%-d日 %H时%M分").to_string();
    let reader = cx.actor()?.name.clone();
    let is_respondent = cx.actor()?.role.is_respondent();
    let mut paper = body(form, cells);
    paper.respondent = vec![
        ("统一社会信用代码".into(), open.unit.usci.as_str().into()),
        ("单位详细名称".into(), open.unit.name.clone()),
    ];
    paper.period = open.report.period.cumulative_label();
    paper.foot = foot(cx, form, &open, version.as_ref()).await?;
    paper.mark = format!("{reader} 打印于 {at}");
    paper.watermark = match (&version, is_respondent) {
        (None, _) => Some(format!("草稿 尚未上报　{reader} {at}")),
        (Some(_), true) => None,
        (Some(_), false) => Some(format!("副本　{reader} {at}")),
    };
    if let Some(version) = &version {
        paper.proof = Some(proof(cx, id, version).await?);
    }
    Ok((paper, open.unit.id))
}

/// The form without figures 空白表.
pub fn blank(app: &App, form: &str) -> Result<Paper> {
    let form = app.form(form)?;
    let mut paper = body(form, &Cells::new());
    paper.respondent = ["统一社会信用代码", "单位详细名称"].map(|label| (label.into(), String::new())).into();
    paper.foot = form.foot.iter().map(|label| (label.clone(), String::new())).collect();
    for (list, shape) in paper.lists.iter_mut().zip(&form.lists) {
        list.rows = vec![vec![String::new(); shape.columns.len()]; BLANK_ROWS];
    }
    Ok(paper)
}

/// Rows of a list on a blank form.
const BLANK_ROWS: usize = 8;

/// What of a paper follows from the form and the figures.
fn body(form: &Form, cells: &Cells) -> Paper {
    let measure = match form.measure {
        Measure::None => String::new(),
        measure => format!("计量单位:{}", measure.label()),
    };
    Paper {
        title: form.name.clone(),
        order: vec![
            ("表号".into(), format!("{} 表", form.code)),
            ("制定机关".into(), form.authority.clone()),
            ("文号".into(), form.document.clone()),
            ("有效期至".into(), form.valid_to.format("%Y年%-m月").to_string()),
        ],
        measure,
        columns: form.columns.iter().map(|column| column.label.clone()).collect(),
        rows: rows(form, cells),
        lists: form.lists.iter().map(|list| list_on_paper(list, cells)).collect(),
        notes: form.notes.iter().map(|note| note.text.clone()).collect(),
        seal: "单位公章".into(),
        ..Paper::default()
    }
}

fn rows(form: &Form, cells: &Cells) -> Vec<Line> {
    let mut rows = Vec::new();
    for group in &form.groups {
        if !group.heading.is_empty() {
            rows.push(Line::heading(&group.heading));
        }
        for indicator in &group.indicators {
            let words: Vec<String> = form
                .columns
                .iter()
                .map(|column| match form.cell_at(indicator, column) {
                    Some(cell) => cell.print(value_of(cells, &cell.id)),
                    // The form leaves this field out.
                    None => "／".to_owned(),
                })
                .collect();
            let measure = if indicator.measure == Measure::None { "" } else { indicator.measure.label() };
            let words = words.iter().map(String::as_str);
            rows.push(Line::figure(&indicator.name, measure, &indicator.code, indicator.level, words));
        }
    }
    rows
}

fn list_on_paper(list: &List, cells: &Cells) -> PaperList {
    let columns = list.columns.iter().map(|column| match column.indicator.measure {
        Measure::None => column.indicator.label.clone(),
        measure => format!("{}({})", column.indicator.label, measure.label()),
    });
    let word = |number: u32| {
        let cells = list.columns.iter().filter_map(move |column| list.cell(number, &column.id)).map(|cell| {
            let value: &Value = value_of(cells, &cell.id);
            cell.print(value)
        });
        cells.collect()
    };
    PaperList {
        heading: list.heading.clone(),
        columns: columns.collect(),
        rows: list.rows(cells).into_iter().map(word).collect(),
    }
}

/// Who answers for the figures. What the program does not know is left for the pen.
async fn foot(
    cx: &mut Cx<'_>,
    form: &Form,
    open: &Open,
    version: Option<&report::Version>,
) -> Result<Vec<(String, String)>> {
    let head = name(cx, open.report.authorised_by).await?;
    let clerk = name(cx, open.report.signed_by).await?;
    let day = version.map(|version| local(version.submitted_at).format("%Y年%-m月%-d日").to_string());
    let words = form.foot.iter().map(|label| {
        let value = match label.as_str() {
            "单位负责人" => head.clone(),
            "填表人" => clerk.clone(),
            "报出日期" => day.clone().unwrap_or_default(),
            _ => String::new(),
        };
        (label.clone(), value)
    });
    Ok(words.collect())
}

async fn name(cx: &mut Cx<'_>, id: Option<PersonId>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    Ok(person::get(cx.tx(), id).await?.map(|person| person.name).unwrap_or_default())
}

/// The code for cameras: which version this is, the hash of its cells, and the journal up to the entry that took it in.
async fn proof(cx: &mut Cx<'_>, id: ReportId, version: &report::Version) -> Result<Proof> {
    let entries = journal::of_object(cx.tx(), "report", &id.to_string()).await?;
    let is_it = |entry: &&journal::Entry| {
        entry.action == "report.submitted" && entry.payload.get("version") == Some(&version.number.into())
    };
    let seq = entries.iter().rfind(is_it).map(|entry| entry.seq);
    let seq = seq.ok_or(Error::Problem(Problem::NotFound { what: "报表版本的日志" }))?;
    let root = journal::root_after(cx.tx(), seq).await?;
    let short = |hash: &str| hash.get(..16).unwrap_or_default().to_owned();
    Ok(Proof {
        // A telephone that reads the code opens the page that looks the paper up, where the program can be reached.
        payload: match cx.app().address() {
            "" => format!("youju:1:{id}:{}:{}:{seq}:{root}", version.number, version.cells_hash),
            address => format!("{address}/verify/{id}/{}/{}/{seq}/{root}", version.number, version.cells_hash),
        },
        text: format!(
            "第 {} 版 · 数据指纹 {} · 日志第 {seq} 条 · 日志指纹 {}",
            version.number,
            short(&version.cells_hash),
            short(&root)
        ),
    })
}
