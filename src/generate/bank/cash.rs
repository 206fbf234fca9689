//! Cash business: takings paid in, and what they buy. What structured deposits hide among.

use super::catalogue::{Catalogue, at};
use super::movement::Movement;
use crate::generate::draw::{Draw, Weights};
use crate::model::{Category, Cents, EntityType, TransactionType};
use crate::schema::{Day, Moment};

pub fn deposit(at: Moment, amount: Cents, home: &'static str) -> Movement {
    let (kind, entity) = (TransactionType::CashDeposit, EntityType::Bank);
    Movement::new(at, kind, Category::Cash, amount, home).with(entity, "Cash machine", "Cash paid in")
}

pub fn supplies(at: Moment, amount: Cents, home: &'static str, draw: &mut Draw) -> Movement {
    let payee = Catalogue::get().parties.one("supplier", draw);
    let (kind, entity) = (TransactionType::BankTransfer, EntityType::Business);
    Movement::new(at, kind, Category::Retail, amount, home).with(entity, payee, "Payment of goods")
}

/// Cash that people without a business pay in now and then.
pub fn savings_box(
    home: &'static str,
    days: &Weights,
    (from, to): (Day, Day),
    draw: &mut Draw,
    rows: &mut Vec<Movement>,
) {
    for _ in 0..draw.poisson(0.15) {
        let day = from.month().first().plus(draw.index(days) as i32);
        let paid_in = at(day, 9 * 3600 + draw.below(9 * 3600) as u32, draw);
        let dollars = draw.log_normal(220.0, 0.9).clamp(20.0, 9_000.0);
        if from <= day && day <= to {
            rows.push(deposit(paid_in, Cents::from_dollars((dollars / 10.0).round() * 10.0), home));
        }
    }
}

/// A month's takings, `count` of them on average, and the goods they pay for a day to a week later: nothing of it is
/// left in the month.
pub fn movements(
    count: f64,
    home: &'static str,
    days: &Weights,
    (from, to): (Day, Day),
    draw: &mut Draw,
    rows: &mut Vec<Movement>,
) {
    for _ in 0..draw.poisson(count) {
        let day = from.month().first().plus(draw.index(days) as i32);
        let paid_in = at(day, 9 * 3600 + draw.below(9 * 3600) as u32, draw);
        let step = draw.pick(&[(5.0, 0.3), (10.0, 0.3), (50.0, 0.2), (100.0, 0.2)]);
        let dollars = draw.log_normal(2_800.0, 1.05).clamp(60.0, 30_000.0);
        let amount = Cents::from_dollars((dollars / step).round() * step);
        let spent_on = day.plus(1 + draw.below(7) as i32);
        let spent = at(spent_on, 9 * 3600 + draw.below(9 * 3600) as u32, draw);
        let goods = supplies(spent, -amount, home, draw);
        if day >= from && spent_on <= to {
            rows.push(deposit(paid_in, amount, home));
            rows.push(goods);
        }
    }
}
