//! `credit-seed events --output kafka`: which brokers, which topics, and what was acknowledged.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ValueEnum;

use credit_seed::Error;
use credit_seed::events::{Labels, Line, Wanted, tell};
use credit_seed::generate::streams::StreamKind;
use credit_seed::scenario::{Layers, Scenario};
use credit_seed::sinks::kafka::{Cluster, Kafka, Record};

use super::{layers, say};
use crate::cli::Common;
use crate::cli::kafka::{self, Compression, KafkaFlags, Mechanism, Security};

/// Sends the events, and their labels if they are separate.
pub async fn send(common: &Common, flags: &KafkaFlags, scenario: &Scenario, wanted: &Wanted) -> anyhow::Result<()> {
    let said = Said { layers: layers(common)? };
    let cluster = cluster(flags, &said)?;
    let prefix = said.or(flags.kafka_prefix.clone(), "PREFIX", kafka::prefix)?;
    let topics = Topics::new(prefix.as_deref().unwrap_or("credit-seed"), wanted);
    let mut notice = |text: &str| say(common, text);
    let mut kafka = Kafka::open(&cluster, topics.names.clone(), &mut notice).await?;
    tell(scenario, wanted, |lines| kafka.send(lines.iter().flat_map(|line| topics.records(line))))?;
    let acknowledged = kafka.finish()?;
    let [mut events, mut labels] = [0; 2];
    for (topic, records) in acknowledged {
        let (all, what) = if topic.ends_with(LABELS) { (&mut labels, "labels") } else { (&mut events, "events") };
        *all += records;
        say(common, &format!("sent {records} {what} to {topic}"));
    }
    say(common, &format!("{} acknowledged all {events} events and {labels} labels", cluster.brokers));
    Ok(())
}

/// What the name of a topic of labels has behind that of its events.
const LABELS: &str = ".labels";

/// The topics of a run.
struct Topics {
    names: Vec<String>,
    /// Where in the names the topic of each stream is; that of its labels comes next.
    of: [usize; 4],
}

impl Topics {
    fn new(prefix: &str, wanted: &Wanted) -> Topics {
        let mut topics = Topics { names: Vec::new(), of: [0; 4] };
        for kind in StreamKind::ALL {
            if wanted.flows[kind as usize] == 0 {
                continue;
            }
            let name = format!("{prefix}.{}.events", kind.topic());
            topics.of[kind as usize] = topics.names.len();
            topics.names.push(name.clone());
            if wanted.labels == Labels::Separate {
                topics.names.push(name + LABELS);
            }
        }
        topics
    }

    /// An event goes to the topic of its stream, whatever service reports it, and its labels to that topic's labels under the same
    /// key: what belongs to one flow stays together and in order.
    fn records<'l>(&self, line: Line<'l>) -> impl Iterator<Item = Record<'l>> + use<'l> {
        let topic = self.of[line.stream as usize];
        let record = move |topic, value| Record { topic, key: line.key, value, timestamp: line.at.0 };
        let labels = line.labels.split(|byte| *byte == b'\n').filter(|label| !label.is_empty());
        std::iter::once(record(topic, line.event)).chain(labels.map(move |label| record(topic + 1, label)))
    }
}

/// What was said elsewhere than by flags.
struct Said {
    layers: Layers,
}

impl Said {
    /// The flag, else the variable of this name, else that in `.env`.
    fn or<T>(
        &self,
        flag: Option<T>,
        name: &str,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        if flag.is_some() {
            return Ok(flag);
        }
        let Some((origin, text)) = self.layers.variable(&format!("CREDIT_SEED_KAFKA_{name}")) else { return Ok(None) };
        read(text).map(Some).map_err(|why| Error::Scenario(format!("{origin}: {why}")))
    }

    fn text(&self, flag: Option<String>, name: &str) -> Result<Option<String>, Error> {
        self.or(flag, name, |text| Ok(text.to_owned()))
    }

    fn word<T: ValueEnum>(&self, flag: Option<T>, name: &str) -> Result<Option<T>, Error> {
        self.or(flag, name, |text| {
            T::from_str(text.trim(), true).map_err(|_| {
                let words: Vec<String> = T::value_variants().iter().map(spelt).collect();
                format!("{text:?} will not do; give one of {}", words.join(", "))
            })
        })
    }

    /// A file that can be read. What is in it is the client's business.
    fn file(&self, flag: Option<&Path>, name: &str) -> Result<Option<String>, Error> {
        let path = self.or(flag.map(Path::to_owned), name, |text| Ok(PathBuf::from(text)))?;
        let Some(path) = path else { return Ok(None) };
        match File::open(&path) {
            Ok(_) => Ok(Some(path.display().to_string())),
            Err(source) => {
                Err(Error::File { path, doing: "cannot be read, but Kafka is to be reached with it", source })
            }
        }
    }
}

fn spelt<T: ValueEnum>(value: &T) -> String {
    value.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
}

/// The cluster that flags and variables describe.
fn cluster(flags: &KafkaFlags, said: &Said) -> Result<Cluster, Error> {
    let wrong = |why: &str| Err(Error::Scenario(why.to_owned()));
    let brokers = said.or(flags.kafka_brokers.clone(), "BROKERS", kafka::brokers)?;
    let seconds = said.or(flags.kafka_timeout, "TIMEOUT", kafka::seconds)?.unwrap_or(300);
    let compression = said.word(flags.kafka_compression, "COMPRESSION")?.unwrap_or(Compression::Zstd);
    let security = said.word(flags.kafka_security, "SECURITY")?.unwrap_or(Security::Plaintext);
    let mut properties = vec![("compression.codec", spelt(&compression)), ("security.protocol", spelt(&security))];

    let mechanism = said.word(flags.kafka_sasl_mechanism, "SASL_MECHANISM")?;
    let username = said.text(flags.kafka_username.clone(), "USERNAME")?;
    if matches!(security, Security::SaslPlaintext | Security::SaslSsl) {
        let Some(username) = username else { return wrong("--kafka-security: a login wants --kafka-username") };
        let Some(password) = password(flags, said)? else {
            return wrong("--kafka-username: set CREDIT_SEED_KAFKA_PASSWORD, too, or give --kafka-password-file");
        };
        let mechanism = spelt(&mechanism.unwrap_or(Mechanism::ScramSha512)).to_uppercase();
        properties.extend([("sasl.mechanisms", mechanism), ("sasl.username", username), ("sasl.password", password)]);
    } else if username.is_some() || mechanism.is_some() || flags.kafka_password_file.is_some() {
        return wrong("a login to Kafka goes with --kafka-security sasl_ssl or sasl_plaintext");
    }

    let authorities = said.file(flags.kafka_ca_file.as_deref(), "CA_FILE")?;
    let certificate = said.file(flags.kafka_certificate_file.as_deref(), "CERTIFICATE_FILE")?;
    let key = said.file(flags.kafka_key_file.as_deref(), "KEY_FILE")?;
    if certificate.is_some() != key.is_some() {
        return wrong("--kafka-certificate-file and --kafka-key-file go together");
    }
    if matches!(security, Security::Ssl | Security::SaslSsl) {
        // An OpenSSL that is linked in does not know where this system keeps its certificates; librdkafka looks for them.
        properties.push(("ssl.ca.location", authorities.unwrap_or_else(|| "probe".to_owned())));
        properties.extend(certificate.map(|file| ("ssl.certificate.location", file)));
        properties.extend(key.map(|file| ("ssl.key.location", file)));
        properties.extend(said.text(None, "KEY_PASSWORD")?.map(|password| ("ssl.key.password", password)));
    } else if authorities.is_some() || certificate.is_some() {
        return wrong("certificates go with --kafka-security ssl or sasl_ssl");
    }
    let brokers = brokers.unwrap_or_else(|| "localhost:9092".to_owned());
    Ok(Cluster { brokers, properties, patience: Duration::from_secs(seconds) })
}

/// The password, from the file or the variable. It is never printed.
fn password(flags: &KafkaFlags, said: &Said) -> Result<Option<String>, Error> {
    let file = flags.kafka_password_file.clone();
    match said.or(file, "PASSWORD_FILE", |text| Ok(PathBuf::from(text)))? {
        None => said.text(None, "PASSWORD"),
        Some(path) => match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(source) => Err(Error::File { path, doing: "cannot be read for Kafka's password", source }),
        },
    }
}
