//! `banks`: the houses at which accounts are kept.

use super::words;
use crate::schema::Value::{Null, Text, Timestamp};
use crate::schema::{Column, Kind, Moment, Row, Table};

/// Where a row comes from: made here, or read from a bank's interface.
pub const DATA_SOURCES: [&str; 2] = ["REAL_API", "SYNTHETIC"];

#[derive(Clone, Debug)]
pub struct Bank {
    pub bank_id: &'static str,
    pub bank_name: &'static str,
    /// One of [`DATA_SOURCES`].
    pub data_source: &'static str,
    /// When it was read from outside; `None` for what was made here.
    pub extracted_at: Option<Moment>,
}

impl Row for Bank {
    const TABLE: &'static Table<Self> = &Table {
        name: "banks",
        about: "The houses at which accounts are kept.",
        columns: &[
            Column::new("bank_id", words(255), |b: &Self| Text(b.bank_id))
                .primary()
                .about("Key.")
                .origin("A word for each of the bank's four houses, one a region of the Census Bureau."),
            Column::new("bank_name", words(255), |b: &Self| Text(b.bank_name))
                .about("Its name.")
                .origin("Invented: no bank is called so."),
            Column::new("data_source", words(20), |b: &Self| Text(b.data_source))
                .one_of(&DATA_SOURCES)
                .about("Whether it was made here or read from a bank's interface.")
                .origin("SYNTHETIC in every row that is seeded."),
            Column::new("extracted_at", Kind::Timestamp, |b: &Self| b.extracted_at.map_or(Null, Timestamp))
                .nullable()
                .about("When it was read from outside; NULL for what was made here.")
                .origin("NULL in every row that is seeded."),
        ],
        unique: &[],
        foreign: &[],
    };
}
