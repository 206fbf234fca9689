//! What comes in, goes out, is owned and is owed: monthly statements that close to the cent.
//!
//! Starting wealth follows the Survey of Consumer Finances (2022) by age; saving follows income. Each month
//! `assets' - liabilities' = assets - liabilities + pay + gain - spending`, in whole cents.
//!
//! Medians by age have their source beside them. Spreads, slopes and shares are our assumptions, calibrated together to the
//! ranges of check C24: mean over median net worth, its correlation with income, the share below zero, the saving rate.

use super::credit::CreditPath;
use super::draw::{Draw, interpolate, logistic};
use super::lending::Case;
use super::payday::PayDays;
use super::population::Person;
use super::repayment::{Repayment, drawn, outstanding};
use super::world::{WINDOW, World};
use crate::model::{Cents, Employment, FinancialRecord, Space};

/// Rows a month: pay, gain, spending, assets, liabilities.
const SLOTS: usize = 5;
/// Nobody owns or owes more: it has to fit the column.
const MOST: Cents = Cents(900_000_000_000);

/// SCF 2022 medians of net worth by age, dollars (per family; the model's customers are individuals).
const NET_WORTH: [(f64, f64); 8] = [
    (21.0, 14_000.0),
    (29.5, 52_000.0),
    (39.5, 135_600.0),
    (49.5, 247_200.0),
    (59.5, 364_500.0),
    (69.5, 409_900.0),
    (79.5, 335_600.0),
    (88.0, 300_000.0),
];
/// Median income of all adults by age, dollars: what "above the median" is measured against. Our assumption, from the mix of
/// work and its medians in `data/`.
const TYPICAL_INCOME: [(f64, f64); 8] = [
    (21.0, 16_000.0),
    (29.5, 40_000.0),
    (39.5, 47_000.0),
    (49.5, 48_000.0),
    (59.5, 44_000.0),
    (69.5, 34_000.0),
    (79.5, 30_000.0),
    (88.0, 27_000.0),
];

/// A month's sums, cents; `net` is what is owned less what is owed at its end.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    pub t: i32,
    /// What comes in on each pay day, after tax, and in the whole month.
    pub paycheck: Cents,
    pub pay: Cents,
    pub gain: Cents,
    pub spending: Cents,
    pub net: Cents,
    pub assets: Cents,
    pub liabilities: Cents,
}

/// The statements of every month of the window in which the customer is of age.
pub fn statements(
    world: &World,
    person: &Person,
    path: &CreditPath,
    cases: &[Case],
    repayments: &[Repayment],
) -> Vec<Statement> {
    let draw = &mut world.streams.wealth.at(person.index);
    let (calendar, model) = (&world.calendar, &world.scenario.model);
    let first = path.first.max(0);
    let start = Start::draw(person, person.age_on(calendar.record_day(first)), path.at(first).utilisation, draw);
    let tax = tax(person);
    // A share of spending that falls as income rises, near the Consumer Expenditure Survey's quintiles (2022).
    let spending_share = (1.04 - 0.075 * libm::log(person.income / 15_000.0)).clamp(0.62, 1.05);
    let pay_days = PayDays::of(world, person);
    // A salary is the same every time; who is paid by the hour or the job is not. Our assumption.
    let unsteadiness = match person.employment {
        Employment::FullTime | Employment::Retired => 0.0,
        Employment::SelfEmployed => 0.15,
        _ => 0.04,
    };

    let mut other_debt = start.other_debt;
    let mut net = start.net_worth;
    let mut statements = Vec::with_capacity((WINDOW - first) as usize);
    for t in first..WINDOW {
        let (month, date) = (path.at(t), calendar.record_day(t));
        let season = match calendar.month(t).number() {
            12 => 1.10,
            11 => 1.03,
            1 => 0.96,
            2 => 0.97,
            6 | 7 => 1.01,
            9 => 0.98,
            _ => 1.0,
        };
        // A pension is not lost.
        let loss = if month.shock && person.employment != Employment::Retired { 0.55 } else { 1.0 };
        let gross = person.income / pay_days.a_year() * loss * libm::exp(unsteadiness * draw.normal());
        let paycheck = Cents::from_dollars(gross * (1.0 - tax));
        let pay = Cents(paycheck.0 * pay_days.of_month(calendar.month(t)).filter(|day| *day <= date).count() as i64);
        let elapsed = f64::from(date.day_of_month()) / f64::from(calendar.month(t).last().day_of_month());
        let usual = person.income / 12.0 * (1.0 - tax) * spending_share * season * model.spending_factor * elapsed;
        let spending =
            Cents::from_dollars(usual * if month.shock { 0.87 } else { 1.0 } * libm::exp(0.13 * draw.normal()));

        let owned = (net + other_debt).max(Cents(20_000));
        // The wealthier, the more of it is in shares: a fourteenth at 20,000, two fifths at 500,000 (our assumption).
        let at_risk = 0.55 / (1.0 + libm::exp(11.8 - libm::log(owned.dollars().max(1.0))));
        let shares = world.market.month(t).sp500 / world.market.month(t - 1).sp500 - 1.0;
        let gain = owned.times(at_risk * (0.6 * shares + 0.0005));

        // Nearly as much is borrowed as repaid; now and then something larger is bought on credit (our assumption).
        other_debt = other_debt.times(0.992)
            + if draw.chance(0.03) {
                Cents::from_dollars(draw.log_normal(5_400.0, 0.9))
            } else {
                other_debt.times(0.0075)
            };
        let bank_debt = cases.iter().zip(repayments).filter_map(|(case, repayment)| {
            let loan = case.loan.as_ref()?;
            Some(match loan.term_months {
                Some(_) => outstanding(loan, &repayment.payments, date),
                None => drawn(world, path, loan, repayment, t),
            })
        });
        let mut liabilities = (other_debt + bank_debt.sum()).min(MOST);
        net = (net + pay + gain - spending).clamp(-MOST, MOST);
        // Whoever has nothing left lives on credit.
        let assets = (net + liabilities).max(Cents(5_000));
        if assets - liabilities != net {
            other_debt += assets - net - liabilities;
            liabilities = assets - net;
        }
        let (assets, liabilities) = if assets > MOST { (MOST, MOST - net) } else { (assets, liabilities) };
        statements.push(Statement { t, paycheck, pay, gain, spending, net, assets, liabilities });
    }
    statements
}

/// An effective rate from 4 % for the poorest to some 25 % at 300,000, near the CBO's average federal rates (2019).
pub(super) fn tax(person: &Person) -> f64 {
    (0.08 + 0.055 * libm::log(person.income / 15_000.0)).clamp(0.04, 0.36)
}

/// The statements as rows, the newest. `held` is what is on the customer's accounts at the end of month `t`.
pub fn records(
    world: &World,
    person: &Person,
    statements: &[Statement],
    held: impl Fn(i32) -> Cents,
) -> Vec<FinancialRecord> {
    let wanted = world.scenario.financial_records_per_customer as usize;
    let calendar = &world.calendar;
    let joined = calendar.index(person.since);
    // Only as many months as have rows to be written.
    let months = wanted.div_ceil(SLOTS).min(statements.len());
    let mut rows = Vec::with_capacity(months * SLOTS);
    for statement in &statements[statements.len() - months..] {
        let date = calendar.record_day(statement.t);
        if statement.t < joined || date < person.since {
            continue;
        }
        // Money on an account is owned, also by those who owe more than they own.
        let missing = (held(statement.t) - statement.assets).max(Cents::ZERO);
        let amounts = [
            ("income", statement.pay, pay_name(person.employment)),
            ("income", statement.gain, "Change in value of investments and property"),
            ("expense", statement.spending, "Living costs, interest included"),
            ("asset", statement.assets + missing, "Accounts, investments and property"),
            ("liability", statement.liabilities + missing, "Loans, cards and mortgages"),
        ];
        for (slot, (record_type, amount, description)) in amounts.into_iter().enumerate() {
            let sequence = (calendar.month(statement.t).0 as u64) << 3 | slot as u64;
            rows.push(FinancialRecord {
                record_id: world.ids.nth(Space::FinancialRecord, person.index, sequence),
                customer_id: person.id,
                record_type,
                amount,
                description,
                record_date: date,
                created_at: date.at(21 * 3600),
            });
        }
    }
    rows.split_off(rows.len().saturating_sub(wanted))
}

struct Start {
    net_worth: Cents,
    other_debt: Cents,
}

impl Start {
    fn draw(person: &Person, age: f64, utilisation: f64, draw: &mut Draw) -> Start {
        let means = libm::log(person.income / interpolate(age, &TYPICAL_INCOME)).clamp(-2.0, 2.5);
        let typical = libm::log(interpolate(age, &NET_WORTH));
        let wealth = libm::exp(typical + 0.85 * means + 0.25 * person.theta + 1.28 * draw.normal());
        let hole = draw.log_normal(13_400.0, 0.9);
        let is_negative = draw.chance(logistic(-2.2 - 0.055 * (age - 30.0) - 0.5 * person.theta));
        let owns_home = draw.chance(logistic(
            -0.62 + 0.05 * (age.clamp(20.0, 70.0) - 38.0) + 0.55 * means.min(2.0) + 0.35 * person.theta + 0.35,
        ));
        let still_pays =
            draw.chance(interpolate(age, &[(20.0, 0.95), (45.0, 0.85), (60.0, 0.6), (75.0, 0.3), (90.0, 0.12)]));
        let times_income = draw.log_normal(2.1, 0.45) * libm::exp(-0.25 * libm::log(person.income / 60_000.0));
        let paid_down = interpolate(age, &[(25.0, 1.0), (45.0, 0.85), (65.0, 0.55), (85.0, 0.4)]);
        let mortgage = if owns_home && still_pays { person.income * times_income * paid_down } else { 0.0 };
        let car = draw.log_normal(17_150.0, 0.55) * f64::from(u8::from(draw.chance(0.38)));
        let studies = draw.log_normal(22_000.0, 0.95);
        let studied =
            draw.chance(interpolate(age, &[(18.0, 0.28), (25.0, 0.40), (40.0, 0.24), (60.0, 0.09), (75.0, 0.02)]));
        let student = if studied { studies } else { 0.0 };
        // Cards of other banks, as used as ours.
        let limits =
            libm::exp(9.55 + 0.55 * libm::log(person.income / 50_000.0) + 0.55 * person.theta + 0.4 * draw.normal());
        let cards = limits * utilisation;
        Start {
            net_worth: Cents::from_dollars(if is_negative { -hole } else { wealth }).clamp(-MOST, MOST),
            other_debt: Cents::from_dollars(mortgage + car + student + cards).min(MOST),
        }
    }
}

fn pay_name(employment: Employment) -> &'static str {
    match employment {
        Employment::FullTime | Employment::PartTime => "Salary after tax",
        Employment::SelfEmployed => "Business income after tax",
        Employment::Unemployed => "Unemployment and family support",
        Employment::Student => "Student job and grants",
        Employment::Retired => "Pension and social security",
        Employment::NotWorking => "Family support and benefits",
    }
}
