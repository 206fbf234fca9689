//! `loan_decisions`: what the lender knew and decided, one row an application.

use super::money::Rate;
use super::{Id, RATE, words};
use crate::schema::Value::{Date, Decimal, Int, Null, Text};
use crate::schema::{Column, Day, Kind, Row, Table};

#[derive(Clone, Debug)]
pub struct LoanDecision {
    pub application_id: Id,
    /// `None` while pending.
    pub decided_on: Option<Day>,
    pub decision: &'static str,
    pub credit_score: i64,
    /// All monthly debt payments over monthly income, in ten-thousandths.
    pub debt_to_income: i64,
    /// The rate offered; only approved applications have one.
    pub quoted_rate: Option<Rate>,
    pub product: Option<&'static str>,
    pub reasons: Option<&'static str>,
}

pub const DECISIONS: [&str; 4] = ["approved", "rejected", "withdrawn", "pending"];
pub const PRODUCTS: [&str; 4] = ["new", "used", "fixed", "variable"];

impl Row for LoanDecision {
    const TABLE: &'static Table<Self> = &Table {
        name: "loan_decisions",
        about: "The lender's answer to each application and what it rested on.",
        columns: &[
            Column::new("application_id", Kind::Id, "Key.", |d: &Self| d.application_id.value())
                .primary()
                .references("loan_applications", "application_id"),
            Column::new("decided_on", Kind::Date, "NULL while pending.", |d: &Self| d.decided_on.map_or(Null, Date))
                .nullable(),
            Column::new("decision", words(20), "The answer.", |d: &Self| Text(d.decision)).one_of(&DECISIONS),
            Column::new("credit_score", Kind::Int, "The score the lender saw.", |d: &Self| Int(d.credit_score))
                .range(300, 850),
            Column::new(
                "debt_to_income",
                Kind::Decimal { precision: 6, scale: 4 },
                "Monthly debt payments, this loan's included, over monthly income.",
                |d: &Self| Decimal(d.debt_to_income, 4),
            )
            .range(0, 99_9999),
            Column::new("quoted_rate", RATE, "Annual rate offered, percent; NULL unless approved.", |d: &Self| {
                d.quoted_rate.map_or(Null, Rate::value)
            })
            .range(0, 100_000)
            .nullable(),
            Column::new(
                "product",
                words(20),
                "New or used car; fixed or variable rate for mortgages and home equity.",
                |d: &Self| d.product.map_or(Null, Text),
            )
            .one_of(&PRODUCTS)
            .nullable(),
            Column::new(
                "reasons",
                words(0),
                "Why it was rejected: the main reason; NULL unless rejected.",
                |d: &Self| d.reasons.map_or(Null, Text),
            )
            .nullable(),
        ],
        unique: &[],
    };
}
