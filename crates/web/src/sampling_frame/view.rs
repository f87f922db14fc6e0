//! The pages of 抽样框.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::sampling_frame::Preview;
use youju_codes::{AreaCode, Industry, area};
use youju_domain::register::{Kind, Listing};
use youju_domain::sampling_frame::{
    AT_ONCE_UNITS_MAX, Bounds, Comparison, Definition, Encoding, Freezing, FreezingState, Snapshot, Strata,
};

use crate::fields::Fields;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// The ways on from the list.
pub(super) fn actions() -> Markup {
    html! {
        a.button.primary href=(url::SAMPLING_FRAMES_NEW) { "新的抽样框" }
        a.button href=(url::SAMPLING_FRAMES_VERIFY) { "核对" }
    }
}

fn place(code: &AreaCode) -> String {
    area::name(code).unwrap_or(code.as_str()).to_owned()
}

/// Where a freezing stands, as a word and a colour.
pub(super) fn badge(state: FreezingState) -> Markup {
    let class = match state {
        FreezingState::Waiting | FreezingState::Running => "todo",
        FreezingState::Done => "done",
        FreezingState::Broken => "error",
    };
    html! { span class={ "badge " (class) } { (state.label()) } }
}

/// A frame that the server reads beside the pages: how far it is, or why it broke.
pub(super) fn freezing(one: &Freezing) -> Markup {
    let is_broken = one.state == FreezingState::Broken;
    html! {
        section.card.stack {
            p role="status" { (one.says) }
            @if !is_broken {
                p.muted { "单位多,由服务器在后台冻结,可以离开这一页;冻结完成以后,这一页就是抽样框。" }
                div.form-actions { a.button href=(url::sampling_frame(one.id)) { "刷新" } }
            } @else { div.form-actions { a.button href=(url::SAMPLING_FRAMES_NEW) { "重新定义" } } }
        }
        section.card { dl.facts { (definition(&one.definition)) dt { "提出" } dd { (part::instant(one.at)) } } }
    }
}

/// Those that are not frames yet.
fn unfinished(found: &[Freezing]) -> Markup {
    html! { @if !found.is_empty() { section.stack {
        h2 { "没有完成的冻结" }
        ul.list { @for one in found { li {
            div.main { a href=(url::sampling_frame(one.id)) { (one.definition.name) } p.about { (one.says) } }
            (badge(one.state))
        } } }
    } } }
}

pub(super) fn list(found: &Page<Snapshot>, waiting: &[Freezing]) -> Markup {
    html! { (unfinished(waiting)) @if found.total == 0 { (part::empty("还没有抽样框", "点“新的抽样框”,先写定义、看各层单位数,再冻结。")) }
    @else {
        div.table-head { (part::shown(found)) }
        div.table-box tabindex="0" role="region" aria-label="抽样框" { table.table {
            thead { tr { th { "名称" } th { "地区" } th { "基准日" } th.num { "单位数" } th { "冻结" } th { "SHA-256(UTF-8)" } } }
            tbody { @for one in &found.rows { tr {
                th scope="row" { a href=(url::sampling_frame(one.id)) { (one.definition.name) } }
                td { (place(&one.definition.area)) }
                td { (one.definition.on) }
                td.num { (part::count(one.rows)) }
                td { (one.by_name) " " (part::instant(one.at)) }
                td { span.code { (one.sha256.chars().take(16).collect::<String>()) "…" } }
            } } }
        } }
        (part::pager(found, url::SAMPLING_FRAMES, &[], PAGE_ROWS.unsigned_abs()))
    } }
}

fn text_field(fields: &Fields, name: &str, word: &str, is_must: bool) -> Markup {
    html! { div.field { label for=(name) { (word) } input id=(name) name=(name) value=(fields.get(name)) required[is_must] maxlength="200"; } }
}

fn boxes(fields: &Fields, name: &str, legend: &str, choices: &[(&str, &str)]) -> Markup {
    html! { fieldset.field { legend { (legend) "(都不选即全部)" }
        @for (key, word) in choices { label { input type="checkbox" name=(name) value=(key) checked[fields.all(name).any(|one| one == *key)]; " " (word) " " } }
    } }
}

pub(super) fn new(fields: &Fields, counted: Option<&Preview>, own: &AreaCode, today: NaiveDate) -> Markup {
    let on = if fields.get("on").is_empty() { today.to_string() } else { fields.get("on").to_owned() };
    let area = if fields.get("area").is_empty() { own.as_str() } else { fields.get("area") };
    let listings = [Listing::Outside, Listing::Sample].map(|one| (one.key(), one.label()));
    html! {
        form.card.narrow action=(url::SAMPLING_FRAMES_NEW) {
            (text_field(fields, "name", "名称(例如“2026 年限下零售抽样框”)", true))
            (text_field(fields, "purpose", "用途和交付给谁", true))
            div.field { label for="on" { "基准日" } input #on name="on" type="date" required value=(on) max=(today) aria-describedby="on-help"; p.help #on-help { "单位按这一天的情况取:此后的变更、退出不影响,此前的才算。" } }
            div.field { label for="area" { "区划代码" } input #area name="area" value=(area) required; }
            (text_field(fields, "industries", "行业(门类字母或 2 至 4 位代码,空格隔开;不填为全部)", false))
            (boxes(fields, "listing", "纳入情况", &listings))
            (boxes(fields, "kind", "单位类型", &Kind::choices()))
            (text_field(fields, "staff_least", "从业人员不少于(人)", false))
            (text_field(fields, "staff_below", "从业人员少于(人)", false))
            (text_field(fields, "revenue_least", "营业收入不少于(千元)", false))
            (text_field(fields, "revenue_below", "营业收入少于(千元)", false))
            div.field { label for="unknown" { "从业人员或营业收入不明的单位" } select #unknown name="unknown" {
                option value="yes" { "包括在内(漏掉会使抽样框有偏)" }
                option value="no" selected[fields.get("unknown") == "no"] { "不包括" }
            } }
            div.form-actions { button.button.primary type="submit" { "看各层单位数" } }
        }
        @if let Some(counted) = counted { (preview(fields, counted)) }
    }
}

fn preview(fields: &Fields, counted: &Preview) -> Markup {
    html! {
        section.stack {
            @if let Some(rows) = counted.rows { h2 { "共 " (part::count(rows)) " 个单位,分 " (counted.strata.len()) " 层" } }
            @else {
                h2 { "单位太多,不先计数" }
                p.notice { "这个地区的名录库有 " (part::count(counted.units)) " 个单位,超过 " (part::count(AT_ONCE_UNITS_MAX)) " 个的不先计数。冻结由服务器在后台进行,各层单位数冻结以后列出。" }
            }
            @if counted.unknown > 0 { p.notice { "其中 " (part::count(counted.unknown)) " 个单位缺少划分规模所需的数,归入“不明”。" } }
            (strata(&counted.strata))
            @if counted.rows != Some(0) {
                form.card.narrow method="post" action=(url::SAMPLING_FRAMES) data-confirm="冻结后不能再改。确定冻结吗?" {
                    @for (name, value) in fields.pairs() { input type="hidden" name=(name) value=(value); }
                    p { "冻结时按同一定义重新取数,存下全部单位和 SHA-256,以后不再改动。" }
                    div.form-actions { button.button.primary type="submit" { "冻结" } }
                }
            }
        }
    }
}

/// Strata by division, each with its sizes; townships are added up, as the file holds them singly.
fn strata(strata: &Strata) -> Markup {
    const SIZES: [&str; 5] = ["大型", "中型", "小型", "微型", "不明"];
    let mut divisions: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    let mut townships: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for (stratum, count) in strata {
        *divisions.entry(&stratum.division).or_default().entry(&stratum.size).or_default() += count;
        *townships.entry(&stratum.township).or_default().entry(&stratum.size).or_default() += count;
    }
    let division = |code: &str| Industry::parse(code).map_or(code.to_owned(), |one| format!("{code} {}", one.name()));
    let township = |code: &str| AreaCode::parse(code).map_or(code.to_owned(), |code| place(&code));
    let table = |caption: &str, rows: Vec<(String, &BTreeMap<&str, u64>)>| {
        html! { div.table-box tabindex="0" role="region" aria-label=(caption) { table.table {
            caption { (caption) }
            thead { tr { th { "分组" } @for size in SIZES { th.num { (size) } } th.num { "合计" } } }
            tbody { @for (name, sizes) in rows { tr {
                th scope="row" { (name) }
                @for size in SIZES { td.num { (part::count(sizes.get(size).copied().unwrap_or_default())) } }
                td.num { (part::count(sizes.values().sum())) }
            } } }
        } } }
    };
    html! {
        (table("按行业大类和规模(家)", divisions.iter().map(|(code, sizes)| (division(code), sizes)).collect()))
        (table("按乡镇和规模(家)", townships.iter().map(|(code, sizes)| (township(code), sizes)).collect()))
    }
}

fn bounds(word: &str, bounds: Bounds) -> Markup {
    html! { @if bounds != Bounds::default() {
        dt { (word) } dd { @if let Some(least) = bounds.least { "不少于 " (least) " " } @if let Some(below) = bounds.below { "少于 " (below) } }
    } }
}

fn definition(one: &Definition) -> Markup {
    let or_all = |list: Vec<String>| if list.is_empty() { "全部".to_owned() } else { list.join("、") };
    let listings = one.listings.iter().filter_map(|key| Listing::from_key(key)).map(|one| one.label().to_owned());
    let kinds = one.kinds.iter().filter_map(|key| Kind::from_key(key)).map(|one| one.label().to_owned());
    html! {
        dt { "用途" } dd { (one.purpose) }
        dt { "地区" } dd { (area::path(&one.area)) }
        dt { "基准日" } dd { (one.on) }
        dt { "行业" } dd { (or_all(one.industries.clone())) }
        dt { "纳入情况" } dd { (or_all(listings.collect())) }
        dt { "单位类型" } dd { (or_all(kinds.collect())) }
        (bounds("从业人员(人)", one.employees)) (bounds("营业收入(千元)", one.revenue))
        @if one.employees != Bounds::default() || one.revenue != Bounds::default() {
            dt { "数值不明的单位" } dd { @if one.with_unknown { "包括在内" } @else { "不包括" } }
        }
    }
}

pub(super) fn snapshot(one: &Snapshot, others: &[Snapshot]) -> Markup {
    html! {
        section.card { dl.facts {
            (definition(&one.definition))
            dt { "单位数" } dd { (part::count(one.rows)) }
            dt { "截至" } dd { (part::instant(one.known_at)) " 以前登记的内容" }
            dt { "冻结" } dd { (one.by_name) " " (part::instant(one.at)) }
            @for encoding in Encoding::ALL { dt { "SHA-256(" (encoding.label()) ")" } dd { span.code { (one.hash(encoding)) } } }
        } }
        section.stack {
            h2 { "交付" }
            p { "一个压缩包:CSV、说明、清单(manifest.json)和 SHA256SUMS。接收方用 SHA256SUMS 或" a href=(url::SAMPLING_FRAMES_VERIFY) { "核对" } "页面验证。下载会记入日志。" }
            div.row { @for encoding in Encoding::ALL { a.button href=(url::sampling_frame_file(one.id, encoding)) { "下载 " (encoding.label()) } } }
        }
        section.stack {
            h2 { "与另一份对照" }
            @if others.len() < 2 { p.muted { "还没有别的抽样框可以对照。" } }
            @else { ul { @for other in others.iter().filter(|other| other.id != one.id) { li {
                a href=(url::sampling_frame_compare(one.id, other.id)) { (other.definition.name) "(" (other.definition.on) "," (part::count(other.rows)) " 个单位)" }
            } } } }
        }
        section.stack { h2 { "各层单位数" } (strata(&one.strata)) }
    }
}

pub(super) fn verify(done: Option<(&str, &[(Snapshot, Encoding)])>) -> Markup {
    html! {
        @if let Some((hash, found)) = done {
            @if found.is_empty() {
                p.notice { "不是这里交付的抽样框:没有一份的 SHA-256 是 " span.code { (hash) } "。用表格软件打开后另存的文件会变,请用压缩包中的原件核对。" }
            } @else { section.card { h2 { "是这里交付的抽样框" }
                @for (one, encoding) in found { dl.facts {
                    dt { "名称" } dd { (one.definition.name) }
                    dt { "地区" } dd { (area::path(&one.definition.area)) }
                    dt { "基准日" } dd { (one.definition.on) }
                    dt { "单位数" } dd { (part::count(one.rows)) }
                    dt { "冻结" } dd { (one.by_name) " " (part::instant(one.at)) }
                    dt { "编码" } dd { (encoding.label()) }
                    dt { "SHA-256" } dd { span.code { (hash) } }
                } }
            } }
        }
        form.card.narrow method="post" enctype="multipart/form-data" action=(url::SAMPLING_FRAMES_VERIFY) {
            div.field { label for="file" { "CSV 原件" } input #file name="file" type="file" accept=".csv"; }
            div.field { label for="hash" { "或者它的 SHA-256(64 位)" } input #hash name="hash" maxlength="100" spellcheck="false"; }
            div.form-actions { button.button.primary type="submit" { "核对" } }
        }
    }
}

pub(super) fn compared(before: &Snapshot, now: &Snapshot, found: &Comparison) -> Markup {
    let all = found.came + found.left + found.moved;
    html! {
        section.card { dl.facts {
            dt { "未变" } dd { (part::count(found.same)) }
            dt { "新进" } dd { (part::count(found.came)) }
            dt { "退出" } dd { (part::count(found.left)) }
            dt { "换层" } dd { (part::count(found.moved)) }
        } }
        @if all == 0 { (part::empty("两份相同", "单位和层都没有变化。")) }
        @else {
            div.table-head {
                span.table-count { "共 " (part::count(all)) " 条,显示前 " (found.shown.len()) " 条" }
                a.button.small href=(url::sampling_frame_compare_csv(now.id, before.id)) { "导出全部" }
            }
            div.table-box tabindex="0" role="region" aria-label="前后对照" { table.table {
                thead { tr { th { "情形" } th { "单位" } th { "原层(行业大类/乡镇/规模)" } th { "现层" } } }
                tbody { @for one in &found.shown { @let [what, _, name, old, new] = one.cells(); tr {
                    td { (what) } th scope="row" { (name) } td { span.code { (old) } } td { span.code { (new) } }
                } } }
            } }
        }
    }
}
