//! Whether figures of an area may be used outside, as totals say it.

use super::{Act, Assessment, Overall, Stage};
use crate::Instant;
use crate::report::Level;
use crate::survey::print_instant;

/// Standing 使用状态 of an area's figures of a form and period. Only [`Standing::Usable`] lets them out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The programme declares no assessment for the form.
    Undeclared,
    /// The level that would assess is not in this installation; none above a province, which the nation assesses.
    NoLevelAbove(Option<Level>),
    /// Nobody has begun.
    Unassessed,
    /// It was begun and not fed back.
    UnderWay,
    /// 退回核实.
    Refused(Feedback),
    /// Approved once; accepted data has changed since.
    Changed(Feedback, Instant),
    /// Approved.
    Usable(Feedback, Stage),
}

/// By whom and when it was fed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The result.
    pub overall: Overall,
    /// Who.
    pub name: String,
    /// For which level.
    pub level: Option<Level>,
    /// When.
    pub at: Instant,
}

impl Feedback {
    fn says(&self) -> String {
        format!("{} {} {}反馈:{}", print_instant(self.at), level(self.level), self.name, self.overall.label())
    }
}

fn level(level: Option<Level>) -> &'static str {
    level.map_or("", Level::label)
}

const NOT_USABLE: &str = "未经上级评估反馈,不得对外使用。";

impl Standing {
    /// From an assessment, if there is one.
    pub fn of(assessment: Option<&Assessment>) -> Standing {
        let Some(assessment) = assessment else { return Standing::Unassessed };
        let told = assessment.feedback().and_then(|turn| {
            Some(Feedback { overall: turn.overall?, name: turn.name.clone(), level: turn.level, at: turn.at })
        });
        let changed = assessment.turns.iter().rev().find(|turn| turn.act == Act::Change);
        match (assessment.stage, told) {
            (Stage::Assessing, _) | (_, None) => Standing::UnderWay,
            (Stage::Changed, Some(told)) => {
                let at = changed.map_or(told.at, |turn| turn.at);
                Standing::Changed(told, at)
            }
            (stage, Some(told)) if assessment.is_usable() => Standing::Usable(told, stage),
            (_, Some(told)) => Standing::Refused(told),
        }
    }

    /// True when the figures may be used outside.
    pub fn is_usable(&self) -> bool {
        matches!(self, Standing::Usable(..))
    }

    /// A few words, for a column of a table.
    pub fn label(&self) -> &'static str {
        match self {
            Standing::Undeclared => "没有制定评估办法",
            Standing::NoLevelAbove(_) => "上级不在本系统内",
            Standing::Unassessed => "未评估",
            Standing::UnderWay => "评估中",
            Standing::Refused(_) => "退回核实",
            Standing::Changed(..) => "评估后数据有变动",
            Standing::Usable(told, _) => told.overall.label(),
        }
    }

    /// The whole sentence, as it stands above totals.
    pub fn says(&self) -> String {
        match self {
            Standing::Undeclared => format!("本表没有制定评估办法,系统内没有评估记录。{NOT_USABLE}"),
            Standing::NoLevelAbove(above) => {
                let above = above.map_or("国家", Level::label);
                format!(
                    "本级数据由{above}统计机构评估,而它不在本系统内,系统内没有评估反馈。没有收到上级书面反馈的,不得对外使用。"
                )
            }
            Standing::Unassessed => NOT_USABLE.to_owned(),
            Standing::UnderWay => format!("上级正在评估,还没有反馈。{NOT_USABLE}"),
            Standing::Refused(told) => format!("{},不得对外使用。", told.says()),
            Standing::Changed(told, at) => {
                format!("评估后数据有变动({},{}有变动),上级重新确认前不得对外使用。", told.says(), print_instant(*at))
            }
            Standing::Usable(told, Stage::Demanded) => format!("{},说明尚未答复。", told.says()),
            Standing::Usable(told, _) => format!("{}。", told.says()),
        }
    }
}
