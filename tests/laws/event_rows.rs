//! Streams in the database: the tables hold what the lines say, and more flows may be added to them.

use std::collections::{BTreeMap, BTreeSet};

use credit_seed::Scenario;
use credit_seed::encode::{LifeRecords, Record};
use credit_seed::event_rows::Added;
use credit_seed::events::{self, Labels, Wanted};
use credit_seed::generate::{World, concerning, unfold};
use credit_seed::scenario::Streams;
use credit_seed::schema::Moment;
use credit_seed::seeding::Effort;
use credit_seed::validate::validate;
use serde_json::Value;

use crate::servers::{engines, refusal};
use crate::worlds;

const ALWAYS: std::ops::RangeInclusive<Moment> = Moment(i64::MIN)..=Moment(i64::MAX);

/// The lines of so many flows of each stream, by the id of the event, and of their labels.
fn lines(scenario: &Scenario, flows: [u64; 4]) -> (BTreeMap<String, Value>, Vec<Value>) {
    let wanted = Wanted { flows, labels: Labels::Separate, between: ALWAYS, rate: None, jobs: 2, follow: None };
    let (mut out, mut labels) = (Vec::new(), Vec::new());
    events::write(scenario, &wanted, &mut out, &mut labels).unwrap();
    let parse = |bytes: Vec<u8>| -> Vec<Value> {
        String::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let named = |event: Value| (event["event_id"].as_str().unwrap().to_owned(), event);
    (parse(out).into_iter().map(named).collect(), parse(labels))
}

/// A row of `events` as the line that tells the same.
fn line_of(row: &Record) -> Value {
    let text = |column| row.text(column).unwrap_or_default();
    let time = text("occurred_at").strip_suffix(".000Z").unwrap();
    serde_json::json!({
        "event_id": text("event_id"),
        "event_type": text("event_type"),
        "event_version": text("event_version"),
        "timestamp": format!("{time}+00:00"),
        "source_service": text("source_service"),
        "correlation_id": text("correlation_id"),
        "payload": serde_json::from_str::<Value>(text("payload")).unwrap(),
    })
}

fn of_streams(rows: &LifeRecords) -> impl Iterator<Item = &Record> {
    rows.of("events").iter().filter(|row| row.text("source_service") != Some("life-service"))
}

#[test]
fn the_tables_hold_what_the_lines_say() {
    // Two whole blocks; only the first is in the lines.
    let streams = Streams { num_users: 100, num_senders: 60, ..Streams::default() };
    let scenario =
        Scenario { customers: 200, streams, flows_per_thousand: [90, 1000, 500, 300], ..Scenario::default() };
    let world = World::new(&scenario);
    let mut rows = LifeRecords::from_rows(world.rows().tables());
    rows.append(LifeRecords::from_rows(unfold(&world, 0..100).tables()));
    let (mut told, labels) = lines(&scenario, [9, 100, 50, 30]);
    for row in of_streams(&rows) {
        let line = told.remove(row.text("event_id").unwrap());
        assert_eq!(line, Some(line_of(row)));
    }
    assert!(told.is_empty(), "in no table: {:?}", told.values().next());
    let text = |row: &Record, column| row.text(column).unwrap().to_owned();
    let key = ["event_id", "label", "case_id"];
    let stored: BTreeSet<_> = rows.of("event_labels").iter().map(|row| key.map(|column| text(row, column))).collect();
    let said = labels.iter().map(|label| key.map(|field| label[field].as_str().unwrap().to_owned()));
    assert_eq!(stored, said.collect::<BTreeSet<_>>());
    assert!(stored.len() > 20);

    // The next block has as many flows, and others.
    let others = LifeRecords::from_rows(unfold(&world, 100..200).tables());
    let began =
        |rows: &LifeRecords, kind| rows.of("events").iter().filter(|row| row.text("event_type") == Some(kind)).count();
    for kind in ["circle-created", "login-success"] {
        assert!(began(&others, kind) > 0 && began(&rows, kind) > 0, "{kind}");
    }
    assert_eq!((began(&rows, "circle-created"), began(&others, "circle-created")), (9, 9));
    let first = |rows: &LifeRecords| of_streams(rows).filter_map(|row| row.text("payload").map(str::to_owned)).max();
    assert_ne!(first(&rows), first(&others));
}

#[test]
fn events_are_the_same_whoever_reads_them() {
    let world = World::new(&worlds::of(120));
    let ids = |rows: &LifeRecords, table: &str| -> BTreeSet<String> {
        rows.of(table).iter().map(|row| row.text("event_id").unwrap().to_owned()).collect()
    };
    let written = LifeRecords::from_rows(unfold(&world, 0..120).tables());
    let mut read = LifeRecords::default();
    (0..120).for_each(|index| read.append(LifeRecords::from_rows(concerning(&world, index).tables())));
    for table in ["events", "event_labels"] {
        assert_eq!(read.of(table).len(), written.of(table).len(), "{table}");
        assert_eq!(ids(&read, table), ids(&written, table), "{table}");
    }
}

#[tokio::test]
async fn more_flows_may_be_added_and_none_twice() {
    let scenario = worlds::of(60);
    for test in engines() {
        let engine = test.dialect;
        let mut database = test.open().await;
        let early = database.add_flows(&scenario, [0, 900, 0, 0]).await;
        assert!(refusal(early).contains("seed it first"), "{engine:?}");
        let seeded = database.seed(&scenario, Effort::default(), &mut |_| ()).await.unwrap().manifest;
        let none = database.add_flows(&scenario, [10, 500, 250, 150]).await.unwrap();
        assert_eq!(none, Added::default(), "{engine:?}: the run has written these");

        let wanted = [0, 1_500, 400, 0];
        let added = database.add_flows(&scenario, wanted).await.unwrap();
        assert!(added.events > 300 && added.labels > 0, "{engine:?}: {added:?}");
        assert_eq!(database.add_flows(&scenario, wanted).await.unwrap(), Added::default(), "{engine:?}");
        let stored: BTreeSet<String> =
            database.texts("SELECT event_id FROM events").await.unwrap().into_iter().collect();
        assert_eq!(stored.len() as u64, seeded.of("events").rows + added.events);
        let (told, _) = lines(&scenario, [0, 1_500, 400, 0]);
        let index = |id: &str| u64::from_str_radix(&id.replace('-', "")[..10], 16).unwrap();
        let here = told.keys().filter(|id| index(id) < 60);
        assert!(here.clone().count() > 600 && here.clone().all(|id| stored.contains(id)), "{engine:?}");

        // The book knows, so the database is as whole as before.
        let book = database.book().await.unwrap().unwrap();
        assert_eq!(database.recompute().await.unwrap(), book.tables, "{engine:?}");
        let report = validate(&mut database).await.unwrap();
        assert!(report.passed(), "{engine:?}: {report}");
        // What circles and remittances move is on accounts that are written.
        for (flows, name) in [([11, 0, 0, 0], "circle_flows"), ([0, 0, 0, 151], "remittance_flows")] {
            let refused = database.add_flows(&scenario, flows).await;
            assert!(refusal(refused).contains(name), "{engine:?}");
        }
        let other = Scenario { seed: 7, ..scenario.clone() };
        assert!(refusal(database.add_flows(&other, wanted).await).contains("seed it first"));
    }
}

/// Who joined in the middle of the streams' time is no more and no less active in their days than others in theirs.
#[test]
fn newcomers_are_as_active_as_others() {
    let scenario = Scenario { seed: 3, customers: 500, ..Scenario::default() };
    let world = World::new(&scenario);
    let first = scenario.as_of.plus(-90);
    let mut days = BTreeMap::new();
    for customer in unfold(&world, 0..500).customers {
        let joined = customer.created_at.day();
        days.insert(customer.customer_id.to_string(), (joined > first, scenario.as_of.since(joined).clamp(0, 90)));
    }
    let (told, _) = lines(&scenario, [0, 0, 40_000, 0]);
    let mut sessions = [0.0; 2];
    for event in told.values().filter(|event| event["event_type"] == "session-started") {
        let (is_new, _) = days[event["payload"]["user_id"].as_str().unwrap()];
        sessions[usize::from(is_new)] += 1.0;
    }
    let present =
        |new: bool| days.values().filter(|(is_new, _)| *is_new == new).map(|(_, days)| f64::from(*days)).sum::<f64>();
    let rates = [false, true].map(|new| sessions[usize::from(new)] / present(new));
    let error = rates[0] * (1.0 / sessions[0] + 1.0 / sessions[1]).sqrt();
    assert!(sessions[1] > 100.0 && (rates[1] - rates[0]).abs() < 4.0 * error, "{rates:?}, {sessions:?}");
}
