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
    /// Rows and time of the first batch: what an earlier run wrote does not count for the rate.
    baseline: Option<(u64, Instant)>,
    last_line: Instant,
    is_quiet: bool,
}

impl Reporter {
    pub fn new(common: &Common, customers: u64) -> Reporter {
        let bar = (!common.quiet && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("{bar:32} {pos} of {len} customers, {msg}{eta} left")
                .expect("the template is a constant");
            ProgressBar::with_draw_target(Some(customers), ProgressDrawTarget::stderr()).with_style(style)
        });
        let now = Instant::now();
        Reporter { bar, customers, started: now, baseline: None, last_line: now, is_quiet: common.quiet }
    }

    pub fn sealed(&mut self, progress: &Progress) {
        let rows = progress.written.rows();
        tracing::debug!(customers = progress.next_customer, rows, "batch sealed");
        let rate =
            self.baseline.map(|(before, since)| (rows - before) as f64 / since.elapsed().as_secs_f64().max(1e-3));
        let rate = rate.map_or(String::new(), |rate| format!("{rate:.0} rows/s, "));
        if let Some(bar) = &self.bar {
            bar.set_position(progress.next_customer);
            bar.set_message(rate);
            if self.baseline.is_none() {
                bar.reset_eta();
            }
        } else if !self.is_quiet && self.last_line.elapsed() >= PAUSE && !progress.complete {
            self.last_line = Instant::now();
            let seconds = self.started.elapsed().as_secs();
            super::tell(&format!(
                "{} of {} customers, {rate}{seconds} s so far",
                progress.next_customer, self.customers
            ));
        }
        self.baseline.get_or_insert_with(|| (rows, Instant::now()));
    }

    /// Takes the bar away; says how long it all took.
    pub fn finish(&self) -> Duration {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.started.elapsed()
    }
}
