//! Handing in ledgers, and what became of them.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use youju_app::intake::{self, Said};
use youju_app::record::RecordKind;
use youju_codes::Period;
use youju_domain::Problem;

use super::ApiProblem;
use super::given::{Asked, Given, read};
use super::wire::{Import, Standing, TrialBalanceTable, ValueTable};
use crate::{Web, url};

type Answer<T = Response> = Result<T, ApiProblem>;

/// Takes a trial balance.
#[utoipa::path(
    post, path = "/api/v1/ledgers/{unit}/{period}/trial-balance", operation_id = "handInTrialBalance", tag = "台账",
    summary = "报送科目余额表",
    description = "整张导入,或者一行也不导入。检查与页面导入相同:借贷平衡、上下级科目相符、期初加减本期等于期末、会计期间与地址中的报告期一致。\
        导入台账不改动任何报表。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "报告期,如 2026-03(3 月)、2026-01~02(1—2 月)、2026-Q1(一季度)、2026-S1(上半年)、2026(全年)",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
        ("file_name" = Option<String>, Query, description = "文件名,显示在台账中"),
    ),
    request_body(description = "表格数据(JSON),或者财务软件导出的 xlsx、xls、csv 文件", content(
        (TrialBalanceTable = "application/json"), ("application/octet-stream")
    )),
    responses(
        (status = 201, description = "已导入", body = Import, headers(("Location" = String, description = "查看本期台账的地址"))),
        (status = 200, description = "同样的内容已经导入并在采用,没有再导入", body = Import),
        (status = "4XX", description = "没有导入", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn trial_balance(State(web): State<Web>, given: Given) -> Answer {
    let Given { asked: Asked { program, period, .. }, file_name, content, .. } = given;
    let app = web.app.clone();
    let file = read(move || intake::read_trial_balance(&app, &file_name, content)).await?;
    let outcome = intake::trial_balance(&web.app, &program, period, file).await?;
    Ok(told(outcome.is_new, program.unit().usci.as_str(), period, Import::of_trial_balance(&outcome.import)))
}

/// Takes source records.
#[utoipa::path(
    post, path = "/api/v1/ledgers/{unit}/{period}/records/{kind}", operation_id = "handInRecords", tag = "台账",
    summary = "报送原始记录",
    description = "按本单位保存的对应关系读取各列;没有的,用统计机构共享的模板;再没有的,各列都能确定时直接读取,否则不导入,并指出没有确定的列——\
        请由填报人在“台账”页面导入一次同样的文件并确认。姓名、身份证号等个人信息不保存,工资表只保留人数和合计。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "报告期,如 2026-03(3 月)、2026-01~02(1—2 月)、2026-Q1(一季度)、2026-S1(上半年)、2026(全年)",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
        ("kind" = String, Path, example = "voucher_journal", description = "种类:voucher_journal 凭证序时簿、sales_list 销售明细、\
            stock_list 出入库和库存、payroll 工资表、bank_statement 银行流水和日记账、chart_of_accounts 科目表、energy_slips 能源购进消费、\
            generic 其他表格"),
        ("file_name" = Option<String>, Query, description = "文件名,显示在台账中"),
        ("sheet" = Option<String>, Query, description = "工作表名;不写时取最像这一种类的工作表"),
    ),
    request_body(description = "表格数据(JSON),或者 xlsx、xls、csv 文件", content(
        (ValueTable = "application/json"), ("application/octet-stream")
    )),
    responses(
        (status = 201, description = "已导入", body = Import, headers(("Location" = String, description = "查看本期台账的地址"))),
        (status = 200, description = "同样的内容已经导入并在采用,没有再导入", body = Import),
        (status = "4XX", description = "没有导入", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn records(State(web): State<Web>, given: Given) -> Answer {
    let Given { asked, file_name, sheet, content } = given;
    let kind = asked.named("kind");
    let kind = RecordKind::from_key(kind).ok_or_else(|| no_such_kind(kind))?;
    let Asked { program, period, .. } = asked;
    let known = intake::known(&web.app, &program).await?;
    let (app, said) = (web.app.clone(), Said { kind, sheet, period });
    let file = read(move || intake::read_records(&app, &file_name, content, &known, &said)).await?;
    let outcome = intake::records(&web.app, &program, file).await?;
    Ok(told(outcome.is_new, program.unit().usci.as_str(), period, Import::of_records(&outcome.import)))
}

fn no_such_kind(kind: &str) -> Problem {
    let known: Vec<String> = RecordKind::ALL.iter().map(|kind| format!("{}({})", kind.key(), kind.label())).collect();
    Problem::BadInput {
        reason: format!("没有“{kind}”这种原始记录。可用的种类有 {}。", known.join("、"))
    }
}

fn told(is_new: bool, usci: &str, period: Period, import: Import) -> Response {
    if is_new {
        let location = [(header::LOCATION, url::api_ledger(usci, period))];
        return (StatusCode::CREATED, location, Json(import)).into_response();
    }
    (StatusCode::OK, Json(import)).into_response()
}

/// What counts for a period.
#[utoipa::path(
    get, path = "/api/v1/ledgers/{unit}/{period}", operation_id = "readLedger", tag = "台账",
    summary = "查看本期台账",
    description = "本单位这个报告期正在采用的科目余额表和各种原始记录,不论是接口报送的还是人工导入的。以前的各次导入保留备查,这里只给出次数。",
    params(
        ("unit" = String, Path, description = "本单位的统一社会信用代码", example = "91330781FAKE000000"),
        ("period" = String, Path, description = "报告期,如 2026-03(3 月)、2026-01~02(1—2 月)、2026-Q1(一季度)、2026-S1(上半年)、2026(全年)",
            pattern = "^(19|2[0-9])[0-9]{2}(-(0[1-9]|1[0-2])|-01~02|-Q[1-4]|-S[12])?$", example = "2026-03"),
    ),
    responses(
        (status = 200, description = "本期台账", body = Standing),
        (status = "4XX", description = "不能查看", body = ApiProblem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn standing(State(web): State<Web>, asked: Asked) -> Answer<Json<Standing>> {
    let standing = intake::standing(&web.app, &asked.program, asked.period).await?;
    Ok(Json(Standing::of(&standing, asked.program.unit(), asked.period)))
}
