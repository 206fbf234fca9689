//! Primary keys: UUIDs (version 8, RFC 9562) that say whose row they are and sort in the order of insertion.
//!
//! ```text
//! oooooooo-oosp-8sss-vsss-sssssssttttt      (hex digits; v is 8..b)
//! owner 40 bits | space 8 bits | version 8 | sequence 54 bits (two variant bits in between) | tag 20 bits
//! ```
//!
//! The owner (a customer's index) comes first, then the table, then the sequence, so that a B-tree only ever grows at
//! its end. For events and transactions the sequence is the time in milliseconds and a tie-break, so that a row laid in
//! later changes no other id. The tag is a short hash of seed and scenario: an id from another world is recognised.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::schema::{Moment, Value};

/// Which table's rows an id belongs to. The numbers are part of every id: never change one, never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Space {
    Customer = 1,
    CreditHistory = 2,
    FinancialRecord = 3,
    LoanApplication = 4,
    Loan = 5,
    LoanPayment = 6,
    Event = 7,
    Account = 8,
    Transaction = 9,
    /// Events of the streams, by stream, and what they tell of (circles, transactions, sessions, cases ...).
    CircleEvent = 10,
    TransactionEvent = 11,
    SessionEvent = 12,
    RemittanceEvent = 13,
    /// Rows of the world, not of a customer; the owner is the number of the series.
    MarketData = 128,
}

impl Space {
    const ALL: [Space; 14] = [
        Space::Customer,
        Space::CreditHistory,
        Space::FinancialRecord,
        Space::LoanApplication,
        Space::Loan,
        Space::LoanPayment,
        Space::Event,
        Space::Account,
        Space::Transaction,
        Space::CircleEvent,
        Space::TransactionEvent,
        Space::SessionEvent,
        Space::RemittanceEvent,
        Space::MarketData,
    ];

    /// The table whose primary key these ids are.
    pub const fn table(self) -> &'static str {
        match self {
            Space::Customer => "customers",
            Space::CreditHistory => "credit_history",
            Space::FinancialRecord => "financial_records",
            Space::LoanApplication => "loan_applications",
            Space::Loan => "loans",
            Space::LoanPayment => "loan_payments",
            Space::Event
            | Space::CircleEvent
            | Space::TransactionEvent
            | Space::SessionEvent
            | Space::RemittanceEvent => "events",
            Space::Account => "accounts",
            Space::Transaction => "transactions",
            Space::MarketData => "market_data",
        }
    }
}

const OWNER_BITS: u32 = 40;
const TAG_BITS: u32 = 20;
const TIE_BITS: u32 = 12;
/// Customers have indices below this.
pub const OWNER_LIMIT: u64 = 1 << OWNER_BITS;
/// Tie-breaks of rows of one owner in the same millisecond are below this.
pub const TIE_LIMIT: u64 = 1 << TIE_BITS;

/// A primary key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(Uuid);

impl Id {
    pub const fn value<'a>(self) -> Value<'a> {
        Value::Id(self.0)
    }

    /// The customer's index, or the number of the series for market data.
    pub fn owner(self) -> u64 {
        (self.0.as_u128() >> (128 - OWNER_BITS)) as u64
    }

    /// The table, or `None` for an id that no table of ours has.
    pub fn space(self) -> Option<Space> {
        let number = (self.0.as_u128() >> 80) as u8;
        Space::ALL.into_iter().find(|space| *space as u8 == number)
    }

    /// The number of the row among its owner's, or its time and tie-break.
    pub fn sequence(self) -> u64 {
        let bits = self.0.as_u128();
        let (middle, low) = (bits >> 64 & 0xFFF, bits & ((1 << 62) - 1));
        ((middle << 62 | low) >> TAG_BITS) as u64
    }

    /// The short hash of seed and scenario.
    pub fn tag(self) -> u32 {
        self.0.as_u128() as u32 & ((1 << TAG_BITS) - 1)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }
}

impl FromStr for Id {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let not_ours = |why: &str| Err(format!("{text:?} is not an id of ours: {why}"));
        let Ok(uuid) = Uuid::try_parse(text) else {
            return not_ours("an id is a UUID of 36 characters, as in the column customers.customer_id");
        };
        let id = Id(uuid);
        if uuid.get_version_num() != 8 || (uuid.as_u128() >> 62) & 0b11 != 0b10 {
            return not_ours("ours are UUIDs of version 8");
        }
        if id.space().is_none() {
            return not_ours("it names no table that this program knows");
        }
        Ok(id)
    }
}

/// Makes the ids of one world.
#[derive(Clone, Copy, Debug)]
pub struct Ids {
    tag: u32,
}

impl Ids {
    /// `digest`: any number that stands for seed and scenario; its low 20 bits become the tag.
    pub const fn new(digest: u32) -> Ids {
        Ids { tag: digest & ((1 << TAG_BITS) - 1) }
    }

    pub const fn tag(self) -> u32 {
        self.tag
    }

    /// The id of row `sequence` (below 2^54) of `owner` in a table.
    pub const fn nth(self, space: Space, owner: u64, sequence: u64) -> Id {
        let field = ((sequence as u128) << TAG_BITS) | self.tag as u128;
        let owner = (owner as u128) << (128 - OWNER_BITS);
        let low = field & ((1 << 62) - 1);
        let middle = (field >> 62) & 0xFFF;
        Id(Uuid::from_u128(owner | ((space as u128) << 80) | (8 << 76) | (middle << 64) | (0b10 << 62) | low))
    }

    /// The id of a row that is ordered by its time; `tie` (below [`TIE_LIMIT`]) tells rows of the same millisecond apart.
    pub const fn timed(self, space: Space, owner: u64, at: Moment, tie: u64) -> Id {
        // Times before 1970 do not occur: the scenario's calendar begins after 1930 only for birth dates.
        let ms = if at.0 > 0 { at.0 as u64 } else { 0 };
        self.nth(space, owner, (ms << TIE_BITS) | (tie & (TIE_LIMIT - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_tells_what_it_was_made_of(owner in 0..OWNER_LIMIT, sequence in 0..1u64 << 54, digest: u32) {
            let ids = Ids::new(digest);
            let id = ids.nth(Space::LoanPayment, owner, sequence);
            prop_assert_eq!(id.owner(), owner);
            prop_assert_eq!(id.space(), Some(Space::LoanPayment));
            prop_assert_eq!(id.sequence(), sequence);
            prop_assert_eq!(id.tag(), ids.tag());
            prop_assert_eq!(id.to_string().parse::<Id>(), Ok(id));
        }

        #[test]
        fn text_sorts_as_owner_space_sequence(a in (0..OWNER_LIMIT, 0..1u64 << 54), b in (0..OWNER_LIMIT, 0..1u64 << 54)) {
            let ids = Ids::new(7);
            let text = |(owner, sequence)| ids.nth(Space::Event, owner, sequence).to_string();
            prop_assert_eq!(text(a).cmp(&text(b)), a.cmp(&b));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<Id>();
        }
    }

    #[test]
    fn strangers_are_told_so() {
        for text in ["", "17", "550e8400-e29b-41d4-a716-446655440000", "00000000-0001-8000-0000-000000000000"] {
            let error = text.parse::<Id>().unwrap_err();
            assert!(error.contains("not an id of ours"), "{error}");
        }
    }
}
