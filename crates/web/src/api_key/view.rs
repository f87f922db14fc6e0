//! Keys as markup: the fresh secret, the list, the form, an example, and the question before a key is ended.

use maud::{Markup, html};
use youju_app::api_key::{Created, Listed};
use youju_codes::Period;
use youju_domain::Instant;
use youju_domain::api_key::{ApiKey, MONTHS_MAX, NAME_CHARS_MAX, Standing, Use};
use youju_domain::register::Unit;

use crate::ui::part;
use crate::url;

/// What the page shows.
pub(super) struct Page<'a> {
    pub unit: &'a Unit,
    pub period: Period,
    pub keys: &'a [Listed],
    pub created: Option<&'a Created>,
    /// Whether the person may make keys.
    pub makes: bool,
    pub now: Instant,
    /// How programs reach this server, as far as it can tell.
    pub server: String,
}

pub(super) fn keys(shown: &Page<'_>) -> Markup {
    html! {
        @if let Some(created) = shown.created { (secret(created)) }
        (table(shown))
        @if shown.makes { (create_form(shown)) }
        @else { p.hint { "新建密钥由本单位的填报人办理;填报人和单位负责人都可以停用。" } }
        (example(shown))
    }
}

fn secret(created: &Created) -> Markup {
    html! {
        section.card {
            h2 { "新的接口密钥:" (created.key.name) }
            div.notice.explain role="status" {
                strong { "请现在复制并保存。" }
                p { "密钥只显示这一次,离开本页后任何人都看不到;遗失的,请停用后新建。请像密码一样保管,不要发给他人。" }
            }
            div.field {
                label for="secret" { "密钥" }
                input #secret class="code" readonly value=(created.secret) autocomplete="off" spellcheck="false" aria-describedby="secret-help";
                p.help #secret-help { "点入框内,按 Ctrl+A 全选、Ctrl+C 复制,粘贴到财务软件的接口设置中。" }
            }
        }
    }
}

fn badge(standing: Standing) -> Markup {
    let class = match standing {
        Standing::Active => "done",
        Standing::Expired => "explain",
        Standing::Revoked => "",
    };
    html! { span class={ "badge " (class) } { (standing.label()) } }
}

fn table(shown: &Page<'_>) -> Markup {
    html! {
        @if shown.keys.is_empty() {
            (part::empty("还没有接口密钥", "软件需要自动报送台账或办理事项时,请由填报人新建。"))
        } @else {
            div.table-head { span { "共 " (shown.keys.len()) " 个" } }
            div.table-box tabindex="0" role="region" aria-label="接口密钥清单" { table.table {
                thead { tr { th { "名称" } th { "密钥" } th { "用途" } th { "状态" } th { "新建" } th { "有效期至" } th { "最近使用" } th { "办理" } } }
                tbody { @for Listed { key, by } in shown.keys { tr {
                    th scope="row" { (key.name) }
                    td { code { (key.prefix) "…" } }
                    td.nowrap { (key.uses.label()) }
                    td { (badge(key.standing(shown.now))) }
                    td { (by) " " (part::instant(key.at)) }
                    td.nowrap { (key.last_day()) }
                    td { @match key.last_used_at { Some(at) => (part::instant(at)), None => "没有使用过" } }
                    td { @match key.revoked {
                        Some((at, _)) => { "停用于 " (part::instant(at)) },
                        None => a href=(url::api_key_revoke(key.id)) { "停用" },
                    } }
                } } }
            } }
        }
    }
}

fn create_form(shown: &Page<'_>) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::api_keys(shown.unit.id)) {
            h2 { "新建接口密钥" }
            div.field {
                label for="name" { "名称" }
                input #name name="name" required maxlength=(NAME_CHARS_MAX) placeholder="如:用友接口" aria-describedby="name-help";
                p.help #name-help { "写明用在哪个软件。用密钥办理的事,操作日志记在您的名下,并写明这个名称。" }
            }
            fieldset {
                legend { "用途" }
                label.choice { input type="checkbox" name="use" value=(Use::Ledgers.key()) checked; " 台账:报送台账,查看本单位一个数的来源、去向和经手人" }
                label.choice { input type="checkbox" name="use" value=(Use::Cases.key()); " 事项:提出、查看和办理本单位的事项,记在您的名下;签字和现场办理除外" }
                p.help { "只选软件用得到的。新建以后不能改,要改的,请停用后新建。" }
            }
            div.field {
                label for="last-day" { "有效期至" }
                input #last-day name="last_day" type="date" aria-describedby="last-day-help";
                p.help #last-day-help { "不填为一年,最长 " (MONTHS_MAX) " 个月。您不再是本单位填报人时,密钥随即失效。" }
            }
            div.form-actions { button.button.primary type="submit" { "新建" } }
        }
    }
}

/// A request that somebody can try at once.
fn example(shown: &Page<'_>) -> Markup {
    let address = format!("{}{}", shown.server, url::api_trial_balance(shown.unit.usci.as_str(), shown.period));
    let records =
        format!("{}{}", shown.server, url::api_records(shown.unit.usci.as_str(), shown.period, "voucher_journal"));
    html! {
        section.card {
            h2 { "怎样使用" }
            p { "报送 " (shown.period.label()) " 的科目余额表,例如:" }
            pre.excerpt { code {
                "curl -X POST -H \"Authorization: Bearer 密钥\" -H \"Content-Type: application/octet-stream\" \\\n"
                "  --data-binary @科目余额表.xlsx \\\n"
                "  \"" (address) "?file_name=科目余额表.xlsx\""
            } }
            p { "凭证序时簿等原始记录报送到 " code { (records) } " 等地址。查看本期已导入的内容,用 GET 请求 " code { (url::api_ledger(shown.unit.usci.as_str(), shown.period)) } "。" }
            p { "办理事项用 " code { (url::api_cases(shown.unit.usci.as_str())) } " 等地址。" }
            p { "软件开发人员请看 " a href=(url::API_DOCUMENT) { "接口说明(OpenAPI 3.1)" } "。" }
        }
    }
}

pub(super) fn confirm(key: &ApiKey, now: Instant) -> Markup {
    let back = url::api_keys(key.unit);
    html! {
        section.card.narrow {
            dl.facts {
                dt { "名称" } dd { (key.name) }
                dt { "密钥" } dd { code { (key.prefix) "…" } }
                dt { "用途" } dd { (key.uses.label()) }
                dt { "状态" } dd { (badge(key.standing(now))) }
                dt { "有效期至" } dd { (key.last_day()) }
                dt { "最近使用" } dd { @match key.last_used_at { Some(at) => (part::instant(at)), None => "没有使用过" } }
            }
            @if key.revoked.is_some() {
                p { "这个密钥已经停用。" }
                div.form-actions { a.button href=(back) { "返回" } }
            } @else {
                p { "停用后,使用它的软件立即不能再报送和办理,也不能恢复;已导入的台账和办理过的事项不受影响。确定要停用吗?" }
                form method="post" action=(url::api_key_revoke(key.id)) {
                    div.form-actions {
                        button.button.danger type="submit" { "停用" }
                        a.button href=(back) { "不停用,返回" }
                    }
                }
            }
        }
    }
}
