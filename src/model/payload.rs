//! What the events of the streams say, by the names that consumers read.
//!
//! Fields stand in alphabetical order, so that the JSON is canonical (RFC 8785) as it is written. Amounts are decimal strings in
//! the currency beside them, times are UTC.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Serialize, Serializer};

use super::{Cents, Id};
use crate::schema::{Day, Moment};

/// A time as consumers read it: `2026-01-15T10:30:00+00:00`, whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Moment);

impl Time {
    /// Its 25 characters.
    pub fn text(self) -> [u8; 25] {
        let mut text = *b"0000-00-00T00:00:00+00:00";
        let (year, month, day) = self.0.day().ymd();
        let (hour, minute, second, _) = self.0.clock();
        let mut put = |at: usize, number: u32| {
            text[at] = b'0' + (number / 10 % 10) as u8;
            text[at + 1] = b'0' + (number % 10) as u8;
        };
        put(0, year.unsigned_abs() / 100);
        put(2, year.unsigned_abs());
        for (at, number) in [(5, month), (8, day), (11, hour), (14, minute), (17, second)] {
            put(at, number);
        }
        text
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

/// A date, `2026-01-15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(pub Day);

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An exchange rate in ten-thousandths, as a decimal string with four places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub i64);

impl Rate {
    /// What `amount` is worth at this rate: halves of a cent are rounded up.
    pub fn of(self, amount: Cents) -> Cents {
        let exact = i128::from(amount.0) * i128::from(self.0);
        Cents(((exact + 5_000).div_euclid(10_000)) as i64)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}.{:04}", self.0 / 10_000, self.0 % 10_000))
    }
}

/// An address of 10/8 or 198.18/15, which no host on the Internet has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ip(pub Ipv4Addr);

impl Serialize for Ip {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A device, `device_` and 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device(pub u64);

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "device_{:016x}", self.0)
    }
}

impl Serialize for Device {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A few letters and some digits of a reference, such as `ch_` and 12 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub prefix: &'static str,
    pub digits: usize,
    pub number: u64,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As many hexadecimal digits as asked for, at most 16.
        let bits = 4 * self.digits.min(16) as u32;
        let number = self.number & u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        write!(f, "{}{number:0width$x}", self.prefix, width = self.digits)
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Thousandths of a degree, as a JSON number of degrees; north and east are positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Degrees(pub i32);

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Canonical JSON has no `45.0`.
        if self.0 % 1000 == 0 {
            serializer.serialize_i32(self.0 / 1000)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 1000.0)
        }
    }
}

/// Where somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Geo {
    pub city: &'static str,
    pub country: &'static str,
    pub latitude: Degrees,
    pub longitude: Degrees,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
}

/// One end of a transaction.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Instrument {
    pub identifier: Reference,
    pub r#type: &'static str,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct CircleMetadata {
    pub circle_id: Id,
    pub cycle_number: u32,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Fees {
    pub currency: &'static str,
    pub platform_fee: Cents,
    pub processor_fee: Cents,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct FlagDetails {
    pub description: &'static str,
    pub rule_triggered: &'static str,
}

#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Confirmation<'w> {
    pub confirmation_code: Reference,
    pub confirmed_by: &'w str,
}

/// What an event says. Which type of event goes with which payload is the streams' business.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
#[serde(untagged)]
pub enum Payload<'w> {
    CircleCreated {
        circle_id: Id,
        contribution_amount: Cents,
        currency: &'static str,
        #[cfg_attr(test, schemars(extend("enum" = ["weekly", "biweekly", "monthly"])))]
        frequency: &'w str,
        #[cfg_attr(test, schemars(range(min = 5, max = 20)))]
        max_members: u32,
        name: String,
        organizer_id: Id,
        #[cfg_attr(test, schemars(extend("enum" = ["sequential", "random"])))]
        rotation_order: &'static str,
        start_date: Date,
        #[cfg_attr(test, schemars(extend("enum" = ["pending"])))]
        status: &'static str,
    },
    MemberJoined {
        circle_id: Id,
        joined_at: Time,
        #[cfg_attr(test, schemars(range(min = 1, max = 20)))]
        position: u32,
        user_id: Id,
        #[cfg_attr(test, schemars(extend("enum" = ["verified", "pending"])))]
        verification_status: &'static str,
    },
    ContributionReceived {
        amount: Cents,
        circle_id: Id,
        contribution_id: Id,
        currency: &'static str,
        #[cfg_attr(test, schemars(range(min = 1)))]
        cycle_number: u32,
        days_late: u32,
        paid_at: Time,
        #[cfg_attr(test, schemars(extend("enum" = ["stripe", "bank_transfer", "balance"])))]
        payment_method: &'static str,
        user_id: Id,
    },
    ContributionMissed {
        amount_due: Cents,
        circle_id: Id,
        #[cfg_attr(test, schemars(range(min = 1)))]
        consecutive_misses: u32,
        currency: &'static str,
        cycle_number: u32,
        due_date: Date,
        user_id: Id,
    },
    PayoutExecuted {
        amount: Cents,
        circle_id: Id,
        currency: &'static str,
        cycle_number: u32,
        executed_at: Time,
        payout_id: Id,
        #[cfg_attr(test, schemars(extend("enum" = ["stripe", "bank_transfer", "balance"])))]
        payout_method: &'static str,
        recipient_id: Id,
    },
    MemberDropped {
        circle_id: Id,
        dropped_at: Time,
        payments_made: u32,
        payments_owed: u32,
        #[cfg_attr(test, schemars(extend("enum" = ["voluntary", "missed_payments", "removed_by_organizer"])))]
        reason: &'static str,
        user_id: Id,
    },
    CircleFailed {
        circle_id: Id,
        cycles_completed: u32,
        cycles_planned: u32,
        failed_at: Time,
        members_at_failure: u32,
        #[cfg_attr(test, schemars(extend("enum" = ["insufficient_members", "excessive_defaults"])))]
        reason: &'static str,
    },
    CircleCompleted {
        circle_id: Id,
        completed_at: Time,
        currency: &'static str,
        members_completed: u32,
        members_dropped: u32,
        total_cycles: u32,
        total_volume: Cents,
    },
    TransactionInitiated {
        amount: Cents,
        currency: &'static str,
        destination: Instrument,
        device_id: Device,
        geo_location: Geo,
        initiated_at: Time,
        ip_address: Ip,
        #[serde(skip_serializing_if = "Option::is_none")]
        metadata: Option<CircleMetadata>,
        source: Instrument,
        transaction_id: Id,
        r#type: &'w str,
        user_id: Id,
    },
    TransactionCompleted {
        completed_at: Time,
        fees: Fees,
        net_amount: Cents,
        processor_reference: Reference,
        transaction_id: Id,
        user_id: Id,
    },
    TransactionFailed {
        #[cfg_attr(test, schemars(extend("enum" = ["insufficient_funds", "card_declined", "network_error"])))]
        error_code: &'static str,
        error_message: &'static str,
        failed_at: Time,
        retry_eligible: bool,
        transaction_id: Id,
        user_id: Id,
    },
    TransactionFlagged {
        #[cfg_attr(test, schemars(extend("enum" = ["blocked", "held_for_review", "allowed_with_flag"])))]
        action_taken: &'static str,
        flag_details: FlagDetails,
        #[cfg_attr(test, schemars(extend("enum" = ["fraud_suspicion", "aml_threshold", "velocity_limit"])))]
        flag_type: &'static str,
        flagged_at: Time,
        #[cfg_attr(test, schemars(range(min = 50, max = 95)))]
        risk_score: u32,
        transaction_id: Id,
        user_id: Id,
    },
    /// A state that the settings add.
    TransactionCameTo {
        transaction_id: Id,
        updated_at: Time,
        user_id: Id,
    },
    LoginAttempt {
        attempt_id: Id,
        attempted_at: Time,
        #[cfg_attr(test, schemars(extend("enum" = ["password", "biometric", "magic_link"])))]
        auth_method: &'static str,
        device_id: Device,
        device_type: &'w str,
        geo_location: Geo,
        ip_address: Ip,
        user_agent: &'static str,
        user_id: Id,
    },
    LoginSuccess {
        attempt_id: Id,
        authenticated_at: Time,
        mfa_used: bool,
        session_id: Id,
        user_id: Id,
    },
    LoginFailed {
        attempt_id: Id,
        #[cfg_attr(test, schemars(range(min = 1)))]
        consecutive_failures: u32,
        failed_at: Time,
        #[cfg_attr(test, schemars(extend("enum" = ["invalid_password", "mfa_failed", "device_not_trusted"])))]
        failure_reason: &'static str,
        user_id: Id,
    },
    SessionStarted {
        device_id: Device,
        geo_location: Geo,
        ip_address: Ip,
        session_id: Id,
        started_at: Time,
        user_id: Id,
    },
    ActionPerformed {
        action_id: Id,
        action_target: String,
        action_type: &'w str,
        #[cfg_attr(test, schemars(range(min = 500, max = 30000)))]
        duration_ms: u32,
        performed_at: Time,
        session_id: Id,
        user_id: Id,
    },
    SessionEnded {
        #[cfg_attr(test, schemars(range(min = 1, max = 100)))]
        actions_count: u32,
        #[cfg_attr(test, schemars(range(min = 10, max = 7200)))]
        duration_seconds: u32,
        ended_at: Time,
        #[cfg_attr(test, schemars(extend("enum" = ["user_logout", "timeout"])))]
        reason: &'static str,
        session_id: Id,
        user_id: Id,
    },
    RateUpdated {
        effective_at: Time,
        pair: String,
        previous_rate: Rate,
        rate: Rate,
        source: &'static str,
    },
    RemittanceInitiated {
        #[serde(skip_serializing_if = "Option::is_none")]
        agent_id: Option<String>,
        delivery_method: &'w str,
        exchange_rate: Rate,
        fee_amount: Cents,
        initiated_at: Time,
        receive_amount: Cents,
        receive_currency: &'w str,
        recipient_country: &'w str,
        recipient_name: String,
        recipient_phone: String,
        remittance_id: Id,
        send_amount: Cents,
        send_currency: &'static str,
        sender_id: Id,
    },
    RemittanceProcessing {
        #[serde(skip_serializing_if = "Option::is_none")]
        processor_reference: Option<Reference>,
        remittance_id: Id,
        status: &'w str,
        updated_at: Time,
    },
    RemittanceCompleted {
        actual_exchange_rate: Rate,
        actual_receive_amount: Cents,
        completed_at: Time,
        delivery_confirmation: Confirmation<'w>,
        remittance_id: Id,
    },
    RemittanceFailed {
        failed_at: Time,
        failure_reason: &'static str,
        refund_status: &'static str,
        remittance_id: Id,
    },
}

/// How the values above look, for the schemas of events.
#[cfg(test)]
mod schemas {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Cents, Date, Degrees, Device, Id, Ip, Rate, Reference, Time};

    macro_rules! looks_like {
        ($($kind:ident: $schema:tt)*) => { $(
            impl JsonSchema for $kind {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($kind).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!($schema)
                }
            }
        )* };
    }

    looks_like! {
        Id: { "type": "string", "format": "uuid" }
        Cents: { "type": "string", "pattern": "^[0-9]+\\.[0-9]{2}$" }
        Time: { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\+00:00$" }
        Date: { "type": "string", "format": "date" }
        Rate: { "type": "string", "pattern": "^[0-9]+\\.[0-9]{4}$" }
        Ip: { "type": "string", "format": "ipv4" }
        Device: { "type": "string", "pattern": "^device_[0-9a-f]{16}$" }
        Reference: { "type": "string", "pattern": "^([a-z]+_)?[0-9a-f]+$" }
        Degrees: { "type": "number", "minimum": -180, "maximum": 180 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: impl Serialize) -> String {
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn values_are_written_as_the_contract_has_them() {
        let moment = "2026-01-15".parse::<Day>().unwrap().at(10 * 3600 + 30 * 60);
        assert_eq!(json(Time(moment)), "\"2026-01-15T10:30:00+00:00\"");
        assert_eq!(json(Rate(1_325_000)), "\"132.5000\"");
        assert_eq!((json(Degrees(-83_000)), json(Degrees(45_503))), ("-83".to_owned(), "45.503".to_owned()));
        assert_eq!(json(Device(0xAB)), "\"device_00000000000000ab\"");
        assert_eq!(json(Reference { prefix: "ch_", digits: 12, number: u64::MAX }), "\"ch_ffffffffffff\"");
        assert_eq!(json(Ip(Ipv4Addr::new(10, 0, 0, 1))), "\"10.0.0.1\"");
        assert_eq!(Rate(1_325_050).of(Cents(10_000)), Cents(1_325_050));
        // 0.01 x 0.5 is half a cent.
        assert_eq!(Rate(5_000).of(Cents(1)), Cents(1));
    }
}
