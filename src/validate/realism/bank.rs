//! C25 to C27: what people buy, how often and when, and how much of it is fraud.

use std::collections::{BTreeMap, BTreeSet};

use super::score::{Measure, Score, Verdict};
use super::stats::{auc, mean, median, sd};
use crate::encode::{LifeRecords, Record};
use crate::model::MONEY_MAX;
use crate::schema::{Day, Moment, Month};
use crate::validate::cell::usual;
use crate::validate::logistic::Logistic;

/// Purchases that are kept, in some 50 MB: of more, every second, every fourth and so on. Counts are of all.
const MOST_PURCHASES: usize = 4_000_000;

/// The purchases of all customers: rows with a merchant category code that leave the account.
pub(super) struct Purchases {
    all: u64,
    fraud: u64,
    /// One in so many, in the order of customers and time.
    kept: Vec<Kept>,
    one_in: u64,
    most: usize,
    months: BTreeMap<Month, Clock>,
    /// Days of the first and the last transaction of any kind.
    span: Option<(Day, Day)>,
}

struct Kept {
    cents: u32,
    /// Logarithm of the amount less the customer's mean of it.
    off: f32,
    night: bool,
    abroad: bool,
    new: bool,
    fraud: bool,
}

/// Purchases of a calendar month.
#[derive(Default)]
struct Clock {
    all: u64,
    /// From 0 to 5 o'clock, from 11 to 19, and on Fridays and Saturdays.
    night: u64,
    afternoon: u64,
    weekend: u64,
    /// Of each customer who had joined before it and bought anything.
    counts: Vec<u16>,
}

/// A purchase as it is read.
struct Purchase<'a> {
    at: Moment,
    cents: i64,
    record: &'a Record,
}

impl Purchase<'_> {
    /// `None` for money that comes in, and for what cannot be read.
    fn read(record: &Record) -> Option<Purchase<'_>> {
        let cents = record.unscaled("amount").filter(|cents| (-MONEY_MAX..0).contains(cents))?;
        Some(Purchase { at: record.moment("booked_at")?, cents: -cents, record })
    }
}

impl Default for Purchases {
    fn default() -> Purchases {
        Purchases {
            all: 0,
            fraud: 0,
            kept: Vec::new(),
            one_in: 1,
            most: MOST_PURCHASES,
            months: BTreeMap::new(),
            span: None,
        }
    }
}

impl Purchases {
    pub fn add(&mut self, life: &LifeRecords) {
        let rows = life.of("transactions");
        let days = rows.iter().filter_map(|row| row.moment("booked_at").map(Moment::day));
        for day in days {
            let (first, last) = self.span.unwrap_or((day, day));
            self.span = Some((first.min(day), last.max(day)));
        }
        let is_purchase = |row: &&Record| row.text("mcc").is_some();
        let mut purchases: Vec<Purchase> = rows.iter().filter(is_purchase).filter_map(Purchase::read).collect();
        purchases.sort_by_key(|purchase| purchase.at);

        let joined = life.of("customers").first().and_then(|customer| customer.moment("created_at"));
        self.count(&purchases, joined.map(Moment::day));
        self.keep(&purchases, &frauds(life));
    }

    fn count(&mut self, purchases: &[Purchase], joined: Option<Day>) {
        for of_month in purchases.chunk_by(|a, b| a.at.day().month() == b.at.day().month()) {
            let month = of_month[0].at.day().month();
            let clock = self.months.entry(month).or_default();
            if joined.is_none_or(|joined| joined <= month.first()) {
                clock.counts.push(of_month.len().min(u16::MAX.into()) as u16);
            }
            for purchase in of_month {
                let hour = purchase.at.clock().0;
                clock.all += 1;
                clock.night += u64::from(hour < 5);
                clock.afternoon += u64::from((11..19).contains(&hour));
                // The first day of 1970 was a Thursday.
                clock.weekend += u64::from(matches!(purchase.at.day().0.rem_euclid(7), 1 | 2));
            }
        }
    }

    fn keep(&mut self, purchases: &[Purchase], frauds: &BTreeSet<&str>) {
        let logs: Vec<f64> = purchases.iter().map(|purchase| libm::log(purchase.cents as f64)).collect();
        let (mean, home) = (mean(&logs), usual(purchases.iter().map(|purchase| purchase.record), "country"));
        let mut merchants = BTreeSet::new();
        for (purchase, log) in purchases.iter().zip(logs) {
            let text = |column| purchase.record.text(column);
            let kept = Kept {
                cents: purchase.cents.min(u32::MAX.into()) as u32,
                off: (log - mean) as f32,
                night: purchase.at.clock().0 < 6,
                abroad: text("country") != home,
                new: merchants.insert(text("recipient_entity")),
                fraud: text("transaction_id").is_some_and(|id| frauds.contains(id)),
            };
            self.fraud += u64::from(kept.fraud);
            if self.all.is_multiple_of(self.one_in) {
                self.kept.push(kept);
            }
            self.all += 1;
            if self.kept.len() > self.most {
                let mut number = 0;
                self.kept.retain(|_| {
                    number += 1;
                    number % 2 == 1
                });
                self.one_in *= 2;
            }
        }
    }

    pub fn amounts(&self) -> Score {
        let logs: Vec<f64> = self.kept.iter().map(|kept| libm::log(f64::from(kept.cents) / 100.0)).collect();
        let mut digits = [0.0; 9];
        for kept in &self.kept {
            let mut first = kept.cents;
            while first > 9 {
                first /= 10;
            }
            digits[first as usize - 1] += 1.0 / self.kept.len() as f64;
        }
        // Benford 1938.
        let expected = |digit: usize| libm::log10(1.0 + 1.0 / digit as f64);
        let off: Vec<f64> = (1..=9).map(|digit| (digits[digit - 1] - expected(digit)).abs()).collect();
        let amounts = self.kept.iter().map(|kept| f64::from(kept.cents) / 100.0).collect();
        let measures = vec![
            Measure::new("first digits, mean off Benford", mean(&off), 0.0..=0.012),
            Measure::new("standard deviation of ln", sd(&logs), 0.85..=1.5),
            Measure::new("median", median(amounts), 14.0..=45.0),
        ];
        Score::new("C25", self.all as usize, measures)
    }

    /// Whole calendar months alone: half a month has half the purchases.
    pub fn clock(&self) -> Score {
        let whole =
            |month: Month| self.span.is_some_and(|(first, last)| first <= month.first() && month.last() <= last);
        let months: Vec<&Clock> =
            self.months.iter().filter(|(month, _)| whole(**month)).map(|(_, clock)| clock).collect();
        let counts: Vec<f64> = months.iter().flat_map(|clock| &clock.counts).map(|count| f64::from(*count)).collect();
        let sum = |of: fn(&Clock) -> u64| months.iter().map(|clock| of(clock)).sum::<u64>();
        let share = |of: fn(&Clock) -> u64| sum(of) as f64 / sum(|clock| clock.all) as f64;
        let measures = vec![
            Measure::new("a customer and month, mean", mean(&counts), 24.0..=48.0),
            Measure::new("their variance / mean", sd(&counts) * sd(&counts) / mean(&counts), 2.0..=14.0),
            Measure::new("from 0 to 5 o'clock", share(|clock| clock.night), 0.005..=0.05),
            Measure::new("from 11 to 19 o'clock", share(|clock| clock.afternoon), 0.48..=0.72),
            Measure::new("on Fridays and Saturdays", share(|clock| clock.weekend), 0.30..=0.38),
        ];
        let score = Score::new("C26", sum(|clock| clock.all) as usize, measures);
        if months.is_empty() { score.instead(Verdict::TooFewRows, "needs a whole calendar month") } else { score }
    }

    /// The detector learns from every other purchase and is tested on the rest.
    pub fn fraud(&self) -> Score {
        let number = |flag: bool| f64::from(u8::from(flag));
        let row = |kept: &Kept| {
            let off = f64::from(kept.off);
            ([off.abs(), off, number(kept.night), number(kept.abroad), number(kept.new)], kept.fraud, 1.0)
        };
        let model = Logistic::fit(self.kept.iter().step_by(2).map(row));
        let tested = self.kept.iter().skip(1).step_by(2);
        let ranked = model.map_or(f64::NAN, |model| {
            let (bad, scores): (Vec<bool>, Vec<f64>) =
                tested.map(|kept| (kept.fraud, model.score(&row(kept).0))).unzip();
            auc(&bad, &scores)
        });
        let measures = vec![
            Measure::new("share by count", self.fraud as f64 / self.all as f64, 0.0004..=0.0025),
            Measure::new("AUC of five features", ranked, 0.80..=0.985),
        ];
        Score::new("C27", self.all as usize, measures)
    }
}

/// The ids of transactions that are fraud; accidents are none.
fn frauds(life: &LifeRecords) -> BTreeSet<&str> {
    let is_fraud = |row: &&Record| row.text("label").is_some_and(|label| label.starts_with("fraud_"));
    life.of("transaction_labels").iter().filter(is_fraud).filter_map(|row| row.text("transaction_id")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::draw::Draw;
    use crate::generate::seed::Seed;
    use crate::validate::rules::tests::row;

    /// A purchase by its cells: moment, mcc, merchant, country, cents.
    struct Made {
        at: Moment,
        mcc: &'static str,
        merchant: u64,
        country: &'static str,
        cents: i64,
        fraud: bool,
    }

    /// Three months of a customer's purchases as they should be, one in a thousand of them fraud.
    fn made(customer: u64) -> Vec<Made> {
        let mut draw = Seed(1).stream("purchases").at(customer);
        let first = Day::from_ymd(2025, 10, 1).unwrap();
        let mut purchases = Vec::new();
        for month in (0..3).map(|month| first.month().plus(month)) {
            for _ in 0..draw.between(16.0, 56.0) as u32 {
                purchases.push(purchase(month, &mut draw));
            }
        }
        purchases
    }

    fn purchase(month: Month, draw: &mut Draw) -> Made {
        let days = month.last().since(month.first()) as u64 + 1;
        let mut day = month.first().plus(draw.below(days) as i32);
        while !matches!(day.0.rem_euclid(7), 1 | 2) && draw.chance(0.25) {
            day = month.first().plus(draw.below(days) as i32);
        }
        let fraud = draw.chance(0.001);
        let night = draw.chance(if fraud { 0.4 } else { 0.02 });
        let (from, to) = if night { (0, 5) } else { draw.pick(&[((5, 11), 1.0), ((11, 19), 3.0), ((19, 24), 1.0)]) };
        Made {
            at: day.at(from * 3600 + draw.below(u64::from(to - from) * 3600) as u32),
            mcc: "5411",
            merchant: if fraud { 1000 + draw.below(1000) } else { draw.below(20) },
            country: if draw.chance(if fraud { 0.3 } else { 0.01 }) { "CA" } else { "US" },
            cents: draw.log_normal(if fraud { 5000.0 } else { 2500.0 }, 1.1) as i64 + 1,
            fraud,
        }
    }

    fn purchases(customers: u64, most: usize, spoil: fn(&mut Made)) -> Purchases {
        let mut purchases = Purchases { most, ..Purchases::default() };
        for customer in 0..customers {
            let mut life = LifeRecords::default();
            for (number, mut made) in made(customer).into_iter().enumerate() {
                spoil(&mut made);
                let Made { at, mcc, merchant, country, cents, fraud } = made;
                let dollars = format!("-{}.{:02}", cents / 100, cents % 100);
                let values = format!(
                    "t{number}, north, a1, {at}, card_purchase, grocery, {mcc}, merchant, Shop {merchant}, Purchase, Boston, \
                     {country}, {dollars}, USD, 0.00, false, , SYNTHETIC"
                );
                life.of_mut("transactions").push(row("transactions", &values));
                if fraud {
                    let values = format!("t{number}, fraud_account_takeover, t{number}, spending, {at}, ");
                    life.of_mut("transaction_labels").push(row("transaction_labels", &values));
                }
            }
            purchases.add(&life);
        }
        purchases
    }

    #[test]
    fn purchases_as_they_should_be_pass_and_nothing_proves_nothing() {
        let good = purchases(1_000, MOST_PURCHASES, |_| ());
        let scores = [good.amounts(), good.clock(), good.fraud()];
        scores.iter().for_each(|score| assert_eq!(score.verdict, Verdict::Pass, "{score}"));
        let none = Purchases::default();
        for score in [none.amounts(), none.clock(), none.fraud()] {
            assert_eq!((score.verdict, score.n), (Verdict::TooFewRows, 0), "{score}");
        }
        // What is thinned out says nearly the same.
        let thin = purchases(1_000, 30_000, |_| ());
        assert_eq!((thin.one_in, thin.all, thin.fraud), (4, good.all, good.fraud));
        assert_eq!(thin.amounts().verdict, Verdict::Pass, "{}", thin.amounts());
        assert!((thin.amounts().measures[2].value / good.amounts().measures[2].value - 1.0).abs() < 0.03);
    }

    #[test]
    fn the_month_of_joining_is_not_whole() {
        let day = Day::from_ymd(2025, 10, 20).unwrap();
        let record = row("events", "e1, joined, 1.0, 2025-10-20T00:00:00.000Z, customers, a1, c1, {}");
        let of = |day: Day| Purchase { at: day.at(0), cents: 1, record: &record };
        let mut purchases = Purchases::default();
        purchases.count(&[of(day), of(day), of(day.plus(20))], Some(day));
        let counts = |month: Month| purchases.months[&month].counts.clone();
        assert_eq!((counts(day.month()), counts(day.month().plus(1))), (vec![], vec![1]));
    }

    #[test]
    fn purchases_as_they_should_not_be_fail() {
        let fails = |score: Score, label: &str| {
            assert_eq!(score.verdict, Verdict::Fail, "{score}");
            assert!(score.measures.iter().any(|measure| measure.label == label && !measure.holds()), "{score}");
        };
        let few = |spoil| purchases(300, MOST_PURCHASES, spoil);
        fails(few(|made| made.cents = 2_000).amounts(), "first digits, mean off Benford");
        fails(few(|made| made.cents *= 4).amounts(), "median");
        fails(few(|made| made.at = made.at.day().at(3 * 3600)).clock(), "from 0 to 5 o'clock");
        fails(few(|made| made.at = made.at.plus_seconds(12 * 3600)).clock(), "from 11 to 19 o'clock");
        fails(
            purchases(900, MOST_PURCHASES, |made| made.mcc = if made.merchant < 12 { "" } else { made.mcc }).clock(),
            "a customer and month, mean",
        );
        // Half a month says nothing of a whole one.
        let half = few(|made| made.at = Day::from_ymd(2025, 10, 2 + made.at.day().day_of_month() % 28).unwrap().at(0));
        assert_eq!((half.clock().verdict, half.clock().n), (Verdict::TooFewRows, 0), "{}", half.clock());
        fails(
            purchases(1_000, MOST_PURCHASES, |made| made.fraud = made.cents % 900 == 0).fraud(),
            "AUC of five features",
        );
        fails(purchases(1_000, MOST_PURCHASES, |made| made.fraud |= made.cents % 50 == 0).fraud(), "share by count");
    }
}
