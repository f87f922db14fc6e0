//! Opening accounts as markup.

use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::opening::{Looked, Table, Without};
use youju_domain::access::Role;
use youju_domain::opening::{Fate, NewAccount, OPENED_MAX, Typed, openable};

use crate::limits::{LISTED_MAX, PAGE_ROWS};
use crate::ui::part;
use crate::url;

/// The title of the page on which it begins.
pub(super) const OPEN: &str = "开设账号";

pub(super) fn form() -> Markup {
    html! {
        form.card.narrow method="post" action=(url::ACCOUNTS_OPEN) {
            h2 { "开设一个账号" }
            div.field { label for="role" { "角色" } select #role name="role" required {
                @for role in openable() { option value=(role.key()) { (role.label()) } }
            } }
            div.field { label for="name" { "姓名" } input #name name="name" maxlength="40" autocomplete="off" aria-describedby="name-help";
                p.help #name-help { "本人实名。单位的人不知道姓名时可以空着,由本人激活时填写。" } }
            div.field { label for="usci" { "统一社会信用代码(单位的人)" } input #usci name="usci" maxlength="18" autocomplete="off"; }
            div.field { label for="area" { "区划代码(统计机构的人)" } input #area name="area" maxlength="12" inputmode="numeric" autocomplete="off"; }
            div.field { label for="login" { "账号" } input #login name="login" maxlength="40" autocomplete="off" aria-describedby="login-help";
                p.help #login-help { "单位的人空着时用统一社会信用代码(单位负责人加 -fz)。统计人员登记中同单位、同姓名、还没有账号的只有一位的,自动对应。" } }
            div.form-actions { button.button.primary type="submit" { "开设" } }
        }
        form.card.narrow method="post" enctype="multipart/form-data" action=(url::ACCOUNTS_TABLE) {
            h2 { "按名单开设" }
            label.drop { span.drop-says { "选择或拖入名单(xlsx、csv)" } input type="file" name="file" accept=".xlsx,.xls,.et,.csv" required; }
            p.hint { "第一行是表头,列的次序不限:角色(必有)、姓名、账号、统一社会信用代码、区划代码。先逐行核对,再开设;有错的行说明原因,不影响其他行。一次最多 " (OPENED_MAX) " 行。" }
            div.form-actions { button.button.primary type="submit" { "核对" } }
        }
        section.card.narrow {
            h2 { "为没有账号的单位开设" }
            p { "列出名录库中一个账号也没有的单位,选中或全选,一次开设。" }
            div.form-actions { a.button href=(url::ACCOUNTS_UNITS) { "没有账号的单位" } a.button href=(url::ACCOUNTS_WAITING) { "待激活的账号和激活信" } }
        }
    }
}

pub(super) fn looked(table: &Table, looked: &Looked, (opens, wrong): (usize, usize), kept: &str) -> Markup {
    html! {
        dl.facts.wide.card {
            div { dt { "名单" } dd { (table.file_name) ",工作表“" (table.sheet) "”" } }
            @for (meant, column) in &table.recognised { div { dt { (meant) } dd { "“" (column) "”列" } } }
            @if !table.unused.is_empty() { div { dt { "没有用到的列" } dd { (table.unused.join("、")) } } }
        }
        form.bulk method="post" enctype="multipart/form-data" action=(url::ACCOUNTS_TAKE) {
            input type="hidden" name="name" value=(table.file_name);
            input type="hidden" name="shown" value=(opens);
            input type="hidden" name="kept" value=(kept);
            span { "共 " (looked.len()) " 行:" (opens) " 行可以开设," (wrong) " 行有错。" }
            @if opens > 0 { button.button.primary type="submit" { "开设 " (opens) " 个账号" } }
            a.button href=(url::ACCOUNTS_OPEN) { "换一个名单" }
        }
        @if wrong > 0 { p.notice.explain { "有错的 " (wrong) " 行不开设,其他行照常开设。改正以后,可以把同一份名单再送来:已经开设的行会指出账号已有。" } }
        (wrong_rows(looked, wrong))
        (right_rows(looked, opens))
    }
}

fn wrong_rows(looked: &Looked, count: usize) -> Markup {
    let rows = looked.iter().filter_map(|(typed, fate)| match fate {
        Fate::Wrong(reason) => Some((typed, reason)),
        Fate::Opens(_) => None,
    });
    html! { @if count > 0 { section.stack {
        h2 { "有错的行 " (count) " 行" }
        div.table-box tabindex="0" role="region" aria-label="有错的行" { table.table {
            thead { tr { th.num { "行" } th { "账号" } th { "姓名" } th { "角色" } th { "单位代码或区划" } th { "哪里有错" } } }
            tbody { @for (typed, reason) in rows.take(LISTED_MAX) { tr {
                td.num { (typed.row) } td { (typed.login) } td { (typed.name) } td { (typed.role) } td { (where_typed(typed)) } td.wrap { (reason) }
            } } }
        } }
        (others(count))
    } } }
}

fn where_typed(typed: &Typed) -> &str {
    if typed.usci.is_empty() { &typed.area } else { &typed.usci }
}

fn right_rows(looked: &Looked, count: usize) -> Markup {
    let rows = looked.iter().filter_map(|(typed, fate)| match fate {
        Fate::Opens(new) => Some((typed.row, new.as_ref())),
        Fate::Wrong(_) => None,
    });
    html! { @if count > 0 { section.stack {
        h2 { "可以开设的行 " (count) " 行" }
        div.table-box tabindex="0" role="region" aria-label="可以开设的行" { table.table {
            thead { tr { th.num { "行" } th { "账号" } th { "姓名" } th { "角色" } th { "单位或区划" } th { "统计人员登记" } } }
            tbody { @for (row, new) in rows.take(LISTED_MAX) { (right_row(row, new)) } }
        } }
        (others(count))
    } } }
}

fn right_row(row: u32, new: &NewAccount) -> Markup {
    html! { tr {
        td.num { (row) } td { span.code { (new.login) } } td { (new.name) } td { (new.role.label()) } td.wrap { (new.place) }
        td { @if new.staff.is_some() { span.badge.done { "对应已登记的本人" } } }
    } }
}

/// Nothing is dropped silently.
fn others(count: usize) -> Markup {
    html! { @if count > LISTED_MAX { p.hint { "另有 " (count - LISTED_MAX) " 行没有逐行列出。" } } }
}

pub(super) fn units(found: &Page<Without>, search: &str) -> Markup {
    html! {
        form.filters action=(url::ACCOUNTS_UNITS) role="search" aria-label="查找没有账号的单位" {
            div.field { label for="units-search" { "单位名称或代码" } input #units-search name="search" value=(search); }
            button.button type="submit" { "查找" }
        }
        @if found.rows.is_empty() { (part::empty("没有这样的单位", "名录库中每个单位都有账号,或者请换一个条件。")) }
        @else {
            form.stack method="post" action=(url::ACCOUNTS_UNITS) data-bulk {
                input type="hidden" name="search" value=(search);
                fieldset.card.narrow {
                    legend { "开设哪些账号" }
                    div.field { label { input type="checkbox" name="role" value=(Role::Statistician.key()) checked; " 填报人(账号为统一社会信用代码)" } }
                    div.field { label { input type="checkbox" name="role" value=(Role::UnitHead.key()); " 单位负责人(账号为统一社会信用代码加 -fz)" } }
                    div.field { label { input type="checkbox" name="all" value="yes"; " 为所有尚无账号的单位开设(共 " (part::count(found.total)) " 家,一次最多 " (OPENED_MAX) " 个账号)" } }
                    div.form-actions { button.button.primary type="submit" { "核对" } a.button href=(url::with_query(url::ACCOUNTS_UNITS_CSV, &[("search", search)])) { "下载名单,填好姓名再送来" } }
                }
                div.table-head { (part::shown(found)) }
                div.table-box tabindex="0" role="region" aria-label="没有账号的单位" { table.table {
                    thead { tr { th { "选" } th { "单位" } th { "统一社会信用代码" } th { "填报人姓名" } } }
                    tbody { @for one in &found.rows { (unit_row(one)) } }
                } }
            }
            (part::pager(found, url::ACCOUNTS_UNITS, &[("search", search)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn unit_row(one: &Without) -> Markup {
    let usci = one.unit.usci;
    html! { tr {
        td { input.pick type="checkbox" name="unit" value=(usci) aria-label={ "选中 " (one.unit.name) }; }
        th scope="row" { (one.unit.name) }
        td { span.code { (usci) } }
        td { input.text name={ "name." (usci) } value=(one.name) maxlength="40" autocomplete="off" aria-label={ (one.unit.name) " 填报人姓名" }; }
    } }
}
