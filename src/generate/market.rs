//! The economy: one path of monthly series per world, on which every life depends.
//!
//! A small macro model (realism targets after FRED 1985-2019 and S&P 500 1990-2025): a two-state recession drives
//! unemployment; the central bank follows a Taylor-like rule with inertia; mortgage rates follow the funds rate; share
//! prices follow a GJR-GARCH(1,1) with Student's t.

use super::draw::Draw;
use super::reference::Reference;
use super::world::Calendar;
use crate::model::{Id, MarketData, Series};

/// Months simulated before `as_of`: the longest history that can be asked for.
pub const MONTHS: i32 = 600;

/// Share prices are scaled to stand at this level at the start of the window: the S&P 500 at the end of 2020.
const SP500_AT_WINDOW: f64 = 3756.07;

/// One month of the economy; rates in percent.
#[derive(Clone, Copy, Debug)]
pub struct MarketMonth {
    pub fed_funds: f64,
    pub mortgage_30y: f64,
    pub treasury_10y: f64,
    pub unemployment: f64,
    pub cpi_yoy: f64,
    pub gdp_growth: f64,
    pub sp500: f64,
    pub usd_htg: f64,
    pub recession: bool,
}

impl MarketMonth {
    fn value(&self, series: Series) -> f64 {
        match series {
            Series::FedFunds => self.fed_funds,
            // Banks have quoted the funds target plus 3 points since 1994 (Federal Reserve H.15).
            Series::Prime => self.fed_funds + 3.0,
            Series::Mortgage30y => self.mortgage_30y,
            Series::Treasury10y => self.treasury_10y,
            Series::Unemployment => self.unemployment,
            Series::CpiYoy => self.cpi_yoy,
            Series::GdpGrowth => self.gdp_growth,
            Series::Sp500 => self.sp500,
            Series::UsdHtg => self.usd_htg,
            Series::Recession => f64::from(u8::from(self.recession)),
        }
    }
}

/// The path, oldest month first; the last is the month of `as_of`.
pub struct Market {
    months: Vec<MarketMonth>,
}

impl Market {
    pub fn simulate(mut draw: Draw, calendar: &Calendar, reference: &Reference) -> Market {
        let mut months: Vec<MarketMonth> = Vec::with_capacity(MONTHS as usize);
        let (mut unemployment, mut fed_funds, mut recession) = (4.6, 3.0, false);
        let (mut cpi, mut cpi_yoy, mut funds_change, mut spread) = (0.2, 2.3, 0.0, 0.0);
        let (mut log_shares, mut variance) = (0.0, 0.9);
        for index in 0..MONTHS {
            recession = draw.chance(if recession { 10.0 / 11.0 } else { 1.0 / 80.0 });
            let drift =
                if recession { 0.55 * (1.0 - unemployment / 10.5_f64).max(0.0) } else { -0.045 * (unemployment - 3.9) };
            // The clamp matters: without it one path in twelve runs away to 13 % and breaks every credit target.
            let next: f64 = (unemployment + drift + 0.11 * draw.normal()).clamp(3.2, 11.0);
            let change = next - unemployment;
            unemployment = next;

            cpi = 0.20 + 0.5 * (cpi - 0.20) - if recession { 0.10 } else { 0.0 } + 0.26 * draw.normal();
            cpi_yoy = 0.92 * cpi_yoy + 0.08 * 12.0 * cpi;
            let rule = (0.8 + cpi_yoy + 0.5 * (cpi_yoy - 2.0) - 1.3 * (unemployment - 4.6)).max(0.1);
            funds_change = 0.5 * funds_change + 0.0275 * (rule - fed_funds) - 0.17 * change + 0.06 * draw.normal();
            fed_funds = (fed_funds + funds_change).max(0.05);
            spread = 0.96 * spread + 0.15 * draw.normal();
            let mortgage_30y = 3.944 + 0.4955 * fed_funds + spread;

            let mut monthly_return = 0.0;
            for _ in 0..21 {
                // Unit variance: t with 6.79 degrees of freedom has 6.79 / 4.79.
                let shock = draw.student_t(6.79) * libm::sqrt(4.79 / 6.79);
                let day = 0.051 - if recession { 0.06 } else { 0.0 } + libm::sqrt(variance) * shock;
                let fall = if day < 0.0 { 0.178 * day * day } else { 0.0 };
                variance = (0.016 + fall + 0.8956 * variance).min(25.0);
                monthly_return += day;
            }
            log_shares += monthly_return / 100.0;

            let month = calendar.last_month().plus(index - MONTHS + 1);
            let year = f64::from(month.year()) + (f64::from(month.number()) - 0.5) / 12.0;
            months.push(MarketMonth {
                fed_funds,
                mortgage_30y,
                // The 30-year mortgage has stood about 1.7 points above the 10-year note (FRED, 1971-2023).
                treasury_10y: (mortgage_30y - 1.7).max(0.3),
                unemployment,
                cpi_yoy,
                gdp_growth: 2.9 - 6.6 * change + 1.4 * draw.normal(),
                sp500: log_shares,
                usd_htg: htg(reference, year) * libm::exp(0.006 * draw.normal()),
                recession,
            });
        }
        let base = months[(MONTHS - super::world::WINDOW) as usize - 1].sp500;
        for month in &mut months {
            month.sp500 = SP500_AT_WINDOW * libm::exp(month.sp500 - base);
        }
        Market { months }
    }

    /// The economy in month `t` of the window; before it, `t` is negative. Flat beyond what was simulated.
    pub fn month(&self, t: i32) -> &MarketMonth {
        let index = t + MONTHS - super::world::WINDOW;
        &self.months[index.clamp(0, MONTHS - 1) as usize]
    }

    /// The rows of `market_data`: the newest `points` months of every series, oldest first, series by series.
    pub fn rows(&self, calendar: &Calendar, ids: &crate::model::ids::Ids, points: u32) -> Vec<MarketData> {
        let points = (points as i32).min(MONTHS);
        let mut rows = Vec::with_capacity(Series::ALL.len() * points as usize);
        for series in Series::ALL {
            for t in super::world::WINDOW - points..super::world::WINDOW {
                let date = calendar.record_day(t);
                rows.push(MarketData {
                    data_id: id(ids, series, calendar.month(t).0),
                    data_type: series,
                    value: (self.month(t).value(series) * 10_000.0).round() as i64,
                    date_recorded: date,
                    source: "credit-seed macro model",
                    created_at: date.at(18 * 3600),
                });
            }
        }
        rows
    }
}

fn id(ids: &crate::model::ids::Ids, series: Series, month: i32) -> Id {
    // Months before 1970 come first too: the scenario's calendar reaches back to 1940.
    ids.nth(crate::model::Space::MarketData, series as u64, (month + 1200) as u64)
}

/// HTG per USD: log-linear between the published annual means, flat beyond them.
fn htg(reference: &Reference, year: f64) -> f64 {
    let knots: Vec<(f64, f64)> = reference.usd_htg.iter().map(|(at, rate)| (*at, libm::log(*rate))).collect();
    libm::exp(super::draw::interpolate(year, &knots))
}
