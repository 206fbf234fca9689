//! Killed at any moment and started again, a run ends with the very bytes of one that was left in peace.
//!
//! `CREDIT_SEED_CRASH_ROUNDS` and `CREDIT_SEED_CRASH_CUSTOMERS` say how often and how large.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::place::Place;
use crate::servers::{Server, TestDatabase, book};

#[test]
fn sqlite_survives_kills() {
    rounds(|place| Some(TestDatabase::in_file(place)));
}

#[test]
fn postgres_survives_kills() {
    rounds(|_| Server::postgres().map(TestDatabase::on));
}

#[test]
fn mysql_survives_kills() {
    rounds(|_| Server::mysql().map(TestDatabase::on));
}

/// Rounds spread over the time of a whole run, and a few over the making of the tables.
fn rounds(database: impl Fn(&Place) -> Option<TestDatabase>) {
    // One engine at a time, or the measured times mean nothing.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (rounds, customers) = (setting("CREDIT_SEED_CRASH_ROUNDS", 3), setting("CREDIT_SEED_CRASH_CUSTOMERS", 500));

    let Some(peace) = Run::new(&database, customers) else { return };
    let setting_up = peace.time(&["--reset"]);
    let whole = peace.time(&[]);
    let expected = peace.complete();
    println!("{}, {customers} customers: {whole:?} in peace, {setting_up:?} to set up", peace.database.engine);
    drop(peace);
    for (name, span, rounds) in [("seeding", whole, rounds), ("setting up", setting_up, rounds.div_ceil(4))] {
        for round in 0..rounds {
            let Some(run) = Run::new(&database, customers) else { return };
            let first = moment(span, round, rounds);
            run.kill_at(name, first);
            run.kill_at("going on", moment(whole.saturating_sub(first), 0, 1));
            assert_eq!(run.complete(), expected, "{name}, round {round}");
        }
    }
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// A random moment in the round's part of the time.
fn moment(span: Duration, round: u64, rounds: u64) -> Duration {
    let random = (RandomState::new().hash_one(round) >> 11) as f64 / (1u64 << 53) as f64;
    span.mul_f64((round as f64 + random) / rounds as f64)
}

struct Run {
    place: Place,
    database: TestDatabase,
    customers: u64,
}

impl Run {
    fn new(database: impl Fn(&Place) -> Option<TestDatabase>, customers: u64) -> Option<Run> {
        let place = Place::new();
        database(&place).map(|database| Run { place, database, customers })
    }

    fn arguments<'a>(&'a self, customers: &'a str, batch: &'a str) -> [&'a str; 8] {
        ["--format", "json", "--database-url", &self.database.url, "--customers", customers, "--batch-size", batch]
    }

    /// The arguments of the run, with batches small enough for a kill to fall between and into them.
    fn with_arguments<T>(&self, more: &[&str], go: impl FnOnce(&[&str]) -> T) -> T {
        let (customers, batch) = (self.customers.to_string(), (self.customers / 40).max(1).to_string());
        go(&[&self.arguments(&customers, &batch), more].concat())
    }

    fn time(&self, more: &[&str]) -> Duration {
        let start = Instant::now();
        self.with_arguments(more, |arguments| self.place.run(arguments).exits(0));
        start.elapsed()
    }

    /// SIGKILL that long after the start.
    fn kill_at(&self, name: &str, moment: Duration) {
        let mut child = self.with_arguments(&[], |arguments| self.place.command(arguments).spawn().unwrap());
        std::thread::sleep(moment);
        let had_ended = child.try_wait().unwrap();
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let state = match book(&self.database.url) {
            Some(book) => format!("{} of {} customers in", book.next_customer, book.customers),
            None => "no run begun".to_owned(),
        };
        let verb = if had_ended.is_some() { "had ended by" } else { "killed at" };
        println!("{}, {name}: {verb} {} ms, {state}", self.database.engine, moment.as_millis());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(had_ended.is_none_or(|status| status.success()), "it failed by itself: {said}");
    }

    /// Runs to the end; the checksums then.
    fn complete(&self) -> Value {
        let summary = self.with_arguments(&[], |arguments| self.place.run(arguments).exits(0).json());
        let verified = self.place.run(&["verify", "--format", "json", "--database-url", &self.database.url]);
        assert_eq!(verified.exits(0).json()["complete"], true);
        summary["tables"].clone()
    }
}
