//! SQLite: through sqlx, with foreign keys on and its own rollback journal, which survives a kill at any moment.

use std::str::FromStr;
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Row, SqliteConnection};

use super::{TextRow, describe};
use crate::error::{Error, Result};
use crate::schema::{Kind, Moment, Rows, Value};

/// Parameters in one statement: SQLite's own limit.
const MOST_PARAMETERS: usize = 32_766;
const MOST_ROWS: usize = 500;

pub fn migrator() -> Migrator {
    super::migrator(&[
        (1, "core", include_str!("../../../migrations/sqlite/0001_core.sql")),
        (2, "bank", include_str!("../../../migrations/sqlite/0002_bank.sql")),
        (3, "event_labels", include_str!("../../../migrations/sqlite/0003_event_labels.sql")),
    ])
}

pub async fn open(url: &str, create: bool) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| {
            let shown = crate::scenario::redact_url(url);
            Error::Scenario(format!("{shown:?} is not the address of an SQLite database: {error}"))
        })?
        .create_if_missing(create)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        // 64 MB of cache, and half an index in it, instead of 2.
        .pragma("cache_size", "-65536")
        .disable_statement_logging();
    let file = options.get_filename().to_owned();
    if file.as_os_str().is_empty() {
        return Err(Error::Scenario(format!(
            "{url:?} names no file: write it behind sqlite://, as in sqlite://bank.db"
        )));
    }
    let in_memory = url.contains(":memory:") || url.contains("mode=memory");
    if !create && !in_memory && !file.exists() {
        return Err(Error::NoDatabase(format!(
            "there is no database file {}; make it with credit-seed, or name another with --database-url",
            file.display()
        )));
    }
    options.connect().await.map_err(|error| describe::failed(&format!("cannot open {}", file.display()), error))
}

pub fn text_of(kind: Kind, column: &str) -> String {
    let plain = format!("CASE typeof({column}) WHEN 'blob' THEN 'x' || hex({column}) ELSE CAST({column} AS TEXT) END");
    match kind {
        // Prices are stored as the nearest binary number: exact to the cent once printed with two places.
        Kind::Decimal { scale, .. } => {
            format!(
                "CASE WHEN typeof({column}) IN ('integer', 'real') THEN printf('%.{scale}f', {column}) ELSE {plain} END"
            )
        }
        Kind::Bool => format!("CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {plain} END"),
        Kind::Timestamp => format!(
            "CASE WHEN {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9]*' THEN coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', {column}), {column}) \
             ELSE {plain} END"
        ),
        _ => plain,
    }
}

pub async fn execute(connection: &mut SqliteConnection, sql: &str, parameters: &[&str]) -> Result<u64> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for parameter in parameters {
        query = query.bind((*parameter).to_owned());
    }
    let done = query.execute(connection).await;
    done.map(|done| done.rows_affected()).map_err(|error| describe::failed("the database refused", error))
}

pub fn fetch<'a>(
    connection: &'a mut SqliteConnection,
    sql: String,
    parameters: &[&str],
) -> BoxStream<'a, Result<TextRow>> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for parameter in parameters {
        query = query.bind((*parameter).to_owned());
    }
    let texts = |row: SqliteRow| {
        let cell = |column| row.try_get_unchecked::<Option<Vec<u8>>, _>(column).map(super::read::lossless);
        (0..row.len()).map(cell).collect::<Result<TextRow, _>>()
    };
    query
        .fetch(connection)
        .map(move |row| row.and_then(texts))
        .map_err(|error| describe::failed("cannot read from the database", error))
        .boxed()
}

pub async fn insert(connection: &mut SqliteConnection, rows: &dyn Rows) -> Result<()> {
    let width = rows.schema().width();
    let step = (MOST_PARAMETERS / width).min(MOST_ROWS);
    let mut start = 0;
    while start < rows.len() {
        let count = step.min(rows.len() - start);
        // Full statements are alike and stay prepared; the last one of a table is not worth keeping.
        let mut query = sqlx::query(AssertSqlSafe(super::insert_statement(rows, count))).persistent(count == step);
        for row in start..start + count {
            for column in 0..width {
                query = match rows.value(row, column) {
                    Value::Null => query.bind(None::<String>),
                    Value::Bool(value) => query.bind(value),
                    Value::Int(value) => query.bind(value),
                    // The nearest double, as the text would be: division of two exact numbers rounds correctly.
                    Value::Decimal(unscaled, scale) => query.bind(unscaled as f64 / 10i64.pow(scale.into()) as f64),
                    Value::Timestamp(moment) => query.bind(timestamp(moment)),
                    text => {
                        let mut out = String::with_capacity(36);
                        text.write_canonical(&mut out);
                        query.bind(out)
                    }
                };
            }
        }
        query
            .execute(&mut *connection)
            .await
            .map_err(|error| describe::failed(&format!("cannot insert into {}", rows.schema().name()), error))?;
        start += count;
    }
    Ok(())
}

/// As SQLite's own CURRENT_TIMESTAMP writes it; milliseconds only where there are any.
fn timestamp(moment: Moment) -> String {
    let mut text = String::with_capacity(23);
    Value::write_sql_timestamp(moment, &mut text);
    if text.ends_with(".000") {
        text.truncate(19);
    }
    text
}
