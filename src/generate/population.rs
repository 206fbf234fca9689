//! Who lives here: age, work, income, creditworthiness, and the identity that goes on the form.

use fake::Fake;
use fake::faker::address::en::StreetName;

use super::draw::interpolate;
use super::seed::Stream;
use super::world::World;
use crate::model::{Cents, Customer, Employment, Id, Space};
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

/// Social Security numbers that are never issued: areas 900-999, groups 01-49, serials 0001-9999.
pub const NUMBERS: u64 = 100 * 49 * 9_999;

/// The longest anyone has been a customer, in days: the bank is 12 years old.
const LONGEST_TENURE: i32 = 12 * 365;

pub fn person(world: &World, index: u64) -> (Person, Customer) {
    let as_of = world.calendar.as_of;
    let draw = &mut world.streams.circumstances.at(index);
    let reference = world.reference;

    let shares: Vec<f64> = reference.age_bands.iter().map(|band| band.1).collect();
    let band = draw.weighted(&shares);
    let low = reference.age_bands[band].0;
    let age = match reference.age_bands.get(band + 1) {
        Some(next) => draw.between(low, next.0),
        None => low + (3.5 * draw.exponential()).min(14.0),
    };
    // A few days past the birthday, so that leap days cannot make an 18-year-old a minor.
    let age = age.max(18.01);
    let born = as_of.plus(-(age * 365.2425).ceil() as i32);
    let employment = Employment::ALL[draw.weighted(&reference.employment_mix[band])];

    let law = &reference.incomes[employment as usize];
    let z_income = draw.normal();
    let z_credit = draw.normal();
    let kappa = draw.normal();
    let sigma = if z_income < 0.0 { law.sigma_low } else { law.sigma_high };
    let mut log_income = interpolate(age, &law.log_median) + sigma * z_income;
    // A Pareto-like tail above the 95th percentile, for those who can have one.
    let tail = draw.exponential() / 3.2;
    if z_income > 1.65 && matches!(employment, Employment::FullTime | Employment::SelfEmployed | Employment::Retired) {
        log_income += tail * ((z_income - 1.65) / 0.5).clamp(0.0, 1.2);
    }
    let income = ((libm::exp(log_income) / 100.0).round() * 100.0).clamp(1_200.0, 5e6);

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
    let theta = interpolate(age, &BY_AGE) + 0.33 * means + 0.88 * z_credit + 0.05;

    let adult_years = age - 18.0;
    let late_start = (draw.gamma(2.2) * 2.0).min(adult_years);
    let file_months = ((adult_years - late_start) * 12.0 * draw.beta(6.0, 1.2)).max(3.0).min(adult_years * 12.0);

    let adult_since = born.plus_years(18);
    let span = as_of.since(adult_since).min(LONGEST_TENURE);
    let since = as_of.plus(-(f64::from(span) * draw.uniform()) as i32);
    let created_at = since.at((9.0 * 3600.0 + 8.0 * 3600.0 * draw.uniform()) as u32);

    let id = world.ids.nth(Space::Customer, index, 0);
    let person = Person { index, id, born, age, employment, income, theta, kappa, file_months, since };
    let customer = identity(world, &person, created_at);
    (person, customer)
}

fn identity(world: &World, person: &Person, created_at: Moment) -> Customer {
    let draw = &mut world.streams.identity.at(person.index);
    let first_name = world.reference.first_name(draw);
    let last_name = world.reference.last_name(draw);
    let city = world.reference.city(draw);
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
        number = permute_26_bits(stream.key_bits(), number);
        if number < NUMBERS {
            break;
        }
    }
    let (area, rest) = (900 + number / (49 * 9_999), number % (49 * 9_999));
    let (group, serial) = (1 + rest / 9_999, 1 + rest % 9_999);
    format!("{area:03}-{group:02}-{serial:04}")
}

/// A Feistel network of six rounds over two halves of 13 bits: a permutation whatever its round function is.
fn permute_26_bits(key: u64, number: u64) -> u64 {
    const HALF: u64 = (1 << 13) - 1;
    let (mut left, mut right) = (number >> 13 & HALF, number & HALF);
    for round in 0..6 {
        // SplitMix64's finaliser (Steele, Lea, Flood 2014) as the round function.
        let mut mixed = (key ^ (round << 32) ^ right).wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (left, right) = (right, left ^ ((mixed ^ (mixed >> 31)) & HALF));
    }
    left << 13 | right
}

#[cfg(test)]
mod tests {
    use super::super::seed::Seed;
    use super::*;
    use std::collections::BTreeSet;

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
