//! Paying back: the instalments of a loan, paid, late or missed as the customer's credit path says.
//!
//! Delinquency is inherited, not drawn: a loan that is among those the customer lets slide (drawn once per loan) is as
//! many months behind as the customer's state, and defaults in the month of the charge-off. Payments go to the oldest
//! instalment first. Arrears carry no interest of their own: the schedule is the contract's.

use super::credit::CreditPath;
use super::default::{CHARGE_OFF, behind_after};
use super::draw::Draw;
use super::lending::{Case, endings};
use super::population::Person;
use super::world::{WINDOW, World};
use crate::model::money::instalment;
use crate::model::{Cents, Id, Loan, LoanPayment, LoanType, Space};
use crate::schema::Day;

/// What became of a loan.
pub struct Repayment {
    pub payments: Vec<LoanPayment>,
    pub defaulted_on: Option<Day>,
    pub paid_off_on: Option<Day>,
    /// Of a line: how many payments behind it is at the end of each month, from that of its funding to its default.
    pub behind: Vec<u32>,
}

impl Repayment {
    /// The newest month up to `t` in which a line was not behind; `funded` is that of its funding.
    fn last_current(&self, funded: i32, t: i32) -> i32 {
        let upto = (t - funded + 1).clamp(0, self.behind.len() as i32) as usize;
        let found = self.behind[..upto].iter().rposition(|behind| *behind == 0);
        found.map_or(t, |month| funded + month as i32)
    }
}

/// Plays the loan of each case to `as_of` and writes the outcome into the loan and its application.
pub fn repayments(world: &World, person: &Person, path: &CreditPath, cases: &mut [Case]) -> Vec<Repayment> {
    let mortgage_on = |case: &Case| {
        let funded_at = case.funded_at.filter(|_| case.application.loan_type == LoanType::Mortgage);
        funded_at.map(|at| at.day())
    };
    let mortgages: Vec<Day> = cases.iter().filter_map(mortgage_on).collect();
    let play = |(number, case): (usize, &mut Case)| {
        // A mortgage ends when the next one replaces it.
        let begins = mortgage_on(case);
        let replaced_on = begins.and_then(|begins| mortgages.iter().filter(|next| **next > begins).min().copied());
        repay(world, person, path, case, number as u64, replaced_on)
    };
    cases.iter_mut().enumerate().map(play).collect()
}

/// `replaced_on`: when a new loan pays this one off, with the first instalment that is then due and paid on time.
fn repay(
    world: &World,
    person: &Person,
    path: &CreditPath,
    case: &mut Case,
    number: u64,
    replaced_on: Option<Day>,
) -> Repayment {
    let none = Repayment { payments: Vec::new(), defaulted_on: None, paid_off_on: None, behind: Vec::new() };
    let Some(loan) = &mut case.loan else { return none };
    let draw = &mut world.streams.repayment.at(person.index << 16 | number);
    let kind = case.application.loan_type;
    let slide = Slide::new(world, path, loan, kind, draw);
    let (payments, paid_off_on) = match loan.term_months {
        Some(term) => {
            let id = |j: u32| world.ids.nth(Space::LoanPayment, person.index, number << 16 | u64::from(j));
            let payments = instalments(world, loan, term, &slide, replaced_on, draw, id);
            let last = payments.last().filter(|last| last.principal_after == Cents::ZERO);
            let paid_off_on = last.and_then(|last| last.paid_on);
            (payments, paid_off_on)
        }
        None => (Vec::new(), slide.closed_on(world, draw)),
    };
    // What is paid off can no longer default.
    let defaulted_on = if paid_off_on.is_some() { None } else { slide.defaulted_on(world) };
    let behind = if loan.term_months.is_none() { slide.months.clone() } else { Vec::new() };
    let outcome = Repayment { payments, defaulted_on, paid_off_on, behind };

    let as_of = world.calendar.as_of;
    let behind = |payment: &LoanPayment| payment.paid_on.is_none() && as_of.since(payment.due_on) >= 30;
    let is_late = match loan.term_months {
        Some(_) => outcome.payments.iter().any(behind),
        None => slide.behind(WINDOW - 1) > 0,
    };
    (loan.status, case.application.status) = if outcome.defaulted_on.is_some() {
        ("defaulted", "defaulted")
    } else if outcome.paid_off_on.is_some() {
        ("paid_off", "paid_off")
    } else if !outcome.payments.is_empty() || kind.is_revolving() {
        (if is_late { "late" } else { "current" }, "active")
    } else {
        ("current", "funded")
    };
    outcome
}

/// How many instalments behind the loan is at each month's end.
struct Slide {
    funded: i32,
    /// From the month of funding; months missed.
    months: Vec<u32>,
    default_month: Option<i32>,
    /// Monthly probability of early pay-off.
    prepayment: f64,
}

impl Slide {
    fn new(world: &World, path: &CreditPath, loan: &Loan, kind: LoanType, draw: &mut Draw) -> Slide {
        let (default_pass, prepayment) = endings(world, kind);
        let slides = draw.chance(default_pass);
        let funded = world.calendar.index(loan.funded_on);
        let mut slide = Slide { funded, months: vec![0], default_month: None, prepayment };
        let mut behind = 0;
        for t in funded + 1..WINDOW {
            behind = if slides { behind_after(behind, path.at(t - 1).state, path.at(t).state) } else { 0 };
            slide.months.push(behind);
            if behind >= CHARGE_OFF {
                slide.default_month = Some(t);
                break;
            }
        }
        slide
    }

    fn defaulted_on(&self, world: &World) -> Option<Day> {
        self.default_month.map(|t| world.calendar.record_day(t))
    }

    /// When a line is closed: early pay-off is drawn as for loans, and comes when nothing is behind.
    fn closed_on(&self, world: &World, draw: &mut Draw) -> Option<Day> {
        let after = draw.geometric(self.prepayment)? as usize;
        let month = (after..self.months.len()).find(|month| self.months[*month] == 0)?;
        let day = world.calendar.month(self.funded + month as i32).day(1 + draw.below(28) as u32);
        Some(day).filter(|day| *day <= world.calendar.as_of)
    }

    fn behind(&self, t: i32) -> u32 {
        self.months.get((t - self.funded) as usize).copied().unwrap_or(0)
    }

    fn last(&self) -> i32 {
        self.funded + self.months.len() as i32 - 1
    }

    /// Instalments paid by the end of each month, from the month of funding.
    ///
    /// Thirty days late at a month's end means that the instalment of the month before is open, and so is this one's: being
    /// `n` behind leaves `n + 1` unpaid. An instalment is first missed in the month before it shows.
    fn paid(&self, term: u32) -> Vec<u32> {
        let mut paid = vec![0; self.months.len()];
        let mut ceiling = u32::MAX;
        for (k, behind) in self.months.iter().enumerate().rev() {
            let open = if *behind > 0 { behind + 1 } else { 0 };
            // Counted before the term ends it: what was paid stays paid when the borrower slips years later.
            ceiling = ceiling.min((k as u32).saturating_sub(open).min(term));
            paid[k] = ceiling;
        }
        paid
    }
}

/// The instalments due by `as_of`, to pay-off or default.
fn instalments(
    world: &World,
    loan: &Loan,
    term: u32,
    slide: &Slide,
    replaced_on: Option<Day>,
    draw: &mut Draw,
    id: impl Fn(u32) -> Id,
) -> Vec<LoanPayment> {
    let mut payments = Vec::new();
    let defaulted_on = slide.defaulted_on(world);
    let (calendar, as_of) = (&world.calendar, world.calendar.as_of);
    let level = instalment(loan.principal, loan.annual_rate, term);
    let due_day = 1 + draw.below(28) as u32;
    let prepays_after = draw.geometric(slide.prepayment);
    let paid_by = slide.paid(term);
    // What the contract foresees, and what is really owed: they part while instalments are unpaid.
    let (mut scheduled, mut balance) = (loan.principal, loan.principal);
    let mut last_paid = loan.funded_on;
    let mut waits = false;
    for j in 1..=term.min((slide.last() - slide.funded) as u32) {
        let month = slide.funded + j as i32;
        let due_on = calendar.month(month).day(due_day);
        if due_on > as_of || defaulted_on.is_some_and(|end| due_on > end) {
            break;
        }
        let habit = draw.uniform();
        let spread = draw.uniform();
        let settled = paid_by.iter().position(|paid| *paid >= j).map(|k| slide.funded + k as i32);
        let paid_on = settled
            .map(|t| {
                let day = match t - month {
                    // Most pay by standing order on the day; some a few days early or late. Our assumption.
                    0 if habit < 0.70 => due_on,
                    0 if habit < 0.82 => due_on.plus(-1 - (3.0 * spread) as i32),
                    0 => due_on.plus(1 + (9.0 * spread * spread) as i32),
                    // Caught up early in the month, before the next bucket is reached.
                    _ => calendar.month(t).first().plus((f64::from(due_day) * spread) as i32),
                };
                day.max(last_paid)
            })
            .filter(|day| *day <= as_of && !waits);
        // Oldest first: while one is open, none behind it is paid.
        waits |= paid_on.is_none();

        let owed = scheduled + loan.annual_rate.monthly_interest(scheduled);
        let amount_due = if j == term { owed } else { level.min(owed) };
        let is_current = settled == Some(month) && slide.behind(month) == 0;
        let is_replaced = replaced_on.is_some_and(|day| due_on >= day);
        let prepays = is_current && (is_replaced || prepays_after.is_some_and(|after| j >= after));
        let amount_paid = match paid_on {
            Some(_) if prepays => owed,
            Some(_) => amount_due,
            None => Cents::ZERO,
        };
        scheduled = owed - amount_due;
        if let Some(day) = paid_on {
            // Oldest first: whoever pays this one has paid all before it.
            balance = owed - amount_paid;
            last_paid = day;
        }
        let days_past_due = paid_on.unwrap_or(as_of).since(due_on).max(0);
        payments.push(LoanPayment {
            payment_id: id(j),
            loan_id: loan.loan_id,
            instalment: j,
            due_on,
            paid_on,
            amount_due,
            amount_paid,
            days_past_due: days_past_due.into(),
            principal_after: balance,
        });
        if balance == Cents::ZERO {
            break;
        }
    }
    payments
}

/// What the customer owes on instalment loans at a day: funded, less principal repaid by then.
pub fn outstanding(loan: &Loan, payments: &[LoanPayment], day: Day) -> Cents {
    if loan.funded_on > day {
        return Cents::ZERO;
    }
    let paid = payments.iter().rfind(|payment| payment.paid_on.is_some_and(|paid| paid <= day));
    paid.map_or(loan.principal, |payment| payment.principal_after)
}

/// What the customer owes on a line at the end of month `t`: as much of it as of all their revolving credit, until it is
/// paid off. While they are behind nothing is paid and nothing bought, and interest is added; after a default nothing moves.
pub fn drawn(world: &World, path: &CreditPath, line: &Loan, repayment: &Repayment, t: i32) -> Cents {
    let calendar = &world.calendar;
    let date = calendar.record_day(t);
    if line.funded_on > date || repayment.paid_off_on.is_some_and(|end| end <= date) {
        return Cents::ZERO;
    }
    let last = repayment.defaulted_on.map_or(t, |end| t.min(calendar.index(end)));
    let current = repayment.last_current(calendar.index(line.funded_on), last);
    let mut owed = line.principal.times(path.at(current).utilisation);
    for _ in current..last {
        owed += line.annual_rate.monthly_interest(owed);
    }
    owed
}

#[cfg(test)]
mod tests {
    use super::super::{credit, lending, population};
    use super::*;
    use crate::scenario::{Model, Scenario};

    #[test]
    fn a_new_mortgage_ends_the_old_one() {
        let only_mortgages =
            Model { loan_mix: [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0], approval_shift: 5.0, ..Model::default() };
        let world = World::new(&Scenario { model: only_mortgages, ..Scenario::default() });
        let mut replaced = 0;
        for index in 0..300 {
            let (person, _) = population::person(&world, index);
            let mut path = credit::path(&world, &person);
            let asked = lending::asks(&world, &person, &path);
            credit::score(&world, &person, &mut path, &asked);
            let mut cases = lending::cases(&world, &person, &path, &asked);
            let repayments = repayments(&world, &person, &path, &mut cases);
            let mut funded: Vec<_> = cases.iter().zip(&repayments).filter(|(case, _)| case.loan.is_some()).collect();
            funded.sort_by_key(|(case, _)| case.funded_at);
            for pair in funded.windows(2) {
                let ((_, old), (new, _)) = (pair[0], pair[1]);
                let Some(begins) = new.funded_at.map(|at| at.day()) else { continue };
                // Two months later, unless the borrower was behind just then or defaulted.
                let late = old.payments.iter().any(|payment| payment.due_on >= begins && payment.days_past_due > 9);
                let is_seen = begins.plus(62) <= world.calendar.as_of && !late && old.defaulted_on.is_none();
                if is_seen {
                    assert!(old.paid_off_on.is_some_and(|day| day <= begins.plus(62)), "customer {index}");
                    replaced += 1;
                }
            }
        }
        assert!(replaced > 20, "{replaced}: a test of nothing");
    }
}
