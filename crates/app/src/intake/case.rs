//! Cases through a program: it finds the cases of its unit, opens new ones and does in them what its person may do, through the same use
//! cases as the pages. What wants somebody's own hand (on the spot, a signature) is refused, and a case of anybody else is not found, even
//! where the person who made the key could look at it.

use std::collections::BTreeMap;

use youju_domain::Problem;
use youju_domain::api_key::Use;
use youju_domain::case::Command;
use youju_domain::id::CaseId;
use youju_store::register;

use crate::api_key::{self, Keyed};
use crate::attachment::Looked;
use crate::case::{self, Filter, Listed, Openable, Seen};
use crate::context::{App, Cx};
use crate::error::{Error, Result};
use crate::list::{Page, PageRequest};

fn not_found() -> Error {
    Error::Problem(Problem::NotFound { what: "事项" })
}

fn named(id: &str) -> Result<CaseId> {
    id.parse().map_err(|_| not_found())
}

/// A case of the unit.
async fn own(cx: &mut Cx<'_>, program: &Keyed, id: CaseId) -> Result<Seen> {
    let seen = case::get(cx, id).await?;
    if seen.case.subject.unit == Some(program.unit.id) { Ok(seen) } else { Err(not_found()) }
}

/// A program has lines that break, and asks again: without a key of its own, a sending would be done twice.
fn must_have_sending(command: &Command) -> Result<()> {
    if command.sending.is_some() {
        return Ok(());
    }
    let reason = "没有发送编号(sending)。请为每次办理编一个,例如 UUID;没有收到回答时,用同一个编号重发。".into();
    Err(Problem::BadInput { reason }.into())
}

/// The types that the unit may open, each as the page of a new case shows it.
pub async fn types(app: &App, program: &Keyed) -> Result<Vec<Openable>> {
    app.read(Some(program.acting(Use::Cases)?), async |cx| {
        let keys: Vec<String> = case::openable(cx)?.into_iter().map(|kind| kind.key.clone()).collect();
        let mut types = Vec::new();
        for key in keys {
            types.push(case::form(cx, &key, "").await?);
        }
        Ok(types)
    })
    .await
}

/// One page of the unit's cases.
pub async fn list(app: &App, program: &Keyed, filter: Filter, page: PageRequest) -> Result<Page<Listed>> {
    let filter = Filter { unit: Some(program.unit.id), ..filter };
    app.read(Some(program.acting(Use::Cases)?), async |cx| case::list(cx, &filter, page).await).await
}

/// A case of the unit.
pub async fn get(app: &App, program: &Keyed, id: &str) -> Result<Seen> {
    app.read(Some(program.acting(Use::Cases)?), async |cx| own(cx, program, named(id)?).await).await
}

/// What became of opening a case.
pub struct Opened {
    /// The case.
    pub seen: Seen,
    /// False when the same sending had opened it already: nothing was changed then.
    pub is_new: bool,
}

/// Opens a case of a type; the same sending a second time finds the case that it opened.
pub async fn open(
    app: &App,
    program: &Keyed,
    (key, chosen): (&str, &str),
    command: Command,
    looked: BTreeMap<String, Looked>,
) -> Result<Opened> {
    must_have_sending(&command)?;
    app.write(Some(program.acting(Use::Cases)?), async |cx| {
        api_key::hold(cx, program).await?;
        // Another key of the unit may send the same at the same time.
        register::hold(cx.tx(), program.unit.id).await?;
        if let Some(id) = case::opened_before(cx, key, command.sending.as_deref()).await? {
            return Ok(Opened { seen: own(cx, program, id).await?, is_new: false });
        }
        if let Some(kind) = case::openable(cx)?.into_iter().find(|kind| kind.key == key) {
            kind.must_want_no_hand(None)?;
        }
        let id = case::open(cx, key, chosen, command, looked).await?;
        let seen = own(cx, program, id).await?;
        // Of another place than the person's the type may be another one.
        seen.kind.must_want_no_hand(None)?;
        Ok(Opened { seen, is_new: true })
    })
    .await
}

/// Does something in a case of the unit; the same sending a second time is one step. The case as it is afterwards, where the unit may still
/// look at it.
pub async fn take(
    app: &App,
    program: &Keyed,
    id: &str,
    command: Command,
    looked: BTreeMap<String, Looked>,
) -> Result<Option<Seen>> {
    must_have_sending(&command)?;
    app.write(Some(program.acting(Use::Cases)?), async |cx| {
        api_key::hold(cx, program).await?;
        let id = named(id)?;
        let before = own(cx, program, id).await?;
        if let Some(act) = before.kind.act(&command.act) {
            before.kind.must_want_no_hand(Some(act))?;
        }
        case::take(cx, id, command, looked).await?;
        match own(cx, program, id).await {
            Ok(seen) => Ok(Some(seen)),
            Err(Error::Problem(Problem::NotFound { .. })) => Ok(None),
            Err(other) => Err(other),
        }
    })
    .await
}
