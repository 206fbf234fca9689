//! `credit-seed config`: every setting with its origin, as a scenario file that can be read back.

use credit_seed::scenario::{KEYS, Scope};
use serde_json::{Map, json};

use super::{Verdict, print, print_json, settings};
use crate::cli::{Common, Format};

pub fn run(common: &Common) -> anyhow::Result<Verdict> {
    let settings = settings(common)?;
    if common.format == Format::Json {
        let entry = |key: &credit_seed::scenario::Key| {
            (key.name.to_owned(), json!({ "value": (key.get)(&settings), "from": settings.origin(key).to_string() }))
        };
        print_json(&KEYS.iter().map(entry).collect::<Map<_, _>>())?;
        return Ok(Verdict::Done);
    }
    let mut text = String::new();
    for key in KEYS {
        let line = format!("{}: {}", key.name, (key.get)(&settings));
        // How to run is no part of a scenario; it is shown, but read back as a comment.
        let line = if key.scope == Scope::Run { format!("# {line}") } else { line };
        text += &format!("{line:<56} # {}\n", settings.origin(key));
    }
    print(&text)?;
    Ok(Verdict::Done)
}

/// `--schema`: what a scenario file may hold, for editors.
pub fn schema() -> anyhow::Result<Verdict> {
    print_json(&credit_seed::scenario::json_schema())?;
    Ok(Verdict::Done)
}
