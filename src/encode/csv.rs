//! Rows as CSV (RFC 4180), in the spelling that data frames and spreadsheets read without being told.

use crate::schema::{Rows, Schema, Value};

/// Appends the names of the columns.
pub fn write_csv_head(schema: &dyn Schema, out: &mut String) {
    for (position, column) in schema.columns().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write_field(column.name, out);
    }
    out.push('\n');
}

/// Appends one row. Booleans are `True` and `False`, timestamps `2024-01-01 08:15:30`, NULL is empty; all else is the canonical
/// text.
pub fn write_csv_row(rows: &dyn Rows, row: usize, out: &mut String) {
    for column in 0..rows.schema().width() {
        if column > 0 {
            out.push(',');
        }
        match rows.value(row, column) {
            Value::Bool(value) => out.push_str(if value { "True" } else { "False" }),
            Value::Text(text) | Value::Json(text) => write_field(text, out),
            Value::Timestamp(moment) => {
                Value::write_sql_timestamp(moment, out);
                // Whole seconds: spreadsheets do not read ".000" as a part of a time.
                out.truncate(out.len() - ".000".len());
            }
            value => value.write_canonical(out),
        }
    }
    out.push('\n');
}

fn write_field(text: &str, out: &mut String) {
    if !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        return out.push_str(text);
    }
    out.push('"');
    for (position, part) in text.split('"').enumerate() {
        if position > 0 {
            out.push_str("\"\"");
        }
        out.push_str(part);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_survives(one: String, other: String) {
            let mut line = String::new();
            write_field(&one, &mut line);
            line.push(',');
            write_field(&other, &mut line);
            line.push_str(",\n");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            prop_assert_eq!(record.iter().collect::<Vec<_>>(), [one.as_str(), other.as_str(), ""]);
        }
    }
}
