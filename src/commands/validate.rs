//! `credit-seed validate`: does everything in the database hold together, and is it like life?

use std::fmt::Display;

use credit_seed::validate::{realism, validate};
use serde::Serialize;

use super::{Verdict, open_existing, print, print_json, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common, realism: bool) -> anyhow::Result<Verdict> {
    let mut database = open_existing(&settings(common)?).await?;
    if realism {
        let card = realism::scorecard(&mut database).await?;
        return show(common, &card, card.passed());
    }
    let report = validate(&mut database).await?;
    show(common, &report, report.passed())
}

fn show(common: &Common, result: &(impl Display + Serialize), passed: bool) -> anyhow::Result<Verdict> {
    match common.format {
        Format::Json => print_json(result)?,
        Format::Text => print(&result.to_string())?,
    }
    Ok(if passed { Verdict::Done } else { Verdict::CheckFailed })
}
