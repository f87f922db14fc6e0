//! What a program sends: the content of a new case, or of a step. The key is looked at first and the content last.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, FromRequestParts, Request};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use utoipa::ToSchema;
use youju_app::attachment::{Looked, look_at};
use youju_domain::Problem;
use youju_domain::case::Command;

use super::Asked;
use crate::api::ApiProblem;
use crate::api::given::{bad, body_of, is_json, read};
use crate::{Web, url};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(description = "提出一件事项。")]
pub(in crate::api) struct NewCase {
    /// 事项类型的代码。
    #[schema(example = "amendment")]
    pub r#type: String,
    /// 办理对象;一般不写,即本单位。类型的 subject 中有可选对象的,写其编号。
    pub subject: Option<String>,
    /// 各栏目的值,按栏目的代码;一律写成字符串,是否写 yes 或 no,日期写成 2026-03-05。
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// 意见或原因。
    #[serde(default)]
    pub reason: String,
    /// 材料。
    #[serde(default)]
    pub materials: Vec<NewMaterial>,
    /// 发送编号:每次办理用一个新的,如 UUID;没有收到回答时用同一个重发。
    #[schema(pattern = "^[0-9a-fA-F-]{16,64}$", example = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e")]
    pub sending: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(description = "办理一个动作。")]
pub(in crate::api) struct NewStep {
    /// 查看时看到的 revision。
    #[schema(example = 1)]
    pub revision: i64,
    /// 各栏目的值,按栏目的代码;一律写成字符串。不写的栏目不变。
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// 意见或原因。
    #[serde(default)]
    pub reason: String,
    /// 材料。
    #[serde(default)]
    pub materials: Vec<NewMaterial>,
    /// 发送编号:每次办理用一个新的,如 UUID;没有收到回答时用同一个重发。
    #[schema(pattern = "^[0-9a-fA-F-]{16,64}$", example = "3f1c5e0a-7b1d-4c55-9a53-0b4a3a1c2d4e")]
    pub sending: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(description = "一份材料。")]
pub(in crate::api) struct NewMaterial {
    /// 材料种类的代码。
    #[schema(example = "document")]
    pub kind: String,
    /// 文件名。
    #[schema(example = "营业执照.pdf")]
    pub name: String,
    /// 文件内容,base64(RFC 4648,标准字母表,不换行)。整个请求不超过 32 MB,因此文件合计不超过约 24 MB。
    #[schema(content_encoding = "base64", example = "JVBERi0xLjc=")]
    pub content: String,
}

/// What has text in it that no keyboard types, and that PostgreSQL does not hold.
pub(super) trait Texts {
    /// Every text that may come to be kept or looked for.
    fn texts(&self) -> impl Iterator<Item = &str>;
}

fn pairs(values: &BTreeMap<String, String>) -> impl Iterator<Item = &str> {
    values.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()])
}

fn names(materials: &[NewMaterial]) -> impl Iterator<Item = &str> {
    materials.iter().flat_map(|one| [one.kind.as_str(), one.name.as_str()])
}

impl Texts for NewCase {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let own = [Some(&self.r#type), self.subject.as_ref(), Some(&self.reason), self.sending.as_ref()];
        own.into_iter().flatten().map(String::as_str).chain(pairs(&self.values)).chain(names(&self.materials))
    }
}

impl Texts for NewStep {
    fn texts(&self) -> impl Iterator<Item = &str> {
        let own = [Some(&self.reason), self.sending.as_ref()];
        own.into_iter().flatten().map(String::as_str).chain(pairs(&self.values)).chain(names(&self.materials))
    }
}

/// What was sent, by whom.
pub(in crate::api) struct Sent<T> {
    pub(super) asked: Asked,
    pub(super) body: T,
}

impl<T: DeserializeOwned + Texts> FromRequest<Web> for Sent<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, web: &Web) -> Result<Sent<T>, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, web).await?;
        if is_json(&parts.headers) != Some(true) {
            return Err(ApiProblem::unsupported("application/json"));
        }
        let content = body_of(Request::from_parts(parts, body), web).await?;
        let body: T = serde_json::from_slice(&content).map_err(|error| damaged(&error))?;
        if body.texts().any(|text| text.contains('\0')) {
            return Err(bad("内容中有不可见的字符 U+0000。".into()).into());
        }
        Ok(Sent { asked, body })
    }
}

fn damaged(error: &serde_json::Error) -> Problem {
    let what = match error.classify() {
        Category::Data => "栏目缺少、多出,或者类型不对",
        _ => "不是完整、正确的 JSON(UTF-8)",
    };
    bad(format!(
        "请求体不能读取:第 {} 行第 {} 列附近,{what}。请对照 {} 检查。",
        error.line(),
        error.column(),
        url::API_DOCUMENT
    ))
}

/// What was sent, as a step.
pub(super) fn command(
    (values, reason): (BTreeMap<String, String>, String),
    sending: Option<String>,
    revision: i64,
) -> Command {
    Command { values, reason, sending, revision, ..Command::default() }
}

/// Name and content of files, by kind.
type Files = BTreeMap<String, Vec<(String, Vec<u8>)>>;

fn decoded(materials: Vec<NewMaterial>) -> Result<Files, Problem> {
    let mut files = Files::new();
    let mut reasons = Vec::new();
    for (index, NewMaterial { kind, name, content }) in materials.into_iter().enumerate() {
        let place = format!("第 {} 份材料“{name}”", index + 1);
        match STANDARD.decode(&content) {
            Ok(bytes) if bytes.is_empty() => reasons.push(format!("{place}是空的。")),
            Ok(bytes) => files.entry(kind).or_default().push((name, bytes)),
            Err(_) => {
                reasons.push(format!("{place}的 content 不是 base64(RFC 4648,标准字母表,末尾用 = 补足,不换行)。"));
            }
        }
    }
    if reasons.is_empty() { Ok(files) } else { Err(Problem::BadFile { reasons }) }
}

/// Reads the materials and looks at them, kind by kind, when it is their turn.
pub(super) async fn looked(web: &Web, materials: Vec<NewMaterial>) -> youju_app::Result<BTreeMap<String, Looked>> {
    if materials.is_empty() {
        return Ok(BTreeMap::new());
    }
    let app = web.app.clone();
    read(move || {
        let files = decoded(materials)?;
        files.into_iter().map(|(kind, files)| Ok((kind, look_at(&app, files)?))).collect()
    })
    .await
}
