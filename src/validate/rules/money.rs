//! Money: what comes in and goes out is what the balance gains, and what is owed on loans is among the liabilities.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Rule;
use super::life::{Life, Loan};
use crate::encode::Record;
use crate::schema::{Day, Month};
use crate::validate::cell::{day, decimal};
use crate::validate::check::{Check, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "money.statements_balance",
        about: "income - expense = change of (asset - liability), wherever two consecutive months are whole",
        judge: statements_balance,
    },
    Rule {
        id: "money.liabilities_cover_loans",
        about: "the newest liabilities are at least the principal outstanding then on loans with a term",
        judge: liabilities_cover_loans,
    },
];

/// A month's sums of income, expense, asset and liability; `None` where there is no such row.
#[derive(Default)]
struct Statement([Option<Decimal>; 4]);

const TYPES: [&str; 4] = ["income", "expense", "asset", "liability"];

fn statements_balance(life: &Life<'_>, check: &mut Check) {
    let mut months: BTreeMap<Month, Statement> = BTreeMap::new();
    for row in life.of("financial_records") {
        // What cannot be read belongs to no month; it is a fault of its own.
        match booked(row) {
            Ok((month, kind, amount)) => {
                *months.entry(month).or_default().0[kind].get_or_insert_default() += amount;
            }
            Err(wrong) => check.row(row, || Err(wrong)),
        }
    }
    let whole = months.iter().filter_map(|(month, statement)| match statement.0 {
        [Some(income), Some(expense), Some(asset), Some(liability)] => {
            Some((*month, income - expense, asset - liability))
        }
        _ => None,
    });
    for pair in whole.collect::<Vec<_>>().windows(2) {
        let [(before, _, opening), (month, flow, closing)] = *pair else { continue };
        if month.since(before) != 1 {
            continue;
        }
        let (last, change) = (month.last(), closing - opening);
        check.thing(|| ensure(flow == change, || format!("{}: flow {flow}, change {change}, {last}", owner(life))));
    }
}

fn booked(row: &Record) -> Result<(Month, usize, Decimal), String> {
    let word = row.text("record_type");
    let kind = TYPES.iter().position(|kind| Some(*kind) == word);
    let kind = kind.ok_or_else(|| format!("record_type is {word:?}"))?;
    Ok((day(row, "record_date")?.month(), kind, cents(row, "amount")?))
}

/// Bounded, so that sums of hostile amounts cannot overflow.
fn cents(row: &Record, column: &str) -> Result<Decimal, String> {
    let amount = decimal(row, column)?;
    let limit = Decimal::new(crate::model::MONEY_MAX, 2);
    if amount.abs() <= limit { Ok(amount) } else { Err(format!("{column} is beyond DECIMAL(12,2)")) }
}

fn liabilities_cover_loans(life: &Life<'_>, check: &mut Check) {
    let Some(month) = life.newest_statement("liability") else { return };
    let rows: Vec<&Record> = life.statements("liability", month).collect();
    let Some(on) = rows.iter().filter_map(|row| row.day("record_date")).max() else { return };
    let loans = life.loans.iter().filter(|loan| !loan.is_line());
    let loans: Vec<&Loan<'_>> = loans.filter(|loan| loan.row.day("funded_on").is_none_or(|day| day <= on)).collect();
    if loans.is_empty() {
        return;
    }
    check.thing(|| {
        let sum = |parts: Result<Vec<Decimal>, String>| parts.map(|parts| parts.into_iter().sum::<Decimal>());
        let named = |wrong| format!("{}: {wrong}", owner(life));
        let owed = sum(loans.iter().map(|loan| outstanding(loan, on)).collect()).map_err(named)?;
        let stated = sum(rows.iter().map(|row| cents(row, "amount")).collect()).map_err(named)?;
        ensure(stated >= owed, || named(format!("liabilities {stated} on {on}, loans {owed}")))
    });
}

/// What was still owed on a day: the least that any payment made by then has left.
fn outstanding(loan: &Loan<'_>, on: Day) -> Result<Decimal, String> {
    let mut owed = cents(loan.row, "principal")?;
    for payment in &loan.payments {
        if payment.day("paid_on").is_some_and(|paid| paid <= on) {
            owed = owed.min(cents(payment, "principal_after")?);
        }
    }
    Ok(owed)
}

fn owner(life: &Life<'_>) -> String {
    let id = life.customer().and_then(|customer| customer.text("customer_id")).unwrap_or("NULL");
    format!("customers {id}")
}
