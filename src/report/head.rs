//! The page's head: what was seeded, from the run's book, or that it was not.

use std::fmt::Write;

use super::html::{escape, grouped};
use crate::error::Result;
use crate::model::TABLES;
use crate::scenario::{Layers, Scenario, Scope, Settings, find, resolve};
use crate::schema::Day;
use crate::sinks::database::{Book, Database};

/// What the head says.
pub(super) struct Head {
    book: Option<Book>,
    /// Of the tables that are there.
    rows: Vec<(&'static str, u64)>,
    /// What stands in the way of reading, if anything.
    missing: Option<String>,
}

impl Head {
    pub async fn read(db: &mut Database, missing: Option<String>) -> Result<Head> {
        let there = db.tables().await?;
        let mut rows = Vec::new();
        for table in TABLES.iter().map(|table| table.name()).filter(|name| there.iter().any(|table| table == name)) {
            rows.push((table, db.count(&format!("SELECT COUNT(*) FROM {table}")).await?.unsigned_abs()));
        }
        Ok(Head { book: db.book().await?, rows, missing })
    }

    /// In one line, for people.
    pub fn line(&self) -> String {
        self.book.as_ref().map_or(FOREIGN.to_owned(), |book| format!("seed {}, as of {}", book.seed, book.as_of))
    }

    pub fn html(&self, customers: u64, end: Day) -> String {
        let mut html = String::from("<header>\n<p class=\"brand\">credit-seed report</p>\n");
        let _ = writeln!(html, "<h1>A bank of {} customers</h1>", grouped(customers));
        match &self.book {
            Some(book) => self.seeded(&mut html, book),
            None => {
                let until = if end == Day(0) { String::new() } else { format!(" Its newest record is of {end}.") };
                let _ = writeln!(html, "<p class=\"lead\">This database was {FOREIGN}.{until}</p>");
            }
        }
        if let Some(missing) = &self.missing {
            let _ = writeln!(html, "<p class=\"notice\">No life could be read: {}.</p>", escape(missing));
        }
        self.tables(&mut html);
        html + "</header>\n"
    }

    fn seeded(&self, html: &mut String, book: &Book) {
        let scenario = scenario(book);
        html.push_str(
            "<p class=\"lead\">Invented people whose financial lives hang together. No row is about a person; the same seed \
             and scenario give the same bytes again.</p>\n",
        );
        if !book.is_complete() {
            let _ = writeln!(
                html,
                "<p class=\"notice\">This run is unfinished: {} of {} customers are written.</p>",
                grouped(book.next_customer),
                grouped(book.customers)
            );
        }
        let fingerprint = scenario.as_ref().filter(|scenario| book.is_of(scenario)).map(Scenario::fingerprint);
        let fingerprint = fingerprint.unwrap_or_else(|| format!("{}…", book.run_id));
        let facts = [
            ("Seed", book.seed.to_string()),
            ("As of", book.as_of.to_string()),
            ("Dataset version", book.dataset_version.to_string()),
            ("Program version", book.program_version.clone()),
            ("Fingerprint", fingerprint),
        ];
        list(html, "facts", facts.into_iter());
        html.push_str("<p class=\"group\">Scenario</p>\n");
        let settings = book.scenario.lines().filter_map(|line| line.split_once(": "));
        let told = ["seed", "as_of"];
        let settings = settings.filter(|(name, value)| !told.contains(name) && !is_usual(name, value));
        list(html, "rows", settings.map(|(name, value)| (name, value.to_owned())));
    }

    fn tables(&self, html: &mut String) {
        if !self.rows.is_empty() {
            html.push_str("<p class=\"group\">Rows</p>\n");
            list(html, "rows", self.rows.iter().map(|(table, rows)| (*table, grouped(*rows))));
        }
    }
}

fn list<'a>(html: &mut String, class: &str, facts: impl Iterator<Item = (&'a str, String)>) {
    let _ = write!(html, "<dl class=\"{class}\">");
    for (name, value) in facts {
        let _ = write!(html, "<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(&value));
    }
    html.push_str("</dl>\n");
}

/// Whether this is a parameter of the model that nobody set: there are many, and they say nothing.
fn is_usual(name: &str, value: &str) -> bool {
    find(name).is_some_and(|key| key.scope == Scope::Model && (key.get)(&Settings::default()) == value)
}

const FOREIGN: &str = "not written by credit-seed";

/// The book's scenario, unless another version wrote it in words that this one does not know.
fn scenario(book: &Book) -> Option<Scenario> {
    let mut layers = Layers::new(book.as_of);
    layers.file = Some(("the book".into(), book.scenario.clone()));
    resolve(layers).ok().map(|settings| settings.scenario)
}
