//! Transactions, values and constraints: the same answers on both engines.

use std::error::Error as _;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;
use youju_store::{Bind, Column, Db, Engine, FromRow, Result, Row, Sql, StoreError, sql};

use crate::engines::{both_engines, both_urls, now};

const UNIT: Uuid = Uuid::from_u128(0x0195_b2c1_0000_7000_8000_0000_0000_0001);

/// Creates a table that exists only for this story.
async fn create(db: &Db, sqlite: &'static str, postgres: &'static str) {
    let mut tx = db.write().await.unwrap();
    tx.run(sql(sqlite).on_postgres(postgres)).await.unwrap().any();
    tx.commit().await.unwrap();
}

async fn create_counter(db: &Db) {
    let (sqlite, postgres) = (
        "create table counter (id integer primary key not null, n integer not null, version integer not null) strict",
        "create table counter (id bigint primary key not null, n bigint not null, version bigint not null)",
    );
    create(db, sqlite, postgres).await;
    write(db, sql("insert into counter (id, n, version) values (1, 0, 0)")).await.unwrap();
}

async fn write(db: &Db, q: Sql) -> Result<u64> {
    let mut tx = db.write().await?;
    let changed = tx.run(q).await?.any();
    tx.commit().await?;
    Ok(changed)
}

async fn count(db: &Db) -> i64 {
    db.read().await.unwrap().one(sql("select n from counter where id = 1")).await.unwrap()
}

/// Reads, thinks, writes; somebody else may have been faster.
async fn increment(db: &Db) -> Result<()> {
    let mut tx = db.write().await?;
    let (n, version) =
        tx.one::<Counter>(sql("select n, version from counter where id = 1")).await.map(|c| (c.n, c.version))?;
    tokio::task::yield_now().await;
    let update = sql("update counter set n = $2, version = version + 1 where id = 1 and version = $1");
    tx.run(update.bind(version).bind(n + 1)).await?.must_be(1)?;
    tx.commit().await
}

struct Counter {
    n: i64,
    version: i64,
}

impl FromRow for Counter {
    fn from_row(row: &Row) -> Result<Counter> {
        Ok(Counter { n: row.get("n")?, version: row.get("version")? })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glance_reads_one_statement_and_changes_nothing() {
    both_engines(async |db| {
        create_counter(&db).await;
        let update = || sql("update counter set n = 7");
        let mut glance = db.glance().await.unwrap();
        assert_eq!(glance.one::<i64>(sql("select n from counter where id = 1")).await.unwrap(), 0);
        assert!(matches!(glance.run(update()).await.unwrap_err(), StoreError::Fault { .. }));
        drop(glance);
        // Its connection goes on to the next reader in order.
        assert_eq!((count(&db).await, write(&db, update()).await.unwrap(), count(&db).await), (0, 1, 7));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixteen_offices_counting_at_once_lose_nothing() {
    both_engines(async |db| {
        create_counter(&db).await;
        let offices: Vec<_> = (0..16)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut done = 0;
                    while done < 50 {
                        match increment(&db).await {
                            Ok(()) => done += 1,
                            Err(StoreError::Conflict) => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        for office in offices {
            office.await.unwrap();
        }
        assert_eq!(count(&db).await, 16 * 50);
    })
    .await;
}

#[tokio::test]
async fn a_reading_transaction_refuses_to_write() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut tx = db.read().await.unwrap();
        let refused = tx.run(sql("update counter set n = 9 where id = 1")).await.unwrap_err();
        assert!(matches!(refused, StoreError::ReadOnly), "{refused:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::Broken)));
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_reading_transaction_sees_one_state_while_others_write() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut reader = db.read().await.unwrap();
        let select = || sql("select n from counter where id = 1");
        assert_eq!(reader.one::<i64>(select()).await.unwrap(), 0);
        increment(&db).await.unwrap();
        assert_eq!(reader.one::<i64>(select()).await.unwrap(), 0);
        drop(reader);
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut tx = db.write().await.unwrap();
        tx.run(sql("update counter set n = 7 where id = 1")).await.unwrap().must_be(1).unwrap();
        assert_eq!(tx.one::<i64>(sql("select n from counter where id = 1")).await.unwrap(), 7);
        drop(tx);
        assert_eq!(count(&db).await, 0);
        increment(&db).await.unwrap();
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_with_a_failed_statement_cannot_be_committed() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut tx = db.write().await.unwrap();
        tx.run(sql("update counter set n = 7 where id = 1")).await.unwrap().must_be(1).unwrap();
        let twice = tx.run(sql("insert into counter (id, n, version) values (1, 0, 0)")).await.unwrap_err();
        assert_eq!(twice.constraint(), Some("counter_pkey"));
        let after = tx.one::<i64>(sql("select n from counter where id = 1")).await.unwrap_err();
        assert!(matches!(after, StoreError::Broken));
        assert!(matches!(tx.commit().await, Err(StoreError::Broken)));
        assert_eq!(count(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_whose_statement_was_cut_off_cannot_be_committed() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut tx = db.write().await.unwrap();
        let slow = "with recursive t(i) as (select 1 union all select i + 1 from t where i < 1000000) select cast(count(*) as bigint) from t";
        let cut = tokio::time::timeout(Duration::from_millis(1), tx.one::<i64>(sql(slow))).await;
        assert!(cut.is_err(), "the statement was too fast to be cut off");
        assert!(matches!(tx.commit().await, Err(StoreError::Broken)));
        increment(&db).await.unwrap();
        assert_eq!(count(&db).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_change_that_came_too_late_is_a_conflict() {
    both_engines(async |db| {
        create_counter(&db).await;
        let mut tx = db.write().await.unwrap();
        let late = tx.run(sql("update counter set n = 1 where id = 1 and version = 4")).await.unwrap().must_be(1);
        assert!(matches!(late, Err(StoreError::Conflict)));
        let missing = tx.one::<i64>(sql("select n from counter where id = 2")).await;
        assert!(matches!(missing, Err(StoreError::Missing)));
        assert_eq!(tx.maybe::<i64>(sql("select n from counter where id = 2")).await.unwrap(), None);
        let two = tx.maybe::<i64>(sql("select 1 as n union all select 2")).await;
        assert!(matches!(two, Err(StoreError::Fault { .. })));
    })
    .await;
}

async fn create_values(db: &Db) {
    let (sqlite, postgres) = (
        "create table value (id text primary key not null, name text, n integer, yes integer, quantity text, at text, \
         day text, bytes blob, document text) strict",
        "create table value (id uuid primary key not null, name text, n bigint, yes boolean, quantity numeric, at timestamptz, \
         day date, bytes bytea, document jsonb)",
    );
    create(db, sqlite, postgres).await;
}

/// Stores a value in a column and reads it back.
async fn round_trip<T: Bind + Column>(db: &Db, insert: &'static str, select: &'static str, value: T) -> T {
    let mut tx = db.write().await.unwrap();
    tx.run(sql(insert).bind(UNIT).bind(value)).await.unwrap().must_be(1).unwrap();
    tx.one(sql(select).bind(UNIT)).await.unwrap()
}

/// One insert and one select for a column.
macro_rules! survives {
    ($db:expr, $column:literal, $value:expr) => {{
        let insert = concat!("insert into value (id, ", $column, ") values ($1, $2)");
        let select = concat!("select ", $column, " from value where id = $1");
        let value = $value;
        assert_eq!(round_trip($db, insert, select, Some(value.clone())).await, Some(value.clone()));
        assert_eq!(round_trip($db, insert, select, None.or_else(|| Some(value.clone()).filter(|_| false))).await, None);
    }};
}

#[tokio::test]
async fn every_type_and_its_null_come_back_as_they_were_stored() {
    both_engines(async |db| {
        create_values(&db).await;
        survives!(&db, "name", "兰溪市 '纺织' \"厂\" \\ \n 𠮷".to_owned());
        survives!(&db, "n", i64::MIN);
        survives!(&db, "yes", true);
        survives!(&db, "yes", false);
        survives!(&db, "at", now());
        survives!(&db, "day", NaiveDate::from_ymd_opt(2026, 2, 28).unwrap());
        survives!(&db, "bytes", vec![0_u8, 255, 10]);
        survives!(&db, "document", json!({"B1": {"value": "12.30", "state": "collected"}, "空": null}));
        let read: Uuid = {
            let mut tx = db.write().await.unwrap();
            tx.one(sql("insert into value (id) values ($1) returning id").bind(UNIT)).await.unwrap()
        };
        assert_eq!(read, UNIT);
    })
    .await;
}

#[tokio::test]
async fn decimals_of_28_digits_keep_every_digit_and_their_decimals() {
    both_engines(async |db| {
        create_values(&db).await;
        let insert = "insert into value (id, quantity) values ($1, $2)";
        let select = "select quantity from value where id = $1";
        let numbers = [
            "1234567890123456789012345678",
            "-9999999999999999999999999999",
            "9.999999999999999999999999999",
            "0.0000000000000000000000000001",
            "12345678901234.56789012345678",
            "0.10",
            "0.00",
            "100",
            "-0.5",
        ];
        for text in numbers {
            let number = Decimal::from_str_exact(text).unwrap();
            assert_eq!(round_trip(&db, insert, select, number).await.to_string(), text);
        }
        assert_eq!(round_trip(&db, insert, select, -Decimal::ZERO).await.to_string(), "0");
    })
    .await;
}

#[tokio::test]
async fn instants_are_cut_to_microseconds_and_sort_as_they_passed() {
    both_engines(async |db| {
        create_values(&db).await;
        let fine: DateTime<Utc> = "2026-03-05T08:30:00.123456999Z".parse().unwrap();
        let (insert, select) = ("insert into value (id, at) values ($1, $2)", "select at from value where id = $1");
        assert_eq!(round_trip(&db, insert, select, fine).await, now());

        let mut tx = db.write().await.unwrap();
        let instants =
            ["2026-03-05T08:30:00Z", "2026-03-05T08:30:00.000001Z", "2026-03-05T08:30:01Z", "2027-01-01T00:00:00Z"];
        let instants: Vec<DateTime<Utc>> = instants.iter().map(|text| text.parse().unwrap()).collect();
        for (i, at) in instants.iter().enumerate().rev() {
            tx.run(sql(insert).bind(Uuid::from_u128(i as u128)).bind(*at)).await.unwrap().must_be(1).unwrap();
        }
        let sorted: Vec<DateTime<Utc>> = tx.all(sql("select at from value order by at")).await.unwrap();
        assert_eq!(sorted, instants);
    })
    .await;
}

#[tokio::test]
async fn null_where_a_value_must_be_is_a_fault_that_names_the_column() {
    both_engines(async |db| {
        create_values(&db).await;
        let mut tx = db.write().await.unwrap();
        let insert = sql("insert into value (id) values ($1) returning quantity");
        let fault = tx.one::<Decimal>(insert.bind(UNIT)).await.unwrap_err();
        assert_eq!(fault.to_string(), "数据库操作没有完成(读取列 quantity)。请稍后重试;如持续出现,请联系管理员。");
    })
    .await;
}

#[tokio::test]
async fn absent_filters_and_lists_stay_in_the_text() {
    both_engines(async |db| {
        create_values(&db).await;
        let mut tx = db.write().await.unwrap();
        for (i, name) in ["330781", "330782", "340200"].into_iter().enumerate() {
            let insert = sql("insert into value (id, name, yes) values ($1, $2, $3)");
            tx.run(insert.bind(Uuid::from_u128(i as u128)).bind(name).bind(i == 0)).await.unwrap().must_be(1).unwrap();
        }
        let filter = |area: Option<&'static str>, late: Option<bool>| {
            sql("select name from value where ($1 is null or name = $1) and ($2 is null or yes = $2) order by name")
                .bind(area)
                .bind(late)
        };
        assert_eq!(tx.all::<String>(filter(None, None)).await.unwrap(), ["330781", "330782", "340200"]);
        assert_eq!(tx.all::<String>(filter(Some("330782"), None)).await.unwrap(), ["330782"]);
        assert_eq!(tx.all::<String>(filter(None, Some(true))).await.unwrap(), ["330781"]);
        assert!(tx.all::<String>(filter(Some("330782"), Some(true))).await.unwrap().is_empty());

        let listed = sql("select name from value where name in (select value from json_each($1)) order by name");
        let found: Vec<String> = tx.all(listed.bind(json!(["340200", "330781", "999999"]))).await.unwrap();
        assert_eq!(found, ["330781", "340200"]);
    })
    .await;
}

#[tokio::test]
async fn both_engines_give_a_violated_constraint_the_same_name() {
    both_urls(async |url| {
        let db = Db::open(&url).await.unwrap();
        let mut tx = db.write().await.unwrap();
        for text in [
            "create table unit (id text primary key not null, usci text not null, name text not null, area text not null, \
             staff bigint constraint unit_staff_check check (staff >= 0), unique (name, area))",
            "create unique index unit_usci_key on unit (usci)",
            "create unique index unit_lower_name_key on unit (lower(name))",
            "create table report (unit_id text not null references unit (id), form text not null, period text not null, \
             primary key (unit_id, form, period))",
            "insert into unit (id, usci, name, area, staff) values ('u1', '9133', 'Fangzhi', '330781', 3)",
            "insert into report (unit_id, form, period) values ('u1', '206-1', '2026-02')",
        ] {
            tx.script_line(text).await;
        }
        tx.commit().await.unwrap();
        let cases = [
            ("insert into unit (id, usci, name, area) values ('u1', 'a', 'a', 'a')", "unit_pkey"),
            ("insert into unit (id, usci, name, area) values ('u2', '9133', 'a', 'a')", "unit_usci_key"),
            ("insert into unit (id, usci, name, area) values ('u2', 'a', 'FANGZHI', 'a')", "unit_lower_name_key"),
            ("insert into unit (id, usci, name, area, staff) values ('u2', 'a', 'a', 'a', -1)", "unit_staff_check"),
            ("insert into unit (id, name, area) values ('u2', 'a', 'a')", "unit_usci_not_null"),
            ("insert into report (unit_id, form, period) values ('u9', '206-1', '2026-02')", StoreError::FOREIGN_KEY),
            ("delete from unit where id = 'u1'", StoreError::FOREIGN_KEY),
            ("insert into report (unit_id, form, period) values ('u1', '206-1', '2026-02')", "report_pkey"),
        ];
        for (text, name) in cases {
            let refused = write(&db, sql(text)).await.unwrap_err();
            assert_eq!(refused.constraint(), Some(name), "{text}: {refused:?}");
        }
        write(&db, sql("drop index unit_lower_name_key")).await.unwrap();
        let same = write(&db, sql("insert into unit (id, usci, name, area) values ('u2', 'a', 'Fangzhi', '330781')")).await;
        assert_eq!(same.unwrap_err().constraint(), Some("unit_name_area_key"));
        db.close().await;
    })
    .await;
}

/// Shorthand of this file.
trait ScriptLine {
    async fn script_line(&mut self, text: &'static str);
}

impl ScriptLine for youju_store::Tx {
    async fn script_line(&mut self, text: &'static str) {
        self.run(sql(text)).await.unwrap().any();
    }
}

#[tokio::test]
async fn a_fault_keeps_its_statement_and_its_cause() {
    both_engines(async |db| {
        let fault = write(&db, sql("select * from no_such_table")).await.unwrap_err();
        assert!(fault.to_string().contains("select * from no_such_table"));
        assert!(fault.source().unwrap().to_string().contains("no_such_table"));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_address_is_refused_without_repeating_a_password() {
    let refused = Db::open("mysql://root:secret@127.0.0.1/youju").await.unwrap_err().to_string();
    assert_eq!(refused, "数据库地址的开头\"mysql\"无法识别。请写成 sqlite:文件路径 或 postgres://用户名@主机/库名。");
    let unreachable = Db::open("sqlite:/没有/这个/目录/a.db").await.unwrap_err();
    assert!(unreachable.to_string().contains("/没有/这个/目录/a.db"), "{unreachable}");
}

#[tokio::test]
async fn sqlite_is_opened_so_that_an_acknowledged_write_survives_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("a.db").display())).await.unwrap();
    assert_eq!(db.engine(), Engine::Sqlite);
    let mut tx = db.write().await.unwrap();
    assert_eq!(tx.one::<String>(sql("pragma journal_mode")).await.unwrap(), "wal");
    assert_eq!(tx.one::<i64>(sql("pragma synchronous")).await.unwrap(), 2);
    assert_eq!(tx.one::<i64>(sql("pragma foreign_keys")).await.unwrap(), 1);
}
