//! What the checks need of each application: what was asked, what was answered, and how the loan went.

use super::panel::{MOST_MONTHS, Panel, number};
use crate::encode::{LifeRecords, Record};
use crate::model::LoanType;
use crate::schema::Month;

/// An application, in some eighty bytes.
pub(crate) struct Request {
    /// Position in [`Panel::people`].
    pub person: usize,
    pub kind: LoanType,
    /// Of application.
    pub month: Month,
    /// Cents asked for.
    pub amount: i64,
    /// Months; NaN for lines.
    pub term: f64,
    pub answer: Answer,
    /// Seen by the lender; NaN if unknown, like the next two.
    pub score: f64,
    pub debt_to_income: f64,
    /// Percent a year.
    pub rate: f64,
    /// A new car, where that is asked.
    pub is_new: Option<bool>,
    pub loan: Option<Outcome>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Approved,
    Rejected,
    /// Withdrawn, pending, or unknown.
    None,
}

impl Request {
    pub fn is_decided(&self) -> bool {
        self.answer != Answer::None
    }

    pub fn is_rejected(&self) -> bool {
        self.answer == Answer::Rejected
    }
}

/// How a loan went.
pub(crate) struct Outcome {
    pub defaulted: bool,
    /// The month of default, where an event or the credit file tells it.
    pub defaulted_in: Option<Month>,
    /// The first month in which an instalment was 90 days late; lines have no instalments.
    pub late_in: Option<Month>,
}

/// A customer's applications.
pub(super) fn requests(life: &LifeRecords, panel: &Panel, person: usize) -> Vec<Request> {
    let rows = life.of("loan_applications").iter();
    rows.filter_map(|application| request(life, application, panel, person)).collect()
}

fn request(life: &LifeRecords, application: &Record, panel: &Panel, person: usize) -> Option<Request> {
    let id = application.text("application_id")?;
    let of = |table: &str| life.of(table).iter().find(|row| row.text("application_id") == Some(id));
    let kind = LoanType::NAMES.iter().position(|name| Some(*name) == application.text("loan_type"))?;
    let decision = of("loan_decisions");
    let decided = |column: &str| decision.and_then(|row| number(row, column)).unwrap_or(f64::NAN);
    Some(Request {
        person,
        kind: LoanType::ALL[kind],
        month: application.day("application_date")?.month(),
        amount: application.unscaled("requested_amount")?,
        term: number(application, "term_months").unwrap_or(f64::NAN),
        answer: match decision.and_then(|row| row.text("decision")) {
            Some("approved") => Answer::Approved,
            Some("rejected") => Answer::Rejected,
            _ => Answer::None,
        },
        score: decided("credit_score"),
        debt_to_income: decided("debt_to_income"),
        rate: decided("quoted_rate"),
        is_new: match decision.and_then(|row| row.text("product")) {
            Some("new") => Some(true),
            Some("used") => Some(false),
            _ => None,
        },
        loan: of("loans").and_then(|loan| outcome(life, id, loan, panel, person)),
    })
}

fn outcome(life: &LifeRecords, application: &str, loan: &Record, panel: &Panel, person: usize) -> Option<Outcome> {
    let id = loan.text("loan_id")?;
    let funded = loan.day("funded_on")?.month();
    let defaulted = loan.text("status") == Some("defaulted");
    let event = life.of("events").iter().find(|event| {
        event.text("event_type") == Some("loan-defaulted") && event.text("correlation_id") == Some(application)
    });
    let told = event.and_then(|event| event.moment("occurred_at")).map(|moment| moment.day().month());
    let instalments = life.of("loan_payments").iter().filter(|payment| payment.text("loan_id") == Some(id));
    let late = instalments.filter(|payment| payment.int("days_past_due").is_some_and(|days| days >= 90));
    Some(Outcome {
        defaulted,
        defaulted_in: told.or_else(|| charged_off(panel, person, funded)).filter(|_| defaulted),
        late_in: late.filter_map(|payment| Some(payment.day("due_on")?.plus(90).month())).min(),
    })
}

/// The first month of a charge-off after funding; nothing is charged off before it is three months late.
fn charged_off(panel: &Panel, person: usize, funded: Month) -> Option<Month> {
    let first = panel.end.month().plus(1 - MOST_MONTHS as i32).max(funded.plus(3));
    let state = |month: Month| {
        let number = usize::try_from(panel.month(month)).ok()?;
        panel.at(person, number).map(|entry| entry.state)
    };
    (first.0..=panel.end.month().0)
        .map(Month)
        .find(|month| state(*month) == Some(4) && state(month.plus(-1)).is_none_or(|before| before < 4))
}
