//! One verb per file. Here: which verb, the settings all share, and how an error reaches a person.

mod compare;
mod config;
mod dataset;
mod describe;
mod events;
mod explain;
mod export;
mod fingerprint;
#[cfg(feature = "kafka")]
mod kafka;
mod logging;
mod progress;
mod report;
mod reset;
mod seed;
mod target;
mod validate;
mod verify;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use credit_seed::model::{TABLES, table};
use credit_seed::scenario::{Layers, Settings};
use credit_seed::schema::{Day, Schema};
use credit_seed::{Database, Error};

use crate::cli::{Cli, Common, Verb};

/// How a command ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// The data did not pass.
    CheckFailed,
}

/// Runs what the command line asks for.
pub fn run(cli: Cli) -> anyhow::Result<Verdict> {
    logging::start(&cli.common)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let Cli { command, reset, dry_run, common } = cli;
    if reset && command.is_some() {
        return Err(Error::Scenario("--reset stands alone: leave out the other command".to_owned()).into());
    }
    runtime.block_on(async {
        match command {
            None if reset => reset::run(&common, dry_run).await,
            None => seed::run(&common).await,
            Some(Verb::Validate { leakage: true, .. }) => validate::leaks(&common).await,
            Some(Verb::Validate { realism, .. }) => validate::run(&common, realism).await,
            Some(Verb::Verify) => verify::run(&common).await,
            Some(Verb::Compare { left, right }) => compare::run(&common, &left, &right).await,
            Some(Verb::Export { to, tables, sample, overwrite }) => {
                export::run(&common, &export::Wanted { to, tables, sample, overwrite }).await
            }
            Some(Verb::Dataset { which, output }) => dataset::run(&common, which, &output).await,
            Some(Verb::Events { which, wanted }) => events::run(&common, which, &wanted).await,
            Some(Verb::Describe { tables }) => describe::run(&common, &tables),
            Some(Verb::Report { to, overwrite }) => report::run(&common, &to, overwrite).await,
            Some(Verb::Explain { id, from }) => explain::run(&common, &id, from.as_deref()).await,
            Some(Verb::Fingerprint) => fingerprint::run(&common),
            Some(Verb::Config { schema: true }) => config::schema(),
            Some(Verb::Config { schema: false }) => config::run(&common),
        }
    })
}

/// Says what went wrong and turns the result into an exit code.
pub fn finish(result: anyhow::Result<Verdict>) -> ExitCode {
    match result {
        Ok(Verdict::Done) => ExitCode::SUCCESS,
        Ok(Verdict::CheckFailed) => ExitCode::from(3),
        Err(error) => {
            // A reader that has seen enough (`credit-seed export | head`) is no failure of ours.
            if error
                .chain()
                .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::BrokenPipe))
            {
                return ExitCode::SUCCESS;
            }
            tracing::error!("{error:#}");
            tell(&format!("error: {error:#}"));
            ExitCode::from(error.downcast_ref::<Error>().map_or(1, Error::exit_code))
        }
    }
}

/// All settings, from every layer.
fn settings(common: &Common) -> anyhow::Result<Settings> {
    Ok(credit_seed::scenario::resolve(layers(common)?)?)
}

/// All that was said, wherever.
fn layers(common: &Common) -> anyhow::Result<Layers> {
    let mut layers = Layers::new(today());
    layers.flags.clone_from(&common.settings.given);
    layers.environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let dotenv = Path::new(".env");
    if dotenv.is_file() {
        // The line itself is not repeated: it may hold a password.
        let unreadable = |error: dotenvy::Error| {
            Error::Scenario(match error {
                dotenvy::Error::Io(error) => format!(".env cannot be read: {error}"),
                _ => {
                    "a line of .env is not NAME=value; put quotes around a value with spaces, and close them".to_owned()
                }
            })
        };
        let pairs = dotenvy::from_path_iter(dotenv).map_err(unreadable)?;
        layers.dotenv = Some((dotenv.to_owned(), pairs.collect::<Result<_, _>>().map_err(unreadable)?));
    }
    let named = || layers.variable("CREDIT_SEED_CONFIG").map(|(_, path)| PathBuf::from(path));
    if let Some(path) = common.config.clone().or_else(named) {
        let text = fs::read_to_string(&path)
            .map_err(|error| Error::Scenario(format!("cannot read the scenario file {}: {error}", path.display())))?;
        layers.file = Some((path, text));
    }
    Ok(layers)
}

/// The one place that asks the real clock for a date: `--as-of today`.
#[expect(clippy::disallowed_methods, reason = "only for --as-of today, which the user asks for")]
fn today() -> Day {
    Day::from(chrono::Utc::now().date_naive())
}

/// The database of the settings, which must be there.
async fn open_existing(settings: &Settings) -> anyhow::Result<Database> {
    Ok(Database::open(&settings.database_url, false).await?)
}

/// The tables of `--tables`, parents first; all of them if it names none.
fn tables(names: &[String]) -> Result<Vec<&'static dyn Schema>, Error> {
    if let Some(unknown) = names.iter().find(|name| table(name).is_none()) {
        let known = TABLES.map(|table| table.name()).join(", ");
        return Err(Error::Scenario(format!("--tables: there is no table {unknown:?}; there are {known}")));
    }
    let is_wanted = |table: &&dyn Schema| names.is_empty() || names.iter().any(|name| name == table.name());
    Ok(TABLES.into_iter().filter(is_wanted).collect())
}

/// Prints data on stdout.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    Ok(print(&serde_json::to_string_pretty(value)?)?)
}

/// Says something to the person, unless they want quiet.
fn say(common: &Common, text: &str) {
    tracing::info!("{text}");
    if !common.quiet {
        tell(text);
    }
}

/// Writes a line to stderr. Where nobody listens, nothing is lost by not being heard.
fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
