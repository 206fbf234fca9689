//! Cells as typed values, where a cell that cannot be read is a fault with a name and never a panic.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::encode::Record;
use crate::schema::{Day, Moment};

/// How much of a hostile cell an example shows.
const SHOWN: usize = 40;

/// Amounts beyond this are not money, and squared they would overflow.
const LIMIT: i64 = 1_000_000_000_000;

pub(super) fn text<'a>(record: &'a Record, column: &str) -> Result<&'a str, String> {
    record.text(column).ok_or_else(|| format!("{column} is NULL"))
}

/// The day of a date or of a timestamp.
pub(super) fn day(record: &Record, column: &str) -> Result<Day, String> {
    let read = record.day(column).or_else(|| record.moment(column).map(|moment| moment.day()));
    read.ok_or_else(|| unreadable(record, column))
}

/// The day of a nullable date; NULL is `None`.
pub(super) fn day_if_any(record: &Record, column: &str) -> Result<Option<Day>, String> {
    record.text(column).map(|_| day(record, column)).transpose()
}

pub(super) fn moment(record: &Record, column: &str) -> Result<Moment, String> {
    record.moment(column).ok_or_else(|| unreadable(record, column))
}

pub(super) fn int(record: &Record, column: &str) -> Result<i64, String> {
    record.int(column).ok_or_else(|| unreadable(record, column))
}

/// An exact number, whatever its number of digits after the point.
pub(super) fn decimal(record: &Record, column: &str) -> Result<Decimal, String> {
    record.text(column).and_then(|text| text.parse().ok()).ok_or_else(|| unreadable(record, column))
}

/// The text that most of these rows have in a column; of equally many the last by its bytes.
pub(super) fn usual<'a>(rows: impl Iterator<Item = &'a Record>, column: &str) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    rows.filter_map(|row| row.text(column)).for_each(|text| *counts.entry(text).or_default() += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(text, _)| text)
}

/// A decimal small enough to reckon with.
pub(super) fn money(record: &Record, column: &str) -> Result<Decimal, String> {
    let amount = decimal(record, column)?;
    let sane = amount.abs() < Decimal::from(LIMIT) && amount.scale() <= 6;
    if sane { Ok(amount) } else { Err(format!("{column} is out of bounds: {amount}")) }
}

fn unreadable(record: &Record, column: &str) -> String {
    match record.text(column) {
        None => format!("{column} is NULL"),
        Some(text) => format!("{column} cannot be read: {:?}", text.chars().take(SHOWN).collect::<String>()),
    }
}
