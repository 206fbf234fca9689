//! S06: lives made again from the run's book, cell for cell what is stored.
//!
//! The run may have been of any number of threads, in any batches; here each life is made alone, in another process, in a bank
//! of one customer.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::score::{Measure, Score, Verdict};
use crate::encode::{LifeRecords, Record};
use crate::generate::streams::GROUP;
use crate::generate::{World, concerning};
use crate::model::{Id, Space, TABLES};
use crate::scenario::{Layers, Scenario, resolve};
use crate::sinks::database::Book;

/// Every so many lives are made again, but of few at least so many, and of many no more than some.
const ONE_IN: u64 = 1000;
const LEAST: u64 = 100;
const MOST: u64 = 300;

/// What became of the lives that were made again.
#[derive(Default)]
pub(super) struct Again {
    /// `None` where no book says how, and then `why`.
    world: Option<World>,
    why: &'static str,
    /// Customers below this index are made again, one in so many of them.
    below: u64,
    one_in: u64,
    lives: u64,
    /// Rows here or there, and those that are the same in both.
    rows: u64,
    same: u64,
}

impl Again {
    pub fn new(book: Option<&Book>) -> Again {
        let Some(book) = book else {
            return Again { why: "there is no run's book to make lives again from", ..Again::default() };
        };
        let Some(scenario) = scenario(book) else {
            return Again {
                why: "another version of credit-seed wrote it, so that lives cannot be made again",
                ..Again::default()
            };
        };
        // The last circles of a run may lack members that more customers would bring: those are told of nowhere.
        let below = (book.next_customer + 1).saturating_sub(GROUP);
        let wanted = (below / ONE_IN).clamp(LEAST, MOST);
        let world = Some(World::new(&Scenario { customers: 1, ..scenario }));
        Again { world, below, one_in: (below / wanted).max(1), ..Again::default() }
    }

    pub fn add(&mut self, life: &LifeRecords) {
        let Some(world) = &self.world else { return };
        let id = life.of("customers").first().and_then(|customer| customer.text("customer_id")?.parse::<Id>().ok());
        let Some(index) = id.map(Id::owner) else { return };
        if index >= self.below || index % self.one_in != 0 {
            return;
        }
        let made = LifeRecords::from_rows(concerning(world, index).tables());
        for table in TABLES {
            let (stored, made) = (life.of(table.name()), made.of(table.name()));
            let mut left: BTreeSet<&[Option<String>]> = made.iter().map(|row| &row.cells[..]).collect();
            let others = stored.iter().filter(|row| !left.remove(&row.cells[..]));
            let others = others.filter(|row| !is_added(row)).count();
            self.same += (made.len() - left.len()) as u64;
            self.rows += made.len().max(made.len() - left.len() + others) as u64;
        }
        self.lives += 1;
    }

    pub fn score(&self) -> Score {
        let measures =
            vec![Measure::new("rows that come out the same", self.same as f64 / self.rows as f64, 1.0..=1.0)];
        let score = Score::new("S06", self.rows as usize, measures);
        if self.world.is_none() {
            return score.instead(Verdict::TooFewRows, self.why);
        }
        let note =
            format!("{} lives, each made again alone; threads and batches are in the program's own tests", self.lives);
        score.with_note(note)
    }
}

/// Whether it may be of a flow that was added to those of the run: transfers and sessions may.
fn is_added(row: &Record) -> bool {
    let is_event = matches!(row.schema.name(), "events" | "event_labels");
    let id = row.cells[0].as_deref().filter(|_| is_event).and_then(|id| id.parse::<Id>().ok());
    id.and_then(Id::space).is_some_and(|space| matches!(space, Space::TransactionEvent | Space::SessionEvent))
}

/// The scenario of a run that this version would make the same way.
fn scenario(book: &Book) -> Option<Scenario> {
    let file = Some((PathBuf::from("the run's book"), book.scenario.clone()));
    let settings = resolve(Layers { file, ..Layers::new(book.as_of) }).ok()?;
    Some(settings.scenario).filter(|scenario| book.is_of(scenario))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        Scenario { customers: 250, transaction_months: 1, ..Scenario::default() }
    }

    fn book() -> Book {
        Book { next_customer: 250, ..Book::new(&scenario()) }
    }

    /// The score of a run's lives, after `spoil`.
    fn score(book: Option<&Book>, spoil: impl Fn(u64, &mut LifeRecords)) -> Score {
        let world = World::new(&scenario());
        let mut again = Again::new(book);
        for index in 0..250 {
            let mut life = LifeRecords::from_rows(concerning(&world, index).tables());
            spoil(index, &mut life);
            again.add(&life);
        }
        again.score()
    }

    #[test]
    fn what_the_book_says_comes_out_again() {
        let good = score(Some(&book()), |_, _| ());
        assert_eq!(good.verdict, Verdict::Pass, "{good}");
        assert!(good.n > 5_000 && good.note.as_ref().unwrap().starts_with("116 lives"), "{good}");
    }

    #[test]
    fn a_cell_a_row_less_and_a_row_more_are_seen() {
        let fails = |spoil: &dyn Fn(&mut LifeRecords)| {
            let score = score(Some(&book()), |index, life| {
                if index == 30 {
                    spoil(life)
                }
            });
            assert_eq!(score.verdict, Verdict::Fail, "{score}");
        };
        fails(&|life| life.of_mut("customers")[0].cells[1] = Some("Nobody".to_owned()));
        fails(&|life| drop(life.of_mut("events").pop()));
        fails(&|life| {
            let row = life.of("accounts")[0].clone();
            life.of_mut("accounts").push(row);
        });
        // More sessions may have been added.
        let added = score(Some(&book()), |index, life| {
            let session =
                life.of("events").iter().find(|row| row.text("event_type") == Some("session-started")).cloned();
            if let Some(mut session) = session.filter(|_| index % 2 == 0) {
                session.cells[1] = Some("login-attempt".to_owned());
                life.of_mut("events").push(session);
            }
        });
        assert_eq!(added.verdict, Verdict::Pass, "{added}");
        // Those of another seed are others.
        let other = Book { seed: 7, ..Book::new(&Scenario { seed: 7, ..scenario() }) };
        let score = score(Some(&Book { next_customer: 250, ..other }), |_, _| ());
        assert_eq!(score.verdict, Verdict::Fail, "{score}");
    }

    #[test]
    fn without_a_book_of_this_version_nothing_is_said() {
        for (book, why) in [(None, "no run's book"), (Some(Book { dataset_version: 1, ..book() }), "another version")] {
            let score = score(book.as_ref(), |_, _| ());
            assert_eq!((score.verdict, score.n), (Verdict::TooFewRows, 0), "{score}");
            assert!(score.note.as_ref().unwrap().contains(why), "{score}");
        }
    }
}
