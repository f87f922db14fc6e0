//! Tries 登录尝试: each is written down with its address, also when it was in vain. Sessions end and go; this stays.

use youju_domain::account::browser_in_words;
use youju_domain::id::PersonId;
use youju_domain::security::sign_in::Outcome;
use youju_store::sealed::Place;
use youju_store::sign_in::{self, New};

use super::Browser;
use crate::context::Cx;
use crate::error::Result;
use crate::secrets::of_words;

/// Writes a try down, with the failures in a row up to it. What was typed is not in it.
pub(crate) async fn write_down(
    cx: &mut Cx<'_>,
    person: Option<PersonId>,
    (outcome, failures): (Outcome, u32),
    browser: &Browser,
) -> Result<()> {
    let id = cx.new_id();
    let address = cx.app().secret_keys().seal_text(&browser.address, &of_words(Place::SignIn, id, ""))?;
    let words = if browser.agent.is_empty() { String::new() } else { browser_in_words(&browser.agent) };
    let new = New { id, at: cx.now(), person, outcome, failures, address, browser: words };
    Ok(sign_in::add(cx.tx(), &new).await?)
}
