//! Files of the repository that the program prints: each is what it would print today.

use credit_seed::dictionary::Dictionary;
use credit_seed::model::TABLES;
use credit_seed::scenario::json_schema;

use crate::golden::is_blessed;

fn is_current(file: &str, ours: &str) {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    if is_blessed() {
        std::fs::write(path, ours).unwrap();
        return;
    }
    let theirs = std::fs::read_to_string(path).unwrap();
    let changed: Vec<&str> = ours.lines().filter(|line| !theirs.lines().any(|other| other == *line)).collect();
    assert!(
        ours == theirs,
        "{file} is not what the program prints; these lines are new:\n{}\n\
         Write it again with\n\
         CREDIT_SEED_BLESS=1 cargo test --test laws printed",
        changed.join("\n"),
    );
}

#[test]
fn the_data_dictionary() {
    is_current("docs/DATA_DICTIONARY.md", &Dictionary::of(&TABLES).to_markdown());
}

#[test]
fn the_schema_of_scenario_files() {
    is_current("configs/scenario.schema.json", &(serde_json::to_string_pretty(&json_schema()).unwrap() + "\n"));
}

/// What an editor would say of the scenarios that come with the program, and of some that are wrong.
#[test]
fn the_schema_takes_our_scenarios_and_not_what_the_program_refuses() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let value = |yaml: &str| serde_saphyr::from_str::<serde_json::Value>(yaml).unwrap();
    let configs = concat!(env!("CARGO_MANIFEST_DIR"), "/configs");
    let files = std::fs::read_dir(configs).unwrap().map(|entry| entry.unwrap().path());
    let scenarios: Vec<_> = files.filter(|file| file.extension().is_some_and(|kind| kind == "yaml")).collect();
    assert!(scenarios.len() >= 7, "{scenarios:?}");
    for file in scenarios {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=scenario.schema.json\n"), "{}", file.display());
        let scenario = value(&text);
        let wrong: Vec<String> = schema.iter_errors(&scenario).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", file.display());
    }
    for wrong in [
        "custmers: 1",
        "customers: -1",
        "market: frozen",
        "recession: 181",
        "states: Texas",
        "rate_shift: 11",
        "loan_mix: auto",
        "as_of: soon",
    ] {
        assert!(!schema.is_valid(&value(wrong)), "{wrong}");
    }
}
