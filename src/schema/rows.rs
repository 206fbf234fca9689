//! Rows of one table, seen without their type: what generators hand out and sinks take in. Nothing is copied.

use super::{Schema, Table, Value};

/// A row type that has a table.
pub trait Row: Sized + Send + Sync + 'static {
    const TABLE: &'static Table<Self>;
}

/// Rows of one table.
pub trait Rows: Send + Sync {
    fn schema(&self) -> &'static dyn Schema;
    fn len(&self) -> usize;
    /// Panics if `row >= len()` or `column` is past the schema's width.
    fn value(&self, row: usize, column: usize) -> Value<'_>;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<R: Row> Rows for Vec<R> {
    fn schema(&self) -> &'static dyn Schema {
        R::TABLE
    }

    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn value(&self, row: usize, column: usize) -> Value<'_> {
        (R::TABLE.columns[column].get)(&self[row])
    }
}
