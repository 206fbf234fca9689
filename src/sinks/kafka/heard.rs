//! What a producer hears from the brokers, and how long it has heard nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Message, OwnedMessage};
use rdkafka::producer::{DeliveryResult, ProducerContext};

use super::Cluster;
use crate::error::{Error, Result};

/// After so long without an answer, people are told what is waited for.
const SILENCE: Duration = Duration::from_secs(5);
/// Errors about the count of records, not about a record: brokers forgot what they got, or one before this failed.
pub const LOST_COUNT: [RDKafkaErrorCode; 8] = [
    RDKafkaErrorCode::OutOfOrderSequenceNumber,
    RDKafkaErrorCode::UnknownProducerId,
    RDKafkaErrorCode::InvalidProducerEpoch,
    RDKafkaErrorCode::InvalidProducerIdMapping,
    RDKafkaErrorCode::GaplessGuarantee,
    RDKafkaErrorCode::Fatal,
    RDKafkaErrorCode::PurgeQueue,
    RDKafkaErrorCode::PurgeInflight,
];

/// Knows how long nobody has answered, and when that is too long.
pub struct Watch<'n> {
    brokers: String,
    patience: Duration,
    /// How many were acknowledged when somebody last answered, or when nothing was under way, and when that was.
    last: (u64, Instant),
    /// Whether people know that it waits.
    told: bool,
    notice: &'n mut dyn FnMut(&str),
}

impl<'n> Watch<'n> {
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    pub fn new(cluster: &Cluster, notice: &'n mut dyn FnMut(&str)) -> Watch<'n> {
        let (brokers, patience) = (cluster.brokers.clone(), cluster.patience);
        Watch { brokers, patience, last: (0, Instant::now()), told: false, notice }
    }

    pub fn say(&mut self, text: &str) {
        (self.notice)(text);
    }

    pub fn look(&mut self, heard: &Heard, sent: u64) -> Result<()> {
        let (acknowledged, failed) = heard.with(|heard| (heard.all(), heard.failed.clone()));
        let brokers = &self.brokers;
        let so_far = format!("{acknowledged} of {sent} records are acknowledged");
        if let Some(why) = failed {
            return Err(Error::Sink(format!("Kafka at {brokers} is of no use: {why}; {so_far}")));
        }
        let silent = self.last.1.elapsed();
        if acknowledged > self.last.0 || acknowledged == sent {
            self.last = (acknowledged, Instant::now());
            if std::mem::take(&mut self.told) {
                (self.notice)(&format!("Kafka at {brokers} answers again"));
            }
        } else if silent > self.patience {
            let word = heard.last_word();
            return Err(Error::Sink(format!(
                "Kafka at {brokers} has not answered for {} s{word}; {so_far}. Run the same again when it is there: events \
                 that come twice have the same event_id. --kafka-timeout says how long to wait",
                silent.as_secs()
            )));
        } else if silent > SILENCE && !self.told {
            self.told = true;
            let (word, patience) = (heard.last_word(), self.patience.as_secs());
            (self.notice)(&format!("Kafka at {brokers} does not answer{word}; waiting for it, {patience} s at most"));
        }
        Ok(())
    }
}

/// What the brokers have said.
#[derive(Default)]
pub struct Hearsay {
    topics: Vec<String>,
    /// Records of each topic.
    pub acknowledged: Vec<u64>,
    /// The last offset that was acknowledged, of each topic and partition.
    offsets: Vec<Vec<i64>>,
    /// Records that were neither acknowledged nor refused, by number.
    pub returned: Vec<(usize, OwnedMessage)>,
    /// Why no record can be sent any more.
    pub failed: Option<String>,
    /// What went wrong last; the client tries again by itself.
    pub last_word: Option<String>,
    /// Whether it went wrong in a way that trying again does not mend.
    pub refused: bool,
}

impl Hearsay {
    pub fn all(&self) -> u64 {
        self.acknowledged.iter().sum()
    }

    /// A partition only grows. One that has not, has lost what it acknowledged.
    fn keep(&mut self, topic: usize, partition: usize, offset: i64) {
        let offsets = &mut self.offsets[topic];
        offsets.resize(offsets.len().max(partition + 1), -1);
        let last = std::mem::replace(&mut offsets[partition], offset);
        // A record that turned out to be there already is acknowledged without its place.
        if offset < 0 {
            offsets[partition] = last;
        } else if offset <= last {
            let topic = &self.topics[topic];
            self.failed.get_or_insert_with(|| {
                format!(
                    "it has lost what it had acknowledged: partition {partition} of {topic} was filled up to {last} and goes \
                     on with {offset}"
                )
            });
        }
    }

    pub fn fail(&mut self, error: &KafkaError, topic: &str) {
        self.failed.get_or_insert_with(|| format!("{} (topic {topic})", reason(error)));
    }
}

/// The ear of a producer. Its successor has the same.
#[derive(Clone)]
pub struct Heard(Arc<Mutex<Hearsay>>);

impl Heard {
    pub fn new(topics: &[String]) -> Heard {
        let (acknowledged, offsets) = (vec![0; topics.len()], vec![Vec::new(); topics.len()]);
        Heard(Arc::new(Mutex::new(Hearsay { topics: topics.to_vec(), acknowledged, offsets, ..Hearsay::default() })))
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut Hearsay) -> T) -> T {
        // Whoever panicked while listening left numbers that are right.
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn last_word(&self) -> String {
        self.with(|heard| heard.last_word.as_ref().map_or(String::new(), |word| format!(" ({word})")))
    }
}

impl ClientContext for Heard {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, text: &str) {
        tracing::debug!("{facility}: {text}");
    }

    fn error(&self, error: KafkaError, text: &str) {
        tracing::debug!("{error}: {text}");
        self.with(|heard| match error.rdkafka_error_code() {
            // That all are gone says less than why one is; what is fatal is asked for.
            Some(RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::Fatal) => (),
            code => {
                heard.refused |= matches!(code, Some(RDKafkaErrorCode::SSL | RDKafkaErrorCode::Authentication));
                // What follows is for those who know the client from within.
                heard.last_word = text.split(" (after ").next().map(str::to_owned);
            }
        });
    }
}

impl ProducerContext for Heard {
    /// The record's number.
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, number: usize) {
        self.with(|heard| match result {
            Ok(record) => {
                if let Some(topic) = heard.topics.iter().position(|topic| topic == record.topic()) {
                    heard.acknowledged[topic] += 1;
                    heard.keep(topic, record.partition() as usize, record.offset());
                }
            }
            Err((error, record)) => match error.rdkafka_error_code() {
                Some(code) if LOST_COUNT.contains(&code) => heard.returned.push((number, record.detach())),
                _ => heard.fail(error, record.topic()),
            },
        });
    }
}

/// What is behind an error, without the name of its kind.
pub fn reason(error: &KafkaError) -> String {
    match error {
        KafkaError::ClientCreation(why) | KafkaError::ClientConfig(_, why, _, _) => why.clone(),
        other => other.rdkafka_error_code().map_or_else(|| other.to_string(), |code| code.to_string()),
    }
}
