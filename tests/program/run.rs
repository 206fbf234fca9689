//! The main job and the reset: what they leave behind and what they say.

use credit_seed::model::TABLES;

use crate::place::{DEFAULT, Place};
use crate::servers::{TestDatabase, book, count, tables};

#[test]
fn the_default_run_fills_every_table_and_a_second_changes_nothing() {
    let place = Place::new();
    let ran = place.run(&["--customers", "50"]).exits(0);
    assert_eq!(place.files(), [DEFAULT]);
    assert_eq!(ran.stderr, "seeded 50 customers into sqlite://credit_risk_analysis.db\n");
    for table in TABLES {
        assert!(ran.stdout.contains(table.name()), "{} is in the summary", table.name());
        let query = format!("SELECT COUNT(*) FROM {}", table.name());
        assert!(count(&place.sqlite(DEFAULT), &query) > 0, "{} is filled", table.name());
    }
    assert!(ran.stdout.contains("seed 42, as of 2025-12-31, dataset version 2, fingerprint "), "{}", ran.stdout);

    let bytes = place.read(DEFAULT);
    place.run(&["--customers", "50"]).exits(0).says(&["nothing was changed"]);
    assert_eq!(place.files(), [DEFAULT]);
    assert!(place.read(DEFAULT) == bytes, "the file's bytes are as they were");
}

#[test]
fn more_customers_are_added_and_fewer_are_refused() {
    let (grown, whole) = (Place::seeded(20), Place::new());
    let summary = grown.run(&["--customers", "50", "--format", "json"]).exits(0).json();
    assert_eq!(summary["result"], "extended");
    assert_eq!(summary["tables"], whole.run(&["--customers", "50", "--format", "json"]).exits(0).json()["tables"]);
    grown.run(&["verify"]).exits(0);
    let bytes = grown.read(DEFAULT);
    grown.run(&["--customers", "30"]).refuses(4, &["holds 50 customers", "you ask for 30"]);
    grown.run(&["--customers", "50", "--seed", "7"]).refuses(4, &["another world (it has seed: 42)", "--reset"]);
    assert!(grown.read(DEFAULT) == bytes);
}

#[test]
fn the_summary_for_machines_is_all_there_is_on_stdout() {
    let place = Place::new();
    let summary = place.run(&["--customers", "20", "--seed", "7", "--format", "json"]).exits(0).json();
    assert_eq!((&summary["dataset_version"], &summary["seed"]), (&2.into(), &7.into()));
    assert_eq!((&summary["customers"], &summary["result"]), (&20.into(), &"fresh".into()));
    assert_eq!(summary["fingerprint"].as_str().unwrap().len(), 64);
    assert!(summary["elapsed_seconds"].as_f64().unwrap() >= 0.0);
    for table in TABLES {
        let sum = &summary["tables"][table.name()];
        assert!(sum["rows"].as_u64().unwrap() > 0, "{}", table.name());
        assert_eq!(sum["checksum"].as_str().unwrap().len(), 64, "{}", table.name());
    }
    let again = place.run(&["--customers", "20", "--seed", "7", "--format", "json"]).exits(0).json();
    assert_eq!((&again["result"], &again["tables"]), (&"unchanged".into(), &summary["tables"]));
}

#[test]
fn quiet_says_nothing_and_verbose_more() {
    let place = Place::new();
    let quiet = place.run(&["--quiet", "--customers", "5"]).exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    place.run(&["-q", "--customers", "4"]).refuses(4, &["error: this database holds 5 customers"]);
    let verbose = place.run(&["-v", "--customers", "8", "--log-file", "run.log"]).exits(0);
    let log = String::from_utf8(place.read("run.log")).unwrap();
    for text in [&verbose.stderr, &log] {
        assert!(text.contains("seeding") && text.contains("batch sealed"), "{text}");
    }
}

#[test]
fn the_same_bytes_whatever_the_effort_and_the_engine() {
    let place = Place::new();
    let arguments = |url: &str, jobs: &str, batch: &str| {
        let arguments = ["--customers", "60", "--format", "json", "--database-url", url, "--jobs", jobs];
        place.run(&[&arguments[..], &["--batch-size", batch]].concat()).exits(0).json()["tables"].clone()
    };
    let expected = arguments("sqlite://one.db", "1", "1");
    assert_eq!(arguments("sqlite://eight.db", "8", "10000"), expected);
    let databases = TestDatabase::of_all(&place);
    for database in &databases {
        assert_eq!(arguments(&database.url, "3", "7"), expected, "{}", database.engine);
        place.run(&["verify", "--database-url", &database.url]).exits(0);
        place.run(&["validate", "--database-url", &database.url]).exits(0);
        place.run(&["compare", "sqlite://one.db", &database.url]).exits(0);
    }
}

#[test]
fn a_reset_sets_up_an_absent_database_and_clears_a_seeded_one() {
    let place = Place::new();
    for database in TestDatabase::of_all(&place) {
        let (engine, url) = (database.engine, database.url.as_str());
        let reset = |more: &[&str]| place.run(&[&["--reset", "--database-url", url][..], more].concat()).exits(0);
        reset(&["--dry-run"]).says(&["nothing was changed"]);
        assert!(place.files().is_empty(), "a dry run makes no database");
        reset(&[]).says(&["is set up, empty"]);
        let empty = tables(url);
        assert!(TABLES.iter().all(|table| empty.iter().any(|name| name == table.name())), "{engine}: {empty:?}");
        assert!(book(url).is_none(), "{engine}: no run is in the book");

        place.run(&["--customers", "10", "--database-url", url]).exits(0);
        let would = reset(&["--dry-run"]);
        for line in ["would remove labelled_transactions (a view)\n", "would remove customers (10 rows)\n"] {
            assert!(would.stdout.contains(line), "{engine}: {}", would.stdout);
        }
        let would = reset(&["--dry-run", "--format", "json"]).json();
        assert_eq!(would["would_remove"]["customers"], 10, "{engine}");
        assert_eq!(would["views"][0], "labelled_transactions", "{engine}");
        assert_eq!(count(url, "SELECT COUNT(*) FROM customers"), 10, "{engine}: still there");

        reset(&[]).says(&["removed ", "made them again, empty"]);
        assert_eq!(tables(url), empty, "{engine}");
        assert_eq!(count(url, "SELECT COUNT(*) FROM customers"), 0, "{engine}");
        let summary = place.run(&["--customers", "3", "--format", "json", "--database-url", url]).exits(0).json();
        assert_eq!(summary["result"], "fresh", "{engine}");
        if engine == "SQLite" {
            std::fs::remove_file(place.path(&database.name)).unwrap();
        }
    }
}
