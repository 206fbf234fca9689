//! Accounts, transactions and their labels, by hand: as they go in, so they are read, and so the view has them.

use credit_seed::generate::{Block, World, unfold};
use credit_seed::model::{
    Account, AccountType, Bank, Category, Cents, EntityType, Id, Label, Space, Transaction, TransactionLabel,
    TransactionType,
};
use credit_seed::schema::{Day, Moment};
use credit_seed::seeding::Effort;
use credit_seed::sinks::database::{Dialect, Loader};
use credit_seed::sinks::{Progress, Sink};
use credit_seed::validate::validate;

use crate::servers::{book, engines, run};
use crate::worlds;

const OPENING: Cents = Cents(999_999_999_999);

/// An account of customer 0 on the world's last day, read from outside, with three transactions: a misdirected transfer
/// that was no accident, one of a burst of large ones, and one that is what it seems.
fn by_hand(world: &World) -> Block {
    let (ids, day) = (world.ids, world.calendar.as_of);
    let (bank_id, account_id) = ("elsewhere", ids.nth(Space::Account, 0, 999));
    let labels = [
        (0, Label::MistypedEntity),
        (0, Label::Mule),
        (0, Label::Structuring),
        (1, Label::AccidentBurst),
        (1, Label::HighAmount),
    ];
    let booked = |number: u64| Moment(day.at(36_000).0 + number as i64 * 7);
    let id = |number: u64| ids.timed(Space::Transaction, 0, booked(number), 4_000 + number);
    let transaction = |number: u64| Transaction {
        transaction_id: id(number),
        bank_id,
        account_id,
        booked_at: booked(number),
        transaction_type: TransactionType::PersonToPerson,
        category: Category::Family,
        mcc: None,
        entity_type: EntityType::Person,
        recipient_entity: format!("user_000000000{number}").into(),
        description: "to \u{dc}mit; \"rent\"".into(),
        city: "Boston",
        country: "US",
        amount: Cents(1_001),
        currency: "USD",
        // More than an opening balance may be.
        balance_after: Cents(OPENING.0 + 1_001 * (number as i64 + 1)),
        is_recurring: number == 1,
        counterparty_account_id: (number == 2).then(|| ids.nth(Space::Account, 1, 0)),
        data_source: "REAL_API",
    };
    let label = |(number, label): (u64, Label)| TransactionLabel {
        transaction_id: id(number),
        label,
        case_id: id(number),
        role: "misdirected",
        // The bank comes to know after the end of the world.
        known_at: Moment(day.plus(40).at(0).0 + 9),
        original_recipient_entity: (label == Label::MistypedEntity).then(|| "user_1000000000".to_owned()),
    };
    Block {
        banks: vec![Bank { bank_id, bank_name: "Elsewhere", data_source: "REAL_API", extracted_at: Some(day.at(1)) }],
        accounts: vec![account(bank_id, account_id, ids.nth(Space::Customer, 0, 0), day)],
        transactions: (0..3).map(transaction).collect(),
        transaction_labels: labels.into_iter().map(label).collect(),
        ..Block::default()
    }
}

fn account(bank_id: &'static str, account_id: Id, customer: Id, day: Day) -> Account {
    Account {
        bank_id,
        account_id,
        customer_id: Some(customer),
        account_label: "Everyday",
        account_type: AccountType::Checking,
        currency: "USD",
        opened_on: day,
        opening_balance: OPENING,
        data_source: "REAL_API",
        extracted_at: Some(day.at(1)),
    }
}

#[tokio::test]
async fn every_database_keeps_them_and_the_view_knows_what_they_are() {
    let scenario = worlds::of(20);
    let world = World::new(&scenario);
    let block = by_hand(&world);
    assert_eq!(unfold(&world, 0..1).customers[0].customer_id, block.accounts[0].customer_id.unwrap());
    for test in engines() {
        let engine = test.dialect;
        let mut database = test.open().await;
        let mut written = database.seed(&scenario, Effort::default(), &mut |_| ()).await.unwrap().manifest;
        let before = database.lives(None, 2).await.unwrap();
        let book = book(&mut database).await;
        let mut loader = Loader::new(&mut database, &book);
        for rows in block.tables().into_iter().filter(|rows| !rows.is_empty()) {
            loader.write(rows).await.unwrap();
            written.add_rows(rows);
        }
        let progress = Progress { next_customer: 20, written: written.clone(), complete: true };
        loader.seal(&progress).await.unwrap();
        drop(loader);
        assert_eq!(database.recompute().await.unwrap(), written, "{engine:?}");

        let after = database.lives(None, 2).await.unwrap();
        for (table, more) in [("accounts", 1), ("transactions", 3), ("transaction_labels", 5), ("banks", 0)] {
            let grown = [0, 1].map(|life| after[life].of(table).len() - before[life].of(table).len());
            assert_eq!(grown, [more, 0], "{engine:?}: {table} of each life");
        }
        let report = validate(&mut database).await.unwrap();
        assert!(report.passed(), "{engine:?}: {report}");

        let ours = "FROM labelled_transactions WHERE bank_id = 'elsewhere'";
        let id = |number: usize| block.transactions[number].transaction_id.to_string();
        for (flag, number) in [
            ("is_accident_burst", 1),
            ("is_high_amount_accident", 1),
            ("is_mistyped_entity_accident", 0),
            ("is_fraud", 0),
        ] {
            let flagged = database.texts(&format!("SELECT transaction_id {ours} AND {flag}")).await.unwrap();
            assert_eq!(flagged, [id(number)], "{engine:?}: {flag}");
            let others = database.count(&format!("SELECT COUNT(*) {ours} AND NOT {flag}")).await.unwrap();
            assert_eq!(others, 2, "{engine:?}: not {flag}");
        }
        let meant = database.texts(&format!("SELECT original_recipient_entity {ours} ORDER BY transaction_id")).await;
        assert_eq!(meant.unwrap(), ["user_1000000000", "user_0000000001", "user_0000000002"], "{engine:?}");
        let all = database.count("SELECT COUNT(*) FROM labelled_transactions").await.unwrap();
        assert_eq!(all as u64, written.of("transactions").rows, "{engine:?}: one row each");

        // There are such a bank and such an account, but not together.
        let mut nowhere = block.transactions[..1].to_vec();
        nowhere[0].transaction_id = world.ids.nth(Space::Transaction, 0, 1);
        nowhere[0].bank_id = "west";
        assert!(Loader::new(&mut database, &book).write(&nowhere).await.is_err(), "{engine:?}: the key is checked");
        let lax = match engine {
            Dialect::Sqlite => "PRAGMA foreign_keys = OFF",
            Dialect::Postgres => "ALTER TABLE transactions DROP CONSTRAINT transactions_bank_id_account_id_fkey",
            Dialect::MySql => "SET foreign_key_checks = 0",
        };
        run(&mut database, lax).await;
        let moved = format!("UPDATE transactions SET bank_id = 'west' WHERE transaction_id = '{}'", id(2));
        run(&mut database, &moved).await;
        let report = validate(&mut database).await.unwrap();
        let dangling: Vec<_> = report.failed().filter(|finding| finding.rule.ends_with(".references")).collect();
        assert!(
            matches!(dangling[..], [one] if one.rule == "transactions.references" && one.violations == 1),
            "{engine:?}: {report}"
        );
        assert_eq!(dangling[0].examples, [format!("{}: bank_id, account_id name no row of accounts", id(2))]);
    }
}
