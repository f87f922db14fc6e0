//! What a program gives: with which key, for which unit and period, and what it hands in. The key is looked at first and the
//! content last, so that nobody's upload is received who may not hand in.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, RawQuery, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use tokio::sync::Semaphore;
use youju_app::Fault;
use youju_app::api_key::Keyed;
use youju_app::intake::Place;
use youju_codes::Period;
use youju_domain::Problem;
use youju_domain::api_key::Use;

use super::{ApiProblem, Key};
use crate::ledger::unhurried;
use crate::request::query;
use crate::{Web, url};

/// Files of programs that are read at the same time: a large one takes some hundreds of megabytes while it is.
static READERS: Semaphore = Semaphore::const_new(4);

/// What the parts of an address are called.
pub(super) type Named = BTreeMap<String, String>;

/// A program that asks about its own unit, with a key that was made for this, and the parts of the address.
pub(super) async fn of_unit(parts: &mut Parts, web: &Web, needs: Use) -> Result<(Keyed, Named), ApiProblem> {
    let Key(program) = Key::from_request_parts(parts, web).await?;
    let Path(named): Path<Named> =
        Path::from_request_parts(parts, web).await.map_err(|_| ApiProblem::of_status(StatusCode::BAD_REQUEST))?;
    program.must_be_of(named.get("unit").map(String::as_str).unwrap_or_default())?;
    program.must_serve(needs)?;
    Ok((program, named))
}

/// A unit and period that a program asks about.
pub(super) struct Asked {
    pub program: Keyed,
    pub period: Period,
    named: Named,
}

impl Asked {
    /// Another part of the address, blank where it has none of this name.
    pub fn named(&self, name: &str) -> &str {
        self.named.get(name).map(String::as_str).unwrap_or_default()
    }

    /// The cell that the address names.
    pub fn place(&self) -> Place {
        let (form, cell) = (self.named("form").to_owned(), self.named("cell").to_owned());
        Place { form, period: self.period, cell }
    }
}

impl FromRequestParts<Web> for Asked {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Asked, ApiProblem> {
        let (program, named) = of_unit(parts, web, Use::Ledgers).await?;
        let period = named.get("period").map(String::as_str).unwrap_or_default();
        let period = Period::parse(period).map_err(|error| bad(error.to_string()))?;
        Ok(Asked { program, period, named })
    }
}

pub(super) fn bad(reason: String) -> Problem {
    Problem::BadInput { reason }
}

/// A table that a program hands in.
pub(super) struct Given {
    pub asked: Asked,
    pub file_name: String,
    pub sheet: Option<String>,
    pub content: Vec<u8>,
}

#[derive(Deserialize)]
struct Query {
    #[serde(default)]
    file_name: String,
    #[serde(default)]
    sheet: String,
}

impl FromRequest<Web> for Given {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, web: &Web) -> Result<Given, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, web).await?;
        let named = query::<Query>(RawQuery(parts.uri.query().map(str::to_owned)));
        let named =
            named.map_err(|_| bad("地址中的参数 file_name 或 sheet 不正确,应为 UTF-8 的百分号编码。".into()))?;
        let wanted = "application/json(表格数据)或 application/octet-stream(xlsx、xls、csv 文件)";
        let is_json = is_json(&parts.headers).ok_or_else(|| ApiProblem::unsupported(wanted))?;
        let content = body_of(Request::from_parts(parts, body), web).await?;
        if is_json && !content.trim_ascii_start().starts_with(b"{") {
            let reason = format!("JSON 应为一个对象,其中有 rows。请对照 {} 检查。", url::API_DOCUMENT);
            return Err(bad(reason).into());
        }
        let usual = if is_json { "接口数据.json" } else { "接口文件" };
        let file_name = if named.file_name.trim().is_empty() { usual.to_owned() } else { named.file_name };
        let sheet = Some(named.sheet).filter(|sheet| !sheet.is_empty());
        Ok(Given { asked, file_name, sheet, content: content.to_vec() })
    }
}

/// The content of a request, as far as it may be received.
pub(super) async fn body_of(request: Request, web: &Web) -> Result<Bytes, ApiProblem> {
    let content = Bytes::from_request(request, web).await;
    content.map_err(|refused| ApiProblem::of_status(refused.into_response().status()))
}

/// Whether the content is a table as JSON, or a file; nothing for what is neither.
pub(super) fn is_json(headers: &HeaderMap) -> Option<bool> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" => Some(true),
        "application/octet-stream" => Some(false),
        _ => None,
    }
}

/// Reads what was given on a thread of its own, when it is its turn.
pub(super) async fn read<T: Send + 'static>(
    work: impl FnOnce() -> youju_app::Result<T> + Send + 'static,
) -> youju_app::Result<T> {
    let _turn = READERS.acquire().await.map_err(|error| Fault::new("waiting to read a file", error))?;
    unhurried(work).await
}
