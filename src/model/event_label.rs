//! `event_labels`: the ground truth about events that are not what they seem.

use super::{Id, words};
use crate::schema::Value::Text;
use crate::schema::{Column, Kind, Row, Table};

/// What an event can be part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    Collusion,
    SharedDevice,
    Fraud,
    Structuring,
    Velocity,
    ImpossibleTravel,
    UnusualHour,
    AccountTakeover,
    Smurfing,
}

impl Pattern {
    pub const NAMES: [&'static str; 9] = [
        "collusion",
        "shared_device",
        "fraud",
        "structuring",
        "velocity",
        "impossible_travel",
        "unusual_hour",
        "account_takeover",
        "smurfing",
    ];

    pub const fn name(self) -> &'static str {
        Pattern::NAMES[self as usize]
    }
}

#[derive(Clone, Debug)]
pub struct EventLabel {
    pub event_id: Id,
    pub label: Pattern,
    /// The same for all events of one case.
    pub case_id: Id,
}

impl Row for EventLabel {
    const TABLE: &'static Table<Self> = &Table {
        name: "event_labels",
        about: "Ground truth: events that belong to a fraud or an oddity. Kept apart, for no detector may see it.",
        columns: &[
            Column::new("event_id", Kind::Id, |l: &Self| l.event_id.value())
                .primary()
                .references("events", "event_id")
                .about("The event.")
                .origin("Of a flow that was chosen for it, at the rates that the scenario sets."),
            Column::new("label", words(50), |l: &Self| Text(l.label.name()))
                .primary()
                .one_of(&Pattern::NAMES)
                .about("What it is part of.")
                .origin("Goes with the flow: its course was drawn when it began."),
            Column::new("case_id", Kind::Id, |l: &Self| l.case_id.value())
                .about("The same for all events of one case.")
                .origin("An id of its own, in the stream of the flow."),
        ],
        unique: &[],
        foreign: &[],
    };
}
