//! Columns side by side: a value for each group, and what is published of it.

use super::html::fixed;
use super::ink::Ink;
use super::plot::{Axis, Plot};

/// What is published of one group.
#[derive(Clone, Copy)]
pub(super) enum Published {
    Point(f64),
    Range(f64, f64),
}

pub(super) struct Column {
    pub name: String,
    /// NaN where there is too little to tell.
    pub value: f64,
    /// The middle half of the group, for medians.
    pub spread: Option<(f64, f64)>,
    pub published: Published,
}

impl Column {
    pub fn new(name: impl Into<String>, value: f64, published: Published) -> Column {
        Column { name: name.into(), value, spread: None, published }
    }
}

/// Places after the point, or another way to write a number.
pub(super) fn places(places: usize) -> impl Fn(f64) -> String {
    move |number| fixed(number, places)
}

/// The chart; `None` if no group has a value.
pub(super) fn columns(title: &str, columns: &[Column], write: impl Fn(f64) -> String) -> Option<String> {
    if columns.iter().all(|column| !column.value.is_finite()) {
        return None;
    }
    let ends = |column: &Column| {
        let (low, high) = match column.published {
            Published::Point(value) => (value, value),
            Published::Range(low, high) => (low, high),
        };
        let (from, to) = column.spread.unwrap_or((column.value, column.value));
        (low.min(from), high.max(to))
    };
    let lowest = columns.iter().map(|column| ends(column).0).fold(f64::INFINITY, f64::min);
    let highest = columns.iter().map(|column| ends(column).1).fold(0.0, f64::max);
    // Boxes far from nought may stand without it; a column that does would lie.
    let is_high = columns.iter().all(|column| column.spread.is_some()) && lowest > highest / 2.0;
    let lowest = if is_high { lowest } else { lowest.min(0.0) };
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut plot = Plot::new(Axis::places(&names), Axis::round(lowest, highest, |at| tick(at, &write)));
    for (place, column) in columns.iter().enumerate() {
        let at = place as f64;
        match column.spread {
            Some(spread) => {
                plot.area((at - 0.3, at + 0.3), spread, Ink::Pale);
                plot.stroke((at - 0.3, at + 0.3), column.value, Ink::Here);
            }
            None => plot.area((at - 0.3, at + 0.3), (0.0, column.value), Ink::Here),
        }
        match column.published {
            Published::Point(value) => plot.stroke((at - 0.4, at + 0.4), value, Ink::Published),
            Published::Range(low, high) => {
                plot.stroke((at - 0.12, at + 0.12), low, Ink::Published);
                plot.stroke((at - 0.12, at + 0.12), high, Ink::Published);
                plot.line([(at, low), (at, high)], Ink::Published, 4);
            }
        }
    }
    plot.row(Ink::Here, columns.iter().map(|column| write(column.value)).collect());
    let published = columns.iter().map(|column| match column.published {
        Published::Point(value) => write(value),
        Published::Range(low, high) => format!("{}–{}", write(low), write(high)),
    });
    plot.row(Ink::Published, published.collect());
    plot.draw(title)
}

/// A label of the axis is round and needs no places that are nought.
fn tick(at: f64, write: impl Fn(f64) -> String) -> String {
    let text = write(at);
    if text.contains('.') && at.fract() == 0.0 {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gives_no_chart_and_a_gap_is_a_gap() {
        let gap = |value| {
            [Column::new("a", value, Published::Range(1.0, 2.0)), Column::new("b", f64::NAN, Published::Point(1.0))]
        };
        assert!(columns("title", &gap(f64::NAN), places(1)).is_none());
        assert!(columns("title", &[], places(1)).is_none());
        let svg = columns("title", &gap(1.5), places(1)).unwrap();
        assert_eq!(svg.matches("<rect").count(), 1, "{svg}");
        assert!(svg.contains(">1.0–2.0<") && svg.contains(">–<"), "{svg}");
    }
}
