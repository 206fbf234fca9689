//! The program as people meet it: commands, files, exit codes and sentences.

#![cfg(feature = "cli")]

mod crash;
mod dataset;
mod describe;
mod events;
mod help;
mod obstacles;
mod place;
mod refusals;
mod report;
mod run;
mod servers;
mod settings;
mod verbs;
