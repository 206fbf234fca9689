//! `credit-seed validate`: does everything in the database hold together?

use super::{Verdict, open_existing, print, print_json, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common) -> anyhow::Result<Verdict> {
    let mut database = open_existing(&settings(common)?).await?;
    let report = credit_seed::validate::validate(&mut database).await?;
    match common.format {
        Format::Json => print_json(&report)?,
        Format::Text => print(&report.to_string())?,
    }
    Ok(if report.passed() { Verdict::Done } else { Verdict::CheckFailed })
}
