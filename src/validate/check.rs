//! What one rule has seen so far: how much, how much of it wrong, and a few examples.

use super::report::Finding;
use crate::encode::Record;

/// Examples a finding shows; the rest is counted.
pub(super) const EXAMPLES: usize = 5;

/// A rule's judgement of one thing: fine, or what is wrong with it.
pub(super) type Outcome = Result<(), String>;

#[derive(Default)]
pub(super) struct Check {
    pub examined: u64,
    pub violations: u64,
    pub examples: Vec<String>,
}

impl Check {
    /// Counts the judgement of one row, which is named by its key.
    pub fn row(&mut self, record: &Record, judge: impl FnOnce() -> Outcome) {
        self.examined += 1;
        if let Err(wrong) = judge() {
            self.violation(1, || format!("{}: {wrong}", key(record)));
        }
    }

    /// Counts the judgement of something that is not a row.
    pub fn thing(&mut self, judge: impl FnOnce() -> Outcome) {
        self.examined += 1;
        if let Err(wrong) = judge() {
            self.violation(1, || wrong);
        }
    }

    pub fn violation(&mut self, count: u64, example: impl FnOnce() -> String) {
        self.violations += count;
        if self.examples.len() < EXAMPLES {
            self.examples.push(example());
        }
    }

    pub fn finding(self, rule: impl Into<String>, about: impl Into<String>) -> Finding {
        let Check { examined, violations, examples } = self;
        Finding { rule: rule.into(), about: about.into(), examined, violations, examples }
    }
}

pub(super) fn ensure(holds: bool, wrong: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(wrong()) }
}

/// The values of the row's primary key.
fn key(record: &Record) -> String {
    let values = record.schema.primary_key().into_iter().map(|column| record.text(column).unwrap_or("NULL"));
    format!("{} {}", record.schema.name(), values.collect::<Vec<_>>().join("/"))
}
