//! What there is to borrow: how much each kind of loan is wanted, its amounts, terms and prices.

use super::draw::{Draw, interpolate};
use super::population::Person;
use crate::model::{Cents, Employment, LoanType};

/// What is fixed about each kind of loan.
pub(super) struct Terms {
    /// The lender's base log-odds of approval; calibrated so that 19 to 25 % of all applications are rejected, and 17 % of
    /// those for cards (NY Fed SCE 2022-2025), and mortgages as HMDA has them.
    pub approval: f64,
    /// Share withdrawn by the applicant: 12 % of mortgages (HMDA), the rest our assumption.
    pub withdrawn: f64,
    /// Median days to decide, and from decision to funding: 42 days to close a mortgage (ICE Mortgage Technology), the rest
    /// our assumption.
    pub decision_days: f64,
    pub funding_days: f64,
    /// How much of the borrower's hidden quality the price catches, percentage points per unit: our assumption.
    pub insight: f64,
    /// Spread of the price beside all that the model knows, percentage points; for personal loans so that price and score
    /// correlate as LendingClub's do (Spearman -0.745), else our assumption.
    pub price_noise: f64,
    /// Amounts are multiples of this, dollars, within these limits: what lenders offer, our assumption.
    pub step: f64,
    pub least: f64,
    pub most: f64,
    /// Share of charge-offs that take this loan with them: people let cards go first and the roof last. Our assumption.
    pub default_pass: f64,
    /// Monthly probability of paying off early; of a line, of closing it: 6 to 20 % a year, our assumption.
    pub prepayment: f64,
}

/// The terms of this kind of loan.
pub(super) fn terms(kind: LoanType) -> &'static Terms {
    &TERMS[kind as usize]
}

/// In the order of [`LoanType::ALL`].
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

/// How much each kind is wanted, in the order of [`LoanType::ALL`]: by stage of life, score, means and work.
///
/// Calibrated so that the mix agrees with the SCE Credit Access Survey (NY Fed 2023-2024): half of what is asked for is
/// cards, a fifth cars.
pub(super) fn appetites(person: &Person, score: f64, age: f64) -> [f64; 7] {
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

/// How much is asked for.
///
/// Cars after Experian (2022: new 41,445 and used 27,768 on average), personal loans after LendingClub (2018: quantiles 3.2,
/// 8, 14.5, 24 and 36 thousand; rank correlation with income 0.42), lines of cards after the CFPB's CARD Act report (2013),
/// small business after SBA 7(a) (2024: mean 443,000 with half below 150,000). Mortgages are three times a year's income,
/// student loans and home-equity lines near a fraction of Experian's mean balances (2023): our assumption.
pub(super) fn amount(person: &Person, kind: LoanType, is_new: bool, score: f64, draw: &mut Draw) -> Cents {
    let terms = terms(kind);
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

/// Months, or `None` for lines: cars with a mean of 69 (Experian 2022), personal loans 36 or 60 (LendingClub 2018: 70 and
/// 30 %) and a few others, mortgages mostly of thirty years (HMDA); student and small-business loans are our assumption.
pub(super) fn term(kind: LoanType, draw: &mut Draw) -> Option<u32> {
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

/// Which variety of a kind.
pub(super) fn product(kind: LoanType, is_new: bool, draw: &mut Draw) -> Option<&'static str> {
    match kind {
        LoanType::Auto => Some(if is_new { "new" } else { "used" }),
        // Nine in ten mortgages are at a fixed rate (MBA 2023); nearly all home-equity lines are not.
        LoanType::Mortgage => Some(if draw.chance(0.92) { "fixed" } else { "variable" }),
        LoanType::Heloc => Some("variable"),
        _ => None,
    }
}

/// Percent a year before noise, by score, product and the rates of the month.
///
/// Cars by Experian's tiers (Q1 2023), personal loans by Bankrate's bands (2020), the mortgage add-on by myFICO's (2021);
/// cards so that they lie 13 to 16 points above the funds rate (Federal Reserve G.19). How much of the funds rate is passed
/// on, and the prices of student loans, lines and small business, are our assumption.
pub(super) fn base_price(
    kind: LoanType,
    is_new: bool,
    score: f64,
    term: Option<u32>,
    funds: f64,
    mortgage: f64,
) -> f64 {
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
            by_score(&KNOTS) + 0.35 * (funds - 2.0)
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

/// What it is for: personal loans as LendingClub had it in 2018, the rest our assumption. Whoever `has` a mortgage already
/// takes another one mostly to replace it.
pub(super) fn purpose(kind: LoanType, has: bool, draw: &mut Draw) -> &'static str {
    match kind {
        LoanType::CreditCard => {
            draw.pick(&[("everyday spending", 0.55), ("balance transfer", 0.25), ("rewards", 0.20)])
        }
        LoanType::Auto => draw.pick(&[("car purchase", 0.86), ("car loan refinancing", 0.14)]),
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
        LoanType::Mortgage if has => draw.pick(&[("home purchase", 0.25), ("refinancing", 0.75)]),
        LoanType::Mortgage => draw.pick(&[("home purchase", 0.68), ("refinancing", 0.32)]),
        LoanType::Student => draw.pick(&[("tuition", 0.78), ("living costs while studying", 0.22)]),
        LoanType::Heloc => draw.pick(&[("home improvement", 0.62), ("debt consolidation", 0.25), ("reserve", 0.13)]),
        LoanType::SmallBusiness => {
            draw.pick(&[("working capital", 0.46), ("equipment", 0.30), ("expansion", 0.17), ("start-up costs", 0.07)])
        }
    }
}
