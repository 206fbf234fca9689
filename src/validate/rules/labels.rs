//! Labels: what is said about a transaction fits the transaction and its case.

use std::collections::{BTreeMap, BTreeSet};

use super::Rule;
use super::life::Life;
use crate::encode::Record;
use crate::validate::cell::{moment, text};
use crate::validate::check::{Check, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "labels.case",
        about: "a case is named after one of its own transactions, with the same label",
        judge: case,
    },
    Rule {
        id: "labels.known_afterwards",
        about: "no label is known before its transaction was booked",
        judge: known_afterwards,
    },
    Rule {
        id: "labels.original_recipient",
        about: "who was meant is said if and only if the payee was mistyped and is not sending it back, and is another",
        judge: original_recipient,
    },
];

fn case(life: &Life<'_>, check: &mut Check) {
    let labels = life.of("transaction_labels");
    let [id, label, case] = ["transaction_id", "label", "case_id"].map(|column| move |row| Record::text(row, column));
    let known: BTreeSet<_> = labels.iter().map(|row| (id(row), label(row), case(row))).collect();
    for row in labels {
        check.row(row, || {
            let named = text(row, "case_id")?;
            ensure(known.contains(&(case(row), label(row), case(row))), || format!("{named} is not of case {named}"))
        });
    }
}

/// Each label with its transaction.
fn labelled<'a>(life: &Life<'a>) -> impl Iterator<Item = (&'a Record, Result<&'a Record, String>)> {
    let labels = life.of("transaction_labels");
    // Most lives have none.
    let rows = if labels.is_empty() { &[] } else { life.of("transactions") };
    let named: BTreeMap<&str, &Record> =
        rows.iter().filter_map(|row| row.text("transaction_id").map(|id| (id, row))).collect();
    labels.iter().map(move |label| {
        let row = label.text("transaction_id").and_then(|id| named.get(id).copied());
        (label, row.ok_or_else(|| "its transaction is not among the customer's".to_owned()))
    })
}

fn known_afterwards(life: &Life<'_>, check: &mut Check) {
    for (label, row) in labelled(life) {
        check.row(label, || {
            let (known, booked) = (moment(label, "known_at")?, moment(row?, "booked_at")?);
            ensure(booked <= known, || format!("known at {known}, booked at {booked}"))
        });
    }
}

fn original_recipient(life: &Life<'_>, check: &mut Check) {
    for (label, row) in labelled(life) {
        check.row(label, || {
            let (paid, meant) = (text(row?, "recipient_entity")?, label.text("original_recipient_entity"));
            let is_mistyped = text(label, "label")? == "mistyped_entity" && text(label, "role")? != "returned";
            ensure(meant.is_some() == is_mistyped, || format!("original_recipient_entity is {meant:?}"))?;
            ensure(meant != Some(paid), || format!("{paid:?} was meant and paid"))
        });
    }
}
