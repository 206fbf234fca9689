//! Data sets: the same lives, told for one purpose each, in columns of their own. No database is asked.
//!
//! A data set is described as a table is, column by column, so that CSV and JSON derive from the description. It is computed from
//! the rows that would be seeded and draws nothing about them; only `users` and the persona of `spanish` add what no table holds,
//! from streams of their own.

#[cfg(test)]
mod by_hand;
pub mod customers;
pub mod fraud;
mod language;
mod paper;
mod parallel;
mod pdf;
pub mod profile;
pub mod spanish;
pub mod statement;
mod summary;
pub mod transactions;
pub mod users;

use std::io;

use crate::encode::{write_csv_head, write_csv_row, write_json_numbers};
use crate::scenario::Scenario;
use crate::schema::{Rows, Schema};

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of names, then a line a row.
    Csv,
    /// A JSON object a line.
    Jsonl,
}

impl Form {
    /// Appends what stands above the rows.
    pub fn head(self, schema: &dyn Schema, out: &mut String) {
        if self == Form::Csv {
            write_csv_head(schema, out);
        }
    }

    /// Appends these rows.
    pub fn rows(self, rows: &dyn Rows, out: &mut String) {
        (0..rows.len()).for_each(|row| self.row(rows, row, out));
    }

    fn row(self, rows: &dyn Rows, row: usize, out: &mut String) {
        match self {
            Form::Csv => write_csv_row(rows, row, out),
            Form::Jsonl => {
                write_json_numbers(rows, row, out);
                out.push('\n');
            }
        }
    }

    /// Writes head and rows.
    pub fn write(self, rows: &dyn Rows, out: &mut dyn io::Write) -> io::Result<()> {
        let mut text = String::new();
        self.head(rows.schema(), &mut text);
        for row in 0..rows.len() {
            self.row(rows, row, &mut text);
            if text.len() > PAGE {
                out.write_all(text.as_bytes())?;
                text.clear();
            }
        }
        out.write_all(text.as_bytes())
    }
}

/// Bytes of text that are collected before they are written.
const PAGE: usize = 1 << 16;

/// The same world, with nothing written of a life but what every data set needs. Volumes change no other row.
fn lean(scenario: &Scenario) -> Scenario {
    Scenario { financial_records_per_customer: 0, credit_history_entries: 0, market_data_points: 0, ..scenario.clone() }
}
