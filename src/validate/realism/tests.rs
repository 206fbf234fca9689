//! The scorecard on a small bank of our own, and on the same bank spoilt.

use sqlx::AssertSqlSafe;

use super::{PUBLISHED, Score, Scorecard, Verdict, scorecard};
use crate::scenario::Scenario;
use crate::sinks::Database;

async fn bank(scenario: Scenario) -> Database {
    let mut bank = Database::open("sqlite::memory:", true).await.unwrap();
    bank.seed(&scenario, Default::default(), &mut |_| ()).await.unwrap();
    bank
}

async fn execute(bank: &mut Database, sql: &str) {
    let Database::Sqlite(connection) = bank else { panic!("opened as SQLite") };
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

fn score<'a>(card: &'a Scorecard, id: &str) -> &'a Score {
    card.scores.iter().find(|score| score.published.id == id).unwrap()
}

#[tokio::test]
async fn every_check_is_there_once_and_small_samples_prove_nothing() {
    let mut bank = bank(Scenario { customers: 120, credit_history_entries: 12, ..Scenario::default() }).await;
    let card = scorecard(&mut bank).await.unwrap();
    let ids: Vec<&str> = card.scores.iter().map(|score| score.published.id.as_str()).collect();
    assert_eq!(ids, PUBLISHED.iter().map(|published| published.id.as_str()).collect::<Vec<_>>());
    assert!(card.passed() && card.months == 12, "{card}");
    for id in ["C01", "C21", "C29", "S01", "S02", "S03", "S04", "S05", "S06"] {
        assert_eq!(score(&card, id).verdict, Verdict::Pass, "{}", score(&card, id));
    }
    for id in ["C02", "C06", "C11", "C12", "C20", "C24", "C28", "C30"] {
        assert_eq!(score(&card, id).verdict, Verdict::TooFewRows, "{}", score(&card, id));
    }
    assert!(score(&card, "C11").note.as_ref().unwrap().contains("24"));

    let text = card.to_string();
    assert!(
        text.contains("\npass          C21") && text.contains("too few rows  C02  Age pyramid (n = 120 of 500)"),
        "{text}"
    );
    let json = serde_json::to_value(&card).unwrap();
    assert_eq!(json["checks"][10]["verdict"], "too_few_rows");
    assert_eq!(json["checks"][0]["values"][0]["value"], 0.0);
}

#[tokio::test]
async fn what_is_spoilt_fails() {
    let scenario = Scenario { customers: 150, financial_records_per_customer: 20, ..Scenario::default() };
    let mut bank = bank(scenario).await;
    for (sql, id) in [
        ("UPDATE customers SET first_name = 'Nobody' WHERE rowid = 1", "S06"),
        ("UPDATE events SET customer_id = 'nobody' WHERE rowid = 1", "S05"),
        ("UPDATE customers SET date_of_birth = '2012-02-29' WHERE rowid = 1", "C01"),
        ("UPDATE customers SET ssn = '123-45-6789' WHERE rowid = 1", "S02"),
        ("UPDATE customers SET phone = REPLACE(phone, ' 555-', ' 554-') WHERE rowid = 1", "S03"),
        ("UPDATE customers SET email = 'someone@example.net.us' WHERE rowid = 1", "S04"),
        ("UPDATE customers SET state = CASE state WHEN 'AK' THEN 'HI' ELSE 'AK' END WHERE rowid = 1", "S01"),
        ("UPDATE loan_decisions SET decided_on = '1999-12-31' WHERE rowid = 1", "C21"),
        ("UPDATE financial_records SET amount = amount + 0.01 WHERE record_type = 'expense'", "C23"),
        ("UPDATE market_data SET value = 5 WHERE data_type = 'unemployment'", "C29"),
    ] {
        let before = scorecard(&mut bank).await.unwrap();
        assert_ne!(score(&before, id).verdict, Verdict::Fail, "{}", score(&before, id));
        execute(&mut bank, "PRAGMA foreign_keys = OFF").await;
        execute(&mut bank, sql).await;
        let card = scorecard(&mut bank).await.unwrap();
        assert_eq!(score(&card, id).verdict, Verdict::Fail, "{sql}: {}", score(&card, id));
        assert!(!card.passed());
    }
    execute(&mut bank, "DROP TABLE events").await;
    let error = scorecard(&mut bank).await.unwrap_err().to_string();
    assert!(error.contains("there is no table events"), "{error}");
}

#[tokio::test]
async fn a_downturn_excuses_what_a_disorder_does_not() {
    let mut bank = bank(Scenario { customers: 1_200, ..Scenario::default() }).await;
    execute(&mut bank, "UPDATE loan_decisions SET decision = 'rejected'").await;
    for (unemployment, verdict) in [(4.5, Verdict::Fail), (9.0, Verdict::Informative), (900.0, Verdict::Fail)] {
        let sql = format!("UPDATE market_data SET value = {unemployment} WHERE data_type = 'unemployment'");
        execute(&mut bank, &sql).await;
        let card = scorecard(&mut bank).await.unwrap();
        assert_eq!(score(&card, "C15").verdict, verdict, "{}", score(&card, "C15"));
    }
}

#[tokio::test]
async fn an_empty_bank_proves_nothing_and_breaks_nothing() {
    let scenario = Scenario { customers: 0, market_data_points: 0, ..Scenario::default() };
    let card = scorecard(&mut bank(scenario).await).await.unwrap();
    assert!(!card.passed() && card.count(Verdict::Fail) == 0, "{card}");
}
