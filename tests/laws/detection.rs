//! What is injected into the streams can be found, and not by one glance: rules that anybody would try first, measured.
//!
//! `cargo test --test laws detection -- --nocapture` prints precision and recall of each. A rule raises alarms on events; an
//! alarm is right if its event carries the label, and a case is found if one of its events raises an alarm.

use std::collections::{BTreeMap, BTreeSet};

use credit_seed::Scenario;
use credit_seed::events::{Labels, Wanted, write};
use credit_seed::generate::streams::StreamKind;
use credit_seed::schema::Moment;
use serde_json::Value;

/// A stream as a detector sees it, and the cases of each label by event.
struct Told {
    events: Vec<Value>,
    labels: BTreeMap<String, Vec<(String, String)>>,
}

fn told(stream: StreamKind, flows: u64) -> Told {
    let scenario = Scenario::default();
    let wanted = Wanted {
        flows: Wanted::counts(&scenario.streams, Some(stream), Some(flows)),
        labels: Labels::Separate,
        between: Moment(i64::MIN)..=Moment(i64::MAX),
        rate: None,
        jobs: 2,
        follow: None,
    };
    let (mut events, mut lines) = (Vec::new(), Vec::new());
    write(&scenario, &wanted, &mut events, &mut lines).unwrap();
    let parse = |bytes: &[u8]| -> Vec<Value> {
        std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let mut labels: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for line in parse(&lines) {
        let case = (text(&line["label"]), text(&line["case_id"]));
        labels.entry(text(&line["event_id"])).or_default().push(case);
    }
    Told { events: parse(&events), labels }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Seconds since 1970.
fn time(event: &Value) -> i64 {
    chrono::DateTime::parse_from_rfc3339(event["timestamp"].as_str().unwrap()).unwrap().timestamp()
}

fn amount(event: &Value) -> f64 {
    event["payload"]["amount"].as_str().unwrap().parse().unwrap()
}

/// Events of one type, by whom they concern, in order of time.
fn by_user<'e>(events: &'e [Value], kind: &str) -> BTreeMap<String, Vec<&'e Value>> {
    let mut users: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["event_type"] == kind) {
        users.entry(text(&event["payload"]["user_id"])).or_default().push(event);
    }
    users
}

/// The events that have at least `least` of their user's events within so many seconds, themselves among them.
fn crowded<'e>(users: &BTreeMap<String, Vec<&'e Value>>, within: i64, least: usize) -> Vec<&'e Value> {
    let mut alarms = Vec::new();
    for events in users.values() {
        let times: Vec<i64> = events.iter().map(|event| time(event)).collect();
        for (place, event) in events.iter().enumerate() {
            let is_near = |from: usize| from + least <= times.len() && times[from + least - 1] - times[from] <= within;
            if (place.saturating_sub(least - 1)..=place).any(is_near) {
                alarms.push(*event);
            }
        }
    }
    alarms
}

fn place(event: &Value) -> (f64, f64) {
    let geo = &event["payload"]["geo_location"];
    (geo["latitude"].as_f64().unwrap().to_radians(), geo["longitude"].as_f64().unwrap().to_radians())
}

/// Kilometres on the great circle.
fn distance(a: &Value, b: &Value) -> f64 {
    let ((la, oa), (lb, ob)) = (place(a), place(b));
    let (north, east) = (libm::sin((lb - la) / 2.0), libm::sin((ob - oa) / 2.0));
    let h = north * north + libm::cos(la) * libm::cos(lb) * east * east;
    2.0 * 6371.0 * libm::asin(libm::sqrt(h).min(1.0))
}

/// Precision and recall of the alarms for a label.
fn measure(told: &Told, label: &str, alarms: &[&Value]) -> (f64, f64) {
    let cases_of = |event: &Value| {
        let labels = told.labels.get(event["event_id"].as_str().unwrap());
        labels.into_iter().flatten().filter(|(name, _)| name == label).map(|(_, case)| case.clone()).collect::<Vec<_>>()
    };
    let all: BTreeSet<String> = told.events.iter().flat_map(cases_of).collect();
    let found: BTreeSet<String> = alarms.iter().flat_map(|event| cases_of(event)).collect();
    let right = alarms.iter().filter(|event| !cases_of(event).is_empty()).count();
    assert!(all.len() >= 30, "{label}: {} cases", all.len());
    (right as f64 / alarms.len() as f64, found.len() as f64 / all.len() as f64)
}

/// Found by a plain rule, but not without false alarms.
fn is_fair(label: &str, rule: &str, (precision, recall): (f64, f64)) {
    println!("{label:<18} precision {precision:.2}  recall {recall:.2}  {rule}");
    assert!((0.3..=0.97).contains(&precision), "{label}: precision {precision}");
    assert!(recall >= 0.75, "{label}: recall {recall}");
}

#[test]
fn transfers() {
    let told = told(StreamKind::Transaction, 15_000);
    let users = by_user(&told.events, "transaction-initiated");
    let velocity = crowded(&users, 3_600, 5);
    is_fair("velocity", "five transfers within an hour", measure(&told, "velocity", &velocity));
    let just_under = |event: &&Value| {
        let amount = amount(event);
        (2_800.0..3_000.0).contains(&amount) || (9_500.0..10_000.0).contains(&amount)
    };
    let under =
        users.into_iter().map(|(user, events)| (user, events.into_iter().filter(just_under).collect())).collect();
    let structuring = crowded(&under, 3 * 86_400, 2);
    is_fair(
        "structuring",
        "twice just under a threshold within three days",
        measure(&told, "structuring", &structuring),
    );
}

#[test]
fn logins() {
    let told = told(StreamKind::Session, 8_000);
    let (mut travel, mut takeover) = (Vec::new(), Vec::new());
    for logins in by_user(&told.events, "login-attempt").values() {
        let mut devices: BTreeSet<&str> = BTreeSet::new();
        for (number, login) in logins.iter().enumerate() {
            let is_new = devices.insert(login["payload"]["device_id"].as_str().unwrap());
            let Some(before) = number.checked_sub(1).map(|before| logins[before]) else { continue };
            let (far, hours) = (distance(before, login), (time(login) - time(before)) as f64 / 3_600.0);
            if far > 100.0 && far > 1_000.0 * hours {
                travel.push(*login);
            }
            if is_new && login["payload"]["geo_location"]["country"] != "US" {
                takeover.push(*login);
            }
        }
    }
    is_fair("impossible_travel", "two logins faster than 1,000 km/h", measure(&told, "impossible_travel", &travel));
    is_fair("account_takeover", "a new device abroad", measure(&told, "account_takeover", &takeover));
}

#[test]
fn circles() {
    let told = told(StreamKind::Circle, 6_000);
    let mut alarms = Vec::new();
    let mut first: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for event in &told.events {
        let (payload, at) = (&event["payload"], time(event));
        match event["event_type"].as_str().unwrap() {
            "circle-payout-executed" if payload["cycle_number"] == 1 => {
                first.insert(text(&payload["circle_id"]), (text(&payload["recipient_id"]), at));
            }
            "circle-member-dropped" => {
                let paid = first.get(payload["circle_id"].as_str().unwrap());
                let left = paid.is_some_and(|(who, when)| payload["user_id"] == **who && at - when <= 7 * 86_400);
                alarms.extend(left.then_some(event));
            }
            _ => {}
        }
    }
    is_fair("collusion", "first paid, and gone within a week", measure(&told, "collusion", &alarms));
}
