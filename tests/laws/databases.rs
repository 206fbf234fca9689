//! Every database holds the same world, and its own client reads it the way we do.

use std::process::Command;

use credit_seed::encode::LifeRecords;
use credit_seed::seeding::{Effort, Seeded};
use credit_seed::sinks::database::Dialect;

use crate::servers::{TestDatabase, book, engines, skip};
use crate::worlds;

#[tokio::test]
async fn every_database_holds_the_same_world() {
    // Every kind of batch: several, the last one not full.
    let effort = Effort { batch_size: 25, jobs: 2 };
    let scenario = worlds::of(90);
    let (memory, expected) = worlds::in_memory(&scenario, 1, 1000).await;
    for test in engines() {
        let engine = test.dialect;
        let mut database = test.open().await;
        let mut heard = Vec::new();
        let outcome = database.seed(&scenario, effort, &mut |progress| heard.push(progress.next_customer)).await;
        let outcome = outcome.unwrap();
        assert_eq!(outcome.seeded, Seeded::Fresh, "{engine:?}");
        assert_eq!(heard, [25, 50, 75, 90], "{engine:?}");
        let book = book(&mut database).await;
        assert!(book.is_complete() && book.is_of(&scenario), "{engine:?}: {book:?}");
        assert_eq!((book.customers, book.next_customer), (90, 90), "{engine:?}");
        for (what, manifest) in
            [("told", outcome.manifest), ("booked", book.tables), ("stored", database.recompute().await.unwrap())]
        {
            assert_eq!(manifest, expected, "{engine:?}, as {what}");
        }
        drop(database);
        its_own_client_agrees(&test, &memory.rows);
    }
}

/// Counts and sums by somebody who knows nothing of us.
fn its_own_client_agrees(test: &TestDatabase, rows: &LifeRecords) {
    for (table, column) in [
        ("customers", "annual_income"),
        ("financial_records", "amount"),
        ("loan_applications", "requested_amount"),
        ("loan_payments", "amount_paid"),
    ] {
        let records = rows.of(table);
        let cents: i64 = records.iter().filter_map(|record| record.unscaled(column)).sum();
        for (sql, expected) in [
            (format!("SELECT COUNT(*) FROM {table}"), records.len() as i64),
            (format!("SELECT ROUND(SUM({column}) * 100) FROM {table}"), cents),
        ] {
            let Some(answer) = ask(test, &sql) else { return };
            // SQLite rounds to a REAL, which prints as 12.0.
            let number = answer.strip_suffix(".0").unwrap_or(&answer).parse();
            assert_eq!(number, Ok(expected), "{:?}: {sql} gave {answer:?}", test.dialect);
        }
    }
}

/// What the engine's own client answers; `None`, and a loud word, where there is no such client.
fn ask(test: &TestDatabase, sql: &str) -> Option<String> {
    let url = url::Url::parse(&test.url).unwrap();
    let (name, mut command) = match test.dialect {
        Dialect::Sqlite => {
            let script = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()[0])";
            let mut python = Command::new("python3");
            python.args(["-c", script, url.path(), sql]);
            ("python3", python)
        }
        Dialect::Postgres => {
            let mut psql = Command::new("psql");
            psql.args(["--no-psqlrc", "-At", "-c", sql, &test.url]);
            ("psql", psql)
        }
        Dialect::MySql => {
            let mut mariadb = Command::new("mariadb");
            mariadb.args(["--protocol=tcp", "-N", "-B", "--init-command=SET time_zone='+00:00'"]);
            mariadb.args(["-h", url.host_str().unwrap_or("127.0.0.1"), "-u", url.username(), "-e", sql]);
            mariadb.args(["-P", &url.port().unwrap_or(3306).to_string(), url.path().trim_start_matches('/')]);
            mariadb.env("MYSQL_PWD", url.password().unwrap_or_default());
            ("mariadb", mariadb)
        }
    };
    let output = match command.output() {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip(&format!("no client {name} to read back with"));
            return None;
        }
        Err(error) => panic!("{name}: {error}"),
    };
    assert!(output.status.success(), "{name}, {sql}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
