//! One request, one transaction: [`App::write`] opens it, gives it to the use case, and commits or rolls back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use youju_domain::access::{Action, Actor, FormScope, Object};
use youju_domain::id::{Id, PersonId, ReportId, UnitId};
use youju_domain::second_factor::Duty;
use youju_domain::security_key::Site;
use youju_domain::trace::{Method, Origin};
use youju_domain::{Instant, Problem};
use youju_journal::SigningKey;
use youju_profile::{CaseTypes, Profile};
use youju_programme::{Form, Programme};
use youju_store::journal::{self, Payload};
use youju_store::{Db, Tx, trace};

use crate::access::Strangers;
use crate::attachment::Scan;
use crate::case::effect::{self, Effect};
use crate::columns::Columns;
use crate::crypto::SecretKeys;
use crate::error::{Error, Result};
use crate::identity::Platform;
use crate::paper::Printer;
use crate::secrets::sealed_address;
use crate::security::Around;
use crate::world::World;

/// The program's parts, shared by every request.
#[derive(Clone)]
pub struct App {
    parts: Arc<Parts>,
    scanner: Option<Scan>,
    seal: Arc<Seal>,
    strangers: Arc<Strangers>,
    profiles: Arc<[Profile]>,
    cases: Arc<CaseTypes>,
    effects: &'static [Effect],
    around: Option<Around>,
}

/// What an installation signs and keeps secrets with, where the world reaches it, who must have a second factor, and who else says who
/// somebody is.
#[derive(Default, Clone)]
struct Seal {
    keys: Vec<SigningKey>,
    address: String,
    secrets: SecretKeys,
    duty: Duty,
    identity: Option<Platform>,
}

struct Parts {
    db: Db,
    programmes: BTreeMap<String, Programme>,
    columns: Box<dyn Columns>,
    printer: Box<dyn Printer>,
    world: World,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        db: Db,
        programmes: Vec<Programme>,
        columns: Box<dyn Columns>,
        printer: Box<dyn Printer>,
        world: World,
    ) -> App {
        let programmes = programmes.into_iter().map(|programme| (programme.id.clone(), programme)).collect();
        let parts = Arc::new(Parts { db, programmes, columns, printer, world });
        App {
            parts,
            scanner: None,
            seal: Arc::default(),
            strangers: Arc::default(),
            profiles: Arc::default(),
            cases: Arc::default(),
            effects: effect::ALL,
            around: None,
        }
    }

    /// The same app with what jurisdictions declare about their organisations.
    #[must_use]
    pub fn with_profiles(self, profiles: Vec<Profile>) -> App {
        App { profiles: profiles.into(), ..self }
    }

    /// The same app with the types of cases that are in force.
    #[must_use]
    pub fn with_case_types(self, types: CaseTypes) -> App {
        App { cases: Arc::new(types), ..self }
    }

    /// The same app with other effects of cases than the program's, for stories about them.
    #[must_use]
    pub fn with_effects(self, effects: &'static [Effect]) -> App {
        App { effects, ..self }
    }

    /// The same app with somebody who knows what surrounds it: certificates, channels, the server's own log.
    #[must_use]
    pub fn with_surroundings(self, around: Around) -> App {
        App { around: Some(around), ..self }
    }

    /// Who knows what surrounds the program, if anybody does.
    pub(crate) fn around(&self) -> Option<&Around> {
        self.around.as_ref()
    }

    /// The same app with a scanner for viruses, which every file must pass.
    #[must_use]
    pub fn with_scanner(self, scanner: Scan) -> App {
        App { scanner: Some(scanner), ..self }
    }

    /// The same app with the keys that sign its journal.
    #[must_use]
    pub fn with_signing_keys(self, keys: Vec<SigningKey>) -> App {
        App { seal: Arc::new(Seal { keys, ..Seal::clone(&self.seal) }), ..self }
    }

    /// The same app with the address by which the world reaches it, for the codes on printed forms.
    #[must_use]
    pub fn with_address(self, address: &str) -> App {
        let address = address.trim_end_matches('/').to_owned();
        App { seal: Arc::new(Seal { address, ..Seal::clone(&self.seal) }), ..self }
    }

    /// The same app with the keys that its secrets are sealed with.
    #[must_use]
    pub fn with_secret_keys(self, secrets: SecretKeys) -> App {
        App { seal: Arc::new(Seal { secrets, ..Seal::clone(&self.seal) }), ..self }
    }

    /// The same app where some must have a second factor.
    #[must_use]
    pub fn with_second_factor(self, duty: Duty) -> App {
        App { seal: Arc::new(Seal { duty, ..Seal::clone(&self.seal) }), ..self }
    }

    /// The same app with a platform that says who somebody is.
    #[must_use]
    pub fn with_identity(self, platform: Platform) -> App {
        App { seal: Arc::new(Seal { identity: Some(platform), ..Seal::clone(&self.seal) }), ..self }
    }

    /// The platform that says who somebody is, if there is one.
    pub fn identity(&self) -> Option<&Platform> {
        self.seal.identity.as_ref()
    }

    /// The keys that secrets are sealed with.
    pub fn secret_keys(&self) -> &SecretKeys {
        &self.seal.secrets
    }

    /// Who must have a second factor.
    pub fn second_factor(&self) -> Duty {
        self.seal.duty
    }

    /// Those who tried to sign in with accounts that do not exist.
    pub(crate) fn strangers(&self) -> &Strangers {
        &self.strangers
    }

    /// The keys that sign the journal.
    pub fn signing_keys(&self) -> &[SigningKey] {
        &self.seal.keys
    }

    /// The address by which the world reaches the program; empty where it is not known.
    pub fn address(&self) -> &str {
        &self.seal.address
    }

    /// Where security keys work; none where browsers let no key sign.
    pub fn site(&self) -> Option<Site> {
        Site::of(self.address())
    }

    /// The scanner for viruses, if there is one.
    pub fn scanner(&self) -> Option<&Scan> {
        self.scanner.as_ref()
    }

    /// Time and identity.
    pub fn world(&self) -> &World {
        &self.parts.world
    }

    /// The data base, for maintenance such as verification of the journal.
    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    /// The columns.
    pub fn columns(&self) -> &dyn Columns {
        self.parts.columns.as_ref()
    }

    /// What sets paper.
    pub fn printer(&self) -> &dyn Printer {
        self.parts.printer.as_ref()
    }

    /// The programmes in force, by id.
    pub fn programmes(&self) -> &BTreeMap<String, Programme> {
        &self.parts.programmes
    }

    /// The profiles in force; an area goes by the narrowest one that holds it.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The types of cases that are in force.
    pub fn case_types(&self) -> &CaseTypes {
        &self.cases
    }

    /// What else can happen when an act of a case is complete.
    pub fn effects(&self) -> &'static [Effect] {
        self.effects
    }

    /// A form by its code 表号.
    pub fn form(&self, code: &str) -> Result<&Form> {
        let form = self.parts.programmes.values().find_map(|programme| programme.form(code));
        form.ok_or(Error::Problem(Problem::NotFound { what: "报表" }))
    }

    /// The programme that a form belongs to.
    pub fn programme_of(&self, form: &str) -> Result<&Programme> {
        let programme = self.parts.programmes.values().find(|programme| programme.form(form).is_some());
        programme.ok_or(Error::Problem(Problem::NotFound { what: "报表制度" }))
    }

    /// The domain 专业 of a form; empty for one that no programme in force has.
    pub fn domain_of(&self, form: &str) -> &str {
        self.programme_of(form).map_or("", |programme| programme.domain.as_str())
    }

    /// Runs a use case that writes: everything it did is committed, or nothing.
    pub async fn write<T>(
        &self,
        actor: Option<Actor>,
        use_case: impl AsyncFnOnce(&mut Cx<'_>) -> Result<T>,
    ) -> Result<T> {
        let tx = self.parts.db.write().await?;
        let mut cx = Cx { app: self, tx, actor, now: self.parts.world.now(), looks: Mutex::default() };
        let answer = use_case(&mut cx).await?;
        cx.tx.commit().await?;
        Ok(answer)
    }

    /// Runs a use case of a single statement that only reads.
    pub(crate) async fn glance<T>(&self, use_case: impl AsyncFnOnce(&mut Cx<'_>) -> Result<T>) -> Result<T> {
        let tx = self.parts.db.glance().await?;
        let mut cx = Cx { app: self, tx, actor: None, now: self.parts.world.now(), looks: Mutex::default() };
        use_case(&mut cx).await
    }

    /// Runs a use case that only reads; the data base refuses writes.
    pub async fn read<T>(
        &self,
        actor: Option<Actor>,
        use_case: impl AsyncFnOnce(&mut Cx<'_>) -> Result<T>,
    ) -> Result<T> {
        let tx = self.parts.db.read().await?;
        let mut cx = Cx { app: self, tx, actor, now: self.parts.world.now(), looks: Mutex::default() };
        let answer = use_case(&mut cx).await?;
        let Cx { tx, actor, looks, .. } = cx;
        // What follows takes a connection of its own: nobody holds one and waits for another.
        drop(tx);
        // Nobody is shown anything before it is written down that they look.
        if let (Some(actor), Ok(units)) = (actor, looks.into_inner())
            && !units.is_empty()
        {
            crate::look::write(self, &actor, &Vec::from_iter(units)).await?;
        }
        Ok(answer)
    }
}

/// What a use case works with: the transaction, the actor and the instant.
pub struct Cx<'a> {
    app: &'a App,
    tx: Tx,
    actor: Option<Actor>,
    now: Instant,
    /// Units at whose data an officer was allowed to look.
    looks: Mutex<BTreeSet<UnitId>>,
}

impl<'a> Cx<'a> {
    /// The transaction, for `store`.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// The program.
    pub fn app(&self) -> &'a App {
        self.app
    }

    /// The instant of this request.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Who acts; refused when nobody has signed in.
    pub fn actor(&self) -> Result<&Actor> {
        self.actor.as_ref().ok_or(Error::Problem(Problem::SignedOut))
    }

    /// The rows that the actor's lists about forms may hold.
    pub fn form_scope(&self) -> Result<FormScope> {
        let programmes = self.app.programmes().values();
        let forms = programmes
            .flat_map(|programme| programme.forms().iter().map(|form| (form.code.as_str(), programme.domain.as_str())));
        Ok(self.actor()?.form_scope(forms))
    }

    /// Looks as somebody else, until the former actor is put back: for reading alone, never for an act in their name.
    pub(crate) fn look_as(&mut self, somebody: Option<Actor>) -> Option<Actor> {
        std::mem::replace(&mut self.actor, somebody)
    }

    /// Refuses what the actor may not do. An officer who is allowed to look at a unit is written down as having looked.
    pub fn allow(&self, action: Action, object: Object<'_>) -> Result<()> {
        self.actor()?.must(action, object)?;
        if let (Action::View | Action::Inspect, Object::Unit { id, .. } | Object::Report { unit: id, .. }) =
            (action, object)
        {
            self.looked_at([id]);
        }
        Ok(())
    }

    /// Notes that the actor is shown data of these units; of officers it is kept.
    pub fn looked_at(&self, units: impl IntoIterator<Item = UnitId>) {
        if self.actor.as_ref().is_some_and(|actor| actor.role.is_officer())
            && let Ok(mut looks) = self.looks.lock()
        {
            looks.extend(units);
        }
    }

    /// A new identifier.
    pub fn new_id<Kind>(&self) -> Id<Kind> {
        Id::new(self.app.world().new_id())
    }

    /// Appends what happened to the journal, in this transaction.
    pub async fn record(&mut self, action: &str, object: (&str, String), payload: impl Into<Payload>) -> Result<()> {
        let (actor_id, actor_name) = match &self.actor {
            Some(actor) => (Some(actor.person.uuid()), actor.name.clone()),
            None => (None, "系统".to_owned()),
        };
        let traced = self.traced(action, &object);
        let entry = journal::NewEntry {
            at: self.now,
            actor_id,
            actor_name,
            action: action.to_owned(),
            object_kind: object.0.to_owned(),
            object_id: object.1,
            payload: payload.into(),
        };
        let head = journal::append(&mut self.tx, entry).await?;
        if let Some((report, person, mut origin)) = traced {
            let seq = i64::try_from(head.size).unwrap_or(i64::MAX);
            origin.address = sealed_address(self.app, seq, &origin.address)?;
            trace::add(&mut self.tx, seq, report, (person, self.now, action), &origin).await?;
        }
        Ok(())
    }

    /// What a unit's people do to their reports is traced, if it is known from where they act. How figures came follows from
    /// the act where the browser does not say it.
    fn traced(&self, action: &str, object: &(&str, String)) -> Option<(ReportId, PersonId, Origin)> {
        let actor = self.actor.as_ref().filter(|actor| actor.role.is_respondent() && object.0 == "report")?;
        let mut origin = actor.origin.clone()?;
        origin.method = match (action, origin.method) {
            ("report.imported_form", _) => Method::Imported,
            ("report.generated", _) => Method::Generated,
            ("report.saved", Method::Act) => Method::Typed,
            (_, method) => method,
        };
        Some((object.1.parse().ok()?, actor.person, origin))
    }
}
