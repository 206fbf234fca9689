//! A small macro model: another seed, another history.
//!
//! Two-state recessions drive unemployment; the central bank follows a Taylor-like rule with inertia; mortgage rates follow
//! the funds rate; share prices follow a GJR-GARCH(1,1) with Student's t. The constants are fitted to the moments of
//! FRED's monthly series 1985-2019 (UNRATE: mean 5.9, sd 1.5, sd of change 0.15; FEDFUNDS: sd of change 0.20; CPIAUCSL:
//! monthly 0.19, sd 0.32, AR(1) 0.51; GDPC1: Okun's coefficient) and to daily closes of the S&P 500, 1990-2025.

use super::{MONTHS, MarketMonth, htg};
use crate::generate::draw::Draw;
use crate::generate::reference::Reference;
use crate::generate::world::Calendar;
use crate::scenario::{Model, Recession};

/// Expansions last 80 months on average, recessions 11: NBER's mean of the cycles 1945-2009 is 58 and 11, of those since
/// 1982 103 and 9.
const RECESSION_BEGINS: f64 = 1.0 / 80.0;
const RECESSION_GOES_ON: f64 = 10.0 / 11.0;

/// Bounds of unemployment, percent. They matter: without them one path in twelve runs away to 13 % and breaks every
/// credit target; from 1948 to 2019 it lay between 2.5 and 10.8 (FRED UNRATE).
const UNEMPLOYMENT: (f64, f64) = (3.2, 11.0);

pub(super) fn path(model: &Model, mut draw: Draw, calendar: &Calendar, reference: &Reference) -> Vec<MarketMonth> {
    let mut months: Vec<MarketMonth> = Vec::with_capacity(MONTHS as usize);
    let (mut unemployment, mut fed_funds, mut shrinks) = (4.6, 3.0, false);
    let (mut cpi, mut cpi_yoy, mut funds_change, mut spread) = (0.2, 2.3, 0.0, 0.0);
    let mut shares = Shares::default();
    for index in 0..MONTHS {
        shrinks = draw.chance(if shrinks { RECESSION_GOES_ON } else { RECESSION_BEGINS });
        let recession = is_set(model, MONTHS - 1 - index).unwrap_or(shrinks);
        let drift = if recession {
            0.55 * model.recession_severity * (1.0 - unemployment / 10.5_f64).max(0.0)
        } else {
            -0.045 * (unemployment - 3.9)
        };
        let next: f64 = (unemployment + drift + 0.11 * draw.normal()).clamp(UNEMPLOYMENT.0, UNEMPLOYMENT.1);
        let change = next - unemployment;
        unemployment = next;

        cpi = 0.20 + 0.5 * (cpi - 0.20) - if recession { 0.10 } else { 0.0 } + 0.26 * draw.normal();
        cpi_yoy = 0.92 * cpi_yoy + 0.08 * 12.0 * cpi;
        let rule = (0.8 + cpi_yoy + 0.5 * (cpi_yoy - 2.0) - 1.3 * (unemployment - 4.6)).max(0.1);
        funds_change = 0.5 * funds_change + 0.0275 * (rule - fed_funds) - 0.17 * change + 0.06 * draw.normal();
        fed_funds = (fed_funds + funds_change).max(0.05);
        spread = 0.96 * spread + 0.15 * draw.normal();
        let mortgage_30y = 3.944 + 0.4955 * fed_funds + spread;
        let drag = if recession { 0.06 * model.recession_severity } else { 0.0 };
        let sp500 = shares.month(drag, &mut draw);

        months.push(MarketMonth {
            fed_funds,
            mortgage_30y,
            // The 30-year mortgage has stood about 1.7 points above the 10-year note (FRED, 1971-2023).
            treasury_10y: (mortgage_30y - 1.7).max(0.3),
            unemployment,
            cpi_yoy,
            gdp_growth: 2.9 - 6.6 * change + 1.4 * draw.normal(),
            sp500,
            usd_htg: htg(reference, calendar.year(index - MONTHS + 1)) * libm::exp(0.006 * draw.normal()),
            recession,
        });
    }
    super::scale_shares(&mut months);
    months
}

/// Whether the month `ago` months before the last is one of recession, where the scenario says so.
fn is_set(model: &Model, ago: i32) -> Option<bool> {
    let begins = match model.recession {
        Recession::Random => return None,
        _ if ago > Recession::SPAN as i32 => return None,
        Recession::None => return Some(false),
        Recession::Begins(begins) => begins as i32,
    };
    Some((begins - model.recession_months as i32 + 1..=begins).contains(&ago))
}

/// The logarithm of share prices, day by day, and its conditional variance in percent squared.
pub(super) struct Shares {
    log: f64,
    variance: f64,
}

impl Default for Shares {
    fn default() -> Self {
        Shares { log: 0.0, variance: 0.9 }
    }
}

/// Mean daily return, percent.
pub(super) const DAILY_DRIFT: f64 = 0.051;
pub(super) const TRADING_DAYS: i32 = 21;

impl Shares {
    /// The level's logarithm after another month, in which each day loses `drag` percent against the usual drift.
    pub(super) fn month(&mut self, drag: f64, draw: &mut Draw) -> f64 {
        for _ in 0..TRADING_DAYS {
            // Unit variance: t with 6.79 degrees of freedom has 6.79 / 4.79.
            let shock = draw.student_t(6.79) * libm::sqrt(4.79 / 6.79);
            let day = DAILY_DRIFT - drag + libm::sqrt(self.variance) * shock;
            let fall = if day < 0.0 { 0.178 * day * day } else { 0.0 };
            self.variance = (0.016 + fall + 0.8956 * self.variance).min(25.0);
            self.log += day / 100.0;
        }
        self.log
    }
}
