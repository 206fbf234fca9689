//! The plan: what each month brings to a customer's accounts and leaves on them.
//!
//! A pass over the whole window in sums, so that the movements of any one month can be written without those before it:
//! the balance at each month's end is known, and `month.rs` writes rows that lead there to the cent.

use super::Facts;
use super::habits::Habits;
use crate::generate::lending::Case;
use crate::generate::repayment::{Repayment, drawn};
use crate::generate::world::{WINDOW, World};
use crate::model::{Cents, LoanType};
use crate::schema::Day;

/// Free money is moved in steps of fifty dollars.
const STEP: i64 = 5_000;
/// What savings earn in a year: the national average of savings accounts (FDIC 2024).
const SAVINGS_RATE: f64 = 0.0042;

pub struct Plan {
    /// The month in which the customer joined, or the first of the window.
    pub first: i32,
    pub months: Vec<MonthPlan>,
    pub cards: Vec<Card>,
}

/// A card of this bank.
pub struct Card {
    /// Position among the cases.
    pub case: usize,
    pub opened: Day,
    pub closed: Option<Day>,
}

/// One month; amounts in cents.
pub struct MonthPlan {
    pub opening: Cents,
    pub closing: Cents,
    pub savings_opening: Cents,
    pub savings_closing: Cents,
    /// Earned on savings, booked on the last day.
    pub savings_interest: Cents,
    /// What living costs take from the checking account.
    pub living: Cents,
    /// From checking to savings; below zero, back.
    pub to_savings: Cents,
    /// From checking to what the customer has elsewhere; below zero, from there.
    pub to_elsewhere: Cents,
    pub cards: Vec<CardMonth>,
}

/// One card's month; debts are above zero.
#[derive(Clone, Copy, Default)]
pub struct CardMonth {
    pub opening: Cents,
    pub closing: Cents,
    pub payment: Cents,
    pub purchases: Cents,
    pub interest: Cents,
}

impl Plan {
    pub fn new(facts: &Facts<'_>, habits: &Habits) -> Plan {
        let Facts { world, person, cases, repayments, statements, moved, .. } = *facts;
        let calendar = &world.calendar;
        let joined = calendar.index(person.since);
        let first = joined.clamp(0, WINDOW - 1);
        let cards: Vec<Card> = cases.iter().zip(repayments).enumerate().filter_map(card).collect();
        let target = habits.usual_pay * 100.0 * habits.cushion;
        let mut months: Vec<MonthPlan> = Vec::with_capacity((WINDOW - first) as usize);

        let statement = |t: i32| &statements[(t - statements[0].t).max(0) as usize];
        let is_old = joined < 0;
        let wealth = statement(first).assets.max(Cents::ZERO);
        let mut savings = match habits.savings {
            Some(pays) if is_old => Cents::from_dollars(habits.usual_pay * pays).min(wealth.times(0.4)),
            _ => Cents::ZERO,
        };
        let mut balance = if is_old { Cents(target as i64) } else { Cents::ZERO };
        for t in first..WINDOW {
            let statement = statement(t);
            let (from, to) = (calendar.month(t).first().max(person.since), calendar.record_day(t));
            let part = f64::from(to.since(from) + 1) / f64::from(to.since(calendar.month(t).first()) + 1);
            let flows = Flows::of(world, t, cases, repayments);
            let spending = statement.spending.times(part);

            let cards: Vec<CardMonth> = cards.iter().map(|card| card_month(facts, habits, card, t, spending)).collect();
            let on_cards: Cents = cards.iter().map(|card| card.purchases).sum();
            let card_payments: Cents = cards.iter().map(|card| card.payment).sum();
            let living = (spending - flows.interest - on_cards).max(spending.times(0.25));
            let pay_days = habits.pay_days.of_month(calendar.month(t)).filter(|day| *day > person.since && *day <= to);
            let pay = Cents(statement.paycheck.0 * pay_days.count() as i64);

            let saved = super::moved::saved(moved, calendar.month(t));
            let left = balance + pay + saved + flows.lent - flows.used - flows.instalments - living - card_payments;
            let most = habits.savings.map_or(0.0, |pays| pays * habits.usual_pay * 150.0) as i64;
            let (to_savings, to_elsewhere) = sweep(left, target, savings, most);
            let is_whole = to == calendar.month(t).last();
            let savings_interest = if is_whole { savings.times(SAVINGS_RATE / 12.0) } else { Cents::ZERO };
            let month = MonthPlan {
                opening: balance,
                closing: left - to_savings - to_elsewhere,
                savings_opening: savings,
                savings_closing: savings + to_savings + savings_interest,
                savings_interest,
                living,
                to_savings,
                to_elsewhere,
                cards,
            };
            (balance, savings) = (month.closing, month.savings_closing);
            months.push(month);
        }
        Plan { first, months, cards }
    }

    /// Month `t`, if the customer banked here then.
    pub fn month(&self, t: i32) -> Option<&MonthPlan> {
        usize::try_from(t - self.first).ok().and_then(|at| self.months.get(at))
    }

    /// What is on checking and savings at the end of month `t`.
    pub fn held(&self, t: i32) -> Cents {
        self.month(t).map_or(Cents::ZERO, |month| month.closing.max(Cents::ZERO) + month.savings_closing)
    }
}

/// What to move away from an account that has too much, or to it if it has too little: to savings (below zero, from
/// there) and elsewhere.
fn sweep(left: Cents, target: f64, savings: Cents, most_savings: i64) -> (Cents, Cents) {
    let (left, target) = (left.0, target as i64);
    if left > target * 8 / 5 {
        let spare = (left - target) / STEP * STEP;
        let wanted = ((most_savings - savings.0).max(0) / STEP * STEP).min(spare);
        return (Cents(wanted), Cents(spare - wanted));
    }
    if left < target * 2 / 5 {
        let missing = (target * 4 / 5 - left + STEP - 1) / STEP * STEP;
        let from_savings = (savings.0 / STEP * STEP).min(missing);
        return (Cents(-from_savings), Cents(from_savings - missing));
    }
    (Cents::ZERO, Cents::ZERO)
}

fn card((case, (of, repayment)): (usize, (&Case, &Repayment))) -> Option<Card> {
    let loan = of.loan.as_ref().filter(|_| of.application.loan_type == LoanType::CreditCard)?;
    Some(Card { case, opened: loan.funded_on, closed: repayment.paid_off_on })
}

fn card_month(facts: &Facts<'_>, habits: &Habits, card: &Card, t: i32, spending: Cents) -> CardMonth {
    let Facts { world, path, cases, repayments, .. } = *facts;
    let (Some(loan), repayment) = (&cases[card.case].loan, &repayments[card.case]) else { return CardMonth::default() };
    let opening = drawn(world, path, loan, repayment, t - 1);
    let closing = drawn(world, path, loan, repayment, t);
    let frozen = repayment.defaulted_on.is_some_and(|end| world.calendar.index(end) < t);
    if frozen || (opening == Cents::ZERO && closing == Cents::ZERO) {
        return CardMonth { opening, closing, ..CardMonth::default() };
    }
    let funded = world.calendar.index(loan.funded_on);
    if usize::try_from(t - funded).ok().and_then(|month| repayment.behind.get(month)).is_some_and(|behind| *behind > 0)
    {
        let interest = closing - opening;
        return CardMonth { opening, closing, interest, ..CardMonth::default() };
    }
    // Who pays nearly all of it back pays no interest: the days of grace.
    let carried = if habits.repays > 0.9 { Cents::ZERO } else { opening.times(1.0 - habits.repays) };
    let ends = closing == Cents::ZERO && repayment.paid_off_on.is_some();
    let is_whole = world.calendar.record_day(t) == world.calendar.month(t).last();
    let interest = if ends || !is_whole { Cents::ZERO } else { loan.annual_rate.monthly_interest(carried) };
    let least = opening.min(Cents(2_500));
    let usual = opening.times(habits.repays).max(least);
    let round = |amount: Cents| if habits.repays < 0.6 { Cents(amount.0 / 500 * 500).max(least) } else { amount };
    let purchases = |payment: Cents| payment + closing - opening - interest;
    let mut payment = round(usual);
    // No more is bought by card than most of a month's living.
    // Nor may the card be overdrawn before it is paid.
    let over_line = payment + closing - interest - loan.principal;
    let beyond = (purchases(payment) - spending.times(0.7)).max(over_line).max(Cents::ZERO);
    payment = (payment - beyond).max(least);
    let bought = purchases(payment);
    // Where the debt falls, it falls by paying; and for cents nobody gets the card out.
    if bought < Cents::ZERO || (bought < Cents(300) && payment >= bought) {
        payment -= bought;
    }
    CardMonth { opening, closing, payment, purchases: purchases(payment), interest }
}

/// What a month's loans move through the checking account.
#[derive(Default)]
struct Flows {
    lent: Cents,
    used: Cents,
    instalments: Cents,
    /// The part of the instalments that is interest.
    interest: Cents,
}

impl Flows {
    fn of(world: &World, t: i32, cases: &[Case], repayments: &[Repayment]) -> Flows {
        let calendar = &world.calendar;
        let mut flows = Flows::default();
        for (case, repayment) in cases.iter().zip(repayments) {
            let Some(loan) = case.loan.as_ref().filter(|loan| loan.term_months.is_some()) else { continue };
            if calendar.index(loan.funded_on) == t {
                flows.lent += loan.principal;
                flows.used += super::loans::used(case);
            }
            let mut owed = loan.principal;
            for payment in &repayment.payments {
                if payment.paid_on.is_some_and(|day| calendar.index(day) == t) {
                    flows.instalments += payment.amount_paid;
                    flows.interest += payment.amount_paid - (owed - payment.principal_after);
                }
                owed = payment.principal_after;
            }
        }
        flows
    }
}
