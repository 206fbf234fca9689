//! What is said beside the result: to stderr for people, to a file for later.

use std::fs::File;
use std::sync::Arc;

use credit_seed::Error;
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use crate::cli::Common;

/// `-v` shows what the program does on stderr, `-vv` all of it; `--log-file` takes it down whatever stderr shows.
pub fn start(common: &Common) -> anyhow::Result<()> {
    let terminal = match common.verbose {
        0 => LevelFilter::OFF,
        1 => LevelFilter::from_level(Level::DEBUG),
        _ => LevelFilter::from_level(Level::TRACE),
    };
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_filter(terminal);
    let file = match &common.log_file {
        None => None,
        Some(path) => {
            let open = File::options().create(true).append(true).open(path);
            let file =
                open.map_err(|source| Error::File { path: path.clone(), doing: "cannot write the log", source })?;
            Some(
                tracing_subscriber::fmt::layer()
                    .with_writer(Arc::new(file))
                    .with_ansi(false)
                    .with_filter(LevelFilter::from_level(Level::DEBUG)),
            )
        }
    };
    tracing_subscriber::registry().with(stderr).with(file).init();
    Ok(())
}
