//! The command line: what can be said. What it means is in `commands`.

pub mod kafka;

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand, ValueEnum};

use credit_seed::scenario::{Form, KEYS, Scope, env_names};

/// Fills SQLite, PostgreSQL or MySQL/MariaDB with a whole bank: customers whose financial lives hang together.
///
/// Without a command it creates the database and its tables where they are missing and seeds them. Run again it changes
/// nothing; after an interruption it goes on where it stopped.
#[derive(Parser)]
#[command(name = "credit-seed", version, max_term_width = 110, subcommand_negates_reqs = true)]
#[command(
    after_help = "Settings come from flags, the environment, .env, the scenario file and defaults, in that order;
`credit-seed config` shows each with where it came from.

Exit codes: 0 done, 1 failure, 2 usage or scenario, 3 a check on the data failed, 4 refused for safety.

Examples:
  credit-seed                                    seed 1,000 customers into credit_risk_analysis.db
  credit-seed --reset && credit-seed             the same on a clean database
  DATABASE_URL=postgres://localhost/bank credit-seed --customers 50000 --seed 7
  credit-seed validate                           check that everything holds together"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Verb>,

    /// Remove what credit-seed made in this database, set it up again, empty, and stop there
    #[arg(long)]
    pub reset: bool,

    /// With --reset: only show what would be removed
    #[arg(long, requires = "reset")]
    pub dry_run: bool,

    #[command(flatten)]
    pub common: Common,
}

/// What every command takes.
#[derive(Args)]
pub struct Common {
    #[command(flatten)]
    pub settings: SettingFlags,

    /// Scenario file (YAML) with any of the settings
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// How to print the result on stdout
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Say nothing but errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more on stderr; twice for everything
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// Also write what is done to this file
    #[arg(long, global = true, value_name = "FILE")]
    pub log_file: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For machines
    Json,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Check that everything in the database holds together (exit 3 if not)
    Validate {
        /// Instead hold the population against what is published about real people's money: the public scorecard
        #[arg(long)]
        realism: bool,
        /// Instead ask of every label of a transaction how far single columns give it away, and how hard it is to find
        #[arg(long, conflicts_with = "realism")]
        leakage: bool,
    },
    /// Recompute every table's checksum and hold it against the run's book (exit 3 if they differ)
    Verify,
    /// Compare two databases: equal, or the first difference (exit 3)
    Compare {
        /// One database
        left: String,
        /// The other
        right: String,
    },
    /// Write tables of a seeded database as one JSON document
    Export {
        /// File to write, `-` for stdout
        #[arg(long, value_name = "FILE", default_value = "-")]
        to: PathBuf,
        /// Only these tables
        #[arg(long, value_delimiter = ',', value_name = "TABLE,...")]
        tables: Vec<String>,
        /// Only this many customers, evenly spread, with all that is theirs
        #[arg(long, value_name = "N")]
        sample: Option<u64>,
        /// Replace the file if it exists
        #[arg(long)]
        overwrite: bool,
    },
    /// Write a data set: the same lives as one file for one purpose, computed without a database
    ///
    /// In CSV, booleans are True and False and times are 2024-01-01 08:15:30, which pandas and spreadsheets read as they are; in JSON,
    /// amounts are numbers and times are ISO 8601.
    Dataset {
        #[command(subcommand)]
        which: DataSet,
        #[command(flatten)]
        output: Output,
    },
    /// Write event streams: savings circles, transactions, sessions and remittances of the same people
    ///
    /// A JSON object a line, in order of time. A stream is made of flows (one circle, one transfer, one session, one remittance); more
    /// flows contain the fewer. Its settings stand in a scenario file: see configs/default_circle.yaml and its like.
    Events {
        #[command(subcommand)]
        which: EventStream,
        #[command(flatten)]
        wanted: EventFlags,
    },
    /// Print the data dictionary: every column's type, unit, meaning and origin
    Describe {
        /// Only these tables
        #[arg(long, value_delimiter = ',', value_name = "TABLE,...")]
        tables: Vec<String>,
    },
    /// Write one page about a database: what was seeded, the public scorecard and charts
    ///
    /// The page is HTML that loads nothing: it can be mailed, printed and read offline. A check of the scorecard that fails
    /// is shown there and is no failure of this command; `validate --realism` is the one that judges.
    Report {
        /// File to write, `-` for stdout
        #[arg(long, value_name = "FILE", default_value = "report.html")]
        to: PathBuf,
        /// Replace the file if it exists
        #[arg(long)]
        overwrite: bool,
    },
    /// Show any row and the life it belongs to, recomputed without a database
    Explain {
        /// The row's id
        id: String,
        /// Take seed and scenario from the book of the run in this database
        #[arg(long, value_name = "URL")]
        from: Option<String>,
    },
    /// Print the checksum key of a run before making it: a cache key for CI
    Fingerprint,
    /// Print every setting and where it came from
    Config {
        /// Instead print the JSON Schema of a scenario file, for editors
        #[arg(long)]
        schema: bool,
    },
}

/// Where a data set goes, and as what.
#[derive(Args)]
pub struct Output {
    /// File to write, `-` for stdout
    #[arg(long, global = true, value_name = "FILE", default_value = "-")]
    pub to: PathBuf,
    /// What to write; without it the file's name decides, else it is csv, for a profile json, for a statement text
    #[arg(long = "as", global = true, value_enum, value_name = "KIND")]
    pub kind: Option<Kind>,
    /// Replace the file if it exists
    #[arg(long, global = true)]
    pub overwrite: bool,
}

/// Whose events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub enum EventStream {
    /// Savings circles: members pay in, one after the other they take the pot
    Circle,
    /// Transactions: initiated, completed, failed, flagged
    Transaction,
    /// Sessions: logins, what is done, logouts
    Session,
    /// Remittances, stage by stage, and the exchange rate of each day
    Remittance,
    /// All four, merged
    All,
}

#[derive(Args)]
pub struct EventFlags {
    /// Flows of the stream, or of each; else as many as the scenario file says, else 100
    #[arg(long, global = true, value_name = "N", value_parser = flows, allow_negative_numbers = true)]
    pub count: Option<u64>,
    /// Where they go
    #[arg(long, global = true, value_enum, default_value_t = EventOutput::Stdout)]
    pub output: EventOutput,
    /// The file of `--output file`; folders are made [default: output/<STREAM>_events.jsonl]
    #[arg(long, global = true, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Where the labels go: to a second file (NAME.labels.jsonl) or topic (TOPIC.labels), into each event, or nowhere [default:
    /// separate for a file and for Kafka, else none]
    #[arg(long, global = true, value_enum)]
    pub labels: Option<LabelPlace>,
    /// Events a second, such as 50 or 50/s, to watch them go by
    #[arg(long, global = true, value_name = "N/s", value_parser = rate)]
    pub rate: Option<f64>,
    /// Go on beyond as_of until interrupted: second by second as they pass, or as fast as --rate says
    #[arg(long, global = true)]
    pub follow: bool,
    /// Only events from this day on
    #[arg(long, global = true, value_name = "DATE")]
    pub from: Option<credit_seed::schema::Day>,
    /// Only events up to this day, its end included
    #[arg(long, global = true, value_name = "DATE")]
    pub to: Option<credit_seed::schema::Day>,
    /// Replace the file if it exists
    #[arg(long, global = true)]
    pub overwrite: bool,
    #[command(flatten)]
    pub kafka: kafka::KafkaFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventOutput {
    Stdout,
    File,
    /// The tables of --database-url, which is seeded first where it is not
    Database,
    /// To Kafka: a topic for each stream
    Kafka,
    /// Nowhere: to measure how fast they are made
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LabelPlace {
    Separate,
    Inline,
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Rows, with a line of names above
    Csv,
    /// Rows, a JSON object a line
    Jsonl,
    /// One JSON document (profile, statement)
    Json,
    /// For people (statement)
    Text,
    /// To be printed (statement)
    Pdf,
}

#[derive(Subcommand)]
pub enum DataSet {
    /// Every payment to somebody else, by customer and time, with the accidents among them labelled
    Transactions,
    /// Payments with features of each and a fixed share of fraud, flags as 0 and 1
    ///
    /// Card, online and person-to-person payments and cash from machines, drawn by lot from all that the first customers made until
    /// there was enough fraud; in order of customer and time. Fraud is made more frequent than the scenario has it, so these are lives
    /// of the same people with more misfortune; --customers does not limit how many.
    Fraud {
        /// How many payments
        #[arg(short, value_name = "N", default_value_t = 1000, value_parser = count, allow_negative_numbers = true)]
        n: u64,
        /// Share of them that is fraud, from 0 to 1
        #[arg(long, value_name = "SHARE", default_value_t = 0.05, allow_negative_numbers = true)]
        fraud_rate: f64,
    },
    /// One customer as an application shows them
    Profile {
        #[command(flatten)]
        who: Who,
    },
    /// The lines of one account, newest first, and what they come to; as a PDF to be printed, too
    Statement {
        #[command(flatten)]
        who: Who,
        /// Only this month, written 2025-11
        #[arg(long, value_name = "MONTH", conflicts_with = "days_back")]
        month: Option<String>,
        /// At most this many lines, the newest [default: 100, or all of --month and of a PDF]
        #[arg(short, value_name = "N", value_parser = count, allow_negative_numbers = true)]
        n: Option<u64>,
        /// The days that end with as_of
        #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_660), allow_negative_numbers = true)]
        days_back: u32,
    },
    /// Users of an application, from 18 to 65
    ///
    /// In the United States they go by the numbers they have as customers, so that user_006 here is user_006 of profile and statement;
    /// those who are older are left out.
    Users {
        /// How many
        #[arg(short, value_name = "N", default_value_t = 20, value_parser = count, allow_negative_numbers = true)]
        n: u64,
        /// Where they live
        #[arg(long, value_enum, default_value_t = Locale::Us)]
        locale: Locale,
    },
}

/// Whose data set it is.
#[derive(Args)]
pub struct Who {
    /// A number from 0 on, a customer_id, or a name such as customer_001 or user_000 [default: the first]
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    pub customer: Option<String>,
    /// Instead the demo customer of a European bank
    #[arg(long, value_enum, conflicts_with = "customer")]
    pub persona: Option<Persona>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Persona {
    /// María García of Barcelona, 28, software engineer
    Maria,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Locale {
    /// Customers of the bank
    Us,
    /// Barcelona, Madrid, Valencia, Sevilla
    Es,
}

/// How many rows of a data set.
fn count(text: &str) -> Result<u64, String> {
    let count = text.parse().ok().filter(|count| (1..=1_000_000).contains(count));
    count.ok_or_else(|| "give a whole number from 1 to 1000000".to_owned())
}

/// How many flows.
fn flows(text: &str) -> Result<u64, String> {
    let count = text.replace('_', "").parse().ok().filter(|count| *count <= 1_000_000_000);
    count.ok_or_else(|| "give a whole number from 0 to 1000000000".to_owned())
}

/// Events a second.
fn rate(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix("/s").unwrap_or(text).parse().ok();
    let rate = number.filter(|rate| (0.001..=1e9).contains(rate));
    rate.ok_or_else(|| "give a number of events a second, such as 50 or 50/s".to_owned())
}

/// The flags of all settings, made from their list.
pub struct SettingFlags {
    /// Name and value of each that was given.
    pub given: Vec<(String, String)>,
}

impl Args for SettingFlags {
    fn augment_args(command: Command) -> Command {
        let flag = |key: &'static credit_seed::scenario::Key| {
            let help = format!("{} [{}] [env: {}]", key.about, key.range, env_names(key).join(", "));
            let heading = match key.scope {
                Scope::Run => "How to run (changes no byte)",
                Scope::Model => "What people, lender and times are like",
                Scope::Anomaly => "What goes wrong, with labels",
                _ => "What to seed",
            };
            let is_switch = key.form == Form::Truth;
            Arg::new(key.name)
                .long(key.flag().trim_start_matches('-').to_owned())
                .visible_aliases(key.aliases.iter().map(|alias| alias.replace('_', "-")).collect::<Vec<_>>())
                .value_name(value_name(key))
                .num_args(if is_switch { 0..=1 } else { 1..=1 })
                .default_missing_value("true")
                .require_equals(is_switch)
                .allow_hyphen_values(true)
                .hide_default_value(true)
                .help(help)
                .help_heading(heading)
                .hide_short_help(matches!(key.scope, Scope::Model | Scope::Anomaly))
                .global(true)
        };
        command.args(KEYS.iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn value_name(key: &credit_seed::scenario::Key) -> &'static str {
    match key.form {
        _ if key.name == "database_url" => "URL",
        Form::Whole(..) | Form::Number(..) | Form::WordsOrWhole(..) => "N",
        Form::Truth => "BOOL",
        Form::Date => "DATE",
        Form::Words(_) => "WORD",
        Form::Text(_) => "LIST",
    }
}

impl FromArgMatches for SettingFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |key: &credit_seed::scenario::Key| {
            let value = matches.get_one::<String>(key.name)?;
            Some((key.name.to_owned(), value.clone()))
        };
        Ok(SettingFlags { given: KEYS.iter().filter_map(given).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
