//! 统计服务包 as a page that is printed, and as one file.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};
use youju_app::onboarding::{self as app, FormLine, Pack};
use youju_domain::id::UnitId;

use crate::request::{Answer, Signed, id};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

/// The pack of a unit.
pub(super) async fn page(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Markup> {
    let unit: UnitId = id(path)?;
    let pack = web.app.read(Some(signed.actor.clone()), async |cx| app::pack(cx, unit).await).await?;
    let mut crumbs = crate::register::area_crumbs(&pack.unit, false);
    crumbs.push(("统计服务包".into(), None));
    let head = Head {
        about: Some(format!("{},{} 按本单位的情况生成。可以直接打印,也可以下载。", pack.unit.name, pack.on)),
        actions: Some(html! {
            a.button href=(url::service_pack_zip(unit)) { "下载(含空白表)" }
            a.button href=(url::unit_onboarding(unit)) { "确认收到" }
        }),
        crumbs,
        ..Head::of("统计服务包")
    };
    Ok(whole(&signed.frame, &head, &view(&pack)))
}

/// The same as one file.
pub(super) async fn zip(State(web): State<Web>, signed: Signed, path: Path<String>) -> Answer<Response> {
    let unit: UnitId = id(path)?;
    let file = app::pack_file(&web.app, signed.actor.clone(), unit).await?;
    download::saved(&web, &signed.actor, "application/zip", file).await
}

fn points(title: &str, lines: &[String]) -> Markup {
    html! { @if !lines.is_empty() { section.card { h2 { (title) } ol { @for line in lines { li { (line) } } } } } }
}

fn view(pack: &Pack) -> Markup {
    html! {
        section.card {
            h2 { "致企业的一封信" }
            @for line in &pack.letter { p { (line) } }
            p { (pack.place) "统计局" } p { (pack.on) }
        }
        (points("统计法律事务告知书", &pack.order.notice))
        section.stack { h2 { "报表目录和报送日历" } (forms(&pack.forms)) }
        section.stack { h2 { "联系人" } (contacts(pack)) }
        (points("登录和填报", &pack.order.sign_in))
        section.stack { h2 { "审核要点" }
            p.muted { "报送以前请逐条核对;全部审核关系在各表的页面上。" }
            @for form in pack.forms.iter().filter(|form| !form.checks.is_empty()) {
                h3 { @if !form.title.starts_with(&form.form) { (form.form) " " } (form.title) }
                ul { @for check in &form.checks { li { span.code { (check.id) } " " (check.words) } } }
            }
        }
        section.stack { h2 { "统计台账" }
            p { a href=(url::ledger(pack.unit.id, None)) { "打开本单位的台账" } ",在那里登记,或者导入科目余额表。" }
            @if !pack.ledgers.is_empty() { div.table-box tabindex="0" role="region" aria-label="统计台账" { table.table.words {
                thead { tr { th { "台账" } th { "原始记录" } } }
                tbody { @for (name, from) in &pack.ledgers { tr { th scope="row" { (name) } td.wrap { (from) } } } }
            } } }
        }
        section.stack { h2 { "归档清单" } (archive(pack)) }
        (points("其他材料", &pack.order.more))
    }
}

fn forms(forms: &[FormLine]) -> Markup {
    html! { @if forms.is_empty() { p.muted { "现在还没有要报的报表。纳入生效、制度规定的报告期到来以后,会列在这里。" } }
    @else { div.table-box tabindex="0" role="region" aria-label="报表目录和报送日历" { table.table.words {
        thead { tr { th { "表号" } th { "表名" } th { "报告期别" } th { "报送时间" } th { "为什么要报" } } }
        tbody { @for form in forms { tr {
            th scope="row" { a href=(url::form(&form.form)) { (form.form) } " " a.no-print href=(url::blank(&form.form)) { "空白表" } }
            td.wrap { (form.title) }
            td { (form.kind) }
            td.wrap {
                @if form.windows.is_empty() { "还没有布置,以开网通知为准" }
                @for (period, opens, due) in &form.windows { p { (period) ":" (part::instant(*opens)) " 开网," (part::instant(*due)) " 截止" } }
            }
            td.wrap { (form.why) }
        } } }
    } } } }
}

fn contacts(pack: &Pack) -> Markup {
    html! { @if pack.contacts.is_empty() { p.muted { "没有登记联系人。请向县级统计机构询问。" } }
    @else { div.table-box tabindex="0" role="region" aria-label="联系人" { table.table.words {
        thead { tr { th { "职责" } th { "姓名" } th { "所在地" } } }
        tbody { @for one in &pack.contacts { tr { td.wrap { (one.role) } th scope="row" { (one.name) } td.wrap { (one.place) } } } }
    } } } }
}

fn archive(pack: &Pack) -> Markup {
    html! {
        p { a href=(url::unit_archive(pack.unit.id)) { "打开本单位的档案盒" } ",可以看到哪些已经齐全。" }
        @if !pack.archive.is_empty() { div.table-box tabindex="0" role="region" aria-label="归档清单" { table.table.words {
            thead { tr { th { "报表制度" } th { "应归档的资料" } th { "说明" } } }
            tbody { @for (programme, item, note) in &pack.archive { tr { td.wrap { (programme) } th scope="row" { (item) } td.wrap { (note) } } } }
        } } }
    }
}
