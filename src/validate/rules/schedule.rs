//! Schedules: every instalment follows from the loan, to the cent.
//!
//! Computed here once more from the textbook in decimal arithmetic, and not with the generator's own functions, so that
//! a mistake there is seen here.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Rule;
use super::life::{Life, Loan};
use crate::encode::Record;
use crate::validate::cell::{day, day_if_any, int, money};
use crate::validate::check::{Check, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "schedule.lines_have_none",
        about: "lines of credit (no term) have no instalments",
        judge: lines_have_none,
    },
    Rule {
        id: "schedule.numbered",
        about: "a loan's instalments are numbered 1, 2, 3 ... and never beyond its term",
        judge: numbered,
    },
    Rule {
        id: "schedule.amount_due",
        about: "every instalment is the annuity P i / (1 - (1 + i)^-n); the last takes what is left",
        judge: amount_due,
    },
    Rule {
        id: "schedule.principal",
        about: "principal_after = principal before + interest - amount_paid where paid, and unchanged where not",
        judge: principal,
    },
    Rule {
        id: "schedule.days_past_due",
        about: "days_past_due counts from due_on to paid_on, or to the end of the data while unpaid",
        judge: days_past_due,
    },
    Rule {
        id: "schedule.paid_off",
        about: "a loan is paid_off if and only if nothing is owed after its last instalment",
        judge: paid_off,
    },
    Rule {
        id: "schedule.late",
        about: "a loan that is not defaulted is late if and only if an unpaid instalment is 30 days past due",
        judge: late,
    },
    Rule {
        id: "schedule.principal_requested",
        about: "what was paid out is what was asked for",
        judge: principal_requested,
    },
];

/// Days past due from which a loan is late.
const LATE: i64 = 30;

fn term_loans<'l, 'a>(life: &'l Life<'a>) -> impl Iterator<Item = &'l Loan<'a>> {
    life.loans.iter().filter(|loan| !loan.is_line())
}

fn lines_have_none(life: &Life<'_>, check: &mut Check) {
    for line in life.loans.iter().filter(|loan| loan.is_line()) {
        let count = line.payments.len();
        check.row(line.row, || ensure(count == 0, || format!("a line with {count} instalments")));
    }
}

fn numbered(life: &Life<'_>, check: &mut Check) {
    for loan in term_loans(life) {
        for (payment, expected) in loan.payments.iter().zip(1..) {
            check.row(payment, || {
                let (number, term) = (int(payment, "instalment")?, int(loan.row, "term_months")?);
                ensure(number == expected && number <= term, || {
                    format!("instalment {number} of {term} where {expected} is expected")
                })
            });
        }
    }
}

fn amount_due(life: &Life<'_>, check: &mut Check) {
    for loan in term_loans(life) {
        let level = annuity(loan.row);
        for step in steps(loan) {
            check.row(step.payment, || {
                let level = level.clone()?;
                let due = money(step.payment, "amount_due")?;
                let rest = step.scheduled?;
                let last = int(step.payment, "instalment")? == int(loan.row, "term_months")? || rest < level;
                let half_a_cent = Decimal::new(5_000_001, 9);
                let fits = if last { due == rest } else { (due - level).abs() <= half_a_cent };
                ensure(fits, || {
                    let expected = if last { rest } else { cents(level) };
                    format!("amount_due {due}, expected {expected}")
                })
            });
        }
    }
}

fn principal(life: &Life<'_>, check: &mut Check) {
    for loan in term_loans(life) {
        for step in steps(loan) {
            let payment = step.payment;
            check.row(payment, || {
                let (before, after, paid) =
                    (step.before?, money(payment, "principal_after")?, money(payment, "amount_paid")?);
                if day_if_any(payment, "paid_on")?.is_none() {
                    let untouched = paid.is_zero() && after == before;
                    return ensure(untouched, || format!("unpaid, yet {paid} was paid and {before} became {after}"));
                }
                let expected = before + step.interest? - paid;
                ensure(after == expected, || format!("principal_after {after}, expected {expected}"))
            });
        }
    }
}

fn days_past_due(life: &Life<'_>, check: &mut Check) {
    for payment in life.of("loan_payments") {
        let paid = day_if_any(payment, "paid_on").transpose();
        let Some(until) = paid.or(life.end.last_day.map(Ok)) else { continue };
        check.row(payment, || {
            let (days, due, until) = (int(payment, "days_past_due")?, day(payment, "due_on")?, until?);
            let expected = i64::from(until.since(due).max(0));
            ensure(days == expected, || format!("days_past_due {days}, expected {expected}"))
        });
    }
}

fn paid_off(life: &Life<'_>, check: &mut Check) {
    for loan in term_loans(life) {
        check.row(loan.row, || {
            let left = match loan.payments.last() {
                Some(last) => money(last, "principal_after")?,
                None => money(loan.row, "principal")?,
            };
            let status = loan.row.text("status");
            ensure(left.is_zero() == loan.status_is("paid_off"), || format!("status {status:?}, {left} left to pay"))
        });
    }
}

fn late(life: &Life<'_>, check: &mut Check) {
    for loan in term_loans(life).filter(|loan| !loan.status_is("defaulted")) {
        check.row(loan.row, || {
            let mut worst = 0;
            for payment in loan.payments.iter().filter(|payment| payment.text("paid_on").is_none()) {
                worst = worst.max(int(payment, "days_past_due")?);
            }
            let status = loan.row.text("status");
            ensure((worst >= LATE) == loan.status_is("late"), || {
                format!("status {status:?}, its worst open instalment {worst} days past due")
            })
        });
    }
}

fn principal_requested(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        let Some(application) = loan.application else { continue };
        check.row(loan.row, || {
            let (principal, requested) = (money(loan.row, "principal")?, money(application, "requested_amount")?);
            ensure(principal == requested, || format!("principal {principal}, requested {requested}"))
        });
    }
}

/// An instalment, with what was owed before it and a month's interest on that.
struct Step<'a> {
    payment: &'a Record,
    before: Result<Decimal, String>,
    interest: Result<Decimal, String>,
    /// Principal and a month's interest if all before it had been paid as due: arrears bill nothing twice.
    scheduled: Result<Decimal, String>,
}

fn steps<'a>(loan: &Loan<'a>) -> Vec<Step<'a>> {
    let rate = money(loan.row, "annual_rate");
    let interest = |principal: Result<Decimal, String>| Ok(cents(principal? * rate.clone()? / Decimal::from(1200)));
    let mut before = money(loan.row, "principal");
    let mut planned = before.clone();
    let step = |payment: &&'a Record| {
        let scheduled = interest(planned.clone()).and_then(|interest| Ok(planned.clone()? + interest));
        planned = scheduled.clone().and_then(|owed| Ok(owed - money(payment, "amount_due")?));
        let step = Step { payment, before: before.clone(), interest: interest(before.clone()), scheduled };
        before = money(payment, "principal_after");
        step
    };
    loan.payments.iter().map(step).collect()
}

/// The exact level instalment, before it is rounded to the cent.
fn annuity(loan: &Record) -> Result<Decimal, String> {
    let (principal, rate) = (money(loan, "principal")?, money(loan, "annual_rate")?);
    let term = int(loan, "term_months")?;
    if !(1..=480).contains(&term) || rate.is_sign_negative() {
        return Err(format!("no schedule has {term} months at {rate} %"));
    }
    if rate.is_zero() {
        return Ok(principal / Decimal::from(term));
    }
    let monthly = rate / Decimal::from(1200);
    let discount = Decimal::ONE / (Decimal::ONE + monthly);
    let discounted = (0..term).fold(Decimal::ONE, |factor, _| factor * discount);
    Ok(principal * monthly / (Decimal::ONE - discounted))
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}
