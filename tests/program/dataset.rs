//! `credit-seed dataset`: columns, figures and refusals, as they are seen from outside.

use serde_json::Value;

use crate::place::Place;

const FRAUD: [&str; 4] = ["dataset", "fraud", "-n", "40"];

/// The first line and how many follow.
fn head(text: &str) -> (&str, usize) {
    (text.lines().next().unwrap_or_default(), text.lines().count().saturating_sub(1))
}

#[test]
fn columns_are_exactly_these() {
    let place = Place::new();
    let ran = place.run(&["dataset", "transactions", "--customers", "2"]).exits(0);
    assert_eq!(
        head(&ran.stdout).0,
        "customer_id,transaction_id,timestamp,transaction_type,amount,is_accident_burst,is_high_amount_accident,\
         is_mistyped_entity_accident,city,entity_type,recipient_entity,original_recipient_entity"
    );
    let ran = place.run(&["dataset", "users", "-n", "7"]).exits(0);
    assert_eq!(head(&ran.stdout), ("id,name,email,age,city,signup_date,is_premium", 7));
    let ran = place.run(&["dataset", "statement", "--persona", "maria", "--as", "csv", "-n", "50"]).exits(0);
    let columns = "id,user_id,date,merchant,category,amount,currency,balance_after,is_recurring,location";
    assert_eq!(head(&ran.stdout), (columns, 50));
    assert_eq!(place.files(), [""; 0], "no database was made");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = Place::new();
    for set in [&["dataset", "transactions", "--customers", "40"][..], &["dataset", "users", "--locale", "es"], &FRAUD]
    {
        let of = |jobs: &str| {
            let ran = place.run(&[set, &["--jobs", jobs]].concat());
            (ran.stdout, ran.stderr)
        };
        assert!(of("1") == of("4"), "{set:?}");
    }
}

#[test]
fn maria_is_as_she_was_described() {
    let place = Place::new();
    let profile = place.run(&["dataset", "profile", "--persona", "maria"]).exits(0).json();
    assert_eq!((&profile["name"], &profile["age"]), (&"María García".into(), &28.into()));
    assert_eq!((&profile["account_type"], &profile["member_since"]), (&"N26 Smart".into(), &"2022-03-15".into()));
    assert_eq!((&profile["monthly_income"], &profile["credit_score"]), (&2800.0.into(), &720.into()));
    assert_eq!((&profile["savings_goal"], &profile["current_savings"]), (&10_000.0.into(), &3450.0.into()));
    let budget = r#"{"food":400.0,"transport":150.0,"entertainment":100.0,"shopping":200.0,"bills":300.0}"#;
    assert_eq!(profile["categories_budget"], serde_json::from_str::<Value>(budget).unwrap());

    let document = place.run(&["dataset", "statement", "--persona", "maria", "--format", "json"]).exits(0).json();
    let lines = document["transactions"].as_array().unwrap();
    assert_eq!((lines.len(), &lines[0]["id"], &lines[99]["id"]), (100, &"tx_00000".into(), &"tx_00099".into()));
    let cents = |value: &Value| (value.as_f64().unwrap() * 100.0).round() as i64;
    for (newer, older) in lines.iter().zip(&lines[1..]) {
        assert_eq!(cents(&newer["balance_after"]) - cents(&newer["amount"]), cents(&older["balance_after"]));
        assert!(newer["date"].as_str() >= older["date"].as_str());
        assert_eq!(cents(&newer["amount"]) > 0, newer["category"] == "income");
    }
    let (summary, amounts) = (&document["summary"], lines.iter().map(|line| cents(&line["amount"])));
    let spent = -amounts.clone().filter(|cents| *cents < 0).sum::<i64>();
    assert_eq!((cents(&summary["net"]), cents(&summary["total_expenses"])), (amounts.sum(), spent));
    assert_eq!(cents(&summary["avg_daily_spend"]), (spent as f64 / 90.0).round() as i64);
    assert_eq!((summary["top_merchants"].as_array().unwrap().len(), &summary["transaction_count"]), (5, &100.into()));
    let other = place.run(&["dataset", "statement", "--persona", "maria", "--format", "json", "--seed", "7"]).exits(0);
    assert_ne!(other.json()["transactions"], document["transactions"]);
}

#[test]
fn a_statement_is_printed() {
    let place = Place::new();
    let arguments = ["dataset", "statement", "--persona", "maria", "--month", "2025-11", "--to", "maria.pdf"];
    place.run(&arguments).exits(0).says(&["wrote 35 lines of María García to maria.pdf"]);
    let pdf = place.read("maria.pdf");
    let has = |text: &[u8]| pdf.windows(text.len()).any(|window| window == text);
    assert!(pdf.starts_with(b"%PDF-") && has(b"(Netflix)") && has(b"(Extracto de cuenta)") && has(b"(1 nov 2025"));
    place.run(&arguments).refuses(4, &["maria.pdf exists", "--overwrite"]);
    place.run(&[&arguments[..], &["--overwrite"]].concat()).exits(0);
    assert!(pdf == place.read("maria.pdf"), "the same bytes");
    place.run(&["dataset", "statement", "--customer", "3", "--to", "us.pdf"]).exits(0);
    assert!(place.read("us.pdf").starts_with(b"%PDF-"));
}

#[test]
fn what_cannot_be_is_said() {
    let place = Place::new();
    let refuses = |arguments: &[&str], sentences: &[&str]| {
        place.run(&[&["dataset"], arguments].concat()).refuses(2, sentences);
    };
    refuses(&["profile", "--customer", "1000"], &["1000 is not among the 1000 customers", "--customers"]);
    refuses(&["profile", "--customer", "Deborah"], &["\"Deborah\" names no customer", "a customer_id"]);
    refuses(&["profile", "--customers", "0"], &["no customers"]);
    refuses(&["profile", "--customer", "3", "--persona", "maria"], &["cannot be used with"]);
    refuses(&["profile", "--persona", "maria", "--as-of", "2022-01-31"], &["since 2022-03-15", "--as-of"]);
    refuses(&["statement", "--month", "2026-01"], &["2026-01 lies outside the data", "to 2025-12"]);
    refuses(&["statement", "--month", "November"], &["is not a month", "2025-11"]);
    refuses(&["statement", "-n", "0"], &["'0'"]);
    refuses(&["fraud", "-n", "0"], &["'0'"]);
    refuses(&["fraud", "--fraud-rate", "2"], &["--fraud-rate: 2 is no share", "from 0 to 1"]);
    refuses(&["fraud", "--fraud-rate", "-0.1"], &["--fraud-rate: -0.1 is no share"]);
    refuses(&["users", "-n", "-5"], &["'-5'", "a whole number from 1"]);
    refuses(&["profile", "--customer", "-5"], &["\"-5\" names no customer"]);
    refuses(&["profile", "--customer", "+5"], &["\"+5\" names no customer"]);
    refuses(&["users", "--to", "."], &[". is a directory"]);
    refuses(&["statement", "--month", "2020-12"], &["2020-12 lies outside the data"]);
    refuses(&["users", "--as", "pdf"], &["users cannot be pdf", "csv, jsonl"]);
    refuses(&["users", "--to", "users.parquet"], &["Parquet", "a later version"]);
    refuses(&["users", "--to", "s3://bucket/users.csv"], &["S3 comes with a later version"]);
    assert_eq!(place.files(), [""; 0]);
}
