//! The world: everything that lives share, built once and frozen.

use super::anomaly;
use super::bank::catalogue::Catalogue;
use super::bank::houses::HOUSES;
use super::credit::Hardship;
use super::draw::Weights;
use super::life::Block;
use super::market::Market;
use super::population::Residents;
use super::reference::Reference;
use super::seed::{Seed, Stream};
use super::streams::{Chances, DAYS_BEYOND, Neighbourhoods, Rates, neighbourhood, season_weights};
use crate::model::Label;
use crate::model::ids::Ids;
use crate::scenario::Scenario;
use crate::schema::{Day, Month};

/// Months of life that are simulated and may be written.
pub const WINDOW: i32 = 60;
/// Months simulated before the window, so that it opens on lives under way.
pub const BURN_IN: i32 = 60;

/// What every life depends on beside its index.
pub struct World {
    pub scenario: Scenario,
    pub calendar: Calendar,
    pub ids: Ids,
    pub market: Market,
    pub(super) hardship: Hardship,
    pub(super) residents: Residents,
    pub(super) reference: &'static Reference,
    pub(super) streams: Streams,
    pub(super) chances: Chances,
    /// Whether the streams go on beyond the last day.
    pub(super) goes_on: bool,
    /// What a dollar is worth abroad, day by day.
    pub(super) rates: Rates,
    /// How likely each day of the streams' time sees a remittance.
    pub(super) remittance_days: Weights,
    /// Flows by the block of customers they belong to, remembered for a while.
    pub(super) neighbourhoods: Neighbourhoods,
    pub(super) anomalies: [anomaly::Streams; Label::ALL.len()],
    /// How likely each day of each month of the window sees a purchase.
    pub(super) purchase_days: Vec<Weights>,
    /// The first day of which transactions are written; `None` if none are.
    pub first_booking: Option<Day>,
}

/// The stream of each concern.
pub(super) struct Streams {
    pub identity: Stream,
    pub circumstances: Stream,
    pub credit: Stream,
    pub scores: Stream,
    pub asking: Stream,
    pub lending: Stream,
    pub repayment: Stream,
    pub wealth: Stream,
    pub milestones: Stream,
    pub paydays: Stream,
    /// How each customer banks.
    pub banking: Stream,
    /// A month of a customer's movements.
    pub movements: Stream,
    /// What two customers send each other in a month.
    pub links: Stream,
    /// Keys the permutation of Social Security numbers.
    pub numbers: Stream,
}

impl World {
    /// Builds the world of a checked scenario.
    pub fn new(scenario: &Scenario) -> World {
        let seed = Seed(scenario.seed);
        let calendar = Calendar { as_of: scenario.as_of };
        let reference = Reference::get();
        let market = Market::new(&scenario.model, seed.stream("market").at(0), &calendar, reference);
        let chances = Chances::new(seed);
        World {
            goes_on: false,
            rates: Rates::new(scenario, 0, &chances.rates),
            remittance_days: season_weights(&scenario.streams, scenario.as_of),
            neighbourhoods: Neighbourhoods::default(),
            residents: Residents::new(&scenario.model, reference),
            hardship: Hardship::new(&market, scenario.model.hardship_factor),
            market,
            chances,
            anomalies: anomaly::Streams::all(seed),
            ids: Ids::new(scenario.tag()),
            purchase_days: (0..WINDOW).map(|t| Catalogue::get().days(calendar.month(t))).collect(),
            first_booking: first_booking(scenario, &calendar),
            scenario: scenario.clone(),
            calendar,
            reference,
            streams: Streams {
                identity: seed.stream("identity"),
                circumstances: seed.stream("circumstances"),
                credit: seed.stream("credit"),
                scores: seed.stream("scores"),
                asking: seed.stream("asking"),
                lending: seed.stream("lending"),
                repayment: seed.stream("repayment"),
                wealth: seed.stream("wealth"),
                milestones: seed.stream("milestones"),
                paydays: seed.stream("paydays"),
                banking: seed.stream("banking"),
                movements: seed.stream("movements"),
                links: seed.stream("links"),
                numbers: seed.stream("numbers"),
            },
        }
    }

    /// The same world with streams that go on beyond its last day, for those who follow them. Up to that day they tell the same.
    pub fn going_on(scenario: &Scenario) -> World {
        let world = World::new(scenario);
        World { goes_on: true, rates: Rates::new(scenario, DAYS_BEYOND, &world.chances.rates), ..world }
    }

    /// The rows that belong to no customer.
    pub fn rows(&self) -> Block {
        let points = self.scenario.market_data_points;
        Block {
            market_data: self.market.rows(&self.calendar, &self.rates, &self.ids, points),
            banks: HOUSES.to_vec(),
            events: neighbourhood::rates(self),
            ..Block::default()
        }
    }
}

/// Rows that an account has in a month, as the default scenario has them: by it a volume becomes a number of days.
const ROWS_A_MONTH: f64 = 16.4;
/// And how many accounts a customer has.
const ACCOUNTS: f64 = 2.5;

/// Transactions are written from here on, for all accounts alike. It is the 1st, 11th or 21st of a month: what is brought back
/// comes back within a third of a month, so that no table has a refund without its purchase.
fn first_booking(scenario: &Scenario, calendar: &Calendar) -> Option<Day> {
    let earliest = calendar.month(0).first();
    if scenario.transaction_months > 0 {
        return Some(calendar.month(WINDOW - scenario.transaction_months as i32).first());
    }
    if scenario.transactions_per_account == 0 {
        return None;
    }
    let a_month = match scenario.model.transactions_per_day {
        Some((least, most)) => ROWS_A_MONTH.max((least + most) / 2.0 * 30.44 / ACCOUNTS),
        None => ROWS_A_MONTH,
    };
    let days = f64::from(scenario.transactions_per_account) / a_month * 30.44;
    let day = calendar.as_of.plus(1 - days.min(36_525.0).round() as i32);
    let month = day.month();
    let starts = [month.first(), month.day(11), month.day(21), month.plus(1).first()];
    let nearest = starts.into_iter().min_by_key(|start| start.since(day).abs()).unwrap_or(day);
    let latest = [21, 11, 1].map(|date| calendar.last_month().day(date)).into_iter().find(|day| *day <= calendar.as_of);
    Some(nearest.min(latest.unwrap_or(nearest)).max(earliest))
}

/// The months of the window: `t` runs from 0 to [`WINDOW`] - 1, which is the month of `as_of`.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    pub as_of: Day,
}

impl Calendar {
    pub fn last_month(&self) -> Month {
        self.as_of.month()
    }

    /// The calendar month of month `t`.
    pub fn month(&self, t: i32) -> Month {
        self.last_month().plus(t - WINDOW + 1)
    }

    /// The middle of the month that comes `later` months after the last (before it, if negative), in years.
    pub(super) fn year(&self, later: i32) -> f64 {
        let month = self.last_month().plus(later);
        f64::from(month.year()) + (f64::from(month.number()) - 0.5) / 12.0
    }

    /// The `t` of a day; negative before the window.
    pub fn index(&self, day: Day) -> i32 {
        day.month().since(self.last_month()) + WINDOW - 1
    }

    /// The day on which month `t` is recorded: its last, or `as_of`.
    pub fn record_day(&self, t: i32) -> Day {
        self.month(t).last().min(self.as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_ends_in_the_month_of_as_of() {
        let calendar = Calendar { as_of: "2025-12-15".parse().unwrap() };
        assert_eq!(calendar.record_day(WINDOW - 1).to_string(), "2025-12-15");
        assert_eq!(calendar.record_day(0).to_string(), "2021-01-31");
        assert_eq!(calendar.index("2021-01-01".parse().unwrap()), 0);
        assert_eq!(calendar.index("2020-12-31".parse().unwrap()), -1);
    }

    #[test]
    fn the_market_is_plausible() {
        let world = World::new(&Scenario::default());
        let months: Vec<_> = (WINDOW - super::super::market::MONTHS..WINDOW).map(|t| *world.market.month(t)).collect();
        let mean = |get: fn(&super::super::market::MarketMonth) -> f64| {
            months.iter().map(get).sum::<f64>() / months.len() as f64
        };
        // FRED UNRATE 1985-2019: mean 5.9, sd 1.5; recessions about an eighth of the time.
        assert!((4.0..8.0).contains(&mean(|month| month.unemployment)));
        assert!((0.03..0.3).contains(&mean(|month| f64::from(u8::from(month.recession)))));
        assert!(months.iter().all(|month| month.fed_funds > 0.0 && month.sp500 > 0.0 && month.usd_htg > 20.0));
    }
}
