//! Links: what two customers send each other. Each side evaluates the same pure function and sees its own leg.

use super::habits::customer_name;
use super::movement::{Bond, Movement, account_id};
use crate::generate::draw::Weights;
use crate::generate::population::{Person, circumstances};
use crate::generate::world::World;
use crate::model::{Category, Cents, EntityType, TransactionType};
use crate::schema::{Day, Moment};

/// A customer knows those whose number differs in the last bit, or in the one before it, and each link's movements have
/// milliseconds that end in a digit of their own, so that nothing else meets them.
const NEIGHBOURS: [(u64, i64); 2] = [(1, 7), (2, 3)];

/// The other customers somebody sends money to and gets some from.
pub struct Link {
    partner: u64,
    name: String,
    /// From when both are customers.
    since: Day,
    digit: i64,
    /// Movements in an average month.
    rate: f64,
}

/// The links of a customer. Six in ten neighbours know each other: our assumption.
pub fn of(world: &World, person: &Person) -> Vec<Link> {
    let link = |(step, digit): (u64, i64)| {
        let partner = person.index ^ step;
        let draw = &mut world.streams.links.at(key(person.index, partner, 0));
        let rate = if draw.chance(0.6) { 1.1 * draw.exponential() } else { 0.0 };
        let (other, _) = circumstances(world, partner);
        let since = person.since.max(other.since);
        (rate > 0.0).then(|| Link { partner, name: customer_name(world, partner), since, digit, rate: rate.min(6.0) })
    };
    NEIGHBOURS.into_iter().filter_map(link).collect()
}

/// Both sides have the same key; `month` is counted from 1970, and 0 is for what does not depend on it.
fn key(one: u64, other: u64, month: u64) -> u64 {
    // An even number: `customer_name` has the odd ones.
    ((one.min(other) << 2 | (one ^ other)) << 12 | month) << 1
}

/// The customer's legs from `from` to `to`, days of one month.
pub fn movements(
    world: &World,
    person: &Person,
    home: &'static str,
    links: &[Link],
    days: &Weights,
    (from, to): (Day, Day),
    rows: &mut Vec<Movement>,
) {
    let first = from.month().first();
    for link in links.iter().filter(|link| link.since < to) {
        let draw = &mut world.streams.links.at(key(person.index, link.partner, first.month().0 as u64));
        let mut taken = 0u32;
        for _ in 0..draw.poisson(link.rate) {
            let day = first.plus(draw.index(days) as i32);
            let second = (8.0 * 3600.0 + 14.0 * 3600.0 * draw.uniform()) as u32;
            let ms = 10 * draw.below(100) as i64 + link.digit;
            let dollars = draw.log_normal(26.0, 0.75).clamp(2.0, 400.0);
            let step = if draw.chance(0.5) { 5.0 } else { 1.0 };
            let amount = Cents::from_dollars(((dollars / step).round() * step).max(step));
            let lower_pays = draw.chance(0.5);
            // One a day, so that no two meet on the same moment.
            let bit = 1 << day.since(first);
            if day <= link.since || day < from || day > to || taken & bit != 0 {
                continue;
            }
            taken |= bit;
            let pays = lower_pays == (person.index < link.partner);
            let text = if pays { "Sent to a friend" } else { "Received from a friend" };
            rows.push(Movement {
                counterparty: Some(account_id(world, link.partner, super::movement::CHECKING)),
                bond: Bond::Link,
                ..Movement::new(
                    Moment(day.at(second).0 + ms),
                    TransactionType::PersonToPerson,
                    Category::Family,
                    if pays { -amount } else { amount },
                    home,
                )
                .with(EntityType::Person, link.name.clone(), text)
            });
        }
    }
}
