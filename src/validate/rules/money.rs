//! Money: what comes in and goes out is what the balance gains; what is kept here is among the assets, and what is owed
//! here among the liabilities.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Rule;
use super::ledger::Account;
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
        about: "the newest liabilities are at least what is owed then on cards and on loans with a term",
        judge: liabilities_cover_loans,
    },
    Rule {
        id: "money.assets_cover_accounts",
        about: "the newest assets are at least what is then on checking and savings accounts",
        judge: assets_cover_accounts,
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
    let Some((on, rows)) = newest(life, "liability") else { return };
    let loans = life.loans.iter().filter(|loan| !loan.is_line());
    let loans = loans.filter(|loan| loan.row.day("funded_on").is_none_or(|day| day <= on));
    let loans = loans.map(|loan| outstanding(loan, on));
    let cards = accounts(life, on).filter(|account| account.is("credit_card"));
    let cards =
        cards.map(|card| Ok((-but_for_labels(card, on, |amount| amount.is_sign_negative())?).max(Decimal::ZERO)));
    let owed = loans.chain(cards).collect();
    covers(life, check, &rows, owed, |stated, owed| format!("liabilities {stated} on {on}, loans and cards {owed}"));
}

fn assets_cover_accounts(life: &Life<'_>, check: &mut Check) {
    let Some((on, rows)) = newest(life, "asset") else { return };
    let held = accounts(life, on).filter(|account| account.is("checking") || account.is("savings"));
    let held =
        held.map(|account| Ok(but_for_labels(account, on, |amount| amount.is_sign_positive())?.max(Decimal::ZERO)));
    covers(life, check, &rows, held.collect(), |stated, held| format!("assets {stated} on {on}, accounts {held}"));
}

/// The newest statements of a type and their day.
fn newest<'a>(life: &Life<'a>, record_type: &str) -> Option<(Day, Vec<&'a Record>)> {
    let rows: Vec<&Record> = life.statements(record_type, life.newest_statement(record_type)?).collect();
    Some((rows.iter().filter_map(|row| row.day("record_date")).max()?, rows))
}

/// Judges whether the statements add up to at least the parts, if there are any.
fn covers(
    life: &Life<'_>,
    check: &mut Check,
    rows: &[&Record],
    parts: Vec<Result<Decimal, String>>,
    wrong: impl Fn(Decimal, Decimal) -> String,
) {
    if parts.is_empty() {
        return;
    }
    check.thing(|| {
        let sum = |parts: Vec<Result<Decimal, String>>| parts.into_iter().sum::<Result<Decimal, String>>();
        let named = |wrong| format!("{}: {wrong}", owner(life));
        let part = sum(parts).map_err(named)?;
        let stated = sum(rows.iter().map(|row| cents(row, "amount")).collect()).map_err(named)?;
        ensure(stated >= part, || named(wrong(stated, part)))
    });
}

/// Accounts of ours that were there on a day, where that day is one of those with transactions.
fn accounts<'l, 'a>(life: &'l Life<'a>, on: Day) -> impl Iterator<Item = &'l Account<'a>> {
    let is_known = life.booked_from().is_none_or(|from| from <= on);
    let ours = life.accounts.iter().filter(move |account| is_known && account.is_ours());
    ours.filter(move |account| account.row.day("opened_on").is_none_or(|opened| opened <= on))
}

/// What stood on an account at the end of a day without the accidents and frauds of this sign: statements know of none.
fn but_for_labels(account: &Account<'_>, on: Day, wrong: fn(&Decimal) -> bool) -> Result<Decimal, String> {
    let labelled = account.until(on).iter().filter(|entry| entry.is_labelled);
    let amounts = labelled.filter_map(|entry| entry.amount.as_ref().ok()).filter(|amount| wrong(amount));
    Ok(account.balance(on)? - amounts.sum::<Decimal>())
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
