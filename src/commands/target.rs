//! Where a command's document goes: stdout, a device, or a file that is never seen half-written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use credit_seed::Error;

pub struct Target {
    /// What was asked for, links followed.
    path: PathBuf,
    place: Place,
}

enum Place {
    Stdout,
    /// A device or a pipe: only a file can be lost, this is simply written to.
    Stream,
    File,
}

impl Target {
    /// `-` is stdout. Refuses a directory, and a file that exists, unless it may be replaced.
    pub fn new(to: &Path, overwrite: bool) -> Result<Target, Error> {
        if to.as_os_str() == "-" {
            return Ok(Target { path: to.to_owned(), place: Place::Stdout });
        }
        // A link stands for what it leads to.
        let path = to.canonicalize().unwrap_or_else(|_| to.to_owned());
        if path.is_dir() {
            return Err(Error::Scenario(format!("{} is a directory; give a file in it", to.display())));
        }
        let is_stream = path.exists() && !path.is_file();
        if path.exists() && !is_stream && !overwrite {
            return Err(Error::Refused(format!(
                "{} exists and was left alone; give --overwrite to replace it",
                to.display()
            )));
        }
        Ok(Target { path, place: if is_stream { Place::Stream } else { Place::File } })
    }

    /// Refuses to write over the database that is read, whatever may be replaced.
    pub fn spare(&self, database_url: &str) -> Result<(), Error> {
        let file = database_url.strip_prefix("sqlite:").map(|rest| rest.trim_start_matches("//"));
        let file = file.and_then(|rest| Path::new(rest.split('?').next()?).canonicalize().ok());
        if matches!(self.place, Place::File) && file.is_some_and(|file| file == self.path) {
            let path = self.path.display();
            return Err(Error::Refused(format!("{path} is the database itself and was left alone; give another --to")));
        }
        Ok(())
    }

    pub fn is_stdout(&self) -> bool {
        matches!(self.place, Place::Stdout)
    }

    /// Writes what `write` writes; a file beside its name, and renamed, so that the name never stands on half of it.
    pub async fn write<T>(&self, write: impl AsyncFnOnce(&mut dyn Write) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let failed = |doing| move |source| Error::File { path: self.path.clone(), doing, source };
        // What fails while writing is an error of the file's; reading may fail meanwhile, too.
        let named = |error: anyhow::Error| match error.downcast::<io::Error>() {
            Ok(source) => failed("cannot write")(source).into(),
            Err(other) => other,
        };
        match self.place {
            Place::Stdout => {
                let mut out = BufWriter::new(io::stdout().lock());
                let result = write(&mut out).await?;
                out.flush()?;
                Ok(result)
            }
            Place::Stream => {
                let opened = File::options().write(true).open(&self.path).map_err(failed("cannot write"))?;
                let mut out = BufWriter::new(opened);
                let result = write(&mut out).await.map_err(named)?;
                out.flush().map_err(failed("cannot write"))?;
                Ok(result)
            }
            Place::File => {
                let mut beside = self.path.as_os_str().to_owned();
                beside.push(".inprogress");
                let beside = PathBuf::from(beside);
                let written = async {
                    let mut out = BufWriter::new(File::create(&beside).map_err(failed("cannot write"))?);
                    let result = write(&mut out).await.map_err(named)?;
                    out.into_inner()
                        .map_err(|error| error.into_error())
                        .and_then(|file| file.sync_all())
                        .map_err(failed("cannot write"))?;
                    fs::rename(&beside, &self.path).map_err(failed("cannot finish"))?;
                    anyhow::Ok(result)
                }
                .await;
                if written.is_err() {
                    let _ = fs::remove_file(&beside);
                }
                written
            }
        }
    }
}
