//! The report: a database on one page of HTML that loads nothing.
//!
//! It is made from the one pass over the lives that the scorecard makes ([`realism`]), which keeps little of each; the
//! few lives that are told in full are picked on the way. Charts are SVG with words as words; colours are named by what
//! they mean (`ink`) and given by the page's style, for light, dark and paper. The same database gives the same bytes.

mod card;
mod columns;
mod credit;
mod economy;
mod figure;
mod head;
mod html;
mod ink;
mod lending;
mod lives;
mod people;
mod plot;
mod published;
mod relations;
#[cfg(test)]
mod tests;
mod timeline;
mod wealth;

use std::fmt::Write;

use self::figure::Figure;
use self::head::Head;
use self::lives::Cast;
use crate::error::Result;
use crate::sinks::Database;
use crate::validate::realism::{self, Verdict};

/// A finished report.
pub struct Page {
    /// The document.
    pub html: String,
    /// What it is about, in one line for people.
    pub summary: String,
}

/// Reads every life once and writes the page. A table that is missing or empty is said on the page; an error means that
/// the database could not be read.
pub async fn report(db: &mut Database) -> Result<Page> {
    let mut cast = Cast::default();
    let reading = realism::read(db, |life, end| cast.see(life, end)).await?;
    let head = Head::read(db, reading.missing).await?;
    let (bank, market, card) = (&reading.bank, &reading.market, &reading.card);
    let (panel, requests, statements) = (&bank.panel, &bank.requests, &bank.statements);

    let lives: Vec<Figure> =
        cast.lives().filter_map(|(title, life)| timeline::figure(title, life, panel.end)).collect();
    let wealth = [wealth::net_worth(panel, statements), relations::heat_map(panel, requests, statements)];
    let sections = [
        ("closeness", "How close to what is published", card::overview(card)),
        ("people", "People", grid(&people::figures(&panel.people))),
        ("credit", "Credit files", grid(&credit::figures(panel, requests, market, card))),
        ("lending", "Lending", grid(&lending::figures(requests, card))),
        ("wealth", "Wealth", grid(&wealth)),
        ("economy", "The economy", grid(&economy::figures(market))),
        ("lives", "Lives, five years of each", timeline::section(lives)),
        ("checks", "Every check", card::table(card)),
    ];

    let mut html = String::from(BEGINNING);
    let title = html::escape(&head.line());
    let _ = write!(html, "<title>credit-seed: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n");
    html += &head.html(card.customers, panel.end);
    html += "<nav aria-label=\"Contents\">";
    for (id, title, _) in &sections {
        let _ = write!(html, "<a href=\"#{id}\">{title}</a> ");
    }
    html += "</nav>\n<main>\n";
    for (id, title, content) in &sections {
        let _ = write!(html, "<section id=\"{id}\">\n<h2>{title}</h2>\n{content}</section>\n");
    }
    html += "</main>\n</body>\n</html>\n";

    let (passed, failed) = (card.count(Verdict::Pass), card.count(Verdict::Fail));
    let summary = format!(
        "{} customers, {}; {passed} checks of the scorecard pass, {failed} fail",
        html::grouped(card.customers),
        head.line()
    );
    Ok(Page { html, summary })
}

const BEGINNING: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
const STYLE: &str = include_str!("page.css");

fn grid(figures: &[Figure]) -> String {
    let figures: String = figures.iter().map(Figure::html).collect();
    format!("<div class=\"grid\">\n{figures}</div>\n")
}
