//! The economy: the series of `market_data` month by month, recessions shaded.

use super::figure::{Figure, Sign};
use super::html::{fixed, grouped};
use super::ink::Ink;
use super::plot::{Axis, Plot};
use super::published;
use crate::schema::Month;
use crate::validate::realism::market::Market;
use crate::validate::realism::stats::{mean, pearson, sd};

/// A year of months, below which a series is too short to look at.
const SHORTEST: usize = 12;

pub(super) fn figures(market: &Market) -> [Figure; 4] {
    let unemployment: Vec<f64> = market.series("unemployment").map(|(_, value)| value).collect();
    let shares: Vec<f64> = market.series("sp500").map(|(_, value)| libm::log(value)).collect();
    let returns: Vec<f64> = shares.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let volatility = 100.0 * sd(&returns) * libm::sqrt(12.0);
    let both = market.series("fed_funds").filter_map(|(month, funds)| Some((funds, market.at("mortgage_30y", month)?)));
    let (funds, mortgages): (Vec<f64>, Vec<f64>) = both.unzip();
    [
        chart(
            market,
            "Unemployment",
            "% of the labour force",
            &[("unemployment", "unemployment", Ink::Here, 5)],
            Some(published::UNEMPLOYMENT),
            format!(
                "The mean is {} % here and was {} % from 1985 to 2019 ({}).",
                fixed(mean(&unemployment), 1),
                published::UNEMPLOYMENT,
                published::UNEMPLOYMENT_SOURCE
            ),
        ),
        chart(
            market,
            "Interest rates",
            "% a year",
            &[
                ("mortgage_30y", "30-year mortgage", Ink::Second, 5),
                ("treasury_10y", "10-year Treasury", Ink::Third, 5),
                ("fed_funds", "federal funds", Ink::Here, 5),
            ],
            None,
            format!(
                "Mortgages and the funds rate correlate by {} here; over windows of ten years it was .10 to .85 (FRED, 1985 \
                 to 2019).",
                fixed(pearson(&funds, &mortgages), 2)
            ),
        ),
        chart(
            market,
            "Prices and growth",
            "% a year",
            &[("cpi_yoy", "consumer prices", Ink::Here, 5), ("gdp_growth", "gross domestic product", Ink::Second, 2)],
            None,
            "Prices against a year before; growth as a yearly rate, tied to unemployment by Okun's law as measured on FRED \
             series."
                .to_owned(),
        ),
        chart(
            market,
            "Share prices",
            "index points",
            &[("sp500", "share prices", Ink::Here, 5)],
            None,
            format!(
                "Scaled to the S&amp;P 500 at the end of 2020. Yearly volatility of monthly changes {} %; credible is 8 to \
                 26 % (check C29, FRED).",
                fixed(volatility, 1)
            ),
        ),
    ]
}

/// Lines over time, and a published level if there is one.
fn chart(
    market: &Market,
    title: &'static str,
    unit: &'static str,
    series: &[(&str, &'static str, Ink, u32)],
    level: Option<f64>,
    published: String,
) -> Figure {
    let points = |name: &str| market.series(name).map(|(month, value)| (middle(month), value)).collect::<Vec<_>>();
    let months = || series.iter().flat_map(|(name, ..)| market.series(name).map(|(month, _)| month));
    let mut key: Vec<(Sign, Ink, &'static str)> =
        series.iter().map(|(_, words, ink, _)| (Sign::Line, *ink, *words)).collect();
    if level.is_some() {
        key.push((Sign::Stroke, Ink::Published, "published mean"));
    }
    key.push((Sign::Box, Ink::Shade, "recession"));
    let drawn = |(first, last): (Month, Month)| {
        if (last.since(first) as usize) < SHORTEST {
            return None;
        }
        let values = || series.iter().flat_map(|(name, ..)| points(name)).map(|(_, value)| value);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let high = level.map_or(high, |level| high.max(level));
        // Prices of shares are read by their changes; all else from nought.
        let from = if low > 500.0 { low } else { low.min(0.0) };
        let label = |at: f64| match at {
            1000.0.. => grouped(at as u64),
            _ if at.fract() == 0.0 => fixed(at, 0),
            _ => fixed(at, 1),
        };
        let mut plot = Plot::new(month_axis(first, last), Axis::round(from, high, label));
        shade_recessions(&mut plot, market, first, last);
        if let Some(level) = level {
            plot.stroke((f64::from(first.0), f64::from(last.0) + 1.0), level, Ink::Published);
        }
        for (name, _, ink, width) in series {
            plot.line(points(name), *ink, *width);
        }
        plot.draw(title)
    };
    Figure { title, unit, key, chart: months().min().zip(months().max()).and_then(drawn), caption: published }
}

/// Where a month lies on an axis of months.
fn middle(month: Month) -> f64 {
    f64::from(month.0) + 0.5
}

/// An axis of months, labelled with the years that begin in it, some six of them.
pub(super) fn month_axis(first: Month, last: Month) -> Axis {
    let years = last.year() - first.year();
    let every = [1, 2, 5, 10, 20].into_iter().find(|every| years / every <= 6).unwrap_or(50);
    let begins = |year: i32| Month((year - 1970) * 12);
    let labelled = (first.year()..=last.year()).filter(|year| year % every == 0 && begins(*year) >= first);
    let ticks: Vec<(f64, String)> = labelled.map(|year| (f64::from(begins(year).0), year.to_string())).collect();
    Axis::new(f64::from(first.0), f64::from(last.0) + 1.0, ticks)
}

/// Shades the months from `first` to `last` in which the economy shrinks.
pub(super) fn shade_recessions(plot: &mut Plot, market: &Market, first: Month, last: Month) {
    let shrinks = |month: &Month| market.at("recession", *month).is_some_and(|value| value > 0.5);
    let months: Vec<Month> = (first.0..=last.0).map(Month).filter(shrinks).collect();
    for spell in months.chunk_by(|before, after| after.since(*before) == 1) {
        let (Some(from), Some(to)) = (spell.first(), spell.last()) else { continue };
        plot.area((f64::from(from.0), f64::from(to.0) + 1.0), (f64::MIN, f64::MAX), Ink::Shade);
    }
}
