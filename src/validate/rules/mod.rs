//! The business rules, run over lives read back: the same on every database, and on data we did not write.
//!
//! A rule is a function with a name. It looks at one life at a time and keeps only counts, so memory stays bounded
//! however large the database; what only a whole population shows is gathered in `population`.

mod bank;
mod credit;
mod flows;
mod labels;
mod ledger;
mod life;
pub(super) mod market;
mod money;
mod place;
mod population;
mod schedule;
mod streams;
mod time;
mod transfers;

#[cfg(test)]
mod extremes;
#[cfg(test)]
pub(super) mod tests;

use self::life::Life;
use self::population::Population;
use super::check::Check;
use super::report::Finding;
use crate::encode::LifeRecords;
use crate::schema::Day;

/// One thing that must hold in every life.
struct Rule {
    id: &'static str,
    about: &'static str,
    judge: fn(&Life<'_>, &mut Check),
}

/// When the data ends.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// As the run's book says; without it nothing can be said to lie in the future.
    pub as_of: Option<Day>,
    /// The same, or else the newest monthly record found: the day up to which open instalments count.
    pub last_day: Option<Day>,
}

fn all() -> impl Iterator<Item = &'static Rule> {
    let files = [
        time::RULES,
        place::RULES,
        money::RULES,
        schedule::RULES,
        credit::RULES,
        bank::RULES,
        flows::RULES,
        labels::RULES,
        streams::RULES,
    ];
    files.into_iter().flatten()
}

/// All rules and what they have seen.
pub(super) struct Rules {
    end: End,
    checks: Vec<(&'static Rule, Check)>,
    population: Population,
}

impl Rules {
    pub fn new(end: End) -> Rules {
        let checks = all().map(|rule| (rule, Check::default())).collect();
        Rules { end, checks, population: Population::default() }
    }

    pub fn life(&mut self, records: &LifeRecords) {
        let life = Life::new(records, self.end);
        for (rule, check) in &mut self.checks {
            (rule.judge)(&life, check);
        }
        self.population.add(&life);
    }

    pub fn findings(self) -> Vec<Finding> {
        let each = self.checks.into_iter().map(|(rule, check)| check.finding(rule.id, rule.about));
        each.chain(self.population.findings()).collect()
    }
}
