//! Faults: what may be wrong with a table's rows, derived from its description and written as SQL.
//!
//! Names and words are constants of `model`, so that nothing here needs quoting or binding.

use crate::schema::{ColumnSpec, Domain, Key, Kind, Schema};
use crate::sinks::database::Dialect;

/// One way in which rows can be wrong.
pub(super) struct Fault {
    /// Such as `email is NULL`; stands behind a row's key.
    pub what: String,
    /// Counts the violations.
    pub count: String,
    /// Names some of them, one text a row.
    pub examples: String,
}

/// The faults that make up one finding.
pub(super) struct Group {
    /// Such as `customers.keys`.
    pub rule: String,
    pub about: String,
    /// Counts what there is to examine.
    pub examined: String,
    /// Counts the rows with any of the faults at all, in one scan. Only if there are some, each fault is counted.
    pub any: Option<String>,
    pub faults: Vec<Fault>,
}

/// Every group of faults that a table can have; those it cannot have are left out.
pub(super) fn groups(table: &'static dyn Schema, dialect: &Dialect) -> Vec<Group> {
    let writer = Writer { table, dialect };
    let groups = [writer.keys(), writer.not_null(), writer.references(), writer.values()];
    groups.into_iter().filter(|group| !group.faults.is_empty()).collect()
}

/// Fails unless the table has all its columns; counts nothing.
pub(super) fn probe(table: &'static dyn Schema) -> String {
    let columns: Vec<_> = table.columns().map(|column| column.name).collect();
    format!("SELECT COUNT(*) FROM (SELECT {} FROM {} WHERE 1 = 0) AS probe", columns.join(", "), table.name())
}

struct Writer<'a> {
    table: &'static dyn Schema,
    dialect: &'a Dialect,
}

impl Writer<'_> {
    fn keys(&self) -> Group {
        let single = self.table.columns().filter(|column| column.key == Key::Unique).map(|column| vec![column.name]);
        let composite = self.table.unique().iter().map(|columns| columns.to_vec());
        let keys = std::iter::once(self.table.primary_key()).chain(single).chain(composite);
        Group {
            rule: format!("{}.keys", self.table.name()),
            about: "no key occurs twice".to_owned(),
            examined: self.rows(),
            any: None,
            faults: keys.map(|key| self.repeated(&key)).collect(),
        }
    }

    fn repeated(&self, key: &[&str]) -> Fault {
        let (table, columns) = (self.table.name(), key.join(", "));
        let known = key.iter().map(|column| format!("{column} IS NOT NULL")).collect::<Vec<_>>().join(" AND ");
        let twice = format!("FROM {table} WHERE {known} GROUP BY {columns} HAVING COUNT(*) > 1");
        Fault {
            what: format!("more than one row has this {columns}"),
            count: format!("SELECT COUNT(*) FROM (SELECT {columns} {twice}) AS repeated"),
            examples: format!("SELECT {} {twice} ORDER BY {columns}", self.text(key)),
        }
    }

    fn not_null(&self) -> Group {
        let required = self.table.columns().filter(|column| !column.nullable);
        let faults = required.map(|column| (format!("{} is NULL", column.name), format!("{} IS NULL", column.name)));
        self.group("not_null", "required columns hold a value", faults.collect())
    }

    fn references(&self) -> Group {
        let table = self.table.name();
        let mut group = Group {
            rule: format!("{table}.references"),
            about: "every foreign key resolves".to_owned(),
            examined: String::new(),
            any: None,
            faults: Vec::new(),
        };
        let mut filled = Vec::new();
        for foreign in self.table.foreign_keys() {
            let all = |of: &dyn Fn(&str, &str) -> String| {
                let each = foreign.columns.iter().zip(foreign.key).map(|(column, key)| of(column, key));
                each.collect::<Vec<_>>().join(" AND ")
            };
            // Qualified, because parent and child may be named alike. A key that is partly NULL refers to nothing.
            let known = all(&|column, _| format!("{table}.{column} IS NOT NULL"));
            let same = all(&|column, key| format!("parent.{key} = {table}.{column}"));
            let dangling = format!("{known} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {same})", foreign.table);
            filled.push(format!("COUNT(CASE WHEN {known} THEN 1 END)"));
            let (columns, verb) =
                (foreign.columns.join(", "), if foreign.columns.len() == 1 { "names" } else { "name" });
            group.faults.push(self.where_(format!("{columns} {verb} no row of {}", foreign.table), &dangling));
        }
        group.examined = format!("SELECT {} FROM {table}", filled.join(" + "));
        group
    }

    fn values(&self) -> Group {
        let faults = self.table.columns().flat_map(|column| {
            let name = column.name;
            // `typeof` and `IS NOT` have an opinion on NULL, too, which is `not_null`'s business.
            let kind = self.kind(column).map(|wrong| {
                (format!("{name} is not {}", noun(column.kind)), format!("{name} IS NOT NULL AND ({wrong})"))
            });
            let domain = self.domain(column);
            kind.into_iter().chain(domain)
        });
        self.group("values", "values are of their column's kind, vocabulary, range and length", faults.collect())
    }

    /// What the database's own types may let through. SQLite's let everything through.
    fn kind(&self, column: &ColumnSpec) -> Option<String> {
        let name = column.name;
        let too_long = |max: u16| match self.dialect {
            Dialect::Sqlite => format!("typeof({name}) <> 'text' OR LENGTH({name}) > {max}"),
            Dialect::Postgres | Dialect::MySql => format!("CHAR_LENGTH({}) > {max}", self.text(&[name])),
        };
        match (column.kind, self.dialect) {
            (Kind::Text { max: 1.. }, _) | (Kind::Id, _) => {
                let max = if let Kind::Text { max } = column.kind { max } else { 50 };
                Some(too_long(max))
            }
            (_, Dialect::Postgres | Dialect::MySql) => None,
            (Kind::Text { .. }, Dialect::Sqlite) => Some(format!("typeof({name}) <> 'text'")),
            (Kind::Bool, Dialect::Sqlite) => Some(format!("typeof({name}) <> 'integer' OR {name} NOT IN (0, 1)")),
            (Kind::Int, Dialect::Sqlite) => Some(format!("typeof({name}) <> 'integer'")),
            // Stored as a float: what counts is that it lies next to a number of `scale` digits.
            (Kind::Decimal { precision, scale }, Dialect::Sqlite) => {
                let unit = 10_i64.pow(scale.into());
                let limit = 10_i64.pow(precision.into());
                let units = format!("{name} * {unit}.0");
                Some(format!(
                    "typeof({name}) NOT IN ('integer', 'real') OR ABS({units} - ROUND({units})) > 0.001 OR \
                     ABS(ROUND({units})) >= {limit}"
                ))
            }
            (Kind::Date, Dialect::Sqlite) => Some(format!("date({name}) IS NOT {name}")),
            (Kind::Timestamp, Dialect::Sqlite) => {
                Some(format!("datetime({name}) IS NOT SUBSTR(REPLACE({name}, 'T', ' '), 1, 19)"))
            }
            (Kind::Json, Dialect::Sqlite) => Some(format!("NOT json_valid({name})")),
        }
    }

    fn domain(&self, column: &ColumnSpec) -> Option<(String, String)> {
        let name = column.name;
        match column.domain {
            Domain::Any => None,
            Domain::OneOf(words) => {
                let words = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ");
                // MySQL's default collation holds `Income` and `income` for the same word.
                let exact = match self.dialect {
                    Dialect::MySql => format!("CAST({name} AS BINARY)"),
                    Dialect::Sqlite | Dialect::Postgres => name.to_owned(),
                };
                Some((format!("{name} is none of its words"), format!("{exact} NOT IN ({words})")))
            }
            Domain::Range(min, max) => {
                let what = format!("{name} is out of range");
                let scale = if let Kind::Decimal { scale, .. } = column.kind { scale } else { 0 };
                Some(match self.dialect {
                    Dialect::Sqlite => {
                        let unit = 10_i64.pow(scale.into());
                        (what, format!("ROUND({name} * {unit}.0) NOT BETWEEN {min} AND {max}"))
                    }
                    Dialect::Postgres | Dialect::MySql => {
                        (what, format!("{name} NOT BETWEEN {} AND {}", literal(min, scale), literal(max, scale)))
                    }
                })
            }
        }
    }

    /// Faults that are conditions on a row, given as what is wrong and its SQL.
    fn group(&self, aspect: &str, about: &str, conditions: Vec<(String, String)>) -> Group {
        let any = conditions.iter().map(|(_, wrong)| format!("({wrong})")).collect::<Vec<_>>().join(" OR ");
        Group {
            rule: format!("{}.{aspect}", self.table.name()),
            about: about.to_owned(),
            examined: self.rows(),
            any: Some(format!("{} WHERE {any}", self.rows())),
            faults: conditions.into_iter().map(|(what, wrong)| self.where_(what, &wrong)).collect(),
        }
    }

    fn where_(&self, what: String, wrong: &str) -> Fault {
        let (table, key) = (self.table.name(), self.table.primary_key());
        Fault {
            what,
            count: format!("{} WHERE {wrong}", self.rows()),
            examples: format!("SELECT {} FROM {table} WHERE {wrong} ORDER BY {}", self.text(&key), key.join(", ")),
        }
    }

    fn rows(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.table.name())
    }

    /// The columns as one text, for people.
    fn text(&self, columns: &[&str]) -> String {
        let (as_text, concat) = match self.dialect {
            Dialect::MySql => ("CHAR", true),
            Dialect::Sqlite | Dialect::Postgres => ("TEXT", false),
        };
        let parts: Vec<_> = columns.iter().map(|column| format!("CAST({column} AS {as_text})")).collect();
        match parts.as_slice() {
            [single] => single.clone(),
            parts if concat => format!("CONCAT({})", parts.join(", '/', ")),
            parts => parts.join(" || '/' || "),
        }
    }
}

const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "true or false",
        Kind::Int => "a whole number",
        Kind::Decimal { .. } => "a decimal that fits its column",
        Kind::Id => "a key of at most 50 characters",
        Kind::Text { .. } => "a text that fits its column",
        Kind::Date => "a date",
        Kind::Timestamp => "a timestamp",
        Kind::Json => "JSON",
    }
}

/// `unscaled / 10^scale` as SQL writes it.
fn literal(unscaled: i64, scale: u8) -> String {
    let mut text = String::new();
    crate::schema::Value::Decimal(unscaled, scale).write_canonical(&mut text);
    text
}
