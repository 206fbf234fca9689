//! The bank: accounts and what stands on them, transaction after transaction.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Rule;
use super::ledger::Account;
use super::life::{Life, Loan};
use crate::encode::Record;
use crate::validate::cell::{day, text};
use crate::validate::check::{Check, Outcome, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "bank.one_checking",
        about: "each customer has exactly one checking account with us",
        judge: one_checking,
    },
    Rule {
        id: "bank.cards_are_loans",
        about: "each credit card has an account, opened when the card was funded, and no such account is without its card",
        judge: cards_are_loans,
    },
    Rule { id: "bank.opened_first", about: "nothing is booked before its account was opened", judge: opened_first },
    Rule { id: "bank.currency", about: "a transaction has the currency of its account", judge: currency },
    Rule {
        id: "bank.strict_order",
        about: "no two transactions of an account are booked at the same moment",
        judge: strict_order,
    },
    Rule {
        id: "bank.balances",
        about: "balance_after = opening_balance + all amounts up to there, by booked_at and transaction_id",
        judge: balances,
    },
    Rule {
        id: "bank.limits",
        about: "checking is never below -200.00, savings never below nothing, a card's account never above 500.00",
        judge: limits,
    },
    Rule {
        id: "bank.refunds",
        about: "a refund names a payment before it on its account, to the same party; no more comes back than was paid",
        judge: refunds,
    },
    Rule {
        id: "bank.own_transfers",
        about: "a transfer between a customer's accounts is booked on both at the same moment, with opposite amounts",
        judge: own_transfers,
    },
];

/// `OVERDRAFT` in `generate/bank/habits.rs`, dollars.
const OVERDRAFT: i64 = -200;
/// What refunds may leave to the good on a card, dollars.
const CREDIT: i64 = 500;

fn ours<'l, 'a>(life: &'l Life<'a>) -> impl Iterator<Item = &'l Account<'a>> {
    life.accounts.iter().filter(|account| account.is_ours())
}

fn one_checking(life: &Life<'_>, check: &mut Check) {
    for customer in life.of("customers") {
        let count = ours(life).filter(|account| account.is("checking")).count();
        check.row(customer, || ensure(count == 1, || format!("has {count} checking accounts")));
    }
}

fn cards_are_loans(life: &Life<'_>, check: &mut Check) {
    let is_card = |loan: &&Loan<'_>| loan.application.is_some_and(|of| of.text("loan_type") == Some("credit_card"));
    let mut cards: Vec<&Loan<'_>> = life.loans.iter().filter(is_card).collect();
    for account in ours(life).filter(|account| account.is("credit_card")) {
        check.row(account.row, || {
            let opened = day(account.row, "opened_on")?;
            let card = cards.iter().position(|card| card.row.day("funded_on") == Some(opened));
            cards.swap_remove(card.ok_or_else(|| format!("opened on {opened}, when no card was funded"))?);
            Ok(())
        });
    }
    for card in cards {
        check.row(card.row, || Err("a card without an account".to_owned()));
    }
}

fn opened_first(life: &Life<'_>, check: &mut Check) {
    for account in &life.accounts {
        let opened = day(account.row, "opened_on");
        for entry in &account.entries {
            check.row(entry.row, || {
                let (opened, booked) = (opened.clone()?, entry.day()?);
                ensure(opened <= booked, || format!("booked on {booked}, its account opened on {opened}"))
            });
        }
    }
}

fn currency(life: &Life<'_>, check: &mut Check) {
    for account in &life.accounts {
        for entry in &account.entries {
            check.row(entry.row, || {
                let (of, its) = (text(entry.row, "currency")?, text(account.row, "currency")?);
                ensure(of == its, || format!("currency {of:?}, its account's {its:?}"))
            });
        }
    }
    for stray in &life.strays {
        check.row(stray, || Err("is on none of the customer's accounts".to_owned()));
    }
}

fn strict_order(life: &Life<'_>, check: &mut Check) {
    for account in &life.accounts {
        let mut last = None;
        for entry in &account.entries {
            check.row(entry.row, || {
                let at = entry.at.clone()?;
                ensure(last < Some(at), || format!("booked at {at}, as the one before it"))
            });
            last = entry.at.as_ref().ok().copied();
        }
    }
}

fn balances(life: &Life<'_>, check: &mut Check) {
    for account in &life.accounts {
        let mut running = account.opening();
        for entry in &account.entries {
            check.row(entry.row, || {
                running = Ok(running.clone()? + entry.amount.clone()?);
                let (expected, stated) = (running.clone()?, entry.balance_after.clone()?);
                ensure(expected == stated, || format!("balance_after {stated}, expected {expected}"))
            });
            // What cannot be read is one fault, and not one of every row behind it.
            if running.is_err() || entry.amount.is_err() {
                running = entry.balance_after.clone();
            }
        }
    }
}

fn limits(life: &Life<'_>, check: &mut Check) {
    for account in ours(life) {
        let kept = |balance: Result<Decimal, String>| -> Outcome {
            let balance = balance?;
            let kind = text(account.row, "account_type")?;
            let fits = match kind {
                "checking" => balance >= Decimal::from(OVERDRAFT),
                "savings" => !balance.is_sign_negative() || balance.is_zero(),
                "credit_card" => balance <= Decimal::from(CREDIT),
                other => return Err(format!("no account of ours is {other:?}")),
            };
            ensure(fits, || format!("{balance} on a {kind} account"))
        };
        check.row(account.row, || kept(account.opening()));
        for entry in &account.entries {
            check.row(entry.row, || kept(entry.balance_after.clone()));
        }
    }
}

fn refunds(life: &Life<'_>, check: &mut Check) {
    for account in ours(life) {
        let mut returned: BTreeMap<&str, Decimal> = BTreeMap::new();
        for (place, refund) in account.entries.iter().enumerate() {
            // Money that comes back after an accident has its label to explain it.
            if refund.is_labelled || refund.row.text("transaction_type") != Some("refund") {
                continue;
            }
            check.row(refund.row, || {
                let named = text(refund.row, "description")?.strip_prefix("Refund of ").ok_or("names no payment")?;
                let is_it = |row: &Record| row.text("transaction_id") == Some(named);
                let mut before = account.entries[..place].iter();
                let paid = before.find(|entry| is_it(entry.row)).ok_or_else(|| format!("no {named} before it"))?;
                let party = |row| text(row, "recipient_entity");
                let (to, from) = (party(paid.row)?, party(refund.row)?);
                ensure(to == from, || format!("from {from:?}, but paid to {to:?}"))?;
                let (amount, price) = (refund.amount.clone()?, -paid.amount.clone()?);
                let sum = returned.entry(named).or_default();
                *sum += amount;
                ensure(amount > Decimal::ZERO && *sum <= price, || format!("{sum} of {price} came back"))
            });
        }
    }
}

fn own_transfers(life: &Life<'_>, check: &mut Check) {
    for account in ours(life) {
        for entry in &account.entries {
            let named = |other: &&Account<'_>| other.id.is_some() && other.id == entry.counterparty;
            let Some(other) = ours(life).find(named) else { continue };
            check.row(entry.row, || {
                let (own, at, amount) = (text(account.row, "account_id")?, entry.at.clone()?, entry.amount.clone()?);
                let is_mirrored = other.id != account.id && other.mirror(own, at, amount).is_some();
                ensure(is_mirrored, || format!("{amount} at {at} has no other leg"))
            });
        }
    }
}
