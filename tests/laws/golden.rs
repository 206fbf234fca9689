//! Golden checksums: the bytes of a few worlds, which no change may move unnoticed.

use std::collections::BTreeMap;

use credit_seed::Scenario;
use credit_seed::manifest::Manifest;
use credit_seed::scenario::DATASET_VERSION;
use serde::{Deserialize, Serialize};

use crate::worlds;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/laws/golden.json");

#[derive(Serialize, Deserialize)]
struct Golden {
    dataset_version: u32,
    worlds: BTreeMap<String, Manifest>,
}

/// Whether what is printed now is to be what is expected from now on.
pub fn is_blessed() -> bool {
    std::env::var("CREDIT_SEED_BLESS").is_ok_and(|value| value == "1")
}

fn scenarios() -> [(&'static str, Scenario); 3] {
    let leap = Scenario {
        seed: 7,
        as_of: "2020-02-29".parse().unwrap(),
        customers: 200,
        credit_history_entries: 60,
        financial_records_per_customer: 120,
        loan_applications_per_customer: 5.0,
        exact_loan_applications: true,
        ..Scenario::default()
    };
    [("default", worlds::of(1000)), ("seed 7 on a leap day", leap), ("nobody", worlds::of(0))]
}

#[test]
fn the_bytes_are_those_of_the_dataset_version() {
    let ours = Golden {
        dataset_version: DATASET_VERSION,
        worlds: scenarios().map(|(name, scenario)| (name.to_owned(), worlds::manifest(&scenario))).into(),
    };
    if is_blessed() {
        std::fs::write(FILE, serde_json::to_string_pretty(&ours).unwrap() + "\n").unwrap();
        return;
    }
    let theirs: Golden = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let mut changes: Vec<String> = Vec::new();
    for (name, manifest) in &ours.worlds {
        let golden = theirs.worlds.get(name).unwrap_or_else(|| panic!("golden.json has no world {name:?}"));
        let changed = manifest.iter().zip(golden.iter()).filter(|(ours, golden)| ours != golden);
        changes.extend(changed.map(|((table, ours), (_, golden))| {
            format!(
                "{name}, {table}: {} rows {}, not {} rows {}",
                ours.rows, ours.checksum, golden.rows, golden.checksum
            )
        }));
    }
    assert!(
        changes.is_empty() && ours.dataset_version == theirs.dataset_version,
        "the bytes changed (golden.json is of dataset version {}, the program of {DATASET_VERSION}):\n{}\n\
         If that was meant: raise DATASET_VERSION, say in CHANGELOG.md what changed for whom, and accept it with\n\
         CREDIT_SEED_BLESS=1 cargo test --test laws golden\n\
         If not: something leaked into generation; CONTRIBUTING.md names the suspects.",
        theirs.dataset_version,
        changes.join("\n"),
    );
}
