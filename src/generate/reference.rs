//! Published tables that the model reads, from `data/`; see `data/README.md` for sources and licences.
//!
//! They are part of the program, so reading them cannot fail at run time: a test reads them all.

use std::sync::LazyLock;

use super::draw::{Draw, Weights};
use crate::model::Employment;
use crate::schema::{Day, Month};

/// A city of the United States.
pub struct City {
    pub name: &'static str,
    pub state: &'static str,
    pub zip_codes: Vec<&'static str>,
    pub area_codes: Vec<&'static str>,
    /// Share of customers.
    pub weight: f64,
    /// Degrees, north and east positive.
    pub latitude: f64,
    pub longitude: f64,
}

impl City {
    /// How far another city is, squared and in degrees of latitude; good enough to tell near from far.
    fn distance(&self, other: &City) -> f64 {
        let north = self.latitude - other.latitude;
        let east = (self.longitude - other.longitude) * libm::cos(self.latitude.to_radians());
        north * north + east * east
    }
}

pub struct Reference {
    pub cities: Vec<City>,
    /// Of each city, the three nearest.
    pub neighbours: Vec<[&'static str; 3]>,
    first_names: [Names; 2],
    last_names: Names,
    /// Lower edge of each age band and its share of adults.
    pub age_bands: Vec<(f64, f64)>,
    /// Per age band, the share of each [`Employment`].
    pub employment_mix: Vec<[f64; 7]>,
    pub incomes: Vec<IncomeLaw>,
    /// Raw index of creditworthiness to score.
    pub score_knots: Vec<(f64, f64)>,
    /// ln of HTG per USD: annual means, at mid-year.
    pub log_usd_htg: Vec<(f64, f64)>,
    pub macro_path: MacroPath,
    /// Peak and trough of every recession.
    pub recessions: Vec<(Month, Month)>,
}

/// Annual means of the United States' economy, each at mid-year; rates in percent.
pub struct MacroPath {
    pub unemployment: Vec<(f64, f64)>,
    pub fed_funds: Vec<(f64, f64)>,
    pub mortgage_30y: Vec<(f64, f64)>,
    pub treasury_10y: Vec<(f64, f64)>,
    pub cpi_yoy: Vec<(f64, f64)>,
    pub gdp_growth: Vec<(f64, f64)>,
    pub log_sp500: Vec<(f64, f64)>,
}

/// How income is distributed for one kind of employment.
pub struct IncomeLaw {
    /// ln of the median by age, at the middle of each age band.
    pub log_median: Vec<(f64, f64)>,
    /// Spread of ln(income) below and above the median.
    pub sigma_low: f64,
    pub sigma_high: f64,
}

struct Names {
    names: Vec<&'static str>,
    weights: Weights,
}

/// Middles of the age bands 18-24, 25-34, ... 85+.
const BAND_MIDDLES: [f64; 8] = [21.5, 29.5, 39.5, 49.5, 59.5, 69.5, 79.5, 88.0];

impl Reference {
    /// The tables, read at first use.
    pub fn get() -> &'static Reference {
        static TABLES: LazyLock<Reference> = LazyLock::new(Reference::load);
        &TABLES
    }

    fn load() -> Reference {
        let names = rows(include_str!("../../data/names_census1990_top.csv"));
        let cities: Vec<City> = rows(include_str!("../../data/cities.csv"))
            .into_iter()
            .map(|row| City {
                name: row[0],
                state: row[1],
                zip_codes: row[7].split('|').collect(),
                area_codes: row[8].split('|').collect(),
                weight: number(row[11]),
                latitude: number(row[3]),
                longitude: number(row[4]),
            })
            .collect();
        let incomes = rows(include_str!("../../data/income_params_by_employment.csv"));
        let nearest = |city: &City| {
            let mut others: Vec<&City> = cities.iter().filter(|other| other.name != city.name).collect();
            others.sort_by(|a, b| city.distance(a).total_cmp(&city.distance(b)));
            std::array::from_fn(|rank| others[rank].name)
        };
        Reference {
            neighbours: cities.iter().map(nearest).collect(),
            cities,
            first_names: [names_of(&names, "first_female"), names_of(&names, "first_male")],
            last_names: names_of(&names, "last"),
            age_bands: rows(include_str!("../../data/age_pyramid_adults.csv"))
                .iter()
                .map(|row| (number(row[0]), number(row[2])))
                .collect(),
            employment_mix: rows(include_str!("../../data/employment_mix_by_age.csv"))
                .iter()
                .map(|row| std::array::from_fn(|kind| number(row[kind + 1])))
                .collect(),
            incomes: Employment::ALL.iter().map(|kind| income_law(&incomes, kind.name())).collect(),
            score_knots: rows(include_str!("../../data/score_knots.csv"))
                .iter()
                .map(|row| (number(row[0]), number(row[1])))
                .collect(),
            log_usd_htg: rows(include_str!("../../data/usd_htg_annual_mean.csv"))
                .iter()
                .map(|row| (mid_year(row[0]), libm::log(number(row[1]))))
                .collect(),
            macro_path: macro_path(&rows(include_str!("../../data/us_macro_annual.csv"))),
            recessions: rows(include_str!("../../data/us_recessions.csv"))
                .iter()
                .map(|row| (month(row[0]), month(row[1])))
                .collect(),
        }
    }

    pub fn first_name(&self, draw: &mut Draw) -> &'static str {
        let names = &self.first_names[draw.below(2) as usize];
        names.names[draw.index(&names.weights)]
    }

    /// All last names, the most frequent first.
    pub fn last_names(&self) -> &[&'static str] {
        &self.last_names.names
    }

    pub fn last_name(&self, draw: &mut Draw) -> &'static str {
        self.last_names.names[draw.index(&self.last_names.weights)]
    }
}

fn names_of(rows: &[Vec<&'static str>], kind: &str) -> Names {
    let of_kind = || rows.iter().filter(|row| row[2] == kind);
    Names {
        names: of_kind().map(|row| row[0]).collect(),
        weights: Weights::new(of_kind().map(|row| number(row[1])).collect()),
    }
}

fn income_law(rows: &[Vec<&'static str>], employment: &str) -> IncomeLaw {
    let row = rows.iter().find(|row| row[0] == employment).expect("every employment has an income law");
    let median = |band: usize| (BAND_MIDDLES[band], libm::log(number(row[band + 1])));
    IncomeLaw { log_median: (0..8).map(median).collect(), sigma_low: number(row[9]), sigma_high: number(row[10]) }
}

/// A year is its mean, at mid-year; a date stands where it is.
fn mid_year(text: &str) -> f64 {
    match text.split('-').map(number).collect::<Vec<f64>>()[..] {
        [year, month, day] => year + (month - 1.0) / 12.0 + (day - 1.0) / 365.0,
        [year, ..] => year + 0.5,
        [] => 0.0,
    }
}

fn macro_path(rows: &[Vec<&'static str>]) -> MacroPath {
    let series = |column: usize| rows.iter().map(|row| (mid_year(row[0]), number(row[column]))).collect::<Vec<_>>();
    MacroPath {
        unemployment: series(1),
        fed_funds: series(2),
        mortgage_30y: series(3),
        treasury_10y: series(4),
        cpi_yoy: series(5),
        gdp_growth: series(6),
        log_sp500: series(7).into_iter().map(|(year, level)| (year, libm::log(level))).collect(),
    }
}

/// `2020-02`
fn month(text: &str) -> Month {
    let first: Day = format!("{text}-01").parse().expect("the tables hold months where they should");
    first.month()
}

pub(super) fn number(text: &str) -> f64 {
    text.parse().expect("the tables hold numbers where they should")
}

/// The rows below the header. A table is read once and its text kept: names and cities live as long as the program.
pub(super) fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let fields = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("the tables are sound CSV");
        record.iter().map(|field| &*String::leak(field.to_owned())).collect()
    };
    reader.records().map(fields).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::States;

    #[test]
    fn the_tables_are_complete() {
        let reference = Reference::load();
        assert_eq!(reference.cities.len(), 195);
        assert!(reference.cities.iter().all(|city| city.weight > 0.0 && !city.zip_codes.is_empty()));
        assert!(reference.cities.iter().all(|city| city.area_codes.iter().all(|code| code.len() == 3)));
        assert_eq!(reference.last_names.names.len(), 400);
        assert_eq!(reference.age_bands.len(), 8);
        assert_eq!(reference.employment_mix.len(), 8);
        assert!((reference.age_bands.iter().map(|band| band.1).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(reference.score_knots.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        assert!(reference.log_usd_htg.is_sorted_by(|a, b| a.0 < b.0));
        assert!(reference.macro_path.unemployment.is_sorted_by(|a, b| a.0 < b.0));
        assert!(reference.recessions.iter().all(|(peak, trough)| peak < trough));
        for state in States::CODES {
            assert!(reference.cities.iter().any(|city| city.state == state), "{state}");
        }
    }
}
