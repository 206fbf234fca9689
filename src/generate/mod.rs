//! How a life unfolds. [`life::unfold`] is the whole of it: a pure function of the frozen [`World`] and an index.
//!
//! One domain per file, in the order in which they act on each other:
//! [`population`] (who) -> [`credit`] (month by month, under the [`market`]) -> [`lending`] (what they ask for and get, of what is on offer)
//! -> [`repayment`] -> [`wealth`] (what is left) -> [`bank`] (every movement of money) -> [`milestone`] (what a stream would have
//! said).

pub mod anomaly;
pub mod bank;
#[cfg(test)]
mod calibration;
pub mod credit;
pub mod default;
pub mod draw;
pub mod lending;
pub mod life;
pub mod market;
pub mod milestone;
mod offer;
mod payday;
pub mod population;
mod reference;
pub mod repayment;
pub mod seed;
pub mod streams;
pub mod wealth;
pub mod world;

pub use life::{Block, concerning, unfold};
pub use world::World;
