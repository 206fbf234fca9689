//! `events`: what happened, in the envelope that every stream shares.

use super::{Id, words};
use crate::schema::Value::{Json, Null, Text, Timestamp};
use crate::schema::{Column, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct Event {
    pub event_id: Id,
    pub event_type: &'static str,
    pub event_version: &'static str,
    pub occurred_at: Moment,
    pub source_service: &'static str,
    /// Shared by the events of one business flow: an application and all that comes of it.
    pub correlation_id: Id,
    pub customer_id: Option<Id>,
    /// Canonical JSON (RFC 8785).
    pub payload: String,
}

impl Row for Event {
    const TABLE: &'static Table<Self> = &Table {
        name: "events",
        about: "Events of all streams; the stream `life` holds the milestones of each customer.",
        columns: &[
            Column::new("event_id", Kind::Id, "Key.", |e: &Self| e.event_id.value()).primary(),
            Column::new("event_type", words(50), "What happened.", |e: &Self| Text(e.event_type)),
            Column::new("event_version", words(10), "Version of the payload's form.", |e: &Self| Text(e.event_version)),
            Column::new("occurred_at", Kind::Timestamp, "When it happened.", |e: &Self| Timestamp(e.occurred_at)),
            Column::new("source_service", words(50), "Who reports it.", |e: &Self| Text(e.source_service)),
            Column::new("correlation_id", Kind::Id, "The same for all events of one flow.", |e: &Self| {
                e.correlation_id.value()
            }),
            Column::new(
                "customer_id",
                Kind::Id,
                "Whom it concerns; NULL where it is nobody in particular.",
                |e: &Self| e.customer_id.map_or(Null, Id::value),
            )
            .references("customers", "customer_id")
            .nullable(),
            Column::new("payload", Kind::Json, "What the event says.", |e: &Self| Json(&e.payload)),
        ],
        unique: &[],
    };
}
