//! Joint reviews 联审联评: the list, calling a meeting, the meeting with its redacted sheet, whose the lines are, and the sheet for
//! the meeting room.

mod call;
mod list;
mod view;

use axum::extract::{Path, RawForm, RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect};
use maud::Markup;
use serde::Deserialize;
use youju_app::joint_review::{Asked, Seen};
use youju_domain::Problem;
use youju_domain::id::JointReviewId;
use youju_domain::joint_review::Stage;
use youju_domain::survey::parse_local;

use crate::assessment::area_name;
use crate::register::page_request;
use crate::request::{Answer, Signed, id, query, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

pub(crate) use call::{call, choose};
pub(crate) use list::waiting;

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    stage: String,
    #[serde(default)]
    page: i64,
}

/// The meetings of the person's area, and those that the person is a member of.
pub(crate) async fn list(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Listed = query(raw)?;
    let (stage, request) = (Stage::from_key(&asked.stage), page_request(asked.page));
    let found = web
        .app
        .read(Some(signed.actor.clone()), async |cx| youju_app::joint_review::list(cx, stage, request).await)
        .await?;
    let head = Head {
        about: Some("统计机构召集有关人员互查联审。成员看到的联审表不含任何单位的名称、代码和数据。".into()),
        ..Head::of("联审联评")
    };
    Ok(whole(&signed.frame, &head, &list::view(&found, &asked.stage, signed.actor.role)))
}

/// The head of a page of a meeting.
fn head<'a>(seen: &Seen, title: &'a str, below: Option<&str>) -> Head<'a> {
    let mut crumbs = vec![("联审联评".into(), Some(url::JOINT_REVIEWS.into()))];
    let here = format!("{} {}", area_name(&seen.area), seen.form);
    match below {
        Some(word) => crumbs.extend([(here, Some(url::joint_review(seen.id))), (word.to_owned(), None)]),
        None => crumbs.push((here, None)),
    }
    Head {
        period: Some(seen.period.cumulative_label()),
        badge: Some(list::stage(seen.stage)),
        crumbs,
        ..Head::of(title)
    }
}

async fn look(web: &Web, signed: &Signed, meeting: JointReviewId) -> Answer<Seen> {
    let actor = Some(signed.actor.clone());
    Ok(web.app.read(actor, async |cx| youju_app::joint_review::get(cx, meeting).await).await?)
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    page: i64,
}

/// One meeting.
pub(crate) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let Part { page } = query(raw)?;
    let seen = look(&web, &signed, id(path)?).await?;
    let form = web.app.form(&seen.form)?;
    let title = format!("联审联评:{}", area_name(&seen.area));
    let head = Head { about: Some(form.title()), actions: Some(view::actions(&seen)), ..head(&seen, &title, None) };
    Ok(whole(&signed.frame, &head, &view::page(&seen, page_request(page))))
}

/// The whole sheet, to be printed for the meeting room.
pub(crate) async fn sheet(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let seen = look(&web, &signed, id(path)?).await?;
    let head = Head {
        about: Some("会议室用:可以打印。不标出任何单位,也不含意见。".into()),
        ..head(&seen, "联审表", Some("联审表"))
    };
    Ok(whole(&signed.frame, &head, &view::whole_sheet(&seen)?))
}

/// The same as CSV.
pub(crate) async fn sheet_csv(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer {
    let (name, file) = youju_app::joint_review::csv(&look(&web, &signed, id(path)?).await?)?;
    let saved = format!("attachment; filename*=UTF-8''{}", url::encode(&name));
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, saved)];
    Ok((headers, file).into_response())
}

/// Whose the lines are; that somebody looked is written into the journal.
pub(crate) async fn key(State(web): State<Web>, signed: Signed, path: Path<String>, raw: RawQuery) -> Answer<Markup> {
    let meeting: JointReviewId = id(path)?;
    let Part { page } = query(raw)?;
    let (seen, keyed) =
        web.app.write(Some(signed.actor.clone()), async |cx| youju_app::joint_review::key(cx, meeting).await).await?;
    let head = Head {
        about: Some("行号对应的单位,只供负责审核的统计机构使用,不得告诉成员。每次打开都记入日志。".into()),
        ..head(&seen, "行号对照表", Some("行号对照表"))
    };
    Ok(whole(&signed.frame, &head, &view::key(&seen, keyed, page_request(page))))
}

/// The address of a command, asked for as a page.
pub(crate) async fn back(path: Path<String>) -> Answer<Redirect> {
    Ok(Redirect::to(&url::joint_review(id(path)?)))
}

#[derive(Deserialize)]
struct Remarked {
    line: String,
    text: String,
}

/// A member remarks.
pub(crate) async fn remark(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let meeting: JointReviewId = id(path)?;
    let Remarked { line, text } = read(&String::from_utf8_lossy(&body))?;
    let wrong =
        || Problem::BadInput { reason: format!("行号应是联审表中的整数,现为“{}”。", line.trim()) };
    let line: u32 = line.trim().parse().map_err(|_| wrong())?;
    web.app
        .write(Some(signed.actor), async |cx| youju_app::joint_review::remark(cx, meeting, line, &text).await)
        .await?;
    Ok(see(&url::joint_review(meeting), "joint_review_remarked"))
}

#[derive(Deserialize)]
struct Put {
    remark: u32,
    #[serde(default)]
    cells: String,
    question: String,
    #[serde(default)]
    due_at: String,
}

/// The office asks the unit of a line.
pub(crate) async fn ask(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let meeting: JointReviewId = id(path)?;
    let typed: Put = read(&String::from_utf8_lossy(&body))?;
    let wrong = || Problem::BadInput {
        reason: format!("期限应写成 2026-11-21 14:03 的样子,现为“{}”。", typed.due_at)
    };
    let due_at = match typed.due_at.trim() {
        "" => None,
        text => Some(parse_local(text).ok_or_else(wrong)?),
    };
    let cells = typed.cells.split([',', ',', '、', ' ']).map(str::trim).filter(|cell| !cell.is_empty());
    let asked = Asked {
        remark: typed.remark,
        cells: cells.map(str::to_owned).collect(),
        question: typed.question.clone(),
        due_at,
    };
    web.app.write(Some(signed.actor), async |cx| youju_app::joint_review::ask(cx, meeting, asked).await).await?;
    Ok(see(&url::joint_review(meeting), "joint_review_settled"))
}

#[derive(Deserialize)]
struct Dismissed {
    remark: u32,
    text: String,
}

/// The office dismisses a remark.
pub(crate) async fn dismiss(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let meeting: JointReviewId = id(path)?;
    let Dismissed { remark, text } = read(&String::from_utf8_lossy(&body))?;
    web.app
        .write(Some(signed.actor), async |cx| youju_app::joint_review::dismiss(cx, meeting, remark, &text).await)
        .await?;
    Ok(see(&url::joint_review(meeting), "joint_review_settled"))
}

#[derive(Deserialize)]
struct Words {
    text: String,
}

/// The office writes the minutes and closes.
pub(crate) async fn close(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let meeting: JointReviewId = id(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::joint_review::close(cx, meeting, &text).await).await?;
    Ok(see(&url::joint_review(meeting), "joint_review_ended"))
}

/// The office cancels.
pub(crate) async fn cancel(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawForm(body): RawForm,
) -> Answer {
    let meeting: JointReviewId = id(path)?;
    let Words { text } = read(&String::from_utf8_lossy(&body))?;
    web.app.write(Some(signed.actor), async |cx| youju_app::joint_review::cancel(cx, meeting, &text).await).await?;
    Ok(see(&url::joint_review(meeting), "joint_review_ended"))
}
