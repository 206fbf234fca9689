//! Flows: loans, instalments and pay, as other tables have them, are on the account.
//!
//! Transactions are written from some day on, the same for all customers. A life shows only the first day on which
//! something was booked in it, which cannot lie before, so what is dated from there on must be on the account.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Rule;
use super::ledger::Entry;
use super::life::Life;
use crate::encode::Record;
use crate::schema::{Day, Month};
use crate::validate::cell::{day, day_if_any, money, text};
use crate::validate::check::{Check, Outcome, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "flows.loans_paid_out",
        about: "the money of a loan with a term comes on funded_on, and no such money without its loan",
        judge: loans_paid_out,
    },
    Rule {
        id: "flows.instalments",
        about: "what was paid of an instalment leaves the account on paid_on, and nothing else does in its name",
        judge: instalments,
    },
    Rule {
        id: "flows.pay",
        about: "what a month's income record says came in on the account, from the month after joining on",
        judge: pay,
    },
    Rule {
        id: "flows.no_salary",
        about: "who is unemployed, retired or not working is paid no salary",
        judge: no_salary,
    },
];

fn entries<'l, 'a>(life: &'l Life<'a>) -> impl Iterator<Item = &'l Entry<'a>> {
    life.accounts.iter().filter(|account| account.is_ours()).flat_map(|account| &account.entries)
}

/// Movements of loans, in or out, by their description. What cannot be read is no movement of either kind; that is a fault
/// of its own.
fn of_loans<'l, 'a>(life: &'l Life<'a>, comes_in: bool) -> BTreeMap<&'a str, Vec<&'l Entry<'a>>> {
    let mut named: BTreeMap<&str, Vec<&Entry<'_>>> = BTreeMap::new();
    let loans = entries(life).filter(|entry| entry.is("loan"));
    for entry in loans.filter(|entry| entry.amount.as_ref().is_ok_and(|amount| (*amount > Decimal::ZERO) == comes_in)) {
        named.entry(entry.row.text("description").unwrap_or("")).or_default().push(entry);
    }
    named
}

/// Whether the movement is there, once. Accidents may have repeated or changed it, which their labels say.
fn booked(movements: Option<Vec<&Entry<'_>>>, on: Day, amount: Decimal) -> Outcome {
    let movements = movements.unwrap_or_default();
    let honest: Vec<_> = movements.iter().filter(|entry| !entry.is_labelled).collect();
    match honest[..] {
        [] => ensure(!movements.is_empty(), || format!("{amount} on {on} is not on the account")),
        [entry] => {
            let (day, moved) = (entry.day()?, entry.amount.clone()?);
            ensure(day == on && moved == amount, || format!("{moved} moved on {day}, expected {amount} on {on}"))
        }
        _ => Err(format!("{} movements for one", honest.len())),
    }
}

/// Faults the movements that belong to nothing.
fn unclaimed(movements: BTreeMap<&str, Vec<&Entry<'_>>>, check: &mut Check) {
    let mut rest: Vec<_> = movements.into_values().flatten().filter(|entry| !entry.is_labelled).collect();
    rest.sort_by_key(|entry| entry.row.text("transaction_id"));
    for entry in rest {
        check.row(entry.row, || {
            let what = text(entry.row, "description")?;
            Err(format!("{what:?} belongs to no loan of the customer's"))
        });
    }
}

fn loans_paid_out(life: &Life<'_>, check: &mut Check) {
    let Some(from) = life.booked_from() else { return };
    let mut movements = of_loans(life, true);
    for loan in life.loans.iter().filter(|loan| !loan.is_line()) {
        if loan.row.day("funded_on").is_some_and(|funded| funded < from) {
            continue;
        }
        let paid_out = movements.remove(&*format!("Loan {} paid out", loan.row.text("loan_id").unwrap_or("NULL")));
        check.row(loan.row, || booked(paid_out, day(loan.row, "funded_on")?, money(loan.row, "principal")?));
    }
    unclaimed(movements, check);
}

fn instalments(life: &Life<'_>, check: &mut Check) {
    let Some(from) = life.booked_from() else { return };
    let mut movements = of_loans(life, false);
    for payment in life.of("loan_payments") {
        let Some(on) = day_if_any(payment, "paid_on").transpose() else { continue };
        if on.as_ref().is_ok_and(|on| *on < from) {
            continue;
        }
        let paid = movements.remove(&*format!("Loan payment {}", payment.text("payment_id").unwrap_or("NULL")));
        check.row(payment, || booked(paid, on?, -money(payment, "amount_paid")?));
    }
    unclaimed(movements, check);
}

fn pay(life: &Life<'_>, check: &mut Check) {
    let (Some(from), Ok(joined)) = (life.booked_from(), life.joined_on()) else { return };
    let mut stated: BTreeMap<Month, (&Record, Result<Decimal, String>)> = BTreeMap::new();
    for row in life.of("financial_records").iter().filter(|row| row.text("record_type") == Some("income")) {
        // What cannot be read belongs to no month; `money.statements_balance` names it.
        let Ok(date) = day(row, "record_date") else { continue };
        // A change in value is no money.
        if row.text("description").is_none_or(|what| what.starts_with("Change in value")) {
            continue;
        }
        let (_, sum) = stated.entry(date.month()).or_insert((row, Ok(Decimal::ZERO)));
        *sum = sum.clone().and_then(|sum| Ok(sum + money(row, "amount")?));
    }
    stated.retain(|month, _| month.first() >= from && month.first() > joined);
    if stated.is_empty() {
        return;
    }
    let mut came: BTreeMap<Month, Result<Decimal, String>> = BTreeMap::new();
    for entry in entries(life).filter(|entry| entry.is("income")) {
        let Ok(date) = entry.day() else { continue };
        let sum = came.entry(date.month()).or_insert(Ok(Decimal::ZERO));
        *sum = sum.clone().and_then(|sum| Ok(sum + entry.amount.clone()?));
    }
    for (month, (row, stated)) in stated {
        check.row(row, || {
            let (came, stated) = (came.remove(&month).unwrap_or(Ok(Decimal::ZERO))?, stated?);
            ensure(came == stated, || format!("an income of {stated}, but {came} came in"))
        });
    }
}

fn no_salary(life: &Life<'_>, check: &mut Check) {
    let employment = life.customer().and_then(|customer| customer.text("employment_type"));
    let Some(idle @ ("unemployed" | "retired" | "not_working")) = employment else { return };
    for entry in entries(life) {
        check.row(entry.row, || {
            let is_salary = text(entry.row, "transaction_type")? == "salary";
            ensure(!is_salary, || format!("the salary of a customer who is {idle}"))
        });
    }
}
