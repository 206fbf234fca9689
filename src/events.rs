//! Event streams as lines: merged in one thread, written down in others, handed over in order.

use std::io;
use std::ops::RangeInclusive;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::generate::World;
use crate::generate::streams::{Flows, Merged, StreamEvent, StreamKind};
use crate::scenario::{Scenario, Streams};
use crate::schema::Moment;

/// Events that travel together.
const CHUNK: usize = 1_024;

/// Where labels go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// Into the envelope of each event.
    Inline,
    /// To lines of their own.
    Separate,
    None,
}

/// What is to be told.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Flows of each stream, in the order of [`StreamKind::ALL`].
    pub flows: [u64; 4],
    pub labels: Labels,
    /// Only events between these times.
    pub between: RangeInclusive<Moment>,
    /// Events a second, for who wants to watch; as fast as can be without.
    pub rate: Option<f64>,
    /// Threads that write lines.
    pub jobs: usize,
}

impl Wanted {
    /// So many flows of a stream, or of each; where none are asked for, as many as the settings say, else 100.
    pub fn counts(settings: &Streams, only: Option<StreamKind>, count: Option<u64>) -> [u64; 4] {
        let by_range = |people: u32, range: Option<[u32; 2]>| {
            range.map(|[least, most]| u64::from(people) * (u64::from(least) + u64::from(most)) / 2)
        };
        StreamKind::ALL.map(|kind| {
            if only.is_some_and(|only| only != kind) {
                return 0;
            }
            let by_settings = match kind {
                StreamKind::Circle => settings.num_circles,
                StreamKind::Transaction => by_range(settings.num_users, settings.transactions_per_user_range),
                StreamKind::Session => by_range(settings.num_users, settings.sessions_per_user_range),
                StreamKind::Remittance => by_range(settings.num_senders, settings.remittances_per_sender_range),
            };
            count.or(by_settings).unwrap_or(100)
        })
    }
}

/// How much was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub events: u64,
    pub labels: u64,
}

/// The lines of some events and of their labels.
#[derive(Default)]
struct Lines {
    events: Vec<u8>,
    labels: Vec<u8>,
    told: Told,
}

/// Writes the events of the scenario's streams to `out`, a JSON object a line, and separate labels to `labels`.
///
/// # Errors
/// Those of `out` and `labels`.
pub fn write(
    scenario: &Scenario,
    wanted: &Wanted,
    out: &mut dyn io::Write,
    labels: &mut dyn io::Write,
) -> io::Result<Told> {
    let world = World::new(scenario);
    let flows = Flows::new(&world, wanted.flows);
    let chunk = wanted.rate.map_or(CHUNK, |rate| (rate / 20.0).clamp(1.0, CHUNK as f64) as usize);
    let mut pace = wanted.rate.map(Pace::new);
    let mut told = Told::default();
    let mut take = |lines: Lines| -> io::Result<()> {
        out.write_all(&lines.events)?;
        labels.write_all(&lines.labels)?;
        told.events += lines.told.events;
        told.labels += lines.told.labels;
        if let Some(pace) = &mut pace {
            out.flush()?;
            labels.flush()?;
            pace.wait_for(told.events);
        }
        Ok(())
    };
    let mut events = Chunks { merged: flows.merged(), between: wanted.between.clone(), chunk };
    if wanted.jobs < 2 {
        while let Some(chunk) = events.next() {
            take(lines(&chunk, wanted.labels))?;
        }
        return Ok(told);
    }
    thread::scope(|scope| {
        // One thread merges; the others take turns with what it gives them, and so their lines are in order.
        let writers = wanted.jobs - 1;
        let mut inputs: Vec<SyncSender<Vec<StreamEvent<'_>>>> = Vec::new();
        let mut outputs: Vec<Receiver<Lines>> = Vec::new();
        for _ in 0..writers {
            let (input, chunks) = sync_channel::<Vec<StreamEvent<'_>>>(2);
            let (finished, output) = sync_channel(2);
            let labels = wanted.labels;
            // Whoever stops listening is gone, or has failed and says so itself.
            scope.spawn(move || chunks.iter().try_for_each(|chunk| finished.send(lines(&chunk, labels)).ok()));
            inputs.push(input);
            outputs.push(output);
        }
        scope.spawn(move || {
            let mut turn = 0;
            while let Some(chunk) = events.next() {
                if inputs[turn % writers].send(chunk).is_err() {
                    return;
                }
                turn += 1;
            }
        });
        let mut turn = 0;
        // The end: whose turn it is has nothing more.
        while let Ok(lines) = outputs[turn % writers].recv() {
            take(lines)?;
            turn += 1;
        }
        io::Result::Ok(())
    })?;
    Ok(told)
}

/// Events in portions.
struct Chunks<'c, 'w> {
    merged: Merged<'c, 'w>,
    between: RangeInclusive<Moment>,
    chunk: usize,
}

impl<'c> Chunks<'c, '_> {
    fn next(&mut self) -> Option<Vec<StreamEvent<'c>>> {
        let Chunks { merged, between, chunk } = self;
        let in_time = merged.skip_while(|event| event.at < *between.start());
        let events: Vec<_> = in_time.take_while(|event| event.at <= *between.end()).take(*chunk).collect();
        (!events.is_empty()).then_some(events)
    }
}

fn lines(events: &[StreamEvent<'_>], labels: Labels) -> Lines {
    let mut lines = Lines::default();
    for event in events {
        event.write(labels == Labels::Inline, &mut lines.events);
        lines.events.push(b'\n');
        lines.told.events += 1;
        if labels == Labels::Separate {
            event.write_labels(&mut lines.labels);
        }
        lines.told.labels += event.labels.len() as u64;
    }
    lines
}

/// Waits so that no more than so many events a second go out.
struct Pace {
    began: Instant,
    rate: f64,
}

impl Pace {
    fn new(rate: f64) -> Pace {
        Pace { began: Instant::now(), rate }
    }

    fn wait_for(&self, events: u64) {
        let due = Duration::from_secs_f64(events as f64 / self.rate);
        thread::sleep(due.saturating_sub(self.began.elapsed()));
    }
}
