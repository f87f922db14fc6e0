//! 软件版本: what runs here, and what it is made of.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use youju_app::security::software::{self, Software};

use super::{number, tabs};
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, download, url};

/// What runs here.
pub(crate) async fn page(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let found = web.app.read(Some(signed.actor.clone()), async |cx| software::software(cx).await).await?;
    let head = Head {
        about: Some("程序、数据库、报表制度的版本,以及程序里用到的每一个第三方组件和它的许可证。组件清单随程序发布,由测试保证与实际一致。".into()),
        actions: Some(html! { a.button href=(url::SECURITY_SBOM) { "导出组件清单(CycloneDX)" } }),
        ..Head::of("软件版本")
    };
    Ok(whole(&signed.frame, &head, &html! { (tabs(&signed, url::SECURITY_SOFTWARE)) (view(&found)) }))
}

fn view(found: &Software) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="版本" { table.table {
            thead { tr { th { "名称" } th { "版本" } } }
            tbody { @for (name, version) in &found.parts { tr { th scope="row" { (name) } td.wrap { (version) } } } }
        } }
        h2 { "第三方组件" }
        div.table-head { span.table-count { "共 " (part::count(number(found.components.len()))) " 个" } }
        div.table-box tabindex="0" role="region" aria-label="第三方组件" { table.table {
            thead { tr { th { "名称" } th { "版本" } th { "来源" } th { "许可证" } } }
            tbody { @for one in found.components { tr {
                th scope="row" { (one.name) }
                td { (one.version) }
                td { @if one.source == "cargo" { "crates.io" } @else { "npm" } }
                td { (one.licence) }
            } } }
        } }
    }
}

/// The list of components for other tools.
pub(crate) async fn sbom(State(web): State<Web>, signed: Signed) -> Answer<Response> {
    // Whoever may not look at it is refused before the file is made.
    web.app.read(Some(signed.actor.clone()), async |cx| software::software(cx).await.map(drop)).await?;
    download::saved(&web, &signed.actor, "application/vnd.cyclonedx+json; charset=utf-8", software::sbom()).await
}
