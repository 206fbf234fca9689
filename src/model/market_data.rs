//! `market_data`: the economy that acts on every life, one row per series and month.

use super::{Id, words};
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
            Column::new("data_id", Kind::Id, "Key.", |m: &Self| m.data_id.value()).primary(),
            Column::new("data_type", words(50), "The series.", |m: &Self| Text(m.data_type.name()))
                .one_of(&Series::NAMES),
            Column::new(
                "value",
                Kind::Decimal { precision: 10, scale: 4 },
                "Percent; index points for sp500, HTG per USD for usd_htg, 0 or 1 for recession.",
                |m: &Self| Decimal(m.value, 4),
            ),
            Column::new("date_recorded", Kind::Date, "Last day of the month, or as_of in its month.", |m: &Self| {
                Date(m.date_recorded)
            }),
            Column::new("source", words(100), "Who says so.", |m: &Self| Text(m.source)),
            Column::new("created_at", Kind::Timestamp, "When it was recorded.", |m: &Self| Timestamp(m.created_at)),
        ],
        unique: &[&["data_type", "date_recorded"]],
    };
}
