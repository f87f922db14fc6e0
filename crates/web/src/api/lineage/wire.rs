//! What goes over the wire about the way of a figure. The comments of the fields are what the readers of the OpenAPI document see,
//! therefore in their language.

use serde::Serialize;
use utoipa::ToSchema;
use youju_app::App;
use youju_app::impact::{Affected, Told};
use youju_domain::report::{Cell, Derivation, Level, Report};

use crate::api::wire::printed;
use crate::url;

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "报表中的一格。")]
pub(super) struct Place {
    /// 表号。
    #[schema(example = "B203")]
    form: String,
    /// 报告期。
    #[schema(example = "2026-03")]
    period: String,
    /// 数据项编号。
    #[schema(example = "c301")]
    cell: String,
    /// 指标名称。
    label: String,
    /// 报表状态的代码。
    #[schema(example = "accepted_by_county")]
    state: String,
    /// 报表状态。
    #[schema(example = "县级已验收")]
    state_name: String,
}

fn place(report: &Report, cell: &str, label: String) -> Place {
    Place {
        form: report.form.clone(),
        period: report.period.to_string(),
        cell: cell.to_owned(),
        label,
        state: report.state.key().to_owned(),
        state_name: report.state.label().to_owned(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一个数的来源。")]
pub(in crate::api) struct Lineage {
    /// 哪一格。
    place: Place,
    /// 报表现在的数,按报表的样式;没有填过的为空。
    value: Option<String>,
    /// 计量单位。
    measure: String,
    /// 数据状态:填报、台账生成、改动、说明后报送或预填。
    value_state: Option<String>,
    /// 改动前生成的数。
    generated: Option<String>,
    /// 改动的原因。
    reason: Option<String>,
    /// 最后修改的时间(RFC 3339)。
    changed_at: Option<String>,
    /// 取数过程;不是生成的数没有。
    derivation: Option<Taken>,
    /// 给人看的页面的地址,登录后可以打开。
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "取数过程。")]
pub(super) struct Taken {
    /// 取数公式。
    formula: String,
    /// 写明数字的算式。
    sentence: String,
    /// 舍入以前的结果,逐位准确。
    exact: Option<String>,
    /// 取数的科目余额表,导入的编号。
    import: Option<String>,
    /// 科目余额表的文件名。
    file_name: Option<String>,
    /// 取数的各期台账,保存的编号。
    books: Vec<String>,
    /// 带入的报表的页面地址。
    report_page: Option<String>,
    /// 各个输入。
    inputs: Vec<Input>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "公式的一个输入。")]
pub(super) struct Input {
    /// 公式中的名称。
    #[schema(example = "ytd_credit_6001")]
    name: String,
    /// 是什么。
    #[schema(example = "6001 主营业务收入 本年累计贷方")]
    label: String,
    /// 数值;台账中没有的为空。
    value: Option<String>,
    /// 科目编码;不是科目的为空。
    account: Option<String>,
    /// 在文件中的行号。
    row: Option<u32>,
}

impl Lineage {
    pub(super) fn of(app: &App, lineage: &youju_app::lineage::Lineage) -> youju_app::Result<Lineage> {
        let report = &lineage.open.report;
        let definition = app.form(&report.form)?.cell_by_text(lineage.id.as_str());
        let definition = definition.as_deref();
        let print = |value| definition.map(|cell| cell.print(value));
        let cell = lineage.cell.as_ref();
        let label = definition.map_or_else(String::new, |cell| cell.label.clone());
        Ok(Lineage {
            place: place(report, lineage.id.as_str(), label),
            value: cell.and_then(|cell| print(&cell.value)),
            measure: definition.map_or("", |cell| cell.measure.label()).to_owned(),
            value_state: cell.map(|cell| cell.state.label().to_owned()),
            generated: cell.and_then(|cell| cell.generated.as_ref()).and_then(print),
            reason: cell.and_then(|cell| cell.reason.clone()),
            changed_at: cell.map(|cell| printed(cell.at)),
            derivation: cell
                .and_then(|cell: &Cell| cell.derivation.as_ref())
                .map(|derivation| taken(derivation, lineage)),
            page: url::cell(report.id, &lineage.id),
        })
    }
}

fn taken(derivation: &Derivation, lineage: &youju_app::lineage::Lineage) -> Taken {
    let lines = lineage.source.as_ref().map_or(&[][..], |(_, lines)| lines);
    let account = |row: Option<u32>| lines.iter().find(|line| Some(line.row) == row).map(|line| line.code.clone());
    Taken {
        formula: derivation.formula.clone(),
        sentence: derivation.sentence.clone(),
        exact: derivation.exact.map(|exact| exact.to_string()),
        import: derivation.import.map(|import| import.to_string()),
        file_name: lineage.source.as_ref().map(|(import, _)| import.file_name.clone()),
        books: derivation.books.iter().map(ToString::to_string).collect(),
        report_page: derivation.report.map(url::report),
        inputs: derivation
            .inputs
            .iter()
            .map(|input| Input {
                name: input.name.clone(),
                label: input.label.clone(),
                value: input.value.map(|value| value.to_string()),
                account: account(input.row),
                row: input.row,
            })
            .collect(),
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一个数的经手人。")]
pub(in crate::api) struct Hands {
    /// 哪一格。
    place: Place,
    /// 经手的人数。
    people: u64,
    /// 各次办理,按时间先后。
    touches: Vec<Touch>,
    /// 各环节的责任人。
    responsible: Vec<Responsible>,
    /// 给人看的页面的地址,登录后可以打开。
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一次办理。")]
pub(super) struct Touch {
    /// 时间(RFC 3339)。
    at: String,
    /// 姓名。
    name: String,
    /// 身份。
    role: String,
    /// 单位名称,统计机构为层级。
    office: String,
    /// 办理的代码。
    #[schema(example = "report.saved")]
    action: String,
    /// 办理。
    #[schema(example = "填写")]
    act: String,
    /// 内容:从多少改为多少、说明、版本、文件。
    said: String,
    /// 操作日志的序号。
    seq: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一个环节的责任人。")]
pub(super) struct Responsible {
    /// 环节:采集、填报、单位签发、审核、验收。
    duty: String,
    /// 姓名;还没有办理的为空。
    names: Vec<String>,
}

impl Hands {
    pub(super) fn of(hands: &youju_app::hands::Hands) -> Hands {
        let touch = |touch: &youju_domain::hands::Touch| Touch {
            at: printed(touch.at),
            name: touch.name.clone(),
            role: touch.role.clone(),
            office: touch.office.clone(),
            action: touch.action.clone(),
            act: touch.act(),
            said: touch.said.clone(),
            seq: touch.seq,
        };
        let duty =
            |one: &youju_domain::hands::Responsible| Responsible { duty: one.duty.label(), names: one.names.clone() };
        Hands {
            place: place(&hands.open.report, hands.id.as_str(), hands.label.clone()),
            people: u64::try_from(hands.people()).unwrap_or(u64::MAX),
            touches: hands.touches.iter().map(touch).collect(),
            responsible: hands.responsible.iter().map(duty).collect(),
            page: url::hands(hands.open.report.id, &hands.id),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "一次导入的去向。")]
pub(in crate::api) struct Impact {
    /// 是什么。
    title: String,
    /// 报告期。
    #[schema(example = "2026-03")]
    period: String,
    /// 是否为本期正在采用的一次。
    is_latest: bool,
    /// 有数取自它的报表。
    reports: Vec<Reached>,
    /// 没有任何数取自它时,原因的代码:superseded、no_report、not_generated、not_read、not_gathered 或 compared_only。
    unused: Option<String>,
    /// 没有任何数取自它的原因和办法。
    unused_says: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "有数取自它的一张报表。")]
pub(super) struct Reached {
    /// 表号。
    #[schema(example = "B203")]
    form: String,
    /// 报告期。
    #[schema(example = "2026-03")]
    period: String,
    /// 报表状态的代码。
    state: String,
    /// 报表状态。
    state_name: String,
    /// 汇总到哪一级:county、city 或 province;还没有进入汇总的为空。
    totalled_by: Option<String>,
    /// 汇总情况和原因。
    totals_say: String,
    /// 取自它的各格。
    cells: Vec<ReachedCell>,
    /// 给人看的页面的地址,登录后可以打开。
    page: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(description = "取自它的一格。")]
pub(super) struct ReachedCell {
    /// 数据项编号。
    #[schema(example = "c301")]
    cell: String,
    /// 指标名称。
    label: String,
    /// 报表现在的数。
    value: String,
    /// 现在的情形:generated 仍是生成的数、typed_over 已改动、elsewhere 现在不取自它。
    stands: String,
    /// 改动前生成的数。
    generated: Option<String>,
    /// 关系:taken 直接取数、onward 再算出或带入。
    path: String,
    /// 随哪几版上报。
    versions: Vec<u32>,
    /// 这一格是否汇总。
    is_totalled: bool,
}

impl Impact {
    pub(super) fn of(impact: &youju_app::impact::Impact) -> Impact {
        Impact {
            title: impact.title.clone(),
            period: impact.period.to_string(),
            is_latest: impact.is_latest,
            reports: impact.reports.iter().map(reached).collect(),
            unused: impact.unused.map(|unused| unused.key().to_owned()),
            unused_says: impact.unused.map(|unused| unused.says().to_owned()),
        }
    }
}

fn reached(affected: &Affected) -> Reached {
    let report = &affected.report;
    let cell = |told: &Told| ReachedCell {
        cell: told.reached.cell.to_string(),
        label: told.label.clone(),
        value: told.value.clone(),
        stands: told.reached.stands.key().to_owned(),
        generated: told.generated.clone(),
        path: told.reached.path.key().to_owned(),
        versions: told.reached.versions.clone(),
        is_totalled: told.is_totalled,
    };
    Reached {
        form: report.form.clone(),
        period: report.period.to_string(),
        state: report.state.key().to_owned(),
        state_name: report.state.label().to_owned(),
        totalled_by: affected.counted.level().map(Level::key).map(str::to_owned),
        totals_say: affected.counted.says(),
        cells: affected.cells.iter().map(cell).collect(),
        page: url::report(report.id),
    }
}
