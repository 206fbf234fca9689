//! `customers`: who they are, where they live, what they do and earn.

use super::{Cents, Id, MONEY, MONEY_MAX, words};
use crate::schema::Value::{Date, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct Customer {
    pub customer_id: Id,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub email: String,
    pub phone: String,
    pub date_of_birth: Day,
    pub ssn: String,
    pub address: String,
    pub city: &'static str,
    pub state: &'static str,
    pub zip_code: &'static str,
    pub employment_type: Employment,
    pub annual_income: Cents,
    pub created_at: Moment,
}

/// What a customer does for a living; the order is that of the parameter tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Employment {
    FullTime,
    PartTime,
    SelfEmployed,
    Unemployed,
    Student,
    Retired,
    NotWorking,
}

impl Employment {
    pub const ALL: [Employment; 7] = [
        Employment::FullTime,
        Employment::PartTime,
        Employment::SelfEmployed,
        Employment::Unemployed,
        Employment::Student,
        Employment::Retired,
        Employment::NotWorking,
    ];
    pub const NAMES: [&'static str; 7] =
        ["full_time", "part_time", "self_employed", "unemployed", "student", "retired", "not_working"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl Row for Customer {
    const TABLE: &'static Table<Self> = &Table {
        name: "customers",
        about: "People who bank here, one row each.",
        columns: &[
            Column::new("customer_id", Kind::Id, |c: &Self| c.customer_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the customer's number and a tag of seed and scenario."),
            Column::new("first_name", words(50), |c: &Self| Text(c.first_name))
                .about("Given name.")
                .origin("Female or male, each as likely; then by frequency among 250 names of the 1990 census."),
            Column::new("last_name", words(50), |c: &Self| Text(c.last_name))
                .about("Family name.")
                .origin("By frequency among 400 family names of the 1990 census."),
            Column::new("email", words(100), |c: &Self| Text(&c.email))
                .unique()
                .about("Only at example.com, .org or .net (RFC 2606).")
                .origin(
                    "Both names and the customer's number; example.com in 70 % of cases, .net in 20 %, .org in 10 %.",
                ),
            Column::new("phone", words(20), |c: &Self| Text(&c.phone))
                .about("555-01xx in an area code of the city: never a real line.")
                .origin("One of the city's area codes and one of the hundred lines, each as likely."),
            Column::new("date_of_birth", Kind::Date, |c: &Self| Date(c.date_of_birth)).about("Adults only.").origin(
                "An age at as_of: its band by the Census Bureau's shares of 2023, uniform within the band, \
                     exponential above 85.",
            ),
            Column::new("ssn", words(11), |c: &Self| Text(&c.ssn))
                .unique()
                .about("Area 900-999 with group 01-49: never issued to anyone.")
                .origin("A keyed permutation of the customer's number, so that no two are equal."),
            Column::new("address", words(0), |c: &Self| Text(&c.address))
                .about("House number and street; the house does not exist.")
                .origin("A number from 1 to 9,899 and a made-up street."),
            Column::new("city", words(50), |c: &Self| Text(c.city))
                .about("Home city.")
                .origin("One of 195, by its state's population of 2020 and its own size within the state."),
            Column::new("state", words(2), |c: &Self| Text(c.state))
                .about("Two-letter code of the city's state.")
                .origin("Goes with the city."),
            Column::new("zip_code", words(10), |c: &Self| Text(c.zip_code))
                .about("A ZIP code of that city.")
                .origin("One of up to a dozen of the city, each as likely."),
            Column::new("employment_type", words(50), |c: &Self| Text(c.employment_type.name()))
                .one_of(&Employment::NAMES)
                .about("What they do at as_of.")
                .origin("By the shares of each kind of work in the age band."),
            Column::new("annual_income", MONEY, |c: &Self| c.annual_income.value())
                .range(0, MONEY_MAX)
                .unit("USD a year")
                .about("Before tax.")
                .origin(
                    "Log-normal about the median for age and work, with a spread of its own on either side; full-time, \
                     self-employed and retired people have a Pareto-like tail from the 95th percentile on; in \
                     hundreds.",
                ),
            Column::new("created_at", Kind::Timestamp, |c: &Self| Timestamp(c.created_at))
                .about("When they became a customer.")
                .origin(
                    "Between 9:00 and 17:00 on a day of their adult life in the twelve years to as_of, each as likely.",
                ),
        ],
        unique: &[],
        foreign: &[],
    };
}
