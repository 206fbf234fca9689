//! Transactions: somebody moves money, and it arrives, or does not; some of it is flagged, some of it is fraud.

use super::people::{People, Resident, address, far_away, geo, name_by_weight};
use super::{Name, StreamEvent, StreamKind, Teller};
use crate::generate::draw::Draw;
use crate::model::payload::Device;
use crate::model::payload::{CircleMetadata, Fees, FlagDetails, Geo, Instrument, Ip, Payload, Reference, Time};
use crate::model::{Cents, Id, Pattern};
use crate::schema::Moment;

const USD: &str = "USD";
/// Shares that consumers know: what fails, and above what an amount is always flagged.
const FAILS: f64 = 0.05;
const FLAGGED_ABOVE: Cents = Cents(900_000);
/// Honest transactions that a rule suspects, and honest amounts just under a threshold: our assumptions.
const SUSPECTED: f64 = 0.012;
const JUST_UNDER: f64 = 0.004;
/// One customer in so many pays such amounts every other time, for a rent or a business: our assumption.
const DEAR: u64 = 50;
/// Honest customers have new phones, and hours in which they settle one bill after the other: our assumptions.
const NEW_DEVICE: f64 = 0.02;
const BUSY: f64 = 0.015;
/// Of the fraud, this much is flagged, and of the bursts.
const FRAUD_FLAGGED: f64 = 0.7;

/// How a flow goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Honest,
    Fraud,
    Structuring,
    Velocity,
}

struct Begun<'p> {
    draw: Draw,
    who: &'p Resident,
    at: Moment,
    course: Course,
}

fn begin<'p>(people: &'p People<'_>, flow: u64) -> Option<Begun<'p>> {
    let settings = people.settings;
    let mut draw = people.draw(StreamKind::Transaction, flow);
    let span = people.span(flow, settings.time_span_days);
    let who = people.any(&mut draw, span)?;
    let u = draw.uniform();
    let fraud = settings.fraud_injection_rate.unwrap_or(0.03);
    let structuring = fraud + settings.structuring_injection_rate;
    let course = match u {
        _ if u < fraud => Course::Fraud,
        _ if u < structuring => Course::Structuring,
        _ if u < structuring + settings.velocity_anomaly_rate => Course::Velocity,
        _ => Course::Honest,
    };
    let mut at = who.moment(span, None, &mut draw);
    // Half of the thieves work at night.
    if course == Course::Fraud && draw.chance(0.35) {
        let night = who.unusual_hour(at.day(), &mut draw);
        at = if who.is_there(night) { night } else { at };
    }
    Some(Begun { draw, who, at, course })
}

/// When a flow begins; `None` where there is nobody to begin it.
pub fn starts(people: &People<'_>, flow: u64) -> Option<Moment> {
    begin(people, flow).map(|begun| begun.at)
}

/// The events of a flow.
pub fn tell<'w>(people: &People<'w>, flow: u64) -> Vec<StreamEvent<'w>> {
    let world = people.world;
    let mut teller = Teller::new(world, StreamKind::Transaction, flow);
    let Some(Begun { mut draw, who, at, course }) = begin(people, flow) else { return Vec::new() };
    let draw = &mut draw;
    let kind = name_by_weight(&people.settings.type_weights, draw);
    let (_, place) = who.whereabouts(world, at);
    let mut transfer = Transfer {
        kind,
        amount: amount(people, draw),
        at,
        device: who.device(draw).0,
        ip: who.ip(place),
        place: geo(place, draw),
        destination: None,
        flag: Flag::Usual,
        metadata: None,
    };
    match course {
        Course::Honest => {
            if draw.chance(if who.key % DEAR == 0 { 0.5 } else { JUST_UNDER }) {
                transfer.amount = just_under(draw);
            }
            if draw.chance(NEW_DEVICE) {
                transfer.device = Device(draw.below(u64::MAX));
            }
            one(&mut teller, people, who, &transfer, draw);
            let more = if draw.chance(BUSY) { 3 + draw.below(6) } else { 0 };
            for _ in 0..more {
                transfer.amount = amount(people, draw);
                transfer.at = transfer.at.plus_seconds(60 + draw.below(780) as i64);
                one(&mut teller, people, who, &transfer, draw);
            }
        }
        Course::Fraud => {
            // A stranger's device, mostly from an address of their own; larger sums, to somebody new.
            transfer.amount = transfer.amount.times(draw.log_normal(1.9, 0.5)).clamp(Cents(100), Cents(5_000_000));
            if draw.chance(0.8) {
                transfer.device = Device(draw.below(u64::MAX));
            }
            if draw.chance(0.75) {
                transfer.ip = address(draw.below(u64::MAX));
            }
            if draw.chance(0.3) {
                transfer.place = far_away(draw);
            }
            transfer.destination = Some(stranger(draw));
            transfer.flag = Flag::Fraud;
            let case = teller.id(who.id);
            one(&mut teller, people, who, &transfer, draw);
            teller.label(0, Pattern::Fraud, case);
        }
        Course::Structuring => {
            let case = teller.id(who.id);
            for _ in 0..2 + draw.below(3) {
                transfer.amount = just_under(draw);
                one(&mut teller, people, who, &transfer, draw);
                let next = transfer.at.plus_seconds(3_600 * (3 + draw.below(30) as i64));
                transfer.at = who.hour_of(next.day(), draw).max(next);
            }
            teller.label(0, Pattern::Structuring, case);
        }
        Course::Velocity => {
            let case = teller.id(who.id);
            transfer.flag = Flag::Velocity;
            let count = 8 + draw.below(8) as i64;
            // All within an hour.
            let gap = 3_500 / count;
            for _ in 0..count {
                transfer.amount = amount(people, draw).times(0.6).max(Cents(100));
                one(&mut teller, people, who, &transfer, draw);
                transfer.at = transfer.at.plus_seconds(1 + draw.below(gap as u64) as i64);
            }
            teller.label(0, Pattern::Velocity, case);
        }
    }
    teller.told()
}

/// What is to be moved, and how.
pub(super) struct Transfer<'w> {
    pub kind: &'w str,
    pub amount: Cents,
    pub at: Moment,
    pub device: Device,
    pub ip: Ip,
    pub place: Geo,
    /// Somebody the customer never paid before.
    pub destination: Option<Instrument>,
    pub flag: Flag,
    pub metadata: Option<CircleMetadata>,
}

/// Which flags a transfer may raise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Usual,
    Fraud,
    Velocity,
}

fn amount(people: &People<'_>, draw: &mut Draw) -> Cents {
    let law = &people.settings.amount_distribution;
    let dollars = libm::exp(law.log_normal_mean + law.log_normal_std * draw.normal());
    Cents::from_dollars(dollars.clamp(1.0, 50_000.0))
}

/// An amount that stays under one of two thresholds.
fn just_under(draw: &mut Draw) -> Cents {
    let (from, to) = if draw.chance(0.5) { (2_800, 3_000) } else { (9_500, 10_000) };
    let dollars = (from + draw.below(to - from)) as i64;
    // Mostly a whole number, as people like them.
    Cents(dollars * 100 + if draw.chance(0.7) { 0 } else { draw.below(100) as i64 })
}

fn stranger(draw: &mut Draw) -> Instrument {
    let number = draw.below(u64::MAX);
    Instrument { identifier: Reference { prefix: "ba_", digits: 14, number }, r#type: "bank" }
}

/// Where the money of a type comes from and goes to.
fn ends(kind: &str, who: &Resident, draw: &mut Draw) -> (Instrument, Instrument) {
    let theirs = who.instrument(["stripe", "bank", "balance"][draw.weighted(&[0.45, 0.35, 0.2])]);
    let number = match kind {
        // Whom they usually pay: three parties of each kind.
        "remittance" | "circle_contribution" | "circle_payout" => who.key.wrapping_add(draw.below(3)),
        _ => 0,
    };
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let other = Instrument { identifier: Reference { prefix: "bal_", digits: 14, number: mixed }, r#type: "balance" };
    if matches!(kind, "circle_payout" | "refund") { (other, theirs) } else { (theirs, other) }
}

/// One transfer: initiated, perhaps flagged, completed or failed.
fn one<'w>(teller: &mut Teller<'w>, people: &People<'w>, who: &Resident, transfer: &Transfer<'w>, draw: &mut Draw) {
    let flow = teller.id(who.id);
    let (source, usual) = ends(transfer.kind, who, draw);
    let destination = transfer.destination.unwrap_or(usual);
    let transaction_id = teller.id(who.id);
    initiate(teller, who, transfer, (source, destination), transaction_id, flow);
    let fails = draw.chance(FAILS);
    let ends_at = transfer.at.plus_seconds(1 + draw.below(120) as i64);
    if let Some((flag_type, details)) = flag(transfer, draw) {
        // What is flagged is flagged before it is over.
        let most = ((ends_at.0 - transfer.at.0) / 1000).min(60);
        let flagged_at = transfer.at.plus_seconds(1 + draw.below(most as u64) as i64).min(ends_at);
        let held = ["held_for_review", "allowed_with_flag"][draw.weighted(&[0.4, 0.6])];
        let payload = Payload::TransactionFlagged {
            action_taken: if fails && draw.chance(0.6) { "blocked" } else { held },
            flag_details: details,
            flag_type,
            flagged_at: Time(flagged_at),
            risk_score: 50 + draw.below(46) as u32,
            transaction_id,
            user_id: who.id,
        };
        teller.tell(flagged_at, "transaction-flagged", who.id, flow, payload);
    }
    if fails {
        let (error_code, error_message, retry_eligible) = [
            ("insufficient_funds", "The source account has not enough money", false),
            ("card_declined", "The issuer declined the card", false),
            ("network_error", "The processor did not answer in time", true),
        ][draw.weighted(&[0.5, 0.3, 0.2])];
        let failed_at = Time(ends_at);
        let payload = Payload::TransactionFailed {
            error_code,
            error_message,
            failed_at,
            retry_eligible,
            transaction_id,
            user_id: who.id,
        };
        teller.tell(ends_at, "transaction-failed", who.id, flow, payload);
        return;
    }
    complete(teller, who, transfer.amount, ends_at, transaction_id, flow, draw);
    for (state, share) in &people.settings.transaction_states {
        if draw.chance(*share) {
            let at = ends_at.plus_seconds(3_600 + draw.below(10 * 86_400) as i64);
            let payload = Payload::TransactionCameTo { transaction_id, updated_at: Time(at), user_id: who.id };
            teller.tell_as(at, Name::TransactionState(state), who.id, flow, payload);
        }
    }
}

/// Tells that a transfer is initiated.
pub(super) fn initiate<'w>(
    teller: &mut Teller<'w>,
    who: &Resident,
    transfer: &Transfer<'w>,
    (source, destination): (Instrument, Instrument),
    transaction_id: Id,
    flow: Id,
) {
    let payload = Payload::TransactionInitiated {
        amount: transfer.amount,
        currency: USD,
        destination,
        device_id: transfer.device,
        geo_location: transfer.place,
        initiated_at: Time(transfer.at),
        ip_address: transfer.ip,
        metadata: transfer.metadata,
        source,
        transaction_id,
        r#type: transfer.kind,
        user_id: who.id,
    };
    teller.tell(transfer.at, "transaction-initiated", who.id, flow, payload);
}

/// Tells that it is completed, and what that costs.
pub(super) fn complete(
    teller: &mut Teller<'_>,
    who: &Resident,
    amount: Cents,
    at: Moment,
    transaction_id: Id,
    flow: Id,
    draw: &mut Draw,
) {
    let (platform_fee, processor_fee) = (percent(amount, 20), percent(amount, 29) + Cents(30));
    let payload = Payload::TransactionCompleted {
        completed_at: Time(at),
        fees: Fees { currency: USD, platform_fee, processor_fee },
        net_amount: amount - platform_fee - processor_fee,
        processor_reference: Reference { prefix: "ch_", digits: 12, number: draw.below(u64::MAX) },
        transaction_id,
        user_id: who.id,
    };
    teller.tell(at, "transaction-completed", who.id, flow, payload);
}

/// So many thousandths of an amount, to the nearest cent, halves up.
fn percent(amount: Cents, thousandths: i64) -> Cents {
    Cents((amount.0 * thousandths + 500) / 1000)
}

fn flag(transfer: &Transfer<'_>, draw: &mut Draw) -> Option<(&'static str, FlagDetails)> {
    let details = |rule_triggered, description| FlagDetails { description, rule_triggered };
    let u = draw.uniform();
    let suspected = match transfer.flag {
        _ if transfer.amount > FLAGGED_ABOVE => {
            return Some(("aml_threshold", details("amount_above_9000", "The amount is near the reporting threshold")));
        }
        Flag::Usual => u < SUSPECTED,
        Flag::Fraud => u < FRAUD_FLAGGED,
        Flag::Velocity => {
            let rule = details("transfers_per_hour", "Many transfers of one customer within an hour");
            return (u < 0.25).then_some(("velocity_limit", rule));
        }
    };
    // Honest customers are now and then too fast for the rule, too.
    if suspected && transfer.flag == Flag::Usual && u < SUSPECTED * 0.2 {
        return Some((
            "velocity_limit",
            details("transfers_per_hour", "Many transfers of one customer within an hour"),
        ));
    }
    suspected.then(|| ("fraud_suspicion", details("unusual_pattern", "The payment is unlike the customer's others")))
}
