//! Whether a database holds what this program promises, on data it wrote and on data it did not.
//!
//! Three parts: what the descriptions of the tables demand is checked by the database (`integrity`, in the SQL of
//! `faults`); what a bank demands is checked here over lives read back (`rules`); what came of it is a [`Report`]. A
//! check that had nothing to look at says so and does not pass in silence. Beside these, [`realism`] asks whether the data
//! is like life, and [`leakage`] whether its labels are hidden as they would be in life.

mod cell;
mod check;
mod faults;
mod integrity;
pub mod leakage;
mod logistic;
pub mod realism;
mod report;
mod rules;
#[cfg(test)]
mod tests;

pub use report::{Finding, Report, Verdict};

use self::rules::{End, Rules};
use crate::encode::LifeRecords;
use crate::error::Result;
use crate::model::{CreditHistory, Event, MarketData, TABLES};
use crate::schema::{Day, Row, Schema};
use crate::sinks::database::{Database, Dialect};

/// Lives read at a time: memory holds this many and no more.
const CHUNK: u32 = 100;

/// Checks everything. What is wrong with the data is in the report; an error means that it could not be read.
pub async fn validate(db: &mut Database) -> Result<Report> {
    let book = db.book().await?;
    let (fit, structure) = integrity::fit_tables(db).await?;
    let mut findings = vec![structure];
    findings.extend(integrity::against_book(db, &fit, book.as_ref()).await?);
    findings.extend(integrity::findings(db, &fit).await?);

    let as_of = book.map(|book| book.as_of);
    let last_day = match as_of {
        Some(day) => Some(day),
        None => newest_record(db, &fit).await?,
    };
    let market = if has(&fit, MarketData::TABLE) { db.all(MarketData::TABLE).await? } else { Vec::new() };
    let of_nobody = if has(&fit, Event::TABLE) { db.of_nobody(Event::TABLE).await? } else { Vec::new() };
    findings.extend(rules::market::findings(&market, &of_nobody, as_of));

    let mut rules = Rules::new(End { as_of, last_day });
    // A life is all of its tables: with one of them missing there are none to read.
    if TABLES.iter().all(|table| has(&fit, *table)) {
        each_life(db, |life| rules.life(life)).await?;
    }
    findings.extend(rules.findings());
    Ok(Report { findings })
}

/// Shows every life to `see`, by id.
async fn each_life(db: &mut Database, mut see: impl FnMut(&LifeRecords)) -> Result<()> {
    let mut after: Option<String> = None;
    loop {
        let lives = db.lives(after.as_deref(), CHUNK).await?;
        lives.iter().for_each(&mut see);
        let last = lives.last().and_then(|life| life.of("customers").first()?.text("customer_id"));
        // Nothing more, or a key that leads nowhere.
        if last.is_none() || last == after.as_deref() {
            return Ok(());
        }
        after = last.map(str::to_owned);
    }
}

/// The newest monthly record: where no book says when the data ends, it ends there.
async fn newest_record(db: &mut Database, fit: &[&'static dyn Schema]) -> Result<Option<Day>> {
    let monthly: [(&'static dyn Schema, &str); 2] =
        [(MarketData::TABLE, "date_recorded"), (CreditHistory::TABLE, "record_date")];
    let mut newest = None;
    for (table, column) in monthly.into_iter().filter(|(table, _)| has(fit, *table)) {
        let name = table.name();
        let sql = match db.dialect() {
            // SQLite sorts any text above any date.
            Dialect::Sqlite => {
                format!("SELECT CAST(MAX({column}) AS TEXT) FROM {name} WHERE date({column}) = {column}")
            }
            Dialect::Postgres => format!("SELECT CAST(MAX({column}) AS TEXT) FROM {name}"),
            Dialect::MySql => format!("SELECT CAST(MAX({column}) AS CHAR) FROM {name}"),
        };
        newest = newest.max(db.texts(&sql).await?.first().and_then(|text| text.parse().ok()));
    }
    Ok(newest)
}

fn has(tables: &[&'static dyn Schema], wanted: &dyn Schema) -> bool {
    tables.iter().any(|table| table.name() == wanted.name())
}
