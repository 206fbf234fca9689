//! Databases to test on, each with a name of its own, gone when the test ends.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use credit_seed::sinks::database::{Book, Dialect};
use credit_seed::{Database, Error, Result};
use sqlx::{AssertSqlSafe, raw_sql};
use tempfile::TempDir;

/// A name for a database, which nobody has made yet; whatever there is of it is dropped with this, also after a panic.
pub struct TestDatabase {
    pub dialect: Dialect,
    pub url: String,
    place: Place,
}

enum Place {
    /// Held for the sake of its end.
    Folder(#[expect(dead_code, reason = "the folder goes when it is dropped")] TempDir),
    Server {
        admin: String,
        drop: String,
    },
}

impl TestDatabase {
    /// `None`, and a loud word, where the server is absent.
    pub fn new(dialect: Dialect) -> Option<TestDatabase> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let (variable, default, force) = match dialect {
            Dialect::Sqlite => {
                let folder = TempDir::new().unwrap();
                let url = format!("sqlite://{}", folder.path().join("bank.db").display());
                return Some(TestDatabase { dialect, url, place: Place::Folder(folder) });
            }
            Dialect::Postgres => ("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres", " WITH (FORCE)"),
            Dialect::MySql => ("TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql", ""),
        };
        let admin = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
        let name = format!("credit_seed_laws_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let drop = format!("DROP DATABASE IF EXISTS {name}{force}");
        if let Err(error) = aside(&admin, &drop) {
            skip(&format!("no server for {dialect:?} ({variable}): {error}"));
            return None;
        }
        let mut url = url::Url::parse(&admin).unwrap();
        url.set_path(&name);
        Some(TestDatabase { dialect, url: url.into(), place: Place::Server { admin, drop } })
    }

    /// A connection; the database is made by the first.
    pub async fn open(&self) -> Database {
        Database::open(&self.url, true).await.unwrap()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Place::Server { admin, drop } = &self.place
            && let Err(error) = aside(admin, drop)
        {
            let _ = writeln!(std::io::stderr(), "left behind: {drop}: {error}");
        }
    }
}

/// One of each engine there is.
pub fn engines() -> Vec<TestDatabase> {
    [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql].into_iter().filter_map(TestDatabase::new).collect()
}

/// Says that something was not tested, past the test harness, which keeps what passing tests print to itself.
pub fn skip(why: &str) {
    let required = std::env::var("CREDIT_SEED_TEST_SERVERS").is_ok_and(|value| value == "required");
    assert!(!required, "CREDIT_SEED_TEST_SERVERS=required, but {why}");
    let _ = writeln!(std::io::stderr(), "SKIPPED {why}");
}

/// Runs statements of somebody who is not us.
pub async fn run(database: &mut Database, statements: &str) {
    try_run(database, statements).await.unwrap_or_else(|error| panic!("{statements}: {error}"));
}

async fn try_run(database: &mut Database, statements: &str) -> Result<(), sqlx::Error> {
    let query = raw_sql(AssertSqlSafe(statements.to_owned()));
    match database {
        Database::Sqlite(connection) => query.execute(connection).await.map(drop),
        Database::Postgres(connection) => query.execute(connection).await.map(drop),
        Database::MySql(connection) => query.execute(connection).await.map(drop),
    }
}

/// The same on a connection, thread and runtime of their own: a test that panics has none left to lend.
fn aside(url: &str, statement: &str) -> Result<()> {
    let work = async {
        let mut database = Database::open(url, false).await?;
        try_run(&mut database, statement).await.map_err(|error| Error::Database(error.to_string()))
    };
    std::thread::scope(|scope| {
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        scope.spawn(move || runtime().block_on(work)).join().unwrap()
    })
}

/// The run's book of a database that was seeded.
pub async fn book(database: &mut Database) -> Book {
    database.book().await.unwrap().expect("a seeded database has a book")
}

/// The text of a refusal; anything else is a failed test.
pub fn refusal<T>(result: Result<T>) -> String {
    match result {
        Err(error) if error.exit_code() == 4 => error.to_string(),
        Err(error) => panic!("an error, but no refusal: {error}"),
        Ok(_) => panic!("not refused"),
    }
}
