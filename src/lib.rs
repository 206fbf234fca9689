//! A whole bank in one command: customers whose financial lives hang together, the same bytes for the same seed.
//!
//! A [`Scenario`] says which world is wanted. [`World`](generate::World) freezes what all lives share:
//! the market, the calendar, the published tables. [`unfold`](generate::unfold) makes whole lives from their indices, a pure
//! function. Rows pour through a [pipeline] into a [sink](sinks): a database, or memory. A [manifest] of counts and checksums
//! says what was written, and [validate] reads it back and checks that everything holds together.
//!
//! Seed a database from a test of your own:
//!
//! ```
//! # #[cfg(feature = "database")]
//! # fn main() -> credit_seed::Result<()> {
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use credit_seed::{Database, Scenario};
//!
//! let mut bank = Database::open("sqlite::memory:", true).await?;
//! bank.seed(&Scenario { customers: 20, ..Scenario::default() }, Default::default(), &mut |_| ()).await?;
//! assert_eq!(bank.count("SELECT COUNT(*) FROM customers").await?, 20);
//! # Ok(()) })
//! # }
//! # #[cfg(not(feature = "database"))]
//! # fn main() {}
//! ```

#[cfg(feature = "datasets")]
pub mod datasets;
pub mod dictionary;
pub mod encode;
pub mod error;
#[cfg(feature = "database")]
pub mod event_rows;
pub mod events;
pub mod generate;
pub mod manifest;
pub mod model;
#[cfg(feature = "database")]
pub mod pipeline;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod schema;
#[cfg(feature = "database")]
pub mod seeding;
#[cfg(any(feature = "database", feature = "kafka"))]
pub mod sinks;
#[cfg(feature = "database")]
pub mod validate;

pub use error::{Error, Result};
pub use scenario::Scenario;
#[cfg(feature = "database")]
pub use sinks::Database;
