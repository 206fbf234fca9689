//! `market_data`: the economy that acts on every life, one row per series and month.

use super::{Id, decimal, words};
use crate::schema::Value::{Date, Decimal, Text, Timestamp};
use crate::schema::{Column, Day, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct MarketData {
    pub data_id: Id,
    pub data_type: Series,
    /// In ten-thousandths.
    pub value: i64,
    pub date_recorded: Day,
    pub source: &'static str,
    pub created_at: Moment,
}

/// The numbers are part of ids: never change one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    FedFunds,
    Prime,
    Mortgage30y,
    Treasury10y,
    Unemployment,
    CpiYoy,
    GdpGrowth,
    Sp500,
    UsdHtg,
    Recession,
}

impl Series {
    pub const ALL: [Series; 10] = [
        Series::FedFunds,
        Series::Prime,
        Series::Mortgage30y,
        Series::Treasury10y,
        Series::Unemployment,
        Series::CpiYoy,
        Series::GdpGrowth,
        Series::Sp500,
        Series::UsdHtg,
        Series::Recession,
    ];
    pub const NAMES: [&'static str; 10] = [
        "fed_funds",
        "prime",
        "mortgage_30y",
        "treasury_10y",
        "unemployment",
        "cpi_yoy",
        "gdp_growth",
        "sp500",
        "usd_htg",
        "recession",
    ];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

impl Row for MarketData {
    const TABLE: &'static Table<Self> = &Table {
        name: "market_data",
        about: "Monthly economic series. Simulated: plausible, not historical.",
        columns: &[
            Column::new("data_id", Kind::Id, |m: &Self| m.data_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the series' number, the month and a tag of seed and scenario."),
            Column::new("data_type", words(50), |m: &Self| Text(m.data_type.name()))
                .one_of(&Series::NAMES)
                .about("The series.")
                .origin("Every series has a row in each of the months."),
            Column::new("value", decimal(10, 4), |m: &Self| Decimal(m.value, 4))
                .unit("percent; index points for sp500, HTG per USD for usd_htg, 0 or 1 for recession")
                .about("What the series stood at.")
                .origin(
                    "A macro model: recessions drive unemployment, the central bank follows a Taylor-like rule, \
                     mortgages follow the funds rate and share prices a GJR-GARCH(1,1); usd_htg follows published \
                     annual means.",
                ),
            Column::new("date_recorded", Kind::Date, |m: &Self| Date(m.date_recorded))
                .about("Last day of the month, or as_of in its month.")
                .origin("The newest months to as_of, as many as market_data_points says."),
            Column::new("source", words(100), |m: &Self| Text(m.source))
                .about("Who says so.")
                .origin("The same in every row: the name of the model."),
            Column::new("created_at", Kind::Timestamp, |m: &Self| Timestamp(m.created_at))
                .about("When it was recorded.")
                .origin("18:00 on date_recorded."),
        ],
        unique: &[&["data_type", "date_recorded"]],
        foreign: &[],
    };
}
