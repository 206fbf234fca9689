//! What an account sees of a flow: the money that its events move, under the ids that they give it.

use super::StreamEvent;
use crate::model::payload::Payload;
use crate::model::{Cents, Id};
use crate::schema::Moment;

/// The stage at which a remittance is taken from the account; without it among the stages, it is taken at once.
const CAPTURED: &str = "funds_captured";

/// Why money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Contribution,
    Payout,
    Remittance,
    /// What a remittance costs.
    Fee,
    /// A remittance that failed comes back, with its fee.
    Returned,
}

/// Money that moves on a customer's account; below zero where it leaves.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The customer's index.
    pub customer: u64,
    pub at: Moment,
    /// Of the contribution, the payout or the remittance; a fee has that of the event that takes it, what comes back that of
    /// the event that says so.
    pub id: Id,
    pub amount: Cents,
    pub cause: Cause,
    /// The circle's name, or who is sent money.
    pub party: String,
}

/// The money that the events of one flow move, in the order in which they tell of it.
pub(super) fn moved(events: &[StreamEvent<'_>], stages: &[String]) -> Vec<Moved> {
    let mut moved = Vec::new();
    let mut circle = "";
    for event in events {
        let Some(customer) = event.customer.map(Id::owner) else { continue };
        let mut add = |at, id, amount: Cents, cause, party: &str| {
            if amount != Cents::ZERO {
                moved.push(Moved { customer, at, id, amount, cause, party: party.to_owned() });
            }
        };
        match &event.payload {
            Payload::CircleCreated { name, .. } => circle = name,
            Payload::ContributionReceived { amount, contribution_id, .. } => {
                add(event.at, *contribution_id, -*amount, Cause::Contribution, circle);
            }
            Payload::PayoutExecuted { amount, payout_id, .. } => {
                add(event.at, *payout_id, *amount, Cause::Payout, circle);
            }
            Payload::RemittanceInitiated { remittance_id, send_amount, fee_amount, recipient_name, .. } => {
                let Some((captured, returned)) = course(event, *remittance_id, events, stages) else { continue };
                add(captured.at, *remittance_id, -*send_amount, Cause::Remittance, recipient_name);
                add(captured.at, captured.id, -*fee_amount, Cause::Fee, recipient_name);
                if let Some(returned) = returned {
                    add(returned.at, returned.id, *send_amount + *fee_amount, Cause::Returned, recipient_name);
                }
            }
            _ => {}
        }
    }
    moved
}

/// The event with which a remittance is taken from the account, if one is, and the one with which it comes back.
fn course<'e, 'w>(
    initiated: &'e StreamEvent<'w>,
    id: Id,
    events: &'e [StreamEvent<'w>],
    stages: &[String],
) -> Option<(&'e StreamEvent<'w>, Option<&'e StreamEvent<'w>>)> {
    let mut captured = (!stages.iter().any(|stage| stage == CAPTURED)).then_some(initiated);
    let mut returned = None;
    for event in events {
        match &event.payload {
            Payload::RemittanceProcessing { remittance_id, status, .. }
                if *remittance_id == id && *status == CAPTURED =>
            {
                captured = Some(event);
            }
            Payload::RemittanceFailed { remittance_id, refund_status, .. } if *remittance_id == id => {
                match *refund_status {
                    "not_charged" => captured = None,
                    "refunded" => returned = Some(event),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    captured.map(|captured| (captured, returned))
}
