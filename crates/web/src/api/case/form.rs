//! Types of cases and what their acts ask for, as they go over the wire. The comments of the fields are what the readers of the OpenAPI
//! document see, therefore in their language.

use serde::Serialize;
use utoipa::ToSchema;
use youju_app::case::Openable;
use youju_domain::case::{self, Act, Demand, InRound, OPEN, Reason, Values};

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "本单位可以提出的一种事项。")]
pub(in crate::api) struct CaseType {
    /// 代码,提出时写在 type 中。
    #[schema(example = "amendment")]
    key: String,
    /// 名称。
    #[schema(example = "调查单位变更")]
    name: String,
    /// 版本;正在办理的事项仍按提出时的版本办理。
    version: u32,
    /// 用来办什么。
    about: String,
    /// 依据的文件和条款。
    grounds: Vec<String>,
    /// 其他说明。
    note: String,
    /// 办理对象的种类:unit 单位、none 没有、staff 统计人员等。
    #[schema(example = "unit")]
    subject: &'static str,
    /// 可以选择的办理对象;空的,不用写办理对象,即本单位。
    subjects: Vec<SubjectChoice>,
    /// 同一单位是否只能有一件正在办理。
    is_single: bool,
    /// 提出时要填写和提交的。
    opening: Form,
    /// 各种状态。
    states: Vec<State>,
    /// 申报批次和截止日,逐条一句话;没有批次的为空。
    rounds: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseSubject, description = "可以选择的办理对象。")]
struct SubjectChoice {
    /// 编号,写在 subject 中。
    id: String,
    /// 名称。
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseState, description = "事项的一种状态。")]
struct State {
    /// 代码。
    #[schema(example = "township")]
    key: String,
    /// 名称。
    #[schema(example = "待乡镇初审")]
    name: String,
    /// 轮到谁办理。
    turn: Vec<String>,
    /// 办理期限,工作日;没有期限的为空。
    days: Option<u32>,
    /// 是否办结。
    is_end: bool,
    /// 是否为不通过、撤回,或需要补正。
    is_bad: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseForm, description = "一个动作要填写和提交的。")]
pub(super) struct Form {
    /// 动作的代码;提出为 open。
    #[schema(example = "mend")]
    act: String,
    /// 动作的名称。
    #[schema(example = "补正后重新提出")]
    name: String,
    /// 不能由这个密钥办理的原因;可以办理的为空。
    refused: Option<String>,
    /// 栏目。
    fields: Vec<Field>,
    /// 至少填写一项的栏目,写其代码;没有这种要求的为空。
    one_of: Vec<String>,
    /// 核查清单的项目;没有清单的为空。
    checks: Vec<Check>,
    /// 材料。
    materials: Vec<Wanted>,
    /// 意见或原因:no 不写、may 可以写、must 必须写。
    #[schema(example = "must")]
    reason: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseField, description = "一个栏目。")]
struct Field {
    /// 代码。
    #[schema(example = "from_on")]
    key: String,
    /// 名称。
    #[schema(example = "变更自哪一天起生效")]
    name: String,
    /// 怎样填写:text 一行文字、long_text 多行文字、date 日期、number 数、choice 从 choices 中选、yes_no 是否(yes 或 no)、unit 名录库中单位的统一社会信用代码。
    #[schema(example = "date")]
    kind: &'static str,
    /// 可以选择的值,原样写入;不限的为空。
    choices: Vec<String>,
    /// 填写说明。
    help: String,
    /// 是否必填。
    is_required: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseCheck, description = "核查清单的一个项目。")]
struct Check {
    /// 结果的代码,写在 values 中,值为 yes 是、no 否、na 不适用。
    key: String,
    /// 说明的代码,写在 values 中;答“否”的要写。
    remark_key: String,
    /// 问什么。
    name: String,
    /// 怎样看。
    help: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseMaterial, description = "一种材料。")]
struct Wanted {
    /// 代码,写在材料的 kind 中。
    #[schema(example = "document")]
    kind: String,
    /// 名称。
    name: String,
    /// 要求。
    help: String,
    /// 办理以后至少应有几份,以前交过的也算;0 为可以不交。
    least: u32,
    /// 只在选了这些值时才要;不限的为空。
    only: Vec<String>,
    /// 按哪个栏目的值;不限的为空。
    by: Option<String>,
}

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::No => "no",
        Reason::May => "may",
        Reason::Must => "must",
    }
}

impl Form {
    /// What the opening, or an act, asks for in a case with these values; a bar stands before everything else.
    pub(super) fn of(kind: &case::CaseType, act: Option<&Act>, values: &Values, bar: Option<&str>) -> Form {
        let demand: &Demand = act.map_or(&kind.open.demand, |act| &act.demand);
        let hand = || kind.must_want_no_hand(act).err().map(|problem| problem.to_string());
        let fields = demand.fields(kind).into_iter().map(|(field, is_required)| Field {
            key: field.key.clone(),
            name: field.label.clone(),
            kind: field.kind.key(),
            choices: field.choices.clone(),
            help: field.help.clone(),
            is_required,
        });
        let checks = if demand.checks { kind.checks_for(values) } else { Vec::new() };
        let checks = checks.into_iter().map(|item| Check {
            key: item.answer_key(),
            remark_key: item.remark_key(),
            name: item.label.clone(),
            help: item.help.clone(),
        });
        let wanted = demand.evidence.iter().filter_map(|asked| Some((asked, kind.material(&asked.kind)?)));
        let materials = wanted.map(|(asked, material)| Wanted {
            kind: asked.kind.clone(),
            name: material.label.clone(),
            help: material.help.clone(),
            least: asked.least,
            only: material.only.clone(),
            by: material.by.clone(),
        });
        Form {
            act: act.map_or(OPEN, |act| act.key.as_str()).to_owned(),
            name: act.map_or(&kind.open.label, |act| &act.label).clone(),
            refused: bar.map(str::to_owned).or_else(hand),
            fields: fields.collect(),
            one_of: demand.one_of.clone(),
            checks: checks.collect(),
            materials: materials.collect(),
            reason: reason_key(demand.reason),
        }
    }
}

impl CaseType {
    pub(super) fn of(found: &Openable) -> CaseType {
        let kind = &found.kind;
        let state = |state: &case::State| State {
            key: state.key.clone(),
            name: state.label.clone(),
            turn: state.owner.iter().map(|who| who.label()).collect(),
            days: state.deadline,
            is_end: state.is_end,
            is_bad: state.is_bad,
        };
        let subjects = found.subjects.iter().map(|(id, name)| SubjectChoice { id: id.clone(), name: name.clone() });
        CaseType {
            key: kind.key.clone(),
            name: kind.name.clone(),
            version: kind.version,
            about: kind.about.clone(),
            grounds: kind.grounds.clone(),
            note: kind.note.clone(),
            subject: kind.subject.key(),
            subjects: subjects.collect(),
            is_single: kind.is_single,
            opening: Form::of(kind, None, &Values::new(), None),
            states: kind.states.iter().map(state).collect(),
            rounds: found.told.rounds.iter().map(InRound::say).collect(),
        }
    }
}
