//! A refusal as programs read it: `application/problem+json` (RFC 9457), with our stable code and every reason apart.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use youju_app::Error;
use youju_domain::Problem;

use crate::limits::BODY_BYTES_MAX;
use crate::request::Refusal;
use crate::url;

const MEDIA_TYPE: &str = "application/problem+json";
/// What a program is asked for when it shows no key, or one that does not serve (RFC 6750).
const ASKED_FOR_KEY: &str = "Bearer realm=\"youju\"";
const WRONG_KEY: &str = "Bearer realm=\"youju\", error=\"invalid_token\"";

/// What the readers of the OpenAPI document see, therefore in their language.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, description = "不能办理的原因(RFC 9457)。")]
pub(crate) struct ApiProblem {
    /// 这类问题的标识,由 code 构成。
    #[schema(example = "urn:youju:ledger.bad_file")]
    r#type: String,
    /// 一句话的概括。
    #[schema(example = "数据没有通过检查")]
    title: &'static str,
    /// HTTP 状态码。
    #[schema(example = 422)]
    status: u16,
    /// 发生了什么,怎么办。
    detail: String,
    /// 供程序判断的代码,不随版本改变。
    #[schema(example = "ledger.bad_file")]
    code: &'static str,
    /// 逐条原因,写明工作表、行和列。没有分条的原因时为空。
    reasons: Vec<String>,
    #[serde(skip)]
    wait_seconds: Option<i64>,
}

impl ApiProblem {
    fn new(status: u16, code: &'static str, detail: String) -> ApiProblem {
        let (r#type, title) = (format!("urn:youju:{code}"), title(status));
        ApiProblem { r#type, title, status, detail, code, reasons: Vec::new(), wait_seconds: None }
    }

    /// Nobody has shown a key.
    pub(crate) fn without_key() -> ApiProblem {
        let detail = "请求没有携带接口密钥。请在请求头中写明 Authorization: Bearer yj_…。";
        ApiProblem::new(401, "api_key.missing", detail.to_owned())
    }

    /// A kind of content that is not read.
    pub(crate) fn unsupported(wanted: &str) -> ApiProblem {
        let detail = format!("请求体应为 {wanted}。请改正 Content-Type。");
        ApiProblem::new(415, "unsupported_content", detail)
    }

    /// A refusal of the server's own parts, by its status.
    pub(crate) fn of_status(status: StatusCode) -> ApiProblem {
        let see = format!("请对照 {} 检查。", url::API_DOCUMENT);
        let (code, detail) = match status {
            StatusCode::PAYLOAD_TOO_LARGE => (
                "too_large",
                format!(
                    "请求体超过了 {} MB,没有写入任何数据。台账请按月或按类拆分后分次报送;事项的材料请压缩,或者在页面上提交。",
                    BODY_BYTES_MAX / 1024 / 1024
                ),
            ),
            StatusCode::NOT_FOUND => ("no_such_address", format!("没有这个地址。{see}")),
            StatusCode::METHOD_NOT_ALLOWED => ("no_such_method", format!("这个地址不支持这种请求方法。{see}")),
            StatusCode::GATEWAY_TIMEOUT => {
                ("too_slow", "办理时间过长,已经停止,没有写入任何数据。请稍后重试,或拆分后分次报送。".to_owned())
            }
            _ => ("bad_request", format!("请求不完整或格式不对。{see}")),
        };
        ApiProblem::new(status.as_u16(), code, detail)
    }
}

fn title(status: u16) -> &'static str {
    match status {
        401 => "接口密钥无效",
        403 => "没有权限",
        404 => "没有找到",
        405 => "请求方法不对",
        409 => "现在不能办理",
        413 => "内容过大",
        415 => "内容类型不支持",
        422 => "数据没有通过检查",
        429 => "请求过于频繁",
        500.. => "系统没有完成办理",
        _ => "请求不正确",
    }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> ApiProblem {
        let says = match &problem {
            // Each reason stands apart; a thousand of them in one sentence help nobody.
            Problem::BadFile { reasons } | Problem::UndecidedColumns { reasons } if reasons.len() > 1 => {
                "有多处问题,逐条列在 reasons 中。".to_owned()
            }
            problem => problem.says(),
        };
        // Hints speak of pages where there are none.
        let hint = match &problem {
            Problem::NotFound { what: "事项" } => "请核对地址中的编号;只能查看和办理本单位的事项。",
            Problem::NotFound { what: "事项类型" } => "请查询本单位可以提出的事项类型。",
            Problem::NotFound { .. } => "请核对地址中的统一社会信用代码和报告期。",
            Problem::Conflict => "请重新查看,核对以后再报送一次。",
            problem => problem.hint(),
        };
        let answer = ApiProblem::new(problem.status(), problem.code(), format!("{says}{hint}"));
        match problem {
            Problem::BadFile { reasons } | Problem::UndecidedColumns { reasons } => ApiProblem { reasons, ..answer },
            Problem::TooManyRequests { wait_seconds } | Problem::TooFast { wait_seconds } => {
                ApiProblem { wait_seconds: Some(wait_seconds), ..answer }
            }
            _ => answer,
        }
    }
}

impl From<Error> for ApiProblem {
    fn from(error: Error) -> ApiProblem {
        match error {
            Error::Problem(problem) => problem.into(),
            fault @ Error::Fault(_) => {
                let (status, refused) = Refusal::from(fault).told();
                ApiProblem::new(status.as_u16(), "fault", format!("{}{}", refused.says, refused.hint))
            }
        }
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        if status == StatusCode::UNAUTHORIZED {
            let asks = if self.code == "api_key.missing" { ASKED_FOR_KEY } else { WRONG_KEY };
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(asks));
        }
        if let Some(seconds) = self.wait_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An address below the API that there is not.
pub(super) async fn no_such_address() -> ApiProblem {
    ApiProblem::of_status(StatusCode::NOT_FOUND)
}

/// What the parts of the server refuse by themselves is told as a problem too.
pub(super) async fn in_problems(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_ours = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut told = ApiProblem::of_status(status).into_response();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow.clone());
    }
    told
}
