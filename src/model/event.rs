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
        about: "Events of all streams; the stream \"life\" holds the milestones of each customer.",
        columns: &[
            Column::new("event_id", Kind::Id, |e: &Self| e.event_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID of the customer's number, the time, a tie-break and a tag of seed and scenario."),
            Column::new("event_type", words(50), |e: &Self| Text(e.event_type))
                .about("What happened.")
                .origin("Onboarding, steps of applications and loans, missed payments, score moves of over 20 points."),
            Column::new("event_version", words(10), |e: &Self| Text(e.event_version))
                .about("Version of the payload's form.")
                .origin("The same in every row."),
            Column::new("occurred_at", Kind::Timestamp, |e: &Self| Timestamp(e.occurred_at))
                .about("When it happened.")
                .origin("The moment itself, where the life has it; else the day, at an hour of each kind of event."),
            Column::new("source_service", words(50), |e: &Self| Text(e.source_service))
                .about("Who reports it.")
                .origin("Goes with the stream: life-service for milestones."),
            Column::new("correlation_id", Kind::Id, |e: &Self| e.correlation_id.value())
                .about("The same for all events of one flow.")
                .origin("The application's id for it and its loan; the customer's for all else."),
            Column::new("customer_id", Kind::Id, |e: &Self| e.customer_id.map_or(Null, Id::value))
                .references("customers", "customer_id")
                .nullable()
                .about("Whom it concerns; NULL where it is nobody in particular.")
                .origin("The customer whose milestone it is."),
            Column::new("payload", Kind::Json, |e: &Self| Json(&e.payload))
                .about("What the event says.")
                .origin("Ids, words and amounts of the rows that it tells of; amounts are strings in USD."),
        ],
        unique: &[],
        foreign: &[],
    };
}
