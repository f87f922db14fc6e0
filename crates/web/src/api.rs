//! API 接口: programs of a unit hand in its ledgers with a key, and read what became of them, where
//! its figures came from and where they went; and they take part in its cases. No cookie is looked at here, and no
//! page is answered: a refusal is `application/problem+json`.

mod case;
mod given;
mod ledger;
mod lineage;
mod openapi;
mod problem;
mod rate;
mod wire;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use youju_app::api_key::{Keyed, authenticate};

use crate::{Web, url};
pub(crate) use problem::ApiProblem;
pub(crate) use rate::Rate;

/// The addresses below [`url::API`].
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route("/ledgers/{unit}/{period}", get(ledger::standing))
        .route("/ledgers/{unit}/{period}/trial-balance", post(ledger::trial_balance))
        .route("/ledgers/{unit}/{period}/records/{kind}", post(ledger::records))
        .route("/ledgers/{unit}/{period}/imports/{import}/impact", get(lineage::impact))
        .route("/reports/{unit}/{period}/{form}/cells/{cell}/lineage", get(lineage::of_cell))
        .route("/reports/{unit}/{period}/{form}/cells/{cell}/hands", get(lineage::hands))
        .route("/case-types/{unit}", get(case::types))
        .route("/cases/{unit}", get(case::list).post(case::open))
        .route("/cases/{unit}/{case}", get(case::one))
        .route("/cases/{unit}/{case}/acts/{act}", post(case::take))
        .route("/openapi.json", get(openapi::document))
        .fallback(problem::no_such_address)
        .layer(from_fn(problem::in_problems))
}

/// Whether an address is one of programs.
pub(crate) fn is_api(path: &str) -> bool {
    path.strip_prefix(url::API).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A program that has shown its key, and has not asked too often.
pub(crate) struct Key(pub Keyed);

impl FromRequestParts<Web> for Key {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Key, ApiProblem> {
        let secret = bearer(parts).ok_or_else(ApiProblem::without_key)?;
        let keyed = authenticate(&web.app, secret).await?;
        web.rate.take(keyed.key(), web.app.world().now())?;
        Ok(Key(keyed))
    }
}

/// The secret of `Authorization: Bearer …` (RFC 6750).
fn bearer(parts: &Parts) -> Option<&str> {
    let (scheme, secret) = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}
