//! Streams in bulk, line by line as they come: rates as set, a million flows in order, and what follows beyond the last day.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use credit_seed::events::{Labels, Told, Wanted, write};
use credit_seed::generate::streams::StreamKind;
use credit_seed::scenario::{Model, Scenario, States, Streams};
use credit_seed::schema::{Day, Moment};

use crate::streams::{Written, holds};

/// Shows each line to a closure and keeps none.
struct EachLine<F> {
    begun: Vec<u8>,
    see: F,
}

impl<F: FnMut(&str)> io::Write for EachLine<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        let mut from = 0;
        while let Some(length) = self.begun[from..].iter().position(|byte| *byte == b'\n') {
            (self.see)(std::str::from_utf8(&self.begun[from..from + length]).expect("lines are text"));
            from += length + 1;
        }
        self.begun.drain(..from);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Shows every line of a stream, and those of its labels.
fn each_line(stream: StreamKind, flows: u64, see: impl FnMut(&str), see_label: impl FnMut(&str)) -> Told {
    let scenario = Scenario::default();
    let wanted = Wanted {
        flows: Wanted::counts(&scenario.streams, Some(stream), Some(flows)),
        labels: Labels::Separate,
        between: Moment(i64::MIN)..=Moment(i64::MAX),
        rate: None,
        jobs: 2,
        follow: None,
    };
    let (mut out, mut labels) = (EachLine { begun: Vec::new(), see }, EachLine { begun: Vec::new(), see: see_label });
    write(&scenario, &wanted, &mut out, &mut labels).unwrap()
}

/// The value of a field of text, without reading the rest.
fn quoted<'a>(line: &'a str, field: &str) -> &'a str {
    let from = line.find(&format!("\"{field}\":\"")).map(|at| &line[at + field.len() + 4..]).unwrap_or_default();
    from.split('"').next().unwrap_or_default()
}

/// Within three standard errors.
fn near(name: &str, share: usize, of: usize, set: f64) {
    let (share, of) = (share as f64, of as f64);
    let error = (set * (1.0 - set) / of).sqrt();
    assert!((share / of - set).abs() <= 3.0 * error, "{name}: {share} of {of} is not {set}");
}

#[test]
fn rates_come_out_as_set() {
    const FLOWS: u64 = 100_000;
    for (stream, shares, fails) in [
        (
            StreamKind::Transaction,
            &[("fraud", 0.03), ("structuring", 0.01), ("velocity", 0.02)][..],
            ["transaction-failed", "transaction-completed"],
        ),
        (
            StreamKind::Session,
            &[("impossible_travel", 0.009), ("unusual_hour", 0.021), ("account_takeover", 0.01)],
            ["login-failed", "login-success"],
        ),
        (StreamKind::Remittance, &[("smurfing", 0.02)], ["remittance-failed", "remittance-completed"]),
    ] {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        each_line(
            stream,
            FLOWS,
            |line| *kinds.entry(quoted(line, "event_type").to_owned()).or_default() += 1,
            |line| {
                cases.entry(quoted(line, "label").to_owned()).or_default().insert(quoted(line, "case_id").to_owned());
            },
        );
        for (label, set) in shares {
            near(label, cases[*label].len(), FLOWS as usize, *set);
        }
        let [failed, went] = fails.map(|kind| kinds[kind]);
        near(fails[0], failed, failed + went, 0.05);
    }
}

#[test]
fn rates_of_circles_come_out_as_set() {
    const CIRCLES: u64 = 10_000;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut cases: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (mut late, mut payers, mut paid_out) = (0, BTreeSet::new(), BTreeSet::new());
    let (mut old, mut defaulted) = (BTreeSet::new(), 0);
    // All that were founded by then are over: twelve months, and some days.
    let over = "2024-11-20";
    each_line(
        StreamKind::Circle,
        CIRCLES,
        |line| {
            let (kind, circle) = (quoted(line, "event_type"), quoted(line, "circle_id"));
            *kinds.entry(kind.to_owned()).or_default() += 1;
            match kind {
                "circle-created" if quoted(line, "timestamp") < over => {
                    old.insert(circle.to_owned());
                }
                "circle-contribution-received" => {
                    late += usize::from(!line.contains("\"days_late\":0,"));
                    payers.insert((circle.to_owned(), quoted(line, "user_id").to_owned()));
                }
                "circle-payout-executed" => {
                    paid_out.insert(circle.to_owned());
                }
                "circle-failed" if line.contains("excessive_defaults") && old.contains(circle) => defaulted += 1,
                _ => {}
            }
        },
        |line| {
            cases.entry(quoted(line, "label").to_owned()).or_default().insert(quoted(line, "case_id").to_owned());
        },
    );
    let [received, missed] = ["circle-contribution-received", "circle-contribution-missed"].map(|kind| kinds[kind]);
    near("missed", missed, received + missed, 0.05);
    near("late", late, received, 0.10);
    near("collusion", cases["collusion"].len(), paid_out.len(), 0.02);
    near("shared device", cases["shared_device"].len(), payers.len(), 0.02);
    near("failed", defaulted, old.len(), 0.05);
}

/// A million flows: in order to the last, and each event with an id of its own.
#[test]
fn a_million_flows_are_in_order() {
    let (mut last, mut ids, mut begun) = (String::new(), Vec::new(), 0);
    let see = |line: &str| {
        let at = quoted(line, "timestamp");
        assert!(last.as_str() <= at, "{line} after {last}");
        last.replace_range(.., at);
        ids.push(u128::from_str_radix(&quoted(line, "event_id").replace('-', ""), 16).unwrap());
        begun += u64::from(quoted(line, "event_type") == "transaction-initiated");
    };
    let told = each_line(StreamKind::Transaction, 1_000_000, see, |_| ());
    assert!(begun > 1_000_000 && told.events > 2 * begun * 95 / 100, "{begun} of {told:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, told.events);
}

#[test]
fn following_goes_on_where_the_stream_ends() {
    let scenario = Scenario { seed: 5, ..Scenario::default() };
    let (until, days) = ("2026-02-28".parse::<Day>().unwrap(), 59);
    let flows = [400, 900, 90, 180];
    let tell = |follow: bool| {
        let wanted = Wanted {
            flows,
            labels: Labels::Separate,
            between: Moment(i64::MIN)..=until.at(86_399),
            // As fast as can be: real seconds are for people.
            rate: follow.then_some(1e9),
            jobs: 2,
            follow: follow.then(Arc::default),
        };
        let (mut events, mut labels) = (Vec::new(), Vec::new());
        write(&scenario, &wanted, &mut events, &mut labels).unwrap();
        Written { events: String::from_utf8(events).unwrap(), labels: String::from_utf8(labels).unwrap() }
    };
    let (ended, followed) = (tell(false), tell(true));
    assert!(followed.events.starts_with(&ended.events) && followed.labels.starts_with(&ended.labels));
    holds(&Scenario { as_of: until, ..scenario.clone() }, &followed);

    // As much a day as before, within four standard deviations.
    let beyond = &followed.events[ended.events.len()..];
    let count = |kind: &str| beyond.lines().filter(|line| quoted(line, "event_type") == kind).count() as f64;
    for (kind, flows, span) in
        [("circle-created", 400.0, 730.0), ("session-started", 90.0, 90.0), ("exchange-rate-updated", 90.0, 90.0)]
    {
        let expected: f64 = flows / span * f64::from(days);
        assert!((count(kind) - expected).abs() <= 4.0 * expected.sqrt(), "{kind}: {} of {expected}", count(kind));
    }
    assert_eq!(count("exchange-rate-updated"), f64::from(days));
    // Whoever was under way when one span ended comes in its order in the next, be the spans days.
    let streams = Streams { time_span_days: 1, location_diversity: 10, num_users: 300, ..Streams::default() };
    let model = Model { states: States::of(&["HI", "NY", "FL"]), ..Model::default() };
    let scenario = Scenario { streams, model, ..Scenario::default() };
    let (mut last, mut count_all) = (String::new(), 0);
    let see = |line: &str| {
        let at = quoted(line, "timestamp");
        assert!(last.as_str() <= at, "{line} after {last}");
        last.replace_range(.., at);
        count_all += 1;
    };
    let wanted = Wanted {
        flows: [0, 0, 300, 0],
        labels: Labels::None,
        between: Moment(i64::MIN)..="2026-03-20".parse::<Day>().unwrap().at(0),
        rate: Some(1e9),
        jobs: 1,
        follow: Some(Arc::default()),
    };
    write(&scenario, &wanted, &mut EachLine { begun: Vec::new(), see }, &mut io::sink()).unwrap();
    assert!(count_all > 200_000, "{count_all}");
    // Circles that were open go on; new ones alone would hardly be paid out yet.
    assert!(count("circle-payout-executed") > 4.0 * count("circle-created"), "{}", count("circle-payout-executed"));
}
