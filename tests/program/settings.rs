//! Where settings come from, which one counts, and the fingerprint they come to.

use crate::place::Place;

fn config(place: &Place, arguments: &[&str], key: &str) -> (String, String) {
    let config = place.run(&[&["config", "--format", "json"], arguments].concat()).exits(0).json();
    let text = |field: &str| config[key][field].as_str().unwrap().to_owned();
    (text("value"), text("from"))
}

fn pair(value: &str, from: &str) -> (String, String) {
    (value.to_owned(), from.to_owned())
}

#[test]
fn a_flag_beats_the_environment_beats_dotenv_beats_the_file_beats_the_default() {
    let place = Place::new();
    assert_eq!(config(&place, &[], "customers"), pair("1000", "default"));
    place.write("bank.yaml", "# small\nseed: 7\ncustomers: 1\n");
    let file = ["--config", "bank.yaml"];
    assert_eq!(config(&place, &file, "customers"), pair("1", "bank.yaml:3"));
    place.write(".env", "CUSTOMER_COUNT=2\n");
    assert_eq!(config(&place, &file, "customers"), pair("2", ".env CUSTOMER_COUNT"));
    let place = place.with("CREDIT_SEED_CUSTOMERS", "3").with("CUSTOMER_COUNT", "30");
    assert_eq!(config(&place, &file, "customers"), pair("3", "environment CREDIT_SEED_CUSTOMERS"));
    let flags = [&file[..], &["--customers", "4"]].concat();
    assert_eq!(config(&place, &flags, "customers"), pair("4", "flag --customers"));
    assert_eq!(config(&place, &flags, "seed"), pair("7", "bank.yaml:2"));
    assert_eq!(config(&place, &["--customer-count", "5"], "customers"), pair("5", "flag --customers"));
    assert_eq!(config(&place.with("CREDIT_SEED_CONFIG", "bank.yaml"), &[], "seed"), pair("7", "bank.yaml:2"));
}

#[test]
fn bare_variables_seed() {
    let place = Place::new().with("CUSTOMER_COUNT", "6").with("CREDIT_SEED_SEED", "9");
    let summary = place.run(&["--format", "json"]).exits(0).json();
    assert_eq!((&summary["customers"], &summary["seed"]), (&6.into(), &9.into()));
    let place = Place::new().with("DATABASE_URL", "sqlite://mine.db");
    place.run(&["--quiet", "--customers", "2"]).exits(0);
    assert_eq!(place.files(), ["mine.db"]);
}

#[test]
fn parts_of_an_address_mean_mysql_on_3306() {
    let place = || Place::new().with("DB_HOST", "db.example").with("DB_NAME", "bank");
    let with_password = place().with("DB_USER", "jo").with("DB_PASSWORD", "hunter2");
    assert_eq!(
        config(&with_password, &[], "database_url"),
        pair("mysql://jo:***@db.example:3306/bank", "environment DB_HOST, DB_NAME, DB_USER, DB_PASSWORD")
    );
    let text = with_password.run(&["config", "-vv"]).exits(0);
    assert!(!text.stdout.contains("hunter2") && !text.stderr.contains("hunter2"));
    let url = |place: Place| config(&place, &[], "database_url").0;
    assert_eq!(url(place().with("DB_PORT", "3307")), "mysql://db.example:3307/bank");
    assert_eq!(url(place().with("DB_ENGINE", "postgres")), "postgres://db.example:5432/bank");
    assert_eq!(url(place().with("DATABASE_URL", "sqlite://a.db")), "sqlite://a.db");
}

#[test]
fn what_config_prints_can_be_read_back() {
    let place = Place::new();
    let arguments = ["--seed", "7", "--customers", "12", "--as-of", "2024-02-29", "--credit-history-entries", "3"];
    let printed = place.run(&[&["config"], &arguments[..]].concat()).exits(0).stdout;
    assert!(printed.contains("# flag --as-of") && printed.contains("# default"), "{printed}");
    place.write("again.yaml", &printed);
    assert_eq!(fingerprint(&place, &["--config", "again.yaml"]), fingerprint(&place, &arguments));
    assert_eq!(config(&place, &["--config", "again.yaml"], "seed"), pair("7", "again.yaml:1"));
    assert_eq!(place.files(), ["again.yaml"], "neither makes a database");
}

fn fingerprint(place: &Place, arguments: &[&str]) -> String {
    place.run(&[&["fingerprint"], arguments].concat()).exits(0).stdout.trim_end().to_owned()
}

#[test]
fn the_fingerprint_is_known_before_the_run_and_sees_what_makes_the_bytes() {
    let place = Place::new();
    let base = fingerprint(&place, &["--customers", "5"]);
    assert_eq!(fingerprint(&place, &["--customers", "5"]), base);
    assert_eq!(fingerprint(&place, &["--customers", "5", "--jobs", "2", "--batch-size", "1"]), base);
    for other in [["--seed", "1"], ["--market-data-points", "1"], ["--as-of", "2020-01-01"]] {
        assert_ne!(fingerprint(&place, &[&["--customers", "5"], &other[..]].concat()), base, "{other:?}");
    }
    assert_ne!(fingerprint(&place, &["--customers", "6"]), base);
    let json = place.run(&["fingerprint", "--customers", "5", "--format", "json"]).exits(0).json();
    assert_eq!(json["fingerprint"], base);
    let summary = place.run(&["--customers", "5", "--format", "json"]).exits(0).json();
    assert_eq!(summary["fingerprint"], base);
}

#[test]
fn every_scenario_file_makes_a_sound_bank_and_a_scorecard() {
    let configs = concat!(env!("CARGO_MANIFEST_DIR"), "/configs");
    let files = std::fs::read_dir(configs).unwrap().map(|entry| entry.unwrap().path());
    // Those of the streams have a test of their own.
    let of_streams = |file: &std::path::PathBuf| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        name.strip_prefix("default_").is_some() || ["fraud_scenarios", "stress_test"].contains(&name.as_str())
    };
    let is_scenario =
        |file: &std::path::PathBuf| file.extension().is_some_and(|kind| kind == "yaml") && !of_streams(file);
    let scenarios: Vec<_> = files.filter(is_scenario).collect();
    assert!(scenarios.len() >= 7, "{scenarios:?}");
    for file in scenarios {
        let place = Place::new();
        let file = file.display().to_string();
        place.run(&["--config", &file, "--customers", "40", "--quiet"]).exits(0);
        place.run(&["validate"]).exits(0);
        // So few customers that almost nothing can be judged, and nothing fails but what the labelled set says of itself:
        // it has more payments than people make.
        let (code, fails): (_, &[&str]) = if file.contains("labelled") { (3, &["C25", "C26"]) } else { (0, &[]) };
        let scorecard = place.run(&["validate", "--realism", "--format", "json"]).exits(code).json();
        let checks = scorecard["checks"].as_array().unwrap();
        let failed: Vec<_> =
            checks.iter().filter(|check| check["verdict"] == "fail").map(|check| &check["id"]).collect();
        assert_eq!(failed, fails, "{file}: {scorecard}");
        assert!(checks.len() >= 36, "{file}: {scorecard}");
    }
}
