//! The search box of the register, and the index behind it.

use youju_domain::access::Scope;
use youju_domain::id::UnitId;
use youju_domain::register::search::{Query, Sought, sought};
use youju_domain::register::{Unit, terms};
use youju_store::register::search::{self as index, State};
use youju_store::register::{self, Page, PageRequest};

use crate::context::{App, Cx};
use crate::error::Result;

pub use youju_store::register::search::{FOUND_MAX, Found};

/// Units whose index is written anew in one transaction, so that others can write in between.
const REWRITTEN_MAX: i64 = 1_000;

/// One page of the units in the actor's scope that a search finds: by part of a name they have or had, first letters or syllables, part of a
/// code, address.
pub async fn find(cx: &mut Cx<'_>, typed: &str, page: PageRequest) -> Result<Found> {
    let scope = cx.actor()?.scope();
    let none = Page { rows: Vec::new(), total: 0, offset: 0 };
    let exact = |page: Page<Unit>| Found { page, is_more: false };
    Ok(match (sought(typed)?, scope) {
        (Sought::Nothing, _) | (_, Scope::Nothing) => exact(none),
        (sought, Scope::Unit(unit)) => exact(Page::cut(own(cx, unit, &sought).await?.into_iter(), page)),
        (Sought::Everything, Scope::Area(area)) => exact(register::list(cx.tx(), Some(&area), page).await?),
        (Sought::Words(query), Scope::Area(area)) => index::find(cx.tx(), Some(&area), &query, page).await?,
    })
}

/// The unit itself, if that is what its people look for.
async fn own(cx: &mut Cx<'_>, id: UnitId, sought: &Sought) -> Result<Vec<Unit>> {
    let unit = register::get(cx.tx(), id).await?;
    let is_meant = |unit: &Unit| match sought {
        Sought::Everything => true,
        Sought::Nothing => false,
        Sought::Words(query) => finds(query, unit),
    };
    Ok(unit.into_iter().filter(is_meant).collect())
}

fn finds(query: &Query, unit: &Unit) -> bool {
    query.finds(&terms::of_unit(unit, &[]))
}

/// Whether the index was written as a whole by the rules of this program. After an upgrade and after a restoration it was not.
pub async fn is_whole(app: &App) -> Result<bool> {
    let state = app.read(None, async |cx| Ok(index::state(cx.tx()).await?)).await?;
    Ok(state.edition == terms::EDITION)
}

/// Writes the index anew and tells after every step how many units are done. It goes on where it was left, unless it is begun anew; until
/// then searches find what has been written.
pub async fn rewrite(app: &App, from_the_beginning: bool, mut done: impl FnMut(u64)) -> Result<u64> {
    // Below nought while it is being written by this edition.
    let writing = -terms::EDITION;
    let mut state = app.read(None, async |cx| Ok(index::state(cx.tx()).await?)).await?;
    if from_the_beginning || state.edition != writing {
        state = State { edition: writing, through: None };
    }
    let mut count = 0;
    loop {
        let after = state.through;
        let next = app
            .write(None, async |cx| {
                let next = index::rewrite(cx.tx(), after, REWRITTEN_MAX).await?;
                let state = match next {
                    Some((last, _)) => State { edition: writing, through: Some(last) },
                    None => State { edition: terms::EDITION, through: None },
                };
                index::set_state(cx.tx(), &state).await?;
                Ok(next)
            })
            .await?;
        let Some((last, units)) = next else { break };
        state.through = Some(last);
        count += units;
        done(count);
    }
    settle(app).await?;
    Ok(count)
}

/// After many units were written at once.
pub(super) async fn settle(app: &App) -> Result<()> {
    app.write(None, async |cx| Ok(index::settle(cx.tx()).await?)).await
}
