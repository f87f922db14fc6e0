//! Hands 经手 (倒查) — every person through whose hands a figure went, told from the journal: what concerns a figure, what was done in
//! words, and who answers for collecting, filling in, reviewing and accepting it.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::Instant;
use crate::id::PersonId;
use crate::report::{CellId, Level};

/// The word for an act in the journal.
pub fn label(action: &str) -> &'static str {
    match action {
        "ledger.imported" => "导入科目余额表",
        "record.imported" => "导入原始记录",
        "book.saved" => "登记台账",
        "book.gathered" => "归集台账",
        "attachment.added" => "添加附件",
        "attachment.removed" => "移除附件",
        "report.saved" => "填写",
        "report.imported_form" => "从 Excel 导入",
        "report.generated" => "从台账生成",
        "report.explained" => "填写说明",
        "report.checked" => "审核",
        "report.signed" => "统计人员签字",
        "report.authorised" => "单位负责人签字",
        "report.submitted" => "上报",
        "report.recalled" => "撤回",
        "report.reminded" => "提醒",
        "report.noticed" => "发出催报通知书",
        "report.proof_fetched" => "下载证明包",
        "correction.asked" => "申请更正",
        "correction.approved" => "同意更正",
        "correction.refused" => "不同意更正",
        "correction.overtaken" => "退回时一并处理更正申请",
        "correction.withdrawn" => "撤回更正申请",
        "correction.done" => "更正后重报",
        "query.asked" => "提出查询",
        "query.answered" => "回复查询",
        "query.opined" => "对回复提出意见",
        "query.closed" => "查询办结",
        "query.reopened" => "再次查询",
        "note.written" => "写批注",
        "review.taken_up" => "开始审核",
        "review.put_down" => "放回",
        "review.accepted" => "验收",
        "review.returned" => "退回",
        _ => "其他",
    }
}

/// Tells what of a report's journal, read from the oldest entry on, concerns one of its cells: what touched the cell itself, and
/// what moved the whole report.
#[derive(Debug)]
pub struct Story<'a> {
    cell: &'a CellId,
    corrections: BTreeSet<String>,
}

impl<'a> Story<'a> {
    /// The story of a cell.
    pub fn of(cell: &'a CellId) -> Story<'a> {
        Story { cell, corrections: BTreeSet::new() }
    }

    /// True when the next entry concerns the cell.
    pub fn concerns(&mut self, action: &str, payload: &Json) -> bool {
        match action {
            // They are about the report being due, or about a copy of it.
            "report.reminded" | "report.noticed" | "report.proof_fetched" => false,
            "report.explained" => self.is_explained(payload),
            "note.written" => payload.get("cell").and_then(Json::as_str).is_none_or(|cell| cell == self.cell.as_str()),
            "correction.asked" => {
                let names = self.is_changed(payload);
                if names {
                    self.corrections.extend(text(payload, "correction").map(str::to_owned));
                }
                names
            }
            // An approved correction opens the whole report again.
            "correction.approved" => true,
            "correction.done" => self.is_of_correction(payload) || names(payload, "changed_beside", self.cell),
            _ if action.starts_with("correction.") => self.is_of_correction(payload),
            _ if action.starts_with("query.") => {
                let is_whole = payload.get("asked_of").and_then(Json::as_array).is_none_or(Vec::is_empty);
                is_whole || names(payload, "asked_of", self.cell)
            }
            _ => payload.get("cells").is_none() || self.is_changed(payload),
        }
    }

    fn is_changed(&self, payload: &Json) -> bool {
        payload.get("cells").and_then(|cells| cells.get(self.cell.as_str())).is_some()
    }

    fn is_of_correction(&self, payload: &Json) -> bool {
        text(payload, "correction").is_some_and(|id| self.corrections.contains(id))
    }

    /// An explanation is about the figures that its check reads; that of a row, about the row.
    fn is_explained(&self, payload: &Json) -> bool {
        let row = text(payload, "check").and_then(|key| key.split_once('@')).map(|(_, row)| row);
        let in_row =
            row.is_some_and(|row| self.cell.as_str().strip_prefix(row).is_some_and(|rest| rest.starts_with('.')));
        in_row || payload.get("inputs").and_then(|inputs| inputs.get(self.cell.as_str())).is_some()
    }
}

fn text<'a>(payload: &'a Json, name: &str) -> Option<&'a str> {
    payload.get(name).and_then(Json::as_str)
}

fn names(payload: &Json, list: &str, cell: &CellId) -> bool {
    let listed = payload.get(list).and_then(Json::as_array);
    listed.is_some_and(|listed| listed.iter().any(|one| one.as_str() == Some(cell.as_str())))
}

/// The particulars of an entry for one cell: from what to what, words, version, file.
pub fn particulars(payload: &Json, cell: &CellId) -> String {
    let mut parts = Vec::new();
    if let Some(change) = payload.get("cells").and_then(|cells| cells.get(cell.as_str())) {
        let print = |name: &str| text(change, name).filter(|value| !value.is_empty()).unwrap_or("空").to_owned();
        parts.push(format!("{} → {}", print("was"), print("value")));
    }
    parts.extend(text(payload, "reason").map(str::to_owned));
    if let Some(words) = text(payload, "text").filter(|words| !words.is_empty()) {
        parts.push(text(payload, "check").map_or_else(|| words.to_owned(), |check| format!("{check}:{words}")));
    }
    parts.extend(text(payload, "file_name").map(|name| format!("文件 {name}")));
    parts.extend(payload.get("version").and_then(Json::as_u64).map(|number| format!("第 {number} 版")));
    parts.join(";")
}

/// The level for which an office acted, where the entry says it. Queries tell the level that asked, whoever speaks.
pub fn level(action: &str, payload: &Json) -> Option<Level> {
    let is_own = action.starts_with("review.") || action.starts_with("correction.");
    text(payload, "level").filter(|_| is_own).and_then(Level::from_key)
}

/// Touch 经手 — one act of one person on a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// Place in the journal.
    pub seq: i64,
    /// When.
    pub at: Instant,
    /// Who; none when the program acted by itself.
    pub person: Option<PersonId>,
    /// The name at that time.
    pub name: String,
    /// In which role, in words.
    pub role: String,
    /// Unit or level of the office.
    pub office: String,
    /// The act in the journal.
    pub action: String,
    /// The level for which an office acted.
    pub level: Option<Level>,
    /// From what to what, words, version, file.
    pub said: String,
    /// True for what only offices read.
    pub is_internal: bool,
    /// True for what gave the value that stands now: its import, its ledger, its records.
    pub is_source: bool,
}

impl Touch {
    /// The act in words.
    pub fn act(&self) -> String {
        let level = self.level.map(|level| format!("({})", level.label())).unwrap_or_default();
        let internal = if self.is_internal { "(内部)" } else { "" };
        format!("{}{level}{internal}", label(&self.action))
    }
}

/// How many persons there are among some touches.
pub fn people(touches: &[Touch]) -> usize {
    touches.iter().filter_map(|touch| touch.person).collect::<BTreeSet<PersonId>>().len()
}

/// Duty 责任环节 of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// 采集: brought what the figure was taken from, or typed it.
    Collect,
    /// 填报: signed as statistician.
    Fill,
    /// 签发: signed as the person in charge of the unit.
    Authorise,
    /// 审核: the office that took the report up, else the first one that accepted.
    Review,
    /// 验收 at a level.
    Accept(Level),
}

impl Duty {
    /// The word on the page.
    pub fn label(self) -> String {
        match self {
            Duty::Collect => "采集".to_owned(),
            Duty::Fill => "填报".to_owned(),
            Duty::Authorise => "单位签发".to_owned(),
            Duty::Review => "审核".to_owned(),
            Duty::Accept(level) => format!("验收({})", level.label()),
        }
    }
}

/// Who answers for a duty, as the report stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Responsible {
    /// Which duty.
    pub duty: Duty,
    /// Names, each once; none where nobody has done it yet.
    pub names: Vec<String>,
}

/// What ends the validity of an office's earlier acts on a report.
const REOPENS: [&str; 4] = ["report.submitted", "report.recalled", "review.returned", "correction.approved"];
/// What makes signatures fall.
const WRITES: [&str; 3] = ["report.saved", "report.imported_form", "report.generated"];

/// Who answers for a figure now, of touches in the order of time. `signed` and `authorised` are those whose signatures stand;
/// `levels` are those of the window's chain.
pub fn responsible(
    touches: &[Touch],
    (signed, authorised): (Option<PersonId>, Option<PersonId>),
    levels: &[Level],
) -> Vec<Responsible> {
    let named = |duty: Duty, found: Vec<&Touch>| {
        let mut names: Vec<String> = Vec::new();
        for touch in found {
            if !names.contains(&touch.name) {
                names.push(touch.name.clone());
            }
        }
        Responsible { duty, names }
    };
    let last = |wanted: &dyn Fn(&Touch) -> bool| touches.iter().rev().find(|touch| wanted(touch)).into_iter().collect();
    let by = |action: &'static str, person: Option<PersonId>| {
        last(&|touch: &Touch| person.is_some() && touch.action == action && touch.person == person)
    };
    let mut collected: Vec<&Touch> = touches.iter().filter(|touch| touch.is_source).collect();
    if collected.is_empty() {
        collected = last(&|touch: &Touch| WRITES.contains(&touch.action.as_str()));
    }
    let since = touches.iter().rposition(|touch| REOPENS.contains(&touch.action.as_str())).map_or(0, |at| at + 1);
    let office = touches.get(since..).unwrap_or_default();
    let accepted =
        |level: Level| office.iter().filter(move |t| t.action == "review.accepted" && t.level == Some(level));
    let review = office.iter().rev().find(|touch| touch.action == "review.taken_up");
    let review = review.or_else(|| office.iter().find(|touch| touch.action == "review.accepted"));
    let mut all = vec![
        named(Duty::Collect, collected),
        named(Duty::Fill, by("report.signed", signed)),
        named(Duty::Authorise, by("report.authorised", authorised)),
        named(Duty::Review, review.into_iter().collect()),
    ];
    all.extend(levels.iter().map(|level| named(Duty::Accept(*level), accepted(*level).collect())));
    all
}
