//! SQLite, PostgreSQL and MySQL/MariaDB: one connection, and what the program asks of it.
//!
//! Each engine's own file knows how to connect, to insert rows quickly, and how its SQL prints each kind of value. All the
//! rest (book, reset, reading back) is written once on top of the few primitives here.

mod book;
mod describe;
mod loader;
mod lock;
mod mysql;
mod postgres;
mod read;
mod reset;
mod sqlite;

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{MySql, MySqlConnection, PgConnection, Postgres, SqlStr, Sqlite, SqliteConnection};
use sqlx_core::transaction::TransactionManager;

pub use book::Book;
pub use loader::Loader;
pub use reset::ResetPlan;

use crate::error::{Error, Result};
use crate::model::TABLES;
use crate::schema::{Kind, Rows};

/// The table that marks a database as ours and keeps the run's book.
pub const MARKER: &str = "credit_seed_runs";
/// Which migrations have run; not sqlx's usual name, which an application may use for its own.
const MIGRATIONS: &str = "credit_seed_migrations";
/// The one view: transactions and what is known of them.
const VIEW: &str = "labelled_transactions";
/// What migrations later than the first have added. Where such a one has not run, what is called so is somebody else's.
const ADDED: [(&str, &[&str]); 2] =
    [("2", &["banks", "accounts", "transactions", "transaction_labels", VIEW]), ("3", &["event_labels"])];

/// Which SQL a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

impl Dialect {
    /// SQL that prints `column` (an expression) as the canonical text of its kind.
    pub fn text_of(self, kind: Kind, column: &str) -> String {
        match self {
            Dialect::Sqlite => sqlite::text_of(kind, column),
            Dialect::Postgres => postgres::text_of(kind, column),
            Dialect::MySql => mysql::text_of(kind, column),
        }
    }

    /// The name of parameter `number`, from 1.
    fn parameter(self, number: usize) -> String {
        if self == Dialect::Postgres { format!("${number}") } else { "?".to_owned() }
    }

    /// Parameter `number`, a text, as a whole number.
    fn number(self, number: usize) -> String {
        match self {
            Dialect::Postgres => format!("CAST(${number} AS BIGINT)"),
            Dialect::Sqlite => "CAST(? AS INTEGER)".to_owned(),
            Dialect::MySql => "CAST(? AS SIGNED)".to_owned(),
        }
    }
}

/// A connection to a database.
///
/// The variants are public so that a program that embeds this one can bring its own connection and take it back.
pub enum Database {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

/// A row as texts; `None` is NULL.
type TextRow = Vec<Option<String>>;

impl Database {
    /// Connects to `sqlite:`, `postgres:` or `mysql:`; the database is created if it is absent and `create` says so.
    pub async fn open(url: &str, create: bool) -> Result<Database> {
        let scheme = url.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => sqlite::open(url, create).await.map(Database::Sqlite),
            "postgres" | "postgresql" => postgres::open(url, create).await.map(Database::Postgres),
            "mysql" | "mariadb" => mysql::open(url, create).await.map(Database::MySql),
            _ => Err(Error::Scenario(format!(
                "{:?} is not the address of a database: begin it with sqlite://, postgres:// or mysql://",
                crate::scenario::redact_url(url)
            ))),
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self {
            Database::Sqlite(_) => Dialect::Sqlite,
            Database::Postgres(_) => Dialect::Postgres,
            Database::MySql(_) => Dialect::MySql,
        }
    }

    /// Names of the tables and views, in lower case.
    pub async fn tables(&mut self) -> Result<Vec<String>> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "SELECT lower(name) FROM sqlite_schema WHERE type IN ('table', 'view')",
            Dialect::Postgres => {
                "SELECT lower(table_name)::text FROM information_schema.tables WHERE table_schema = current_schema()"
            }
            Dialect::MySql => {
                "SELECT CAST(lower(table_name) AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()"
            }
        };
        self.texts(sql).await
    }

    /// Makes our tables where they are missing. Refuses a database that holds tables of the same names that are not ours.
    pub async fn migrate(&mut self) -> Result<()> {
        let tables = self.tables().await?;
        self.refuse_strangers(&tables).await?;
        let result = match self {
            Database::Sqlite(connection) => sqlite::migrator().run_direct(None, connection, false).await,
            Database::Postgres(connection) => postgres::migrator().run_direct(None, connection, false).await,
            Database::MySql(connection) => {
                // MySQL commits each statement of a migration by itself. Ours can be run again from the start, so a
                // migration that was cut off is simply forgotten first.
                if tables.iter().any(|table| table == MIGRATIONS) {
                    mysql::execute(connection, "DELETE FROM credit_seed_migrations WHERE success = FALSE", &[]).await?;
                }
                mysql::migrator().run_direct(None, connection, false).await
            }
        };
        result.map_err(|error| match error {
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => Error::Refused(format!(
                "this database was set up by another version of credit-seed (its migration {version} is not ours); \
                 use that version, or remove what it made with --reset"
            )),
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                describe::failed("cannot create the tables", error)
            }
            other => Error::Database(format!("cannot create the tables: {other}")),
        })
    }

    /// Refuses if, of these tables, some are called like ours and none of our migrations made them.
    async fn refuse_strangers(&mut self, tables: &[String]) -> Result<()> {
        let has = |name: &str| tables.iter().any(|table| table == name);
        // Also those that were begun: MySQL keeps what a migration made until it was cut off.
        let versions = format!("SELECT {} FROM {MIGRATIONS}", self.dialect().text_of(Kind::Text { max: 0 }, "version"));
        let ran = if has(MIGRATIONS) { self.texts(&versions).await? } else { Vec::new() };
        let added = |name: &str| ADDED.iter().find(|(_, names)| names.contains(&name)).map(|(version, _)| *version);
        let is_ours = |name: &str| has(MARKER) && added(name).is_none_or(|by| ran.iter().any(|version| version == by));
        let names = TABLES.iter().map(|table| table.name()).chain([VIEW]);
        let theirs: Vec<&str> = names.filter(|name| has(name) && !is_ours(name)).collect();
        if theirs.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "this database already has {} that credit-seed did not make ({}), and nothing was touched; \
             give another database with --database-url, or rename or remove them yourself",
            if theirs.len() == 1 { "a table" } else { "tables" },
            theirs.join(", ")
        )))
    }

    /// The one number that a query for one number gives, such as `SELECT COUNT(*) FROM customers`.
    pub async fn count(&mut self, sql: &str) -> Result<i64> {
        let sql = format!("SELECT {}", self.dialect().text_of(Kind::Int, &format!("({sql})")));
        let row = self.fetch(sql.clone(), &[]).try_next().await?;
        let number = row.and_then(|cells| cells.into_iter().next().flatten()).and_then(|cell| cell.parse().ok());
        number.ok_or_else(|| Error::Database(format!("a count came back as no number; the query was: {sql}")))
    }

    /// The first column of every row, as the SQL casts it to text; NULL reads as `NULL`.
    pub async fn texts(&mut self, sql: &str) -> Result<Vec<String>> {
        let first = |cells: TextRow| cells.into_iter().next().flatten().unwrap_or_else(|| "NULL".to_owned());
        self.fetch(sql.to_owned(), &[]).map_ok(first).try_collect().await
    }

    /// Runs a statement with text parameters; says how many rows it touched.
    async fn execute(&mut self, sql: &str, parameters: &[&str]) -> Result<u64> {
        match self {
            Database::Sqlite(connection) => sqlite::execute(connection, sql, parameters).await,
            Database::Postgres(connection) => postgres::execute(connection, sql, parameters).await,
            Database::MySql(connection) => mysql::execute(connection, sql, parameters).await,
        }
    }

    /// Rows of a query whose columns are all text.
    fn fetch<'a>(&'a mut self, sql: String, parameters: &[&str]) -> BoxStream<'a, Result<TextRow>> {
        match self {
            Database::Sqlite(connection) => sqlite::fetch(connection, sql, parameters),
            Database::Postgres(connection) => postgres::fetch(connection, sql, parameters),
            Database::MySql(connection) => mysql::fetch(connection, sql, parameters),
        }
    }

    async fn insert(&mut self, rows: &dyn Rows) -> Result<()> {
        match self {
            Database::Sqlite(connection) => sqlite::insert(connection, rows).await,
            Database::Postgres(connection) => postgres::insert(connection, rows).await,
            Database::MySql(connection) => mysql::insert(connection, rows).await,
        }
    }

    pub(crate) async fn begin(&mut self) -> Result<()> {
        match self {
            // At once a writer: one that only becomes it later can be told that the database is busy.
            Database::Sqlite(c) => Of::<Sqlite>::begin(c, Some(SqlStr::from_static("BEGIN IMMEDIATE"))).await,
            Database::Postgres(c) => Of::<Postgres>::begin(c, None).await,
            Database::MySql(c) => Of::<MySql>::begin(c, None).await,
        }
        .map_err(|error| describe::failed("cannot begin a transaction", error))
    }

    pub(crate) async fn commit(&mut self) -> Result<()> {
        match self {
            Database::Sqlite(c) => Of::<Sqlite>::commit(c).await,
            Database::Postgres(c) => Of::<Postgres>::commit(c).await,
            Database::MySql(c) => Of::<MySql>::commit(c).await,
        }
        .map_err(|error| describe::failed("cannot commit", error))
    }

    /// Rolls back before the connection's next statement; it needs no waiting, so it can be done while dropping.
    pub(crate) fn roll_back(&mut self) {
        match self {
            Database::Sqlite(c) => Of::<Sqlite>::start_rollback(c),
            Database::Postgres(c) => Of::<Postgres>::start_rollback(c),
            Database::MySql(c) => Of::<MySql>::start_rollback(c),
        }
    }
}

/// The transactions of an engine, as sqlx keeps count of them.
type Of<Engine> = <Engine as sqlx::Database>::TransactionManager;

/// The migrations of one engine; each folder has the same versions and names.
fn migrator(scripts: &[(i64, &'static str, &'static str)]) -> Migrator {
    use sqlx::SqlSafeStr;
    use sqlx::migrate::{Migration, MigrationType};
    let migration = |(version, name, sql): &(i64, &'static str, &'static str)| {
        Migration::new(*version, (*name).into(), MigrationType::Simple, (*sql).into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations(scripts.iter().map(migration).collect());
    migrator.dangerous_set_table_name(MIGRATIONS);
    migrator
}

/// `INSERT INTO table (columns) VALUES (?, ?), (?, ?)` for this many rows; every name is a constant of ours.
fn insert_statement(rows: &dyn Rows, count: usize) -> String {
    let schema = rows.schema();
    let columns: Vec<&str> = schema.columns().map(|column| column.name).collect();
    let tuple = format!("({})", vec!["?"; columns.len()].join(","));
    format!("INSERT INTO {} ({}) VALUES {}", schema.name(), columns.join(","), vec![tuple.as_str(); count].join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_migration_adds_is_on_the_list() {
        for migrator in [sqlite::migrator(), postgres::migrator(), mysql::migrator()] {
            for migration in migrator.iter().filter(|migration| migration.version > 1) {
                let version = migration.version.to_string();
                let listed = ADDED.iter().find(|(by, _)| *by == version).map_or(&[][..], |(_, names)| *names);
                for table in TABLES.iter().map(|table| table.name()) {
                    let is_made = migration.sql.as_str().contains(&format!("TABLE IF NOT EXISTS {table} ("));
                    assert_eq!(listed.contains(&table), is_made, "{version}: {table}");
                }
                assert!(listed.contains(&VIEW) == migration.sql.as_str().contains(&format!("{VIEW} AS")));
            }
        }
    }
}
