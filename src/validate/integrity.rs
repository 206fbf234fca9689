//! Integrity: runs in the database itself what the descriptions of the tables demand.

use super::check::{Check, EXAMPLES, ensure};
use super::faults::{Group, groups, probe};
use super::report::Finding;
use crate::error::Result;
use crate::model::TABLES;
use crate::schema::Schema;
use crate::sinks::database::{Book, Database};

/// The tables that are there with all their columns, so that rows can be read from them, and a finding on the others.
pub(super) async fn fit_tables(db: &mut Database) -> Result<(Vec<&'static dyn Schema>, Finding)> {
    let present = db.tables().await?;
    let mut fit: Vec<&'static dyn Schema> = Vec::new();
    let mut check = Check::default();
    for table in TABLES {
        let name = table.name();
        let wrong = if !present.iter().any(|other| other == name) {
            Some(format!("there is no table {name}"))
        } else {
            // A column that is missing is a finding about the data, not a failure of ours.
            db.count(&probe(table)).await.err().map(|error| format!("{name}: {error}"))
        };
        if wrong.is_none() {
            fit.push(table);
        }
        check.thing(|| wrong.map_or(Ok(()), Err));
    }
    Ok((fit, check.finding("tables", "every table is there with all its columns")))
}

/// Keys, required values, references and values of the tables, a finding each.
pub(super) async fn findings(db: &mut Database, tables: &[&'static dyn Schema]) -> Result<Vec<Finding>> {
    let dialect = db.dialect();
    let mut findings = Vec::new();
    for table in tables {
        for group in groups(*table, &dialect) {
            let there = |name: &str| tables.iter().any(|table| table.name() == name);
            if group.rule.ends_with(".references") && !table.foreign_keys().all(|foreign| there(foreign.table)) {
                // The parent's absence has been reported.
                findings.push(Check::default().finding(group.rule, format!("{}: a parent is missing", group.about)));
                continue;
            }
            findings.push(look(db, group).await?);
        }
    }
    Ok(findings)
}

async fn look(db: &mut Database, group: Group) -> Result<Finding> {
    let mut check = Check { examined: natural(db.count(&group.examined).await?), ..Check::default() };
    let suspect = match &group.any {
        Some(any) => db.count(any).await? > 0,
        None => true,
    };
    for fault in group.faults.iter().filter(|_| suspect) {
        let count = natural(db.count(&fault.count).await?);
        let room = EXAMPLES.saturating_sub(check.examples.len());
        if count > 0 && room > 0 {
            let keys = db.texts(&format!("{} LIMIT {room}", fault.examples)).await?;
            check.examples.extend(keys.into_iter().map(|key| format!("{key}: {}", fault.what)));
        }
        check.violations += count;
    }
    Ok(check.finding(group.rule, group.about))
}

/// Whether the run has finished and each table has as many rows as its book says.
pub(super) async fn against_book(
    db: &mut Database,
    tables: &[&'static dyn Schema],
    book: Option<&Book>,
) -> Result<[Finding; 2]> {
    let (mut finished, mut counts) = (Check::default(), Check::default());
    if let Some(book) = book {
        finished.thing(|| ensure(book.is_complete(), || "the run was interrupted: start it again".to_owned()));
        for table in tables {
            let name = table.name();
            let expected = book.tables.of(name).rows;
            let found = natural(db.count(&format!("SELECT COUNT(*) FROM {name}")).await?);
            counts.thing(|| ensure(found == expected, || format!("{name}: {found} rows, the book says {expected}")));
        }
    }
    let without = if book.is_some() { "" } else { " (there is no book here, so neither counts nor as_of are known)" };
    Ok([
        finished.finding("book.finished", format!("the run that filled the database has finished{without}")),
        counts.finding("book.counts", format!("every table has as many rows as the run's book says{without}")),
    ])
}

fn natural(count: i64) -> u64 {
    count.try_into().unwrap_or(0)
}
