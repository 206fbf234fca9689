//! Who the customers are: age and income.

use super::columns::{Column, Published, columns, places};
use super::figure::{FEW, Figure, Sign, here_and};
use super::html::{dollars, fixed, grouped, short_dollars};
use super::ink::Ink;
use super::plot::{Axis, Plot};
use crate::model::Employment;
use crate::validate::realism::panel::Person;
use crate::validate::realism::people::age_band;
use crate::validate::realism::published::{AGE_BANDS, FULL_TIME_MEDIANS};
use crate::validate::realism::stats::{quantile, share, sorted};

pub(super) fn figures(people: &[Person]) -> [Figure; 4] {
    [age(people), work(people), income(people), full_time(people)]
}

/// The last year of age that has a column of its own.
const OLDEST: usize = 99;
const ADULT: usize = 18;

fn age(people: &[Person]) -> Figure {
    let mut counts = [0_usize; OLDEST - ADULT + 1];
    for person in people.iter().filter(|person| person.age >= ADULT as f64) {
        counts[(person.age as usize).min(OLDEST) - ADULT] += 1;
    }
    let all: usize = counts.iter().sum();
    let shares: Vec<f64> = counts.iter().map(|count| 100.0 * *count as f64 / all as f64).collect();
    let highest = shares.iter().copied().fold(2.0, f64::max);
    let ticks = (20..=90).step_by(10).map(|age| (f64::from(age) + 0.5, age.to_string())).collect();
    let mut plot = Plot::new(
        Axis::new(ADULT as f64 - 0.5, OLDEST as f64 + 1.5, ticks),
        Axis::round(0.0, highest, |at| fixed(at, 1)),
    );
    for (year, share) in shares.iter().enumerate() {
        let from = (ADULT + year) as f64;
        plot.area((from + 0.1, from + 0.9), (0.0, *share), Ink::Here);
    }
    let ends = AGE_BANDS.iter().skip(1).map(|band| band.from).chain([OLDEST as f64 + 1.0]);
    for (band, end) in AGE_BANDS.iter().zip(ends) {
        plot.stroke((band.from, end), 100.0 * band.share / (end - band.from), Ink::Published);
    }
    let title = "Age";
    Figure {
        title,
        unit: "share of customers at each year of age, %",
        key: here_and("published, spread evenly over each age band"),
        chart: (all >= FEW).then(|| plot.draw(title)).flatten(),
        caption: format!(
            "Completed years at the end of the data, {} customers. Published: US Census Bureau, 2023 vintage, rounded.",
            grouped(all as u64)
        ),
    }
}

/// The kinds of employment in few letters, by [`Employment`].
const WORK: [&str; 7] = ["full time", "part time", "own firm", "jobless", "student", "retired", "no work"];

fn work(people: &[Person]) -> Figure {
    let kinds: Vec<usize> = people.iter().filter_map(|person| person.employment).collect();
    let groups = WORK.into_iter().enumerate().map(|(kind, name)| {
        let held = 100.0 * share(kinds.iter().map(|of| *of == kind));
        let published = AGE_BANDS.iter().map(|band| band.share * band.employment[kind]).sum::<f64>();
        Column::new(name, if kinds.len() < FEW { f64::NAN } else { held }, Published::Point(100.0 * published))
    });
    let groups: Vec<Column> = groups.collect();
    let title = "Work";
    Figure {
        title,
        unit: "share of customers, %",
        key: here_and("published"),
        chart: columns(title, &groups, places(1)),
        caption: format!(
            "{} customers by what they do at the end of the data; those without work do not look for any. Published: a mix by \
             age held against ratios of the Bureau of Labor Statistics (employment_mix_by_age.csv), over the age pyramid.",
            grouped(kinds.len() as u64)
        ),
    }
}

/// Columns of the histogram of incomes in each power of ten.
const PER_DECADE: f64 = 16.0;

fn income(people: &[Person]) -> Figure {
    let earning = |person: &Person| Some(person.income).filter(|income| income.is_finite() && *income > 0.0);
    let incomes = sorted(people.iter().filter_map(earning).collect());
    let (from, to) = (3.4, 6.0);
    let mut counts = vec![0_usize; ((to - from) * PER_DECADE) as usize + 1];
    let last = counts.len() - 1;
    for income in &incomes {
        let place = (libm::log10(*income) - from) * PER_DECADE;
        counts[(place.max(0.0) as usize).min(last)] += 1;
    }
    let shares: Vec<f64> = counts.iter().map(|count| 100.0 * *count as f64 / incomes.len() as f64).collect();
    let highest = shares.iter().copied().fold(0.0, f64::max);
    let ticks = [3e3, 1e4, 3e4, 1e5, 3e5, 1e6].map(|income| (libm::log10(income), short_dollars(income)));
    let mut plot = Plot::new(
        Axis::new(from, from + counts.len() as f64 / PER_DECADE, ticks.into()),
        Axis::round(0.0, highest, |at| fixed(at, 0)),
    );
    let [p10, p50, p90] = [0.1, 0.5, 0.9].map(|q| quantile(&incomes, q));
    plot.area((libm::log10(34e3), libm::log10(48e3)), (0.0, f64::MAX), Ink::Target);
    for (place, share) in shares.iter().enumerate() {
        let at = from + place as f64 / PER_DECADE;
        plot.area((at + 0.004, at + 1.0 / PER_DECADE - 0.004), (0.0, *share), Ink::Here);
    }
    let title = "Income";
    Figure {
        title,
        unit: "share of customers, %",
        key: vec![(Sign::Box, Ink::Here, "here"), (Sign::Box, Ink::Target, "where the median should lie")],
        chart: (incomes.len() >= FEW).then(|| plot.draw(title)).flatten(),
        caption: format!(
            "Dollars a year before tax, on a logarithmic scale, {} customers. A tenth have less than {}, half less than \
             {}, a tenth more than {}. The scorecard's range for the median of all adults with income is $34,000 to \
             $48,000.",
            grouped(incomes.len() as u64),
            dollars(p10),
            dollars(p50),
            dollars(p90)
        ),
    }
}

fn full_time(people: &[Person]) -> Figure {
    let workers: Vec<(usize, f64)> = people
        .iter()
        .filter(|person| person.employment == Some(Employment::FullTime as usize) && person.income > 0.0)
        .filter_map(|person| Some((age_band(person)?, person.income)))
        .collect();
    let ages = ["18–24", "25–34", "35–44", "45–54", "55–64", "65–74", "75+"];
    let groups = ages.iter().enumerate().map(|(band, name)| {
        let of_band = workers.iter().filter(|(of, _)| (*of).min(ages.len() - 1) == band);
        let incomes = sorted(of_band.map(|(_, income)| *income).collect());
        let enough = incomes.len() >= FEW;
        let at = |q| if enough { quantile(&incomes, q) } else { f64::NAN };
        Column {
            spread: Some((at(0.25), at(0.75))),
            ..Column::new(*name, at(0.5), Published::Point(FULL_TIME_MEDIANS[band]))
        }
    });
    let groups: Vec<Column> = groups.collect();
    let title = "Income of full-time workers by age";
    Figure {
        title,
        unit: "dollars a year",
        key: vec![
            (Sign::Stroke, Ink::Here, "median here"),
            (Sign::Box, Ink::Pale, "middle half here"),
            (Sign::Stroke, Ink::Published, "published median"),
        ],
        chart: columns(title, &groups, short_dollars),
        caption: format!(
            "{} full-time workers. Published: BLS and Census medians of 2023 ($38,194 at 20–24, $65,247 at 45–54, $56,238 \
             from 65), continued to all ages in income_params_by_employment.csv.",
            grouped(workers.len() as u64)
        ),
    }
}
