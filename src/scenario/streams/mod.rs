//! The event streams: how people save together, pay, log in and send money home, as settings of a scenario file.
//!
//! The names and defaults are those of the event contract; what goes beyond it says so. They stand at the top level of a
//! file beside all other keys, so that one file may hold those of several streams.

mod check;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something by weight: a name and how often it comes up beside the others. Names need no code.
pub type WeightsByName = BTreeMap<String, f64>;

/// Settings of all streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Streams {
    pub num_users: u32,
    pub num_senders: u32,
    pub time_span_days: u32,
    pub fraud_injection_rate: Option<f64>,

    pub num_circles: Option<u64>,
    pub circle_span_days: u32,
    pub member_range: [u32; 2],
    pub contribution_range: [f64; 2],
    pub frequency_weights: WeightsByName,
    pub late_payment_rate: f64,
    pub late_payment_days_mean: f64,
    pub late_payment_days_std: f64,
    pub miss_payment_rate: f64,
    pub member_drop_rate: f64,
    pub circle_failure_rate: f64,
    pub collusion_rate: f64,

    pub type_weights: WeightsByName,
    pub amount_distribution: Amounts,
    pub transactions_per_user_range: Option<[u32; 2]>,
    pub structuring_injection_rate: f64,
    pub velocity_anomaly_rate: f64,
    pub transaction_states: WeightsByName,

    pub sessions_per_user_range: Option<[u32; 2]>,
    pub session_duration_distribution: Durations,
    pub actions_per_session_distribution: Actions,
    pub anomaly_injection_rate: f64,
    pub account_takeover_injection_rate: f64,
    pub device_diversity: u32,
    pub location_diversity: u32,
    pub action_weights: WeightsByName,
    pub device_weights: WeightsByName,

    pub remittances_per_sender_range: Option<[u32; 2]>,
    pub exchange_rate_base: f64,
    pub exchange_rate_volatility: f64,
    pub exchange_rate_model: RateModel,
    pub send_amount_distribution: SendAmounts,
    pub delivery_method_weights: WeightsByName,
    pub success_rate: f64,
    pub processing_time_hours_mean: f64,
    pub processing_stages: Vec<String>,
    pub seasonal_patterns: bool,
    pub corridor: Corridor,
}

/// Amounts of transactions: log-normal, mean and standard deviation of the logarithm of dollars.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Amounts {
    pub log_normal_mean: f64,
    pub log_normal_std: f64,
}

impl Default for Amounts {
    fn default() -> Self {
        Amounts { log_normal_mean: 4.5, log_normal_std: 1.2 }
    }
}

/// Lengths of sessions: log-normal, mean and standard deviation of the logarithm of seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Durations {
    pub log_normal_mean: f64,
    pub log_normal_std: f64,
}

impl Default for Durations {
    fn default() -> Self {
        Durations { log_normal_mean: 6.0, log_normal_std: 1.0 }
    }
}

/// Actions in a session: log-normal, mean and standard deviation of the logarithm of their number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Actions {
    pub log_normal_mean: f64,
    pub log_normal_std: f64,
}

impl Default for Actions {
    fn default() -> Self {
        Actions { log_normal_mean: 2.0, log_normal_std: 0.8 }
    }
}

/// What people send home, dollars: a common amount, or one about a mean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SendAmounts {
    pub common_amounts: Vec<f64>,
    pub common_amount_probability: f64,
    pub random_mean: f64,
    pub random_std: f64,
}

impl Default for SendAmounts {
    fn default() -> Self {
        SendAmounts {
            common_amounts: vec![50.0, 100.0, 200.0, 300.0, 500.0],
            common_amount_probability: 0.6,
            random_mean: 200.0,
            random_std: 150.0,
        }
    }
}

/// How the exchange rate moves from day to day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateModel {
    RandomWalk,
    MeanReverting,
    Garch,
}

/// From where to where money is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Corridor {
    /// Of the money that arrives, ISO 4217.
    pub currency: String,
    /// ISO 3166, two letters.
    pub country: String,
    /// What a phone number there begins with; eight digits follow.
    pub phone_prefix: String,
    /// Where agents pay out in cash.
    pub places: Vec<String>,
}

impl Default for Corridor {
    fn default() -> Self {
        const PLACES: [&str; 11] = [
            "Port-au-Prince",
            "Cap-Haitien",
            "Gonaives",
            "Les Cayes",
            "Jacmel",
            "Jeremie",
            "Hinche",
            "Port-de-Paix",
            "Miragoane",
            "Petit-Goave",
            "Saint-Marc",
        ];
        Corridor {
            currency: "HTG".to_owned(),
            country: "HT".to_owned(),
            phone_prefix: "+509".to_owned(),
            places: PLACES.map(str::to_owned).to_vec(),
        }
    }
}

impl Streams {
    /// So many consecutive customers have their flows among themselves.
    pub fn block(&self) -> u64 {
        self.num_users.max(self.num_senders).into()
    }
}

impl Default for Streams {
    fn default() -> Self {
        let weights =
            |pairs: &[(&str, f64)]| pairs.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
        Streams {
            num_users: 500,
            num_senders: 300,
            time_span_days: 90,
            fraud_injection_rate: None,

            num_circles: None,
            circle_span_days: 730,
            member_range: [5, 12],
            contribution_range: [50.0, 300.0],
            frequency_weights: weights(&[("weekly", 0.2), ("biweekly", 0.3), ("monthly", 0.5)]),
            late_payment_rate: 0.10,
            late_payment_days_mean: 3.0,
            late_payment_days_std: 2.0,
            miss_payment_rate: 0.05,
            member_drop_rate: 0.03,
            circle_failure_rate: 0.05,
            collusion_rate: 0.02,

            type_weights: weights(&[
                ("circle_contribution", 0.35),
                ("circle_payout", 0.15),
                ("remittance", 0.30),
                ("fee", 0.15),
                ("refund", 0.05),
            ]),
            amount_distribution: Amounts::default(),
            transactions_per_user_range: None,
            structuring_injection_rate: 0.01,
            velocity_anomaly_rate: 0.02,
            transaction_states: BTreeMap::new(),

            sessions_per_user_range: None,
            session_duration_distribution: Durations::default(),
            actions_per_session_distribution: Actions::default(),
            anomaly_injection_rate: 0.03,
            account_takeover_injection_rate: 0.01,
            device_diversity: 2,
            location_diversity: 3,
            // Our assumption, as is the mix of devices.
            action_weights: weights(&[
                ("page_view", 0.36),
                ("button_click", 0.24),
                ("form_submit", 0.08),
                ("circle_browse", 0.12),
                ("circle_join_request", 0.02),
                ("contribution_initiate", 0.06),
                ("remittance_initiate", 0.05),
                ("settings_change", 0.04),
                ("support_contact", 0.03),
            ]),
            device_weights: weights(&[("ios", 0.35), ("android", 0.35), ("web_desktop", 0.2), ("web_mobile", 0.1)]),

            remittances_per_sender_range: None,
            exchange_rate_base: 132.50,
            exchange_rate_volatility: 0.02,
            exchange_rate_model: RateModel::RandomWalk,
            send_amount_distribution: SendAmounts::default(),
            delivery_method_weights: weights(&[
                ("mobile_wallet", 0.45),
                ("bank_deposit", 0.30),
                ("cash_pickup_agent", 0.25),
            ]),
            success_rate: 0.95,
            processing_time_hours_mean: 24.0,
            processing_stages: ["compliance_check", "funds_captured", "partner_submitted", "in_transit"]
                .map(str::to_owned)
                .to_vec(),
            seasonal_patterns: true,
            corridor: Corridor::default(),
        }
    }
}

/// A key of a stream, and what it means.
pub struct StreamKey {
    pub name: &'static str,
    pub about: &'static str,
}

const fn key(name: &'static str, about: &'static str) -> StreamKey {
    StreamKey { name, about }
}

/// Every key of the streams, in the order in which a file has them.
pub static STREAM_KEYS: &[StreamKey] = &[
    key("num_users", "The pool of people of a stream: the first customers of the seed. 0 to 1000000"),
    key("num_senders", "The pool of people who send money home, as num_users. 0 to 1000000"),
    key("time_span_days", "Transactions, sessions and remittances begin in the last so many days. 1 to 1825"),
    key(
        "fraud_injection_rate",
        "Share of fraud, in each stream's sense: 0.02 of the members of circles, 0.03 of transactions, 0.02 of remittances unless it is given",
    ),
    key("num_circles", "How many circles there are, where no --count is given. 0 to 1000000000"),
    key("circle_span_days", "Circles are created in the last so many days. 1 to 1825"),
    key("member_range", "Members of a circle, least and most. 1 to 20"),
    key("contribution_range", "What a member pays a cycle, least and most, USD. 1 to 10000"),
    key("frequency_weights", "How often circles pay, by weight: weekly, biweekly, monthly"),
    key("late_payment_rate", "Share of contributions that are late"),
    key("late_payment_days_mean", "How late they are on average, days; always before the next is due. 1 to 30"),
    key("late_payment_days_std", "And how much that varies, days. 0 to 30"),
    key("miss_payment_rate", "Share of contributions that are never paid"),
    key("member_drop_rate", "Share of members who leave, a cycle"),
    key("circle_failure_rate", "Share of circles that fail for their members' defaults"),
    key("collusion_rate", "Share of circles whose first recipient leaves right after the payout (label collusion)"),
    key("type_weights", "Types of transactions, by weight; any name"),
    key(
        "amount_distribution",
        "Amounts of transactions: mean and standard deviation of ln USD; cut off at 1 and 50,000",
    ),
    key(
        "transactions_per_user_range",
        "Transactions of each user, least and most, where no --count is given. 0 to 100000",
    ),
    key(
        "structuring_injection_rate",
        "Share of transaction flows that stay just under a threshold (label structuring)",
    ),
    key(
        "velocity_anomaly_rate",
        "Share of transaction flows that are 8 to 15 transfers within an hour (label velocity)",
    ),
    key(
        "transaction_states",
        "Further states that completed transactions come to, each with its share; refunded: 0.02 makes transaction-refunded",
    ),
    key("sessions_per_user_range", "Sessions of each user, least and most, where no --count is given. 0 to 100000"),
    key(
        "session_duration_distribution",
        "How long sessions are: mean and standard deviation of ln seconds; cut off at 10 and 7,200",
    ),
    key(
        "actions_per_session_distribution",
        "Actions in a session: mean and standard deviation of the logarithm; cut off at 1 and 100",
    ),
    key(
        "anomaly_injection_rate",
        "Share of sessions that are odd: 30 % of them impossible travel, the rest at an hour their user never uses",
    ),
    key("account_takeover_injection_rate", "Share of sessions that a stranger opened (label account_takeover)"),
    key("device_diversity", "How many devices a user regularly uses. 1 to 10"),
    key("location_diversity", "How many places a user is regularly in. 1 to 10"),
    key("action_weights", "What users do, by weight; any name"),
    key("device_weights", "On what, by weight; any name"),
    key(
        "remittances_per_sender_range",
        "Remittances of each sender, least and most, where no --count is given. 0 to 100000",
    ),
    key("exchange_rate_base", "What the rate begins with. 0.0001 to 100000"),
    key("exchange_rate_volatility", "Standard deviation of its daily change, as a share. 0 to 0.5"),
    key("exchange_rate_model", "How it moves: random_walk, mean_reverting or garch"),
    key(
        "send_amount_distribution",
        "What is sent, USD: common amounts and how likely they are, else normal; at least 10",
    ),
    key("delivery_method_weights", "How it arrives, by weight; any name"),
    key("success_rate", "Share of remittances that arrive"),
    key("processing_time_hours_mean", "How long they take on average, hours. 0.01 to 720"),
    key("processing_stages", "The stages they go through, in order"),
    key(
        "seasonal_patterns",
        "More is sent at Christmas, in February, at Easter and when school begins, less in summer",
    ),
    key("corridor", "Where it is sent: currency, country, phone_prefix, places"),
];

/// Whether this is a key of the streams; in any case of letters, as all keys.
pub fn find(name: &str) -> Option<&'static StreamKey> {
    STREAM_KEYS.iter().find(|key| key.name.eq_ignore_ascii_case(name))
}

/// The key that somebody who wrote `name` may have meant.
pub(super) fn nearest(name: &str) -> Option<&'static StreamKey> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    crate::scenario::keys::nearest_of(&name, STREAM_KEYS.iter().map(|key| (key.name, key)))
}

impl Streams {
    /// Sets one key. The error says what is wrong with the value.
    pub(super) fn set(&mut self, key: &StreamKey, value: Value) -> Result<(), String> {
        let mut all = self.to_map();
        all.insert(key.name.to_owned(), value);
        *self = serde_json::from_value(Value::Object(all))
            .map_err(|error| format!("{}: {}", key.name, check::in_words(&error)))?;
        self.check()
    }

    /// The keys whose values differ from their default, sorted, each with its value as JSON.
    pub(super) fn differing(&self) -> BTreeMap<String, String> {
        let default = Streams::default().to_map();
        let ours = self.to_map().into_iter().filter(|(name, value)| default.get(name) != Some(value));
        ours.map(|(name, value)| (name, value.to_string())).collect()
    }

    /// All keys with their values.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(map)) => map,
            _ => unreachable!("a plain struct of numbers and text is a JSON object"),
        }
    }
}

/// How often a circle may pay.
pub const FREQUENCIES: [&str; 3] = ["weekly", "biweekly", "monthly"];

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_field_has_its_key_and_every_key_its_field() {
        let fields: Vec<String> = Streams::default().to_map().keys().cloned().collect();
        let mut keys: Vec<&str> = STREAM_KEYS.iter().map(|key| key.name).collect();
        keys.sort_unstable();
        assert_eq!(fields, keys);
        assert!(keys.iter().all(|name| crate::scenario::find(name).is_none()), "a key of both kinds");
        assert_eq!(Streams::default().check(), Ok(()));
        assert!(Streams::default().differing().is_empty());
    }

    #[test]
    fn the_shipped_files_show_the_defaults() {
        for (text, also) in [
            (include_str!("../../../configs/default_circle.yaml"), &["fraud_injection_rate", "num_circles"][..]),
            (
                include_str!("../../../configs/default_transaction.yaml"),
                &["fraud_injection_rate", "transactions_per_user_range"],
            ),
            (include_str!("../../../configs/default_session.yaml"), &["sessions_per_user_range"]),
            (
                include_str!("../../../configs/default_remittance.yaml"),
                &["fraud_injection_rate", "remittances_per_sender_range"],
            ),
        ] {
            let read: Map<String, Value> = serde_saphyr::from_str(text).unwrap();
            let mut streams = Streams::default();
            for (name, value) in read {
                streams.set(find(&name).unwrap(), value).unwrap();
            }
            // What has no default but a meaning where it is left out.
            let given: Vec<String> = streams.differing().into_keys().collect();
            assert_eq!(given, also);
        }
    }

    #[test]
    fn values_are_set_one_by_one_and_mistakes_are_named() {
        let mut streams = Streams::default();
        let mut set = |name: &str, value: Value| streams.set(find(name).unwrap(), value);
        assert_eq!(set("late_payment_rate", json!(1)), Ok(()));
        assert_eq!(set("TYPE_WEIGHTS", json!({"gift": 1})), Ok(()));
        assert_eq!(set("amount_distribution", json!({"log_normal_mean": 5})), Ok(()));
        for (name, value, says) in [
            ("late_payment_rate", json!(1.5), "late_payment_rate: 1.5 is out of range; give a number from 0 to 1"),
            ("member_range", json!([7, 5]), "member_range: 7 is more than 5; give the smaller one first"),
            ("member_range", json!([7]), "member_range: invalid length 1"),
            ("num_users", json!("many"), "num_users: invalid type: string \"many\"; give a whole number"),
            ("amount_distribution", json!(5), "amount_distribution: invalid type: integer `5`; give further keys"),
            (
                "transaction_states",
                json!({"completed": 1}),
                "transaction_states: every transaction knows \"completed\"",
            ),
            ("corridor", json!({"places": ["a\nb"]}), "corridor.places: give names of places"),
            ("type_weights", json!({}), "type_weights: nothing has a weight above 0"),
            ("type_weights", json!({"a b": 1}), "type_weights: \"a b\" is no name"),
            ("frequency_weights", json!({"daily": 1}), "frequency_weights: \"daily\" is no frequency"),
            ("amount_distribution", json!({"mean": 1}), "amount_distribution: unknown field `mean`"),
            ("corridor", json!({"currency": "gourde"}), "corridor.currency: give three capital letters"),
            ("processing_stages", json!(["sent", "sent"]), "processing_stages: give each stage once"),
            ("processing_stages", json!(vec!["s"; 33]), "processing_stages: give at most 32 stages"),
            ("exchange_rate_model", json!("magic"), "exchange_rate_model: unknown variant `magic`"),
        ] {
            let why = Streams::default().set(find(name).unwrap(), value).unwrap_err();
            assert!(why.starts_with(says), "{why}");
        }
        let differing = streams.differing();
        assert_eq!(differing["type_weights"], r#"{"gift":1.0}"#);
        assert_eq!(differing["amount_distribution"], r#"{"log_normal_mean":5.0,"log_normal_std":1.2}"#);
        assert_eq!(differing.len(), 3);
    }
}
