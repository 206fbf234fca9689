//! What can be said about Kafka: by a flag each, or by a variable, `CREDIT_SEED_KAFKA_BROKERS` for `--kafka-brokers`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How to reach Kafka. Passwords have no flag, since everybody on a machine can read command lines.
#[derive(Args)]
#[command(
    next_help_heading = "With --output kafka (each also as CREDIT_SEED_KAFKA_<NAME>, in the environment or .env)"
)]
pub struct KafkaFlags {
    /// Brokers to begin with [default: localhost:9092]
    #[arg(long, global = true, value_name = "HOST:PORT,...", value_parser = brokers)]
    pub kafka_brokers: Option<String>,
    /// What the names of topics begin with: PREFIX.circle.events and its like, PREFIX.circle.events.labels [default: credit-seed]
    #[arg(long, global = true, value_name = "PREFIX", value_parser = prefix)]
    pub kafka_prefix: Option<String>,
    /// How batches are packed [default: zstd]
    #[arg(long, global = true, value_enum, value_name = "WORD")]
    pub kafka_compression: Option<Compression>,
    /// How long to wait, under way, for brokers that do not answer [default: 300]
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub kafka_timeout: Option<u64>,
    /// What the brokers' port speaks [default: plaintext]
    #[arg(long, global = true, value_enum, value_name = "WORD")]
    pub kafka_security: Option<Security>,
    /// How to log in [default: scram-sha-512]
    #[arg(long, global = true, value_enum, value_name = "WORD")]
    pub kafka_sasl_mechanism: Option<Mechanism>,
    /// Who logs in; the password comes from CREDIT_SEED_KAFKA_PASSWORD, or a file
    #[arg(long, global = true, value_name = "NAME")]
    pub kafka_username: Option<String>,
    /// A file with the password in it
    #[arg(long, global = true, value_name = "FILE")]
    pub kafka_password_file: Option<PathBuf>,
    /// Certificates to trust, as PEM [default: those of the system]
    #[arg(long, global = true, value_name = "FILE")]
    pub kafka_ca_file: Option<PathBuf>,
    /// Our own certificate, as PEM, where the brokers want one
    #[arg(long, global = true, value_name = "FILE")]
    pub kafka_certificate_file: Option<PathBuf>,
    /// Its key, as PEM; if that has a password, it comes from CREDIT_SEED_KAFKA_KEY_PASSWORD
    #[arg(long, global = true, value_name = "FILE")]
    pub kafka_key_file: Option<PathBuf>,
}

impl KafkaFlags {
    /// One that was given, if any was.
    pub fn given(&self) -> Option<&'static str> {
        let given = [
            (self.kafka_brokers.is_some(), "--kafka-brokers"),
            (self.kafka_prefix.is_some(), "--kafka-prefix"),
            (self.kafka_compression.is_some(), "--kafka-compression"),
            (self.kafka_timeout.is_some(), "--kafka-timeout"),
            (self.kafka_security.is_some(), "--kafka-security"),
            (self.kafka_sasl_mechanism.is_some(), "--kafka-sasl-mechanism"),
            (self.kafka_username.is_some(), "--kafka-username"),
            (self.kafka_password_file.is_some(), "--kafka-password-file"),
            (self.kafka_ca_file.is_some(), "--kafka-ca-file"),
            (self.kafka_certificate_file.is_some(), "--kafka-certificate-file"),
            (self.kafka_key_file.is_some(), "--kafka-key-file"),
        ];
        given.into_iter().find(|(is_given, _)| *is_given).map(|(_, flag)| flag)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Compression {
    None,
    Gzip,
    Snappy,
    Lz4,
    Zstd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Security {
    Plaintext,
    /// TLS
    Ssl,
    /// A login in the clear
    SaslPlaintext,
    /// A login over TLS
    SaslSsl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mechanism {
    /// The password itself; only over TLS
    Plain,
    #[value(name = "scram-sha-256")]
    ScramSha256,
    #[value(name = "scram-sha-512")]
    ScramSha512,
}

/// Where brokers are.
pub fn brokers(text: &str) -> Result<String, String> {
    let is_address = |address: &str| !address.trim().is_empty();
    let brokers = text.split(',').all(is_address).then(|| text.to_owned());
    brokers.ok_or_else(|| "give host:port, several divided by commas".to_owned())
}

/// The beginning of a topic's name, which may have 249 letters.
pub fn prefix(text: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let is_prefix = (1..=200).contains(&text.len()) && text.bytes().all(fits);
    is_prefix.then(|| text.to_owned()).ok_or_else(|| "give letters, digits, dots, dashes and _, 200 at most".to_owned())
}

/// How long to wait.
pub fn seconds(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=1_000_000).contains(seconds));
    seconds.ok_or_else(|| "give a whole number of seconds from 1 to 1000000".to_owned())
}
