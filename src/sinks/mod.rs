//! Where rows go. A sink takes rows of any table and knows none of them by name.

#[cfg(feature = "database")]
pub mod database;
#[cfg(feature = "kafka")]
pub mod kafka;
mod memory;

use std::future::Future;

#[cfg(feature = "database")]
pub use database::Database;
pub use memory::Memory;

use crate::error::Result;
use crate::manifest::Manifest;
use crate::schema::Rows;

/// How far a run has come once a batch is sealed.
#[derive(Clone, Debug)]
pub struct Progress {
    /// All customers below this index are written.
    pub next_customer: u64,
    /// Everything written so far, this batch included.
    pub written: Manifest,
    /// Whether this was the last batch.
    pub complete: bool,
}

/// Takes batches of whole lives.
///
/// The contract, which a suite runs on every sink: rows written since the last seal become visible together when `seal`
/// returns, or never; after an error nothing of the open batch remains, and the sink takes no more.
pub trait Sink: Send {
    /// Takes rows of one table into the open batch. Tables come parents first.
    fn write<'a>(&'a mut self, rows: &'a dyn Rows) -> impl Future<Output = Result<()>> + Send + 'a;

    /// Ends the batch: all of it is kept, and the progress with it.
    fn seal<'a>(&'a mut self, progress: &'a Progress) -> impl Future<Output = Result<()>> + Send + 'a;
}
