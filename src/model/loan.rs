//! `loans`: credit that was granted and paid out, lines included.

use super::money::Rate;
use super::{Cents, Id, MONEY, MONEY_MAX, RATE, decimal, words};
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
            Column::new("loan_id", Kind::Id, |l: &Self| l.loan_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the numbers of customer and application and a tag of seed and scenario."),
            Column::new("application_id", Kind::Id, |l: &Self| l.application_id.value())
                .unique()
                .references("loan_applications", "application_id")
                .about("The application it came from.")
                .origin("Every approved application that was funded by as_of."),
            Column::new("customer_id", Kind::Id, |l: &Self| l.customer_id.value())
                .references("customers", "customer_id")
                .about("Who owes.")
                .origin("Who applied."),
            Column::new("principal", MONEY, |l: &Self| l.principal.value())
                .range(1, MONEY_MAX)
                .unit("USD")
                .about("What was paid out; the limit, for a line.")
                .origin("The requested amount."),
            Column::new("annual_rate", RATE, |l: &Self| l.annual_rate.value())
                .range(0, 100_000)
                .unit("percent a year")
                .about("Interest rate, fixed at funding.")
                .origin("The quoted rate."),
            Column::new("term_months", Kind::Int, |l: &Self| l.term_months.map_or(Null, |term| Int(term.into())))
                .range(1, 480)
                .nullable()
                .unit("months")
                .about("Number of monthly instalments; NULL for lines.")
                .origin("That of the application."),
            Column::new("funded_on", Kind::Date, |l: &Self| Date(l.funded_on))
                .about("When the money was paid out.")
                .origin("A log-normal time after the decision: the same day for cards, two weeks for student loans."),
            Column::new("status", words(20), |l: &Self| Text(l.status))
                .one_of(&LOAN_STATUSES)
                .about("At as_of; late from 30 days past due.")
                .origin(
                    "Inherited from the borrower's payment_history by the loans they let slide; a loan that is itself four \
                     instalments behind is charged off.",
                ),
            Column::new("true_pd", decimal(7, 6), |l: &Self| Decimal(l.true_pd, 6))
                .range(0, 1_000_000)
                .unit("probability")
                .about(
                    "The model's own probability of default within 12 months of funding: ground truth, not a feature.",
                )
                .origin(
                    "The Markov chain of payment_history run forward as probabilities from the month of funding, under \
                     the world's own market, times the share of charge-offs that take such a loan with them.",
                ),
        ],
        unique: &[],
        foreign: &[],
    };
}
