//! `loan_payments`: every instalment that has fallen due, paid or not.

use super::{Cents, Id, MONEY, MONEY_MAX};
use crate::schema::Value::{Date, Int, Null};
use crate::schema::{Column, Day, Kind, Row, Table};

#[derive(Clone, Debug)]
pub struct LoanPayment {
    pub payment_id: Id,
    pub loan_id: Id,
    /// From 1.
    pub instalment: u32,
    pub due_on: Day,
    /// `None`: not paid by as_of.
    pub paid_on: Option<Day>,
    pub amount_due: Cents,
    pub amount_paid: Cents,
    /// From the due date to payment, or to as_of where unpaid; 0 if on time or early.
    pub days_past_due: i64,
    pub principal_after: Cents,
}

impl Row for LoanPayment {
    const TABLE: &'static Table<Self> = &Table {
        name: "loan_payments",
        about: "Instalments due up to as_of.",
        columns: &[
            Column::new("payment_id", Kind::Id, |p: &Self| p.payment_id.value()).primary().about("Key.").origin(
                "A UUID of the numbers of customer, application and instalment and a tag of seed and scenario.",
            ),
            Column::new("loan_id", Kind::Id, |p: &Self| p.loan_id.value())
                .references("loans", "loan_id")
                .about("The loan.")
                .origin("Every loan with a term; lines have no instalments."),
            Column::new("instalment", Kind::Int, |p: &Self| Int(p.instalment.into()))
                .range(1, 480)
                .about("Number of the instalment, from 1.")
                .origin("Counted from the month after funding to as_of, pay-off or default."),
            Column::new("due_on", Kind::Date, |p: &Self| Date(p.due_on))
                .about("When it was due.")
                .origin("The same day of every month, from 1 to 28, drawn once a loan."),
            Column::new("paid_on", Kind::Date, |p: &Self| p.paid_on.map_or(Null, Date))
                .nullable()
                .about("When it was paid; NULL if it was not.")
                .origin(
                    "Of those paid in their month 70 % on the day, 12 % up to three days early, 18 % up to nine late; \
                     the others as late as the borrower's payment_history makes them, the oldest first.",
                ),
            Column::new("amount_due", MONEY, |p: &Self| p.amount_due.value())
                .range(0, MONEY_MAX)
                .unit("USD")
                .about("Principal and interest of the schedule.")
                .origin("The annuity of principal, rate and term; the last instalment takes up what rounding leaves."),
            Column::new("amount_paid", MONEY, |p: &Self| p.amount_paid.value())
                .range(0, MONEY_MAX)
                .unit("USD")
                .about("More than was due where the loan was paid off early.")
                .origin(
                    "What was due, or nothing; all that is owed once a geometric time to early pay-off is over or a new \
                     mortgage replaces this one, if the loan is then current.",
                ),
            Column::new("days_past_due", Kind::Int, |p: &Self| Int(p.days_past_due))
                .range(0, 100_000)
                .unit("days")
                .about("From due to paid, or to as_of while unpaid.")
                .origin("The difference of the dates; 0 if paid early."),
            Column::new("principal_after", MONEY, |p: &Self| p.principal_after.value())
                .range(0, MONEY_MAX)
                .unit("USD")
                .about("Still owed after it; unchanged where it was not paid.")
                .origin("Principal before it and a month's interest on that, less amount_paid."),
        ],
        unique: &[&["loan_id", "instalment"]],
        foreign: &[],
    };
}
