//! Rows made by hand, for the tests of this room.

use std::borrow::Cow;

use crate::model::ids::Ids;
use crate::model::{Category, Cents, EntityType, Id, Label, Space, Transaction, TransactionLabel, TransactionType};
use crate::schema::Moment;

/// 2025-11-15 12:00:00, a Saturday.
pub const NOON: Moment = Moment(1_763_208_000_000);

pub fn id(number: u64) -> Id {
    Ids::new(7).nth(Space::Transaction, 0, number)
}

/// A purchase by card; above zero it is money coming in.
pub fn transaction(number: u64, at: Moment, cents: i64) -> Transaction {
    Transaction {
        transaction_id: id(number),
        bank_id: "west",
        account_id: Ids::new(7).nth(Space::Account, 0, 0),
        booked_at: at,
        transaction_type: TransactionType::CardPurchase,
        category: Category::Retail,
        mcc: Some("5999"),
        entity_type: EntityType::Merchant,
        recipient_entity: Cow::Borrowed("Corner, Shop"),
        description: Cow::Borrowed("Card purchase"),
        city: "Boise",
        country: "US",
        amount: Cents(cents),
        currency: "USD",
        balance_after: Cents(100_000 + cents),
        is_recurring: false,
        counterparty_account_id: None,
        data_source: "SYNTHETIC",
    }
}

pub fn label(number: u64, label: Label) -> TransactionLabel {
    TransactionLabel {
        transaction_id: id(number),
        label,
        case_id: id(number),
        role: "repeated",
        known_at: NOON,
        original_recipient_entity: None,
    }
}
