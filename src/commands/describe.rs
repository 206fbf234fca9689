//! `credit-seed describe`: the data dictionary. No database is opened.

use credit_seed::dictionary::Dictionary;

use super::{Verdict, print, print_json, tables};
use crate::cli::{Common, Format};

pub fn run(common: &Common, names: &[String]) -> anyhow::Result<Verdict> {
    let dictionary = Dictionary::of(&tables(names)?);
    match common.format {
        Format::Json => print_json(&dictionary)?,
        Format::Text => print(&dictionary.to_markdown())?,
    }
    Ok(Verdict::Done)
}
