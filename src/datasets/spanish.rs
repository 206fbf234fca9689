//! Spain: users to fill a front end with, and María, the demo customer of a European bank.
//!
//! María is made here and not by the bank's model: her merchants and prices are those of `data/merchants_es.csv`. What recurs
//! does so once a month on a day of its own at a price of its own; her purchases are drawn month by month. One balance runs from
//! the day she joined, and what a month leaves goes to savings, so that any two statements agree.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::profile::{Budget, Profile};
use super::statement::{Holder, Line, Period, Purpose, Statement};
use super::users::AGES;
use crate::error::{Error, Result};
use crate::generate::draw::Draw;
use crate::generate::seed::Seed;
use crate::model::Cents;
use crate::scenario::Scenario;
use crate::schema::{Day, Month};

const FIRST_NAMES: [&str; 24] = [
    "María", "Lucía", "Carmen", "Sofía", "Laura", "Marta", "Paula", "Elena", "Ana", "Nuria", "Inés", "Begoña",
    "Antonio", "José", "Javier", "Daniel", "Pablo", "Álvaro", "Sergio", "Jordi", "Iván", "Hugo", "Adrián", "Íñigo",
];
const LAST_NAMES: [&str; 20] = [
    "García",
    "Rodríguez",
    "González",
    "Fernández",
    "López",
    "Martínez",
    "Sánchez",
    "Pérez",
    "Gómez",
    "Martín",
    "Jiménez",
    "Ruiz",
    "Hernández",
    "Díaz",
    "Moreno",
    "Muñoz",
    "Álvarez",
    "Romero",
    "Navarro",
    "Serra",
];
const CITIES: [&str; 4] = ["Barcelona", "Madrid", "Valencia", "Sevilla"];

/// Name, mail address, age and city of a user.
pub(super) fn stranger(draw: &mut Draw, number: u64) -> (String, String, i64, &'static str) {
    let mut one_of = |words: &[&'static str]| words[draw.below(words.len() as u64) as usize];
    let (first, last, city) = (one_of(&FIRST_NAMES), one_of(&LAST_NAMES), one_of(&CITIES));
    let age = AGES.start() + draw.below(AGES.end() - AGES.start() + 1);
    let email = format!("{}.{}.{number}@example.com", plain(first), plain(last));
    (format!("{first} {last}"), email, age as i64, city)
}

/// A name as it stands in a mail address.
fn plain(name: &str) -> String {
    let letter = |letter: char| match letter {
        'á' | 'Á' => 'a',
        'é' => 'e',
        'í' | 'Í' => 'i',
        'ó' => 'o',
        'ú' => 'u',
        'ñ' => 'n',
        other => other.to_ascii_lowercase(),
    };
    name.chars().map(letter).collect()
}

/// María's day of joining: 2022-03-15.
const SINCE: Day = Day(19_066);
const SALARY: &str = "Salary - TechCorp";
const SAVED: &str = "Transfer to savings";
/// With what recurs and is saved, a hundred lines in 90 days.
const PURCHASES_A_MONTH: u32 = 25;
/// On her account when she joined.
const OPENING: Cents = Cents(124_730);
/// What she keeps for the month to come; more is saved.
const CUSHION: Cents = Cents(240_000);
/// What purchases leave for contracts.
const RESERVE: Cents = Cents(40_000);

pub fn profile(scenario: &Scenario) -> Result<Profile> {
    check(scenario)?;
    Ok(Profile {
        user_id: "user_000".to_owned(),
        name: "María García".to_owned(),
        email: "maria.garcia@example.com".to_owned(),
        age: 28,
        occupation: "Software Engineer",
        monthly_income: Cents(280_000),
        account_type: Cow::Borrowed("N26 Smart"),
        member_since: SINCE,
        credit_score: Some(720),
        savings_goal: Cents(1_000_000),
        current_savings: Cents(345_000),
        monthly_spending_limit: Cents(200_000),
        categories_budget: Budget {
            food: Cents(40_000),
            transport: Cents(15_000),
            entertainment: Cents(10_000),
            shopping: Cents(20_000),
            bills: Cents(30_000),
        },
    })
}

/// The first month of which there can be a statement.
pub fn first_month() -> Month {
    SINCE.month()
}

/// María's account over a period; only the newest `most` lines are taken.
pub fn statement(scenario: &Scenario, period: Period, most: Option<usize>) -> Result<Statement> {
    check(scenario)?;
    let mut lines = lines(Seed(scenario.seed), period.last);
    let before = lines.partition_point(|line| line.booked_at.day() < period.first);
    let opening = before.checked_sub(1).map_or(OPENING, |last| lines[last].balance_after);
    lines.drain(..before);
    let holder = Holder {
        user: 0,
        name: "María García".to_owned(),
        address: vec!["Carrer de l'Exemple 12, 3r 2a".to_owned(), "08000 Barcelona".to_owned()],
        bank: "Banco del Ejemplo".to_owned(),
        account: "Cuenta corriente".to_owned(),
        number: "ES00 **** **** **** **** 4821".to_owned(),
        since: SINCE,
        currency: "EUR",
    };
    Ok(Statement::new(holder, period, lines, opening, most))
}

/// Every line from the day she joined to `last`, oldest first: all periods are cut from this one story.
fn lines(seed: Seed, last: Day) -> Vec<Line> {
    let (contracts, purchases) = (seed.stream("maria contracts"), seed.stream("maria"));
    let monthly: Vec<(u32, u32, Cents, &Merchant)> = MERCHANTS
        .iter()
        .enumerate()
        .filter(|(_, merchant)| merchant.is_monthly())
        .map(|(number, merchant)| {
            let draw = &mut contracts.at(number as u64);
            let (day, price) = (1 + draw.below(28) as u32, merchant.price(draw));
            let clock = 6 * 3600 + draw.below(3600) as u32;
            if merchant.name == SALARY { (28, 8 * 3600, price, merchant) } else { (day, clock, price, merchant) }
        })
        .collect();
    let mut balance = OPENING;
    let mut lines = Vec::new();
    let mut month = SINCE.month();
    while month <= last.month() {
        let contract = |&(day, clock, price, merchant): &(u32, u32, Cents, &Merchant)| {
            merchant.line(month.day(day), clock, price, merchant.home())
        };
        let mut of_month: Vec<Line> = monthly.iter().map(contract).collect();
        let draw = &mut purchases.at(month.0 as u64);
        for _ in 0..PURCHASES_A_MONTH {
            let merchant = &MERCHANTS[draw.weighted(&WEIGHTS)];
            let day = month.first().plus(draw.below(u64::from(month.last().day_of_month())) as i32);
            let (clock, price, place) = (clock(draw), merchant.price(draw), merchant.place(draw));
            of_month.push(merchant.line(day, clock, price, place));
        }
        of_month.sort_by_key(|line| line.booked_at);
        of_month.retain(|line| line.booked_at.day() >= SINCE);
        for mut line in of_month {
            // What she cannot afford she does not buy.
            let is_bought = line.is_recurring || balance + line.amount >= RESERVE;
            if is_bought {
                balance += line.amount;
                line.balance_after = balance;
                lines.push(line);
            }
        }
        let left = Cents((balance - CUSHION).0 / 1_000 * 1_000);
        if left > Cents::ZERO {
            balance -= left;
            lines.push(saved(month.last(), left, balance));
        }
        month = month.plus(1);
    }
    lines.retain(|line| line.booked_at.day() <= last);
    lines
}

/// What goes to savings when the month is over. It is no merchant, so it is not in the table.
fn saved(day: Day, amount: Cents, balance_after: Cents) -> Line {
    Line {
        id: String::new(),
        user_id: String::new(),
        booked_at: day.at(23 * 3600 + 1800),
        merchant: Cow::Borrowed(SAVED),
        description: Cow::Borrowed(SAVED),
        purpose: Purpose::Bills,
        amount: -amount,
        balance_after,
        is_recurring: false,
        currency: "EUR",
        location: "Online",
    }
}

fn check(scenario: &Scenario) -> Result<()> {
    if scenario.as_of < SINCE {
        return Err(Error::Scenario(format!(
            "maria has been a customer since {SINCE}; give a later --as-of than {}",
            scenario.as_of
        )));
    }
    Ok(())
}

/// A row of `data/merchants_es.csv`.
struct Merchant {
    name: &'static str,
    purpose: Purpose,
    /// Of the whole category.
    weight: f64,
    least: Cents,
    most: Cents,
    recurs: bool,
}

static MERCHANTS: LazyLock<Vec<Merchant>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(include_str!("../../data/merchants_es.csv").as_bytes());
    let merchant = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("the table is sound CSV");
        let number = |column: usize| record[column].parse::<f64>().expect("the table holds numbers where it should");
        Merchant {
            name: String::leak(record[0].to_owned()),
            purpose: Purpose::of_name(&record[1]).expect("the table holds categories where it should"),
            weight: number(2),
            least: Cents::from_dollars(number(3)),
            most: Cents::from_dollars(number(4)),
            recurs: &record[5] == "1",
        }
    };
    reader.records().map(merchant).collect()
});

/// Over [`MERCHANTS`]: a category's weight, shared among those of its merchants that do not recur.
static WEIGHTS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let weight = |merchant: &Merchant| {
        let same = |other: &&Merchant| other.purpose == merchant.purpose && !other.is_monthly();
        let share = 1.0 / MERCHANTS.iter().filter(same).count() as f64;
        if merchant.is_monthly() { 0.0 } else { merchant.weight * share }
    };
    MERCHANTS.iter().map(weight).collect()
});

impl Merchant {
    fn is_monthly(&self) -> bool {
        self.recurs || self.name == SALARY
    }

    /// Between least and most; endings as price tags have them, where they fit in between.
    fn price(&self, draw: &mut Draw) -> Cents {
        let exact = Cents(self.least.0 + draw.below((self.most.0 - self.least.0 + 1) as u64) as i64);
        let whole = exact.0 / 100 * 100;
        let tagged = match self.purpose {
            Purpose::Income => whole,
            _ => draw.pick(&[(exact.0, 0.4), (whole + 99, 0.25), (whole + 95, 0.1), (whole + 50, 0.15), (whole, 0.1)]),
        };
        if (self.least.0..=self.most.0).contains(&tagged) { Cents(tagged) } else { exact }
    }

    /// Where it is, as far as it is in one place.
    fn home(&self) -> &'static str {
        match self.name {
            "Netflix" | "Spotify" | "HBO Max" | "Steam" | "PlayStation Store" | "Amazon" | "Vueling" | "Ryanair"
            | "Freelance Payment" | "Bizum Received" => "Online",
            _ => "Barcelona",
        }
    }

    fn place(&self, draw: &mut Draw) -> &'static str {
        let travels = matches!(self.purpose, Purpose::Food | Purpose::Transport | Purpose::Shopping);
        let is_local = matches!(self.name, "La Boqueria" | "TMB Metro");
        let is_away = draw.chance(0.12);
        if is_away && travels && !is_local && self.home() == "Barcelona" { "Madrid" } else { self.home() }
    }

    fn line(&self, day: Day, clock: u32, price: Cents, location: &'static str) -> Line {
        Line {
            id: String::new(),
            user_id: String::new(),
            booked_at: day.at(clock),
            merchant: Cow::Borrowed(self.name),
            description: Cow::Borrowed(self.name),
            purpose: self.purpose,
            amount: if self.purpose == Purpose::Income { price } else { -price },
            balance_after: Cents::ZERO,
            is_recurring: self.is_monthly(),
            currency: "EUR",
            location,
        }
    }
}

/// A second of the day: lunch and the evening are busy, nobody is up before eight. Our assumption.
fn clock(draw: &mut Draw) -> u32 {
    const HOURS: [f64; 15] = [0.5, 0.7, 0.7, 0.7, 0.9, 1.1, 1.5, 1.4, 0.8, 0.8, 1.0, 1.3, 1.4, 1.2, 0.7];
    (8 + draw.weighted(&HOURS) as u32) * 3600 + draw.below(3600) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first: &str, last: &str, most: Option<usize>) -> Statement {
        let period = Period { first: first.parse().unwrap(), last: last.parse().unwrap() };
        statement(&Scenario::default(), period, most).unwrap()
    }

    #[test]
    fn the_table_is_read() {
        assert_eq!((MERCHANTS.len(), SINCE.to_string().as_str()), (36, "2022-03-15"));
        assert!((WEIGHTS.iter().sum::<f64>() - 0.9).abs() < 1e-9);
    }

    #[test]
    fn what_recurs_does_so_once_a_month_at_its_price() {
        let year = of("2025-01-01", "2025-12-31", None);
        let twelve: Vec<&Line> = year.lines.iter().filter(|line| line.merchant == "Netflix").collect();
        assert_eq!(twelve.len(), 12);
        assert!(twelve.iter().all(|line| line.amount == Cents(-1_299) && line.is_recurring));
        let day = |line: &&Line| line.booked_at.day().day_of_month();
        assert!(twelve.iter().all(|line| day(line) == day(&twelve[0])));
        let pay: Vec<&Line> = year.lines.iter().filter(|line| line.merchant == SALARY).collect();
        assert_eq!(pay.len(), 12);
        assert!(pay.iter().all(|line| line.amount == Cents(280_000) && line.is_recurring));
        let endesa =
            |statement: &Statement| statement.lines.iter().find(|line| line.merchant == "Endesa").unwrap().amount;
        assert_eq!(endesa(&year), endesa(&of("2025-11-01", "2025-11-30", None)));
    }

    #[test]
    fn number_and_days_are_kept_and_the_balance_runs() {
        for most in [1, 50, 700] {
            let statement = of("2025-10-03", "2025-12-31", Some(most));
            assert!(statement.lines.len() == most || most == 700);
            let oldest = statement.lines.last().unwrap();
            assert!(oldest.booked_at.day() >= "2025-10-03".parse().unwrap());
            assert!(statement.lines.is_sorted_by_key(|line| -line.booked_at.0));
            let sum: Cents = statement.lines.iter().map(|line| line.amount).sum();
            assert_eq!(statement.opening + sum, statement.closing);
        }
        let quarter = of("2025-10-03", "2025-12-31", None).lines.len();
        assert!((95..=110).contains(&quarter), "{quarter}");
    }

    #[test]
    fn statements_agree_and_the_balance_stays_where_it_is() {
        let mut closing = OPENING;
        let mut month = SINCE.month();
        let last = Scenario::default().as_of.month();
        let mut count = 0;
        while month <= last {
            let month_of = of(&month.first().to_string(), &month.last().to_string(), None);
            assert_eq!(month_of.opening, closing, "{}", month.first());
            closing = month_of.closing;
            count += month_of.lines.len();
            month = month.plus(1);
        }
        let all = of("2000-01-01", "2025-12-31", None);
        assert_eq!((all.lines.len(), all.from, all.opening, all.closing), (count, SINCE, OPENING, closing));
        let balances = || all.lines.iter().map(|line| line.balance_after);
        assert!(balances().min() >= Some(Cents(5_000)), "{:?}", balances().min());
        assert!(balances().max() <= Some(Cents(800_000)), "{:?}", balances().max());
    }

    #[test]
    fn the_newest_few_are_the_newest_of_all() {
        let (few, all) = (of("2025-10-03", "2025-12-31", Some(10)), of("2025-10-03", "2025-12-31", None));
        assert_eq!(few.lines.len(), 10);
        assert_eq!(format!("{:?}", few.lines), format!("{:?}", &all.lines[..10]));
        assert_eq!((few.closing, few.opening), (all.closing, all.lines[10].balance_after));
    }

    #[test]
    fn prices_are_within_the_table_and_places_mostly_barcelona() {
        let statement = of("2022-04-01", "2025-12-31", None);
        let mut barcelona = 0;
        let bought = || statement.lines.iter().filter(|line| line.merchant != SAVED);
        for line in bought() {
            let merchant = MERCHANTS.iter().find(|merchant| merchant.name == line.merchant).unwrap();
            let size = Cents(line.amount.0.abs());
            assert!(merchant.least <= size && size <= merchant.most, "{line:?}");
            assert_eq!(line.amount > Cents::ZERO, line.purpose == Purpose::Income);
            assert!(["Barcelona", "Madrid", "Online"].contains(&line.location));
            barcelona += u32::from(line.location == "Barcelona");
        }
        let share = f64::from(barcelona) / bought().count() as f64;
        assert!((0.5..0.85).contains(&share), "{share}");
        let food = bought().filter(|line| line.purpose == Purpose::Food).count();
        let drawn = bought().filter(|line| !line.is_recurring).count();
        assert!((food as f64 / drawn as f64 - 0.35 / 0.9).abs() < 0.03);
    }
}
