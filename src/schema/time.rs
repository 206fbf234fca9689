//! Calendar values that cannot fail: days, months and moments in UTC, as plain numbers over chrono's calendar.
//!
//! chrono's own arithmetic returns `Option` for dates hundreds of thousands of years away. The scenario confines every
//! date to 1900..2100 at the door, so here arithmetic is total and a value is four or eight bytes.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// chrono counts days from 1 January of the year 1; we count from the Unix epoch.
const EPOCH_FROM_CE: i32 = 719_163;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// A calendar day: days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a Gregorian date, or `None` if there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from)
    }

    /// Year, month 1..=12, day of the month 1..=31.
    pub fn ymd(self) -> (i32, u32, u32) {
        let date = NaiveDate::from(self);
        (date.year(), date.month(), date.day())
    }

    /// The month this day lies in.
    pub fn month(self) -> Month {
        // Near enough: twelve months have 365 days or 366.
        let mut month = Month((i64::from(self.0) * 12).div_euclid(365) as i32);
        if !MONTHS.contains(&month.0) {
            return self.month_by_calendar();
        }
        while month.first() > self {
            month = month.plus(-1);
        }
        while month.plus(1).first() <= self {
            month = month.plus(1);
        }
        month
    }

    fn month_by_calendar(self) -> Month {
        let (year, month, _) = self.ymd();
        Month((year - 1970) * 12 + month as i32 - 1)
    }

    /// Day of the month, 1..=31.
    pub fn day_of_month(self) -> u32 {
        self.ymd().2
    }

    /// 0 for Monday to 6 for Sunday.
    pub const fn weekday(self) -> u32 {
        // 1970-01-01 was a Thursday.
        (self.0 + 3).rem_euclid(7) as u32
    }

    pub const fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    /// Days from `earlier` to this day; negative if it lies after.
    pub const fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }

    /// The same date `years` later; 29 February becomes 1 March where there is none, as birthdays do in law.
    pub fn plus_years(self, years: i32) -> Day {
        let (year, month, day) = self.ymd();
        Day::from_ymd(year + years, month, day).unwrap_or_else(|| Month((year + years - 1970) * 12 + 2).first())
    }

    /// The moment `second` seconds (0..86,400) after midnight.
    pub const fn at(self, second: u32) -> Moment {
        Moment(self.0 as i64 * DAY_MS + second as i64 * 1000)
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Day(date.num_days_from_ce() - EPOCH_FROM_CE)
    }
}

impl From<Day> for NaiveDate {
    fn from(day: Day) -> Self {
        // Out of chrono's range (262,000 years away) is out of the scenario's, too; saturate rather than panic.
        NaiveDate::from_num_days_from_ce_opt(day.0.saturating_add(EPOCH_FROM_CE)).unwrap_or(NaiveDate::MAX)
    }
}

impl fmt::Display for Day {
    /// `2025-12-31`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = String;

    /// Reads `2025-12-31` and nothing else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // chrono would take a sign before the year.
        let exact = text.len() == 10 && text.is_ascii() && text.as_bytes()[0].is_ascii_digit();
        exact
            .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .flatten()
            .map(Day::from)
            .ok_or_else(|| format!("{text:?} is not a date; write it as YYYY-MM-DD, for example 2025-12-31"))
    }
}

/// The months whose first days are kept: 1880 to 2099.
const MONTHS: std::ops::Range<i32> = -90 * 12..130 * 12;

/// chrono's answers, looked up rather than computed: lives ask for the same few thousand months all the time.
static FIRST_DAYS: LazyLock<Vec<Day>> =
    LazyLock::new(|| MONTHS.map(|month| Month(month).first_by_calendar()).collect());

/// A calendar month: months since January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    pub const fn plus(self, months: i32) -> Month {
        Month(self.0 + months)
    }

    /// Months from `earlier` to this one.
    pub const fn since(self, earlier: Month) -> i32 {
        self.0 - earlier.0
    }

    pub const fn year(self) -> i32 {
        1970 + self.0.div_euclid(12)
    }

    /// 1..=12
    pub const fn number(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    pub fn first(self) -> Day {
        if MONTHS.contains(&self.0) { FIRST_DAYS[(self.0 - MONTHS.start) as usize] } else { self.first_by_calendar() }
    }

    fn first_by_calendar(self) -> Day {
        Day::from_ymd(self.year(), self.number(), 1).unwrap_or(Day(i32::MAX))
    }

    pub fn last(self) -> Day {
        self.plus(1).first().plus(-1)
    }

    /// Day `day` (1..=31) of this month, or its last day if it is shorter.
    pub fn day(self, day: u32) -> Day {
        self.first().plus(day as i32 - 1).min(self.last())
    }
}

/// A moment in UTC: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

impl Moment {
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MS) as i32)
    }

    pub const fn plus_seconds(self, seconds: i64) -> Moment {
        Moment(self.0 + seconds * 1000)
    }

    /// Hour, minute, second and millisecond of the day.
    pub const fn clock(self) -> (u32, u32, u32, u32) {
        let ms = self.0.rem_euclid(DAY_MS) as u32;
        (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(time: DateTime<Utc>) -> Self {
        Day::from(time.date_naive()).at(time.num_seconds_from_midnight())
    }
}

impl fmt::Display for Moment {
    /// `2025-12-31T10:30:00.000Z`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, ms) = self.clock();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z", self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_chronos() {
        for day in (-40_000..60_000).map(Day) {
            assert_eq!(day.month(), day.month_by_calendar(), "{day}");
        }
        for month in (-1_200..1_800).map(Month) {
            assert_eq!(month.first(), month.first_by_calendar());
        }
    }

    #[test]
    fn days_and_months_agree_with_the_calendar() {
        let leap = Day::from_ymd(2024, 2, 29).unwrap();
        assert_eq!(leap.to_string(), "2024-02-29");
        assert_eq!(leap.plus_years(1).to_string(), "2025-03-01");
        assert_eq!(leap.plus_years(4).to_string(), "2028-02-29");
        assert_eq!(leap.month().last(), leap);
        assert_eq!(leap.month().plus(12).day(31).to_string(), "2025-02-28");
        assert_eq!(leap.weekday(), 3, "a Thursday");
        assert_eq!(Day(0).month(), Month(0));
        assert_eq!(Day(-1).to_string(), "1969-12-31");
        assert_eq!(Month(-1).number(), 12);
        assert_eq!(Month(-1).year(), 1969);
    }

    #[test]
    fn moments_print_as_iso_8601() {
        assert_eq!(Day(0).at(3661).to_string(), "1970-01-01T01:01:01.000Z");
        assert_eq!(Moment(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn only_iso_dates_are_read() {
        assert_eq!("2025-12-31".parse::<Day>().unwrap().to_string(), "2025-12-31");
        for wrong in ["2025-13-01", "2025-02-30", "31.12.2025", "2025-1-1", "", "tomorrow", "+025-12-31"] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }
}
