//! How fast event streams are told, to nowhere and to a file: `cargo bench --bench streams`.
//!
//! One thread. A million events and more of each stream, of the 500 people of the default settings and of 20,000; then all of
//! them at once into a file, beside what it takes to write the same bytes again without making them, which is the limit.
//! `streams.txt` holds what it printed, and where.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::time::{Duration, Instant};

use credit_seed::Scenario;
use credit_seed::events::{Labels, Wanted, write};
use credit_seed::scenario::Streams;
use credit_seed::schema::Moment;

const ROUNDS: usize = 3;

fn wanted(flows: [u64; 4]) -> Wanted {
    Wanted {
        flows,
        labels: Labels::None,
        between: Moment(i64::MIN)..=Moment(i64::MAX),
        rate: None,
        jobs: 1,
        follow: None,
    }
}

/// The best of some rounds, for the machine is not ours alone.
fn best(mut run: impl FnMut()) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    rounds.min().unwrap_or(Duration::MAX).as_secs_f64()
}

fn main() {
    for people in [500, 20_000] {
        let streams = Streams { num_users: people, num_senders: people, ..Streams::default() };
        let scenario = Scenario { streams, ..Scenario::default() };
        println!("to nowhere, one thread, {people} people");
        for (stream, flows) in [
            ("circle", [7_000, 0, 0, 0]),
            ("transaction", [0, 450_000, 0, 0]),
            ("session", [0, 0, 75_000, 0]),
            ("remittance", [0, 0, 0, 170_000]),
            ("all", [1_750, 112_500, 18_750, 42_500]),
        ] {
            let mut events = 0;
            let time = best(|| {
                let told = write(&scenario, &wanted(flows), &mut io::sink(), &mut io::sink());
                events = told.map_or(0, |told| told.events);
            });
            println!("  {stream:<12}{events:>9} events  {time:6.2} s  {:8.0} events/s", events as f64 / time);
        }
    }

    let path = std::env::temp_dir().join(format!("credit-seed-bench-{}.jsonl", std::process::id()));
    let scenario = Scenario::default();
    let mut events = 0;
    let file = |bytes: &mut dyn FnMut(&mut dyn Write)| {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path).expect("a file can be made"));
        bytes(&mut out);
        out.flush().expect("the disk has room");
    };
    let made = best(|| {
        file(&mut |out| {
            let told = write(&scenario, &wanted([3_500, 225_000, 37_500, 85_000]), out, &mut io::sink());
            events = told.expect("the disk has room").events;
        });
    });
    let bytes = std::fs::read(&path).expect("it was written");
    let copied = best(|| file(&mut |out| bytes.chunks(1 << 16).for_each(|part| out.write_all(part).expect("room"))));
    let _ = std::fs::remove_file(&path);
    println!("to a file, one thread, 500 people");
    println!("  all         {events:>9} events  {made:6.2} s  {:8.0} events/s", events as f64 / made);
    let megabytes = bytes.len() as f64 / 1e6;
    println!(
        "  the same {megabytes:.0} MB, only written: {copied:.2} s; making them takes {:.1} times that",
        made / copied
    );
}
