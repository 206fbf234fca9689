//! The reference detector: what every bank would look at first, each row against its customer's own past, weighed by a
//! logistic regression. It says how hard a label is to find; it judges nothing.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::Serialize;

use super::evidence::Seen;
use super::features::{Kind, Look};
use super::split::{Case, auc, average_precision, order};
use crate::schema::Moment;
use crate::schema::time::DAY_MS;
use crate::validate::logistic::Logistic;

/// What the detector knows of a row.
pub(super) const WIDTH: usize = 16;

/// Payees that a new one is compared with, the newest.
const PAYEES: usize = 200;
/// Labelled rows that either half must have.
const MINIMUM: usize = 10;

/// What the reference detector reaches on customers that it was not trained on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difficulty {
    /// Probability that a labelled row ranks above one that is not.
    pub auc: f64,
    /// Mean precision over all labelled rows; a detector by chance reaches their share.
    pub average_precision: f64,
}

/// A customer's past, row after row in the order of time.
#[derive(Default)]
pub(super) struct Past<'a> {
    /// Amounts of the last day, with their time.
    day: VecDeque<(Moment, i64)>,
    last: Option<(Moment, i64, &'a str)>,
    /// Of the logarithms of the amounts of each kind: how many, their mean, and their squared distances from it.
    usual: BTreeMap<Kind, (f64, f64, f64)>,
    categories: BTreeMap<&'a str, f64>,
    rows: f64,
    payees: BTreeSet<&'a str>,
    people: VecDeque<&'a str>,
}

impl<'a> Past<'a> {
    /// What the past says of a row, which then becomes a part of it.
    pub fn next(&mut self, look: &Look<'a>) -> [f32; WIDTH] {
        let text = |column| look.record.text(column).unwrap_or_default();
        let (payee, category) = (text("recipient_entity"), text("category"));
        let since = |then: Moment| (look.at.0 - then.0) as f64 / 1000.0;
        while self.day.front().is_some_and(|(then, _)| look.at.0 - then.0 > DAY_MS) {
            self.day.pop_front();
        }
        let within = |seconds: f64| self.day.iter().filter(|(then, _)| since(*then) <= seconds).count() as f64;
        let sum = |of: fn(i64) -> i64| self.day.iter().map(|(_, cents)| of(*cents)).sum::<i64>() as f64 / 100.0;

        let size = libm::log(look.cents.unsigned_abs().max(1) as f64 / 100.0);
        let (count, mean, squares) = self.usual.entry(look.kind).or_default();
        let spread = if *count > 1.0 { (*squares / (*count - 1.0)).sqrt().max(0.1) } else { 1.0 };
        let z = if *count > 0.0 { ((size - *mean) / spread).clamp(-8.0, 8.0) } else { 0.0 };
        let off = size - *mean;
        *count += 1.0;
        *mean += off / *count;
        *squares += off * (size - *mean);

        let is_new = !self.payees.contains(payee);
        let is_person = text("entity_type") == "person";
        // Two digits wrong, or two of them swapped, which counts as one.
        let is_near =
            |known: &&str| known.len() == payee.len() && (1..=2).contains(&strsim::osa_distance(known, payee));
        let near_miss = is_new && is_person && self.people.iter().any(is_near);
        let again = self.last.is_some_and(|(_, cents, whom)| cents == look.cents && whom == payee);
        let flag = |set: bool| f64::from(u8::from(set));
        let habit = self.categories.entry(category).or_default();
        let features = [
            size,
            z,
            z.abs(),
            self.last.map_or(12.0, |(then, ..)| libm::log1p(since(then))),
            libm::log1p(within(60.0)),
            libm::log1p(within(3600.0)),
            libm::log1p(within(86_400.0)),
            flag(again),
            flag(again && self.last.is_some_and(|(then, ..)| since(then) <= 120.0)),
            flag(is_new),
            flag(near_miss),
            flag(look.at.clock().0 < 6),
            flag(look.abroad),
            *habit / self.rows.max(1.0),
            libm::log1p(sum(|cents| (-cents).max(0))),
            libm::log1p(sum(|cents| cents.max(0))),
        ];

        *habit += 1.0;
        self.rows += 1.0;
        self.day.push_back((look.at, look.cents));
        self.last = Some((look.at, look.cents, payee));
        self.payees.insert(payee);
        if is_new && is_person {
            self.people.truncate(PAYEES - 1);
            self.people.push_front(payee);
        }
        features.map(|feature| feature as f32)
    }
}

/// Trains on one half of the customers and tests on the other; `None` where one of them has too few labelled rows.
pub(super) fn difficulty(rows: &[&Seen], cases: &[Case]) -> Option<Difficulty> {
    let labelled = |odd: bool| cases.iter().filter(|case| case.labelled && case.odd == odd).count();
    if labelled(false) < MINIMUM || labelled(true) < MINIMUM {
        return None;
    }
    let both = rows.iter().zip(cases);
    let wide = |row: &Seen| row.past.map(f64::from);
    let trained = both.clone().filter(|(_, case)| !case.odd);
    let model = Logistic::fit(trained.map(|(row, case)| (wide(row), case.labelled, case.weight)))?;
    let (scores, tested): (Vec<f32>, Vec<Case>) =
        both.filter(|(_, case)| case.odd).map(|(row, case)| (model.score(&wide(row)) as f32, *case)).unzip();
    let order = order(&scores);
    Some(Difficulty {
        auc: auc(&order, &scores, &tested, |case| case.weight),
        average_precision: average_precision(&order, &scores, &tested),
    })
}
