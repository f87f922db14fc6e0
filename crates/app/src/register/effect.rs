//! What follows in the register when a case is decided: a unit is listed, amended, leaves, or takes the place of another in a sample. Who may
//! decide that is said by the case; here it is written down with the case as its source, or refused as a whole.

use chrono::NaiveDate;
use youju_codes::{AreaCode, AreaLevel, Usci};
use youju_domain::Problem;
use youju_domain::case::facts_of;
use youju_domain::id::UnitId;
use youju_domain::message::Kind as Message;
use youju_domain::register::{
    self as rules, Fact, Facts, Kind, Listing, NewChange, Origin, Source, Status, Unit, why_not_listable,
};
use youju_domain::report::Level;
use youju_store::register;
use youju_store::register::history as changes;

use crate::case::effect::{Done, Pending};
use crate::context::Cx;
use crate::error::{Error, Result};
use crate::message::{Draft, tell_area};

fn bad<T>(reason: impl Into<String>) -> Result<T> {
    Err(Problem::BadInput { reason: reason.into() }.into())
}

fn gone() -> Error {
    Error::Problem(Problem::NotFound { what: "单位" })
}

/// The unit that a case is about, held until the step is done.
fn subject(done: Done<'_>) -> Result<UnitId> {
    done.case.subject.unit.ok_or_else(gone)
}

fn source(done: Done<'_>) -> Source {
    Source { origin: Origin::Case, about: done.case.id.to_string() }
}

/// A day that the case says.
pub(crate) fn day(done: Done<'_>, key: &str) -> Result<NaiveDate> {
    let label = done.kind.field(key).map_or(key, |field| field.label.as_str());
    match done.case.values().get(key).map(|value| value.parse()) {
        Some(Ok(day)) => Ok(day),
        _ => bad(format!("“{label}”没有填写,不能办结。")),
    }
}

/// The unit as it will be on a day; refused where it is not known then.
async fn then(cx: &mut Cx<'_>, id: UnitId, on: NaiveDate) -> Result<Unit> {
    register::hold(cx.tx(), id).await?;
    let unit = register::get(cx.tx(), id).await?.ok_or_else(gone)?;
    let history = changes::of_unit(cx.tx(), id).await?;
    match rules::state(&history, on, None) {
        Some(facts) => Ok(unit.with(facts, on)?),
        None => bad(format!("“{}”在 {on} 还不在名录库中,生效日期不能这样早。", unit.name)),
    }
}

/// `register.list`: the unit reports by itself from the day on.
pub(crate) fn list<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let (id, since) = (subject(done)?, day(done, "effective_on")?);
        let unit = then(cx, id, since).await?;
        if unit.listing != Listing::Outside {
            return bad(format!("“{}”自 {since} 已是{},不用再纳入。", unit.name, unit.listing.label()));
        }
        if let Some(why) = why_not_listable(&unit) {
            return bad(why);
        }
        let facts = facts_of(done.kind, &done.case.values())?.with(Fact::Listing, Listing::Above.key());
        super::write(cx, id, NewChange { since, facts }, source(done)).await
    })
}

/// `register.amend`: what the case says of the unit holds from the day on. The offices of the place that it moves to are told.
pub(crate) fn amend<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let (id, since) = (subject(done)?, day(done, "from_on")?);
        let unit = then(cx, id, since).await?;
        let facts = facts_of(done.kind, &done.case.values())?;
        let status = facts.get(Fact::Status).and_then(Status::from_key);
        if unit.listing != Listing::Outside && status.is_some_and(Status::is_over) {
            return bad("调查单位关闭、破产、注销、撤(吊)销的,请办理“调查单位退出”。");
        }
        if let Some(usci) = facts.get(Fact::Usci) {
            free(cx, id, usci).await?;
        }
        let to = facts.get(Fact::Area).and_then(|code| AreaCode::parse(code).ok());
        super::write(cx, id, NewChange { since, facts }, source(done)).await?;
        match to.filter(|to| *to != unit.area) {
            Some(to) => tell_receivers(cx, &unit, (&to, since)).await,
            None => Ok(()),
        }
    })
}

/// Refuses a code that another unit has: from the day on nobody would be there to be told.
async fn free(cx: &mut Cx<'_>, id: UnitId, usci: &str) -> Result<()> {
    let code = Usci::parse(usci).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
    match register::by_usci(cx.tx(), code).await? {
        Some(other) if other.id != id => Err(Problem::UnitExists { usci: code.to_string() }.into()),
        _ => Ok(()),
    }
}

/// Tells the township, and the county where it is another, that a unit comes.
async fn tell_receivers(cx: &mut Cx<'_>, unit: &Unit, (to, since): (&AreaCode, NaiveDate)) -> Result<()> {
    let draft = Draft {
        kind: Message::Case,
        title: format!("{} 迁入", unit.name),
        body: format!("自 {since} 起由 {} 迁入。", youju_codes::area::path(&unit.area)),
        about: ("unit", unit.id.to_string()),
    };
    for (level, of) in [(Level::Township, AreaLevel::Township), (Level::County, AreaLevel::County)] {
        let place = |area: &AreaCode| area.ancestors().into_iter().chain([*area]).find(|one| one.level() == of);
        if place(to) != place(&unit.area) {
            tell_area(cx, level, (to, None), &draft, false).await?;
        }
    }
    Ok(())
}

/// `register.withdraw`: the unit reports no more from the day on; whoever is no more is said to be so.
pub(crate) fn withdraw<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let (id, since) = (subject(done)?, day(done, "effective_on")?);
        let unit = then(cx, id, since).await?;
        if unit.listing == Listing::Outside {
            return bad(format!("“{}”自 {since} 已不是调查单位。", unit.name));
        }
        let values = done.case.values();
        let facts = facts_of(done.kind, &values)?;
        let is_over = facts.get(Fact::Status).and_then(Status::from_key).is_some_and(Status::is_over);
        if values.get("cause").is_some_and(|cause| cause.contains("破产")) && !is_over {
            return bad("退出原因为“破产、注(吊)销”的,请把“运营状态”填为当年关闭、破产、注销或撤(吊)销。");
        }
        let facts = facts.with(Fact::Listing, Listing::Outside.key());
        super::write(cx, id, NewChange { since, facts }, source(done)).await
    })
}

/// `register.replace_sample`: one leaves the sample and another takes its place on the same day.
pub(crate) fn replace_sample<'c>(cx: &'c mut Cx<'_>, done: Done<'c>) -> Pending<'c> {
    Box::pin(async move {
        let (id, since) = (subject(done)?, day(done, "effective_on")?);
        let typed = done.case.values().remove("replacement").unwrap_or_default();
        let usci = Usci::parse(&typed).map_err(|error| Problem::BadInput { reason: error.to_string() })?;
        let other = register::by_usci(cx.tx(), usci).await?;
        let other = other.ok_or(Problem::NotInRegister { usci: usci.to_string() })?.id;
        // Always in the same order: two offices that exchange the same two do not wait for each other for ever.
        for one in [id.min(other), id.max(other)] {
            register::hold(cx.tx(), one).await?;
        }
        let (leaves, comes) = (then(cx, id, since).await?, then(cx, other, since).await?);
        may_replace(&leaves, &comes, since)?;
        let code = sample_code(cx, &comes).await?;
        let facts = Facts::default().with(Fact::Listing, Listing::Outside.key()).with(Fact::SampleCode, String::new());
        super::write(cx, id, NewChange { since, facts }, source(done)).await?;
        let facts = Facts::default().with(Fact::Listing, Listing::Sample.key()).with(Fact::SampleCode, code);
        super::write(cx, other, NewChange { since, facts }, source(done)).await
    })
}

/// Whether one may take the place of another.
fn may_replace(leaves: &Unit, comes: &Unit, since: NaiveDate) -> Result<()> {
    if leaves.listing != Listing::Sample {
        return bad(format!("“{}”在 {since} 不是样本单位,不用更换。", leaves.name));
    }
    if comes.listing != Listing::Outside {
        return bad(format!("替换单位“{}”在 {since} 已是{},不能再作样本单位。", comes.name, comes.listing.label()));
    }
    if let Some(why) = why_not_listable(comes) {
        return bad(format!("替换单位“{}”:{why}", comes.name));
    }
    if stratum(leaves) != stratum(comes) {
        let (was, is) = (leaves.industry, comes.industry);
        return bad(format!(
            "替换单位的行业({} {})与原样本单位({} {})不在同一层,请另选。",
            is.code(),
            is.name(),
            was.code(),
            was.name()
        ));
    }
    Ok(())
}

/// Trade, hotels and catering are sampled by division, everything else by section.
fn stratum(unit: &Unit) -> String {
    match unit.industry.section().code() {
        "F" | "H" => unit.industry.code().chars().take(2).collect(),
        section => section.to_owned(),
    }
}

/// 样本单位编码: 12 digits of the area, a number within it that was never used, 1 for enterprises and 2 for households, and the trade.
async fn sample_code(cx: &mut Cx<'_>, unit: &Unit) -> Result<String> {
    let area = unit.area.as_str();
    let last = changes::last_sample_code(cx.tx(), &unit.area).await?;
    let number = last.and_then(|code| code.get(12..15).and_then(|digits| digits.parse::<u32>().ok())).unwrap_or(0) + 1;
    if number > 999 {
        return bad(format!("{area} 的样本单位顺序码已用完。"));
    }
    let form = if unit.kind() == Kind::Household { 2 } else { 1 };
    let trade = match unit.industry.code().get(..2) {
        Some("51") => 1,
        Some("52") => 2,
        Some("61") => 3,
        Some("62") => 4,
        _ => 9,
    };
    Ok(format!("{area}{number:03}{form}{trade}"))
}
