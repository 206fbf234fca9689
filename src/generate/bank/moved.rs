//! What flows of the event streams move on the account: contributions and payouts of savings circles, remittances.

use super::movement::Movement;
use crate::generate::streams::{Cause, Moved};
use crate::model::{Category, Cents, EntityType, TransactionType};
use crate::schema::Month;

/// What came from savings circles in a month; below zero, what went into them. It is put aside, not spent.
pub fn saved(moved: &[Moved], month: Month) -> Cents {
    let circles = of(moved, month).filter(|moved| matches!(moved.cause, Cause::Contribution | Cause::Payout));
    circles.map(|moved| moved.amount).sum()
}

/// A month's movements; says what was spent, which is what was sent home.
pub fn movements(moved: &[Moved], month: Month, home: &'static str, rows: &mut Vec<Movement>) -> Cents {
    let mut spent = Cents::ZERO;
    for Moved { at, id, amount, cause, party, .. } in of(moved, month) {
        let (kind, category, entity) = match cause {
            Cause::Contribution | Cause::Payout => {
                (TransactionType::BankTransfer, Category::Savings, EntityType::Business)
            }
            Cause::Remittance | Cause::Returned => {
                (TransactionType::BankTransfer, Category::Family, EntityType::Business)
            }
            Cause::Fee => (TransactionType::Fee, Category::Fee, EntityType::Business),
        };
        let (payee, text) = match cause {
            Cause::Contribution => (party.as_str(), "Paid into a savings circle".to_owned()),
            Cause::Payout => (party.as_str(), "Paid out by a savings circle".to_owned()),
            Cause::Remittance => (SERVICE, format!("Money sent to {party}")),
            Cause::Fee => (SERVICE, "Fee for money sent abroad".to_owned()),
            Cause::Returned => (SERVICE, format!("Money for {party} returned")),
        };
        if !matches!(cause, Cause::Contribution | Cause::Payout) {
            spent -= *amount;
        }
        rows.push(Movement {
            told_as: Some(*id),
            ..Movement::new(*at, kind, category, *amount, home).with(entity, payee.to_owned(), text)
        });
    }
    spent
}

/// Whom remittances go through.
const SERVICE: &str = "Remittance service";

fn of(moved: &[Moved], month: Month) -> impl Iterator<Item = &Moved> {
    moved.iter().filter(move |moved| moved.at.day().month() == month)
}
