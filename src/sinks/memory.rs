//! A sink that keeps rows in memory, as they would be read back: for tests and for looking at lives without a database.

use super::{Progress, Sink};
use crate::encode::LifeRecords;
use crate::error::Result;
use crate::schema::Rows;

/// Rows of all sealed batches.
#[derive(Default)]
pub struct Memory {
    pub rows: LifeRecords,
    pub progress: Option<Progress>,
    open: LifeRecords,
}

impl Sink for Memory {
    async fn write(&mut self, rows: &dyn Rows) -> Result<()> {
        self.open.append(LifeRecords::from_rows([rows]));
        Ok(())
    }

    async fn seal(&mut self, progress: &Progress) -> Result<()> {
        self.rows.append(std::mem::take(&mut self.open));
        self.progress = Some(progress.clone());
        Ok(())
    }
}
