//! MySQL and MariaDB: rows go in by prepared statements of many rows.

use std::str::FromStr;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use sqlx::migrate::{MigrateDatabase, Migrator};
use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions, MySql, MySqlConnection, Row};

use super::{TextRow, describe};
use crate::error::{Error, Result};
use crate::schema::{Kind, Rows, Value};

/// Parameters in one statement: the protocol's limit.
const MOST_PARAMETERS: usize = 65_535;
/// More rows to a statement gain nothing and approach `max_allowed_packet`.
const MOST_ROWS: usize = 512;

pub fn migrator() -> Migrator {
    super::migrator(&[
        (1, "core", include_str!("../../../migrations/mysql/0001_core.sql")),
        (2, "bank", include_str!("../../../migrations/mysql/0002_bank.sql")),
        (3, "event_labels", include_str!("../../../migrations/mysql/0003_event_labels.sql")),
    ])
}

pub async fn open(url: &str, create: bool) -> Result<MySqlConnection> {
    let shown = crate::scenario::redact_url(url);
    let options = MySqlConnectOptions::from_str(url)
        .map_err(|error| Error::Scenario(format!("{shown} is not the address of a MySQL database: {error}")))?
        .charset("utf8mb4")
        .timezone(Some("+00:00".to_owned()))
        .disable_statement_logging();
    if options.get_database().is_none_or(str::is_empty) {
        return Err(Error::Scenario(format!(
            "{shown} names no database: write it behind the host, as in mysql://host/bank"
        )));
    }
    let connect = || describe::in_time(options.connect());
    match connect().await {
        // Unknown database.
        Err(error) if create && describe::is_code(&error, "1049") => {
            let created = describe::in_time(MySql::create_database(url)).await;
            // Another program may have been creating it, or one that was killed while the server went on.
            let is_there = |error: &sqlx::Error| ["1007"].iter().any(|code| describe::is_code(error, code));
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
        Kind::Bool => format!("CASE {column} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE CAST({column} AS CHAR) END"),
        Kind::Timestamp => format!("CONCAT(LEFT(DATE_FORMAT({column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')"),
        Kind::Decimal { scale, .. } => format!("CAST(ROUND({column}, {scale}) AS CHAR)"),
        _ => format!("CAST({column} AS CHAR)"),
    }
}

pub async fn execute(connection: &mut MySqlConnection, sql: &str, parameters: &[&str]) -> Result<u64> {
    let done = if parameters.is_empty() {
        // BEGIN and some DDL cannot be prepared.
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await
    } else {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for parameter in parameters {
            query = query.bind((*parameter).to_owned());
        }
        query.execute(connection).await
    };
    done.map(|done| done.rows_affected()).map_err(|error| describe::failed("the database refused", error))
}

pub fn fetch<'a>(
    connection: &'a mut MySqlConnection,
    sql: String,
    parameters: &[&str],
) -> BoxStream<'a, Result<TextRow>> {
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for parameter in parameters {
        query = query.bind((*parameter).to_owned());
    }
    let texts = |row: MySqlRow| {
        let cell = |column| row.try_get_unchecked::<Option<Vec<u8>>, _>(column).map(super::read::lossless);
        (0..row.len()).map(cell).collect::<Result<TextRow, _>>()
    };
    query
        .fetch(connection)
        .map(move |row| row.and_then(texts))
        .map_err(|error| describe::failed("cannot read from the database", error))
        .boxed()
}

pub async fn insert(connection: &mut MySqlConnection, rows: &dyn Rows) -> Result<()> {
    let width = rows.schema().width();
    let step = (MOST_PARAMETERS / width).min(MOST_ROWS);
    let mut start = 0;
    while start < rows.len() {
        // Powers of two, so that a handful of statements serves any number of rows and all stay prepared: closing one is a
        // packet without an answer, and over TCP the next packet would wait some 40 ms for it (Nagle).
        let count = 1 << step.min(rows.len() - start).ilog2();
        let mut query = sqlx::query(AssertSqlSafe(super::insert_statement(rows, count)));
        for row in start..start + count {
            for column in 0..width {
                query = match rows.value(row, column) {
                    Value::Null => query.bind(None::<String>),
                    Value::Bool(value) => query.bind(value),
                    Value::Int(value) => query.bind(value),
                    Value::Timestamp(moment) => {
                        let mut text = String::with_capacity(23);
                        Value::write_sql_timestamp(moment, &mut text);
                        query.bind(text)
                    }
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
