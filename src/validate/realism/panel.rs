//! The panel: what the checks need of each customer, month by month, in six bytes a month.

use crate::encode::{LifeRecords, Record};
use crate::model::{Employment, PAYMENT_STATES};
use crate::schema::{Day, Month};

/// Months of credit history that are looked at, the newest.
pub(crate) const MOST_MONTHS: usize = 60;

/// A customer, as far as it can be read.
pub(crate) struct Person {
    /// Completed years at the end of the data; NaN if unknown.
    pub age: f64,
    /// Position in [`Employment::ALL`].
    pub employment: Option<usize>,
    /// Dollars a year; NaN if unknown.
    pub income: f64,
}

/// One month of a customer's credit file.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub score: u16,
    /// Payments missed, 0 to 4; the position in [`PAYMENT_STATES`].
    pub state: u8,
    /// Hundredths of a percent.
    utilisation: u16,
}

impl Entry {
    /// 0 to 1.
    pub fn utilisation(self) -> f64 {
        f64::from(self.utilisation) / 10_000.0
    }
}

/// A month without a record; no score is 0.
const ABSENT: Entry = Entry { score: 0, state: 0, utilisation: 0 };

/// All customers that are looked at, and their credit files.
///
/// Months are counted from the oldest of which there is any record.
pub(crate) struct Panel {
    pub people: Vec<Person>,
    /// The last day of the data.
    pub end: Day,
    /// Customer by customer, [`MOST_MONTHS`] each, the last that of `end`.
    entries: Vec<Entry>,
    /// Where in those the first month lies of which there is any record.
    first: usize,
}

impl Panel {
    pub fn new(end: Day) -> Panel {
        Panel { people: Vec::new(), end, entries: Vec::new(), first: MOST_MONTHS }
    }

    /// Takes in a customer with their history; what cannot be read is left out, `validate` names it.
    pub fn add(&mut self, customer: &Record, life: &LifeRecords) {
        let employment = customer.text("employment_type");
        self.people.push(Person {
            age: customer.day("date_of_birth").map_or(f64::NAN, |born| years(born, self.end)),
            employment: employment.and_then(|word| Employment::NAMES.iter().position(|name| *name == word)),
            income: number(customer, "annual_income").unwrap_or(f64::NAN),
        });
        let start = self.entries.len();
        self.entries.resize(start + MOST_MONTHS, ABSENT);
        for row in life.of("credit_history") {
            let Some((month, entry)) = row.day("record_date").zip(entry(row)) else { continue };
            let position = month.month().since(self.end.month()) + MOST_MONTHS as i32 - 1;
            if let Some(position) = usize::try_from(position).ok().filter(|position| *position < MOST_MONTHS) {
                self.entries[start + position] = entry;
                self.first = self.first.min(position);
            }
        }
    }

    /// How many months of history there are.
    pub fn months(&self) -> usize {
        MOST_MONTHS - self.first
    }

    /// The number of a calendar month; negative before the first.
    pub fn month(&self, month: Month) -> i32 {
        month.since(self.end.month()) + self.months() as i32 - 1
    }

    /// The calendar month of this number.
    pub fn calendar(&self, month: usize) -> Month {
        self.end.month().plus(month as i32 - self.months() as i32 + 1)
    }

    /// A customer's record of a month, if there is one.
    pub fn at(&self, person: usize, month: usize) -> Option<Entry> {
        let position = self.first + month;
        let entry = (position < MOST_MONTHS).then(|| self.entries[person * MOST_MONTHS + position]);
        entry.filter(|entry| entry.score > 0)
    }

    /// The customers who have a record of this month, with it.
    pub fn present(&self, month: usize) -> impl Iterator<Item = (usize, Entry)> {
        (0..self.people.len()).filter_map(move |person| Some((person, self.at(person, month)?)))
    }

    /// Whether the customer is seen at least this many payments behind in one of these months.
    pub fn ever(&self, person: usize, months: std::ops::Range<usize>, state: u8) -> bool {
        months.into_iter().any(|month| self.at(person, month).is_some_and(|entry| entry.state >= state))
    }
}

fn entry(row: &Record) -> Option<Entry> {
    let state = row.text("payment_history")?;
    let score = row.int("credit_score").filter(|score| (1..=i64::from(u16::MAX)).contains(score))?;
    let percent = number(row, "credit_utilization").filter(|percent| (0.0..=100.0).contains(percent))?;
    Some(Entry {
        score: score as u16,
        state: PAYMENT_STATES.iter().position(|known| *known == state)? as u8,
        utilisation: (percent * 100.0).round() as u16,
    })
}

/// Completed years from a birth to a day.
fn years(born: Day, day: Day) -> f64 {
    let ((year, month, date), (then, birth_month, birth_date)) = (day.ymd(), born.ymd());
    f64::from(year - then - i32::from((month, date) < (birth_month, birth_date)))
}

/// A cell as a number; statistics need no exact arithmetic.
pub(crate) fn number(record: &Record, column: &str) -> Option<f64> {
    record.text(column)?.parse().ok().filter(|number: &f64| number.is_finite())
}
