//! C30: when people log in, and whether they could have been where they were.

use std::collections::BTreeSet;

use serde_json::Value;

use super::score::{Measure, Score};
use crate::encode::{LifeRecords, Record};
use crate::schema::Moment;

/// Airliners are slower, km an hour; and nearer than this, km, a place may be the wrong mast of the same city.
const FASTEST: f64 = 1000.0;
const NEAR: f64 = 100.0;
/// A session needs a minute, however close two of them are: hours.
const LEAST: f64 = 1.0 / 60.0;

/// What sessions came to. Of each life only counts are kept.
#[derive(Default)]
pub(super) struct Sessions {
    all: u64,
    /// Of those that cannot be read nothing is known, and it is counted against them.
    unreadable: u64,
    /// From 0 to 5 o'clock, by the clock as it is written: as the reference has it, everybody lives by that clock, whichever
    /// state they live in.
    night: u64,
    /// Labelled as travel that nobody can do.
    travel: u64,
    /// Pairs of consecutive sessions of one customer of which neither has a label and which nobody can travel.
    too_fast: u64,
    /// Pairs of which the second is labelled as such travel, and those of them that are that fast.
    labelled: u64,
    fast: u64,
}

struct Session {
    at: Moment,
    latitude: f64,
    longitude: f64,
    is_travel: bool,
    is_labelled: bool,
}

impl Session {
    fn read(row: &Record, (labels, travel): (&BTreeSet<&str>, &BTreeSet<&str>)) -> Option<Session> {
        let payload: Value = serde_json::from_str(row.text("payload")?).ok()?;
        let place = payload.get("geo_location")?;
        let degrees = |name, most: f64| place.get(name)?.as_f64().filter(|degrees| degrees.abs() <= most);
        let id = row.text("event_id")?;
        Some(Session {
            at: row.moment("occurred_at")?,
            latitude: degrees("latitude", 90.0)?,
            longitude: degrees("longitude", 180.0)?,
            is_travel: travel.contains(id),
            is_labelled: labels.contains(id),
        })
    }

    /// Kilometres on the great circle, with 6,371 km for the Earth's radius.
    fn kilometres(&self, other: &Session) -> f64 {
        let half_sine = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
        let (north, east) = (half_sine(other.latitude - self.latitude), half_sine(other.longitude - self.longitude));
        let cosines = libm::cos(self.latitude.to_radians()) * libm::cos(other.latitude.to_radians());
        2.0 * 6371.0 * libm::asin((north * north + cosines * east * east).sqrt().min(1.0))
    }
}

impl Sessions {
    pub fn add(&mut self, life: &LifeRecords) {
        let labels = life.of("event_labels");
        let with = |which: fn(&&Record) -> bool| labels.iter().filter(which).filter_map(|row| row.text("event_id"));
        let labelled: BTreeSet<&str> = with(|_| true).collect();
        let travel: BTreeSet<&str> = with(|row| row.text("label") == Some("impossible_travel")).collect();
        let begun = life.of("events").iter().filter(|row| row.text("event_type") == Some("session-started"));
        let mut sessions: Vec<Session> = Vec::new();
        for row in begun {
            self.all += 1;
            match Session::read(row, (&labelled, &travel)) {
                Some(session) => sessions.push(session),
                None => self.unreadable += 1,
            }
        }
        sessions.sort_by_key(|session| session.at);
        for session in &sessions {
            self.night += u64::from(session.at.clock().0 < 5);
            self.travel += u64::from(session.is_travel);
        }
        for pair in sessions.windows(2) {
            let [before, after] = pair else { continue };
            let hours = ((after.at.0 - before.at.0) as f64 / 3_600_000.0).max(LEAST);
            let kilometres = before.kilometres(after);
            let is_fast = kilometres / hours > FASTEST;
            if after.is_travel {
                self.labelled += 1;
                self.fast += u64::from(is_fast);
            } else if !before.is_labelled && !after.is_labelled {
                self.too_fast += u64::from(is_fast && kilometres > NEAR);
            }
        }
    }

    pub fn score(&self) -> Score {
        let of_all = |count: u64| count as f64 / self.all as f64;
        let measures = vec![
            Measure::new("unlabelled pairs nobody can travel", (self.too_fast + self.unreadable) as f64, 0.0..=0.0),
            Measure::new("labelled pairs nobody can travel", self.fast as f64 / self.labelled as f64, 0.97..=1.0),
            // The table has .005, for fewer of them; at the streams' own rates, .03 x .3 of the flows, it is .012 (the
            // issue's words on C30).
            Measure::new("labelled as impossible travel", of_all(self.travel), 0.0003..=0.012),
            Measure::new("from 0 to 5 o'clock", of_all(self.night), 0.005..=0.06),
        ];
        let note = "labelled sessions: the table's .005 is .012 at the streams' default rates; hours are those of the clock as written";
        Score::new("C30", self.all as usize, measures).with_note(note)
    }
}

#[cfg(test)]
mod tests {
    use super::super::streams::tests::event;
    use super::*;
    use crate::schema::Day;
    use crate::validate::realism::Verdict;
    use crate::validate::rules::tests::row;

    const BOSTON: (f64, f64) = (42.36, -71.058);
    const MIAMI: (f64, f64) = (25.775, -80.194);
    const LAGOS: (f64, f64) = (6.454, 3.395);

    struct Made {
        second: u32,
        place: (f64, f64),
        label: &'static str,
    }

    /// Sessions of many customers, four each on a day; of one customer in thirty, one more from far away.
    fn sessions(spoil: impl Fn(u64, &mut Vec<Made>)) -> Sessions {
        let mut sessions = Sessions::default();
        for customer in 0..3_000 {
            let noon = if customer % 10 == 0 { 3 } else { 12 };
            let made = |hour: u32| Made { second: hour * 3600, place: BOSTON, label: "" };
            let mut day = vec![made(noon), made(14), made(18), made(20)];
            if customer % 30 == 1 {
                day.push(Made { second: 20 * 3600 + 900, place: LAGOS, label: "impossible_travel" });
            }
            spoil(customer, &mut day);
            let mut life = LifeRecords::default();
            for (number, Made { second, place: (latitude, longitude), label }) in day.into_iter().enumerate() {
                let id = format!("e{customer}-{number}");
                let payload = serde_json::json!({ "geo_location": { "latitude": latitude, "longitude": longitude } });
                let at = Day(20_000).at(second);
                life.of_mut("events").push(event(&id, "session-started", at, "c1", &payload.to_string()));
                if !label.is_empty() {
                    life.of_mut("event_labels").push(row("event_labels", &format!("{id}, {label}, x")));
                }
            }
            sessions.add(&life);
        }
        sessions
    }

    fn outside(score: &Score) -> Vec<&str> {
        score.measures.iter().filter(|measure| !measure.holds()).map(|measure| measure.label.as_str()).collect()
    }

    #[test]
    fn sessions_as_they_should_be_pass_and_few_prove_nothing() {
        let good = sessions(|_, _| ()).score();
        assert_eq!((good.verdict, good.n), (Verdict::Pass, 12_100), "{good}");
        let few = Sessions { all: 9_999, ..sessions(|_, _| ()) }.score();
        assert_eq!(few.verdict, Verdict::TooFewRows, "{few}");
        let none = Sessions::default().score();
        assert_eq!((none.verdict, none.n), (Verdict::TooFewRows, 0), "{none}");
    }

    #[test]
    fn each_measure_fails_alone() {
        // Boston to Miami is 2,025 km: an honest flight of four hours, and not one of two.
        let [boston, miami] = [BOSTON, MIAMI].map(|(latitude, longitude)| Session {
            at: Moment(0),
            latitude,
            longitude,
            is_travel: false,
            is_labelled: false,
        });
        let kilometres = boston.kilometres(&miami);
        assert!((2_010.0..2_040.0).contains(&kilometres), "{kilometres}");
        let fly = |to: usize| {
            move |customer: u64, day: &mut Vec<Made>| {
                if customer == 7 {
                    day[to..].iter_mut().for_each(|made| made.place = MIAMI);
                }
            }
        };
        assert_eq!(outside(&sessions(fly(2)).score()), [""; 0]);
        assert_eq!(outside(&sessions(fly(3)).score()), ["unlabelled pairs nobody can travel"]);
        // A label of any kind explains a place.
        let labelled = sessions(|customer, day| {
            fly(3)(customer, day);
            if customer == 7 {
                day[3].label = "account_takeover";
            }
        });
        assert_eq!(outside(&labelled.score()), [""; 0]);
        let unreadable = sessions(|customer, day| {
            if customer == 7 {
                day[1].place = (f64::NAN, 0.0);
            }
        });
        assert_eq!(outside(&unreadable.score()), ["unlabelled pairs nobody can travel"]);

        let slow = sessions(|customer, day| {
            if customer % 300 == 1 {
                day[4].place = BOSTON;
            }
        });
        assert_eq!(outside(&slow.score()), ["labelled pairs nobody can travel"]);
        let many = sessions(|customer, day| {
            if customer % 10 == 1 && customer % 30 != 1 {
                day.push(Made { second: 20 * 3600 + 900, place: LAGOS, label: "impossible_travel" });
            }
        });
        assert_eq!(outside(&many.score()), ["labelled as impossible travel"]);
        let awake = sessions(|_, day| day[0].second = 12 * 3600);
        assert_eq!(outside(&awake.score()), ["from 0 to 5 o'clock"]);
    }
}
