//! The main job: `credit-seed` without a verb.

use std::time::Duration;

use credit_seed::Database;
use credit_seed::scenario::{DATASET_VERSION, Settings, redact_url};
use credit_seed::seeding::{Effort, Outcome, Seeded};
use serde::Serialize;

use super::progress::Reporter;
use super::{Verdict, print, print_json, say, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common) -> anyhow::Result<Verdict> {
    let settings = settings(common)?;
    let mut database = Database::open(&settings.database_url, true).await?;
    tracing::debug!(database = redact_url(&settings.database_url), seed = settings.scenario.seed, "seeding");
    let mut reporter = Reporter::new(common, settings.scenario.customers);
    let effort = Effort { batch_size: settings.batch_size, jobs: settings.jobs };
    let outcome = database.seed(&settings.scenario, effort, &mut |progress| reporter.sealed(progress)).await?;
    let elapsed = reporter.finish();
    say(common, &story(&settings, &outcome));
    match common.format {
        Format::Json => print_json(&Summary::new(&settings, &outcome, elapsed))?,
        Format::Text if !common.quiet => print(&table(&settings, &outcome, elapsed))?,
        Format::Text => (),
    }
    Ok(Verdict::Done)
}

fn story(settings: &Settings, outcome: &Outcome) -> String {
    let place = redact_url(&settings.database_url);
    let customers = settings.scenario.customers;
    match outcome.seeded {
        Seeded::Fresh => format!("seeded {customers} customers into {place}"),
        Seeded::Resumed { from } => format!("went on from customer {from}: {place} now has all {customers}"),
        Seeded::Extended { from } => format!("added customers {from} to {} to {place}", customers.saturating_sub(1)),
        Seeded::AlreadyThere => format!("{place} already holds exactly this; nothing was changed"),
    }
}

fn table(settings: &Settings, outcome: &Outcome, elapsed: Duration) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING).set_header(["table", "rows", "checksum"]);
    for (name, sum) in outcome.manifest.iter() {
        let checksum = sum.checksum.to_string();
        table.add_row([name.to_owned(), sum.rows.to_string(), format!("{}…", &checksum[..16])]);
    }
    if let Some(column) = table.column_mut(1) {
        column.set_cell_alignment(comfy_table::CellAlignment::Right);
    }
    format!(
        "{table}\nseed {}, as of {}, dataset version {DATASET_VERSION}, fingerprint {}…, {} rows in {:.2} s\n",
        settings.scenario.seed,
        settings.scenario.as_of,
        &settings.scenario.fingerprint()[..16],
        outcome.manifest.rows(),
        elapsed.as_secs_f64()
    )
}

#[derive(Serialize)]
struct Summary<'a> {
    dataset_version: u32,
    seed: u64,
    as_of: String,
    customers: u64,
    fingerprint: String,
    /// What was done: fresh, resumed, extended, unchanged.
    result: &'static str,
    tables: &'a credit_seed::manifest::Manifest,
    rows: u64,
    elapsed_seconds: f64,
}

impl<'a> Summary<'a> {
    fn new(settings: &Settings, outcome: &'a Outcome, elapsed: Duration) -> Summary<'a> {
        let scenario = &settings.scenario;
        Summary {
            dataset_version: DATASET_VERSION,
            seed: scenario.seed,
            as_of: scenario.as_of.to_string(),
            customers: scenario.customers,
            fingerprint: scenario.fingerprint(),
            result: match outcome.seeded {
                Seeded::Fresh => "fresh",
                Seeded::Resumed { .. } => "resumed",
                Seeded::Extended { .. } => "extended",
                Seeded::AlreadyThere => "unchanged",
            },
            tables: &outcome.manifest,
            rows: outcome.manifest.rows(),
            elapsed_seconds: (elapsed.as_secs_f64() * 1000.0).round() / 1000.0,
        }
    }
}
