//! The market: every series has one observation a month and ends with the world, and exchange rates are those of the streams.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::Value;

use super::time::{consecutive, dates};
use crate::encode::Record;
use crate::schema::Day;
use crate::validate::cell::{day, decimal};
use crate::validate::check::{Check, ensure};
use crate::validate::report::Finding;

pub(in crate::validate) fn findings(rows: &[Record], events: &[Record], as_of: Option<Day>) -> [Finding; 3] {
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
        exchange_rates(rows, events),
    ]
}

/// Observations of the gourde on days for which the streams publish a rate.
fn exchange_rates(rows: &[Record], events: &[Record]) -> Finding {
    let mut published: BTreeMap<Day, Result<Decimal, String>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.text("event_type") == Some("exchange-rate-updated")) {
        let payload: Value = event.text("payload").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        if let Some(at) = event.moment("occurred_at").filter(|_| payload["pair"] == "USD/HTG") {
            let rate = payload["rate"].as_str().and_then(|rate| rate.parse().ok());
            published.insert(at.day(), rate.ok_or_else(|| format!("{} is no rate", payload["rate"])));
        }
    }
    let mut check = Check::default();
    for row in rows.iter().filter(|row| row.text("data_type") == Some("usd_htg")) {
        let Some(rate) = row.day("date_recorded").and_then(|day| published.get(&day)) else { continue };
        check.row(row, || {
            let (value, rate) = (decimal(row, "value")?, rate.clone()?);
            ensure(value == rate, || format!("value is {value}, published was {rate}"))
        });
    }
    check.finding("market.exchange_rates", "usd_htg is the rate that the stream of remittances published that day")
}
