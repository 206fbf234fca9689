//! The economy: one path of monthly series per world, on which every life depends.

mod replay;
mod simulated;

use super::draw::{Draw, interpolate};
use super::reference::Reference;
use super::streams::Rates;
use super::world::{Calendar, WINDOW};
use crate::model::ids::Ids;
use crate::model::{Id, MarketData, Series, Space};
use crate::scenario::{MarketKind, Model};

/// Months simulated before `as_of`: the longest history that can be asked for.
pub const MONTHS: i32 = 600;

/// Share prices of the macro model are scaled to stand at this level at the start of the window: the S&P 500 at the end
/// of 2020.
const SP500_AT_WINDOW: f64 = 3756.07;

/// One month of the economy; rates in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
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

/// The month in which nothing pulls at anyone: unemployment where the credit model is neutral, the funds rate at its
/// mean of 1985-2025 (FRED, 3.5) less half a point, the mortgage rate that goes with it.
const STEADY: MarketMonth = MarketMonth {
    fed_funds: 3.0,
    mortgage_30y: 3.944 + 0.4955 * 3.0,
    treasury_10y: 3.944 + 0.4955 * 3.0 - 1.7,
    unemployment: 5.0,
    cpi_yoy: 2.0,
    gdp_growth: 2.9,
    sp500: SP500_AT_WINDOW,
    usd_htg: 70.37,
    recession: false,
};

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
    source: &'static str,
}

impl Market {
    pub(super) fn new(model: &Model, draw: Draw, calendar: &Calendar, reference: &Reference) -> Market {
        let (months, source) = match model.market {
            MarketKind::Simulated => (simulated::path(model, draw, calendar, reference), "credit-seed macro model"),
            MarketKind::Replay => (replay::path(draw, calendar, reference), "credit-seed after annual means of FRED"),
            MarketKind::Steady => (vec![STEADY; MONTHS as usize], "credit-seed steady market"),
        };
        Market { months, source }
    }

    /// The economy in month `t` of the window; before it, `t` is negative. Flat beyond what was simulated.
    pub fn month(&self, t: i32) -> &MarketMonth {
        let index = t + MONTHS - WINDOW;
        &self.months[index.clamp(0, MONTHS - 1) as usize]
    }

    /// The rows of `market_data`: the newest `points` months of every series, oldest first, series by series.
    /// On the days of the streams the series of the gourde has the rate that remittances are reckoned at.
    pub(super) fn rows(&self, calendar: &Calendar, rates: &Rates, ids: &Ids, points: u32) -> Vec<MarketData> {
        let points = (points as i32).min(MONTHS);
        let mut rows = Vec::with_capacity(Series::ALL.len() * points as usize);
        for series in Series::ALL {
            for t in WINDOW - points..WINDOW {
                let date = calendar.record_day(t);
                let simulated = (self.month(t).value(series) * 10_000.0).round() as i64;
                let published = rates.of_gourde(date).filter(|_| series == Series::UsdHtg);
                rows.push(MarketData {
                    data_id: id(ids, series, calendar.month(t).0),
                    data_type: series,
                    value: published.map_or(simulated, |rate| rate.0),
                    date_recorded: date,
                    source: self.source,
                    created_at: date.at(18 * 3600),
                });
            }
        }
        rows
    }
}

fn id(ids: &Ids, series: Series, month: i32) -> Id {
    // Months before 1970 come first too: the scenario's calendar reaches back to 1940.
    ids.nth(Space::MarketData, series as u64, (month + 1200) as u64)
}

/// Turns logarithms of share prices into prices that pass through [`SP500_AT_WINDOW`].
fn scale_shares(months: &mut [MarketMonth]) {
    let base = months[(MONTHS - WINDOW) as usize - 1].sp500;
    for month in months {
        month.sp500 = SP500_AT_WINDOW * libm::exp(month.sp500 - base);
    }
}

/// HTG per USD: log-linear between the published annual means, flat beyond them.
fn htg(reference: &Reference, year: f64) -> f64 {
    libm::exp(interpolate(year, &reference.log_usd_htg))
}

#[cfg(test)]
mod tests {
    use super::super::World;
    use super::*;
    use crate::scenario::{Recession, Scenario};

    fn window(model: Model) -> Vec<MarketMonth> {
        let world = World::new(&Scenario { model, ..Scenario::default() });
        (-120..WINDOW).map(|t| *world.market.month(t)).collect()
    }

    #[test]
    fn a_set_recession_is_the_only_one() {
        let months = window(Model { recession: Recession::Begins(36), ..Model::default() });
        let at: Vec<usize> = (0..months.len()).filter(|month| months[*month].recession).collect();
        // The last month is `as_of`'s, position 179; 36 months before it is 143.
        assert_eq!(at, (143..154).collect::<Vec<_>>());
        assert!(months[154].unemployment > months[142].unemployment + 1.0);
        let none = window(Model { recession: Recession::None, ..Model::default() });
        assert!(none.iter().all(|month| !month.recession));
        let severe = Model { recession: Recession::Begins(36), recession_severity: 2.0, ..Model::default() };
        assert!(window(severe)[154].unemployment > months[154].unemployment + 0.5);
    }

    #[test]
    fn replay_passes_near_what_was() {
        let world = World::new(&Scenario {
            as_of: "2021-12-31".parse().unwrap(),
            model: Model { market: MarketKind::Replay, ..Model::default() },
            ..Scenario::default()
        });
        let year = |from: i32| (from..from + 12).map(|t| *world.market.month(t)).collect::<Vec<_>>();
        let mean = |months: &[MarketMonth]| months.iter().map(|month| month.unemployment).sum::<f64>() / 12.0;
        // 2019 and 2020; straight lines between annual means cut the peak.
        assert!((mean(&year(WINDOW - 36)) - 3.7).abs() < 1.2 && mean(&year(WINDOW - 24)) > 6.0);
        let recession: Vec<i32> = (0..WINDOW).filter(|t| world.market.month(*t).recession).collect();
        let march_2020 = WINDOW - 22;
        assert_eq!(recession, [march_2020, march_2020 + 1]);
    }

    #[test]
    fn a_steady_market_stands_still() {
        let months = window(Model { market: MarketKind::Steady, ..Model::default() });
        assert!(months.iter().all(|month| *month == STEADY));
    }
}
