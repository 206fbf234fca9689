//! A broker to test on: noida-db, a process of its own on a free port, read back by a client that shares no code with ours.
//!
//! Both come from a Python environment: `python3 -m venv target/tools/kafka`, then
//! `target/tools/kafka/bin/pip install noida-db kafka-python zstandard`; or `TEST_KAFKA_VENV` says where there is one.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What a broker may take to answer, and a client to read.
const PATIENCE: Duration = Duration::from_secs(60);
const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kafka/client.py");

/// Gone when this is dropped, also after a panic; its data are kept until then.
pub struct Broker {
    tools: PathBuf,
    port: u16,
    data: TempDir,
    process: Option<Child>,
}

/// A record as it was read back.
pub struct Record {
    pub partition: u32,
    pub timestamp: i64,
    pub key: String,
    pub value: String,
}

impl Broker {
    /// `None`, and a loud word, where there is none to be had.
    pub fn start() -> Option<Broker> {
        let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/kafka");
        let tools = std::env::var_os("TEST_KAFKA_VENV").map_or_else(usual, PathBuf::from);
        let client = Command::new(tools.join("bin/python")).args(["-c", "import kafka, zstandard"]).output();
        if !tools.join("bin/noida-db").exists() || !client.is_ok_and(|output| output.status.success()) {
            skip(&format!("no noida-db, kafka-python and zstandard in {} (TEST_KAFKA_VENV)", tools.display()));
            return None;
        }
        let mut broker = Broker { tools, port: free_port(), data: TempDir::new().unwrap(), process: None };
        broker.revive();
        Some(broker)
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts it, on the data that are there.
    pub fn revive(&mut self) {
        let port = self.port.to_string();
        let mut command = Command::new(self.tools.join("bin/noida-db"));
        command.args(["start", "--only", "kafka", "--kafka-port", &port, "--data-dir"]).arg(self.data.path());
        // A group of its own: what it starts is killed with it.
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(begun.elapsed() < PATIENCE, "the broker does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills it without a word.
    pub fn kill(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let group = format!("-{}", process.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the broker cannot be killed");
        process.wait().unwrap();
    }

    /// Creates topics with three partitions each.
    pub fn create(&self, topics: &[&str]) {
        self.client("create", topics);
    }

    /// All records of a topic, partition by partition, in order.
    pub fn read(&self, topic: &str) -> Vec<Record> {
        let text = self.client("read", &[topic]);
        let record = |line: &str| {
            let mut parts = line.splitn(4, '\t');
            let mut part = || parts.next().unwrap_or_else(|| panic!("no record: {line}"));
            Record {
                partition: part().parse().unwrap(),
                timestamp: part().parse().unwrap(),
                key: part().to_owned(),
                value: part().to_owned(),
            }
        };
        text.lines().map(record).collect()
    }

    fn client(&self, what: &str, topics: &[&str]) -> String {
        let mut client = assert_cmd::Command::new(self.tools.join("bin/python"));
        let output = client.args([CLIENT, what, &self.address()]).args(topics).timeout(PATIENCE).output().unwrap();
        assert!(output.status.success(), "{what} {topics:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Says so on stderr itself: the test runner swallows what `eprintln!` says in a test that passes.
pub fn shout(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says loudly that something was not tested, or fails where everything must be.
fn skip(why: &str) {
    shout(&format!("SKIPPED: {why}"));
    let must = std::env::var("CREDIT_SEED_TEST_SERVERS").is_ok_and(|value| value == "required");
    assert!(!must, "CREDIT_SEED_TEST_SERVERS=required, but {why}");
}
