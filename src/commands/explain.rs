//! `credit-seed explain`: any row of ours and the life it belongs to, recomputed from its id alone.

use anyhow::Context;
use credit_seed::encode::{LifeRecords, Record};
use credit_seed::generate::population::NUMBERS;
use credit_seed::generate::{World, concerning};
use credit_seed::model::{Id, Space, TABLES};
use credit_seed::scenario::{Layers, Settings, redact_url};
use credit_seed::{Database, Error, Scenario};
use serde_json::{Map, Value, json};

use super::{Verdict, print, print_json, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common, id: &str, from: Option<&str>) -> anyhow::Result<Verdict> {
    let id: Id = id.trim().parse().map_err(Error::Scenario)?;
    let settings = settings(common)?;
    let scenario = match from {
        Some(url) => booked(url, settings).await?,
        None => settings.scenario,
    };
    if id.owner() >= NUMBERS {
        return Err(
            Error::Scenario(format!("{id} would be of customer {}, and there are never so many", id.owner())).into()
        );
    }
    let world = World::new(&scenario);
    if id.tag() != world.ids.tag() {
        return Err(Error::Scenario(format!(
            "{id} comes from another world than seed {} as of {}: give its --seed and scenario, or --from the database it is in",
            scenario.seed, scenario.as_of
        ))
        .into());
    }
    let space = id.space().context("an id that parses names a table")?;
    let mut life = match space {
        Space::MarketData => LifeRecords::from_rows(world.rows().tables()),
        _ => LifeRecords::from_rows(concerning(&world, id.owner()).tables()),
    };
    if find(&life, &id).is_none() && space == Space::RemittanceEvent {
        // Exchange rates are events of nobody's.
        life = LifeRecords::from_rows(world.rows().tables());
    }
    let row = find(&life, &id).ok_or_else(|| Error::Scenario(unknown(&id, space)))?;
    let table = row.schema.name();
    match common.format {
        Format::Json => print_json(&json!({ "table": table, "row": object(row), "life": whole(&life, space) }))?,
        Format::Text => print(&told(&id, row, &life))?,
    }
    Ok(Verdict::Done)
}

/// The scenario in the book of a database.
async fn booked(url: &str, settings: Settings) -> anyhow::Result<Scenario> {
    let book = Database::open(url, false).await?.book().await?;
    let place = redact_url(url);
    let book = book.ok_or_else(|| Error::Refused(format!("{place} holds no run of credit-seed")))?;
    let mut layers = Layers::new(settings.scenario.as_of);
    layers.file = Some((format!("the book in {place}").into(), book.scenario));
    Ok(credit_seed::scenario::resolve(layers)?.scenario)
}

fn object(record: &Record) -> Value {
    let mut text = String::new();
    credit_seed::encode::write_json_row(record.schema, record.cells.iter().map(Option::as_deref), &mut text);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

fn whole(life: &LifeRecords, space: Space) -> Value {
    if space == Space::MarketData {
        return Value::Null;
    }
    let tables = TABLES.iter().filter(|table| !life.of(table.name()).is_empty());
    let rows = |name| life.of(name).iter().map(object).collect::<Vec<_>>();
    Value::Object(tables.map(|table| (table.name().to_owned(), json!(rows(table.name())))).collect::<Map<_, _>>())
}

/// The row with this key, or the first event that speaks of it.
fn find<'l>(life: &'l LifeRecords, id: &Id) -> Option<&'l Record> {
    let text = id.to_string();
    let is_it = |record: &&Record| record.schema.primary_key().iter().any(|key| record.text(key) == Some(&text));
    // What an event says may name a circle, a session, a remittance.
    let speaks_of_it = |record: &&Record| {
        let says = |column| record.text(column).is_some_and(|said| said.contains(&text));
        says("payload") || says("correlation_id")
    };
    let mut rows = TABLES.iter().filter(|table| table.name() != "event_labels").flat_map(|table| life.of(table.name()));
    // A label may name its case by it.
    let mut labels = life.of("event_labels").iter().filter(|label| label.text("case_id") == Some(&text));
    let labelled = labels.next().and_then(|label| label.text("event_id"));
    let is_labelled = |record: &&Record| labelled.is_some() && record.text("event_id") == labelled;
    let events = life.of("events");
    rows.find(is_it).or_else(|| events.iter().find(speaks_of_it)).or_else(|| events.iter().find(is_labelled))
}

fn unknown(id: &Id, space: Space) -> String {
    let (table, owner) = (space.table(), id.owner());
    let way_out = match table {
        "events" => {
            "these volumes do not reach it, or it is of a flow that only `credit-seed events` told: give the \
                     scenario it was made with"
        }
        _ => "these volumes do not reach it: give the scenario it was made with",
    };
    format!("{id} would be a row of {table} of customer {owner}, but {way_out}")
}

fn told(id: &Id, row: &Record, life: &LifeRecords) -> String {
    let table = row.schema.name();
    let is_key = row.schema.primary_key().iter().any(|key| row.text(key) == Some(&id.to_string()));
    let what = if is_key { "is" } else { "is what this tells of first:" };
    let mut text = format!("{id} {what} a row of {table}\n");
    for (column, cell) in row.schema.columns().zip(&row.cells) {
        text += &format!("  {:<20} {}\n", column.name, cell.as_deref().unwrap_or("NULL"));
    }
    let Some(customer) = life.of("customers").first() else { return text };
    let of = |column| customer.text(column).unwrap_or("?");
    text += &format!(
        "\nthe life of customer {}: {} {}, born {}, {}, {} a year, {}, {}\n",
        id.owner(),
        of("first_name"),
        of("last_name"),
        of("date_of_birth"),
        of("employment_type"),
        of("annual_income"),
        of("city"),
        of("state")
    );
    for event in life.of("events") {
        let of = |column| event.text(column).unwrap_or("?");
        let (day, payload) = (of("occurred_at").get(..10).unwrap_or("?"), of("payload"));
        text += &format!("  {day}  {:<28} {payload}\n", of("event_type"));
    }
    for table in TABLES.iter().filter(|table| !life.of(table.name()).is_empty() && table.name() != "events") {
        text += &format!("  {:>5} rows in {}\n", life.of(table.name()).len(), table.name());
    }
    text
}
