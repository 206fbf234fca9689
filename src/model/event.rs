//! `events`: what happened, in the envelope that every stream shares.

use std::borrow::Cow;

use super::{Id, words};
use crate::schema::Value::{Json, Null, Text, Timestamp};
use crate::schema::{Column, Kind, Moment, Row, Table};

#[derive(Clone, Debug)]
pub struct Event {
    pub event_id: Id,
    pub event_type: Cow<'static, str>,
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
        about: "Events of all streams: circles, transactions, sessions, remittances, and the milestones of lives.",
        columns: &[
            Column::new("event_id", Kind::Id, |e: &Self| e.event_id.value())
                .primary()
                .about("Key.")
                .origin("A UUID: of a milestone with the customer's number, the time and a tie-break in it, of others with a keyed number."),
            Column::new("event_type", words(50), |e: &Self| Text(&e.event_type))
                .about("What happened.")
                .origin("Milestones: onboarding, steps of applications and loans, missed payments, score moves of over 20 points; others as `schemas/events` lists them."),
            Column::new("event_version", words(10), |e: &Self| Text(e.event_version))
                .about("Version of the payload's form.")
                .origin("The same in every row."),
            Column::new("occurred_at", Kind::Timestamp, |e: &Self| Timestamp(e.occurred_at))
                .about("When it happened.")
                .origin("The moment itself, where the life has it; else the day, at an hour of each kind of event."),
            Column::new("source_service", words(50), |e: &Self| Text(e.source_service))
                .about("Who reports it.")
                .origin("Goes with the event: life-service for milestones."),
            Column::new("correlation_id", Kind::Id, |e: &Self| e.correlation_id.value())
                .about("The same for all events of one flow.")
                .origin("The application's id for it and its loan, an id of its own for a circle, a transfer, a session, a remittance; the customer's for all else."),
            Column::new("customer_id", Kind::Id, |e: &Self| e.customer_id.map_or(Null, Id::value))
                .references("customers", "customer_id")
                .nullable()
                .about("Whom it concerns; NULL where it is nobody in particular.")
                .origin("The customer who acts, or whose milestone it is; of a circle as such its organizer. NULL for exchange rates."),
            Column::new("payload", Kind::Json, |e: &Self| Json(&e.payload))
                .about("What the event says.")
                .origin("Ids, words and amounts of what it tells of; amounts are strings."),
        ],
        unique: &[],
        foreign: &[],
    };
}
