//! Kafka: records in the order in which they come, and counted once every replica in sync has them.
//!
//! The producer is idempotent: what it sends again after a broker went away is neither doubled nor overtaken. It holds a
//! bounded number of records; while these are under way and nobody answers, it waits, and after a while gives up. Should the
//! brokers have lost count of what they got, a new producer sends all again that was not acknowledged, in the same order.

mod heard;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::{ClientConfig, FromClientConfigAndContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Message, OwnedMessage};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, PurgeConfig};

use crate::error::{Error, Result};
use heard::{Heard, Watch, reason};

type Admin = AdminClient<DefaultClientContext>;

/// Who does not answer within this time at the beginning is not there.
const START: Duration = Duration::from_secs(5);
/// What is under way at most, in records and KiB.
const UNDER_WAY: [(&str, &str); 2] =
    [("queue.buffering.max.messages", "100000"), ("queue.buffering.max.kbytes", "65536")];

/// Where the brokers are, and how to speak with them.
pub struct Cluster {
    /// `host:port`, divided by commas.
    pub brokers: String,
    /// Further properties as librdkafka names them: security, logins, compression.
    pub properties: Vec<(&'static str, String)>,
    /// How long to go on without an answer.
    pub patience: Duration,
}

impl Cluster {
    fn config(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", "credit-seed");
        for (name, value) in &self.properties {
            config.set(*name, value);
        }
        config
    }

    fn producer_config(&self) -> ClientConfig {
        let mut config = self.config();
        config.set("enable.idempotence", "true").set("acks", "all");
        // After a record that cannot be delivered none must be: it would overtake.
        config.set("enable.gapless.guarantee", "true");
        // How long is too long is decided here, by what is heard, and not record by record.
        config.set("message.timeout.ms", "0").set("reconnect.backoff.max.ms", "2000");
        // The same key goes to the same partition as with clients in Java, so that topics can be joined.
        config.set("partitioner", "murmur2_random").set("linger.ms", "20");
        for (name, value) in UNDER_WAY {
            config.set(name, value);
        }
        config
    }
}

/// One record, on its way.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    /// Its topic's place in the list that was given when opening.
    pub topic: usize,
    pub key: &'r [u8],
    pub value: &'r [u8],
    /// Milliseconds since 1970.
    pub timestamp: i64,
}

/// An open way to a cluster.
pub struct Kafka<'n> {
    config: ClientConfig,
    producer: BaseProducer<Heard>,
    heard: Heard,
    topics: Vec<String>,
    sent: u64,
    /// Records that came back, by number: they go out again before any other.
    again: VecDeque<(usize, OwnedMessage)>,
    watch: Watch<'n>,
}

impl<'n> Kafka<'n> {
    /// Finds the brokers and creates what is missing of the topics, as the cluster creates topics by default. `notice` hears what
    /// people should know while it goes on.
    ///
    /// # Errors
    /// Settings that do not work, no answer within a few seconds, a topic that may not be created.
    pub async fn open(cluster: &Cluster, topics: Vec<String>, notice: &'n mut dyn FnMut(&str)) -> Result<Kafka<'n>> {
        let (config, heard) = (cluster.producer_config(), Heard::new(&topics));
        let producer = producer(&config, &heard)?;
        let watch = Watch::new(cluster, notice);
        let mut kafka = Kafka { config, producer, heard, topics, sent: 0, again: VecDeque::new(), watch };
        let missing = kafka.missing_topics()?;
        let admin: Admin = cluster.config().create().map_err(|error| unusable(&error))?;
        if !missing.is_empty() {
            kafka.create(&admin, &missing).await?;
        }
        let there: Vec<String> =
            kafka.topics.iter().filter(|topic| !missing.contains(&topic.as_str())).cloned().collect();
        if !there.is_empty() {
            kafka.look_at_retention(&admin, &there).await;
        }
        Ok(kafka)
    }

    /// The topics that are not there. Asking for all of them creates none.
    fn missing_topics(&self) -> Result<Vec<&str>> {
        let begun = Instant::now();
        let metadata = loop {
            let answer = self.producer.client().fetch_metadata(None, Duration::from_secs(1));
            self.producer.poll(Duration::from_millis(20));
            let (last_word, refused) = self.heard.with(|heard| (heard.last_word.clone(), heard.refused));
            match answer {
                Ok(metadata) => break metadata,
                Err(_) if begun.elapsed() < START && !refused => (),
                Err(error) => {
                    let why = last_word.unwrap_or_else(|| reason(&error));
                    return Err(Error::Sink(format!(
                        "no Kafka broker to speak with at {}: {why}; start one there, or give --kafka-brokers and \
                         --kafka-security as it has them",
                        self.watch.brokers()
                    )));
                }
            }
        };
        let is_there = |topic: &&str| metadata.topics().iter().any(|known| known.name() == *topic);
        Ok(self.topics.iter().map(String::as_str).filter(|topic| !is_there(topic)).collect())
    }

    /// Creates topics that keep their records: events bear their own time, and a topic with a limit deletes what is old.
    async fn create(&self, admin: &Admin, missing: &[&str]) -> Result<()> {
        let failed = |topic: &str, why: String| {
            let brokers = self.watch.brokers();
            Error::Sink(format!("there is no topic {topic} at {brokers}, and it cannot be created: {why}; create it"))
        };
        // -1: as many partitions and replicas as the cluster gives a topic by default.
        let topic = |name| NewTopic::new(name, -1, TopicReplication::Fixed(-1)).set("retention.ms", "-1");
        let topics: Vec<_> = missing.iter().map(|name| topic(name)).collect();
        let patience = AdminOptions::new().request_timeout(Some(START)).operation_timeout(Some(START));
        let results = admin.create_topics(&topics, &patience).await;
        for result in results.map_err(|error| failed(missing[0], reason(&error)))? {
            match result {
                // Somebody else may have been faster.
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => (),
                Err((topic, code)) => return Err(failed(&topic, code.to_string())),
            }
        }
        Ok(())
    }

    /// Says which topics delete what is old. Whoever may not ask is not told.
    async fn look_at_retention(&mut self, admin: &Admin, topics: &[String]) {
        let asked: Vec<_> = topics.iter().map(|topic| ResourceSpecifier::Topic(topic)).collect();
        let patience = AdminOptions::new().request_timeout(Some(Duration::from_secs(2)));
        let answers = admin.describe_configs(&asked, &patience).await.unwrap_or_default();
        for (topic, answer) in topics.iter().zip(answers) {
            let retention = answer.ok().and_then(|config| config.get("retention.ms")?.value.clone());
            if let Some(hours) = retention.and_then(|text| text.parse::<u64>().ok()).map(|ms| ms / 3_600_000) {
                self.watch.say(&format!(
                    "{topic} deletes what is older than {hours} hours, and events bear their own time: if that is longer ago, set \
                     retention.ms=-1 there"
                ));
            }
        }
    }

    /// Sends records; waits while as many as may be are under way.
    ///
    /// # Errors
    /// A record that was refused, or brokers that were silent for too long. Nothing can be sent after that.
    pub fn send<'r>(&mut self, records: impl Iterator<Item = Record<'r>>) -> Result<()> {
        for Record { topic, key, value, timestamp } in records {
            while !self.again.is_empty() || !self.offer(self.sent as usize, &self.topics[topic], key, value, timestamp)
            {
                self.attend(Duration::from_millis(5))?;
            }
            self.sent += 1;
        }
        self.attend(Duration::ZERO)
    }

    /// Waits until every record is acknowledged, and says how many each topic has acknowledged.
    ///
    /// # Errors
    /// As for [`Kafka::send`].
    pub fn finish(mut self) -> Result<Vec<(String, u64)>> {
        while self.heard.with(|heard| heard.all()) < self.sent {
            // A flush, unlike a poll, does not wait for more records to fill a batch. That it is not done in time is no error.
            let _ = self.producer.flush(Duration::from_millis(50));
            self.attend(Duration::ZERO)?;
        }
        let acknowledged = self.heard.with(|heard| heard.acknowledged.clone());
        Ok(std::mem::take(&mut self.topics).into_iter().zip(acknowledged).collect())
    }

    /// Whether the client takes a record now.
    fn offer(&self, number: usize, topic: &str, key: &[u8], value: &[u8], timestamp: i64) -> bool {
        let record = BaseRecord::with_opaque_to(topic, number).key(key).payload(value).timestamp(timestamp);
        let Err((error, _)) = self.producer.send(record) else { return true };
        // Full, or at an end and about to be renewed; all else is about this record.
        if !matches!(error.rdkafka_error_code(), Some(RDKafkaErrorCode::QueueFull | RDKafkaErrorCode::Fatal)) {
            self.heard.with(|heard| heard.fail(&error, topic));
        }
        false
    }

    /// Listens for a while, and acts on what it hears.
    fn attend(&mut self, time: Duration) -> Result<()> {
        self.producer.poll(time);
        self.watch.look(&self.heard, self.sent)?;
        if let Some((code, why)) = self.producer.client().fatal_error() {
            self.renew(code, &why)?;
        }
        while let Some((number, record)) = self.again.front() {
            let (key, value) = (record.key().unwrap_or_default(), record.payload().unwrap_or_default());
            let timestamp = record.timestamp().to_millis().unwrap_or_default();
            if !self.offer(*number, record.topic(), key, value, timestamp) {
                break;
            }
            self.again.pop_front();
        }
        Ok(())
    }

    /// Takes back what is under way, for a new producer to send it again. What has arrived without an acknowledgement comes
    /// twice then, behind the first time.
    fn renew(&mut self, code: RDKafkaErrorCode, why: &str) -> Result<()> {
        tracing::debug!("a new producer: {why}");
        if !heard::LOST_COUNT.contains(&code) {
            self.heard.with(|heard| heard.failed.get_or_insert_with(|| why.to_owned()).clone());
        }
        self.producer.purge(PurgeConfig::default().queue().inflight());
        let _ = self.producer.flush(START);
        self.watch.look(&self.heard, self.sent)?;
        self.again.extend(self.heard.with(|heard| std::mem::take(&mut heard.returned)));
        self.again.make_contiguous().sort_by_key(|(number, _)| *number);
        self.producer = producer(&self.config, &self.heard)?;
        let (brokers, again) = (self.watch.brokers().to_owned(), self.again.len());
        self.watch.say(&format!("Kafka at {brokers} lost count; {again} records are sent again, and may come twice"));
        Ok(())
    }
}

fn producer(config: &ClientConfig, heard: &Heard) -> Result<BaseProducer<Heard>> {
    BaseProducer::from_config_and_context(config, heard.clone()).map_err(|error| unusable(&error))
}

fn unusable(error: &KafkaError) -> Error {
    Error::Sink(format!("Kafka's settings do not work: {}; see the flags that begin with --kafka", reason(error)))
}
