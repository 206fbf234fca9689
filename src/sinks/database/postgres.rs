//! PostgreSQL: rows go in as arrays, one statement a table.

use std::str::FromStr;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, Postgres, Row};

use super::{TextRow, describe};
use crate::error::{Error, Result};
use crate::schema::{Kind, Rows, Value};

/// Rows in one statement: a message has to stay well below the protocol's gigabyte.
const MOST_ROWS: usize = 10_000;

pub fn migrator() -> Migrator {
    super::migrator(&[
        (1, "core", include_str!("../../../migrations/postgres/0001_core.sql")),
        (2, "bank", include_str!("../../../migrations/postgres/0002_bank.sql")),
        (3, "event_labels", include_str!("../../../migrations/postgres/0003_event_labels.sql")),
    ])
}

pub async fn open(url: &str, create: bool) -> Result<PgConnection> {
    let shown = crate::scenario::redact_url(url);
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| Error::Scenario(format!("{shown} is not the address of a PostgreSQL database: {error}")))?
        .application_name("credit-seed")
        .disable_statement_logging();
    if options.get_database().is_none_or(str::is_empty) {
        return Err(Error::Scenario(format!(
            "{shown} names no database: write it behind the host, as in postgres://host/bank"
        )));
    }
    let connect = || describe::in_time(options.connect());
    match connect().await {
        Err(error) if create && describe::is_code(&error, "3D000") => {
            let created = describe::in_time(Postgres::create_database(url)).await;
            // Another program may have been creating it, or one that was killed while the server went on.
            let is_there = |error: &sqlx::Error| ["42P04", "23505"].iter().any(|code| describe::is_code(error, code));
            if let Err(error) = created.or_else(|error| if is_there(&error) { Ok(()) } else { Err(error) }) {
                let doing = format!("the database of {shown} does not exist and cannot be created");
                return Err(describe::failed(&doing, error));
            }
            connect().await
        }
        other => other,
    }
    .map_err(|error| describe::failed(&format!("cannot connect to {shown}"), error))
}

pub fn text_of(kind: Kind, column: &str) -> String {
    match kind {
        Kind::Timestamp => format!("to_char({column}, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"),
        Kind::Decimal { scale, .. } => format!("round({column}::numeric, {scale})::text"),
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

/// One statement a table, each column an array of texts: `INSERT ... SELECT a::date, b::numeric FROM unnest($1, $2)`.
///
/// Not COPY: the driver sends its data and its end in two packets, and over TCP the second waits some 40 ms for the first to
/// be acknowledged (Nagle), once for every table of every batch. This is one packet.
pub async fn insert(connection: &mut PgConnection, rows: &dyn Rows) -> Result<()> {
    let schema = rows.schema();
    let columns: Vec<_> = schema.columns().collect();
    let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
    let arrays: Vec<String> = (1..=names.len()).map(|number| format!("${number}::text[]")).collect();
    let values: Vec<String> =
        columns.iter().map(|column| format!("{}::{}", column.name, type_of(column.kind))).collect();
    let statement = format!(
        "INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS given ({names})",
        table = schema.name(),
        names = names.join(", "),
        values = values.join(", "),
        arrays = arrays.join(", "),
    );
    let mut start = 0;
    while start < rows.len() {
        let end = rows.len().min(start + MOST_ROWS);
        let mut query = sqlx::query(AssertSqlSafe(statement.as_str()));
        for column in 0..names.len() {
            let cells: Vec<Option<String>> = (start..end).map(|row| text(rows.value(row, column))).collect();
            query = query.bind(cells);
        }
        query
            .execute(&mut *connection)
            .await
            .map_err(|error| describe::failed(&format!("cannot insert into {}", schema.name()), error))?;
        start = end;
    }
    Ok(())
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "boolean",
        Kind::Int => "integer",
        Kind::Decimal { .. } => "numeric",
        Kind::Id | Kind::Text { .. } => "text",
        Kind::Date => "date",
        Kind::Timestamp => "timestamp",
        Kind::Json => "jsonb",
    }
}

fn text(value: Value<'_>) -> Option<String> {
    let mut text = String::with_capacity(36);
    match value {
        Value::Null => return None,
        Value::Timestamp(moment) => Value::write_sql_timestamp(moment, &mut text),
        plain => plain.write_canonical(&mut text),
    }
    Some(text)
}
