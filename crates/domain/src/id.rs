//! Typed identifiers, so that a unit's id cannot be handed to a function that wants a report's.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// An identifier of one kind of thing.
pub struct Id<Kind> {
    uuid: Uuid,
    kind: PhantomData<fn() -> Kind>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $name:ident),* $(,)?) => { $(
        #[doc(hidden)]
        #[derive(Debug)]
        pub enum $kind {}
        $(#[$doc])*
        pub type $name = Id<$kind>;
    )* };
}

kinds! {
    /// Id of a unit 调查单位.
    UnitKind => UnitId,
    /// Id of a person 人员, who signs in.
    PersonKind => PersonId,
    /// Id of a window 报送窗口 (one form, one period).
    WindowKind => WindowId,
    /// Id of a report 报表 (one unit, one form, one period).
    ReportKind => ReportId,
    /// Id of an import 导入批次 into a ledger.
    ImportKind => ImportId,
    /// Id of an import of source records 原始记录导入.
    RecordImportKind => RecordImportId,
    /// Id of a filled ledger 台账登记 (one unit, one ledger, one period).
    BookKind => BookId,
    /// Id of a file that waits to be imported 待确认文件.
    UploadKind => UploadId,
    /// Id of an attachment 附件.
    AttachmentKind => AttachmentId,
    /// Id of a correction 数据更正.
    CorrectionKind => CorrectionId,
    /// Id of an assessment 数据质量评估.
    AssessmentKind => AssessmentId,
    /// Id of a joint review 联审会.
    JointReviewKind => JointReviewId,
    /// Id of a query 数据查询.
    QueryKind => QueryId,
    /// Id of somebody in the register of staff 统计人员.
    StaffKind => StaffId,
    /// Id of a post that somebody holds 任职.
    TenureKind => TenureId,
    /// Id of an engagement 聘用 of an enumerator.
    EngagementKind => EngagementId,
    /// Id of an appraisal 考核 of an enumerator.
    AppraisalKind => AppraisalId,
    /// Id of a rate 报酬标准.
    RateKind => RateId,
    /// Id of work 工作量 that was entered.
    WorkKind => WorkId,
    /// Id of a sponsorship 包保.
    SponsorshipKind => SponsorshipId,
    /// Id of an investment project 投资项目.
    ProjectKind => ProjectId,
    /// Id of a visit 走访 of a sponsor.
    VisitKind => VisitId,
    /// Id of a qualification 资格.
    QualificationKind => QualificationId,
    /// Id of a training 培训.
    TrainingKind => TrainingId,
    /// Id of a seat 网格任职 in a grid.
    SeatKind => SeatId,
    /// Id of a handover 工作交接.
    HandoverKind => HandoverId,
    /// Id of a look 查看记录 at a unit's data.
    LookKind => LookId,
    /// Id of a check list 核实清单.
    CheckListKind => CheckListId,
    /// Id of a note 审核批注.
    NoteKind => NoteId,
    /// Id of a message 消息.
    MessageKind => MessageId,
    /// Id of a reminder 催报.
    ReminderKind => ReminderId,
    /// Id of a shared mapping 对应关系模板.
    TemplateKind => TemplateId,
    /// Id of an import of what a department handed over 部门数据导入.
    OutsideImportKind => OutsideImportId,
    /// Id of a roster 部门名单.
    RosterKind => RosterId,
    /// Id of a run 比对 of a list with the register.
    RosterRunKind => RosterRunId,
    /// Id of a prospect 准四上单位.
    ProspectKind => ProspectId,
    /// Id of a grid 网格.
    GridKind => GridId,
    /// Id of a session 登录会话.
    SessionKind => SessionId,
    /// Id of a security key 安全密钥.
    SecurityKeyKind => SecurityKeyId,
    /// Id of an organisation 机构.
    OrganisationKind => OrganisationId,
    /// Id of something that happened to organisations 机构变动.
    OrganisationEventKind => OrganisationEventId,
    /// Id of a case 事项.
    CaseKind => CaseId,
    /// Id of an asset 资产 on the list of the security administrator.
    AssetKind => AssetId,
    /// Id of a version of the emergency plan 应急预案.
    PlanKind => PlanId,
    /// Id of a drill 应急演练.
    DrillKind => DrillId,
    /// Id of an issue 问题 found by a drill or a self-check.
    IssueKind => IssueId,
    /// Id of a self-check 年度自查.
    SelfCheckKind => SelfCheckId,
    /// Id of a try to sign in 登录尝试.
    SignInKind => SignInId,
    /// Id of an API key 接口密钥.
    ApiKeyKind => ApiKeyId,
}

impl<Kind> Id<Kind> {
    /// Wraps an identifier drawn by the caller.
    pub const fn new(uuid: Uuid) -> Self {
        Id { uuid, kind: PhantomData }
    }

    /// The identifier itself, for storage.
    pub const fn uuid(self) -> Uuid {
        self.uuid
    }
}

impl<Kind> Clone for Id<Kind> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<Kind> Copy for Id<Kind> {}
impl<Kind> PartialEq for Id<Kind> {
    fn eq(&self, other: &Self) -> bool {
        self.uuid == other.uuid
    }
}
impl<Kind> Eq for Id<Kind> {}
impl<Kind> PartialOrd for Id<Kind> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<Kind> Ord for Id<Kind> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.uuid.cmp(&other.uuid)
    }
}
impl<Kind> std::hash::Hash for Id<Kind> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.uuid.hash(state);
    }
}
impl<Kind> fmt::Debug for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.uuid)
    }
}
impl<Kind> fmt::Display for Id<Kind> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.uuid)
    }
}
impl<Kind> FromStr for Id<Kind> {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Id::new)
    }
}
impl<Kind> Serialize for Id<Kind> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.uuid.serialize(serializer)
    }
}
impl<'de, Kind> Deserialize<'de> for Id<Kind> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Uuid::deserialize(deserializer).map(Id::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text() {
        let id: ReportId = "018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11".parse().unwrap();
        assert_eq!(id.to_string().parse::<ReportId>().unwrap(), id);
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"018f6b3e-7b1a-7c33-9a53-6a1d0f3b2c11\"");
    }
}
