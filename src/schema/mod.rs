//! What a table is: values, columns, tables, and rows seen without their type.
//!
//! This layer knows nothing of customers or databases. `model` describes the data with it; encoders and sinks
//! read data through it, so that neither ever names the other.

mod rows;
mod table;
pub mod time;
mod value;

pub use rows::{Row, Rows};
pub use table::{Column, ColumnSpec, Domain, ForeignKey, Key, Reference, Schema, Table};
pub use time::{Day, Moment, Month};
pub use value::{Kind, Value};
