//! Place: state, city, ZIP code and phone agree, and nothing in a row can belong to a real person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Rule;
use super::life::Life;
use crate::encode::Record;
use crate::validate::cell::text;
use crate::validate::check::{Check, Outcome, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "place.zip_in_state",
        about: "the first three digits of the ZIP code belong to the state",
        judge: zip_in_state,
    },
    Rule {
        id: "place.city_in_state",
        about: "cities lie in their state (those that data/cities.csv knows)",
        judge: city_in_state,
    },
    Rule {
        id: "place.phone_in_state",
        about: "phones have an area code of the state (those that data/cities.csv knows)",
        judge: phone_in_state,
    },
    Rule {
        id: "place.phone_never_assigned",
        about: "phone lines are 555-0100 to 555-0199",
        judge: |life, check| each(life, check, "phone", phone_never_assigned),
    },
    Rule {
        id: "place.ssn_never_issued",
        about: "SSNs have area 900-999, group 01-49, serial 0001-9999",
        judge: |life, check| each(life, check, "ssn", ssn_never_issued),
    },
    Rule {
        id: "place.email_reserved",
        about: "e-mail is only at example.com, example.org or example.net (RFC 2606)",
        judge: |life, check| each(life, check, "email", email_reserved),
    },
];

/// Which states a place's name or number may mean: names repeat, and area codes cross borders.
type States = BTreeMap<String, BTreeSet<String>>;

struct Gazetteer {
    zip3: States,
    cities: States,
    area_codes: States,
}

/// Read from the data itself and not from the generator, so that its mistakes show.
static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| {
    let cities = include_str!("../../../data/cities.csv");
    Gazetteer {
        zip3: states(include_str!("../../../data/zip3_state.csv"), "zip3"),
        cities: states(cities, "city"),
        area_codes: states(cities, "area_codes"),
    }
});

/// The states by the values of a column, several of which may stand in a cell.
fn states(csv: &str, column: &str) -> States {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().cloned().unwrap_or_default();
    let position = |name: &str| headers.iter().position(|header| header == name).unwrap_or(usize::MAX);
    let (names, state) = (position(column), position("state"));
    let mut found = States::new();
    for row in reader.records().filter_map(Result::ok) {
        for name in row.get(names).unwrap_or_default().split('|') {
            found.entry(name.to_owned()).or_default().insert(row.get(state).unwrap_or_default().to_owned());
        }
    }
    found
}

fn zip_in_state(life: &Life<'_>, check: &mut Check) {
    for customer in life.of("customers") {
        check.row(customer, || {
            let zip = text(customer, "zip_code")?;
            let states = zip.get(..3).and_then(|zip3| GAZETTEER.zip3.get(zip3));
            in_state(customer, zip, states.ok_or_else(|| format!("no state has ZIP code {zip:?}"))?)
        });
    }
}

fn city_in_state(life: &Life<'_>, check: &mut Check) {
    for customer in life.of("customers") {
        let city = customer.text("city").unwrap_or_default();
        let Some(states) = GAZETTEER.cities.get(city) else { continue };
        check.row(customer, || in_state(customer, city, states));
    }
}

fn phone_in_state(life: &Life<'_>, check: &mut Check) {
    for customer in life.of("customers") {
        let phone = national_number(customer.text("phone").unwrap_or_default());
        let Some(states) = phone.get(..3).and_then(|area| GAZETTEER.area_codes.get(area)) else { continue };
        check.row(customer, || in_state(customer, &phone, states));
    }
}

fn in_state(customer: &Record, place: &str, states: &BTreeSet<String>) -> Outcome {
    let state = text(customer, "state")?;
    ensure(states.contains(state), || format!("{place:?} is in {states:?}, the customer in {state:?}"))
}

/// Judges one column of every customer.
fn each(life: &Life<'_>, check: &mut Check, column: &str, fine: fn(&str) -> bool) {
    for customer in life.of("customers") {
        check.row(customer, || {
            let cell = text(customer, column)?;
            ensure(fine(cell), || format!("{column} {cell:?} could be somebody's"))
        });
    }
}

fn phone_never_assigned(phone: &str) -> bool {
    let number = national_number(phone);
    number.len() == 10 && number[3..].starts_with("55501")
}

fn ssn_never_issued(ssn: &str) -> bool {
    let digits = digits(ssn);
    digits.len() == 9
        && digits.starts_with('9')
        && ("01"..="49").contains(&&digits[3..5])
        && ("0001"..="9999").contains(&&digits[5..])
}

fn email_reserved(email: &str) -> bool {
    email.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && matches!(domain, "example.com" | "example.org" | "example.net")
    })
}

/// A phone's ten digits, whatever its punctuation, without the country's 1.
fn national_number(phone: &str) -> String {
    let digits = digits(phone);
    if digits.len() == 11 && digits.starts_with('1') { digits[1..].to_owned() } else { digits }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gazetteer_is_read() {
        assert!(GAZETTEER.zip3.len() > 900 && GAZETTEER.cities.len() > 150 && GAZETTEER.area_codes.len() > 150);
        assert!(GAZETTEER.cities["Kansas City"].contains("KS") && GAZETTEER.cities["Kansas City"].contains("MO"));
    }

    #[test]
    fn numbers_are_read_with_any_punctuation() {
        for phone in ["(617) 555-0142", "+1 617-555-0142", "6175550142", "1.617.555.0142"] {
            assert!(phone_never_assigned(phone), "{phone}");
        }
        for phone in ["617-555-0242", "617-554-0142", "555-0142", "", "é", "27 617 555 0142"] {
            assert!(!phone_never_assigned(phone), "{phone}");
        }
        assert!(ssn_never_issued("912-01-0001") && ssn_never_issued("999-49-9999"));
        for ssn in ["812-01-0001", "912-00-0001", "912-50-0001", "912-01-0000", "912-01-001", "", "ß"] {
            assert!(!ssn_never_issued(ssn), "{ssn}");
        }
        assert!(
            !email_reserved("a@example.co") && !email_reserved("@example.com") && !email_reserved("a@b@example.com")
        );
    }
}
