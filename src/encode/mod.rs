//! Rows as bytes: the canonical line and its checksum, JSON, CSV, and rows read back.

mod checksum;
mod csv;
mod json;
mod record;

pub use checksum::{TableSum, canonical_line};
pub use csv::{write_csv_head, write_csv_row};
pub use json::{write_json_numbers, write_json_row};
pub use record::{LifeRecords, Record};
