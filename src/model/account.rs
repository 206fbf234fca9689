//! `accounts`: what a customer keeps at the bank.

use super::{Cents, DATA_SOURCES, Id, MONEY, MONEY_MAX, words};
use crate::schema::Value::{Date, Null, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountType {
    Checking,
    Savings,
    CreditCard,
}

impl AccountType {
    pub const NAMES: [&str; 3] = ["checking", "savings", "credit_card"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

#[derive(Clone, Debug)]
pub struct Account {
    pub bank_id: &'static str,
    pub account_id: Id,
    /// `None` where an outside bank does not say whose it is.
    pub customer_id: Option<Id>,
    pub account_label: &'static str,
    pub account_type: AccountType,
    /// ISO 4217.
    pub currency: &'static str,
    pub opened_on: Day,
    /// Before the first of the account's transactions in the table; what is owed on a card is below zero.
    pub opening_balance: Cents,
    /// One of [`DATA_SOURCES`].
    pub data_source: &'static str,
    pub extracted_at: Option<Moment>,
}

impl Row for Account {
    const TABLE: &'static Table<Self> = &Table {
        name: "accounts",
        about: "Accounts and what stood on them before the first transaction in the table.",
        columns: &[
            Column::new("bank_id", words(255), |a: &Self| Text(a.bank_id))
                .primary()
                .references("banks", "bank_id")
                .about("The bank.")
                .origin("The house of the region in which the customer lives."),
            Column::new("account_id", words(255), |a: &Self| a.account_id.value())
                .primary()
                .about("Key within the bank; of accounts that are seeded, within all banks.")
                .origin("A UUID of the customer's number, the account's, and a tag of seed and scenario."),
            Column::new("customer_id", Kind::Id, |a: &Self| a.customer_id.map_or(Null, Id::value))
                .references("customers", "customer_id")
                .nullable()
                .about("Whose it is; NULL where an outside bank does not say.")
                .origin("The customer."),
            Column::new("account_label", words(100), |a: &Self| Text(a.account_label))
                .about("What its owner calls it.")
                .origin("Goes with the type."),
            Column::new("account_type", words(50), |a: &Self| Text(a.account_type.name()))
                .one_of(&AccountType::NAMES)
                .about("What it is for.")
                .origin(
                    "One checking account a customer, savings by means and creditworthiness, and a credit card account \
                     for each card that the bank has granted.",
                ),
            Column::new("currency", words(3), |a: &Self| Text(a.currency))
                .about("Of all its money (ISO 4217).")
                .origin("USD."),
            Column::new("opened_on", Kind::Date, |a: &Self| Date(a.opened_on))
                .about("When it was opened.")
                .origin("Checking and savings with the customer's joining, cards with their funding."),
            Column::new("opening_balance", MONEY, |a: &Self| a.opening_balance.value())
                .range(-MONEY_MAX, MONEY_MAX)
                .unit("USD")
                .about("Before its first transaction in this table; below zero is owed.")
                .origin(
                    "Carried forward month by month over the whole window from pay, spending, loans and transfers; \
                     what is written of the transactions only decides where it is read off.",
                ),
            Column::new("data_source", words(20), |a: &Self| Text(a.data_source))
                .one_of(&DATA_SOURCES)
                .about("Whether it was made here or read from a bank's interface.")
                .origin("SYNTHETIC in every row that is seeded."),
            Column::new("extracted_at", Kind::Timestamp, |a: &Self| a.extracted_at.map_or(Null, Timestamp))
                .nullable()
                .about("When it was read from outside; NULL for what was made here.")
                .origin("NULL in every row that is seeded."),
        ],
        unique: &[],
        foreign: &[],
    };
}
