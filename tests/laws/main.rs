//! The laws: the same bytes everywhere, all of a batch or nothing, and nothing destroyed by surprise.

#![cfg(feature = "database")]

mod bank;
mod cycle;
mod databases;
mod detection;
mod determinism;
mod event_rows;
mod golden;
mod printed;
mod rates;
mod reset;
mod runs;
mod schema;
mod servers;
mod sink_contract;
mod streams;
mod worlds;
