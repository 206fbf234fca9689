//! Event streams: savings circles, transactions, sessions and remittances of the people of this seed.
//!
//! A stream is made of flows: one circle, one transfer, one session, one remittance. Each is a pure function of the world, the
//! stream and the flow's number. It tells its events in order; [`merge`] brings the flows together in order of time.

mod circle;
pub mod envelope;
mod exchange;
mod ledger;
pub mod merge;
pub mod neighbourhood;
mod people;
mod remittance;
#[cfg(test)]
mod schemas;
mod session;
mod transaction;

use super::seed::Stream;
use super::world::World;
use crate::model::payload::Payload;
use crate::model::{Id, Pattern, Space};
use crate::schema::Moment;

pub use circle::GROUP;
pub(super) use exchange::Rates;
pub use ledger::{Cause, Moved};
pub use merge::{Flows, Merged};
pub(super) use neighbourhood::Neighbourhoods;
pub(super) use remittance::season_weights;

/// The four streams, in the order in which events of the same second are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StreamKind {
    Circle,
    Transaction,
    Session,
    Remittance,
}

impl StreamKind {
    pub const ALL: [StreamKind; 4] =
        [StreamKind::Circle, StreamKind::Transaction, StreamKind::Session, StreamKind::Remittance];

    pub const fn name(self) -> &'static str {
        match self {
            StreamKind::Circle => "circle",
            StreamKind::Transaction => "transaction",
            StreamKind::Session => "session",
            StreamKind::Remittance => "remittance",
        }
    }

    /// Its part of a topic's name.
    pub const fn topic(self) -> &'static str {
        match self {
            StreamKind::Session => "user",
            other => other.name(),
        }
    }

    const fn space(self) -> Space {
        match self {
            StreamKind::Circle => Space::CircleEvent,
            StreamKind::Transaction => Space::TransactionEvent,
            StreamKind::Session => Space::SessionEvent,
            StreamKind::Remittance => Space::RemittanceEvent,
        }
    }
}

/// An event of a stream.
#[derive(Clone, Debug)]
pub struct StreamEvent<'w> {
    pub at: Moment,
    pub stream: StreamKind,
    pub id: Id,
    pub name: Name<'w>,
    /// Shared by all events of one flow.
    pub correlation: Id,
    /// Whom it concerns; nobody in particular for exchange rates.
    pub customer: Option<Id>,
    /// The circle whose flow it is part of, its payments included.
    pub circle: Option<Id>,
    pub payload: Payload<'w>,
    /// What it is part of, each with its case.
    pub labels: Vec<(Pattern, Id)>,
}

/// The type of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'w> {
    Known(&'static str),
    /// `transaction-` and a state that the settings add.
    TransactionState(&'w str),
}

/// The streams of chance that flows draw from.
pub struct Chances {
    flows: [Stream; 4],
    /// How people use the service: devices, hours, places.
    people: Stream,
    /// Where they are in a week.
    trips: Stream,
    pub(super) rates: Stream,
    /// Keys the permutation that hides which flow an id is of.
    numbers: Stream,
}

impl Chances {
    pub(super) fn new(seed: super::seed::Seed) -> Chances {
        Chances {
            flows: StreamKind::ALL.map(|kind| seed.stream(&format!("{} flows", kind.name()))),
            people: seed.stream("stream people"),
            trips: seed.stream("trips"),
            rates: seed.stream("exchange rates"),
            numbers: seed.stream("stream numbers"),
        }
    }
}

/// Events that one flow has told, before they are in order, and the ids it has given out.
struct Teller<'w> {
    world: &'w World,
    stream: StreamKind,
    flow: u64,
    ids: u64,
    circle: Option<Id>,
    events: Vec<StreamEvent<'w>>,
}

/// Bits of a number that count the ids of one flow; what is left counts flows.
const ITEM_BITS: u32 = 12;

impl<'w> Teller<'w> {
    fn new(world: &'w World, stream: StreamKind, flow: u64) -> Teller<'w> {
        Teller { world, stream, flow, ids: 0, circle: None, events: Vec::new() }
    }

    /// A new id for something of this customer's. It shows neither flow nor order, since those would tell what was laid in.
    fn id(&mut self, owner: Id) -> Id {
        debug_assert!(self.ids < 1 << ITEM_BITS, "a flow has no more ids");
        let number = self.flow << ITEM_BITS | self.ids;
        self.ids += 1;
        let hidden = self.world.chances.numbers.permute::<27>(number);
        self.world.ids.nth(self.stream.space(), owner.owner(), hidden)
    }

    fn tell(&mut self, at: Moment, name: &'static str, customer: Id, correlation: Id, payload: Payload<'w>) {
        self.tell_as(at, Name::Known(name), customer, correlation, payload);
    }

    fn tell_as(&mut self, at: Moment, name: Name<'w>, customer: Id, correlation: Id, payload: Payload<'w>) {
        let (id, stream, circle) = (self.id(customer), self.stream, self.circle);
        let (customer, labels) = (Some(customer), Vec::new());
        self.events.push(StreamEvent { at, stream, id, name, correlation, customer, circle, payload, labels });
    }

    /// Labels the events from number `from` on.
    fn label(&mut self, from: usize, label: Pattern, case: Id) {
        self.events[from..].iter_mut().for_each(|event| event.labels.push((label, case)));
    }

    /// What was told, in order of time and then of causes, up to the last day of the data.
    fn told(mut self) -> Vec<StreamEvent<'w>> {
        let end = last_second(self.world);
        self.events.retain(|event| event.at <= end);
        self.events.sort_by_key(|event| event.at);
        self.events
    }
}

/// Bits of a flow's number that count the flows of one span of time; those above count the spans that follow `as_of`.
const SPAN_BITS: u32 = 32;
/// How long a stream can be followed beyond `as_of`.
pub const DAYS_BEYOND: i32 = 3_660;

/// The last second of the data, or of what can be followed.
fn last_second(world: &World) -> Moment {
    let beyond = if world.goes_on { DAYS_BEYOND } else { 0 };
    world.calendar.as_of.plus(beyond).at(86_399)
}
