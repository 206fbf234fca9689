//! `credit_history`: one bureau record a month, ending in the month of `as_of`.

use super::{Id, words};
use crate::schema::Value::{Date, Decimal, Int, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct CreditHistory {
    pub history_id: Id,
    pub customer_id: Id,
    pub credit_score: i64,
    /// The worst state over all of the customer's accounts.
    pub payment_history: &'static str,
    /// Percent, in hundredths.
    pub credit_utilization: i64,
    pub record_date: Day,
    pub created_at: Moment,
}

/// `payment_history` by the number of monthly payments missed.
pub const PAYMENT_STATES: [&str; 5] = ["current", "30", "60", "90", "charge_off"];

impl Row for CreditHistory {
    const TABLE: &'static Table<Self> = &Table {
        name: "credit_history",
        about: "What a credit bureau records of each customer, one row a month.",
        columns: &[
            Column::new("history_id", Kind::Id, "Key.", |h: &Self| h.history_id.value()).primary(),
            Column::new("customer_id", Kind::Id, "Whose record.", |h: &Self| h.customer_id.value())
                .references("customers", "customer_id"),
            Column::new("credit_score", Kind::Int, "300 (worst) to 850.", |h: &Self| Int(h.credit_score))
                .range(300, 850),
            Column::new(
                "payment_history",
                words(50),
                "Worst state of any account: days past due, or charged off.",
                |h: &Self| Text(h.payment_history),
            )
            .one_of(&PAYMENT_STATES),
            Column::new(
                "credit_utilization",
                Kind::Decimal { precision: 5, scale: 2 },
                "Share of revolving credit in use, percent.",
                |h: &Self| Decimal(h.credit_utilization, 2),
            )
            .range(0, 10_000),
            Column::new("record_date", Kind::Date, "Last day of the month, or as_of in its month.", |h: &Self| {
                Date(h.record_date)
            }),
            Column::new("created_at", Kind::Timestamp, "When it was recorded.", |h: &Self| Timestamp(h.created_at)),
        ],
        unique: &[&["customer_id", "record_date"]],
    };
}
