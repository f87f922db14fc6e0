//! Archive boxes as markup. Every share stands beside its numerator and denominator, everything missing leads to where it is mended.

use maud::{Markup, html};
use youju_app::archive::{Archive, Counted, Expired, Filled, Overview, Part, Passed};
use youju_app::compliance::Order;
use youju_codes::AreaCode;
use youju_domain::archive::{Counts, Duty, Evidence, Item, Judged, Piece, Place};
use youju_domain::attachment::Proves;
use youju_domain::id::UnitId;

use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// The name of an order in the address.
pub(super) const BY_NAME: &str = "name";

/// 齐全 or not; nothing owed is neither.
pub(super) fn verdict(counts: Counts) -> Markup {
    html! {
        @if counts.owed == 0 { span.badge { "没有到期的材料" } }
        @else if counts.there == counts.owed { span.badge.done { "齐全" } }
        @else { span.badge.error { "缺 " (counts.owed - counts.there) " 件" } }
    }
}

pub(super) fn to_expired() -> Markup {
    html! { a.button href=(url::ARCHIVE_EXPIRED) { "到期可鉴定" } }
}

pub(super) fn unit(archive: &Archive) -> Markup {
    let (unit, counts) = (archive.unit.id, archive.counts());
    html! {
        (years(archive))
        @if archive.filled.is_empty() {
            (part::empty("这一年没有应报的报表", "布置报表以后,这里逐项列出应归档的材料。"))
        } @else {
            div.figures {
                div { b { (part::share(counts.there, counts.owed)) } span { "已有 " (counts.there) " 件 ÷ 应有 " (counts.owed) " 件" } }
            }
            p.hint { "到了截止时间还没有的算缺,没到时间的不算。附件按文件名或说明里的字样归到各项,上传时请写明是什么。" }
            @for filled in &archive.filled { (programme(unit, filled)) }
            (projects(archive))
            (exports(archive))
        }
    }
}

fn years(archive: &Archive) -> Markup {
    html! {
        nav.pager aria-label="年度" {
            @for year in archive.years.iter().rev() {
                a.button.small href=(url::archive(archive.unit.id, *year, None)) aria-current=[(*year == archive.year).then_some("page")] { (year) "年" }
            }
        }
    }
}

fn programme(unit: UnitId, filled: &Filled) -> Markup {
    html! {
        section.stack {
            h2 { (filled.name) }
            div.table-box tabindex="0" role="region" aria-label=(filled.name) { table.table {
                thead { tr {
                    th { "应归档的材料" } th { "要求" } th.num { "应有 " span.unit { "件" } } th.num { "已有 " span.unit { "件" } }
                    th.num { "未到期 " span.unit { "件" } } th { "缺什么" } th { "至少保存" }
                } }
                tbody { @for judged in &filled.items { (row(unit, judged)) } }
            } }
        }
    }
}

fn row(unit: UnitId, judged: &Judged) -> Markup {
    let item = &judged.item;
    let is_full = judged.owed() > 0 && judged.there() == judged.owed();
    html! {
        tr {
            th.wrap scope="row" {
                (item.name)
                @if item.evidence == Evidence::Attachments { p.help { "认这些字样:" (item.words.join("、")) } }
                @if !item.note.is_empty() { p.help { (item.note) } }
            }
            td { @if item.duty == Duty::Always { "应有" } @else { "发生时归档" } }
            td.num { (part::count(judged.owed())) }
            td.num { (part::count(judged.there())) }
            td.num { @if judged.not_due() > 0 { (part::count(judged.not_due())) } }
            td.wrap {
                @if is_full { span.badge.done { "齐全" } }
                @for piece in judged.missing() { p { a href=(address(unit, piece)) { (piece.name) } } }
            }
            td.wrap { (item.keep.label()) p.help { (ground(item)) } }
        }
    }
}

fn ground(item: &Item) -> String {
    let said = format!("{}{}", item.ground.sources.join("、"), item.ground.article);
    match (item.ground.is_inferred, said.is_empty()) {
        (true, true) => "推定".to_owned(),
        (true, false) => format!("推定,参照{said}"),
        _ => said,
    }
}

/// Where a piece is, or is mended.
fn address(unit: UnitId, piece: &Piece) -> String {
    match &piece.place {
        Place::Report(id) => url::report(*id),
        Place::Ledger(period) => url::ledger(unit, Some(*period)),
        Place::Book(ledger, period) => url::book(unit, ledger, *period),
        Place::Papers(period, report) => {
            let proves = report.map(|report| Proves::Report(report, None));
            url::ledger_attachments(unit, Some(*period), proves.as_ref())
        }
        Place::Query(id) => url::query(*id),
        Place::Correction(id) => url::correction(*id),
    }
}

fn projects(archive: &Archive) -> Markup {
    html! {
        @if !archive.projects.is_empty() {
            section.stack {
                h2 { "投资项目,一个项目一个档案盒" }
                div.table-box tabindex="0" role="region" aria-label="投资项目" { table.table {
                    thead { tr { th { "项目" } th { "项目代码" } th.num { "应有 " span.unit { "件" } } th.num { "已有 " span.unit { "件" } } th { "齐全情况" } } }
                    tbody { @for project in &archive.projects { tr {
                        th scope="row" { a href=(url::archive(archive.unit.id, archive.year, Some(&project.code))) { (project.name) } }
                        td { (project.code) }
                        td.num { (part::count(project.counts.owed)) }
                        td.num { (part::count(project.counts.there)) }
                        td { (verdict(project.counts)) }
                    } } }
                } }
            }
        }
    }
}

fn exports(archive: &Archive) -> Markup {
    let project = archive.project.as_ref().map(|project| project.code.as_str());
    let link = |part: &Part| url::archive_export(archive.unit.id, archive.year, project, &part.key());
    html! {
        section.card {
            h2 { "导出" }
            p { "一个压缩包:上报的各个版本、台账、原文件、查询和更正,另有目录、完整性和每个文件的 SHA-256。内部批注不在其中。" }
            p { a.button.primary href=(link(&Part::Whole)) { "导出全部" } }
            p { "材料太多时分次导出:"
                @for part in [Part::FirstHalf, Part::SecondHalf, Part::Ledgers] { " " a.button.small href=(link(&part)) { (part.label()) } }
            }
        }
    }
}

fn townships(all: &[AreaCode], chosen: Option<AreaCode>) -> Markup {
    html! {
        div.field { label for="township" { "乡镇(街道)" } select #township name="township" {
            option value="" { "全部" }
            @for area in all {
                option value=(area) selected[Some(*area) == chosen] { (youju_codes::area::name(area).unwrap_or(area.as_str())) }
            }
        } }
    }
}

fn year_field(year: i32) -> Markup {
    html! { div.field { label for="year" { "年度" } input #year name="year" value=(year) required inputmode="numeric"; } }
}

pub(super) fn area(overview: &Overview, year: i32, township: Option<AreaCode>, order: Order) -> Markup {
    let chosen = township.map(|area| area.to_string()).unwrap_or_default();
    let by = if order == Order::Name { BY_NAME } else { "" };
    let (page, sum, of) = (&overview.page, overview.sum, year.to_string());
    html! {
        form.filters action=(url::ARCHIVE) {
            (year_field(year))
            (townships(&overview.townships, township))
            div.field { label for="order" { "排序" } select #order name="order" {
                option value="" { "缺得多的在前" }
                option value=(BY_NAME) selected[order == Order::Name] { "单位名称" }
            } }
            button.button type="submit" { "查看" }
        }
        @if page.total == 0 {
            (part::empty("没有单位", "名录库中还没有这里的单位。"))
        } @else {
            div.figures {
                div { b { (part::share(overview.full, overview.owing)) } span { "不缺的 " (part::count(overview.full)) " 家 ÷ 有应归档的 " (part::count(overview.owing)) " 家" } }
                div { b { (part::share(sum.there, sum.owed)) } span { "已有 " (part::count(sum.there)) " 件 ÷ 应有 " (part::count(sum.owed)) " 件" } }
            }
            p.hint { "这里数上报的报表、各期原始资料、查询和更正;台账、签字盖章的纸质报表、其他附件和投资项目要逐项看,点单位名。" }
            div.table-head { (part::shown(page)) }
            div.table-box tabindex="0" role="region" aria-label="各单位档案盒" { table.table {
                thead { tr { th { "单位" } th { "所在地" } th.num { "应有 " span.unit { "件" } } th.num { "已有 " span.unit { "件" } } th.num { "缺 " span.unit { "件" } } th.num { "齐全率" } th { "齐全情况" } } }
                tbody { @for unit in &page.rows { (unit_row(unit, year)) } }
            } }
            (part::pager(page, url::ARCHIVE, &[("year", &of), ("township", &chosen), ("order", by)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn unit_row(unit: &Counted, year: i32) -> Markup {
    let counts = unit.counts;
    html! {
        tr {
            th scope="row" { a href=(url::archive(unit.unit, year, None)) { (unit.name) } }
            td { (youju_codes::area::name(&unit.area).unwrap_or(unit.area.as_str())) }
            td.num { (part::count(counts.owed)) }
            td.num { (part::count(counts.there)) }
            td.num { @if counts.owed > counts.there { (part::count(counts.owed - counts.there)) } }
            td.num { (part::share(counts.there, counts.owed)) }
            td { (verdict(counts)) }
        }
    }
}

pub(super) fn expired(expired: &Expired, year: i32, township: Option<AreaCode>) -> Markup {
    let chosen = township.map(|area| area.to_string()).unwrap_or_default();
    let (page, of) = (&expired.page, year.to_string());
    html! {
        form.filters action=(url::ARCHIVE_EXPIRED) {
            (year_field(year))
            (townships(&expired.townships, township))
            button.button type="submit" { "查看" }
        }
        p.hint { "本系统不销毁档案:没有删除原文件的操作,日志和上报的版本永久保存。期限从年度最后一天起算,材料形成得更晚的从形成之日起算;几项都要的,按最长的。" }
        @if page.total == 0 {
            (part::empty("没有保存期限已满的材料", &format!("{year} 年的原文件和附件还有 {} 个在保存期限内。", expired.kept)))
        } @else {
            p { "期限已满 " (part::count(expired.files)) " 个,还须保存 " (part::count(expired.kept)) " 个。" }
            div.table-head { (part::shown(page)) }
            div.table-box tabindex="0" role="region" aria-label="到期可鉴定" { table.table {
                thead { tr { th { "单位" } th { "所在地" } th.num { "期限已满 " span.unit { "个" } } th.num { "大小 " span.unit { "KB" } } th { "保存到" } th.num { "还须保存 " span.unit { "个" } } } }
                tbody { @for unit in &page.rows { (passed_row(unit, year)) } }
            } }
            (part::pager(page, url::ARCHIVE_EXPIRED, &[("year", &of), ("township", &chosen)], PAGE_ROWS.unsigned_abs()))
        }
    }
}

fn passed_row(unit: &Passed, year: i32) -> Markup {
    html! {
        tr {
            th scope="row" { a href=(url::archive(unit.unit, year, None)) { (unit.name) } }
            td { (youju_codes::area::name(&unit.area).unwrap_or(unit.area.as_str())) }
            td.num { (part::count(unit.files)) }
            td.num { (part::count(unit.bytes.div_ceil(1024))) }
            td { (unit.last) }
            td.num { (part::count(unit.kept)) }
        }
    }
}
