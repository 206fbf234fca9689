//! Credit files: how scores are spread, and what goes with them.

use super::columns::{Column, Published, columns, places};
use super::economy::{month_axis, shade_recessions};
use super::figure::{FEW, Figure, Sign, here_and};
use super::html::{escape, fixed, grouped};
use super::ink::Ink;
use super::plot::{Axis, Plot};
use super::published;
use crate::validate::realism::credit::{BANDS, SHARES, reference_month};
use crate::validate::realism::market::Market;
use crate::validate::realism::outcomes::seasoned;
use crate::validate::realism::panel::{Entry, Panel};
use crate::validate::realism::requests::Request;
use crate::validate::realism::stats::{band, mean, quantile, share, sorted};
use crate::validate::realism::{Measure, Score, Scorecard};

pub(super) fn figures(panel: &Panel, requests: &[Request], market: &Market, card: &Scorecard) -> [Figure; 6] {
    [
        scores(panel),
        by_age(panel),
        new_loans(panel, requests),
        consumers(card),
        rolls(panel, market),
        utilisation(panel),
    ]
}

fn band_of(entry: Entry) -> usize {
    band(entry.score.into(), &BANDS)
}

fn scores(panel: &Panel) -> Figure {
    let newest = panel.months().saturating_sub(1);
    let files: Vec<Entry> = panel.present(newest).map(|(_, entry)| entry).collect();
    let groups: Vec<Column> = published::BANDS
        .into_iter()
        .enumerate()
        .map(|(number, name)| {
            let held = share(files.iter().map(|entry| band_of(*entry) == number));
            let value = if files.len() < FEW { f64::NAN } else { 100.0 * held };
            Column::new(name, value, Published::Point(SHARES[number]))
        })
        .collect();
    let title = "Credit scores";
    let average = mean(&files.iter().map(|entry| f64::from(entry.score)).collect::<Vec<_>>());
    Figure {
        title,
        unit: "share of customers in each score band, %",
        key: here_and("published"),
        chart: columns(title, &groups, places(1)),
        caption: format!(
            "The newest score of {} customers; the mean is {} here and was 715 to 717 in 2023 (Experian, FICO). Published \
             bands: {}.",
            grouped(files.len() as u64),
            fixed(average, 0),
            published::BANDS_SOURCE
        ),
    }
}

fn by_age(panel: &Panel) -> Figure {
    let newest = panel.months().saturating_sub(1);
    let files: Vec<(f64, f64)> =
        panel.present(newest).map(|(person, entry)| (panel.people[person].age, entry.score.into())).collect();
    let groups = published::SCORE_BY_AGE.into_iter().map(|(name, from, to, published)| {
        let of_age = files.iter().filter(|(age, _)| (from..=to).contains(age));
        let scores = sorted(of_age.map(|(_, score)| *score).collect());
        let enough = scores.len() >= FEW;
        let at = |q| if enough { quantile(&scores, q) } else { f64::NAN };
        let value = if enough { mean(&scores) } else { f64::NAN };
        Column { spread: Some((at(0.25), at(0.75))), ..Column::new(name, value, Published::Point(published)) }
    });
    let groups: Vec<Column> = groups.collect();
    let title = "Credit scores by age";
    Figure {
        title,
        unit: "newest score",
        key: vec![
            (Sign::Stroke, Ink::Here, "mean here"),
            (Sign::Box, Ink::Pale, "middle half here"),
            (Sign::Stroke, Ink::Published, "published mean"),
        ],
        chart: columns(title, &groups, places(0)),
        caption: format!("{} customers. Published: {}.", grouped(files.len() as u64), published::SCORE_BY_AGE_SOURCE),
    }
}

fn new_loans(panel: &Panel, requests: &[Request]) -> Figure {
    let loans = seasoned(panel, requests);
    let edges = published::NEW_ACCOUNTS.map(|(_, from, _)| from);
    let groups: Vec<Column> = published::NEW_ACCOUNTS
        .into_iter()
        .enumerate()
        .map(|(number, (name, _, rate))| {
            let of_band = loans.iter().filter(|(score, _)| band(*score, &edges[1..]) == number);
            let bad: Vec<bool> = of_band.map(|(_, bad)| *bad).collect();
            let value = if bad.len() < FEW { f64::NAN } else { 100.0 * share(bad.iter().copied()) };
            Column::new(name, value, Published::Point(rate))
        })
        .collect();
    let title = "Default of new loans by score";
    Figure {
        title,
        unit: "90 days late or in default within two years, % of new loans",
        key: here_and("published"),
        chart: columns(title, &groups, places(1)),
        caption: format!(
            "{} loans that the data follow for two years, by the score that the lender saw. Published: {} (new accounts of \
             2000 to 2002).",
            grouped(loans.len() as u64),
            published::NEW_ACCOUNTS_SOURCE
        ),
    }
}

/// The first measures of a check, one for each of `names`, as columns with ranges; `unit` is what 1 is drawn as.
pub(super) fn ranges<'a>(card: &'a Scorecard, id: &str, names: &[&str], unit: f64) -> (Option<&'a Score>, Vec<Column>) {
    let score = card.scores.iter().find(|score| score.published.id == id);
    let measures = score.map(|score| score.measures.as_slice()).unwrap_or_default();
    let enough = score.is_some_and(|score| score.n >= FEW as u64);
    let column = |(name, measure): (&&str, &Measure)| {
        let range = Published::Range(unit * measure.low, unit * measure.high);
        Column::new(*name, if enough { unit * measure.value } else { f64::NAN }, range)
    };
    (score, names.iter().zip(measures).map(column).collect())
}

/// On whose word a check's ranges are.
pub(super) fn source(score: Option<&Score>) -> String {
    escape(score.map_or("", |score| &score.published.source))
}

fn consumers(card: &Scorecard) -> Figure {
    let (score, groups) = ranges(card, "C11", &published::BANDS, 100.0);
    let title = "Serious delinquency by score";
    let write = |number: f64| fixed(number, if number.abs() < 9.95 && number != 0.0 { 1 } else { 0 });
    Figure {
        title,
        unit: "customers 90 days late on anything within two years, %",
        key: here_and("credible range"),
        chart: columns(title, &groups, write),
        caption: format!(
            "By the score at the start, the mean over several starts, some {} customers each. The ranges of check C11 are \
             drawn around: {}.",
            grouped(score.map_or(0, |score| score.n)),
            source(score)
        ),
    }
}

/// Months over which rolls are counted together.
const QUARTER: usize = 3;

fn rolls(panel: &Panel, market: &Market) -> Figure {
    let quarters = panel.months().saturating_sub(1) / QUARTER;
    // The newest months are whole quarters; what does not fill one lies at the start.
    let start = panel.months().saturating_sub(1) - quarters * QUARTER;
    let mut counts = vec![[(0_usize, 0_usize); 5]; quarters];
    for person in 0..panel.people.len() {
        for (quarter, counts) in counts.iter_mut().enumerate() {
            for month in (0..QUARTER).map(|month| start + quarter * QUARTER + month) {
                let pair = panel.at(person, month).zip(panel.at(person, month + 1));
                let Some((before, after)) = pair else { continue };
                let (rolled, all) = &mut counts[usize::from(before.state).min(4)];
                *all += 1;
                *rolled += usize::from(after.state > before.state);
            }
        }
    }
    let (first, last) = (panel.calendar(0), panel.end.month());
    let mut plot = Plot::new(month_axis(first, last), Axis::round(0.0, 100.0, |at| fixed(at, 0)));
    shade_recessions(&mut plot, market, first, last);
    let span = (f64::from(first.0), f64::from(last.0) + 1.0);
    plot.area(span, published::ROLL_30_TO_60, Ink::Target);
    let mut drawn = 0;
    for (state, ink) in [(1, Ink::Here), (2, Ink::Second), (3, Ink::Third)] {
        let points: Vec<(f64, f64)> = counts
            .iter()
            .enumerate()
            .filter(|(_, counts)| counts[state].1 >= FEW)
            .map(|(quarter, counts)| {
                let (rolled, all) = counts[state];
                let middle = f64::from(panel.calendar(start + quarter * QUARTER).0) + 2.0;
                (middle, 100.0 * rolled as f64 / all as f64)
            })
            .collect();
        drawn += usize::from(points.len() > 1);
        plot.line(points, ink, 5);
    }
    let sum = |state: usize| counts.iter().fold((0, 0), |sum, at| (sum.0 + at[state].0, sum.1 + at[state].1));
    let rate = |state: usize| {
        let (rolled, all) = sum(state);
        fixed(100.0 * rolled as f64 / all as f64, 1)
    };
    let title = "Delinquency roll rates";
    Figure {
        title,
        unit: "share that is a payment further behind a month later, %",
        key: vec![
            (Sign::Line, Ink::Here, "30 → 60 days"),
            (Sign::Line, Ink::Second, "60 → 90"),
            (Sign::Line, Ink::Third, "90 → charged off"),
            (Sign::Box, Ink::Target, "published, 30 → 60"),
            (Sign::Box, Ink::Shade, "recession"),
        ],
        chart: (drawn > 0).then(|| plot.draw(title)).flatten(),
        caption: format!(
            "The worst of a customer's accounts, quarter by quarter; over all months {} % of those on time fall 30 days \
             behind, and {}, {} and {} % of those 30, 60 and 90 days behind go on. Published, for single mortgages: {}.",
            rate(0),
            rate(1),
            rate(2),
            rate(3),
            published::ROLL_SOURCE
        ),
    }
}

fn utilisation(panel: &Panel) -> Figure {
    let files: Vec<Entry> = panel.present(reference_month(panel)).map(|(_, entry)| entry).collect();
    let groups: Vec<Column> = published::BANDS
        .into_iter()
        .enumerate()
        .map(|(number, name)| {
            let of_band = files.iter().filter(|entry| band_of(**entry) == number);
            let used: Vec<f64> = of_band.map(|entry| 100.0 * entry.utilisation()).collect();
            let value = if used.len() < FEW { f64::NAN } else { mean(&used) };
            Column::new(name, value, Published::Point(published::UTILISATION[number]))
        })
        .collect();
    let title = "Utilisation by score";
    Figure {
        title,
        unit: "mean share of revolving credit in use, %",
        key: here_and("published"),
        chart: columns(title, &groups, places(1)),
        caption: format!(
            "{} credit files of one month. Published: {}.",
            grouped(files.len() as u64),
            published::UTILISATION_SOURCE
        ),
    }
}
