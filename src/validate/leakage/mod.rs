//! Leakage: whether a label gives itself away in a column that has nothing to do with it.
//!
//! Accidents and fraud are laid over correct lives, and what lays them can leave traces: ids out of order, whole cents,
//! a round second. For each label and each column that a detector could see, the label's rows are held against unlabelled
//! rows of the same kind (transaction type, entity type, direction), weighted so that both have the same mix of kinds. A
//! column fails if it ranks a labelled row above another more often than [`MOST_AUC`]. A column that belongs to what the
//! label is (the amount of `high_amount` and `structuring`; of every label the kind) may do so, and fails if its best
//! single cut that finds half of the label is right more often than [`MOST_PRECISION`]: honest look-alikes must be at
//! least as frequent.
//!
//! One pass over the lives keeps at most [`MOST_ROWS`] unlabelled rows and half as many labelled: of more, one in two, in
//! four and so on, by a hash of the id, each counted as so many. That takes some 150 MB.

mod detector;
mod evidence;
mod features;
mod split;
#[cfg(test)]
mod tests;

pub use detector::Difficulty;

use serde::Serialize;

use self::evidence::Evidence;
use super::realism::Verdict;
use super::{each_life, integrity};
use crate::error::{Error, Result};
use crate::model::TABLES;
use crate::sinks::Database;

/// Unlabelled rows that are kept.
pub const MOST_ROWS: usize = 400_000;
/// Rows and cases that a label must have: of fewer, chance alone could fail it.
pub const FEWEST_ROWS: u64 = 50;
pub const FEWEST_CASES: u64 = 20;
/// What a column that does not define a label may reach.
pub const MOST_AUC: f64 = 0.75;
/// What the best cut on a column that does define it may reach.
pub const MOST_PRECISION: f64 = 0.5;

/// How well the labels of one database are hidden.
#[derive(Clone, Debug, Serialize)]
pub struct Leakage {
    pub passed: bool,
    /// Transactions that were read.
    pub rows: u64,
    /// Of how many unlabelled rows one was kept.
    pub one_in: u64,
    pub labels: Vec<Hidden>,
}

/// How well one label is hidden.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    pub label: &'static str,
    pub verdict: Verdict,
    /// Rows that have it.
    pub rows: u64,
    /// Cases they belong to, counted by customer.
    pub cases: u64,
    /// Rows of the same kinds that have no label; an estimate where rows are sampled.
    pub others: u64,
    /// Every column, the most telling first.
    pub columns: Vec<Telling>,
    /// The most precise rule on a single column that finds half of the label.
    pub rule: Option<Rule>,
    /// What the reference detector reaches.
    pub detector: Option<Difficulty>,
}

/// What one column tells about a label.
#[derive(Clone, Debug, Serialize)]
pub struct Telling {
    pub column: &'static str,
    /// Whether it belongs to what the label is.
    pub defines: bool,
    /// Probability that a labelled row ranks above another of the same mix of kinds; NaN (`null`) without rows to compare.
    pub auc: f64,
    /// Of the best cut that finds half of the label, among all rows of its kinds.
    pub precision: f64,
    pub fails: bool,
}

/// A detector of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// Such as `amount <= -950.5`.
    pub rule: String,
    /// The share of what it finds that is labelled.
    pub precision: f64,
    /// The share of the label that it finds.
    pub recall: f64,
}

impl Hidden {
    /// The most telling column that does not define the label.
    pub fn worst(&self) -> Option<&Telling> {
        self.columns.iter().find(|telling| !telling.defines)
    }
}

/// Reads every life and judges every label. What leaks is in the report; an error means that it could not be read.
pub async fn leakage(db: &mut Database) -> Result<Leakage> {
    let (fit, structure) = integrity::fit_tables(db).await?;
    if fit.len() < TABLES.len() {
        let missing = structure.examples.join("; ");
        return Err(Error::Database(format!("leakage needs every table with its columns, but {missing}")));
    }
    let mut evidence = Evidence::new(MOST_ROWS);
    each_life(db, |life| evidence.add(life)).await?;
    Ok(evidence.judge())
}
