//! How far a seeding has come: a bar on a terminal, a plain line now and then elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use credit_seed::sinks::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Common;

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(5);

pub struct Reporter {
    bar: Option<ProgressBar>,
    customers: u64,
    started: Instant,
    last_line: Instant,
    is_quiet: bool,
}

impl Reporter {
    pub fn new(common: &Common, customers: u64) -> Reporter {
        let bar = (!common.quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{bar:32} {pos}/{len} customers  {per_sec}  {eta} left  {msg}")
                .expect("the template is a constant");
            ProgressBar::with_draw_target(Some(customers), ProgressDrawTarget::stderr()).with_style(style)
        });
        let now = Instant::now();
        Reporter { bar, customers, started: now, last_line: now, is_quiet: common.quiet }
    }

    pub fn sealed(&mut self, progress: &Progress) {
        tracing::debug!(customers = progress.next_customer, rows = progress.written.rows(), "batch sealed");
        if let Some(bar) = &self.bar {
            if bar.position() == 0 {
                // Lives of an earlier run do not count for the rate.
                bar.reset_eta();
            }
            bar.set_position(progress.next_customer);
            bar.set_message(format!("{} rows", progress.written.rows()));
        } else if !self.is_quiet && self.last_line.elapsed() >= PAUSE && !progress.complete {
            self.last_line = Instant::now();
            let seconds = self.started.elapsed().as_secs();
            eprintln!(
                "{} of {} customers, {} rows, {seconds} s",
                progress.next_customer,
                self.customers,
                progress.written.rows()
            );
        }
    }

    pub fn finish(&self) -> Duration {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.started.elapsed()
    }
}
