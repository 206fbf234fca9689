//! The circles' half of C28: what a round pays out is what it was paid, and nobody takes two hands.

use std::collections::BTreeMap;

use serde_json::Value;

use super::streams::cents;

/// Circles that are kept, in some 20 MB: of more, every second by a hash of their ids, every fourth and so on. Of a circle that
/// is kept, every row is seen, in whichever lives those are.
const MOST_CIRCLES: usize = 10_000;

/// Circles, put together as the lives of their members come by.
pub(super) struct Circles {
    /// Contributions and payouts, of all circles.
    pub rows: u64,
    /// Those that tell no circle, round or amount.
    unreadable: u64,
    kept: BTreeMap<String, Circle>,
    one_in: u64,
    most: usize,
}

#[derive(Default)]
struct Circle {
    rounds: BTreeMap<i64, Round>,
    members: BTreeMap<String, Member>,
    completed: bool,
}

#[derive(Default)]
struct Round {
    /// Cents that came in time, less those that were paid out.
    left: i64,
    /// Money was late or missed, so that sums need not agree.
    is_excused: bool,
}

#[derive(Default)]
struct Member {
    has_joined: bool,
    has_left: bool,
    hands: u32,
}

impl Circle {
    fn member(&mut self, customer: &str) -> &mut Member {
        self.members.entry(customer.to_owned()).or_default()
    }
}

impl Default for Circles {
    fn default() -> Circles {
        Circles { rows: 0, unreadable: 0, kept: BTreeMap::new(), one_in: 1, most: MOST_CIRCLES }
    }
}

impl Circles {
    /// An event of a circle, and whose it is.
    pub fn add(&mut self, kind: &str, customer: &str, payload: &Value) {
        let moves = matches!(kind, "circle-contribution-received" | "circle-payout-executed");
        self.rows += u64::from(moves);
        if self.read(kind, customer, payload).is_none() && moves {
            self.unreadable += 1;
        }
    }

    fn read(&mut self, kind: &str, customer: &str, payload: &Value) -> Option<()> {
        let id = payload.get("circle_id")?.as_str()?;
        let number = |field: &str| payload.get(field).and_then(Value::as_i64);
        let round = number("cycle_number");
        // All is read before anything is kept, so that a row counts whole or not at all.
        let moved = match kind {
            "circle-contribution-received" => (cents(payload, "amount")?, number("days_late")? > 0, round?),
            "circle-payout-executed" => (-cents(payload, "amount")?, false, round?),
            "circle-contribution-missed" => (0, true, round?),
            _ => (0, false, 0),
        };
        let Some(circle) = self.circle(id) else { return Some(()) };
        match kind {
            "circle-member-joined" => circle.member(customer).has_joined = true,
            "circle-member-dropped" => circle.member(customer).has_left = true,
            "circle-payout-executed" => circle.member(customer).hands += 1,
            "circle-completed" => circle.completed = true,
            _ => {}
        }
        let (amount, is_excused, round) = moved;
        if round > 0 {
            let round = circle.rounds.entry(round).or_default();
            // What is late is the member's own affair: the payout has been.
            round.left = round.left.saturating_add(if is_excused { 0 } else { amount });
            round.is_excused |= is_excused;
        }
        Some(())
    }

    /// The circle with this id, if it is one of those that are kept.
    fn circle(&mut self, id: &str) -> Option<&mut Circle> {
        let is_kept = |id: &str, one_in: u64| hash(id).is_multiple_of(one_in);
        while self.kept.len() >= self.most && is_kept(id, self.one_in) && !self.kept.contains_key(id) {
            self.one_in *= 2;
            let one_in = self.one_in;
            self.kept.retain(|id, _| is_kept(id, one_in));
        }
        is_kept(id, self.one_in).then(|| self.kept.entry(id.to_owned()).or_default())
    }

    /// Rounds without late or missed money whose payout is not what was paid in, and rows that cannot be read: such a row
    /// proves nothing.
    pub fn out_of_balance(&self) -> u64 {
        let rounds = self.kept.values().flat_map(|circle| circle.rounds.values());
        rounds.filter(|round| !round.is_excused && round.left != 0).count() as u64 + self.unreadable
    }

    /// Members with more than one hand; and, in a circle that was completed, those who stayed to its end without one.
    pub fn hands_not_one(&self) -> u64 {
        let wrong = |circle: &Circle| {
            let without = |member: &&Member| circle.completed && member.has_joined && !member.has_left;
            circle.members.values().filter(|member| member.hands > 1 || member.hands == 0 && without(member)).count()
        };
        self.kept.values().map(wrong).sum::<usize>() as u64
    }
}

/// FNV-1a, 64 bits, and mixed once more: ids of others than ours may count up, which its bits alone would show.
fn hash(id: &str) -> u64 {
    let mixed = id
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// What an event tells: its kind, whose it is, and its payload.
    pub type Told = (&'static str, String, Value);

    /// What three members tell in the three rounds of a circle, member by member, as their lives would come by.
    pub fn told(circle: &str) -> Vec<Told> {
        let mut told = Vec::new();
        for member in 0..3 {
            let mut tell = |kind, payload: Value| told.push((kind, format!("c{member}"), payload));
            tell("circle-member-joined", json!({ "circle_id": circle }));
            for round in 1..=3 {
                let paid = json!({ "circle_id": circle, "cycle_number": round, "amount": "50.00", "days_late": 0 });
                tell("circle-contribution-received", paid);
            }
            let taken = json!({ "circle_id": circle, "cycle_number": member + 1, "amount": "150.00" });
            tell("circle-payout-executed", taken);
        }
        told.push(("circle-completed", "c0".to_owned(), json!({ "circle_id": circle })));
        told
    }

    fn circles(told: &[Told]) -> Circles {
        let mut circles = Circles::default();
        told.iter().for_each(|(kind, customer, payload)| circles.add(kind, customer, payload));
        circles
    }

    #[test]
    fn rounds_balance_and_a_wrong_one_is_seen() {
        let wrong = |told: &[Told]| {
            let circles = circles(told);
            (circles.rows, circles.out_of_balance(), circles.hands_not_one())
        };
        let good = told("s1");
        assert_eq!(wrong(&good), (12, 0, 0));

        let mut cent = good.clone();
        cent[4].2["amount"] = json!("150.01");
        assert_eq!(wrong(&cent), (12, 1, 0));
        // Late money is none of the pot's; the rest of the round need not agree.
        let mut late = good.clone();
        (late[1].2["days_late"], late[4].2["amount"]) = (json!(3), json!("100.00"));
        assert_eq!(wrong(&late), (12, 0, 0));
        let mut missed = good.clone();
        missed[1].0 = "circle-contribution-missed";
        assert_eq!(wrong(&missed), (11, 0, 0));
        let mut gone = good.clone();
        gone.remove(1);
        assert_eq!(wrong(&gone), (11, 1, 0));
        let mut number = good.clone();
        number[4].2["amount"] = json!(150.0);
        assert_eq!(wrong(&number), (12, 2, 1), "an amount is a string: neither round nor hand can be told");
    }

    #[test]
    fn each_member_has_one_hand() {
        let hands = |told: &[Told]| circles(told).hands_not_one();
        let good = told("s1");
        let mut twice = good.clone();
        twice[9].1 = "c0".to_owned();
        assert_eq!(hands(&twice), 2, "one has two and another none");
        // Of a circle that goes on, the others are still to come.
        twice.pop();
        assert_eq!(hands(&twice), 1);
        // Who left needs none.
        let mut left = good.clone();
        left[9].0 = "circle-member-dropped";
        assert_eq!(hands(&left), 0);
    }

    #[test]
    fn of_many_circles_some_are_kept_whole() {
        let mut circles = Circles { most: 100, ..Circles::default() };
        let all: Vec<_> = (0..500).map(|number| told(&format!("s{number}"))).collect();
        for place in 0..all[0].len() {
            all.iter().for_each(|told| circles.add(told[place].0, &told[place].1, &told[place].2));
        }
        assert!(
            (20..=100).contains(&circles.kept.len()) && (8..=16).contains(&circles.one_in),
            "{}",
            circles.kept.len()
        );
        assert_eq!((circles.rows, circles.out_of_balance(), circles.hands_not_one()), (6_000, 0, 0));
    }
}
