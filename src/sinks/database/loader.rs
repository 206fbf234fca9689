//! The sink that fills a database: a batch is one transaction, and the run's book turns its page in it.

use super::{Book, Database};
use crate::error::{Error, Result};
use crate::schema::Rows;
use crate::sinks::{Progress, Sink};

/// Fills a database under a book that was opened for it.
pub struct Loader<'a> {
    database: &'a mut Database,
    run_id: String,
    next_customer: u64,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Between,
    InBatch,
    Failed,
}

impl<'a> Loader<'a> {
    pub fn new(database: &'a mut Database, book: &Book) -> Loader<'a> {
        Loader { database, run_id: book.run_id.clone(), next_customer: book.next_customer, state: State::Between }
    }

    async fn begin(&mut self) -> Result<()> {
        match self.state {
            State::Between => {
                if let Err(error) = self.database.begin().await {
                    self.state = State::Failed;
                    return Err(error);
                }
                self.state = State::InBatch;
                let claimed = self.database.claim_page(&self.run_id, self.next_customer).await;
                self.keep(claimed).await
            }
            State::InBatch => Ok(()),
            State::Failed => Err(Error::Sink("this database has failed before and takes no more rows".to_owned())),
        }
    }

    /// After an error nothing of the batch is kept, and no other is begun.
    async fn keep(&mut self, result: Result<()>) -> Result<()> {
        if result.is_err() && self.state == State::InBatch {
            self.database.roll_back();
            self.state = State::Failed;
        }
        result
    }
}

/// A seeding that is dropped in the middle of a batch leaves nothing of it on the connection.
impl Drop for Loader<'_> {
    fn drop(&mut self) {
        if self.state == State::InBatch {
            self.database.roll_back();
        }
    }
}

impl Sink for Loader<'_> {
    async fn write(&mut self, rows: &dyn Rows) -> Result<()> {
        self.begin().await?;
        let result = self.database.insert(rows).await;
        self.keep(result).await
    }

    async fn seal(&mut self, progress: &Progress) -> Result<()> {
        self.begin().await?;
        let turned = self.database.turn_page(&self.run_id, self.next_customer, progress).await;
        self.keep(turned).await?;
        let committed = self.database.commit().await;
        self.keep(committed).await?;
        self.next_customer = progress.next_customer;
        self.state = State::Between;
        Ok(())
    }
}
