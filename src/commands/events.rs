//! `credit-seed events`: streams as lines, to stdout or to a file, with their labels beside.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use credit_seed::event_rows::check_flows;
use credit_seed::events::{Labels, Told, Wanted, write};
use credit_seed::generate::streams::StreamKind;
use credit_seed::scenario::{Settings, redact_url};
use credit_seed::schema::Moment;
use credit_seed::seeding::{Effort, Seeded};
use credit_seed::{Database, Error};

use super::target::Target;
use super::{Verdict, say, settings};
use crate::cli::{Common, EventFlags, EventOutput, EventStream, LabelPlace};

pub async fn run(common: &Common, which: EventStream, flags: &EventFlags) -> anyhow::Result<Verdict> {
    let settings = settings(common)?;
    let (only, name) = match which {
        EventStream::Circle => (Some(StreamKind::Circle), "circle"),
        EventStream::Transaction => (Some(StreamKind::Transaction), "transaction"),
        EventStream::Session => (Some(StreamKind::Session), "session"),
        EventStream::Remittance => (Some(StreamKind::Remittance), "remittance"),
        EventStream::All => (None, "all"),
    };
    let to_file = flags.output == EventOutput::File;
    if flags.output_file.is_some() && !to_file {
        return Err(Error::Scenario("--output-file: goes with --output file".to_owned()).into());
    }
    let to_kafka = flags.output == EventOutput::Kafka;
    if let Some(flag) = flags.kafka.given().filter(|_| !to_kafka) {
        return Err(Error::Scenario(format!("{flag}: goes with --output kafka")).into());
    }
    let labels = match flags.labels {
        Some(LabelPlace::Separate) if flags.output == EventOutput::Stdout => {
            let why = "--labels separate: stdout is one stream; give --labels inline, or --output file or kafka";
            return Err(Error::Scenario(why.to_owned()).into());
        }
        Some(LabelPlace::Inline) => Labels::Inline,
        None if matches!(flags.output, EventOutput::Stdout | EventOutput::Null) => Labels::None,
        Some(LabelPlace::None) => Labels::None,
        Some(LabelPlace::Separate) | None => Labels::Separate,
    };
    let (from, to) = (flags.from, flags.to);
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(Error::Scenario(format!("--from: {from} is after {to}; give the earlier day first")).into());
    }
    let first = from.map_or(Moment(i64::MIN), |day| day.at(0));
    let last = to.map_or(Moment(i64::MAX), |day| day.at(86_399));
    let wanted = Wanted {
        flows: Wanted::counts(&settings.scenario.streams, only, flags.count),
        labels,
        between: first..=last,
        rate: flags.rate,
        jobs: settings.jobs,
        follow: flags.follow.then(interrupted),
    };
    let tell = |out: &mut dyn io::Write, labels: &mut dyn io::Write| -> anyhow::Result<Told> {
        Ok(write(&settings.scenario, &wanted, out, labels)?)
    };
    match flags.output {
        EventOutput::Database => {
            let strange = [
                ("--labels", flags.labels.is_some_and(|place| place != LabelPlace::Separate)),
                ("--rate", flags.rate.is_some()),
                ("--follow", flags.follow),
                ("--from", from.is_some()),
                ("--to", to.is_some()),
                ("--overwrite", flags.overwrite),
            ];
            if let Some((flag, _)) = strange.into_iter().find(|(_, given)| *given) {
                let why =
                    format!("{flag}: does not go with --output database, which takes whole flows with their labels");
                return Err(Error::Scenario(why).into());
            }
            let flows = flags.count.map(|_| wanted.flows);
            to_database(common, &settings, flows).await?;
        }
        #[cfg(feature = "kafka")]
        EventOutput::Kafka => super::kafka::send(common, &flags.kafka, &settings.scenario, &wanted).await?,
        #[cfg(not(feature = "kafka"))]
        EventOutput::Kafka => {
            let why = "--output kafka: this build has no Kafka in it; `cargo install credit-seed --features kafka` makes one \
                       that has, and so have the Docker image and the binaries of a release";
            return Err(Error::Scenario(why.to_owned()).into());
        }
        EventOutput::Null => {
            let told = tell(&mut io::sink(), &mut io::sink())?;
            say(common, &format!("made {} events, {} of them labelled", told.events, told.labels));
        }
        EventOutput::Stdout => {
            let target = Target::new(Path::new("-"), false)?;
            target.write(async |out| tell(out, &mut io::sink())).await?;
        }
        EventOutput::File => {
            let usual = || PathBuf::from(format!("output/{name}_events.jsonl"));
            let path = flags.output_file.clone().unwrap_or_else(usual);
            if let Some(folder) = path.parent() {
                let failed = |source| Error::File { path: folder.to_owned(), doing: "cannot make", source };
                fs::create_dir_all(folder).map_err(failed)?;
            }
            let target = Target::new(&path, flags.overwrite)?;
            let mut beside = None;
            let told = if labels == Labels::Separate {
                let path = labels_of(&path);
                let other = Target::new(&path, flags.overwrite)?;
                beside = Some(path.clone());
                target.write(async |out| other.write(async |labels| tell(out, labels)).await).await?
            } else {
                target.write(async |out| tell(out, &mut io::sink())).await?
            };
            let beside =
                beside.map_or(String::new(), |file| format!(" and {} labels to {}", told.labels, file.display()));
            say(common, &format!("wrote {} events to {}{beside}", told.events, path.display()));
        }
    }
    Ok(Verdict::Done)
}

/// Becomes true when the user presses Ctrl-C, or the service is to end, so that what was begun is ended well; a second time ends it at once.
fn interrupted() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    // Telling keeps this thread busy, so another one listens.
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            let heard = signal().await;
            set.store(heard, Ordering::Relaxed);
            if heard && signal().await {
                std::process::exit(130);
            }
        });
    });
    stop
}

/// Waits for Ctrl-C, or for what ends a service; false if neither can be heard.
async fn signal() -> bool {
    #[cfg(unix)]
    if let Ok(mut end) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        use std::pin::pin;

        use futures_util::future::{Either, select};

        return match select(pin!(tokio::signal::ctrl_c()), pin!(end.recv())).await {
            Either::Left((heard, _)) => heard.is_ok(),
            Either::Right(_) => true,
        };
    }
    tokio::signal::ctrl_c().await.is_ok()
}

/// Seeds the database, if that is still to be done, and adds flows to those of the run where more are wanted.
async fn to_database(common: &Common, settings: &Settings, flows: Option<[u64; 4]>) -> anyhow::Result<()> {
    if let Some(flows) = flows {
        check_flows(&settings.scenario, flows)?;
    }
    let place = redact_url(&settings.database_url);
    let mut database = Database::open(&settings.database_url, true).await?;
    let effort = Effort { batch_size: settings.batch_size, jobs: settings.jobs };
    let seeded = database.seed(&settings.scenario, effort, &mut |_| ()).await?;
    let events = seeded.manifest.of("events").rows;
    match seeded.seeded {
        Seeded::AlreadyThere => {
            say(common, &format!("{place} holds {events} events of {} customers", settings.scenario.customers))
        }
        _ => say(common, &format!("seeded {place}: {events} events of {} customers", settings.scenario.customers)),
    }
    let Some(flows) = flows else { return Ok(()) };
    let added = database.add_flows(&settings.scenario, flows).await?;
    say(common, &format!("added {} events with {} labels", added.events, added.labels));
    Ok(())
}

/// `x.labels.jsonl` beside `x.jsonl`.
fn labels_of(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}.labels.jsonl"))
}
