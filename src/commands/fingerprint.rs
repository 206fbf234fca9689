//! `credit-seed fingerprint`: the key of a run before it is made.

use credit_seed::scenario::DATASET_VERSION;
use serde_json::json;

use super::{Verdict, print, print_json, settings};
use crate::cli::{Common, Format};

pub fn run(common: &Common) -> anyhow::Result<Verdict> {
    let scenario = settings(common)?.scenario;
    let fingerprint = scenario.fingerprint();
    match common.format {
        Format::Json => {
            print_json(
                &json!({ "fingerprint": fingerprint, "seed": scenario.seed, "dataset_version": DATASET_VERSION }),
            )?;
        }
        Format::Text => print(&fingerprint)?,
    }
    Ok(Verdict::Done)
}
