//! Enumerators as markup.

use maud::{Markup, html};
use youju_app::enumerator::{Engaged, Held, Sheet, lacking};
use youju_codes::format_number;
use youju_domain::enumerator::{Pay, Rate, SCORE_MAX, SCORE_PASSED, Terms, total};
use youju_domain::id::OrganisationId;

use crate::ui::part;
use crate::url;

fn lacks(one: &Engaged) -> Markup {
    html! { @for lack in lacking(one) { span.badge.error { (lack.label()) } " " } }
}

/// A table of engagements.
pub(super) fn list(found: &[Engaged], has_ended: bool, with_filter: bool) -> Markup {
    let lacking_number = found.iter().filter(|one| !lacking(one).is_empty()).count();
    html! {
        @if with_filter {
            form.filters action=(url::ENUMERATORS) {
                div.field { label for="ended" { "聘用" } select #ended name="ended" {
                    @for (value, word) in [("", "在聘"), ("yes", "已结束")] { option value=(value) selected[(value == "yes") == has_ended] { (word) } }
                } }
                button.button type="submit" { "查看" }
            }
            form.filters action=(url::ENUMERATORS_CSV) {
                div.field { label for="month" { "月份" } input #month name="month" placeholder="2026-03" required; }
                button.button type="submit" { "下载报酬表" }
            }
        }
        @if found.is_empty() { (part::empty("没有辅助调查员", "先办理选聘;同意以后自动登记在这里。已登记任职的,从机构的页面聘用。")) }
        @else {
            div.table-head { span.table-count { "共 " (found.len()) " 人" @if !has_ended { ",其中 " (lacking_number) " 人手续不全" } } }
            div.table-box tabindex="0" role="region" aria-label="辅助调查员" { table.table {
                thead { tr { th { "姓名" } th { "机构" } th { "责任区域" } th { "调查项目" } th { "督导人员" } th { "聘用起" } th.num { "最近考核" } th { "缺少" } } }
                tbody { @for one in found { tr {
                    th scope="row" { a href=(url::enumerator(one.engagement.id)) { (one.name) } }
                    td { a href=(url::organisation_enumerators(one.at)) { (one.place) } }
                    td.wrap { (one.engagement.terms.area.join("、")) }
                    td.wrap { (one.engagement.terms.surveys) }
                    td { (one.supervisor_name.as_deref().unwrap_or_default()) }
                    td { (one.engagement.since) @if let Some(until) = one.engagement.until { " 至 " (until) } }
                    td.num { @if let Some(score) = one.score { (score) } }
                    td.wrap { @if one.engagement.until.is_none() { (lacks(one)) } }
                } } }
            } }
        }
    }
}

fn terms_fields(terms: &Terms, colleagues: &[Held]) -> Markup {
    html! {
        div.field { label for="area" { "责任区域(村、网格或样本单位,用顿号隔开)" } input #area name="area" value=(terms.area.join("、")) required; }
        div.field { label for="surveys" { "承担的调查项目" } input #surveys name="surveys" value=(terms.surveys) required maxlength="100"; }
        div.field { label for="agreement" { "聘用协议(编号)" } input #agreement name="agreement" value=(terms.agreement) maxlength="100"; }
        div.field { label for="secrecy" { "保密承诺签订日期" } input #secrecy name="secrecy" type="date" value=[terms.secrecy_on]; }
        @if !colleagues.is_empty() {
            div.field { label for="supervisor" { "督导人员" } select #supervisor name="supervisor" {
                option value="" { "没有指定" }
                @for one in colleagues { option value=(one.tenure.staff) selected[terms.supervisor == Some(one.tenure.staff)] { (one.name) "(" (one.tenure.duty.label()) ")" } }
            } }
        }
    }
}

/// Engaging somebody.
pub(super) fn new(at: OrganisationId, free: &[Held]) -> Markup {
    html! {
        @if free.is_empty() { (part::empty("没有待聘用的辅助调查员", "先办理选聘,或者在“统计人员”中登记岗位为辅助调查员的任职。")) }
        @else { form.card.narrow method="post" action=(url::organisation_enumerators_new(at)) {
            div.field { label for="tenure" { "辅助调查员" } select #tenure name="tenure" required {
                @for one in free { option value=(one.tenure.id) { (one.name) } }
            } }
            div.field { label for="since" { "聘用日期" } input #since name="since" type="date" required; }
            (terms_fields(&Terms::default(), &[]))
            div.form-actions { button.button.primary type="submit" { "聘用" } }
        } }
    }
}

/// Somebody's engagement with a month.
pub(super) fn sheet(sheet: &Sheet) -> Markup {
    let (one, terms) = (&sheet.engaged, &sheet.engaged.engagement.terms);
    html! {
        section.card { dl.facts {
            dt { "聘用" } dd { (one.engagement.since) " 起" @if let Some(until) = one.engagement.until { ",至 " (until) @if let Some(why) = &one.engagement.left_by { "(" (why) ")" } } }
            dt { "责任区域" } dd { (terms.area.join("、")) }
            dt { "调查项目" } dd { (terms.surveys) }
            dt { "督导人员" } dd { (one.supervisor_name.as_deref().unwrap_or("没有指定")) }
            dt { "聘用协议" } dd { @if terms.agreement.is_empty() { "没有" } @else { (terms.agreement) } }
            dt { "保密承诺" } dd { @match terms.secrecy_on { Some(on) => (on), None => "没有签订" } }
            dt { "培训" } dd { (sheet.trainings.len()) " 次 " @if sheet.may_write { a href=(url::staff(one.staff)) { "培训和资格" } } }
            @if one.engagement.until.is_none() && !lacking(one).is_empty() { dt { "缺少" } dd { (lacks(one)) } }
        } }
        (month(sheet))
        (appraisals(sheet))
        @if sheet.may_write && one.engagement.until.is_none() { (acts(sheet)) }
    }
}

fn month(sheet: &Sheet) -> Markup {
    let (one, key) = (&sheet.engaged.engagement, sheet.month.to_string());
    html! { section.stack {
        h2 { (sheet.month.label()) "报酬" }
        form.filters action=(url::enumerator(one.id)) {
            div.field { label for="which" { "月份" } input #which name="month" value=(key) required; }
            button.button type="submit" { "查看" }
        }
        @if sheet.lines.is_empty() { (part::empty("这个月没有登记工作量", "登记以后按报酬标准算出每一项。")) }
        @else {
            div.table-box tabindex="0" role="region" aria-label="报酬" { table.table {
                thead { tr { th { "工作内容" } th.num { "金额(元)" } th { "依据" } } }
                tbody { @for line in &sheet.lines { tr { th scope="row" { (line.task) } td.num { (format_number(&line.sum)) } td.wrap { (line.ground()) } } } }
                tfoot { tr { th scope="row" { "合计" } td.num { (format_number(&total(&sheet.lines))) } td { (standing(sheet.pay.as_ref())) } } }
            } }
        }
        @if sheet.may_write { (pay_forms(sheet, &key)) }
        (work(sheet, &key))
    } }
}

fn standing(pay: Option<&Pay>) -> Markup {
    html! { @match pay {
        None => span.badge.todo { "待确认" },
        Some(Pay { paid: None, confirmed_name, confirmed_at, .. }) => { span.badge.explain { "已确认,待发放" } " " (confirmed_name) " " (part::instant(*confirmed_at)) }
        Some(Pay { paid: Some(paid), .. }) => { span.badge.done { "已发放" } " " (paid.by_name) " " (part::instant(paid.at)) " " (paid.document) }
    } }
}

fn pay_forms(sheet: &Sheet, month: &str) -> Markup {
    let id = sheet.engaged.engagement.id;
    html! { @match &sheet.pay {
        None if !sheet.lines.is_empty() => form method="post" action=(url::enumerator_act(id, "confirm")) {
            input type="hidden" name="month" value=(month);
            p.hint { "由督导人员确认;确认以后这个月不能再改,由另一位标记发放。" }
            button.button.primary type="submit" { "确认" }
        },
        Some(Pay { paid: None, .. }) => form.narrow method="post" action=(url::enumerator_act(id, "pay")) {
            input type="hidden" name="month" value=(month);
            div.field { label for="document" { "发放凭证(凭证号或银行批次)" } input #document name="document" required maxlength="100"; }
            div.form-actions { button.button.primary type="submit" { "标记已发放" } }
        },
        _ => {},
    } }
}

fn work(sheet: &Sheet, month: &str) -> Markup {
    let id = sheet.engaged.engagement.id;
    let name = |rate| sheet.rates.iter().find(|one| one.id == rate).map_or("", |one| one.task.as_str());
    let may_mend = sheet.may_write && sheet.pay.is_none();
    html! {
        @if !sheet.work.is_empty() { div.table-box tabindex="0" role="region" aria-label="工作量" { table.table {
            caption { "登记的工作量" }
            thead { tr { th { "日期" } th { "工作内容" } th.num { "数量" } th { "说明" } th { "登记人" } @if may_mend { th { "划去" } } } }
            tbody { @for one in &sheet.work { tr {
                td { (one.done_on) } td { (name(one.rate)) } td.num { (format_number(&one.quantity)) } td.wrap { (one.note) } td { (one.by_name) }
                @if may_mend { td { form method="post" action=(url::enumerator_act(id, "strike")) {
                    input type="hidden" name="month" value=(month);
                    input type="hidden" name="work" value=(one.id);
                    input type="hidden" name="done_on" value=(one.done_on);
                    input.text name="why" required minlength="4" maxlength="200" placeholder="原因" aria-label={ "划去 " (one.done_on) " 的原因" };
                    button.button.small type="submit" { "划去" }
                } } }
            } } }
        } } }
    }
}

fn appraisals(sheet: &Sheet) -> Markup {
    html! { section.stack {
        h2 { "考核" }
        @if sheet.appraisals.is_empty() { p.muted { "还没有考核。" } }
        @else { ul.list { @for one in &sheet.appraisals { li {
            div.main {
                (one.period.label()) " " strong { (one.score) " 分" } " "
                @if one.score < SCORE_PASSED { span.badge.error { "不合格" } }
                p.about { (one.grounds) "(" (one.by_name) "," (part::instant(one.at)) ")" }
            }
        } } } }
    } }
}

fn acts(sheet: &Sheet) -> Markup {
    let (one, month) = (&sheet.engaged.engagement, sheet.month.to_string());
    let act = |name| url::enumerator_act(one.id, name);
    let rates: Vec<&Rate> = sheet.rates.iter().filter(|rate| rate.until.is_none()).collect();
    html! {
        @if rates.is_empty() { p.notice.explain { "还没有报酬标准,不能登记工作量。请县级先在“报酬标准”中设定。" } }
        @else { form.card.narrow method="post" action=(act("work")) {
            h2 { "登记工作量" }
            input type="hidden" name="month" value=(month);
            div.field { label for="rate" { "工作内容" } select #rate name="rate" required {
                @for rate in rates { option value=(rate.id) { (rate.task) "(每" (rate.per) " " (format_number(&rate.amount)) " 元)" } }
            } }
            div.field { label for="done_on" { "日期" } input #done_on name="done_on" type="date" required; }
            div.field { label for="quantity" { "数量" } input #quantity name="quantity" inputmode="decimal" required; }
            div.field { label for="note" { "说明" } input #note name="note" maxlength="100"; }
            div.form-actions { button.button.primary type="submit" { "登记" } }
        } }
        form.card.narrow method="post" action=(act("appraise")) {
            h2 { "考核" }
            input type="hidden" name="month" value=(month);
            div.field { label for="period" { "时期" } input #period name="period" value=(month) required; }
            div.field { label for="score" { "分数" } input #score name="score" type="number" min="0" max=(SCORE_MAX) required; }
            div.field { label for="grounds" { "依据(本人能看到)" } input #grounds name="grounds" required minlength="4" maxlength="200"; }
            div.form-actions { button.button type="submit" { "保存" } }
        }
        form.card.narrow method="post" action=(act("change")) {
            h2 { "聘用约定" }
            input type="hidden" name="month" value=(month);
            input type="hidden" name="revision" value=(one.revision);
            (terms_fields(&one.terms, &sheet.colleagues))
            div.form-actions { button.button type="submit" { "保存" } }
        }
        form.card.narrow method="post" action=(act("end")) {
            h2 { "结束聘用" }
            input type="hidden" name="month" value=(month);
            div.field { label for="on" { "结束日期" } input #on name="on" type="date" required; }
            div.field { label for="why" { "原因" } input #why name="why" required minlength="4" maxlength="200"; }
            div.form-actions { button.button type="submit" { "结束" } }
        }
    }
}

/// What work is paid.
pub(super) fn rates(found: &[Rate], may_set: bool) -> Markup {
    html! {
        @if found.is_empty() { (part::empty("还没有报酬标准", "由县级设定,本县的乡镇都适用。")) }
        @else { div.table-box tabindex="0" role="region" aria-label="报酬标准" { table.table {
            thead { tr { th { "工作内容" } th { "单位" } th.num { "标准(元)" } th { "依据文件" } th { "启用" } th { "停用" } } }
            tbody { @for one in found { tr {
                th scope="row" { (one.task) } td { (one.per) } td.num { (format_number(&one.amount)) } td.wrap { (one.document) } td { (one.since) }
                td { @match one.until {
                    Some(until) => (until),
                    None => { @if may_set { form method="post" action=(url::rate_end(one.id)) {
                        input.text name="on" type="date" required aria-label={ (one.task) " 停用日期" };
                        button.button.small type="submit" { "停用" }
                    } } }
                } }
            } } }
        } } }
        @if may_set { form.card.narrow method="post" action=(url::ENUMERATOR_RATES) {
            h2 { "设定标准" }
            div.field { label for="task" { "工作内容" } input #task name="task" required maxlength="100" placeholder="入户调查"; }
            div.field { label for="per" { "单位" } input #per name="per" required maxlength="10" placeholder="户"; }
            div.field { label for="amount" { "标准(元)" } input #amount name="amount" inputmode="decimal" required; }
            div.field { label for="document" { "依据文件" } input #document name="document" required maxlength="100"; }
            div.field { label for="since" { "启用日期" } input #since name="since" type="date" required; }
            div.form-actions { button.button.primary type="submit" { "设定" } }
        } }
    }
}
