//! Pay days: how often pay comes, and on which days of a month.

use super::population::Person;
use super::world::World;
use crate::model::Employment;
use crate::schema::{Day, Month};

/// When somebody is paid. Every pay day of a month lies in that month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayDays {
    /// Every so many days, through this day.
    Every { days: i32, through: Day },
    /// On the 15th and the last day.
    TwiceAMonth,
    /// On this day of the month, or its last.
    Monthly { day: u32 },
    /// On this Wednesday of the month, from 1: the Social Security Administration's way since 1997.
    Wednesday { number: u32 },
}

const WEDNESDAY: u32 = 2;

impl PayDays {
    pub(super) fn of(world: &World, person: &Person) -> PayDays {
        let draw = &mut world.streams.paydays.at(person.index);
        let which = draw.uniform();
        // 1970-01-02 was a Friday; three in ten are paid on a Thursday or a Wednesday (our assumption).
        let weekday = draw.pick(&[(1, 0.7), (0, 0.2), (-1, 0.1)]);
        let week = draw.below(2) as i32;
        let day = draw.pick(&[(31, 0.4), (28, 0.15), (25, 0.15), (1, 0.2), (15, 0.1)]);
        let every = |days| PayDays::Every { days, through: Day(weekday + 7 * week) };
        match person.employment {
            // BLS, Current Employment Statistics (2023): 27 % weekly, 43 % every two weeks, 20 % twice a month, 10 % monthly.
            Employment::FullTime | Employment::PartTime => match which {
                ..0.27 => every(7),
                0.27..0.70 => every(14),
                0.70..0.90 => PayDays::TwiceAMonth,
                _ => PayDays::Monthly { day },
            },
            Employment::SelfEmployed | Employment::Student => every(14),
            Employment::Unemployed => every(if which < 0.5 { 7 } else { 14 }),
            Employment::Retired => PayDays::Wednesday { number: 2 + (person.born.day_of_month() - 1).min(29) / 10 },
            Employment::NotWorking => PayDays::Monthly { day },
        }
    }

    /// How many there are in a year, on average.
    pub(super) fn a_year(self) -> f64 {
        match self {
            PayDays::Every { days, .. } => 365.2425 / f64::from(days),
            PayDays::TwiceAMonth => 24.0,
            PayDays::Monthly { .. } | PayDays::Wednesday { .. } => 12.0,
        }
    }

    /// The pay days of a month, in order.
    pub(super) fn of_month(self, month: Month) -> impl Iterator<Item = Day> {
        let (first, last) = (month.first(), month.last());
        let mut days = [None; 5];
        match self {
            PayDays::Every { days: step, through } => {
                let mut day = first.plus((through.since(first)).rem_euclid(step));
                let mut slots = days.iter_mut();
                while day <= last {
                    if let Some(slot) = slots.next() {
                        *slot = Some(day);
                    }
                    day = day.plus(step);
                }
            }
            PayDays::TwiceAMonth => {
                days[0] = Some(working_day(month.day(15), first));
                days[1] = Some(working_day(last, first));
            }
            PayDays::Monthly { day } => days[0] = Some(working_day(month.day(day), first)),
            PayDays::Wednesday { number } => {
                let to_wednesday = (WEDNESDAY + 7 - first.weekday()) % 7;
                days[0] = Some(first.plus((to_wednesday + 7 * (number - 1)) as i32));
            }
        }
        days.into_iter().flatten()
    }
}

/// The day itself or the working day before it, or after it if that is in another month.
fn working_day(day: Day, first: Day) -> Day {
    let back = day.weekday().saturating_sub(4) as i32;
    let before = day.plus(-back);
    if before >= first { before } else { day.plus(7 - day.weekday() as i32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pay_days_lie_in_their_month_on_working_days() {
        let all = [
            PayDays::Every { days: 7, through: Day(1) },
            PayDays::Every { days: 14, through: Day(7) },
            PayDays::TwiceAMonth,
            PayDays::Monthly { day: 1 },
            PayDays::Monthly { day: 31 },
            PayDays::Wednesday { number: 4 },
        ];
        for pay in all {
            let mut count = 0;
            for month in (0..1_200).map(Month) {
                let days: Vec<Day> = pay.of_month(month).collect();
                assert!(days.is_sorted_by(|a, b| a < b) && !days.is_empty(), "{pay:?} {days:?}");
                assert!(days.iter().all(|day| day.month() == month && day.weekday() < 5), "{pay:?} {days:?}");
                count += days.len();
            }
            assert!((count as f64 / 100.0 - pay.a_year()).abs() < 0.02, "{pay:?}: {count}");
        }
        // January 2026: the second Wednesday is the 14th.
        let second = PayDays::Wednesday { number: 2 }.of_month(Month(56 * 12)).next().unwrap();
        assert_eq!(second.to_string(), "2026-01-14");
    }
}
