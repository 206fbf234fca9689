//! Transfers between customers: each has two legs, in two lives.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::ledger::Account;
use super::life::Life;
use crate::model::Id;
use crate::schema::Moment;
use crate::validate::check::{Check, ensure};
use crate::validate::report::Finding;

/// Matches legs as their lives come by. A leg waits for the life that keeps the account on its other side; of data of ours
/// that is one of the next three, so few wait at a time.
#[derive(Default)]
pub(super) struct Transfers {
    check: Check,
    /// By the account on the other side.
    waiting: BTreeMap<String, Vec<Leg>>,
    /// Customers that have come by, as runs of consecutive numbers from first to last: data of ours is one. Of others
    /// than ours ids say no number, so a leg to one of them that has passed is taken for one out of the database.
    passed: BTreeMap<u64, u64>,
}

struct Leg {
    transaction: String,
    account: String,
    at: Moment,
    amount: Decimal,
}

impl Transfers {
    pub fn add(&mut self, life: &Life<'_>) {
        let ours: Vec<&Account<'_>> = life.accounts.iter().filter(|account| account.is_ours()).collect();
        let mut matched = BTreeSet::new();
        for account in &ours {
            let Some(id) = account.id else { continue };
            for leg in self.waiting.remove(id).unwrap_or_default() {
                let other = account.mirror(&leg.account, leg.at, leg.amount);
                let is_new = other.is_some_and(|other| matched.insert((id, other)));
                self.check.thing(|| ensure(is_new, || leg.lonely(id)));
            }
        }
        for account in &ours {
            let Some(id) = account.id else { continue };
            for (place, entry) in account.entries.iter().enumerate() {
                let Some(other) = entry.counterparty else { continue };
                let is_own = ours.iter().any(|account| account.id == Some(other));
                // What cannot be read has been named by the rules on single lives.
                let (false, false, Ok(at), Ok(amount)) =
                    (is_own, matched.contains(&(id, place)), &entry.at, &entry.amount)
                else {
                    continue;
                };
                let transaction = entry.row.text("transaction_id").unwrap_or("NULL").to_owned();
                let leg = Leg { transaction, account: id.to_owned(), at: *at, amount: *amount };
                if self.has_passed(other) {
                    self.check.thing(|| Err(leg.lonely(other)));
                } else {
                    self.waiting.entry(other.to_owned()).or_default().push(leg);
                }
            }
        }
        ours.iter().filter_map(|account| owner(account.id?)).for_each(|owner| self.pass(owner));
    }

    fn pass(&mut self, owner: u64) {
        match self.passed.range_mut(..=owner).next_back() {
            Some((_, last)) if owner <= *last + 1 => *last = owner.max(*last),
            _ => {
                self.passed.insert(owner, owner);
            }
        }
    }

    fn has_passed(&self, account: &str) -> bool {
        let run = owner(account).and_then(|owner| Some((owner, self.passed.range(..=owner).next_back()?)));
        run.is_some_and(|(owner, (_, last))| owner <= *last)
    }

    /// Legs that still wait have their other side out of the database, which is no fault.
    pub fn finding(self) -> Finding {
        self.check.finding(
            "population.transfers",
            "a transfer between two customers is booked on both accounts at the same moment, with opposite amounts",
        )
    }
}

impl Leg {
    fn lonely(&self, other: &str) -> String {
        let Leg { transaction, at, amount, .. } = self;
        format!("transactions {transaction}: {amount} at {at} has no other leg on {other}")
    }
}

/// The number of the customer whose account this is.
fn owner(account: &str) -> Option<u64> {
    account.parse::<Id>().ok().map(Id::owner)
}
