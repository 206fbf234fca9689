//! The main job: fill a database with a world, go on where an earlier run stopped, or leave it alone.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::generate::World;
use crate::manifest::Manifest;
use crate::pipeline::{Plan, pour};
use crate::scenario::{DATASET_VERSION, Scenario};
use crate::sinks::Progress;
use crate::sinks::database::{Book, Database, Loader};

/// How to write; none of it changes what is written.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Customers to a transaction.
    pub batch_size: u64,
    /// Threads that generate.
    pub jobs: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { batch_size: 500, jobs: std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

/// What a seeding did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// The database was empty.
    Fresh,
    /// It held this world up to a customer, from a run that was cut off.
    Resumed { from: u64 },
    /// It held this world with fewer customers.
    Extended { from: u64 },
    /// It held all of it; nothing was changed.
    AlreadyThere,
}

/// What is in the database after a seeding.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub seeded: Seeded,
    pub manifest: Manifest,
}

impl Database {
    /// Creates our tables where they are missing and fills them with the scenario's world.
    ///
    /// Run again it changes nothing; after a kill it goes on where the last whole batch ended; with more customers it adds the
    /// missing ones. Anything else in our tables is refused ([`Error::Refused`]) and left as it is. `sealed` hears of
    /// every batch that is safely in.
    pub async fn seed(
        &mut self,
        scenario: &Scenario,
        effort: Effort,
        sealed: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Outcome> {
        scenario.check()?;
        self.lock().await?;
        let outcome = self.seed_locked(scenario, effort, sealed).await;
        self.unlock().await;
        outcome
    }

    async fn seed_locked(
        &mut self,
        scenario: &Scenario,
        effort: Effort,
        sealed: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Outcome> {
        self.migrate().await?;
        if let Some(book) = self.book().await?
            && what_to_do(&book, scenario)? == Seeded::AlreadyThere
        {
            self.refuse_lost_rows(&book).await?;
            return Ok(Outcome { seeded: Seeded::AlreadyThere, manifest: book.tables });
        }
        // Looked at and opened in one transaction: of two programs that start at once, one opens a book.
        self.begin().await?;
        let opened = self.open_run(scenario).await;
        let (seeded, book) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                self.roll_back();
                return Err(error);
            }
        };
        self.commit().await?;
        let plan = Plan {
            customers: book.next_customer..scenario.customers,
            written: book.tables.clone(),
            batch_size: effort.batch_size.max(1),
            jobs: effort.jobs.max(1),
        };
        let world = Arc::new(World::new(scenario));
        let manifest = pour(&world, plan, &mut Loader::new(self, &book), sealed).await?;
        Ok(Outcome { seeded, manifest })
    }

    /// Decides what there is to do and opens the book for it.
    async fn open_run(&mut self, scenario: &Scenario) -> Result<(Seeded, Book)> {
        let mut book = Book::new(scenario);
        let earlier = self.book().await?;
        let seeded = match &earlier {
            None => {
                self.refuse_strange_rows().await?;
                Seeded::Fresh
            }
            Some(earlier) => {
                book.run_id.clone_from(&earlier.run_id);
                book.next_customer = earlier.next_customer;
                book.tables = earlier.tables.clone();
                what_to_do(earlier, scenario)?
            }
        };
        self.open_book(&book, earlier.as_ref()).await?;
        Ok((seeded, book))
    }

    /// Whether what the book says is written is there, as far as a glance tells: `verify` looks at every row.
    async fn refuse_lost_rows(&mut self, book: &Book) -> Result<()> {
        for (table, booked) in book.tables.iter().filter(|(_, booked)| booked.rows > 0) {
            let query = match table {
                "customers" => "SELECT COUNT(*) FROM customers".to_owned(),
                // However large the table, the first row is found at once.
                _ => format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table} LIMIT 1) AS first_row"),
            };
            let found = self.count(&query).await?.unsigned_abs();
            if found == 0 || (table == "customers" && found != booked.rows) {
                return Err(Error::Refused(format!(
                    "the run's book says that {table} has {} rows, and there are {found}: somebody has changed them; \
                     `credit-seed verify` tells what differs, --reset starts over",
                    booked.rows
                )));
            }
        }
        Ok(())
    }

    async fn refuse_strange_rows(&mut self) -> Result<()> {
        for table in crate::model::TABLES {
            let rows = self.count(&format!("SELECT COUNT(*) FROM {}", table.name())).await?;
            if rows > 0 {
                return Err(Error::Refused(format!(
                    "the table {} holds {rows} rows that no run of credit-seed wrote, and they were left alone; \
                     seed another database with --database-url, or clear this one with --reset",
                    table.name()
                )));
            }
        }
        Ok(())
    }
}

fn what_to_do(book: &Book, scenario: &Scenario) -> Result<Seeded> {
    let choices = "seed another database with --database-url, clear this one with --reset, or give the same scenario";
    if book.dataset_version > DATASET_VERSION {
        return Err(Error::Refused(format!(
            "this database holds data of version {}, and this program knows versions up to {DATASET_VERSION}; \
             use the newer credit-seed that wrote it ({}), or clear the database with --reset",
            book.dataset_version, book.program_version
        )));
    }
    if book.dataset_version < DATASET_VERSION {
        return Err(Error::Refused(format!(
            "this database holds data of version {}, and this program makes version {DATASET_VERSION}; go on with the \
             credit-seed that wrote it ({}), seed another database with --database-url, or clear this one with --reset",
            book.dataset_version, book.program_version
        )));
    }
    if !book.is_of(scenario) {
        let how = differences(book, scenario);
        return Err(Error::Refused(format!(
            "this database holds another world ({how}), and it was left alone; {choices}"
        )));
    }
    let (from, wanted) = (book.next_customer, scenario.customers);
    match (book.is_complete(), wanted) {
        (true, wanted) if wanted == book.customers => Ok(Seeded::AlreadyThere),
        (true, wanted) if wanted > book.customers => Ok(Seeded::Extended { from }),
        (false, wanted) if wanted >= from => Ok(Seeded::Resumed { from }),
        _ => Err(Error::Refused(format!(
            "this database holds {} customers of this world and you ask for {wanted}; none were removed: {choices}",
            from.max(if book.is_complete() { book.customers } else { 0 })
        ))),
    }
}

/// In what the book's world is another one.
fn differences(book: &Book, scenario: &Scenario) -> String {
    if book.dataset_version != DATASET_VERSION {
        return format!("data of version {}, not {DATASET_VERSION}", book.dataset_version);
    }
    let ours = scenario.to_yaml();
    let lines = |yaml: &str| -> Vec<String> {
        let settings = yaml.lines().filter(|line| !line.starts_with('#') && !line.starts_with("customers:"));
        settings.map(str::to_owned).collect()
    };
    let ours = lines(&ours);
    let differing: Vec<String> = lines(&book.scenario).into_iter().filter(|line| !ours.contains(line)).collect();
    if differing.is_empty() {
        "its scenario has another hash".to_owned()
    } else {
        format!("it has {}", differing.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(customers: u64, next_customer: u64, complete: bool) -> Book {
        let mut book = Book::new(&Scenario { customers, ..Scenario::default() });
        book.next_customer = next_customer;
        book.completed_at = complete.then(String::new);
        book
    }

    fn decide(book: &Book, customers: u64) -> Result<Seeded> {
        what_to_do(book, &Scenario { customers, ..Scenario::default() })
    }

    #[test]
    fn run_again_resume_extend_or_refuse() {
        assert_eq!(decide(&book(10, 10, true), 10).unwrap(), Seeded::AlreadyThere);
        assert_eq!(decide(&book(10, 10, true), 20).unwrap(), Seeded::Extended { from: 10 });
        assert_eq!(decide(&book(10, 4, false), 10).unwrap(), Seeded::Resumed { from: 4 });
        assert_eq!(decide(&book(10, 4, false), 7).unwrap(), Seeded::Resumed { from: 4 });
        for refused in [decide(&book(10, 10, true), 5), decide(&book(10, 8, false), 7)] {
            assert_eq!(refused.unwrap_err().exit_code(), 4);
        }
        let mut newer = book(10, 10, true);
        newer.dataset_version = DATASET_VERSION + 1;
        assert!(decide(&newer, 10).unwrap_err().to_string().contains("newer"));
        let mut older = book(10, 10, true);
        older.dataset_version = DATASET_VERSION - 1;
        assert!(decide(&older, 10).unwrap_err().to_string().contains("the credit-seed that wrote it"));
        let other = what_to_do(&book(10, 10, true), &Scenario { customers: 10, seed: 7, ..Scenario::default() });
        assert!(other.unwrap_err().to_string().contains("seed: 42"), "names what differs");
    }
}
