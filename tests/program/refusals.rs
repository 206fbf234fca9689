//! Settings that make no sense, and databases that hold something else: a clear sentence, and nothing touched.

use insta::assert_snapshot;

use crate::place::{DEFAULT, Place};
use crate::servers::{TestDatabase, book, count, sql, tables};

/// What is said of the flags, in a place where nothing appears.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    refused_in(Place::new(), arguments)
}

#[track_caller]
fn refused_in(place: Place, arguments: &[&str]) -> String {
    let before = place.files();
    let said = place.run(arguments).refuses(2, &["error: "]).stderr;
    assert_eq!(place.files(), before, "nothing half-written");
    said
}

#[track_caller]
fn refused_file(text: &str) -> String {
    let place = Place::new();
    place.write("bank.yaml", text);
    refused_in(place, &["--config", "bank.yaml"])
}

#[test]
fn impossible_numbers_and_dates() {
    assert_snapshot!(refused(&["--customers", "-5"]), @"error: flag --customers: \"-5\" is not a number of customers; give a whole number from 0 to 48995100 (as many as there are Social Security numbers that are never issued: areas 900-999 x groups 01-49 x serials 0001-9999)");
    assert_snapshot!(refused(&["--credit-history-entries", "-1"]), @"error: flag --credit-history-entries: \"-1\" is not a number of credit history entries; give a whole number from 0 to 60");
    assert_snapshot!(refused(&["--as-of", "1989-12-31"]), @"error: flag --as-of: \"1989-12-31\" is too early; give a date from 1990-01-01 to 2037-12-31 (MySQL's TIMESTAMP ends in January 2038), or the word today");
    assert_snapshot!(refused(&["--as-of", "soon"]), @"error: flag --as-of: \"soon\" is not a date written as YYYY-MM-DD; give a date from 1990-01-01 to 2037-12-31 (MySQL's TIMESTAMP ends in January 2038), or the word today");
    assert_snapshot!(refused(&["--jobs", "0"]), @"error: flag --jobs: \"0\" is not a number of threads; give a whole number from 1 to 256");
    assert_snapshot!(refused(&["--loan-applications-per-customer", "NaN"]), @"error: flag --loan-applications-per-customer: \"NaN\" is not a mean number of loan applications; give a number from 0 to 20, such as 2 or 2.5");
    assert_snapshot!(refused(&["--loan-applications-per-customer", "2.5", "--exact-loan-applications"]), @"error: flag --exact-loan-applications: exact_loan_applications needs a whole loan_applications_per_customer, which is 2.5; give a whole number from 0 to 20, or set exact_loan_applications to false");
}

#[test]
fn scenario_files_that_cannot_be_meant() {
    assert_snapshot!(refused_file("seed: 1\n\ncustmers: 5\n"), @"error: bank.yaml:3: unknown key \"custmers\"; did you mean \"customers\"?");
    assert_snapshot!(refused_file("seed: 1\ncustomers: -5\n").split(';').next().unwrap(), @"error: bank.yaml:2: \"-5\" is not a number of customers");
    assert_snapshot!(refused_file("seed: 1\nseed: 2\n"), @"error: bank.yaml:2:1: seed is given twice; remove one of the two");
    assert_snapshot!(refused_file("seed: 1: 2\n"), @"error: bank.yaml:1:8: this cannot be read as YAML: mapping values are not allowed in this context");
    assert_snapshot!(refused(&["--config", "none.yaml"]), @"error: cannot read the scenario file none.yaml: No such file or directory (os error 2)");
}

#[test]
fn variables_that_are_none_of_ours() {
    let place = Place::new().with("CREDIT_SEED_CUSTMERS", "5");
    assert_snapshot!(refused_in(place, &[]), @"error: environment CREDIT_SEED_CUSTMERS: there is no such setting; did you mean CREDIT_SEED_CUSTOMERS?");
    let place = Place::new();
    place.write(".env", "CREDIT_SEED_SEDE=5\n");
    assert_snapshot!(refused_in(place, &[]), @"error: .env CREDIT_SEED_SEDE: there is no such setting; did you mean CREDIT_SEED_SEED?");
    let place = Place::new().with("DB_HOST", "h").with("DB_PORT", "x");
    assert_snapshot!(refused_in(place, &[]), @"error: environment DB_PORT: \"x\" is not a port; give a whole number from 1 to 65535");
}

#[test]
fn addresses_of_no_database() {
    assert_snapshot!(refused(&["--database-url", "oracle://jo:hunter2@h/bank"]), @"error: \"oracle://jo:***@h/bank\" is not the address of a database: begin it with sqlite://, postgres:// or mysql://");
    for url in ["postgres://jo:hunter2@h:port/bank", "mysql://jo:hunter2@h:port/bank", "sqlite://b?password=hunter2"] {
        let said = refused(&["--database-url", url, "-vv"]);
        assert!(said.contains("is not the address of a") && !said.contains("hunter2"), "{said}");
    }
}

#[test]
fn somebody_elses_tables_stay_as_they_are() {
    let place = Place::new();
    for database in TestDatabase::of_all(&place) {
        let (engine, url) = (database.engine, database.url.as_str());
        database.create();
        sql(url, "CREATE TABLE customers (note VARCHAR(50)); INSERT INTO customers VALUES ('keep me')");
        let before = tables(url);
        for arguments in [&[][..], &["--reset"], &["--reset", "--dry-run"]] {
            let ran = place.run(&[&["--database-url", url], arguments].concat());
            ran.refuses(4, &["customers", "nothing was touched"]);
            assert_eq!(tables(url), before, "{engine}: {arguments:?}");
            assert_eq!(count(url, "SELECT COUNT(*) FROM customers WHERE note = 'keep me'"), 1, "{engine}");
        }
    }
}

#[test]
fn tables_that_refer_to_ours_stop_a_reset() {
    let place = Place::new();
    for database in TestDatabase::of_all(&place) {
        let (engine, url) = (database.engine, database.url.as_str());
        place.run(&["-q", "--customers", "3", "--database-url", url]).exits(0);
        let bytewise = if engine == "MySQL" { "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
        let id = "FOREIGN KEY (id) REFERENCES customers (customer_id)";
        sql(url, &format!("CREATE TABLE notes (id VARCHAR(50) {bytewise}, {id})"));
        place.run(&["--reset", "--database-url", url]).refuses(4, &["notes -> ", "nothing was touched"]);
        assert_eq!(count(url, "SELECT COUNT(*) FROM customers"), 3, "{engine}");
        place.run(&["verify", "--database-url", url]).exits(0);
    }
}

#[test]
fn rows_in_our_tables_that_no_run_wrote() {
    let place = Place::seeded(5);
    let url = place.sqlite(DEFAULT);
    sql(&url, "DELETE FROM credit_seed_runs");
    let bytes = place.read(DEFAULT);
    place.run(&["--customers", "5"]).refuses(4, &["rows that no run of credit-seed wrote", "--reset"]);
    assert!(place.read(DEFAULT) == bytes);
}

#[test]
fn data_of_a_newer_version() {
    let place = Place::new();
    for database in TestDatabase::of_all(&place) {
        let (engine, url) = (database.engine, database.url.as_str());
        place.run(&["-q", "--customers", "5", "--database-url", url]).exits(0);
        sql(url, "UPDATE credit_seed_runs SET dataset_version = 99");
        for customers in ["5", "9"] {
            let ran = place.run(&["--customers", customers, "--database-url", url]);
            ran.refuses(4, &["holds data of version 99", "the newer credit-seed"]);
        }
        assert_eq!(count(url, "SELECT COUNT(*) FROM customers"), 5, "{engine}");
        assert_eq!(book(url).unwrap().customers, 5, "{engine}");
    }
}

#[test]
fn a_file_that_is_no_database() {
    let place = Place::new();
    place.write(DEFAULT, &"Dear Sir or Madam,\n".repeat(500));
    let bytes = place.read(DEFAULT);
    for arguments in [&[][..], &["--reset"], &["validate"], &["verify"]] {
        place.run(arguments).refuses(1, &["not a sound SQLite database"]);
        assert!(place.read(DEFAULT) == bytes);
        assert_eq!(place.files(), [DEFAULT]);
    }
}
