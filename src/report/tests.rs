//! The page of small banks, empty ones, other people's, and spoilt ones.

use sqlx::AssertSqlSafe;

use super::report;
use crate::scenario::Scenario;
use crate::sinks::Database;

async fn bank(scenario: Scenario) -> Database {
    let mut bank = Database::open("sqlite::memory:", true).await.unwrap();
    bank.seed(&scenario, Default::default(), &mut |_| ()).await.unwrap();
    bank
}

async fn execute(bank: &mut Database, sql: &str) {
    let Database::Sqlite(connection) = bank else { panic!("opened as SQLite") };
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

async fn page(bank: &mut Database) -> String {
    let html = report(bank).await.unwrap().html;
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    for no in ["NaN", "inf\"", "http", "src=", "url(", "@import", "<script", "#0102"] {
        assert!(!html.contains(no), "{no} in {html}");
    }
    for tag in ["figure", "section", "svg", "ul", "dl", "table", "tbody", "p"] {
        let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "every <{tag}> is closed");
    }
    html
}

#[tokio::test]
async fn a_bank_has_charts_and_lives_and_the_same_bytes_again() {
    let scenario = Scenario { customers: 400, credit_history_entries: 60, ..Scenario::default() };
    let mut bank = bank(scenario).await;
    let html = page(&mut bank).await;
    for part in ["<dd>42</dd>", "Credit scores by age", "What goes with what", "Never a payment missed", "C01"] {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.matches("<svg").count() > 20, "{}", html.matches("<svg").count());
    assert_eq!(page(&mut bank).await, html);
}

#[tokio::test]
async fn nothing_to_show_is_said() {
    let scenario = Scenario { customers: 0, market_data_points: 0, ..Scenario::default() };
    let html = page(&mut bank(scenario).await).await;
    assert!(html.contains("A bank of 0 customers") && html.matches("too few rows</p>").count() > 15, "{html}");

    let mut bare = Database::open("sqlite::memory:", true).await.unwrap();
    let html = page(&mut bare).await;
    assert!(html.contains("not written by credit-seed") && html.contains("there is no table customers"), "{html}");
}

#[tokio::test]
async fn a_few_customers_are_too_few() {
    let html = page(&mut bank(Scenario { customers: 3, ..Scenario::default() }).await).await;
    assert!(html.contains("too few rows</p>") && html.contains("Unemployment"), "{html}");
}

#[tokio::test]
async fn spoilt_cells_are_shown_as_text_or_left_out() {
    let mut bank = bank(Scenario { customers: 60, ..Scenario::default() }).await;
    execute(
        &mut bank,
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;
         DELETE FROM credit_seed_runs;
         UPDATE customers SET first_name = '<script>alert(1)</script>', city = '\"&', last_name = 'url(x)';
         UPDATE customers SET annual_income = 1e300 WHERE rowid % 3 = 0;
         UPDATE customers SET annual_income = -5 WHERE rowid % 3 = 1;
         UPDATE customers SET date_of_birth = '9999-12-31' WHERE rowid % 5 = 0;
         UPDATE credit_history SET credit_score = 60000 WHERE rowid % 7 = 0;
         UPDATE credit_history SET record_date = '0001-01-01' WHERE rowid % 11 = 0;
         UPDATE loan_decisions SET quoted_rate = 1e300, debt_to_income = -1e300 WHERE rowid % 2 = 0;
         UPDATE loan_applications SET requested_amount = -1, application_date = '0001-01-01' WHERE rowid % 2 = 0;
         UPDATE loans SET funded_on = '9999-12-31' WHERE rowid % 2 = 0;
         UPDATE market_data SET value = -1e300 WHERE rowid % 2 = 0;
         UPDATE market_data SET value = 1e300, date_recorded = '0001-01-31' WHERE rowid = 17;
         UPDATE financial_records SET amount = 1e15 WHERE rowid % 4 = 0;",
    )
    .await;
    let html = report(&mut bank).await.unwrap().html;
    assert!(html.contains("&lt;script&gt;alert(1)") && !html.contains("<script") && !html.contains("NaN"), "{html}");
    assert!(html.contains("not written by credit-seed"));
}
