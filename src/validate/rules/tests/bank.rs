//! The rules on accounts, flows and labels, each broken in such a way that no other fails.

use super::{END, good, judge, life, row, set, verdict};
use crate::encode::LifeRecords;
use crate::model::Space;
use crate::model::ids::Ids;
use crate::validate::report::{Finding, Verdict};

/// A table, a row of it, a column and what to write there.
type Edit = (&'static str, usize, &'static str, &'static str);

/// For each rule on accounts, changes that break this one and no other.
pub(super) const BREAKS: &[(&str, &[Edit])] = &[
    ("bank.one_checking", &[("accounts", 1, "account_type", "checking")]),
    ("bank.cards_are_loans", &[("accounts", 2, "opened_on", "2025-05-07")]),
    ("bank.cards_are_loans", &[("loans", 3, "funded_on", "2025-05-07")]),
    ("bank.opened_first", &[("accounts", 1, "opened_on", "2025-05-11")]),
    ("bank.currency", &[("transactions", 2, "currency", "EUR")]),
    ("bank.currency", &[("accounts", 2, "currency", "EUR")]),
    ("bank.strict_order", &[("transactions", 1, "booked_at", "2025-02-20T10:00:00.250Z")]),
    ("bank.balances", &[("transactions", 10, "balance_after", "3349.96")]),
    ("bank.balances", &[("transactions", 7, "amount", "-60.01")]),
    ("bank.balances", &[("transactions", 7, "amount", "much")]),
    // In another order the same amounts make other balances: to the millisecond.
    ("bank.balances", &[("transactions", 1, "booked_at", "2025-02-20T10:00:00.249Z")]),
    ("bank.limits", &[("accounts", 1, "opening_balance", "-0.01"), ("transactions", 6, "balance_after", "99.99")]),
    ("bank.limits", &[("transactions", 7, "amount", "500.01"), ("transactions", 7, "balance_after", "500.01")]),
    (
        "bank.limits",
        &[
            ("accounts", 0, "opening_balance", "499.99"),
            ("transactions", 0, "balance_after", "459.99"),
            ("transactions", 1, "balance_after", "409.99"),
            ("transactions", 2, "balance_after", "69.97"),
            ("transactions", 3, "balance_after", "89.97"),
            ("transactions", 4, "balance_after", "-250.06"),
            ("transactions", 5, "balance_after", "-350.06"),
            ("transactions", 8, "balance_after", "649.94"),
            ("transactions", 9, "balance_after", "1649.94"),
            ("transactions", 10, "balance_after", "2849.94"),
        ],
    ),
    ("bank.refunds", &[("transactions", 3, "description", "Refund of t8")]),
    ("bank.refunds", &[("transactions", 3, "description", "Refund of t5")]),
    ("bank.refunds", &[("transactions", 3, "description", "With thanks")]),
    ("bank.refunds", &[("transactions", 3, "recipient_entity", "Oak Wear")]),
    (
        "bank.refunds",
        &[
            ("transactions", 1, "amount", "-19.99"),
            ("transactions", 1, "balance_after", "940.01"),
            ("transactions", 2, "balance_after", "599.99"),
            ("transactions", 3, "balance_after", "619.99"),
            ("transactions", 4, "balance_after", "279.96"),
            ("transactions", 5, "balance_after", "179.96"),
            ("transactions", 8, "balance_after", "1179.96"),
            ("transactions", 9, "balance_after", "2179.96"),
            ("transactions", 10, "balance_after", "3379.96"),
        ],
    ),
    ("bank.own_transfers", &[("transactions", 6, "booked_at", "2025-05-10T12:00:00.004Z")]),
    ("bank.own_transfers", &[("transactions", 6, "counterparty_account_id", "k9")]),
    ("bank.own_transfers", &[("transactions", 6, "amount", "99.99"), ("transactions", 6, "balance_after", "149.99")]),
    ("bank.own_transfers", &[("transactions", 7, "counterparty_account_id", "k3")]),
    ("flows.loans_paid_out", &[("transactions", 8, "description", "Loan l1 paid out")]),
    ("flows.loans_paid_out", &[("transactions", 8, "category", "savings")]),
    ("flows.loans_paid_out", &[("transactions", 8, "booked_at", "2025-10-11T10:00:00.000Z")]),
    (
        "flows.loans_paid_out",
        &[("transactions", 9, "category", "loan"), ("financial_records", 0, "description", "Change in value")],
    ),
    ("flows.instalments", &[("transactions", 2, "description", "Loan payment p9")]),
    ("flows.instalments", &[("transactions", 2, "category", "savings")]),
    ("flows.instalments", &[("transactions", 4, "booked_at", "2025-04-06T05:00:00.000Z")]),
    ("flows.instalments", &[("transactions", 7, "category", "loan")]),
    ("flows.pay", &[("transactions", 9, "category", "family")]),
    ("flows.pay", &[("transactions", 9, "booked_at", "2025-12-01T08:00:00.000Z")]),
    (
        "flows.pay",
        &[("transactions", 7, "category", "income"), ("transactions", 7, "booked_at", "2025-12-24T18:00:00.000Z")],
    ),
    ("flows.no_salary", &[("transactions", 10, "transaction_type", "salary")]),
    ("labels.case", &[("transaction_labels", 0, "case_id", "t2")]),
    ("labels.case", &[("transaction_labels", 0, "case_id", "t9")]),
    ("labels.known_afterwards", &[("transaction_labels", 0, "known_at", "2025-02-20T10:00:00.249Z")]),
    ("labels.original_recipient", &[("transaction_labels", 0, "original_recipient_entity", "user_7")]),
    ("labels.original_recipient", &[("transaction_labels", 1, "original_recipient_entity", "user_1")]),
    ("labels.original_recipient", &[("transaction_labels", 1, "role", "returned")]),
];

fn failed(findings: &[Finding]) -> Vec<&str> {
    let failed = findings.iter().filter(|finding| finding.verdict() == Verdict::Failed);
    failed.map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn every_rule_on_accounts_is_seen_to_fail_alone() {
    for (rule, edits) in BREAKS {
        let mut life = good();
        for &(table, row, column, value) in *edits {
            set(&mut life, table, row, column, Some(value));
        }
        let findings = judge([&life], Some(END));
        assert_eq!(failed(&findings), [*rule], "{edits:?}");
    }
}

#[test]
fn rows_that_are_missing_or_once_too_often_are_noticed() {
    let without = |table: &str, row: usize| {
        let mut life = good();
        life.of_mut(table).remove(row);
        judge([&life], Some(END))
    };
    for (table, row, rule) in [
        ("accounts", 0, "bank.one_checking"),
        ("accounts", 0, "bank.currency"),
        ("accounts", 2, "bank.cards_are_loans"),
        ("transactions", 1, "bank.refunds"),
        ("transactions", 4, "bank.balances"),
        ("transactions", 6, "bank.own_transfers"),
        ("transactions", 8, "flows.loans_paid_out"),
        ("transactions", 4, "flows.instalments"),
        ("transactions", 10, "flows.pay"),
        ("transactions", 0, "labels.known_afterwards"),
        ("transactions", 0, "labels.original_recipient"),
        ("loans", 1, "flows.loans_paid_out"),
        ("loans", 3, "bank.cards_are_loans"),
        ("loan_payments", 2, "flows.instalments"),
        ("transaction_labels", 1, "none"),
    ] {
        let findings = without(table, row);
        let failed = failed(&findings);
        assert!(failed.contains(&rule) || (rule == "none" && failed.is_empty()), "{table}[{row}]: {failed:?}");
    }
    // Of two purchases that come back, one is too much; of two instalments, one was never due.
    for (row, rule) in [(3, "bank.refunds"), (2, "flows.instalments"), (8, "flows.loans_paid_out"), (9, "flows.pay")] {
        let mut life = good();
        let mut again = life.of("transactions")[row].clone();
        for (column, value) in
            [("transaction_id", "z1"), ("amount", "40.00"), ("booked_at", "2025-11-29T10:00:00.000Z")]
        {
            if column != "amount" || rule == "bank.refunds" {
                again.cells[again.schema.position(column).unwrap()] = Some(value.to_owned());
            }
        }
        life.of_mut("transactions").push(again);
        assert_eq!(verdict(&judge([&life], Some(END)), rule), Verdict::Failed, "{rule}");
    }
}

#[test]
fn accidents_and_frauds_break_no_rule_on_flows_or_statements() {
    // The instalment of February is taken three times as high, and somebody empties the card.
    let mut life = good();
    for (row, column, value) in [
        (2, "amount", "-500.00"),
        (2, "balance_after", "410.00"),
        (3, "balance_after", "430.00"),
        (4, "balance_after", "89.97"),
        (5, "balance_after", "-10.03"),
        (8, "balance_after", "989.97"),
        (9, "balance_after", "1989.97"),
        (10, "balance_after", "3189.97"),
        (7, "amount", "-9000.00"),
        (7, "balance_after", "-9000.00"),
    ] {
        set(&mut life, "transactions", row, column, Some(value));
    }
    let without = judge([&life], Some(END));
    assert_eq!(failed(&without), ["money.liabilities_cover_loans", "flows.instalments"]);
    for label in ["t3, high_amount, t3, mistaken", "t8, fraud_card_testing, t8, spending"] {
        let label = format!("{label}, 2026-01-02T09:00:00.000Z, ");
        life.of_mut("transaction_labels").push(row("transaction_labels", &label));
    }
    assert!(failed(&judge([&life], Some(END))).is_empty());
}

#[test]
fn days_before_the_first_transaction_are_not_judged() {
    let mut life = good();
    life.of_mut("transactions").retain(|row| row.text("transaction_id") > Some("t9"));
    life.of_mut("transaction_labels").clear();
    set(&mut life, "accounts", 0, "opening_balance", Some("1149.95"));
    set(&mut life, "accounts", 1, "opening_balance", Some("150.00"));
    set(&mut life, "accounts", 2, "opening_balance", Some("-60.00"));
    let findings = judge([&life], Some(END));
    assert!(failed(&findings).is_empty(), "{:?}", failed(&findings));
    assert_eq!(verdict(&findings, "flows.instalments"), Verdict::NotCheckable);
    // Nor is anything said of flows where nothing is booked, but of what stands on the accounts there is.
    life.of_mut("transactions").clear();
    let findings = judge([&life], Some(END));
    assert_eq!(verdict(&findings, "flows.pay"), Verdict::NotCheckable);
    assert_eq!(verdict(&findings, "money.assets_cover_accounts"), Verdict::Ok);
    set(&mut life, "accounts", 0, "opening_balance", Some("4950.01"));
    assert_eq!(failed(&judge([&life], Some(END))), ["money.assets_cover_accounts"]);
}

#[test]
fn a_transfer_between_customers_has_two_legs() {
    let ids = Ids::new(7);
    let account = |owner| ids.nth(Space::Account, owner, 0).to_string();
    // Customer `own` pays `amount` to `other`.
    let leg = |own: u64, other: u64, amount: i32, ms: u32| {
        let (own_id, other) = (account(own), account(other));
        life(&[
            (
                "customers",
                &[&format!("c{own}, A, B, a@example.com, , 1985-05-05, , , , , , , 1.00, 2020-01-15T09:00:00.000Z")],
            ),
            ("accounts", &[&format!("north, {own_id}, c{own}, A, checking, USD, 2020-01-15, 100.00, SYNTHETIC, ")]),
            (
                "transactions",
                &[&format!(
                    "t{own}, north, {own_id}, 2025-02-20T10:00:00.{ms:03}Z, person_to_person, family, , person, user_1, \
                     Sent, Boston, US, {amount}.00, USD, {}.00, false, {other}, SYNTHETIC",
                    100 + amount
                )],
            ),
        ])
    };
    let of = |lives: &[LifeRecords]| {
        let findings = judge(lives, Some(END));
        let finding = findings.iter().find(|finding| finding.rule == "population.transfers").unwrap();
        (finding.examined, finding.violations)
    };
    let (pays, gets) = (leg(4, 6, -10, 3), leg(6, 4, 10, 3));
    let between = leg(5, 1_000, -1, 3);
    assert_eq!(of(&[pays.clone(), between.clone(), gets.clone()]), (1, 0));
    assert_eq!(of(&[gets.clone(), between.clone(), pays.clone()]), (1, 0), "in any order");
    // Alone, its partner is out of the database.
    assert_eq!(of(&[pays.clone(), between.clone()]), (0, 0));
    // One faults each leg that is alone though its partner is there, first or last.
    for wrong in [leg(6, 4, 11, 3), leg(6, 4, 10, 4), leg(6, 4, -10, 3)] {
        assert_eq!(of(&[pays.clone(), between.clone(), wrong.clone()]), (2, 2));
        assert_eq!(of(&[wrong, pays.clone()]), (2, 2));
    }
    assert_eq!(of(&[pays.clone(), leg(6, 7, 10, 3)]), (1, 1));
    assert_eq!(of(&[leg(4, 7, 10, 3), between, gets]), (1, 1));
    let twice = [pays.clone(), pays.clone(), leg(6, 4, 10, 3)];
    assert_eq!(of(&twice), (2, 1), "one leg is the other side of one");
}
