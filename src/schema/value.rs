//! One cell: the kinds of value a column can hold and the canonical text of each.

use uuid::Uuid;

use super::{Day, Moment};

/// What a column holds. Databases, files and checks are derived from these kinds and never from a particular table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int,
    /// An exact decimal number of at most `precision` digits, `scale` of them after the point.
    Decimal {
        precision: u8,
        scale: u8,
    },
    /// A UUID as 36 characters, in a column of 50.
    Id,
    /// Text of at most `max` characters; 0 means any length.
    Text {
        max: u16,
    },
    Date,
    /// A moment in UTC, to the millisecond.
    Timestamp,
    Json,
}

/// A cell's value, borrowed from its row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// `unscaled / 10^scale`, so money in cents is `Decimal(cents, 2)`.
    Decimal(i64, u8),
    Id(Uuid),
    Text(&'a str),
    Date(Day),
    Timestamp(Moment),
    /// JSON text in its canonical form (RFC 8785: members sorted, no white space).
    Json(&'a str),
}

impl Value<'_> {
    /// Appends the canonical text: the one form in which values are compared, hashed and written as text everywhere.
    /// NULL has none and appends nothing.
    ///
    /// | kind | canonical text |
    /// |---|---|
    /// | Bool | `true`, `false` |
    /// | Int | `-7` |
    /// | Decimal | `-12.50`, always with all digits of the column's scale |
    /// | Id | 36 characters, lower case |
    /// | Text | itself |
    /// | Date | `2025-12-31` |
    /// | Timestamp | `2025-12-31T10:30:00.000Z` |
    /// | Json | RFC 8785 |
    pub fn write_canonical(&self, out: &mut String) {
        match *self {
            Value::Null => {}
            Value::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            Value::Int(value) => out.push_str(itoa::Buffer::new().format(value)),
            Value::Decimal(unscaled, scale) => write_decimal(unscaled, scale, out),
            Value::Id(id) => out.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())),
            Value::Text(text) | Value::Json(text) => out.push_str(text),
            Value::Date(day) => write_date(day, out),
            Value::Timestamp(moment) => {
                write_date(moment.day(), out);
                out.push('T');
                write_clock(moment, out);
                out.push('Z');
            }
        }
    }

    /// `2025-12-31 10:30:00.000`: the form in which every SQL database reads a timestamp without a zone.
    pub fn write_sql_timestamp(moment: Moment, out: &mut String) {
        write_date(moment.day(), out);
        out.push(' ');
        write_clock(moment, out);
    }
}

fn write_decimal(unscaled: i64, scale: u8, out: &mut String) {
    if unscaled < 0 {
        out.push('-');
    }
    let unit = 10u64.pow(scale.into());
    let magnitude = unscaled.unsigned_abs();
    out.push_str(itoa::Buffer::new().format(magnitude / unit));
    if scale > 0 {
        out.push('.');
        let mut digit = unit / 10;
        while digit > 0 {
            out.push(char::from(b'0' + (magnitude / digit % 10) as u8));
            digit /= 10;
        }
    }
}

fn write_date(day: Day, out: &mut String) {
    let (year, month, day) = day.ymd();
    two_digits(year as u32 / 100, out);
    two_digits(year as u32 % 100, out);
    out.push('-');
    two_digits(month, out);
    out.push('-');
    two_digits(day, out);
}

fn write_clock(moment: Moment, out: &mut String) {
    let (hour, minute, second, ms) = moment.clock();
    two_digits(hour, out);
    out.push(':');
    two_digits(minute, out);
    out.push(':');
    two_digits(second, out);
    out.push('.');
    out.push(char::from(b'0' + (ms / 100) as u8));
    two_digits(ms % 100, out);
}

fn two_digits(number: u32, out: &mut String) {
    out.push(char::from(b'0' + (number / 10 % 10) as u8));
    out.push(char::from(b'0' + (number % 10) as u8));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value<'_>) -> String {
        let mut out = String::new();
        value.write_canonical(&mut out);
        out
    }

    #[test]
    fn canonical_text_of_each_kind() {
        assert_eq!(text(Value::Null), "");
        assert_eq!(text(Value::Bool(true)), "true");
        assert_eq!(text(Value::Int(-7)), "-7");
        assert_eq!(text(Value::Decimal(-5, 2)), "-0.05");
        assert_eq!(text(Value::Decimal(1_250, 2)), "12.50");
        assert_eq!(text(Value::Decimal(7, 0)), "7");
        assert_eq!(text(Value::Decimal(i64::MIN, 4)), "-922337203685477.5808");
        assert_eq!(text(Value::Id(Uuid::from_u128(0xAB))), "00000000-0000-0000-0000-0000000000ab");
        assert_eq!(text(Value::Date(Day(20_453))), "2025-12-31");
        assert_eq!(text(Value::Timestamp(Moment(1_767_177_000_007))), "2025-12-31T10:30:00.007Z");
        assert_eq!(text(Value::Json("{\"a\":1}")), "{\"a\":1}");
    }
}
