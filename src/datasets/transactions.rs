//! The labelled set: every payment to somebody else, and whether it was an accident.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::ops::ControlFlow;

use super::customers::customer_name;
use super::parallel::in_order;
use super::{Form, lean};
use crate::generate::{Block, World, unfold};
use crate::model::{Cents, EntityType, Id, Label, MONEY, Transaction, TransactionLabel, TransactionType, words};
use crate::scenario::Scenario;
use crate::schema::Value::{Bool, Text, Timestamp};
use crate::schema::{Column, Kind, Moment, Row, Table};

/// What a payment is called here.
pub const TYPES: [&str; 4] = ["Credit Card", "Online Purchase", "Venmo/PayPal", "Bank Transfer"];
/// Customers to a batch: enough to pay for its way through the channel, few enough to keep memory small.
const BATCH: u64 = 16;

/// A payment that a customer made to somebody else.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Begins with the customer's name.
    transaction_id: String,
    customer_length: usize,
    booked_at: Moment,
    /// One of [`TYPES`].
    transaction_type: &'static str,
    /// Above zero.
    amount: Cents,
    is_accident_burst: bool,
    is_high_amount_accident: bool,
    is_mistyped_entity_accident: bool,
    city: &'static str,
    entity_type: EntityType,
    recipient_entity: Cow<'static, str>,
    /// Who was meant, where it is somebody else.
    original_recipient_entity: Option<String>,
}

impl Row for Payment {
    const TABLE: &'static Table<Self> = &Table {
        name: "transactions",
        about: "Payments to others, by customer and time, with the accidents among them labelled.",
        columns: &[
            Column::new("customer_id", words(0), |p: &Self| Text(&p.transaction_id[..p.customer_length]))
                .about("Who paid; the first customer is customer_001."),
            Column::new("transaction_id", words(0), |p: &Self| Text(&p.transaction_id))
                .primary()
                .about("The customer and the number among their payments, in order of time."),
            Column::new("timestamp", Kind::Timestamp, |p: &Self| Timestamp(p.booked_at)).about("When it was booked."),
            Column::new("transaction_type", words(0), |p: &Self| Text(p.transaction_type))
                .one_of(&TYPES)
                .about("How it was paid."),
            Column::new("amount", MONEY, |p: &Self| p.amount.value()).unit("USD").about("Above zero."),
            Column::new("is_accident_burst", Kind::Bool, |p: &Self| Bool(p.is_accident_burst))
                .about("A label: the same payment taken again within seconds."),
            Column::new("is_high_amount_accident", Kind::Bool, |p: &Self| Bool(p.is_high_amount_accident))
                .about("A label: far more than was meant."),
            Column::new("is_mistyped_entity_accident", Kind::Bool, |p: &Self| Bool(p.is_mistyped_entity_accident))
                .about("A label: the payee's number was mistyped."),
            Column::new("city", words(0), |p: &Self| Text(p.city)).about("Where."),
            Column::new("entity_type", words(0), |p: &Self| Text(p.entity_type.name()))
                .one_of(&EntityType::NAMES)
                .about("What kind of party was paid."),
            Column::new("recipient_entity", words(0), |p: &Self| Text(&p.recipient_entity)).about("Who was paid."),
            Column::new("original_recipient_entity", words(0), |p: &Self| {
                Text(p.original_recipient_entity.as_deref().unwrap_or(&p.recipient_entity))
            })
            .about("Who was meant; recipient_entity unless it was mistyped. A label, like the three flags."),
        ],
        unique: &[],
        foreign: &[],
    };
}

/// Writes the payments of all customers of the scenario, and returns how many they are.
pub fn write(scenario: &Scenario, jobs: usize, form: Form, out: &mut dyn io::Write) -> io::Result<u64> {
    let world = World::new(&lean(scenario));
    let mut head = String::new();
    form.head(Payment::TABLE, &mut head);
    out.write_all(head.as_bytes())?;
    let encoded = |batch: u64| {
        let (mut text, mut count) = (String::new(), 0);
        for index in batch * BATCH..(batch * BATCH + BATCH).min(scenario.customers) {
            let payments = payments(index, unfold(&world, index..index + 1));
            form.rows(&payments, &mut text);
            count += payments.len() as u64;
        }
        (text, count)
    };
    let mut written = 0;
    let end = in_order(jobs, scenario.customers.div_ceil(BATCH), encoded, |(text, count)| {
        written += count;
        match out.write_all(text.as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => ControlFlow::Break(error),
        }
    });
    match end {
        ControlFlow::Continue(()) => Ok(written),
        ControlFlow::Break(error) => Err(error),
    }
}

/// The payments in the life of customer `index`, in order of time.
fn payments(index: u64, life: Block) -> Vec<Payment> {
    let customer = customer_name(index);
    let labels = Labels::of(life.transaction_labels);
    let mut rows = life.transactions;
    rows.retain(|row| type_of(row).is_some());
    rows.sort_unstable_by_key(|row| (row.booked_at, row.transaction_id));
    let payment = |(number, row): (usize, Transaction)| {
        let mut transaction_id = String::with_capacity(customer.len() + 9);
        transaction_id.push_str(&customer);
        transaction_id.push('-');
        push_number(number as u64 + 1, &mut transaction_id);
        let has = |label| labels.of_row(row.transaction_id).iter().any(|known| known.label == label);
        let meant = labels.of_row(row.transaction_id).iter().find_map(|known| known.original_recipient_entity.clone());
        Payment {
            transaction_id,
            customer_length: customer.len(),
            booked_at: row.booked_at,
            transaction_type: type_of(&row).unwrap_or_default(),
            amount: -row.amount,
            is_accident_burst: has(Label::AccidentBurst),
            is_high_amount_accident: has(Label::HighAmount),
            is_mistyped_entity_accident: has(Label::MistypedEntity),
            city: row.city,
            entity_type: row.entity_type,
            recipient_entity: row.recipient_entity,
            original_recipient_entity: meant,
        }
    };
    rows.into_iter().enumerate().map(payment).collect()
}

/// Eight digits, more only where they are needed.
fn push_number(number: u64, out: &mut String) {
    if number >= 100_000_000 {
        let _ = write!(out, "{number}");
        return;
    }
    let mut unit = 10_000_000;
    while unit > 0 {
        out.push(char::from(b'0' + (number / unit % 10) as u8));
        unit /= 10;
    }
}

/// One of [`TYPES`]; `None` for what is no payment to somebody else: money that comes in, moves between the customer's own
/// accounts, is drawn in cash, or is the bank's own fee or interest.
fn type_of(row: &Transaction) -> Option<&'static str> {
    if row.amount >= Cents::ZERO || is_own(row) {
        return None;
    }
    match row.transaction_type {
        TransactionType::CardPurchase => Some(TYPES[0]),
        TransactionType::OnlinePurchase => Some(TYPES[1]),
        TransactionType::PersonToPerson => Some(TYPES[2]),
        TransactionType::BankTransfer
        | TransactionType::DirectDebit
        | TransactionType::BillPayment
        | TransactionType::StandingOrder => Some(TYPES[3]),
        TransactionType::AtmWithdrawal
        | TransactionType::Salary
        | TransactionType::Refund
        | TransactionType::CashDeposit
        | TransactionType::Fee
        | TransactionType::Interest => None,
    }
}

/// Does the money stay the customer's, only elsewhere?
pub(super) fn is_own(row: &Transaction) -> bool {
    use crate::model::Category::{CardPayment, Savings};
    row.entity_type == EntityType::Own || matches!(row.category, CardPayment | Savings)
}

/// The labels of a life, found by their transaction.
pub(super) struct Labels(Vec<TransactionLabel>);

impl Labels {
    pub fn of(mut labels: Vec<TransactionLabel>) -> Labels {
        labels.sort_unstable_by_key(|label| label.transaction_id);
        Labels(labels)
    }

    pub fn of_row(&self, transaction: Id) -> &[TransactionLabel] {
        let from = self.0.partition_point(|label| label.transaction_id < transaction);
        let len = self.0[from..].partition_point(|label| label.transaction_id == transaction);
        &self.0[from..from + len]
    }
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::{NOON, label, transaction};
    use super::*;
    use crate::model::Category;

    #[test]
    fn types_are_four_and_only_payments_to_others_have_one() {
        let of = |kind: TransactionType, amount: i64| {
            type_of(&Transaction { transaction_type: kind, ..transaction(1, NOON, amount) })
        };
        assert_eq!(of(TransactionType::CardPurchase, -100), Some("Credit Card"));
        assert_eq!(of(TransactionType::OnlinePurchase, -100), Some("Online Purchase"));
        assert_eq!(of(TransactionType::PersonToPerson, -100), Some("Venmo/PayPal"));
        for kind in [
            TransactionType::BankTransfer,
            TransactionType::DirectDebit,
            TransactionType::BillPayment,
            TransactionType::StandingOrder,
        ] {
            assert_eq!(of(kind, -100), Some("Bank Transfer"));
        }
        for kind in [TransactionType::AtmWithdrawal, TransactionType::Fee, TransactionType::Interest] {
            assert_eq!(of(kind, -100), None);
        }
        assert_eq!(of(TransactionType::PersonToPerson, 100), None);
        let own = Transaction { entity_type: EntityType::Own, ..transaction(1, NOON, -100) };
        assert_eq!(type_of(&own), None);
        let card = Transaction { category: Category::CardPayment, ..transaction(1, NOON, -100) };
        assert_eq!(type_of(&card), None);
    }

    #[test]
    fn a_life_is_in_order_of_time_and_says_what_went_wrong() {
        let mut mistyped = label(2, Label::MistypedEntity);
        mistyped.original_recipient_entity = Some("user_1234567890".to_owned());
        let life = Block {
            transactions: vec![
                transaction(3, NOON.plus_seconds(60), -1_999),
                transaction(1, NOON, -500),
                transaction(4, NOON.plus_seconds(61), 700),
                transaction(2, NOON, -250_000),
            ],
            transaction_labels: vec![label(3, Label::AccidentBurst), mistyped, label(2, Label::HighAmount)],
            ..Block::default()
        };
        let mut text = String::new();
        Form::Csv.head(Payment::TABLE, &mut text);
        Form::Csv.rows(&payments(0, life), &mut text);
        assert_eq!(
            text,
            "customer_id,transaction_id,timestamp,transaction_type,amount,is_accident_burst,is_high_amount_accident,\
             is_mistyped_entity_accident,city,entity_type,recipient_entity,original_recipient_entity\n\
             customer_001,customer_001-00000001,2025-11-15 12:00:00,Credit Card,5.00,False,False,False,Boise,merchant,\
             \"Corner, Shop\",\"Corner, Shop\"\n\
             customer_001,customer_001-00000002,2025-11-15 12:00:00,Credit Card,2500.00,False,True,True,Boise,merchant,\
             \"Corner, Shop\",user_1234567890\n\
             customer_001,customer_001-00000003,2025-11-15 12:01:00,Credit Card,19.99,True,False,False,Boise,merchant,\
             \"Corner, Shop\",\"Corner, Shop\"\n"
        );
    }
}
