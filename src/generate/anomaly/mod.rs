//! Anomalies: accidents and fraud, laid over a correct life afterwards. One file each, each with streams of its own.
//!
//! Whether one happens is drawn for every month, or for every payment, from a stream of its own, whatever is written; so a
//! rate of zero leaves the same world without it, and a higher rate has all that a lower one has. One that the account cannot bear does not
//! happen. The effect on balances begins with the first day that is written.

mod accident_burst;
mod account_takeover;
mod app_scam;
mod card_testing;
mod high_amount;
mod mistyped_entity;
mod mule;
mod structuring;
#[cfg(test)]
mod tests;

use super::bank::catalogue::{after, at};
use super::bank::habits::{Habits, OVERDRAFT};
use super::bank::month::to_person;
use super::bank::movement::{CARD, CHECKING, Movement, next_free};
use super::draw::Draw;
use super::population::Person;
use super::seed::{Seed, Stream};
use super::world::World;
use crate::model::{Cents, Label, TransactionType};
use crate::schema::{Day, Moment, Month};

/// The streams of one kind: whether it happens, and how.
pub struct Streams {
    happens: Stream,
    how: Stream,
}

impl Streams {
    pub fn all(seed: Seed) -> [Streams; Label::ALL.len()] {
        Label::NAMES.map(|name| Streams {
            happens: seed.stream(&format!("anomaly {name}")),
            how: seed.stream(&format!("anomaly {name}, how")),
        })
    }
}

/// A label on one of the customer's movements. Time and account together make a movement's id.
#[derive(Clone, Debug)]
pub struct Laid {
    pub label: Label,
    pub at: Moment,
    pub account: u8,
    /// The first movement of the case.
    pub case: (Moment, u8),
    pub role: &'static str,
    pub known_at: Moment,
    pub original: Option<String>,
}

/// What anomalies are laid over: a customer's movements in the days that are written, in order.
pub struct Scene<'a> {
    pub world: &'a World,
    pub person: &'a Person,
    pub habits: &'a Habits,
    pub movements: Vec<Movement>,
    pub accounts: Vec<Footing>,
    /// The first day that is written.
    pub first: Day,
    pub laid: Vec<Laid>,
    /// What was taken again: it stays as its repetitions are.
    pub repeated: Vec<(Moment, u8)>,
}

/// An account: what was on it before the first movement, and the least that may be.
#[derive(Clone, Copy)]
pub struct Footing {
    pub number: u8,
    pub opening: Cents,
    pub least: Cents,
    pub opened: Day,
}

type Lay = fn(&mut Scene<'_>);

/// Lays every kind over the scene.
pub fn lay(scene: &mut Scene<'_>) {
    let kinds: [(Label, Lay); Label::ALL.len()] = [
        (Label::CardTesting, card_testing::lay),
        (Label::AccountTakeover, account_takeover::lay),
        (Label::AppScam, app_scam::lay),
        (Label::Mule, mule::lay),
        (Label::Structuring, structuring::lay),
        (Label::AccidentBurst, accident_burst::lay),
        (Label::HighAmount, high_amount::lay),
        (Label::MistypedEntity, mistyped_entity::lay),
    ];
    for (label, lay) in kinds {
        if scene.rate(label) > 0.0 {
            lay(scene);
        }
    }
}

impl Scene<'_> {
    fn rate(&self, label: Label) -> f64 {
        self.world.scenario.anomaly_rates[label as usize]
    }

    /// How prone the customer is to this, 1 on average: some are three times as careless as others.
    fn proneness(&self, label: Label) -> f64 {
        self.world.anomalies[label as usize].happens.at(self.person.index << 12).gamma(2.0) / 2.0
    }

    /// Whether it happens, in a month.
    fn happens(&self, label: Label, month: Month) -> Draw {
        self.world.anomalies[label as usize].happens.at(self.person.index << 12 | month.0 as u64)
    }

    /// How it happens, at a time.
    fn how(&self, label: Label, time: i64) -> Draw {
        self.world.anomalies[label as usize].how.at(self.key(time))
    }

    /// The number of a stream of this customer's and a time.
    fn key(&self, time: i64) -> u64 {
        self.person.index.rotate_left(42) ^ time as u64
    }

    /// The payments of some kind that this befalls. What carries a label already is left alone.
    fn befallen(&self, label: Label, eligible: impl Fn(&Movement) -> bool) -> Vec<Movement> {
        let rate = self.rate(label) * self.proneness(label);
        let mut befallen = Vec::new();
        // What a stream tells of stays as it is told.
        let own = self.movements.iter().filter(|movement| movement.told_as.is_none());
        for movement in own.filter(|movement| eligible(movement)) {
            let key = (movement.at, movement.account);
            if self.repeated.contains(&key) || self.laid.iter().any(|laid| (laid.at, laid.account) == key) {
                continue;
            }
            // Drawn by its own time, for the table may begin within a month.
            if self.world.anomalies[label as usize].happens.at(self.key(movement.at.0)).uniform() < rate {
                befallen.push(movement.clone());
            }
        }
        befallen
    }

    /// Days on which a case begins, with the draws of how it goes.
    fn cases(&self, label: Label) -> Vec<(Day, Draw)> {
        let monthly = (self.rate(label) / 12.0 * self.proneness(label)).min(1.0);
        let end = self.world.calendar.as_of;
        let mut cases = Vec::new();
        let mut month = self.first.month();
        while month <= end.month() {
            let mut draw = self.happens(label, month);
            let day = month.first().plus(draw.below(28) as i32);
            if draw.uniform() < monthly && day >= self.first && day > self.person.since && day <= end {
                cases.push((day, self.how(label, i64::from(month.0))));
            }
            month = month.plus(1);
        }
        cases
    }

    /// Whether the account stays above its least if this moves at that time.
    fn can_bear(&self, account: u8, from: Moment, amount: Cents) -> bool {
        let Some(footing) = self.accounts.iter().find(|footing| footing.number == account) else { return false };
        let mut balance = footing.opening;
        let mut least = balance;
        for movement in self.movements.iter().filter(|movement| movement.account == account) {
            balance += movement.amount;
            least = if movement.at < from { balance } else { least.min(balance) };
        }
        footing.opened < from.day() && least + amount >= footing.least
    }

    /// Adds the rows of a case, each with its role, if the account can bear them all; those after `as_of` do not happen.
    fn add_case(&mut self, label: Label, rows: Vec<(Movement, &'static str)>, known_after: f64, draw: &mut Draw) {
        let end = self.world.calendar.as_of;
        let rows: Vec<_> = rows.into_iter().filter(|(row, _)| row.at.day() <= end).collect();
        let Some((first, _)) = rows.first() else { return };
        let (account, start) = (first.account, first.at);
        let (mut sum, mut least) = (Cents::ZERO, Cents::ZERO);
        for (row, _) in &rows {
            sum += row.amount;
            least = least.min(sum);
        }
        if !self.can_bear(account, start, least) {
            return;
        }
        let placed: Vec<(Moment, &'static str)> =
            rows.into_iter().map(|(row, role)| (self.insert(row), role)).collect();
        let case = (placed[0].0, account);
        let last = placed.iter().map(|(at, _)| *at).max().unwrap_or(start);
        let known_at = later(last, known_after, draw);
        let laid =
            placed.into_iter().map(|(at, role)| Laid { label, at, account, case, role, known_at, original: None });
        self.laid.extend(laid);
    }

    /// Adds a movement at its time, or the next at which nothing of the customer's is booked; says when that is.
    fn insert(&mut self, mut movement: Movement) -> Moment {
        movement.at = next_free(Moment(movement.at.0 - 1));
        while self.movements.binary_search_by_key(&movement.at, |other| other.at).is_ok() {
            movement.at = next_free(movement.at);
        }
        let at = movement.at;
        let position = self.movements.partition_point(|other| other.at < at);
        self.movements.insert(position, movement);
        at
    }

    /// A card that is there on a day, or the checking account.
    fn card_or_checking(&self, day: Day, draw: &mut Draw) -> u8 {
        let is_there = |footing: &&Footing| footing.number >= CARD && footing.opened < day;
        let cards: Vec<u8> = self.accounts.iter().filter(is_there).map(|footing| footing.number).collect();
        let which = draw.below(cards.len() as u64 + 1) as usize;
        cards.get(which).copied().unwrap_or(CHECKING)
    }
}

/// What a thief sends on at a time: as people send it, only more of it. A detector that looks at one amount alone shall not
/// tell them apart.
fn stolen_sum(habits: &Habits, kind: TransactionType, draw: &mut Draw) -> Cents {
    let more = draw.log_normal(1.7, 0.35);
    let sum = to_person(habits, kind, draw).times(more);
    // Rounded as people round.
    match kind {
        TransactionType::PersonToPerson if draw.chance(0.25) => sum,
        TransactionType::PersonToPerson if draw.chance(0.45) => Cents((sum.0 / 100 * 100).max(100)),
        _ => Cents((sum.0 / 500 * 500).max(500)),
    }
}

/// The least that may be on an account: the overdraft, nothing, or all of a card's line.
pub fn least(account: u8, line: Cents) -> Cents {
    match account {
        CHECKING => OVERDRAFT,
        CARD.. => -line,
        _ => Cents::ZERO,
    }
}

/// Some hours after a moment, log-normally about `median`.
fn later(moment: Moment, median: f64, draw: &mut Draw) -> Moment {
    let hours = draw.log_normal(median, 0.7).clamp(0.1, 4_000.0);
    after(moment, hours * 3_600_000.0, draw)
}

/// Some minutes after a moment, log-normally about `median`.
fn minutes(moment: Moment, median: f64, draw: &mut Draw) -> Moment {
    let minutes = draw.log_normal(median, 0.8).clamp(0.05, 3_000.0);
    after(moment, minutes * 60_000.0, draw)
}

/// A moment of a day between two of its hours.
fn between(day: Day, from: f64, to: f64, draw: &mut Draw) -> Moment {
    at(day, (draw.between(from, to) * 3600.0) as u32, draw)
}
