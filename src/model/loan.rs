//! `loans`: credit that was granted and paid out, lines included.

use super::money::Rate;
use super::{Cents, Id, MONEY, MONEY_MAX, RATE, words};
use crate::schema::Value::{Date, Decimal, Int, Null, Text};
use crate::schema::{Column, Day, Kind, Row, Table};

#[derive(Clone, Debug)]
pub struct Loan {
    pub loan_id: Id,
    pub application_id: Id,
    pub customer_id: Id,
    pub principal: Cents,
    pub annual_rate: Rate,
    /// `None` for revolving lines.
    pub term_months: Option<u32>,
    pub funded_on: Day,
    pub status: &'static str,
    /// Probability of default within 12 months of funding, in millionths.
    pub true_pd: i64,
}

pub const LOAN_STATUSES: [&str; 4] = ["current", "late", "defaulted", "paid_off"];

impl Row for Loan {
    const TABLE: &'static Table<Self> = &Table {
        name: "loans",
        about: "Funded loans, credit cards and home-equity lines.",
        columns: &[
            Column::new("loan_id", Kind::Id, "Key.", |l: &Self| l.loan_id.value()).primary(),
            Column::new("application_id", Kind::Id, "The application it came from.", |l: &Self| {
                l.application_id.value()
            })
            .unique()
            .references("loan_applications", "application_id"),
            Column::new("customer_id", Kind::Id, "Who owes.", |l: &Self| l.customer_id.value())
                .references("customers", "customer_id"),
            Column::new("principal", MONEY, "USD paid out; the limit, for a line.", |l: &Self| l.principal.value())
                .range(1, MONEY_MAX),
            Column::new("annual_rate", RATE, "Percent a year, fixed at funding.", |l: &Self| l.annual_rate.value())
                .range(0, 100_000),
            Column::new("term_months", Kind::Int, "Number of monthly instalments; NULL for lines.", |l: &Self| {
                l.term_months.map_or(Null, |term| Int(term.into()))
            })
            .range(1, 480)
            .nullable(),
            Column::new("funded_on", Kind::Date, "When the money was paid out.", |l: &Self| Date(l.funded_on)),
            Column::new("status", words(20), "At as_of; late from 30 days past due.", |l: &Self| Text(l.status))
                .one_of(&LOAN_STATUSES),
            Column::new(
                "true_pd",
                Kind::Decimal { precision: 7, scale: 6 },
                "The model's own probability of default within 12 months of funding: ground truth, not a feature.",
                |l: &Self| Decimal(l.true_pd, 6),
            )
            .range(0, 1_000_000),
        ],
        unique: &[],
    };
}
