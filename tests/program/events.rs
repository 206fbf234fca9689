//! `credit-seed events`: lines, files, labels beside and refusals, as they are seen from outside.

use serde_json::Value;

use crate::place::Place;

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn read(place: &Place, name: &str) -> String {
    String::from_utf8(place.read(name)).unwrap()
}

fn types<'v>(events: &'v [Value], prefix: &str) -> Vec<&'v str> {
    events.iter().filter_map(|event| event["event_type"].as_str().filter(|name| name.starts_with(prefix))).collect()
}

#[test]
fn each_stream_is_lines_on_stdout_and_nothing_else() {
    let place = Place::new();
    for (stream, first, service) in [
        ("circle", "circle-created", "circle-service"),
        ("transaction", "transaction-initiated", "transaction-service"),
        ("session", "login-attempt", "user-service"),
        ("remittance", "exchange-rate-updated", "remittance-service"),
    ] {
        let ran = place.run(&["events", stream]).exits(0);
        let events = lines(&ran.stdout);
        assert!(events.len() >= 200 && ran.stderr.is_empty(), "{}", ran.stderr);
        assert_eq!(
            (events[0]["event_type"].as_str(), events[0]["source_service"].as_str()),
            (Some(first), Some(service))
        );
        let envelope: Vec<&String> = events[0].as_object().unwrap().keys().collect();
        let mut known =
            ["event_id", "event_type", "event_version", "timestamp", "source_service", "correlation_id", "payload"];
        known.sort_unstable();
        assert_eq!(envelope, known);
    }
    assert_eq!(place.files(), [""; 0], "no database was made");
}

#[test]
fn files_have_their_labels_beside_and_are_not_written_over() {
    let place = Place::new();
    let ran = place.run(&["events", "session", "--count", "300", "--output", "file"]).exits(0);
    assert!(ran.stderr.contains(" labels to output/session_events.labels.jsonl"));
    let events = read(&place, "output/session_events.jsonl");
    let labels = lines(&read(&place, "output/session_events.labels.jsonl"));
    assert!(!labels.is_empty() && !events.contains("labels"));
    assert!(labels.iter().all(|label| events.contains(label["event_id"].as_str().unwrap())));
    let again = place.run(&["events", "session", "--output", "file"]).exits(4);
    assert!(again.stderr.contains("--overwrite"), "{}", again.stderr);
    assert_eq!(read(&place, "output/session_events.jsonl"), events);
    let inline = place.run(&["events", "session", "--count", "300", "--labels", "inline"]).exits(0);
    let marked = lines(&inline.stdout).iter().filter(|event| !event["labels"].as_array().unwrap().is_empty()).count();
    assert_eq!(marked, labels.len());
    place.run(&["events", "all", "--output", "file", "--output-file", "a/b/c.jsonl", "--overwrite"]).exits(0);
    assert!(read(&place, "a/b/c.jsonl").contains("circle-created"));
}

#[test]
fn days_can_be_cut_out_and_names_need_no_code() {
    let place = Place::new();
    let part = ["events", "transaction", "--from", "2025-11-03", "--to", "2025-11-04"];
    let events = lines(&place.run(&[&part[..], &["--count", "3000"]].concat()).exits(0).stdout);
    assert!(events.len() > 50);
    assert!(
        events.iter().all(|event| ["2025-11-03", "2025-11-04"].contains(&&event["timestamp"].as_str().unwrap()[..10]))
    );
    place.write(
        "s.yaml",
        "seed: 7\ntype_weights: {gift: 1}\ntransaction_states: {refunded: 0.5}\ndelivery_method_weights: {pigeon: 1}\n\
         action_weights: {dance: 1}\nprocessing_stages: [first, second]\n",
    );
    let events = lines(&place.run(&["events", "all", "--config", "s.yaml", "--count", "50"]).exits(0).stdout);
    let all = |kind: &str, field: &str| -> Vec<String> {
        let of_kind =
            events.iter().filter(|event| event["event_type"] == kind && event["payload"].get("metadata").is_none());
        of_kind.map(|event| event["payload"][field].as_str().unwrap().to_owned()).collect()
    };
    assert!(all("transaction-initiated", "type").iter().all(|kind| kind == "gift"));
    assert!(all("remittance-initiated", "delivery_method").iter().all(|method| method == "pigeon"));
    assert!(all("user-action-performed", "action_target").iter().all(|target| target == "/dance"));
    assert!(all("remittance-processing", "status").iter().all(|stage| ["first", "second"].contains(&stage.as_str())));
    assert!(types(&events, "transaction-refunded").len() > 10);
}

#[test]
fn files_with_settings_of_streams_stand_as_they_are() {
    let configs = concat!(env!("CARGO_MANIFEST_DIR"), "/configs");
    for name in [
        "default_circle",
        "default_transaction",
        "default_session",
        "default_remittance",
        "fraud_scenarios",
        "stress_test",
    ] {
        let file = format!("{configs}/{name}.yaml");
        let ran = Place::new().run(&["events", "all", "--config", &file, "--count", "5"]).exits(0);
        assert!(lines(&ran.stdout).len() > 50, "{name}");
    }
    // Without --count the file says how many.
    let file = format!("{configs}/default_circle.yaml");
    let ran = Place::new().run(&["events", "circle", "--config", &file]).exits(0);
    assert_eq!(types(&lines(&ran.stdout), "circle-created").len(), 100);
}

#[test]
fn mistakes_are_named_with_the_way_out() {
    let place = Place::new();
    let first = lines(&place.run(&["events", "session", "--count", "1"]).exits(0).stdout);
    // The first flows of a stream are those of the database; the ids of later ones are known, but no row's.
    let explain =
        |id: &serde_json::Value, more: &[&str]| place.run(&[&["explain", id.as_str().unwrap()], more].concat());
    let explained = explain(&first[0]["event_id"], &[]).exits(0);
    assert!(explained.stdout.contains("is a row of events\n"), "{}", explained.stdout);
    let session = first.iter().find_map(|line| line["payload"].get("session_id")).unwrap();
    let explained = explain(session, &[]).exits(0);
    assert!(explained.stdout.contains("is what this tells of first: a row of events\n"), "{}", explained.stdout);
    let explained = explain(&first[0]["event_id"], &["--session-flows", "0"]).exits(2);
    assert!(explained.stderr.contains("that only `credit-seed events` told"), "{}", explained.stderr);
    place.write("s.yaml", "seed: 1\nlate_payment_rat: 0.5\n");
    place.write("t.yaml", "# streams\nmember_range: [9, 5]\n");
    for (arguments, says) in [
        (
            &["--config", "s.yaml"][..],
            "s.yaml:2: unknown key \"late_payment_rat\"; did you mean \"late_payment_rate\"?",
        ),
        (&["--config", "t.yaml"], "t.yaml:2: member_range: 9 is more than 5; give the smaller one first"),
        (&["--labels", "separate"], "give --labels inline, or --output file or kafka"),
        (&["--kafka-prefix", "bank"], "--kafka-prefix: goes with --output kafka"),
        (&["--kafka-prefix", "a/b"], "give letters, digits, dots, dashes and _, 200 at most"),
        (&["--kafka-timeout", "-1"], "give a whole number of seconds from 1 to 1000000"),
        #[cfg(not(feature = "kafka"))]
        (
            &["--output", "kafka"],
            "this build has no Kafka in it; `cargo install credit-seed --features kafka` makes one",
        ),
        (&["--output-file", "x.jsonl"], "--output-file: goes with --output file"),
        (&["--from", "2025-02-02", "--to", "2025-01-01"], "--from: 2025-02-02 is after 2025-01-01"),
        (&["--count", "-1"], "give a whole number from 0 to 1000000000"),
        (&["--rate", "0"], "give a number of events a second, such as 50 or 50/s"),
        (&["--from", "yesterday"], "write it as YYYY-MM-DD"),
    ] {
        let ran = place.run(&[&["events", "circle"], arguments].concat()).exits(2);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
        assert!(ran.stdout.is_empty());
    }
}

#[cfg(unix)]
#[test]
fn who_follows_may_stop_at_any_time() {
    let place = Place::new();
    let arguments = ["events", "session", "--count", "30", "--output", "file"];
    place.run(&[&arguments[..], &["--output-file", "ended.jsonl"]].concat()).exits(0);
    let followed = [&arguments[..], &["--output-file", "followed.jsonl", "--follow"]].concat();
    let mut child = place.command(&followed).spawn().unwrap();
    // Once it has told what there is, it waits for the new year's first event.
    let told = || {
        place.files().iter().any(|name| name.starts_with("followed") && place.read(name) == place.read("ended.jsonl"))
    };
    while !told() {
        assert!(child.try_wait().unwrap().is_none(), "it goes on");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let interrupt = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success() && child.wait().unwrap().success());
    let (ended, followed) = (place.read("ended.jsonl"), place.read("followed.jsonl"));
    assert!(!ended.is_empty() && followed.starts_with(&ended));

    // Or says until when.
    let until = ["events", "all", "--count", "50", "--follow", "--rate", "100000", "--to", "2026-01-10"];
    let ran = place.run(&until).exits(0);
    assert!(lines(&ran.stdout).last().unwrap()["timestamp"].as_str().unwrap() > "2026-01-08");
    let database = ["events", "session", "--output", "database", "--follow"];
    place.run(&database).refuses(2, &["--follow: does not go with --output database"]);
}

#[test]
fn the_database_takes_more_of_them() {
    let place = Place::new();
    let arguments = ["events", "session", "--customers", "40", "--output", "database"];
    place.run(&arguments).exits(0).says(&["seeded", "events of 40 customers"]);
    place.run(&arguments).exits(0).says(&["holds", "events of 40 customers"]);
    let more = [&arguments[..], &["--count", "900"]].concat();
    place.run(&more).exits(0).says(&["added ", " labels"]);
    place.run(&more).exits(0).says(&["added 0 events with 0 labels"]);
    place.run(&["verify"]).exits(0);
    place.run(&["validate"]).exits(0);
    let circles = ["events", "circle", "--customers", "40", "--output", "database", "--count", "50"];
    place.run(&circles).refuses(4, &["circle_flows"]);
}
