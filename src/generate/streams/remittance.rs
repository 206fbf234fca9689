//! Remittances: money sent home, stage by stage, at the day's exchange rate.

use super::exchange::PUBLISHED;
use super::people::{People, Resident};
use super::{StreamEvent, StreamKind, Teller};
use crate::generate::draw::{Draw, Weights};
use crate::model::payload::{Confirmation, Payload, Rate, Reference, Time};
use crate::model::{Cents, Id, Pattern};
use crate::scenario::Streams;
use crate::schema::{Day, Moment};

const USD: &str = "USD";
/// The limit under which smurfs stay, USD: our assumption.
const LIMIT: i64 = 500;

/// How much more is sent on a day than usual.
pub fn season(day: Day) -> f64 {
    let (_, month, date) = day.ymd();
    match (month, date) {
        (12, 15..) | (1, ..=7) => 2.5,
        (2, 10..=20) => 1.8,
        (4, ..=15) => 1.5,
        (9, _) => 1.3,
        (6 | 7, _) => 0.8,
        _ => 1.0,
    }
}

/// How likely each day of the span sees a remittance.
pub fn season_weights(settings: &Streams, last: Day) -> Weights {
    let first = last.plus(1 - settings.time_span_days as i32);
    let weight = |day| if settings.seasonal_patterns { season(first.plus(day)) } else { 1.0 };
    Weights::new((0..settings.time_span_days as i32).map(weight).collect())
}

struct Begun<'p> {
    draw: Draw,
    who: &'p Resident,
    at: Moment,
    smurf: bool,
}

fn begin<'p>(people: &'p People<'_>, flow: u64) -> Option<Begun<'p>> {
    let settings = people.settings;
    let mut draw = people.draw(StreamKind::Remittance, flow);
    let span = people.span(flow, settings.time_span_days);
    let who = people.any(&mut draw, span)?;
    let smurf = draw.chance(settings.fraud_injection_rate.unwrap_or(0.02));
    let at = if span.last == people.world.calendar.as_of {
        who.moment(span, Some(&people.world.remittance_days), &mut draw)
    } else {
        who.moment(span, Some(&season_weights(settings, span.last)), &mut draw)
    };
    // Nobody sends before the day's rate is known.
    let known = at.day().at(PUBLISHED + 60 + draw.below(3_000) as u32);
    let at = if at < known && who.is_there(known) { known } else { at };
    Some(Begun { draw, who, at, smurf })
}

/// When a flow begins; `None` where there is nobody to begin it.
pub fn starts(people: &People<'_>, flow: u64) -> Option<Moment> {
    begin(people, flow).map(|begun| begun.at)
}

/// The events of a flow.
pub fn tell<'w>(people: &People<'w>, flow: u64) -> Vec<StreamEvent<'w>> {
    let mut teller = Teller::new(people.world, StreamKind::Remittance, flow);
    let Some(Begun { mut draw, who, at, smurf }) = begin(people, flow) else { return Vec::new() };
    let draw = &mut draw;
    if !smurf {
        let amount = amount(people, draw);
        // Two or three people at home are sent most of it.
        let recipient = if draw.chance(0.9) { who.key.wrapping_add(draw.below(3)) } else { draw.below(u64::MAX) };
        send(&mut teller, people, who, at, amount, recipient, draw);
        return teller.told();
    }
    let case = teller.id(who.id);
    let mut at = at;
    for _ in 0..4 + draw.below(5) {
        let amount = Cents::from_dollars((LIMIT - 60 + draw.below(60) as i64) as f64);
        let recipient = draw.below(u64::MAX);
        send(&mut teller, people, who, at, amount, recipient, draw);
        // Within the day.
        at = at.plus_seconds(60 + draw.below(2_400) as i64).min(at.day().at(86_399));
    }
    teller.label(0, Pattern::Smurfing, case);
    teller.told()
}

fn amount(people: &People<'_>, draw: &mut Draw) -> Cents {
    let law = &people.settings.send_amount_distribution;
    let (common, z) = (draw.chance(law.common_amount_probability), draw.normal());
    let which = draw.below(law.common_amounts.len() as u64) as usize;
    let dollars = if common { law.common_amounts[which] } else { (law.random_mean + law.random_std * z).round() };
    Cents::from_dollars(dollars.max(10.0))
}

fn send<'w>(
    teller: &mut Teller<'w>,
    people: &People<'w>,
    who: &Resident,
    initiated_at: Moment,
    send_amount: Cents,
    recipient: u64,
    draw: &mut Draw,
) {
    let (settings, corridor) = (people.settings, &people.settings.corridor);
    let flow = teller.id(who.id);
    let remittance_id = teller.id(who.id);
    let exchange_rate = off(people.world.rates.at(initiated_at), 0.005, draw);
    let method = super::people::name_by_weight(&settings.delivery_method_weights, draw);
    let place = draw.below(corridor.places.len() as u64) as usize;
    let agent = draw.below(40);
    let fee = Cents((send_amount.0 * 2 + 50) / 100) + Cents(draw.below(201) as i64);
    let payload = Payload::RemittanceInitiated {
        agent_id: (method == "cash_pickup_agent").then(|| agent_id(&corridor.places[place], agent)),
        delivery_method: method,
        exchange_rate,
        fee_amount: fee.max(Cents(299)),
        initiated_at: Time(initiated_at),
        receive_amount: exchange_rate.of(send_amount),
        receive_currency: &corridor.currency,
        recipient_country: &corridor.country,
        recipient_name: recipient_name(recipient),
        // No number there begins with a nought.
        recipient_phone: format!("{}0{:07}", corridor.phone_prefix, recipient % 10_000_000),
        remittance_id,
        send_amount,
        send_currency: USD,
        sender_id: who.id,
    };
    teller.tell(initiated_at, "remittance-initiated", who.id, flow, payload);

    let stages = &settings.processing_stages;
    let fails_at = (!draw.chance(settings.success_rate)).then(|| draw.below(stages.len() as u64) as usize);
    let mean = settings.processing_time_hours_mean * 3_600.0 / (stages.len() + 1) as f64;
    let mut at = initiated_at;
    let mut next = |draw: &mut Draw| {
        at = at.plus_seconds((mean * draw.exponential()).clamp(1.0, 30.0 * 86_400.0) as i64);
        at
    };
    for (number, stage) in stages.iter().enumerate() {
        let updated_at = next(draw);
        let reference = Reference { prefix: "pr_", digits: 12, number: draw.below(u64::MAX) };
        let payload = Payload::RemittanceProcessing {
            processor_reference: (stage == "partner_submitted").then_some(reference),
            remittance_id,
            status: stage,
            updated_at: Time(updated_at),
        };
        teller.tell(updated_at, "remittance-processing", who.id, flow, payload);
        if fails_at == Some(number) {
            let failed_at = next(draw);
            fail(teller, who, stage, remittance_id, flow, failed_at, draw);
            return;
        }
    }
    let completed_at = next(draw);
    let actual_exchange_rate = off(exchange_rate, 0.002, draw);
    let payload = Payload::RemittanceCompleted {
        actual_exchange_rate,
        actual_receive_amount: actual_exchange_rate.of(send_amount),
        completed_at: Time(completed_at),
        delivery_confirmation: Confirmation {
            confirmation_code: Reference { prefix: "", digits: 8, number: draw.below(u64::MAX) },
            confirmed_by: if method == "cash_pickup_agent" { "agent" } else { "partner" },
        },
        remittance_id,
    };
    teller.tell(completed_at, "remittance-completed", who.id, flow, payload);
}

fn fail(
    teller: &mut Teller<'_>,
    who: &Resident,
    stage: &str,
    remittance_id: Id,
    flow: Id,
    failed_at: Moment,
    draw: &mut Draw,
) {
    let (failure_reason, charged) = match stage {
        "compliance_check" => ("compliance_rejected", false),
        "funds_captured" => ("insufficient_funds", false),
        "partner_submitted" => ("partner_unavailable", true),
        _ => ("recipient_unreachable", true),
    };
    let refund_status = match (charged, draw.chance(0.8)) {
        (false, _) => "not_charged",
        (true, true) => "refunded",
        (true, false) => "pending",
    };
    let payload =
        Payload::RemittanceFailed { failed_at: Time(failed_at), failure_reason, refund_status, remittance_id };
    teller.tell(failed_at, "remittance-failed", who.id, flow, payload);
}

/// A rate that is off by at most this share.
fn off(rate: Rate, share: f64, draw: &mut Draw) -> Rate {
    let most = (rate.0 as f64 * share) as i64;
    Rate((rate.0 - most + draw.below(2 * most as u64 + 1) as i64).max(1))
}

fn agent_id(place: &str, number: u64) -> String {
    let place = place.to_lowercase().replace([' ', '-'], "_");
    format!("agent_{place}_{number:03}")
}

/// French and Creole names, as they are common in Haiti; invented people.
fn recipient_name(number: u64) -> String {
    const FIRST: [&str; 20] = [
        "Marie",
        "Jean",
        "Rose",
        "Pierre",
        "Guerda",
        "Wilner",
        "Nadege",
        "Jocelyn",
        "Mirlande",
        "Frantz",
        "Yolette",
        "Evens",
        "Fabiola",
        "Ricardo",
        "Islande",
        "Junior",
        "Darline",
        "Reginald",
        "Ketly",
        "Mackenson",
    ];
    const LAST: [&str; 20] = [
        "Jean-Baptiste",
        "Pierre",
        "Joseph",
        "Charles",
        "Louis",
        "Jean",
        "Francois",
        "Etienne",
        "Toussaint",
        "Dorval",
        "Desir",
        "Cadet",
        "Saint-Louis",
        "Augustin",
        "Celestin",
        "Michel",
        "Bien-Aime",
        "Laguerre",
        "Estime",
        "Paul",
    ];
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    format!("{} {}", FIRST[(mixed % 20) as usize], LAST[(mixed / 20 % 20) as usize])
}
