//! Counting the ledgers of a whole city: ten thousand units and three years of months are one list.

use std::time::Instant;

use chrono::NaiveDate;
use youju_codes::AreaCode;
use youju_domain::access::Scope;
use youju_domain::compliance::Counts;
use youju_store::compliance::{Asked, Counted, counts};
use youju_store::{Db, Sql, Tx, sql};

use crate::engines::{both_engines, now};

const UNITS: i64 = 10_000;
const MONTHS: i64 = 3;

/// Identifiers are made from numbers in the same words on both engines.
const WINDOWS: &str = "insert into survey_window
     (id, area, programme, form, form_version, period, period_ends_on, opens_at, due_at, closes_at)
 with recursive month (m) as (select 1 union all select m + 1 from month where m < $1)
 select printf('00000000-0000-0000-0001-%012d', m), '3307', 'industry', 'B203', 'v', printf('2025-%02d', m),
     '2025-12-31', $2, $2, $2 from month";
const UNIT_ROWS: &str =
    "insert into unit (id, usci, name, area, industry, standard, may_explain, revision, ever_listed)
 with recursive one (n) as (select 1 union all select n + 1 from one where n < $1)
 select printf('00000000-0000-0000-0000-%012d', n), printf('91330781FAKE%06d', n), printf('虚构第%05d号', n),
     case when n % 2 = 0 then '330781001000' else '330782001000' end, '1411', '1', 0, 0, 1 from one";
const REPORTS: &str =
    "insert into report (id, unit_id, window_id, form, period, period_ends_on, state, cells, versions,
     revision, is_late)
 select printf('00000000-0000-0000-%04d-', 1 + cast(substr(w.period, 6) as integer)) || substr(u.id, 25), u.id, w.id,
     w.form, w.period, w.period_ends_on, 'empty', '{}', 0, 0, 0 from unit u, survey_window w";
const LEDGERS: &str = "insert into ledger_import (id, unit_id, period, file_name, file_hash, imported_by, imported_at,
     lines, warnings, skipped)
 select r.id, r.unit_id, r.period, 'a.csv', 'none', p.id, $1, '[]', '[]', '[]'
 from report r, person p where r.period = '2025-01' and substr(r.unit_id, 36) <> '0'";

async fn run(tx: &mut Tx, statement: Sql) -> u64 {
    tx.run(statement).await.unwrap().any()
}

/// The rows are made by SQLite's own words; what is measured is the statement, which both engines share.
async fn filled(tx: &mut Tx) {
    run(tx, sql(WINDOWS).bind(MONTHS).bind(now())).await;
    run(tx, sql(UNIT_ROWS).bind(UNITS)).await;
    run(
        tx,
        sql("insert into person (id, login, name, role, area, password_hash, failures)
        values ('00000000-0000-0000-0002-000000000000', 'x', 'x', 'statistician', '3307', 'x', 0)"),
    )
    .await;
    run(tx, sql(REPORTS)).await;
    run(tx, sql(LEDGERS).bind(now())).await;
}

fn asked(since: &str) -> Asked {
    Asked {
        since: since.parse::<NaiveDate>().unwrap(),
        now: now() + chrono::TimeDelta::days(1),
        from_accounts: vec!["B203".into()],
        ledgers: Vec::new(),
    }
}

async fn of(tx: &mut Tx, area: &str, since: &str) -> Vec<Counted> {
    counts(tx, &Scope::Area(AreaCode::parse(area).unwrap()).into(), &asked(since)).await.unwrap()
}

#[tokio::test]
async fn ten_thousand_units_are_counted_at_once() {
    both_engines(async |db: Db| {
        let mut tx = db.write().await.unwrap();
        assert_eq!(of(&mut tx, "3307", "2025-01-01").await, [], "no unit is a list too");
        if tx.engine() == youju_store::Engine::Postgres {
            return;
        }
        filled(&mut tx).await;
        let began = Instant::now();
        let found = of(&mut tx, "3307", "2025-01-01").await;
        println!("{} units in {:?}", found.len(), began.elapsed());
        assert_eq!(found.len(), 10_000);
        let with = found.iter().filter(|one| one.counts == Counts { owed: 3, kept: 1, evident: 0 }).count();
        assert_eq!((with, found.iter().filter(|one| one.counts.kept == 0).count()), (9_000, 1_000));
        assert_eq!(of(&mut tx, "330782", "2025-01-01").await.len(), 5_000);
        let later = of(&mut tx, "330782", "2026-01-01").await;
        assert!(later.len() == 5_000 && later.iter().all(|one| one.counts == Counts::default()));
        assert_eq!(of(&mut tx, "11", "2025-01-01").await, []);
    })
    .await;
}
