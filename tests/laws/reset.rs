//! A reset removes what our migrations made, and nothing else.

use credit_seed::seeding::{Effort, Seeded};
use credit_seed::sinks::database::Dialect;
use credit_seed::{Database, model};

use crate::servers::{engines, refusal, run};
use crate::worlds;

async fn count(database: &mut Database, table: &str) -> i64 {
    database.count(&format!("SELECT COUNT(*) FROM {table}")).await.unwrap()
}

/// The tables there are, sorted.
async fn tables(database: &mut Database) -> Vec<String> {
    let mut tables = database.tables().await.unwrap();
    tables.sort();
    tables
}

#[tokio::test]
async fn an_empty_database_is_set_up() {
    for test in engines() {
        // The first connection makes the database, so it is an absent one as well.
        let mut database = test.open().await;
        assert!(database.plan_reset().await.unwrap().tables.is_empty(), "{:?}", test.dialect);
        assert!(database.reset().await.unwrap().tables.is_empty(), "{:?}", test.dialect);
        for table in model::TABLES {
            assert_eq!(count(&mut database, table.name()).await, 0, "{:?}", test.dialect);
        }
    }
}

#[tokio::test]
async fn only_our_tables_go() {
    let scenario = worlds::of(20);
    for test in engines() {
        let mut database = test.open().await;
        run(&mut database, "CREATE TABLE visitors (id INTEGER PRIMARY KEY, name VARCHAR(20))").await;
        run(&mut database, "INSERT INTO visitors VALUES (1, 'Ana'), (2, 'Luc')").await;
        let first = database.seed(&scenario, Effort::default(), &mut |_| ()).await.unwrap();
        let before = tables(&mut database).await;

        let plan = database.plan_reset().await.unwrap();
        for (table, sum) in first.manifest.iter() {
            assert!(plan.tables.contains(&(table, sum.rows as i64)), "{:?}: {table} in {plan:?}", test.dialect);
        }
        assert!(plan.tables.contains(&("credit_seed_runs", 1)), "{:?}: {plan:?}", test.dialect);
        assert!(plan.tables.contains(&("credit_seed_migrations", 3)), "{:?}: {plan:?}", test.dialect);
        assert_eq!(plan.views, ["labelled_transactions"], "{:?}", test.dialect);
        assert_eq!(plan.tables.len(), model::TABLES.len() + 2, "{:?}: {plan:?}", test.dialect);
        assert_eq!(database.recompute().await.unwrap(), first.manifest, "{:?}: a plan changes nothing", test.dialect);

        assert_eq!(database.reset().await.unwrap().tables, plan.tables, "{:?}", test.dialect);
        assert_eq!(tables(&mut database).await, before, "{:?}", test.dialect);
        assert_eq!(count(&mut database, "customers").await, 0, "{:?}", test.dialect);
        assert!(database.book().await.unwrap().is_none(), "{:?}", test.dialect);
        let names = database.texts("SELECT name FROM visitors ORDER BY id").await.unwrap();
        assert_eq!(names, ["Ana", "Luc"], "{:?}", test.dialect);

        let again = database.seed(&scenario, Effort::default(), &mut |_| ()).await.unwrap();
        assert_eq!((again.seeded, again.manifest), (Seeded::Fresh, first.manifest), "{:?}", test.dialect);
    }
}

#[tokio::test]
async fn a_table_of_the_same_name_without_our_marker_is_somebody_elses() {
    for test in engines() {
        let mut database = test.open().await;
        run(&mut database, "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(20))").await;
        run(&mut database, "INSERT INTO customers VALUES (1, 'Ana')").await;
        for said in [
            refusal(database.plan_reset().await),
            refusal(database.reset().await),
            refusal(database.migrate().await),
            refusal(database.seed(&worlds::of(5), Effort::default(), &mut |_| ()).await),
        ] {
            assert!(said.contains("customers"), "{:?}: {said}", test.dialect);
        }
        assert_eq!(database.texts("SELECT name FROM customers").await.unwrap(), ["Ana"], "{:?}", test.dialect);
        assert_eq!(tables(&mut database).await, ["customers"], "{:?}", test.dialect);
    }
}

/// Leaves what the first migration alone has made.
async fn make_older(database: &mut Database) {
    run(database, "DROP VIEW labelled_transactions").await;
    for table in ["event_labels", "transaction_labels", "transactions", "accounts", "banks"] {
        run(database, &format!("DROP TABLE {table}")).await;
    }
    run(database, "DELETE FROM credit_seed_migrations WHERE version > 1").await;
}

#[tokio::test]
async fn what_an_older_version_made_is_ours_and_what_it_did_not_know_is_not() {
    for test in engines() {
        let mut database = test.open().await;
        database.migrate().await.unwrap();
        let whole = tables(&mut database).await;
        make_older(&mut database).await;
        let plan = database.plan_reset().await.unwrap();
        assert_eq!((plan.views.len(), plan.tables.len()), (0, whole.len() - 6), "{:?}: {plan:?}", test.dialect);
        database.reset().await.unwrap();
        assert_eq!(tables(&mut database).await, whole, "{:?}", test.dialect);
        make_older(&mut database).await;
        database.migrate().await.unwrap();
        assert_eq!(tables(&mut database).await, whole, "{:?}", test.dialect);

        for (theirs, name) in [
            ("TABLE accounts (name VARCHAR(20))", "accounts"),
            ("VIEW labelled_transactions AS SELECT 'Ana' AS name", "labelled_transactions"),
        ] {
            make_older(&mut database).await;
            let before = tables(&mut database).await.len();
            run(&mut database, &format!("CREATE {theirs}")).await;
            for said in [
                refusal(database.plan_reset().await),
                refusal(database.reset().await),
                refusal(database.migrate().await),
                refusal(database.seed(&worlds::of(5), Effort::default(), &mut |_| ()).await),
            ] {
                assert!(said.contains(name), "{:?}: {said}", test.dialect);
            }
            assert_eq!(tables(&mut database).await.len(), before + 1, "{:?}: nothing was touched", test.dialect);
            run(&mut database, &format!("DROP {} {name}", theirs.split(' ').next().unwrap())).await;
            database.migrate().await.unwrap();
        }

        if test.dialect == Dialect::MySql {
            // A migration that was cut off: what it has made so far is ours.
            run(&mut database, "DROP VIEW labelled_transactions").await;
            run(&mut database, "DROP TABLE event_labels").await;
            run(&mut database, "DROP TABLE transaction_labels").await;
            run(&mut database, "UPDATE credit_seed_migrations SET success = FALSE WHERE version = 2").await;
            run(&mut database, "DELETE FROM credit_seed_migrations WHERE version > 2").await;
            assert_eq!(database.plan_reset().await.unwrap().tables.len(), whole.len() - 3);
            database.migrate().await.unwrap();
            assert_eq!(tables(&mut database).await, whole);
        }

        run(&mut database, "DROP VIEW labelled_transactions").await;
        run(&mut database, "CREATE TABLE labelled_transactions (name VARCHAR(20))").await;
        let said = refusal(database.reset().await);
        assert!(said.contains("labelled_transactions is a table"), "{:?}: {said}", test.dialect);
    }
}

#[tokio::test]
async fn what_refers_to_our_tables_keeps_them() {
    for test in engines() {
        let mut database = test.open().await;
        let manifest = database.seed(&worlds::of(10), Effort::default(), &mut |_| ()).await.unwrap().manifest;
        let alike = if test.dialect == Dialect::MySql { "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
        let theirs = format!(
            "CREATE TABLE visits (id INTEGER PRIMARY KEY, who VARCHAR(50) {alike}, \
             FOREIGN KEY (who) REFERENCES customers (customer_id))"
        );
        run(&mut database, &theirs).await;
        run(&mut database, "INSERT INTO visits SELECT 1, MIN(customer_id) FROM customers").await;
        for said in [refusal(database.plan_reset().await), refusal(database.reset().await)] {
            assert!(said.contains("visits"), "{:?}: {said}", test.dialect);
        }
        assert_eq!(database.recompute().await.unwrap(), manifest, "{:?}", test.dialect);
        let met = "SELECT COUNT(*) FROM visits JOIN customers ON customer_id = who";
        assert_eq!(database.count(met).await.unwrap(), 1, "{:?}", test.dialect);
    }
}
