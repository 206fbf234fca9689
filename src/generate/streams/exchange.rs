//! Exchange rates: one a day, published in the morning, which remittances are reckoned at.

use super::{Name, StreamEvent, StreamKind};
use crate::generate::seed::Stream;
use crate::generate::world::World;
use crate::model::payload::{Payload, Rate, Time};
use crate::scenario::streams::RateModel;
use crate::scenario::{MarketKind, Scenario};
use crate::schema::{Day, Moment};

/// Rates stay between these, as shares of the rate they begin with: 100 and 200 where that is 132.50.
const LOWEST: f64 = 100.0 / 132.5;
const HIGHEST: f64 = 200.0 / 132.5;
/// When a day's rate is published.
pub const PUBLISHED: u32 = 9 * 3600;

/// The rate of each day of the data, and when it is published.
pub struct Rates {
    first: Day,
    rates: Vec<Rate>,
    /// Where nothing ever changes, the rate has always been what it is.
    is_steady: bool,
    /// Whether it is the gourde's, which is a series of the market's, too.
    is_gourde: bool,
}

impl Rates {
    /// Those of the streams' time, and of so many days after it.
    pub(in crate::generate) fn new(scenario: &Scenario, beyond: i32, chance: &Stream) -> Rates {
        let settings = &scenario.streams;
        let first = scenario.as_of.plus(1 - settings.time_span_days as i32);
        let base = settings.exchange_rate_base;
        let is_steady = scenario.model.market == MarketKind::Steady;
        let volatility = if is_steady { 0.0 } else { settings.exchange_rate_volatility };
        let (mut log, mut variance) = (0.0, volatility * volatility);
        let (low, high) = (libm::log(LOWEST), libm::log(HIGHEST));
        let rate = |day: i32| {
            if day > 0 {
                // Each day draws for itself.
                let z = chance.at(first.plus(day).0 as u64).normal();
                log += match settings.exchange_rate_model {
                    RateModel::RandomWalk => volatility * z,
                    // Half of what it is off is gone in ten days.
                    RateModel::MeanReverting => volatility * z - 0.067 * log,
                    // GARCH(1, 1) with the usual weights (Bollerslev 1986).
                    RateModel::Garch => {
                        let step = libm::sqrt(variance) * z;
                        variance = 0.05 * volatility * volatility + 0.08 * step * step + 0.87 * variance;
                        step
                    }
                };
                // What would leave the range is thrown back into it.
                log = if log > high { 2.0 * high - log } else { log };
                log = if log < low { 2.0 * low - log } else { log };
                log = log.clamp(low, high);
            }
            Rate(((base * libm::exp(log) * 1e4).round() as i64).max(1))
        };
        let rates: Vec<Rate> = (0..settings.time_span_days as i32 + beyond).map(rate).collect();
        Rates { first, rates, is_steady, is_gourde: settings.corridor.currency == "HTG" }
    }

    /// The rate that is published at a time: the day's, from nine o'clock on.
    pub fn at(&self, at: Moment) -> Rate {
        let published = if at.clock().0 * 3600 < PUBLISHED { at.day().plus(-1) } else { at.day() };
        let number = (published.since(self.first).max(0) as usize).min(self.rates.len() - 1);
        self.rates[number]
    }

    /// The rate of the gourde on a day, if that is published.
    pub fn of_gourde(&self, day: Day) -> Option<Rate> {
        let number = usize::try_from(day.since(self.first)).ok();
        let published = number.and_then(|number| self.rates.get(number).copied());
        published.or(self.rates.first().copied().filter(|_| self.is_steady)).filter(|_| self.is_gourde)
    }

    /// How many are published.
    pub fn count(&self) -> u64 {
        self.rates.len() as u64
    }

    pub fn published_at(&self, number: u64) -> Moment {
        self.first.plus(number as i32).at(PUBLISHED)
    }

    /// The event of the day with this number.
    pub fn tell<'w>(&self, world: &'w World, number: u64) -> StreamEvent<'w> {
        let at = self.published_at(number);
        let rate = self.rates[number as usize];
        let hidden = world.chances.numbers.permute::<27>(1 << 53 | at.day().0 as u64);
        let id = world.ids.nth(StreamKind::Remittance.space(), at.day().0 as u64, hidden);
        let payload = Payload::RateUpdated {
            effective_at: Time(at),
            pair: format!("USD/{}", world.scenario.streams.corridor.currency),
            previous_rate: number.checked_sub(1).map_or(rate, |before| self.rates[before as usize]),
            rate,
            source: "central_bank_feed",
        };
        StreamEvent {
            at,
            stream: StreamKind::Remittance,
            id,
            name: Name::Known("exchange-rate-updated"),
            correlation: id,
            customer: None,
            circle: None,
            payload,
            labels: Vec::new(),
        }
    }
}
