//! Cases as they go over the wire. The comments of the fields are what the readers of the OpenAPI document see, therefore in their
//! language.

use serde::Serialize;
use utoipa::ToSchema;
use youju_app::case::{Listed, Seen};
use youju_app::list::Page;
use youju_domain::case::{self, InRound, Material, Sort, Step, clock_remarks, photo_facts, photo_remarks, show_value};

use super::form::Form;
use crate::api::wire::printed;
use crate::limits::PAGE_ROWS;
use crate::url;

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一页事项。")]
pub(in crate::api) struct Cases {
    /// 一共多少件。
    total: u64,
    /// 第几页,从 1 开始。
    page: i64,
    /// 每页多少件。
    page_size: i64,
    /// 这一页的事项。
    #[serde(rename = "cases")]
    rows: Vec<Row>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ListedCase, description = "清单中的一件事项。")]
struct Row {
    /// 编号。
    id: String,
    /// 类型的代码。
    #[schema(example = "amendment")]
    r#type: String,
    /// 类型的名称。
    #[schema(example = "调查单位变更")]
    type_name: String,
    /// 事项的名称。
    title: String,
    /// 状态的代码。
    state: String,
    /// 状态。
    state_name: String,
    /// 是否办结。
    is_end: bool,
    /// 是否为不通过、撤回,或需要补正。
    is_bad: bool,
    /// 是否轮到密钥的经办人办理。
    is_mine: bool,
    /// 期限(含当日);没有期限的为空。
    due_on: Option<String>,
    /// 提出时间(RFC 3339)。
    opened_at: String,
    /// 最近一次办理的时间(RFC 3339)。
    changed_at: String,
}

impl Row {
    fn of(row: &Listed) -> Row {
        Row {
            id: row.id.to_string(),
            r#type: row.type_key.clone(),
            type_name: row.kind.clone(),
            title: row.title.clone(),
            state: row.state_key.clone(),
            state_name: row.state.clone(),
            is_end: row.is_end,
            is_bad: row.is_bad,
            is_mine: row.is_mine,
            due_on: row.due_on.map(|due| due.to_string()),
            opened_at: printed(row.opened_at),
            changed_at: printed(row.changed_at),
        }
    }
}

impl Cases {
    pub(super) fn of(found: &Page<Listed>, page: i64) -> Cases {
        let rows = found.rows.iter().map(Row::of).collect();
        Cases { total: found.total, page, page_size: PAGE_ROWS, rows }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一件事项。")]
pub(in crate::api) struct Case {
    /// 编号。
    id: String,
    /// 类型的代码。
    #[schema(example = "amendment")]
    r#type: String,
    /// 类型的名称。
    #[schema(example = "调查单位变更")]
    type_name: String,
    /// 提出时类型的版本。
    type_version: u32,
    /// 事项的名称。
    title: String,
    /// 办理对象的名称。
    subject_name: String,
    /// 状态的代码。
    #[schema(example = "mending")]
    state: String,
    /// 状态。
    #[schema(example = "退回补正")]
    state_name: String,
    /// 是否办结。
    is_end: bool,
    /// 是否为不通过、撤回,或需要补正。
    is_bad: bool,
    /// 轮到谁办理;办结的为空。
    turn: Vec<String>,
    /// 期限(含当日);没有期限的为空。
    due_on: Option<String>,
    /// 关于期限的提醒;没有的为空。
    due_remark: Option<String>,
    /// 办理时写在 revision 中。
    revision: i64,
    /// 填写的内容。
    values: Vec<Said>,
    /// 办理经过,先办的在前。
    steps: Vec<Taken>,
    /// 由程序比对得出的矛盾和提示,逐条一句话;继续办理的,请在意见中逐条说明。
    contradictions: Vec<String>,
    /// 申报批次和截止日,逐条一句话。
    rounds: Vec<String>,
    /// 密钥的经办人现在可以办理的动作,以及各要填写和提交什么。
    offers: Vec<Form>,
    /// 给人看的页面的地址,登录后可以打开。
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseValue, description = "一个栏目的值。")]
struct Said {
    /// 栏目的代码;核查清单的结果以 check. 开头。
    #[schema(example = "phone")]
    key: String,
    /// 栏目的名称。
    #[schema(example = "联系电话")]
    name: String,
    /// 值。
    value: String,
    /// 页面上的样子。
    shown: String,
    /// 名录库现在登记的;不是登记事项的为空。
    registered: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseStep, description = "办理经过的一步。")]
struct Taken {
    /// 动作的代码;提出为 open。
    act: String,
    /// 动作的名称。
    act_name: String,
    /// 以哪一方签字;不是会签的为空。
    signed_as: Option<String>,
    /// 办理以后的状态的代码。
    state: String,
    /// 办理以后的状态。
    state_name: String,
    /// 办理人;软件办理的,写明是哪个密钥。
    #[schema(example = "王芳(接口 用友接口)")]
    by: String,
    /// 办理人的身份。
    role: String,
    /// 办理时间(RFC 3339)。
    at: String,
    /// 意见或原因。
    reason: String,
    /// 这一步填写和改动的内容;值为空字符串的是删去。
    values: Vec<Said>,
    /// 这一步交的材料。
    materials: Vec<Paper>,
    /// 现场办理的时间、位置等情况和提示,逐条一句话。
    remarks: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseFile, description = "一份材料。")]
struct Paper {
    /// 材料种类的代码。
    kind: String,
    /// 材料种类的名称。
    kind_name: String,
    /// 文件名。
    name: String,
    /// 文件内容的 SHA-256(十六进制),可与发送方核对。
    hash: String,
    /// 字节数。
    size: u64,
    /// 给人看的文件的地址,登录后可以打开;打开的人会记录在案。
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseDone, description = "办理的结果。")]
pub(in crate::api) struct Done {
    /// 办理以后的事项;办理以后本单位不再能查看的为空。
    case: Option<Case>,
}

impl Done {
    pub(super) fn of(seen: Option<&Seen>) -> Done {
        Done { case: seen.map(Case::of) }
    }
}

/// What is said under a key: of a field, or of an item of the check list.
fn value(seen: &Seen, key: &str, said: &str) -> Said {
    let field = seen.kind.field(key);
    let item = seen.kind.checks.iter().find(|item| item.answer_key() == key || item.remark_key() == key);
    let registered = field.and_then(|field| field.fact);
    let registered = registered.and_then(|fact| Some(fact.show(seen.told.facts.get(fact)?)));
    let name = field.map(|field| &field.label).or(item.map(|item| &item.label));
    let answer = || case::ANSWERS.iter().find(|(answer, _)| *answer == said).map(|(_, word)| (*word).to_owned());
    let shown = match (field, item) {
        (Some(field), _) => show_value(field, said),
        (None, Some(item)) if item.answer_key() == key => answer().unwrap_or_else(|| said.to_owned()),
        _ => said.to_owned(),
    };
    Said {
        key: key.to_owned(),
        name: name.map_or(key, String::as_str).to_owned(),
        value: said.to_owned(),
        shown,
        registered,
    }
}

fn paper(seen: &Seen, file: &Material) -> Paper {
    let kind = seen.kind.material(&file.kind);
    Paper {
        kind: file.kind.clone(),
        kind_name: kind.map_or(&file.kind, |kind| &kind.label).clone(),
        name: file.name.clone(),
        hash: file.hash.clone(),
        size: file.size,
        page: url::case_file(seen.case.id, &file.hash),
    }
}

/// What a step on the spot says of its photographs and of the clock of the phone, as the page does.
fn remarks(seen: &Seen, step: &Step) -> Vec<String> {
    let is_photo = |file: &&Material| seen.kind.material(&file.kind).is_some_and(|one| one.sort == Sort::Photo);
    let mut told = clock_remarks(step);
    for file in step.materials.iter().filter(is_photo) {
        told.push(format!("{}:{}。", file.name, photo_facts(file)));
        told.extend(photo_remarks(&seen.case, step, file));
    }
    told
}

fn taken(seen: &Seen, step: &Step) -> Taken {
    let kind = &seen.kind;
    let signatories = kind.act(&step.act).map(|act| act.signatories.as_slice()).unwrap_or_default();
    let signed_as = signatories.iter().find(|one| step.signed_as.as_ref() == Some(&one.key));
    Taken {
        act: step.act.clone(),
        act_name: kind.act_label(&step.act).to_owned(),
        signed_as: signed_as.map(|one| one.label.clone()),
        state: step.to.clone(),
        state_name: kind.state(&step.to).map_or(&step.to, |state| &state.label).clone(),
        by: step.name.clone(),
        role: step.role.label().to_owned(),
        at: printed(step.at),
        reason: step.reason.clone(),
        values: step.values.iter().map(|(key, said)| value(seen, key, said)).collect(),
        materials: step.materials.iter().map(|file| paper(seen, file)).collect(),
        remarks: remarks(seen, step),
    }
}

impl Case {
    pub(super) fn of(seen: &Seen) -> Case {
        let (case, kind) = (&seen.case, &seen.kind);
        let (state, values) = (kind.state(case.state()), case.values());
        let offer = |offer: &youju_app::case::Offered| {
            Some(Form::of(kind, Some(kind.act(&offer.act)?), &values, offer.bar.as_deref()))
        };
        Case {
            id: case.id.to_string(),
            r#type: kind.key.clone(),
            type_name: kind.name.clone(),
            type_version: kind.version,
            title: case.title(kind),
            subject_name: case.subject.name.clone(),
            state: case.state().to_owned(),
            state_name: state.map_or(case.state(), |state| &state.label).to_owned(),
            is_end: state.is_some_and(|state| state.is_end),
            is_bad: state.is_some_and(|state| state.is_bad),
            turn: seen.turn.clone(),
            due_on: seen.due_on.map(|due| due.to_string()),
            due_remark: seen.caveat.clone(),
            revision: case.revision,
            values: values.iter().map(|(key, said)| value(seen, key, said)).collect(),
            steps: case.steps.iter().map(|step| taken(seen, step)).collect(),
            contradictions: seen.told.contradictions.clone(),
            rounds: seen.told.rounds.iter().map(InRound::say).collect(),
            offers: seen.offers.iter().filter_map(offer).collect(),
            page: url::case(case.id),
        }
    }
}
