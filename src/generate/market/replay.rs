//! The economy of the United States as it was: through the published annual means (`data/us_macro_annual.csv`), with
//! monthly noise around them. Before the first year and after the last, rates stay as they are.

use super::simulated::{DAILY_DRIFT, Shares, TRADING_DAYS};
use super::{MONTHS, MarketMonth, htg};
use crate::generate::draw::{Draw, interpolate};
use crate::generate::reference::Reference;
use crate::generate::world::Calendar;

/// How much of a month's distance from the annual path is left in the next: our assumption, half-gone in three months.
const PERSISTENCE: f64 = 0.8;

/// Spread of the monthly noise, percentage points: with [`PERSISTENCE`], monthly changes of the size FRED's have beside
/// their trend (UNRATE 0.15, FEDFUNDS 0.20, MORTGAGE30US 0.16).
const NOISE: [f64; 3] = [0.10, 0.08, 0.12];

pub(super) fn path(mut draw: Draw, calendar: &Calendar, reference: &Reference) -> Vec<MarketMonth> {
    let past = &reference.macro_path;
    let mut noise = [0.0; 3];
    let (mut shares, mut away, mut before) = (Shares::default(), 0.0, 0.0);
    let month = |index: i32| {
        let year = calendar.year(index - MONTHS + 1);
        for (noise, spread) in noise.iter_mut().zip(NOISE) {
            *noise = PERSISTENCE * *noise + spread * draw.normal();
        }
        // Share prices wander as they do in the model, but are drawn back to where they were.
        let log = shares.month(0.0, &mut draw);
        let surprise = log - before - f64::from(TRADING_DAYS) * DAILY_DRIFT / 100.0;
        before = log;
        away = PERSISTENCE * away + surprise;
        let mortgage_30y = interpolate(year, &past.mortgage_30y) + noise[2];
        MarketMonth {
            unemployment: (interpolate(year, &past.unemployment) + noise[0]).max(2.5),
            fed_funds: (interpolate(year, &past.fed_funds) + noise[1]).max(0.05),
            mortgage_30y,
            treasury_10y: (interpolate(year, &past.treasury_10y) + noise[2]).max(0.3),
            cpi_yoy: interpolate(year, &past.cpi_yoy),
            gdp_growth: interpolate(year, &past.gdp_growth) + 1.4 * draw.normal(),
            sp500: libm::exp(interpolate(year, &past.log_sp500) + away),
            usd_htg: htg(reference, year) * libm::exp(0.006 * draw.normal()),
            recession: reference.recessions.iter().any(|(peak, trough)| {
                // The committee dates the peak as the last month of growth.
                (peak.plus(1)..=*trough).contains(&calendar.last_month().plus(index - MONTHS + 1))
            }),
        }
    };
    (0..MONTHS).map(month).collect()
}
