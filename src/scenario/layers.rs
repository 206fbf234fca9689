//! Who has the last word: a flag, else the environment, else `.env`, else the scenario file, else the default.

use std::fmt;
use std::path::{Path, PathBuf};

use super::keys::{KEYS, Key, env_names, find, nearest, nearest_of};
use super::streams::StreamKey;
use super::{Settings, database_url, yaml};
use crate::error::{Error, Result};
use crate::schema::Day;

/// Variables that begin like a key's and are none: the scenario file's path, how to reach Kafka, and test switches.
const NOT_KEYS: [&str; 18] = [
    "CREDIT_SEED_CONFIG",
    "CREDIT_SEED_KAFKA_BROKERS",
    "CREDIT_SEED_KAFKA_PREFIX",
    "CREDIT_SEED_KAFKA_COMPRESSION",
    "CREDIT_SEED_KAFKA_TIMEOUT",
    "CREDIT_SEED_KAFKA_SECURITY",
    "CREDIT_SEED_KAFKA_SASL_MECHANISM",
    "CREDIT_SEED_KAFKA_USERNAME",
    "CREDIT_SEED_KAFKA_PASSWORD",
    "CREDIT_SEED_KAFKA_PASSWORD_FILE",
    "CREDIT_SEED_KAFKA_CA_FILE",
    "CREDIT_SEED_KAFKA_CERTIFICATE_FILE",
    "CREDIT_SEED_KAFKA_KEY_FILE",
    "CREDIT_SEED_KAFKA_KEY_PASSWORD",
    "CREDIT_SEED_TEST_SERVERS",
    "CREDIT_SEED_CRASH_ROUNDS",
    "CREDIT_SEED_CRASH_CUSTOMERS",
    "CREDIT_SEED_BLESS",
];

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// A line, from 1, of a scenario file.
    File {
        path: PathBuf,
        line: u64,
    },
    /// A variable in a `.env` file; several, divided by commas, if it took several.
    DotEnv {
        path: PathBuf,
        variable: String,
    },
    /// A variable of the process; several, divided by commas, if it took several.
    Environment {
        variable: String,
    },
    /// A flag, with its dashes.
    Flag {
        flag: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::DotEnv { path, variable } => write!(f, "{} {variable}", path.display()),
            Origin::Environment { variable } => write!(f, "environment {variable}"),
            Origin::Flag { flag } => write!(f, "flag {flag}"),
        }
    }
}

/// All that a caller has read. This module opens no file and asks neither the environment nor the clock.
///
/// It has no `Debug`: an environment is full of secrets.
pub struct Layers {
    /// Name of the key and value.
    pub flags: Vec<(String, String)>,
    /// The variables of the process, all of them.
    pub environment: Vec<(String, String)>,
    /// The path of a `.env` file and the variables in it.
    pub dotenv: Option<(PathBuf, Vec<(String, String)>)>,
    /// The path of the scenario file and its text.
    pub file: Option<(PathBuf, String)>,
    /// What the word `today` stands for as a value of `as_of`.
    pub today: Day,
}

impl Layers {
    /// Layers that say nothing.
    pub const fn new(today: Day) -> Layers {
        Layers { flags: Vec::new(), environment: Vec::new(), dotenv: None, file: None, today }
    }

    /// What the environment, else `.env`, says under a name that is no key's, and where. An empty value says nothing.
    pub fn variable(&self, name: &str) -> Option<(Origin, &str)> {
        let find = |pairs: &'_ [(String, String)]| {
            pairs.iter().rposition(|(known, value)| known == name && !value.trim().is_empty())
        };
        let variable = name.to_owned();
        if let Some(place) = find(&self.environment) {
            return Some((Origin::Environment { variable }, &self.environment[place].1));
        }
        let (path, pairs) = self.dotenv.as_ref()?;
        find(pairs).map(|place| (Origin::DotEnv { path: path.clone(), variable }, pairs[place].1.as_str()))
    }
}

/// The settings that these layers come to.
///
/// Of each key, only the value that has the last word is read; one that is overruled may be wrong. Names, however, must
/// be right in every layer, for a misspelt one would never have a word at all.
pub fn resolve(layers: Layers) -> Result<Settings> {
    let Layers { flags, environment, dotenv, file, today } = layers;
    let flags = known_flags(&flags)?;
    let in_environment = |variable: &str| Origin::Environment { variable: variable.to_owned() };
    let environment = Variables::new(&environment, &in_environment)?;
    let none = (PathBuf::new(), Vec::new());
    let (path, dotenv) = dotenv.as_ref().unwrap_or(&none);
    let in_dotenv = |variable: &str| Origin::DotEnv { path: path.clone(), variable: variable.to_owned() };
    let dotenv = Variables::new(dotenv, &in_dotenv)?;
    let file = match &file {
        Some((path, text)) => from_file(path, text)?,
        None => FromFile::default(),
    };

    let mut settings = Settings::default();
    for (key, (origin, value)) in file.of_streams {
        settings.scenario.streams.set(key, value).map_err(|why| sentence(&origin, why))?;
        settings.origins.insert(key.name, origin);
    }
    let file = file.keys;
    for key in KEYS {
        let found = match last(&flags, key).map_or_else(|| environment.get(key), |found| Ok(Some(found)))? {
            None => dotenv.get(key)?.or_else(|| last(&file, key)),
            found => found,
        };
        let Some((origin, value)) = found else { continue };
        let value =
            if key.name == "as_of" && value.trim().eq_ignore_ascii_case("today") { today.to_string() } else { value };
        key.read(&mut settings, &value).map_err(|why| sentence(&origin, why))?;
        settings.origins.insert(key.name, origin);
    }

    settings.scenario.check_together().map_err(|(name, why)| {
        // Whoever set the key itself is to blame, else whoever set the one it does not go with.
        let partner = match name {
            "exact_loan_applications" => "loan_applications_per_customer",
            "market_data_points" => "as_of",
            "youngest" => "oldest",
            "recession" => "market",
            same => same,
        };
        let origins = [name, partner].map(|name| settings.origins.get(name).unwrap_or(&Origin::Default));
        let culprit = origins.into_iter().find(|origin| **origin != Origin::Default);
        sentence(culprit.unwrap_or(&Origin::Default), why)
    })?;
    Ok(settings)
}

/// A value and where it came from.
type Found = (Origin, String);

fn sentence(origin: &Origin, why: impl fmt::Display) -> Error {
    Error::Scenario(format!("{origin}: {why}"))
}

/// The last value that a layer has for this key.
fn last(layer: &[(&'static Key, Found)], key: &Key) -> Option<Found> {
    layer.iter().rfind(|(known, _)| known.name == key.name).map(|(_, found)| found.clone())
}

fn known_flags(flags: &[(String, String)]) -> Result<Vec<(&'static Key, Found)>> {
    let known = flags.iter().map(|(name, value)| {
        let Some(key) = find(name) else {
            let guess = nearest(name).map_or(String::new(), |key| format!("; did you mean {}?", key.flag()));
            return Err(Error::Scenario(format!("flag --{}: there is no such key{guess}", name.replace('_', "-"))));
        };
        Ok((key, (Origin::Flag { flag: key.flag() }, value.clone())))
    });
    known.collect()
}

/// What a scenario file sets.
#[derive(Default)]
struct FromFile {
    keys: Vec<(&'static Key, Found)>,
    of_streams: Vec<(&'static StreamKey, (Origin, serde_json::Value))>,
}

fn from_file(path: &Path, text: &str) -> Result<FromFile> {
    let (keys, of_streams) = yaml::read(path, text)?;
    let origin = |line| Origin::File { path: path.to_owned(), line };
    let keys = keys.into_iter().map(|entry| (entry.key, (origin(entry.line), entry.value))).collect();
    let of_streams = of_streams.into_iter().map(|entry| (entry.key, (origin(entry.line), entry.value))).collect();
    Ok(FromFile { keys, of_streams })
}

/// The process's variables, or those of a `.env` file. One that is set but empty counts as not set.
struct Variables<'a> {
    all: &'a [(String, String)],
    origin: &'a dyn Fn(&str) -> Origin,
}

impl<'a> Variables<'a> {
    /// Refuses variables that begin like ours and are none, since a typo would be silent otherwise.
    fn new(all: &'a [(String, String)], origin: &'a dyn Fn(&str) -> Origin) -> Result<Self> {
        let variables = Variables { all, origin };
        for (name, _) in all.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let Some(rest) = name.strip_prefix("CREDIT_SEED_") else { continue };
            let known = NOT_KEYS.contains(&name.as_str()) || KEYS.iter().any(|key| env_names(key)[0] == *name);
            if known {
                continue;
            }
            let guess = nearest(rest).map(|key| env_names(key).remove(0));
            let other =
                || nearest_of(rest, NOT_KEYS.iter().map(|known| (&known["CREDIT_SEED_".len()..], (*known).to_owned())));
            let way_out = match guess.or_else(other) {
                Some(guess) => format!("did you mean {guess}?"),
                None => format!(
                    "unset it, or use one of {}",
                    KEYS.iter().map(|key| env_names(key).remove(0)).collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(sentence(&origin(name), format!("there is no such setting; {way_out}")));
        }
        Ok(variables)
    }

    fn variable(&self, name: &str) -> Option<&'a str> {
        let value = self.all.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str());
        value.filter(|value| !value.trim().is_empty())
    }

    fn get(&self, key: &Key) -> Result<Option<Found>> {
        let mut names = env_names(key).into_iter();
        let found = names.find_map(|name| self.variable(&name).map(|value| ((self.origin)(&name), value.to_owned())));
        if found.is_some() || key.name != "database_url" {
            return Ok(found);
        }
        match database_url::from_parts(|name| self.variable(name)) {
            Ok(parts) => Ok(parts.map(|(url, variables)| ((self.origin)(&variables), url))),
            Err((variable, why)) => Err(sentence(&(self.origin)(variable), why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn none() -> Layers {
        Layers::new(Day::from_ymd(2026, 3, 1).unwrap())
    }

    fn env(variables: &[(&str, &str)]) -> Result<Settings> {
        resolve(Layers { environment: pairs(variables), ..none() })
    }

    fn env_error(variables: &[(&str, &str)]) -> String {
        env(variables).unwrap_err().to_string()
    }

    #[test]
    fn of_each_pair_of_layers_the_higher_wins_and_is_named() {
        let names =
            ["default", "configs/ci.yaml:2", ".env CUSTOMER_COUNT", "environment CUSTOMER_COUNT", "flag --customers"];
        for set in 0..16_u32 {
            let has = |layer: u32| set & (1 << (layer - 1)) != 0;
            let mut layers = none();
            if has(1) {
                layers.file = Some((PathBuf::from("configs/ci.yaml"), "# one\ncustomers: 1\n".to_owned()));
            }
            if has(2) {
                layers.dotenv = Some((PathBuf::from(".env"), pairs(&[("CUSTOMER_COUNT", "2")])));
            }
            if has(3) {
                layers.environment = pairs(&[("CUSTOMER_COUNT", "3")]);
            }
            if has(4) {
                layers.flags = pairs(&[("customers", "4")]);
            }
            let winner = (1..=4).rev().find(|layer| has(*layer)).unwrap_or(0);
            let settings = resolve(layers).unwrap();
            assert_eq!(settings.scenario.customers, if winner == 0 { 1000 } else { u64::from(winner) });
            assert_eq!(settings.origins["customers"].to_string(), names[winner as usize]);
            assert_eq!(settings.origins.len(), KEYS.len());
            assert_eq!(settings.origins["seed"], Origin::Default);
        }
    }

    #[test]
    fn the_long_spelling_of_a_variable_beats_the_bare_one() {
        let settings =
            env(&[("CUSTOMER_COUNT", "1"), ("CREDIT_SEED_CUSTOMERS", "2"), ("CREDIT_SEED_JOBS", "")]).unwrap();
        assert_eq!(settings.scenario.customers, 2);
        assert_eq!(settings.origins["customers"].to_string(), "environment CREDIT_SEED_CUSTOMERS");
        assert_eq!(settings.origins["jobs"], Origin::Default);
    }

    #[test]
    fn every_key_can_be_set_by_its_variable() {
        for key in KEYS {
            for name in env_names(key) {
                let value = match key.name {
                    "as_of" => "2024-01-01",
                    "exact_loan_applications" => "true",
                    "market" => "replay",
                    "states" => "CA, NY",
                    "loan_mix" => "mortgage=0",
                    "youngest" | "oldest" => "40",
                    name if name.ends_with("_shift") || name.ends_with("_severity") => "0.5",
                    "spending_factor" => "0.5",
                    "transactions_per_day" => "8-15",
                    name if name.ends_with("_rate") => "0.05",
                    _ => "7",
                };
                let settings = env(&[(&name, value)]).unwrap();
                assert_eq!((key.get)(&settings), value, "{name}");
                assert_eq!(settings.origin(key).to_string(), format!("environment {name}"));
            }
        }
    }

    #[test]
    fn a_wrong_value_is_named_with_its_origin_unless_overruled() {
        let wrong = || pairs(&[("CUSTOMER_COUNT", "-5")]);
        assert!(env_error(&[("CUSTOMER_COUNT", "-5")]).starts_with(
            "environment CUSTOMER_COUNT: \"-5\" is not a number of customers; give a whole number from 0 to 48995100"
        ));
        let flags = pairs(&[("customers", "9")]);
        assert_eq!(resolve(Layers { environment: wrong(), flags, ..none() }).unwrap().scenario.customers, 9);
        let dotenv = Some((PathBuf::from("a/.env"), wrong()));
        let why = resolve(Layers { dotenv, ..none() }).unwrap_err().to_string();
        assert!(why.starts_with("a/.env CUSTOMER_COUNT: \"-5\""), "{why}");
        let why = resolve(Layers { flags: pairs(&[("jobs", "")]), ..none() }).unwrap_err().to_string();
        assert_eq!(why, "flag --jobs: \"\" is not a number of threads; give a whole number from 1 to 256");
        assert_eq!(resolve(Layers { flags: pairs(&[("jobs", "x")]), ..none() }).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn unknown_names_are_refused_with_a_guess() {
        assert_eq!(
            env_error(&[("CREDIT_SEED_CUSTMERS", "5")]),
            "environment CREDIT_SEED_CUSTMERS: there is no such setting; did you mean CREDIT_SEED_CUSTOMERS?"
        );
        assert!(env_error(&[("CREDIT_SEED_CUSTOMER_COUNT", "5")]).ends_with("did you mean CREDIT_SEED_CUSTOMERS?"));
        assert!(env_error(&[("CREDIT_SEED_COLOUR", "5")]).contains("unset it, or use one of CREDIT_SEED_SEED, "));
        let why = resolve(Layers { flags: pairs(&[("custmers", "1")]), ..none() }).unwrap_err().to_string();
        assert_eq!(why, "flag --custmers: there is no such key; did you mean --customers?");
        for name in NOT_KEYS {
            assert!(env(&[(name, "anything")]).is_ok(), "{name}");
        }
        assert!(env(&[("CREDIT_SEED_TYPO", ""), ("SOMETHING_ELSE", "1")]).is_ok());
    }

    #[test]
    fn today_is_what_the_caller_says() {
        let settings = resolve(Layers { flags: pairs(&[("as_of", "Today")]), ..none() }).unwrap();
        assert_eq!(settings.scenario.as_of.to_string(), "2026-03-01");
    }

    #[test]
    fn exact_applications_must_be_whole_whoever_said_so() {
        let exact = ("CREDIT_SEED_EXACT_LOAN_APPLICATIONS", "true");
        assert!(env(&[exact, ("LOAN_APPLICATIONS_PER_CUSTOMER", "3.0")]).is_ok());
        let why = env_error(&[exact, ("LOAN_APPLICATIONS_PER_CUSTOMER", "2.5")]);
        assert!(
            why.starts_with("environment CREDIT_SEED_EXACT_LOAN_APPLICATIONS: exact_loan_applications needs a whole"),
            "{why}"
        );
    }

    #[test]
    fn the_address_is_taken_from_the_most_telling_variable() {
        let all = [
            ("CREDIT_SEED_DATABASE_URL", "sqlite://a.db"),
            ("DATABASE_URL", "sqlite://b.db"),
            ("DB_HOST", "h"),
            ("DB_PASSWORD", "hunter2"),
        ];
        let url = |variables: &[_]| env(variables).unwrap().database_url;
        assert_eq!(url(&all), "sqlite://a.db");
        assert_eq!(url(&all[1..]), "sqlite://b.db");
        assert_eq!(url(&all[2..]), "mysql://:hunter2@h:3306/credit_risk_analysis");
        assert_eq!(url(&all[3..]), "sqlite://credit_risk_analysis.db");
        let settings = env(&all[2..]).unwrap();
        assert_eq!(settings.origins["database_url"].to_string(), "environment DB_HOST, DB_PASSWORD");
        assert!(!format!("{settings:?}").contains("hunter2"));
        let dotenv = Some((PathBuf::from(".env"), pairs(&all)));
        let settings = resolve(Layers { environment: pairs(&all[2..]), dotenv, ..none() }).unwrap();
        assert_eq!(settings.database_url, "mysql://:hunter2@h:3306/credit_risk_analysis");
        assert!(
            env_error(&[("DB_HOST", "h"), ("DB_PORT", "x")]).starts_with("environment DB_PORT: \"x\" is not a port;")
        );
    }
}
