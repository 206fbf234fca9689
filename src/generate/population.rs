//! Who lives here: age, work, income, creditworthiness, and the identity that goes on the form.

use fake::Fake;
use fake::faker::address::en::StreetName;

use super::draw::{Draw, Weights, interpolate};
use super::reference::{City, Reference};
use super::seed::Stream;
use super::world::World;
use crate::model::{Cents, Customer, Employment, Id, Space};
use crate::scenario::Model;
use crate::schema::{Day, Moment};

/// What the other domains know of a customer: what is on the form, and what no table shows.
pub struct Person {
    pub index: u64,
    pub id: Id,
    pub born: Day,
    /// In years at `as_of`.
    pub age: f64,
    pub employment: Employment,
    /// Dollars a year before tax.
    pub income: f64,
    /// Creditworthiness: about standard normal over the population, higher is better.
    pub theta: f64,
    /// Credit hunger: standard normal; raises both applications and risk.
    pub kappa: f64,
    /// Age of the credit file at `as_of`, in months.
    pub file_months: f64,
    /// The day they became a customer.
    pub since: Day,
}

impl Person {
    /// Age in years at a day.
    pub fn age_on(&self, day: Day) -> f64 {
        f64::from(day.since(self.born)) / 365.2425
    }
}

/// Who may live in a world: the scenario's ages, places and incomes, made ready to draw from.
pub struct Residents {
    ages: Vec<Ages>,
    age_weights: Weights,
    /// Over [`super::reference::Reference::cities`].
    city_weights: Weights,
    log_income_factor: f64,
}

/// A part of an age band, in years; `to` is exclusive.
#[derive(Clone, Copy)]
struct Ages {
    from: f64,
    to: f64,
    band: usize,
}

/// From this age on the number of people falls exponentially, by two thirds in 3.5 years: our assumption, near the life
/// tables of the Social Security Administration.
const OLD: f64 = 85.0;
const OLD_MEAN: f64 = 3.5;
/// Where the table of ages ends.
const END: f64 = 100.0;

impl Residents {
    pub(super) fn new(model: &Model, reference: &Reference) -> Residents {
        let (youngest, end) = (f64::from(model.youngest), f64::from(model.oldest) + 1.0);
        let bands = &reference.age_bands;
        let mut weights = Vec::new();
        let mut ages = Vec::new();
        for (band, (low, share)) in bands.iter().enumerate() {
            let high = bands.get(band + 1).map_or(END, |next| next.0);
            let (from, to) = (low.max(youngest), high.min(end));
            if from >= to {
                continue;
            }
            let part = if *low == OLD { survivors(from) - survivors(to) } else { (to - from) / (high - low) };
            weights.push(share * part);
            ages.push(Ages { from, to, band });
        }
        let weight = |city: &City| if model.states.contain(city.state) { city.weight } else { 0.0 };
        Residents {
            ages,
            age_weights: Weights::new(weights),
            city_weights: Weights::new(reference.cities.iter().map(weight).collect()),
            log_income_factor: libm::log(model.income_factor),
        }
    }

    /// How likely somebody lives in each city.
    pub(super) fn cities(&self) -> &Weights {
        &self.city_weights
    }

    /// An age in years and the band it is of.
    fn age(&self, draw: &mut Draw) -> (f64, usize) {
        let Ages { from, to, band } = self.ages[draw.index(&self.age_weights)];
        let age = if from >= OLD {
            let (most, least) = (survivors(from), survivors(to));
            OLD - OLD_MEAN * libm::log(draw.between(least, most))
        } else {
            draw.between(from, to)
        };
        // A few days away from the birthdays, so that leap days cannot make an 18-year-old a minor.
        (age.clamp(from + 0.01, to - 0.01), band)
    }
}

/// The share of those who reached [`OLD`] that also reach this age.
fn survivors(age: f64) -> f64 {
    libm::exp((OLD - age) / OLD_MEAN)
}

/// Social Security numbers that are never issued: areas 900-999, groups 01-49, serials 0001-9999.
pub const NUMBERS: u64 = 100 * 49 * 9_999;

/// The longest anyone has been a customer, in days: the bank is 12 years old, our assumption.
const LONGEST_TENURE: i32 = 12 * 365;

pub fn person(world: &World, index: u64) -> (Person, Customer) {
    let (person, created_at) = circumstances(world, index);
    let customer = identity(world, &person, created_at);
    (person, customer)
}

/// Everything about a customer but what is on the form, and when that was filled in.
pub fn circumstances(world: &World, index: u64) -> (Person, Moment) {
    let as_of = world.calendar.as_of;
    let draw = &mut world.streams.circumstances.at(index);
    let reference = world.reference;

    let (age, band) = world.residents.age(draw);
    let born = as_of.plus(-(age * 365.2425).ceil() as i32);
    let employment = Employment::ALL[draw.weighted(&reference.employment_mix[band])];

    let law = &reference.incomes[employment as usize];
    let z_income = draw.normal();
    let z_credit = draw.normal();
    let kappa = draw.normal();
    let sigma = if z_income < 0.0 { law.sigma_low } else { law.sigma_high };
    let mut log_income = interpolate(age, &law.log_median) + sigma * z_income + world.residents.log_income_factor;
    // A Pareto-like tail above the 95th percentile, for those who can have one: its index of 3.2 is our assumption, and
    // gives the top hundredth 8 to 10 times the median (Census, personal income).
    let tail = draw.exponential() / 3.2;
    if z_income > 1.65 && matches!(employment, Employment::FullTime | Employment::SelfEmployed | Employment::Retired) {
        log_income += tail * ((z_income - 1.65) / 0.5).clamp(0.0, 1.2);
    }
    let income = ((libm::exp(log_income) / 100.0).round() * 100.0).clamp(1_200.0, 5e6);

    // Creditworthiness by age and means, calibrated so that mean scores by age are FICO's (2018: 659 under 30 to 747 from
    // 60 on) and score and income correlate by about 0.27 (FEDS Note 2018); the rest is personal.
    const BY_AGE: [(f64, f64); 8] = [
        (18.0, -0.22),
        (25.0, -0.20),
        (35.0, -0.13),
        (45.0, -0.04),
        (55.0, 0.10),
        (65.0, 0.26),
        (75.0, 0.34),
        (90.0, 0.38),
    ];
    let means = libm::log(income / 42_000.0).clamp(-2.2, 2.2);
    let theta =
        interpolate(age, &BY_AGE) + 0.33 * means + 0.88 * z_credit + 0.05 + world.scenario.model.creditworthiness_shift;

    // Credit files open some four years into adulthood, and the oldest account is rarely the first: our assumption.
    let adult_years = age - 18.0;
    let late_start = (draw.gamma(2.2) * 2.0).min(adult_years);
    let file_months = ((adult_years - late_start) * 12.0 * draw.beta(6.0, 1.2)).max(3.0).min(adult_years * 12.0);

    let adult_since = born.plus_years(18);
    let span = as_of.since(adult_since).min(LONGEST_TENURE);
    let since = as_of.plus(-(f64::from(span) * draw.uniform()) as i32);
    let created_at = since.at((9.0 * 3600.0 + 8.0 * 3600.0 * draw.uniform()) as u32);

    let id = world.ids.nth(Space::Customer, index, 0);
    (Person { index, id, born, age, employment, income, theta, kappa, file_months, since }, created_at)
}

fn identity(world: &World, person: &Person, created_at: Moment) -> Customer {
    let draw = &mut world.streams.identity.at(person.index);
    let first_name = world.reference.first_name(draw);
    let last_name = world.reference.last_name(draw);
    let city = &world.reference.cities[draw.index(&world.residents.city_weights)];
    let zip_code = city.zip_codes[draw.below(city.zip_codes.len() as u64) as usize];
    let area_code = city.area_codes[draw.below(city.area_codes.len() as u64) as usize];
    let line = 100 + draw.below(100);
    let domain = draw.pick(&[("example.com", 0.7), ("example.net", 0.2), ("example.org", 0.1)]);
    let house = 1 + draw.below(9_899);
    let street: String = StreetName().fake_with_rng(draw.rng());
    let email = format!("{first_name}.{last_name}.{}@{domain}", person.index).to_ascii_lowercase();
    Customer {
        customer_id: person.id,
        first_name,
        last_name,
        email,
        phone: format!("({area_code}) 555-{line:04}"),
        date_of_birth: person.born,
        ssn: social_security_number(&world.streams.numbers, person.index),
        address: format!("{house} {street}"),
        city: city.name,
        state: city.state,
        zip_code,
        employment_type: person.employment,
        annual_income: Cents::from_dollars(person.income),
        created_at,
    }
}

/// The number of customer `index` (below [`NUMBERS`]): a keyed permutation, so no two are equal and none tells its index.
fn social_security_number(stream: &Stream, index: u64) -> String {
    let mut number = index % NUMBERS;
    // Walk the cycle of a permutation of 2^26 numbers until it comes back into range: 1.4 steps on average.
    loop {
        number = stream.permute::<13>(number);
        if number < NUMBERS {
            break;
        }
    }
    let (area, rest) = (900 + number / (49 * 9_999), number % (49 * 9_999));
    let (group, serial) = (1 + rest / 9_999, 1 + rest % 9_999);
    format!("{area:03}-{group:02}-{serial:04}")
}

#[cfg(test)]
mod tests {
    use super::super::seed::Seed;
    use super::*;
    use crate::scenario::{Scenario, States};
    use std::collections::BTreeSet;

    #[test]
    fn people_are_as_the_scenario_says() {
        let model = Model {
            youngest: 30,
            oldest: 41,
            states: States::of(&["DC", "VT"]),
            income_factor: 0.5,
            ..Model::default()
        };
        let usual = World::new(&Scenario::default());
        let world = World::new(&Scenario { model, ..Scenario::default() });
        for index in 0..300 {
            let (someone, customer) = person(&world, index);
            let completed = someone.age as u32;
            assert!((30..=41).contains(&completed), "{completed}");
            assert!(["DC", "VT"].contains(&customer.state));
            assert!(someone.born.plus_years(30) <= world.calendar.as_of);
            assert!(someone.born.plus_years(42) > world.calendar.as_of);
        }
        let oldest = (0..5_000).map(|index| person(&usual, index).0.age).fold(0.0, f64::max);
        assert!((90.0..100.0).contains(&oldest), "{oldest}");
    }

    #[test]
    fn numbers_are_never_issued_and_never_repeat() {
        let stream = Seed(42).stream("numbers");
        let numbers: BTreeSet<String> = (0..20_000).map(|index| social_security_number(&stream, index)).collect();
        assert_eq!(numbers.len(), 20_000);
        for number in &numbers {
            let parts: Vec<u32> = number.split('-').map(|part| part.parse().unwrap()).collect();
            assert!((900..=999).contains(&parts[0]) && (1..=49).contains(&parts[1]) && (1..=9_999).contains(&parts[2]));
        }
        assert_ne!(social_security_number(&stream, 1), social_security_number(&Seed(43).stream("numbers"), 1));
    }
}
