//! `credit-seed export`: tables of a seeded database as one JSON document, streamed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

use credit_seed::Database;
use credit_seed::encode::{Record, write_json_row};
use credit_seed::model::TABLES;
use credit_seed::schema::Schema;
use futures_util::TryStreamExt;

use super::target::Target;
use super::{Verdict, open_existing, say, settings, tables};
use crate::cli::Common;

/// What is to be written where.
pub struct Wanted {
    pub to: PathBuf,
    pub tables: Vec<String>,
    pub sample: Option<u64>,
    pub overwrite: bool,
}

pub async fn run(common: &Common, wanted: &Wanted) -> anyhow::Result<Verdict> {
    let tables = tables(&wanted.tables)?;
    let target = Target::new(&wanted.to, wanted.overwrite)?;
    let settings = settings(common)?;
    target.spare(&settings.database_url)?;
    let mut database = open_existing(&settings).await?;
    let sample = match wanted.sample {
        Some(size) => Some(Sample::choose(&mut database, size).await?),
        None => None,
    };
    let rows = target.write(async |out| write(&mut database, &tables, sample, out).await).await?;
    if !target.is_stdout() {
        say(common, &format!("wrote {rows} rows to {}", wanted.to.display()));
    }
    Ok(Verdict::Done)
}

async fn write(
    database: &mut Database,
    tables: &[&'static dyn Schema],
    mut sample: Option<Sample>,
    out: &mut dyn Write,
) -> anyhow::Result<u64> {
    let mut count = 0;
    out.write_all(b"{")?;
    let mut is_first = true;
    // A sample has to see every parent to know which children belong to it, also those that are not written.
    for schema in TABLES {
        let is_wanted = tables.iter().any(|table| table.name() == schema.name());
        if !is_wanted && sample.is_none() {
            continue;
        }
        if is_wanted {
            write!(out, "{}\n{:?}: [", if is_first { "" } else { "," }, schema.name())?;
            is_first = false;
        }
        let mut records = database.records(schema);
        let mut row = String::new();
        let mut rows_here = 0u64;
        while let Some(record) = records.try_next().await? {
            if sample.as_mut().is_some_and(|sample| !sample.takes(&record)) || !is_wanted {
                continue;
            }
            row.clear();
            row.push_str(if rows_here == 0 { "\n" } else { ",\n" });
            write_json_row(schema, record.cells.iter().map(Option::as_deref), &mut row);
            out.write_all(row.as_bytes())?;
            rows_here += 1;
        }
        if is_wanted {
            out.write_all(b"\n]")?;
            count += rows_here;
        }
    }
    out.write_all(b"\n}\n")?;
    out.flush()?;
    Ok(count)
}

/// Whole lives: some customers, and every row that refers only to rows that are in.
struct Sample {
    /// Every `step`-th customer, from the first.
    step: u64,
    size: u64,
    seen: u64,
    /// Keys that children may refer to, by table and columns.
    taken: BTreeMap<(&'static str, &'static [&'static str]), BTreeSet<Vec<String>>>,
}

impl Sample {
    async fn choose(database: &mut Database, size: u64) -> anyhow::Result<Sample> {
        let customers = database.count("SELECT COUNT(*) FROM customers").await?.unsigned_abs();
        Ok(Sample { step: (customers / size.max(1)).max(1), size, seen: 0, taken: BTreeMap::new() })
    }

    fn takes(&mut self, record: &Record) -> bool {
        let table = record.schema.name();
        let is_in = if table == "customers" {
            let number = self.seen;
            self.seen += 1;
            number.is_multiple_of(self.step) && number / self.step < self.size
        } else {
            record.schema.foreign_keys().all(|foreign| match cells(record, foreign.columns) {
                Some(key) => self.taken.get(&(foreign.table, foreign.key)).is_some_and(|keys| keys.contains(&key)),
                None => true,
            })
        };
        if is_in {
            for columns in keys_referred_to(table) {
                self.taken.entry((table, columns)).or_default().extend(cells(record, columns));
            }
        }
        is_in
    }
}

/// A key of the record; `None` if a part of it is NULL, which refers to nothing.
fn cells(record: &Record, columns: &[&str]) -> Option<Vec<String>> {
    columns.iter().map(|column| record.text(column).map(str::to_owned)).collect()
}

fn keys_referred_to(table: &str) -> impl Iterator<Item = &'static [&'static str]> {
    let foreign = TABLES.into_iter().flat_map(|schema| schema.foreign_keys());
    foreign.filter(move |foreign| foreign.table == table).map(|foreign| foreign.key)
}
