//! Money as whole cents, and the arithmetic of an instalment loan.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Serialize, Serializer};

use crate::schema::Value;

/// An amount of money in cents. Never a float: every balance adds up exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

impl Cents {
    pub const ZERO: Cents = Cents(0);

    /// The nearest cent, halves away from zero; amounts beyond what a `DECIMAL(12,2)` holds saturate there.
    pub fn from_dollars(dollars: f64) -> Cents {
        let cents = (dollars * 100.0).round();
        Cents((cents as i64).clamp(-super::MONEY_MAX, super::MONEY_MAX))
    }

    pub fn dollars(self) -> f64 {
        self.0 as f64 / 100.0
    }

    pub const fn value<'a>(self) -> Value<'a> {
        Value::Decimal(self.0, 2)
    }

    /// This amount times `factor`, to the nearest cent.
    pub fn times(self, factor: f64) -> Cents {
        Cents((self.0 as f64 * factor).round() as i64)
    }
}

impl Add for Cents {
    type Output = Cents;
    fn add(self, other: Cents) -> Cents {
        Cents(self.0 + other.0)
    }
}

impl Sub for Cents {
    type Output = Cents;
    fn sub(self, other: Cents) -> Cents {
        Cents(self.0 - other.0)
    }
}

impl Neg for Cents {
    type Output = Cents;
    fn neg(self) -> Cents {
        Cents(-self.0)
    }
}

impl AddAssign for Cents {
    fn add_assign(&mut self, other: Cents) {
        self.0 += other.0;
    }
}

impl SubAssign for Cents {
    fn sub_assign(&mut self, other: Cents) {
        self.0 -= other.0;
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(amounts: I) -> Cents {
        Cents(amounts.map(|amount| amount.0).sum())
    }
}

/// As JSON: a decimal string with two places, never a number.
impl Serialize for Cents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(16);
        self.value().write_canonical(&mut text);
        serializer.serialize_str(&text)
    }
}

/// An annual interest rate in thousandths of a percent: 5.250 % is `Rate(5250)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub i64);

impl Rate {
    pub fn from_percent(percent: f64) -> Rate {
        Rate((percent * 1000.0).round() as i64)
    }

    pub fn percent(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    pub const fn value<'a>(self) -> Value<'a> {
        Value::Decimal(self.0, 3)
    }

    /// One month's interest on `principal`, to the nearest cent, halves up: `principal x rate / 12`.
    pub fn monthly_interest(self, principal: Cents) -> Cents {
        // percent x 1000, hence 100 x 1000 x 12.
        const PARTS: i128 = 1_200_000;
        let parts = i128::from(principal.0) * i128::from(self.0);
        Cents(((parts + PARTS / 2).div_euclid(PARTS)) as i64)
    }
}

/// The level monthly instalment that repays `principal` in `term_months` (at least 1): `P i / (1 - (1 + i)^-n)`, to the
/// nearest cent. The last instalment of a schedule takes up what the rounding leaves.
pub fn instalment(principal: Cents, rate: Rate, term_months: u32) -> Cents {
    let monthly = rate.percent() / 1200.0;
    let months = f64::from(term_months.max(1));
    if monthly < 1e-9 {
        return principal.times(1.0 / months);
    }
    principal.times(monthly / (1.0 - libm::pow(1.0 + monthly, -months)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interest_rounds_to_the_cent() {
        assert_eq!(Rate(6_000).monthly_interest(Cents(1_000_000)), Cents(5_000));
        assert_eq!(Rate(6_000).monthly_interest(Cents(100)), Cents(1));
        assert_eq!(Rate(0).monthly_interest(Cents(100)), Cents(0));
    }

    #[test]
    fn a_schedule_ends_at_nothing() {
        // 20,000 at 7 % over 60 months is 396.02 a month: any textbook's table.
        let (principal, rate) = (Cents(2_000_000), Rate(7_000));
        let level = instalment(principal, rate, 60);
        assert_eq!(level, Cents(39_602));
        let mut left = principal;
        for _ in 0..60 {
            left = left + rate.monthly_interest(left) - level;
        }
        assert!(left.0.abs() < 60, "rounding leaves less than a cent a month: {left:?}");
        assert_eq!(instalment(Cents(120_000), Rate(0), 12), Cents(10_000));
    }
}
