//! The columns a detector could see of a transaction, each as one number a row.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::encode::{LifeRecords, Record};
use crate::model::{EntityType, Id, Label, MONEY_MAX, TransactionType};
use crate::schema::time::DAY_MS;
use crate::schema::{Day, Moment};
use crate::validate::cell::usual;

/// A transaction of a life, as far as it can be read.
pub(super) struct Look<'a> {
    pub record: &'a Record,
    pub id: &'a str,
    pub cents: i64,
    pub at: Moment,
    /// How money moved, to whom, and in which direction.
    pub kind: Kind,
    /// Where it stands among the customer's rows as they are stored, and how much further than in order of time.
    pub place: usize,
    pub ahead: i64,
    pub in_usual_city: bool,
    /// In another country than most of the customer's rows.
    pub abroad: bool,
    /// Rows of customers before.
    pub before: u64,
    /// Of the customer's rows.
    pub count: usize,
}

/// The kind of a movement: transaction type, entity type and direction. Where a label can occur at all belongs to what it
/// is (only a payment out to a person can go to a mistyped person), so a label's rows are held against rows of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind(u16);

impl Kind {
    fn of(record: &Record, cents: i64) -> Kind {
        let position = |names: &[&str], column| {
            let word = record.text(column);
            names.iter().position(|name| Some(*name) == word).unwrap_or(names.len()) as u16
        };
        let how = position(&TransactionType::NAMES, "transaction_type");
        let whom = position(&EntityType::NAMES, "entity_type");
        Kind((how * (EntityType::NAMES.len() as u16 + 1) + whom) * 2 + u16::from(cents > 0))
    }

    fn name(self) -> String {
        let entities = EntityType::NAMES.len() + 1;
        let (both, direction) = (usize::from(self.0 / 2), if self.0 % 2 == 1 { "in" } else { "out" });
        let name = |names: &[&'static str], index: usize| names.get(index).copied().unwrap_or("unknown");
        let (how, whom) = (name(&TransactionType::NAMES, both / entities), name(&EntityType::NAMES, both % entities));
        format!("{how} {whom} {direction}")
    }
}

/// A life's transactions in the order of time, with the labels of each as bits.
pub(super) fn looks<'a>(life: &'a LifeRecords, before: u64) -> Vec<(Look<'a>, u8)> {
    let rows = life.of("transactions");
    let mut labels: BTreeMap<&str, u8> = BTreeMap::new();
    for row in life.of("transaction_labels") {
        let label = Label::NAMES.iter().position(|name| Some(*name) == row.text("label"));
        if let Some((id, label)) = row.text("transaction_id").zip(label) {
            *labels.entry(id).or_default() |= 1 << label;
        }
    }
    let [city, country] = ["city", "country"].map(|column| usual(rows.iter(), column));
    let look = |(place, record): (usize, &'a Record)| {
        let cents = record.unscaled("amount").filter(|cents| (-MONEY_MAX..=MONEY_MAX).contains(cents))?;
        let id = record.text("transaction_id")?;
        let look = Look {
            record,
            id,
            cents,
            at: record.moment("booked_at")?,
            kind: Kind::of(record, cents),
            place,
            ahead: 0,
            in_usual_city: record.text("city") == city,
            abroad: record.text("country") != country,
            before,
            count: rows.len(),
        };
        Some((look, labels.get(id).copied().unwrap_or(0)))
    };
    let mut looks: Vec<(Look, u8)> = rows.iter().enumerate().filter_map(look).collect();
    looks.sort_by_key(|(look, _)| look.at);
    looks.iter_mut().enumerate().for_each(|(rank, (look, _))| look.ahead = look.place as i64 - rank as i64);
    looks
}

/// Of which label a column is a part of the definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Defines {
    Nothing,
    /// How much it is.
    Amount,
    /// Where any label can occur.
    Kind,
}

impl Defines {
    pub fn label(self, label: Label) -> bool {
        match self {
            Defines::Nothing => false,
            Defines::Amount => matches!(label, Label::HighAmount | Label::Structuring),
            Defines::Kind => true,
        }
    }
}

/// How a column's value becomes a number.
pub(super) enum Reading {
    /// More or less of something: one threshold splits it.
    Number(fn(&Look) -> f64),
    /// One of a few whole numbers, of which any set may be telling.
    Code(fn(&Look) -> i64),
    /// A word, likewise.
    Word(for<'a> fn(&'a Look) -> Cow<'a, str>),
}

pub(super) struct Column {
    pub name: &'static str,
    pub reading: Reading,
    pub defines: Defines,
}

impl Column {
    /// As it is kept: words as 24 bits of a hash, which a number of this size holds exactly.
    pub fn value(&self, look: &Look) -> f32 {
        match self.reading {
            Reading::Number(of) => of(look) as f32,
            Reading::Code(of) => of(look) as f32,
            Reading::Word(of) => (scatter(&of(look)) >> 40) as f32,
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self.reading, Reading::Number(_))
    }
}

const fn number(name: &'static str, of: fn(&Look) -> f64) -> Column {
    Column { name, reading: Reading::Number(of), defines: Defines::Nothing }
}

const fn code(name: &'static str, of: fn(&Look) -> i64) -> Column {
    Column { name, reading: Reading::Code(of), defines: Defines::Nothing }
}

const fn word(name: &'static str, of: for<'a> fn(&'a Look) -> Cow<'a, str>) -> Column {
    Column { name, reading: Reading::Word(of), defines: Defines::Nothing }
}

const fn amount(name: &'static str, reading: Reading) -> Column {
    Column { name, reading, defines: Defines::Amount }
}

/// Columns of a transaction that are looked at.
pub(super) const WIDTH: usize = 42;

pub(super) static COLUMNS: [Column; WIDTH] = [
    Column { name: "kind", reading: Reading::Word(|look| look.kind.name().into()), defines: Defines::Kind },
    amount("amount", Reading::Number(|look| look.cents as f64 / 100.0)),
    amount("|amount|", Reading::Number(|look| look.cents.unsigned_abs() as f64 / 100.0)),
    amount("first digit of amount", Reading::Code(|look| first_digit(look.cents))),
    code("cents of amount", |look| look.cents.abs() % 100),
    code("last digit of amount", |look| look.cents.abs() % 10),
    code("zeros at the end of amount", |look| zeros(look.cents)),
    number("balance_after", |look| look.record.unscaled("balance_after").map_or(0.0, |cents| cents as f64 / 100.0)),
    code("mcc is NULL", |look| is_null(look, "mcc")),
    code("counterparty_account_id is NULL", |look| is_null(look, "counterparty_account_id")),
    word("category", |look| cell(look, "category")),
    word("mcc", |look| cell(look, "mcc")),
    word("country", |look| cell(look, "country")),
    code("city is the customer's usual", |look| look.in_usual_city.into()),
    word("is_recurring", |look| cell(look, "is_recurring")),
    word("currency", |look| cell(look, "currency")),
    word("bank_id", |look| cell(look, "bank_id")),
    word("data_source", |look| cell(look, "data_source")),
    number("length of recipient_entity", |look| cell(look, "recipient_entity").len() as f64),
    code("digits in recipient_entity", |look| digits(&cell(look, "recipient_entity"))),
    word("words of recipient_entity", |look| pattern(&cell(look, "recipient_entity")).into()),
    number("length of description", |look| cell(look, "description").len() as f64),
    code("digits in description", |look| digits(&cell(look, "description"))),
    word("words of description", |look| pattern(&cell(look, "description")).into()),
    code("tie-break in the id", |look| look.id.parse::<Id>().map_or(-1, |id| (id.sequence() & 0xFFF) as i64)),
    number("time in the id less booked_at", |look| {
        look.id.parse::<Id>().map_or(0.0, |id| (id.sequence() >> 12) as f64 - look.at.0 as f64)
    }),
    code("last digit of the id's group 1", |look| last_digit(look.id, 0)),
    code("last digit of the id's group 2", |look| last_digit(look.id, 1)),
    code("last digit of the id's group 3", |look| last_digit(look.id, 2)),
    code("last digit of the id's group 4", |look| last_digit(look.id, 3)),
    code("last digit of the id's group 5", |look| last_digit(look.id, 4)),
    number("order of rows, all", |look| (look.before + look.place as u64) as f64),
    number("order of rows, customer's", |look| look.place as f64 / look.count as f64),
    number("order of rows less order of time", |look| look.ahead as f64),
    number("booked_at", |look| look.at.0 as f64 / DAY_MS as f64),
    number("time of day", |look| look.at.0.rem_euclid(DAY_MS) as f64 / 3_600_000.0),
    code("hour", |look| look.at.clock().0.into()),
    code("minute", |look| look.at.clock().1.into()),
    code("second", |look| look.at.clock().2.into()),
    code("millisecond", |look| look.at.clock().3.into()),
    code("day of week", |look| day_of_week(look.at.day()).into()),
    code("day of month", |look| look.at.day().day_of_month().into()),
];

fn cell<'a>(look: &'a Look, column: &str) -> Cow<'a, str> {
    look.record.text(column).unwrap_or("NULL").into()
}

fn is_null(look: &Look, column: &str) -> i64 {
    look.record.text(column).is_none().into()
}

/// From 0, Monday.
pub(super) fn day_of_week(day: Day) -> i32 {
    // The first day of 1970 was a Thursday.
    (day.0 + 3).rem_euclid(7)
}

fn first_digit(cents: i64) -> i64 {
    let mut rest = cents.abs();
    while rest > 9 {
        rest /= 10;
    }
    rest
}

fn zeros(cents: i64) -> i64 {
    let (mut rest, mut zeros) = (cents, 0);
    while rest != 0 && rest % 10 == 0 {
        rest /= 10;
        zeros += 1;
    }
    zeros
}

fn digits(text: &str) -> i64 {
    text.bytes().filter(u8::is_ascii_digit).count() as i64
}

/// The text with `#` for each word that holds a digit: numbers and ids differ in every row, words tell.
fn pattern(text: &str) -> String {
    let word = |word| if digits(word) > 0 { "#" } else { word };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The last hexadecimal digit of one of the groups between the dashes; -1 if there is none.
fn last_digit(id: &str, group: usize) -> i64 {
    let last = id.split('-').nth(group).and_then(|group| group.chars().last());
    last.and_then(|digit| digit.to_digit(16)).map_or(-1, i64::from)
}

/// 64 bits of a text that look like chance, the same everywhere (FNV-1a, and the last step of SplitMix64).
pub(super) fn scatter(text: &str) -> u64 {
    let bytes = text.bytes();
    let hash =
        bytes.fold(0xCBF2_9CE4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    let hash = (hash ^ hash >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    hash ^ hash >> 31
}
