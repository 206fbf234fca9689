//! The scorecard: how many checks end how, at a glance, and every value with the range in which it is credible.

use std::fmt::Write;

use super::html::{escape, grouped};
use crate::validate::realism::score::shown;
use crate::validate::realism::{Measure, Score, Scorecard, Verdict};

/// The sign and the class of a verdict; the word beside the sign says the same without colour.
const fn sign(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("✓", "pass"),
        Verdict::Fail => ("✗", "fail"),
        Verdict::TooFewRows => ("…", "few"),
        Verdict::Informative => ("i", "info"),
    }
}

/// The counts, and a tile for each check that leads to its rows.
pub(super) fn overview(card: &Scorecard) -> String {
    let mut html = String::from("<ul class=\"counts\">");
    for verdict in Verdict::ALL {
        let ((sign, class), count) = (sign(verdict), card.count(verdict));
        let _ = write!(
            html,
            "<li class=\"{}\"><b>{count}</b><span><i aria-hidden=\"true\">{sign}</i> {}</span></li>",
            if count == 0 { "none" } else { class },
            verdict.word().to_lowercase()
        );
    }
    html += "</ul>\n<p class=\"tiles\">";
    for score in &card.scores {
        let (sign, class) = sign(score.verdict);
        let (id, name) = (escape(&score.published.id), escape(&score.published.name));
        let word = score.verdict.word().to_lowercase();
        let _ = write!(
            html,
            "<a href=\"#{id}\" class=\"{class}\" title=\"{name}: {word}\">{id} <i aria-hidden=\"true\">{sign}</i></a> "
        );
    }
    html + "</p>\n"
}

pub(super) fn table(card: &Scorecard) -> String {
    let mut html = String::from(
        "<table class=\"card\"><thead><tr><th scope=\"col\">Check</th><th scope=\"col\" class=\"n\">Here</th>\
         <th scope=\"col\">Credible</th><th scope=\"col\" class=\"where\">Where in the range</th></tr></thead>\n",
    );
    card.scores.iter().for_each(|score| rows(&mut html, score));
    html + "</table>\n"
}

fn rows(html: &mut String, score: &Score) {
    let (sign, class) = sign(score.verdict);
    let published = score.published;
    let few = if score.verdict == Verdict::TooFewRows && score.n < published.minimum {
        format!(" of {} needed", grouped(published.minimum))
    } else {
        String::new()
    };
    let _ = writeln!(
        html,
        "<tbody id=\"{0}\"><tr class=\"check\"><th scope=\"rowgroup\" colspan=\"4\"><span class=\"badge {class}\">\
         <i aria-hidden=\"true\">{sign}</i> {1}</span><span class=\"id\">{0}</span> {2} <small>n = {3}{few}</small></th></tr>",
        escape(&published.id),
        score.verdict.word().to_lowercase(),
        escape(&published.name),
        grouped(score.n)
    );
    let judged = score.verdict != Verdict::TooFewRows;
    score.measures.iter().for_each(|measure| row(html, measure, judged));
    let note = score.note.as_ref().map(|note| format!("{}. ", escape(note))).unwrap_or_default();
    let _ = writeln!(
        html,
        "<tr class=\"source\"><td colspan=\"4\">{note}Source: {}</td></tr></tbody>",
        escape(&published.source)
    );
}

fn row(html: &mut String, measure: &Measure, judged: bool) {
    let Measure { label, value, low, high } = measure;
    let range = if low == high { figure(*low) } else { format!("{} to {}", figure(*low), figure(*high)) };
    let outside = if judged && !measure.holds() { " class=\"outside\"" } else { "" };
    let mark = if outside.is_empty() { "" } else { " <b>outside</b>" };
    let _ = writeln!(
        html,
        "<tr{outside}><td>{}{mark}</td><td class=\"n\">{}</td><td class=\"r\">{range}</td><td class=\"where\">{}</td></tr>",
        escape(label),
        figure(*value),
        gauge(measure)
    );
}

/// As the text of the scorecard has it, large numbers in groups.
fn figure(value: f64) -> String {
    let text = shown(value);
    text.parse().ok().filter(|whole| *whole >= 10_000).map_or(text, grouped)
}

/// The range as a band with its surroundings, and the value as a mark; at the edge where it lies far out.
fn gauge(measure: &Measure) -> String {
    let width = measure.high - measure.low;
    if width <= 0.0 || !measure.value.is_finite() {
        return String::new();
    }
    let place = (0.2 + 0.6 * (measure.value - measure.low) / width).clamp(0.0, 1.0);
    format!("<i class=\"gauge\" aria-hidden=\"true\"><i style=\"left:{:.1}%\"></i></i>", 100.0 * place)
}
