//! Checksums that do not depend on order: SHA-256 of each row's canonical line, summed modulo 2^256.
//!
//! A row's canonical line is a JSON array (RFC 8785) of its cells' canonical texts in column order, NULL as `null`:
//! `["0000…","Ana",null,"12.50"]`. Any client that can print rows and hash text can recompute it.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::Record;
use crate::schema::{Rows, Value};

/// How many rows, and the sum of their hashes: equal for equal sets of rows, in any order, from any place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub rows: u64,
    pub checksum: Checksum,
}

/// A number modulo 2^256, printed as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checksum([u64; 4]);

impl TableSum {
    /// Takes in every row of `rows`.
    pub fn add_rows(&mut self, rows: &dyn Rows) {
        let mut line = String::with_capacity(512);
        let width = rows.schema().width();
        for row in 0..rows.len() {
            line.clear();
            canonical_line((0..width).map(|column| rows.value(row, column)), &mut line);
            self.add_line(&line);
        }
    }

    /// Takes in a row read back.
    pub fn add_record(&mut self, record: &Record) {
        let mut line = String::with_capacity(512);
        // A cell read back is canonical text already, so it is written as text whatever its kind.
        let cells = record.cells.iter().map(|cell| cell.as_deref().map_or(Value::Null, Value::Text));
        canonical_line(cells, &mut line);
        self.add_line(&line);
    }

    fn add_line(&mut self, line: &str) {
        self.rows += 1;
        self.checksum += Checksum::of(line);
    }
}

impl AddAssign for TableSum {
    fn add_assign(&mut self, other: TableSum) {
        self.rows += other.rows;
        self.checksum += other.checksum;
    }
}

/// Appends a row's canonical line.
pub fn canonical_line<'a>(cells: impl Iterator<Item = Value<'a>>, out: &mut String) {
    out.push('[');
    for (column, value) in cells.enumerate() {
        if column > 0 {
            out.push(',');
        }
        match value {
            Value::Null => out.push_str("null"),
            Value::Text(text) | Value::Json(text) => super::json::write_json_string(text, out),
            plain => {
                out.push('"');
                plain.write_canonical(out);
                out.push('"');
            }
        }
    }
    out.push(']');
}

impl Checksum {
    fn of(line: &str) -> Checksum {
        let hash = Sha256::digest(line.as_bytes());
        let mut limbs = [0; 4];
        for (limb, bytes) in limbs.iter_mut().zip(hash.chunks_exact(8)) {
            *limb = bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        }
        Checksum(limbs)
    }
}

impl AddAssign for Checksum {
    fn add_assign(&mut self, other: Checksum) {
        let mut carry = false;
        for (limb, other) in self.0.iter_mut().zip(other.0).rev() {
            (*limb, carry) = limb.carrying_add(other, carry);
        }
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|limb| write!(f, "{limb:016x}"))
    }
}

impl FromStr for Checksum {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is not a checksum of 64 hexadecimal digits");
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut limbs = [0; 4];
        for (position, limb) in limbs.iter_mut().enumerate() {
            *limb = u64::from_str_radix(&text[position * 16..position * 16 + 16], 16).map_err(|_| wrong())?;
        }
        Ok(Checksum(limbs))
    }
}

impl Serialize for Checksum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Checksum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_json_that_other_tools_can_make() {
        let mut line = String::new();
        let cells = [Value::Text("a\"b\n\u{1}é"), Value::Null, Value::Decimal(-5, 2), Value::Json("{\"k\":1}")];
        canonical_line(cells.into_iter(), &mut line);
        assert_eq!(line, r#"["a\"b\n\u0001é",null,"-0.05","{\"k\":1}"]"#);
        let parsed: Vec<Option<String>> = serde_json::from_str(&line).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&parsed).unwrap(), line, "RFC 8785");
    }

    #[test]
    fn the_sum_carries_and_wraps() {
        let mut sum = Checksum([u64::MAX; 4]);
        sum += Checksum([0, 0, 0, 1]);
        assert_eq!(sum, Checksum::default());
        let mut sum = Checksum([0, 0, u64::MAX, u64::MAX]);
        sum += Checksum([0, 0, 0, 2]);
        assert_eq!(sum, Checksum([0, 1, 0, 1]));
    }

    #[test]
    fn a_known_hash() {
        // printf '["a"]' | sha256sum
        let digest: String = Sha256::digest(b"[\"a\"]").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(Checksum::of("[\"a\"]").to_string(), digest);
    }

    proptest! {
        #[test]
        fn order_does_not_matter_and_text_reads_back(lines in proptest::collection::vec(".*", 0..9)) {
            let mut forward = TableSum::default();
            let mut backward = TableSum::default();
            lines.iter().for_each(|line| forward.add_line(line));
            lines.iter().rev().for_each(|line| backward.add_line(line));
            prop_assert_eq!(forward, backward);
            prop_assert_eq!(forward.checksum.to_string().parse(), Ok(forward.checksum));
        }
    }
}
