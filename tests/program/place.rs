//! A place: a temporary directory of its own, where commands run with nothing of ours in the environment.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_credit-seed");

/// A command that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(600);

/// The default database, in the place's directory.
pub const DEFAULT: &str = "credit_risk_analysis.db";

pub struct Place {
    directory: TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    pub fn new() -> Place {
        Place { directory: TempDir::new().unwrap(), variables: Vec::new() }
    }

    /// A place whose default database holds this many customers.
    pub fn seeded(customers: u64) -> Place {
        let place = Place::new();
        place.run(&["--quiet", "--customers", &customers.to_string()]).exits(0);
        place
    }

    /// With an environment variable more.
    pub fn with(mut self, name: &str, value: &str) -> Place {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The address of an SQLite database in this place.
    pub fn sqlite(&self, name: &str) -> String {
        format!("sqlite://{}", self.path(name).display())
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// The names of all that lies here, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.directory.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// The command, not yet started, without input and with its output caught.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(self.directory.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.directory.path());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        let output = assert_cmd::Command::from_std(self.command(arguments)).timeout(PATIENCE).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("what it prints is UTF-8");
        Ran {
            asked: arguments.join(" "),
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    asked: String,
    code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(
            self.code,
            Some(code),
            "credit-seed {}\nstdout: {}\nstderr: {}",
            self.asked,
            self.stdout,
            self.stderr
        );
        self
    }

    /// Fails with this code, prints no result, and each of these is said on stderr.
    #[track_caller]
    pub fn refuses(self, code: i32, sentences: &[&str]) -> Ran {
        let ran = self.exits(code);
        assert_eq!(ran.stdout, "", "a failure of credit-seed {} prints no result", ran.asked);
        ran.says(sentences)
    }

    #[track_caller]
    pub fn says(self, sentences: &[&str]) -> Ran {
        for sentence in sentences {
            assert!(self.stderr.contains(sentence), "credit-seed {}: no {sentence:?} in {}", self.asked, self.stderr);
        }
        self
    }

    /// Stdout, which is a single JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("credit-seed {}: {error}: {}", self.asked, self.stdout))
    }
}
