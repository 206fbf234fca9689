//! Brokers that err to order: the cluster that librdkafka plays itself. A real one is in `broker.rs`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use credit_seed::Result;
use credit_seed::sinks::kafka::{Cluster, Kafka, Record};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use rdkafka::{Offset, TopicPartitionList};

/// What a broker may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
const TOPIC: &str = "t";
const KEYS: usize = 7;
const RECORDS: usize = 3_000;

fn cluster() -> (MockCluster<'static, DefaultProducerContext>, Cluster) {
    let mock = MockCluster::new(3).unwrap();
    mock.create_topic(TOPIC, 3, 3).unwrap();
    let brokers = mock.bootstrap_servers();
    (mock, Cluster { brokers, properties: Vec::new(), patience: Duration::from_secs(60) })
}

/// Sends all records; in the middle, something happens.
async fn send(cluster: &Cluster, said: &mut String, in_the_middle: impl FnOnce()) -> Result<Vec<(String, u64)>> {
    let mut notice = |text: &str| said.push_str(text);
    let mut kafka = Kafka::open(cluster, vec![TOPIC.to_owned()], &mut notice).await?;
    let texts: Vec<(String, String)> =
        (0..RECORDS).map(|number| ((number % KEYS).to_string(), number.to_string())).collect();
    let (first, second) = texts.split_at(RECORDS / 2);
    fn record((key, value): &(String, String)) -> Record<'_> {
        Record { topic: 0, key: key.as_bytes(), value: value.as_bytes(), timestamp: 1 }
    }
    kafka.send(first.iter().map(record))?;
    in_the_middle();
    kafka.send(second.iter().map(record))?;
    kafka.finish()
}

/// The values of each key, in the order in which they lie there.
fn read(cluster: &Cluster) -> BTreeMap<String, Vec<usize>> {
    let consumer: BaseConsumer =
        ClientConfig::new().set("bootstrap.servers", &cluster.brokers).set("group.id", "g").create().unwrap();
    let mut read = BTreeMap::<_, Vec<_>>::new();
    for partition in 0..3 {
        let (_, end) = consumer.fetch_watermarks(TOPIC, partition, PATIENCE).unwrap();
        let mut from = TopicPartitionList::new();
        from.add_partition_offset(TOPIC, partition, Offset::Beginning).unwrap();
        consumer.assign(&from).unwrap();
        let (mut left, begun) = (end, Instant::now());
        while left > 0 {
            assert!(begun.elapsed() < PATIENCE, "{left} of {end} are missing");
            // Not every event that is heard is a record.
            let Some(record) = consumer.poll(Duration::from_millis(100)) else { continue };
            let record = record.unwrap();
            let text = |bytes: Option<&[u8]>| String::from_utf8(bytes.unwrap().to_vec()).unwrap();
            read.entry(text(record.key())).or_default().push(text(record.payload()).parse().unwrap());
            left -= 1;
        }
    }
    read
}

#[tokio::test]
async fn brokers_that_lost_count_get_it_all_again_in_order() {
    for (error, is_lost) in [
        (RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, true),
        (RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, false),
    ] {
        let ((mock, cluster), mut said) = (cluster(), String::new());
        let sent =
            send(&cluster, &mut said, || mock.request_errors(RDKafkaApiKey::Produce, &[error, error])).await.unwrap();
        assert_eq!(sent, [(TOPIC.to_owned(), RECORDS as u64)], "{error:?}");
        assert_eq!(said.contains(" lost count; "), is_lost, "{error:?}: {said}");
        let mut read = read(&cluster);
        assert_eq!(read.len(), KEYS);
        for (key, values) in &mut read {
            let key: usize = key.parse().unwrap();
            // What comes twice comes behind its first time.
            let mut seen = Vec::new();
            values.retain(|value| {
                !seen.contains(value) && {
                    seen.push(*value);
                    true
                }
            });
            let wanted: Vec<usize> = (key..RECORDS).step_by(KEYS).collect();
            assert!(*values == wanted, "{error:?}: {key}");
        }
    }
}

#[tokio::test]
async fn a_record_that_is_refused_ends_it() {
    let (mock, cluster) = cluster();
    let refusal = RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    let refused =
        send(&cluster, &mut String::new(), || mock.request_errors(RDKafkaApiKey::Produce, &[refusal; 20])).await;
    let why = refused.unwrap_err().to_string();
    assert!(why.contains("Topic authorization failed") && why.contains("(topic t); "), "{why}");
    assert!(why.ends_with(&format!("of {RECORDS} records are acknowledged")), "{why}");
}
