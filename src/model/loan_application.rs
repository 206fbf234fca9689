//! `loan_applications`: what customers asked for, and what became of it.

use super::{Cents, Id, MONEY, MONEY_MAX, words};
use crate::schema::Value::{Date, Int, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct LoanApplication {
    pub application_id: Id,
    pub customer_id: Id,
    pub loan_type: LoanType,
    pub requested_amount: Cents,
    /// `None` for revolving lines.
    pub term_months: Option<u32>,
    pub purpose: &'static str,
    pub status: &'static str,
    pub application_date: Day,
    pub created_at: Moment,
}

/// The order is that of the model's parameter lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoanType {
    CreditCard,
    Auto,
    Personal,
    Mortgage,
    Student,
    Heloc,
    SmallBusiness,
}

impl LoanType {
    pub const ALL: [LoanType; 7] = [
        LoanType::CreditCard,
        LoanType::Auto,
        LoanType::Personal,
        LoanType::Mortgage,
        LoanType::Student,
        LoanType::Heloc,
        LoanType::SmallBusiness,
    ];
    pub const NAMES: [&'static str; 7] =
        ["credit_card", "auto", "personal", "mortgage", "student", "heloc", "small_business"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// A line of credit, drawn and repaid at will: no term and no instalments.
    pub const fn is_revolving(self) -> bool {
        matches!(self, LoanType::CreditCard | LoanType::Heloc)
    }
}

pub const APPLICATION_STATUSES: [&str; 9] =
    ["submitted", "under_review", "approved", "rejected", "withdrawn", "funded", "active", "paid_off", "defaulted"];

impl Row for LoanApplication {
    const TABLE: &'static Table<Self> = &Table {
        name: "loan_applications",
        about: "Requests for credit.",
        columns: &[
            Column::new("application_id", Kind::Id, "Key.", |a: &Self| a.application_id.value()).primary(),
            Column::new("customer_id", Kind::Id, "Who asks.", |a: &Self| a.customer_id.value())
                .references("customers", "customer_id"),
            Column::new("loan_type", words(50), "Kind of credit.", |a: &Self| Text(a.loan_type.name()))
                .one_of(&LoanType::NAMES),
            Column::new("requested_amount", MONEY, "USD; the limit, for a line.", |a: &Self| {
                a.requested_amount.value()
            })
            .range(1, MONEY_MAX),
            Column::new("term_months", Kind::Int, "Months; NULL for credit_card and heloc.", |a: &Self| {
                a.term_months.map_or(crate::schema::Value::Null, |term| Int(term.into()))
            })
            .range(1, 480)
            .nullable(),
            Column::new("purpose", words(100), "What for, in the applicant's words.", |a: &Self| Text(a.purpose)),
            Column::new(
                "status",
                words(20),
                "Where it stands at as_of; active from the first instalment on.",
                |a: &Self| Text(a.status),
            )
            .one_of(&APPLICATION_STATUSES),
            Column::new("application_date", Kind::Date, "When it was submitted.", |a: &Self| Date(a.application_date)),
            Column::new("created_at", Kind::Timestamp, "The moment of submission.", |a: &Self| Timestamp(a.created_at)),
        ],
        unique: &[],
    };
}
