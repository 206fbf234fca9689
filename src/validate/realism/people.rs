//! C01 to C05: who the customers are, by age, work and income.

use super::panel::{Panel, Person};
use super::published::AGE_BANDS;
use super::score::{Measure, Score};
use super::stats::{band, distance, median, quantile, share, sorted};
use crate::model::Employment;

/// The age band of a customer, from 0; `None` for minors and the ageless.
pub(crate) fn age_band(person: &Person) -> Option<usize> {
    let edges: Vec<f64> = AGE_BANDS.iter().map(|band| band.from).collect();
    band(person.age, &edges).checked_sub(1)
}

/// What chance adds to a distance of shares among `n`.
pub(super) fn noise(n: usize) -> f64 {
    1.2 / (n as f64).sqrt()
}

pub(super) fn scores(panel: &Panel) -> [Score; 5] {
    let people = &panel.people;
    let aged = people.iter().filter(|person| person.age.is_finite());
    let incomes = sorted(people.iter().map(|person| person.income).filter(|income| income.is_finite()).collect());
    let [p50, p90, p99] = [0.5, 0.9, 0.99].map(|q| quantile(&incomes, q));
    let ages: Vec<f64> = aged.map(|person| person.age).collect();
    let adults_only = [
        Measure::new("share under 18", share(ages.iter().map(|age| *age < 18.0)), 0.0..=0.0),
        Measure::new("highest age", ages.iter().copied().fold(f64::NAN, f64::max), 80.0..=106.0),
    ];
    let income_shape = [
        Measure::new("median", p50, 34_000.0..=48_000.0),
        Measure::new("p90 / p50", p90 / p50, 2.4..=3.6),
        Measure::new("p99 / p50", p99 / p50, 6.0..=12.0),
    ];
    [
        Score::new("C01", ages.len(), adults_only.into()),
        age_pyramid(people),
        employment(people),
        full_time_income(people),
        Score::new("C05", incomes.len(), income_shape.into()),
    ]
}

fn age_pyramid(people: &[Person]) -> Score {
    let mut found = vec![0.0; AGE_BANDS.len()];
    let bands: Vec<usize> = people.iter().filter_map(age_band).collect();
    bands.iter().for_each(|band| found[*band] += 1.0);
    let expected: Vec<f64> = AGE_BANDS.iter().map(|band| band.share).collect();
    let (off, limit) = (distance(&found, &expected), 0.03 + noise(bands.len()));
    Score::new("C02", bands.len(), vec![Measure::new("distance from the pyramid", off, 0.0..=limit)])
}

fn employment(people: &[Person]) -> Score {
    let working = people.iter().filter_map(|person| Some((person.age, person.employment?)));
    let working: Vec<(f64, usize)> = working.filter(|(age, _)| age.is_finite()).collect();
    let mut found = [0.0; Employment::ALL.len()];
    working.iter().for_each(|(_, kind)| found[*kind] += 1.0);
    let expected: [f64; Employment::ALL.len()] = std::array::from_fn(|kind| {
        let of =
            |band: &super::published::AgeBand| band.share * band.employment[kind] / band.employment.iter().sum::<f64>();
        AGE_BANDS.iter().map(of).sum()
    });
    let among = |kind: Employment, is_of: fn(f64) -> bool| {
        share(working.iter().filter(|(age, _)| is_of(*age)).map(|(_, found)| *found == kind as usize))
    };
    let limit = 0.035 + noise(working.len());
    let measures = vec![
        Measure::new("distance from the mix", distance(&found, &expected), 0.0..=limit),
        Measure::new("retired under 50", among(Employment::Retired, |age| age < 50.0), 0.0..=0.03),
        Measure::new("students over 60", among(Employment::Student, |age| age > 60.0), 0.0..=0.02),
    ];
    Score::new("C03", working.len(), measures)
}

fn full_time_income(people: &[Person]) -> Score {
    let full_time = |person: &&Person| person.employment == Some(Employment::FullTime as usize) && person.income > 0.0;
    let full_time: Vec<&Person> = people.iter().filter(full_time).collect();
    let incomes = sorted(full_time.iter().map(|person| person.income).collect());
    let of_band = |wanted: usize| {
        let band = full_time.iter().filter(|person| age_band(person) == Some(wanted));
        median(band.map(|person| person.income).collect())
    };
    // The logarithm is monotone, so its quantiles are those of the incomes, but for the interpolation between two.
    let spread = (libm::log(quantile(&incomes, 0.75)) - libm::log(quantile(&incomes, 0.25))) / 1.349;
    let measures = vec![
        Measure::new("median", quantile(&incomes, 0.5), 53_000.0..=64_000.0),
        Measure::new("spread of ln (IQR / 1.349)", spread, 0.50..=0.72),
        Measure::new("median 45-54 / 18-24", of_band(3) / of_band(0), 1.5..=2.2),
    ];
    Score::new("C04", incomes.len(), measures)
}
