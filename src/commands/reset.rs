//! `credit-seed --reset`: our tables away and made again, empty.

use credit_seed::scenario::redact_url;
use credit_seed::sinks::database::ResetPlan;
use credit_seed::{Database, Error};

use serde_json::{Map, Value};

use super::{Verdict, print, print_json, say, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common, dry_run: bool) -> anyhow::Result<Verdict> {
    let settings = settings(common)?;
    let place = redact_url(&settings.database_url);
    if dry_run {
        // A database that is not there has nothing to lose, and a dry run makes none.
        let plan = match Database::open(&settings.database_url, false).await {
            Ok(mut database) => database.plan_reset().await?,
            Err(Error::NoDatabase(_)) => ResetPlan::default(),
            Err(error) => return Err(error.into()),
        };
        show(common, &plan)?;
        say(common, &format!("nothing was changed in {place}"));
        return Ok(Verdict::Done);
    }
    let mut database = Database::open(&settings.database_url, true).await?;
    let plan = database.reset().await?;
    tracing::debug!(tables = plan.tables.len(), "reset");
    if common.format == Format::Json {
        print_json(&serde_json::json!({ "removed": counts(&plan), "views": plan.views }))?;
    }
    say(
        common,
        &match plan.tables.len() {
            0 => format!("{place} is set up, empty"),
            removed => format!("removed {removed} tables of ours from {place} and made them again, empty"),
        },
    );
    Ok(Verdict::Done)
}

fn counts(plan: &ResetPlan) -> Map<String, Value> {
    plan.tables.iter().map(|(table, rows)| ((*table).to_owned(), (*rows).into())).collect()
}

fn show(common: &Common, plan: &ResetPlan) -> anyhow::Result<()> {
    if common.format == Format::Json {
        return print_json(&serde_json::json!({ "would_remove": counts(plan), "views": plan.views }));
    }
    if plan.tables.is_empty() {
        print("would remove nothing\n")?;
    }
    for view in &plan.views {
        print(&format!("would remove {view} (a view)\n"))?;
    }
    for (table, rows) in &plan.tables {
        print(&format!("would remove {table} ({rows} rows)\n"))?;
    }
    Ok(())
}
