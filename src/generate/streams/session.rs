//! Sessions: somebody logs in, does this and that, and leaves; now and then it is somebody else.

use super::people::{People, Resident, address, far_away, geo, name_by_weight};
use super::{StreamEvent, StreamKind, Teller};
use crate::generate::draw::Draw;
use crate::generate::draw::Weights;
use crate::model::Pattern;
use crate::model::payload::{Device, Geo, Ip, Payload, Time};
use crate::schema::Moment;

/// Logins that fail, and logins with a second factor: shares that consumers know.
const LOGIN_FAILS: f64 = 0.05;
const SECOND_FACTOR: f64 = 0.3;
/// Honest logins from a device that is new: our assumption.
const NEW_DEVICE: f64 = 0.02;
/// Of the odd sessions, this share is travel that nobody can do.
const TRAVEL: f64 = 0.3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Honest,
    Travel,
    UnusualHour,
    Takeover,
}

struct Begun<'p> {
    draw: Draw,
    who: &'p Resident,
    at: Moment,
    place: &'static crate::generate::reference::City,
    course: Course,
}

fn begin<'p>(people: &'p People<'_>, flow: u64) -> Option<Begun<'p>> {
    let settings = people.settings;
    let mut draw = people.draw(StreamKind::Session, flow);
    let span = people.span(flow, settings.time_span_days);
    let who = people.any(&mut draw, span)?;
    let odd = settings.anomaly_injection_rate;
    let u = draw.uniform();
    let course = match u {
        _ if u < odd * TRAVEL => Course::Travel,
        _ if u < odd => Course::UnusualHour,
        _ if u < odd + settings.account_takeover_injection_rate => Course::Takeover,
        _ => Course::Honest,
    };
    let mut at = who.moment(span, None, &mut draw);
    if course == Course::UnusualHour || course == Course::Takeover && draw.chance(0.4) {
        let unusual = who.unusual_hour(at.day(), &mut draw);
        at = if who.is_there(unusual) { unusual } else { at };
    }
    let (at, place) = who.whereabouts(people.world, at);
    Some(Begun { draw, who, at, place, course })
}

/// When a flow begins; `None` where there is nobody to begin it.
pub fn starts(people: &People<'_>, flow: u64) -> Option<Moment> {
    begin(people, flow).map(|begun| begun.at)
}

/// Where and on what somebody logs in.
struct Seat<'w> {
    device: Device,
    device_type: &'w str,
    ip: Ip,
    place: Geo,
}

/// The events of a flow.
pub fn tell<'w>(people: &People<'w>, flow: u64) -> Vec<StreamEvent<'w>> {
    let mut teller = Teller::new(people.world, StreamKind::Session, flow);
    let Some(Begun { mut draw, who, at, place, course }) = begin(people, flow) else { return Vec::new() };
    let draw = &mut draw;
    let device_type = |number: usize| people.settings.device_weights.keys().nth(number).map_or("", String::as_str);
    let (device, number) = who.device(draw);
    let mut seat = Seat { device, device_type: device_type(number), ip: who.ip(place), place: geo(place, draw) };
    match course {
        Course::Honest => {
            if draw.chance(NEW_DEVICE) {
                seat.device = Device(draw.below(u64::MAX));
            }
            log_in(&mut teller, people, who, &seat, at, course, draw);
        }
        Course::UnusualHour => {
            let case = teller.id(who.id);
            log_in(&mut teller, people, who, &seat, at, course, draw);
            teller.label(0, Pattern::UnusualHour, case);
        }
        Course::Takeover => {
            seat.device = Device(draw.below(u64::MAX));
            seat.device_type = name_by_weight(&people.settings.device_weights, draw);
            seat.ip = address(draw.below(u64::MAX));
            seat.place = far_away(draw);
            let case = teller.id(who.id);
            log_in(&mut teller, people, who, &seat, at, course, draw);
            teller.label(0, Pattern::AccountTakeover, case);
        }
        Course::Travel => {
            log_in(&mut teller, people, who, &seat, at, Course::Honest, draw);
            let case = teller.id(who.id);
            let from = teller.events.len();
            seat.ip = address(draw.below(u64::MAX));
            seat.place = far_away(draw);
            if draw.chance(0.7) {
                seat.device = Device(draw.below(u64::MAX));
            }
            let later = at.plus_seconds(600 + draw.below(1_200) as i64);
            log_in(&mut teller, people, who, &seat, later, course, draw);
            teller.label(from, Pattern::ImpossibleTravel, case);
        }
    }
    teller.told()
}

/// Attempts until one succeeds or the person gives up, and the session that follows.
fn log_in<'w>(
    teller: &mut Teller<'w>,
    people: &People<'w>,
    who: &Resident,
    seat: &Seat<'w>,
    mut at: Moment,
    course: Course,
    draw: &mut Draw,
) {
    let flow = teller.id(who.id);
    let user_id = who.id;
    let auth_method = ["password", "biometric", "magic_link"][draw.weighted(&[0.5, 0.38, 0.12])];
    let mut failures = 0;
    loop {
        let attempt_id = teller.id(user_id);
        let attempt = Payload::LoginAttempt {
            attempt_id,
            attempted_at: Time(at),
            auth_method,
            device_id: seat.device,
            device_type: seat.device_type,
            geo_location: seat.place,
            ip_address: seat.ip,
            user_agent: user_agent(seat.device_type),
            user_id,
        };
        teller.tell(at, "login-attempt", user_id, flow, attempt);
        at = at.plus_seconds(1 + draw.below(5) as i64);
        if !draw.chance(LOGIN_FAILS) {
            let session_id = teller.id(user_id);
            let mfa_used = draw.chance(SECOND_FACTOR);
            let authenticated_at = Time(at);
            let success = Payload::LoginSuccess { attempt_id, authenticated_at, mfa_used, session_id, user_id };
            teller.tell(at, "login-success", user_id, flow, success);
            session(teller, people, who, seat, at, session_id, (flow, course), draw);
            return;
        }
        failures += 1;
        let failure_reason =
            ["invalid_password", "mfa_failed", "device_not_trusted"][draw.weighted(&[0.7, 0.18, 0.12])];
        let failed = Payload::LoginFailed {
            attempt_id,
            consecutive_failures: failures,
            failed_at: Time(at),
            failure_reason,
            user_id,
        };
        teller.tell(at, "login-failed", user_id, flow, failed);
        if failures == 5 || draw.chance(0.2) {
            return;
        }
        at = at.plus_seconds(4 + draw.below(40) as i64);
    }
}

#[expect(clippy::too_many_arguments, reason = "a session is all of these")]
fn session<'w>(
    teller: &mut Teller<'w>,
    people: &People<'w>,
    who: &Resident,
    seat: &Seat<'w>,
    at: Moment,
    session_id: crate::model::Id,
    (flow, course): (crate::model::Id, Course),
    draw: &mut Draw,
) {
    let (settings, user_id) = (people.settings, who.id);
    let begins = at.plus_seconds(draw.below(3) as i64);
    let started = Payload::SessionStarted {
        device_id: seat.device,
        geo_location: seat.place,
        ip_address: seat.ip,
        session_id,
        started_at: Time(begins),
        user_id,
    };
    teller.tell(begins, "session-started", user_id, flow, started);
    let law = &settings.session_duration_distribution;
    let seconds = libm::exp(law.log_normal_mean + law.log_normal_std * draw.normal()).clamp(10.0, 7_200.0) as u32;
    let law = &settings.actions_per_session_distribution;
    let count = libm::exp(law.log_normal_mean + law.log_normal_std * draw.normal()).round().clamp(1.0, 100.0) as u32;
    let mut moments: Vec<u32> = (0..count).map(|_| draw.below((seconds - 1).into()) as u32).collect();
    moments.sort_unstable();
    let lean = lean(course, settings.action_weights.keys().zip(settings.action_weights.values()));
    for second in moments {
        let action = draw.index(&lean);
        let action_type = settings.action_weights.keys().nth(action).map_or("", String::as_str);
        let performed_at = begins.plus_seconds(second.into());
        // It is over when the session is.
        let most = f64::from((seconds - second) * 1000).min(30_000.0);
        let payload = Payload::ActionPerformed {
            action_id: teller.id(user_id),
            action_target: format!("/{}", action_type.replace('_', "-")),
            action_type,
            duration_ms: draw.log_normal(3_000.0, 0.9).clamp(500.0, most) as u32,
            performed_at: Time(performed_at),
            session_id,
            user_id,
        };
        teller.tell(performed_at, "user-action-performed", user_id, flow, payload);
    }
    let ended_at = begins.plus_seconds(seconds.into());
    let ended = Payload::SessionEnded {
        actions_count: count,
        duration_seconds: seconds,
        ended_at: Time(ended_at),
        reason: if draw.chance(0.7) { "user_logout" } else { "timeout" },
        session_id,
        user_id,
    };
    teller.tell(ended_at, "session-ended", user_id, flow, ended);
}

/// What is done, by weight: who takes an account over is after its money.
fn lean<'a>(course: Course, weights: impl Iterator<Item = (&'a String, &'a f64)>) -> Weights {
    let of = |(name, weight): (&String, &f64)| match name.as_str() {
        "remittance_initiate" | "settings_change" | "form_submit" if course == Course::Takeover => weight * 5.0,
        _ => *weight,
    };
    Weights::new(weights.map(of).collect())
}

fn user_agent(device_type: &str) -> &'static str {
    match device_type {
        "ios" => "CreditSeedApp/5.2 (iPhone; iOS 18.1)",
        "android" => "CreditSeedApp/5.2 (Linux; Android 15)",
        "web_desktop" => "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36",
        "web_mobile" => "Mozilla/5.0 (Linux; Android 15; Mobile) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
        _ => "CreditSeedClient/1.0",
    }
}
