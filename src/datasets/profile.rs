//! A profile: one customer as an application shows them.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::customers::user_name;
use super::lean;
use super::statement::Purpose;
use super::summary::number;
use super::transactions::is_own;
use crate::generate::population::person;
use crate::generate::{Block, World, unfold};
use crate::model::{AccountType, Category, Cents, Employment, Transaction, TransactionType};
use crate::scenario::Scenario;
use crate::schema::{Day, Month};

#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    pub user_id: String,
    pub name: String,
    pub email: String,
    pub age: u32,
    pub occupation: &'static str,
    /// As it arrives, after tax.
    #[serde(serialize_with = "number")]
    pub monthly_income: Cents,
    pub account_type: Cow<'static, str>,
    #[serde(serialize_with = "day")]
    pub member_since: Day,
    pub credit_score: Option<i64>,
    #[serde(serialize_with = "number")]
    pub savings_goal: Cents,
    #[serde(serialize_with = "number")]
    pub current_savings: Cents,
    #[serde(serialize_with = "number")]
    pub monthly_spending_limit: Cents,
    pub categories_budget: Budget,
}

#[derive(Clone, Debug, Serialize)]
pub struct Budget {
    #[serde(serialize_with = "number")]
    pub food: Cents,
    #[serde(serialize_with = "number")]
    pub transport: Cents,
    #[serde(serialize_with = "number")]
    pub entertainment: Cents,
    #[serde(serialize_with = "number")]
    pub shopping: Cents,
    #[serde(serialize_with = "number")]
    pub bills: Cents,
}

fn day<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

/// Months that make a usual one.
const MONTHS: u32 = 12;
/// Of financial records: pay, gain, spending, assets and liabilities.
const RECORDS_A_MONTH: u32 = 5;

/// Customer `index`. Income is a mean of the last year, budgets and limit are medians of its whole months; the goal is six months'
/// spending, the usual advice for a rainy day.
pub fn profile(scenario: &Scenario, index: u64) -> Profile {
    let world = World::new(&Scenario {
        financial_records_per_customer: MONTHS * RECORDS_A_MONTH,
        credit_history_entries: 1,
        // Twelve whole ones, whatever day the last one ends on, and whatever is seeded.
        transaction_months: MONTHS + 1,
        ..lean(scenario)
    });
    let life = unfold(&world, index..index + 1);
    let (person, customer) = person(&world, index);
    let mean = |record_type: &str, is_wanted: fn(&str) -> bool| {
        let records = life.financial_records.iter().filter(|record| record.record_type == record_type);
        let amounts: Vec<Cents> =
            records.filter(|record| is_wanted(record.description)).map(|record| record.amount).collect();
        amounts.iter().copied().sum::<Cents>().times(1.0 / amounts.len().max(1) as f64)
    };
    let income = mean("income", |description| !description.starts_with("Change in value"));
    let spending = mean("expense", |_| true);
    let account = |kind| life.accounts.iter().find(|account| account.account_type == kind);
    let savings = account(AccountType::Savings).map_or(Cents::ZERO, |savings| {
        let rows = life.transactions.iter().filter(|row| row.account_id == savings.account_id);
        let newest = rows.max_by_key(|row| (row.booked_at, row.transaction_id));
        newest.map_or(savings.opening_balance, |row| row.balance_after)
    });
    let months = months(&life, person.since, scenario.as_of);
    let budget = Budget::of(&months);
    let usual = median(months.iter().map(|month| month.iter().copied().sum())).max(budget.sum());
    Profile {
        user_id: user_name(index),
        name: format!("{} {}", customer.first_name, customer.last_name),
        email: customer.email,
        age: person.age as u32,
        occupation: occupation(person.employment),
        monthly_income: income,
        account_type: Cow::Borrowed(account(AccountType::Checking).map_or("Checking", |account| account.account_label)),
        member_since: customer.created_at.day(),
        credit_score: life.credit_history.last().map(|entry| entry.credit_score),
        savings_goal: round_up(spending.times(6.0), 50_000),
        current_savings: savings,
        monthly_spending_limit: round_up(usual, 5_000).min(income.max(usual)),
        categories_budget: budget,
    }
}

/// What a month was spent on, in the order of [`Purpose::ALL`].
type Spent = [Cents; Purpose::ALL.len()];

/// Of every whole month since the customer joined, at most a year; for the newest customers, of all the time they have, as one month or per month.
fn months(life: &Block, since: Day, as_of: Day) -> Vec<Spent> {
    let spent = |first: Day, last: Day| {
        let mut spent = Spent::default();
        let rows = life.transactions.iter().filter(|row| (first..=last).contains(&row.booked_at.day()));
        for row in rows.filter(|row| is_everyday(row)) {
            spent[Purpose::of(row.category, row.amount) as usize] += -row.amount;
        }
        spent
    };
    let end = as_of.plus(1).month();
    let is_whole = |month: &Month| month.first() >= since;
    let whole = (1..=MONTHS as i32).map(|back| end.plus(-back)).take_while(is_whole);
    let months: Vec<Spent> = whole.map(|month| spent(month.first(), month.last())).collect();
    if !months.is_empty() {
        return months;
    }
    let share = 30.44 / f64::from(as_of.since(since) + 1).max(30.44);
    vec![spent(since, as_of).map(|amount| amount.times(share))]
}

/// Bought or billed. What is set aside, owed, given or bought with a loan is no matter of a budget.
fn is_everyday(row: &Transaction) -> bool {
    use Category::{CardPayment, Family, Investment, Loan, Savings};
    row.amount < Cents::ZERO
        && !is_own(row)
        && row.transaction_type != TransactionType::BankTransfer
        && !matches!(row.category, CardPayment | Family | Investment | Loan | Savings)
}

fn median(amounts: impl Iterator<Item = Cents>) -> Cents {
    let mut amounts: Vec<Cents> = amounts.collect();
    amounts.sort_unstable();
    amounts.get(amounts.len() / 2).copied().unwrap_or(Cents::ZERO)
}

impl Budget {
    /// The median month of each, in tens.
    fn of(months: &[Spent]) -> Budget {
        let of = |purpose: Purpose| round_up(median(months.iter().map(|month| month[purpose as usize])), 1_000);
        Budget {
            food: of(Purpose::Food),
            transport: of(Purpose::Transport),
            entertainment: of(Purpose::Entertainment),
            shopping: of(Purpose::Shopping),
            bills: of(Purpose::Bills),
        }
    }

    fn sum(&self) -> Cents {
        self.food + self.transport + self.entertainment + self.shopping + self.bills
    }
}

fn occupation(employment: Employment) -> &'static str {
    match employment {
        Employment::FullTime => "Full-time employee",
        Employment::PartTime => "Part-time employee",
        Employment::SelfEmployed => "Self-employed",
        Employment::Unemployed => "Looking for work",
        Employment::Student => "Student",
        Employment::Retired => "Retired",
        Employment::NotWorking => "Not working",
    }
}

fn round_up(amount: Cents, step: i64) -> Cents {
    Cents((amount.0.max(0) + step - 1) / step * step)
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::transaction;
    use super::*;

    #[test]
    fn a_profile_is_the_customers_own() {
        let scenario = Scenario::default();
        for index in 0..20 {
            let profile = profile(&scenario, index);
            let (person, customer) = person(&World::new(&scenario), index);
            assert_eq!((profile.email, profile.age), (customer.email, person.age as u32));
            assert!(profile.member_since <= scenario.as_of);
            assert!((300..=850).contains(&profile.credit_score.unwrap()));
            // After tax, and not after a hard year of the worst kind.
            let ratio = profile.monthly_income.dollars() / (person.income / 12.0);
            assert!((0.3..1.15).contains(&ratio), "{ratio}");
            assert!(profile.monthly_spending_limit >= profile.categories_budget.sum());
            assert!(profile.savings_goal > Cents::ZERO);
        }
    }

    #[test]
    fn people_can_afford_their_budgets() {
        let scenario = Scenario::default();
        let profiles: Vec<Profile> = (0..100).map(|index| profile(&scenario, index)).collect();
        let of = |is: fn(&Profile) -> bool| profiles.iter().filter(|profile| is(profile)).count();
        let beyond = of(|profile| profile.categories_budget.sum() > profile.monthly_income);
        assert!(beyond <= 20, "{beyond}");
        let modest = of(|profile| profile.categories_budget.sum().dollars() < 0.2 * profile.monthly_income.dollars());
        assert!(modest <= 20, "{modest}");
    }

    #[test]
    fn a_profile_does_not_depend_on_what_is_seeded() {
        let json = |transactions_per_account, transaction_months| {
            let scenario = Scenario { transactions_per_account, transaction_months, ..Scenario::default() };
            serde_json::to_string(&profile(&scenario, 3)).unwrap()
        };
        assert_eq!(json(100, 0), json(0, 0));
        assert_eq!(json(100, 0), json(900, 24));
    }

    #[test]
    fn the_newest_customers_have_a_month_too() {
        let row = |day: Day, cents| Transaction { category: Category::Grocery, ..transaction(1, day.at(0), cents) };
        let as_of: Day = "2025-12-20".parse().unwrap();
        let of = |since: Day, transactions| {
            let spent = months(&Block { transactions, ..Block::default() }, since, as_of);
            (spent.len(), spent[0][Purpose::Food as usize])
        };
        assert_eq!(of(as_of, vec![row(as_of, -500)]), (1, Cents(500)));
        assert_eq!(of(as_of.plus(-40), vec![row(as_of, -500), row(as_of.plus(-40), -500)]), (1, Cents(742)));
        assert_eq!(of(as_of.plus(-60), vec![row(as_of, -500), row(as_of.plus(-30), -700)]), (1, Cents(700)));
    }

    #[test]
    fn amounts_round_up() {
        assert_eq!([0, 1, 5_000, 5_001, -7].map(|cents| round_up(Cents(cents), 5_000).0), [0, 5_000, 5_000, 10_000, 0]);
    }
}
