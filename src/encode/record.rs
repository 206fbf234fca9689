//! Rows read back: every cell as its canonical text, wherever it came from.
//!
//! Reading never fails on what a cell holds. What a foreign database keeps in a column (text in a date, a NULL in a
//! key) arrives as it is, so that a check can name it instead of dying of it.

use crate::model::TABLES;
use crate::schema::{Day, Moment, Rows, Schema};

/// One row of a table.
#[derive(Clone)]
pub struct Record {
    pub schema: &'static dyn Schema,
    /// In the order of the schema's columns; `None` is NULL.
    pub cells: Vec<Option<String>>,
}

impl Record {
    /// The cell's text; `None` for NULL. Panics if the table has no such column.
    pub fn text(&self, column: &str) -> Option<&str> {
        let position = self.schema.position(column);
        let position = position.unwrap_or_else(|| panic!("{} has no column {column}", self.schema.name()));
        self.cells[position].as_deref()
    }

    /// The cell as a whole number; `None` for NULL or anything else.
    pub fn int(&self, column: &str) -> Option<i64> {
        self.text(column)?.parse().ok()
    }

    /// A decimal as units of its last digit (`"-12.50"` is -1250): cents for money. `None` for NULL or anything else.
    pub fn unscaled(&self, column: &str) -> Option<i64> {
        let text = self.text(column)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole.strip_prefix('-').unwrap_or(whole)) || !digits(fraction) {
            return None;
        }
        format!("{whole}{fraction}").parse().ok()
    }

    pub fn day(&self, column: &str) -> Option<Day> {
        self.text(column)?.parse().ok()
    }

    /// A timestamp's moment, to the millisecond. `None` for NULL or anything else.
    pub fn moment(&self, column: &str) -> Option<Moment> {
        let text = self.text(column)?;
        let (day, clock) = text.split_once('T')?;
        let mut parts = clock.get(..8)?.split(':').map(|part| part.parse::<u32>().ok());
        let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
        let whole = day.parse::<Day>().ok()?.at(hour * 3600 + minute * 60 + second);
        let fraction = clock[8..].strip_prefix('.').unwrap_or("");
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).chain(std::iter::repeat(b'0')).take(3);
        Some(Moment(whole.0 + digits.fold(0, |ms, digit| ms * 10 + i64::from(digit - b'0'))))
    }
}

/// All rows of one customer, table by table.
#[derive(Clone)]
pub struct LifeRecords {
    tables: [Vec<Record>; TABLES.len()],
}

impl Default for LifeRecords {
    fn default() -> Self {
        LifeRecords { tables: std::array::from_fn(|_| Vec::new()) }
    }
}

impl LifeRecords {
    /// The rows of a table, in the order of its primary key. Panics if there is no such table.
    pub fn of(&self, table: &str) -> &[Record] {
        &self.tables[position(table)]
    }

    pub fn of_mut(&mut self, table: &str) -> &mut Vec<Record> {
        &mut self.tables[position(table)]
    }

    /// Takes in all rows of `other`, behind its own.
    pub fn append(&mut self, other: LifeRecords) {
        for (table, rows) in self.tables.iter_mut().zip(other.tables) {
            table.extend(rows);
        }
    }

    /// What a database would read back of these rows.
    pub fn from_rows<'a>(tables: impl IntoIterator<Item = &'a dyn Rows>) -> LifeRecords {
        let mut life = LifeRecords::default();
        for rows in tables {
            let schema = rows.schema();
            for row in 0..rows.len() {
                let cell = |column| match rows.value(row, column) {
                    crate::schema::Value::Null => None,
                    value => {
                        let mut text = String::new();
                        value.write_canonical(&mut text);
                        Some(text)
                    }
                };
                let cells = (0..schema.width()).map(cell).collect();
                life.of_mut(schema.name()).push(Record { schema, cells });
            }
        }
        life
    }
}

fn position(table: &str) -> usize {
    let found = TABLES.iter().position(|schema| schema.name() == table);
    found.unwrap_or_else(|| panic!("there is no table {table}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::table;

    #[test]
    fn moments_are_read_to_the_millisecond() {
        let schema = table("transactions").unwrap();
        let moment = |text: &str| {
            let mut cells = vec![None; schema.width()];
            cells[schema.position("booked_at").unwrap()] = Some(text.to_owned());
            Record { schema, cells }.moment("booked_at").map(|moment| moment.to_string())
        };
        for (text, read) in [
            ("2025-12-31T10:30:00.007Z", "2025-12-31T10:30:00.007Z"),
            ("2025-12-31T10:30:00Z", "2025-12-31T10:30:00.000Z"),
            ("2025-12-31T10:30:00.5", "2025-12-31T10:30:00.500Z"),
            ("2025-12-31T10:30:00.123456Z", "2025-12-31T10:30:00.123Z"),
        ] {
            assert_eq!(moment(text).as_deref(), Some(read));
        }
        for text in ["2025-12-31", "2025-12-31T10:30", "T10:30:00.007Z", "2025-12-31Tß0:30:00"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
