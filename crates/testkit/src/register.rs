//! Units of the register in a story: entered, and listed by a change that comes into force, as a decided case does.

use chrono::NaiveDate;
use youju_app::App;
use youju_app::register::{enter, history};
use youju_codes::Usci;
use youju_domain::access::Actor;
use youju_domain::id::UnitId;
use youju_domain::register::{Change, Fact, Facts, Listing, NewChange, Origin, Source};
use youju_store::register::history as changes;

/// Enters a unit that is asked for nothing yet. The code is plainly fictitious, with a right check character.
pub async fn known_unit(app: &App, by: &Actor, number: usize, since: NaiveDate, facts: &[(Fact, &str)]) -> UnitId {
    let usci = Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap();
    let name = format!("虚构第{number:05}号商行");
    let own =
        [(Fact::Usci, usci.as_str()), (Fact::Name, &name), (Fact::Area, "330781001000"), (Fact::Industry, "1411")];
    let all: Facts = own.iter().chain(facts).fold(Facts::default(), |all, (fact, value)| all.with(*fact, *value));
    app.write(Some(by.clone()), async |cx| enter(cx, NewChange { since, facts: all }).await).await.unwrap()
}

/// What a decided case does: from a day on the unit is listed as said.
pub async fn list_unit(app: &App, unit: UnitId, listing: Listing, since: NaiveDate) {
    decided(app, unit, Facts::default().with(Fact::Listing, listing.key()), since).await;
}

/// What a decided case does: from a day on these facts hold.
pub async fn decided(app: &App, unit: UnitId, facts: Facts, since: NaiveDate) {
    app.write(None, async |cx| {
        let before = changes::of_unit(cx.tx(), unit).await?;
        let change = Change {
            number: before.iter().map(|change| change.number + 1).max().unwrap_or(0),
            since,
            recorded_at: cx.now(),
            by: None,
            by_name: String::new(),
            source: Source::of(Origin::Case),
            facts,
        };
        changes::add(cx.tx(), unit, &change).await?;
        changes::ripens(cx.tx(), unit, Some(since), false).await?;
        history::ripen(cx).await
    })
    .await
    .unwrap();
}
