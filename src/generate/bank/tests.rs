//! What holds on every customer's accounts.

use std::collections::BTreeMap;

use super::habits::OVERDRAFT;
use crate::generate::{Block, World, population, unfold};
use crate::model::{AccountType, Category, Cents, EntityType, Id, TransactionType};
use crate::scenario::Scenario;

fn world(scenario: Scenario) -> World {
    World::new(&Scenario { anomaly_rates: [0.0; 8], ..scenario })
}

fn a_year() -> (World, Block) {
    let world = world(Scenario { transaction_months: 12, customers: 400, ..Scenario::default() });
    let block = unfold(&world, 0..400);
    (world, block)
}

#[test]
fn balances_run_in_strict_order_and_never_below_the_overdraft() {
    let (_, block) = a_year();
    let mut running: BTreeMap<Id, (Cents, i64)> =
        block.accounts.iter().map(|account| (account.account_id, (account.opening_balance, 0))).collect();
    let kinds: BTreeMap<Id, AccountType> =
        block.accounts.iter().map(|account| (account.account_id, account.account_type)).collect();
    let mut below = 0;
    for row in &block.transactions {
        let (balance, last) = running.get_mut(&row.account_id).unwrap();
        *balance += row.amount;
        assert_eq!(*balance, row.balance_after);
        assert!(row.booked_at.0 > *last, "{row:?}");
        assert_ne!(row.amount, Cents::ZERO, "{row:?}");
        *last = row.booked_at.0;
        match kinds[&row.account_id] {
            AccountType::Checking => {
                assert!(*balance >= OVERDRAFT, "{row:?}");
                below += usize::from(*balance < Cents::ZERO);
            }
            AccountType::Savings => assert!(*balance >= Cents::ZERO, "{row:?}"),
            AccountType::CreditCard => assert!(*balance <= Cents(50_000), "{row:?}"),
        }
    }
    assert!(block.transactions.len() > 100_000, "{}", block.transactions.len());
    assert!(below * 20 < block.transactions.len(), "{below} rows below zero");
    let mut ids: Vec<Id> = block.transactions.iter().map(|row| row.transaction_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), block.transactions.len());
}

#[test]
fn an_account_is_opened_by_a_deposit_on_any_day() {
    let world = world(Scenario { transaction_months: 60, ..Scenario::default() });
    let mut last_days = 0;
    for index in 0..1_500 {
        let (person, _) = population::person(&world, index);
        if person.since >= world.calendar.month(0).first() && person.since == person.since.month().last() {
            let block = unfold(&world, index..index + 1);
            let checking = block.accounts[0].account_id;
            let first = block.transactions.iter().find(|row| row.account_id == checking).unwrap();
            assert!(first.amount > Cents::ZERO, "{first:?}");
            last_days += 1;
        }
    }
    assert!(last_days > 10, "{last_days}");
}

#[test]
fn months_end_where_the_next_begins() {
    // The opening balance of a shorter table is what the longer one has reached by then.
    let of = |months| unfold(&world(Scenario { transaction_months: months, ..Scenario::default() }), 0..200);
    let (short, long) = (of(2), of(7));
    let tail = &long.transactions;
    let mut last: BTreeMap<Id, Cents> = long.accounts.iter().map(|a| (a.account_id, a.opening_balance)).collect();
    let starts = crate::schema::Day::from_ymd(2025, 11, 1).unwrap();
    for row in tail.iter().filter(|row| row.booked_at.day() < starts) {
        last.insert(row.account_id, row.balance_after);
    }
    for account in &short.accounts {
        assert_eq!(account.opening_balance, last[&account.account_id], "{account:?}");
    }
    let rest: Vec<_> = tail.iter().filter(|row| row.booked_at.day() >= starts).collect();
    assert_eq!(rest.len(), short.transactions.len());
    for (a, b) in rest.into_iter().zip(&short.transactions) {
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
    }
}

#[test]
fn transfers_have_two_legs() {
    let (_, block) = a_year();
    let ours: BTreeMap<Id, ()> = block.accounts.iter().map(|account| (account.account_id, ())).collect();
    let inside = || {
        let legs = block.transactions.iter().filter_map(|row| Some((row, row.counterparty_account_id?)));
        legs.filter(|(_, other)| ours.contains_key(other))
    };
    let legs: BTreeMap<(Id, Id, i64), Cents> =
        inside().map(|(row, other)| ((row.account_id, other, row.booked_at.0), row.amount)).collect();
    let mut between = 0;
    for (row, other) in inside() {
        assert_eq!(legs.get(&(other, row.account_id, row.booked_at.0)), Some(&-row.amount), "{row:?}");
        between += usize::from(row.entity_type == EntityType::Person);
    }
    assert!(between > 1_000, "{between}");
    assert_eq!(inside().map(|(row, _)| row.amount).sum::<Cents>(), Cents::ZERO);
}

#[test]
fn loans_pay_and_incomes_are_those_of_the_other_tables() {
    let (world, block) = a_year();
    let first = world.first_booking.unwrap();
    let mut movements: BTreeMap<String, (Cents, crate::schema::Day)> = BTreeMap::new();
    for row in block.transactions.iter().filter(|row| row.category == Category::Loan) {
        movements.insert(row.description.to_string(), (row.amount, row.booked_at.day()));
    }
    let mut seen = 0;
    for payment in &block.loan_payments {
        if let Some(day) = payment.paid_on.filter(|day| *day >= first) {
            let text = format!("Loan payment {}", payment.payment_id);
            assert_eq!(movements.remove(&text), Some((-payment.amount_paid, day)));
            seen += 1;
        }
    }
    for loan in block.loans.iter().filter(|loan| loan.term_months.is_some() && loan.funded_on >= first) {
        let text = format!("Loan {} paid out", loan.loan_id);
        assert_eq!(movements.remove(&text), Some((loan.principal, loan.funded_on)));
    }
    assert!(movements.is_empty() && seen > 500, "{seen} {movements:?}");

    let mut pay: BTreeMap<(u64, i32), Cents> = BTreeMap::new();
    for row in block.transactions.iter().filter(|row| row.category == Category::Income) {
        *pay.entry((row.account_id.owner(), row.booked_at.day().month().0)).or_default() += row.amount;
    }
    let customers = &block.customers;
    let mut months = 0;
    for row in &block.financial_records {
        let owner = row.customer_id.owner();
        let month = row.record_date.month();
        let whole = customers[owner as usize].created_at.day() < month.first();
        if row.record_type == "income" && !row.description.starts_with("Change") && whole {
            assert_eq!(pay.get(&(owner, month.0)).copied().unwrap_or_default(), row.amount);
            months += 1;
        }
    }
    assert!(months >= 300);
}

#[test]
fn refunds_follow_their_purchase() {
    let (_, block) = a_year();
    let bought: BTreeMap<String, _> =
        block.transactions.iter().map(|row| (row.transaction_id.to_string(), row)).collect();
    let mut refunds = 0;
    for row in block.transactions.iter().filter(|row| row.transaction_type == TransactionType::Refund) {
        let purchase = bought[row.description.strip_prefix("Refund of ").unwrap()];
        assert!(purchase.booked_at < row.booked_at && row.amount <= -purchase.amount);
        assert_eq!((purchase.account_id, &purchase.recipient_entity), (row.account_id, &row.recipient_entity));
        refunds += 1;
    }
    assert!(refunds > 200, "{refunds}");
}

#[test]
fn any_last_day_and_pace_hold() {
    for (as_of, pace) in [("2024-02-29", Some((8.0, 15.0))), ("2025-06-03", None), ("2023-10-21", Some((0.5, 0.5)))] {
        let mut scenario = Scenario { as_of: as_of.parse().unwrap(), transaction_months: 3, ..Scenario::default() };
        scenario.model.transactions_per_day = pace;
        scenario.model.income_factor = if pace.is_some() { 2.0 } else { 0.3 };
        let block = unfold(&world(scenario), 0..150);
        let mut running: BTreeMap<Id, Cents> =
            block.accounts.iter().map(|account| (account.account_id, account.opening_balance)).collect();
        for row in &block.transactions {
            let balance = running.get_mut(&row.account_id).unwrap();
            *balance += row.amount;
            assert_eq!(*balance, row.balance_after);
            assert!(row.booked_at.day().to_string().as_str() <= as_of);
        }
    }
}
