//! The frame around every page: top bar, the person's own work at the side, the page head.

use maud::{DOCTYPE, Markup, html};
use youju_domain::access::Role;

use crate::url;

/// What the frame shows.
pub(crate) struct Frame {
    /// Jurisdiction.
    pub place: String,
    /// The time of a rehearsal, as it is printed; none in earnest.
    pub rehearsal: Option<String>,
    /// Address of the page, to mark its entry at the side.
    pub path: String,
    /// Who has signed in.
    pub person: String,
    /// In which role.
    pub role: Role,
    /// For which area.
    pub area: String,
    /// What a grid is called there; none where nobody has said how to cut.
    pub cell_word: Option<String>,
    /// Things that wait in the inbox.
    pub waiting: u64,
    /// What the last command did.
    pub notice: Option<&'static str>,
    /// What the last command could not do.
    pub refused: Option<Refused>,
}

/// Why something was not done, and the way out.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    /// What, in a sentence.
    pub says: String,
    /// What to do now.
    pub hint: String,
}

/// What stands at the head of a page.
pub(crate) struct Head<'a> {
    /// What this is.
    pub title: &'a str,
    /// The period in work.
    pub period: Option<String>,
    /// State as a word and a colour.
    pub badge: Option<Markup>,
    /// One line about it.
    pub about: Option<String>,
    /// The way down the tree; the last one is this page.
    pub crumbs: Vec<(String, Option<String>)>,
    /// Links and buttons.
    pub actions: Option<Markup>,
}

impl<'a> Head<'a> {
    /// A head with a title only.
    pub(crate) fn of(title: &'a str) -> Head<'a> {
        Head { title, period: None, badge: None, about: None, crumbs: Vec::new(), actions: None }
    }
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="htmx-config" content=r#"{"allowEval":false,"includeIndicatorStyles":false,"selfRequestsOnly":true,"historyCacheSize":0}"#;
                title { (title) " · 有据" }
                link rel="icon" href="/assets/mark.svg";
                @for style in ["tokens", "app", "parts", "table", "entry"] {
                    link rel="stylesheet" href={ "/assets/" (style) ".css" };
                }
                link rel="stylesheet" href="/assets/print.css" media="print";
                script src="/assets/htmx.js" defer {}
                @for script in ["app", "data-grid", "stat-chart", "cell-board"] { script type="module" src={ "/assets/" (script) ".js" } {} }
            }
            (body)
        }
    }
}

/// A whole page.
pub(crate) fn page(frame: &Frame, head: &Head<'_>, main: &Markup) -> Markup {
    let body = html! {
        body.app {
            a.skip href="#main" { "跳到正文" }
                (top(frame))
                nav.side aria-label="主要工作" { ul {
                    @for (address, word, count) in entries(frame) {
                        li { a href=(address) aria-current=[is_here(frame, address).then_some("page")] {
                            (word) @if count > 0 { span.count { (count) } }
                        } }
                    }
                } }
                main #main tabindex="-1" {
                    (crumbs(&head.crumbs))
                    (page_head(head))
                    @if let Some(notice) = frame.notice { p.notice.done role="status" { (notice) } }
                    @if let Some(refused) = &frame.refused { (why(refused)) }
                    (main)
                }
                div #messages aria-live="polite" {}
                (keys())
        }
    };
    document(head.title, &body)
}

fn top(frame: &Frame) -> Markup {
    html! {
        header.top {
            a.mark href=(url::INBOX) { "有据" }
            span.top-place { (frame.place) @if let Some(now) = &frame.rehearsal { " " span.badge.explain { "演练时钟 " (now) } } }
            form.top-search action=(url::UNITS) role="search" aria-label="查找单位" {
                label.vh for="search" { "按名称或代码查找单位" }
                input #search name="search" type="search" placeholder="查找单位" autocomplete="off";
                kbd { "/" }
            }
            a.top-inbox href=(url::INBOX) { "待办" @if frame.waiting > 0 { span.count { (frame.waiting) } } }
            details.top-person {
                summary { (frame.person) span.top-role { " · " (frame.role.label()) } }
                div.menu {
                    span.muted { (frame.area) " · " (frame.role.label()) }
                    a href=(url::ACCOUNT) { "我的账号" }
                    a href=(url::CONTACT) { "通知方式" }
                    @if frame.role.is_officer() { a href=(url::LABORATORY) { "规则实验室" } }
                    form method="post" action=(url::SIGN_OUT) { button type="submit" { "退出登录" } }
                }
            }
        }
    }
}

/// The entries at the side: a role sees its own work only.
fn entries(frame: &Frame) -> Vec<(&'static str, &str, u64)> {
    let mut entries = vec![(url::INBOX, "待办", frame.waiting)];
    if !frame.role.keeps_the_system() {
        entries.push((url::REPORTS, "报表", 0));
        entries.push((url::QUERIES, "查询", 0));
        entries.push((url::UNITS, if frame.role.is_respondent() { "本单位" } else { "名录" }, 0));
    }
    match frame.role {
        Role::Administrator => {
            entries.push((url::ACCOUNTS, "账号", 0));
            entries.push((url::SECURITY_ASSETS, "资产和版本", 0));
        }
        Role::SecurityAdministrator => {
            entries.push((url::ACCOUNTS, "账号", 0));
            entries.push((url::SECURITY, "安全", 0));
        }
        Role::AuditAdministrator => {
            entries.push((url::SECURITY, "安全", 0));
            entries.push((url::AUDIT, "操作记录", 0));
            entries.push((url::AUDIT_LOOKS, "查看记录", 0));
        }
        _ => {}
    }
    if frame.role.is_officer() {
        entries.push((url::WINDOWS, "进度", 0));
        entries.push((url::COMPLIANCE, "台账", 0));
        entries.push((url::ARCHIVE, "档案", 0));
        entries.push((url::TOTALS, "汇总", 0));
        entries.extend(frame.cell_word.as_deref().map(|word| (url::GRIDS, word, 0)));
    }
    entries
}

/// Rooms that are reached from the register and have no entry of their own.
const OF_REGISTER: [&str; 6] =
    [url::ROSTERS, url::PROSPECTS, url::ONBOARDING, url::SAMPLING_FRAMES, url::ORGANISATIONS, url::CASES];

fn is_here(frame: &Frame, address: &str) -> bool {
    let is_in =
        |room: &str| frame.path == room || frame.path.strip_prefix(room).is_some_and(|rest| rest.starts_with('/'));
    is_in(address) || (address == url::UNITS && OF_REGISTER.into_iter().any(is_in))
}

fn crumbs(crumbs: &[(String, Option<String>)]) -> Markup {
    html! {
        @if !crumbs.is_empty() {
            nav.crumbs aria-label="所在位置" { ol {
                @for (word, address) in crumbs {
                    li { @if let Some(address) = address { a href=(address) { (word) } } @else { (word) } }
                }
            } }
        }
    }
}

fn page_head(head: &Head<'_>) -> Markup {
    html! {
        div.page-head {
            h1 { (head.title) }
            @if let Some(period) = &head.period { span.page-period { (period) } }
            @if let Some(badge) = &head.badge { (badge) }
            @if let Some(actions) = &head.actions { div.actions { (actions) } }
            @if let Some(about) = &head.about { p.page-about { (about) } }
        }
    }
}

/// The keyboard map under `?`.
fn keys() -> Markup {
    html! {
        dialog.dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { "键盘操作" }
            dl.facts {
                dt { kbd { "/" } } dd { "查找单位" }
                dt { kbd { "↑" } " " kbd { "↓" } " " kbd { "←" } " " kbd { "→" } } dd { "在填报表格中移动" }
                dt { kbd { "Enter" } } dd { "下一行(按住 Shift 为上一行)" }
                dt { kbd { "F2" } } dd { "在格内改动,方向键移动光标" }
                dt { kbd { "Shift" } " + 方向键" } dd { "选一片" }
                dt { kbd { "Ctrl" } "+" kbd { "C" } " / " kbd { "V" } } dd { "与 Excel、WPS 互相复制粘贴" }
                dt { kbd { "Ctrl" } "+" kbd { "Z" } } dd { "撤回上一步" }
                dt { kbd { "Esc" } } dd { "恢复这一格原来的数" }
            }
            div.form-actions { button.button type="button" data-closes { "关闭" } }
        }
    }
}

/// A page for somebody who has not signed in.
pub(crate) fn bare(title: &str, main: &Markup) -> Markup {
    document(title, &html! { body { main #main { (main) } } })
}

const NOT_DONE: &str = "没有办成";

/// A refusal in words.
pub(crate) fn why(refused: &Refused) -> Markup {
    html! { div.notice.error role="alert" { strong { (refused.says) } p { (refused.hint) } } }
}

/// What is shown to somebody unknown when something cannot be done.
pub(crate) fn refusal(refused: &Refused) -> Markup {
    let main = html! {
        div.sign-in {
            h1 { (NOT_DONE) }
            (why(refused))
            div.form-actions { a.button href=(url::INBOX) { "回到待办" } }
        }
    };
    bare(NOT_DONE, &main)
}

/// The same inside the frame, with the way back to the page where it was asked.
pub(crate) fn framed_refusal(frame: Frame, refused: Refused, back: Option<&str>) -> Markup {
    let main = html! {
        div.form-actions {
            @if let Some(back) = back { a.button.primary href=(back) { "返回上一页" } }
            a.button href=(url::INBOX) { "回到待办" }
        }
    };
    page(&Frame { refused: Some(refused), ..frame }, &Head::of(NOT_DONE), &main)
}
