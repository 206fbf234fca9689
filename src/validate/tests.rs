//! Integrity's SQL on a SQLite that forbids nothing: silent on good rows, and loud on every way to break them.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::faults::{groups, probe};
use super::rules::tests::{good, row};
use super::{Verdict, validate};
use crate::model::TABLES;
use crate::scenario::Scenario;
use crate::schema::{ColumnSpec, Domain, Key, Kind, Schema};
use crate::sinks::database::{Database, Dialect};

async fn execute(db: &mut SqliteConnection, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(db).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The first column of each row, as text.
async fn ask(db: &mut SqliteConnection, sql: &str) -> Vec<String> {
    let rows =
        sqlx::query(AssertSqlSafe(format!("SELECT CAST(c AS TEXT) FROM (WITH q(c) AS ({sql}) SELECT c FROM q)")));
    let rows = rows.fetch_all(db).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_else(|| "NULL".to_owned())).collect()
}

/// Tables with the affinities of the migrations and none of their constraints, filled with a good life.
async fn lax_database() -> SqliteConnection {
    let mut db = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let mut life = good();
    life.of_mut("market_data")
        .push(row("market_data", "m1, prime, 7.5000, 2025-12-31, simulated, 2025-12-31T00:00:00.000Z"));
    life.of_mut("banks").push(row("banks", "north, The North, SYNTHETIC, "));
    for table in TABLES {
        let columns = table.columns().map(|column| match column.kind {
            Kind::Text { .. } | Kind::Id => format!("{} TEXT", column.name),
            _ => format!("{} NUMERIC", column.name),
        });
        execute(&mut db, &format!("CREATE TABLE {} ({})", table.name(), columns.collect::<Vec<_>>().join(", "))).await;
        for record in life.of(table.name()) {
            let cell = |(cell, column): (&Option<String>, &ColumnSpec)| match (cell, column.kind) {
                (None, _) => "NULL".to_owned(),
                (Some(text), Kind::Bool) => text.clone(),
                (Some(text), _) => format!("'{text}'"),
            };
            let cells = record.cells.iter().zip(table.columns()).map(cell).collect::<Vec<_>>().join(", ");
            execute(&mut db, &format!("INSERT INTO {} VALUES ({cells})", table.name())).await;
        }
    }
    db
}

/// What each finding would name, `rule: key: what`; also asserts that the quick scan and the counts agree.
async fn wrongs(db: &mut SqliteConnection) -> Vec<String> {
    let mut wrongs = Vec::new();
    for table in TABLES {
        assert_eq!(ask(db, &probe(table)).await, ["0"]);
        for group in groups(table, &Dialect::Sqlite) {
            assert_ne!(ask(db, &group.examined).await, ["0"], "{}", group.rule);
            let before = wrongs.len();
            for fault in &group.faults {
                let keys = ask(db, &fault.examples).await;
                assert_eq!(ask(db, &fault.count).await, [keys.len().to_string()]);
                wrongs.extend(keys.into_iter().map(|key| format!("{}: {key}: {}", group.rule, fault.what)));
            }
            if let Some(any) = &group.any {
                assert_eq!(ask(db, any).await != ["0"], wrongs.len() > before, "{}", group.rule);
            }
        }
    }
    wrongs
}

/// Sets a column in the first row, looks, and takes it back.
async fn with(db: &mut SqliteConnection, table: &dyn Schema, column: &str, value: &str) -> Vec<String> {
    execute(db, "BEGIN").await;
    let name = table.name();
    execute(db, &format!("UPDATE {name} SET {column} = {value} WHERE rowid = 1")).await;
    let wrongs = wrongs(db).await;
    execute(db, "ROLLBACK").await;
    wrongs
}

#[tokio::test]
async fn good_rows_have_no_faults() {
    assert_eq!(wrongs(&mut lax_database().await).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_column_is_seen_to_fail_in_every_way_it_can() {
    let mut db = lax_database().await;
    for table in TABLES {
        let name = table.name();
        for column in table.columns() {
            let mut breaks = vec![];
            if !column.nullable {
                breaks.push(("not_null", "NULL".to_owned()));
            }
            if table.foreign_keys().any(|foreign| foreign.columns.contains(&column.name)) {
                breaks.push(("references", "'nobody'".to_owned()));
            }
            match column.domain {
                Domain::Any => {}
                Domain::OneOf(words) => breaks.push(("values", format!("UPPER('{}x')", words[0]))),
                Domain::Range(min, _) => breaks.push(("values", format!("{} / 100.0", min - 101))),
            }
            breaks.extend(hostile(column.kind).iter().map(|value| ("values", (*value).to_owned())));
            for (aspect, value) in breaks {
                let wrongs = with(&mut db, table, column.name, &value).await;
                let expected = format!("{name}.{aspect}: ");
                let seen = wrongs.iter().any(|wrong| wrong.starts_with(&expected) && wrong.contains(column.name));
                assert!(seen, "{name}.{} = {value}: {wrongs:?}", column.name);
            }
        }
    }
}

/// What a column of this kind must not hold, in SQL.
fn hostile(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Bool => &["2", "'yes'"],
        Kind::Int => &["1.5", "'many'"],
        Kind::Decimal { .. } => &["'much'", "0.00123456789", "1e30", "X'00'"],
        Kind::Id => &["X'00'", "HEX(ZEROBLOB(26))"],
        Kind::Text { max: 0 } => &["X'00'"],
        Kind::Text { .. } => &["X'00'", "HEX(ZEROBLOB(150))"],
        Kind::Date => &["'soon'", "'2025-02-30'", "2025", "'2025-1-1'", "'31.12.2025'", "'2025-12-31 00:00:00'"],
        Kind::Timestamp => &["'soon'", "'2025-02-30 10:00:00'", "1767177000", "'2025-12-31T10:30:00+02:00'"],
        Kind::Json => &["'{'", "'not json'"],
    }
}

#[tokio::test]
async fn every_key_is_seen_to_repeat() {
    for table in TABLES {
        let mut db = lax_database().await;
        execute(&mut db, &format!("INSERT INTO {0} SELECT * FROM {0} WHERE rowid = 1", table.name())).await;
        let wrongs = wrongs(&mut db).await;
        let single = table.columns().filter(|column| column.key == Key::Unique).map(|column| column.name.to_owned());
        let composite = table.unique().iter().map(|columns| columns.join(", "));
        for key in single.chain(composite).chain([table.primary_key().join(", ")]) {
            let expected = format!("more than one row has this {key}");
            assert!(wrongs.iter().any(|wrong| wrong.ends_with(&expected)), "{} {key}: {wrongs:?}", table.name());
        }
    }
}

#[test]
fn other_databases_are_spoken_to_in_their_own_words() {
    let sql = |dialect| {
        let groups = TABLES.iter().flat_map(|table| groups(*table, &dialect)).flat_map(|group| group.faults);
        groups.map(|fault| fault.count + &fault.examples).collect::<Vec<_>>().join("\n")
    };
    for (dialect, foreign) in
        [(Dialect::Postgres, ["AS CHAR", "CONCAT", "BINARY"]), (Dialect::MySql, ["AS TEXT", "||", "$1"])]
    {
        let sql = sql(dialect);
        assert!(foreign.iter().all(|word| !sql.contains(word)) && !sql.contains("typeof"), "{sql}");
        assert!(sql.contains("annual_income NOT BETWEEN 0.00 AND 9999999999.99"), "{sql}");
    }
    assert!(sql(Dialect::MySql).contains("CAST(employment_type AS BINARY) NOT IN ('full_time', "));
    assert!(sql(Dialect::MySql).contains("SELECT CONCAT(CAST(loan_id AS CHAR), '/', CAST(instalment AS CHAR)) FROM"));
}

#[tokio::test]
async fn a_seeded_database_passes_and_is_held_to_its_book() {
    let mut bank = Database::open("sqlite::memory:", true).await.unwrap();
    bank.seed(&Scenario { customers: 20, ..Scenario::default() }, Default::default(), &mut |_| ()).await.unwrap();
    let report = validate(&mut bank).await.unwrap();
    assert!(report.passed(), "{report}");

    let steps = [
        ("DELETE FROM events WHERE rowid = 1", "book.counts"),
        ("UPDATE credit_seed_runs SET completed_at = NULL", "book.finished"),
        ("ALTER TABLE events RENAME COLUMN payload TO body", "tables"),
        ("DROP TABLE event_labels", "tables"),
    ];
    for (sql, rule) in steps {
        let Database::Sqlite(connection) = &mut bank else { panic!("opened as SQLite") };
        execute(connection, sql).await;
        let report = validate(&mut bank).await.unwrap();
        assert!(report.failed().any(|finding| finding.rule == rule), "{sql}: {report}");
    }
    // A life is all of its tables; without one of them nothing is said of any.
    let report = validate(&mut bank).await.unwrap();
    let place = report.findings.iter().find(|finding| finding.rule == "place.ssn_never_issued").unwrap();
    assert_eq!(place.verdict(), Verdict::NotCheckable);
}
