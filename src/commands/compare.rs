//! `credit-seed compare`: two databases side by side, in the order of their keys.

use credit_seed::Database;
use credit_seed::encode::Record;
use credit_seed::model::TABLES;
use credit_seed::scenario::redact_url;
use credit_seed::schema::Schema;
use futures_util::TryStreamExt;
use serde_json::json;

use super::{Verdict, print, print_json};
use crate::cli::{Common, Format};

pub async fn run(common: &Common, left: &str, right: &str) -> anyhow::Result<Verdict> {
    let mut left = Database::open(left, false).await.map_err(|error| named(error, left))?;
    let mut right = Database::open(right, false).await.map_err(|error| named(error, right))?;
    let mut rows = 0;
    for schema in TABLES {
        if let Some(difference) = first_difference(schema, &mut left, &mut right, &mut rows).await? {
            match common.format {
                Format::Json => {
                    print_json(&json!({ "equal": false, "table": schema.name(), "difference": difference }))?
                }
                Format::Text => print(&format!("they differ in {}: {difference}\n", schema.name()))?,
            }
            return Ok(Verdict::CheckFailed);
        }
    }
    match common.format {
        Format::Json => print_json(&json!({ "equal": true, "rows": rows }))?,
        Format::Text => print(&format!("equal: {} tables, {rows} rows\n", TABLES.len()))?,
    }
    Ok(Verdict::Done)
}

fn named(error: credit_seed::Error, url: &str) -> anyhow::Error {
    anyhow::Error::new(error).context(redact_url(url))
}

/// Walks both tables in step; both are ordered by the bytes of their keys.
async fn first_difference(
    schema: &'static dyn Schema,
    left: &mut Database,
    right: &mut Database,
    rows: &mut u64,
) -> anyhow::Result<Option<String>> {
    let keys = schema.primary_key();
    let key =
        |record: &Record| keys.iter().map(|key| record.text(key).unwrap_or("NULL").to_owned()).collect::<Vec<_>>();
    let mut left = left.records(schema);
    let mut right = right.records(schema);
    loop {
        let (one, other) = (left.try_next().await?, right.try_next().await?);
        let (one, other) = match (one, other) {
            (None, None) => return Ok(None),
            (Some(one), None) => return Ok(Some(format!("only the first has {}", key(&one).join(", ")))),
            (None, Some(other)) => return Ok(Some(format!("only the second has {}", key(&other).join(", ")))),
            (Some(one), Some(other)) => (one, other),
        };
        *rows += 1;
        let (first, second) = (key(&one), key(&other));
        if first != second {
            let (which, missing) = if first < second { ("first", first) } else { ("second", second) };
            return Ok(Some(format!("only the {which} has {}", missing.join(", "))));
        }
        let differs = one.cells.iter().zip(&other.cells).position(|(one, other)| one != other);
        if let Some(column) = differs {
            let text = |cell: &Option<String>| cell.as_ref().map_or("NULL".to_owned(), |text| format!("{text:?}"));
            let (one, other) = (text(&one.cells[column]), text(&other.cells[column]));
            let name = schema.column(column).name;
            return Ok(Some(format!(
                "row {}, column {name}: {one} in the first, {other} in the second",
                first.join(", ")
            )));
        }
    }
}
