//! C29: the economy, and its series for the checks that need them.

use std::collections::BTreeMap;

use super::panel::{Panel, number};
use super::score::{Measure, Score};
use super::stats::{mean, pearson, sd};
use crate::encode::Record;
use crate::schema::Month;

/// Every series of `market_data`, month by month.
pub(crate) struct Market {
    series: BTreeMap<String, BTreeMap<Month, f64>>,
}

impl Market {
    pub fn new(rows: &[Record]) -> Market {
        let mut series: BTreeMap<String, BTreeMap<Month, f64>> = BTreeMap::new();
        for row in rows {
            let (Some(name), Some(day), Some(value)) =
                (row.text("data_type"), row.day("date_recorded"), number(row, "value"))
            else {
                continue;
            };
            series.entry(name.to_owned()).or_default().insert(day.month(), value);
        }
        Market { series }
    }

    pub fn at(&self, series: &str, month: Month) -> Option<f64> {
        self.series.get(series)?.get(&month).copied()
    }

    /// A series, oldest month first.
    pub fn series(&self, name: &str) -> impl Iterator<Item = (Month, f64)> {
        self.series.get(name).into_iter().flatten().map(|(month, value)| (*month, *value))
    }

    /// A series over the months of credit history.
    pub fn window(&self, series: &str, panel: &Panel) -> Vec<f64> {
        (0..panel.months()).filter_map(|month| self.at(series, panel.calendar(month))).collect()
    }

    /// Mean unemployment over the months of credit history.
    pub fn mean_unemployment(&self, panel: &Panel) -> Option<f64> {
        Some(mean(&self.window("unemployment", panel))).filter(|mean| mean.is_finite())
    }
}

pub(super) fn score(market: &Market) -> Score {
    let months = market.series("unemployment").map(|(month, _)| month);
    let all = |month: Month| {
        let [unemployment, funds, mortgage, shares] =
            ["unemployment", "fed_funds", "mortgage_30y", "sp500"].map(|series| market.at(series, month));
        Some([unemployment?, funds?, mortgage?, shares?])
    };
    let rows: Vec<[f64; 4]> = months.filter_map(all).collect();
    let column = |index: usize| rows.iter().map(|row| row[index]).collect::<Vec<f64>>();
    let changes = |values: &[f64]| values.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<f64>>();
    let [unemployment, funds, mortgage] = [0, 1, 2].map(column);
    let log_shares: Vec<f64> = rows.iter().map(|row| libm::log(row[3])).collect();
    let volatility = sd(&changes(&log_shares)) * 12f64.sqrt();
    let (before, after) = (&funds[..funds.len().saturating_sub(1)], funds.get(1..).unwrap_or_default());

    let mut measures = vec![
        Measure::new("sd of changes in unemployment", sd(&changes(&unemployment)), 0.06..=0.30),
        Measure::new("share prices, yearly volatility", volatility, 0.08..=0.26),
        Measure::new("fed funds, autocorrelation", pearson(before, after), 0.95..=1.0),
        Measure::new(
            "changes: fed funds, unemployment",
            pearson(&changes(&funds), &changes(&unemployment)),
            -0.8..=0.10,
        ),
    ];
    let score = |measures| Score::new("C29", rows.len(), measures);
    if sd(&funds) < 0.5 {
        return score(measures).with_note("the funds rate hardly moves, so that mortgages need not follow it");
    }
    measures.insert(1, Measure::new("mortgage rate and fed funds", pearson(&mortgage, &funds), 0.05..=0.99));
    score(measures)
}
