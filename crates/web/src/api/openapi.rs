//! The description of the API for those who write programs against it: OpenAPI 3.1, in Chinese.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::{case, ledger, lineage};
use crate::limits::{API_REQUESTS_MAX, BODY_BYTES_MAX};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "有据 接口", version = "1",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "本系统")),
    paths(
        ledger::standing, ledger::trial_balance, ledger::records, lineage::of_cell, lineage::hands, lineage::impact,
        case::types, case::list, case::open, case::one, case::take
    ),
    tags(
        (name = "台账", description = "科目余额表和原始记录。"),
        (name = "溯源", description = "本单位一个数的来源、去向和经手人,只读。"),
        (name = "事项", description = "本单位的申请、变更、补正等事项:提出、查看和办理。密钥要有“事项”的用途。"),
    ),
    security(("api_key" = [])),
    modifiers(&Rules),
)]
struct Api;

/// What holds for every request.
struct Rules;

impl Modify for Rules {
    fn modify(&self, document: &mut Document) {
        let mebibytes = BODY_BYTES_MAX / 1024 / 1024;
        document.info.description = Some(format!(
            "财务软件和业务系统用接口密钥报送本单位的台账、办理本单位的事项,与人工办理经过同样的检查。\n\n\
            - 密钥由单位填报人在单位页面的“接口密钥”中新建,只显示一次,放在请求头 Authorization: Bearer yj_… 中。\n\
            - 密钥的用途在新建时选定。用途是“台账”的,能报送本单位的台账、查看结果,以及查看本单位一个数的来源、去向和经手人;\
            用途是“事项”的,能提出、查看和办理本单位的事项。没有这项用途的,回答 403。\n\
            - 密钥不能打开、填报、修改或上报报表;要本人在现场办理、拍照、签字的,软件不能代办。\n\
            - 同样的内容可以重复报送:正在采用的就是它时,回答 200,不再导入。\n\
            - 事项的提出和办理都带发送编号(sending):没有收到回答时用同一个编号重发,不会办理两次。\n\
            - 出错时回答 application/problem+json,code 供程序判断,reasons 逐条写明原因(台账的写明工作表、行和列);什么也不会写入。\n\
            - 每个密钥每分钟最多 {API_REQUESTS_MAX} 次请求,超过的回答 429;请求体不超过 {mebibytes} MB。"
        ));
        let mut bearer = Http::new(HttpAuthScheme::Bearer);
        bearer.description = Some("接口密钥,以 yj_ 开头。".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("api_key", SecurityScheme::Http(bearer));
    }
}

/// The document. It tells nothing about anybody, so nobody is asked for a key.
pub(super) async fn document() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| Api::openapi().to_pretty_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], TEXT.as_str()).into_response()
}
