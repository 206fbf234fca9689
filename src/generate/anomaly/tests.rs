//! What holds of everything that is laid over a world.

use std::collections::{BTreeMap, BTreeSet};

use crate::generate::{Block, World, unfold};
use crate::model::{AccountType, Cents, Id, Label, Transaction};
use crate::scenario::Scenario;

fn block(rates: [f64; 8]) -> Block {
    let mut scenario = Scenario { transaction_months: 6, anomaly_rates: rates, ..Scenario::default() };
    scenario.model.income_factor = 2.0;
    unfold(&World::new(&scenario), 0..300)
}

const NONE: [f64; 8] = [0.0; 8];
const SOME: [f64; 8] = [0.01, 0.01, 0.03, 1.0, 1.0, 1.0, 1.0, 1.0];

#[test]
fn without_them_it_is_the_same_world() {
    let (with, without) = (block(SOME), block(NONE));
    assert!(without.transaction_labels.is_empty());
    let labelled: BTreeSet<Id> = with.transaction_labels.iter().map(|label| label.transaction_id).collect();
    let plain = |row: &Transaction| {
        let mut row = row.clone();
        row.balance_after = Cents::ZERO;
        format!("{row:?}")
    };
    let honest: BTreeMap<Id, &Transaction> = with.transactions.iter().map(|row| (row.transaction_id, row)).collect();
    let mut changed = 0;
    for row in &without.transactions {
        let twin = honest[&row.transaction_id];
        if labelled.contains(&row.transaction_id) {
            changed += 1;
        } else {
            assert_eq!(plain(twin), plain(row));
        }
    }
    assert!(changed > 100, "{changed}");
    let known: BTreeSet<Id> = without.transactions.iter().map(|row| row.transaction_id).collect();
    let added = with.transactions.iter().filter(|row| !known.contains(&row.transaction_id));
    assert!(added.clone().count() > 1_000);
    assert!(added.into_iter().all(|row| labelled.contains(&row.transaction_id)));
}

#[test]
fn balances_and_order_hold_with_them() {
    let block = block(SOME);
    let mut running: BTreeMap<Id, (Cents, i64, AccountType)> = block
        .accounts
        .iter()
        .map(|account| (account.account_id, (account.opening_balance, 0, account.account_type)))
        .collect();
    for row in &block.transactions {
        let (balance, last, kind) = running.get_mut(&row.account_id).unwrap();
        *balance += row.amount;
        assert_eq!(*balance, row.balance_after);
        assert!(row.booked_at.0 > *last);
        *last = row.booked_at.0;
        assert!(*kind != AccountType::Checking || *balance >= Cents(-20_000), "{row:?}");
    }
    let ids: BTreeSet<Id> = block.transactions.iter().map(|row| row.transaction_id).collect();
    assert_eq!(ids.len(), block.transactions.len());
}

#[test]
fn every_kind_happens_and_is_as_described() {
    let block = block(SOME);
    let rows: BTreeMap<Id, &Transaction> = block.transactions.iter().map(|row| (row.transaction_id, row)).collect();
    let mut of: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for label in &block.transaction_labels {
        let row = rows[&label.transaction_id];
        assert!(label.known_at >= row.booked_at);
        of.entry(label.label.name()).or_default().push((label, row));
    }
    for name in Label::NAMES {
        assert!(of.get(name).is_some_and(|rows| rows.len() >= 20), "{name}: {:?}", of.get(name).map(Vec::len));
    }
    for (label, row) in &of["mistyped_entity"] {
        match (label.role, &label.original_recipient_entity) {
            ("misdirected", Some(meant)) => assert_ne!(*meant, row.recipient_entity),
            ("returned", None) => assert!(row.amount > Cents::ZERO),
            other => panic!("{other:?}"),
        }
    }
    let mut bursts: BTreeMap<Id, Vec<i64>> = BTreeMap::new();
    for (label, row) in &of["accident_burst"] {
        bursts.entry(label.case_id).or_default().push(row.booked_at.0);
    }
    assert!(bursts.values().all(|times| (1..=3).contains(&times.len())));
    assert!(bursts.values().flat_map(|times| times.windows(2)).all(|pair| pair[1] - pair[0] <= 20_100));
    // What a mule is sent it passes on, all of it.
    let mut passed: BTreeMap<Id, Cents> = BTreeMap::new();
    for (label, row) in of["fraud_mule"].iter().chain(&of["structuring"]) {
        *passed.entry(label.case_id).or_default() += row.amount;
    }
    assert!(passed.values().all(|sum| *sum == Cents::ZERO));
}

#[test]
fn a_higher_rate_has_all_that_a_lower_one_has() {
    let only = |rate| {
        let mut rates = NONE;
        rates[Label::HighAmount as usize] = rate;
        let labels = block(rates).transaction_labels;
        labels.into_iter().map(|label| label.transaction_id).collect::<BTreeSet<Id>>()
    };
    let (low, high) = (only(0.004), only(0.008));
    let kept = low.intersection(&high).count();
    // But for those that the account can no longer bear.
    assert!(
        low.len() > 30 && kept * 10 >= low.len() * 9 && high.len() > low.len(),
        "{kept} {} {}",
        low.len(),
        high.len()
    );
}
