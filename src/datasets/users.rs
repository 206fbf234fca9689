//! Users of an application: a short table to fill a front end with.
//!
//! In the United States they are customers of the bank, in their order and with their numbers, those from 18 to 65; in Spain they are made up, as is when
//! each signed up and who pays.

use super::customers::user_name;
use super::spanish;
use crate::error::{Error, Result};
use crate::generate::World;
use crate::generate::draw::Draw;
use crate::generate::population::{NUMBERS, Person, person};
use crate::generate::seed::Seed;
use crate::model::{Customer, words};
use crate::scenario::Scenario;
use crate::schema::Value::{Bool, Date, Int, Text};
use crate::schema::{Column, Day, Kind, Row, Table};

/// Years of age, both ends included.
pub(super) const AGES: std::ops::RangeInclusive<u64> = 18..=65;

#[derive(Clone, Debug)]
pub struct User {
    id: String,
    name: String,
    email: String,
    age: i64,
    city: &'static str,
    signup_date: Day,
    is_premium: bool,
}

impl Row for User {
    const TABLE: &'static Table<Self> = &Table {
        name: "users",
        about: "Users of an application.",
        columns: &[
            Column::new("id", words(0), |u: &Self| Text(&u.id))
                .primary()
                .about("In the United States the customer's own number, so that some are left out."),
            Column::new("name", words(0), |u: &Self| Text(&u.name)).about("Given and family name."),
            Column::new("email", words(0), |u: &Self| Text(&u.email))
                .unique()
                .about("Only at example.com, .org or .net."),
            Column::new("age", Kind::Int, |u: &Self| Int(u.age)).range(18, 65).unit("years").about("At as_of."),
            Column::new("city", words(0), |u: &Self| Text(u.city)).about("Home city."),
            Column::new("signup_date", Kind::Date, |u: &Self| Date(u.signup_date)).about("In the two years to as_of."),
            Column::new("is_premium", Kind::Bool, |u: &Self| Bool(u.is_premium)).about("Three in ten are."),
        ],
        unique: &[],
        foreign: &[],
    };
}

/// Where users live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    Us,
    Es,
}

/// The first `count` users.
pub fn users(scenario: &Scenario, locale: Locale, count: u64) -> Result<Vec<User>> {
    let streams = (Seed(scenario.seed).stream("users"), Seed(scenario.seed).stream("spanish users"));
    let as_of = scenario.as_of;
    let habits = |number: u64| Habits::draw(&mut streams.0.at(number));
    if locale == Locale::Es {
        let user = |number: u64| {
            let (name, email, age, city) = spanish::stranger(&mut streams.1.at(number), number);
            let signup_date = habits(number).signup(as_of, as_of.plus_years(-(age as i32)));
            User { id: user_name(number), name, email, age, city, signup_date, is_premium: habits(number).is_premium }
        };
        return Ok((0..count).map(user).collect());
    }
    let youngest = u64::from(scenario.model.youngest);
    if youngest > *AGES.end() {
        return Err(Error::Scenario(format!(
            "users are from 18 to 65, and this scenario has nobody under {youngest}; give --youngest 65 or less"
        )));
    }
    let world = World::new(scenario);
    let people = (0..NUMBERS).map(|index| (index, person(&world, index)));
    let of_age = people.filter(|(_, (person, _))| AGES.contains(&(person.age as u64)));
    let user = |(number, (person, customer)): (u64, (Person, Customer))| User {
        id: user_name(number),
        name: format!("{} {}", customer.first_name, customer.last_name),
        email: customer.email,
        age: person.age as i64,
        city: customer.city,
        signup_date: habits(number).signup(as_of, person.born),
        is_premium: habits(number).is_premium,
    };
    Ok(of_age.take(count as usize).map(user).collect())
}

/// What no table of a bank holds.
struct Habits {
    is_premium: bool,
    /// When in the time in question they signed up, 0 to 1.
    joined: f64,
}

impl Habits {
    fn draw(draw: &mut Draw) -> Habits {
        Habits { is_premium: draw.chance(0.3), joined: draw.uniform() }
    }

    /// In the two years to `as_of`, and of age.
    fn signup(&self, as_of: Day, born: Day) -> Day {
        let first = as_of.plus_years(-2).plus(1).max(born.plus_years(18)).min(as_of);
        first.plus((f64::from(as_of.since(first) + 1) * self.joined) as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_as_asked_for() {
        for locale in [Locale::Us, Locale::Es] {
            let scenario = Scenario::default();
            let users = users(&scenario, locale, 1_500).unwrap();
            assert_eq!((users.len(), users[0].id.as_str()), (1_500, "user_000"));
            let premium = users.iter().filter(|user| user.is_premium).count();
            assert!((390..510).contains(&premium), "{premium}");
            for user in &users {
                assert!((18..=65).contains(&user.age));
                assert!(user.signup_date > scenario.as_of.plus_years(-2) && user.signup_date <= scenario.as_of);
            }
            let mut emails: Vec<&str> = users.iter().map(|user| user.email.as_str()).collect();
            emails.sort_unstable();
            emails.dedup();
            assert_eq!(emails.len(), 1_500);
            assert!(emails.iter().all(|email| email.is_ascii()));
            assert_eq!(format!("{:?}", super::users(&scenario, locale, 5).unwrap()), format!("{:?}", &users[..5]));
        }
    }

    #[test]
    fn a_user_is_the_customer_of_that_number() {
        let scenario = Scenario { customers: 1_000, ..Scenario::default() };
        let world = World::new(&scenario);
        for user in users(&scenario, Locale::Us, 100).unwrap() {
            let index = super::super::customers::find(&world, &user.id).unwrap();
            assert_eq!(user.email, person(&world, index).1.email);
        }
    }

    #[test]
    fn nobody_is_waited_for_who_does_not_live() {
        let mut scenario = Scenario::default();
        (scenario.model.youngest, scenario.model.oldest) = (70, 99);
        assert!(users(&scenario, Locale::Us, 1).unwrap_err().to_string().contains("nobody under 70"));
    }
}
