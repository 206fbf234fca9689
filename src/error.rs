//! What can go wrong, as sentences for the person who can mend it, and the exit code of each kind.

use std::path::PathBuf;

/// An error of this library. Its text names the table, file, line or flag concerned, and the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A flag, variable or scenario key that makes no sense.
    #[error("{0}")]
    Scenario(String),
    /// Not done because it could destroy or mix somebody's data.
    #[error("{0}")]
    Refused(String),
    /// There is no such database yet.
    #[error("{0}")]
    NoDatabase(String),
    /// A database said no.
    #[error("{0}")]
    Database(String),
    /// A file could not be read or written.
    #[error("{}: {doing}", path.display())]
    File { path: PathBuf, doing: &'static str, source: std::io::Error },
    /// A sink that could not take what it was given.
    #[error("{0}")]
    Sink(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// 1 failure, 2 usage or scenario, 4 refused for safety. (3, a check on the data failed, is a result, not an error.)
    pub const fn exit_code(&self) -> u8 {
        match self {
            Error::Scenario(_) => 2,
            Error::Refused(_) => 4,
            Error::NoDatabase(_) | Error::Database(_) | Error::File { .. } | Error::Sink(_) => 1,
        }
    }
}
