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
            Column::new("record_id", Kind::Id, "Key.", |r: &Self| r.record_id.value()).primary(),
            Column::new("customer_id", Kind::Id, "Whose record.", |r: &Self| r.customer_id.value())
                .references("customers", "customer_id"),
            Column::new(
                "record_type",
                words(50),
                "Flow of the month (income, expense) or level at its end (asset, liability).",
                |r: &Self| Text(r.record_type),
            )
            .one_of(&RECORD_TYPES),
            Column::new("amount", MONEY, "USD; only an income row that books a loss is negative.", |r: &Self| {
                r.amount.value()
            }),
            Column::new("description", words(0), "What it is.", |r: &Self| Text(r.description)),
            Column::new("record_date", Kind::Date, "Last day of the month, or as_of in its month.", |r: &Self| {
                Date(r.record_date)
            }),
            Column::new("created_at", Kind::Timestamp, "When it was recorded.", |r: &Self| Timestamp(r.created_at)),
        ],
        unique: &[],
    };
}
