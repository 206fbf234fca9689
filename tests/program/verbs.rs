//! The commands that read what was seeded: validate, verify, compare, export, explain.

use std::collections::BTreeSet;
use std::process::Stdio;

use credit_seed::model::{Id, TABLES};
use serde_json::Value;

use crate::place::{DEFAULT, Place};
use crate::servers::{TestDatabase, sql};

const FIRST: &str = "(SELECT MIN(customer_id) FROM credit_history)";

#[test]
fn validate_passes_a_seeded_database_and_names_what_is_broken() {
    let place = Place::seeded(20);
    place.run(&["validate"]).exits(0);
    assert_eq!(place.run(&["validate", "--format", "json"]).exits(0).json()["passed"], true);
    let orphans = format!("PRAGMA foreign_keys = OFF; DELETE FROM customers WHERE customer_id = {FIRST}");
    sql(&place.sqlite(DEFAULT), &orphans);
    let report = place.run(&["validate"]).exits(3).stdout;
    assert!(report.contains("credit_history") && report.contains("-8000-"), "names the table and some ids: {report}");
    assert_eq!(place.run(&["validate", "--format", "json"]).exits(3).json()["passed"], false);
}

#[test]
fn verify_sees_a_single_changed_cell() {
    let place = Place::new();
    for database in TestDatabase::of_all(&place) {
        let (engine, url) = (database.engine, ["--database-url", &database.url]);
        place.run(&[&["--quiet", "--customers", "10"], &url[..]].concat()).exits(0);
        let report = place.run(&[&["verify"], &url[..]].concat()).exits(0).stdout;
        assert_eq!(report.lines().filter(|line| line.starts_with("equal ")).count(), TABLES.len(), "{engine}");
        sql(&database.url, &format!("UPDATE customers SET first_name = 'Zed' WHERE customer_id = {FIRST}"));
        let report = place.run(&[&["verify"], &url[..]].concat()).exits(3).stdout;
        assert!(report.contains("DIFFERS customers: 10 rows"), "{engine}: {report}");
        assert_eq!(report.matches("DIFFERS").count(), 1, "{engine}: {report}");
        let json = place.run(&[&["verify", "--format", "json"], &url[..]].concat()).exits(3).json();
        let differing = json["tables"].as_array().unwrap().iter().filter(|table| table["equal"] == false);
        assert_eq!(differing.map(|table| &table["table"]).collect::<Vec<_>>(), ["customers"], "{engine}");

        // Rows that are gone are no run that is "already there", and a table that is gone differs, too.
        sql(&database.url, "DELETE FROM events");
        place.run(&[&["--customers", "10"], &url[..]].concat()).refuses(4, &["events has", "there are 0", "verify"]);
        sql(&database.url, "DROP TABLE event_labels");
        sql(&database.url, "DROP TABLE events");
        let report = place.run(&[&["verify"], &url[..]].concat()).exits(3).stdout;
        assert!(report.contains("DIFFERS events: 0 rows"), "{engine}: {report}");
    }
    place.run(&["--reset"]).exits(0);
    place.run(&["verify"]).refuses(4, &["holds no run of credit-seed"]);
    place.run(&["verify", "--database-url", "sqlite://none.db"]).refuses(1, &["there is no database file", "none.db"]);
}

#[test]
fn compare_tells_the_first_difference() {
    let place = Place::seeded(10);
    let (one, other) = (place.sqlite(DEFAULT), place.sqlite("other.db"));
    place.run(&["-q", "--customers", "10", "--database-url", &other]).exits(0);
    let equal = place.run(&["compare", &one, &other]).exits(0).stdout;
    assert!(equal.starts_with(&format!("equal: {} tables, ", TABLES.len())), "{equal}");
    assert_eq!(place.run(&["compare", &one, &other, "--format", "json"]).exits(0).json()["equal"], true);

    sql(&other, &format!("UPDATE customers SET first_name = 'Zed' WHERE customer_id = {FIRST}"));
    let difference = place.run(&["compare", &one, &other]).exits(3).stdout;
    assert!(difference.starts_with("they differ in customers: row 00000000-"), "{difference}");
    assert!(difference.contains("column first_name: ") && difference.contains("\"Zed\" in the second"), "{difference}");
    sql(&other, &format!("PRAGMA foreign_keys = OFF; DELETE FROM customers WHERE customer_id = {FIRST}"));
    let difference = place.run(&["compare", &one, &other, "--format", "json"]).exits(3).json();
    assert_eq!((&difference["equal"], &difference["table"]), (&false.into(), &"customers".into()));
    assert!(difference["difference"].as_str().unwrap().starts_with("only the first has "), "{difference}");
    place.run(&["compare", &one, "sqlite://none.db"]).refuses(1, &["none.db"]);
}

#[test]
fn an_export_holds_every_row_and_replaces_nothing_unasked() {
    let place = Place::seeded(10);
    place.run(&["export", "--to", "bank.json"]).exits(0).says(&["wrote ", " rows to bank.json"]);
    let document: Value = serde_json::from_slice(&place.read("bank.json")).unwrap();
    let summary = place.run(&["--customers", "10", "--format", "json"]).exits(0).json();
    for table in TABLES {
        let rows = rows(&document, table.name()).len();
        assert_eq!(summary["tables"][table.name()]["rows"], rows, "{}", table.name());
    }
    assert_eq!(place.run(&["export", "--format", "json"]).exits(0).json(), document, "the same on stdout");

    let bytes = place.read("bank.json");
    place.run(&["export", "--to", "bank.json", "--tables", "loans"]).refuses(4, &["bank.json exists", "--overwrite"]);
    assert!(place.read("bank.json") == bytes);
    place.run(&["export", "--to", "bank.json", "--tables", "loans,customers", "--overwrite"]).exits(0);
    let document: Value = serde_json::from_slice(&place.read("bank.json")).unwrap();
    assert_eq!(document.as_object().unwrap().len(), 2);
    assert_eq!(rows(&document, "customers").len(), 10);

    place.run(&["export", "--to", "x.json", "--tables", "lones"]).refuses(2, &["no table \"lones\"", "loans, "]);
    place.run(&["export", "--to", "no/where.json"]).refuses(1, &["no/where.json"]);
    assert_eq!(place.files(), ["bank.json", DEFAULT], "nothing is left half-written");
}

#[test]
fn a_sample_is_of_whole_lives() {
    let place = Place::seeded(30);
    let document = place.run(&["export", "--sample", "7"]).exits(0).json();
    assert_eq!(rows(&document, "customers").len(), 7);
    for table in TABLES {
        for foreign in table.foreign_keys() {
            let of = |table: &str, columns: &[&str]| -> BTreeSet<Vec<String>> {
                let cell = |row: &Value, column: &&str| row[column].as_str().map(str::to_owned);
                let key = |row: &Value| columns.iter().map(|column| cell(row, column)).collect();
                rows(&document, table).iter().filter_map(key).collect()
            };
            let (here, there) = (of(table.name(), foreign.columns), of(foreign.table, foreign.key));
            let orphans: Vec<_> = here.difference(&there).collect();
            assert!(orphans.is_empty(), "{} {:?}: {orphans:?}", table.name(), foreign.columns);
        }
    }
    let whole = place.run(&["export"]).exits(0).json();
    let theirs: BTreeSet<_> = rows(&document, "customers").iter().map(|row| row["customer_id"].as_str()).collect();
    for table in ["loan_applications", "loans", "credit_history", "financial_records"] {
        let all = rows(&whole, table).iter().filter(|row| theirs.contains(&row["customer_id"].as_str()));
        assert!(rows(&document, table).iter().eq(all), "{table}: all that is theirs, in order");
    }
    assert_eq!(rows(&place.run(&["export", "--sample", "99"]).exits(0).json(), "customers").len(), 30);
}

fn rows<'a>(document: &'a Value, table: &str) -> &'a Vec<Value> {
    document[table].as_array().unwrap_or_else(|| panic!("{table} is in the document"))
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::seeded(100);
    let mut export = place.command(&["export"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(export.stdout.take());
    let output = export.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn explain_tells_any_row_as_it_stands_in_the_database() {
    let place = Place::new();
    let world = ["--customers", "30", "--seed", "7"];
    place.run(&[&["-q"], &world[..]].concat()).exits(0);
    let document = place.run(&["export"]).exits(0).json();
    for table in TABLES {
        // Not the banks, which have no id, nor rows that go by the id of another's.
        let is_own = |key: &&str| {
            let first = rows(&document, table.name()).first().and_then(|row| row[key].as_str());
            let is_id = first.is_some_and(|id| id.parse::<Id>().is_ok());
            is_id && !table.foreign_keys().any(|foreign| foreign.columns.contains(key))
        };
        let Some(key) = table.primary_key().into_iter().find(is_own) else { continue };
        for row in [rows(&document, table.name()).first().unwrap(), rows(&document, table.name()).last().unwrap()] {
            let id = row[key].as_str().unwrap();
            let explain = [&["explain", id][..], &world].concat();
            let told = place.run(&explain).exits(0).stdout;
            assert!(told.starts_with(&format!("{id} is a row of {}\n", table.name())), "{told}");
            let json = place.run(&[&explain[..], &["--format", "json"]].concat()).exits(0).json();
            assert_eq!((&json["table"], &json["row"]), (&table.name().into(), row));
            let from = place.run(&["explain", id, "--from", &place.sqlite(DEFAULT), "--format", "json"]).exits(0);
            assert_eq!(from.json(), json, "the book tells the same world");
        }
    }
    let id = rows(&document, "loan_payments").last().unwrap()["payment_id"].as_str().unwrap();
    place.run(&["explain", id]).refuses(2, &["comes from another world than seed 42", "--from"]);
    place.run(&["explain", "17"]).refuses(2, &["\"17\" is not an id of ours"]);
    let beyond = "00000000-0801-8000-8000-fffffff00000";
    place.run(&["explain", beyond]).refuses(2, &[beyond]);
    place.run(&["explain", id, "--from", "sqlite://none.db"]).refuses(1, &["none.db"]);
    place.run(&["-q", "--reset"]).exits(0);
    place.run(&["explain", id, "--from", &place.sqlite(DEFAULT)]).refuses(4, &["holds no run"]);
}
