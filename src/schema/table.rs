//! Descriptions of tables: one entry a column, from which SQL, files, checks and documentation derive.

use std::slice;

use super::{Kind, Value};

/// Where a column stands among its table's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    None,
    /// The primary key, or a part of it.
    Primary,
    /// Unique by itself.
    Unique,
}

/// A foreign key: the column holds values of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    pub table: &'static str,
    pub column: &'static str,
}

/// A foreign key: the columns together hold a key of another table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    pub columns: &'static [&'static str],
    pub table: &'static str,
    /// The columns there, in the same order.
    pub key: &'static [&'static str],
}

/// Which values a column may hold, beyond its kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    Any,
    OneOf(&'static [&'static str]),
    /// Inclusive; for decimals in units of the last digit (cents for money).
    Range(i64, i64),
}

/// A column, without the type of the row it reads from.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    pub name: &'static str,
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
    /// What its numbers count, where they count something.
    pub unit: Option<&'static str>,
    /// How its value arises. Empty only in tables that are not data.
    pub origin: &'static str,
    pub nullable: bool,
    pub key: Key,
    pub references: Option<Reference>,
    pub domain: Domain,
}

/// A column of rows `R`: its description and where its value comes from.
pub struct Column<R: 'static> {
    pub spec: ColumnSpec,
    pub get: for<'a> fn(&'a R) -> Value<'a>,
}

impl<R> Column<R> {
    /// A required column without a key that takes any value of its kind. What it means is still to be said.
    pub const fn new(name: &'static str, kind: Kind, get: for<'a> fn(&'a R) -> Value<'a>) -> Self {
        let spec = ColumnSpec {
            name,
            kind,
            about: "",
            unit: None,
            origin: "",
            nullable: false,
            key: Key::None,
            references: None,
            domain: Domain::Any,
        };
        Column { spec, get }
    }

    pub const fn about(self, about: &'static str) -> Self {
        Column { spec: ColumnSpec { about, ..self.spec }, get: self.get }
    }

    pub const fn unit(self, unit: &'static str) -> Self {
        Column { spec: ColumnSpec { unit: Some(unit), ..self.spec }, get: self.get }
    }

    pub const fn origin(self, origin: &'static str) -> Self {
        Column { spec: ColumnSpec { origin, ..self.spec }, get: self.get }
    }

    pub const fn primary(self) -> Self {
        self.with_key(Key::Primary)
    }

    pub const fn unique(self) -> Self {
        self.with_key(Key::Unique)
    }

    pub const fn nullable(self) -> Self {
        Column { spec: ColumnSpec { nullable: true, ..self.spec }, get: self.get }
    }

    pub const fn references(self, table: &'static str, column: &'static str) -> Self {
        let references = Some(Reference { table, column });
        Column { spec: ColumnSpec { references, ..self.spec }, get: self.get }
    }

    pub const fn one_of(self, words: &'static [&'static str]) -> Self {
        self.with_domain(Domain::OneOf(words))
    }

    /// Inclusive, in units of the last digit.
    pub const fn range(self, min: i64, max: i64) -> Self {
        self.with_domain(Domain::Range(min, max))
    }

    const fn with_key(self, key: Key) -> Self {
        Column { spec: ColumnSpec { key, ..self.spec }, get: self.get }
    }

    const fn with_domain(self, domain: Domain) -> Self {
        Column { spec: ColumnSpec { domain, ..self.spec }, get: self.get }
    }
}

/// A table of rows `R`.
pub struct Table<R: 'static> {
    pub name: &'static str,
    pub about: &'static str,
    pub columns: &'static [Column<R>],
    /// Keys over several columns, beside those the columns name.
    pub unique: &'static [&'static [&'static str]],
    /// Foreign keys over several columns, beside those the columns name.
    pub foreign: &'static [ForeignKey],
}

/// A table, without the type of its rows.
pub trait Schema: Send + Sync {
    fn name(&self) -> &'static str;
    fn about(&self) -> &'static str;
    fn width(&self) -> usize;
    /// Panics if `index >= width()`.
    fn column(&self, index: usize) -> &ColumnSpec;
    fn unique(&self) -> &'static [&'static [&'static str]];
    fn foreign(&self) -> &'static [ForeignKey];
}

impl<R> Schema for Table<R> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn width(&self) -> usize {
        self.columns.len()
    }

    fn column(&self, index: usize) -> &ColumnSpec {
        &self.columns[index].spec
    }

    fn unique(&self) -> &'static [&'static [&'static str]] {
        self.unique
    }

    fn foreign(&self) -> &'static [ForeignKey] {
        self.foreign
    }
}

impl dyn Schema {
    /// Every foreign key: those of single columns, then those over several.
    pub fn foreign_keys(&'static self) -> impl Iterator<Item = ForeignKey> {
        let single = self.columns().filter_map(|column| {
            let parent = column.references.as_ref()?;
            let (columns, key) = (slice::from_ref(&column.name), slice::from_ref(&parent.column));
            Some(ForeignKey { columns, table: parent.table, key })
        });
        single.chain(self.foreign().iter().copied())
    }
}

impl dyn Schema + '_ {
    pub fn columns(&self) -> impl Iterator<Item = &ColumnSpec> {
        (0..self.width()).map(|index| self.column(index))
    }

    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns().position(|spec| spec.name == column)
    }

    /// The columns of the primary key, in order.
    pub fn primary_key(&self) -> Vec<&'static str> {
        self.columns().filter(|spec| spec.key == Key::Primary).map(|spec| spec.name).collect()
    }
}
