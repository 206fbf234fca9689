//! Which lives are told in full: of each sort the most telling one, in the order of ids where several tell as much.

use crate::encode::{LifeRecords, Record};
use crate::model::PAYMENT_STATES;
use crate::schema::Day;
use crate::validate::realism::panel::MOST_MONTHS;

/// A sort of life.
struct Role {
    title: &'static str,
    /// How well a life shows it; `None` if it does not.
    telling: fn(&Sketch) -> Option<usize>,
}

/// No life plays two of them.
const ROLES: [Role; 5] = [
    Role { title: "Never a payment missed", telling: faithful },
    Role { title: "Fell behind and recovered", telling: recovered },
    Role { title: "Ended in default", telling: defaulted },
    Role { title: "Refused, and came back", telling: refused },
    Role { title: "Young, with a short file", telling: young },
];

/// What the roles ask of a life.
#[derive(Default)]
struct Sketch {
    age: i32,
    /// Payments behind, month by month, oldest first.
    states: Vec<usize>,
    worst: usize,
    loans: usize,
    paid_off: usize,
    defaults: usize,
    rejections: usize,
    /// Approved after a rejection.
    second_chances: usize,
    /// From the first rejection to the end of the data.
    months_since_rejection: usize,
}

impl Sketch {
    fn new(life: &LifeRecords, end: Day) -> Option<Sketch> {
        let born = life.of("customers").first()?.day("date_of_birth")?;
        let months = || life.of("credit_history").iter().filter_map(month);
        let mut history: Vec<(Day, usize)> = months().collect();
        history.sort_by_key(|(day, _)| *day);
        let states: Vec<usize> = history.into_iter().map(|(_, state)| state).collect();
        let with = |table: &str, column: &str, word: &str| {
            life.of(table).iter().filter(|row| row.text(column) == Some(word)).count()
        };
        let mut answers: Vec<(Option<&str>, Option<&str>)> =
            life.of("loan_decisions").iter().map(|row| (row.text("decided_on"), row.text("decision"))).collect();
        answers.sort_unstable();
        let first_no = answers.iter().position(|(_, answer)| *answer == Some("rejected"));
        let later = first_no.map(|first| &answers[first..]).unwrap_or_default();
        let refused_on = first_no.and_then(|first| answers[first].0?.parse::<Day>().ok());
        let months_since = |day: Day| end.month().since(day.month()).max(0) as usize;
        Some(Sketch {
            months_since_rejection: refused_on.map_or(0, months_since),
            age: end.ymd().0 - born.ymd().0,
            worst: states.iter().copied().max().unwrap_or(0),
            states,
            loans: life.of("loans").len(),
            paid_off: with("loans", "status", "paid_off"),
            defaults: with("loans", "status", "defaulted"),
            rejections: with("loan_decisions", "decision", "rejected"),
            second_chances: later.iter().filter(|(_, answer)| *answer == Some("approved")).count(),
        })
    }

    /// Months on time up to the newest.
    fn months_clean(&self) -> usize {
        self.states.iter().rev().take_while(|state| **state == 0).count()
    }
}

fn month(row: &Record) -> Option<(Day, usize)> {
    let state = row.text("payment_history")?;
    Some((row.day("record_date")?, PAYMENT_STATES.iter().position(|known| *known == state)?))
}

/// As many lanes as a picture has room for, and no crowd.
const ROOM: usize = 4;

/// Prefers lives that fill a picture and do not burst it.
fn fullness(lines: usize) -> usize {
    if lines > ROOM { ROOM.saturating_sub(lines - ROOM) } else { lines }
}

fn faithful(life: &Sketch) -> Option<usize> {
    let fits = life.age >= 30 && life.worst == 0 && life.rejections == 0 && life.paid_off > 0;
    fits.then(|| life.states.len().min(MOST_MONTHS) + 10 * fullness(life.loans) + 10 * life.paid_off.min(2))
}

fn recovered(life: &Sketch) -> Option<usize> {
    let fits = (2..=3).contains(&life.worst) && life.defaults == 0 && life.months_clean() >= 6 && life.loans > 0;
    let before = life.states.iter().take_while(|state| **state == 0).count();
    fits.then(|| 20 * life.worst + before.min(18) + life.months_clean().min(24) + 5 * fullness(life.loans))
}

fn defaulted(life: &Sketch) -> Option<usize> {
    let before = life.states.iter().take_while(|state| **state < 4).count();
    let fits = life.defaults > 0 && life.worst == 4 && life.age >= 25;
    fits.then(|| {
        before.min(30) + (life.states.len() - before).min(20) + 10 * fullness(life.loans) + 5 * life.paid_off.min(1)
    })
}

fn refused(life: &Sketch) -> Option<usize> {
    let fits = life.age >= 25 && life.worst < 2 && life.rejections > 0 && life.defaults == 0;
    let chances = 20 * life.second_chances.min(1) + 5 * fullness(life.rejections + life.loans);
    fits.then(|| chances + life.months_since_rejection.min(40) + life.states.len().min(MOST_MONTHS) / 2)
}

fn young(life: &Sketch) -> Option<usize> {
    let fits = life.age < 25 && life.worst < 2 && life.rejections == 0 && life.defaults == 0 && life.states.len() >= 2;
    fits.then(|| (MOST_MONTHS - life.states.len().min(MOST_MONTHS)).min(40) + 10 * fullness(life.loans))
}

/// The lives that are told in full, as far as the reading has come.
#[derive(Default)]
pub(super) struct Cast {
    best: [Option<(usize, LifeRecords)>; ROLES.len()],
}

impl Cast {
    pub fn see(&mut self, life: &LifeRecords, end: Day) {
        let Some(sketch) = Sketch::new(life, end) else { return };
        for (role, best) in ROLES.iter().zip(&mut self.best) {
            let Some(telling) = (role.telling)(&sketch) else { continue };
            if best.as_ref().is_none_or(|(before, _)| telling > *before) {
                *best = Some((telling, life.clone()));
            }
        }
    }

    /// Each role that somebody plays.
    pub fn lives(&self) -> impl Iterator<Item = (&'static str, &LifeRecords)> {
        ROLES.iter().zip(&self.best).filter_map(|(role, best)| Some((role.title, &best.as_ref()?.1)))
    }
}
