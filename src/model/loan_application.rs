//! `loan_applications`: what customers asked for, and what became of it.

use super::{Cents, Id, MONEY, MONEY_MAX, words};
use crate::schema::Value::{Date, Int, Null, Text, Timestamp};
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
            Column::new("application_id", Kind::Id, |a: &Self| a.application_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the numbers of customer and application and a tag of seed and scenario."),
            Column::new("customer_id", Kind::Id, |a: &Self| a.customer_id.value())
                .references("customers", "customer_id")
                .about("Who asks.")
                .origin("The customer whose life it belongs to."),
            Column::new("loan_type", words(50), |a: &Self| Text(a.loan_type.name()))
                .one_of(&LoanType::NAMES)
                .about("Kind of credit.")
                .origin(
                    "By an appetite for each kind that depends on age, income, work, credit score and the loans of the \
                     last two years.",
                ),
            Column::new("requested_amount", MONEY, |a: &Self| a.requested_amount.value())
                .range(1, MONEY_MAX)
                .unit("USD")
                .about("What they ask for; the limit, for a line.")
                .origin(
                    "Log-normal by kind of credit and income, for cards by credit score too, within the lender's \
                     limits; after Experian (2022) and LendingClub (2018).",
                ),
            Column::new("term_months", Kind::Int, |a: &Self| a.term_months.map_or(Null, |term| Int(term.into())))
                .range(1, 480)
                .nullable()
                .unit("months")
                .about("Number of monthly instalments; NULL for credit_card and heloc.")
                .origin("By the shares of the usual terms of its kind."),
            Column::new("purpose", words(100), |a: &Self| Text(a.purpose))
                .about("What for, in the applicant's words.")
                .origin(
                    "By the shares of the usual purposes of its kind; a second mortgage mostly replaces the first.",
                ),
            Column::new("status", words(20), |a: &Self| Text(a.status))
                .one_of(&APPLICATION_STATUSES)
                .about("Where it stands at as_of; active from the first instalment on.")
                .origin("What decision, funding and repayment have made of it."),
            Column::new("application_date", Kind::Date, |a: &Self| Date(a.application_date))
                .about("When it was submitted.")
                .origin(
                    "A day of the months that their appetite for credit picks; it depends on age, utilisation, \
                     standing, hard times and delinquency.",
                ),
            Column::new("created_at", Kind::Timestamp, |a: &Self| Timestamp(a.created_at))
                .about("The moment of submission.")
                .origin(
                    "Between 8:00 and 16:00 on application_date; after 19:00 on the day on which they became a \
                     customer.",
                ),
        ],
        unique: &[],
        foreign: &[],
    };
}
