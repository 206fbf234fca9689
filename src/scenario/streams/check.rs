//! What the settings of the streams may be.

use super::{FREQUENCIES, Streams};

/// The states that every transaction knows.
const STATES: [&str; 4] = ["initiated", "completed", "failed", "flagged"];

impl Streams {
    /// Is every value in its range? The error begins with the key.
    pub fn check(&self) -> Result<(), String> {
        let rates = [
            ("fraud_injection_rate", self.fraud_injection_rate.unwrap_or_default()),
            ("late_payment_rate", self.late_payment_rate),
            ("miss_payment_rate", self.miss_payment_rate),
            ("member_drop_rate", self.member_drop_rate),
            ("circle_failure_rate", self.circle_failure_rate),
            ("collusion_rate", self.collusion_rate),
            ("structuring_injection_rate", self.structuring_injection_rate),
            ("velocity_anomaly_rate", self.velocity_anomaly_rate),
            ("anomaly_injection_rate", self.anomaly_injection_rate),
            ("account_takeover_injection_rate", self.account_takeover_injection_rate),
            ("success_rate", self.success_rate),
            (
                "send_amount_distribution.common_amount_probability",
                self.send_amount_distribution.common_amount_probability,
            ),
        ];
        for (name, rate) in rates {
            within(name, rate, 0.0, 1.0)?;
        }
        let wholes = [
            ("num_users", self.num_users, 0, 1_000_000),
            ("num_senders", self.num_senders, 0, 1_000_000),
            ("time_span_days", self.time_span_days, 1, 1_825),
            ("circle_span_days", self.circle_span_days, 1, 1_825),
            ("device_diversity", self.device_diversity, 1, 10),
            ("location_diversity", self.location_diversity, 1, 10),
        ];
        for (name, value, low, high) in wholes {
            within(name, f64::from(value), f64::from(low), f64::from(high))?;
        }
        within("num_circles", self.num_circles.unwrap_or_default() as f64, 0.0, 1e9)?;
        range("member_range", self.member_range.map(f64::from), 1.0, 20.0)?;
        range("contribution_range", self.contribution_range, 1.0, 10_000.0)?;
        for (name, given) in [
            ("transactions_per_user_range", self.transactions_per_user_range),
            ("sessions_per_user_range", self.sessions_per_user_range),
            ("remittances_per_sender_range", self.remittances_per_sender_range),
        ] {
            range(name, given.unwrap_or_default().map(f64::from), 0.0, 100_000.0)?;
        }
        let numbers = [
            ("late_payment_days_mean", self.late_payment_days_mean, 1.0, 30.0),
            ("late_payment_days_std", self.late_payment_days_std, 0.0, 30.0),
            ("amount_distribution.log_normal_mean", self.amount_distribution.log_normal_mean, -5.0, 15.0),
            ("amount_distribution.log_normal_std", self.amount_distribution.log_normal_std, 0.0, 5.0),
            (
                "session_duration_distribution.log_normal_mean",
                self.session_duration_distribution.log_normal_mean,
                0.0,
                15.0,
            ),
            (
                "session_duration_distribution.log_normal_std",
                self.session_duration_distribution.log_normal_std,
                0.0,
                5.0,
            ),
            (
                "actions_per_session_distribution.log_normal_mean",
                self.actions_per_session_distribution.log_normal_mean,
                -5.0,
                10.0,
            ),
            (
                "actions_per_session_distribution.log_normal_std",
                self.actions_per_session_distribution.log_normal_std,
                0.0,
                5.0,
            ),
            ("exchange_rate_base", self.exchange_rate_base, 0.0001, 100_000.0),
            ("exchange_rate_volatility", self.exchange_rate_volatility, 0.0, 0.5),
            ("send_amount_distribution.random_mean", self.send_amount_distribution.random_mean, 0.0, 100_000.0),
            ("send_amount_distribution.random_std", self.send_amount_distribution.random_std, 0.0, 100_000.0),
            ("processing_time_hours_mean", self.processing_time_hours_mean, 0.01, 720.0),
        ];
        for (name, value, low, high) in numbers {
            within(name, value, low, high)?;
        }
        for amount in &self.send_amount_distribution.common_amounts {
            within("send_amount_distribution.common_amounts", *amount, 10.0, 100_000.0)?;
        }
        let given = [
            ("frequency_weights", &self.frequency_weights),
            ("type_weights", &self.type_weights),
            ("action_weights", &self.action_weights),
            ("device_weights", &self.device_weights),
            ("delivery_method_weights", &self.delivery_method_weights),
        ];
        for (name, weights) in given {
            for weight in weights.values() {
                within(name, *weight, 0.0, 1e9)?;
            }
            if weights.values().sum::<f64>() <= 0.0 {
                return Err(format!("{name}: nothing has a weight above 0; give one to at least one name"));
            }
            names(name, weights.keys())?;
        }
        if let Some(unknown) = self.frequency_weights.keys().find(|name| !FREQUENCIES.contains(&name.as_str())) {
            return Err(format!("frequency_weights: {unknown:?} is no frequency; there are weekly, biweekly, monthly"));
        }
        for share in self.transaction_states.values() {
            within("transaction_states", *share, 0.0, 1.0)?;
        }
        names("transaction_states", self.transaction_states.keys())?;
        if let Some(known) = self.transaction_states.keys().find(|name| STATES.contains(&name.as_str())) {
            return Err(format!("transaction_states: every transaction knows {known:?}; give another name"));
        }
        names("processing_stages", self.processing_stages.iter())?;
        let twice = |names: &[String]| (1..names.len()).any(|place| names[..place].contains(&names[place]));
        let listed = [
            ("processing_stages", self.processing_stages.is_empty(), "at least one stage"),
            ("processing_stages", self.processing_stages.len() > MOST_NAMES, "at most 32 stages"),
            ("processing_stages", twice(&self.processing_stages), "each stage once"),
            ("transaction_states", self.transaction_states.len() > MOST_NAMES, "at most 32 states"),
            ("corridor.places", self.corridor.places.is_empty(), "at least one place"),
            (
                "corridor.places",
                self.corridor.places.iter().any(|place| place.is_empty() || place.contains(|c: char| c.is_control())),
                "names of places, each on one line",
            ),
            ("corridor.currency", !is_code(&self.corridor.currency, 3), "three capital letters, such as HTG"),
            ("corridor.country", !is_code(&self.corridor.country, 2), "two capital letters, such as HT"),
            ("corridor.phone_prefix", !is_prefix(&self.corridor.phone_prefix), "a plus and one to four digits"),
            (
                "send_amount_distribution.common_amounts",
                self.send_amount_distribution.common_amounts.is_empty(),
                "at least one amount",
            ),
        ];
        match listed.into_iter().find(|(_, wrong, _)| *wrong) {
            Some((name, _, wanted)) => Err(format!("{name}: give {wanted}")),
            None => Ok(()),
        }
    }
}

/// Stages and states of one transfer at most: what a flow tells of is numbered, and numbers have an end.
const MOST_NAMES: usize = 32;

fn within(name: &str, value: f64, low: f64, high: f64) -> Result<(), String> {
    let fits = (low..=high).contains(&value);
    if fits { Ok(()) } else { Err(format!("{name}: {value} is out of range; give a number from {low} to {high}")) }
}

fn range(name: &str, [least, most]: [f64; 2], low: f64, high: f64) -> Result<(), String> {
    within(name, least, low, high)?;
    within(name, most, low, high)?;
    if least <= most { Ok(()) } else { Err(format!("{name}: {least} is more than {most}; give the smaller one first")) }
}

/// Names become words of the data: short, and of letters that need no quoting anywhere.
fn names<'a>(key: &str, mut names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let is_word = |name: &&String| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        !name.is_empty() && name.len() <= 30 && name.bytes().all(plain)
    };
    match names.find(|name| !is_word(name)) {
        Some(wrong) => {
            Err(format!("{key}: {wrong:?} is no name; give up to 30 letters, digits, underscores and hyphens"))
        }
        None => Ok(()),
    }
}

fn is_code(text: &str, letters: usize) -> bool {
    text.len() == letters && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_prefix(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// What does not fit, without the names that types have in this program.
pub(super) fn in_words(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let Some((found, expected)) = text.split_once(", expected ") else { return text };
    let expected = match expected {
        "u32" | "u64" => "a whole number",
        "f64" => "a number",
        _ if expected.starts_with("struct ") => "further keys below it",
        other => other,
    };
    format!("{found}; give {expected}")
}
