//! `loan_decisions`: what the lender knew and decided, one row an application.

use super::money::Rate;
use super::{Id, RATE, decimal, words};
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
            Column::new("application_id", Kind::Id, |d: &Self| d.application_id.value())
                .primary()
                .references("loan_applications", "application_id")
                .about("What it answers.")
                .origin("Every application has one row here."),
            Column::new("decided_on", Kind::Date, |d: &Self| d.decided_on.map_or(Null, Date))
                .nullable()
                .about("NULL while pending.")
                .origin(
                    "A log-normal time after the application: the same day for cards, about a month for mortgages.",
                ),
            Column::new("decision", words(20), |d: &Self| Text(d.decision))
                .one_of(&DECISIONS)
                .about("The answer.")
                .origin(
                    "Approved with log-odds of credit score, debt_to_income, work, inquiries, hidden creditworthiness \
                     and unemployment, after the New York Fed's SCE and HMDA; some withdraw first.",
                ),
            Column::new("credit_score", Kind::Int, |d: &Self| Int(d.credit_score))
                .range(300, 850)
                .unit("points")
                .about("The score the lender saw.")
                .origin("That of the credit file at the end of the month before the application."),
            Column::new("debt_to_income", decimal(6, 4), |d: &Self| Decimal(d.debt_to_income, 4))
                .range(0, 99_9999)
                .unit("ratio")
                .about("Monthly debt payments, this loan's included, over monthly income.")
                .origin(
                    "Other debt and housing are log-normal shares of income; this loan adds its instalment, or the \
                     minimum payment on a third of a line.",
                ),
            Column::new("quoted_rate", RATE, |d: &Self| d.quoted_rate.map_or(Null, Rate::value))
                .range(0, 100_000)
                .nullable()
                .unit("percent a year")
                .about("The rate offered; NULL unless approved.")
                .origin(
                    "A price by kind of credit, score and market rates (after Experian, Bankrate and myFICO), less \
                     what the lender senses of hidden creditworthiness, plus noise.",
                ),
            Column::new("product", words(20), |d: &Self| d.product.map_or(Null, Text))
                .one_of(&PRODUCTS)
                .nullable()
                .about("New or used car; fixed or variable rate for mortgages and home equity.")
                .origin("New cars go with income, 92 % of mortgages are fixed, home-equity lines are variable."),
            Column::new("reasons", words(0), |d: &Self| d.reasons.map_or(Null, Text))
                .nullable()
                .about("Why it was rejected: the main reason; NULL unless rejected.")
                .origin(
                    "The first that holds: 90 days past due or worse, score below 620, debt_to_income above 0.43, no \
                     work, over four inquiries in a year, utilisation above 80 %, else the lender's policy.",
                ),
        ],
        unique: &[],
        foreign: &[],
    };
}
