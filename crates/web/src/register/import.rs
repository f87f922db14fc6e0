//! A list of units that is taken into the register 导入名单: chosen, looked at row by row, taken; what stays out goes home as a list.
//! Between the look and the confirmation the file travels inside the page.

use axum::extract::{Multipart, State};
use axum::response::Response;
use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::crypto::sha256;
use youju_app::register::import::{Fate, Plan, Tally, open_handed, run};
use youju_codes::{AreaCode, Industry};
use youju_domain::Problem;
use youju_domain::access::{Action, Object, decide};
use youju_domain::register::import::{Field, Rules};
use youju_domain::survey::local;

use crate::handed::Handed;
use crate::ledger::unhurried;
use crate::limits::LISTED_MAX;
use crate::request::{Answer, Refusal, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

const ABOUT: &str = "CSV 或 Excel,一行一个单位。先逐行核对,再导入:对的入库,不对的连同原因给您一个文件,改好后再导入。\
                     已在库的行不会重复,可以按名单变更。导入的单位在名录库中,不要求报表。";
const MISSING: &str = "请选择名单文件。";

/// Who may arrange the register takes lists into it.
pub(super) fn may(signed: &Signed) -> bool {
    decide(&signed.actor, Action::Arrange, Object::Area(&signed.actor.area))
}

fn must(signed: &Signed) -> Answer<()> {
    if may(signed) { Ok(()) } else { Err(Refusal::from(Problem::NotFound { what: "页面" })) }
}

fn head(title: &str) -> Head<'_> {
    let crumbs = vec![("名录".to_owned(), Some(url::UNITS.to_owned())), (title.to_owned(), None)];
    Head { about: Some(ABOUT.to_owned()), crumbs, ..Head::of(title) }
}

/// The page that asks for a list.
pub(crate) async fn form(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    must(&signed)?;
    let today = local(web.app.world().now()).date();
    let body = html! {
        form.narrow method="post" enctype="multipart/form-data" action=(url::UNITS_IMPORT) {
            label.drop { span.drop-says { "选择或拖入名单" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv" required; }
            div.field {
                label for="since" { "从哪一天起" }
                input #since name="since" type="date" value=(today) required aria-describedby="since-help";
                p.help #since-help { "名单所说的情况从这一天起如此" }
            }
            div.field {
                label for="area" { "没有写明区划的行 " span.muted { "(可不填)" } }
                input #area name="area" autocomplete="off" aria-describedby="area-help";
                p.help #area-help { "填一个乡镇(街道)的 9 位代码,没有区划代码、从地址也看不出乡镇的行都作为这里的单位;不填则这些行不导入" }
            }
            div.field {
                label for="industry" { "没有写明行业的行 " span.muted { "(可不填)" } }
                input #industry name="industry" autocomplete="off" aria-describedby="industry-help";
                p.help #industry-help { "填一个行业小类的 4 位代码;不填则这些行不导入" }
            }
            label.choice { input type="checkbox" name="update" value="yes"; " 已在库而内容不同的单位,按名单变更" }
            p.help { "不勾选时只指出不同。正在报送的单位,名称、行业、所在地等的变更仍在“事项”中提出。" }
            div.form-actions { button.button.primary type="submit" { "核对" } a.button href=(url::UNITS) { "返回" } }
        }
        details.more {
            summary { "列名怎么写" }
            p.hint { "必须有统一社会信用代码和名称。列名按下面任何一种写法都认得,其他列不使用。" }
            ul { @for field in Field::all() { li { strong { (field.label()) } ":" (written(field)) } } }
        }
    };
    Ok(whole(&signed.frame, &head("导入名单"), &body))
}

fn written(field: Field) -> String {
    field.aliases().into_iter().skip(2).collect::<Vec<_>>().join("、")
}

/// What the form says of the list.
struct Said {
    plan: Plan,
    since: String,
    area: String,
    industry: String,
}

fn said(web: &Web, signed: &Signed, sent: &Handed) -> Answer<Said> {
    let bad = |reason: String| Refusal::from(Problem::BadInput { reason });
    let [since, area, industry] = ["since", "area", "industry"].map(|name| sent.fields.get(name).trim().to_owned());
    let day: NaiveDate = since.parse().map_err(|_| bad("“从哪一天起”应写成 2026-04-01 的样子。".into()))?;
    let place = Some(area.as_str()).filter(|text| !text.is_empty()).map(AreaCode::parse).transpose();
    let trade = Some(industry.as_str()).filter(|text| !text.is_empty()).map(Industry::parse).transpose();
    let rules = Rules {
        area: place.map_err(|error| bad(error.to_string()))?,
        industry: trade.map_err(|error| bad(error.to_string()))?,
        within: Some(signed.actor.area),
        today: local(web.app.world().now()).date(),
    };
    let update = !sent.fields.get("update").is_empty();
    let plan = Plan { file_name: sent.name.clone(), file_hash: sha256(&sent.bytes), since: day, update, rules };
    Ok(Said { plan, since, area, industry })
}

/// A row that is told: its line, its first cells, what is said of it.
type Told = (u64, String, String);

/// What became, or would become, of a list.
struct Done {
    tally: Tally,
    columns: Vec<(String, Option<Field>)>,
    /// Rows that stay out, with the reason; the first of them.
    left: Vec<Told>,
    /// Rows that change a unit, from what to what; the first of them.
    changed: Vec<Told>,
    file: Vec<u8>,
}

async fn go(web: &Web, signed: &Signed, sent: &Handed, said: &Said, is_look: bool) -> Answer<Done> {
    let (app, name, bytes, rules) = (web.app.clone(), sent.name.clone(), sent.bytes.clone(), said.plan.rules.clone());
    let mut list = unhurried(move || open_handed(&app, &name, bytes, rules)).await?;
    let columns = list.columns().map(|(name, field)| (name.to_owned(), field)).collect();
    let (mut left, mut changed, mut file) = (Vec::new(), Vec::new(), list.left_head()?);
    let tally = run(&web.app, Some(&signed.actor), &said.plan, &mut list, is_look, |list, rows, fates, _| {
        file.extend(list.left(rows, fates)?);
        for (row, fate) in rows.iter().zip(fates) {
            let (told, words) = match fate {
                Fate::Changed(words) => (&mut changed, Some(words.clone())),
                _ => (&mut left, fate.why_left()),
            };
            if let Some(words) = words.filter(|_| told.len() < LISTED_MAX) {
                told.push((row.line, row.cells.iter().take(2).cloned().collect::<Vec<_>>().join(" "), words));
            }
        }
        Ok(())
    });
    let tally = tally.await?;
    Ok(Done { tally, columns, left, changed, file })
}

/// What taking the list would do.
pub(crate) async fn look(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    must(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let said = said(&web, &signed, &sent)?;
    let done = go(&web, &signed, &sent, &said, true).await?;
    let body = html! {
        (recognised(&done, &said))
        div.bulk {
            span { (told(&done.tally, true)) }
            @if done.tally.new + done.tally.changed > 0 {
                (again(url::UNITS_IMPORT_TAKE, &sent, &said, &html! { button.button.primary type="submit" { (asked(&done.tally)) } }))
            }
            a.button href=(url::UNITS_IMPORT) { "换一个文件" }
        }
        (changed_view(&done))
        (left_view(&done, &sent, &said))
    };
    Ok(whole(&signed.frame, &head("核对名单"), &body))
}

/// Takes the list.
pub(crate) async fn take(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    must(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let said = said(&web, &signed, &sent)?;
    let done = go(&web, &signed, &sent, &said, false).await?;
    let body = html! {
        p.notice.done role="status" { (told(&done.tally, false)) }
        (changed_view(&done))
        (left_view(&done, &sent, &said))
        div.form-actions { a.button.primary href=(url::UNITS) { "回到名录" } a.button href=(url::UNITS_IMPORT) { "再导入一个文件" } }
    };
    Ok(whole(&signed.frame, &head("名单已导入"), &body))
}

/// The rows that stay out, as a list that can be mended and handed in again.
pub(crate) async fn left(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Response> {
    must(&signed)?;
    let sent = Handed::receive(multipart, MISSING).await?;
    let said = said(&web, &signed, &sent)?;
    let done = go(&web, &signed, &sent, &said, true).await?;
    download::csv(&web, &signed.actor, (format!("{}.未入库.csv", stem(&sent.name)), done.file)).await
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The same file once more, to another address.
fn again(action: &str, sent: &Handed, said: &Said, button: &Markup) -> Markup {
    html! {
        form method="post" enctype="multipart/form-data" action=(action) data-download[action == url::UNITS_IMPORT_LEFT] {
            input type="hidden" name="since" value=(said.since);
            input type="hidden" name="area" value=(said.area);
            input type="hidden" name="industry" value=(said.industry);
            @if said.plan.update { input type="hidden" name="update" value="yes"; }
            input type="hidden" name="name" value=(sent.name);
            input type="hidden" name="kept" value=(sent.kept());
            (button)
        }
    }
}

/// What the button will do.
fn asked(tally: &Tally) -> String {
    let part = |count: u64, verb: &str| (count > 0).then(|| format!("{verb} {count} 家单位"));
    [part(tally.new, "导入"), part(tally.changed, "变更")].into_iter().flatten().collect::<Vec<_>>().join(",")
}

fn told(tally: &Tally, is_look: bool) -> String {
    let mut parts = vec![format!("{} {} 行", if is_look { "可以入库" } else { "已入库" }, tally.new)];
    for (count, label) in [
        (tally.changed, if is_look { "已在库、可以变更" } else { "已在库、已变更" }),
        (tally.unchanged, "已在库、没有变化"),
        (tally.differing, "已在库、与名单不同"),
        (tally.incomplete, "内容不全"),
        (tally.refused, "有误"),
    ] {
        if count > 0 {
            parts.push(format!("{label} {count} 行"));
        }
    }
    let derived = match tally.derived {
        0 => String::new(),
        count => format!("其中 {count} 行的乡镇(街道)是从地址看出的。"),
    };
    format!("共 {} 行:{}。{derived}", tally.rows, parts.join(","))
}

fn recognised(done: &Done, said: &Said) -> Markup {
    let unused: Vec<&str> =
        done.columns.iter().filter(|(_, field)| field.is_none()).map(|(name, _)| name.as_str()).collect();
    html! {
        dl.facts.wide.card {
            div { dt { "文件" } dd { (said.plan.file_name) } }
            @for (name, field) in &done.columns { @if let Some(field) = field { div { dt { (field.label()) } dd { "“" (name) "”列" } } } }
            @if !unused.is_empty() { div { dt { "没有用到的列" } dd { (unused.join("、")) } } }
            div { dt { "SHA-256" } dd { span.code { (said.plan.file_hash) } } }
        }
    }
}

fn rows(label: &str, says: &str, caption: &Markup, told: &[Told]) -> Markup {
    html! { div.table-box tabindex="0" role="region" aria-label=(label) { table.table {
        caption { (caption) }
        thead { tr { th.num { "行" } th { "内容" } th { (says) } } }
        tbody { @for (line, cells, words) in told { tr { td.num { (line) } td.wrap { (cells) } td.wrap { (words) } } } }
    } } }
}

fn changed_view(done: &Done) -> Markup {
    let caption = html! { "列出前 " (done.changed.len()) " 行;每个单位的变更都写入它的历史" };
    html! { @if !done.changed.is_empty() { section.stack {
        h2 { "按名单变更的单位 " (part::count(done.tally.changed)) " 家" }
        (rows("按名单变更的单位", "变更", &caption, &done.changed))
    } } }
}

fn left_view(done: &Done, sent: &Handed, said: &Said) -> Markup {
    let all = done.tally.left();
    let caption = html! { "列出前 " (done.left.len()) " 行,其余在下载的文件里;改好后可以直接再次导入" };
    html! { @if all > 0 { section.stack {
        h2 { "没有入库的行 " (part::count(all)) " 行" }
        (again(url::UNITS_IMPORT_LEFT, sent, said, &html! { button.button type="submit" { "下载这些行(CSV)" } }))
        (rows("没有入库的行", "原因", &caption, &done.left))
    } } }
}
