//! Wealth: net worth by age.

use super::columns::{Column, Published, columns};
use super::figure::{FEW, Figure, Sign};
use super::html::{grouped, short_dollars};
use super::ink::Ink;
use super::published;
use crate::validate::realism::panel::Panel;
use crate::validate::realism::stats::{quantile, sorted};
use crate::validate::realism::wealth::Statements;

pub(super) fn net_worth(panel: &Panel, statements: &Statements) -> Figure {
    let groups = published::NET_WORTH.into_iter().map(|(name, from, to, median)| {
        let is_of = |age: f64| (from..=to).contains(&age);
        let of_age = statements.customers.iter().filter(|customer| is_of(panel.people[customer.person].age));
        let worth = sorted(of_age.map(|customer| customer.net_worth).collect());
        let enough = worth.len() >= FEW;
        let at = |q| if enough { quantile(&worth, q) } else { f64::NAN };
        Column { spread: Some((at(0.25), at(0.75))), ..Column::new(name, at(0.5), Published::Point(median)) }
    });
    let groups: Vec<Column> = groups.collect();
    let title = "Net worth by age";
    Figure {
        title,
        unit: "assets less debts, dollars",
        key: vec![
            (Sign::Stroke, Ink::Here, "median here"),
            (Sign::Box, Ink::Pale, "middle half here"),
            (Sign::Stroke, Ink::Published, "published median"),
        ],
        chart: columns(title, &groups, short_dollars),
        caption: format!(
            "{} customers at their newest statement. Published: {}; it counts families, here each customer counts alone.",
            grouped(statements.customers.len() as u64),
            published::NET_WORTH_SOURCE
        ),
    }
}
