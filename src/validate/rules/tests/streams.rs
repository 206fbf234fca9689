//! The rules on events of the streams, each broken in such a way that no other fails.

use super::{END, good, judge, row, set, verdict};
use crate::encode::LifeRecords;
use crate::validate::report::{Finding, Verdict};

const EVENTS: &[&str] = &[
    "e2, circle-contribution-received, 1.0, 2025-12-05T10:00:00.000Z, circle-service, f1, c1, \
     {\"amount\":\"100.00\";\"contribution_id\":\"w1\";\"paid_at\":\"2025-12-05T10:00:00+00:00\";\"user_id\":\"c1\"}",
    "e3, circle-payout-executed, 1.0, 2025-12-06T10:00:00.000Z, circle-service, f1, c1, \
     {\"amount\":\"100.00\";\"executed_at\":\"2025-12-06T10:00:00+00:00\";\"payout_id\":\"w2\";\"recipient_id\":\"c1\"}",
    "e4, remittance-initiated, 1.0, 2025-12-07T10:00:00.000Z, remittance-service, f2, c1, \
     {\"fee_amount\":\"3.00\";\"initiated_at\":\"2025-12-07T10:00:00+00:00\";\"remittance_id\":\"w3\";\"send_amount\":\"100.00\";\"sender_id\":\"c1\"}",
    "e5, remittance-processing, 1.0, 2025-12-08T10:00:00.000Z, remittance-service, f2, c1, \
     {\"remittance_id\":\"w3\";\"status\":\"funds_captured\";\"updated_at\":\"2025-12-08T10:00:00+00:00\"}",
    "e6, login-attempt, 1.0, 2025-12-09T10:00:00.000Z, user-service, f3, c1, {\"attempt_id\":\"y1\";\"user_id\":\"c1\"}",
    "e7, login-success, 1.0, 2025-12-09T10:00:10.000Z, user-service, f3, c1, \
     {\"attempt_id\":\"y1\";\"session_id\":\"y2\";\"user_id\":\"c1\"}",
    "e8, session-ended, 1.0, 2025-12-09T10:10:00.000Z, user-service, f3, c1, {\"session_id\":\"y2\";\"user_id\":\"c1\"}",
];

const MOVEMENTS: &[&str] = &[
    "w1, north, k4, 2025-12-05T10:00:00.000Z, bank_transfer, savings, , business, Circle, Paid in, \
     Boston, US, -100.00, USD, 3.00, false, , SYNTHETIC",
    "w2, north, k4, 2025-12-06T10:00:00.001Z, bank_transfer, savings, , business, Circle, Paid out, \
     Boston, US, 100.00, USD, 103.00, false, , SYNTHETIC",
    "w3, north, k4, 2025-12-08T10:00:00.000Z, bank_transfer, family, , business, Service, Sent, \
     Boston, US, -100.00, USD, 3.00, false, , SYNTHETIC",
    "e5, north, k4, 2025-12-08T10:00:00.001Z, fee, fee, , business, Service, Fee, \
     Boston, US, -3.00, USD, 0.00, false, , SYNTHETIC",
];

/// The rules that the tests here break.
pub(super) const BROKEN: [&str; 3] = ["streams.payload", "streams.causes", "streams.on_accounts"];

/// The good life with a circle, a remittance and a session, paid from a second savings account.
pub(super) fn streaming() -> LifeRecords {
    let mut life = good();
    let account = "north, k4, c1, B, savings, USD, 2025-01-15, 103.00, SYNTHETIC, ";
    life.of_mut("accounts").push(row("accounts", account));
    for event in EVENTS {
        let mut event = row("events", event);
        let payload = event.cells.last_mut().unwrap();
        *payload = payload.take().map(|text| text.replace(';', ","));
        life.of_mut("events").push(event);
    }
    life.of_mut("transactions").extend(MOVEMENTS.iter().map(|values| row("transactions", values)));
    life
}

fn failed(findings: &[Finding]) -> Vec<&str> {
    findings
        .iter()
        .filter(|finding| finding.verdict() == Verdict::Failed)
        .map(|finding| finding.rule.as_str())
        .collect()
}

#[test]
fn a_life_with_streams_breaks_no_rule() {
    let findings = judge([&streaming()], Some(END));
    assert_eq!(failed(&findings), [""; 0]);
    for (rule, examined) in BROKEN.into_iter().zip([7, 3, 4]) {
        assert_eq!(findings.iter().find(|finding| finding.rule == rule).unwrap().examined, examined, "{rule}");
    }
    assert_eq!(verdict(&judge([&good()], Some(END)), "streams.on_accounts"), Verdict::NotCheckable);
}

#[test]
fn every_rule_on_streams_is_seen_to_fail_alone() {
    // Of the events the first is a milestone; of the movements those of the good life come first.
    let (contribution, sent, attempt, success, ended) = (1, 3, 5, 6, 7);
    let first = good().of("transactions").len();
    let wrong = |payload: &str| format!("{{\"session_id\":\"y2\",\"user_id\":\"c1\",{payload}}}");
    for (rule, table, row, column, value) in [
        ("streams.payload", "events", ended, "payload", "[]".to_owned()),
        ("streams.payload", "events", ended, "payload", wrong("\"ended_at\":\"2025-12-09T10:10:01+00:00\"")),
        ("streams.payload", "events", ended, "payload", wrong("\"recipient_id\":\"c2\"")),
        ("streams.payload", "events", sent, "occurred_at", "2025-12-07T10:00:01.000Z".to_owned()),
        ("streams.causes", "events", ended, "occurred_at", "2025-12-09T10:00:09.000Z".to_owned()),
        ("streams.causes", "events", success, "occurred_at", "2025-12-09T09:59:59.000Z".to_owned()),
        ("streams.causes", "events", attempt, "event_type", "login-tried".to_owned()),
        ("streams.on_accounts", "transactions", first, "transaction_id", "w9".to_owned()),
        ("streams.on_accounts", "transactions", first + 1, "transaction_id", "w9".to_owned()),
        ("streams.on_accounts", "transactions", first + 2, "transaction_id", "w9".to_owned()),
        ("streams.on_accounts", "transactions", first + 3, "transaction_id", "w9".to_owned()),
        ("streams.on_accounts", "transactions", first, "booked_at", "2025-12-04T10:00:00.000Z".to_owned()),
        ("streams.on_accounts", "events", contribution, "payload", "{\"amount\":100}".to_owned()),
    ] {
        let mut life = streaming();
        set(&mut life, table, row, column, Some(&value));
        assert_eq!(failed(&judge([&life], Some(END))), [rule], "{table} {row} {column} {value}");
    }
    // What was not charged need not be there; what was refunded has to come back.
    let mut life = streaming();
    let failed_with = |life: &LifeRecords, status: &str| {
        let payload = format!("{{\"refund_status\":\"{status}\",\"remittance_id\":\"w3\"}}");
        let mut refused = life.of("events")[4].clone();
        for (column, value) in [("event_id", "e9"), ("event_type", "remittance-failed"), ("payload", &payload)] {
            refused.cells[refused.schema.position(column).unwrap()] = Some(value.to_owned());
        }
        refused
    };
    let refunded = failed_with(&life, "refunded");
    life.of_mut("events").push(refunded);
    assert_eq!(failed(&judge([&life], Some(END))), ["streams.on_accounts"]);
    let mut life = streaming();
    let sent_and_fee = life.of("transactions").len() - 2;
    life.of_mut("transactions").truncate(sent_and_fee);
    assert_eq!(failed(&judge([&life], Some(END))), ["streams.on_accounts"]);
    let refused = failed_with(&life, "not_charged");
    life.of_mut("events").push(refused);
    assert_eq!(failed(&judge([&life], Some(END))), [""; 0]);
    // Where nobody tells of a stage of taking, a remittance that is over was taken at once.
    let mut life = streaming();
    set(&mut life, "events", 4, "event_type", Some("remittance-completed"));
    set(&mut life, "events", 4, "payload", Some("{\"remittance_id\":\"w3\"}"));
    assert_eq!(failed(&judge([&life], Some(END))), ["streams.on_accounts"], "on another day");
    set(&mut life, "transactions", sent_and_fee, "booked_at", Some("2025-12-07T10:00:00.000Z"));
    set(&mut life, "transactions", sent_and_fee + 1, "booked_at", Some("2025-12-07T10:00:00.001Z"));
    set(&mut life, "transactions", sent_and_fee + 1, "transaction_id", Some("e4"));
    assert_eq!(failed(&judge([&life], Some(END))), [""; 0]);
    // What other services report is theirs.
    let mut life = streaming();
    set(&mut life, "events", 7, "source_service", Some("crm"));
    set(&mut life, "events", 7, "payload", Some("[1,2]"));
    assert_eq!(failed(&judge([&life], Some(END))), [""; 0]);
}
