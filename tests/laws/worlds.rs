//! Worlds to test with, and what is in them.

use std::sync::Arc;

use credit_seed::Scenario;
use credit_seed::encode::LifeRecords;
use credit_seed::generate::{World, unfold};
use credit_seed::manifest::Manifest;
use credit_seed::model::TABLES;
use credit_seed::pipeline::{Plan, pour};
use credit_seed::sinks::Memory;

pub fn of(customers: u64) -> Scenario {
    Scenario { customers, ..Scenario::default() }
}

/// All customers, into a sink that holds nothing yet.
fn plan(scenario: &Scenario, jobs: usize, batch_size: u64) -> Plan {
    Plan { customers: 0..scenario.customers, written: Manifest::default(), batch_size, jobs }
}

pub async fn in_memory(scenario: &Scenario, jobs: usize, batch_size: u64) -> (Memory, Manifest) {
    let mut memory = Memory::default();
    let world = Arc::new(World::new(scenario));
    let manifest = pour(&world, plan(scenario, jobs, batch_size), &mut memory, &mut |_| ()).await.unwrap();
    (memory, manifest)
}

/// Rows and checksums, straight from the generator.
pub fn manifest(scenario: &Scenario) -> Manifest {
    let world = World::new(scenario);
    let mut manifest = Manifest::default();
    for block in [world.rows(), unfold(&world, 0..scenario.customers)] {
        block.tables().iter().for_each(|rows| manifest.add_rows(*rows));
    }
    manifest
}

/// Rows and checksums of rows read back.
pub fn manifest_of(rows: &LifeRecords) -> Manifest {
    let mut manifest = Manifest::default();
    for table in TABLES {
        let mut sum = manifest.of(table.name());
        rows.of(table.name()).iter().for_each(|record| sum.add_record(record));
        manifest.set(table.name(), sum);
    }
    manifest
}
