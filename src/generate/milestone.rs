//! The milestones of a life as events: the stream `life`.

use serde::Serialize;

use super::credit::CreditPath;
use super::lending::Case;
use super::population::Person;
use super::repayment::Repayment;
use super::world::{WINDOW, World};
use crate::model::ids::TIE_LIMIT;
use crate::model::{Cents, Event, Id, LoanPayment, LoanType, Space};
use crate::schema::{Day, Moment};

/// A score that moves by more than this many points in a month is news (FICO 2018 counts such moves).
const NEWS: i64 = 20;

/// What each event says. Fields stand in alphabetical order, so that the JSON is canonical as written.
#[derive(Serialize)]
#[serde(untagged)]
enum Payload<'a> {
    Onboarded { customer_id: Id, employment_type: &'a str, state: &'a str },
    Submitted { amount: Cents, application_id: Id, currency: &'a str, loan_type: &'a str, purpose: &'a str },
    Decided { application_id: Id, credit_score: i64, decision: &'a str },
    Funded { application_id: Id, currency: &'a str, loan_id: Id, principal: Cents },
    Missed { amount_due: Cents, currency: &'a str, due_on: String, instalment: u32, loan_id: Id },
    Ended { currency: &'a str, loan_id: Id, principal_outstanding: Cents },
    Scored { customer_id: Id, previous_score: i64, score: i64 },
}

struct Story {
    events: Vec<(Moment, &'static str, Id, String)>,
}

impl Story {
    fn tell(&mut self, at: Moment, event_type: &'static str, flow: Id, payload: &Payload<'_>) {
        let payload = serde_json::to_string(payload).expect("plain structs of text and numbers always serialise");
        self.events.push((at, event_type, flow, payload));
    }
}

/// All milestones up to `as_of`, in order of time, causes before effects.
pub fn events(
    world: &World,
    person: &Person,
    customer: &crate::model::Customer,
    path: &CreditPath,
    cases: &[Case],
    repayments: &[Repayment],
) -> Vec<Event> {
    let mut story = Story { events: Vec::with_capacity(16) };
    let onboarded = Payload::Onboarded {
        customer_id: person.id,
        employment_type: customer.employment_type.name(),
        state: customer.state,
    };
    story.tell(customer.created_at, "customer-onboarded", person.id, &onboarded);
    for (case, repayment) in cases.iter().zip(repayments) {
        tell_case(&mut story, world, path, case, repayment);
    }
    let first = path.first.max(world.calendar.index(person.since)) + 1;
    for t in first.max(0)..WINDOW {
        let (previous, score) = (path.at(t - 1).score, path.at(t).score);
        if (score - previous).abs() > NEWS {
            let scored = Payload::Scored { customer_id: person.id, previous_score: previous, score };
            story.tell(world.calendar.record_day(t).at(20 * 3600), "credit-score-changed", person.id, &scored);
        }
    }

    // Stable: what was told first stays first within a moment.
    story.events.sort_by_key(|event| event.0);
    let mut tie = world.streams.milestones.at(person.index);
    let mut rows: Vec<Event> = Vec::with_capacity(story.events.len());
    for (at, event_type, correlation_id, payload) in story.events {
        let drawn = tie.below(TIE_LIMIT / 2);
        let after_last = rows.last().filter(|last| last.occurred_at == at).map(|last| tie_of(last.event_id) + 1);
        let event_id = world.ids.timed(Space::Event, person.index, at, after_last.unwrap_or(drawn));
        rows.push(Event {
            event_id,
            event_type: event_type.into(),
            event_version: "1.0",
            occurred_at: at,
            source_service: "life-service",
            correlation_id,
            customer_id: Some(person.id),
            payload,
        });
    }
    rows
}

fn tie_of(id: Id) -> u64 {
    id.sequence() & (TIE_LIMIT - 1)
}

fn tell_case(story: &mut Story, world: &World, path: &CreditPath, case: &Case, repayment: &Repayment) {
    let application = &case.application;
    let flow = application.application_id;
    let currency = "USD";
    let submitted = Payload::Submitted {
        amount: application.requested_amount,
        application_id: flow,
        currency,
        loan_type: application.loan_type.name(),
        purpose: application.purpose,
    };
    story.tell(application.created_at, "loan-application-submitted", flow, &submitted);
    if let Some(at) = case.decided_at {
        let (credit_score, decision) = (case.decision.credit_score, case.decision.decision);
        story.tell(
            at,
            "loan-application-decided",
            flow,
            &Payload::Decided { application_id: flow, credit_score, decision },
        );
    }
    let (Some(at), Some(loan)) = (case.funded_at, &case.loan) else { return };
    let (loan_id, principal) = (loan.loan_id, loan.principal);
    story.tell(at, "loan-funded", flow, &Payload::Funded { application_id: flow, currency, loan_id, principal });

    // After a charge-off nobody counts instalments any more.
    let counts = |missed: Day| repayment.defaulted_on.is_none_or(|end| missed <= end);
    let missed = |payment: &&LoanPayment| payment.days_past_due >= 30 && counts(payment.due_on.plus(30));
    for payment in repayment.payments.iter().filter(missed) {
        let missed = Payload::Missed {
            amount_due: payment.amount_due,
            currency,
            due_on: payment.due_on.to_string(),
            instalment: payment.instalment,
            loan_id,
        };
        story.tell(payment.due_on.plus(30).at(6 * 3600), "loan-payment-missed", flow, &missed);
    }
    let ended = |principal_outstanding| Payload::Ended { currency, loan_id, principal_outstanding };
    if let Some(day) = repayment.paid_off_on {
        story.tell(day.at(18 * 3600), "loan-paid-off", flow, &ended(Cents::ZERO));
    }
    if let Some(day) = repayment.defaulted_on {
        let left = match application.loan_type {
            LoanType::CreditCard | LoanType::Heloc => principal.times(path.at(world.calendar.index(day)).utilisation),
            _ => super::repayment::outstanding(loan, &repayment.payments, day),
        };
        debug_assert!(day <= world.calendar.as_of);
        story.tell(day.at(21 * 3600), "loan-defaulted", flow, &ended(left));
    }
}
