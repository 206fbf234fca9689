//! Realism: how close a population comes to what is published about real people's money.
//!
//! One pass over the lives of a database keeps a few numbers of each customer, month and application; each file then
//! measures one part of the bank. Formulas, ranges and sources stand in `data/scorecard_public.csv`.
//!
//! Statistics need no more than [`MOST_CUSTOMERS`]: of a larger bank every second customer is kept, or every third and
//! so on, evenly by id, so that the process stays below some 250 MB. The structural checks and those of the streams look at
//! every row all the same.

mod again;
mod bank;
mod circles;
#[cfg(test)]
mod comparison;
pub(crate) mod credit;
mod ledger;
mod lending;
pub(crate) mod market;
pub(crate) mod outcomes;
pub(crate) mod panel;
pub(crate) mod people;
pub(crate) mod published;
pub(crate) mod requests;
pub(crate) mod score;
mod sessions;
pub(crate) mod stats;
mod streams;
mod structure;
#[cfg(test)]
mod tests;
pub(crate) mod wealth;

pub use published::{PUBLISHED, Published};
pub use score::{Measure, Score, Scorecard, Verdict};

use std::ops::RangeInclusive;

use self::again::Again;
use self::bank::Purchases;
use self::ledger::Ledger;
use self::market::Market;
use self::panel::Panel;
use self::requests::Request;
use self::streams::Streams;
use self::wealth::Statements;
use super::report::Finding;
use super::rules::{End, Rules};
use super::{each_life, integrity, newest_record};
use crate::encode::LifeRecords;
use crate::error::{Error, Result};
use crate::model::{MarketData, TABLES};
use crate::schema::{Day, Row};
use crate::sinks::Database;
use crate::sinks::database::Book;

/// Customers whose numbers are kept in memory.
pub const MOST_CUSTOMERS: u64 = 100_000;

/// Mean unemployment of an average cycle, percent.
const AVERAGE_CYCLE: RangeInclusive<f64> = 3.7..=5.5;
/// Beyond this it is no economy under stress but a column in disorder, which excuses nothing.
const CREDIBLE: RangeInclusive<f64> = 1.0..=25.0;
/// Checks whose published figures are those of an average cycle.
const CYCLICAL: [&str; 4] = ["C06", "C11", "C15", "C20"];

/// Measures everything. What is not credible is in the scorecard; an error means that it could not be read.
pub async fn scorecard(db: &mut Database) -> Result<Scorecard> {
    let reading = read(db, |_, _| ()).await?;
    match reading.missing {
        Some(missing) => {
            Err(Error::Database(format!("the scorecard needs every table with its columns, but {missing}")))
        }
        None => Ok(reading.card),
    }
}

/// What one pass over a database found.
#[cfg_attr(not(feature = "report"), expect(dead_code, reason = "the report looks at what the card was made from"))]
pub(crate) struct Reading {
    pub bank: Bank,
    pub market: Market,
    pub card: Scorecard,
    /// Why no life was read, if none was.
    pub missing: Option<String>,
}

/// Reads every life once, showing each to `see` with the last day of the data, and measures everything.
pub(crate) async fn read(db: &mut Database, mut see: impl FnMut(&LifeRecords, Day)) -> Result<Reading> {
    let (fit, structure) = integrity::fit_tables(db).await?;
    let book = db.book().await?;
    let end = match book.as_ref().map(|book| book.as_of) {
        Some(day) => Some(day),
        None => newest_record(db, &fit).await?,
    };
    // Without any record there is no history whose months could be counted.
    let mut bank = Bank::new(end.unwrap_or(Day(0)));
    if fit.len() < TABLES.len() {
        let market = Market::new(&[]);
        let card = bank.judge(&market, 0, (0, 0));
        return Ok(Reading { bank, market, card, missing: Some(structure.examples.join("; ")) });
    }
    let market = Market::new(&db.all(MarketData::TABLE).await?);
    let customers = db.count("SELECT COUNT(*) FROM customers").await?.unsigned_abs();
    bank.read(db, customers, book.as_ref(), &mut see).await?;
    let references = structure::references(db).await?;
    let card = bank.judge(&market, customers, references);
    Ok(Reading { bank, market, card, missing: None })
}

/// What is kept of all lives.
pub(crate) struct Bank {
    pub panel: Panel,
    pub requests: Vec<Request>,
    pub statements: Statements,
    purchases: Purchases,
    ledger: Ledger,
    streams: Streams,
    again: Again,
    findings: Vec<Finding>,
}

impl Bank {
    fn new(end: Day) -> Bank {
        Bank {
            panel: Panel::new(end),
            requests: Vec::new(),
            statements: Statements::default(),
            purchases: Purchases::default(),
            ledger: Ledger::default(),
            streams: Streams::new(end),
            again: Again::new(None),
            findings: Vec::new(),
        }
    }

    async fn read(
        &mut self,
        db: &mut Database,
        customers: u64,
        book: Option<&Book>,
        see: &mut impl FnMut(&LifeRecords, Day),
    ) -> Result<()> {
        let end = self.panel.end;
        let mut rules = Rules::new(End { as_of: book.map(|book| book.as_of), last_day: Some(end) });
        self.again = Again::new(book);
        let step = customers.div_ceil(MOST_CUSTOMERS).max(1);
        let mut number = 0;
        each_life(db, |life| {
            rules.life(life);
            see(life, end);
            // A circle is in the lives of all its members, and these two keep counts of bounded size.
            self.streams.add(life);
            self.again.add(life);
            if number % step == 0 {
                self.add(life);
            }
            number += 1;
        })
        .await?;
        self.findings = rules.findings();
        Ok(())
    }

    fn add(&mut self, life: &LifeRecords) {
        let Some(customer) = life.of("customers").first() else { return };
        let person = self.panel.people.len();
        self.panel.add(customer, life);
        self.requests.extend(requests::requests(life, &self.panel, person));
        self.statements.add(person, life);
        self.purchases.add(life);
        self.ledger.add(life);
    }

    fn judge(&self, market: &Market, customers: u64, references: (u64, u64)) -> Scorecard {
        let Bank { panel, requests, statements, purchases, ledger, streams, again, findings } = self;
        let mut scores = Vec::from(people::scores(panel));
        scores.extend(credit::scores(panel));
        scores.extend(lending::scores(requests, market));
        scores.extend([
            outcomes::default_curve(panel, requests),
            outcomes::lifecycle(panel, requests, structure::lifecycle_violations(findings)),
            outcomes::follows_unemployment(panel, requests, market),
            statements.identities(ledger),
            statements.wealth(panel),
            purchases.amounts(),
            purchases.clock(),
            purchases.fraud(),
            market::score(market),
            streams.saving_and_sending(),
            streams.sessions.score(),
            again.score(),
        ]);
        scores.extend(structure::scores(findings, references));
        scores.sort_by(|a, b| a.published.id.cmp(&b.published.id));

        let mean_unemployment = market.mean_unemployment(panel);
        let unusual = |mean: &f64| CREDIBLE.contains(mean) && !AVERAGE_CYCLE.contains(mean);
        if let Some(mean) = mean_unemployment.filter(unusual) {
            let note = format!("holds for an average cycle; here mean unemployment is {mean:.2} %");
            let cyclical = |score: &&mut Score| CYCLICAL.contains(&score.published.id.as_str());
            let judged = |score: &&mut Score| matches!(score.verdict, Verdict::Pass | Verdict::Fail);
            for score in scores.iter_mut().filter(cyclical).filter(judged) {
                score.verdict = Verdict::Informative;
                score.note = Some(score.note.take().map_or(note.clone(), |before| format!("{note}; {before}")));
            }
        }
        Scorecard { customers, months: panel.months() as u64, mean_unemployment, scores }
    }
}
