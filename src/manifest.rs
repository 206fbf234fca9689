//! What was written: rows and checksum of every table.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::encode::TableSum;
use crate::model::TABLES;
use crate::schema::Rows;

/// Rows and checksum by table; every table of ours is in it, also one without rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Manifest {
    tables: BTreeMap<String, TableSum>,
}

impl Default for Manifest {
    fn default() -> Self {
        let tables = TABLES.iter().map(|table| (table.name().to_owned(), TableSum::default())).collect();
        Manifest { tables }
    }
}

impl Manifest {
    /// Takes in these rows.
    pub fn add_rows(&mut self, rows: &dyn Rows) {
        self.tables.entry(rows.schema().name().to_owned()).or_default().add_rows(rows);
    }

    /// Takes in all that `other` counted.
    pub fn add(&mut self, other: &Manifest) {
        for (table, sum) in &other.tables {
            *self.tables.entry(table.clone()).or_default() += *sum;
        }
    }

    pub fn set(&mut self, table: &str, sum: TableSum) {
        self.tables.insert(table.to_owned(), sum);
    }

    pub fn of(&self, table: &str) -> TableSum {
        self.tables.get(table).copied().unwrap_or_default()
    }

    /// All tables, parents first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, TableSum)> {
        TABLES.iter().map(|table| (table.name(), self.of(table.name())))
    }

    /// Rows over all tables.
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|sum| sum.rows).sum()
    }
}
