//! C23 and C24: monthly statements that add up, and what people own, owe and put by.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::panel::Panel;
use super::people::age_band;
use super::score::{Measure, Score, Verdict};
use super::stats::{mean, median, share, spearman};
use crate::encode::LifeRecords;
use crate::schema::Month;

/// SCF 2022 medians of net worth, dollars, of the age bands 35-44 to 75-84 (per family; customers are individuals).
const NET_WORTH: [(usize, &str, f64); 5] = [
    (2, "35-44", 135_600.0),
    (3, "45-54", 247_200.0),
    (4, "55-64", 364_500.0),
    (5, "65-74", 409_900.0),
    (6, "75-84", 335_600.0),
];
/// Months of statements over which saving is measured, the newest: a year, so that Christmas counts once.
const YEAR: usize = 12;

/// One month, cents.
#[derive(Default)]
struct Statement {
    income: i64,
    /// The part of `income` that is a change in value, which nobody can save from.
    gain: i64,
    spending: i64,
    assets: Option<i64>,
    liabilities: Option<i64>,
}

/// The statements of all customers.
#[derive(Default)]
pub(crate) struct Statements {
    /// Pairs of months that were added up, and those that do not add up.
    pairs: usize,
    violations: u64,
    pub customers: Vec<Summary>,
}

/// What is kept of a customer's statements, dollars.
pub(crate) struct Summary {
    /// Position in [`Panel::people`].
    pub person: usize,
    /// At the end of the newest month.
    pub net_worth: f64,
    /// Over the last months, at most a year of them.
    income: f64,
    spending: f64,
    months: usize,
}

impl Statements {
    pub fn add(&mut self, person: usize, life: &LifeRecords) {
        let mut months: BTreeMap<Month, Statement> = BTreeMap::new();
        for row in life.of("financial_records") {
            let (Some(day), Some(amount)) = (row.day("record_date"), row.unscaled("amount")) else { continue };
            let month = months.entry(day.month()).or_default();
            match row.text("record_type") {
                Some("income") => {
                    month.income += amount;
                    let is_gain = row.text("description").is_some_and(|what| what.starts_with("Change in value"));
                    month.gain += if is_gain { amount } else { 0 };
                }
                Some("expense") => month.spending += amount,
                Some("asset") => *month.assets.get_or_insert(0) += amount,
                Some("liability") => *month.liabilities.get_or_insert(0) += amount,
                _ => {}
            }
        }
        let net = |month: &Statement| Some(month.assets? - month.liabilities?);
        let complete: Vec<(Month, i64, Statement)> =
            months.into_iter().filter_map(|(when, month)| Some((when, net(&month)?, month))).collect();
        for pair in complete.windows(2) {
            let [(before, had, _), (now, has, month)] = pair else { continue };
            if now.since(*before) == 1 {
                self.pairs += 1;
                self.violations += u64::from(has - had != month.income - month.spending);
            }
        }
        let Some((_, net_worth, _)) = complete.last() else { return };
        let year = &complete[complete.len().saturating_sub(YEAR)..];
        let sum = |of: fn(&Statement) -> i64| year.iter().map(|(_, _, month)| of(month)).sum::<i64>() as f64 / 100.0;
        self.customers.push(Summary {
            person,
            net_worth: *net_worth as f64 / 100.0,
            income: sum(|month| month.income - month.gain),
            spending: sum(|month| month.spending),
            months: year.len(),
        });
    }

    pub(super) fn identities(&self, ledger: &Ledger) -> Score {
        let measures = vec![
            Measure::new("months that do not add up", self.violations as f64, 0.0..=0.0),
            Measure::new("balances that do not follow", ledger.violations as f64, 0.0..=0.0),
            Measure::new("share of rows below zero", ledger.below_zero(), 0.0..=0.05),
        ];
        let score = Score::new("C23", self.pairs + ledger.rows, measures);
        if ledger.rows == 0 && self.violations == 0 {
            return score.instead(Verdict::TooFewRows, "needs transactions");
        }
        score
    }

    pub fn wealth(&self, panel: &Panel) -> Score {
        let known = |summary: &&Summary| panel.people[summary.person].income.is_finite();
        let customers: Vec<&Summary> = self.customers.iter().filter(known).collect();
        let worth: Vec<f64> = customers.iter().map(|summary| summary.net_worth).collect();
        let incomes: Vec<f64> = customers.iter().map(|summary| panel.people[summary.person].income).collect();
        let mut measures: Vec<Measure> = NET_WORTH
            .into_iter()
            .map(|(band, ages, published)| {
                let of_band = customers.iter().filter(|summary| age_band(&panel.people[summary.person]) == Some(band));
                let middle = median(of_band.map(|summary| summary.net_worth).collect());
                Measure::new(format!("median {ages} / SCF"), middle / published, 0.6..=1.5)
            })
            .collect();

        let mut by_income: Vec<usize> = (0..customers.len()).collect();
        by_income.sort_by(|a, b| incomes[*a].total_cmp(&incomes[*b]));
        let saved = |part: &[usize]| {
            let sum = |of: fn(&Summary) -> f64| part.iter().map(|index| of(customers[*index])).sum::<f64>();
            1.0 - sum(|summary| summary.spending) / sum(|summary| summary.income)
        };
        let fifth = by_income.len() / 5;
        let gap = saved(&by_income[by_income.len() - fifth..]) - saved(&by_income[..fifth]);
        measures.extend([
            Measure::new("mean / median", mean(&worth) / median(worth.clone()), 3.0..=9.0),
            Measure::new("rank corr. of income and worth", spearman(&incomes, &worth), 0.30..=0.65),
            Measure::new("share below zero", share(worth.iter().map(|worth| *worth < 0.0)), 0.03..=0.16),
            Measure::new("saving rate", saved(&by_income), 0.02..=0.14),
            Measure::new("top fifth less bottom fifth", gap, 0.05..=0.40),
        ]);
        let score = Score::new("C24", customers.len(), measures);
        let longest = customers.iter().map(|summary| summary.months).max();
        if longest < Some(YEAR) {
            score.instead(Verdict::TooFewRows, "needs twelve months of statements")
        } else {
            score
        }
    }
}
