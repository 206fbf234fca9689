//! PostgreSQL: rows go in by COPY.

use std::str::FromStr;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Postgres, Row};

use super::{TextRow, describe};
use crate::error::{Error, Result};
use crate::schema::{Kind, Rows, Value};

/// Bytes to send at a time.
const CHUNK: usize = 1 << 20;

pub fn migrator() -> Migrator {
    super::migrator(&[(1, "core", include_str!("../../../migrations/postgres/0001_core.sql"))])
}

pub async fn open(url: &str, create: bool) -> Result<PgConnection> {
    let shown = crate::scenario::redact_url(url);
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Scenario(format!("{shown} is not the address of a PostgreSQL database: {error}")))?
        .application_name("credit-seed")
        .disable_statement_logging();
    let connect = || describe::in_time(options.connect());
    match connect().await {
        Err(error) if create && describe::is_code(&error, "3D000") => {
            describe::in_time(Postgres::create_database(url)).await.map_err(|error| {
                describe::failed(&format!("the database of {shown} does not exist and cannot be created"), error)
            })?;
            connect().await
        }
        other => other,
    }
    .map_err(|error| describe::failed(&format!("cannot connect to {shown}"), error))
}

pub fn text_of(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Timestamp => format!("to_char({column}, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"),
        Kind::Decimal { scale, .. } => format!("round({column}, {scale})::text"),
        _ => format!("{column}::text"),
    }
}

pub async fn execute(connection: &mut PgConnection, sql: &str, parameters: &[&str]) -> Result<u64> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for parameter in parameters {
        query = query.bind((*parameter).to_owned());
    }
    let done = query.execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(|error| describe::failed("the database refused", error))
}

pub fn fetch<'a>(connection: &'a mut PgConnection, sql: String, parameters: &[&str]) -> BoxStream<'a, Result<TextRow>> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for parameter in parameters {
        query = query.bind((*parameter).to_owned());
    }
    let texts = |row: PgRow| {
        let cell = |column| row.try_get_unchecked::<Option<Vec<u8>>, _>(column).map(super::read::lossless);
        (0..row.len()).map(cell).collect::<Result<TextRow, _>>()
    };
    query
        .fetch(connection)
        .map(move |row| row.and_then(texts))
        .map_err(|error| describe::failed("cannot read from the database", error))
        .boxed()
}

pub async fn insert(connection: &mut PgConnection, rows: &dyn Rows) -> Result<()> {
    let schema = rows.schema();
    let failed = |error| describe::failed(&format!("cannot insert into {}", schema.name()), error);
    let columns: Vec<&str> = schema.columns().map(|column| column.name).collect();
    let statement = format!("COPY {} ({}) FROM STDIN", schema.name(), columns.join(","));
    let mut copy = connection.copy_in_raw(&statement).await.map_err(failed)?;
    let mut lines = String::with_capacity(CHUNK + 4096);
    for row in 0..rows.len() {
        for column in 0..columns.len() {
            if column > 0 {
                lines.push('\t');
            }
            match rows.value(row, column) {
                Value::Null => lines.push_str("\\N"),
                Value::Text(text) | Value::Json(text) => escape(text, &mut lines),
                Value::Timestamp(moment) => Value::write_sql_timestamp(moment, &mut lines),
                plain => plain.write_canonical(&mut lines),
            }
        }
        lines.push('\n');
        if lines.len() >= CHUNK {
            copy.send(lines.as_bytes()).await.map_err(failed)?;
            lines.clear();
        }
    }
    copy.send(lines.as_bytes()).await.map_err(failed)?;
    copy.finish().await.map_err(failed)?;
    Ok(())
}

/// COPY's text format: a backslash before itself and before what would end a field or a line.
fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
}
