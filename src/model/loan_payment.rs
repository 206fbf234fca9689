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
            Column::new("payment_id", Kind::Id, "Key.", |p: &Self| p.payment_id.value()).primary(),
            Column::new("loan_id", Kind::Id, "The loan.", |p: &Self| p.loan_id.value()).references("loans", "loan_id"),
            Column::new("instalment", Kind::Int, "Number of the instalment, from 1.", |p: &Self| {
                Int(p.instalment.into())
            })
            .range(1, 480),
            Column::new("due_on", Kind::Date, "When it was due.", |p: &Self| Date(p.due_on)),
            Column::new("paid_on", Kind::Date, "When it was paid; NULL if it was not.", |p: &Self| {
                p.paid_on.map_or(Null, Date)
            })
            .nullable(),
            Column::new("amount_due", MONEY, "USD; principal and interest of the schedule.", |p: &Self| {
                p.amount_due.value()
            })
            .range(0, MONEY_MAX),
            Column::new(
                "amount_paid",
                MONEY,
                "USD; more than was due where the loan was paid off early.",
                |p: &Self| p.amount_paid.value(),
            )
            .range(0, MONEY_MAX),
            Column::new("days_past_due", Kind::Int, "Days from due to paid, or to as_of while unpaid.", |p: &Self| {
                Int(p.days_past_due)
            })
            .range(0, 100_000),
            Column::new(
                "principal_after",
                MONEY,
                "USD still owed after it; unchanged where it was not paid.",
                |p: &Self| p.principal_after.value(),
            )
            .range(0, MONEY_MAX),
        ],
        unique: &[&["loan_id", "instalment"]],
    };
}
