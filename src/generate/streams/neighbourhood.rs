//! A block of customers and the flows among them, as tables and accounts see them.
//!
//! Flows belong to blocks of consecutive customers, so many to each block whoever of it lives in a run. A flow is written with
//! the life of its last member: then everybody in it is there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::circle::Circle;
use super::ledger::{Moved, moved};
use super::people::{Met, People, strangers};
use super::{StreamEvent, StreamKind, envelope, last_second, remittance, session, transaction};
use crate::generate::world::World;
use crate::model::{Event, EventLabel, Id, Space};
use crate::scenario::Scenario;

/// What the streams tell with a life, and what moves on its account.
#[derive(Default)]
pub struct Told {
    pub events: Vec<Event>,
    pub labels: Vec<EventLabel>,
    /// In order of time.
    pub moved: Vec<Moved>,
}

/// A block of customers, and whose flows are whose.
pub struct Neighbourhood {
    block: u64,
    met: Met,
    /// The flows of single customers, by customer, stream and number.
    flows: Vec<(u64, StreamKind, u64)>,
    circles: Vec<Membership>,
}

/// A circle, without its events.
struct Membership {
    flow: u64,
    /// Indices of its members, in order.
    members: Vec<u64>,
    moved: Vec<Moved>,
}

/// Neighbourhoods that were needed last. Which those are changes no byte, only how often they are looked into.
#[derive(Default)]
pub struct Neighbourhoods(Mutex<VecDeque<(u64, Slot)>>);

type Slot = Arc<OnceLock<Neighbourhood>>;

/// How many are remembered.
const KEPT: usize = 8;

impl Neighbourhoods {
    fn slot(&self, block: u64) -> Slot {
        // Whoever panicked while holding the lock left a list as good as any.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = kept.iter().find(|(number, _)| *number == block) {
            return Arc::clone(slot);
        }
        if kept.len() == KEPT {
            kept.pop_front();
        }
        let slot = Slot::default();
        kept.push_back((block, Arc::clone(&slot)));
        slot
    }
}

/// Flows of each stream in a block, in the order of [`StreamKind::ALL`]; none where nobody has any.
pub fn counts(scenario: &Scenario) -> [u64; 4] {
    let block = scenario.streams.block();
    scenario.flows_per_thousand.map(|flows| (u64::from(flows) * block + 500) / 1000)
}

/// What the streams tell with the life of this customer.
pub fn told(world: &World, index: u64) -> Told {
    look(world, index, |here| {
        let mut told = here.alone(world, index);
        let last = |circle: &&Membership| circle.members.last() == Some(&index);
        here.circles.iter().filter(last).for_each(|circle| here.tell(world, circle, None, &mut told));
        told
    })
}

/// The same, but of circles what concerns this customer, whoever else is in them.
pub fn told_of(world: &World, index: u64) -> Told {
    let id = world.ids.nth(Space::Customer, index, 0);
    look(world, index, |here| {
        let mut told = here.alone(world, index);
        let with = |circle: &&Membership| circle.members.contains(&index);
        here.circles.iter().filter(with).for_each(|circle| here.tell(world, circle, Some(id), &mut told));
        told
    })
}

/// The exchange rates that are published, where anybody sends money at all.
pub fn rates(world: &World) -> Vec<Event> {
    if counts(&world.scenario)[StreamKind::Remittance as usize] == 0 || world.scenario.streams.num_senders == 0 {
        return Vec::new();
    }
    let end = last_second(world);
    let published = (0..world.rates.count()).map(|number| world.rates.tell(world, number));
    published.filter(|event| event.at <= end).map(|event| (&event).into()).collect()
}

fn look(world: &World, index: u64, see: impl FnOnce(&Neighbourhood) -> Told) -> Told {
    if counts(&world.scenario) == [0; 4] {
        return Told::default();
    }
    let block = index / world.scenario.streams.block();
    see(world.neighbourhoods.slot(block).get_or_init(|| Neighbourhood::new(world, block)))
}

impl Neighbourhood {
    fn new(world: &World, block: u64) -> Neighbourhood {
        let met = strangers(world.scenario.streams.block());
        let mut here = Neighbourhood { block, met, flows: Vec::new(), circles: Vec::new() };
        for (stream, count) in StreamKind::ALL.into_iter().zip(counts(&world.scenario)) {
            let people = here.people(world, stream);
            for flow in 0..count {
                if stream == StreamKind::Circle {
                    here.circles.extend(membership(&people, flow));
                } else {
                    let days = world.scenario.streams.time_span_days;
                    let who = people.any(&mut people.draw(stream, flow), people.span(flow, days));
                    here.flows.extend(who.map(|who| (who.index, stream, flow)));
                }
            }
        }
        here.flows.sort_unstable();
        here
    }

    fn people<'w>(&self, world: &'w World, stream: StreamKind) -> People<'w> {
        let settings = &world.scenario.streams;
        let count = if stream == StreamKind::Remittance { settings.num_senders } else { settings.num_users };
        People::new(world, self.block, count.into(), &self.met)
    }

    /// What a customer does alone, and what moves on their account.
    fn alone(&self, world: &World, index: u64) -> Told {
        let mut told = Told::default();
        let from = self.flows.partition_point(|(who, ..)| *who < index);
        for (_, stream, flow) in self.flows[from..].iter().take_while(|(who, ..)| *who == index) {
            let people = self.people(world, *stream);
            let events = match stream {
                StreamKind::Circle => Vec::new(),
                StreamKind::Transaction => transaction::tell(&people, *flow),
                StreamKind::Session => session::tell(&people, *flow),
                StreamKind::Remittance => remittance::tell(&people, *flow),
            };
            told.moved.extend(moved(&events, &people.settings.processing_stages));
            events.iter().for_each(|event| told.write(event));
        }
        let in_circles = self.circles.iter().flat_map(|circle| &circle.moved);
        told.moved.extend(in_circles.filter(|moved| moved.customer == index).cloned());
        told.moved.sort_by_key(|moved| (moved.at, moved.id));
        told
    }

    fn tell(&self, world: &World, circle: &Membership, of: Option<Id>, told: &mut Told) {
        let people = self.people(world, StreamKind::Circle);
        let concerns = |event: &&StreamEvent<'_>| of.is_none() || event.customer == of;
        events_of(&people, circle.flow).iter().filter(concerns).for_each(|event| told.write(event));
    }
}

/// A circle from its beginning to its end.
fn events_of<'p>(people: &'p People<'p>, flow: u64) -> Vec<StreamEvent<'p>> {
    let mut events = VecDeque::new();
    if let Some(mut circle) = Circle::found(people, flow, &mut events) {
        while circle.advance(&mut events) {}
    }
    events.into()
}

fn membership(people: &People<'_>, flow: u64) -> Option<Membership> {
    let events = events_of(people, flow);
    let mut members: Vec<u64> = events.iter().filter_map(|event| event.customer.map(Id::owner)).collect();
    members.sort_unstable();
    members.dedup();
    let moved = moved(&events, &[]);
    (!members.is_empty()).then_some(Membership { flow, members, moved })
}

impl Told {
    fn write(&mut self, event: &StreamEvent<'_>) {
        self.events.push(event.into());
        self.labels.extend(event.label_rows());
    }
}

impl StreamEvent<'_> {
    /// Its rows of `event_labels`.
    pub fn label_rows(&self) -> impl Iterator<Item = EventLabel> {
        self.labels.iter().map(|&(label, case_id)| EventLabel { event_id: self.id, label, case_id })
    }
}

impl From<&StreamEvent<'_>> for Event {
    fn from(event: &StreamEvent<'_>) -> Event {
        Event {
            event_id: event.id,
            event_type: event.name.into(),
            event_version: envelope::VERSION,
            occurred_at: event.at,
            source_service: event.source_service(),
            correlation_id: event.correlation,
            customer_id: event.customer,
            payload: serde_json::to_string(&event.payload).expect("plain structs of text and numbers always serialise"),
        }
    }
}
