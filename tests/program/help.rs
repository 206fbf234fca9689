//! What the program says about itself, and to those who misspell.

use insta::assert_snapshot;

use crate::place::Place;

#[test]
fn help() {
    assert_snapshot!(Place::new().run(&["--help"]).exits(0).stdout);
}

#[test]
fn version() {
    let place = Place::new();
    assert_eq!(place.run(&["--version"]).exits(0).stdout, concat!("credit-seed ", env!("CARGO_PKG_VERSION"), "\n"));
    assert!(place.files().is_empty());
}

#[test]
fn a_misspelt_flag() {
    let ran = Place::new().run(&["--custmers", "5"]).refuses(2, &[]);
    assert_snapshot!(ran.stderr, @"
    error: unexpected argument '--custmers' found

      tip: a similar argument exists: '--customers'

    Usage: credit-seed --customers <N>

    For more information, try '--help'.
    ");
}

#[test]
fn a_misspelt_verb() {
    let ran = Place::new().run(&["verfy"]).refuses(2, &[]);
    assert_snapshot!(ran.stderr, @"
    error: unrecognized subcommand 'verfy'

      tip: a similar subcommand exists: 'verify'

    Usage: credit-seed [OPTIONS]
           credit-seed [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn a_value_too_few_or_two_wishes_at_once() {
    let place = Place::new();
    for arguments in [&["--seed"][..], &["--dry-run"], &["--quiet", "--verbose"], &["--format", "xml"], &["explain"]] {
        place.run(arguments).refuses(2, &["error: ", "For more information, try '--help'."]);
    }
    place.run(&["validate", "--realism", "--leakage"]).refuses(2, &["cannot be used with"]);
    place.run(&["--reset", "validate"]).refuses(2, &["--reset stands alone"]);
    assert!(place.files().is_empty());
}
