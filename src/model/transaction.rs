//! `transactions`: every movement on an account.

use std::borrow::Cow;

use super::{Cents, DATA_SOURCES, Id, MONEY, MONEY_MAX, decimal, words};
use crate::schema::Value::{Bool, Null, Text, Timestamp};
use crate::schema::{Column, ForeignKey, Kind, Moment, Row, Table};

/// How money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionType {
    CardPurchase,
    OnlinePurchase,
    PersonToPerson,
    BankTransfer,
    AtmWithdrawal,
    DirectDebit,
    BillPayment,
    StandingOrder,
    Salary,
    Refund,
    CashDeposit,
    Fee,
    Interest,
}

impl TransactionType {
    pub const NAMES: [&str; 13] = [
        "card_purchase",
        "online_purchase",
        "person_to_person",
        "bank_transfer",
        "atm_withdrawal",
        "direct_debit",
        "bill_payment",
        "standing_order",
        "salary",
        "refund",
        "cash_deposit",
        "fee",
        "interest",
    ];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// What money moved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Grocery,
    Restaurant,
    Fuel,
    Retail,
    OnlineService,
    Travel,
    Transport,
    Healthcare,
    Education,
    Entertainment,
    Utility,
    Housing,
    Insurance,
    Loan,
    CardPayment,
    Savings,
    Investment,
    Family,
    Cash,
    Income,
    Fee,
    Interest,
}

impl Category {
    pub const NAMES: [&str; 22] = [
        "grocery",
        "restaurant",
        "fuel",
        "retail",
        "online_service",
        "travel",
        "transport",
        "healthcare",
        "education",
        "entertainment",
        "utility",
        "housing",
        "insurance",
        "loan",
        "card_payment",
        "savings",
        "investment",
        "family",
        "cash",
        "income",
        "fee",
        "interest",
    ];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// Who is on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityType {
    Merchant,
    Person,
    Employer,
    Business,
    Government,
    Landlord,
    Utility,
    Bank,
    /// Another account of the same customer.
    Own,
}

impl EntityType {
    pub const NAMES: [&str; 9] =
        ["merchant", "person", "employer", "business", "government", "landlord", "utility", "bank", "own"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

#[derive(Clone, Debug)]
pub struct Transaction {
    pub transaction_id: Id,
    pub bank_id: &'static str,
    pub account_id: Id,
    /// By the bank's own clock.
    pub booked_at: Moment,
    pub transaction_type: TransactionType,
    pub category: Category,
    /// The merchant category code (ISO 18245) of a purchase.
    pub mcc: Option<&'static str>,
    pub entity_type: EntityType,
    /// The other side: a merchant's name, `user_` and ten digits for a person, ...
    pub recipient_entity: Cow<'static, str>,
    pub description: Cow<'static, str>,
    pub city: &'static str,
    /// ISO 3166.
    pub country: &'static str,
    /// Below zero for what leaves the account.
    pub amount: Cents,
    /// The account's.
    pub currency: &'static str,
    pub balance_after: Cents,
    /// Comes again every month or week: bills, pay, standing orders.
    pub is_recurring: bool,
    /// The account on the other side, where that is a customer's of this bank.
    pub counterparty_account_id: Option<Id>,
    /// One of [`DATA_SOURCES`].
    pub data_source: &'static str,
}

impl Row for Transaction {
    const TABLE: &'static Table<Self> = &Table {
        name: "transactions",
        about: "Every movement on an account, in whole days up to as_of.",
        columns: &[
            Column::new("transaction_id", Kind::Id, |t: &Self| t.transaction_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the customer's number, the time, a tie-break and a tag of seed and scenario."),
            Column::new("bank_id", words(255), |t: &Self| Text(t.bank_id)).about("The bank.").origin("The account's."),
            Column::new("account_id", words(255), |t: &Self| t.account_id.value())
                .about("The account.")
                .origin("Checking for pay, bills, loans and transfers; purchases divide between it and cards."),
            Column::new("booked_at", Kind::Timestamp, |t: &Self| Timestamp(t.booked_at))
                .about("When it was booked, by the bank's own clock.")
                .origin(
                    "Purchases by the weights of hours, weekdays and days of the month; bills and instalments on their \
                     day, pay on pay day.",
                ),
            Column::new("transaction_type", words(50), |t: &Self| Text(t.transaction_type.name()))
                .one_of(&TransactionType::NAMES)
                .about("How the money moved.")
                .origin("Goes with what it was for."),
            Column::new("category", words(50), |t: &Self| Text(t.category.name()))
                .one_of(&Category::NAMES)
                .about("What the money moved for.")
                .origin("Of purchases, the merchant's; else it goes with the kind of movement."),
            Column::new("mcc", words(4), |t: &Self| t.mcc.map_or(Null, Text))
                .nullable()
                .about("Merchant category code (ISO 18245) of a purchase; NULL for all else.")
                .origin("Drawn by the weights of data/mcc_mix.csv."),
            Column::new("entity_type", words(50), |t: &Self| Text(t.entity_type.name()))
                .one_of(&EntityType::NAMES)
                .about("What kind of party is on the other side.")
                .origin("Goes with the kind of movement."),
            Column::new("recipient_entity", words(100), |t: &Self| Text(&t.recipient_entity))
                .about("The party on the other side; persons as user_ and ten digits.")
                .origin("Merchants that the customer returns to or new ones; people of the customer's own circle."),
            Column::new("description", words(0), |t: &Self| Text(&t.description))
                .about("What a statement says of it; refunds and instalments name what they belong to.")
                .origin("Goes with the kind of movement."),
            Column::new("city", words(50), |t: &Self| Text(t.city))
                .about("Where.")
                .origin("The customer's own for all but a personal share of purchases."),
            Column::new("country", words(2), |t: &Self| Text(t.country))
                .about("Where (ISO 3166).")
                .origin("US but for about one purchase in eighty."),
            Column::new("amount", MONEY, |t: &Self| t.amount.value())
                .range(-MONEY_MAX, MONEY_MAX)
                .unit("USD")
                .about("Below zero for what leaves the account.")
                .origin(
                    "Purchases log-normal by merchant category (data/mcc_mix.csv), scaled to the month's budget; \
                     pay, instalments and loan money to the cent as their own tables have them.",
                ),
            Column::new("currency", words(3), |t: &Self| Text(t.currency))
                .about("The account's (ISO 4217).")
                .origin("USD."),
            Column::new("balance_after", decimal(14, 2), |t: &Self| t.balance_after.value())
                .unit("USD")
                .about("Of the account, after this.")
                .origin("The opening balance and the sum of all amounts up to here."),
            Column::new("is_recurring", Kind::Bool, |t: &Self| Bool(t.is_recurring))
                .about("Whether it comes again every week or month.")
                .origin("True for pay, bills, instalments, subscriptions and standing orders."),
            Column::new("counterparty_account_id", words(255), |t: &Self| {
                t.counterparty_account_id.map_or(Null, Id::value)
            })
            .nullable()
            .about(
                "The account on the other side, if it is kept here: then that account has the same movement mirrored.",
            )
            .origin("Transfers between customers and between a customer's own accounts."),
            Column::new("data_source", words(20), |t: &Self| Text(t.data_source))
                .one_of(&DATA_SOURCES)
                .about("Whether it was made here or read from a bank's interface.")
                .origin("SYNTHETIC in every row that is seeded."),
        ],
        unique: &[],
        foreign: &[ForeignKey {
            columns: &["bank_id", "account_id"],
            table: "accounts",
            key: &["bank_id", "account_id"],
        }],
    };
}
