//! The fraud set: a fixed number of payments with features of each, and a fixed share of fraud among them.
//!
//! Payments are those by card, online, from person to person, and cash from machines. Customers are walked from the first until
//! they have as much fraud as asked for; from all payments on the way, frauds and honest ones are then drawn by lot, each payment
//! of a kind as likely. What is left stands in order of customer and time, so that neither the order nor the customer tells. A
//! feature is computed before the lot, so it knows the payments that are left out.

use std::ops::ControlFlow;

use super::lean;
use super::parallel::in_order;
use super::transactions::{Labels, is_own};
use crate::error::{Error, Result};
use crate::generate::draw::Draw;
use crate::generate::seed::Seed;
use crate::generate::{Block, World, unfold};
use crate::model::{Category, Cents, Label, MONEY, Transaction, TransactionType, words};
use crate::scenario::Scenario;
use crate::schema::Value::{Int, Text};
use crate::schema::{Column, Kind, Row, Table};

/// How a purchase was made or what for, as fraud teams sort them.
pub const CATEGORIES: [&str; 5] = ["food", "transport", "online", "atm", "pos"];
/// Customers to a batch; the walk ends with a batch, so this number is part of the bytes.
const BATCH: u64 = 16;
/// A customer has at most this many of the payments, on average.
const EACH: u64 = 50;

/// One payment, and what a detector may know of it.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Above zero.
    amount: Cents,
    hour: i64,
    day_of_week: i64,
    is_international: bool,
    location_changed: bool,
    num_txns_last_hour: i64,
    /// One of [`CATEGORIES`].
    merchant_category: &'static str,
    is_recurring: bool,
    is_fraud: bool,
}

impl Row for Payment {
    const TABLE: &'static Table<Self> = &Table {
        name: "fraud",
        about: "Payments by customer and time, with a label of fraud.",
        columns: &[
            Column::new("amount", MONEY, |p: &Self| p.amount.value()).unit("USD").about("Above zero."),
            Column::new("hour", Kind::Int, |p: &Self| Int(p.hour)).range(0, 23).about("Of the day."),
            Column::new("day_of_week", Kind::Int, |p: &Self| Int(p.day_of_week)).range(0, 6).about("Monday is 0."),
            Column::new("is_international", Kind::Int, |p: &Self| Int(p.is_international.into()))
                .range(0, 1)
                .about("Outside the United States."),
            Column::new("location_changed", Kind::Int, |p: &Self| Int(p.location_changed.into()))
                .range(0, 1)
                .about("In another city than the customer's payment before."),
            Column::new("num_txns_last_hour", Kind::Int, |p: &Self| Int(p.num_txns_last_hour))
                .about("Payments of the customer in the hour before, without this one."),
            Column::new("merchant_category", words(0), |p: &Self| Text(p.merchant_category))
                .one_of(&CATEGORIES)
                .about("Cash from machines; else what was paid without a card being shown; else what for."),
            Column::new("is_recurring", Kind::Int, |p: &Self| Int(p.is_recurring.into()))
                .range(0, 1)
                .about("Comes again every week or month."),
            Column::new("is_fraud", Kind::Int, |p: &Self| Int(p.is_fraud.into())).range(0, 1).about("The label."),
        ],
        unique: &[],
        foreign: &[],
    };
}

/// `count` payments, of which `rate` (0 to 1) are fraud, to the nearest whole payment.
pub fn payments(scenario: &Scenario, jobs: usize, count: u64, rate: f64) -> Result<Vec<Payment>> {
    let frauds = ((count as f64 * rate).round() as u64).min(count);
    let world = World::new(&lean(&scenario_for(scenario, rate)));
    walk(Seed(scenario.seed), jobs, count, frauds, |index| features(unfold(&world, index..index + 1)))
}

/// Draws from the payments of customer 0, 1, 2 ...
fn walk(
    seed: Seed,
    jobs: usize,
    count: u64,
    frauds: u64,
    payments_of: impl Fn(u64) -> Vec<Payment> + Sync,
) -> Result<Vec<Payment>> {
    let lots = seed.stream("fraud set");
    let mut honest = Lot::new(count - frauds, lots.at(0));
    let mut fraud = Lot::new(frauds, lots.at(1));

    // Who finds nothing in so many lives will find nothing in more.
    let most = (count.div_ceil(EACH) + 100 * frauds).clamp(1_000, 1_000_000);
    let of_batch = |batch: u64| (batch * BATCH..batch * BATCH + BATCH).flat_map(&payments_of).collect::<Vec<Payment>>();
    let (mut walked, mut place) = (0, 0);
    let end = in_order(jobs, most.div_ceil(BATCH), of_batch, |payments| {
        for payment in payments {
            let lot = if payment.is_fraud { &mut fraud } else { &mut honest };
            lot.offer(place, payment);
            place += 1;
        }
        walked += BATCH;
        let is_enough = honest.is_full() && fraud.is_full() && walked * EACH >= count;
        if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if end.is_continue() {
        let (found, wanted, what) = if fraud.is_full() {
            (honest.seen, count - frauds, "honest payments")
        } else {
            (fraud.seen, frauds, "payments that are fraud")
        };
        return Err(Error::Scenario(format!(
            "{walked} customers have {found} {what} and {wanted} are asked for; ask for fewer (-n, --fraud-rate), or give a \
             scenario with more"
        )));
    }
    let mut chosen = honest.chosen;
    chosen.append(&mut fraud.chosen);
    chosen.sort_unstable_by_key(|(place, _)| *place);
    Ok(chosen.into_iter().map(|(_, payment)| payment).collect())
}

/// The scenario in which fraud is frequent enough to find this share of it in few lives: cases enough a year to make
/// up the share of some two hundred payments in half of it. The people are the same, with more misfortune.
fn scenario_for(scenario: &Scenario, rate: f64) -> Scenario {
    let mut often = scenario.clone();
    for (label, cases) in
        [(Label::CardTesting, 15.0), (Label::AccountTakeover, 15.0), (Label::AppScam, 15.0), (Label::Mule, 10.0)]
    {
        often.anomaly_rates[label as usize] = (cases * rate).clamp(scenario.anomaly_rates[label as usize], 12.0);
    }
    often
}

/// Some of many payments, each as likely to be among them (Vitter's algorithm R).
struct Lot {
    wanted: u64,
    seen: u64,
    draw: Draw,
    chosen: Vec<(u64, Payment)>,
}

impl Lot {
    fn new(wanted: u64, draw: Draw) -> Lot {
        Lot { wanted, seen: 0, draw, chosen: Vec::new() }
    }

    fn offer(&mut self, place: u64, payment: Payment) {
        self.seen += 1;
        if (self.chosen.len() as u64) < self.wanted {
            self.chosen.push((place, payment));
            return;
        }
        let drawn = self.draw.below(self.seen);
        if drawn < self.wanted {
            self.chosen[drawn as usize] = (place, payment);
        }
    }

    fn is_full(&self) -> bool {
        self.chosen.len() as u64 == self.wanted
    }
}

/// The payments of one life, in order of time.
fn features(life: Block) -> Vec<Payment> {
    let labels = Labels::of(life.transaction_labels);
    let mut rows: Vec<(&Transaction, &'static str)> =
        life.transactions.iter().filter_map(|row| Some((row, category_of(row)?))).collect();
    rows.sort_unstable_by_key(|(row, _)| (row.booked_at, row.transaction_id));
    let mut payments = Vec::with_capacity(rows.len());
    let mut hour_ago = 0;
    for (position, (row, merchant_category)) in rows.iter().enumerate() {
        while rows[hour_ago].0.booked_at < row.booked_at.plus_seconds(-3600) {
            hour_ago += 1;
        }
        let before = position.checked_sub(1).map(|before| rows[before].0);
        payments.push(Payment {
            amount: -row.amount,
            hour: row.booked_at.clock().0.into(),
            // The epoch was a Thursday.
            day_of_week: (i64::from(row.booked_at.day().0) + 3).rem_euclid(7),
            is_international: row.country != "US",
            location_changed: before.is_some_and(|before| (before.city, before.country) != (row.city, row.country)),
            num_txns_last_hour: (position - hour_ago) as i64,
            merchant_category,
            is_recurring: row.is_recurring,
            is_fraud: labels.of_row(row.transaction_id).iter().any(|known| is_fraud(known.label)),
        });
    }
    payments
}

/// One of [`CATEGORIES`]; `None` for what is no such payment.
fn category_of(row: &Transaction) -> Option<&'static str> {
    if row.amount >= Cents::ZERO || is_own(row) {
        return None;
    }
    match (row.transaction_type, row.category) {
        (TransactionType::AtmWithdrawal, _) => Some("atm"),
        (TransactionType::OnlinePurchase | TransactionType::PersonToPerson, _) => Some("online"),
        (TransactionType::CardPurchase, Category::Grocery | Category::Restaurant) => Some("food"),
        (TransactionType::CardPurchase, Category::Fuel | Category::Transport | Category::Travel) => Some("transport"),
        (TransactionType::CardPurchase, Category::OnlineService) => Some("online"),
        (TransactionType::CardPurchase, _) => Some("pos"),
        _ => None,
    }
}

/// Somebody's crime, as against somebody's mistake.
fn is_fraud(label: Label) -> bool {
    match label {
        Label::AccidentBurst | Label::HighAmount | Label::MistypedEntity => false,
        Label::CardTesting | Label::AccountTakeover | Label::AppScam | Label::Mule | Label::Structuring => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Form;
    use super::super::by_hand::{NOON, label, transaction};
    use super::*;

    #[test]
    fn features_come_from_the_payments_before() {
        let life = Block {
            transactions: vec![
                Transaction {
                    transaction_type: TransactionType::AtmWithdrawal,
                    city: "Paris",
                    country: "FR",
                    ..transaction(3, NOON.plus_seconds(3_600), -10_000)
                },
                Transaction { category: Category::Grocery, ..transaction(1, NOON, -4_250) },
                Transaction { is_recurring: true, ..transaction(2, NOON.plus_seconds(60), -999) },
                Transaction {
                    transaction_type: TransactionType::OnlinePurchase,
                    ..transaction(4, NOON.plus_seconds(3_661), -100)
                },
                transaction(5, NOON, 100),
            ],
            transaction_labels: vec![label(3, Label::AccountTakeover), label(4, Label::HighAmount)],
            ..Block::default()
        };
        let mut text = String::new();
        Form::Csv.head(Payment::TABLE, &mut text);
        Form::Csv.rows(&features(life), &mut text);
        assert_eq!(
            text,
            "amount,hour,day_of_week,is_international,location_changed,num_txns_last_hour,merchant_category,is_recurring,is_fraud\n\
             42.50,12,5,0,0,0,food,0,0\n\
             9.99,12,5,0,0,1,pos,1,0\n\
             100.00,13,5,1,1,2,atm,0,1\n\
             1.00,13,5,0,1,1,online,0,0\n"
        );
    }

    /// Five hundred purchases of as many dollars as the customer's index, every seventh customer with three frauds.
    fn by_hand(index: u64) -> Vec<Payment> {
        let cents = -100 * (index as i64 + 1);
        let frauds = if index.is_multiple_of(7) { 3 } else { 0 };
        features(Block {
            transactions: (0..500).map(|number| transaction(number, NOON, cents)).collect(),
            transaction_labels: (0..frauds).map(|number| label(100 * number, Label::CardTesting)).collect(),
            ..Block::default()
        })
    }

    #[test]
    fn there_is_exactly_as_much_fraud_as_asked_for() {
        for (count, frauds) in [(1_000, 50), (1_000, 0), (10, 10), (3_000, 1)] {
            let of = |jobs| walk(Seed(1), jobs, count, frauds, by_hand).unwrap();
            let payments = of(1);
            assert_eq!(payments.len() as u64, count);
            assert_eq!(payments.iter().filter(|payment| payment.is_fraud).count() as u64, frauds);
            assert!(payments.is_sorted_by_key(|payment| payment.amount), "in order of customers");
            assert_eq!(format!("{payments:?}"), format!("{:?}", of(4)));
        }
        let honest = |index| by_hand(7 * index + 1);
        let error = walk(Seed(1), 2, 1_000, 50, honest).unwrap_err().to_string();
        assert!(error.contains("have 0 payments that are fraud and 50 are asked for"), "{error}");
    }

    #[test]
    fn a_lot_takes_as_many_as_are_wanted_from_all_over() {
        let life = Block {
            transactions: (0..1_000).map(|number| transaction(number, NOON, -100)).collect(),
            ..Block::default()
        };
        let payments = features(life);
        let mut lot = Lot::new(100, Seed(1).stream("fraud set").at(0));
        payments.into_iter().enumerate().for_each(|(place, payment)| lot.offer(place as u64, payment));
        assert_eq!(lot.chosen.len(), 100);
        let mean = lot.chosen.iter().map(|(place, _)| place).sum::<u64>() / 100;
        assert!((400..600).contains(&mean), "{mean}");
    }
}
