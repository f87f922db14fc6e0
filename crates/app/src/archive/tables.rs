//! The readable files of an exported box: CSV for Excel, UTF-8 with byte order mark.

use rust_decimal::Decimal;
use youju_domain::Instant;
use youju_domain::archive::{Judged, Piece};
use youju_domain::correction::Correction;
use youju_domain::ledger::Import;
use youju_domain::note::Note;
use youju_domain::query::Query;
use youju_domain::record::{RecordImport, RecordValue};
use youju_domain::report::{Cells, Level, Value, value_of};
use youju_domain::survey::print_instant;
use youju_programme::{Form, Ledger};
use youju_sheet::{CellOut, ColumnOut, SheetError, Table, write_csv};
use youju_store::archive::ExplainedFinding;
use youju_store::journal::Entry;

use super::Filled;

type Written = Result<Vec<u8>, SheetError>;

/// A table as CSV.
pub(super) fn csv(columns: &[&str], rows: Vec<Vec<CellOut>>) -> Written {
    let columns = columns.iter().map(|name| ColumnOut::new(name)).collect();
    let mut bytes = Vec::new();
    write_csv(&mut bytes, Table { title: String::new(), columns, rows })?;
    Ok(bytes)
}

pub(super) fn text(text: &str) -> CellOut {
    CellOut::from(text)
}

pub(super) fn count(number: u64) -> CellOut {
    CellOut::Number(Decimal::from(number))
}

pub(super) fn instant(at: Instant) -> CellOut {
    CellOut::Text(print_instant(at))
}

fn value(value: &Value) -> CellOut {
    match value {
        Value::Number(number) => CellOut::Number(*number),
        other => text(&other.print()),
    }
}

/// The cells of a version, as the form asks for them.
pub(super) fn version(form: &Form, cells: &Cells) -> Written {
    let rows = form.all_cells(&[cells]).into_iter().map(|cell| {
        let state = cells.get(&cell.id).map(|cell| cell.state.label()).unwrap_or_default();
        let measure = cell.measure.label();
        let figure = value(value_of(cells, &cell.id));
        vec![text(cell.id.as_str()), text(&cell.code), text(&cell.label), text(measure), figure, text(state)]
    });
    csv(&["数据项", "指标代码", "名称", "计量单位", "数值", "数据状态"], rows.collect())
}

/// Who signed and handed in, from the journal.
pub(super) fn signatures(entries: &[Entry]) -> Written {
    let rows = entries.iter().filter_map(|entry| {
        let act = match entry.action.as_str() {
            "report.signed" => "统计人员签字",
            "report.authorised" => "单位负责人签字",
            "report.submitted" => "上报",
            _ => return None,
        };
        let part = |name: &str| match entry.payload.get(name) {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let seq = u64::try_from(entry.seq).unwrap_or_default();
        let (version, hash) = (part("version"), part("cells_hash"));
        Some(vec![instant(entry.at), text(&entry.actor_name), text(act), text(&version), text(&hash), count(seq)])
    });
    csv(&["时间", "办理人", "事项", "版本", "数据指纹(SHA-256)", "日志序号"], rows.collect())
}

/// What was explained when the versions were handed in.
pub(super) fn explanations(explained: &[&ExplainedFinding]) -> Written {
    let rows = explained.iter().map(|one| {
        let finding = &one.finding;
        vec![
            count(one.version.into()),
            text(&finding.key()),
            text(finding.severity.label()),
            text(&finding.message),
            text(&finding.sentence),
            text(&one.explanation),
        ]
    });
    csv(&["版本", "审核关系", "类别", "内容", "算式", "说明"], rows.collect())
}

/// The accounts of a trial balance, in 元.
pub(super) fn trial_balance(import: &Import) -> Written {
    let columns = [
        "行号",
        "科目编码",
        "科目名称",
        "期初借方",
        "期初贷方",
        "本期借方",
        "本期贷方",
        "本年累计借方",
        "本年累计贷方",
        "期末借方",
        "期末贷方",
    ];
    let rows = import.lines.iter().map(|line| {
        let of = &line.amounts;
        let mut row = vec![count(line.row.into()), text(&line.code), text(&line.name)];
        row.extend(
            [
                of.opening_debit,
                of.opening_credit,
                of.period_debit,
                of.period_credit,
                of.ytd_debit,
                of.ytd_credit,
                of.closing_debit,
                of.closing_credit,
            ]
            .map(CellOut::from),
        );
        row
    });
    csv(&columns, rows.collect())
}

/// Source records as they are kept; of a list of persons the sums.
pub(super) fn records(import: &RecordImport) -> Written {
    let table = &import.table;
    if table.rows.is_empty() {
        let rows = table.sums.iter().map(|(key, sum)| {
            let name = table.columns.iter().find(|column| column.key == *key).map_or(key, |column| &column.name);
            vec![text(name), CellOut::Number(*sum)]
        });
        return csv(&["栏目", "合计"], rows.collect());
    }
    let names: Vec<&str> =
        std::iter::once("行号").chain(table.columns.iter().map(|column| column.name.as_str())).collect();
    let cell = |value: &Option<RecordValue>| match value {
        Some(RecordValue::Number(number)) => CellOut::Number(*number),
        Some(other) => text(&other.print()),
        None => CellOut::Empty,
    };
    let rows = table.rows.iter().map(|row| {
        let mut cells = vec![count(row.row.into())];
        cells.extend(row.values.iter().map(cell));
        cells
    });
    csv(&names, rows.collect())
}

/// A ledger of a discipline, row by row.
pub(super) fn book(ledger: &Ledger, cells: &Cells) -> Written {
    let columns = &ledger.rows.columns;
    let names: Vec<String> = std::iter::once("行号".to_owned())
        .chain(columns.iter().map(|column| format!("{} {}", column.indicator.code, column.indicator.name)))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let rows = ledger.rows.rows(cells).into_iter().map(|number| {
        let of_row = columns.iter().map(|column| value(ledger.rows.value(cells, number, &column.id)));
        std::iter::once(count(number.into())).chain(of_row).collect()
    });
    csv(&names, rows.collect())
}

fn side(level: Option<Level>) -> &'static str {
    level.map_or("单位", Level::label)
}

/// What was said in queries, one line for each turn.
pub(super) fn queries(queries: &[(String, &Query)]) -> Written {
    let rows = queries.iter().enumerate().flat_map(|(index, (about, query))| {
        let cells: Vec<&str> = query.cells.iter().map(youju_domain::report::CellId::as_str).collect();
        let cells = cells.join("、");
        query.turns.iter().map(move |turn| {
            vec![
                count(u64::try_from(index + 1).unwrap_or_default()),
                text(about),
                text(&cells),
                text(query.stage.label()),
                instant(turn.at),
                text(&turn.name),
                text(side(turn.level)),
                text(turn.act.label()),
                text(&turn.text),
            ]
        })
    });
    csv(&["查询", "报表", "数据项", "办理情况", "时间", "办理人", "哪一方", "事项", "内容"], rows.collect())
}

/// Corrections, one line for each figure.
pub(super) fn corrections(corrections: &[(String, &Correction)]) -> Written {
    let rows = corrections.iter().flat_map(|(about, correction)| {
        let decision = correction.decision.as_ref();
        correction.wanted.iter().map(move |wanted| {
            vec![
                text(about),
                count(correction.version.into()),
                instant(correction.asked_at),
                text(correction.cause.label()),
                text(&correction.reason),
                text(wanted.cell.as_str()),
                value(&wanted.was),
                value(&wanted.value),
                text(correction.stage.label()),
                decision.map_or(CellOut::Empty, |decision| instant(decision.at)),
                text(decision.map_or("", |decision| decision.level.label())),
                text(decision.map_or("", |decision| decision.opinion.as_str())),
                correction.new_version.map_or(CellOut::Empty, |number| count(number.into())),
            ]
        })
    });
    let columns = [
        "报表",
        "原版本",
        "申请时间",
        "原因",
        "说明",
        "数据项",
        "原数",
        "更正为",
        "办理情况",
        "审批时间",
        "审批级别",
        "审批意见",
        "更正后的版本",
    ];
    csv(&columns, rows.collect())
}

/// Notes that the unit reads too.
pub(super) fn notes(notes: &[(String, Note)]) -> Written {
    let rows = notes.iter().map(|(about, note)| {
        vec![
            text(about),
            count(note.version.into()),
            text(note.cell.as_ref().map_or("", |cell| cell.as_str())),
            instant(note.at),
            text(&note.name),
            text(side(note.level)),
            text(&note.text),
        ]
    });
    csv(&["报表", "版本", "数据项", "时间", "书写人", "哪一方", "内容"], rows.collect())
}

/// How complete the box is, item by item.
pub(super) fn completeness(filled: &[Filled]) -> Written {
    let rows = filled.iter().flat_map(|filled| {
        filled.items.iter().map(move |judged| {
            vec![
                text(&filled.name),
                text(&judged.item.name),
                text(&judged.item.keep.label()),
                text(&ground(judged)),
                count(judged.owed()),
                count(judged.there()),
                count(judged.not_due()),
                text(&names(judged.missing())),
            ]
        })
    });
    csv(&["报表制度", "应归档的材料", "保存期限", "依据", "应有", "已有", "未到期", "缺"], rows.collect())
}

/// On what a term rests, in words.
pub(super) fn ground(judged: &Judged) -> String {
    let ground = &judged.item.ground;
    let said = format!("{}{}", ground.sources.join("、"), ground.article);
    match (ground.is_inferred, said.is_empty()) {
        (true, true) => "推定".to_owned(),
        (true, false) => format!("推定(参照{said})"),
        _ => said,
    }
}

pub(super) fn names<'p>(pieces: impl Iterator<Item = &'p Piece>) -> String {
    pieces.map(|piece| piece.name.as_str()).collect::<Vec<_>>().join("、")
}
