//! Population: what shows in no single life, because chance may go either way in each, but must show in many.

use super::life::Life;
use super::transfers::Transfers;
use crate::encode::Record;
use crate::validate::check::{Check, ensure};
use crate::validate::report::Finding;

/// Below this many rows a comparison of means says nothing and is not made.
const ENOUGH: u64 = 100;
/// Nor with fewer than this on either side.
const ENOUGH_A_SIDE: u64 = 5;

#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(self) -> f64 {
        self.sum / self.count as f64
    }
}

/// Two groups, the first of which is lower on average. Rows of neither group count towards `rows` alone.
#[derive(Default)]
struct Comparison {
    rows: u64,
    lower: Mean,
    higher: Mean,
}

impl Comparison {
    fn finding(self, rule: &str, about: &str) -> Finding {
        let Comparison { rows, lower, higher } = self;
        let mut check = Check::default();
        if rows >= ENOUGH && lower.count.min(higher.count) >= ENOUGH_A_SIDE {
            let (low, high) = (lower.value(), higher.value());
            check.thing(|| ensure(low < high, || format!("the means are {low:.4} and {high:.4}")));
            check.examined = rows;
        }
        check.finding(rule, format!("{about} (from {ENOUGH} rows on, {ENOUGH_A_SIDE} a side)"))
    }
}

#[derive(Default)]
pub(super) struct Population {
    score_by_state: Comparison,
    rate_by_score: Comparison,
    debt_by_decision: Comparison,
    transfers: Transfers,
}

impl Population {
    pub fn add(&mut self, life: &Life<'_>) {
        if let Some(newest) = life.history().last() {
            self.add_history(newest);
        }
        for request in &life.requests {
            if let Some(decision) = request.decision {
                self.add_decision(request.application, decision);
            }
        }
        self.transfers.add(life);
    }

    fn add_history(&mut self, newest: &Record) {
        let Some(score) = number(newest, "credit_score") else { return };
        self.score_by_state.rows += 1;
        match newest.text("payment_history") {
            Some("90" | "charge_off") => self.score_by_state.lower.add(score),
            Some("current") => self.score_by_state.higher.add(score),
            _ => {}
        }
    }

    fn add_decision(&mut self, application: &Record, decision: &Record) {
        if let (Some("personal"), Some(score), Some(rate)) =
            (application.text("loan_type"), number(decision, "credit_score"), number(decision, "quoted_rate"))
        {
            self.rate_by_score.rows += 1;
            match score {
                ..640.0 => self.rate_by_score.higher.add(rate),
                740.0.. => self.rate_by_score.lower.add(rate),
                _ => {}
            }
        }
        let Some(ratio) = number(decision, "debt_to_income") else { return };
        self.debt_by_decision.rows += 1;
        match decision.text("decision") {
            Some("approved") => self.debt_by_decision.lower.add(ratio),
            Some("rejected") => self.debt_by_decision.higher.add(ratio),
            _ => {}
        }
    }

    pub fn findings(self) -> impl Iterator<Item = Finding> {
        [
            self.score_by_state.finding(
                "population.score_follows_payment",
                "who is 90 days behind or charged off scores lower on average than who is current",
            ),
            self.rate_by_score.finding(
                "population.rate_follows_score",
                "personal loans cost less on average from a score of 740 than below 640",
            ),
            self.debt_by_decision.finding(
                "population.decision_follows_debt",
                "approved applications have a lower debt-to-income on average than rejected ones",
            ),
            self.transfers.finding(),
        ]
        .into_iter()
    }
}

/// Means need no exact arithmetic.
fn number(record: &Record, column: &str) -> Option<f64> {
    record.text(column)?.parse().ok().filter(|number: &f64| number.is_finite())
}
