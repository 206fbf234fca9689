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
            Column::new("customer_id", Kind::Id, "Key.", |c: &Self| c.customer_id.value()).primary(),
            Column::new("first_name", words(50), "Given name.", |c: &Self| Text(c.first_name)),
            Column::new("last_name", words(50), "Family name.", |c: &Self| Text(c.last_name)),
            Column::new("email", words(100), "Only at example.com, .org or .net (RFC 2606).", |c: &Self| {
                Text(&c.email)
            })
            .unique(),
            Column::new("phone", words(20), "555-01xx in an area code of the city: never a real line.", |c: &Self| {
                Text(&c.phone)
            }),
            Column::new("date_of_birth", Kind::Date, "Adults only.", |c: &Self| Date(c.date_of_birth)),
            Column::new("ssn", words(11), "Area 900-999 with group 01-49: never issued to anyone.", |c: &Self| {
                Text(&c.ssn)
            })
            .unique(),
            Column::new("address", words(0), "House number and street; the house does not exist.", |c: &Self| {
                Text(&c.address)
            }),
            Column::new("city", words(50), "Home city.", |c: &Self| Text(c.city)),
            Column::new("state", words(2), "Two-letter code of the city's state.", |c: &Self| Text(c.state)),
            Column::new("zip_code", words(10), "A ZIP code of that city.", |c: &Self| Text(c.zip_code)),
            Column::new("employment_type", words(50), "What they do at as_of.", |c: &Self| {
                Text(c.employment_type.name())
            })
            .one_of(&Employment::NAMES),
            Column::new("annual_income", MONEY, "Before tax, USD a year.", |c: &Self| c.annual_income.value())
                .range(0, MONEY_MAX),
            Column::new("created_at", Kind::Timestamp, "When they became a customer.", |c: &Self| {
                Timestamp(c.created_at)
            }),
        ],
        unique: &[],
    };
}
