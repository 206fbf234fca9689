//! How people use the service: their devices, hours and places, and where they are at any time.
//!
//! All of it is a pure function of seed and person, so two flows of one person agree without knowing each other.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::{SPAN_BITS, StreamKind};
use crate::generate::draw::{Draw, Weights};
use crate::generate::population::{self, NUMBERS};
use crate::generate::reference::{City, Reference};
use crate::generate::world::World;
use crate::model::Id;
use crate::model::payload::{Degrees, Device, Geo, Instrument, Ip, Reference as Code};
use crate::scenario::Streams;
use crate::scenario::streams::WeightsByName;
use crate::schema::{Day, Moment};

/// Airliners and the way to and from them: km an hour, and hours on top. Nobody honest moves faster.
const TRAVEL_SPEED: f64 = 700.0;
const TRAVEL_EXTRA: f64 = 3.0;

/// Somebody as the streams know them.
pub struct Resident {
    pub index: u64,
    pub id: Id,
    /// From when they are a customer.
    since: Moment,
    /// The hour at which their day begins, and how many hours it has; at the others they never log in.
    wakes: u32,
    hours: u32,
    /// Where they regularly are, home first.
    places: Vec<&'static City>,
    /// Their devices and the type of each, the one they use most first.
    devices: Vec<(Device, usize)>,
    /// A number of theirs, for whatever they have for good.
    pub key: u64,
}

/// Days on which flows begin.
#[derive(Clone, Copy)]
pub struct Span {
    pub last: Day,
    pub days: u32,
}

/// Places for people who are met when they are first needed.
pub type Met = Arc<[OnceLock<Resident>]>;

/// Places for so many people.
pub fn strangers(count: u64) -> Met {
    (0..count).map(|_| OnceLock::new()).collect()
}

/// The people of one block of customers who take part in a stream.
pub struct People<'w> {
    pub world: &'w World,
    pub settings: &'w Streams,
    block: u64,
    /// The index of the first of them.
    first: u64,
    count: u64,
    met: Met,
}

impl<'w> People<'w> {
    /// The first `count` of a block of customers.
    pub fn new(world: &'w World, block: u64, count: u64, met: &Met) -> People<'w> {
        let first = block * met.len() as u64;
        let count = count.min(NUMBERS.saturating_sub(first));
        People { world, settings: &world.scenario.streams, block, first, count, met: Arc::clone(met) }
    }

    /// The customer with this index.
    pub fn get(&self, index: u64) -> &Resident {
        let place = &self.met[(index - self.first) as usize];
        place.get_or_init(|| Resident::new(self.world, self.settings, index))
    }

    /// One of them, if there are any: who came in the middle of a span begins as little in it as they have days there.
    pub fn any(&self, draw: &mut Draw, span: Span) -> Option<&Resident> {
        if self.count == 0 {
            return None;
        }
        for _ in 0..100 {
            let who = self.get(self.first + draw.below(self.count));
            let days = span.last.since(who.since.day()).clamp(0, span.days as i32);
            if days == span.days as i32 || draw.chance(f64::from(days) / f64::from(span.days)) {
                return Some(who);
            }
        }
        // Nearly all have just come; who came on the last day does nothing yet.
        let who = self.get(self.first + draw.below(self.count));
        (who.since.day() < span.last).then_some(who)
    }

    /// Those who could know somebody: so many consecutive customers, of these people.
    pub fn around(&self, index: u64, group: u64) -> Range<u64> {
        let from = index - (index - self.first) % group;
        from..(from + group).min(self.first + self.count)
    }

    /// When a flow begins that does so within the last `days` days; of those that come after `as_of`, a span later.
    pub fn span(&self, flow: u64, days: u32) -> Span {
        let (as_of, later) = (self.world.calendar.as_of, (flow >> SPAN_BITS) as i32);
        if later == 0 {
            return Span { last: as_of, days };
        }
        let days = self.settings.time_span_days;
        Span { last: as_of.plus(later * days as i32), days }
    }

    /// What a flow of theirs draws from.
    pub fn draw(&self, stream: StreamKind, flow: u64) -> Draw {
        // SplitMix64's finaliser (Steele, Lea, Flood 2014), which leaves 0 alone, keeps blocks apart however many there are.
        let mut mixed = self.block;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        self.world.chances.flows[stream as usize].at((mixed ^ (mixed >> 31)) ^ flow)
    }
}

impl Resident {
    fn new(world: &World, settings: &Streams, index: u64) -> Resident {
        let (person, customer) = population::person(world, index);
        let draw = &mut world.chances.people.at(index);
        let reference = Reference::get();
        let lives_in = |city: &&City| (city.name, city.state) == (customer.city, customer.state);
        let home = reference.cities.iter().find(lives_in).unwrap_or(&reference.cities[0]);
        // One in twenty works at night: our assumption.
        let night = draw.chance(0.05);
        let (wakes, hours) = if night { (15, 13) } else { (6 + draw.below(3) as u32, 15 + draw.below(2) as u32) };
        let mut places = vec![home];
        let others = settings.location_diversity.saturating_sub(1);
        // Family and work are where many people are: places are drawn as homes are.
        places.extend((0..others).map(|_| &reference.cities[draw.index(world.residents.cities())]));
        let weights: Vec<f64> = settings.device_weights.values().copied().collect();
        let device = |_| (Device(draw.below(u64::MAX)), draw.weighted(&weights));
        let devices = (0..settings.device_diversity).map(device).collect();
        let key = draw.below(u64::MAX);
        Resident { index, id: person.id, since: customer.created_at, wakes, hours, places, devices, key }
    }

    /// Whether they are a customer at that time.
    pub fn is_there(&self, at: Moment) -> bool {
        self.since < at
    }

    /// A second of a span on which they are a customer and awake; days by weight, if there are any. They have been one for a day
    /// of it at least, as [`People::any`] says.
    pub fn moment(&self, span: Span, by: Option<&Weights>, draw: &mut Draw) -> Moment {
        let Span { last, days } = span;
        let first = last.plus(1 - days as i32);
        let mut day = last;
        // Someone who came late has few days to choose from; a hundred tries find the last hundredth.
        for _ in 0..100 {
            let number = match by {
                Some(by) => draw.index(by) as i32,
                None => draw.below(days.into()) as i32,
            };
            day = first.plus(number);
            if day > self.since.day() {
                break;
            }
        }
        if day <= self.since.day() {
            day = self.since.day().plus(1).min(last);
        }
        self.hour_of(day, draw)
    }

    /// A second of their day: more in its evening than in its morning.
    pub fn hour_of(&self, day: Day, draw: &mut Draw) -> Moment {
        let into = libm::sqrt(draw.uniform()) * 0.6 + draw.uniform() * 0.4;
        let second = self.wakes * 3600 + (into * f64::from(self.hours * 3600 - 60)) as u32;
        // Past midnight it is the same day's beginning, so that a day's events stay on it.
        day.at(second % 86_400)
    }

    /// A second of a day at an hour at which they never are awake.
    pub fn unusual_hour(&self, day: Day, draw: &mut Draw) -> Moment {
        let asleep = (24 - self.hours) * 3600;
        let second = (self.wakes + self.hours) * 3600 + draw.below(asleep.into()) as u32;
        day.at(second % 86_400)
    }

    /// Where they are at a time, or, while they travel, when and where they arrive.
    ///
    /// Weeks are lived one by one: in some of them somebody is away, from one day to another, and home again before it ends.
    pub fn whereabouts(&self, world: &World, at: Moment) -> (Moment, &'static City) {
        let home = self.places[0];
        let week = at.day().0.div_euclid(7);
        let draw = &mut world.chances.trips.at(self.index << 16 | (week & 0xFFFF) as u64);
        // A trip a month or so: our assumption.
        if self.places.len() < 2 || !draw.chance(0.22) {
            return (at, home);
        }
        let away = self.places[1 + draw.below(self.places.len() as u64 - 1) as usize];
        let begins = draw.below(4) as i32;
        let lasts = 1 + draw.below(2) as i32;
        // They leave and return in the middle of the day, so that they arrive awake.
        let monday = Day(week * 7);
        let travel = (distance(home, away) / TRAVEL_SPEED + TRAVEL_EXTRA) * 3_600_000.0;
        let leaves = Moment(monday.plus(begins).at(11 * 3600).0);
        let returns = Moment(monday.plus(begins + lasts).at(11 * 3600).0);
        let settled = |from: Moment| Moment((from.0 + travel as i64) / 1000 * 1000 + 1000);
        // Who is on the way when the data ends has not left yet, whether somebody follows them further or not.
        let end = world.calendar.as_of.at(86_399);
        let end = if at > end { super::last_second(world) } else { end };
        let on_the_way = |from, to, arrives: Moment| if arrives > end { (at, from) } else { (arrives, to) };
        match at {
            _ if at < leaves || at >= settled(returns) => (at, home),
            _ if at < settled(leaves) => on_the_way(home, away, settled(leaves)),
            _ if at < returns => (at, away),
            _ => on_the_way(away, home, settled(returns)),
        }
    }

    /// One of their devices, and which type it is of; mostly the first.
    pub fn device(&self, draw: &mut Draw) -> (Device, usize) {
        let number = if draw.chance(0.7) { 0 } else { draw.below(self.devices.len() as u64) as usize };
        self.devices[number]
    }

    /// Their address in a place.
    pub fn ip(&self, place: &City) -> Ip {
        let mut mixed = self.key ^ (place.latitude * 1e4) as i64 as u64 ^ ((place.longitude * 1e4) as i64 as u64) << 24;
        mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
        address(mixed ^ (mixed >> 29))
    }

    /// What they pay with, by the kind of instrument.
    pub fn instrument(&self, kind: &'static str) -> Instrument {
        let (prefix, turn) = match kind {
            "stripe" => ("cus_", 7),
            "bank" => ("ba_", 19),
            _ => ("bal_", 31),
        };
        let number = self.key.rotate_left(turn);
        Instrument { identifier: Code { prefix, digits: 14, number }, r#type: kind }
    }
}

/// An address of 10/8, or of 198.18/15 now and then.
pub fn address(number: u64) -> Ip {
    let [a, b, c, d, ..] = number.to_le_bytes();
    Ip(if d < 24 { Ipv4Addr::new(198, 18 + (a & 1), b, c) } else { Ipv4Addr::new(10, a, b, c) })
}

/// Somewhere in the city.
pub fn geo(city: &City, draw: &mut Draw) -> Geo {
    // Within about three kilometres of its middle, to a hundred metres.
    let mut near = |degrees: f64| Degrees((degrees * 1e3 + draw.between(-25.0, 25.0)).round() as i32);
    Geo {
        city: city.name,
        country: "US",
        latitude: near(city.latitude),
        longitude: near(city.longitude),
        state: Some(city.state),
    }
}

/// Cities abroad that strangers log in from.
const ABROAD: [(&str, &str, f64, f64); 10] = [
    ("London", "GB", 51.507, -0.128),
    ("Paris", "FR", 48.857, 2.352),
    ("Bucharest", "RO", 44.432, 26.104),
    ("Lagos", "NG", 6.454, 3.395),
    ("Accra", "GH", 5.556, -0.197),
    ("Manila", "PH", 14.599, 120.984),
    ("Sao Paulo", "BR", -23.55, -46.633),
    ("Bogota", "CO", 4.711, -74.072),
    ("Moscow", "RU", 55.756, 37.617),
    ("Jakarta", "ID", -6.208, 106.846),
];

/// Somewhere far from wherever in the United States somebody is: 2,000 km at least.
pub fn far_away(draw: &mut Draw) -> Geo {
    let (city, country, latitude, longitude) = ABROAD[draw.below(ABROAD.len() as u64) as usize];
    let mut near = |degrees: f64| Degrees((degrees * 1e3 + draw.between(-25.0, 25.0)).round() as i32);
    Geo { city, country, latitude: near(latitude), longitude: near(longitude), state: None }
}

/// Kilometres on the great circle, with 6,371 km for the Earth's radius.
fn distance(a: &City, b: &City) -> f64 {
    let (la, lb) = (a.latitude.to_radians(), b.latitude.to_radians());
    let (dla, dlo) = (libm::sin((lb - la) / 2.0), libm::sin((b.longitude - a.longitude).to_radians() / 2.0));
    2.0 * 6371.0 * libm::asin(libm::sqrt(dla * dla + libm::cos(la) * libm::cos(lb) * dlo * dlo).min(1.0))
}

/// A name by its weight.
pub fn name_by_weight<'w>(weights: &'w WeightsByName, draw: &mut Draw) -> &'w str {
    let mut left = draw.uniform() * weights.values().sum::<f64>();
    let mut last = "";
    for (name, weight) in weights.iter().filter(|(_, weight)| **weight > 0.0) {
        last = name;
        left -= weight;
        if left < 0.0 {
            break;
        }
    }
    last
}
