//! Lending: what is asked for, who is refused, and what the rest pays.

use super::columns::{columns, places};
use super::credit::{ranges, source};
use super::figure::{FEW, Figure, Sign, here_and};
use super::html::{fixed, grouped, short_dollars};
use super::ink::Ink;
use super::plot::{Axis, Plot};
use super::published;
use crate::model::LoanType;
use crate::validate::realism::Scorecard;
use crate::validate::realism::requests::Request;
use crate::validate::realism::stats::mean;

/// The kinds of credit in few letters, by [`LoanType`].
const KINDS: [&str; 7] = ["card", "car", "personal", "mortgage", "student", "HELOC", "business"];

pub(super) fn figures(requests: &[Request], card: &Scorecard) -> [Figure; 4] {
    [mix(card), amounts(card), refused(card), pricing(requests)]
}

fn mix(card: &Scorecard) -> Figure {
    let (score, groups) = ranges(card, "C14", &KINDS, 100.0);
    let title = "What is asked for";
    Figure {
        title,
        unit: "share of applications, %",
        key: here_and("credible range"),
        chart: columns(title, &groups, places(0)),
        caption: format!(
            "{} applications by kind of credit; HELOC is a line of credit on a house. Ranges of check C14: {}.",
            grouped(score.map_or(0, |score| score.n)),
            source(score)
        ),
    }
}

fn amounts(card: &Scorecard) -> Figure {
    let names = ["new car", "used car", "", "personal", "personal p95"];
    let (score, mut groups) = ranges(card, "C18", &names, 1.0);
    // The third measure is a term, not an amount.
    groups.retain(|column| !column.name.is_empty());
    let title = "How much is asked for";
    Figure {
        title,
        unit: "dollars",
        key: here_and("credible range"),
        chart: columns(title, &groups, short_dollars),
        caption: format!(
            "{} funded car loans and decided personal loans: cars by their mean, personal loans by the median and \
             the amount that one in twenty exceeds. Ranges of check C18: {}.",
            grouped(score.map_or(0, |score| score.n)),
            source(score)
        ),
    }
}

fn refused(card: &Scorecard) -> Figure {
    let (score, mut groups) = ranges(card, "C15", &["all", "score <680", "score 760+"], 100.0);
    let (_, debts) = ranges(card, "C16", &["DTI <36 %", "DTI 50 %+"], 100.0);
    groups.extend(debts);
    let title = "Who is refused";
    Figure {
        title,
        unit: "share of decided applications that is refused, %",
        key: here_and("credible range"),
        chart: columns(title, &groups, places(0)),
        caption: format!(
            "{} decided applications, those with low and high scores, and mortgages with low and high debt payments over income \
             (DTI). Ranges of checks C15 and C16: {}; HMDA 2019.",
            grouped(score.map_or(0, |score| score.n)),
            source(score)
        ),
    }
}

/// Points of score that are taken together, and where they begin.
const WIDTH: f64 = 20.0;
const LOWEST: f64 = 500.0;
const HIGHEST: f64 = 850.0;
/// The highest rate that is drawn, percent a year.
const DEAREST: f64 = 40.0;

fn pricing(requests: &[Request]) -> Figure {
    let curve = |wanted: &dyn Fn(&Request) -> bool| -> Vec<(f64, f64)> {
        let mut rates = vec![Vec::new(); ((HIGHEST - LOWEST) / WIDTH) as usize + 1];
        for request in requests.iter().filter(|request| wanted(request) && request.rate.is_finite()) {
            let place = (request.score - LOWEST) / WIDTH;
            if let Some(of_place) = rates.get_mut(place as usize).filter(|_| place >= 0.0) {
                of_place.push(request.rate);
            }
        }
        let enough = rates.iter().enumerate().filter(|(_, rates)| rates.len() >= FEW);
        enough.map(|(place, rates)| (LOWEST + (place as f64 + 0.5) * WIDTH, mean(rates))).collect()
    };
    let personal = curve(&|request| request.kind == LoanType::Personal);
    let used_cars = curve(&|request| request.kind == LoanType::Auto && request.is_new == Some(false));
    let mortgages = curve(&|request| request.kind == LoanType::Mortgage);
    let ticks = (500..=850).step_by(50).map(|score| (f64::from(score), score.to_string())).collect();
    let mut plot = Plot::new(Axis::new(LOWEST, HIGHEST, ticks), Axis::round(0.0, DEAREST, |at| fixed(at, 0)));
    for (from, to, rate) in published::USED_CAR_RATES {
        plot.line([(from, rate), (to, rate)], Ink::Published, 2);
    }
    for (from, to, rate) in published::PERSONAL_RATES {
        plot.stroke((from, to), rate, Ink::Published);
    }
    let drawn = [&personal, &used_cars, &mortgages].iter().any(|curve| curve.len() > 1);
    plot.line(personal, Ink::Here, 5);
    plot.line(used_cars, Ink::Second, 5);
    plot.line(mortgages, Ink::Third, 5);
    let title = "What credit costs";
    Figure {
        title,
        unit: "mean rate offered, % a year",
        key: vec![
            (Sign::Line, Ink::Here, "personal loans"),
            (Sign::Stroke, Ink::Published, "published, personal"),
            (Sign::Line, Ink::Second, "used cars"),
            (Sign::Line, Ink::Published, "published, used cars (thin)"),
            (Sign::Line, Ink::Third, "mortgages"),
        ],
        chart: drawn.then(|| plot.draw(title)).flatten(),
        caption: format!(
            "By the score that the lender saw, twenty points at a time, over all the months and their markets. Published: \
             {}.",
            published::RATES_SOURCE
        ),
    }
}
