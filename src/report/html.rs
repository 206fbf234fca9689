//! Text for the page: what is read from a database is never taken for markup, and numbers read well.

/// Text as it stands between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // HTML has no place for the others, not even as numbers.
            control if control.is_control() && control != '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// `1,234,567`
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `$41,400`, `-$300`; a dash for what is no number.
pub(super) fn dollars(amount: f64) -> String {
    if !amount.is_finite() {
        return NOTHING.to_owned();
    }
    let sign = if amount <= -0.5 { "-" } else { "" };
    format!("{sign}${}", grouped(amount.abs().round() as u64))
}

/// `$41k`, `$1.2m`: dollars where there is little room.
pub(super) fn short_dollars(amount: f64) -> String {
    let (sign, size) = (if amount < 0.0 { "-" } else { "" }, amount.abs());
    let trimmed = |number: f64| {
        let text = if number < 9.95 { format!("{number:.1}") } else { format!("{number:.0}") };
        text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
    };
    match size {
        _ if !size.is_finite() => NOTHING.to_owned(),
        999_500.0.. => format!("{sign}${}m", trimmed(size / 1e6)),
        999.5.. => format!("{sign}${}k", trimmed(size / 1e3)),
        _ => dollars(amount),
    }
}

/// With so many places; a dash for what is no number.
pub(super) fn fixed(number: f64, places: usize) -> String {
    if number.is_finite() { format!("{number:.places$}") } else { NOTHING.to_owned() }
}

/// Stands where there is no number.
pub(super) const NOTHING: &str = "–";

/// `full_time` as people write it.
pub(super) fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_read_becomes_markup() {
        assert_eq!(escape("<b title='x'>&\"\u{0}"), "&lt;b title=&#39;x&#39;&gt;&amp;&quot; ");
        assert_eq!(escape("Zoë 中"), "Zoë 中");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([41_400.4, -300.0, -0.2, f64::NAN].map(dollars), ["$41,400", "-$300", "$0", "–"]);
        let short = [0.0, 950.0, 1_500.0, 41_400.0, 999_900.0, -2_000_000.0, f64::INFINITY].map(short_dollars);
        assert_eq!(short, ["$0", "$950", "$1.5k", "$41k", "$1m", "-$2m", "–"]);
        assert_eq!(fixed(f64::NAN, 1), "–");
    }
}
