//! Databases to test on: files, and names of our own on the servers there are, gone again when the test ends.

use std::sync::atomic::{AtomicU32, Ordering};

use credit_seed::Database;
use credit_seed::sinks::database::Book;
use sqlx::{AssertSqlSafe, raw_sql};

use crate::place::Place;

#[derive(Clone)]
pub struct Server {
    pub engine: &'static str,
    /// The address of somebody who may create databases and users.
    admin: String,
}

impl Server {
    pub fn postgres() -> Option<Server> {
        Server::find("PostgreSQL", "TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    }

    pub fn mysql() -> Option<Server> {
        Server::find("MySQL", "TEST_MYSQL_URL", "mysql://root@127.0.0.1:3306/mysql")
    }

    fn find(engine: &'static str, variable: &str, default: &str) -> Option<Server> {
        let admin = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
        match block_on(Database::open(&admin, false)) {
            Ok(_) => Some(Server { engine, admin }),
            Err(error) => {
                skip(&format!("no {engine} to test on ({variable}): {error}"));
                None
            }
        }
    }

    pub fn sql(&self, statements: &str) {
        sql(&self.admin, statements);
    }

    /// The address of a database on this server, as this user.
    pub fn url(&self, database: &str, login: Option<(&str, &str)>) -> String {
        let mut url = url::Url::parse(&self.admin).unwrap();
        url.set_path(database);
        if let Some((user, password)) = login {
            url.set_username(user).unwrap();
            url.set_password(Some(password)).unwrap();
        }
        url.into()
    }
}

/// A database that is gone when this is dropped, also after a panic.
pub struct TestDatabase {
    pub engine: &'static str,
    pub url: String,
    pub name: String,
    server: Option<Server>,
}

impl TestDatabase {
    pub fn in_file(place: &Place) -> TestDatabase {
        let name = unused_name();
        TestDatabase { engine: "SQLite", url: place.sqlite(&name), name, server: None }
    }

    /// A name on this server; the program is to create the database.
    pub fn on(server: Server) -> TestDatabase {
        let name = unused_name();
        TestDatabase { engine: server.engine, url: server.url(&name, None), name, server: Some(server) }
    }

    /// One of each engine there is.
    pub fn of_all(place: &Place) -> Vec<TestDatabase> {
        let servers = [Server::postgres(), Server::mysql()].into_iter().flatten();
        std::iter::once(TestDatabase::in_file(place)).chain(servers.map(TestDatabase::on)).collect()
    }

    /// Creates the database, empty, without the program.
    pub fn create(&self) {
        match &self.server {
            Some(server) => server.sql(&format!("CREATE DATABASE {}", self.name)),
            None => drop(block_on(Database::open(&self.url, true)).unwrap()),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            let force = if server.engine == "PostgreSQL" { " WITH (FORCE)" } else { "" };
            server.sql(&format!("DROP DATABASE IF EXISTS {}{force}", self.name));
        }
    }
}

/// A user of the server who may do nothing, gone when this is dropped.
pub struct TestUser<'a> {
    server: &'a Server,
    pub name: String,
}

impl TestUser<'_> {
    pub fn new<'a>(server: &'a Server, password: &str) -> TestUser<'a> {
        let user = TestUser { server, name: unused_name() };
        server.sql(&match server.engine {
            "PostgreSQL" => format!("CREATE ROLE {} LOGIN PASSWORD '{password}'", user.name),
            _ => format!("CREATE USER {}@'%' IDENTIFIED BY '{password}'", user.name),
        });
        user
    }
}

impl Drop for TestUser<'_> {
    fn drop(&mut self) {
        let host = if self.server.engine == "PostgreSQL" { "" } else { "@'%'" };
        let kind = if host.is_empty() { "ROLE" } else { "USER" };
        self.server.sql(&format!("DROP {kind} IF EXISTS {}{host}", self.name));
    }
}

pub fn unused_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("credit_seed_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Says so on stderr itself: the test runner swallows what `eprintln!` says in a test that passes.
pub fn shout(why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// Says loudly that something was not tested, or fails where everything must be.
pub fn skip(why: &str) {
    shout(why);
    let must = std::env::var("CREDIT_SEED_TEST_SERVERS").is_ok_and(|value| value == "required");
    assert!(!must, "CREDIT_SEED_TEST_SERVERS=required, but {why}");
}

/// Runs statements in an existing database, behind the program's back.
pub fn sql(url: &str, statements: &str) {
    let query = raw_sql(AssertSqlSafe(statements.to_owned()));
    block_on(async {
        match Database::open(url, false).await.unwrap() {
            Database::Sqlite(mut connection) => query.execute(&mut connection).await.map(drop),
            Database::Postgres(mut connection) => query.execute(&mut connection).await.map(drop),
            Database::MySql(mut connection) => query.execute(&mut connection).await.map(drop),
        }
    })
    .unwrap_or_else(|error| panic!("{statements}: {error}"));
}

pub fn count(url: &str, query: &str) -> i64 {
    block_on(async { Database::open(url, false).await?.count(query).await }).unwrap()
}

/// The tables and views there are, sorted.
pub fn tables(url: &str) -> Vec<String> {
    let mut tables = block_on(async { Database::open(url, false).await?.tables().await }).unwrap();
    tables.sort();
    tables
}

/// The run's book, if the database is there and has one.
pub fn book(url: &str) -> Option<Book> {
    block_on(async { Database::open(url, false).await.ok()?.book().await.unwrap() })
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
