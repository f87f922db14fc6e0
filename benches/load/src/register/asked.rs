//! What people type, and how long they wait: words of units that are there, of every kind, in the scopes of a county, a province and a city.

use std::time::Instant;

use pinyin::ToPinyin;
use youju_app::App;
use youju_app::register::search::find;
use youju_codes::AreaCode;
use youju_domain::access::{Actor, Domains, Role};
use youju_store::register::PageRequest;

use super::{made, say};
use crate::Failure;
use crate::prepare::person;

struct Asked {
    kind: &'static str,
    typed: String,
    area: AreaCode,
}

/// Asks so many questions of each kind, one after the other, and prints how long answers took.
pub async fn search(app: &App, units: u64, of_each: usize) -> Result<(), Failure> {
    let mut asked = Vec::new();
    for at in 0..of_each {
        let number = u64::try_from(at)?.wrapping_mul(7_919_031) % units.max(1);
        asked.extend(made::unit(number, 0).map(|unit| questions(&unit)).into_iter().flatten());
    }
    let place = AreaCode::parse("330781")?;
    let name = format!("bench{}", app.world().now().timestamp());
    let somebody = app.write(None, async |cx| person(cx, &name, Role::CityOfficer, place, None).await).await?;
    say("| kind | searches | p50 ms | p95 ms | p99 ms | longest ms | units found, median | more than counted |");
    say("|---|--:|--:|--:|--:|--:|--:|--:|");
    let mut all = Vec::new();
    let kinds: Vec<&str> = asked.iter().map(|one| one.kind).fold(Vec::new(), |mut kinds, kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        kinds
    });
    for kind in kinds {
        let mut waited = Vec::new();
        for one in asked.iter().filter(|one| one.kind == kind) {
            waited.push(ask(app, &somebody, one).await?);
        }
        say(&row(kind, &mut waited));
        all.append(&mut waited);
    }
    say(&row("all", &mut all));
    Ok(())
}

/// A question: milliseconds, units found, whether there are more.
type Waited = (f64, u64, bool);

async fn ask(app: &App, somebody: &Actor, one: &Asked) -> Result<Waited, Failure> {
    let actor = Actor { area: one.area, domains: Domains::Every, ..somebody.clone() };
    let clock = Instant::now();
    let found = app.read(Some(actor), async |cx| find(cx, &one.typed, PageRequest::default()).await).await?;
    Ok((clock.elapsed().as_secs_f64() * 1_000.0, found.page.total, found.is_more))
}

fn row(kind: &str, waited: &mut [Waited]) -> String {
    waited.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |part: usize| {
        waited.get((waited.len() * part / 100).min(waited.len().saturating_sub(1))).map_or(0.0, |one| one.0)
    };
    let mut found: Vec<u64> = waited.iter().map(|one| one.1).collect();
    found.sort_unstable();
    let median = found.get(found.len() / 2).copied().unwrap_or_default();
    let more = waited.iter().filter(|one| one.2).count();
    format!(
        "| {kind} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {median} | {more} |",
        waited.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    )
}

fn questions(unit: &made::Made) -> Vec<Asked> {
    let county = unit.county.code;
    let province = AreaCode::parse(county.as_str().get(..2).unwrap_or_default()).unwrap_or(county);
    let syllables: Vec<&str> = unit.core.chars().filter_map(|c| c.to_pinyin()).map(pinyin::Pinyin::plain).collect();
    let trade: Vec<&str> = unit.trade.chars().filter_map(|c| c.to_pinyin()).map(pinyin::Pinyin::plain).collect();
    let initials: String = syllables.iter().chain(&trade).filter_map(|syllable| syllable.chars().next()).collect();
    let part = |from: usize, to: usize| unit.usci.get(from..to).unwrap_or_default().to_owned();
    let street: String = unit.address.chars().rev().take(9).collect::<Vec<_>>().into_iter().rev().collect();
    let one = |kind, typed: String, area| Asked { kind, typed, area };
    vec![
        one("name, rare, own county", format!("{}{}", unit.core, unit.trade), county),
        one("name, rare, province", format!("{}{}", unit.core, unit.trade), province),
        one("part of a name, province", unit.core.clone(), province),
        one("two words, province", format!("{} {}", unit.county.name, unit.trade), province),
        one("trade, own county", unit.trade.to_owned(), county),
        one("trade, province", unit.trade.to_owned(), province),
        one("有限公司, province", "有限公司".to_owned(), province),
        one("one character, province", unit.core.chars().take(1).collect(), province),
        one("first letters, own county", initials.clone(), county),
        one("first letters, province", initials, province),
        one("syllables, province", [syllables.concat(), trade.concat()].concat(), province),
        one("begun syllables, own county", syllables.concat(), county),
        one("whole code", unit.usci.clone(), province),
        one("beginning of a code", part(0, 12), province),
        one("organisation code", part(8, 17), province),
        one("end of a code", part(12, 18), province),
        one("address, province", street, province),
        one("nobody, province", format!("{}琥珀貔貅", unit.core), province),
        one("everything, own county", String::new(), county),
    ]
}
