//! `credit-seed events --output kafka` against a broker, as an independent client reads it back.
#![cfg(unix)]

mod broker;
mod erring;
#[allow(dead_code, reason = "shared with the tests of the program, which use all of it")]
#[path = "../program/place.rs"]
mod place;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use broker::{Broker, Record, free_port, shout};

use place::Place;

const TOPICS: [&str; 4] = ["circle", "transaction", "user", "remittance"];
/// Flows of each stream that come to a little over 100,000 events.
const FLOWS: &str = "600";

/// What a consumer should find, by topic: key, time and line of each event, in the order of the file.
type Expected = BTreeMap<&'static str, Vec<(String, i64, String)>>;

/// Read off the file by the fields of the events alone: a flow is known by its first event.
fn expected(file: &str) -> Expected {
    let mut flows: BTreeMap<String, (&'static str, String)> = BTreeMap::new();
    let mut expected = Expected::new();
    for line in file.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let payload = &event["payload"];
        let flow = flows.entry(text(&event["correlation_id"])).or_insert_with(|| {
            match event["event_type"].as_str().unwrap() {
                "circle-created" => ("circle", text(&payload["circle_id"])),
                "login-attempt" => ("user", text(&payload["user_id"])),
                "remittance-initiated" => ("remittance", text(&payload["sender_id"])),
                "exchange-rate-updated" => ("remittance", text(&payload["pair"])),
                "transaction-initiated" => ("transaction", text(&payload["user_id"])),
                other => panic!("{other} begins a flow"),
            }
        });
        let time = chrono::DateTime::parse_from_rfc3339(&text(&event["timestamp"])).unwrap().timestamp_millis();
        expected.entry(flow.0).or_default().push((flow.1.clone(), time, line.to_owned()));
    }
    expected
}

/// By key, in order; what came twice is left out the second time and counted.
fn by_key(records: Vec<Record>) -> (BTreeMap<String, Vec<(i64, String)>>, usize) {
    let (mut by_key, mut seen, mut twice) = (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new(), 0);
    let mut partitions = BTreeMap::new();
    for record in records {
        let partition = *partitions.entry(record.key.clone()).or_insert(record.partition);
        assert_eq!(partition, record.partition, "{} is in two partitions", record.key);
        if seen.insert(record.value.clone()) {
            by_key.entry(record.key).or_default().push((record.timestamp, record.value));
        } else {
            twice += 1;
        }
    }
    (by_key, twice)
}

/// Sends all streams while the broker is killed and comes back; whether the program succeeded, and what it said. If it says that it
/// has, all must be there, in order.
fn send_over_a_kill(in_between: impl FnOnce(&Child)) -> Option<(bool, String)> {
    let mut broker = Broker::start()?;
    broker.create(&["credit-seed.circle.events", "credit-seed.transaction.events"]);
    let place = Place::new();
    place.run(&["events", "all", "--count", FLOWS, "--output", "file", "--output-file", "all.jsonl"]).exits(0);
    let expected = expected(&String::from_utf8(place.read("all.jsonl")).unwrap());
    let all: usize = expected.values().map(Vec::len).sum();
    assert!(all > 100_000, "{all}");

    let address = broker.address();
    let arguments = ["events", "all", "--count", FLOWS, "--output", "kafka", "--kafka-brokers", &address];
    let paced = [&arguments[..], &["--rate", "25000", "--labels", "none"]].concat();
    let sending = place.command(&paced).spawn().unwrap();
    sleep(Duration::from_millis(1_500));
    in_between(&sending);
    broker.kill();
    signal("CONT", &sending);
    sleep(Duration::from_millis(6_500));
    broker.revive();
    let sent = sending.wait_with_output().unwrap();
    let said = String::from_utf8(sent.stderr).unwrap();
    assert!(sent.stdout.is_empty());
    if !sent.status.success() {
        return Some((false, said));
    }
    assert!(said.contains(&format!("acknowledged all {all} events and 0 labels")), "{said}");
    let mut doubles = 0;
    for topic in TOPICS {
        let name = format!("credit-seed.{topic}.events");
        let (read, twice) = by_key(broker.read(&name));
        doubles += twice;
        let mut wanted = BTreeMap::<String, Vec<_>>::new();
        for (key, time, line) in &expected[topic] {
            wanted.entry(key.clone()).or_default().push((*time, line.clone()));
        }
        assert!(said.contains(&format!("sent {} events to {name}", expected[topic].len())), "{said}");
        for (key, events) in &wanted {
            assert!(read.get(key) == Some(events), "{name}: the events of {key} differ; {said}");
        }
        assert_eq!(read.len(), wanted.len(), "{name}");
    }
    shout(&format!("{all} events over a broker that was killed: none lost, {doubles} twice"));
    Some((true, said))
}

fn signal(name: &str, process: &Child) {
    let sent = Command::new("kill").args([&format!("-{name}"), &process.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn nothing_is_lost_when_the_broker_is_killed_and_comes_back() {
    // noida-db 0.2.3 writes about half a second after it has acknowledged, whatever the client. What it has acknowledged is to
    // be written when it is killed; what is on its way is not.
    let hold_breath = |sending: &Child| {
        signal("STOP", sending);
        sleep(Duration::from_millis(1_500));
    };
    let Some((succeeded, said)) = send_over_a_kill(hold_breath) else { return };
    assert!(succeeded, "{said}");
    for part in ["does not answer", "300 s at most", "answers again"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_broker_that_loses_what_it_acknowledged_is_found_out() {
    // Killed in full flight it has, mostly, see above. Then there is no success.
    let Some((succeeded, said)) = send_over_a_kill(|_| ()) else { return };
    assert!(succeeded || said.contains("it has lost what it had acknowledged: partition "), "{said}");
}

#[test]
fn labels_have_topics_of_their_own() {
    let Some(broker) = Broker::start() else { return };
    let place = Place::new().with("CREDIT_SEED_KAFKA_BROKERS", &broker.address());
    let session = ["events", "session", "--count", "400", "--output"];
    place.run(&[&session[..], &["file", "--output-file", "s.jsonl"]].concat()).exits(0);
    place.write(".env", "CREDIT_SEED_KAFKA_COMPRESSION=gzip\nCREDIT_SEED_KAFKA_PREFIX=overruled\n");
    let ran = place.run(&[&session[..], &["kafka", "--kafka-prefix", "a.b"]].concat()).exits(0);
    let read = |topic: &str| {
        let values: Vec<String> = broker.read(topic).into_iter().map(|record| record.value + "\n").collect();
        values.concat()
    };
    let [events, labels] = ["s.jsonl", "s.labels.jsonl"].map(|name| String::from_utf8(place.read(name)).unwrap());
    // One partition, so in the order of the files.
    assert!(read("a.b.user.events") == events && !labels.is_empty());
    assert_eq!(read("a.b.user.events.labels"), labels);
    assert!(ran.stderr.contains(&format!("{} labels to a.b.user.events.labels", labels.lines().count())));

    let inline = place.run(&[&session[..], &["kafka", "--labels", "inline", "--kafka-prefix", "c"]].concat()).exits(0);
    assert!(inline.stderr.contains(" and 0 labels") && !inline.stderr.contains(".labels"), "{}", inline.stderr);
    assert!(read("c.user.events").contains("\"labels\":[\"account_takeover\"]"));
}

#[test]
fn without_a_broker_it_says_so_within_seconds() {
    let (place, begun) = (Place::new(), Instant::now());
    let nobody = format!("127.0.0.1:{}", free_port());
    let ran = place.run(&["events", "circle", "--output", "kafka", "--kafka-brokers", &nobody]);
    ran.refuses(1, &["no Kafka broker", &nobody, "Connection refused", "--kafka-brokers"]);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn a_broker_that_stays_away_is_waited_for_so_long_and_no_longer() {
    let Some(mut broker) = Broker::start() else { return };
    let (place, address) = (Place::new(), broker.address());
    let arguments = ["events", "session", "--count", "2000", "--output", "kafka", "--kafka-brokers", &address];
    let sending =
        place.command(&[&arguments[..], &["--rate", "2000", "--kafka-timeout", "6"]].concat()).spawn().unwrap();
    sleep(Duration::from_millis(1_500));
    broker.kill();
    let (killed, ended) = (Instant::now(), sending.wait_with_output().unwrap());
    assert!((5..15).contains(&killed.elapsed().as_secs()), "{:?}", killed.elapsed());
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!((ended.status.code(), ended.stdout.len()), (Some(1), 0), "{said}");
    for part in [&address, "has not answered for 6 s", "records are acknowledged", "--kafka-timeout"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn wrong_settings_end_in_a_sentence() {
    let Some(broker) = Broker::start() else { return };
    let (place, address) = (Place::new(), broker.address());
    place.write("empty.pem", "");
    place.write("password", "hunter2\n");
    let login = ["--kafka-security", "sasl_plaintext", "--kafka-username", "me"];
    for (code, arguments, says) in [
        (1, &["--kafka-security", "ssl"][..], "SSL"),
        (1, &["--kafka-security", "ssl", "--kafka-ca-file", "missing.pem"], "missing.pem: cannot be read"),
        (
            1,
            &["--kafka-security", "ssl", "--kafka-ca-file", "empty.pem"],
            "Kafka's settings do not work: ssl.ca.location",
        ),
        (1, &[&login[..], &["--kafka-password-file", "password"]].concat(), "SASL"),
        (1, &[&login[..], &["--kafka-password-file", "secret"]].concat(), "secret: cannot be read"),
        (2, &login, "set CREDIT_SEED_KAFKA_PASSWORD"),
        (2, &["--kafka-username", "me"], "goes with --kafka-security sasl_ssl"),
        (2, &["--kafka-security", "sasl_ssl"], "wants --kafka-username"),
        (2, &["--kafka-ca-file", "empty.pem"], "certificates go with --kafka-security ssl"),
        (2, &["--kafka-security", "ssl", "--kafka-key-file", "empty.pem"], "go together"),
    ] {
        let all = [&["events", "circle", "--output", "kafka", "--kafka-brokers", &address], arguments].concat();
        let ran = place.run(&all).refuses(code, &[says]);
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    let place = place.with("CREDIT_SEED_KAFKA_SECURITY", "tls");
    let ran = place.run(&["events", "circle", "--output", "kafka"]);
    ran.refuses(2, &["environment CREDIT_SEED_KAFKA_SECURITY: \"tls\" will not do; give one of plaintext, ssl"]);
}
