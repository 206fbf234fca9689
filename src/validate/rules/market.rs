//! The market: every series has one observation a month and ends with the world.

use std::collections::BTreeMap;

use super::time::{consecutive, dates};
use crate::encode::Record;
use crate::schema::Day;
use crate::validate::cell::day;
use crate::validate::check::{Check, ensure};
use crate::validate::report::Finding;

pub(in crate::validate) fn findings(rows: &[Record], as_of: Option<Day>) -> [Finding; 2] {
    let mut monthly = Check::default();
    let mut series: BTreeMap<Option<&str>, Vec<&Record>> = BTreeMap::new();
    for row in rows {
        series.entry(row.text("data_type")).or_default().push(row);
    }
    for rows in series.values_mut() {
        rows.sort_by_key(|row| row.day("date_recorded"));
        consecutive(rows, "date_recorded", &mut monthly);
    }

    let mut past = Check::default();
    if let Some(as_of) = as_of {
        dates(rows, |row, column| {
            past.row(row, || {
                let dated = day(row, column)?;
                ensure(dated <= as_of, || format!("{column} is {dated}, as_of {as_of}"))
            });
        });
    }
    [
        monthly.finding("market.monthly", "every series has exactly one observation a month, without gaps"),
        past.finding("market.nothing_after_as_of", "no observation lies after the as_of of the run's book"),
    ]
}
