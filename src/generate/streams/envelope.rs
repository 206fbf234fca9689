//! The envelope: an event of a stream as the line that consumers read, and its labels as lines beside.

use std::borrow::Cow;
use std::io::Write;

use super::{Name, StreamEvent, StreamKind};
use crate::model::Id;
use crate::model::payload::{Payload, Time};

/// The version of every event's form.
pub const VERSION: &str = "1.0";

impl Name<'_> {
    /// Appends the type's name.
    fn write(self, out: &mut Vec<u8>) {
        match self {
            Name::Known(name) => out.extend_from_slice(name.as_bytes()),
            Name::TransactionState(state) => {
                out.extend_from_slice(b"transaction-");
                out.extend_from_slice(state.as_bytes());
            }
        }
    }
}

impl From<Name<'_>> for Cow<'static, str> {
    fn from(name: Name<'_>) -> Self {
        match name {
            Name::Known(name) => Cow::Borrowed(name),
            Name::TransactionState(state) => Cow::Owned(format!("transaction-{state}")),
        }
    }
}

impl StreamEvent<'_> {
    /// Who reports it. What a circle's payments bring about is the transaction service's.
    pub fn source_service(&self) -> &'static str {
        match (self.stream, self.name) {
            (StreamKind::Circle, Name::Known(name)) if name.starts_with("circle-") => "circle-service",
            (StreamKind::Circle | StreamKind::Transaction, _) => "transaction-service",
            (StreamKind::Session, _) => "user-service",
            (StreamKind::Remittance, _) => "remittance-service",
        }
    }

    /// The event's type.
    pub fn event_type(&self) -> Cow<'static, str> {
        self.name.into()
    }

    /// Appends the event as a JSON object, without a line's end; with its labels in it, if they are wanted.
    pub fn write(&self, with_labels: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"event_id\":\"");
        write_id(self.id, out);
        out.extend_from_slice(b"\",\"event_type\":\"");
        self.name.write(out);
        out.extend_from_slice(b"\",\"event_version\":\"");
        out.extend_from_slice(VERSION.as_bytes());
        out.extend_from_slice(b"\",\"timestamp\":\"");
        out.extend_from_slice(&Time(self.at).text());
        out.extend_from_slice(b"\",\"source_service\":\"");
        out.extend_from_slice(self.source_service().as_bytes());
        out.extend_from_slice(b"\",\"correlation_id\":\"");
        write_id(self.correlation, out);
        out.extend_from_slice(b"\",\"payload\":");
        // Writing plain structs of text and numbers to memory cannot fail.
        let written = serde_json::to_writer(&mut *out, &self.payload);
        debug_assert!(written.is_ok());
        if with_labels {
            out.extend_from_slice(b",\"labels\":[");
            for (number, (label, _)) in self.labels.iter().enumerate() {
                out.extend_from_slice(if number > 0 { b",\"" } else { b"\"" });
                out.extend_from_slice(label.name().as_bytes());
                out.push(b'"');
            }
            out.push(b']');
        }
        out.push(b'}');
    }

    /// Appends what keeps the events of its flow together and in order, wherever events are dealt out by a key: the circle,
    /// payments to it included; else the customer; an exchange rate's pair.
    pub fn write_key(&self, out: &mut Vec<u8>) {
        match (self.circle.or(self.customer), &self.payload) {
            (Some(id), _) => write_id(id, out),
            (None, Payload::RateUpdated { pair, .. }) => out.extend_from_slice(pair.as_bytes()),
            (None, _) => write_id(self.correlation, out),
        }
    }

    /// Appends a line for each label.
    pub fn write_labels(&self, out: &mut Vec<u8>) {
        for (label, case) in &self.labels {
            out.extend_from_slice(b"{\"event_id\":\"");
            write_id(self.id, out);
            out.extend_from_slice(b"\",\"label\":\"");
            out.extend_from_slice(label.name().as_bytes());
            out.extend_from_slice(b"\",\"case_id\":\"");
            write_id(*case, out);
            out.extend_from_slice(b"\"}\n");
        }
    }
}

fn write_id(id: Id, out: &mut Vec<u8>) {
    let written = write!(out, "{id}");
    debug_assert!(written.is_ok());
}
