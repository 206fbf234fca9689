//! Rows as JSON objects: of tables with money and other decimals as strings, so that no reader rounds them; of data sets, as
//! data frames want them, with numbers.

use crate::schema::{Kind, Rows, Schema, Value};

/// Appends one row as a JSON object from its cells' canonical texts; `None` is `null`.
///
/// Whole numbers and booleans are JSON's own, a JSON column is nested as it is, everything else is a string.
pub fn write_json_row<'a>(schema: &dyn Schema, cells: impl Iterator<Item = Option<&'a str>>, out: &mut String) {
    out.push('{');
    for (column, cell) in cells.enumerate() {
        let spec = schema.column(column);
        if column > 0 {
            out.push(',');
        }
        write_json_string(spec.name, out);
        out.push(':');
        match (cell, spec.kind) {
            (None, _) => out.push_str("null"),
            (Some(text), Kind::Int) if text.parse::<i64>().is_ok() => out.push_str(text),
            (Some(text @ ("true" | "false")), Kind::Bool) => out.push_str(text),
            (Some(text), Kind::Json) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => {
                out.push_str(text)
            }
            (Some(text), _) => write_json_string(text, out),
        }
    }
    out.push('}');
}

/// Appends one row as a JSON object in which decimals are numbers, too, with all their places (`12.50`). Apart from that it is
/// what [`write_json_row`] writes.
pub fn write_json_numbers(rows: &dyn Rows, row: usize, out: &mut String) {
    let schema = rows.schema();
    out.push('{');
    for column in 0..schema.width() {
        if column > 0 {
            out.push(',');
        }
        write_json_string(schema.column(column).name, out);
        out.push(':');
        match rows.value(row, column) {
            Value::Null => out.push_str("null"),
            Value::Text(text) => write_json_string(text, out),
            value @ (Value::Bool(_) | Value::Int(_) | Value::Decimal(..) | Value::Json(_)) => {
                value.write_canonical(out)
            }
            value @ (Value::Id(_) | Value::Date(_) | Value::Timestamp(_)) => {
                out.push('"');
                value.write_canonical(out);
                out.push('"');
            }
        }
    }
    out.push('}');
}

/// Appends `text` as a JSON string, escaped as RFC 8785 asks: only what must be.
pub(super) fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain_from = 0;
    for (position, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..position]);
        plain_from = position + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out.push_str(&text[plain_from..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_survives(text: String) {
            let mut json = String::new();
            write_json_string(&text, &mut json);
            prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn each_kind_has_its_json() {
        let table = crate::model::table("events").unwrap();
        let cells = ["1", "t", "1.0", "2025-12-31T00:00:00.000Z", "s", "2", "3", "{\"a\":\"1.00\"}"];
        let mut cells = cells.map(Some);
        cells[6] = None;
        let mut json = String::new();
        write_json_row(table, cells.into_iter(), &mut json);
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["payload"]["a"], "1.00");
        assert!(value["customer_id"].is_null());
        assert_eq!(value["event_version"], "1.0");
    }
}
