//! Databases that will not take what they are given: unreachable, locked away, read-only or full.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::{DEFAULT, Place, Ran};
use crate::servers::{Server, TestDatabase, TestUser, count, shout, skip, sql, tables, unused_name};

/// A password, and the same as it stands in an address.
const PASSWORD: &str = "correct/horse";
const WRONG: (&str, &str) = ("hunter2@battery", "hunter2%40battery");

#[test]
fn a_server_that_is_not_there() {
    let place = Place::new();
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://jo:{}@127.0.0.1:1/bank", WRONG.1);
        for arguments in [&[][..], &["--reset"], &["validate"]] {
            let ran = run_logged(&place, &[&["--database-url", &url], arguments].concat());
            ran.refuses(
                1,
                &[&format!("cannot connect to {scheme}://jo:***@127.0.0.1:1/bank"), "nothing listens there"],
            );
        }
    }
}

#[test]
fn a_wrong_password_is_never_shown() {
    let place = Place::new();
    for server in [Server::postgres(), Server::mysql()].into_iter().flatten() {
        let user = TestUser::new(&server, PASSWORD);
        let url = server.url("no_such_database", Some((&user.name, WRONG.0)));
        assert!(url.contains(WRONG.1), "{url}");
        let ran = run_logged(&place, &["verify", "--database-url", &url]);
        if !ran.stderr.contains("password authentication failed") && server.engine == "PostgreSQL" {
            // How a server lets people in is its owner's choice; that alone is no reason to fail where servers are required.
            shout("this PostgreSQL asks for no password");
            continue;
        }
        ran.refuses(1, &["cannot connect to ", &format!("{}:***@", user.name), "check user and password"]);
        run_logged(&place, &["--database-url", &url]).refuses(1, &["check user and password"]);
    }
}

/// Runs with all there is to say said, and sees that none of it is a password.
fn run_logged(place: &Place, arguments: &[&str]) -> Ran {
    let ran = place.run(&[arguments, &["-vv", "--log-file", "run.log"]].concat());
    let log = String::from_utf8(place.read("run.log")).unwrap();
    assert!(log.contains("cannot connect"), "the log tells it, too: {log}");
    for secret in ["hunter2", "battery", PASSWORD] {
        assert!(![&ran.stdout, &ran.stderr, &log].iter().any(|text| text.contains(secret)), "{secret}: {ran:?} {log}");
    }
    ran
}

#[test]
fn a_user_who_may_not_create_databases() {
    let place = Place::new();
    for server in [Server::postgres(), Server::mysql()].into_iter().flatten() {
        let user = TestUser::new(&server, PASSWORD);
        let url = server.url(&unused_name(), Some((&user.name, PASSWORD)));
        place.run(&["--database-url", &url]).refuses(1, &["this user may not", "grant the right"]);
        place.run(&["--reset", "--database-url", &url]).refuses(1, &["this user may not", "grant the right"]);
    }
}

#[test]
fn a_user_who_may_not_create_tables() {
    let place = Place::new();
    for server in [Server::postgres(), Server::mysql()].into_iter().flatten() {
        let user = TestUser::new(&server, PASSWORD);
        let database = TestDatabase::on(server.clone());
        database.create();
        // Reading alone: PostgreSQL gives that to all since version 15, MySQL to those who are granted it.
        match server.engine {
            "PostgreSQL" => sql(&database.url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
            _ => server.sql(&format!("GRANT SELECT ON {}.* TO {}@'%'", database.name, user.name)),
        }
        let url = server.url(&database.name, Some((&user.name, PASSWORD)));
        place.run(&["--database-url", &url]).refuses(1, &["cannot create the tables", "this user may not"]);
        assert!(tables(&database.url).is_empty());
    }
}

#[test]
fn a_read_only_database_can_be_checked_but_not_changed() {
    let place = Place::seeded(5);
    let url = "sqlite://credit_risk_analysis.db?mode=ro";
    let bytes = place.read(DEFAULT);
    for arguments in [["--customers", "9"], ["--reset", "--quiet"]] {
        place.run(&[&["--database-url", url], &arguments[..]].concat()).refuses(1, &["read-only"]);
        assert!(place.read(DEFAULT) == bytes);
    }
    place.run(&["verify", "--database-url", url]).exits(0);

    let Some(disk) = Disk::mount(&place, "4m") else { return };
    let url = place.sqlite("disk/bank.db");
    place.run(&["-q", "--customers", "5", "--database-url", &url]).exits(0);
    disk.remount("ro");
    for arguments in [["--customers", "9"], ["--reset", "--quiet"]] {
        place.run(&[&["--database-url", &url], &arguments[..]].concat()).refuses(1, &["read-only"]);
    }
    place.run(&["--database-url", &place.sqlite("disk/new.db")]).refuses(1, &["new.db"]);
    place.run(&["--customers", "5", "--database-url", &url]).exits(0).says(&["nothing was changed"]);
    place.run(&["verify", "--database-url", &url]).exits(0);
    place.run(&["validate", "--database-url", &url]).exits(0);
}

#[test]
fn a_full_disk_is_said_and_with_room_again_the_run_goes_on() {
    let place = Place::new();
    let Some(disk) = Disk::mount(&place, "4m") else { return };
    let url = place.sqlite("disk/bank.db");
    let arguments = ["--customers", "500", "--batch-size", "20", "--format", "json", "--database-url", &url];
    for _ in 0..2 {
        place.run(&arguments).refuses(1, &["no room left", "it goes on where it stopped"]);
        let customers = count(&url, "SELECT COUNT(*) FROM customers");
        assert!(customers > 0 && customers % 20 == 0 && customers < 500, "whole batches are in: {customers}");
    }
    place.run(&["verify", "--database-url", &url]).exits(0);
    disk.remount("size=64m");
    let summary = place.run(&arguments).exits(0).json();
    assert_eq!(summary["result"], "resumed");
    let whole = place.run(&["--customers", "500", "--format", "json"]).exits(0).json();
    assert_eq!(summary["tables"], whole["tables"]);
    place.run(&["verify", "--database-url", &url]).exits(0);
    place.run(&["validate", "--database-url", &url]).exits(0);
}

/// A small disk of memory, mounted in a place as `disk`; unmounted when this is dropped.
struct Disk(PathBuf);

impl Disk {
    fn mount(place: &Place, size: &str) -> Option<Disk> {
        let path = place.path("disk");
        std::fs::create_dir(&path).unwrap();
        if mount(&["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"], &path) {
            return Some(Disk(path));
        }
        skip("a small disk cannot be mounted here");
        None
    }

    fn remount(&self, option: &str) {
        assert!(mount(&["-o", &format!("remount,{option}")], &self.0), "cannot mount again with {option}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(arguments: &[&str], path: &Path) -> bool {
    Command::new("mount").args(arguments).arg(path).output().is_ok_and(|output| output.status.success())
}
