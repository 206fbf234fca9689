//! One customer's rows, put together: each loan with its application, decision and instalments.

use serde_json::Value;

use super::End;
use super::ledger::{self, Account};
use crate::encode::{LifeRecords, Record};
use crate::schema::{Day, Moment, Month};
use crate::validate::cell;

pub(super) struct Life<'a> {
    records: &'a LifeRecords,
    pub end: End,
    pub requests: Vec<Request<'a>>,
    pub loans: Vec<Loan<'a>>,
    pub accounts: Vec<Account<'a>>,
    /// Transactions that are on none of the accounts.
    pub strays: Vec<&'a Record>,
    /// Events of the streams.
    pub told: Vec<Told<'a>>,
}

/// An event of a stream, which says more in its payload.
pub(super) struct Told<'a> {
    pub row: &'a Record,
    /// `None` if it is no JSON.
    pub payload: Option<Value>,
}

impl<'a> Told<'a> {
    pub fn kind(&self) -> Option<&'a str> {
        self.row.text("event_type")
    }

    pub fn is(&self, kind: &str) -> bool {
        self.kind() == Some(kind)
    }

    /// What a field of the payload says.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.payload.as_ref()?.get(field)?.as_str()
    }

    pub fn day(&self) -> Option<Day> {
        self.row.moment("occurred_at").map(Moment::day)
    }
}

/// An application and what came of it.
pub(super) struct Request<'a> {
    pub application: &'a Record,
    pub decision: Option<&'a Record>,
    pub loan: Option<&'a Record>,
}

/// A loan, where it came from and its instalments in order.
pub(super) struct Loan<'a> {
    pub row: &'a Record,
    pub application: Option<&'a Record>,
    pub decision: Option<&'a Record>,
    pub payments: Vec<&'a Record>,
}

impl Loan<'_> {
    /// Lines of credit have no term.
    pub fn is_line(&self) -> bool {
        self.row.text("term_months").is_none()
    }

    pub fn status_is(&self, status: &str) -> bool {
        self.row.text("status") == Some(status)
    }
}

impl<'a> Life<'a> {
    pub fn new(records: &'a LifeRecords, end: End) -> Life<'a> {
        let by_application = |table: &str, application: &Record| {
            find(records.of(table), "application_id", application.text("application_id"))
        };
        let requests = records.of("loan_applications").iter().map(|application| Request {
            application,
            decision: by_application("loan_decisions", application),
            loan: by_application("loans", application),
        });
        let loans = records.of("loans").iter().map(|row| {
            let id = row.text("loan_id");
            let mine = |payment: &&Record| id.is_some() && payment.text("loan_id") == id;
            let mut payments: Vec<&Record> = records.of("loan_payments").iter().filter(mine).collect();
            payments.sort_by_key(|payment| payment.int("instalment"));
            Loan {
                row,
                application: by_application("loan_applications", row),
                decision: by_application("loan_decisions", row),
                payments,
            }
        });
        let (accounts, strays) = ledger::read(records);
        // Milestones tell of rows that have rules of their own, and what others report is theirs.
        let services = ["circle-service", "transaction-service", "user-service", "remittance-service"];
        let is_told = |row: &&Record| row.text("source_service").is_some_and(|service| services.contains(&service));
        let of_streams = records.of("events").iter().filter(is_told);
        let payload = |row: &Record| row.text("payload").and_then(|text| serde_json::from_str(text).ok());
        let told = of_streams.map(|row| Told { row, payload: payload(row) }).collect();
        Life { records, end, requests: requests.collect(), loans: loans.collect(), accounts, strays, told }
    }

    pub fn of(&self, table: &str) -> &'a [Record] {
        self.records.of(table)
    }

    pub fn customer(&self) -> Option<&'a Record> {
        self.of("customers").first()
    }

    /// The day the customer came of age.
    pub fn adult_on(&self) -> Result<Day, String> {
        let customer = self.customer().ok_or("there is no customer")?;
        Ok(cell::day(customer, "date_of_birth")?.plus_years(18))
    }

    pub fn joined_on(&self) -> Result<Day, String> {
        cell::day(self.customer().ok_or("there is no customer")?, "created_at")
    }

    /// The first day on which something was booked on an account of ours.
    pub fn booked_from(&self) -> Option<Day> {
        let ours = self.accounts.iter().filter(|account| account.is_ours());
        let firsts = ours.filter_map(|account| account.entries.iter().find_map(|entry| entry.day().ok()));
        firsts.min()
    }

    /// Credit history by date; rows whose date cannot be read come first.
    pub fn history(&self) -> Vec<&'a Record> {
        let mut rows: Vec<&Record> = self.of("credit_history").iter().collect();
        rows.sort_by_key(|row| row.day("record_date"));
        rows
    }

    /// The newest month in which there are statements of this type.
    pub fn newest_statement(&self, record_type: &str) -> Option<Month> {
        let rows = self.of("financial_records").iter().filter(|row| row.text("record_type") == Some(record_type));
        rows.filter_map(|row| row.day("record_date")).max().map(Day::month)
    }

    /// The statements of one type and month.
    pub fn statements(&self, record_type: &str, month: Month) -> impl Iterator<Item = &'a Record> {
        self.of("financial_records").iter().filter(move |row| {
            row.text("record_type") == Some(record_type) && row.day("record_date").map(Day::month) == Some(month)
        })
    }
}

fn find<'a>(rows: &'a [Record], column: &str, value: Option<&str>) -> Option<&'a Record> {
    rows.iter().find(|row| value.is_some() && row.text(column) == value)
}
