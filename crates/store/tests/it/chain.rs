//! The chain's rows on both engines: what goes in comes out, scopes hide, constraints have one name, counts add up.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use rust_decimal::Decimal;
use uuid::Uuid;
use youju_codes::{AreaCode, Industry, Period, Usci};
use youju_domain::access::{Role, Scope};
use youju_domain::account::Stage;
use youju_domain::finding::{Answered, Explanation, Finding, Outcome, Severity, Standing};
use youju_domain::id::Id;
use youju_domain::ledger::{Amounts, Import, Line};
use youju_domain::person::Person;
use youju_domain::register::{AccountingStandard, Facts, Listing, Unit, beginning};
use youju_domain::report::{Cell, CellId, Level, Report, State, Value, ValueState};
use youju_domain::survey::{Chain, Times, Window};
use youju_store::register::PageRequest;
use youju_store::report::Filter;
use youju_store::{Db, StoreError, Tx, access, finding, journal, ledger, person, register, report, survey};

use crate::engines::{both_engines, now};

pub fn id<K>(number: u128) -> Id<K> {
    Id::new(Uuid::from_u128(number))
}

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

pub fn unit(number: u128, place: &str) -> Unit {
    Unit {
        id: id(number),
        usci: Usci::with_check(&format!("91330781FAKE{number:05}")).unwrap(),
        name: format!("虚构第{number:03}号 100%_食品厂"),
        area: area(place),
        industry: Industry::parse("1311").unwrap(),
        standard: Some(AccountingStandard::SmallEnterprise),
        listing: Listing::Above,
        may_explain: false,
        details: Facts::default(),
        changed_on: beginning(),
        revision: 0,
    }
}

fn window() -> Window {
    Window {
        id: id(900),
        area: area("330781"),
        programme: "industry".into(),
        form: "B203".into(),
        form_version: "v1".into(),
        period: Period::parse("2026-03").unwrap(),
        times: Times {
            opens_at: now() - TimeDelta::days(3),
            due_at: now() + TimeDelta::days(3),
            closes_at: now() + TimeDelta::days(9),
        },
        chain: Chain::of(&[Level::County, Level::City]).unwrap(),
        opened_at: Some(now() - TimeDelta::days(3)),
        locked_at: None,
    }
}

fn clerk() -> Person {
    Person {
        id: id(500),
        login: "tb001".into(),
        name: "王敏".into(),
        role: Role::Statistician,
        area: area("330781001000"),
        unit: Some(id(1)),
        domains: youju_domain::access::Domains::Every,
        failures: 0,
        failed_at: None,
    }
}

pub fn report_of(unit: &Unit, number: u128, state: State) -> Report {
    let mut report = Report::empty(id(number), unit.id, &window());
    let cell = Cell {
        value: Value::Number("1234567890123456789012.3456".parse::<Decimal>().unwrap()),
        state: ValueState::Collected,
        by: id(500),
        at: now(),
        derivation: None,
        generated: None,
        reason: None,
    };
    report.cells.insert(CellId::new("c301"), cell);
    report.state = state;
    report.awaits = window().chain.waits_for(state);
    report
}

/// Three units in two townships and one of the neighbouring county, each with a report.
pub async fn filled(db: &Db) -> Vec<Unit> {
    let places = ["330781001000", "330781001000", "330781002000", "330782001000"];
    let states =
        [State::Draft, State::Accepted(Level::City), State::Accepted(Level::County), State::Accepted(Level::County)];
    let units: Vec<Unit> = (1..).zip(places).map(|(number, place)| unit(number, place)).collect();
    let mut tx = db.write().await.unwrap();
    survey::add(&mut tx, &window()).await.unwrap();
    for (number, (unit, state)) in (10..).zip(units.iter().zip(states)) {
        register::add(&mut tx, unit).await.unwrap();
        report::add(&mut tx, &report_of(unit, number, state)).await.unwrap();
    }
    person::add(&mut tx, &clerk(), "$argon2id$…").await.unwrap();
    tx.commit().await.unwrap();
    units
}

fn county() -> Scope {
    Scope::Area(area("330781"))
}

#[test]
fn what_goes_in_comes_out_to_the_last_digit() {
    run(async |db| {
        let units = filled(&db).await;
        let mut tx = db.read().await.unwrap();
        assert_eq!(register::get(&mut tx, units[0].id).await.unwrap().unwrap(), units[0]);
        assert_eq!(register::by_usci(&mut tx, units[1].usci).await.unwrap().unwrap(), units[1]);
        assert_eq!(survey::get(&mut tx, id(900)).await.unwrap().unwrap(), window());
        let report = report::get(&mut tx, id(10)).await.unwrap().unwrap();
        assert_eq!(report, report_of(&units[0], 10, State::Draft));
        let period = Period::parse("2026-03").unwrap();
        assert_eq!(report::find(&mut tx, units[0].id, "B203", period).await.unwrap().unwrap().id, report.id);
        let (person, hash) = person::by_login(&mut tx, "tb001").await.unwrap().unwrap();
        assert_eq!((person, hash.as_str()), (clerk(), "$argon2id$…"));
    });
}

#[test]
fn a_second_of_the_same_kind_breaks_the_constraint_that_bears_its_name() {
    run(async |db| {
        let units = filled(&db).await;
        let broken = |error: StoreError| error.constraint().unwrap().to_owned();
        let mut tx = db.write().await.unwrap();
        let twin = Unit { id: id(77), ..units[0].clone() };
        assert_eq!(broken(register::add(&mut tx, &twin).await.unwrap_err()), "unit_usci_key");
        let mut tx = again(&db, tx).await;
        let twin = Report { id: id(78), ..report_of(&units[0], 10, State::Empty) };
        assert_eq!(broken(report::add(&mut tx, &twin).await.unwrap_err()), "report_unit_form_period_key");
        let mut tx = again(&db, tx).await;
        let twin = Window { id: id(79), ..window() };
        assert_eq!(broken(survey::add(&mut tx, &twin).await.unwrap_err()), "survey_window_area_form_period_key");
        let mut tx = again(&db, tx).await;
        let twin = Person { id: id(80), ..clerk() };
        assert_eq!(broken(person::add(&mut tx, &twin, "x").await.unwrap_err()), "person_login_key");
    });
}

/// A failed statement ends its transaction: the next one needs another.
async fn again(db: &Db, failed: Tx) -> Tx {
    drop(failed);
    db.write().await.unwrap()
}

#[test]
fn the_slower_of_two_writers_is_told() {
    run(async |db| {
        let units = filled(&db).await;
        let seen = report_of(&units[0], 10, State::Draft);
        let mut tx = db.write().await.unwrap();
        assert_eq!(report::put(&mut tx, &seen).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(matches!(report::put(&mut tx, &seen).await, Err(StoreError::Conflict)));
        let mut tx = again(&db, tx).await;
        register::put(&mut tx, &units[0]).await.unwrap();
        assert!(matches!(register::put(&mut tx, &units[0]).await, Err(StoreError::Conflict)));
    });
}

#[test]
fn lists_hold_the_scope_and_nothing_else() {
    run(async |db| {
        let units = filled(&db).await;
        let mut tx = db.read().await.unwrap();
        let all = PageRequest { offset: 0, limit: 50 };
        let mut names = async |place: Option<&str>| {
            let place = place.map(area);
            let page = register::list(&mut tx, place.as_ref(), all).await.unwrap();
            assert_eq!(page.total, page.rows.len() as u64);
            page.rows.iter().map(|unit| unit.id.uuid().as_u128()).collect::<Vec<_>>()
        };
        assert_eq!(names(Some("330781")).await, [1, 2, 3]);
        assert_eq!(names(Some("330781001000")).await, [1, 2]);
        assert_eq!(names(Some("3307")).await, [1, 2, 3, 4]);
        assert_eq!(names(None).await, [1, 2, 3, 4]);

        let filter = Filter { state: Some(State::Accepted(Level::County)), ..Filter::default() };
        let listed = report::list(&mut tx, &county().into(), &filter, all).await.unwrap();
        assert_eq!(listed.rows.iter().map(|row| row.unit).collect::<Vec<_>>(), [units[2].id]);
        let open = Filter { open_at: Some(now() + TimeDelta::days(30)), ..Filter::default() };
        assert_eq!(report::list(&mut tx, &county().into(), &open, all).await.unwrap().total, 0);
        let second = PageRequest { offset: 1, limit: 1 };
        let page = report::list(&mut tx, &county().into(), &Filter::default(), second).await.unwrap();
        assert_eq!((page.total, page.rows.len(), page.offset), (3, 1, 1));
        let ids = report::ids_awaiting(&mut tx, id(900), &county(), Level::City).await.unwrap();
        assert_eq!(ids, [id(12)]);
    });
}

#[test]
fn only_accepted_reports_reach_the_totals_and_the_board_counts_everybody() {
    run(async |db| {
        filled(&db).await;
        let mut tx = db.read().await.unwrap();
        let accepted = report::accepted(&mut tx, "B203", Period::parse("2026-03").unwrap()).await.unwrap();
        let levels: Vec<Level> = accepted.iter().map(|row| row.level).collect();
        assert_eq!(levels, [Level::City, Level::County, Level::County]);
        assert_eq!(accepted[0].cells[&CellId::new("c301")].to_string(), "1234567890123456789012.3456");
        let counts = report::counts_by_township(&mut tx, id(900), &county()).await.unwrap();
        let seen: BTreeMap<(String, &str), u64> =
            counts.iter().map(|row| ((row.township.clone(), row.state.key()), row.reports)).collect();
        assert_eq!(
            seen,
            BTreeMap::from([
                (("330781001".into(), "draft"), 1),
                (("330781001".into(), "accepted_by_city"), 1),
                (("330781002".into(), "accepted_by_county"), 1),
            ])
        );
    });
}

fn answered() -> Answered {
    let finding = Finding {
        row: None,
        check: "Z11".into(),
        severity: Severity::Explain,
        outcome: Outcome::Fail,
        message: "变动超过 50%".into(),
        sentence: "营业收入 1,200,上年同期 500".into(),
        cells: vec![CellId::new("c301")],
        inputs: BTreeMap::from([("c301".into(), "1200".into())]),
    };
    let explanation = Explanation {
        row: None,
        check: "Z11".into(),
        inputs: finding.inputs.clone(),
        text: "三月新增一条生产线".into(),
        by: id(500),
        at: now(),
    };
    Answered { finding, explanation: Some(explanation) }
}

#[test]
fn findings_are_replaced_and_explanations_and_versions_stay() {
    run(async |db| {
        let units = filled(&db).await;
        let mut tx = db.write().await.unwrap();
        let answered = answered();
        let explanation = answered.explanation.clone().unwrap();
        finding::explain(&mut tx, id(10), &explanation).await.unwrap();
        finding::explain(&mut tx, id(10), &explanation).await.unwrap();
        assert_eq!(finding::explanations(&mut tx, id(10)).await.unwrap(), [explanation.clone(), explanation]);
        let list = [answered.clone(), answered.clone()];
        finding::replace(&mut tx, id(10), &list, &[Standing::MustExplain, Standing::Explained]).await.unwrap();
        finding::replace(&mut tx, id(10), &list[..1], &[Standing::MustExplain]).await.unwrap();
        let counts = finding::counts(&mut tx, id(900)).await.unwrap();
        assert_eq!(counts, [("C".to_owned(), "must_explain".to_owned(), 1)]);
        let own = Scope::Unit(units[0].id);
        let listed =
            report::list(&mut tx, &own.clone().into(), &Filter::default(), PageRequest::default()).await.unwrap();
        assert_eq!(listed.rows[0].must_explain, 1);

        let mut report = report_of(&units[0], 10, State::Submitted);
        report.versions = 1;
        let hash = report::add_version(&mut tx, &report, &list, (id(500), now()), 3).await.unwrap();
        let version = report::version(&mut tx, id(10), 1).await.unwrap().unwrap();
        assert_eq!((version.cells, version.cells_hash.as_str()), (report.cells.clone(), hash.as_str()));
        assert_eq!(version.submitted_by_name, "王敏");
        let twice = report::add_version(&mut tx, &report, &list, (id(500), now()), 3).await.unwrap_err();
        assert_eq!(twice.constraint(), Some("report_version_pkey"));
    });
}

#[test]
fn the_latest_import_counts_and_earlier_ones_stay() {
    run(async |db| {
        filled(&db).await;
        let mut tx = db.write().await.unwrap();
        let line = Line {
            row: 7,
            code: "6001".into(),
            account: "6001".into(),
            name: "主营业务收入".into(),
            is_leaf: true,
            amounts: Amounts { ytd_credit: Some("0.10".parse().unwrap()), ..Amounts::default() },
        };
        let first = Import {
            id: id(600),
            unit: id(1),
            period: Period::parse("2026-03").unwrap(),
            file_name: "三月.xlsx".into(),
            file_hash: "ab".into(),
            by: id(500),
            at: now(),
            lines: vec![line],
            warnings: vec!["没有写明会计期间".into()],
            skipped: vec!["第 9 行“合计”:合计行,已核对".into()],
        };
        let second = Import { id: id(601), at: now() + TimeDelta::seconds(1), ..first.clone() };
        ledger::add(&mut tx, &first).await.unwrap();
        ledger::add(&mut tx, &second).await.unwrap();
        assert_eq!(ledger::latest(&mut tx, id(1), first.period).await.unwrap().unwrap(), second);
        assert_eq!(ledger::get(&mut tx, id(600)).await.unwrap().unwrap(), first);
    });
}

#[test]
fn a_session_is_found_by_the_hash_of_its_token_until_it_ends() {
    run(async |db| {
        filled(&db).await;
        let mut tx = db.write().await.unwrap();
        let session = access::Session {
            id: id(700),
            person: id(500),
            token_hash: "cafe".into(),
            stage: Stage::Full,
            created_at: now(),
            seen_at: now(),
            address: "10.1.2.3".into(),
            agent: "Mozilla/5.0".into(),
        };
        access::add(&mut tx, &session).await.unwrap();
        access::seen(&mut tx, session.id, now() + TimeDelta::minutes(5)).await.unwrap();
        let found = access::by_token_hash(&mut tx, "cafe").await.unwrap().unwrap();
        let later = now() + TimeDelta::minutes(5);
        assert_eq!((found.session, found.person), (access::Session { seen_at: later, ..session.clone() }, clerk()));
        access::remove(&mut tx, "cafe").await.unwrap();
        assert!(access::by_token_hash(&mut tx, "cafe").await.unwrap().is_none());
        person::count_failure(&mut tx, id(500), now()).await.unwrap();
        assert_eq!(person::get(&mut tx, id(500)).await.unwrap().unwrap().failures, 1);
        person::forget_failures(&mut tx, id(500)).await.unwrap();
        assert_eq!(person::of_unit(&mut tx, id(1)).await.unwrap(), [clerk()]);
    });
}

#[test]
fn columns_know_which_journal_entry_they_must_cover() {
    run(async |db| {
        filled(&db).await;
        let mut tx = db.write().await.unwrap();
        let period = Period::parse("2026-03").unwrap();
        assert_eq!(report::last_change(&mut tx, "B203", period).await.unwrap(), 0);
        for (kind, object) in [("report", id::<()>(10)), ("unit", id(1))] {
            let entry = journal::NewEntry {
                at: now(),
                actor_id: None,
                actor_name: "系统".into(),
                action: "report.saved".into(),
                object_kind: kind.into(),
                object_id: object.to_string(),
                payload: serde_json::json!({}).into(),
            };
            journal::append(&mut tx, entry).await.unwrap();
        }
        assert_eq!(report::last_change(&mut tx, "B203", period).await.unwrap(), 1);
        assert_eq!(report::last_change(&mut tx, "B203", Period::parse("2026-04").unwrap()).await.unwrap(), 0);
    });
}

/// Tells a story on both engines.
pub fn run<Story: AsyncFn(Db)>(story: Story) {
    tokio::runtime::Runtime::new().unwrap().block_on(both_engines(story));
}
