//! How fast lives unfold, with nowhere to go: `cargo bench --bench generate`.
//!
//! 100,000 customers over sixty months with all their credit history, on one thread and on two, in blocks of 500 that are
//! counted and dropped. `generate.txt` holds what it printed, and where.

use std::ops::Range;
use std::time::{Duration, Instant};

use credit_seed::Scenario;
use credit_seed::generate::{World, unfold};

const CUSTOMERS: u64 = 100_000;
const BLOCK: u64 = 500;
const ROUNDS: usize = 3;

fn main() {
    let lean = Scenario {
        customers: CUSTOMERS,
        credit_history_entries: 60,
        financial_records_per_customer: 0,
        ..Scenario::default()
    };
    let full = Scenario { financial_records_per_customer: 60, ..lean.clone() };
    for (name, scenario) in [("without statements", lean), ("with a year of statements", full)] {
        let world = World::new(&scenario);
        println!("{CUSTOMERS} customers x 60 months, {name}");
        for rows in unfold(&world, 0..BLOCK).tables().iter().filter(|rows| !rows.is_empty()) {
            println!("  {:<20}{:6.1} rows a customer", rows.schema().name(), rows.len() as f64 / BLOCK as f64);
        }
        // Alternating, for the machine is not ours alone.
        let mut best = [Duration::MAX; 2];
        let mut rows = 0;
        for _ in 0..ROUNDS {
            for threads in [1, 2] {
                let start = Instant::now();
                rows = run(&world, threads);
                best[threads as usize - 1] = best[threads as usize - 1].min(start.elapsed());
            }
        }
        let [one, two] = best.map(|best| best.as_secs_f64());
        println!("  one thread   {one:6.2} s  {:8.2} million rows/s", rows as f64 / one / 1e6);
        println!("  two threads  {two:6.2} s  {:8.2} million rows/s  {:.2} x", rows as f64 / two / 1e6, one / two);
    }
}

/// The rows of all customers, each thread taking every `threads`-th block.
fn run(world: &World, threads: u64) -> usize {
    let count = |thread: u64| {
        let blocks = (thread * BLOCK..CUSTOMERS).step_by((threads * BLOCK) as usize);
        blocks.map(|start| unfold(world, Range { start, end: start + BLOCK }).rows()).sum::<usize>()
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|thread| scope.spawn(move || count(thread))).collect();
        let ours = count(0);
        ours + others.into_iter().map(|other| other.join().expect("generation cannot fail")).sum::<usize>()
    })
}
