//! Source records as markup: the columns of a chosen file, and the records of an import.

use maud::{Markup, html};
use youju_app::list::Page;
use youju_app::record::{FileKind, MappedColumn, Mapping, Origin, Preview, PreviewedRecords, RecordKind, Seen, Take};
use youju_codes::format_number;
use youju_domain::Problem;
use youju_domain::id::UploadId;
use youju_domain::record::{RecordImport, RecordRow, RecordValue};

use super::{kind_key, origin_key};
use crate::ledger::not_imported;
use crate::limits::PAGE_ROWS;
use crate::ui::part;
use crate::url;

/// Rows of the file beside each column.
const SAMPLES: usize = 3;

pub(super) fn preview(upload: UploadId, preview: &Preview, back: &str, wrong: Option<&Problem>) -> Markup {
    html! {
        @if let Some(problem) = wrong { (not_imported(problem)) }
        (recognised(upload, preview))
        @match &preview.seen {
            Seen::Nothing(reasons) => {
                div.notice.error role="alert" {
                    strong { "不能按“" (preview.kind.label()) "”读取。" }
                    ul { @for reason in reasons { li { (reason) } } }
                    p { "请改选种类或工作表;或改正文件后重新选择。" }
                }
                div.form-actions { a.button href=(back) { "返回台账" } }
            }
            Seen::TrialBalance(lines) => {
                form method="post" action=(url::upload(upload)) {
                    p.notice { "是一张借贷平衡的科目余额表,共 " (lines) " 个科目。" }
                    input type="hidden" name="kind" value=(kind_key(preview.kind));
                    (import_buttons(preview, back))
                }
            }
            Seen::Records(records) => (columns_form(upload, preview, records, back)),
        }
    }
}

/// What the file was taken for, and how to say otherwise.
fn recognised(upload: UploadId, preview: &Preview) -> Markup {
    let kinds = RecordKind::ALL.into_iter().map(FileKind::Record);
    let origins: Vec<&Origin> = match &preview.seen {
        Seen::Records(records) => std::iter::once(&records.origin).chain(&records.others).collect(),
        _ => Vec::new(),
    };
    html! {
        @match preview.guess {
            Some((kind, score)) => p { "程序识别为 " strong { (kind.label()) } "(把握 " (score) "%)。" },
            None => p.notice.explain { "程序没有认出这是什么表。请选择种类,或按“其他表格”保留需要的列。" },
        }
        form.filters action=(url::upload(upload)) {
            @if preview.sheets.len() > 1 {
                div.field { label for="sheet" { "工作表" } select #sheet name="sheet" {
                    @for sheet in &preview.sheets { option value=(sheet) selected[*sheet == preview.sheet] { (sheet) } }
                } }
            }
            div.field { label for="kind" { "种类" } select #kind name="kind" {
                @for kind in std::iter::once(FileKind::TrialBalance).chain(kinds) {
                    option value=(kind_key(kind)) selected[kind == preview.kind] { (kind.label()) }
                }
            } }
            @if origins.len() > 1 {
                div.field { label for="from" { "对应关系" } select #from name="from" {
                    @for origin in origins { option value=(origin_key(origin)) { (origin_label(origin)) } }
                } }
            }
            button.button type="submit" { "按所选重新识别" }
        }
    }
}

fn origin_label(origin: &Origin) -> String {
    match origin {
        Origin::Program => "程序建议".into(),
        Origin::Unit => "本单位上次确认的".into(),
        Origin::Template(_, name) => format!("模板“{name}”"),
        Origin::Chosen => "刚才选择的".into(),
    }
}

fn columns_form(upload: UploadId, preview: &Preview, records: &PreviewedRecords, back: &str) -> Markup {
    let mapping = &records.mapping;
    let kept = serde_json::to_string(mapping).unwrap_or_default();
    html! {
        @if !records.doubts.is_empty() {
            div.notice.explain { strong { "请留意" } ul { @for doubt in &records.doubts { li { (doubt) } } } }
        }
        form method="post" action=(url::upload(upload)) {
            input type="hidden" name="kind" value=(kind_key(preview.kind));
            input type="hidden" name="sheet" value=(preview.sheet);
            input type="hidden" name="mapping" value=(kept);
            p { "对应关系:" strong { (origin_label(&records.origin)) } ",表头在第 " (records.header_row) " 行。"
                @if let Some(measure) = mapping.measure { "金额单位:" (measure.label()) ",导入后换算为元。" } @else { "没有写明金额单位,按元读取。" }
            }
            div.table-box tabindex="0" role="region" aria-label="各列对应" { table.table {
                thead { tr { th.num { "列" } th { "文件中的列名" } th { "前几行" } th { "对应栏目" } th { "依据" } } }
                tbody { @for (index, column) in mapping.columns.iter().enumerate() { (column_row(mapping, index, column, records)) } }
            } }
            (import_buttons(preview, back))
        }
    }
}

fn column_row(mapping: &Mapping, index: usize, column: &MappedColumn, records: &PreviewedRecords) -> Markup {
    let samples = records.rows.iter().take(SAMPLES).filter_map(|row| row.get(index)).filter(|text| !text.is_empty());
    let samples: Vec<&str> = samples.map(String::as_str).collect();
    let name = format!("column.{index}");
    let is_left = column.take == Take::Leave || column.take == Take::Personal && column.field.is_none();
    html! {
        tr {
            td.num { (column.column) }
            th scope="row" { (column.name) }
            td { (samples.join("、")) }
            td { div.field {
                label.vh for=(name) { (column.name) " 对应" }
                select id=(name) name=(name) {
                    option value="" selected[is_left] { "不导入" }
                    option value="*" selected[!is_left && column.field.is_none()] { "按原列名保留" }
                    @for field in mapping.kind.fields() {
                        option value=(field.key) selected[!is_left && column.field.as_deref() == Some(field.key)] { (field.name()) }
                    }
                }
            } }
            td { (column.reason) @if column.score > 0 { " " span.muted { (column.score) "%" } }
                @if column.take == Take::Personal { " " span.badge.explain { "个人信息,不保存" } }
            }
        }
    }
}

fn import_buttons(preview: &Preview, back: &str) -> Markup {
    html! {
        @if preview.tells_persons && preview.kind != FileKind::TrialBalance {
            label.choice {
                input type="checkbox" name="keeps_persons" value="yes";
                "这个文件含有姓名等个人信息,导入后默认不保留原文件,只保留文件指纹;勾选则随台账保留原文件。"
            }
        } @else if preview.tells_persons {
            p.hint { "这个文件含有姓名等个人信息,导入后不保留原文件,只保留文件指纹。" }
        }
        div.form-actions {
            button.button.primary type="submit" { "导入" }
            a.button href=(back) { "不导入,返回台账" }
        }
    }
}

pub(super) fn records(import: &RecordImport, rows: &Page<RecordRow>, is_kept: bool, shares: bool) -> Markup {
    let kind = RecordKind::from_key(&import.kind).unwrap_or(RecordKind::Generic);
    html! {
        @if !import.warnings.is_empty() {
            div.notice.explain { strong { "导入时注意到 " (import.warnings.len()) " 处情况" } ul { @for warning in &import.warnings { li { (warning) } } } }
        }
        @if !import.skipped.is_empty() {
            details.more { summary { "有 " (import.skipped.len()) " 行不是记录,没有导入" } ul { @for row in &import.skipped { li { (row) } } } }
        }
        section.card {
            h2 { "合计" }
            dl.facts {
                @if let Some((first, last)) = import.table.days { dt { "日期" } dd { (first) " 至 " (last) } }
                @if let Some(vouchers) = import.table.vouchers { dt { "凭证" } dd { (part::count(vouchers)) " 张" } }
                @if let Some(persons) = import.table.persons { dt { "人数" } dd { (part::count(persons)) " 人" } }
                @for (key, sum) in &import.table.sums { dt { (kind.field(key).map_or(key.as_str(), |field| field.name())) } dd { (format_number(sum)) } }
                @if let Some(measure) = &import.table.measure { dt { "金额单位" } dd { "文件中是" (measure) ",已换算为元;单价、余额等不求和的数字照原样。" } }
                dt { "导入时间" } dd { (part::instant(import.at)) }
                dt { "原文件" } dd { @if is_kept { a href=(url::records_file(import.id)) { "下载原文件" } } @else { "没有保留(含个人信息)" } ",指纹 " span.code { (import.file_hash.get(..16).unwrap_or_default()) } }
            }
        }
        @if import.table.rows.is_empty() {
            p.notice { "每一行是一个人,只保留人数和合计,不保留各行。" }
        } @else {
            (rows_table(import, rows))
        }
        @if shares { (share_form(import)) }
    }
}

fn rows_table(import: &RecordImport, rows: &Page<RecordRow>) -> Markup {
    let print = |value: Option<&RecordValue>| value.map(RecordValue::print).unwrap_or_default();
    html! {
        div.table-head { (part::shown(rows)) }
        div.table-box tabindex="0" role="region" aria-label="各条记录" { table.table {
            thead { tr { th.num { "行号" } @for column in &import.table.columns { th.num[column.is_number] { (column.name) } } } }
            tbody { @for row in &rows.rows { tr id={ "row-" (row.row) } {
                td.num { (row.row) }
                @for (column, value) in import.table.columns.iter().zip(&row.values) {
                    td.num[column.is_number] { (print(value.as_ref())) }
                }
            } } }
        } }
        (part::pager(rows, &url::records(import.id), &[], PAGE_ROWS.unsigned_abs()))
    }
}

fn share_form(import: &RecordImport) -> Markup {
    html! {
        form.card.narrow method="post" action=(url::records_share(import.id)) {
            h2 { "共享对应关系" }
            p.hint { "把这次的对应关系作为模板给本辖区的单位使用。模板只有列名,没有数据;同名模板会被替换。" }
            div.field { label for="name" { "模板名称" } input #name name="name" required maxlength="40" placeholder="如:用友U8 凭证序时簿"; }
            div.form-actions { button.button type="submit" { "共享为模板" } }
        }
    }
}
