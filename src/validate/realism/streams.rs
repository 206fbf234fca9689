//! C28: savings circles whose money adds up, and money that is sent home when and as people send it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::circles::Circles;
use super::score::{Measure, Score, Verdict};
use super::sessions::Sessions;
use super::stats::{mean, median};
use crate::encode::{LifeRecords, Record};
use crate::model::MONEY_MAX;
use crate::schema::{Day, Moment, Month};

/// Amounts that are kept, in some 4 MB: of more, every second, every fourth and so on.
const MOST_AMOUNTS: usize = 1_000_000;

/// What the streams tell of all customers: a circle's rows are in many lives, so it needs each of them.
pub(super) struct Streams {
    circles: Circles,
    sent: Sent,
    pub sessions: Sessions,
}

/// Remittances. The reference knows no fraud among them, so how people send is measured on those without a label; what they
/// come to in gourdes, on all.
struct Sent {
    all: u64,
    /// Those without a label, in cents: all of them, those of whole tens of dollars, and the amounts that are kept.
    honest: u64,
    tens: u64,
    cents: Vec<u32>,
    one_in: u64,
    most: usize,
    /// The largest difference between what is received and the amount at its rate.
    error: f64,
    /// The last twelve whole months.
    year: [Month; 12],
    /// What is sent in them, in cents, by those who were customers before the first of them. Of others a part of the year
    /// alone could be seen, mostly its end: they would show how the bank grew.
    by_month: [i64; 12],
    /// The day of the first of all.
    first: Option<Day>,
}

impl Streams {
    /// Of data whose last day is `end`.
    pub fn new(end: Day) -> Streams {
        let last = if end == end.month().last() { end.month() } else { end.month().plus(-1) };
        let year = std::array::from_fn(|month| last.plus(month as i32 - 11));
        let sent = Sent {
            all: 0,
            honest: 0,
            tens: 0,
            cents: Vec::new(),
            one_in: 1,
            most: MOST_AMOUNTS,
            error: 0.0,
            year,
            by_month: [0; 12],
            first: None,
        };
        Streams { circles: Circles::default(), sent, sessions: Sessions::default() }
    }

    pub fn add(&mut self, life: &LifeRecords) {
        let joined = life.of("customers").first().and_then(|customer| customer.moment("created_at")).map(Moment::day);
        let labelled: BTreeSet<&str> = life.of("event_labels").iter().filter_map(|row| row.text("event_id")).collect();
        for row in life.of("events") {
            let Some(kind) = row.text("event_type") else { continue };
            if !kind.starts_with("circle-") && kind != "remittance-initiated" {
                continue;
            }
            let payload = row.text("payload").and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
            if kind == "remittance-initiated" {
                let is_labelled = row.text("event_id").is_some_and(|id| labelled.contains(id));
                self.sent.add(row, &payload, joined, is_labelled);
            } else {
                self.circles.add(kind, row.text("customer_id").unwrap_or_default(), &payload);
            }
        }
        self.sessions.add(life);
    }

    /// Needs as many rows of circles' money as remittances: each half of it is a sample of its own.
    pub fn saving_and_sending(&self) -> Score {
        let Streams { circles, sent, .. } = self;
        let december = "December / mean month";
        let measures = vec![
            Measure::new("rounds out of balance", circles.out_of_balance() as f64, 0.0..=0.0),
            Measure::new("members without just one hand", circles.hands_not_one() as f64, 0.0..=0.0),
            Measure::new("sent home, median", sent.median(), 100.0..=260.0),
            Measure::new(december, sent.december(), 1.12..=1.7),
            Measure::new("multiples of ten dollars", sent.tens as f64 / sent.honest as f64, 0.55..=0.9),
            Measure::new("gourdes off dollars x rate, at most", sent.error, 0.0..=0.02),
        ];
        let only_december = measures.iter().all(|measure| measure.holds() || measure.label == december);
        let score = Score::new("C28", circles.rows.min(sent.all) as usize, measures);
        // What can be judged without a year fails all the same.
        if !sent.is_whole_year() && only_december {
            return score.instead(Verdict::TooFewRows, "needs remittances of twelve whole months");
        }
        score.with_note("what is labelled is left out of how people send, and newcomers of the year out of its months")
    }
}

impl Sent {
    fn add(&mut self, row: &Record, payload: &Value, joined: Option<Day>, is_labelled: bool) {
        self.all += 1;
        let number = |field| payload.get(field)?.as_str()?.parse::<f64>().ok();
        let read = || Some((cents(payload, "send_amount")?, number("receive_amount")?, number("exchange_rate")?));
        let (Some((sent, received, rate)), Some(day)) = (read(), row.moment("occurred_at").map(Moment::day)) else {
            // What cannot be read is off by nobody knows how much.
            self.error = f64::INFINITY;
            return;
        };
        let error = (received - sent as f64 / 100.0 * rate).abs();
        self.error = self.error.max(if error.is_nan() { f64::INFINITY } else { error });
        self.first = Some(self.first.map_or(day, |first| first.min(day)));
        if is_labelled {
            return;
        }
        self.tens += u64::from(sent % 1_000 == 0);
        if self.honest.is_multiple_of(self.one_in) {
            self.cents.push(sent.min(u32::MAX.into()) as u32);
        }
        self.honest += 1;
        if self.cents.len() > self.most {
            let mut number = 0;
            self.cents.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.one_in *= 2;
        }
        let month = usize::try_from(day.month().since(self.year[0])).ok();
        let sum = month.and_then(|month| self.by_month.get_mut(month));
        if let Some(sum) = sum.filter(|_| joined.is_some_and(|joined| joined < self.year[0].first())) {
            *sum = sum.saturating_add(sent);
        }
    }

    fn median(&self) -> f64 {
        median(self.cents.iter().map(|cents| f64::from(*cents) / 100.0).collect())
    }

    /// Whether remittances begin with the year: of a month's first week, enough of them have one.
    fn is_whole_year(&self) -> bool {
        self.first.is_some_and(|first| first < self.year[0].first().plus(7)) && self.by_month.iter().all(|sum| *sum > 0)
    }

    /// What is sent in December as a multiple of a mean month; NaN without a whole year.
    fn december(&self) -> f64 {
        if !self.is_whole_year() {
            return f64::NAN;
        }
        let sums = self.by_month.map(|cents| cents as f64);
        let december = self.year.iter().zip(sums).find(|(month, _)| month.number() == 12);
        december.map_or(f64::NAN, |(_, sum)| sum / mean(&sums))
    }
}

/// An amount of money in a payload: a string with two places, not below zero.
pub(super) fn cents(payload: &Value, field: &str) -> Option<i64> {
    let (whole, cents) = payload.get(field)?.as_str()?.split_once('.')?;
    let read = format!("{whole}{cents}").parse().ok().filter(|_| cents.len() == 2);
    read.filter(|cents| (0..=MONEY_MAX).contains(cents))
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::super::circles::tests::{Told, told};
    use super::*;
    use crate::generate::draw::Draw;
    use crate::generate::seed::Seed;
    use crate::model::table;
    use crate::validate::rules::tests::row;

    /// An event as it is read back.
    pub fn event(id: &str, kind: &str, at: Moment, customer: &str, payload: &str) -> Record {
        let at = at.to_string();
        let cells = [id, kind, "1.0", &at, "test-service", id, customer, payload].map(|cell| Some(cell.to_owned()));
        Record { schema: table("events").unwrap(), cells: cells.into() }
    }

    const END: Day = Day(20_453);

    /// A remittance: its day and amount, by how many gourdes it is off, and its label.
    struct Made {
        day: Day,
        cents: i64,
        off: f64,
        label: &'static str,
    }

    /// Two years in which a thousand customers send money home as people do, and save in circles of three.
    fn streams(spoil: impl Fn(u64, &mut Made), circle: impl Fn(&mut Vec<Told>)) -> Streams {
        let mut streams = Streams::new(END);
        for customer in 0..999u64 {
            let mut draw = Seed(1).stream("remittances").at(customer);
            let mut life = LifeRecords::default();
            let joined = if customer % 10 == 0 { "2025-11-15" } else { "2020-01-15" };
            life.of_mut("customers").push(row(
                "customers",
                &format!(
                    "c1, Ann, Lee, ann@example.com, (617) 555-0142, 1985-05-05, 912-01-0001, 1 Elm St, Boston, MA, 02108, \
                     unemployed, 12000.00, {joined}T09:00:00.000Z"
                ),
            ));
            for number in 0..4 {
                let mut made = made(joined, &mut draw);
                spoil(customer, &mut made);
                let Made { day, cents, off, label } = made;
                let dollars = format!("{}.{:02}", cents / 100, cents % 100);
                let gourdes = format!("{:.2}", cents as f64 / 100.0 * 132.5 + off);
                let payload = json!({ "send_amount": dollars, "receive_amount": gourdes, "exchange_rate": "132.5000" });
                let id = format!("r{number}");
                life.of_mut("events").push(event(&id, "remittance-initiated", day.at(0), "c1", &payload.to_string()));
                if !label.is_empty() {
                    life.of_mut("event_labels").push(row("event_labels", &format!("{id}, {label}, x")));
                }
            }
            let mut told: Vec<Told> = told(&format!("s{}", customer / 3))
                .into_iter()
                .filter(|(_, member, _)| *member == format!("c{}", customer % 3))
                .collect();
            circle(&mut told);
            for (number, (kind, member, payload)) in told.into_iter().enumerate() {
                let id = format!("e{number}");
                life.of_mut("events").push(event(&id, kind, END.at(0), &member, &payload.to_string()));
            }
            streams.add(&life);
        }
        streams
    }

    fn made(joined: &str, draw: &mut Draw) -> Made {
        let joined: Day = joined.parse().unwrap();
        let day = loop {
            let day = END.plus(-(draw.below(730) as i32));
            if day > joined && (day.month().number() == 12 || draw.chance(0.7)) {
                break day;
            }
        };
        let cents =
            if draw.chance(0.7) { 1_000 * draw.below(35) as i64 + 2_000 } else { 1_111 + draw.below(30_000) as i64 };
        Made { day, cents, off: 0.0, label: "" }
    }

    fn outside(score: &Score) -> Vec<&str> {
        score.measures.iter().filter(|measure| !measure.holds()).map(|measure| measure.label.as_str()).collect()
    }

    #[test]
    fn streams_as_they_should_be_pass_and_few_prove_nothing() {
        let good = streams(|_, _| (), |_| ());
        let score = good.saving_and_sending();
        assert_eq!((score.verdict, score.n), (Verdict::Pass, 3_996), "{score}");
        let none = Streams::new(END).saving_and_sending();
        assert_eq!((none.verdict, none.n), (Verdict::TooFewRows, 0), "{none}");
        // Remittances alone say nothing of circles.
        let alone = streams(|_, _| (), Vec::clear).saving_and_sending();
        assert_eq!((alone.verdict, alone.n), (Verdict::TooFewRows, 0), "{alone}");
    }

    #[test]
    fn each_measure_of_what_is_sent_fails_alone() {
        let fails = |spoil: &dyn Fn(u64, &mut Made)| {
            let score = streams(spoil, |_| ()).saving_and_sending();
            assert_eq!(score.verdict, Verdict::Fail, "{score}");
            outside(&score).join(", ")
        };
        assert_eq!(fails(&|_, made| made.cents *= 4), "sent home, median");
        let spring = |_: u64, made: &mut Made| {
            if made.day.month().number() == 12 && made.day.day_of_month() > 5 {
                made.day = made.day.plus(-200);
            }
        };
        assert_eq!(fails(&spring), "December / mean month");
        assert_eq!(fails(&|_, made| made.cents += i64::from(made.cents % 1_000 == 0)), "multiples of ten dollars");
        let off = |customer: u64, made: &mut Made| made.off = if customer == 7 { 0.05 } else { 0.0 };
        assert_eq!(fails(&off), "gourdes off dollars x rate, at most");
        // What is labelled is not how people send.
        let smurfs = |customer: u64, made: &mut Made| {
            if customer.is_multiple_of(2) {
                (made.cents, made.label) = (49_912, "smurfing");
            }
        };
        assert_eq!(streams(smurfs, |_| ()).saving_and_sending().verdict, Verdict::Pass);
    }

    #[test]
    fn each_measure_of_circles_fails_alone() {
        let fails =
            |circle: &dyn Fn(&mut Vec<Told>)| outside(&streams(|_, _| (), circle).saving_and_sending()).join(", ");
        let short = |told: &mut Vec<Told>| {
            if told[0].2["circle_id"] == "s17" {
                told[1].2["amount"] = json!("49.00");
            }
        };
        assert_eq!(fails(&short), "rounds out of balance");
        let grab = |told: &mut Vec<Told>| {
            if told[0].2["circle_id"] == "s17" {
                told.iter_mut()
                    .filter(|told| told.0 == "circle-payout-executed")
                    .for_each(|told| told.1 = "c0".to_owned());
            }
        };
        assert_eq!(fails(&grab), "members without just one hand");
    }

    #[test]
    fn a_season_needs_a_year_and_what_is_broken_needs_none() {
        let autumn =
            |off: f64| move |_: u64, made: &mut Made| (made.day, made.off) = (END.plus(-(made.cents % 90) as i32), off);
        let score = streams(autumn(0.0), |_| ()).saving_and_sending();
        assert_eq!(score.verdict, Verdict::TooFewRows, "{score}");
        assert!(score.note.as_ref().unwrap().contains("twelve whole months"), "{score}");
        let score = streams(autumn(0.5), |_| ()).saving_and_sending();
        assert_eq!(score.verdict, Verdict::Fail, "{score}");
    }

    #[test]
    fn thinned_amounts_say_nearly_the_same() {
        let good = streams(|_, _| (), |_| ());
        let mut thin = Streams::new(END).sent;
        thin.most = 2_000;
        for cents in &good.sent.cents {
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            let payload = json!({ "send_amount": amount, "receive_amount": "1.00", "exchange_rate": "1.0" });
            thin.add(&event("r", "remittance-initiated", END.at(0), "c", ""), &payload, None, false);
        }
        assert!(thin.cents.len() <= 2_000 && thin.one_in == 2);
        let medians = [good.sent.median(), thin.median()];
        assert!((medians[1] / medians[0] - 1.0).abs() < 0.05, "{medians:?}");
    }
}
