//! The settings one by one: what each is called, what it means, and how it is read and shown.

use std::ops::RangeInclusive;

use super::{Settings, redact_url};
use crate::schema::Day;

/// What a key decides, and with it which hashes of the scenario it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The chance of all: part of the tag and of the fingerprint, beside the canonical text.
    Seed,
    /// How many live in the world: part of the fingerprint alone.
    Population,
    /// How many rows are written about each life; changes no id, so it is no part of the tag.
    Volume,
    /// What happens in the world, and so which ids there are: part of everything.
    World,
    /// How the work is done. Decides no byte and is part of nothing.
    Run,
}

/// One setting.
pub struct Key {
    /// Its name in a scenario file; in any case of letters.
    pub name: &'static str,
    /// Further names in a scenario file.
    pub aliases: &'static [&'static str],
    /// Environment variables it is read from, besides `CREDIT_SEED_<NAME>`.
    pub env: &'static [&'static str],
    /// What it means, in a few words.
    pub about: &'static str,
    /// What may be given, as the end of a sentence that begins with "give".
    pub range: &'static str,
    pub scope: Scope,
    /// Reads a value; the error says what the text is not. [`Key::read`] adds the way out.
    pub set: fn(&mut Settings, &str) -> Result<(), String>,
    /// The value as text that can be read again; of the database's address, without its password.
    pub get: fn(&Settings) -> String,
}

impl Key {
    /// Reads a value into the settings. The error is a sentence that says what may be given instead.
    pub fn read(&self, settings: &mut Settings, text: &str) -> Result<(), String> {
        (self.set)(settings, text.trim()).map_err(|why| format!("{why}; give {}", self.range))
    }

    /// Its flag, `--name-with-dashes`.
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// The environment variables of a key, the one that counts most first: `CREDIT_SEED_<NAME>`, then [`Key::env`].
pub fn env_names(key: &Key) -> Vec<String> {
    let own = format!("CREDIT_SEED_{}", key.name.to_ascii_uppercase());
    std::iter::once(own).chain(key.env.iter().map(|name| (*name).to_owned())).collect()
}

/// The key of this name or alias, in any case of letters.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.names().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The key that somebody who wrote `name` may have meant.
pub(super) fn nearest(name: &str) -> Option<&'static Key> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let distances = KEYS
        .iter()
        .flat_map(|key| key.names().map(|known| (strsim::damerau_levenshtein(known, &name), key)).collect::<Vec<_>>());
    // A third of the letters wrong is a slip; more is another word.
    distances
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= name.len() / 3)
        .map(|(_, key)| key)
}

/// Every setting there is.
pub static KEYS: &[Key] = &[
    Key {
        name: "seed",
        aliases: &[],
        env: &[],
        about: "The seed of all chance",
        range: "a whole number from 0 to 18446744073709551615",
        scope: Scope::Seed,
        set: |s, text| whole(text, "a seed", 0..=u64::MAX).map(|value| s.scenario.seed = value),
        get: |s| s.scenario.seed.to_string(),
    },
    Key {
        name: "as_of",
        aliases: &[],
        env: &[],
        about: "The last day of the data",
        range: "a date from 1990-01-01 to 2037-12-31 (MySQL's TIMESTAMP ends in January 2038), or the word today",
        scope: Scope::World,
        set: |s, text| day(text).map(|value| s.scenario.as_of = value),
        get: |s| s.scenario.as_of.to_string(),
    },
    Key {
        name: "customers",
        aliases: &["customer_count"],
        env: &["CUSTOMER_COUNT"],
        about: "How many customers the bank has",
        range: "a whole number from 0 to 48995100 (as many as there are Social Security numbers that are never issued: \
                areas 900-999 x groups 01-49 x serials 0001-9999)",
        scope: Scope::Population,
        set: |s, text| whole(text, "a number of customers", 0..=48_995_100).map(|value| s.scenario.customers = value),
        get: |s| s.scenario.customers.to_string(),
    },
    Key {
        name: "financial_records_per_customer",
        aliases: &[],
        env: &["FINANCIAL_RECORDS_PER_CUSTOMER"],
        about: "Financial records per customer, the newest; five make a month",
        range: "a whole number from 0 to 300",
        scope: Scope::Volume,
        set: |s, text| {
            small(text, "a number of financial records", 0..=300)
                .map(|value| s.scenario.financial_records_per_customer = value)
        },
        get: |s| s.scenario.financial_records_per_customer.to_string(),
    },
    Key {
        name: "loan_applications_per_customer",
        aliases: &[],
        env: &["LOAN_APPLICATIONS_PER_CUSTOMER"],
        about: "Loan applications per customer, a mean over the whole window",
        range: "a number from 0 to 20, such as 2 or 2.5",
        scope: Scope::World,
        set: |s, text| {
            mean(text, "a mean number of loan applications", 0.0..=20.0)
                .map(|value| s.scenario.loan_applications_per_customer = value)
        },
        // Adding zero turns -0 into 0, which is the same number and shall be the same text.
        get: |s| (s.scenario.loan_applications_per_customer + 0.0).to_string(),
    },
    Key {
        name: "exact_loan_applications",
        aliases: &[],
        env: &[],
        about: "Every customer files exactly loan_applications_per_customer applications",
        range: "true or false",
        scope: Scope::World,
        set: |s, text| truth(text).map(|value| s.scenario.exact_loan_applications = value),
        get: |s| s.scenario.exact_loan_applications.to_string(),
    },
    Key {
        name: "market_data_points",
        aliases: &[],
        env: &["MARKET_DATA_POINTS"],
        about: "Monthly observations of each market series, the last in the month of as_of",
        range: "a whole number from 0 to 600",
        scope: Scope::Volume,
        set: |s, text| {
            small(text, "a number of market data points", 0..=600).map(|value| s.scenario.market_data_points = value)
        },
        get: |s| s.scenario.market_data_points.to_string(),
    },
    Key {
        name: "credit_history_entries",
        aliases: &[],
        env: &["CREDIT_HISTORY_ENTRIES"],
        about: "Monthly credit records per customer, the last in the month of as_of; fewer for the young",
        range: "a whole number from 0 to 60",
        scope: Scope::Volume,
        set: |s, text| {
            small(text, "a number of credit history entries", 0..=60)
                .map(|value| s.scenario.credit_history_entries = value)
        },
        get: |s| s.scenario.credit_history_entries.to_string(),
    },
    Key {
        name: "database_url",
        aliases: &[],
        env: &["DATABASE_URL"],
        about: "The database to seed",
        range: "a URL such as sqlite://bank.db, postgres://user:password@localhost/bank or mysql://root@localhost/bank",
        scope: Scope::Run,
        // The text may hold a password, so no error repeats it.
        set: |s, text| match text {
            "" => Err("the address of the database is empty".to_owned()),
            url => {
                s.database_url = url.to_owned();
                Ok(())
            }
        },
        get: |s| redact_url(&s.database_url),
    },
    Key {
        name: "jobs",
        aliases: &[],
        env: &[],
        about: "Threads that generate; as many as there are cores unless given",
        range: "a whole number from 1 to 256",
        scope: Scope::Run,
        set: |s, text| small(text, "a number of threads", 1..=256).map(|value| s.jobs = value as usize),
        get: |s| s.jobs.to_string(),
    },
    Key {
        name: "batch_size",
        aliases: &[],
        env: &[],
        about: "Customers per transaction",
        range: "a whole number from 1 to 100000",
        scope: Scope::Run,
        set: |s, text| {
            whole(text, "a number of customers per transaction", 1..=100_000).map(|value| s.batch_size = value)
        },
        get: |s| s.batch_size.to_string(),
    },
];

/// The text without its underscores, if it is made of digits, of `_` between them and of `also`.
fn digits(text: &str, also: char) -> Option<String> {
    let ends = [text.chars().next()?, text.chars().next_back()?];
    let fits = |c: char| c.is_ascii_digit() || c == '_' || c == also;
    (!ends.contains(&'_') && text.chars().all(fits)).then(|| text.replace('_', ""))
}

fn whole(text: &str, what: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let value = digits(text, '_').and_then(|digits| digits.parse().ok());
    value.filter(|value| range.contains(value)).ok_or_else(|| format!("{text:?} is not {what}"))
}

fn small(text: &str, what: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    let wide = u64::from(*range.start())..=u64::from(*range.end());
    // In range it is in u32, too.
    whole(text, what, wide).map(|value| value as u32)
}

fn mean(text: &str, what: &str, range: RangeInclusive<f64>) -> Result<f64, String> {
    let value = digits(text, '.').and_then(|digits| digits.parse().ok());
    value.filter(|value| range.contains(value)).ok_or_else(|| format!("{text:?} is not {what}"))
}

fn day(text: &str) -> Result<Day, String> {
    let day: Day = text.parse().map_err(|_| format!("{text:?} is not a date written as YYYY-MM-DD"))?;
    match day.ymd().0 {
        ..1990 => Err(format!("{text:?} is too early")),
        1990..=2037 => Ok(day),
        2038.. => Err(format!("{text:?} is too late")),
    }
}

fn truth(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(name: &str, text: &str) -> Result<String, String> {
        let (key, mut settings) = (find(name).unwrap(), Settings::default());
        key.read(&mut settings, text).map(|()| (key.get)(&settings))
    }

    #[test]
    fn ranges_hold_to_the_last_value_and_the_text_tells_them() {
        for key in KEYS {
            let Some((low, rest)) = key.range.split_once("from ").and_then(|(_, rest)| rest.split_once(" to ")) else {
                continue;
            };
            let high = rest.split([' ', ',']).next().unwrap();
            assert_eq!(get(key.name, low).as_deref(), Ok(low), "{}", key.name);
            assert_eq!(get(key.name, high).as_deref(), Ok(high), "{}", key.name);
            let beyond = high.parse::<u128>().map_or("2038-01-01".to_owned(), |high| (high + 1).to_string());
            assert!(get(key.name, &beyond).is_err(), "{} took {beyond}", key.name);
        }
        assert!(get("as_of", "1989-12-31").unwrap_err().contains("too early; give a date from 1990-01-01"));
        assert!(get("jobs", "0").is_err() && get("batch_size", "0").is_err());
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_range() {
        for key in KEYS.iter().filter(|key| key.range.contains("number")) {
            for wrong in
                ["-5", "", " ", "NaN", "inf", "1e3", "+1", "_", "1_", "_1", "0x10", "ten", "99999999999999999999999"]
            {
                let why = get(key.name, wrong).unwrap_err();
                assert!(why.starts_with(&format!("{:?} is not a", wrong.trim())), "{why}");
                assert!(why.ends_with(&format!("; give {}", key.range)), "{why}");
            }
        }
        assert!(get("customers", "2.5").is_err());
        assert!(get("loan_applications_per_customer", ".").is_err());
        assert!(get("customers", "48995101").unwrap_err().contains("Social Security numbers that are never issued"));
    }

    #[test]
    fn values_have_one_canonical_text() {
        let ok = |text: &str| Ok(text.to_owned());
        assert_eq!(get("customers", " 1_000_000 "), ok("1000000"));
        assert_eq!(get("loan_applications_per_customer", "2.0"), ok("2"));
        assert_eq!(get("loan_applications_per_customer", "2.50"), ok("2.5"));
        assert_eq!(get("exact_loan_applications", "YES"), ok("true"));
        assert_eq!(get("database_url", "postgres://u:secret@h/d"), ok("postgres://u:***@h/d"));
        assert_eq!(
            get("exact_loan_applications", "maybe").unwrap_err(),
            "\"maybe\" is neither true nor false; give true or false"
        );
    }

    #[test]
    fn names_are_found_and_slips_are_guessed() {
        assert_eq!(find("CUSTOMER_COUNT").unwrap().name, "customers");
        assert!(find("customer").is_none());
        for (slip, meant) in
            [("custmers", "customers"), ("asof", "as_of"), ("batch-size", "batch_size"), ("sede", "seed")]
        {
            assert_eq!(nearest(slip).map(|key| key.name), Some(meant));
        }
        assert!(nearest("colour").is_none() && nearest("").is_none());
        assert_eq!(env_names(find("customers").unwrap()), ["CREDIT_SEED_CUSTOMERS", "CUSTOMER_COUNT"]);
        assert_eq!(find("batch_size").unwrap().flag(), "--batch-size");
    }
}
