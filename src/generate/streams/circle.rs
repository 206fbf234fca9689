//! Savings circles (sou-sou): members pay in, cycle by cycle, and one after the other they take the pot.

use std::collections::VecDeque;

use super::people::{People, Resident, geo, name_by_weight};
use super::transaction::{Flag, Transfer, complete, initiate};
use super::{StreamEvent, StreamKind, Teller};
use crate::generate::draw::Draw;
use crate::model::payload::{CircleMetadata, Date, Device, Instrument, Ip, Payload, Reference, Time};
use crate::model::{Cents, Id, Pattern};
use crate::schema::{Day, Moment};

const USD: &str = "USD";
/// People who could found a circle together: so many consecutive customers know each other.
pub const GROUP: u64 = 20;
/// A circle is over when fewer are left.
const FEWEST: usize = 3;
const METHODS: [&str; 3] = ["stripe", "bank_transfer", "balance"];

/// A circle under way. Its events come cycle by cycle, so that many circles can be open at once.
pub struct Circle<'w> {
    draw: Draw,
    /// Keeps the ids of the flow apart.
    flow: u64,
    ids: u64,
    id: Id,
    correlation: Id,
    organizer: Id,
    amount: Cents,
    /// Days from one due date to the next.
    period: i32,
    start: Day,
    members: Vec<Member>,
    /// Numbers of members in the order in which they are paid out.
    rotation: Vec<usize>,
    cycle: u32,
    planned: u32,
    /// After this cycle it fails.
    fails_after: Option<u32>,
    /// The case of the first recipient who leaves with the money.
    collusion: Option<Id>,
    volume: Cents,
    people: &'w People<'w>,
}

struct Member {
    index: u64,
    method: usize,
    /// Pays from somebody else's device and address, and the case that is.
    borrows: Option<(Device, Ip, Id)>,
    active: bool,
    paid_out: bool,
    made: u32,
    misses: u32,
}

fn begin<'p>(people: &'p People<'_>, flow: u64) -> Option<(Draw, &'p Resident, Moment)> {
    let settings = people.settings;
    let mut draw = people.draw(StreamKind::Circle, flow);
    let span = people.span(flow, settings.circle_span_days);
    let organizer = people.any(&mut draw, span)?;
    let at = organizer.moment(span, None, &mut draw);
    Some((draw, organizer, at))
}

/// When a circle is created; `None` where there is nobody to found it.
pub fn starts(people: &People<'_>, flow: u64) -> Option<Moment> {
    begin(people, flow).map(|(_, _, at)| at)
}

impl<'w> Circle<'w> {
    /// Founds the circle of a flow, and tells what comes before its first cycle.
    pub fn found(people: &'w People<'w>, flow: u64, out: &mut VecDeque<StreamEvent<'w>>) -> Option<Circle<'w>> {
        let settings = people.settings;
        let (mut draw, organizer, created) = begin(people, flow)?;
        let mut teller = Teller::new(people.world, StreamKind::Circle, flow);
        let start = created.day().plus(7);
        let members = members(people, organizer, created, &mut draw);
        let planned = members.len() as u32;
        let frequency = name_by_weight(&settings.frequency_weights, &mut draw);
        let [least, most] = settings.contribution_range;
        let dollars = draw.between(least, most);
        // People agree on tens of dollars, where the range has any.
        let tens = (dollars / 10.0).round() * 10.0;
        let amount = Cents::from_dollars(if (least..=most).contains(&tens) { tens } else { dollars });
        let sequential = draw.chance(0.6);
        let (id, correlation) = (teller.id(organizer.id), teller.id(organizer.id));
        teller.circle = Some(id);
        let payload = Payload::CircleCreated {
            circle_id: id,
            contribution_amount: amount,
            currency: USD,
            frequency,
            max_members: (planned + draw.below(3) as u32).clamp(5, 20),
            name: name(people, organizer, &mut draw),
            organizer_id: organizer.id,
            rotation_order: if sequential { "sequential" } else { "random" },
            start_date: Date(start),
            status: "pending",
        };
        teller.tell(created, "circle-created", organizer.id, correlation, payload);
        // The organizer joins first; all have joined two days before the start.
        let room = (start.plus(-1).at(0).0 - created.0) / 1000 - 60;
        let mut joins: Vec<i64> = members.iter().map(|_| 60 + draw.below(room as u64) as i64).collect();
        joins.sort_unstable();
        for (number, (member, join)) in members.iter().zip(&joins).enumerate() {
            let joined_at = created.plus_seconds(*join);
            let user_id = people.get(member.index).id;
            let payload = Payload::MemberJoined {
                circle_id: id,
                joined_at: Time(joined_at),
                position: number as u32 + 1,
                user_id,
                verification_status: if draw.chance(0.9) { "verified" } else { "pending" },
            };
            teller.tell(joined_at, "circle-member-joined", user_id, correlation, payload);
        }
        let mut rotation: Vec<usize> = (0..members.len()).collect();
        if !sequential {
            shuffle(&mut rotation, &mut draw);
        }
        let fails = draw.chance(settings.circle_failure_rate);
        let fails_after = fails.then(|| 1 + draw.below(u64::from(planned.saturating_sub(1)).max(1)) as u32);
        let colludes = draw.chance(settings.collusion_rate);
        let mut circle = Circle {
            flow,
            id,
            correlation,
            organizer: organizer.id,
            amount,
            period: match frequency {
                "weekly" => 7,
                "biweekly" => 14,
                _ => 30,
            },
            start,
            members,
            rotation,
            cycle: 0,
            planned,
            fails_after,
            collusion: colludes.then(|| teller.id(organizer.id)),
            volume: Cents::ZERO,
            people,
            ids: 0,
            draw,
        };
        circle.borrow(&mut teller);
        circle.ids = teller.ids;
        out.extend(teller.told());
        Some(circle)
    }

    /// Fraudsters pay from a device or an address that another member has, too.
    fn borrow(&mut self, teller: &mut Teller<'w>) {
        let rate = self.people.settings.fraud_injection_rate.unwrap_or(0.02);
        for number in 0..self.members.len() {
            let (fraud, other) = (self.draw.chance(rate), self.draw.below(self.members.len() as u64 - 1) as usize);
            if !fraud || self.members.len() < 2 {
                continue;
            }
            let other = self.people.get(self.members[if other < number { other } else { other + 1 }].index);
            let case = teller.id(self.organizer);
            let (_, place) = other.whereabouts(self.people.world, self.start.at(12 * 3600));
            self.members[number].borrows = Some((other.device(&mut self.draw).0, other.ip(place), case));
        }
    }

    /// Tells the next cycle; false when there is none.
    pub fn advance(&mut self, out: &mut VecDeque<StreamEvent<'w>>) -> bool {
        let mut teller = Teller::new(self.people.world, StreamKind::Circle, self.flow);
        (teller.ids, teller.circle) = (self.ids, Some(self.id));
        let goes_on = self.live(&mut teller);
        self.ids = teller.ids;
        let before = out.len();
        out.extend(teller.told());
        // Nothing of a cycle lies after the last day: then nothing of a later one does.
        goes_on && (out.len() > before || self.due().at(0) <= super::last_second(self.people.world))
    }

    /// The day on which this cycle's contributions are due.
    fn due(&self) -> Day {
        self.start.plus((self.cycle.max(1) as i32 - 1) * self.period)
    }

    fn active(&self) -> usize {
        self.members.iter().filter(|member| member.active).count()
    }

    fn live(&mut self, teller: &mut Teller<'w>) -> bool {
        self.cycle += 1;
        let due = self.due();
        self.leave(teller, due);
        if self.active() < FEWEST {
            self.fail(teller, due.at(6 * 3600), self.cycle - 1);
            return false;
        }
        // The last who waited has left: nobody pays for nobody's turn.
        if self.recipient().is_none() {
            self.cycle -= 1;
            self.complete(teller, due.at(6 * 3600));
            return false;
        }
        let mut pot = Cents::ZERO;
        for number in 0..self.members.len() {
            if self.members[number].active {
                pot += self.contribute(teller, number, due);
            }
        }
        self.pay_out(teller, pot, due);
        // Two days before the next due date all that is late is in.
        let over = due.plus(self.period - 2).at(23 * 3600);
        if self.fails_after == Some(self.cycle) {
            self.fail(teller, over, self.cycle);
            return false;
        }
        if self.recipient().is_some() {
            return true;
        }
        self.complete(teller, over);
        false
    }

    fn complete(&self, teller: &mut Teller<'w>, at: Moment) {
        let payload = Payload::CircleCompleted {
            circle_id: self.id,
            completed_at: Time(at),
            currency: USD,
            members_completed: self.active() as u32,
            members_dropped: (self.members.len() - self.active()) as u32,
            total_cycles: self.cycle,
            total_volume: self.volume,
        };
        teller.tell(at, "circle-completed", self.organizer, self.correlation, payload);
    }

    /// Members leave on the day before they would pay.
    fn leave(&mut self, teller: &mut Teller<'w>, due: Day) {
        for number in 0..self.members.len() {
            let (leaves, voluntary) = (self.draw.chance(self.people.settings.member_drop_rate), self.draw.chance(0.7));
            let second = 8 * 3600 + self.draw.below(12 * 3600) as u32;
            let member = &self.members[number];
            if !member.active || !leaves {
                continue;
            }
            let reason = match member.misses {
                1.. => "missed_payments",
                _ if voluntary => "voluntary",
                _ => "removed_by_organizer",
            };
            self.drop(teller, number, due.plus(-1).at(second), reason);
        }
    }

    fn drop(&mut self, teller: &mut Teller<'w>, number: usize, at: Moment, reason: &'static str) {
        let member = &mut self.members[number];
        member.active = false;
        let user_id = self.people.get(member.index).id;
        let payload = Payload::MemberDropped {
            circle_id: self.id,
            dropped_at: Time(at),
            payments_made: member.made,
            payments_owed: self.planned - member.made.min(self.planned),
            reason,
            user_id,
        };
        teller.tell(at, "circle-member-dropped", user_id, self.correlation, payload);
    }

    /// A member pays on the due date, or late, or not at all. What is there on the due date goes into the pot.
    fn contribute(&mut self, teller: &mut Teller<'w>, number: usize, due: Day) -> Cents {
        let settings = self.people.settings;
        let draw = &mut self.draw;
        let (misses, late) = (draw.chance(settings.miss_payment_rate), draw.chance(settings.late_payment_rate));
        let days = settings.late_payment_days_mean + settings.late_payment_days_std * draw.normal();
        let second = 8 * 3600 + draw.below(12 * 3600) as u32;
        // Later than that, it would be the next cycle's.
        let days = days.round().clamp(1.0, f64::from(self.period - 2)) as u32;
        let first_recipient = self.collusion.is_some() && self.cycle == 1 && self.recipient() == Some(number);
        let member = &mut self.members[number];
        let user_id = self.people.get(member.index).id;
        if misses && !first_recipient {
            member.misses += 1;
            let payload = Payload::ContributionMissed {
                amount_due: self.amount,
                circle_id: self.id,
                consecutive_misses: member.misses,
                currency: USD,
                cycle_number: self.cycle,
                due_date: Date(due),
                user_id,
            };
            teller.tell(due.plus(1).at(3_600), "circle-contribution-missed", user_id, self.correlation, payload);
            return Cents::ZERO;
        }
        member.misses = 0;
        member.made += 1;
        self.volume += self.amount;
        let days_late = if late && !first_recipient { days } else { 0 };
        self.receive(teller, number, due.plus(days_late as i32).at(second), days_late);
        if days_late == 0 { self.amount } else { Cents::ZERO }
    }

    fn receive(&mut self, teller: &mut Teller<'w>, number: usize, at: Moment, days_late: u32) {
        let (world, cycle_number) = (self.people.world, self.cycle);
        let member = &self.members[number];
        let who = self.people.get(member.index);
        let method = METHODS[member.method];
        // The same money, whichever service tells of it.
        let contribution_id = teller.id(who.id);
        let payload = Payload::ContributionReceived {
            amount: self.amount,
            circle_id: self.id,
            contribution_id,
            currency: USD,
            cycle_number,
            days_late,
            paid_at: Time(at),
            payment_method: method,
            user_id: who.id,
        };
        teller.tell(at, "circle-contribution-received", who.id, self.correlation, payload);
        let (_, place) = who.whereabouts(world, at);
        let (device, ip, case) = match member.borrows {
            Some((device, ip, case)) => (device, ip, Some(case)),
            None => (who.device(&mut self.draw).0, who.ip(place), None),
        };
        let from = teller.events.len();
        let transfer = Transfer {
            kind: "circle_contribution",
            amount: self.amount,
            at,
            device,
            ip,
            place: geo(place, &mut self.draw),
            destination: None,
            flag: Flag::Usual,
            metadata: Some(CircleMetadata { circle_id: self.id, cycle_number }),
        };
        let pot = Reference { prefix: "cir_", digits: 14, number: self.id.sequence() };
        let ends = (
            who.instrument(if method == "bank_transfer" { "bank" } else { method }),
            Instrument { identifier: pot, r#type: "balance" },
        );
        initiate(teller, who, &transfer, ends, contribution_id, self.correlation);
        if let Some(case) = case {
            teller.label(from, Pattern::SharedDevice, case);
        }
        let done = at.plus_seconds(1 + self.draw.below(30) as i64);
        complete(teller, who, self.amount, done, contribution_id, self.correlation, &mut self.draw);
    }

    /// Whose turn it is.
    fn recipient(&self) -> Option<usize> {
        let waits = |number: &&usize| self.members[**number].active && !self.members[**number].paid_out;
        self.rotation.iter().find(waits).copied()
    }

    fn pay_out(&mut self, teller: &mut Teller<'w>, pot: Cents, due: Day) {
        let Some(number) = self.recipient() else { return };
        let at = due.at(21 * 3600 + self.draw.below(1_800) as u32);
        let member = &mut self.members[number];
        member.paid_out = true;
        let who = self.people.get(member.index);
        let from = teller.events.len();
        let payload = Payload::PayoutExecuted {
            amount: pot,
            circle_id: self.id,
            currency: USD,
            cycle_number: self.cycle,
            executed_at: Time(at),
            payout_id: teller.id(who.id),
            payout_method: METHODS[member.method],
            recipient_id: who.id,
        };
        teller.tell(at, "circle-payout-executed", who.id, self.correlation, payload);
        let Some(case) = self.collusion.filter(|_| self.cycle == 1) else { return };
        let leaves = at.plus_seconds(1_800 + self.draw.below(2 * 86_400) as i64);
        self.drop(teller, number, leaves, "voluntary");
        teller.label(from, Pattern::Collusion, case);
    }

    fn fail(&self, teller: &mut Teller<'w>, at: Moment, cycles_completed: u32) {
        let payload = Payload::CircleFailed {
            circle_id: self.id,
            cycles_completed,
            cycles_planned: self.planned,
            failed_at: Time(at),
            members_at_failure: self.active() as u32,
            reason: if self.active() < FEWEST { "insufficient_members" } else { "excessive_defaults" },
        };
        teller.tell(at, "circle-failed", self.organizer, self.correlation, payload);
    }
}

/// The organizer and some of those they know, in the order in which they join.
fn members(people: &People<'_>, organizer: &Resident, created: Moment, draw: &mut Draw) -> Vec<Member> {
    let [least, most] = people.settings.member_range.map(u64::from);
    let wanted = (least + draw.below(most - least + 1)) as usize;
    let mut others: Vec<u64> =
        people.around(organizer.index, GROUP).filter(|index| *index != organizer.index).collect();
    // Drawn for all, so that who is there does not change who comes next.
    for last in (1..others.len()).rev() {
        others.swap(last, draw.below(last as u64 + 1) as usize);
    }
    others.retain(|index| people.get(*index).is_there(created));
    others.truncate(wanted.saturating_sub(1));
    let member = |index| Member {
        index,
        method: draw.weighted(&[0.45, 0.4, 0.15]),
        borrows: None,
        active: true,
        paid_out: false,
        made: 0,
        misses: 0,
    };
    std::iter::once(organizer.index).chain(others).map(member).collect()
}

fn shuffle(items: &mut [usize], draw: &mut Draw) {
    for last in (1..items.len()).rev() {
        items.swap(last, draw.below(last as u64 + 1) as usize);
    }
}

fn name(people: &People<'_>, organizer: &Resident, draw: &mut Draw) -> String {
    const KINDS: [&str; 8] = [
        "Family Sou-Sou",
        "Sisters' Circle",
        "Sol of Friends",
        "Church Sou-Sou",
        "Neighbours' Circle",
        "Men Ansanm",
        "Holiday Savings",
        "Future Builders",
    ];
    let (_, place) = organizer.whereabouts(people.world, people.world.calendar.as_of.at(0));
    format!("{} {}", place.name, KINDS[draw.below(KINDS.len() as u64) as usize])
}
