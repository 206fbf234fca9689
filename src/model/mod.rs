//! What the data is: one row type and its table per file.
//!
//! [`TABLES`] lists every table, parents before children; sinks create and fill them in this order and everything
//! derived (SQL, files, checks, documentation) walks this list. A new table is a new file here, a line in the list,
//! and its DDL in `migrations/`.

mod account;
mod bank;
mod credit_history;
mod customer;
mod event;
mod event_label;
mod financial_record;
pub mod ids;
mod loan;
mod loan_application;
mod loan_decision;
mod loan_payment;
mod market_data;
pub mod money;
pub mod payload;
mod transaction;
mod transaction_label;

pub use account::{Account, AccountType};
pub use bank::{Bank, DATA_SOURCES};
pub use credit_history::{CreditHistory, PAYMENT_STATES};
pub use customer::{Customer, Employment};
pub use event::Event;
pub use event_label::{EventLabel, Pattern};
pub use financial_record::FinancialRecord;
pub use ids::{Id, Space};
pub use loan::Loan;
pub use loan_application::{LoanApplication, LoanType};
pub use loan_decision::LoanDecision;
pub use loan_payment::LoanPayment;
pub use market_data::{MarketData, Series};
pub use money::Cents;
pub use transaction::{Category, EntityType, Transaction, TransactionType};
pub use transaction_label::{Label, TransactionLabel};

use crate::schema::{Kind, Row, Schema};

/// Every table of data, parents before children. The run's own book is not data and not listed.
pub static TABLES: [&dyn Schema; 14] = [
    MarketData::TABLE,
    Bank::TABLE,
    Customer::TABLE,
    CreditHistory::TABLE,
    FinancialRecord::TABLE,
    LoanApplication::TABLE,
    LoanDecision::TABLE,
    Loan::TABLE,
    LoanPayment::TABLE,
    Account::TABLE,
    Transaction::TABLE,
    TransactionLabel::TABLE,
    Event::TABLE,
    EventLabel::TABLE,
];

/// The table of this name.
pub fn table(name: &str) -> Option<&'static dyn Schema> {
    TABLES.iter().copied().find(|table| table.name() == name)
}

/// Money in a `DECIMAL(12,2)` column.
pub(crate) const MONEY: Kind = decimal(12, 2);
/// An annual rate in percent, `DECIMAL(6,3)`.
pub(crate) const RATE: Kind = decimal(6, 3);
/// The largest amount that fits [`MONEY`], in cents.
pub(crate) const MONEY_MAX: i64 = 999_999_999_999;

pub(crate) const fn decimal(precision: u8, scale: u8) -> Kind {
    Kind::Decimal { precision, scale }
}

pub(crate) const fn words(max: u16) -> Kind {
    Kind::Text { max }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Key;

    #[test]
    fn parents_come_before_children_and_references_name_unique_columns() {
        for (position, table) in TABLES.iter().enumerate() {
            for foreign in table.foreign_keys() {
                let place = format!("{}.{:?}", table.name(), foreign.columns);
                let parent = TABLES[..position].iter().find(|parent| parent.name() == foreign.table);
                let parent = parent.unwrap_or_else(|| panic!("{place} has no earlier parent"));
                let is_unique = match foreign.key {
                    [single] => parent.columns().any(|column| column.name == *single && column.key == Key::Unique),
                    several => parent.unique().contains(&several),
                };
                assert!(is_unique || parent.primary_key() == foreign.key, "{place}");
                assert_eq!(foreign.columns.len(), foreign.key.len(), "{place}");
                for (column, target) in foreign.columns.iter().zip(foreign.key) {
                    let column = table.column(table.position(column).expect("the column exists"));
                    let target = parent.column(parent.position(target).expect("the referenced column exists"));
                    assert_eq!(target.kind, column.kind, "{place}");
                }
            }
        }
    }

    #[test]
    fn every_table_has_a_key_and_every_column_a_meaning_and_an_origin() {
        for table in TABLES {
            assert!(!table.primary_key().is_empty(), "{}", table.name());
            for column in table.columns() {
                let is_said = !column.about.is_empty() && !column.origin.is_empty();
                assert!(is_said, "{}.{}", table.name(), column.name);
            }
            for key in table.unique() {
                assert!(key.iter().all(|column| table.position(column).is_some()), "{}", table.name());
            }
        }
    }

    #[test]
    fn what_is_measured_has_a_unit() {
        for table in TABLES {
            for column in table.columns() {
                // The number of an instalment counts nothing, it says which one.
                let is_measured =
                    matches!(column.kind, Kind::Int | Kind::Decimal { .. }) && column.name != "instalment";
                assert_eq!(column.unit.is_some(), is_measured, "{}.{}", table.name(), column.name);
            }
        }
    }
}
