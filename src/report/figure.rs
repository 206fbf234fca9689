//! A figure: a chart with its title, the key to its inks, and the words below that say what it shows and on whose word.

use super::html::escape;
use super::ink::Ink;

/// Below this many of anything a chart would show chance.
pub(super) const FEW: usize = 30;

/// How an ink is used, as the key shows it.
#[derive(Clone, Copy)]
pub(super) enum Sign {
    Box,
    Line,
    Stroke,
}

impl Sign {
    const fn class(self) -> &'static str {
        match self {
            Sign::Box => "box",
            Sign::Line => "line",
            Sign::Stroke => "stroke",
        }
    }
}

pub(super) struct Figure {
    pub title: &'static str,
    /// What is measured upwards, with its unit.
    pub unit: &'static str,
    pub key: Vec<(Sign, Ink, &'static str)>,
    /// SVG; `None` where there are too few rows.
    pub chart: Option<String>,
    /// What is shown, of how many, and what is published by whom. Escaped already.
    pub caption: String,
}

impl Figure {
    pub fn html(&self) -> String {
        let (head, chart) = match &self.chart {
            Some(chart) => (self.head(), chart.as_str()),
            None => (String::new(), "<p class=\"few\">too few rows</p>"),
        };
        format!(
            "<figure><h3>{}</h3>{head}{chart}<figcaption>{}</figcaption></figure>\n",
            escape(self.title),
            self.caption
        )
    }

    /// The key and the unit, where there are any.
    fn head(&self) -> String {
        let mut head = String::new();
        if !self.key.is_empty() {
            head += "<ul class=\"key\">";
            for (sign, ink, words) in &self.key {
                let (sign, ink) = (sign.class(), ink.name());
                head += &format!("<li><i class=\"{sign} ink-{ink}\"></i>{}</li>", escape(words));
            }
            head += "</ul>";
        }
        if !self.unit.is_empty() {
            head += &format!("<p class=\"unit\">{}</p>", escape(self.unit));
        }
        head
    }
}

/// The key of most charts.
pub(super) fn here_and(published: &'static str) -> Vec<(Sign, Ink, &'static str)> {
    vec![(Sign::Box, Ink::Here, "here"), (Sign::Stroke, Ink::Published, published)]
}
