//! Accounts 账号 of everybody: what administrators see and do: notice to those whose accounts nobody uses, the end of a post; restoring is the
//! security administrator's.

use chrono::NaiveDate;
use serde_json::json;
use youju_domain::Problem;
use youju_domain::access::{Action, Object};
use youju_domain::dormancy::{Life, Standing};
use youju_domain::id::PersonId;
use youju_domain::message::Kind;
use youju_domain::survey::print_instant;
use youju_store::register::{Page, PageRequest};
use youju_store::{access as sessions, accounts};

use crate::account::of;
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell};

pub use youju_store::accounts::{Filter, Listed};

/// Accounts that one run of the sweep suspends; the next one goes on.
const SWEEP_MAX: i64 = 500;

/// One page of all accounts.
pub async fn list(cx: &mut Cx<'_>, filter: &Filter, page: PageRequest) -> Result<Page<Listed>> {
    cx.allow(Action::View, Object::System)?;
    let now = cx.now();
    Ok(accounts::list(cx.tx(), filter, now, page).await?)
}

/// One account.
pub async fn get(cx: &mut Cx<'_>, person: PersonId) -> Result<Listed> {
    cx.allow(Action::View, Object::System)?;
    let (person, account) = of(cx, person).await?;
    Ok(Listed { person, account })
}

async fn hold(cx: &mut Cx<'_>, person: PersonId, action: Action) -> Result<Life> {
    cx.allow(action, Object::System)?;
    accounts::hold(cx.tx(), person).await?.ok_or(Error::Problem(Problem::NotFound { what: "账号" }))
}

/// Gives notice to people whose accounts are dormant; gives back how many. Whoever has signed in meanwhile is left alone.
pub async fn notice(cx: &mut Cx<'_>, people: &[PersonId]) -> Result<usize> {
    cx.allow(Action::Administer, Object::System)?;
    let (now, mut count) = (cx.now(), 0);
    for person in people {
        let life = hold(cx, *person, Action::Administer).await?;
        let Standing::Dormant(why) = life.standing(now) else { continue };
        let Some((noticed, until)) = life.noticed(now).and_then(|life| Some((life, life.notice_until?))) else {
            continue;
        };
        accounts::put(cx.tx(), *person, &noticed).await?;
        let payload = json!({ "why": why.key(), "until": until });
        cx.record("account.noticed", ("person", person.to_string()), payload).await?;
        let draft = Draft {
            kind: Kind::Account,
            title: format!("您的账号将于 {} 停用", print_instant(until)),
            body: format!(
                "原因:{}。还需要使用的,请在此以前登录一次;已离岗或停用以后仍需使用的,请向安全管理员说明理由。",
                why.label()
            ),
            about: ("person", person.to_string()),
        };
        tell(cx, *person, &draft, false).await?;
        count += 1;
    }
    Ok(count)
}

/// Restores an account that was noticed or suspended, because somebody has said why it is needed.
pub async fn restore(cx: &mut Cx<'_>, person: PersonId, reason: &str) -> Result<()> {
    let (life, now) = (hold(cx, person, Action::Secure).await?, cx.now());
    let restored = life.restored(reason, now)?;
    accounts::put(cx.tx(), person, &restored).await?;
    let reason = reason.trim();
    cx.record("account.restored", ("person", person.to_string()), json!({ "reason": reason })).await?;
    let draft = Draft {
        kind: Kind::Account,
        title: "您的账号已恢复使用".into(),
        body: format!("原因:{reason}。密码和动态码不变。"),
        about: ("person", person.to_string()),
    };
    tell(cx, person, &draft, false).await
}

/// Notes the last day of somebody's post, or that it goes on.
pub async fn end_post(cx: &mut Cx<'_>, person: PersonId, last: Option<NaiveDate>) -> Result<()> {
    hold(cx, person, Action::Administer).await?;
    accounts::end_post(cx.tx(), person, last).await?;
    cx.record("account.post_ends", ("person", person.to_string()), json!({ "last": last })).await
}

/// Keeps the suspensions whose term has run out, and ends the sessions; gives back how many. The program does this by itself, every
/// hour; until then the dates shut the door.
pub async fn sweep(cx: &mut Cx<'_>) -> Result<usize> {
    let (now, mut count) = (cx.now(), 0);
    for person in accounts::run_out(cx.tx(), now, SWEEP_MAX).await? {
        let Some(life) = accounts::hold(cx.tx(), person).await? else { continue };
        let Some(shut) = life.run_out(now) else {
            // Nothing is due any more: the notice is void.
            accounts::put(cx.tx(), person, &Life { notice_until: None, ..life }).await?;
            continue;
        };
        accounts::put(cx.tx(), person, &shut).await?;
        sessions::remove_all_of(cx.tx(), person).await?;
        let why = shut.suspended.map(|(_, why)| why.key());
        cx.record("account.suspended", ("person", person.to_string()), json!({ "why": why })).await?;
        count += 1;
    }
    Ok(count)
}
