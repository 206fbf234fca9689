//! A credit file, month by month: hard times, missed payments, use of credit, hunger for more, and the score that
//! follows from them.
//!
//! The equations and constants are those of the model's specification, calibrated against the FICO and Experian figures
//! named there; the score is a piecewise-linear map of an index so that its bands are Experian's of March 2025.

use super::draw::{interpolate, logistic};
use super::population::Person;
use super::world::{BURN_IN, WINDOW, World};
use crate::model::{CreditHistory, Employment, Space};

/// One month of a credit file, as it stands on the month's record day.
#[derive(Clone, Copy, Debug, Default)]
pub struct CreditMonth {
    /// Monthly payments missed: 0 current .. 3 ninety days, 4 charged off.
    pub state: u8,
    /// Out of work, or ill.
    pub shock: bool,
    /// Share of revolving credit in use, 0..1.
    pub utilisation: f64,
    /// 300..850
    pub score: i64,
    /// Inquiries of the last twelve months.
    pub inquiries: u32,
    /// Probability of applying for credit somewhere this month.
    pub appetite: f64,
    /// Whether they did.
    pub applies: bool,
}

/// A customer's path through the window, and the month before it.
pub struct CreditPath {
    /// The first month simulated: that of the 18th birthday, or the one before the window.
    pub first: i32,
    months: Vec<CreditMonth>,
}

impl CreditPath {
    /// Month `t`, or the first there is.
    pub fn at(&self, t: i32) -> &CreditMonth {
        &self.months[(t.clamp(self.first, WINDOW - 1) - self.first) as usize]
    }
}

/// Probability of getting worse by one bucket in a month, from each of the states 0..3.
pub fn worsening(state: u8, person: &Person, unemployment: f64, shock: bool) -> f64 {
    let (theta, strain) = (person.theta, unemployment - 5.0);
    let blow = if shock { (1.9 - 0.6 * theta).clamp(0.4, 2.8) } else { 0.0 };
    match state {
        0 => logistic(-4.72 - 1.45 * theta + 0.45 * person.kappa + 0.10 * strain + blow),
        1 => logistic(-0.80 - 0.60 * theta + 0.12 * strain + 0.4 * blow),
        2 => logistic(0.30 - 0.55 * theta + 0.10 * strain + 0.3 * blow),
        _ => logistic(0.30 - 0.40 * theta + 0.08 * strain + 0.25 * blow),
    }
}

/// Share of those who do not worsen that move to a better state: from 1 and 3 to current; from 2 to current, else to 1.
pub const CURE: [f64; 4] = [1.0, 0.78, 0.55, 0.45];
/// Monthly probability of leaving a charge-off behind.
pub const REHABILITATION: f64 = 0.12;
/// Monthly probability that hard times go on.
pub const SHOCK_STAYS: f64 = 0.86;

/// Monthly probability that hard times begin.
pub fn shock_begins(employment: Employment, unemployment: f64) -> f64 {
    let exposure = if employment == Employment::Retired { 0.35 } else { 1.0 };
    0.0035 * libm::pow(unemployment / 5.0, 1.2) * exposure
}

pub fn path(world: &World, person: &Person) -> CreditPath {
    let draw = &mut world.streams.credit.at(person.index);
    let adult = world.calendar.index(person.born.plus_years(18));
    let first = adult.clamp(-1, WINDOW - 1);
    let mut months = Vec::with_capacity((WINDOW - first) as usize);

    let mut strain = 1.05 * draw.normal();
    let standing = 9.0 * draw.normal();
    let (mut state, mut shock, mut damage) = (0u8, false, 0.0);
    let mut inquiries = [0u32; 12];
    for t in adult.clamp(-BURN_IN, WINDOW - 1)..WINDOW {
        let unemployment = world.market.month(t).unemployment;
        shock = draw.chance(if shock { SHOCK_STAYS } else { shock_begins(person.employment, unemployment) });
        let before = state;
        state = next_state(state, worsening(state, person, unemployment, shock), draw.uniform());
        damage *= 0.972;
        if state > before {
            damage += [0.0, 0.55, 0.9, 1.3, 1.6][usize::from(state)];
        }

        strain = 0.965 * strain + (0.175 * draw.student_t(3.0)).clamp(-3.0, 3.0);
        let month = world.calendar.month(t);
        let season = match month.number() {
            12 => 0.13,
            1 => 0.10,
            3 => -0.06,
            _ => 0.0,
        };
        let distress = if state > 0 { 0.25 } else { 0.0 } + if state >= 3 { 0.5 } else { 0.0 };
        let hardship = if shock { 0.35 } else { 0.0 };
        let utilisation = logistic(-1.25 - 1.45 * person.theta + strain + hardship + distress + season);

        let appetite = appetite(person, person.age_on(month.first()), state, shock, utilisation);
        let applies = draw.chance(appetite);
        let elsewhere = draw.chance(0.012 * libm::exp(0.42 * person.kappa));
        inquiries[(month.number() - 1) as usize] = u32::from(applies) + u32::from(elsewhere);
        let noise = 4.0 * draw.normal();
        if t < first {
            continue;
        }
        let twelve: u32 = inquiries.iter().sum();
        let on_file = (person.file_months - f64::from(WINDOW - 1 - t)).max(0.0);
        let index =
            -150.0 * (1.0 - libm::exp(-damage / 2.2)) - 10.0 * f64::from(state) - 118.0 * libm::pow(utilisation, 0.85)
                + 9.0 * libm::log1p(on_file / 12.0)
                - 6.0 * f64::from(twelve.min(6))
                + standing
                + noise;
        let score = interpolate(index, &world.reference.score_knots).round().clamp(300.0, 850.0) as i64;
        months.push(CreditMonth { state, shock, utilisation, score, inquiries: twelve, appetite, applies });
    }
    CreditPath { first, months }
}

/// Never more than one bucket up; `worsens` is the probability of that, `u` the month's uniform draw.
fn next_state(state: u8, worsens: f64, u: f64) -> u8 {
    if state == 4 {
        return if u < REHABILITATION { 0 } else { 4 };
    }
    if u < worsens {
        return state + 1;
    }
    let cured = u < worsens + CURE[usize::from(state)] * (1.0 - worsens);
    match (cured, state) {
        (true, _) => 0,
        (false, 2) => 1,
        (false, same) => same,
    }
}

/// Monthly probability of asking for credit, by age, use of credit, standing and hunger.
fn appetite(person: &Person, age: f64, state: u8, shock: bool, utilisation: f64) -> f64 {
    const BY_AGE: [(f64, f64); 6] =
        [(18.0, 0.055), (25.0, 0.066), (40.0, 0.060), (60.0, 0.040), (75.0, 0.020), (95.0, 0.008)];
    interpolate(age, &BY_AGE)
        * (1.0 + 0.35 * (utilisation - 0.3))
        * (1.02 + 0.20 * person.theta).clamp(0.45, 1.3)
        * if state > 0 { 0.45 } else { 1.0 }
        * libm::exp(0.42 * person.kappa - 0.088)
        * if shock { 2.6 } else { 1.0 }
}

/// The newest months of the file, oldest first; fewer for those whose file is younger.
pub fn history(world: &World, person: &Person, path: &CreditPath) -> Vec<CreditHistory> {
    let oldest = WINDOW - world.scenario.credit_history_entries.min(WINDOW as u32) as i32;
    let adult = person.born.plus_years(18);
    let file_opened = WINDOW - person.file_months as i32;
    (oldest.max(path.first).max(file_opened)..WINDOW)
        .filter(|t| world.calendar.record_day(*t) >= adult)
        .map(|t| {
            let month = path.at(t);
            let date = world.calendar.record_day(t);
            CreditHistory {
                history_id: world.ids.nth(Space::CreditHistory, person.index, world.calendar.month(t).0 as u64),
                customer_id: person.id,
                credit_score: month.score,
                payment_history: crate::model::PAYMENT_STATES[usize::from(month.state)],
                credit_utilization: (month.utilisation * 10_000.0).round() as i64,
                record_date: date,
                created_at: date.at(20 * 3600),
            }
        })
        .collect()
}

/// Probability that a borrower who stands at `path.at(t)` defaults in one of the months `t + 3 ..= t + 12`: the same chain
/// as [`path`], run forward as probabilities over (state, shock) under the world's own market.
pub fn default_within_a_year(world: &World, person: &Person, from: &CreditMonth, t: i32, monthly_exit: f64) -> f64 {
    let mut mass = [[0.0f64; 2]; 5];
    mass[usize::from(from.state)][usize::from(from.shock)] = 1.0;
    let (mut defaulted, mut alive) = (0.0, 1.0);
    for month in 1..=12 {
        let unemployment = world.market.month(t + month).unemployment;
        let begins = shock_begins(person.employment, unemployment);
        alive *= 1.0 - monthly_exit;
        let mut next = [[0.0f64; 2]; 5];
        for shock in [false, true] {
            let worsens: [f64; 4] = std::array::from_fn(|state| worsening(state as u8, person, unemployment, shock));
            for state in 0..5 {
                let stays = mass[state][1] * if shock { SHOCK_STAYS } else { 1.0 - SHOCK_STAYS };
                let weight = stays + mass[state][0] * if shock { begins } else { 1.0 - begins };
                let to = &mut next;
                let shock = usize::from(shock);
                if state == 4 {
                    to[0][shock] += weight * REHABILITATION;
                    to[4][shock] += weight * (1.0 - REHABILITATION);
                    continue;
                }
                let (worse, not) = (weight * worsens[state], weight * (1.0 - worsens[state]));
                if state == 3 && month >= 3 {
                    defaulted += worse * alive;
                } else {
                    to[state + 1][shock] += worse;
                }
                to[0][shock] += not * CURE[state];
                to[if state == 2 { 1 } else { state }][shock] += not * (1.0 - CURE[state]);
            }
        }
        mass = next;
    }
    defaulted
}

/// One more draw of the chain, for tests of [`default_within_a_year`].
#[cfg(test)]
fn simulate_default(world: &World, person: &Person, t: i32, draw: &mut super::draw::Draw) -> bool {
    let (mut state, mut shock) = (0u8, false);
    for month in 1..=12 {
        let unemployment = world.market.month(t + month).unemployment;
        shock = draw.chance(if shock { SHOCK_STAYS } else { shock_begins(person.employment, unemployment) });
        let before = state;
        state = next_state(state, worsening(state, person, unemployment, shock), draw.uniform());
        if state == 4 && before == 3 && month >= 3 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn the_probability_of_default_is_that_of_the_chain() {
        let world = World::new(&Scenario::default());
        let (mut person, _) = super::super::population::person(&world, 0);
        (person.theta, person.kappa) = (-1.2, 0.8);
        let exact = default_within_a_year(&world, &person, &CreditMonth::default(), 20, 0.0);
        let draw = &mut super::super::seed::Seed(5).stream("test").at(0);
        let n = 40_000;
        let share = (0..n).filter(|_| simulate_default(&world, &person, 20, draw)).count() as f64 / f64::from(n);
        let error = libm::sqrt(exact * (1.0 - exact) / f64::from(n));
        assert!((share - exact).abs() < 4.0 * error, "{share} simulated, {exact} computed");
        assert!(exact > 0.02, "{exact}: a test of nothing");
    }

    #[test]
    fn states_never_jump_and_scores_react() {
        let world = World::new(&Scenario::default());
        let (mut falls, mut firsts) = (0, 0);
        for index in 0..400 {
            let (person, _) = super::super::population::person(&world, index);
            let path = path(&world, &person);
            for t in path.first + 1..WINDOW {
                let (before, now) = (path.at(t - 1), path.at(t));
                assert!(now.state <= before.state + 1);
                assert!((300..=850).contains(&now.score));
                if before.state == 0 && now.state == 1 {
                    firsts += 1;
                    falls += u32::from(now.score < before.score);
                }
            }
        }
        assert!(firsts > 50 && f64::from(falls) > 0.75 * f64::from(firsts), "{falls} of {firsts}");
    }
}
