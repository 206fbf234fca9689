//! Loans on the account: the money comes, goes to what it was lent for, and is paid back.

use super::catalogue::{Catalogue, at};
use super::movement::Movement;
use crate::generate::draw::Draw;
use crate::generate::lending::Case;
use crate::generate::repayment::Repayment;
use crate::model::{Category, Cents, EntityType, LoanType, TransactionType};
use crate::schema::Day;

const LENDER: &str = "Loan servicing";

/// How much of a loan leaves the account at once, for what it was taken for. Of personal loans a tenth stays for smaller
/// things: our assumption.
pub fn used(case: &Case) -> Cents {
    let Some(loan) = &case.loan else { return Cents::ZERO };
    match case.application.loan_type {
        LoanType::Personal => Cents(loan.principal.0 * 9 / 10),
        LoanType::CreditCard | LoanType::Heloc => Cents::ZERO,
        _ => loan.principal,
    }
}

/// Whether the customer lives by now in a home that a mortgage of ours has bought.
pub fn bought_home(cases: &[Case], repayments: &[Repayment], day: Day) -> bool {
    cases.iter().zip(repayments).any(|(case, repayment)| {
        let is_mortgage = case.application.loan_type == LoanType::Mortgage;
        let is_lost = repayment.defaulted_on.is_some_and(|lost| lost <= day);
        is_mortgage && !is_lost && case.loan.as_ref().is_some_and(|loan| loan.funded_on <= day)
    })
}

/// The movements of these loans from `from` to `to`, days of one month.
pub fn movements(
    home: &'static str,
    cases: &[Case],
    repayments: &[Repayment],
    (from, to): (Day, Day),
    draw: &mut Draw,
    rows: &mut Vec<Movement>,
) {
    let is_now = |day: Day| from <= day && day <= to;
    for (case, repayment) in cases.iter().zip(repayments) {
        let Some(loan) = case.loan.as_ref().filter(|loan| loan.term_months.is_some()) else { continue };
        if let Some(funded_at) = case.funded_at.filter(|at| is_now(at.day())) {
            paid_out(home, case, funded_at.day(), to, draw, rows);
        }
        for payment in &repayment.payments {
            let Some(day) = payment.paid_on.filter(|day| is_now(*day)) else { continue };
            let text = format!("Loan payment {}", payment.payment_id);
            let second = 5 * 3600 + draw.below(5_400) as u32;
            // Never before the money has come: a loan cannot be paid back on the morning of its funding.
            let moment = if day == loan.funded_on { at(day, 86_100, draw) } else { at(day, second, draw) };
            rows.push(Movement {
                recurring: true,
                ..Movement::new(moment, TransactionType::BankTransfer, Category::Loan, -payment.amount_paid, home).with(
                    EntityType::Bank,
                    LENDER,
                    text,
                )
            });
        }
    }
}

fn paid_out(home: &'static str, case: &Case, day: Day, last: Day, draw: &mut Draw, rows: &mut Vec<Movement>) {
    let (Some(loan), Some(funded_at)) = (&case.loan, case.funded_at) else { return };
    let parties = &Catalogue::get().parties;
    let second = (funded_at.0 / 1_000 - i64::from(day.0) * 86_400) as u32;
    let arrives = at(day, second, draw);
    let text = format!("Loan {} paid out", loan.loan_id);
    rows.push(Movement::new(arrives, TransactionType::BankTransfer, Category::Loan, loan.principal, home).with(
        EntityType::Bank,
        LENDER,
        text,
    ));
    let (category, entity, kind, what) = match case.application.loan_type {
        LoanType::Auto => (Category::Transport, EntityType::Business, "dealer", "Purchase of a car"),
        LoanType::Mortgage => (Category::Housing, EntityType::Business, "closing", "Closing of a home purchase"),
        LoanType::Student => (Category::Education, EntityType::Business, "school", "Tuition and fees"),
        LoanType::SmallBusiness => (Category::Retail, EntityType::Business, "supplier", "Business equipment"),
        _ if case.application.purpose.contains("debt") || case.application.purpose.contains("card") => {
            (Category::CardPayment, EntityType::Bank, "card_issuer", "Pay-off of card balances")
        }
        _ => (Category::Retail, EntityType::Business, "contractor", "Payment of an invoice"),
    };
    let payee = parties.one(kind, draw);
    let later = day.plus(draw.below(4) as i32).min(last);
    let leaves = if later == day {
        at(day, (second + 900 + draw.below(1_800) as u32).min(86_300), draw)
    } else {
        at(later, 36_000 + draw.below(18_000) as u32, draw)
    };
    let amount = -used(case);
    rows.push(Movement::new(leaves, TransactionType::BankTransfer, category, amount, home).with(entity, payee, what));
}
