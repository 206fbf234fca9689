//! The data dictionary: what every column holds, what it means and how it arises, for people and for machines.
//!
//! All of it follows from the descriptions of the tables. They bound decimals in units of the last digit; here the bounds
//! stand as a reader of the data sees them.

use serde::Serialize;

use crate::schema::{ColumnSpec, Domain, ForeignKey, Key, Kind, Reference, Schema, Value};

const INTRODUCTION: &str = "\
# Data dictionary

Printed by `credit-seed describe`. An id is a UUID of 36 characters; a decimal(p,s) has at most p digits, s of them
after the point; a text(n) has at most n characters.
";

/// What there is to say about some tables, in their order.
#[derive(Debug, Serialize)]
pub struct Dictionary {
    pub tables: Vec<TableEntry>,
}

/// A table and its columns.
#[derive(Debug, Serialize)]
pub struct TableEntry {
    pub name: &'static str,
    pub about: &'static str,
    /// Columns that are unique only together.
    pub unique: &'static [&'static [&'static str]],
    /// Columns that refer to another table only together.
    pub foreign: Vec<ForeignEntry>,
    pub columns: Vec<ColumnEntry>,
}

/// A foreign key over several columns.
#[derive(Debug, Serialize)]
pub struct ForeignEntry {
    pub columns: &'static [&'static str],
    /// `table.column`, in the same order.
    pub references: Vec<String>,
}

/// A column, ready to be read.
#[derive(Debug, Serialize)]
pub struct ColumnEntry {
    pub name: &'static str,
    /// The kind with its size, such as `decimal(12,2)`.
    #[serde(rename = "type")]
    pub kind: String,
    pub unit: Option<&'static str>,
    pub nullable: bool,
    /// `primary`, `unique` or none.
    pub key: Option<&'static str>,
    /// `table.column`
    pub references: Option<String>,
    pub values: Option<Values>,
    pub about: &'static str,
    pub origin: &'static str,
}

/// The values a column may hold.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    OneOf(&'static [&'static str]),
    /// Inclusive, in canonical text.
    Range {
        min: String,
        max: String,
    },
}

impl Dictionary {
    /// The dictionary of these tables.
    pub fn of(tables: &[&'static dyn Schema]) -> Dictionary {
        let entry = |table: &&'static dyn Schema| TableEntry {
            name: table.name(),
            about: table.about(),
            unique: table.unique(),
            foreign: table.foreign().iter().map(foreign).collect(),
            columns: table.columns().map(column).collect(),
        };
        Dictionary { tables: tables.iter().map(entry).collect() }
    }

    /// A section a table, a row a column.
    pub fn to_markdown(&self) -> String {
        let mut text = INTRODUCTION.to_owned();
        for table in &self.tables {
            text += &format!("\n## {}\n\n{}\n\n", escaped(table.name), escaped(table.about));
            text += "| column | type | unit | values | meaning | how it arises |\n|---|---|---|---|---|---|\n";
            for column in &table.columns {
                let cells = [
                    column.name,
                    &column.what(),
                    column.unit.unwrap_or_default(),
                    &column.allowed(),
                    column.about,
                    column.origin,
                ];
                text += &format!("| {} |\n", cells.map(escaped).join(" | "));
            }
            for columns in table.unique {
                text += &format!("\nUnique together: {}.\n", escaped(&columns.join(", ")));
            }
            for ForeignEntry { columns, references } in &table.foreign {
                let (columns, parents) = (columns.join(", "), references.join(", "));
                text += &format!("\nTogether those of {}: {}.\n", escaped(&parents), escaped(&columns));
            }
        }
        text
    }
}

impl ColumnEntry {
    /// Type, key and whether it may be NULL.
    fn what(&self) -> String {
        let key = match self.key {
            Some("primary") => ", primary key",
            Some(_) => ", unique",
            None => "",
        };
        format!("{}{key}{}", self.kind, if self.nullable { ", or NULL" } else { "" })
    }

    fn allowed(&self) -> String {
        match (&self.references, &self.values) {
            (Some(parent), _) => format!("those of {parent}"),
            (None, Some(Values::OneOf(words))) => words.join(", "),
            (None, Some(Values::Range { min, max })) => format!("{min} to {max}"),
            (None, None) => String::new(),
        }
    }
}

fn foreign(key: &ForeignKey) -> ForeignEntry {
    let references = key.key.iter().map(|column| format!("{}.{column}", key.table)).collect();
    ForeignEntry { columns: key.columns, references }
}

fn column(spec: &ColumnSpec) -> ColumnEntry {
    ColumnEntry {
        name: spec.name,
        kind: kind(spec.kind),
        unit: spec.unit,
        nullable: spec.nullable,
        key: match spec.key {
            Key::None => None,
            Key::Primary => Some("primary"),
            Key::Unique => Some("unique"),
        },
        references: spec.references.map(|Reference { table, column }| format!("{table}.{column}")),
        values: match spec.domain {
            Domain::Any => None,
            Domain::OneOf(words) => Some(Values::OneOf(words)),
            Domain::Range(min, max) => Some(Values::Range { min: bound(spec.kind, min), max: bound(spec.kind, max) }),
        },
        about: spec.about,
        origin: spec.origin,
    }
}

fn kind(kind: Kind) -> String {
    match kind {
        Kind::Bool => "boolean".to_owned(),
        Kind::Int => "integer".to_owned(),
        Kind::Decimal { precision, scale } => format!("decimal({precision},{scale})"),
        Kind::Id => "id".to_owned(),
        Kind::Text { max: 0 } => "text".to_owned(),
        Kind::Text { max } => format!("text({max})"),
        Kind::Date => "date".to_owned(),
        Kind::Timestamp => "timestamp (UTC)".to_owned(),
        Kind::Json => "json".to_owned(),
    }
}

/// The bound of a range as the column would show it.
fn bound(kind: Kind, units: i64) -> String {
    let value = if let Kind::Decimal { scale, .. } = kind { Value::Decimal(units, scale) } else { Value::Int(units) };
    let mut text = String::new();
    value.write_canonical(&mut text);
    text
}

/// Text that Markdown shows as it is, on one line and inside one cell.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        // Between letters an underscore is only that, and names stay readable.
        let is_inside = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match letter {
            '\n' | '\r' => out.push(' '),
            '_' if is_inside => out.push('_'),
            '\\' | '|' | '`' | '*' | '_' | '~' | '<' | '[' | ']' | '&' => out.extend(['\\', letter]),
            _ => out.push(letter),
        }
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, TABLES};
    use crate::schema::{Column, Table};

    #[test]
    fn numbers_stand_as_a_reader_sees_them() {
        let dictionary = Dictionary::of(&[model::table("loan_decisions").unwrap()]);
        let text = dictionary.to_markdown();
        assert!(text.contains("\n| debt_to_income | decimal(6,4) | ratio | 0.0000 to 99.9999 | "), "{text}");
        assert!(
            text.contains("\n| quoted_rate | decimal(6,3), or NULL | percent a year | 0.000 to 100.000 | "),
            "{text}"
        );
        assert!(text.contains("\n| credit_score | integer | points | 300 to 850 | "), "{text}");
        assert!(
            text.contains("\n| application_id | id, primary key |  | those of loan_applications.application_id | ")
        );
    }

    #[test]
    fn keys_over_several_columns_stand_below_the_table() {
        let text = Dictionary::of(&[model::table("transactions").unwrap()]).to_markdown();
        let together = "\n\nTogether those of accounts.bank_id, accounts.account_id: bank_id, account_id.\n";
        assert!(text.ends_with(together), "{text}");
    }

    #[test]
    fn any_text_stays_in_its_cell() {
        static TABLE: Table<()> = Table {
            name: "odd",
            about: "A *table*.",
            columns: &[Column::new("a_b", Kind::Bool, |()| Value::Null).about("x | y\n`z` \\| _w_").origin("<b>")],
            unique: &[],
            foreign: &[],
        };
        let text = Dictionary::of(&[&TABLE]).to_markdown();
        assert!(text.contains("\nA \\*table\\*.\n"), "{text}");
        assert!(text.ends_with("\n| a_b | boolean |  |  | x \\| y \\`z\\` \\\\\\| \\_w\\_ | \\<b> |\n"), "{text}");
    }

    #[test]
    fn every_row_has_every_cell() {
        let text = Dictionary::of(&TABLES).to_markdown();
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(rows.len(), TABLES.iter().map(|table| 2 + table.width()).sum::<usize>());
        assert!(rows.iter().all(|row| row.replace("\\|", "").matches('|').count() == 7), "{text}");
    }
}
