//! The list of tables of a backup, compared with the schema of both engines.

use std::collections::BTreeMap;

use youju_store::backup::{Kind, LEFT_OUT, TABLES};
use youju_store::{Db, Engine, FromRow, Result, Row, sql};

use crate::engines::both_engines;

struct Found {
    table: String,
    column: String,
    kind: String,
}

impl FromRow for Found {
    fn from_row(row: &Row) -> Result<Found> {
        Ok(Found { table: row.get("table_name")?, column: row.get("column_name")?, kind: row.get("kind")? })
    }
}

async fn schema(db: &Db) -> Vec<Found> {
    let mut tx = db.read().await.unwrap();
    tx.all(
        sql("select t.name as table_name, c.name as column_name, lower(c.type) as kind
             from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table' order by t.rowid, c.cid")
        .on_postgres(
            "select table_name::text as table_name, column_name::text as column_name, data_type::text as kind
             from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position",
        ),
    )
    .await
    .unwrap()
}

fn as_kept(kind: Kind, engine: Engine) -> &'static str {
    match (engine, kind) {
        (Engine::Sqlite, Kind::Int | Kind::Bool) => "integer",
        (Engine::Sqlite, Kind::Bytes) => "blob",
        (Engine::Sqlite, _) | (Engine::Postgres, Kind::Text) => "text",
        (Engine::Postgres, Kind::Int) => "bigint",
        (Engine::Postgres, Kind::Bool) => "boolean",
        (Engine::Postgres, Kind::Bytes) => "bytea",
        (Engine::Postgres, Kind::Id) => "uuid",
        (Engine::Postgres, Kind::Exact) => "numeric",
        (Engine::Postgres, Kind::Instant) => "timestamp with time zone",
        (Engine::Postgres, Kind::Day) => "date",
        (Engine::Postgres, Kind::Json) => "jsonb",
    }
}

#[test]
fn a_backup_names_every_table_and_column_of_the_schema() {
    tokio::runtime::Runtime::new().unwrap().block_on(both_engines(async |db| {
        let mut there: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for found in schema(&db).await.into_iter().filter(|found| !LEFT_OUT.contains(&found.table.as_str())) {
            there.entry(found.table).or_default().push((found.column, found.kind));
        }
        let mut listed = BTreeMap::new();
        for table in TABLES {
            let columns = table.columns.iter();
            let columns: Vec<_> =
                columns.map(|(name, kind)| ((*name).to_owned(), as_kept(*kind, db.engine()).to_owned())).collect();
            listed.insert(table.name.to_owned(), columns);
        }
        for (table, columns) in &mut there {
            columns.sort();
            let own = listed.get_mut(table);
            let own = own.unwrap_or_else(|| panic!("write into src/backup/tables.rs: {table} {columns:?}"));
            own.sort();
            assert_eq!(own, columns, "{table}: src/backup/tables.rs on the left, the schema on the right");
        }
        assert_eq!(listed.len(), there.len(), "a table that the schema does not have");
    }));
}
