//! Flows brought together in order of time, with bounded memory: a heap over the flows that are open, not a list of all events.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use super::circle::Circle;
use super::people::{People, strangers};
use super::{DAYS_BEYOND, SPAN_BITS, StreamEvent, StreamKind, circle, remittance, session, transaction};
use crate::generate::world::World;
use crate::schema::Moment;

/// Flows whose beginnings are kept at once: 16 bytes each.
const SLICE: u64 = 4_000_000;
/// Exchange rates are published between the flows of remittances; their numbers lie above any flow's.
const RATES: u64 = 1 << 55;

/// Everybody and everything that flows need beside their number.
pub struct Flows<'w> {
    world: &'w World,
    users: People<'w>,
    senders: People<'w>,
    /// The numbers of the flows of each stream, in the order of [`StreamKind::ALL`].
    numbers: [Range<u64>; 4],
}

impl<'w> Flows<'w> {
    /// So many flows of each stream, in the order of [`StreamKind::ALL`].
    pub fn new(world: &'w World, counts: [u64; 4]) -> Flows<'w> {
        Flows::from(world, [0; 4], counts)
    }

    /// The same without the first so many of each.
    pub fn from(world: &'w World, first: [u64; 4], counts: [u64; 4]) -> Flows<'w> {
        let settings = &world.scenario.streams;
        let met = strangers(settings.block());
        let people = |count: u32| People::new(world, 0, count.into(), &met);
        let numbers = std::array::from_fn(|stream| first[stream]..counts[stream]);
        Flows { world, users: people(settings.num_users), senders: people(settings.num_senders), numbers }
    }

    /// Their events, in order of time; within a second by stream, flow and cause.
    pub fn merged(&self) -> Merged<'_, 'w> {
        let all: u64 = self.numbers.iter().map(|numbers| numbers.end.saturating_sub(numbers.start)).sum();
        let slices = all.div_ceil(SLICE).max(1);
        let mut merged = Merged {
            flows: self,
            starts: Vec::new().into_iter().peekable(),
            slice: 0,
            slices,
            held: Vec::new(),
            open: BinaryHeap::new(),
            rooms: Vec::new(),
            free: Vec::new(),
        };
        merged.next_slice();
        merged
    }

    fn starts(&self, stream: StreamKind, flow: u64) -> Option<Moment> {
        match stream {
            StreamKind::Circle => circle::starts(&self.users, flow),
            StreamKind::Transaction => transaction::starts(&self.users, flow),
            StreamKind::Session => session::starts(&self.users, flow),
            StreamKind::Remittance => remittance::starts(&self.senders, flow),
        }
    }

    /// What begins in a part of the time, in order: when, and the key of the flow.
    fn begin(&self, slice: u64, slices: u64) -> Vec<(u32, u64)> {
        let settings = &self.world.scenario.streams;
        let days = u64::from(settings.time_span_days.max(settings.circle_span_days));
        let end = self.world.calendar.as_of.plus(1).at(0);
        let edge = |number: u64| end.plus_seconds(-((days * 86_400 * (slices - number) / slices) as i64));
        // What lies before the first edge or on the last is of the first slice or the last.
        let from = if slice == 0 { Moment(i64::MIN) } else { edge(slice) };
        let to = if slice + 1 == slices { Moment(i64::MAX) } else { edge(slice + 1) };
        let mut begun = Vec::new();
        let mut add = |stream: StreamKind, flow: u64, at: Moment| {
            if from <= at && at < to {
                begun.push(((at.0 / 1000) as u32, (stream as u64) << 56 | flow));
            }
        };
        for (stream, numbers) in StreamKind::ALL.into_iter().zip(self.numbers.clone()) {
            for flow in numbers {
                if let Some(at) = self.starts(stream, flow) {
                    add(stream, flow, at);
                }
            }
        }
        if !self.numbers[StreamKind::Remittance as usize].is_empty() {
            let end = self.world.calendar.as_of.at(86_399);
            let published = (0..self.world.rates.count()).map(|number| (number, self.world.rates.published_at(number)));
            published.filter(|(_, at)| *at <= end).for_each(|(number, at)| {
                add(StreamKind::Remittance, RATES | number, at);
            });
        }
        begun.sort_unstable();
        begun
    }

    /// How many spans can be followed beyond `as_of`.
    fn later_spans(&self) -> u64 {
        let is_any = self.numbers.iter().any(|numbers| !numbers.is_empty());
        let days = self.world.scenario.streams.time_span_days.max(1);
        // A number of a flow has room for so many.
        if self.world.goes_on && is_any { (DAYS_BEYOND as u64).div_ceil(days.into()).min(511) } else { 0 }
    }

    /// What begins in a span after `as_of`, in no order: as much a day as before.
    fn begin_later(&self, span: u64) -> Vec<(u32, u64)> {
        let settings = &self.world.scenario.streams;
        let mut begun = Vec::new();
        for (stream, numbers) in StreamKind::ALL.into_iter().zip(&self.numbers) {
            let count = numbers.end.saturating_sub(numbers.start);
            // Circles are founded over a time of their own; what a span has too little for waits for the next.
            let by = |span: u64| match stream {
                StreamKind::Circle => {
                    count * span * u64::from(settings.time_span_days) / u64::from(settings.circle_span_days.max(1))
                }
                _ => count * span,
            };
            for number in 0..by(span) - by(span - 1) {
                let flow = span << SPAN_BITS | number;
                begun.extend(self.starts(stream, flow).map(|at| ((at.0 / 1000) as u32, (stream as u64) << 56 | flow)));
            }
        }
        if !self.numbers[StreamKind::Remittance as usize].is_empty() {
            let days = u64::from(settings.time_span_days);
            for number in (days * span..days * (span + 1)).take_while(|number| *number < self.world.rates.count()) {
                let at = self.world.rates.published_at(number);
                begun.push(((at.0 / 1000) as u32, (StreamKind::Remittance as u64) << 56 | RATES | number));
            }
        }
        begun
    }

    /// The last second of a span after `as_of`.
    fn end_of(&self, span: u64) -> Moment {
        let days = span as i32 * self.world.scenario.streams.time_span_days as i32;
        self.world.calendar.as_of.plus(days).at(86_399)
    }

    fn open(&self, key: u64) -> Room<'_> {
        let flow = key & ((1 << 56) - 1);
        let mut events = VecDeque::new();
        let mut circle = None;
        match StreamKind::ALL[(key >> 56) as usize] {
            StreamKind::Circle => circle = Circle::found(&self.users, flow, &mut events),
            StreamKind::Transaction => events.extend(transaction::tell(&self.users, flow)),
            StreamKind::Session => events.extend(session::tell(&self.users, flow)),
            StreamKind::Remittance if flow >= RATES => {
                events.push_back(self.world.rates.tell(self.world, flow - RATES))
            }
            StreamKind::Remittance => events.extend(remittance::tell(&self.senders, flow)),
        }
        Room { events, circle }
    }
}

/// An open flow: what it has told and not yet said, and, of a circle, what is still to be lived.
struct Room<'c> {
    events: VecDeque<StreamEvent<'c>>,
    circle: Option<Circle<'c>>,
}

impl Room<'_> {
    /// When it goes on.
    fn next(&mut self) -> Option<Moment> {
        while self.events.is_empty() {
            let circle = self.circle.as_mut()?;
            if !circle.advance(&mut self.events) {
                self.circle = None;
            }
        }
        self.events.front().map(|event| event.at)
    }
}

/// All events of all flows, in order.
pub struct Merged<'c, 'w> {
    flows: &'c Flows<'w>,
    starts: std::iter::Peekable<std::vec::IntoIter<(u32, u64)>>,
    slice: u64,
    slices: u64,
    /// What begins only after the span that it belongs to.
    held: Vec<(u32, u64)>,
    /// When each open flow goes on, its key, and its room.
    open: BinaryHeap<Reverse<(Moment, u64, usize)>>,
    rooms: Vec<Room<'c>>,
    free: Vec<usize>,
}

impl<'c> Merged<'c, '_> {
    fn next_slice(&mut self) {
        while self.starts.peek().is_none() {
            let later = (self.slice + 1).saturating_sub(self.slices);
            let mut begun = match later {
                0 => self.flows.begin(self.slice, self.slices),
                later if later <= self.flows.later_spans() => self.flows.begin_later(later),
                _ => return,
            };
            if later > 0 {
                // Who was on the way at the end of a span arrives in the next.
                begun.append(&mut self.held);
                begun.sort_unstable();
                let end = (self.flows.end_of(later).0 / 1000) as u32;
                self.held = begun.split_off(begun.partition_point(|(at, _)| *at <= end));
            }
            self.starts = begun.into_iter().peekable();
            self.slice += 1;
        }
    }

    fn enter(&mut self, key: u64) {
        let mut room = self.flows.open(key);
        let Some(at) = room.next() else { return };
        let number = match self.free.pop() {
            Some(number) => {
                self.rooms[number] = room;
                number
            }
            None => {
                self.rooms.push(room);
                self.rooms.len() - 1
            }
        };
        self.open.push(Reverse((at, key, number)));
    }
}

impl<'c> Iterator for Merged<'c, '_> {
    type Item = StreamEvent<'c>;

    fn next(&mut self) -> Option<StreamEvent<'c>> {
        loop {
            if self.starts.peek().is_none() {
                self.next_slice();
            }
            let next = self.starts.peek().map(|(second, key)| (Moment(i64::from(*second) * 1000), *key));
            let first = self.open.peek().map(|Reverse((at, key, _))| (*at, *key));
            match (first, next) {
                (None, None) => return None,
                (first, Some(next)) if first.is_none_or(|first| next < first) => {
                    self.starts.next();
                    self.enter(next.1);
                }
                _ => {
                    let Reverse((_, key, number)) = self.open.pop()?;
                    let room = &mut self.rooms[number];
                    let event = room.events.pop_front();
                    match room.next() {
                        Some(at) => self.open.push(Reverse((at, key, number))),
                        None => self.free.push(number),
                    }
                    if event.is_some() {
                        return event;
                    }
                }
            }
        }
    }
}
