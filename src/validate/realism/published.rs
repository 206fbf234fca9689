//! What is published: the scorecard's own table, and the shares that customers are held against.
//!
//! The tables are part of the program, so reading them cannot fail at run time: a test reads them all.

use std::sync::LazyLock;

use crate::model::Employment;

/// One row of `data/scorecard_public.csv`: what a check measures, and on whose word.
#[derive(Debug, PartialEq, Eq)]
pub struct Published {
    /// C01 to C30 for statistics, S01 to S06 for structure.
    pub id: String,
    pub name: String,
    /// What is measured, value by value.
    pub formula: String,
    /// The range of each value.
    pub tolerance: String,
    /// Things there must be before the check says anything.
    pub minimum: u64,
    pub source: String,
}

/// Every check, in the order of the table.
pub static PUBLISHED: LazyLock<Vec<Published>> = LazyLock::new(|| {
    let published = |row: Vec<String>| {
        let [id, name, _tables, formula, tolerance, minimum, source] = row.try_into().ok()?;
        Some(Published { id, name, formula, tolerance, minimum: minimum.parse().ok()?, source })
    };
    rows(include_str!("../../../data/scorecard_public.csv")).filter_map(published).collect()
});

/// The row of a check. Panics if there is none.
pub(super) fn published(id: &str) -> &'static Published {
    let found = PUBLISHED.iter().find(|published| published.id == id);
    found.unwrap_or_else(|| panic!("the scorecard has no check {id}"))
}

/// An age band of adults: its first age, its share of them, and what they do, by [`Employment`].
pub(crate) struct AgeBand {
    pub from: f64,
    pub share: f64,
    pub employment: [f64; Employment::ALL.len()],
}

/// The published age pyramid and employment mix.
pub(crate) static AGE_BANDS: LazyLock<Vec<AgeBand>> = LazyLock::new(|| {
    let mix = rows(include_str!("../../../data/employment_mix_by_age.csv"));
    let ages = rows(include_str!("../../../data/age_pyramid_adults.csv"));
    ages.zip(mix)
        .map(|(age, mix)| AgeBand {
            from: number(&age, 0),
            share: number(&age, 2),
            employment: std::array::from_fn(|kind| number(&mix, kind + 1)),
        })
        .collect()
});

/// The median income of full-time workers in each age band, dollars.
#[cfg(feature = "report")]
pub(crate) static FULL_TIME_MEDIANS: LazyLock<[f64; 8]> = LazyLock::new(|| {
    let laws = rows(include_str!("../../../data/income_params_by_employment.csv"));
    let full_time =
        laws.into_iter().find(|law| law.first().is_some_and(|kind| kind == "full_time")).unwrap_or_default();
    std::array::from_fn(|band| number(&full_time, band + 1))
});

fn rows(csv: &'static str) -> impl Iterator<Item = Vec<String>> {
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records().filter_map(Result::ok);
    rows.map(|row| row.iter().map(str::to_owned).collect())
}

fn number(row: &[String], column: usize) -> f64 {
    row.get(column).and_then(|cell| cell.parse().ok()).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read() {
        assert_eq!(PUBLISHED.len(), 36);
        assert_eq!(published("C20").minimum, 20_000);
        assert_eq!(AGE_BANDS.len(), 8);
        for band in AGE_BANDS.iter() {
            assert!(band.share > 0.0 && (band.employment.iter().sum::<f64>() - 1.0).abs() < 0.01, "{}", band.from);
        }
    }
}
