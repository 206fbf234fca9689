//! A bank inside your own test: `cargo run --example embed`.

use credit_seed::{Database, Scenario};
use sqlx::{Connection, Row, SqliteConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Three lines: open, seed, ask.
    let mut bank = Database::open("sqlite::memory:", true).await?;
    bank.seed(&small(), Default::default(), &mut |_| ()).await?;
    let rejected = bank.count("SELECT COUNT(*) FROM loan_decisions WHERE decision = 'rejected'").await?;
    println!("{rejected} applications were rejected");

    // With a connection of your own: lend it to the bank, seed, and take it back.
    let connection = SqliteConnection::connect("sqlite::memory:").await?;
    let mut bank = Database::Sqlite(connection);
    let outcome = bank.seed(&small(), Default::default(), &mut |_| ()).await?;
    println!("{} rows in all", outcome.manifest.rows());

    let Database::Sqlite(mut connection) = bank else { unreachable!("it went in as one for SQLite") };
    let sql = "SELECT first_name, last_name, credit_score FROM customers JOIN credit_history USING (customer_id) \
               ORDER BY credit_score DESC, history_id LIMIT 1";
    let best = sqlx::query(sql).fetch_one(&mut connection).await?;
    let (first, last, score): (String, String, i64) = (best.try_get(0)?, best.try_get(1)?, best.try_get(2)?);
    println!("the best score is {score}, and it is {first} {last}'s");

    // The lives are the same wherever they are made, so a test may hold on to one.
    assert_eq!(first_customer(&mut connection).await?, "00000000-0001-8000-8000-0000000b3dee");
    Ok(())
}

fn small() -> Scenario {
    Scenario { customers: 20, ..Scenario::default() }
}

async fn first_customer(connection: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT MIN(customer_id) FROM customers").fetch_one(connection).await
}
