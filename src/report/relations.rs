//! What goes with what: rank correlations of what is known of each customer, as a heat map.

use std::fmt::Write;

use super::figure::{FEW, Figure, Sign};
use super::html::grouped;
use super::ink::Ink;
use crate::validate::realism::panel::Panel;
use crate::validate::realism::requests::Request;
use crate::validate::realism::stats::spearman;
use crate::validate::realism::wealth::Statements;

const NAMES: [&str; 8] =
    ["age", "income", "net worth", "score", "utilisation", "late months", "applications", "debt / income"];

/// What is known of every customer, NaN where it is not; in the order of [`NAMES`].
fn table(panel: &Panel, requests: &[Request], statements: &Statements) -> Vec<[f64; NAMES.len()]> {
    let newest = panel.months().saturating_sub(1);
    let mut rows: Vec<[f64; NAMES.len()]> = panel
        .people
        .iter()
        .enumerate()
        .map(|(number, person)| {
            let entry = panel.at(number, newest);
            let late =
                (0..panel.months()).filter(|month| panel.at(number, *month).is_some_and(|at| at.state > 0)).count();
            [
                person.age,
                person.income,
                f64::NAN,
                entry.map_or(f64::NAN, |entry| entry.score.into()),
                entry.map_or(f64::NAN, |entry| entry.utilisation()),
                if entry.is_some() { late as f64 } else { f64::NAN },
                0.0,
                f64::NAN,
            ]
        })
        .collect();
    for customer in &statements.customers {
        rows[customer.person][2] = customer.net_worth;
    }
    for request in requests {
        rows[request.person][6] += 1.0;
        if request.debt_to_income.is_finite() {
            rows[request.person][7] = request.debt_to_income;
        }
    }
    rows
}

pub(super) fn heat_map(panel: &Panel, requests: &[Request], statements: &Statements) -> Figure {
    let rows = table(panel, requests, statements);
    let correlation = |a: usize, b: usize| {
        let known = rows.iter().filter(|row| row[a].is_finite() && row[b].is_finite());
        let (x, y): (Vec<f64>, Vec<f64>) = known.map(|row| (row[a], row[b])).unzip();
        if x.len() < FEW { f64::NAN } else { spearman(&x, &y) }
    };
    let title = "What goes with what";
    Figure {
        title,
        unit: "",
        key: vec![(Sign::Box, Ink::Here, "rise together"), (Sign::Box, Ink::Published, "one rises as the other falls")],
        chart: (rows.len() >= FEW).then(|| drawing(title, correlation)),
        caption: format!(
            "Rank correlations (Spearman) of {} customers. The scorecard's ranges: score with income .18 to .40 and with age \
             .20 to .42 (FEDS Note 2018, Experian, FICO), with utilisation -.90 to -.60, income with net worth .30 to .65 (SCF \
             2022).",
            grouped(rows.len() as u64)
        ),
    }
}

/// Of the drawing: the room for names, and a field's width and height.
const LEFT: usize = 104;
const FIELD: (usize, usize) = (48, 30);
const TOP: usize = 84;

/// The lower triangle: the upper one would say the same again.
fn drawing(title: &str, correlation: impl Fn(usize, usize) -> f64) -> String {
    let fields = NAMES.len() - 1;
    let (width, height) = (480, TOP - 62 + fields * FIELD.1 + 62);
    let mut svg = format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" class=\"heat\"><title>{title}</title>");
    for row in 0..fields {
        let y = 6 + row * FIELD.1;
        let middle = y + FIELD.1 / 2;
        let name = NAMES[row + 1];
        let _ = write!(svg, "<text x=\"{}\" y=\"{middle}\" dy=\".35em\" class=\"end\">{name}</text>", LEFT - 8);
        for column in 0..=row {
            let x = LEFT + column * FIELD.0;
            let value = correlation(row + 1, column);
            if value.is_finite() {
                let ink = if value < 0.0 { "published" } else { "here" };
                // Strong enough to see, weak enough to read what stands on it.
                let strength = 0.06 + 0.6 * value.abs();
                let _ = write!(
                    svg,
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"2\" class=\"fill-{ink}\" \
                     fill-opacity=\"{strength:.2}\"/>",
                    FIELD.0 - 2,
                    FIELD.1 - 2
                );
            }
            let text = if value.is_finite() { written(value) } else { super::html::NOTHING.to_owned() };
            let _ = write!(
                svg,
                "<text x=\"{}\" y=\"{middle}\" dy=\".3em\" class=\"mid\">{text}</text>",
                x + FIELD.0 / 2 - 1
            );
        }
    }
    for (column, name) in NAMES.iter().take(fields).enumerate() {
        let (x, y) = (LEFT + column * FIELD.0 + FIELD.0 / 2 + 4, 6 + fields * FIELD.1 + 10);
        let _ = write!(svg, "<text x=\"{x}\" y=\"{y}\" class=\"end\" transform=\"rotate(-40 {x} {y})\">{name}</text>");
    }
    svg + "</svg>"
}

/// `.27`, `-.90`, `1.00`
fn written(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.as_str() {
        "-0.00" | "0.00" => "0".to_owned(),
        _ => text.replacen("0.", ".", usize::from(value.abs() < 0.995)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_are_short_and_a_gap_is_a_gap() {
        assert_eq!([0.27, -0.9, 1.0, -0.001].map(written), [".27", "-.90", "1.00", "0"]);
        let svg = drawing("title", |row, _| if row == 1 { f64::NAN } else { -0.5 });
        assert!(svg.contains(">–<") && svg.matches("fill-published").count() == 27, "{svg}");
    }
}
