//! Pours lives into a sink: generated in parallel, written in order, with bounded memory.
//!
//! Batch `k` is made by worker `k mod jobs` and handed over through a channel of one, so the writer only has to go round
//! the workers to get the batches in order, and no worker is ever more than two batches ahead.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use tokio::sync::mpsc;

use crate::error::{Error, Result};
use crate::generate::{Block, World, unfold};
use crate::manifest::Manifest;
use crate::sinks::{Progress, Sink};

/// Which customers to write, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    pub customers: Range<u64>,
    /// What is in the sink already; the world's own rows are written if it has none of them.
    pub written: Manifest,
    /// Customers to a batch, at least 1. The rows do not depend on it.
    pub batch_size: u64,
    /// Threads that generate, at least 1. The rows do not depend on it.
    pub jobs: usize,
}

/// Writes all of the plan and returns what the sink then holds. `sealed` hears of every batch.
pub async fn pour<S: Sink>(
    world: &Arc<World>,
    plan: Plan,
    sink: &mut S,
    sealed: &mut (dyn FnMut(&Progress) + Send),
) -> Result<Manifest> {
    let mut written = plan.written.clone();
    let world_rows = world.rows();
    // Banks there are in every world; of market data none may be wanted.
    if written.of("banks").rows == 0 {
        written.add(&sums(&world_rows));
        write_block(sink, &world_rows).await?;
    }
    let batches = (plan.customers.end.saturating_sub(plan.customers.start)).div_ceil(plan.batch_size);
    let mut workers = start_workers(world, &plan, batches);
    for batch in 0..batches {
        let worker = (batch % workers.len() as u64) as usize;
        let Some((block, sums)) = workers[worker].recv().await else {
            return Err(Error::Sink(
                "a thread that generates customers has died; this is a bug, please report it".into(),
            ));
        };
        write_block(sink, &block).await?;
        written.add(&sums);
        let progress = Progress {
            next_customer: range_of(&plan, batch).end,
            written: written.clone(),
            complete: batch + 1 == batches,
        };
        sink.seal(&progress).await?;
        sealed(&progress);
    }
    if batches == 0 {
        let progress = Progress { next_customer: plan.customers.end, written: written.clone(), complete: true };
        sink.seal(&progress).await?;
        sealed(&progress);
    }
    Ok(written)
}

async fn write_block<S: Sink>(sink: &mut S, block: &Block) -> Result<()> {
    for rows in block.tables() {
        if !rows.is_empty() {
            sink.write(rows).await?;
        }
    }
    Ok(())
}

/// One receiver per worker. A worker stops when its receiver is dropped.
fn start_workers(world: &Arc<World>, plan: &Plan, batches: u64) -> Vec<mpsc::Receiver<(Block, Manifest)>> {
    let jobs = (plan.jobs as u64).min(batches);
    let start = |worker: u64| {
        let (sender, receiver) = mpsc::channel(1);
        let (world, plan) = (Arc::clone(world), plan.clone());
        thread::spawn(move || {
            for batch in (worker..batches).step_by(jobs as usize) {
                let block = unfold(&world, range_of(&plan, batch));
                let sums = sums(&block);
                if sender.blocking_send((block, sums)).is_err() {
                    break;
                }
            }
        });
        receiver
    };
    (0..jobs).map(start).collect()
}

fn range_of(plan: &Plan, batch: u64) -> Range<u64> {
    let start = plan.customers.start.saturating_add(batch.saturating_mul(plan.batch_size));
    start..start.saturating_add(plan.batch_size).min(plan.customers.end)
}

fn sums(block: &Block) -> Manifest {
    let mut sums = Manifest::default();
    block.tables().iter().for_each(|rows| sums.add_rows(*rows));
    sums
}
