//! Asking for credit: when, what for, and whether the lender says yes. What there is to borrow stands in `offer.rs`.

use super::credit::{CreditMonth, CreditPath};
use super::default;
use super::draw::{Draw, interpolate, logistic};
use super::market::MarketMonth;
use super::offer::{amount, appetites, base_price, product, purpose, term, terms};
use super::population::Person;
use super::world::{WINDOW, World};
use crate::model::money::{Rate, instalment};
use crate::model::{Cents, Employment, Loan, LoanApplication, LoanDecision, LoanType, Space};
use crate::schema::{Day, Moment};

/// Applications a customer makes over the window if nothing scales them: the mean of 100,000 lives (see `calibration.rs`).
/// `loan_applications_per_customer` is reached by scaling with it, in an average economy and population.
pub(super) const NATURAL_MEAN: f64 = 2.117;

/// An application and all that was decided about it.
pub struct Case {
    pub application: LoanApplication,
    pub decision: LoanDecision,
    pub loan: Option<Loan>,
    /// Month of application.
    pub t: i32,
    pub decided_at: Option<Moment>,
    pub funded_at: Option<Moment>,
}

/// Share of charge-offs that take a loan of this kind with them, and its monthly probability of early pay-off.
pub fn endings(world: &World, kind: LoanType) -> (f64, f64) {
    let terms = terms(kind);
    (terms.default_pass, (terms.prepayment * world.scenario.model.prepayment_factor).min(0.99))
}

/// All applications of a customer, made on these days.
pub fn cases(world: &World, person: &Person, path: &CreditPath, asked: &[Day]) -> Vec<Case> {
    let draw = &mut world.streams.lending.at(person.index);
    let mut had = Had::default();
    let case = |(number, day): (usize, &Day)| {
        let case = case(world, person, path, *day, number as u64, &had, draw);
        if let Some(funded_at) = case.funded_at {
            had.funded[case.application.loan_type as usize] = Some(funded_at.day());
        }
        case
    };
    asked.iter().enumerate().map(case).collect()
}

/// When the borrower was last paid out a loan of each kind, in the order of [`LoanType::ALL`].
#[derive(Default)]
struct Had {
    funded: [Option<Day>; LoanType::ALL.len()],
}

impl Had {
    /// How much less somebody wants another of the kind: nobody buys a car or a house every year. Our assumption.
    fn damping(&self, kind: LoanType, day: Day) -> f64 {
        let since = self.funded[kind as usize].map_or(i32::MAX, |funded| day.since(funded));
        match kind {
            LoanType::Auto if since < 18 * 30 => 0.25,
            LoanType::Mortgage if since < 24 * 30 => 0.2,
            LoanType::Mortgage if since < i32::MAX => 0.6,
            LoanType::Heloc | LoanType::SmallBusiness if since < 24 * 30 => 0.4,
            _ => 1.0,
        }
    }
}

/// The days on which a customer asks this bank for credit, in order.
pub fn asks(world: &World, person: &Person, path: &CreditPath) -> Vec<Day> {
    let mut days = application_days(world, person, path, &mut world.streams.asking.at(person.index));
    days.sort_unstable();
    days
}

fn application_days(world: &World, person: &Person, path: &CreditPath, draw: &mut Draw) -> Vec<Day> {
    let (calendar, mean) = (&world.calendar, world.scenario.loan_applications_per_customer);
    let from = calendar.index(person.since).max(0);
    let day_in = |t: i32, draw: &mut Draw| {
        let first = calendar.month(t).first().max(person.since);
        first.plus(draw.below((calendar.record_day(t).since(first) + 1) as u64) as i32)
    };
    if world.scenario.exact_loan_applications {
        let weights: Vec<f64> = (from..WINDOW).map(|t| path.at(t).appetite).collect();
        return (0..mean as u32)
            .map(|_| {
                let t = from + draw.weighted(&weights) as i32;
                day_in(t, draw)
            })
            .collect();
    }
    let scale = mean / NATURAL_MEAN;
    let mut days = Vec::new();
    for t in (from..WINDOW).filter(|t| path.at(*t).applies) {
        let extra = draw.chance(scale - scale.floor());
        for _ in 0..scale.floor() as u32 + u32::from(extra) {
            days.push(day_in(t, draw));
        }
    }
    days
}

fn case(world: &World, person: &Person, path: &CreditPath, day: Day, number: u64, had: &Had, draw: &mut Draw) -> Case {
    let (calendar, model) = (&world.calendar, &world.scenario.model);
    let t = calendar.index(day);
    // The lender sees the file as last recorded, which is before this month's end.
    let seen = *path.at(t - 1);
    let market = world.market.month(t);
    let score = seen.score as f64;
    let mut wants = appetites(person, score, person.age_on(day));
    for ((want, factor), kind) in wants.iter_mut().zip(model.loan_mix).zip(LoanType::ALL) {
        *want *= factor * had.damping(kind, day);
    }
    let kind = LoanType::ALL[draw.weighted(&wants)];
    let terms = terms(kind);
    // If it is to be a car: four in ten are financed new (Experian 2022), more of them by the rich (our assumption).
    let is_new = draw.chance(interpolate(person.income, &[(20_000.0, 0.22), (60_000.0, 0.38), (150_000.0, 0.6)]));
    let amount = amount(person, kind, is_new, score, draw);
    let term = term(kind, draw);
    let product = product(kind, is_new, draw);

    // What the lender's own eyes see beyond the score: the score says 0.0078 of creditworthiness a point, about its mean.
    let hidden = person.theta - 0.0078 * (score - 712.0);
    let price = base_price(kind, is_new, score, term, market.fed_funds, market.mortgage_30y)
        + 0.55 * terms.price_noise * draw.normal()
        - terms.insight * hidden
        + model.rate_shift;
    let rate = Rate::from_percent(price.clamp(1.9, 35.99));
    let debt_to_income = debt_to_income(person, kind, amount, rate, term, score, draw);

    let odds = approval_odds(person, kind, &seen, debt_to_income, hidden, market) + model.approval_shift;
    let withdrawn = draw.chance(terms.withdrawn);
    // Nobody is lent money whose payments would eat the whole income and more, however good the score.
    let approved = draw.chance(logistic(odds)) && debt_to_income <= MOST_DEBT_TO_INCOME;
    // The spread of the days about their medians is our assumption.
    let decision_lag = draw.log_normal(terms.decision_days, 0.5);
    let funding_lag = draw.log_normal(terms.funding_days, 0.4);

    let submitted_at = day.at((8.0 * 3600.0 + 8.0 * 3600.0 * draw.uniform()) as u32);
    let submitted_at = if day == person.since { day.at(19 * 3600 + draw.below(3600) as u32) } else { submitted_at };
    let decided_at = after(submitted_at, decision_lag, draw);
    let funded_at = after(decided_at, funding_lag, draw);
    let is_open = decided_at.day() > calendar.as_of;
    let under_review = draw.chance(0.75);
    let (decision, status) = match (is_open, withdrawn, approved) {
        (true, ..) => ("pending", if under_review { "under_review" } else { "submitted" }),
        (_, true, _) => ("withdrawn", "withdrawn"),
        (_, _, true) => ("approved", "approved"),
        _ => ("rejected", "rejected"),
    };
    let is_approved = decision == "approved";
    let funded = is_approved && funded_at.day() <= calendar.as_of;

    let application_id = world.ids.nth(Space::LoanApplication, person.index, number);
    let loan = funded.then(|| Loan {
        loan_id: world.ids.nth(Space::Loan, person.index, number),
        application_id,
        customer_id: person.id,
        principal: amount,
        annual_rate: rate,
        term_months: term,
        funded_on: funded_at.day(),
        // Repayment decides.
        status: "current",
        true_pd: true_pd(world, person, path, kind, funded_at.day()),
    });
    Case {
        application: LoanApplication {
            application_id,
            customer_id: person.id,
            loan_type: kind,
            requested_amount: amount,
            term_months: term,
            purpose: purpose(kind, had.funded[kind as usize].is_some(), draw),
            status,
            application_date: day,
            created_at: submitted_at,
        },
        decision: LoanDecision {
            application_id,
            decided_on: (!is_open).then(|| decided_at.day()),
            decision,
            credit_score: seen.score,
            debt_to_income: (debt_to_income * 10_000.0).round() as i64,
            quoted_rate: is_approved.then_some(rate),
            product,
            reasons: (decision == "rejected").then(|| reason(person, &seen, debt_to_income)),
        },
        loan,
        t,
        decided_at: (!is_open).then_some(decided_at),
        funded_at: funded.then_some(funded_at),
    }
}

/// No loan is granted beyond this ratio of payments to income: our assumption; HMDA has hardly any above 0.8.
const MOST_DEBT_TO_INCOME: f64 = 1.2;

/// The lender's log-odds of saying yes.
///
/// The slope on the score makes 53 % of those up to 680 be rejected and few above 760 (NY Fed SCE 2015); that on debt over
/// income makes the denial of mortgages rise from 8 % below 0.36 to 36 % at 0.43-0.50 and 55 % above (Boston HMDA 1990), and
/// from under 10 % below 0.50 (HMDA 2019). The self-employed are denied 17 % against 11 (Boston HMDA). The rest is our
/// assumption: work, inquiries, what the lender sees beyond the score, and stricter standards when unemployment is high.
fn approval_odds(
    person: &Person,
    kind: LoanType,
    seen: &CreditMonth,
    debt_to_income: f64,
    hidden: f64,
    market: &MarketMonth,
) -> f64 {
    let score = seen.score as f64;
    terms(kind).approval + 0.015 * (score - 670.0) - 6.5 * (debt_to_income - 0.42).clamp(0.0, 1.2)
        + if kind == LoanType::Mortgage { 0.009 * (score - 700.0).clamp(-150.0, 60.0) } else { 0.0 }
        - if person.employment == Employment::Unemployed { 0.35 } else { 0.0 }
        - if person.employment == Employment::SelfEmployed { 0.30 } else { 0.0 }
        - if seen.inquiries > 4 { 0.35 } else { 0.0 }
        + 0.35 * hidden
        - 0.125 * (market.unemployment - 4.5)
}

/// `days` after `start` (at least some minutes), in office hours if that is another day.
fn after(start: Moment, days: f64, draw: &mut Draw) -> Moment {
    let office = (9.0 * 3600.0 + 8.0 * 3600.0 * draw.uniform()) as u32;
    let day = start.day().plus(days as i32);
    let minutes = start.plus_seconds(120 + (600.0 * draw.uniform()) as i64);
    if day == start.day() { minutes } else { day.at(office) }
}

/// Monthly debt payments, the new one included, over monthly income: the lender's back-end ratio.
///
/// Debts beside housing have a median of 17 % of income (LendingClub 2018: 17.6), a little less for larger incomes and better
/// scores; rent or an old mortgage one of 20 %, less for larger incomes (HMDA's front-end ratio is 26 %): the slopes and
/// spreads are our assumption.
fn debt_to_income(
    person: &Person,
    kind: LoanType,
    amount: Cents,
    rate: Rate,
    term: Option<u32>,
    score: f64,
    draw: &mut Draw,
) -> f64 {
    let means = libm::log(person.income / 50_000.0);
    let log_other = libm::log(0.165) - 0.10 * means - 0.0022 * (score - 700.0) + 0.55 * draw.normal();
    let other = libm::exp(log_other).min(0.9);
    let housing = libm::exp(libm::log(0.20) - 0.22 * means + 0.35 * draw.normal()).clamp(0.03, 0.55);
    let payment = match term {
        Some(term) => instalment(amount, rate, term).dollars(),
        // A home-equity line counts as if drawn in full and repaid over twenty years.
        None if kind == LoanType::Heloc => instalment(amount, rate, 240).dollars(),
        // A card: minimum payment of 2.5 % on a third of it.
        None => 0.025 * 0.35 * amount.dollars(),
    };
    let monthly = person.income / 12.0;
    let ratio = if kind == LoanType::Mortgage {
        // The new home replaces the old one; taxes and insurance are 1.45 % of the loan a year.
        0.55 * other + (payment + 0.0145 * amount.dollars() / 12.0) / monthly
    } else {
        other + housing + payment / monthly
    };
    ratio.min(99.0)
}

/// In millionths.
fn true_pd(world: &World, person: &Person, path: &CreditPath, kind: LoanType, funded_on: Day) -> i64 {
    let t = world.calendar.index(funded_on);
    let (pass, exit) = endings(world, kind);
    let pd = pass * default::default_within_a_year(world, person, path.at(t), t, exit);
    (pd * 1e6).round() as i64
}

/// The reason that a lender would name first.
fn reason(person: &Person, seen: &CreditMonth, debt_to_income: f64) -> &'static str {
    if seen.state >= 3 {
        "serious delinquency"
    } else if seen.score < 620 {
        "credit score too low"
    } else if debt_to_income > 0.43 {
        "debt-to-income too high"
    } else if person.employment == Employment::Unemployed {
        "no regular income"
    } else if seen.inquiries > 4 {
        "too many recent inquiries"
    } else if seen.utilisation > 0.8 {
        "revolving credit nearly exhausted"
    } else {
        "lender's policy"
    }
}
