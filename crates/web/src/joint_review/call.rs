//! Calling a meeting. What was chosen travels in the address from search to search, so that it works without a script.

use axum::extract::{Path, RawForm, RawQuery, State};
use maud::{Markup, html};
use youju_app::joint_review::{Candidate, Choice, NewMeeting};
use youju_codes::AreaCode;
use youju_domain::Problem;
use youju_domain::id::{PersonId, WindowId};
use youju_domain::joint_review::{LINES_MIN, MEMBERS_MAX, TOPIC_CHARS_MAX};

use crate::assessment::area_name;
use crate::limits::PAGE_ROWS;
use crate::register::page_request;
use crate::request::{Answer, Signed, damaged, id, read, see};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// What was typed and chosen so far.
#[derive(Default)]
struct Typed {
    area: String,
    topic: String,
    search: String,
    page: i64,
    members: Vec<PersonId>,
}

fn typed(encoded: &str) -> Answer<Typed> {
    let fields: Vec<(String, String)> = read(encoded)?;
    let mut typed = Typed::default();
    for (name, value) in fields {
        match name.as_str() {
            "area" => typed.area = value,
            "topic" => typed.topic = value,
            "search" => typed.search = value,
            "page" => typed.page = value.parse().unwrap_or_default(),
            "member" => typed.members.push(value.parse().map_err(|_| damaged())?),
            _ => {}
        }
    }
    Ok(typed)
}

/// The form: which part, about what, with whom.
pub(crate) async fn choose(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    RawQuery(query): RawQuery,
) -> Answer<Markup> {
    let window: WindowId = id(path)?;
    let typed = typed(query.as_deref().unwrap_or_default())?;
    let request = page_request(typed.page);
    let choice = web
        .app
        .read(Some(signed.actor.clone()), async |cx| {
            youju_app::joint_review::choose(cx, window, &typed.members, &typed.search, request).await
        })
        .await?;
    let form = web.app.form(&choice.window.form)?;
    let head = Head {
        period: Some(choice.window.period.cumulative_label()),
        about: Some(format!(
            "成员看到的联审表只有随机行号、变动档次、规模大中小和审核情况,不含单位名称、代码和数据。已上报不足 {LINES_MIN} 份的不能召集。"
        )),
        crumbs: vec![
            ("报送进度".into(), Some(url::WINDOWS.into())),
            (form.title(), Some(url::window(window))),
            ("召集联审".into(), None),
        ],
        ..Head::of("召集联审")
    };
    Ok(whole(&signed.frame, &head, &view(&choice, &typed)))
}

fn view(choice: &Choice, typed: &Typed) -> Markup {
    let address = url::window_act(choice.window.id, "joint-review");
    let is_new = |one: &&Candidate| !typed.members.contains(&one.person);
    html! {
        form.stack method="get" action=(address) {
            div.card.narrow {
                div.field { label for="area" { "范围" } select #area name="area" {
                    option value="" { (area_name(&choice.area)) "(全部)" }
                    @for part in youju_codes::area::children(&choice.area) {
                        option value=(part.code.prefix()) selected[part.code.prefix() == typed.area] { (part.name) }
                    }
                } }
                div.field {
                    label for="topic" { "议题(可不填,成员会看到)" }
                    textarea #topic name="topic" maxlength=(TOPIC_CHARS_MAX) aria-describedby="topic-help" { (typed.topic) }
                    p.help #topic-help { "不要写单位名称和代码。" }
                }
            }
            (chosen(&choice.chosen))
            section.stack {
                h2 { "选成员" }
                p.muted { "各级统计人员和企业人员(网格员)都可以参加,最多 " (MEMBERS_MAX) " 人。勾选后点“查找”或翻页,已选的会保留。" }
                div.filters {
                    div.field { label for="member-search" { "姓名或单位名称" } input #member-search name="search" value=(typed.search) autocomplete="off"; }
                    button.button type="submit" name="page" value="1" { "查找" }
                }
                @if choice.found.rows.is_empty() { (part::empty("没有找到人员", "请换一个姓名或单位名称;还没有账号的,请系统管理员开设。")) }
                @else {
                    div.table-head { (part::shown(&choice.found)) }
                    (people("可以选的人员", choice.found.rows.iter().filter(is_new), false))
                    (pages(choice))
                }
            }
            div.form-actions {
                button.button.primary type="submit" formmethod="post" formaction=(address) { "召集联审" }
                a.button href=(url::window(choice.window.id)) { "取消" }
            }
        }
    }
}

fn chosen(chosen: &[Candidate]) -> Markup {
    html! { @if !chosen.is_empty() { section.stack {
        div.table-head { h2 { "已选成员" } span.count { (chosen.len()) } }
        (people("已选的成员", chosen.iter(), true))
    } } }
}

fn people<'a>(caption: &str, people: impl Iterator<Item = &'a Candidate>, checked: bool) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label=(caption) { table.table {
            caption.vh { (caption) }
            thead { tr { th { "选" } th { "姓名" } th { "身份" } th { "单位" } th { "地区" } } }
            tbody { @for one in people { tr {
                td { input type="checkbox" name="member" value=(one.person) checked[checked] aria-label={ "选" (one.name) }; }
                th scope="row" { (one.name) }
                td { (one.role.label()) }
                td { (one.unit_name.as_deref().unwrap_or_default()) }
                td { (area_name(&one.area)) }
            } } }
        } }
    }
}

/// Pages as buttons of the form, so that turning them keeps what was ticked.
fn pages(choice: &Choice) -> Markup {
    let size = PAGE_ROWS.unsigned_abs();
    let (number, last) = (choice.found.offset / size + 1, choice.found.total.div_ceil(size).max(1));
    html! { @if last > 1 {
        nav.pager aria-label="翻页" {
            @if number > 1 { button.button.small type="submit" name="page" value=(number - 1) { "上一页" } }
            span { "第 " (part::count(number)) " 页,共 " (part::count(last)) " 页" }
            @if number < last { button.button.small type="submit" name="page" value=(number + 1) { "下一页" } }
        }
    } }
}

/// The office calls the meeting.
pub(crate) async fn call(State(web): State<Web>, signed: Signed, path: Path<String>, RawForm(body): RawForm) -> Answer {
    let window: WindowId = id(path)?;
    let typed = typed(&String::from_utf8_lossy(&body))?;
    let area = match typed.area.trim() {
        "" => None,
        code => Some(AreaCode::parse(code).map_err(|error| Problem::BadInput { reason: error.to_string() })?),
    };
    let new = NewMeeting { window, area, topic: typed.topic, members: typed.members };
    let called = web.app.write(Some(signed.actor), async |cx| youju_app::joint_review::call(cx, new).await).await?;
    Ok(see(&url::joint_review(called.id), "joint_review_called"))
}
