//! `financial_records`: what came in, went out, is owned and is owed, month by month.

use super::{Cents, Id, MONEY, words};
use crate::schema::Value::{Date, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct FinancialRecord {
    pub record_id: Id,
    pub customer_id: Id,
    pub record_type: &'static str,
    pub amount: Cents,
    pub description: &'static str,
    pub record_date: Day,
    pub created_at: Moment,
}

pub const RECORD_TYPES: [&str; 4] = ["income", "expense", "asset", "liability"];

impl Row for FinancialRecord {
    const TABLE: &'static Table<Self> = &Table {
        name: "financial_records",
        about: "Monthly statements: income - expense = change of (asset - liability), to the cent.",
        columns: &[
            Column::new("record_id", Kind::Id, |r: &Self| r.record_id.value()).primary().about("Key.").origin(
                "A UUID of the customer's number, the month, the row within it and a tag of seed and scenario.",
            ),
            Column::new("customer_id", Kind::Id, |r: &Self| r.customer_id.value())
                .references("customers", "customer_id")
                .about("Whose record.")
                .origin("The customer whose statement it is."),
            Column::new("record_type", words(50), |r: &Self| Text(r.record_type))
                .one_of(&RECORD_TYPES)
                .about("Flow of the month (income, expense) or level at its end (asset, liability).")
                .origin("Five rows a month: pay and gains (both income), spending, assets, liabilities."),
            Column::new("amount", MONEY, |r: &Self| r.amount.value())
                .unit("USD")
                .about("Only an income row that books a loss is negative.")
                .origin(
                    "Wealth starts from the Survey of Consumer Finances (2022) by age; each month adds pay after tax \
                     and gains that follow share prices, and takes spending that follows income and season.",
                ),
            Column::new("description", words(0), |r: &Self| Text(r.description))
                .about("What it is.")
                .origin("Goes with the row's place among the five; that of pay goes with employment_type."),
            Column::new("record_date", Kind::Date, |r: &Self| Date(r.record_date))
                .about("Last day of the month, or as_of in its month.")
                .origin("Months since they became a customer, the newest financial_records_per_customer rows."),
            Column::new("created_at", Kind::Timestamp, |r: &Self| Timestamp(r.created_at))
                .about("When it was recorded.")
                .origin("21:00 on record_date."),
        ],
        unique: &[],
        foreign: &[],
    };
}
