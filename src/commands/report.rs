//! `credit-seed report`: a database on one page, as HTML.

use std::path::Path;

use credit_seed::report::report;

use super::target::Target;
use super::{Verdict, open_existing, say, settings};
use crate::cli::Common;

pub async fn run(common: &Common, to: &Path, overwrite: bool) -> anyhow::Result<Verdict> {
    let target = Target::new(to, overwrite)?;
    let settings = settings(common)?;
    target.spare(&settings.database_url)?;
    let mut database = open_existing(&settings).await?;
    let page = report(&mut database).await?;
    let write = async |out: &mut dyn std::io::Write| {
        out.write_all(page.html.as_bytes())?;
        Ok(out.flush()?)
    };
    target.write(write).await?;
    let done = if target.is_stdout() { "wrote the page".to_owned() } else { format!("wrote {}", to.display()) };
    say(common, &format!("{done}: {}", page.summary));
    Ok(Verdict::Done)
}
