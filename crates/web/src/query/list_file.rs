//! A list of queries from above (查询清单): chosen, looked at row by row, then asked. Between the look and the confirmation the
//! file travels inside the page.

use axum::extract::{Multipart, State};
use maud::{Markup, html};
use youju_app::query::{Asked, Looked, read_list};
use youju_domain::Problem;

use crate::handed::Handed;
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::{Web, url};

const MISSING: &str = "请选择查询清单文件。";

fn head<'a>() -> Head<'a> {
    Head {
        about: Some(
            "上级下发的查询清单(Excel 或 csv):统一社会信用代码、表号、报告期、指标代码、查询内容、回复期限。".into(),
        ),
        crumbs: vec![("数据查询".into(), Some(url::QUERIES.into())), ("导入查询清单".into(), None)],
        ..Head::of("导入查询清单")
    }
}

/// The page that asks for a list.
pub(crate) async fn form(State(_): State<Web>, signed: Signed) -> Answer<Markup> {
    if !signed.actor.role.is_officer() {
        return Err(Problem::Forbidden.into());
    }
    let main = html! {
        form.narrow method="post" enctype="multipart/form-data" action=(url::QUERY_LIST) {
            div.field { label for="source" { "清单名称" } input #source name="source" required maxlength="60" placeholder="如 国家查询清单 2026-03"; }
            label.drop { span.drop-says { "选择或拖入查询清单文件" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv" required; }
            div.form-actions { button.button.primary type="submit" { "核对清单" } a.button href=(url::QUERIES) { "返回" } }
        }
    };
    Ok(whole(&signed.frame, &head(), &main))
}

/// What asking would do, row by row.
pub(crate) async fn look(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    if !signed.actor.role.is_officer() {
        return Err(Problem::Forbidden.into());
    }
    let sent = Handed::receive(multipart, MISSING).await?;
    let source = sent.fields.get("source");
    let file = read_list(&sent.name, &sent.bytes)?;
    let looked =
        web.app.read(Some(signed.actor.clone()), async |cx| youju_app::query::look(cx, &file, source).await).await?;
    Ok(whole(&signed.frame, &head(), &looked_view(&sent, &looked)))
}

fn looked_view(sent: &Handed, looked: &[Looked]) -> Markup {
    let good = looked.iter().filter(|(_, seen)| seen.is_ok()).count();
    html! {
        form.bulk method="post" enctype="multipart/form-data" action=(url::QUERY_LIST_ASK) {
            input type="hidden" name="name" value=(sent.name);
            input type="hidden" name="source" value=(sent.fields.get("source"));
            input type="hidden" name="kept" value=(sent.kept());
            span { "清单 " (looked.len()) " 行," (good) " 行可以提出," (looked.len() - good) " 行有问题。" }
            @if good > 0 { button.button.primary type="submit" { "提出 " (good) " 条查询" } }
            a.button href=(url::QUERY_LIST) { "换一个文件" }
        }
        div.table-box tabindex="0" role="region" aria-label="查询清单" { table.table {
            thead { tr { th.num { "行" } th { "统一社会信用代码" } th { "表号" } th { "报告期" } th { "指标" } th { "查询内容" } th { "期限" } th { "核对" } } }
            tbody { @for (row, seen) in looked { tr {
                td.num { (row.row) }
                td { (row.usci) } td { (row.form) } td { (row.period) } td { (row.cells.join("、")) }
                td.wrap { (row.question) } td { (row.due) }
                td.wrap { @match seen { Ok(_) => { span.badge.done { "可以" } }, Err(problem) => { span.badge.error { "不能" } " " (problem.says()) } } }
            } } }
        } }
    }
}

/// Asks what can be asked, and tells what was left.
pub(crate) async fn ask_all(State(web): State<Web>, signed: Signed, multipart: Multipart) -> Answer<Markup> {
    let sent = Handed::receive(multipart, MISSING).await?;
    let source = sent.fields.get("source");
    let file = read_list(&sent.name, &sent.bytes)?;
    let (done, left) = web
        .app
        .write(Some(signed.actor.clone()), async |cx| youju_app::query::ask_all(cx, &file, source).await)
        .await?;
    let main = html! {
        p.notice.done role="status" { strong { "已提出 " (done) " 条查询。" } @if !left.is_empty() { (left.len()) " 行没有提出,原因如下。" } }
        @if !left.is_empty() { (left_view(&left)) }
        p { a.button href=(url::with_query(url::QUERIES, &[("source", source)])) { "查看这份清单的查询" } }
    };
    Ok(whole(&signed.frame, &head(), &main))
}

fn left_view(left: &[(Asked, Problem)]) -> Markup {
    html! { ul.list { @for (row, problem) in left { li { div.main {
        strong { "第 " (row.row) " 行 " (row.usci) " " (row.form) } p.about { (problem.says()) (problem.hint()) }
    } } } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_look_counts_what_can_be_asked() {
        let row = Asked {
            row: 2,
            usci: "x".into(),
            form: "B203".into(),
            period: "2026-03".into(),
            cells: vec![],
            question: "为什么".into(),
            due: String::new(),
        };
        let sent = Handed::made("清单.csv", vec![1]);
        let page = looked_view(&sent, &[(row, Err(Problem::FormNotOwed))]).into_string();
        assert!(page.contains("清单 1 行,0 行可以提出,1 行有问题。") && !page.contains("条查询"), "{page}");
    }
}
