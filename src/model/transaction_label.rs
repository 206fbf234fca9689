//! `transaction_labels`: the ground truth about transactions that are not what they seem.

use super::{Id, words};
use crate::schema::Value::{Null, Text, Timestamp};
use crate::schema::{Column, Kind, Moment, Row, Table};

/// What can be wrong with a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    AccidentBurst,
    HighAmount,
    MistypedEntity,
    CardTesting,
    AccountTakeover,
    AppScam,
    Mule,
    Structuring,
}

impl Label {
    pub const ALL: [Label; 8] = [
        Label::AccidentBurst,
        Label::HighAmount,
        Label::MistypedEntity,
        Label::CardTesting,
        Label::AccountTakeover,
        Label::AppScam,
        Label::Mule,
        Label::Structuring,
    ];
    pub const NAMES: [&str; 8] = [
        "accident_burst",
        "high_amount",
        "mistyped_entity",
        "fraud_card_testing",
        "fraud_account_takeover",
        "fraud_app_scam",
        "fraud_mule",
        "structuring",
    ];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

#[derive(Clone, Debug)]
pub struct TransactionLabel {
    pub transaction_id: Id,
    pub label: Label,
    /// The same for all rows of one case.
    pub case_id: Id,
    /// The part of this row in its case.
    pub role: &'static str,
    /// When the bank came to know.
    pub known_at: Moment,
    /// Who was meant, where the payee was mistyped.
    pub original_recipient_entity: Option<String>,
}

impl Row for TransactionLabel {
    const TABLE: &'static Table<Self> = &Table {
        name: "transaction_labels",
        about: "Ground truth: transactions that are accidents or fraud. Kept apart, for no detector may see it.",
        columns: &[
            Column::new("transaction_id", Kind::Id, |l: &Self| l.transaction_id.value())
                .primary()
                .references("transactions", "transaction_id")
                .about("The transaction.")
                .origin("Laid over a correct life afterwards, at the rates that the scenario sets."),
            Column::new("label", words(50), |l: &Self| Text(l.label.name()))
                .primary()
                .one_of(&Label::NAMES)
                .about("What it is.")
                .origin("One kind of accident or fraud each, with a stream of chance of its own."),
            Column::new("case_id", Kind::Id, |l: &Self| l.case_id.value())
                .about("The same for all rows of one case.")
                .origin("The id of the first transaction of the case."),
            Column::new("role", words(50), |l: &Self| Text(l.role))
                .about("The part of this row in its case.")
                .origin("Goes with the label: test or spending, received or forwarded, repeated, misdirected, returned."),
            Column::new("known_at", Kind::Timestamp, |l: &Self| Timestamp(l.known_at))
                .about("When the bank came to know; a detector trained on an earlier day cannot have it. May lie after as_of.")
                .origin("A log-normal delay behind the case's last row, by label: hours for accidents, weeks for mules."),
            Column::new("original_recipient_entity", words(100), |l: &Self| {
                l.original_recipient_entity.as_deref().map_or(Null, Text)
            })
            .nullable()
            .about("Who was meant, where the payee was mistyped; NULL for all else.")
            .origin("The payee before one or two digits were changed."),
        ],
        unique: &[],
        foreign: &[],
    };
}
