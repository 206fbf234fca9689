//! The DDL, written by hand for each database, and the descriptions of the tables say the same.

use std::collections::BTreeSet;

use credit_seed::Database;
use credit_seed::model::TABLES;
use credit_seed::schema::{ColumnSpec, Key, Kind, Schema};
use credit_seed::sinks::database::{Book, Dialect};

use crate::servers::engines;

fn described() -> impl Iterator<Item = &'static dyn Schema> {
    TABLES.into_iter().chain([Book::schema()])
}

#[tokio::test]
async fn the_databases_are_as_described() {
    for test in engines() {
        let mut database = test.open().await;
        database.migrate().await.unwrap();
        for table in described() {
            let place = format!("{:?}, {}", test.dialect, table.name());
            let columns: Vec<String> =
                table.columns().map(|column| expected_column(test.dialect, table, column)).collect();
            assert_eq!(columns_of(&mut database, table.name()).await, columns, "{place}");
            assert_eq!(keys_of(&mut database, table.name(), "p").await, [table.primary_key().join(",")], "{place}");
            let singles = table.columns().filter(|column| column.key == Key::Unique);
            let singles = singles.map(|column| column.name.to_owned());
            let unique: BTreeSet<String> = singles.chain(table.unique().iter().map(|key| key.join(","))).collect();
            let there = keys_of(&mut database, table.name(), "u").await;
            assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), unique, "{place}");
            let references: BTreeSet<String> = table
                .foreign_keys()
                .map(|key| format!("{} -> {}.{}", key.columns.join(","), key.table, key.key.join(",")))
                .collect();
            let there = references_of(&mut database, table.name()).await;
            assert_eq!(there.into_iter().collect::<BTreeSet<_>>(), references, "{place}");
        }
    }
}

#[tokio::test]
async fn migrating_twice_is_harmless() {
    for test in engines() {
        let mut database = test.open().await;
        database.migrate().await.unwrap();
        let beside = ["credit_seed_migrations", "labelled_transactions"];
        let mut expected: Vec<&str> = described().map(|table| table.name()).chain(beside).collect();
        expected.sort_unstable();
        for _ in 0..2 {
            let mut tables = database.tables().await.unwrap();
            tables.sort();
            assert_eq!(tables, expected, "{:?}", test.dialect);
            let migrations = database.count("SELECT COUNT(*) FROM credit_seed_migrations").await.unwrap();
            assert_eq!(migrations as usize, migration_files("sqlite").len(), "{:?}: all files are run", test.dialect);
            database.migrate().await.unwrap();
        }
    }
}

#[test]
fn every_engine_has_the_same_migrations() {
    let files = migration_files("sqlite");
    assert!(!files.is_empty());
    assert_eq!(migration_files("postgres"), files);
    assert_eq!(migration_files("mysql"), files);
}

fn migration_files(engine: &str) -> BTreeSet<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// `name type` and `NULL` or `NOT NULL`, as the engine says it.
fn expected_column(dialect: Dialect, table: &dyn Schema, column: &ColumnSpec) -> String {
    let null = if column.nullable { "NULL" } else { "NOT NULL" };
    format!("{} {} {null}", column.name, expected_type(dialect, table.name(), column))
}

fn expected_type(dialect: Dialect, table: &str, column: &ColumnSpec) -> String {
    use Dialect::{MySql, Postgres, Sqlite};
    let varchar = |max| match dialect {
        Sqlite => format!("VARCHAR({max})"),
        Postgres => format!("character varying({max})"),
        MySql => format!("varchar({max})"),
    };
    let by_engine = |sqlite: &str, postgres: &str, mysql: &str| match dialect {
        Sqlite => sqlite.to_owned(),
        Postgres => postgres.to_owned(),
        MySql => mysql.to_owned(),
    };
    match (table, column.name) {
        // The book counts customers beyond what an INTEGER is sure to hold, and a hash has one length.
        ("credit_seed_runs", "customers" | "next_customer") => return by_engine("BIGINT", "bigint", "bigint"),
        ("credit_seed_runs", "scenario_sha256") => return by_engine("CHAR(64)", "character(64)", "char(64)"),
        ("events", "occurred_at") | ("transactions", "booked_at") | ("transaction_labels", "known_at") => {
            return by_engine("TIMESTAMP", "timestamp(3) without time zone", "datetime(3)");
        }
        _ => {}
    }
    match column.kind {
        Kind::Bool => by_engine("BOOLEAN", "boolean", "tinyint"),
        Kind::Int => by_engine("INTEGER", "integer", "int"),
        Kind::Decimal { precision, scale } => {
            let name = by_engine("DECIMAL", "numeric", "decimal");
            format!("{name}({precision},{scale})")
        }
        Kind::Id => varchar(50),
        Kind::Text { max: 0 } => by_engine("TEXT", "text", "text"),
        Kind::Text { max } => varchar(max),
        Kind::Date => by_engine("DATE", "date", "date"),
        Kind::Timestamp => by_engine("TIMESTAMP", "timestamp without time zone", "timestamp"),
        Kind::Json => by_engine("JSON", "jsonb", "json"),
    }
}

async fn columns_of(database: &mut Database, table: &str) -> Vec<String> {
    let sql = match database.dialect() {
        Dialect::Sqlite => format!(
            "SELECT name || ' ' || type || CASE \"notnull\" WHEN 1 THEN ' NOT NULL' ELSE ' NULL' END \
             FROM pragma_table_info('{table}') ORDER BY cid"
        ),
        Dialect::Postgres => format!(
            "SELECT attname || ' ' || format_type(atttypid, atttypmod) \
             || CASE WHEN attnotnull THEN ' NOT NULL' ELSE ' NULL' END \
             FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
        // MariaDB says how wide it would print a number, and calls its JSON by the name of what it is stored in.
        Dialect::MySql => format!(
            "SELECT CAST(CONCAT(column_name, ' ', \
             CASE WHEN data_type IN ('int', 'bigint', 'tinyint') THEN data_type \
             WHEN column_type = 'longtext' THEN 'json' ELSE column_type END, \
             IF(is_nullable = 'YES', ' NULL', ' NOT NULL')) AS CHAR) \
             FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}' \
             ORDER BY ordinal_position"
        ),
    };
    database.texts(&sql).await.unwrap()
}

/// The columns of the primary key (`p`), or of each unique one (`u`).
async fn keys_of(database: &mut Database, table: &str, which: &str) -> Vec<String> {
    let sql = match database.dialect() {
        Dialect::Sqlite if which == "p" => format!(
            "SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk)"
        ),
        Dialect::Sqlite => format!(
            "SELECT (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno)) \
             FROM pragma_index_list('{table}') l WHERE l.\"unique\" = 1 AND l.origin <> 'pk'"
        ),
        Dialect::Postgres => format!(
            "SELECT (SELECT string_agg(attname, ',' ORDER BY position) \
             FROM unnest(conkey) WITH ORDINALITY AS k (number, position) \
             JOIN pg_attribute ON attrelid = conrelid AND attnum = number) \
             FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = '{which}'"
        ),
        Dialect::MySql => format!(
            "SELECT CAST(GROUP_CONCAT(column_name ORDER BY seq_in_index) AS CHAR) FROM information_schema.statistics \
             WHERE table_schema = DATABASE() AND table_name = '{table}' AND non_unique = 0 \
             AND index_name {} 'PRIMARY' GROUP BY index_name",
            if which == "p" { "=" } else { "<>" }
        ),
    };
    database.texts(&sql).await.unwrap()
}

/// `columns -> table.columns` of each foreign key.
async fn references_of(database: &mut Database, table: &str) -> Vec<String> {
    let sql = match database.dialect() {
        Dialect::Sqlite => format!(
            "SELECT group_concat(\"from\", ',') || ' -> ' || \"table\" || '.' || group_concat(\"to\", ',') \
             FROM (SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq) GROUP BY id"
        ),
        Dialect::Postgres => format!(
            "SELECT string_agg(a.attname, ',' ORDER BY n) || ' -> ' || confrelid::regclass::text || '.' \
             || string_agg(b.attname, ',' ORDER BY n) \
             FROM pg_constraint CROSS JOIN unnest(conkey, confkey) WITH ORDINALITY AS k (here, there, n) \
             JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = here \
             JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = there \
             WHERE conrelid = '{table}'::regclass AND contype = 'f' GROUP BY conname, confrelid"
        ),
        Dialect::MySql => format!(
            "SELECT CAST(CONCAT(GROUP_CONCAT(column_name ORDER BY ordinal_position), ' -> ', referenced_table_name, '.', \
             GROUP_CONCAT(referenced_column_name ORDER BY ordinal_position)) AS CHAR) \
             FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND table_name = '{table}' \
             AND referenced_table_name IS NOT NULL GROUP BY constraint_name, referenced_table_name"
        ),
    };
    database.texts(&sql).await.unwrap()
}
