//! Events of the streams: they agree with themselves, causes come first, and what they move is on the accounts.

use std::collections::BTreeMap;

use chrono::DateTime;
use rust_decimal::Decimal;
use serde_json::Value;

use super::Rule;
use super::ledger::Entry;
use super::life::{Life, Told};
use crate::schema::{Day, Moment};
use crate::validate::cell::{moment, text};
use crate::validate::check::{Check, Outcome, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "streams.payload",
        about: "an event's payload is an object, and whom and when it tells of are the event's own customer and time",
        judge: payload,
    },
    Rule {
        id: "streams.causes",
        about: "what is told of a transfer, a session or a remittance comes after it was begun",
        judge: causes,
    },
    Rule {
        id: "streams.on_accounts",
        about: "what a contribution, a payout or a remittance moves is on the account, with the same id, amount and day",
        judge: on_accounts,
    },
];

/// Fields of which a payload has at most one, and that say what the envelope says.
const WHO: [&str; 4] = ["user_id", "sender_id", "recipient_id", "organizer_id"];
const WHEN: [&str; 15] = [
    "attempted_at",
    "authenticated_at",
    "completed_at",
    "dropped_at",
    "effective_at",
    "ended_at",
    "executed_at",
    "failed_at",
    "flagged_at",
    "initiated_at",
    "joined_at",
    "paid_at",
    "performed_at",
    "started_at",
    "updated_at",
];

fn field<'a>(payload: &'a Value, name: &str) -> Result<&'a str, String> {
    payload.get(name).and_then(Value::as_str).ok_or_else(|| format!("its payload has no {name}"))
}

/// Money is a string with two places; anything else is no amount.
fn money(payload: &Value, name: &str) -> Result<Decimal, String> {
    let text = field(payload, name)?;
    let is_money = text.rsplit_once('.').is_some_and(|(_, cents)| cents.len() == 2);
    let amount = text.parse().ok().filter(|_| is_money);
    amount.ok_or_else(|| format!("{name} is no amount: {:?}", text.chars().take(40).collect::<String>()))
}

fn payload(life: &Life<'_>, check: &mut Check) {
    for event in &life.told {
        check.row(event.row, || {
            let payload = event.payload.as_ref().filter(|payload| payload.is_object());
            let payload = payload.ok_or("its payload is no object")?;
            for name in WHO.into_iter().filter(|name| payload.get(name).is_some()) {
                let (says, is) = (field(payload, name)?, text(event.row, "customer_id")?);
                ensure(says == is, || format!("{name} is {says}, the event's customer {is}"))?;
            }
            for name in WHEN.into_iter().filter(|name| payload.get(name).is_some()) {
                let (says, is) = (field(payload, name)?, moment(event.row, "occurred_at")?);
                let same = DateTime::parse_from_rfc3339(says).is_ok_and(|says| Moment::from(says.to_utc()) == is);
                ensure(same, || {
                    format!("{name} is {:?}, occurred_at {is}", says.chars().take(40).collect::<String>())
                })?;
            }
            Ok(())
        });
    }
}

/// With which event each thing begins, and the field that names it.
const BEGINNINGS: [(&str, &str); 4] = [
    ("transaction-initiated", "transaction_id"),
    ("remittance-initiated", "remittance_id"),
    ("login-attempt", "attempt_id"),
    ("login-success", "session_id"),
];

fn causes(life: &Life<'_>, check: &mut Check) {
    let mut begun: BTreeMap<(&str, &str), Moment> = BTreeMap::new();
    for event in &life.told {
        let Some((_, name)) = BEGINNINGS.into_iter().find(|(kind, _)| event.is(kind)) else { continue };
        if let (Some(id), Ok(at)) = (event.text(name), moment(event.row, "occurred_at")) {
            begun.insert((name, id), at);
        }
    }
    for event in &life.told {
        for (kind, name) in BEGINNINGS {
            let Some(id) = event.text(name).filter(|_| !event.is(kind)) else { continue };
            check.row(event.row, || {
                let (began, at) = (begun.get(&(name, id)), moment(event.row, "occurred_at")?);
                let began = began.ok_or_else(|| format!("{id} never began: there is no {kind} of it"))?;
                ensure(*began <= at, || format!("at {at}, but {id} began at {began}"))
            });
        }
    }
}

fn on_accounts(life: &Life<'_>, check: &mut Check) {
    let Some(from) = life.booked_from() else { return };
    let ours = life.accounts.iter().filter(|account| account.is_ours());
    let entries = ours.flat_map(|account| &account.entries);
    let booked: BTreeMap<&str, &Entry<'_>> =
        entries.filter_map(|entry| entry.row.text("transaction_id").map(|id| (id, entry))).collect();
    let sent = remittances(life);
    for event in &life.told {
        let moved = match event.kind() {
            Some("circle-contribution-received") => ("contribution_id", "amount", -Decimal::ONE, event.day()),
            Some("circle-payout-executed") => ("payout_id", "amount", Decimal::ONE, event.day()),
            Some("remittance-initiated") => {
                let Some(day) = event.text("remittance_id").and_then(|id| sent.get(id)) else { continue };
                ("remittance_id", "send_amount", -Decimal::ONE, Some(*day))
            }
            _ => continue,
        };
        let (name, amount, sign, day) = moved;
        // What was moved before the first day that is written, and what is nothing, is not on the account.
        if day.is_some_and(|day| day < from) || money_is_none(event, amount) {
            continue;
        }
        check.row(event.row, || -> Outcome {
            let payload = event.payload.as_ref().ok_or("its payload is no object")?;
            let (id, expected) = (field(payload, name)?, sign * money(payload, amount)?);
            let entry = booked.get(id).ok_or_else(|| format!("{id} is on no account of the customer's"))?;
            let (found, booked) = (entry.amount.clone()?, entry.day()?);
            let on = day.ok_or("when it was moved cannot be read")?;
            ensure(found == expected && booked == on, || {
                format!("{found} moved on {booked}, expected {expected} on {on}")
            })
        });
    }
}

fn money_is_none(event: &Told<'_>, name: &str) -> bool {
    event.payload.as_ref().is_some_and(|payload| money(payload, name) == Ok(Decimal::ZERO))
}

/// The remittances that were taken from the account, and the day on which they were.
fn remittances<'l>(life: &'l Life<'_>) -> BTreeMap<&'l str, Day> {
    let mut taken: BTreeMap<&str, Day> = BTreeMap::new();
    for event in &life.told {
        let (Some(id), Some(day)) = (event.text("remittance_id"), event.day()) else { continue };
        if event.is("remittance-processing") && event.text("status") == Some("funds_captured") {
            taken.insert(id, day);
        }
    }
    for event in &life.told {
        if let Some(id) = event.text("remittance_id").filter(|_| event.text("refund_status") == Some("not_charged")) {
            taken.remove(id);
        }
    }
    taken
}
