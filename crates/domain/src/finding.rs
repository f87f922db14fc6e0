//! Findings 审核结果: what the checks of a form say about one report, and the explanations that answer them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::id::PersonId;
use crate::problem::Problem;
use crate::report::CellId;

/// Severity 审核类别 of a check: the four classes of online reporting (联网直报 A–D).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// A 强制性: the report cannot be submitted.
    Blocking,
    /// B 准强制性: must be mended, unless the office has marked the unit as one that may explain (说明企业).
    Waivable,
    /// C 核实性: may be submitted with an explanation.
    Explain,
    /// D 提示性: information only.
    Notice,
}

impl Severity {
    /// All four, most severe first.
    pub const ALL: [Severity; 4] = [Severity::Blocking, Severity::Waivable, Severity::Explain, Severity::Notice];

    /// Reads the letter that stands as `errorlevel` in a check file.
    pub fn from_letter(letter: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|s| s.letter() == letter)
    }

    /// The letter A–D.
    pub fn letter(self) -> &'static str {
        match self {
            Severity::Blocking => "A",
            Severity::Waivable => "B",
            Severity::Explain => "C",
            Severity::Notice => "D",
        }
    }

    /// The word on the page.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Blocking => "强制性",
            Severity::Waivable => "准强制性",
            Severity::Explain => "核实性",
            Severity::Notice => "提示性",
        }
    }

    /// True when a failure without explanation keeps the report from being submitted.
    pub fn blocks_unexplained(self) -> bool {
        self != Severity::Notice
    }
}

/// What a check said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The figures contradict the check.
    Fail,
    /// A figure that the check needs is missing, or its arithmetic is not possible.
    NotTestable,
}

/// Finding 审核结果 — one check that one report did not pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the check within its form, e.g. `Z7`.
    pub check: String,
    /// The row of a list that it is about, e.g. `p.3`; nothing where it is about the whole report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// How severe a failure is.
    pub severity: Severity,
    /// Failed or not testable.
    pub outcome: Outcome,
    /// What should hold, in a few words (the check's own message).
    pub message: String,
    /// The figures put into the formula, and the difference.
    pub sentence: String,
    /// The cells of this report that the check reads, as keys; the page marks them.
    pub cells: Vec<CellId>,
    /// Every input with its figure as text. An explanation stands only as long as these do not change.
    pub inputs: BTreeMap<String, String>,
}

/// Explanation 说明 — why a figure that looks wrong is right. Tied to the check and to the figures it saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Id of the check that is answered.
    pub check: String,
    /// The row that the finding is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The inputs as they were when the explanation was written.
    pub inputs: BTreeMap<String, String>,
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// Fewest characters of an explanation (LWZB-TIPS: 核实性错误的说明不少于 6 个字).
pub const EXPLANATION_CHARS_MIN: usize = 6;
/// Most characters of an explanation.
pub const EXPLANATION_CHARS_MAX: usize = 1_000;

/// Phrases that say nothing; "核实无误" alone is not accepted (HF-101).
const EMPTY_PHRASES: [&str; 12] = [
    "核实无误",
    "已核实",
    "情况属实",
    "数据属实",
    "数据无误",
    "属实",
    "无误",
    "正常",
    "没有问题",
    "与实际相符",
    "经核实",
    "数据",
];

impl Finding {
    /// What tells it apart within its report: `Z7`, or `D3@p.2` for a row.
    pub fn key(&self) -> String {
        self.row.as_ref().map_or_else(|| self.check.clone(), |row| format!("{}@{row}", self.check))
    }
}

impl Explanation {
    /// Accepts an explanation that says something: long enough and more than an empty phrase.
    pub fn new(finding: &Finding, text: &str, by: PersonId, at: Instant) -> Result<Explanation, Problem> {
        let text = meaningful(text)?;
        Ok(Explanation {
            check: finding.check.clone(),
            row: finding.row.clone(),
            inputs: finding.inputs.clone(),
            text,
            by,
            at,
        })
    }

    /// True while the figures are those that were explained.
    pub fn answers(&self, finding: &Finding) -> bool {
        self.check == finding.check && self.row == finding.row && self.inputs == finding.inputs
    }
}

/// A text that says something: of a sensible length, and more than an empty phrase such as 核实无误.
pub fn meaningful(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let count = text.chars().count();
    if !(EXPLANATION_CHARS_MIN..=EXPLANATION_CHARS_MAX).contains(&count) {
        return Err(Problem::ExplanationLength { count });
    }
    if says_nothing(text) {
        return Err(Problem::ExplanationEmptyPhrase { text: text.to_owned() });
    }
    Ok(text.to_owned())
}

/// True when nothing remains after the empty phrases, punctuation and repeated characters are taken away.
fn says_nothing(text: &str) -> bool {
    let mut rest: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    for phrase in EMPTY_PHRASES {
        rest = rest.replace(phrase, "");
    }
    let mut distinct: Vec<char> = rest.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() < 3
}

/// A finding together with the explanation that answers it, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The finding.
    pub finding: Finding,
    /// The explanation whose figures still stand.
    pub explanation: Option<Explanation>,
}

/// What a respondent can do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Keeps the report from being submitted until figures change.
    MustMend,
    /// Keeps it from being submitted until it is explained.
    MustExplain,
    /// Explained.
    Explained,
    /// Only told.
    Told,
}

impl Answered {
    /// Pairs findings with the explanations that still answer them.
    pub fn pair(findings: Vec<Finding>, explanations: &[Explanation]) -> Vec<Answered> {
        findings
            .into_iter()
            .map(|finding| {
                let explanation = explanations.iter().rev().find(|e| e.answers(&finding)).cloned();
                Answered { finding, explanation }
            })
            .collect()
    }

    /// Where the finding stands for a unit. `may_explain` is the office's mark 说明企业 on the unit.
    /// A check that could not be tested never blocks: what must be filled has a check of its own.
    pub fn standing(&self, may_explain: bool) -> Standing {
        if self.finding.outcome == Outcome::NotTestable {
            return Standing::Told;
        }
        let explained = self.explanation.is_some();
        match self.finding.severity {
            Severity::Blocking => Standing::MustMend,
            Severity::Waivable if !may_explain => Standing::MustMend,
            Severity::Waivable | Severity::Explain if explained => Standing::Explained,
            Severity::Waivable | Severity::Explain => Standing::MustExplain,
            Severity::Notice => Standing::Told,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: Severity) -> Finding {
        Finding {
            check: "Z11".into(),
            row: None,
            severity,
            outcome: Outcome::Fail,
            message: "营业收入与上年同期相比变动超过 50%".into(),
            sentence: "营业收入 1,200,上年同期 500".into(),
            cells: vec![CellId::new("c301")],
            inputs: BTreeMap::from([("c301".into(), "1200".into()), ("c301_ly".into(), "500".into())]),
        }
    }

    fn explain(text: &str) -> Result<Explanation, Problem> {
        let by = PersonId::new(uuid::Uuid::from_u128(1));
        Explanation::new(&finding(Severity::Explain), text, by, Instant::UNIX_EPOCH)
    }

    #[test]
    fn an_explanation_must_say_something() {
        for empty in ["核实无误", "经核实,数据无误!", "正常正常正常", "啊啊啊啊啊啊啊", "      ", "属实"]
        {
            assert!(explain(empty).is_err(), "{empty} should be refused");
        }
        for real in ["新厂区三月投产,订单增加。", "并购子公司,报表口径扩大"] {
            assert!(explain(real).is_ok(), "{real} should be taken");
        }
    }

    #[test]
    fn an_explanation_falls_when_the_figures_change() {
        let explanation = explain("新厂区三月投产,订单增加。").unwrap();
        let before = finding(Severity::Explain);
        let mut after = before.clone();
        after.inputs.insert("c301".into(), "1300".into());
        assert!(explanation.answers(&before));
        assert!(!explanation.answers(&after));
    }

    #[test]
    fn who_may_explain_what() {
        let explanation = explain("新厂区三月投产,订单增加。").unwrap();
        let cases = [
            (Severity::Blocking, true, Standing::MustMend),
            (Severity::Waivable, false, Standing::MustMend),
            (Severity::Waivable, true, Standing::Explained),
            (Severity::Explain, false, Standing::Explained),
            (Severity::Notice, false, Standing::Told),
        ];
        for (severity, may_explain, expected) in cases {
            let answered = Answered::pair(vec![finding(severity)], std::slice::from_ref(&explanation));
            assert_eq!(answered[0].standing(may_explain), expected, "{severity:?}");
        }
        let bare = Answered::pair(vec![finding(Severity::Explain)], &[]);
        assert_eq!(bare[0].standing(false), Standing::MustExplain);
    }
}
