//! Audit 审计: what everybody did, who looked at what and took what out; and who looked at a unit, for its own people. No figure stands here.

use axum::extract::{Path, RawQuery, State};
use maud::{Markup, html};
use serde::Deserialize;
use youju_app::list::Page;
use youju_app::look::{self, Act, ActFilter, Filter, Listed};
use youju_domain::access::Role;
use youju_domain::id::UnitId;
use youju_domain::look::{Look, Purpose};
use youju_domain::survey::starts;
use youju_domain::{Instant, Problem};

use crate::fields::day;
use crate::limits::PAGE_ROWS;
use crate::register::{area_crumbs, page_request};
use crate::request::{Answer, Signed, id, query};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Kinds of acts by the beginning of their names, with the words of the list.
const ACTS: [(&str, &str); 15] = [
    ("", "全部"),
    ("access.", "登录"),
    ("account.", "账号"),
    ("person.", "账号开设和密码"),
    ("second_factor.", "动态码"),
    ("security_key.", "安全密钥"),
    ("identity.", "统一身份"),
    ("api_key.", "接口密钥"),
    ("staff.", "统计人员"),
    ("handover.", "工作交接"),
    ("seat.", "网格(单元)任职"),
    ("organisation.", "机构"),
    ("report.", "报表"),
    ("case.", "事项"),
    ("security.", "安全"),
];

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    search: String,
    #[serde(default)]
    act: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    page: i64,
}

impl Asked {
    /// The first instant of the days that are asked for, and the first after them.
    fn span(&self) -> Result<(Option<Instant>, Option<Instant>), Problem> {
        let after = |last: chrono::NaiveDate| last.succ_opt().map(starts);
        Ok((day(&self.from)?.map(starts), day(&self.to)?.and_then(after)))
    }

    fn days(&self) -> Markup {
        html! {
            div.field { label for="from" { "从" } input #from name="from" type="date" value=(self.from); }
            div.field { label for="to" { "到" } input #to name="to" type="date" value=(self.to); }
        }
    }
}

/// What everybody did.
pub(crate) async fn acts(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (from, to) = asked.span()?;
    let filter = ActFilter {
        name: asked.search.trim().to_owned(),
        action: ACTS.iter().find(|(key, _)| *key == asked.act).map_or("", |(key, _)| key).to_owned(),
        role: Role::from_key(&asked.role),
        from,
        to,
    };
    let page = page_request(asked.page);
    let found = web.app.read(Some(signed.actor.clone()), async |cx| look::acts(cx, &filter, page).await).await?;
    let head = Head {
        about: Some("谁在什么时候办了什么;不含数据。每一条都在防篡改的日志里,序号就是日志的序号。".into()),
        ..Head::of("操作记录")
    };
    Ok(whole(&signed.frame, &head, &acts_view(&found, &asked)))
}

fn acts_view(found: &Page<Act>, asked: &Asked) -> Markup {
    let pairs = [
        ("search", asked.search.as_str()),
        ("act", &asked.act),
        ("role", &asked.role),
        ("from", &asked.from),
        ("to", &asked.to),
    ];
    html! {
        form.filters action=(url::AUDIT) role="search" aria-label="查找操作记录" {
            div.field { label for="audit-search" { "姓名" } input #audit-search name="search" type="search" value=(asked.search); }
            div.field { label for="act" { "办理" } select #act name="act" {
                @for (key, word) in ACTS { option value=(key) selected[key == asked.act] { (word) } }
            } }
            div.field { label for="role" { "角色" } select #role name="role" {
                option value="" { "全部" }
                @for role in Role::ALL { option value=(role.key()) selected[role.key() == asked.role] { (role.label()) } }
            } }
            (asked.days())
            button.button type="submit" { "查找" }
        }
        @if found.total == 0 { (part::empty("没有符合条件的操作", "请换一个日期、姓名或类别。")) }
        @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="操作记录" { table.table {
                thead { tr { th.num { "序号" } th { "时间" } th { "姓名" } th { "角色" } th { "办理" } th { "对象" } } }
                tbody { @for act in &found.rows { tr {
                    td.num { (act.seq) }
                    td { (part::instant(act.at)) }
                    th scope="row" { (act.name) }
                    td { @match act.role { Some(role) => (role.label()), None => span.muted { "系统" } } }
                    td { span.code { (act.action) } }
                    td { span.code { (act.object_kind) " " (act.object_id) } }
                } } }
            } }
            (part::pager(found, url::AUDIT, &pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Who looked at what, and took what out.
pub(crate) async fn looks(State(web): State<Web>, signed: Signed, raw: RawQuery) -> Answer<Markup> {
    let asked: Asked = query(raw)?;
    let (from, to) = asked.span()?;
    let filter =
        Filter { search: asked.search.trim().to_owned(), purpose: Purpose::from_key(&asked.purpose), from, to };
    let page = page_request(asked.page);
    let found = web.app.read(Some(signed.actor.clone()), async |cx| look::list(cx, &filter, page).await).await?;
    let head = Head {
        about: Some(
            "统计人员查看了哪个单位、为了什么,谁导出了什么文件。拿到一份外传的文件,按文件里的标记可以查到是谁导出的。"
                .into(),
        ),
        ..Head::of("查看记录")
    };
    Ok(whole(&signed.frame, &head, &looks_view(&found, &asked)))
}

fn looks_view(found: &Page<Listed>, asked: &Asked) -> Markup {
    let pairs =
        [("search", asked.search.as_str()), ("purpose", &asked.purpose), ("from", &asked.from), ("to", &asked.to)];
    html! {
        form.filters action=(url::AUDIT_LOOKS) role="search" aria-label="查找查看记录" {
            div.field { label for="look-search" { "姓名、单位、文件名或标记" } input #look-search name="search" type="search" value=(asked.search); }
            div.field { label for="purpose" { "目的" } select #purpose name="purpose" {
                option value="" { "全部" }
                @for one in Purpose::ALL { option value=(one.key()) selected[one.key() == asked.purpose] { (one.label()) } }
            } }
            (asked.days())
            button.button type="submit" { "查找" }
        }
        @if found.total == 0 { (part::empty("没有符合条件的查看记录", "请换一个日期、姓名或目的。")) }
        @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="查看记录" { table.table {
                thead { tr { th { "时间" } th { "姓名" } th { "角色" } th { "目的" } th { "单位" } th { "文件" } th { "标记" } } }
                tbody { @for one in &found.rows { tr {
                    td { (part::instant(one.look.at)) }
                    th scope="row" { (one.look.name) }
                    td { (one.look.role.label()) }
                    td { (one.look.purpose.label()) }
                    td { @if let Some(unit) = &one.unit { (unit) } }
                    td { (one.look.what) }
                    td { span.code { (one.look.mark) } }
                } } }
            } }
            (part::pager(found, url::AUDIT_LOOKS, &pairs, PAGE_ROWS.unsigned_abs()))
        }
    }
}

/// Who looked at a unit.
pub(crate) async fn of_unit(
    State(web): State<Web>,
    signed: Signed,
    path: Path<String>,
    raw: RawQuery,
) -> Answer<Markup> {
    let (unit, asked): (UnitId, Asked) = (id(path)?, query(raw)?);
    let page = page_request(asked.page);
    let (unit, found) =
        web.app.read(Some(signed.actor.clone()), async |cx| look::of_unit(cx, unit, page).await).await?;
    let mut crumbs = area_crumbs(&unit, false);
    crumbs.push(("谁查看过".into(), None));
    let head = Head {
        crumbs,
        about: Some("哪一级统计人员、什么时候、为了什么查看过本单位的资料。一小时内为同一目的多次查看记一次。".into()),
        ..Head::of("谁查看过")
    };
    Ok(whole(&signed.frame, &head, &unit_view(&found, unit.id)))
}

fn unit_view(found: &Page<Look>, unit: UnitId) -> Markup {
    html! {
        @if found.total == 0 { (part::empty("还没有统计人员查看过", "查看本单位的报表、台账和资料,都会记在这里。")) }
        @else {
            div.table-head { (part::shown(found)) }
            div.table-box tabindex="0" role="region" aria-label="谁查看过" { table.table {
                thead { tr { th { "时间" } th { "姓名" } th { "角色" } th { "目的" } } }
                tbody { @for look in &found.rows { tr {
                    td { (part::instant(look.at)) }
                    th scope="row" { (look.name) }
                    td { (look.role.label()) }
                    td { (look.purpose.label()) @if !look.what.is_empty() { ":" (look.what) } }
                } } }
            } }
            (part::pager(found, &url::unit_looks(unit), &[], PAGE_ROWS.unsigned_abs()))
        }
    }
}
