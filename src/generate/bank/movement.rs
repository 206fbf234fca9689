//! A movement of money on one of a customer's accounts, before it has a balance.

use std::borrow::Cow;

use crate::generate::population::Person;
use crate::generate::world::World;
use crate::model::{Category, Cents, EntityType, Id, Space, TransactionType};
use crate::schema::Moment;

/// Numbers of a customer's accounts; cards follow from [`CARD`] on.
pub const CHECKING: u8 = 0;
pub const SAVINGS: u8 = 1;
pub const CARD: u8 = 2;

#[derive(Clone, Debug)]
pub struct Movement {
    pub at: Moment,
    pub account: u8,
    pub kind: TransactionType,
    pub category: Category,
    pub mcc: Option<&'static str>,
    pub entity: EntityType,
    pub payee: Cow<'static, str>,
    pub description: Cow<'static, str>,
    pub city: &'static str,
    pub country: &'static str,
    pub amount: Cents,
    pub recurring: bool,
    pub counterparty: Option<Id>,
    pub bond: Bond,
    /// The id under which a stream tells of it; else it has one of its own.
    pub told_as: Option<Id>,
}

/// What a movement is tied to while a month is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// Nothing; it could be declined.
    Free,
    /// It takes place whatever is on the account.
    Firm,
    /// One leg of a transfer between the customer's accounts; both have this number.
    Own(u16),
    /// A leg of a transfer between two customers: the other one has the same time.
    Link,
}

impl Movement {
    /// A movement on the customer's everyday account, at home; who is on the other side is still to be said.
    pub fn new(at: Moment, kind: TransactionType, category: Category, amount: Cents, home: &'static str) -> Movement {
        Movement {
            at,
            account: CHECKING,
            kind,
            category,
            mcc: None,
            entity: EntityType::Merchant,
            payee: Cow::Borrowed(""),
            description: Cow::Borrowed(""),
            city: home,
            country: "US",
            amount,
            recurring: false,
            counterparty: None,
            bond: Bond::Firm,
            told_as: None,
        }
    }

    /// The same with this party on the other side, and what a statement says of it.
    pub fn with(
        self,
        entity: EntityType,
        payee: impl Into<Cow<'static, str>>,
        description: impl Into<Cow<'static, str>>,
    ) -> Movement {
        Movement { entity, payee: payee.into(), description: description.into(), ..self }
    }

    pub fn id(&self, world: &World, person: &Person) -> Id {
        self.told_as.unwrap_or_else(|| transaction_id(world, person.index, self.at, self.account))
    }
}

/// The id of a customer's transaction at this time on this account. Beside the time it holds a keyed hash of it, so that
/// it tells nothing of when or why the row was made.
pub fn transaction_id(world: &World, index: u64, at: Moment, account: u8) -> Id {
    // SplitMix64's finaliser (Steele, Lea, Flood 2014).
    let mut mixed = world.streams.movements.key_bits() ^ (at.0 as u64) ^ index.rotate_left(40);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    // Five bits for the account: at one moment a second account moves only where money goes between a card and another
    // account, so the cards of somebody with more than thirty need not be told apart.
    let tie = (mixed >> 57) << 5 | u64::from(account.min(31));
    world.ids.timed(Space::Transaction, index, at, tie)
}

/// The number of the account of a customer's card.
pub fn card_account(card: usize) -> u8 {
    CARD + card as u8
}

pub fn account_id(world: &World, index: u64, account: u8) -> Id {
    world.ids.nth(Space::Account, index, account.into())
}

/// Puts movements into order of time and no two on the same moment; legs of one transfer stay together.
///
/// Links keep their time, which is the partner's too; their milliseconds end in digits that nothing else has.
pub fn in_order(movements: &mut [Movement]) {
    let pair = |bond: Bond| if let Bond::Own(number) = bond { number + 1 } else { 0 };
    movements.sort_by_key(|movement| (movement.at, pair(movement.bond), movement.account));
    let mut last = Moment(i64::MIN);
    let mut last_pair = 0;
    let mut moved = false;
    for movement in movements.iter_mut().filter(|movement| movement.bond != Bond::Link) {
        let own = pair(movement.bond);
        if own > 0 && own == last_pair {
            movement.at = last;
            continue;
        }
        if movement.at <= last {
            movement.at = next_free(last);
            moved = true;
        }
        (last, last_pair) = (movement.at, own);
    }
    if moved {
        movements.sort_by_key(|movement| (movement.at, movement.account));
    }
}

/// The next millisecond that no link can have.
pub fn next_free(after: Moment) -> Moment {
    let mut at = after.0 + 1;
    while matches!(at.rem_euclid(10), 3 | 7) {
        at += 1;
    }
    Moment(at)
}
