//! C20 to C22: which loans go bad, whether their stories hold, and whether the economy shows in them.

use super::credit::TOO_SHORT;
use super::market::Market;
use super::panel::Panel;
use super::requests::{Outcome, Request};
use super::score::{Measure, Score, Verdict};
use super::stats::{auc, band, mean, pearson, sd, share};
use crate::model::LoanType;

/// Months in which a loan must go bad to count.
const OUTCOME: i32 = 24;
/// A default rate of three months is first known in month 2; the first year's loans are too few to tell.
const SETTLED: usize = 12;

/// The loans that two years of history follow: the score at application, and whether they went bad within them.
pub(crate) fn seasoned(panel: &Panel, requests: &[Request]) -> Vec<(f64, bool)> {
    let last_start = last_start(panel);
    let seen = |request: &&Request| (0..=last_start).contains(&panel.month(request.month)) && request.score.is_finite();
    let loans = requests.iter().filter(seen).filter_map(|request| Some((request, request.loan.as_ref()?)));
    loans.map(|(request, outcome)| (request.score, went_bad(panel, request, outcome))).collect()
}

/// The last month whose loans have two years behind them; negative where there is none.
fn last_start(panel: &Panel) -> i32 {
    panel.months() as i32 - 1 - OUTCOME
}

pub(super) fn default_curve(panel: &Panel, requests: &[Request]) -> Score {
    let (scores, bad): (Vec<f64>, Vec<bool>) = seasoned(panel, requests).into_iter().unzip();
    let targets = [
        ("below 520", 0.20..=0.52),
        ("520-599", 0.14..=0.34),
        ("600-639", 0.09..=0.23),
        ("640-679", 0.05..=0.16),
        ("680-719", 0.025..=0.10),
        ("720 and more", 0.005..=0.032),
    ];
    let mut measures: Vec<Measure> = targets
        .into_iter()
        .enumerate()
        .map(|(number, (label, target))| {
            let of_band = |score: f64| band(score, &[520.0, 600.0, 640.0, 680.0, 720.0]) == number;
            let rate = share(bad.iter().zip(&scores).filter(|(_, score)| of_band(**score)).map(|(bad, _)| *bad));
            Measure::new(label, rate, target)
        })
        .collect();
    let ranked = auc(&bad, &scores.iter().map(|score| -score).collect::<Vec<_>>());
    measures.push(Measure::new("AUC of the score", ranked, 0.64..=0.82));
    let score = Score::new("C20", scores.len(), measures);
    if last_start(panel) < 0 { score.instead(Verdict::TooFewRows, TOO_SHORT) } else { score }
}

/// Whether a loan is 90 days late, or in default, within two years of its application.
///
/// An instalment says so itself. Of a line, which has none, it shows in the customer's file alone: the line is held bad
/// with the file, unless that was charged off in the end and the line was not.
fn went_bad(panel: &Panel, request: &Request, outcome: &Outcome) -> bool {
    let start = panel.month(request.month);
    let in_time = |month: crate::schema::Month| (1..=OUTCOME).contains(&(panel.month(month) - start));
    if outcome.late_in.is_some_and(in_time) || outcome.defaulted_in.is_some_and(in_time) {
        return true;
    }
    if !matches!(request.kind, LoanType::CreditCard | LoanType::Heloc) || start < 0 {
        return false;
    }
    // Two months at least: what was late before the line was opened is not the line's fault.
    let months = start as usize + 2..(start + OUTCOME) as usize + 1;
    let entered = months.into_iter().find(|month| {
        let late = |month: usize| panel.at(request.person, month).is_some_and(|entry| entry.state >= 3);
        late(*month) && !late(month - 1)
    });
    entered.is_some_and(|month| outcome.defaulted || !panel.ever(request.person, month..panel.months(), 4))
}

/// `violations` of `examined` rules about dates and statuses, as `validate` counts them.
pub(super) fn lifecycle(panel: &Panel, requests: &[Request], violations: u64) -> Score {
    let loans = requests.iter().filter_map(|request| Some((request, request.loan.as_ref()?)));
    let defaults = loans.filter_map(|(request, outcome)| {
        let month = usize::try_from(panel.month(outcome.defaulted_in?)).ok()?;
        panel.at(request.person, month).map(|_| panel.ever(request.person, month.saturating_sub(1)..month + 1, 3))
    });
    let defaults: Vec<bool> = defaults.collect();
    let early = |request: &&Request| {
        let defaulted = request.loan.as_ref().and_then(|loan| loan.defaulted_in);
        defaulted.is_some_and(|month| month.since(request.month) < 3)
    };
    let early = requests.iter().filter(early).count() as f64;
    let mut measures = vec![
        Measure::new("dates or statuses that contradict", violations as f64, 0.0..=0.0),
        Measure::new("defaults within three months", early, 0.0..=0.0),
    ];
    if !defaults.is_empty() {
        let late = share(defaults.iter().copied());
        measures.push(Measure::new("defaults that are 90 days late", late, 1.0..=1.0));
    }
    Score::new("C21", requests.len(), measures)
        .with_note(format!("{} defaults lie in the credit history", defaults.len()))
}

pub(super) fn follows_unemployment(panel: &Panel, requests: &[Request], market: &Market) -> Score {
    let months = panel.months();
    let loans: Vec<(i32, &Outcome)> =
        requests.iter().filter_map(|request| Some((panel.month(request.month), request.loan.as_ref()?))).collect();
    let (mut defaults, mut exposed) = (vec![0.0; months], vec![0.0; months]);
    for (start, outcome) in &loans {
        for (month, exposed) in exposed.iter_mut().enumerate() {
            *exposed += f64::from(u8::from(*start < month as i32));
        }
        let ended = outcome.defaulted_in.and_then(|month| usize::try_from(panel.month(month)).ok());
        if let Some(count) = ended.and_then(|month| defaults.get_mut(month)) {
            *count += 1.0;
        }
    }
    let hazard: Vec<f64> =
        defaults.iter().zip(&exposed).map(|(defaults, exposed)| defaults / exposed.max(1.0)).collect();
    let beside = |month: usize| {
        let unemployment = market.at("unemployment", panel.calendar(month))?;
        Some((mean(&hazard[month - 2..=month]), unemployment))
    };
    let (hazard, unemployment): (Vec<f64>, Vec<f64>) = (SETTLED..months).filter_map(beside).unzip();
    let spread = sd(&market.window("unemployment", panel));
    let score =
        Score::new("C22", loans.len(), vec![Measure::new("correlation", pearson(&hazard, &unemployment), 0.40..=1.0)]);
    if hazard.len() < SETTLED {
        score.instead(Verdict::TooFewRows, "needs 24 months of credit history and of unemployment")
    } else if spread < 0.5 {
        score
            .instead(Verdict::Informative, format!("unemployment hardly moves (standard deviation {spread:.2} points)"))
    } else {
        score.with_note(format!("standard deviation of unemployment {spread:.2} points"))
    }
}
