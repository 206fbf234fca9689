//! C14 to C19: what customers ask for, whom the lender refuses, and what the rest pays.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::market::Market;
use super::requests::Request;
use super::score::{Measure, Score};
use super::stats::{mean, median, pearson, quantile, share, sorted, spearman};
use crate::model::LoanType;
use crate::schema::Month;

pub(super) fn scores(requests: &[Request], market: &Market) -> [Score; 6] {
    [
        mix(requests),
        rejection(requests),
        debt(requests),
        mortgages(requests),
        amounts(requests),
        prices(requests, market),
    ]
}

fn mix(requests: &[Request]) -> Score {
    let targets = [0.35..=0.58, 0.13..=0.28, 0.10..=0.24, 0.04..=0.14, 0.02..=0.10, 0.015..=0.07, 0.008..=0.06];
    let measures = LoanType::ALL.into_iter().zip(targets).map(|(kind, target)| {
        Measure::new(kind.name(), share(requests.iter().map(|request| request.kind == kind)), target)
    });
    Score::new("C14", requests.len(), measures.collect())
}

/// The share of those that are rejected.
fn rejected<'a>(requests: impl IntoIterator<Item = &'a &'a Request>) -> f64 {
    share(requests.into_iter().map(|request| request.is_rejected()))
}

fn rejection(requests: &[Request]) -> Score {
    let decided: Vec<&Request> = requests.iter().filter(|request| request.is_decided()).collect();
    let low = decided.iter().filter(|request| request.score < 680.0);
    let high = decided.iter().filter(|request| request.score >= 760.0);
    let measures = vec![
        Measure::new("rejected, all", rejected(&decided), 0.15..=0.28),
        Measure::new("rejected below a score of 680", rejected(low), 0.42..=0.68),
        Measure::new("rejected from 760", rejected(high), 0.02..=0.13),
    ];
    Score::new("C15", decided.len(), measures)
}

fn debt(requests: &[Request]) -> Score {
    let mortgages = requests.iter().filter(|request| request.kind == LoanType::Mortgage && request.is_decided());
    let mortgages: Vec<&Request> = mortgages.filter(|request| request.debt_to_income.is_finite()).collect();
    let low = rejected(mortgages.iter().filter(|request| request.debt_to_income < 0.36));
    let high = rejected(mortgages.iter().filter(|request| request.debt_to_income >= 0.50));
    let measures = vec![
        Measure::new("rejected, DTI below 36 %", low, 0.02..=0.12),
        Measure::new("rejected, DTI from 50 %", high, 0.20..=0.70),
        Measure::new("ratio of the two", high / low, 2.5..=15.0),
    ];
    Score::new("C16", mortgages.len(), measures)
}

/// Funded loans of a kind.
fn funded(requests: &[Request], kind: LoanType) -> Vec<&Request> {
    requests.iter().filter(|request| request.kind == kind && request.loan.is_some()).collect()
}

fn mortgages(requests: &[Request]) -> Score {
    let mortgages = funded(requests, LoanType::Mortgage).into_iter().map(|request| request.score);
    let scores = sorted(mortgages.filter(|score| score.is_finite()).collect());
    let measures = vec![
        Measure::new("score, p25", quantile(&scores, 0.25), 710.0..=748.0),
        Measure::new("score, median", quantile(&scores, 0.5), 752.0..=785.0),
    ];
    Score::new("C17", scores.len(), measures)
}

fn amounts(requests: &[Request]) -> Score {
    let cars = funded(requests, LoanType::Auto);
    let personal: Vec<&Request> =
        requests.iter().filter(|request| request.kind == LoanType::Personal && request.is_decided()).collect();
    let dollars = |request: &Request| request.amount as f64 / 100.0;
    let mean_price = |is_new: bool| {
        let wanted = cars.iter().filter(|car| car.is_new == Some(is_new));
        mean(&wanted.map(|car| dollars(car)).collect::<Vec<_>>())
    };
    let terms: Vec<f64> = cars.iter().map(|car| car.term).filter(|term| term.is_finite()).collect();
    let sums = sorted(personal.iter().map(|request| dollars(request)).collect());
    let round = share(personal.iter().map(|request| request.amount % 100_000 == 0));
    let measures = vec![
        Measure::new("new car, mean", mean_price(true), 35_000.0..=46_000.0),
        Measure::new("used car, mean", mean_price(false), 22_000.0..=31_000.0),
        Measure::new("car loan, mean term", mean(&terms), 66.0..=71.5),
        Measure::new("personal loan, median", quantile(&sums, 0.5), 9_000.0..=16_500.0),
        Measure::new("personal loan, p95", quantile(&sums, 0.95), 26_000.0..=50_000.0),
        Measure::new("personal, whole thousands", round, 0.65..=0.92),
        Measure::new("personal, over 60 months", share(personal.iter().map(|r| r.term == 60.0)), 0.15..=0.40),
    ];
    Score::new("C18", cars.len() + personal.len(), measures)
}

fn prices(requests: &[Request], market: &Market) -> Score {
    let priced = |kind| {
        let funded = funded(requests, kind).into_iter();
        funded.filter(|request| request.rate.is_finite() && request.score.is_finite()).collect::<Vec<_>>()
    };
    let (personal, mortgages) = (priced(LoanType::Personal), priced(LoanType::Mortgage));
    let rates = |scores: RangeInclusive<f64>| {
        let of_scores = personal.iter().filter(|request| scores.contains(&request.score));
        of_scores.map(|request| request.rate).collect::<Vec<f64>>()
    };
    let every = f64::NEG_INFINITY..=f64::INFINITY;
    let scores: Vec<f64> = personal.iter().map(|request| request.score).collect();

    let mut by_month: BTreeMap<Month, Vec<f64>> = BTreeMap::new();
    for mortgage in &mortgages {
        by_month.entry(mortgage.month).or_default().push(mortgage.rate);
    }
    let beside = |(month, rates): (&Month, &Vec<f64>)| Some((mean(rates), market.at("mortgage_30y", *month)?));
    let (asked, quoted): (Vec<f64>, Vec<f64>) = by_month.iter().filter_map(beside).unzip();
    let above: Vec<f64> = asked.iter().zip(&quoted).map(|(asked, quoted)| asked - quoted).collect();
    let measures = vec![
        Measure::new("personal, rank corr. with score", spearman(&rates(every), &scores), -0.88..=-0.58),
        Measure::new(
            "personal, <640 less >=760",
            mean(&rates(0.0..=639.5)) - mean(&rates(760.0..=f64::INFINITY)),
            8.0..=22.0,
        ),
        Measure::new("mortgage above the market", mean(&above), -0.3..=0.9),
        Measure::new("mortgage, corr. with market", pearson(&asked, &quoted), 0.80..=1.0),
    ];
    let score = Score::new("C19", personal.len() + mortgages.len(), measures);
    if above.is_empty() {
        return score;
    }
    let middle = median(above);
    score.with_note(format!("over {} months; the median month lies {middle:.2} points above the market", asked.len()))
}
