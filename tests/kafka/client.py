"""A client that shares no code with ours: kafka-python.

create BROKER TOPIC...   creates topics with three partitions that keep what is old, too
read BROKER TOPIC        prints partition, timestamp, key and value of each record, partition by partition, in order
"""

import sys

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import NewTopic

what, broker, *topics = sys.argv[1:]
if what == "create":
    KafkaAdminClient(bootstrap_servers=broker).create_topics([NewTopic(topic, 3, 1, topic_configs={"retention.ms": "-1"}) for topic in topics])
else:
    consumer = KafkaConsumer(bootstrap_servers=broker, check_crcs=True, enable_auto_commit=False)
    [topic] = topics
    out = sys.stdout.buffer
    for number in sorted(consumer.partitions_for_topic(topic)):
        partition = TopicPartition(topic, number)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        end = consumer.end_offsets([partition])[partition]
        while consumer.position(partition) < end:
            for record in consumer.poll(timeout_ms=1000).get(partition, []):
                out.write(b"%d\t%d\t%s\t%s\n" % (number, record.timestamp, record.key, record.value))
