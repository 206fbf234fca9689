//! Asking for credit: what for, how much, at what price, and whether the lender says yes.
//!
//! Amounts and terms after Experian (2022) and LendingClub (2018), prices after Experian, Bankrate and myFICO,
//! approvals after the New York Fed's SCE and HMDA, as collected in the model's specification.

use super::credit::{self, CreditMonth, CreditPath};
use super::draw::{Draw, interpolate, logistic};
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

/// What is fixed about each kind of loan, in the order of [`LoanType::ALL`].
struct Terms {
    /// The lender's base log-odds of approval.
    approval: f64,
    withdrawn: f64,
    /// Median days to decide, and from decision to funding.
    decision_days: f64,
    funding_days: f64,
    /// How much of the borrower's hidden quality the price catches, percentage points per unit.
    insight: f64,
    price_noise: f64,
    /// Amounts are multiples of this, dollars, within these limits.
    step: f64,
    least: f64,
    most: f64,
    /// Share of charge-offs that take this loan with them.
    default_pass: f64,
    /// Monthly probability of paying off early; of a line, of closing it.
    prepayment: f64,
}

#[rustfmt::skip]
const TERMS: [Terms; 7] = [
    Terms { approval: 2.0,  withdrawn: 0.01, decision_days: 0.4,  funding_days: 0.5,  insight: 0.6,  price_noise: 3.6,  step: 100.0,   least: 300.0,    most: 50_000.0,    default_pass: 0.85, prepayment: 0.0 },
    Terms { approval: 2.9,  withdrawn: 0.05, decision_days: 0.8,  funding_days: 1.0,  insight: 0.6,  price_noise: 2.1,  step: 1.0,     least: 3_500.0,  most: 120_000.0,   default_pass: 0.45, prepayment: 0.014 },
    Terms { approval: 1.35, withdrawn: 0.05, decision_days: 2.2,  funding_days: 1.8,  insight: 1.6,  price_noise: 4.6,  step: 1_000.0, least: 1_000.0,  most: 50_000.0,    default_pass: 0.80, prepayment: 0.018 },
    Terms { approval: 2.15, withdrawn: 0.12, decision_days: 33.0, funding_days: 9.0,  insight: 0.08, price_noise: 0.55, step: 1_000.0, least: 40_000.0, most: 3_000_000.0, default_pass: 0.30, prepayment: 0.008 },
    Terms { approval: 2.9,  withdrawn: 0.03, decision_days: 9.0,  funding_days: 14.0, insight: 0.15, price_noise: 0.8,  step: 500.0,   least: 1_000.0,  most: 120_000.0,   default_pass: 0.55, prepayment: 0.006 },
    Terms { approval: 1.7,  withdrawn: 0.10, decision_days: 22.0, funding_days: 6.0,  insight: 0.25, price_noise: 1.0,  step: 1_000.0, least: 10_000.0, most: 750_000.0,   default_pass: 0.35, prepayment: 0.012 },
    Terms { approval: 1.0,  withdrawn: 0.10, decision_days: 25.0, funding_days: 8.0,  insight: 0.8,  price_noise: 2.5,  step: 1_000.0, least: 5_000.0,  most: 5_000_000.0, default_pass: 0.60, prepayment: 0.010 },
];

/// Share of charge-offs that take a loan of this kind with them, and its monthly probability of early pay-off.
pub fn endings(world: &World, kind: LoanType) -> (f64, f64) {
    let terms = &TERMS[kind as usize];
    (terms.default_pass, (terms.prepayment * world.scenario.model.prepayment_factor).min(0.99))
}

/// All applications of a customer, made on these days.
pub fn cases(world: &World, person: &Person, path: &CreditPath, asked: &[Day]) -> Vec<Case> {
    let draw = &mut world.streams.lending.at(person.index);
    let case = |(number, day): (usize, &Day)| case(world, person, path, *day, number as u64, draw);
    asked.iter().enumerate().map(case).collect()
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

fn case(world: &World, person: &Person, path: &CreditPath, day: Day, number: u64, draw: &mut Draw) -> Case {
    let (calendar, model) = (&world.calendar, &world.scenario.model);
    let t = calendar.index(day);
    // The lender sees the file as last recorded, which is before this month's end.
    let seen = *path.at(t - 1);
    let market = world.market.month(t);
    let score = seen.score as f64;
    let mut wants = appetites(person, score, person.age_on(day));
    wants.iter_mut().zip(model.loan_mix).for_each(|(want, factor)| *want *= factor);
    let kind = LoanType::ALL[draw.weighted(&wants)];
    let terms = &TERMS[kind as usize];
    let is_new = draw.chance(interpolate(person.income, &[(20_000.0, 0.22), (60_000.0, 0.38), (150_000.0, 0.6)]));
    let amount = amount(person, kind, is_new, score, draw);
    let term = term(kind, draw);
    let product = product(kind, is_new, draw);

    let hidden = person.theta - 0.0078 * (score - 712.0);
    let price = base_price(kind, is_new, score, term, market.fed_funds, market.mortgage_30y)
        + 0.55 * terms.price_noise * draw.normal()
        - terms.insight * hidden
        + model.rate_shift;
    let rate = Rate::from_percent(price.clamp(1.9, 35.99));
    let debt_to_income = debt_to_income(person, kind, amount, rate, term, score, draw);

    let odds = terms.approval + 0.015 * (score - 670.0) - 6.5 * (debt_to_income - 0.42).clamp(0.0, 1.2)
        + if kind == LoanType::Mortgage { 0.009 * (score - 700.0).clamp(-150.0, 60.0) } else { 0.0 }
        - if person.employment == Employment::Unemployed { 0.35 } else { 0.0 }
        - if person.employment == Employment::SelfEmployed { 0.30 } else { 0.0 }
        - if seen.inquiries > 4 { 0.35 } else { 0.0 }
        + 0.35 * hidden
        - 0.125 * (market.unemployment - 4.5)
        + model.approval_shift;
    let withdrawn = draw.chance(terms.withdrawn);
    // Nobody is lent money whose payments would eat the whole income, however good the score.
    let approved = draw.chance(logistic(odds)) && debt_to_income <= 1.2;
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
            purpose: purpose(kind, draw),
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

/// `days` after `start` (at least some minutes), in office hours if that is another day.
fn after(start: Moment, days: f64, draw: &mut Draw) -> Moment {
    let office = (9.0 * 3600.0 + 8.0 * 3600.0 * draw.uniform()) as u32;
    let day = start.day().plus(days as i32);
    let minutes = start.plus_seconds(120 + (600.0 * draw.uniform()) as i64);
    if day == start.day() { minutes } else { day.at(office) }
}

fn appetites(person: &Person, score: f64, age: f64) -> [f64; 7] {
    [
        0.46,
        if age < 70.0 { 1.0 } else { 0.55 }
            * interpolate(score, &[(500.0, 0.30), (620.0, 0.26), (720.0, 0.19), (800.0, 0.14)]),
        interpolate(score, &[(500.0, 0.22), (620.0, 0.21), (700.0, 0.15), (800.0, 0.09)]),
        interpolate(age, &[(18.0, 0.01), (26.0, 0.05), (34.0, 0.11), (45.0, 0.085), (60.0, 0.05), (75.0, 0.015)])
            * libm::pow(person.income / 55_000.0, 1.3).clamp(0.04, 3.0),
        if person.employment == Employment::Student {
            0.35
        } else {
            interpolate(age, &[(18.0, 0.14), (24.0, 0.09), (30.0, 0.025), (45.0, 0.01)])
        },
        if age > 32.0 && score > 640.0 { 0.045 } else { 0.004 },
        if person.employment == Employment::SelfEmployed { 0.18 } else { 0.008 },
    ]
}

fn amount(person: &Person, kind: LoanType, is_new: bool, score: f64, draw: &mut Draw) -> Cents {
    let terms = &TERMS[kind as usize];
    let means = libm::log(person.income / 50_000.0);
    let z = draw.normal();
    let log = match kind {
        LoanType::CreditCard => 8.35 + 0.0085 * (score - 680.0) + 0.40 * means + 0.50 * z,
        LoanType::Auto if is_new => 10.52 + 0.22 * means + 0.34 * z,
        LoanType::Auto => 10.13 + 0.20 * means + 0.42 * z,
        LoanType::Personal => 9.52 + 0.42 * means + 0.70 * z,
        LoanType::Mortgage => libm::log(person.income * 3.05) - 0.22 * means + 0.33 * z,
        LoanType::Student => 9.30 + 0.65 * z,
        LoanType::Heloc => 11.0 + 0.45 * means + 0.6 * z,
        LoanType::SmallBusiness => 11.1 + 0.45 * means + 1.15 * z,
    };
    let to_step = |dollars: f64, step: f64| ((dollars / step).round() * step).max(step);
    let mut dollars = to_step(libm::exp(log), terms.step);
    if kind == LoanType::Personal {
        // People ask for round sums: 36 % for thousands of five, 20 % for odd hundreds (LendingClub 2018).
        let habit = draw.uniform();
        let odd = draw.below(38) as f64 - 19.0;
        if habit < 0.36 {
            dollars = to_step(dollars, 5_000.0);
        } else if habit > 0.80 {
            dollars = 25.0 * ((dollars / 25.0).round() + odd);
        }
    }
    Cents::from_dollars(dollars.clamp(terms.least, terms.most))
}

fn term(kind: LoanType, draw: &mut Draw) -> Option<u32> {
    let term = match kind {
        LoanType::CreditCard | LoanType::Heloc => return None,
        LoanType::Auto => draw.pick(&[(36, 0.04), (48, 0.06), (60, 0.24), (72, 0.46), (84, 0.20)]),
        LoanType::Personal => draw.pick(&[(12, 0.04), (24, 0.08), (36, 0.58), (48, 0.05), (60, 0.25)]),
        LoanType::Mortgage => draw.pick(&[(360, 0.88), (240, 0.03), (180, 0.08), (120, 0.01)]),
        LoanType::Student => draw.pick(&[(120, 0.72), (180, 0.15), (240, 0.13)]),
        LoanType::SmallBusiness => {
            draw.pick(&[(12, 0.12), (24, 0.14), (36, 0.22), (60, 0.25), (84, 0.10), (120, 0.17)])
        }
    };
    Some(term)
}

fn product(kind: LoanType, is_new: bool, draw: &mut Draw) -> Option<&'static str> {
    match kind {
        LoanType::Auto => Some(if is_new { "new" } else { "used" }),
        // Nine in ten mortgages are at a fixed rate; nearly all home-equity lines are not.
        LoanType::Mortgage => Some(if draw.chance(0.92) { "fixed" } else { "variable" }),
        LoanType::Heloc => Some("variable"),
        _ => None,
    }
}

/// Percent a year before noise, by score, product and the rates of the month.
fn base_price(kind: LoanType, is_new: bool, score: f64, term: Option<u32>, funds: f64, mortgage: f64) -> f64 {
    let by_score = |knots: &[(f64, f64)]| interpolate(score, knots);
    match kind {
        LoanType::CreditCard => {
            by_score(&[(580.0, 23.5), (640.0, 22.2), (690.0, 20.0), (720.0, 18.3), (760.0, 16.0), (820.0, 13.8)])
                + funds
                - 2.0
        }
        LoanType::Auto if is_new => {
            by_score(&[(450.0, 12.3), (550.0, 9.7), (630.0, 7.0), (720.0, 4.6), (815.0, 3.4)]) + 0.45 * (funds - 2.0)
        }
        LoanType::Auto => {
            by_score(&[(450.0, 19.6), (550.0, 16.8), (630.0, 11.5), (720.0, 7.0), (815.0, 5.0)]) + 0.45 * (funds - 2.0)
        }
        LoanType::Personal => {
            const KNOTS: [(f64, f64); 7] = [
                (560.0, 31.0),
                (630.0, 26.0),
                (660.0, 19.5),
                (690.0, 15.0),
                (720.0, 12.2),
                (760.0, 10.2),
                (820.0, 8.6),
            ];
            by_score(&KNOTS) + 0.35 * funds
        }
        LoanType::Mortgage => {
            const ADD_ON: [(f64, f64); 7] =
                [(580.0, 2.2), (620.0, 1.59), (650.0, 1.04), (670.0, 0.61), (690.0, 0.40), (730.0, 0.22), (760.0, 0.0)];
            mortgage + by_score(&ADD_ON) - if term.is_some_and(|term| term < 200) { 0.6 } else { 0.0 }
        }
        LoanType::Student => 4.2 + 0.35 * funds + by_score(&[(600.0, 2.5), (700.0, 0.6), (780.0, 0.0)]),
        LoanType::Heloc => mortgage + 1.2 + by_score(&[(620.0, 2.2), (700.0, 0.8), (780.0, 0.0)]),
        LoanType::SmallBusiness => 6.2 + 0.8 * funds + by_score(&[(600.0, 5.0), (700.0, 1.8), (780.0, 0.0)]),
    }
}

/// Monthly debt payments, the new one included, over monthly income: the lender's back-end ratio.
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

fn true_pd(world: &World, person: &Person, path: &CreditPath, kind: LoanType, funded_on: Day) -> i64 {
    let t = world.calendar.index(funded_on);
    let (pass, exit) = endings(world, kind);
    let pd = pass * credit::default_within_a_year(world, person, path.at(t), t, exit);
    (pd * 1e6).round() as i64
}

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

fn purpose(kind: LoanType, draw: &mut Draw) -> &'static str {
    match kind {
        LoanType::CreditCard => {
            draw.pick(&[("everyday spending", 0.55), ("balance transfer", 0.25), ("rewards", 0.20)])
        }
        LoanType::Auto => draw.pick(&[("car purchase", 0.86), ("car loan refinancing", 0.14)]),
        // LendingClub 2018: debt consolidation 57 %, cards 22 %, home improvement 7 %.
        LoanType::Personal => draw.pick(&[
            ("debt consolidation", 0.57),
            ("credit card refinancing", 0.20),
            ("home improvement", 0.08),
            ("major purchase", 0.04),
            ("medical expenses", 0.04),
            ("moving", 0.02),
            ("vacation", 0.02),
            ("other", 0.03),
        ]),
        LoanType::Mortgage => draw.pick(&[("home purchase", 0.68), ("refinancing", 0.32)]),
        LoanType::Student => draw.pick(&[("tuition", 0.78), ("living costs while studying", 0.22)]),
        LoanType::Heloc => draw.pick(&[("home improvement", 0.62), ("debt consolidation", 0.25), ("reserve", 0.13)]),
        LoanType::SmallBusiness => {
            draw.pick(&[("working capital", 0.46), ("equipment", 0.30), ("expansion", 0.17), ("start-up costs", 0.07)])
        }
    }
}
