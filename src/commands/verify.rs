//! `credit-seed verify`: is every row still what the run's book says was written?

use credit_seed::Error;
use credit_seed::scenario::redact_url;
use serde_json::json;

use super::{Verdict, open_existing, print, print_json, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common) -> anyhow::Result<Verdict> {
    let settings = settings(common)?;
    let mut database = open_existing(&settings).await?;
    let Some(book) = database.book().await? else {
        let place = redact_url(&settings.database_url);
        return Err(Error::Refused(format!("{place} holds no run of credit-seed; there is nothing to verify")).into());
    };
    let found = database.recompute().await?;
    let tables = || book.tables.iter().map(|(name, booked)| (name, booked, found.of(name)));
    let is_equal = tables().all(|(_, booked, found)| booked == found);
    if common.format == Format::Json {
        let tables: Vec<_> = tables()
            .map(|(table, booked, found)| json!({ "table": table, "equal": booked == found, "book": booked, "found": found }))
            .collect();
        print_json(&json!({ "equal": is_equal, "complete": book.is_complete(), "tables": tables }))?;
    } else {
        let mut text = String::new();
        for (table, booked, found) in tables() {
            let verdict = if booked == found { "equal " } else { "DIFFERS" };
            text += &format!("{verdict} {table}: {} rows, {}\n", found.rows, found.checksum);
            if booked != found {
                text += &format!("        the book says {} rows, {}\n", booked.rows, booked.checksum);
            }
        }
        if !book.is_complete() {
            text += "the run is not complete: start credit-seed again and it goes on\n";
        }
        print(&text)?;
    }
    Ok(if is_equal { Verdict::Done } else { Verdict::CheckFailed })
}
