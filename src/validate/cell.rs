//! Cells as typed values, where a cell that cannot be read is a fault with a name and never a panic.

use rust_decimal::Decimal;

use crate::encode::Record;
use crate::schema::Day;

/// How much of a hostile cell an example shows.
const SHOWN: usize = 40;

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

pub(super) fn int(record: &Record, column: &str) -> Result<i64, String> {
    record.int(column).ok_or_else(|| unreadable(record, column))
}

/// An exact number, whatever its number of digits after the point.
pub(super) fn decimal(record: &Record, column: &str) -> Result<Decimal, String> {
    record.text(column).and_then(|text| text.parse().ok()).ok_or_else(|| unreadable(record, column))
}

fn unreadable(record: &Record, column: &str) -> String {
    match record.text(column) {
        None => format!("{column} is NULL"),
        Some(text) => format!("{column} cannot be read: {:?}", text.chars().take(SHOWN).collect::<String>()),
    }
}
