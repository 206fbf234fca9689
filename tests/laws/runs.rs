//! Runs one after the other on one database: again, cut off, extended, refused, and two at once.

use credit_seed::Scenario;
use credit_seed::seeding::{Effort, Seeded};
use credit_seed::sinks::Progress;
use credit_seed::sinks::database::Book;
use tokio::sync::Notify;

use crate::servers::{TestDatabase, book, engines, refusal, run};
use crate::worlds;

pub const SMALL_BATCHES: Effort = Effort { batch_size: 10, jobs: 2 };

/// Leaves the database as a run does that is killed once its first batch is safely in; the book that is left.
pub async fn cut_off(test: &TestDatabase, scenario: &Scenario) -> Book {
    let mut database = test.open().await;
    let stop = Notify::new();
    let mut sealed = |_: &Progress| stop.notify_one();
    tokio::select! {
        biased;
        () = stop.notified() => (),
        done = database.seed(scenario, SMALL_BATCHES, &mut sealed) => panic!("not cut off: {done:?}"),
    }
    drop(database);
    let left = book(&mut test.open().await).await;
    assert!(!left.is_complete() && (10..scenario.customers).contains(&left.next_customer), "{left:?}");
    left
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let scenario = worlds::of(30);
    for test in engines() {
        let mut database = test.open().await;
        let first = database.seed(&scenario, Effort::default(), &mut |_| ()).await.unwrap();
        let before = format!("{:?}", book(&mut database).await);
        let mut heard = 0;
        let again = database.seed(&scenario, Effort::default(), &mut |_| heard += 1).await.unwrap();
        assert_eq!((again.seeded, heard), (Seeded::AlreadyThere, 0), "{:?}", test.dialect);
        assert_eq!(again.manifest, first.manifest, "{:?}", test.dialect);
        assert_eq!(format!("{:?}", book(&mut database).await), before, "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), first.manifest, "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn a_run_that_was_cut_off_goes_on() {
    let scenario = worlds::of(50);
    for test in engines() {
        let left = cut_off(&test, &scenario).await;
        let mut database = test.open().await;
        assert_eq!(database.recompute().await.unwrap(), left.tables, "{:?}: only whole batches", test.dialect);
        let outcome = database.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await.unwrap();
        assert_eq!(outcome.seeded, Seeded::Resumed { from: left.next_customer }, "{:?}", test.dialect);
        assert_eq!(outcome.manifest, worlds::manifest(&scenario), "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), outcome.manifest, "{:?}", test.dialect);
        let done = book(&mut database).await;
        assert!(done.is_complete() && done.run_id == left.run_id, "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn thirty_and_then_a_hundred_are_a_hundred() {
    let expected = worlds::manifest(&worlds::of(100));
    for test in engines() {
        let mut database = test.open().await;
        database.seed(&worlds::of(30), SMALL_BATCHES, &mut |_| ()).await.unwrap();
        let outcome = database.seed(&worlds::of(100), Effort::default(), &mut |_| ()).await.unwrap();
        assert_eq!(outcome.seeded, Seeded::Extended { from: 30 }, "{:?}", test.dialect);
        assert_eq!(outcome.manifest, expected, "{:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), expected, "{:?}", test.dialect);
        let book = book(&mut database).await;
        assert_eq!((book.customers, book.tables), (100, expected.clone()), "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn another_world_or_fewer_customers_are_refused() {
    let ours = worlds::of(30);
    let other_seed = Scenario { seed: 43, ..ours.clone() };
    let other_day = Scenario { as_of: "2024-12-31".parse().unwrap(), ..ours.clone() };
    let more_records = Scenario { financial_records_per_customer: 6, ..ours.clone() };
    for test in engines() {
        let mut database = test.open().await;
        let manifest = database.seed(&ours, Effort::default(), &mut |_| ()).await.unwrap().manifest;
        let before = format!("{:?}", book(&mut database).await);
        for (other, named) in [
            (&other_seed, "seed: 42"),
            (&other_day, "as_of: 2025-12-31"),
            (&more_records, "financial_records_per_customer: 5"),
            (&worlds::of(29), "30 customers"),
        ] {
            let said = refusal(database.seed(other, Effort::default(), &mut |_| ()).await);
            assert!(said.contains(named), "{:?}: {said}", test.dialect);
            assert_eq!(format!("{:?}", book(&mut database).await), before, "{:?}: {named}", test.dialect);
            assert_eq!(database.recompute().await.unwrap(), manifest, "{:?}: {named}", test.dialect);
        }
    }
}

#[tokio::test]
async fn strange_rows_are_refused_and_kept() {
    for test in engines() {
        let mut database = test.open().await;
        database.migrate().await.unwrap();
        let stranger = "INSERT INTO market_data (data_id, data_type, value, date_recorded, source) \
                        VALUES ('mine', 'prime', 7.5, '2020-01-31', 'me')";
        run(&mut database, stranger).await;
        let said = refusal(database.seed(&worlds::of(5), Effort::default(), &mut |_| ()).await);
        assert!(said.contains("market_data holds 1 rows"), "{:?}: {said}", test.dialect);
        assert_eq!(database.texts("SELECT data_id FROM market_data").await.unwrap(), ["mine"], "{:?}", test.dialect);
        assert_eq!(database.count("SELECT COUNT(*) FROM customers").await.unwrap(), 0, "{:?}", test.dialect);
        assert!(database.book().await.unwrap().is_none(), "{:?}: no book was opened", test.dialect);
    }
}

#[tokio::test]
async fn two_at_once_do_no_harm() {
    let scenario = worlds::of(50);
    let expected = worlds::manifest(&scenario);
    for test in engines() {
        let (mut one, mut other) = (test.open().await, test.open().await);
        let (mut nothing, mut nothing_either) = (|_: &_| (), |_: &_| ());
        let outcomes = tokio::join!(
            one.seed(&scenario, SMALL_BATCHES, &mut nothing),
            other.seed(&scenario, SMALL_BATCHES, &mut nothing_either)
        );
        let outcomes = [outcomes.0, outcomes.1];
        assert!(outcomes.iter().any(Result::is_ok), "{:?}: {outcomes:?}", test.dialect);
        for outcome in outcomes.into_iter().flatten() {
            assert_eq!(outcome.manifest, expected, "{:?}", test.dialect);
        }
        assert_eq!(one.recompute().await.unwrap(), expected, "{:?}", test.dialect);
        let again = one.seed(&scenario, SMALL_BATCHES, &mut |_| ()).await.unwrap();
        assert_eq!(again.seeded, Seeded::AlreadyThere, "{:?}", test.dialect);
    }
}
