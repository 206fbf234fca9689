//! Event streams as lines: merged in one thread, written down in others, handed over in order.

use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Go on beyond the last day, second by second as they pass or at the rate, until this is set.
    pub follow: Option<Arc<AtomicBool>>,
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
            // Numbers beyond are those of flows that come after `as_of`.
            count.or(by_settings).unwrap_or(100).min(u32::MAX.into())
        })
    }
}

/// How much was told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub events: u64,
    pub labels: u64,
}

/// The lines of some events and of their labels, in order.
#[derive(Default)]
pub struct Lines {
    events: Vec<u8>,
    labels: Vec<u8>,
    keys: Vec<u8>,
    ends: Vec<Ends>,
    told: Told,
}

/// Where an event's parts end; each begins where the one before it ends.
struct Ends {
    stream: StreamKind,
    at: Moment,
    event: usize,
    labels: usize,
    key: usize,
}

/// The line of one event, and what belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'l> {
    pub stream: StreamKind,
    pub at: Moment,
    /// What all events of its flow have in common and keeps them together, see [`StreamEvent::write_key`].
    pub key: &'l [u8],
    /// Without the line's end.
    pub event: &'l [u8],
    /// A line for each label, with its end, where labels are separate.
    pub labels: &'l [u8],
}

impl Lines {
    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = Line<'_>> {
        let (mut event, mut labels, mut key) = (0, 0, 0);
        self.ends.iter().map(move |ends| {
            let line = Line {
                stream: ends.stream,
                at: ends.at,
                key: &self.keys[key..ends.key],
                event: &self.events[event..ends.event - 1],
                labels: &self.labels[labels..ends.labels],
            };
            (event, labels, key) = (ends.event, ends.labels, ends.key);
            line
        })
    }
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
    tell_lines(scenario, wanted, false, |lines| {
        out.write_all(&lines.events)?;
        labels.write_all(&lines.labels)?;
        if wanted.rate.is_some() || wanted.follow.is_some() {
            out.flush()?;
            labels.flush()?;
        }
        Ok(())
    })
}

/// Tells the events of the scenario's streams: `take` gets their lines, in order, some at a time.
///
/// # Errors
/// Those of `take`; there is no more after the first.
pub fn tell<E>(scenario: &Scenario, wanted: &Wanted, take: impl FnMut(&Lines) -> Result<(), E>) -> Result<Told, E> {
    tell_lines(scenario, wanted, true, take)
}

/// The same; `apart` if the lines are to be told apart, which takes a tenth of the time.
fn tell_lines<E>(
    scenario: &Scenario,
    wanted: &Wanted,
    apart: bool,
    mut take: impl FnMut(&Lines) -> Result<(), E>,
) -> Result<Told, E> {
    let world = if wanted.follow.is_some() { World::going_on(scenario) } else { World::new(scenario) };
    let flows = Flows::new(&world, wanted.flows);
    let chunk = wanted.rate.map_or(CHUNK, |rate| (rate / 20.0).clamp(1.0, CHUNK as f64) as usize);
    let mut pace = wanted.rate.map(Pace::new);
    let mut told = Told::default();
    let mut take = |lines: Lines| -> Result<(), E> {
        take(&lines)?;
        told.events += lines.told.events;
        told.labels += lines.told.labels;
        if let Some(pace) = &mut pace {
            pace.wait_for(told.events, wanted.follow.as_deref());
        }
        Ok(())
    };
    if let Some(stop) = &wanted.follow {
        let mut portion = Vec::new();
        let last = scenario.as_of.at(86_399);
        let mut passing = None;
        for event in flows.merged() {
            if event.at > *wanted.between.end() || stop.load(Ordering::Relaxed) {
                break;
            }
            if event.at < *wanted.between.start() {
                continue;
            }
            let is_live = event.at > last;
            if is_live || portion.len() == chunk {
                take(lines(&portion, wanted.labels, apart))?;
                portion.clear();
            }
            if is_live && wanted.rate.is_none() {
                let began = *passing.get_or_insert_with(Instant::now);
                let passed = event.at.0.abs_diff(last.max(*wanted.between.start()).0);
                sleep_until(began + Duration::from_millis(passed), Some(stop));
            }
            portion.push(event);
        }
        take(lines(&portion, wanted.labels, apart))?;
        return Ok(told);
    }
    let mut events = Chunks { merged: flows.merged(), between: wanted.between.clone(), chunk };
    if wanted.jobs < 2 {
        while let Some(chunk) = events.next() {
            take(lines(&chunk, wanted.labels, apart))?;
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
            scope.spawn(move || chunks.iter().try_for_each(|chunk| finished.send(lines(&chunk, labels, apart)).ok()));
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
        Ok(())
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

fn lines(events: &[StreamEvent<'_>], labels: Labels, apart: bool) -> Lines {
    let mut lines = Lines::default();
    for event in events {
        event.write(labels == Labels::Inline, &mut lines.events);
        lines.events.push(b'\n');
        lines.told.events += 1;
        if labels == Labels::Separate {
            event.write_labels(&mut lines.labels);
        }
        lines.told.labels += event.labels.len() as u64;
        if !apart {
            continue;
        }
        event.write_key(&mut lines.keys);
        lines.ends.push(Ends {
            stream: event.stream,
            at: event.at,
            event: lines.events.len(),
            labels: lines.labels.len(),
            key: lines.keys.len(),
        });
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

    fn wait_for(&self, events: u64, stop: Option<&AtomicBool>) {
        sleep_until(self.began + Duration::from_secs_f64(events as f64 / self.rate), stop);
    }
}

/// Sleeps, but no longer than until somebody says stop.
fn sleep_until(due: Instant, stop: Option<&AtomicBool>) {
    let is_over = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    while !is_over() {
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        thread::sleep(if stop.is_some() { left.min(Duration::from_millis(50)) } else { left });
    }
}
