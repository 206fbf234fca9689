//! A statement: the lines of one account over a period, as an application shows them.

use std::borrow::Cow;
use std::str::FromStr;

use super::customers::user_name;
use super::lean;
use super::transactions::is_own;
use crate::error::{Error, Result};
use crate::generate::population::person;
use crate::generate::world::WINDOW;
use crate::generate::{World, unfold};
use crate::model::{AccountType, Category, Cents, EntityType, Id, MONEY, Transaction, TransactionType, decimal, words};
use crate::scenario::Scenario;
use crate::schema::Value::{Bool, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Month, Row, Table};

/// What money went for, in the words of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    Food,
    Transport,
    Entertainment,
    Bills,
    Shopping,
    Income,
}

impl Purpose {
    pub const ALL: [Purpose; 6] =
        [Purpose::Food, Purpose::Transport, Purpose::Entertainment, Purpose::Bills, Purpose::Shopping, Purpose::Income];
    pub const NAMES: [&str; 6] = ["food", "transport", "entertainment", "bills", "shopping", "income"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub fn of_name(name: &str) -> Option<Purpose> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// Whatever comes in is income, a refund, too; what is set aside every month is a bill, what friends and family get is not.
    pub(super) fn of(category: Category, amount: Cents) -> Purpose {
        use Category::*;
        if amount > Cents::ZERO {
            return Purpose::Income;
        }
        match category {
            Grocery | Restaurant => Purpose::Food,
            Fuel | Transport | Travel => Purpose::Transport,
            Entertainment | OnlineService => Purpose::Entertainment,
            Retail | Healthcare | Cash | Family => Purpose::Shopping,
            Utility | Housing | Insurance | Loan | CardPayment | Savings | Investment | Income | Fee | Education
            | Interest => Purpose::Bills,
        }
    }
}

/// A line of a statement.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub user_id: String,
    pub booked_at: Moment,
    pub merchant: Cow<'static, str>,
    /// As it is printed.
    pub description: Cow<'static, str>,
    pub purpose: Purpose,
    /// Above zero for income, below for all else.
    pub amount: Cents,
    pub currency: &'static str,
    pub balance_after: Cents,
    pub is_recurring: bool,
    pub location: &'static str,
}

impl Row for Line {
    const TABLE: &'static Table<Self> = &Table {
        name: "statement",
        about: "The lines of one account, newest first.",
        columns: &[
            Column::new("id", words(0), |l: &Self| Text(&l.id)).primary().about("tx_00000 is the newest."),
            Column::new("user_id", words(0), |l: &Self| Text(&l.user_id)).about("user_000 is the first customer."),
            Column::new("date", Kind::Timestamp, |l: &Self| Timestamp(l.booked_at)).about("When it was booked."),
            Column::new("merchant", words(0), |l: &Self| Text(&l.merchant)).about("Who is on the other side."),
            Column::new("category", words(0), |l: &Self| Text(l.purpose.name()))
                .one_of(&Purpose::NAMES)
                .about("What it was for."),
            Column::new("amount", MONEY, |l: &Self| l.amount.value())
                .about("Above zero for income, below for all else."),
            Column::new("currency", words(3), |l: &Self| Text(l.currency)).about("ISO 4217."),
            Column::new("balance_after", decimal(14, 2), |l: &Self| l.balance_after.value()).about("Of the account."),
            Column::new("is_recurring", Kind::Bool, |l: &Self| Bool(l.is_recurring)).about("Comes again every month."),
            Column::new("location", words(0), |l: &Self| Text(l.location)).about("A city, or Online."),
        ],
        unique: &[],
        foreign: &[],
    };
}

/// Days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub first: Day,
    pub last: Day,
}

impl Period {
    /// The `days` (at least 1) that end with `as_of`.
    pub fn back(as_of: Day, days: u32) -> Period {
        Period { first: as_of.plus(1 - days.min(50_000) as i32), last: as_of }
    }

    /// A month written `2025-11`, as far as `as_of` goes; it must not lie before `first`.
    pub fn month(text: &str, first: Month, as_of: Day) -> Result<Period> {
        let Ok(day) = Day::from_str(&format!("{text}-01")) else {
            return Err(Error::Scenario(format!(
                "--month: {text:?} is not a month; write it as YYYY-MM, for example 2025-11"
            )));
        };
        let month = day.month();
        if month < first || month > as_of.month() {
            let (from, to) = (first.first().to_string(), as_of.to_string());
            return Err(Error::Scenario(format!(
                "--month: {text} lies outside the data of this customer, which goes from {} to {}; give a month in between",
                &from[..7],
                &to[..7]
            )));
        }
        Ok(Period { first: month.first(), last: month.last().min(as_of) })
    }

    pub fn days(&self) -> i32 {
        self.last.since(self.first) + 1
    }
}

/// Whose account it is, and where.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The customer's index.
    pub user: u64,
    pub name: String,
    /// Line by line, without the name.
    pub address: Vec<String>,
    pub bank: String,
    /// What the account is called.
    pub account: String,
    /// Its number, all but the end hidden.
    pub number: String,
    /// The first day with data.
    pub since: Day,
    pub currency: &'static str,
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub holder: Holder,
    /// What was asked for.
    pub period: Period,
    /// The first day that the lines cover: later than the period's where there is no data yet or only the newest were taken.
    pub from: Day,
    /// Before the oldest line, and after the newest.
    pub opening: Cents,
    pub closing: Cents,
    /// Newest first.
    pub lines: Vec<Line>,
}

impl Statement {
    /// Of `lines` with the oldest first and their balances; `opening` stands before them. Only the newest `most` are taken.
    pub fn new(holder: Holder, period: Period, mut lines: Vec<Line>, opening: Cents, most: Option<usize>) -> Statement {
        let closing = lines.last().map_or(opening, |line| line.balance_after);
        lines.reverse();
        let all = lines.len();
        lines.truncate(most.unwrap_or(usize::MAX));
        let oldest = lines.last().filter(|_| lines.len() < all);
        let from = oldest.map_or(period.first.max(holder.since), |oldest| oldest.booked_at.day());
        let opening = lines.last().map_or(closing, |oldest| oldest.balance_after - oldest.amount);
        let user = user_name(holder.user);
        for (number, line) in lines.iter_mut().enumerate() {
            line.id = format!("tx_{number:05}");
            line.user_id.clone_from(&user);
            line.currency = holder.currency;
        }
        Statement { holder, period, from, opening, closing, lines }
    }
}

/// The first month of which there can be a statement of customer `index`.
pub fn first_month(world: &World, index: u64) -> Month {
    first_day(world, index).month()
}

fn first_day(world: &World, index: u64) -> Day {
    person(world, index).0.since.max(world.calendar.month(0).first())
}

/// The world in which this day is written: as it is seeded where that goes back far enough, else with every month there is, for
/// only then do all statements agree with each other.
fn world_with(scenario: &Scenario, index: u64, day: Day) -> World {
    let seeded = World::new(&lean(scenario));
    let day = day.max(first_day(&seeded, index));
    if seeded.first_booking.is_some_and(|first| first <= day) {
        return seeded;
    }
    World::new(&Scenario { transaction_months: WINDOW as u32, ..lean(scenario) })
}

/// The checking account of customer `index` over a period; the newest `most` lines of it.
pub fn statement(scenario: &Scenario, index: u64, period: Period, most: Option<usize>) -> Statement {
    let world = world_with(scenario, index, period.first);
    let life = unfold(&world, index..index + 1);
    let account = life.accounts.iter().find(|account| account.account_type == AccountType::Checking);
    let banks = world.rows().banks;
    let bank = account.and_then(|account| banks.iter().find(|bank| bank.bank_id == account.bank_id));
    let customer = &life.customers[0];
    let holder = Holder {
        user: index,
        name: format!("{} {}", customer.first_name, customer.last_name),
        address: vec![customer.address.clone(), format!("{}, {} {}", customer.city, customer.state, customer.zip_code)],
        bank: bank.map_or("Bank of Nowhere in Particular", |bank| bank.bank_name).to_owned(),
        account: account.map_or("Checking", |account| account.account_label).to_owned(),
        number: format!("**** **** {:04}", (index % 10_000 * 7_919 + 4_213) % 10_000),
        since: first_day(&world, index),
        currency: account.map_or("USD", |account| account.currency),
    };
    let mut rows: Vec<&Transaction> = life.transactions.iter().collect();
    rows.retain(|row| account.is_some_and(|account| account.account_id == row.account_id));
    rows.sort_unstable_by_key(|row| (row.booked_at, row.transaction_id));
    rows.retain(|row| row.booked_at.day() <= period.last);
    let before = rows.partition_point(|row| row.booked_at.day() < period.first);
    let opening = match before.checked_sub(1) {
        Some(last) => rows[last].balance_after,
        None => account.map_or(Cents::ZERO, |account| account.opening_balance),
    };
    Statement::new(holder, period, rows[before..].iter().map(|row| line(row)).collect(), opening, most)
}

fn line(row: &Transaction) -> Line {
    Line {
        id: String::new(),
        user_id: String::new(),
        booked_at: row.booked_at,
        merchant: row.recipient_entity.clone(),
        description: printed(row),
        purpose: Purpose::of(row.category, row.amount),
        amount: row.amount,
        currency: row.currency,
        balance_after: row.balance_after,
        is_recurring: row.is_recurring,
        location: row.city,
    }
}

/// The description for people: an id in it tells them nothing, and who is paid every month tells them much.
fn printed(row: &Transaction) -> Cow<'static, str> {
    if row.transaction_type == TransactionType::Refund {
        return Cow::Owned(format!("Refund from {}", row.recipient_entity));
    }
    let names_payee = row.is_recurring && row.category != Category::Loan && !is_own(row);
    if (names_payee || row.entity_type == EntityType::Person) && !row.description.contains(&*row.recipient_entity) {
        return Cow::Owned(format!("{}, {}", row.description, row.recipient_entity));
    }
    let is_id = |word: &&str| word.parse::<Id>().is_ok();
    match row.description.split(' ').find(is_id) {
        Some(id) => Cow::Owned(row.description.replace(&format!(" {id}"), "")),
        None => row.description.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::{NOON, id, transaction};
    use super::*;

    #[test]
    fn ids_are_not_printed() {
        let of = |transaction_type, description: String| {
            let row = Transaction { transaction_type, description: description.into(), ..transaction(1, NOON, -100) };
            line(&row).description
        };
        assert_eq!(of(TransactionType::Refund, format!("Refund of {}", id(2))), "Refund from Corner, Shop");
        assert_eq!(of(TransactionType::BankTransfer, format!("Loan payment {}", id(2))), "Loan payment");
        assert_eq!(of(TransactionType::BankTransfer, format!("Loan {} paid out", id(2))), "Loan paid out");
        assert_eq!(of(TransactionType::CardPurchase, "Purchase at Dealbay".to_owned()), "Purchase at Dealbay");
    }

    #[test]
    fn every_month_since_joining_can_be_printed() {
        let scenario = Scenario { transactions_per_account: 0, ..Scenario::default() };
        let world = World::new(&scenario);
        for index in 0..4 {
            let mut closing = None;
            let mut month = first_month(&world, index);
            while month <= scenario.as_of.month() {
                let period = Period::month(&month.first().to_string()[..7], month, scenario.as_of).unwrap();
                let statement = statement(&scenario, index, period, None);
                assert_eq!(closing.unwrap_or(statement.opening), statement.opening, "{index} {}", month.first());
                assert!(!statement.lines.is_empty() || closing.is_none(), "{index} {}", month.first());
                closing = Some(statement.closing);
                month = month.plus(1);
            }
            let all = statement(&scenario, index, Period::back(scenario.as_of, 3_660), None);
            assert_eq!(all.from, first_day(&world, index));
            assert_eq!(all.summary().from, all.from.to_string());
        }
    }

    #[test]
    fn payees_are_named_where_it_matters() {
        let of = |category, entity_type, is_recurring, description: &'static str| {
            let description = description.into();
            line(&Transaction { category, entity_type, is_recurring, description, ..transaction(1, NOON, -100) })
                .description
        };
        assert_eq!(of(Category::Housing, EntityType::Landlord, true, "Rent"), "Rent, Corner, Shop");
        assert_eq!(
            of(Category::Family, EntityType::Person, false, "Sent to a friend"),
            "Sent to a friend, Corner, Shop"
        );
        assert_eq!(of(Category::Savings, EntityType::Own, true, "Transfer"), "Transfer");
    }

    #[test]
    fn what_comes_in_is_income_and_nothing_else_is() {
        for category in [Category::Grocery, Category::Income, Category::Savings, Category::Cash] {
            assert_eq!(Purpose::of(category, Cents(1)), Purpose::Income);
            assert_ne!(Purpose::of(category, Cents(-1)), Purpose::Income);
        }
        assert_eq!(Purpose::of(Category::Travel, Cents(-1)).name(), "transport");
        assert_eq!(Purpose::of_name("bills"), Some(Purpose::Bills));
    }

    #[test]
    fn the_newest_lines_are_taken_and_numbered() {
        let holder = Holder {
            user: 17,
            name: String::new(),
            address: Vec::new(),
            bank: String::new(),
            account: String::new(),
            number: String::new(),
            since: Day(0),
            currency: "USD",
        };
        let rows: Vec<Transaction> = (0..3)
            .map(|number| Transaction {
                balance_after: Cents(1_000 - 100 * number),
                ..transaction(number as u64, NOON.plus_seconds(number), -100)
            })
            .collect();
        let period = Period::back(NOON.day(), 90);
        assert_eq!((period.days(), period.first.to_string().as_str()), (90, "2025-08-18"));
        let statement = Statement::new(holder, period, rows.iter().map(line).collect(), Cents(1_100), Some(2));
        assert_eq!((statement.opening, statement.closing), (Cents(1_000), Cents(800)));
        let ids: Vec<&str> = statement.lines.iter().map(|line| line.id.as_str()).collect();
        assert_eq!(ids, ["tx_00000", "tx_00001"]);
        assert_eq!((statement.lines[0].user_id.as_str(), statement.lines[0].balance_after), ("user_017", Cents(800)));
    }

    #[test]
    fn a_month_ends_with_the_data() {
        let (first, as_of) = ("2025-02-03".parse::<Day>().unwrap().month(), "2025-12-15".parse().unwrap());
        let november = Period::month("2025-11", first, as_of).unwrap();
        assert_eq!((november.first.to_string().as_str(), november.days()), ("2025-11-01", 30));
        assert_eq!(Period::month("2025-12", first, as_of).unwrap().days(), 15);
        let says = |text: &str| Period::month(text, first, as_of).unwrap_err().to_string();
        assert!(says("2026-01").contains("goes from 2025-02 to 2025-12"));
        assert!(says("2025-01").contains("outside the data"));
        for wrong in ["2025-13", "November", "2025-11-01", ""] {
            assert!(says(wrong).contains("is not a month"), "{wrong}");
        }
    }
}
