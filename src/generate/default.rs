//! How a loan slides with its borrower to charge-off, and how probable that is.

use super::credit::{CURE, CreditMonth, Hazard, REHABILITATION};
use super::population::Person;
use super::world::World;

/// Instalments that a loan is behind after a month that takes its borrower from one state to another.
///
/// A loan taken while others were already behind starts clean, and can only slide from there; once it slides, it slides on
/// while its borrower is charged off elsewhere.
pub fn behind_after(behind: u32, before: u8, state: u8) -> u32 {
    match state.cmp(&before) {
        std::cmp::Ordering::Greater => (behind + 1).min(state.into()),
        _ if state == 4 && behind > 0 => behind + 1,
        _ => behind.min(state.into()),
    }
}

/// Instalments behind at which a loan is charged off: 120 days, the end that the Uniform Retail Credit Classification
/// (FFIEC 2000) sets for closed-end loans.
pub const CHARGE_OFF: u32 = 4;

/// Probability that a loan which slides with its borrower, funded in month `t` when they stood at `from`, is charged off in
/// one of the twelve months after: the chain of [`super::credit::path`] and [`behind_after`], run forward as probabilities under the
/// world's own market. In each month in which it is paid as due, `monthly_exit` of what is left pays off early.
pub fn default_within_a_year(world: &World, person: &Person, from: &CreditMonth, t: i32, monthly_exit: f64) -> f64 {
    type Mass = [[[f64; CHARGE_OFF as usize]; 5]; 2];
    let hazard = Hazard::new(world, person);
    let mut mass: Mass = Default::default();
    mass[usize::from(from.shock)][usize::from(from.state)][0] = 1.0;
    let mut defaulted = 0.0;
    for month in 1..=12 {
        let unemployment = world.market.month(t + month).unemployment;
        let hardship = world.hardship.at(t + month);
        // The first instalment falls due in the month after funding, and whoever misses the next has not paid it.
        let stays_on = if month > 1 { 1.0 - monthly_exit } else { 1.0 };
        let mut next: Mass = Default::default();
        for shock in [false, true] {
            let reigns = [false, true].map(|before| {
                let p = hazard.shock(before, hardship);
                if shock { p } else { 1.0 - p }
            });
            let mut give = |behind: usize, state: u8, to: u8, weight: f64| {
                let behind_now = behind_after(behind as u32, state, to);
                if behind_now >= CHARGE_OFF {
                    defaulted += weight;
                } else {
                    let weight = if behind == 0 && behind_now == 0 { weight * stays_on } else { weight };
                    next[usize::from(shock)][usize::from(to)][behind_now as usize] += weight;
                }
            };
            for state in 0..5 {
                // By how far the loan is behind; whether times were hard before does not matter any more.
                let [calm, hard] = [0, 1].map(|before: usize| mass[before][usize::from(state)]);
                let weights = calm.into_iter().zip(hard).map(|(calm, hard)| calm * reigns[0] + hard * reigns[1]);
                let weights = weights.enumerate().filter(|(_, weight)| *weight > 0.0);
                let odds = std::cell::LazyCell::new(|| match state {
                    4 => (0.0, REHABILITATION),
                    _ => (hazard.worsens(state, unemployment, shock), CURE[usize::from(state)]),
                });
                for (behind, weight) in weights {
                    let (worsens, betters) = *odds;
                    if state < 4 {
                        give(behind, state, state + 1, weight * worsens);
                    }
                    let rest = weight * (1.0 - worsens);
                    give(behind, state, 0, rest * betters);
                    give(behind, state, if state == 2 { 1 } else { state }, rest * (1.0 - betters));
                }
            }
        }
        mass = next;
    }
    defaulted
}

#[cfg(test)]
mod tests {
    use super::super::credit::next_state;
    use super::super::draw::Draw;
    use super::super::population::person;
    use super::*;
    use crate::scenario::Scenario;

    /// One more draw of the chain: is a loan that slides charged off within a year?
    fn simulate(world: &World, person: &Person, from: u8, t: i32, draw: &mut Draw) -> bool {
        let hazard = Hazard::new(world, person);
        let (mut state, mut shock, mut behind) = (from, false, 0);
        for month in t + 1..=t + 12 {
            let unemployment = world.market.month(month).unemployment;
            shock = draw.chance(hazard.shock(shock, world.hardship.at(month)));
            let before = state;
            state = next_state(before, |state| hazard.worsens(state, unemployment, shock), draw.uniform());
            behind = behind_after(behind, before, state);
            if behind >= CHARGE_OFF {
                return true;
            }
        }
        false
    }

    #[test]
    fn the_probability_of_default_is_that_of_the_chain() {
        let world = World::new(&Scenario::default());
        let (mut person, _) = person(&world, 0);
        (person.theta, person.kappa) = (-1.2, 0.8);
        let draw = &mut super::super::seed::Seed(5).stream("test").at(0);
        for state in [0, 1, 4] {
            let from = CreditMonth { state, ..CreditMonth::default() };
            let exact = default_within_a_year(&world, &person, &from, 20, 0.0);
            let n = 40_000;
            let share = (0..n).filter(|_| simulate(&world, &person, state, 20, draw)).count() as f64 / f64::from(n);
            let error = libm::sqrt(exact * (1.0 - exact) / f64::from(n));
            assert!((share - exact).abs() < 4.0 * error, "from {state}: {share} simulated, {exact} computed");
            assert!(exact > 0.001, "{exact}: a test of nothing");
            assert!(default_within_a_year(&world, &person, &from, 20, 0.1) < exact);
        }
    }

    #[test]
    fn a_loan_slides_only_with_its_borrower() {
        // From nothing to charge-off, step by step.
        assert_eq!([(0, 0, 1), (1, 1, 2), (2, 2, 3), (3, 3, 4)].map(|(b, s, t)| behind_after(b, s, t)), [1, 2, 3, 4]);
        // Taken when others were two behind: two behind when those are charged off, and then on.
        assert_eq!(behind_after(1, 3, 4), 2);
        assert_eq!(behind_after(2, 4, 4), 3);
        assert_eq!(behind_after(0, 4, 4), 0);
        // Caught up, in part and in full.
        assert_eq!((behind_after(2, 2, 1), behind_after(3, 3, 0)), (1, 0));
    }
}
