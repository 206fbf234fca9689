//! What a driver's error means to the person at the terminal, and what they can do.

use std::future::Future;
use std::time::Duration;

use crate::error::Error;

/// A server that does not answer in this time is taken for absent.
const PATIENCE: Duration = Duration::from_secs(15);

/// Waits for a connection, but not for ever.
pub async fn in_time<T>(connecting: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    match tokio::time::timeout(PATIENCE, connecting).await {
        Ok(result) => result,
        Err(_) => Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
    }
}

/// Whether the server gave this code: an SQLSTATE (PostgreSQL, SQLite's number) or MySQL's error number.
pub fn is_code(error: &sqlx::Error, code: &str) -> bool {
    code_of(error).is_some_and(|given| given == code)
}

fn code_of(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    match error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        Some(mysql) => Some(mysql.number().to_string()),
        None => error.code().map(|code| code.into_owned()),
    }
}

/// The sentence for an error met while `doing` something ("cannot connect to ..."). No password is in it: drivers never
/// repeat one, and `doing` holds redacted addresses only.
pub fn failed(doing: &str, error: sqlx::Error) -> Error {
    let way_out = match (&error, code_of(&error).as_deref()) {
        (sqlx::Error::Io(io), _) => match io.kind() {
            std::io::ErrorKind::ConnectionRefused => {
                Some("nothing listens there: is the server running, and is the port right?")
            }
            std::io::ErrorKind::TimedOut => Some("it does not answer: is the host right and reachable?"),
            std::io::ErrorKind::NotFound => Some("no such host or socket: check the address"),
            _ => Some("the connection broke; start the same command again and it goes on where it stopped"),
        },
        (sqlx::Error::Tls(_), _) => Some("check the sslmode or ssl-mode parameter of the address"),
        (_, Some("28P01" | "28000" | "1045" | "1698")) => Some("check user and password"),
        (_, Some("42501" | "1044" | "1142" | "1227")) => {
            Some("this user may not: grant the right, or give a database that exists and belongs to the user")
        }
        // SQLite's codes, extended ones included: read-only, cannot open, full, locked, no database, damaged.
        (_, Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544")) => {
            Some("the file or its folder is read-only")
        }
        (_, Some("14" | "270" | "526" | "782" | "1038")) => Some("check that the folder exists and may be written to"),
        (_, Some("13" | "53100" | "1021" | "1114")) => {
            Some("there is no room left; make some and start the same command again: it goes on where it stopped")
        }
        (_, Some("5" | "6" | "261" | "517")) => {
            Some("another program is using the database; try again when it is done")
        }
        (_, Some("26" | "11")) => Some("this file is not a sound SQLite database"),
        _ => None,
    };
    let is_absent = matches!(code_of(&error).as_deref(), Some("3D000" | "1049"));
    let said = match &error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    };
    match way_out {
        None if is_absent => Error::NoDatabase(format!("{doing}: {said} (credit-seed makes it when it seeds)")),
        Some(way_out) => Error::Database(format!("{doing}: {said} ({way_out})")),
        None => Error::Database(format!("{doing}: {said}")),
    }
}
