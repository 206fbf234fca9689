//! What a run is asked for: the scenario, which decides every byte, and the settings around it, which decide none.

mod database_url;
mod json_schema;
mod keys;
mod layers;
mod model;
pub mod streams;
mod yaml;

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::model::Label;
use crate::schema::Day;

pub use database_url::redact_url;
pub use json_schema::json_schema;
pub use keys::{Form, KEYS, Key, Scope, env_names, find};
pub use layers::{Layers, Origin, resolve};
pub use model::{MarketKind, Model, Recession, States};
pub use streams::Streams;

/// The generation of the data. A change of bytes for any scenario is a bump, and so is a change of a default.
pub const DATASET_VERSION: u32 = 2;

/// Flows of a stream among people who have flows together, at most: some 24 bytes each.
const MOST_FLOWS: u64 = 10_000_000;

/// Which bank is generated: equal scenarios give equal bytes, on every machine.
///
/// Built by hand rather than by [`resolve`], it may break the ranges below; [`Scenario::check`] tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The seed of all chance; any number.
    pub seed: u64,
    /// The last day of the data, 1990-01-01 to 2037-12-31: nothing in it happens later.
    pub as_of: Day,
    /// Customers, 0 to 48,995,100.
    pub customers: u64,
    /// Financial records per customer, the newest; five make a month. 0 to 300.
    pub financial_records_per_customer: u32,
    /// Mean number of loan applications per customer over the whole window, 0 to 20.
    pub loan_applications_per_customer: f64,
    /// Every customer files exactly that many applications, which must then be a whole number.
    pub exact_loan_applications: bool,
    /// Monthly observations of each market series, 0 to 600.
    pub market_data_points: u32,
    /// Monthly credit records per customer, 0 to 60.
    pub credit_history_entries: u32,
    /// Mean number of transactions per account, 0 to 10,000: how many of the newest days are written follows from it.
    pub transactions_per_account: u32,
    /// Months of which transactions are written, the last that of `as_of`, 0 to 60; 0 leaves it to
    /// `transactions_per_account`.
    pub transaction_months: u32,
    /// Flows of each event stream for 1,000 customers, in the order of [`crate::generate::streams::StreamKind::ALL`], each 0
    /// to 100,000: circles, transfers, sessions and remittances. What they move is on the accounts as well.
    pub flows_per_thousand: [u32; 4],
    /// How often each kind of accident and fraud happens, in the order of [`Label::ALL`]: the first three as a share of
    /// the payments it can befall, 0 to 0.1, the others as cases a customer and year, 0 to 12.
    pub anomaly_rates: [f64; Label::ALL.len()],
    /// What the people, the lender and the times are like.
    pub model: Model,
    /// What the event streams tell of them.
    pub streams: Streams,
}

impl Default for Scenario {
    fn default() -> Self {
        Scenario {
            seed: 42,
            // 2025-12-31
            as_of: Day(20_453),
            customers: 1000,
            financial_records_per_customer: 5,
            loan_applications_per_customer: 2.0,
            exact_loan_applications: false,
            market_data_points: 100,
            credit_history_entries: 10,
            transactions_per_account: 100,
            transaction_months: 0,
            flows_per_thousand: [20, 1000, 500, 300],
            anomaly_rates: [0.0008, 0.0004, 0.001, 0.07, 0.012, 0.02, 0.008, 0.006],
            model: Model::default(),
            streams: Streams::default(),
        }
    }
}

impl Scenario {
    /// Is every value in its range, and do the values go together?
    pub fn check(&self) -> Result<()> {
        let mut settings = Settings::of(self);
        for key in KEYS.iter().filter(|key| key.scope != Scope::Run) {
            let text = (key.get)(&settings);
            key.read(&mut settings, &text).map_err(|why| Error::Scenario(format!("{}: {why}", key.name)))?;
        }
        self.streams.check().map_err(Error::Scenario)?;
        self.check_together().map_err(|(_, why)| Error::Scenario(why))
    }

    /// Do the values go together? The error names the key that is to blame, and says why.
    fn check_together(&self) -> Result<(), (&'static str, String)> {
        let first = self.as_of.month().plus(1 - self.market_data_points as i32);
        if first.0 < 0 {
            let why = format!(
                "market_data_points: {} months before {} begin before 1970, where MySQL's TIMESTAMP begins; give at most {}",
                self.market_data_points,
                self.as_of,
                self.as_of.month().0 + 1
            );
            return Err(("market_data_points", why));
        }
        let mean = self.loan_applications_per_customer;
        if self.exact_loan_applications && mean.fract() != 0.0 {
            let why = format!(
                "exact_loan_applications needs a whole loan_applications_per_customer, which is {mean}; \
                 give a whole number from 0 to 20, or set exact_loan_applications to false"
            );
            return Err(("exact_loan_applications", why));
        }
        let most = self.flows_per_thousand.into_iter().max().unwrap_or(0);
        let block = self.streams.block();
        if u64::from(most) * block / 1000 > MOST_FLOWS {
            let why = format!(
                "num_users: {block} people and {most} flows for 1,000 of them are more than {MOST_FLOWS} flows among so many, \
                 which are remembered together; give fewer of either"
            );
            return Err(("num_users", why));
        }
        self.model.check_together()
    }

    /// Which world, but neither how many live in it nor of which seed: the keys that differ from their default, sorted,
    /// each a line `key: value`. A key that is added later, with a default, changes no text that was there before.
    pub fn canonical(&self) -> String {
        let mut lines = self.differing(&[Scope::World, Scope::Model, Scope::Volume, Scope::Anomaly]);
        lines.append(&mut self.streams.differing());
        text_of(&lines)
    }

    /// SHA-256 of [`Scenario::canonical`]. Two runs of equal seed, dataset version and this hash hold the same lives;
    /// the larger one only holds more of them.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(self.canonical()).into()
    }

    /// Everything that decides the bytes, as 64 hexadecimal digits: the key for a cache of a seeded database.
    pub fn fingerprint(&self) -> String {
        let text = format!("{}{}customers: {}\n", self.root(), self.canonical(), self.customers);
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// What sets this world's ids apart from another's. Neither the number of customers nor a pure volume counts: they
    /// change how many rows are written, never an id.
    pub fn tag(&self) -> u32 {
        let hash = Sha256::digest(self.root() + &text_of(&self.differing(&[Scope::World, Scope::Model])));
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }

    /// All scenario keys with their values, and those of the streams that differ from their default, as a scenario file that
    /// gives this scenario again.
    pub fn to_yaml(&self) -> String {
        let settings = Settings::of(self);
        let keys = KEYS.iter().filter(|key| key.scope != Scope::Run);
        let lines: String = keys.map(|key| format!("{}: {}\n", key.name, (key.get)(&settings))).collect();
        // JSON is YAML, too.
        lines + &text_of(&self.streams.differing())
    }

    /// What every hash of a world begins with.
    fn root(&self) -> String {
        format!("dataset_version: {DATASET_VERSION}\nseed: {}\n", self.seed)
    }

    /// The keys of these scopes that differ from their default, with their values.
    fn differing(&self, scopes: &[Scope]) -> BTreeMap<String, String> {
        let (ours, default) = (Settings::of(self), Settings::default());
        let keys = KEYS.iter().filter(|key| scopes.contains(&key.scope));
        let values = keys.map(|key| (key.name, (key.get)(&ours), (key.get)(&default)));
        values.filter(|(_, ours, default)| ours != default).map(|(name, ours, _)| (name.to_owned(), ours)).collect()
    }
}

/// Sorted lines `key: value`.
fn text_of(keys: &BTreeMap<String, String>) -> String {
    keys.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

/// A scenario and how to run it, with the origin of each.
#[derive(Clone, PartialEq)]
pub struct Settings {
    pub scenario: Scenario,
    /// Where the data goes. It may hold a password: show `redact_url` of it, never itself.
    pub database_url: String,
    /// Threads that generate, 1 to 256; as many as the machine has cores unless told otherwise. Changes no byte.
    pub jobs: usize,
    /// Customers per transaction, 1 to 100,000. Changes no byte.
    pub batch_size: u64,
    /// Where the value of each key came from; every name of [`KEYS`] is in it.
    pub origins: BTreeMap<&'static str, Origin>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            scenario: Scenario::default(),
            database_url: "sqlite://credit_risk_analysis.db".to_owned(),
            jobs: std::thread::available_parallelism().map_or(1, |cores| cores.get().min(256)),
            batch_size: 500,
            origins: KEYS.iter().map(|key| (key.name, Origin::Default)).collect(),
        }
    }
}

impl Settings {
    /// This scenario, and the default for how to run it.
    pub fn of(scenario: &Scenario) -> Settings {
        Settings { scenario: scenario.clone(), ..Settings::default() }
    }

    /// Where the value of this key came from.
    pub fn origin(&self, key: &Key) -> &Origin {
        self.origins.get(key.name).unwrap_or(&Origin::Default)
    }
}

impl fmt::Debug for Settings {
    // By hand, for a derived one would print the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("scenario", &self.scenario)
            .field("database_url", &redact_url(&self.database_url))
            .field("jobs", &self.jobs)
            .field("batch_size", &self.batch_size)
            .field("origins", &self.origins)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn read_back(text: &str) -> Scenario {
        let file = Some((PathBuf::from("x.yaml"), text.to_owned()));
        resolve(Layers { file, ..Layers::new(Day(0)) }).unwrap().scenario
    }

    fn odd() -> Scenario {
        Scenario {
            seed: u64::MAX,
            as_of: Day::from_ymd(2024, 2, 29).unwrap(),
            customers: 48_995_100,
            financial_records_per_customer: 300,
            loan_applications_per_customer: 0.1,
            exact_loan_applications: false,
            market_data_points: 0,
            credit_history_entries: 60,
            transactions_per_account: 0,
            transaction_months: 60,
            flows_per_thousand: [20, 0, 500, 7],
            anomaly_rates: [0.0, 0.0004, 0.1, 0.07, 12.0, 0.02, 0.008, 0.5],
            model: Model {
                recession: Recession::Begins(0),
                states: States::of(&["NY", "CA"]),
                loan_mix: [0.0, 2.5, 1.0, 1.0, 1.0, 1.0, 100.0],
                rate_shift: -0.25,
                transactions_per_day: Some((8.0, 15.0)),
                ..Model::default()
            },
            streams: Streams { late_payment_rate: 0.5, num_circles: Some(7), ..Streams::default() },
        }
    }

    #[test]
    fn the_default_ends_with_2025() {
        assert_eq!(Scenario::default().as_of.to_string(), "2025-12-31");
    }

    #[test]
    fn canonical_holds_what_differs_and_neither_seed_nor_customers() {
        assert_eq!(Scenario::default().canonical(), "");
        assert_eq!(Scenario { seed: 1, customers: 7, ..Scenario::default() }.canonical(), "");
        assert_eq!(
            odd().canonical(),
            "accident_burst_rate: 0\naccount_takeover_rate: 12\nas_of: 2024-02-29\ncredit_history_entries: 60\n\
             financial_records_per_customer: 300\nlate_payment_rate: 0.5\nloan_applications_per_customer: 0.1\n\
             loan_mix: credit_card=0, auto=2.5, small_business=100\nmarket_data_points: 0\n\
             mistyped_entity_rate: 0.1\nnum_circles: 7\nrate_shift: -0.25\nrecession: 0\nremittance_flows: 7\nstates: CA, NY\nstructuring_rate: 0.5\n\
             transaction_flows: 0\ntransaction_months: 60\ntransactions_per_account: 0\ntransactions_per_day: 8-15\n"
        );
    }

    #[test]
    fn the_hashes_are_those_of_dataset_version_2() {
        let scenario = Scenario::default();
        // SHA-256 of nothing, of "dataset_version: 2\nseed: 42\n" and of that with "customers: 1000\n" behind it.
        assert_eq!(scenario.sha256()[..4], [0xe3, 0xb0, 0xc4, 0x42]);
        assert_eq!(scenario.tag(), 0x7a4f_43e6);
        assert_eq!(scenario.fingerprint(), "2bd11b2e2319b0d8cce2675bbfaf306e7b08eab2b145c868619acd0ea6e78e06");
    }

    #[test]
    fn each_hash_sees_what_it_should() {
        let base = Scenario::default();
        let seen = |other: &Scenario| {
            (base.tag() != other.tag(), base.sha256() != other.sha256(), base.fingerprint() != other.fingerprint())
        };
        let with = |change: fn(&mut Scenario)| {
            let mut scenario = base.clone();
            change(&mut scenario);
            seen(&scenario)
        };
        assert_eq!(with(|_| ()), (false, false, false));
        assert_eq!(with(|s| s.customers = 1), (false, false, true));
        assert_eq!(with(|s| s.seed = 1), (true, false, true));
        assert_eq!(with(|s| s.financial_records_per_customer = 1), (false, true, true));
        assert_eq!(with(|s| s.market_data_points = 1), (false, true, true));
        assert_eq!(with(|s| s.credit_history_entries = 1), (false, true, true));
        assert_eq!(with(|s| s.transaction_months = 1), (false, true, true));
        assert_eq!(with(|s| s.flows_per_thousand[2] = 0), (false, true, true));
        assert_eq!(with(|s| s.anomaly_rates[0] = 0.0), (false, true, true));
        assert_eq!(with(|s| s.model.transactions_per_day = Some((8.0, 15.0))), (true, true, true));
        assert_eq!(with(|s| s.as_of = Day(0)), (true, true, true));
        assert_eq!(with(|s| s.loan_applications_per_customer = 1.0), (true, true, true));
        assert_eq!(with(|s| s.exact_loan_applications = true), (true, true, true));
        assert_eq!(with(|s| s.model.rate_shift = 1.0), (true, true, true));
    }

    #[test]
    fn yaml_reads_back() {
        for scenario in [Scenario::default(), odd()] {
            assert_eq!(read_back(&scenario.to_yaml()), scenario);
        }
    }

    #[test]
    fn the_shipped_files_say_what_they_should() {
        let default = include_str!("../../configs/default.yaml");
        assert_eq!(read_back(default), Scenario::default());
        for key in KEYS.iter().filter(|key| key.scope != Scope::Run) {
            assert!(default.contains(&format!("\n{}: ", key.name)), "{}", key.name);
        }
        assert_eq!(
            read_back(include_str!("../../configs/ci.yaml")),
            Scenario { customers: 100, ..Scenario::default() }
        );
        assert_eq!(
            read_back(include_str!("../../configs/demo.yaml")),
            Scenario {
                customers: 250,
                financial_records_per_customer: 30,
                credit_history_entries: 24,
                ..Scenario::default()
            }
        );
    }

    #[test]
    fn check_finds_what_is_out_of_range_or_does_not_go_together() {
        let says = |scenario: Scenario| scenario.check().unwrap_err().to_string();
        assert!(odd().check().is_ok());
        assert!(
            says(Scenario { market_data_points: 601, ..odd() })
                .starts_with("market_data_points: \"601\" is not a number of market data points; give")
        );
        assert!(says(Scenario { loan_applications_per_customer: f64::NAN, ..odd() }).contains("\"NaN\" is not"));
        assert!(
            says(Scenario { exact_loan_applications: true, ..odd() }).contains("which is 0.1; give a whole number")
        );
        let streams = Streams { num_users: 1_000_000, ..Streams::default() };
        assert!(
            says(Scenario { streams, flows_per_thousand: [0, 0, 100_000, 0], ..odd() })
                .contains("give fewer of either")
        );
    }

    #[test]
    fn debug_hides_the_password() {
        let settings = Settings { database_url: "mysql://u:hunter2@h/d".to_owned(), ..Settings::default() };
        let debug = format!("{settings:?}");
        assert!(debug.contains("mysql://u:***@h/d") && !debug.contains("hunter2"), "{debug}");
    }
}
