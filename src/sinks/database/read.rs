//! Reading tables back, row by row or life by life, as canonical text.

use std::collections::BTreeMap;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::{Database, Dialect, TextRow};
use crate::encode::{LifeRecords, Record, TableSum};
use crate::error::Result;
use crate::manifest::Manifest;
use crate::model::TABLES;
use crate::schema::{Kind, Schema};

/// A cell's bytes as text. What is not UTF-8 (SQLite does not mind) keeps its sound parts.
pub fn lossless(bytes: Option<Vec<u8>>) -> Option<String> {
    bytes.map(|bytes| {
        String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
    })
}

impl Database {
    /// All rows of a table in the order of its primary key.
    pub fn records<'a>(&'a mut self, schema: &'static dyn Schema) -> BoxStream<'a, Result<Record>> {
        self.records_where(schema, "1 = 1")
    }

    /// The rows of a table that belong to no customer.
    pub async fn of_nobody(&mut self, schema: &'static dyn Schema) -> Result<Vec<Record>> {
        self.records_where(schema, "customer_id IS NULL").try_collect().await
    }

    fn records_where<'a>(&'a mut self, schema: &'static dyn Schema, which: &str) -> BoxStream<'a, Result<Record>> {
        let dialect = self.dialect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {which} ORDER BY {}",
            columns(dialect, schema, schema.name()).join(", "),
            schema.name(),
            byte_order(dialect, &schema.primary_key())
        );
        self.fetch(sql, &[]).map_ok(move |cells| record(schema, cells)).boxed()
    }

    /// All rows of a table at once: for tables that do not grow with the customers.
    pub async fn all(&mut self, schema: &'static dyn Schema) -> Result<Vec<Record>> {
        self.records(schema).try_collect().await
    }

    /// Rows and checksum of every table, recomputed from what is stored; a table that is missing has no rows.
    pub async fn recompute(&mut self) -> Result<Manifest> {
        let mut manifest = Manifest::default();
        let there = self.tables().await?;
        for schema in TABLES.into_iter().filter(|schema| there.iter().any(|table| table == schema.name())) {
            let mut sum = TableSum::default();
            let mut records = self.records(schema);
            while let Some(record) = records.try_next().await? {
                sum.add_record(&record);
            }
            drop(records);
            manifest.set(schema.name(), sum);
        }
        Ok(manifest)
    }

    /// The next customers by id after `after`, at most `limit`, each with every row that reaches them by foreign keys.
    pub async fn lives(&mut self, after: Option<&str>, limit: u32) -> Result<Vec<LifeRecords>> {
        let dialect = self.dialect();
        let id = dialect.text_of(Kind::Id, "customer_id");
        let condition = after.map_or(String::new(), |_| format!("WHERE customer_id > {}", dialect.parameter(1)));
        let sql = format!("SELECT {id} FROM customers {condition} ORDER BY customer_id LIMIT {limit}");
        let parameters: Vec<&str> = after.into_iter().collect();
        let ids: Vec<TextRow> = self.fetch(sql, &parameters).try_collect().await?;
        let ids: Vec<String> = ids.into_iter().flatten().flatten().collect();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return Ok(Vec::new()) };

        let position: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(index, id)| (id.as_str(), index)).collect();
        let mut lives = vec![LifeRecords::default(); ids.len()];
        for schema in TABLES {
            let Some(path) = OwnerPath::of(schema) else { continue };
            let sql = format!(
                "SELECT {}, {} FROM {} WHERE {} BETWEEN {} AND {} ORDER BY {}",
                dialect.text_of(Kind::Id, &path.owner),
                columns(dialect, schema, schema.name()).join(", "),
                path.joined,
                path.owner,
                dialect.parameter(1),
                dialect.parameter(2),
                schema
                    .primary_key()
                    .iter()
                    .map(|key| format!("{}.{key}", schema.name()))
                    .collect::<Vec<_>>()
                    .join(", "),
            );
            let mut rows = self.fetch(sql, &[first, last]);
            while let Some(mut cells) = rows.try_next().await? {
                let owner = cells.remove(0);
                if let Some(index) = owner.and_then(|owner| position.get(owner.as_str()).copied()) {
                    lives[index].of_mut(schema.name()).push(record(schema, cells));
                }
            }
        }
        Ok(lives)
    }
}

/// How a table's rows find their customer: a join from foreign key to foreign key.
struct OwnerPath {
    joined: String,
    owner: String,
}

impl OwnerPath {
    /// `None` for tables of the world.
    fn of(schema: &'static dyn Schema) -> Option<OwnerPath> {
        let mut joined = schema.name().to_owned();
        let mut table = schema;
        loop {
            let owner = (table.name() == "customers").then_some("customer_id").or_else(|| {
                table.foreign_keys().find(|foreign| foreign.table == "customers").map(|foreign| foreign.columns[0])
            });
            if let Some(owner) = owner {
                return Some(OwnerPath { joined, owner: format!("{}.{owner}", table.name()) });
            }
            let foreign = table.foreign_keys().next()?;
            let (child, parent) = (table.name(), foreign.table);
            let pairs = foreign.columns.iter().zip(foreign.key);
            let same: Vec<_> = pairs.map(|(column, key)| format!("{parent}.{key} = {child}.{column}")).collect();
            joined = format!("{joined} JOIN {parent} ON {}", same.join(" AND "));
            table = crate::model::table(parent)?;
        }
    }
}

fn columns(dialect: Dialect, schema: &dyn Schema, table: &str) -> Vec<String> {
    schema.columns().map(|column| dialect.text_of(column.kind, &format!("{table}.{}", column.name))).collect()
}

/// Keys in the order of their bytes, which is the same in every database.
fn byte_order(dialect: Dialect, keys: &[&str]) -> String {
    let key = |key: &&str| match dialect {
        Dialect::Postgres => format!("{key} COLLATE \"C\""),
        Dialect::Sqlite | Dialect::MySql => (*key).to_owned(),
    };
    keys.iter().map(key).collect::<Vec<_>>().join(", ")
}

fn record(schema: &'static dyn Schema, mut cells: TextRow) -> Record {
    for (column, cell) in schema.columns().zip(&mut cells) {
        if column.kind == Kind::Json {
            // Databases keep JSON in forms of their own; the canonical one is the same again.
            let canonical = cell.as_deref().and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
            if let Some(text) = canonical.and_then(|value| serde_json_canonicalizer::to_string(&value).ok()) {
                *cell = Some(text);
            }
        }
    }
    Record { schema, cells }
}
