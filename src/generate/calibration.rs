//! How the calibrated numbers of the model were found, for whoever changes a constant and must find them again.
//!
//! `cargo test --release --lib calibration -- --ignored --nocapture`

use super::credit::{self, NOISE, STANDING};
use super::world::{WINDOW, World};
use super::{lending, population};
use crate::scenario::{Model, Recession, Scenario};

/// Experian, March 2025: where a band begins, and the share of people below it.
const BANDS: [(f64, f64); 6] =
    [(300.0, 0.0), (579.5, 0.142), (669.5, 0.291), (739.5, 0.495), (799.5, 0.770), (850.0, 1.0)];

/// Five worlds of an average cycle, as in `configs/realism.yaml`.
fn worlds() -> impl Iterator<Item = World> {
    (1..=5).map(|seed| {
        let model = Model { recession: Recession::Begins(35), ..Model::default() };
        World::new(&Scenario { seed, model, ..Scenario::default() })
    })
}

const LIVES: u64 = 20_000;

/// Prints `data/score_knots.csv` so that the bands have their published shares, and the shape inside each stays what it is.
#[test]
#[ignore = "a tool, not a test"]
fn score_knots() {
    let mut indices = Vec::new();
    for world in worlds() {
        for life in 0..LIVES {
            let (person, _) = population::person(&world, life);
            let mut path = credit::path(&world, &person);
            let asked = lending::asks(&world, &person, &path);
            credit::score(&world, &person, &mut path, &asked);
            let noise = &mut world.streams.milestones.at(life);
            let chance = STANDING * noise.normal() + NOISE * noise.normal();
            indices.push(credit::index(&person, path.at(WINDOW - 1), WINDOW - 1) + chance);
        }
    }
    indices.sort_by(f64::total_cmp);
    let n = indices.len() as f64;
    let share_below = |index: f64| indices.partition_point(|other| *other < index) as f64 / n;
    let quantile = |share: f64| indices[((share * n) as usize).min(indices.len() - 1)];

    let knots = &World::new(&Scenario::default()).reference.score_knots;
    let index_of = |score: f64| {
        let swapped: Vec<(f64, f64)> = knots.iter().map(|(index, score)| (*score, *index)).collect();
        super::draw::interpolate(score, &swapped)
    };
    for (index, score) in knots {
        let band = BANDS.windows(2).find(|band| *score <= band[1].0).expect("no score above 850");
        let (low, high) = (share_below(index_of(band[0].0)), share_below(index_of(band[1].0)));
        let inside = (share_below(*index) - low) / (high - low);
        let share = band[0].1 + inside * (band[1].1 - band[0].1);
        // Beyond the last people there is nothing to fit.
        let fitted = if (0.002..0.998).contains(&share) { quantile(share) } else { *index };
        println!(
            "{fitted:.1},{score},assumption,\"calibrated: maps the additive index to Experian's bands of March 2025\""
        );
    }
}

/// Prints what [`lending::NATURAL_MEAN`] should be.
#[test]
#[ignore = "a tool, not a test"]
fn natural_mean() {
    let mut applications = 0;
    for mut world in worlds() {
        world.scenario.loan_applications_per_customer = lending::NATURAL_MEAN;
        for life in 0..LIVES {
            let (person, _) = population::person(&world, life);
            applications += lending::asks(&world, &person, &credit::path(&world, &person)).len();
        }
    }
    println!("{:.3}", applications as f64 / (5 * LIVES) as f64);
}
