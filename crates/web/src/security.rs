//! 安全: how everything stands, assets, versions, sign-ins, logs, drills, self-checks, for the security and the audit administrator; assets and
//! versions for the system administrator too.

mod assets;
mod check;
mod drills;
mod sign_in;
mod software;

use axum::Router;
use axum::extract::{Multipart, State};
use axum::response::Redirect;
use axum::routing::{get, post};
use maud::{Markup, html};
use youju_app::attachment::{self, Looked};
use youju_app::security::{self as app, Shown, Topic, retention};
use youju_domain::access::{Action, Object, Role, decide};
use youju_domain::security::Light;
use youju_domain::security::retention::LOG_DAYS_MIN;

use crate::fields::Fields;
use crate::ledger::unhurried;
use crate::parts::Parts;
use crate::request::{Answer, Signed};
use crate::ui::frame::{Head, page as whole};
use crate::ui::part;
use crate::{Web, url};

/// Every address of the room.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(url::SECURITY, get(overview))
        .route(url::SECURITY_ASSETS, get(assets::list).post(assets::add))
        .route(url::SECURITY_ASSETS_CSV, get(assets::csv))
        .route("/security/assets/{id}", get(assets::form).post(assets::change))
        .route("/security/assets/{id}/strike", post(assets::strike).get(assets::back))
        .route(url::SECURITY_SOFTWARE, get(software::page))
        .route(url::SECURITY_SBOM, get(software::sbom))
        .route(url::SECURITY_SIGN_INS, get(sign_in::map))
        .route(url::SECURITY_FAILURES, get(sign_in::failures))
        .route(url::SECURITY_FAILURES_CSV, get(sign_in::csv))
        .route(url::SECURITY_LOGS, get(logs))
        .route(url::SECURITY_DRILLS, get(drills::page).post(drills::add))
        .route(url::SECURITY_PLANS, post(drills::add_plan).get(drills::back))
        .route("/security/drills/{id}/leave", post(drills::leave).get(drills::back))
        .route("/security/drills/{id}/issues", post(drills::add_issue).get(drills::back))
        .route("/security/issues/{id}/strike", post(drills::strike).get(drills::back))
        .route("/security/files/{hash}", get(drills::file))
        .route(url::SECURITY_CHECK, get(check::page).post(check::record))
}

/// The pages of the room, with the words of their tabs.
const TABS: [(&str, &str); 8] = [
    (url::SECURITY, "总览"),
    (url::SECURITY_ASSETS, "资产清单"),
    (url::SECURITY_SOFTWARE, "软件版本"),
    (url::SECURITY_SIGN_INS, "登录分布"),
    (url::SECURITY_FAILURES, "失败的登录"),
    (url::SECURITY_LOGS, "日志留存"),
    (url::SECURITY_DRILLS, "预案和演练"),
    (url::SECURITY_CHECK, "年度自查"),
];

/// The tabs that a role sees.
fn tabs(signed: &Signed, here: &str) -> Markup {
    let all = signed.actor.role != Role::Administrator;
    let is_shown = |address: &str| all || [url::SECURITY_ASSETS, url::SECURITY_SOFTWARE].contains(&address);
    html! { nav.tabs aria-label="安全" {
        @for (address, word) in TABS { @if is_shown(address) {
            a href=(address) aria-current=[(address == here).then_some("page")] { (word) }
        } }
    } }
}

/// True for whoever keeps the lists.
fn writes(signed: &Signed) -> bool {
    decide(&signed.actor, Action::Secure, Object::System)
}

/// Refuses whoever does not, before the form is read.
fn must_write(signed: &Signed) -> Answer<()> {
    Ok(signed.actor.must(Action::Secure, Object::System)?)
}

fn light(light: Light) -> Markup {
    let class = match light {
        Light::Good => "done",
        Light::Unknown => "",
        Light::Due => "explain",
        Light::Bad => "error",
    };
    html! { span class={ "badge " (class) } { (light.label()) } }
}

/// Text with its line breaks.
fn lines(text: &str) -> Markup {
    html! { @for (index, line) in text.lines().enumerate() { @if index > 0 { br; } (line) } }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn page_of(topic: Topic) -> &'static str {
    match topic {
        Topic::Assets | Topic::Certificates => url::SECURITY_ASSETS,
        Topic::Tries => url::SECURITY_FAILURES,
        Topic::Factors => url::ACCOUNTS,
        Topic::Logs => url::SECURITY_LOGS,
        Topic::Backups => url::SECURITY_SOFTWARE,
        Topic::Drills | Topic::Issues => url::SECURITY_DRILLS,
        Topic::SelfCheck => url::SECURITY_CHECK,
    }
}

/// How everything stands.
pub(crate) async fn overview(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let shown = web.app.read(Some(signed.actor.clone()), async |cx| app::overview(cx).await).await?;
    let head = Head {
        about: Some("每一盏灯都写明由什么算出。程序不知道的,写“不明”,请人工确认。".into()),
        ..Head::of("安全")
    };
    let main = html! {
        (tabs(&signed, url::SECURITY))
        div.table-box tabindex="0" role="region" aria-label="状态灯" { table.table {
            thead { tr { th { "事项" } th { "状态" } th { "现状" } th { "由什么算出" } } }
            tbody { @for one in &shown { (row(one, &signed)) } }
        } }
    };
    Ok(whole(&signed.frame, &head, &main))
}

fn row(one: &Shown, signed: &Signed) -> Markup {
    let address = page_of(one.topic);
    // The auditor reads no list of accounts.
    let opens = address != url::ACCOUNTS || decide(&signed.actor, Action::View, Object::System);
    html! { tr {
        th scope="row" { @if opens { a href=(address) { (one.topic.label()) } } @else { (one.topic.label()) } }
        td { (light(one.light)) }
        td.wrap { (one.says) }
        td.wrap { span.muted { (one.topic.basis()) } }
    } }
}

/// What is kept of logs, and since when.
pub(crate) async fn logs(State(web): State<Web>, signed: Signed) -> Answer<Markup> {
    let kept = web.app.read(Some(signed.actor.clone()), async |cx| retention::kept(cx).await).await?;
    let about = format!(
        "网络安全法第二十一条:相关的网络日志留存不少于六个月。数据库中的日志一直留存,没有任何一条语句会删除它们;服务器自己的日志按设定的天数留存,少于 {LOG_DAYS_MIN} 天的设定会被拒绝。"
    );
    let head = Head { about: Some(about), ..Head::of("日志留存") };
    let main = html! {
        (tabs(&signed, url::SECURITY_LOGS))
        div.table-box tabindex="0" role="region" aria-label="日志留存" { table.table {
            thead { tr { th { "日志" } th { "内容" } th { "存放" } th { "留存" } th.num { "条数" } th { "最早一条" } th { "谁会删除" } } }
            tbody {
                @for (log, extent) in &kept.logs { tr {
                    th scope="row" { (log.name) }
                    td.wrap { (log.holds) }
                    td { "数据库 " span.code { (log.table) } }
                    td { "一直留存" }
                    td.num { (part::count(extent.rows.unsigned_abs())) }
                    td { @match extent.oldest { Some(at) => (part::instant(at)), None => "还没有" } }
                    td { "没有" }
                } }
                tr {
                    th scope="row" { "服务器日志" }
                    td.wrap { "程序的启动、警告和故障;不含密码、令牌和数据" }
                    @match &kept.server {
                        Some(log) => {
                            td { span.code { (log.folder) } }
                            td { (log.days) " 天" }
                            td.num { (part::count(log.files)) " 个文件" }
                            td { @match log.oldest { Some(day) => (day), None => "还没有" } }
                            td.wrap { "程序自己,超过 " (log.days) " 天的文件" }
                        }
                        None => {
                            td { "标准错误输出" } td { (light(Light::Bad)) " 程序没有留存" } td.num {} td {} td.wrap { "由收集它的系统服务决定" }
                        }
                    }
                }
            }
        } }
        p.small.muted { "六个月以前是 " (kept.since) "。安装不满六个月的,最早一条就是安装以后的第一条。登录会话、待导入的文件等不是日志,办完就清除;登录和失败的尝试另有记录,不随会话清除。" }
    };
    Ok(whole(&signed.frame, &head, &main))
}

/// What a form with a file sends.
struct Sent {
    fields: Fields,
    looked: Looked,
}

/// Reads a form with a file; what is wrong with the file is told by the use case.
async fn receive(web: &Web, multipart: Multipart) -> Answer<Sent> {
    let mut parts = Parts::receive(multipart).await?;
    let files = parts.take_files("file");
    let app = web.app.clone();
    let looked = unhurried(move || attachment::look_at(&app, files)).await?;
    Ok(Sent { fields: parts.fields, looked })
}

/// Somewhere to go back to.
fn to(address: &str) -> Redirect {
    Redirect::to(address)
}
