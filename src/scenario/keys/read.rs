//! How the text of a value is read. The errors say what a text is not; [`super::Key::read`] adds what may be given.

use std::ops::RangeInclusive;

use crate::schema::Day;

/// The text without its underscores, if it is made of digits, of `_` between them and of `also`.
fn digits(text: &str, also: char) -> Option<String> {
    let ends = [text.chars().next()?, text.chars().next_back()?];
    let fits = |c: char| c.is_ascii_digit() || c == '_' || c == also;
    (!ends.contains(&'_') && text.chars().all(fits)).then(|| text.replace('_', ""))
}

pub fn whole(text: &str, what: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let value = digits(text, '_').and_then(|digits| digits.parse().ok());
    value.filter(|value| range.contains(value)).ok_or_else(|| format!("{text:?} is not {what}"))
}

pub fn small(text: &str, what: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    let wide = u64::from(*range.start())..=u64::from(*range.end());
    // In range it is in u32, too.
    whole(text, what, wide).map(|value| value as u32)
}

/// A decimal number without an exponent; negative only where the range is.
pub fn number(text: &str, what: &str, range: RangeInclusive<f64>) -> Result<f64, String> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) if *range.start() < 0.0 => (-1.0, size),
        _ => (1.0, text),
    };
    let value = digits(size, '.').and_then(|digits| digits.parse::<f64>().ok()).map(|value| sign * value);
    // Adding zero turns -0 into 0, which is the same number and shall be the same text.
    value
        .filter(|value| range.contains(value))
        .map(|value| value + 0.0)
        .ok_or_else(|| format!("{text:?} is not {what}"))
}

pub fn day(text: &str) -> Result<Day, String> {
    let day: Day = text.parse().map_err(|_| format!("{text:?} is not a date written as YYYY-MM-DD"))?;
    match day.ymd().0 {
        ..1990 => Err(format!("{text:?} is too early")),
        1990..=2037 => Ok(day),
        2038.. => Err(format!("{text:?} is too late")),
    }
}

pub fn truth(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

/// One of these words, in any case of letters: its position.
pub fn word(text: &str, what: &str, words: &[&str]) -> Result<usize, String> {
    let found = words.iter().position(|word| word.eq_ignore_ascii_case(text));
    found.ok_or_else(|| format!("{text:?} is not {what}"))
}
