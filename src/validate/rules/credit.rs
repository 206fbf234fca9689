//! Credit: statuses, decisions, loans and the bureau's record tell one story.

use rust_decimal::Decimal;

use super::Rule;
use super::life::Life;
use crate::encode::Record;
use crate::schema::Month;
use crate::validate::cell::{day, decimal, text};
use crate::validate::check::{Check, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "credit.decision_fits_status",
        about: "an application's status says what was decided",
        judge: decision_fits_status,
    },
    Rule {
        id: "credit.loan_fits_status",
        about: "there is a loan if and only if the application is funded, active, paid_off or defaulted",
        judge: loan_fits_status,
    },
    Rule {
        id: "credit.loan_status_fits_application",
        about: "loan and application agree on whether it is paid off or defaulted",
        judge: loan_status_fits_application,
    },
    Rule {
        id: "credit.rate_if_approved",
        about: "a rate is quoted if and only if the application is approved",
        judge: rate_if_approved,
    },
    Rule {
        id: "credit.debt_to_income_bearable",
        about: "nobody is approved with a debt-to-income above 1.5",
        judge: debt_to_income_bearable,
    },
    Rule { id: "credit.rate_as_quoted", about: "a loan bears the rate that was quoted", judge: rate_as_quoted },
    Rule {
        id: "credit.unemployed_without_salary",
        about: "the newest income of the unemployed is no salary",
        judge: unemployed_without_salary,
    },
    Rule {
        id: "credit.delinquency_step_by_step",
        about: "payment history never worsens by more than one bucket a month",
        judge: delinquency_step_by_step,
    },
    Rule {
        id: "credit.default_charged_off",
        about: "a default inside the credit history is charged off there",
        judge: default_charged_off,
    },
];

/// What an application's status implies about the decision.
fn decision_of(status: &str) -> Option<&'static str> {
    Some(match status {
        "submitted" | "under_review" => "pending",
        "rejected" => "rejected",
        "withdrawn" => "withdrawn",
        "approved" | "funded" | "active" | "paid_off" | "defaulted" => "approved",
        _ => return None,
    })
}

fn decision_fits_status(life: &Life<'_>, check: &mut Check) {
    for request in &life.requests {
        check.row(request.application, || {
            let status = text(request.application, "status")?;
            let decision = text(request.decision.ok_or("has no decision")?, "decision")?;
            ensure(decision_of(status) == Some(decision), || format!("status {status:?}, decision {decision:?}"))
        });
    }
}

fn loan_fits_status(life: &Life<'_>, check: &mut Check) {
    for request in &life.requests {
        check.row(request.application, || {
            let status = text(request.application, "status")?;
            let funded = matches!(status, "funded" | "active" | "paid_off" | "defaulted");
            let with = if request.loan.is_some() { "a loan" } else { "no loan" };
            ensure(funded == request.loan.is_some(), || format!("status {status:?} with {with}"))
        });
    }
}

fn loan_status_fits_application(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        let Some(application) = loan.application else { continue };
        check.row(loan.row, || {
            let (status, of_application) = (text(loan.row, "status")?, text(application, "status")?);
            let fits = match status {
                "current" | "late" => matches!(of_application, "funded" | "active"),
                ended => ended == of_application,
            };
            ensure(fits, || format!("loan {status:?}, application {of_application:?}"))
        });
    }
}

fn rate_if_approved(life: &Life<'_>, check: &mut Check) {
    for decision in life.of("loan_decisions") {
        check.row(decision, || {
            let (answer, rate) = (text(decision, "decision")?, decision.text("quoted_rate"));
            ensure((answer == "approved") == rate.is_some(), || format!("decision {answer:?}, quoted_rate {rate:?}"))
        });
    }
}

fn debt_to_income_bearable(life: &Life<'_>, check: &mut Check) {
    let approved = |decision: &&Record| decision.text("decision") == Some("approved");
    for decision in life.of("loan_decisions").iter().filter(approved) {
        check.row(decision, || {
            let ratio = decimal(decision, "debt_to_income")?;
            ensure(ratio <= Decimal::new(15, 1), || format!("approved with debt_to_income {ratio}"))
        });
    }
}

fn rate_as_quoted(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        let Some(decision) = loan.decision else { continue };
        check.row(loan.row, || {
            let (bears, quoted) = (decimal(loan.row, "annual_rate")?, decimal(decision, "quoted_rate")?);
            ensure(bears == quoted, || format!("annual_rate {bears}, quoted_rate {quoted}"))
        });
    }
}

fn unemployed_without_salary(life: &Life<'_>, check: &mut Check) {
    let unemployed = life.customer().is_some_and(|c| c.text("employment_type") == Some("unemployed"));
    let Some(month) = life.newest_statement("income").filter(|_| unemployed) else { return };
    for row in life.statements("income", month) {
        check.row(row, || {
            let what = text(row, "description")?;
            ensure(!what.to_lowercase().contains("salary"), || format!("an unemployed customer's {what:?}"))
        });
    }
}

/// How bad a word of `payment_history` is.
fn bucket(history: &Record) -> Result<usize, String> {
    let state = text(history, "payment_history")?;
    const STATES: [&str; 5] = ["current", "30", "60", "90", "charge_off"];
    STATES.iter().position(|known| *known == state).ok_or_else(|| format!("payment_history is {state:?}"))
}

fn delinquency_step_by_step(life: &Life<'_>, check: &mut Check) {
    for pair in life.history().windows(2) {
        let month = |row: &Record| row.day("record_date").map(|day| day.month());
        // Over a gap nothing is said; the gap itself is `time.history_monthly`'s.
        if month(pair[0]).map(|before| before.plus(1)) != month(pair[1]) {
            continue;
        }
        check.row(pair[1], || {
            let (before, after) = (bucket(pair[0])?, bucket(pair[1])?);
            ensure(after <= before + 1, || {
                let state = |row: &Record| row.text("payment_history").unwrap_or("NULL").to_owned();
                format!("{} after {}", state(pair[1]), state(pair[0]))
            })
        });
    }
}

/// When a loan defaulted only its event says, so without events there is nothing to check.
fn default_charged_off(life: &Life<'_>, check: &mut Check) {
    let history = life.history();
    let month = |row: &Record| row.day("record_date").map(|day| day.month());
    for loan in life.loans.iter().filter(|loan| loan.status_is("defaulted")) {
        let Some(defaulted) = default_month(life, loan.row) else { continue };
        if !history.iter().any(|row| month(row) == Some(defaulted)) {
            continue;
        }
        check.row(loan.row, || {
            let since = history.iter().filter(|row| month(row) >= Some(defaulted));
            let mut states = since.map(|row| row.text("payment_history"));
            ensure(states.any(|state| state == Some("charge_off")), || {
                format!("defaulted in the month of {}, but not charged off since", defaulted.last())
            })
        });
    }
}

fn default_month(life: &Life<'_>, loan: &Record) -> Option<Month> {
    let (loan_id, application_id) = (loan.text("loan_id")?, loan.text("application_id")?);
    let event = life.of("events").iter().find(|event| {
        event.text("event_type") == Some("loan-defaulted")
            && (event.text("correlation_id") == Some(application_id)
                || event.text("payload").is_some_and(|payload| payload.contains(loan_id)))
    });
    day(event?, "occurred_at").ok().map(|day| day.month())
}
