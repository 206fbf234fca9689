//! One credit-seed at a time on a server's database.
//!
//! The lock belongs to the connection. A program that was killed loses it only when the server has noticed and undone what was
//! open, so whoever gets it next reads a book that is final. SQLite needs none: its files are locked by the system.

use super::{Database, Dialect, book, describe};
use crate::error::Result;

/// How long to wait for the other: longer than a server takes to undo a batch.
const SECONDS: u32 = 20;
/// PostgreSQL's advisory locks are numbers: "credseed" in ASCII.
const NUMBER: i64 = 0x6372_6564_7365_6564;
/// MySQL's are names of at most 64 characters, shared by the whole server.
const NAME: &str = "LEFT(CONCAT('credit_seed.', DATABASE()), 64)";

impl Database {
    /// Waits for the lock; refuses if another program keeps it.
    pub(crate) async fn lock(&mut self) -> Result<()> {
        let is_ours = match self {
            Database::Sqlite(_) => true,
            Database::Postgres(connection) => {
                let wait = format!("SET lock_timeout = '{SECONDS}s'");
                super::postgres::execute(connection, &wait, &[]).await?;
                let query = sqlx::query("SELECT pg_advisory_lock($1)").bind(NUMBER).execute(&mut *connection).await;
                super::postgres::execute(connection, "SET lock_timeout = DEFAULT", &[]).await?;
                match query {
                    Ok(_) => true,
                    // lock_not_available
                    Err(error) if describe::is_code(&error, "55P03") => false,
                    Err(error) => return Err(describe::failed("cannot lock the database", error)),
                }
            }
            Database::MySql(_) => self.count(&format!("SELECT GET_LOCK({NAME}, {SECONDS})")).await? == 1,
        };
        if is_ours { Ok(()) } else { Err(book::not_alone()) }
    }

    /// Best effort: closing the connection frees it as well.
    pub(crate) async fn unlock(&mut self) {
        let _ = match self.dialect() {
            Dialect::Sqlite => return,
            Dialect::Postgres => self.execute(&format!("SELECT pg_advisory_unlock({NUMBER})"), &[]).await.map(drop),
            Dialect::MySql => self.count(&format!("SELECT RELEASE_LOCK({NAME})")).await.map(drop),
        };
    }
}
