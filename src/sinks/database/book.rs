//! The run's book: what this database is to hold and how much of it is written. It marks the database as ours.

use futures_util::TryStreamExt;

use super::{Database, MARKER};
use crate::encode::Record;
use crate::error::{Error, Result};
use crate::manifest::Manifest;
use crate::scenario::{DATASET_VERSION, Scenario};
use crate::schema::{Column, Day, Kind, Schema, Table, Value};

/// One run: a world, how many of its customers are wanted here, and how many are written.
#[derive(Clone, Debug)]
pub struct Book {
    pub run_id: String,
    pub dataset_version: u32,
    pub program_version: String,
    pub seed: u64,
    /// The resolved scenario, as YAML.
    pub scenario: String,
    pub scenario_sha256: String,
    pub as_of: Day,
    /// How many customers the run is to have.
    pub customers: u64,
    /// All customers below this index are written.
    pub next_customer: u64,
    pub tables: Manifest,
    pub started_at: String,
    pub completed_at: Option<String>,
}

/// The book's columns, for reading it back; they hold no row type of the model's.
static COLUMNS: Table<()> = Table {
    name: MARKER,
    about: "The book of credit-seed's run: what it wrote and how far it came. The only table that knows the real clock.",
    columns: &[
        Column::new("run_id", Kind::Text { max: 50 }, |()| Value::Null).primary().about("Key."),
        Column::new("dataset_version", Kind::Int, |()| Value::Null).about("Version of the data's bytes."),
        Column::new("program_version", Kind::Text { max: 50 }, |()| Value::Null).about("Version of the program."),
        Column::new("seed", Kind::Text { max: 20 }, |()| Value::Null).about("Seed."),
        Column::new("scenario", Kind::Text { max: 0 }, |()| Value::Null).about("The resolved scenario, YAML."),
        Column::new("scenario_sha256", Kind::Text { max: 64 }, |()| Value::Null).about("Hash of what makes the world."),
        Column::new("as_of", Kind::Date, |()| Value::Null).about("Last day of the world."),
        Column::new("customers", Kind::Int, |()| Value::Null).about("How many customers the run is to have."),
        Column::new("next_customer", Kind::Int, |()| Value::Null).about("All below are written."),
        Column::new("tables", Kind::Text { max: 0 }, |()| Value::Null).about("Rows and checksum of each table, JSON."),
        Column::new("started_at", Kind::Timestamp, |()| Value::Null).about("Real time."),
        Column::new("completed_at", Kind::Timestamp, |()| Value::Null)
            .nullable()
            .about("Real time; NULL while it runs."),
    ],
    unique: &[],
    foreign: &[],
};

impl Book {
    /// The columns of the book's table.
    pub fn schema() -> &'static dyn Schema {
        &COLUMNS
    }

    /// The book of a run that has written nothing.
    pub fn new(scenario: &Scenario) -> Book {
        Book {
            run_id: scenario.fingerprint()[..32].to_owned(),
            dataset_version: DATASET_VERSION,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: scenario.seed,
            scenario: scenario.to_yaml(),
            scenario_sha256: sha256_hex(scenario),
            as_of: scenario.as_of,
            customers: scenario.customers,
            next_customer: 0,
            tables: Manifest::default(),
            started_at: String::new(),
            completed_at: None,
        }
    }

    pub fn is_complete(&self) -> bool {
        self.completed_at.is_some()
    }

    /// Whether this is a run of the same world, of however many customers.
    pub fn is_of(&self, scenario: &Scenario) -> bool {
        self.dataset_version == DATASET_VERSION
            && self.seed == scenario.seed
            && self.scenario_sha256 == sha256_hex(scenario)
    }

    fn from_record(record: &Record) -> Option<Book> {
        let text = |column| record.text(column).map(str::to_owned);
        let number = |column| u64::try_from(record.int(column)?).ok();
        Some(Book {
            run_id: text("run_id")?,
            dataset_version: number("dataset_version")?.try_into().ok()?,
            program_version: text("program_version")?,
            seed: record.text("seed")?.parse().ok()?,
            scenario: text("scenario")?,
            scenario_sha256: text("scenario_sha256")?,
            as_of: record.day("as_of")?,
            customers: number("customers")?,
            next_customer: number("next_customer")?,
            tables: serde_json::from_str(record.text("tables")?).ok()?,
            started_at: text("started_at")?,
            completed_at: text("completed_at"),
        })
    }
}

/// What the second of two programs on one database is told.
pub(super) fn not_alone() -> Error {
    let text = "another credit-seed is filling this database; let it finish, then start this command again";
    Error::Refused(text.to_owned())
}

fn sha256_hex(scenario: &Scenario) -> String {
    scenario.sha256().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Database {
    /// The run's book; `None` in a database that has none, or an empty one.
    pub async fn book(&mut self) -> Result<Option<Book>> {
        if !self.tables().await?.iter().any(|table| table == MARKER) {
            return Ok(None);
        }
        let dialect = self.dialect();
        let schema = Book::schema();
        let columns: Vec<String> = schema.columns().map(|column| dialect.text_of(column.kind, column.name)).collect();
        let sql = format!("SELECT {} FROM {MARKER} ORDER BY started_at DESC, run_id", columns.join(", "));
        let row = self.fetch(sql, &[]).try_next().await?;
        let Some(cells) = row else { return Ok(None) };
        let book = Book::from_record(&Record { schema, cells });
        book.map(Some).ok_or_else(|| {
            Error::Refused(format!(
                "the table {MARKER} in this database is not one that this version of credit-seed can read; \
                 use the version that wrote it, or remove what it made with --reset"
            ))
        })
    }

    /// Opens a run's book, or changes an earlier run of the same world to want more customers.
    pub(crate) async fn open_book(&mut self, book: &Book, earlier: Option<&Book>) -> Result<()> {
        let parameter = |number| self.dialect().parameter(number);
        let tables = serde_json::to_string(&book.tables).expect("a manifest is plain text and numbers");
        let Some(earlier) = earlier else {
            let sql = format!(
                "INSERT INTO {MARKER} (run_id, dataset_version, program_version, seed, scenario, scenario_sha256, as_of, \
                 customers, next_customer, tables, started_at) \
                 VALUES ({}, {}, {}, '{}', {}, {}, '{}', {}, {}, {}, CURRENT_TIMESTAMP)",
                parameter(1),
                book.dataset_version,
                parameter(2),
                book.seed,
                parameter(3),
                parameter(4),
                book.as_of,
                book.customers,
                book.next_customer,
                parameter(5),
            );
            let texts = [&book.run_id, &book.program_version, &book.scenario, &book.scenario_sha256, &tables];
            return self.execute(&sql, &texts.map(String::as_str)).await.map(drop);
        };
        let sql = format!(
            "UPDATE {MARKER} SET customers = {}, scenario = {}, program_version = {}, completed_at = NULL \
             WHERE run_id = {} AND next_customer = {}",
            book.customers,
            parameter(1),
            parameter(2),
            parameter(3),
            earlier.next_customer,
        );
        let texts = [book.scenario.as_str(), &book.program_version, &earlier.run_id];
        self.only_one(&sql, &texts).await
    }

    /// Holds the book's row for the open transaction, if it still stands at `from`: a second program on the same database
    /// waits here, and then sees that it is not alone.
    pub(super) async fn claim_page(&mut self, run_id: &str, from: u64) -> Result<()> {
        let dialect = self.dialect();
        let (same, run, next) = (dialect.number(1), dialect.parameter(2), dialect.number(3));
        let sql = format!("UPDATE {MARKER} SET next_customer = {same} WHERE run_id = {run} AND next_customer = {next}");
        let from = from.to_string();
        self.only_one(&sql, &[&from, run_id, &from]).await
    }

    /// Writes how far a run has come, in the transaction that holds its row.
    pub(super) async fn turn_page(&mut self, run_id: &str, from: u64, progress: &crate::sinks::Progress) -> Result<()> {
        let dialect = self.dialect();
        let tables = serde_json::to_string(&progress.written).expect("a manifest is plain text and numbers");
        let (from, next) = (from.to_string(), progress.next_customer.to_string());
        let sql = format!(
            "UPDATE {MARKER} SET next_customer = {}, tables = {} WHERE run_id = {} AND next_customer = {}",
            dialect.number(1),
            dialect.parameter(2),
            dialect.parameter(3),
            dialect.number(4),
        );
        self.only_one(&sql, &[&next, &tables, run_id, &from]).await?;
        if progress.complete {
            let (customers, run) = (dialect.number(1), dialect.parameter(2));
            let sql = format!(
                "UPDATE {MARKER} SET customers = {customers}, completed_at = CURRENT_TIMESTAMP WHERE run_id = {run}"
            );
            self.only_one(&sql, &[&next, run_id]).await?;
        }
        Ok(())
    }

    async fn only_one(&mut self, sql: &str, parameters: &[&str]) -> Result<()> {
        match self.execute(sql, parameters).await? {
            1 => Ok(()),
            _ => Err(not_alone()),
        }
    }
}
