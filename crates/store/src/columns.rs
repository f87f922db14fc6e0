//! How the domain's own types stand in columns: ids as UUIDs, codes and periods as their canonical text.

use sqlx::error::BoxDynError;
use youju_codes::{AreaCode, Industry, Measure, Period, Usci};
use youju_domain::access::Role;
use youju_domain::attachment::ContentKind;
use youju_domain::check_list::Span;
use youju_domain::contact::Cadence;
use youju_domain::id::Id;
use youju_domain::message::Kind;
use youju_domain::register::{AccountingStandard, Listing, Origin};
use youju_domain::report::{Level, State};
use youju_domain::trace::Method;
use youju_domain::{
    assessment, case, correction, grid, handover, joint_review, look, organisation, prospect, query, roster,
    sampling_frame, seat, security, staff,
};

use crate::db::{Bind, Column, Row, Value};

impl<Kind> Bind for Id<Kind> {
    fn into_value(self) -> Value {
        Value::Uuid(Some(self.uuid()))
    }
    fn null() -> Value {
        Value::Uuid(None)
    }
}

impl<Kind> Column for Id<Kind> {
    fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
        Ok(uuid::Uuid::read(row, name)?.map(Id::new))
    }
}

/// A type that stands in a text column by its canonical text.
macro_rules! text_column {
    ($($kind:ty: $print:expr, $parse:expr;)*) => { $(
        impl Bind for $kind {
            fn into_value(self) -> Value {
                let print: fn(&$kind) -> String = $print;
                Value::Text(Some(print(&self)))
            }
            fn null() -> Value {
                Value::Text(None)
            }
        }

        impl Column for $kind {
            fn read(row: &Row, name: &str) -> Result<Option<Self>, BoxDynError> {
                let parse: fn(&str) -> Result<$kind, BoxDynError> = $parse;
                String::read(row, name)?.map(|text| parse(&text)).transpose()
            }
        }
    )* };
}

text_column! {
    Usci: |code| code.as_str().to_owned(), |text| Ok(Usci::parse(text)?);
    AreaCode: |code| code.as_str().to_owned(), |text| Ok(AreaCode::parse(text)?);
    Industry: |code| code.code().to_owned(), |text| Ok(Industry::parse(text)?);
    Period: |period| period.to_string(), |text| Ok(Period::parse(text)?);
    Measure: |measure| measure.label().to_owned(), |text| Ok(Measure::parse(text)?);
    ContentKind: |kind| kind.key().to_owned(), |text| ContentKind::from_key(text).ok_or_else(|| unknown("content kind", text));
    Kind: |kind| kind.key().to_owned(), |text| Kind::from_key(text).ok_or_else(|| unknown("kind of message", text));
    Span: |span| span.key(), |text| Span::from_key(text).ok_or_else(|| unknown("span of a check list", text));
    correction::Cause: |cause| cause.key().to_owned(),
        |text| correction::Cause::from_key(text).ok_or_else(|| unknown("cause of a correction", text));
    correction::Stage: |stage| stage.key().to_owned(),
        |text| correction::Stage::from_key(text).ok_or_else(|| unknown("stage of a correction", text));
    assessment::Stage: |stage| stage.key().to_owned(),
        |text| assessment::Stage::from_key(text).ok_or_else(|| unknown("stage of an assessment", text));
    assessment::Overall: |overall| overall.key().to_owned(),
        |text| assessment::Overall::from_key(text).ok_or_else(|| unknown("result of an assessment", text));
    grid::Kind: |kind| kind.key().to_owned(), |text| grid::Kind::from_key(text).ok_or_else(|| unknown("kind of grid", text));
    joint_review::Stage: |stage| stage.key().to_owned(),
        |text| joint_review::Stage::from_key(text).ok_or_else(|| unknown("stage of a joint review", text));
    query::Cause: |cause| cause.key().to_owned(),
        |text| query::Cause::from_key(text).ok_or_else(|| unknown("cause of a query", text));
    query::Stage: |stage| stage.key().to_owned(),
        |text| query::Stage::from_key(text).ok_or_else(|| unknown("stage of a query", text));
    query::Outcome: |outcome| outcome.key().to_owned(),
        |text| query::Outcome::from_key(text).ok_or_else(|| unknown("outcome of a query", text));
    Cadence: |cadence| cadence.key().to_owned(), |text| Cadence::from_key(text).ok_or_else(|| unknown("cadence", text));
    Method: |method| method.key().to_owned(), |text| Method::from_key(text).ok_or_else(|| unknown("method", text));
    organisation::Kind: |kind| kind.key().to_owned(),
        |text| organisation::Kind::from_key(text).ok_or_else(|| unknown("kind of organisation", text));
    organisation::Happened: |happened| happened.key().to_owned(),
        |text| organisation::Happened::from_key(text).ok_or_else(|| unknown("event of an organisation", text));
    look::Purpose: |purpose| purpose.key().to_owned(),
        |text| look::Purpose::from_key(text).ok_or_else(|| unknown("purpose of a look", text));
    handover::Stage: |stage| stage.key().to_owned(),
        |text| handover::Stage::from_key(text).ok_or_else(|| unknown("stage of a handover", text));
    seat::Role: |role| role.key().to_owned(), |text| seat::Role::from_key(text).ok_or_else(|| unknown("seat in a grid", text));
    staff::Duty: |duty| duty.key().to_owned(), |text| staff::Duty::from_key(text).ok_or_else(|| unknown("duty of staff", text));
    staff::Time: |time| time.key().to_owned(), |text| staff::Time::from_key(text).ok_or_else(|| unknown("time of staff", text));
    staff::Establishment: |kind| kind.key().to_owned(),
        |text| staff::Establishment::from_key(text).ok_or_else(|| unknown("establishment of staff", text));
    staff::Education: |education| education.key().to_owned(),
        |text| staff::Education::from_key(text).ok_or_else(|| unknown("education of staff", text));
    staff::Qualified: |kind| kind.key().to_owned(),
        |text| staff::Qualified::from_key(text).ok_or_else(|| unknown("kind of qualification", text));
    security::AssetKind: |kind| kind.key().to_owned(),
        |text| security::AssetKind::from_key(text).ok_or_else(|| unknown("kind of asset", text));
    security::Protection: |level| level.key().to_owned(),
        |text| security::Protection::from_key(text).ok_or_else(|| unknown("level of protection", text));
    security::sign_in::Outcome: |outcome| outcome.key().to_owned(),
        |text| security::sign_in::Outcome::from_key(text).ok_or_else(|| unknown("outcome of a sign-in", text));
    roster::Coverage: |coverage| coverage.key().to_owned(),
        |text| roster::Coverage::from_key(text).ok_or_else(|| unknown("coverage of a list", text));
    roster::Standing: |standing| standing.key().to_owned(),
        |text| roster::Standing::from_key(text).ok_or_else(|| unknown("standing in a list", text));
    sampling_frame::FreezingState: |state| state.key().to_owned(),
        |text| sampling_frame::FreezingState::from_key(text).ok_or_else(|| unknown("state of a freezing", text));
    roster::RunState: |state| state.key().to_owned(),
        |text| roster::RunState::from_key(text).ok_or_else(|| unknown("state of a run", text));
    roster::Sort: |sort| sort.key().to_owned(), |text| roster::Sort::from_key(text).ok_or_else(|| unknown("sort of a pair", text));
    roster::Band: |band| band.key().to_owned(), |text| roster::Band::from_key(text).ok_or_else(|| unknown("band", text));
    roster::Verdict: |verdict| verdict.key().to_owned(),
        |text| roster::Verdict::from_key(text).ok_or_else(|| unknown("verdict on a pair", text));
    roster::Choice: |choice| choice.key().to_owned(),
        |text| roster::Choice::from_key(text).ok_or_else(|| unknown("choice about a pair", text));
    prospect::State: |state| state.key().to_owned(),
        |text| prospect::State::from_key(text).ok_or_else(|| unknown("state of a prospect", text));
    case::SubjectKind: |kind| kind.key().to_owned(),
        |text| case::SubjectKind::from_key(text).ok_or_else(|| unknown("kind of subject", text));
    Role: |role| role.key().to_owned(), |text| Role::from_key(text).ok_or_else(|| unknown("role", text));
    Level: |level| level.key().to_owned(), |text| Level::from_key(text).ok_or_else(|| unknown("level", text));
    State: |state| state.key().to_owned(), |text| State::from_key(text).ok_or_else(|| unknown("state", text));
    AccountingStandard: |standard| standard.code().to_owned(),
        |text| AccountingStandard::from_code(text).ok_or_else(|| unknown("accounting standard", text));
    Listing: |listing| listing.key().to_owned(),
        |text| Listing::from_key(text).ok_or_else(|| unknown("listing", text));
    Origin: |origin| origin.key().to_owned(),
        |text| Origin::from_key(text).ok_or_else(|| unknown("origin of a change", text));
}

fn unknown(what: &str, text: &str) -> BoxDynError {
    format!("unknown {what} {text}").into()
}
