//! The rules that hold over a whole stream of events, read as a consumer reads it: line by line, by the names of fields.

use std::collections::{BTreeMap, BTreeSet};

use credit_seed::events::{Labels, Wanted, write};
use credit_seed::generate::streams::StreamKind;
use credit_seed::scenario::streams::RateModel;
use credit_seed::scenario::{Scenario, Streams};
use credit_seed::schema::{Day, Moment};
use proptest::prelude::*;
use serde_json::Value;

/// What one run wrote.
pub struct Written {
    pub events: String,
    pub labels: String,
}

fn told(scenario: &Scenario, only: Option<StreamKind>, count: u64, jobs: usize) -> Written {
    let wanted = Wanted {
        flows: Wanted::counts(&scenario.streams, only, Some(count)),
        labels: Labels::Separate,
        between: Moment(i64::MIN)..=Moment(i64::MAX),
        rate: None,
        jobs,
        follow: None,
    };
    let (mut events, mut labels) = (Vec::new(), Vec::new());
    write(scenario, &wanted, &mut events, &mut labels).unwrap();
    Written { events: String::from_utf8(events).unwrap(), labels: String::from_utf8(labels).unwrap() }
}

impl Written {
    fn events(&self) -> Vec<Value> {
        self.events.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Event, label and case.
    fn labels(&self) -> Vec<(String, String, String)> {
        let line = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap();
            (text(&value, "event_id"), text(&value, "label"), text(&value, "case_id"))
        };
        self.labels.lines().map(line).collect()
    }
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no text {field} in {value}")).to_owned()
}

/// Cents of a decimal string with two places.
fn cents(value: &Value, field: &str) -> i64 {
    let text = text(value, field);
    let (dollars, rest) = text.split_once('.').unwrap();
    assert!(rest.len() == 2 && dollars.bytes().all(|byte| byte.is_ascii_digit()), "{field}: {text}");
    dollars.parse::<i64>().unwrap() * 100 + rest.parse::<i64>().unwrap()
}

/// Seconds since 1970 of `2026-01-15T10:30:00+00:00`.
fn seconds(text: &str) -> i64 {
    assert!(text.len() == 25 && text.ends_with("+00:00"), "{text}");
    let number = |from: usize, to: usize| text[from..to].parse::<i64>().unwrap();
    let day: Day = text[..10].parse().unwrap();
    i64::from(day.0) * 86_400 + number(11, 13) * 3600 + number(14, 16) * 60 + number(17, 19)
}

/// All that has to be remembered to hold a stream to its rules.
#[derive(Default)]
struct Rules {
    circles: BTreeMap<String, Circle>,
    transactions: BTreeMap<String, Transaction>,
    attempts: BTreeMap<String, (String, bool)>,
    failures: BTreeMap<String, i64>,
    sessions: BTreeMap<String, Session>,
    remittances: BTreeMap<String, Remittance>,
    rates: BTreeMap<String, i64>,
}

#[derive(Default)]
struct Circle {
    created: i64,
    joined: BTreeSet<String>,
    left: BTreeSet<String>,
    paid_out: BTreeSet<String>,
    misses: BTreeMap<String, i64>,
    /// Received in each cycle before its payout.
    pots: BTreeMap<i64, i64>,
    payouts: BTreeMap<i64, i64>,
    paid: BTreeSet<(String, i64)>,
    volume: i64,
    amount: i64,
    over: bool,
}

struct Transaction {
    amount: i64,
    began: i64,
    over: bool,
}

struct Session {
    user: String,
    actions: i64,
    began: i64,
    over: bool,
}

struct Remittance {
    sent: i64,
    rate: i64,
    stages: usize,
    over: bool,
}

impl Rules {
    /// Holds the next event to the rules. The fields of time are compared with the envelope's.
    fn next(&mut self, event: &Value, stages: &[String]) {
        let (payload, at) = (&event["payload"], seconds(&text(event, "timestamp")));
        let kind = text(event, "event_type");
        let own_time = |field: &str| assert_eq!(seconds(&text(payload, field)), at, "{event}");
        match kind.as_str() {
            "circle-created" => {
                let known = Circle { created: at, amount: cents(payload, "contribution_amount"), ..Circle::default() };
                assert!((5..=20).contains(&payload["max_members"].as_i64().unwrap()));
                assert!(self.circles.insert(text(payload, "circle_id"), known).is_none());
            }
            _ if kind.starts_with("circle-") => {
                let circle = self.circles.get_mut(&text(payload, "circle_id")).expect("created before anything else");
                circle.next(&kind, payload, event, at);
            }
            "transaction-initiated" => {
                own_time("initiated_at");
                if let Some(metadata) = payload.get("metadata") {
                    assert!(!self.circles[&text(metadata, "circle_id")].over);
                }
                let known = Transaction { amount: cents(payload, "amount"), began: at, over: false };
                assert!(known.amount >= 100);
                assert!(self.transactions.insert(text(payload, "transaction_id"), known).is_none());
            }
            _ if kind.starts_with("transaction-") => {
                let known = self.transactions.get_mut(&text(payload, "transaction_id")).expect("initiated before");
                known.next(&kind, payload, event, at);
            }
            "login-attempt" => {
                own_time("attempted_at");
                assert!(self.attempts.insert(text(payload, "attempt_id"), (text(payload, "user_id"), false)).is_none());
            }
            "login-success" | "login-failed" => {
                own_time(if kind == "login-success" { "authenticated_at" } else { "failed_at" });
                let attempt = self.attempts.get_mut(&text(payload, "attempt_id")).expect("attempted before");
                assert_eq!(attempt, &(text(payload, "user_id"), false));
                attempt.1 = true;
                let run = self.failures.entry(text(event, "correlation_id")).or_default();
                *run = if kind == "login-success" { 0 } else { *run + 1 };
                if kind == "login-failed" {
                    assert_eq!(payload["consecutive_failures"], *run);
                } else {
                    let known = Session { user: text(payload, "user_id"), actions: 0, began: 0, over: false };
                    assert!(self.sessions.insert(text(payload, "session_id"), known).is_none());
                }
            }
            "session-started" | "user-action-performed" | "session-ended" => {
                let known = self.sessions.get_mut(&text(payload, "session_id")).expect("logged in before");
                known.next(&kind, payload, at);
            }
            "exchange-rate-updated" => {
                own_time("effective_at");
                let rate = ten_thousandths(payload, "rate");
                let before = self.rates.values().next_back().copied().unwrap_or(rate);
                assert_eq!(ten_thousandths(payload, "previous_rate"), before);
                self.rates.insert(text(event, "timestamp")[..10].to_owned(), rate);
            }
            "remittance-initiated" => {
                own_time("initiated_at");
                let (sent, rate) = (cents(payload, "send_amount"), ten_thousandths(payload, "exchange_rate"));
                assert!(sent >= 1_000 && cents(payload, "fee_amount") >= 299);
                // Half up, to the cent.
                assert_eq!(cents(payload, "receive_amount"), (sent * rate + 5_000) / 10_000);
                if let Some(published) = self.rates.get(&text(event, "timestamp")[..10]) {
                    assert!((rate - published).abs() * 200 <= *published, "{rate} where {published} is published");
                }
                let known = Remittance { sent, rate, stages: 0, over: false };
                assert!(self.remittances.insert(text(payload, "remittance_id"), known).is_none());
            }
            _ => {
                let known = self.remittances.get_mut(&text(payload, "remittance_id")).expect("initiated before");
                known.next(&kind, payload, stages);
            }
        }
    }
}

fn ten_thousandths(payload: &Value, field: &str) -> i64 {
    text(payload, field).replace('.', "").parse().unwrap()
}

impl Circle {
    fn next(&mut self, kind: &str, payload: &Value, event: &Value, at: i64) {
        assert!(!self.over, "after its end: {event}");
        let who = payload.get("user_id").or(payload.get("recipient_id")).map(|id| id.as_str().unwrap().to_owned());
        if let Some(who) = who.as_ref().filter(|_| kind != "circle-member-joined") {
            assert!(self.joined.contains(who) && !self.left.contains(who), "{event}");
        }
        let who = who.unwrap_or_default();
        let cycle = payload["cycle_number"].as_i64().unwrap_or_default();
        let own_time = |field: &str| assert_eq!(seconds(&text(payload, field)), at, "{event}");
        match kind {
            "circle-member-joined" => {
                own_time("joined_at");
                assert!(at > self.created && at < self.created + 7 * 86_400);
                assert!(self.joined.insert(who));
                assert_eq!(payload["position"], self.joined.len());
            }
            "circle-contribution-received" => {
                own_time("paid_at");
                assert_eq!(cents(payload, "amount"), self.amount);
                assert!(self.paid.insert((who.clone(), cycle)));
                self.misses.insert(who, 0);
                self.volume += self.amount;
                if !self.payouts.contains_key(&cycle) {
                    *self.pots.entry(cycle).or_default() += self.amount;
                }
            }
            "circle-contribution-missed" => {
                assert!(!self.paid.contains(&(who.clone(), cycle)));
                let run = self.misses.entry(who).or_default();
                *run += 1;
                assert_eq!(payload["consecutive_misses"], *run);
            }
            "circle-payout-executed" => {
                own_time("executed_at");
                let pot = self.pots.get(&cycle).copied().unwrap_or_default();
                assert_eq!(cents(payload, "amount"), pot, "{event}");
                assert!(self.payouts.insert(cycle, pot).is_none() && self.paid_out.insert(who));
            }
            "circle-member-dropped" => {
                own_time("dropped_at");
                let made = self.paid.iter().filter(|(payer, _)| *payer == who).count();
                assert_eq!(payload["payments_made"], made);
                self.left.insert(who);
            }
            "circle-failed" => {
                own_time("failed_at");
                let left = self.joined.len() - self.left.len();
                assert_eq!(payload["members_at_failure"], left);
                assert_eq!(payload["reason"] == "insufficient_members", left < 3);
                self.over = true;
            }
            "circle-completed" => {
                own_time("completed_at");
                assert_eq!(cents(payload, "total_volume"), self.volume);
                assert_eq!(payload["members_dropped"], self.left.len());
                assert_eq!(payload["members_completed"], self.joined.len() - self.left.len());
                assert_eq!(payload["total_cycles"], self.payouts.len());
                // Everybody who stayed had a turn.
                assert!(self.joined.difference(&self.left).all(|member| self.paid_out.contains(member)));
                self.over = true;
            }
            other => panic!("{other} is no event of a circle"),
        }
    }
}

impl Transaction {
    fn next(&mut self, kind: &str, payload: &Value, event: &Value, at: i64) {
        let after = at - self.began;
        match kind {
            "transaction-flagged" => assert!(!self.over && (1..=60).contains(&after), "{event}"),
            "transaction-completed" => {
                assert!(!self.over && (1..=120).contains(&after), "{event}");
                let fees = &payload["fees"];
                let (platform, processor) = (cents(fees, "platform_fee"), cents(fees, "processor_fee"));
                assert_eq!(platform, (self.amount * 20 + 500) / 1000);
                assert_eq!(processor, (self.amount * 29 + 500) / 1000 + 30);
                assert_eq!(cents(payload, "net_amount"), self.amount - platform - processor);
                self.over = true;
            }
            "transaction-failed" => {
                assert!(!self.over && after >= 1);
                self.over = true;
            }
            _ => assert!(self.over, "{event}"),
        }
    }
}

impl Session {
    fn next(&mut self, kind: &str, payload: &Value, at: i64) {
        assert!(!self.over && self.user == text(payload, "user_id"));
        match kind {
            "session-started" => self.began = at,
            "user-action-performed" => {
                self.actions += 1;
                assert!(self.began > 0 && (500..=30_000).contains(&payload["duration_ms"].as_i64().unwrap()));
            }
            _ => {
                assert_eq!(payload["actions_count"], self.actions);
                assert_eq!(payload["duration_seconds"], at - self.began);
                assert!((10..=7_200).contains(&(at - self.began)));
                self.over = true;
            }
        }
    }
}

impl Remittance {
    fn next(&mut self, kind: &str, payload: &Value, stages: &[String]) {
        assert!(!self.over);
        match kind {
            "remittance-processing" => {
                assert_eq!(text(payload, "status"), stages[self.stages]);
                self.stages += 1;
            }
            "remittance-completed" => {
                assert_eq!(self.stages, stages.len());
                let rate = ten_thousandths(payload, "actual_exchange_rate");
                assert!((rate - self.rate).abs() * 500 <= self.rate);
                assert_eq!(cents(payload, "actual_receive_amount"), (self.sent * rate + 5_000) / 10_000);
                self.over = true;
            }
            "remittance-failed" => self.over = true,
            other => panic!("{other} is no event of a remittance"),
        }
    }
}

/// Order, ids, people, labels and all the rules of the streams.
pub fn holds(scenario: &Scenario, written: &Written) {
    let end = i64::from(scenario.as_of.0 + 1) * 86_400;
    let mut rules = Rules::default();
    let (mut ids, mut last) = (BTreeSet::new(), i64::MIN);
    for line in written.events.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let at = seconds(&text(&event, "timestamp"));
        assert!(last <= at && at < end, "{event}");
        last = at;
        assert!(ids.insert(text(&event, "event_id")), "{event}");
        assert_eq!(event["event_version"], "1.0");
        let canonical = serde_json_canonicalizer::to_string(&event["payload"]).unwrap();
        assert!(line.ends_with(&format!("\"payload\":{canonical}}}")), "{line}");
        rules.next(&event, &scenario.streams.processing_stages);
    }
    for (event, label, _) in written.labels() {
        assert!(ids.contains(&event), "{label} of an event that is not there");
    }
}

fn any_streams() -> impl Strategy<Value = Streams> {
    // Often nothing or all, for that is where rules break.
    let rate = || prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0];
    let rates = proptest::collection::vec(rate(), 11);
    let sizes = (prop_oneof![Just(0u32), Just(1), 2..60u32], 1..=1_825u32, 1..=1_825u32, 1..=20u32, 1..=20u32);
    let shape = (1..=10u32, 1..=10u32, 0.0..=30.0, 0.01..=720.0, 0..3usize);
    (rates, sizes, shape).prop_map(|(rates, sizes, shape)| Streams {
        num_users: sizes.0,
        num_senders: sizes.0,
        time_span_days: sizes.1,
        circle_span_days: sizes.2,
        member_range: [sizes.3.min(sizes.4), sizes.3.max(sizes.4)],
        fraud_injection_rate: Some(rates[0]),
        late_payment_rate: rates[1],
        miss_payment_rate: rates[2],
        member_drop_rate: rates[3] / 4.0,
        circle_failure_rate: rates[4],
        collusion_rate: rates[5],
        structuring_injection_rate: rates[6],
        velocity_anomaly_rate: rates[7],
        anomaly_injection_rate: rates[8],
        account_takeover_injection_rate: rates[9],
        success_rate: rates[10],
        transaction_states: BTreeMap::from([("refunded".to_owned(), rates[1]), ("disputed".to_owned(), rates[2])]),
        device_diversity: shape.0,
        location_diversity: shape.1,
        late_payment_days_std: shape.2,
        processing_time_hours_mean: shape.3,
        exchange_rate_model: [RateModel::RandomWalk, RateModel::MeanReverting, RateModel::Garch][shape.4],
        exchange_rate_volatility: rates[4] / 2.0,
        ..Streams::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_stream_keeps_its_rules(streams in any_streams(), seed: u64, count in 0..40u64, as_of in 7_305..24_836i32) {
        let scenario = Scenario { seed, as_of: Day(as_of), streams, ..Scenario::default() };
        scenario.check().unwrap();
        holds(&scenario, &told(&scenario, None, count, 1));
    }
}

#[test]
fn the_bytes_are_the_same_for_any_threads_and_more_flows_contain_the_fewer() {
    let scenario = Scenario::default();
    let (one, eight) = (told(&scenario, None, 400, 1), told(&scenario, None, 400, 8));
    assert!(one.events == eight.events && one.labels == eight.labels);
    holds(&scenario, &one);
    let all: BTreeSet<&str> = one.events.lines().collect();
    let fewer = told(&scenario, None, 40, 3);
    assert!(fewer.events.lines().count() > 1_000 && fewer.events.lines().all(|line| all.contains(line)));
    let labels: BTreeSet<&str> = one.labels.lines().collect();
    assert!(fewer.labels.lines().all(|line| labels.contains(line)));
    // One stream alone is what it is beside the others.
    let alone = told(&scenario, Some(StreamKind::Session), 400, 1);
    assert!(alone.events.lines().all(|line| all.contains(line)));
}

/// The schema in the repository of each type of event.
fn schemas() -> BTreeMap<String, jsonschema::Validator> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/events");
    let schema = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
    };
    std::fs::read_dir(folder).unwrap().map(schema).collect()
}

#[test]
fn every_event_is_as_its_schema_says() {
    let schemas = schemas();
    let mut streams = Streams::default();
    streams.transaction_states.insert("refunded".to_owned(), 0.2);
    let scenario = Scenario { streams, ..Scenario::default() };
    let mut seen = BTreeSet::new();
    for event in told(&scenario, None, 1_000, 2).events() {
        let kind = text(&event, "event_type");
        let name = if kind == "transaction-refunded" { "transaction-state" } else { &kind };
        let errors: Vec<String> = schemas[name].iter_errors(&event).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{event}: {errors:?}");
        seen.insert(name.to_owned());
    }
    assert!(seen.iter().eq(schemas.keys()), "{seen:?}");
    // A schema that takes everything would be none.
    let mut wrong = told(&scenario, Some(StreamKind::Circle), 1, 1).events().swap_remove(0);
    wrong["payload"]["contribution_amount"] = 5.into();
    assert!(!schemas["circle-created"].is_valid(&wrong));
}

#[test]
fn every_type_of_event_and_every_label_comes_up() {
    let written = told(&Scenario::default(), None, 2_000, 2);
    let types: BTreeSet<String> = written.events().iter().map(|event| text(event, "event_type")).collect();
    let labels: BTreeSet<String> = written.labels().into_iter().map(|(_, label, _)| label).collect();
    assert_eq!(types.len(), 8 + 4 + 6 + 5, "{types:?}");
    assert_eq!(labels.len(), 9, "{labels:?}");
}
