//! Rows as bytes: the canonical line and its checksum, JSON, and rows read back.

mod checksum;
mod json;
mod record;

pub use checksum::{TableSum, canonical_line};
pub use json::write_json_row;
pub use record::{LifeRecords, Record};
