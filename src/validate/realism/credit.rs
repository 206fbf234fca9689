//! C06 to C13: credit files, from the spread of scores to what happens to those who have them.

use super::panel::{Entry, Panel};
use super::people::{age_band, noise};
use super::score::{Measure, Score, Verdict};
use super::stats::{auc, band, distance, mean, median, sd, share, spearman};

/// Where the score bands begin, below the first lying the poor.
pub(crate) const BANDS: [f64; 4] = [580.0, 670.0, 740.0, 800.0];
const NAMES: [&str; 5] =
    ["poor, below 580", "fair, 580-669", "good, 670-739", "very good, 740-799", "exceptional, 800+"];
/// Shares of the bands in March 2025 (Experian), percent.
pub(crate) const SHARES: [f64; 5] = [14.2, 14.9, 20.4, 27.5, 23.0];
/// Months in which an account must go bad to count.
const OUTCOME: usize = 24;

pub(super) fn scores(panel: &Panel) -> Vec<Score> {
    let newest = panel.months().saturating_sub(1);
    let files: Vec<File> = panel.present(newest).map(|(person, entry)| File::new(panel, person, entry)).collect();
    let middle: Vec<(usize, Entry)> = panel.present(reference_month(panel)).collect();
    vec![
        distribution(&files),
        by_age(&files),
        correlations(&files),
        utilisation(&middle),
        prevalence(panel, &middle),
        default_curve(panel),
        migration(panel),
        path(panel),
    ]
}

/// A customer's newest record beside what they are.
struct File {
    score: f64,
    utilisation: f64,
    age: f64,
    income: f64,
    age_band: Option<usize>,
}

impl File {
    fn new(panel: &Panel, person: usize, entry: Entry) -> File {
        let who = &panel.people[person];
        let (score, utilisation) = (f64::from(entry.score), entry.utilisation());
        File { score, utilisation, age: who.age, income: who.income, age_band: age_band(who) }
    }
}

/// The month of the checks that look at one: with years of history one before the middle, so that it has a past and a
/// future and no season of its own making; else the newest.
pub(crate) fn reference_month(panel: &Panel) -> usize {
    match panel.months() {
        months @ 36.. => months / 2 - 6,
        months => months.saturating_sub(1),
    }
}

fn score_band(score: f64) -> usize {
    band(score, &BANDS)
}

fn distribution(files: &[File]) -> Score {
    let scores: Vec<f64> = files.iter().map(|file| file.score).collect();
    let mut found = [0.0; 5];
    scores.iter().for_each(|score| found[score_band(*score)] += 1.0);
    let limit = 0.03 + noise(scores.len());
    let measures = vec![
        Measure::new("distance from the bands", distance(&found, &SHARES), 0.0..=limit),
        Measure::new("mean", mean(&scores), 703.0..=724.0),
        Measure::new("standard deviation", sd(&scores), 92.0..=112.0),
    ];
    let shares = found.map(|count| format!("{:.1}", 100.0 * count / scores.len() as f64)).join(" / ");
    let published = SHARES.map(|share| format!("{share:.1}")).join(" / ");
    let score = Score::new("C06", scores.len(), measures);
    if scores.is_empty() { score } else { score.with_note(format!("bands, percent: {shares}; published {published}")) }
}

fn by_age(files: &[File]) -> Score {
    let means: [f64; 6] = std::array::from_fn(|band| {
        let of_band = files.iter().filter(|file| file.age_band == Some(band));
        mean(&of_band.map(|file| file.score).collect::<Vec<_>>())
    });
    let steps = means.windows(2).map(|pair| pair[1] - pair[0]);
    let measures = vec![
        Measure::new("mean at 18-24", means[0], 635.0..=692.0),
        Measure::new("mean at 25-34", means[1], 665.0..=700.0),
        Measure::new("mean at 65-74", means[5], 732.0..=768.0),
        Measure::new("smallest step up between bands", steps.fold(f64::INFINITY, f64::min), 1.0..=60.0),
    ];
    Score::new("C07", files.len(), measures)
}

fn correlations(files: &[File]) -> Score {
    let known: Vec<&File> = files.iter().filter(|file| file.age.is_finite() && file.income.is_finite()).collect();
    let column = |of: fn(&File) -> f64| known.iter().map(|file| of(file)).collect::<Vec<f64>>();
    let scores = column(|file| file.score);
    let measures = vec![
        Measure::new("with income", spearman(&scores, &column(|file| file.income)), 0.18..=0.40),
        Measure::new("with age", spearman(&scores, &column(|file| file.age)), 0.20..=0.42),
        Measure::new("with utilisation", spearman(&scores, &column(|file| file.utilisation)), -0.90..=-0.60),
    ];
    Score::new("C08", known.len(), measures)
}

fn utilisation(files: &[(usize, Entry)]) -> Score {
    let targets = [0.65..=0.92, 0.42..=0.68, 0.28..=0.46, 0.10..=0.24, 0.03..=0.11];
    let measures = targets.into_iter().enumerate().map(|(band, target)| {
        let of_band = files.iter().filter(|(_, entry)| score_band(entry.score.into()) == band);
        let used: Vec<f64> = of_band.map(|(_, entry)| entry.utilisation()).collect();
        Measure::new(NAMES[band], mean(&used), target)
    });
    Score::new("C09", files.len(), measures.collect())
}

fn prevalence(panel: &Panel, files: &[(usize, Entry)]) -> Score {
    let late = |entry: Entry| entry.state == 1;
    let poor = files.iter().filter(|(_, entry)| score_band(entry.score.into()) == 0);
    let used: Vec<f64> = files.iter().map(|(_, entry)| entry.utilisation()).collect();
    let month = reference_month(panel);
    let year = (month + 1).saturating_sub(12)..month + 1;
    let missed = share(files.iter().map(|(person, _)| panel.ever(*person, year.clone(), 1)));
    let measures = vec![
        Measure::new("30 days late, poor band", share(poor.map(|(_, entry)| late(*entry))), 0.035..=0.13),
        Measure::new("30 days late, all", share(files.iter().map(|(_, entry)| late(*entry))), 0.010..=0.035),
        Measure::new("30 days or more within a year", missed, 0.13..=0.24),
        Measure::new("mean utilisation", mean(&used), 0.26..=0.40),
    ];
    let score = Score::new("C10", files.len(), measures);
    if year.len() < 12 { score.instead(Verdict::TooFewRows, "needs 12 months of credit history") } else { score }
}

/// Who is 90 days late within two years, by their score at the start; the mean over several starts.
fn default_curve(panel: &Panel) -> Score {
    let last_start = panel.months().checked_sub(OUTCOME + 1);
    let Some(last_start) = last_start else {
        return Score::new("C11", 0, Vec::new()).instead(Verdict::TooFewRows, TOO_SHORT);
    };
    let mut starts = vec![0, 12, 24, last_start];
    starts.retain(|start| *start <= last_start);
    let (mut rates, mut overall, mut ranked, mut n) = (vec![Vec::new(); 5], Vec::new(), Vec::new(), usize::MAX);
    for start in starts {
        let files: Vec<(usize, Entry)> = panel.present(start).collect();
        let outcome = |(person, _): &(usize, Entry)| panel.ever(*person, start + 1..start + 1 + OUTCOME, 3);
        let bad: Vec<bool> = files.iter().map(outcome).collect();
        let scores: Vec<f64> = files.iter().map(|(_, entry)| entry.score.into()).collect();
        for (band, rates) in rates.iter_mut().enumerate() {
            let of_band = bad.iter().zip(&scores).filter(|(_, score)| score_band(**score) == band);
            rates.push(share(of_band.map(|(bad, _)| *bad)));
        }
        overall.push(share(bad.iter().copied()));
        ranked.push(auc(&bad, &scores.iter().map(|score| -score).collect::<Vec<_>>()));
        n = n.min(files.len());
    }
    let targets = [0.40..=0.70, 0.10..=0.32, 0.035..=0.12, 0.010..=0.050, 0.0005..=0.022];
    let by_band = targets.into_iter().enumerate();
    let mut measures: Vec<Measure> =
        by_band.map(|(band, target)| Measure::new(NAMES[band], mean(&rates[band]), target)).collect();
    let ratio = mean(&rates[0]) / mean(&rates[3]);
    measures.extend([
        Measure::new("poor / very good", ratio, 9.0..=60.0),
        Measure::new("all", mean(&overall), 0.08..=0.19),
        Measure::new("AUC of the score", mean(&ranked), 0.80..=0.92),
    ]);
    Score::new("C11", n, measures)
}

/// Why nothing is said of outcomes.
pub(super) const TOO_SHORT: &str = "needs a month of credit history and the 24 after it";

fn migration(panel: &Panel) -> Score {
    let Some(last_start) = panel.months().checked_sub(10) else {
        return Score::new("C12", 0, Vec::new()).instead(Verdict::TooFewRows, "needs ten months of credit history");
    };
    let start = reference_month(panel).min(last_start);
    let files: Vec<(usize, Entry)> = panel.present(start).collect();
    let spans = [(1, 0.08..=0.16), (3, 0.18..=0.29), (6, 0.27..=0.42), (9, 0.34..=0.52)];
    let measures = spans.into_iter().map(|(span, target)| {
        let later =
            files.iter().filter_map(|(person, entry)| Some((entry.score, panel.at(*person, start + span)?.score)));
        let moved = share(later.map(|(before, after)| before.abs_diff(after) > 20));
        Measure::new(format!("changed by over 20, month {span}"), moved, target)
    });
    Score::new("C12", files.len(), measures.collect())
}

fn path(panel: &Panel) -> Score {
    let (mut pairs, mut jumps, mut changes) = (0u64, 0u64, Vec::new());
    for person in 0..panel.people.len() {
        for month in 1..panel.months() {
            let Some((before, after)) = panel.at(person, month - 1).zip(panel.at(person, month)) else { continue };
            pairs += 1;
            jumps += u64::from(after.state > before.state + 1);
            if (before.state, after.state) == (0, 1) {
                changes.push(f64::from(after.score) - f64::from(before.score));
            }
        }
    }
    let falling = share(changes.iter().map(|change| *change < 0.0));
    let n = changes.len();
    let measures = vec![
        Measure::new("jumps of more than a bucket", jumps as f64, 0.0..=0.0),
        Measure::new("median change at a first 30 days", median(changes), -75.0..=-10.0),
        Measure::new("share falling", falling, 0.80..=1.0),
    ];
    Score::new("C13", n, measures).with_note(format!("among {pairs} pairs of months"))
}
