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
        about: "what a contribution, a payout or a remittance moves is on the account, with the same id, amount and day; so are \
                its fee and what comes back",
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

/// Money that should be on an account: under which id, how much, on which day, and the event that says so.
struct Expected<'l> {
    event: &'l Told<'l>,
    id: Option<&'l str>,
    amount: Result<Decimal, String>,
    day: Option<Day>,
}

fn on_accounts(life: &Life<'_>, check: &mut Check) {
    let Some(from) = life.booked_from() else { return };
    let ours = life.accounts.iter().filter(|account| account.is_ours());
    let entries = ours.flat_map(|account| &account.entries);
    let booked: BTreeMap<&str, &Entry<'_>> =
        entries.filter_map(|entry| entry.row.text("transaction_id").map(|id| (id, entry))).collect();
    for Expected { event, id, amount, day } in expected(life) {
        // What was moved before the first day that is written, and what is nothing, is not on the account.
        if day.is_some_and(|day| day < from) || amount == Ok(Decimal::ZERO) {
            continue;
        }
        check.row(event.row, || -> Outcome {
            let (id, amount) = (id.ok_or("what it moves has no id")?, amount?);
            let entry = booked.get(id).ok_or_else(|| format!("{id} is on no account of the customer's"))?;
            let (found, booked) = (entry.amount.clone()?, entry.day()?);
            let on = day.ok_or("when it was moved cannot be read")?;
            ensure(found == amount && booked == on, || format!("{found} moved on {booked}, expected {amount} on {on}"))
        });
    }
}

fn expected<'l>(life: &'l Life<'l>) -> Vec<Expected<'l>> {
    let mut all = Vec::new();
    let amount = |event: &Told<'_>, name| {
        event.payload.as_ref().ok_or("its payload is no object".to_owned()).and_then(|p| money(p, name))
    };
    for event in &life.told {
        match event.kind() {
            Some("circle-contribution-received") => {
                let (id, amount) = (event.text("contribution_id"), amount(event, "amount").map(|amount| -amount));
                all.push(Expected { event, id, amount, day: event.day() });
            }
            Some("circle-payout-executed") => {
                let (id, amount) = (event.text("payout_id"), amount(event, "amount"));
                all.push(Expected { event, id, amount, day: event.day() });
            }
            Some("remittance-initiated") => {
                let Some((taken, returned)) = course(life, event) else { continue };
                let (sent, fee) = (amount(event, "send_amount"), amount(event, "fee_amount"));
                let of = |of: &'l Told<'l>, id, amount| Expected { event, id, amount, day: of.day() };
                let own_id = |of: &'l Told<'l>| of.row.text("event_id");
                all.push(of(taken, event.text("remittance_id"), sent.clone().map(|sent| -sent)));
                all.push(of(taken, own_id(taken), fee.clone().map(|fee| -fee)));
                if let Some(returned) = returned {
                    all.push(of(returned, own_id(returned), sent.and_then(|sent| fee.map(|fee| sent + fee))));
                }
            }
            _ => {}
        }
    }
    all
}

/// The event with which a remittance was taken from the account, if it was, and the one with which it came back.
fn course<'l>(life: &'l Life<'l>, initiated: &'l Told<'l>) -> Option<(&'l Told<'l>, Option<&'l Told<'l>>)> {
    let id = initiated.text("remittance_id");
    let mut of_it: Vec<&Told<'_>> =
        life.told.iter().filter(|event| id.is_some() && event.text("remittance_id") == id).collect();
    of_it.sort_by_key(|event| event.row.moment("occurred_at"));
    let failed = of_it.iter().copied().find(|event| event.is("remittance-failed"));
    if failed.is_some_and(|failed| failed.text("refund_status") == Some("not_charged")) {
        return None;
    }
    let captured = of_it.iter().copied().rfind(|event| event.text("status") == Some("funds_captured"));
    // Where no such stage is told of, it was taken at once; but before the end nobody knows.
    let is_over = failed.is_some() || of_it.iter().any(|event| event.is("remittance-completed"));
    let taken = captured.or(Some(initiated).filter(|_| is_over))?;
    Some((taken, failed.filter(|failed| failed.text("refund_status") == Some("refunded"))))
}
