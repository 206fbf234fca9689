//! `credit_history`: one bureau record a month, ending in the month of `as_of`.

use super::{Id, decimal, words};
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
            Column::new("history_id", Kind::Id, |h: &Self| h.history_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the customer's number, the month and a tag of seed and scenario."),
            Column::new("customer_id", Kind::Id, |h: &Self| h.customer_id.value())
                .references("customers", "customer_id")
                .about("Whose record.")
                .origin("The customer whose file it is."),
            Column::new("credit_score", Kind::Int, |h: &Self| Int(h.credit_score))
                .range(300, 850)
                .unit("points")
                .about("The bureau's score; higher is better.")
                .origin(
                    "A piecewise-linear map of an index of past and present delinquency, utilisation, age of file, \
                     inquiries, personal standing and noise; its bands are Experian's of March 2025.",
                ),
            Column::new("payment_history", words(50), |h: &Self| Text(h.payment_history))
                .one_of(&PAYMENT_STATES)
                .about("Worst state of any account: days past due, or charged off.")
                .origin(
                    "A monthly Markov chain that falls one state at a time: sooner with low creditworthiness, in hard \
                     times and under high unemployment.",
                ),
            Column::new("credit_utilization", decimal(5, 2), |h: &Self| Decimal(h.credit_utilization, 2))
                .range(0, 10_000)
                .unit("percent")
                .about("Share of revolving credit in use.")
                .origin(
                    "A logistic function of creditworthiness, an autoregressive strain, hard times, delinquency and \
                     season.",
                ),
            Column::new("record_date", Kind::Date, |h: &Self| Date(h.record_date))
                .about("Last day of the month, or as_of in its month.")
                .origin("The newest months of the credit file, at most credit_history_entries."),
            Column::new("created_at", Kind::Timestamp, |h: &Self| Timestamp(h.created_at))
                .about("When it was recorded.")
                .origin("20:00 on record_date."),
        ],
        unique: &[&["customer_id", "record_date"]],
        foreign: &[],
    };
}
