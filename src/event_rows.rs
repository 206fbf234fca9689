//! Flows of the streams beyond those that a run has written, added to a seeded database.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::generate::World;
use crate::generate::streams::{Flows, StreamKind, neighbourhood};
use crate::manifest::Manifest;
use crate::model::{Event, EventLabel};
use crate::scenario::Scenario;
use crate::sinks::database::{Book, Database, Loader};
use crate::sinks::{Progress, Sink};

/// Events to a transaction.
const CHUNK: usize = 500;

/// What was added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub events: u64,
    pub labels: u64,
}

/// Whether so many flows of each stream can be added to a run of this scenario.
///
/// # Errors
/// [`Error::Refused`] where they would move money that the accounts, which are written, do not know of.
pub fn check_flows(scenario: &Scenario, flows: [u64; 4]) -> Result<()> {
    let written = neighbourhood::counts(scenario);
    for (stream, (wanted, there)) in StreamKind::ALL.into_iter().zip(flows.into_iter().zip(written)) {
        if wanted > there && matches!(stream, StreamKind::Circle | StreamKind::Remittance) {
            let name = stream.name();
            return Err(Error::Refused(format!(
                "{wanted} flows of the {name} stream are wanted and a run of this scenario has {there}: more would move money \
                 that is on no account; seed a database with a larger {name}_flows, or give --count {there} or less"
            )));
        }
    }
    Ok(())
}

impl Database {
    /// Adds so many flows of each stream (in the order of [`StreamKind::ALL`]) of the first customers, as far as these are
    /// here. What is there already is left alone, so it may be started again after
    /// it was cut off.
    ///
    /// # Errors
    /// [`Error::Refused`] where no whole run of this scenario is here, or where the flows move money that the accounts, which
    /// are written, do not know of.
    pub async fn add_flows(&mut self, scenario: &Scenario, flows: [u64; 4]) -> Result<Added> {
        scenario.check()?;
        self.lock().await?;
        let added = self.add_flows_locked(scenario, flows).await;
        self.unlock().await;
        added
    }

    async fn add_flows_locked(&mut self, scenario: &Scenario, flows: [u64; 4]) -> Result<Added> {
        let book = self.book().await?.filter(|book| book.is_complete() && book.is_of(scenario));
        let book = book.ok_or_else(|| {
            let why = "this database does not hold the whole world of this scenario; seed it first";
            Error::Refused(why.to_owned())
        })?;
        check_flows(scenario, flows)?;
        let world = World::new(scenario);
        let written = neighbourhood::counts(scenario);
        let flows = Flows::from(&world, written, flows);
        let mut events =
            flows.merged().filter(|event| event.customer.is_some_and(|customer| customer.owner() < book.customers));
        let mut added = Added::default();
        let mut tables = book.tables.clone();
        loop {
            let chunk: Vec<_> = events.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                return Ok(added);
            }
            let ids: Vec<String> = chunk.iter().map(|event| format!("'{}'", event.id)).collect();
            let query = format!("SELECT event_id FROM events WHERE event_id IN ({})", ids.join(", "));
            let there: BTreeSet<String> = self.texts(&query).await?.into_iter().collect();
            let (mut rows, mut labels): (Vec<Event>, Vec<EventLabel>) = Default::default();
            for event in chunk.iter().filter(|event| !there.contains(&event.id.to_string())) {
                rows.push(event.into());
                labels.extend(event.label_rows());
            }
            if rows.is_empty() {
                continue;
            }
            tables.add_rows(&rows);
            tables.add_rows(&labels);
            self.write_page(&book, &rows, &labels, &tables).await?;
            added.events += rows.len() as u64;
            added.labels += labels.len() as u64;
        }
    }

    /// Rows and the book's new sums of them, in one transaction.
    async fn write_page(
        &mut self,
        book: &Book,
        rows: &Vec<Event>,
        labels: &Vec<EventLabel>,
        tables: &Manifest,
    ) -> Result<()> {
        let mut loader = Loader::new(self, book);
        loader.write(rows).await?;
        if !labels.is_empty() {
            loader.write(labels).await?;
        }
        loader.seal(&Progress { next_customer: book.next_customer, written: tables.clone(), complete: true }).await
    }
}
