//! Settings: what a key is, and how one is found by any of its names. [`KEYS`] lists them.

mod list;
mod read;

use super::Settings;

pub use list::KEYS;
pub(super) use read::number;

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
    /// What the people, the lender and the times are like: as [`Scope::World`], and shown apart.
    Model,
    /// What goes wrong in the world, laid over it afterwards: as [`Scope::Volume`], it changes no id.
    Anomaly,
    /// How the work is done. Decides no byte and is part of nothing.
    Run,
}

/// What the values of a key look like; ranges are inclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Whole(u64, u64),
    Number(f64, f64),
    Truth,
    Date,
    Words(&'static [&'static str]),
    WordsOrWhole(&'static [&'static str], u64, u64),
    /// Text that this regular expression describes.
    Text(&'static str),
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
    /// The same as [`Key::range`] for machines.
    pub form: Form,
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
    let named = KEYS.iter().flat_map(|key| key.names().map(move |known| (known, key)));
    nearest_of(&name, named)
}

/// What belongs to the name nearest to `name`, if that is near enough for a slip.
pub(super) fn nearest_of<'a, T>(name: &str, known: impl Iterator<Item = (&'a str, T)>) -> Option<T> {
    let distances = known.map(|(known, item)| (strsim::damerau_levenshtein(known, name), item));
    // A third of the letters wrong is a slip; more is another word.
    distances
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= name.len() / 3)
        .map(|(_, item)| item)
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
            let (low, high, beyond) = match key.form {
                Form::Whole(low, high) | Form::WordsOrWhole(_, low, high) => {
                    (low.to_string(), high.to_string(), vec![(u128::from(high) + 1).to_string()])
                }
                Form::Number(low, high) => {
                    (low.to_string(), high.to_string(), vec![(high + 0.01).to_string(), (low - 0.01).to_string()])
                }
                Form::Date => (
                    "1990-01-01".to_owned(),
                    "2037-12-31".to_owned(),
                    vec!["2038-01-01".to_owned(), "1989-12-31".to_owned()],
                ),
                Form::Truth | Form::Words(_) | Form::Text(_) => continue,
            };
            assert_eq!(get(key.name, &low).as_ref(), Ok(&low), "{}", key.name);
            assert_eq!(get(key.name, &high).as_ref(), Ok(&high), "{}", key.name);
            for beyond in beyond {
                assert!(get(key.name, &beyond).is_err(), "{} took {beyond}", key.name);
            }
            assert!(key.range.contains(&format!("{low} to {high}")), "{}: {}", key.name, key.range);
        }
        assert!(get("as_of", "1989-12-31").unwrap_err().contains("too early; give a date from 1990-01-01"));
        assert!(get("jobs", "0").is_err() && get("batch_size", "0").is_err());
        for (name, value) in [("market", "Replay"), ("recession", "none"), ("states", "CA, NY"), ("loan_mix", "auto=2")]
        {
            assert_eq!(get(name, value).map(|text| text.to_lowercase()), Ok(value.to_lowercase()), "{name}");
            assert!(get(name, "+1").unwrap_err().contains("; give "), "{name}");
        }
        assert!(get("states", "ZZ").unwrap_err().starts_with("\"ZZ\" is not a state; give all, or"));
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_range() {
        for key in KEYS.iter().filter(|key| matches!(key.form, Form::Whole(..) | Form::Number(..))) {
            let negative = if matches!(key.form, Form::Number(low, _) if low < 0.0) { "--5" } else { "-5" };
            for wrong in [
                negative,
                "",
                " ",
                "NaN",
                "inf",
                "1e3",
                "+1",
                "_",
                "1_",
                "_1",
                "0x10",
                "ten",
                "99999999999999999999999",
            ] {
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
        assert_eq!(get("rate_shift", "-0.0"), ok("0"));
        assert_eq!(get("rate_shift", "-1.50"), ok("-1.5"));
        assert_eq!(get("states", "vt,dc, VT"), ok("DC, VT"));
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
