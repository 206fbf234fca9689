//! The command `credit-seed`: parse, run, report.

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    commands::finish(commands::run(cli::Cli::parse()))
}
