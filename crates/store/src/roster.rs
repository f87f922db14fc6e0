//! Rosters 部门名单 in rows: lists with what came in and what was left, the runs that match them ([`run`]), and what those found ([`pair`]).

pub mod pair;
pub mod run;

use serde::Serialize;
use serde_json::Value as Json;
use youju_codes::AreaCode;
use youju_domain::Instant;
use youju_domain::id::RosterId;
use youju_domain::roster::{Column, Left, Roster, Row as Kept, Taken};

use crate::db::{Document, FromRow, Row, Tx, sql};
use crate::document::to_text;
use crate::error::Result;
use crate::register::{Page, PageRequest, total};

impl FromRow for Roster {
    fn from_row(row: &Row) -> Result<Roster> {
        Ok(Roster {
            id: row.get("id")?,
            department: row.get("department")?,
            area: row.get("area")?,
            coverage: row.get("coverage")?,
            origin: row.get("origin")?,
            file_name: row.get("file_name")?,
            file_hash: row.get("file_hash")?,
            by: row.get("brought_by")?,
            at: row.get("brought_at")?,
            rows: total(row.get("row_count")?),
            left: total(row.get("left_count")?),
        })
    }
}

/// A new list, without rows.
pub async fn add(tx: &mut Tx, roster: &Roster) -> Result<()> {
    tx.run(
        sql("insert into roster (id, department, area, coverage, origin, file_name, file_hash, brought_by, brought_at,
                 row_count, left_count)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)")
        .bind(roster.id)
        .bind(roster.department.as_str())
        .bind(roster.area)
        .bind(roster.coverage)
        .bind(roster.origin.as_str())
        .bind(roster.file_name.as_str())
        .bind(roster.file_hash.as_str())
        .bind(roster.by)
        .bind(roster.at),
    )
    .await?
    .must_be(1)
}

/// A list.
pub async fn get(tx: &mut Tx, id: RosterId) -> Result<Option<Roster>> {
    tx.maybe(
        sql("select id, department, area, coverage, origin, file_name, file_hash, brought_by, brought_at, row_count,
                 left_count
             from roster where id = $1")
        .bind(id),
    )
    .await
}

/// Holds a list until the transaction ends: rows get their numbers one after the other.
pub async fn hold(tx: &mut Tx, id: RosterId) -> Result<Option<Roster>> {
    let select =
        sql("select id from roster where id = $1").on_postgres("select id from roster where id = $1 for update");
    tx.maybe::<RosterId>(select.bind(id)).await?;
    get(tx, id).await
}

/// One page of the lists about an area, about what lies in it or around it; the newest first.
pub async fn list(tx: &mut Tx, area: &AreaCode, page: PageRequest) -> Result<Page<Roster>> {
    let within = format!("{}%", area.prefix());
    let above = Json::from(area.ancestors().iter().map(ToString::to_string).collect::<Vec<_>>());
    let count: i64 = tx
        .one(
            sql("select count(*) as n from roster
                 where area like $1 or area in (select value from json_each($2))")
            .bind(within.as_str())
            .bind(above.clone()),
        )
        .await?;
    let rows = tx
        .all(
            sql("select id, department, area, coverage, origin, file_name, file_hash, brought_by, brought_at, row_count,
                     left_count
                 from roster where area like $1 or area in (select value from json_each($2))
                 order by brought_at desc, id desc limit $3 offset $4")
            .bind(within)
            .bind(above)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}

/// The file has been read to its end.
pub async fn finish(tx: &mut Tx, id: RosterId, file_hash: &str) -> Result<()> {
    tx.run(sql("update roster set file_hash = $2 where id = $1").bind(id).bind(file_hash)).await?.must_be(1)
}

/// A row on its way in.
#[derive(Debug, Clone, Serialize)]
pub struct NewRow {
    /// Its number.
    pub number: i64,
    /// Row in the file.
    pub line: i64,
    /// SHA-256 of what it says.
    pub hash: String,
    /// Where it is.
    pub area: AreaCode,
    /// 代码.
    pub code: String,
    /// 名称.
    pub name: String,
    /// 地址.
    pub address: String,
    /// 乡镇.
    pub town: String,
    /// 电话.
    pub phone: String,
    /// 行业.
    pub industry: String,
    /// 成立日期.
    pub opened: String,
    /// 状态, by its key.
    pub standing: &'static str,
    /// 营业收入 in yuan.
    pub revenue: Option<String>,
    /// What has to be told.
    pub remarks: Vec<String>,
}

/// Which of these hashes and codes a list has already: hash, code and row of each.
pub async fn known(tx: &mut Tx, id: RosterId, hashes: &[&str], codes: &[&str]) -> Result<Vec<(String, String, i64)>> {
    struct Found(String, String, i64);
    impl FromRow for Found {
        fn from_row(row: &Row) -> Result<Found> {
            Ok(Found(row.get("row_hash")?, row.get("code")?, row.get("line")?))
        }
    }
    let found: Vec<Found> = tx
        .all(
            sql("select row_hash, code, line from roster_row
                 where roster_id = $1 and row_hash in (select value from json_each($2))
                 union
                 select row_hash, code, line from roster_row
                 where roster_id = $1 and code in (select value from json_each($3))")
            .bind(id)
            .bind(Json::from(hashes))
            .bind(Json::from(codes)),
        )
        .await?;
    Ok(found.into_iter().map(|Found(hash, code, line)| (hash, code, line)).collect())
}

/// Which of these hashes are rows that were left and wait.
pub async fn known_left(tx: &mut Tx, id: RosterId, hashes: &[&str]) -> Result<Vec<String>> {
    tx.all(
        sql("select row_hash from roster_left
             where roster_id = $1 and mended_at is null and row_hash in (select value from json_each($2))")
        .bind(id)
        .bind(Json::from(hashes)),
    )
    .await
}

/// Puts rows in, all with one statement.
pub async fn add_rows(tx: &mut Tx, id: RosterId, rows: &[NewRow]) -> Result<()> {
    tx.run(
        sql("insert into roster_row (roster_id, number, line, row_hash, area, code, name, address, town, phone, industry, opened,
                 standing, revenue, remarks)
             select $1, e.value ->> 'number', e.value ->> 'line', e.value ->> 'hash', e.value ->> 'area', e.value ->> 'code',
                 e.value ->> 'name', e.value ->> 'address', e.value ->> 'town', e.value ->> 'phone', e.value ->> 'industry',
                 e.value ->> 'opened', e.value ->> 'standing', e.value ->> 'revenue', e.value -> 'remarks'
             from json_each($2) e")
        .on_postgres(
            "insert into roster_row (roster_id, number, line, row_hash, area, code, name, address, town, phone, industry, opened,
                 standing, revenue, remarks)
             select $1, cast(e ->> 'number' as bigint), cast(e ->> 'line' as bigint), e ->> 'hash', e ->> 'area', e ->> 'code',
                 e ->> 'name', e ->> 'address', e ->> 'town', e ->> 'phone', e ->> 'industry', e ->> 'opened', e ->> 'standing',
                 cast(e ->> 'revenue' as numeric), e -> 'remarks'
             from jsonb_array_elements($2) e",
        )
        .bind(id)
        .bind(to_text("roster_row", rows)?),
    )
    .await?
    .must_be(u64::try_from(rows.len()).unwrap_or(u64::MAX))?;
    tx.run(
        sql("update roster set row_count = row_count + $2 where id = $1")
            .bind(id)
            .bind(i64::try_from(rows.len()).unwrap_or(i64::MAX)),
    )
    .await?
    .must_be(1)
}

/// A row that is left.
#[derive(Debug, Clone, Serialize)]
pub struct NewLeft {
    /// Row in the file.
    pub line: i64,
    /// SHA-256 of what it says.
    pub hash: String,
    /// What it says, by column.
    pub fields: Vec<(Column, String)>,
    /// Why.
    pub reason: String,
}

/// Remembers rows that were left; those that are remembered already stay as they are. How many are new.
pub async fn add_left(tx: &mut Tx, id: RosterId, left: &[NewLeft]) -> Result<u64> {
    let added = tx
        .run(
            sql("insert into roster_left (roster_id, line, row_hash, fields, reason, mended_at)
                 select $1, e.value ->> 'line', e.value ->> 'hash', e.value -> 'fields', e.value ->> 'reason', null
                 from json_each($2) e where true
                 on conflict (roster_id, row_hash) do nothing")
            .on_postgres(
                "insert into roster_left (roster_id, line, row_hash, fields, reason, mended_at)
                 select $1, cast(e ->> 'line' as bigint), e ->> 'hash', e -> 'fields', e ->> 'reason', null
                 from jsonb_array_elements($2) e
                 on conflict (roster_id, row_hash) do nothing",
            )
            .bind(id)
            .bind(to_text("roster_left", left)?),
        )
        .await?
        .any();
    tx.run(
        sql("update roster set left_count = left_count + $2 where id = $1")
            .bind(id)
            .bind(i64::try_from(added).unwrap_or(i64::MAX)),
    )
    .await?
    .must_be(1)?;
    Ok(added)
}

/// Rows of these lines have come mended. How many waited for it.
pub async fn mend(tx: &mut Tx, id: RosterId, lines: &[i64], at: Instant) -> Result<u64> {
    let mended = tx
        .run(
            sql("update roster_left set mended_at = $3
                 where roster_id = $1 and mended_at is null and line in (select value from json_each($2))")
            .on_postgres(
                "update roster_left set mended_at = $3
                 where roster_id = $1 and mended_at is null
                     and line in (select cast(value as bigint) from jsonb_array_elements_text($2))",
            )
            .bind(id)
            .bind(Json::from(lines))
            .bind(at),
        )
        .await?
        .any();
    tx.run(
        sql("update roster set left_count = left_count - $2 where id = $1")
            .bind(id)
            .bind(i64::try_from(mended).unwrap_or(i64::MAX)),
    )
    .await?
    .must_be(1)?;
    Ok(mended)
}

impl FromRow for Left {
    fn from_row(row: &Row) -> Result<Left> {
        let mended: Option<Instant> = row.get("mended_at")?;
        Ok(Left {
            line: row.get("line")?,
            values: row.get::<Document<Vec<(Column, String)>>>("fields")?.0,
            reason: row.get("reason")?,
            is_mended: mended.is_some(),
        })
    }
}

/// One page of the rows that were left and are not mended, by their line.
pub async fn left(tx: &mut Tx, id: RosterId, page: PageRequest) -> Result<Page<Left>> {
    let count: i64 = tx
        .one(sql("select count(*) as n from roster_left where roster_id = $1 and mended_at is null").bind(id))
        .await?;
    let rows = tx
        .all(
            sql("select line, fields, reason, mended_at from roster_left
                 where roster_id = $1 and mended_at is null order by line, row_hash limit $2 offset $3")
            .bind(id)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}

impl FromRow for Kept {
    fn from_row(row: &Row) -> Result<Kept> {
        let taken = Taken {
            code: row.get("code")?,
            name: row.get("name")?,
            address: row.get("address")?,
            town: row.get("town")?,
            phone: row.get("phone")?,
            industry: row.get("industry")?,
            opened: row.get("opened")?,
            standing: row.get("standing")?,
            revenue: row.get("revenue")?,
            remarks: row.get::<Document<Vec<String>>>("remarks")?.0,
        };
        Ok(Kept { number: row.get("number")?, line: row.get("line")?, area: row.get("area")?, taken })
    }
}

/// The rows behind a number, at most so many: a list is read by parts.
pub async fn rows_after(tx: &mut Tx, id: RosterId, number: i64, limit: i64) -> Result<Vec<Kept>> {
    tx.all(
        sql("select number, line, area, code, name, address, town, phone, industry, opened, standing, revenue, remarks
             from roster_row where roster_id = $1 and number > $2 order by number limit $3")
        .bind(id)
        .bind(number)
        .bind(limit),
    )
    .await
}

/// These rows.
pub async fn rows(tx: &mut Tx, id: RosterId, numbers: &[i64]) -> Result<Vec<Kept>> {
    tx.all(
        sql("select number, line, area, code, name, address, town, phone, industry, opened, standing, revenue, remarks
             from roster_row where roster_id = $1 and number in (select value from json_each($2)) order by number")
        .on_postgres(
            "select number, line, area, code, name, address, town, phone, industry, opened, standing, revenue, remarks
             from roster_row where roster_id = $1
                 and number in (select cast(value as bigint) from jsonb_array_elements_text($2)) order by number",
        )
        .bind(id)
        .bind(Json::from(numbers)),
    )
    .await
}

/// One page of the rows that have something to be told, by number.
pub async fn remarked(tx: &mut Tx, id: RosterId, page: PageRequest) -> Result<Page<Kept>> {
    let count: i64 = tx
        .one(
            sql("select count(*) as n from roster_row where roster_id = $1 and remarks <> '[]'")
                .on_postgres(
                    "select count(*) as n from roster_row where roster_id = $1 and remarks <> cast('[]' as jsonb)",
                )
                .bind(id),
        )
        .await?;
    let rows = tx
        .all(
            sql("select number, line, area, code, name, address, town, phone, industry, opened, standing, revenue, remarks
                 from roster_row where roster_id = $1 and remarks <> '[]' order by number limit $2 offset $3")
            .on_postgres(
                "select number, line, area, code, name, address, town, phone, industry, opened, standing, revenue, remarks
                 from roster_row where roster_id = $1 and remarks <> cast('[]' as jsonb) order by number limit $2 offset $3",
            )
            .bind(id)
            .bind(page.limit)
            .bind(page.offset),
        )
        .await?;
    Ok(Page { rows, total: total(count), offset: page.offset.max(0).unsigned_abs() })
}
