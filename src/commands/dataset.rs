//! `credit-seed dataset`: the same lives as one file for one purpose. No database is opened.

use std::io::IsTerminal;
use std::path::Path;

use credit_seed::Error;
use credit_seed::datasets::statement::{Period, Statement, first_month, statement};
use credit_seed::datasets::{Form, customers, fraud, profile, spanish, transactions, users};
use credit_seed::generate::World;
use credit_seed::scenario::Settings;
use credit_seed::schema::Rows;

use super::target::Target;
use super::{Verdict, say, settings};
use crate::cli::{Common, DataSet, Format, Kind, Locale, Output, Persona, Who};

pub async fn run(common: &Common, which: DataSet, output: &Output) -> anyhow::Result<Verdict> {
    let kind = kind(common, &which, output)?;
    let target = Target::new(&output.to, output.overwrite)?;
    let settings = settings(common)?;
    target.spare(&settings.database_url)?;
    if kind == Kind::Pdf && target.is_stdout() && std::io::stdout().is_terminal() {
        return Err(Error::Scenario("a PDF is not for a terminal; give --to FILE".to_owned()).into());
    }
    let told = match which {
        DataSet::Transactions => {
            let (scenario, form) = (&settings.scenario, form(kind));
            let rows = target.write(async |out| Ok(transactions::write(scenario, settings.jobs, form, out)?)).await?;
            format!("{rows} payments of {} customers", scenario.customers)
        }
        DataSet::Fraud { n, fraud_rate } => {
            if !(0.0..=1.0).contains(&fraud_rate) {
                let why = format!("--fraud-rate: {fraud_rate} is no share; give a number from 0 to 1, such as 0.05");
                return Err(Error::Scenario(why).into());
            }
            let rows = fraud::payments(&settings.scenario, settings.jobs, n, fraud_rate)?;
            write_rows(&target, &rows, kind).await?;
            format!("{n} payments")
        }
        DataSet::Users { n, locale } => {
            let locale = match locale {
                Locale::Us => users::Locale::Us,
                Locale::Es => users::Locale::Es,
            };
            write_rows(&target, &users::users(&settings.scenario, locale, n)?, kind).await?;
            format!("{n} users")
        }
        DataSet::Profile { who } => {
            let profile = match who.persona {
                Some(Persona::Maria) => spanish::profile(&settings.scenario)?,
                None => profile::profile(&settings.scenario, customer(&settings, &who)?),
            };
            let text = match kind {
                Kind::Jsonl => serde_json::to_string(&profile)?,
                _ => serde_json::to_string_pretty(&profile)?,
            };
            target.write(async |out| Ok(writeln!(out, "{text}")?)).await?;
            format!("the profile of {}", profile.name)
        }
        DataSet::Statement { who, month, n, days_back } => {
            let statement = lines(&settings, &who, month.as_deref(), n, days_back, kind)?;
            match kind {
                Kind::Csv | Kind::Jsonl => write_rows(&target, &statement.lines, kind).await?,
                Kind::Json => write(&target, statement.to_json()?.as_bytes()).await?,
                Kind::Text => write(&target, statement.to_text().as_bytes()).await?,
                Kind::Pdf => write(&target, &statement.to_pdf()).await?,
            }
            if statement.lines.is_empty() {
                let Period { first, last } = statement.period;
                say(common, &format!("{} has no transactions from {first} to {last}", statement.holder.name));
            } else if let Some(n) = n.filter(|n| *n > statement.lines.len() as u64) {
                say(common, &format!("{n} lines were asked for; the period has {}", statement.lines.len()));
            }
            format!("{} lines of {}", statement.lines.len(), statement.holder.name)
        }
    };
    if !target.is_stdout() {
        say(common, &format!("wrote {told} to {}", output.to.display()));
    }
    Ok(Verdict::Done)
}

/// What to write: as said, else as the file is called, else as is usual for the set.
fn kind(common: &Common, which: &DataSet, output: &Output) -> Result<Kind, Error> {
    let to = output.to.to_string_lossy();
    if to.starts_with("s3://") {
        return Err(Error::Scenario(format!(
            "--to: {to} is not a file; S3 comes with a later version, until then write to stdout and pipe it on"
        )));
    }
    let ending = Path::new(&*to).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let named = match ending.as_deref() {
        Some("csv") => Some(Kind::Csv),
        Some("jsonl" | "ndjson") => Some(Kind::Jsonl),
        Some("json") => Some(Kind::Json),
        Some("txt") => Some(Kind::Text),
        Some("pdf") => Some(Kind::Pdf),
        Some("parquet") => {
            return Err(Error::Scenario(format!(
                "--to: {to} would be Parquet, which comes with a later version; write CSV or JSON lines until then"
            )));
        }
        _ => None,
    };
    let (name, possible): (&str, &[Kind]) = match which {
        DataSet::Transactions => ("transactions", &[Kind::Csv, Kind::Jsonl]),
        DataSet::Fraud { .. } => ("fraud", &[Kind::Csv, Kind::Jsonl]),
        DataSet::Users { .. } => ("users", &[Kind::Csv, Kind::Jsonl]),
        DataSet::Profile { .. } => ("profile", &[Kind::Json, Kind::Jsonl]),
        DataSet::Statement { .. } => ("statement", &[Kind::Text, Kind::Csv, Kind::Jsonl, Kind::Json, Kind::Pdf]),
    };
    let for_machines = if possible.contains(&Kind::Json) { Kind::Json } else { Kind::Jsonl };
    let usual = if common.format == Format::Json { for_machines } else { possible[0] };
    let kind = output.kind.or(named).unwrap_or(usual);
    if !possible.contains(&kind) {
        let known = possible.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect::<Vec<_>>().join(", ");
        let asked = format!("{kind:?}").to_lowercase();
        return Err(Error::Scenario(format!("the data set {name} cannot be {asked}; give --as one of: {known}")));
    }
    Ok(kind)
}

/// Of a kind that is rows.
fn form(kind: Kind) -> Form {
    if kind == Kind::Jsonl { Form::Jsonl } else { Form::Csv }
}

async fn write_rows(target: &Target, rows: &dyn Rows, kind: Kind) -> anyhow::Result<()> {
    target.write(async |out| Ok(form(kind).write(rows, out)?)).await
}

async fn write(target: &Target, bytes: &[u8]) -> anyhow::Result<()> {
    target.write(async |out| Ok(out.write_all(bytes)?)).await
}

/// The customer asked for, else the first.
fn customer(settings: &Settings, who: &Who) -> Result<u64, Error> {
    customers::find(&World::new(&settings.scenario), who.customer.as_deref().unwrap_or("0"))
}

fn lines(
    settings: &Settings,
    who: &Who,
    month: Option<&str>,
    n: Option<u64>,
    days_back: u32,
    kind: Kind,
) -> Result<Statement, Error> {
    let scenario = &settings.scenario;
    // On paper a period is whole.
    let usual = if month.is_some() || kind == Kind::Pdf { None } else { Some(100) };
    let most = n.map(|n| n as usize).or(usual);
    let period = |first| match month {
        Some(month) => Period::month(month, first, scenario.as_of),
        None => Ok(Period::back(scenario.as_of, days_back)),
    };
    match who.persona {
        Some(Persona::Maria) => spanish::statement(scenario, period(spanish::first_month())?, most),
        None => {
            let index = customer(settings, who)?;
            let world = World::new(scenario);
            Ok(statement(scenario, index, period(first_month(&world, index))?, most))
        }
    }
}
