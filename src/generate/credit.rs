//! A credit file, month by month: hard times, missed payments, use of credit, hunger for more, and the score that
//! follows from them.
//!
//! The form of the equations and their constants are ours, calibrated together so that what comes out agrees with the
//! published figures of `data/scorecard_public.csv` (C06 to C13, C20): none of them was measured by itself unless a
//! source is named. The score is a piecewise-linear map (`data/score_knots.csv`) of an index, so that its bands are
//! Experian's of March 2025; the history gives the ranks.

use super::draw::{interpolate, logistic};
use super::market::Market;
use super::population::Person;
use super::world::{BURN_IN, WINDOW, World};
use crate::model::{CreditHistory, Employment, Space};
use crate::schema::Day;

/// Months before the window that are kept, for the inquiries of the last twelve.
const KEPT: i32 = 12;

/// One month of a credit file, as it stands on the month's record day.
#[derive(Clone, Copy, Debug, Default)]
pub struct CreditMonth {
    /// Monthly payments missed: 0 current .. 3 ninety days, 4 charged off.
    pub state: u8,
    /// Out of work, or ill.
    pub shock: bool,
    /// What past delinquencies still weigh: fades by [`FADING`] a month.
    pub(super) damage: f64,
    /// Share of revolving credit in use, 0..1.
    pub utilisation: f64,
    /// 300..850; 0 until [`score`] has set it.
    pub score: i64,
    /// Inquiries of this month at other lenders, without those that come of `applies`.
    pub(super) elsewhere: u32,
    /// Inquiries of the last twelve months, once [`score`] has counted them.
    pub inquiries: u32,
    /// Probability of applying for credit somewhere this month.
    pub appetite: f64,
    /// Whether they did.
    pub applies: bool,
}

/// A customer's path through the window, and some months before it.
pub struct CreditPath {
    /// The first month kept: that of the 18th birthday, or some months before the window.
    pub first: i32,
    months: Vec<CreditMonth>,
}

impl CreditPath {
    /// Month `t`, or the first there is.
    pub fn at(&self, t: i32) -> &CreditMonth {
        &self.months[(t.clamp(self.first, WINDOW - 1) - self.first) as usize]
    }
}

/// How likely a month brings hard times to a person whose exposure is 1, from the start of the burn-in.
///
/// 0.35 % a month at 5 % unemployment: with a mean length of seven months, one adult in forty is in them at any time
/// (our assumption). It grows with the 1.2th power of unemployment.
pub struct Hardship {
    monthly: Vec<f64>,
}

impl Hardship {
    pub(super) fn new(market: &Market, factor: f64) -> Hardship {
        let begins = |t: i32| factor * 0.0035 * libm::pow(market.month(t).unemployment / 5.0, 1.2);
        Hardship { monthly: (-BURN_IN..WINDOW).map(begins).collect() }
    }

    /// For month `t`; those after the window are as its last.
    pub(super) fn at(&self, t: i32) -> f64 {
        self.monthly[(t + BURN_IN).clamp(0, BURN_IN + WINDOW - 1) as usize]
    }
}

/// What moves the log-odds of missing one more payment, from each of the states 0 to 3.
struct Stage {
    base: f64,
    creditworthiness: f64,
    hunger: f64,
    /// Per point of unemployment above 5 %. The elasticity it gives is that of DRCCLACBS to UNRATE, 0.3 (FRED 1991-2019).
    unemployment: f64,
    blow: f64,
}

const STAGES: [Stage; 4] = [
    Stage { base: -4.72, creditworthiness: 1.45, hunger: 0.45, unemployment: 0.10, blow: 1.0 },
    Stage { base: -0.80, creditworthiness: 0.60, hunger: 0.0, unemployment: 0.12, blow: 0.4 },
    Stage { base: 0.30, creditworthiness: 0.55, hunger: 0.0, unemployment: 0.10, blow: 0.3 },
    Stage { base: 0.30, creditworthiness: 0.40, hunger: 0.0, unemployment: 0.08, blow: 0.25 },
];

/// One person's chances of hard times and of missing payments.
pub(super) struct Hazard {
    base: [f64; 4],
    /// What hard times add to the log-odds: less for the creditworthy, who have savings.
    blow: f64,
    exposure: f64,
}

impl Hazard {
    pub(super) fn new(world: &World, person: &Person) -> Hazard {
        let shift = world.scenario.model.delinquency_shift;
        let base = STAGES
            .map(|stage| stage.base - stage.creditworthiness * person.theta + stage.hunger * person.kappa + shift);
        Hazard {
            base,
            blow: (1.9 - 0.6 * person.theta).clamp(0.4, 2.8),
            // A pension is not lost; what is left is illness.
            exposure: if person.employment == Employment::Retired { 0.35 } else { 1.0 },
        }
    }

    /// Probability of getting worse by one bucket in a month, from a state below 4.
    pub(super) fn worsens(&self, state: u8, unemployment: f64, shock: bool) -> f64 {
        let stage = &STAGES[usize::from(state)];
        let blow = if shock { stage.blow * self.blow } else { 0.0 };
        logistic(self.base[usize::from(state)] + stage.unemployment * (unemployment - 5.0) + blow)
    }

    /// Probability that hard times reign in a month, given whether they did in the one before.
    pub(super) fn shock(&self, before: bool, hardship: f64) -> f64 {
        if before { SHOCK_STAYS } else { (hardship * self.exposure).min(1.0) }
    }
}

/// Share of those who do not worsen that move to a better state: from 1 and 3 to current; from 2 to current, else to 1.
pub(super) const CURE: [f64; 4] = [1.0, 0.78, 0.55, 0.45];
/// Monthly probability of leaving a charge-off behind.
pub(super) const REHABILITATION: f64 = 0.12;
/// Monthly probability that hard times go on: seven months on average.
const SHOCK_STAYS: f64 = 0.86;
/// What is left of the damage after a month: a year leaves 71 %, five years 18 %.
const FADING: f64 = 0.972;
/// Damage done on entering each state.
const DAMAGE: [f64; 5] = [0.0, 0.55, 0.9, 1.3, 1.6];

/// The path of a customer, without scores: those depend on the inquiries that [`score`] is told of.
pub fn path(world: &World, person: &Person) -> CreditPath {
    let draw = &mut world.streams.credit.at(person.index);
    let adult = world.calendar.index(person.born.plus_years(18));
    let first = adult.clamp(-KEPT, WINDOW - 1);
    let mut months = Vec::with_capacity((WINDOW - first) as usize);

    let hazard = Hazard::new(world, person);
    let hunger = libm::exp(0.42 * person.kappa);
    let taste = (1.02 + 0.20 * person.theta).clamp(0.45, 1.3) * libm::exp(-0.088) * hunger;
    let mut strain = 1.05 * draw.normal();
    let mut month = CreditMonth::default();
    for t in adult.clamp(-BURN_IN, WINDOW - 1)..WINDOW {
        let unemployment = world.market.month(t).unemployment;
        let before = month.state;
        month.shock = draw.chance(hazard.shock(month.shock, world.hardship.at(t)));
        month.state = next_state(before, |state| hazard.worsens(state, unemployment, month.shock), draw.uniform());
        month.damage *= FADING;
        if month.state > before {
            month.damage += DAMAGE[usize::from(month.state)];
        }

        strain = 0.965 * strain + (0.175 * draw.student_t3()).clamp(-3.0, 3.0);
        let date = world.calendar.month(t);
        // Holiday spending and tax refunds: our assumption.
        let season = match date.number() {
            12 => 0.13,
            1 => 0.10,
            3 => -0.06,
            _ => 0.0,
        };
        let distress = if month.state > 0 { 0.25 } else { 0.0 } + if month.state >= 3 { 0.5 } else { 0.0 };
        let hardship = if month.shock { 0.35 } else { 0.0 };
        month.utilisation = logistic(-1.25 - 1.45 * person.theta + strain + hardship + distress + season);

        month.appetite = (taste
            * interpolate(person.age_on(date.first()), &APPETITE_BY_AGE)
            * (1.0 + 0.35 * (month.utilisation - 0.3))
            * if month.state > 0 { 0.45 } else { 1.0 }
            * if month.shock { 2.6 } else { 1.0 })
        .min(1.0);
        month.applies = draw.chance(month.appetite);
        month.elsewhere = draw.chance(0.012 * hunger).into();
        if t >= first {
            months.push(month);
        }
    }
    CreditPath { first, months }
}

/// Monthly probability of asking for credit, by age: 41 % of adults do in a year (NY Fed SCE 2024), the young most.
const APPETITE_BY_AGE: [(f64, f64); 6] =
    [(18.0, 0.055), (25.0, 0.066), (40.0, 0.060), (60.0, 0.040), (75.0, 0.020), (95.0, 0.008)];

/// Spread of what the index does not see of a borrower, for good and month by month, in its points.
pub(super) const STANDING: f64 = 9.0;
pub(super) const NOISE: f64 = 4.0;

/// Sets the score of every month, given the days on which they asked us for credit: each is an inquiry, too.
pub fn score(world: &World, person: &Person, path: &mut CreditPath, asked: &[Day]) {
    let draw = &mut world.streams.scores.at(person.index);
    let standing = STANDING * draw.normal();
    let mut inquiries: Vec<u32> = path.months.iter().map(|month| month.applies.into()).collect();
    let mut here = vec![0; inquiries.len()];
    for day in asked {
        here[(world.calendar.index(*day) - path.first) as usize] += 1;
    }
    for ((inquiries, here), month) in inquiries.iter_mut().zip(here).zip(&path.months) {
        // Whoever applies somewhere may have done so here, or here more than once.
        *inquiries = (*inquiries).max(here) + month.elsewhere;
    }
    let opens = path.first;
    // The month before the window is the first that anybody sees.
    for (position, month) in path.months.iter_mut().enumerate().skip((-1 - opens).max(0) as usize) {
        month.inquiries = inquiries[(position + 1).saturating_sub(12)..=position].iter().sum();
        let t = opens + position as i32;
        let noise = NOISE * draw.normal();
        let index = index(person, month, t) + standing + noise;
        month.score = interpolate(index, &world.reference.score_knots).round().clamp(300.0, 850.0) as i64;
    }
}

/// What a month of the file says about a borrower, before personal standing and noise: the additive index of which the
/// score is a map.
pub(super) fn index(person: &Person, month: &CreditMonth, t: i32) -> f64 {
    let on_file = (person.file_months - f64::from(WINDOW - 1 - t)).max(0.0);
    -150.0 * (1.0 - libm::exp(-month.damage / 2.2))
        - 10.0 * f64::from(month.state)
        - 118.0 * libm::exp(0.85 * libm::log(month.utilisation))
        + 9.0 * libm::log1p(on_file / 12.0)
        - 6.0 * f64::from(month.inquiries.min(6))
}

/// Never more than one bucket up; `worsens` gives the probability of that, `u` is the month's uniform draw.
pub(super) fn next_state(state: u8, worsens: impl Fn(u8) -> f64, u: f64) -> u8 {
    if state == 4 {
        return if u < REHABILITATION { 0 } else { 4 };
    }
    let worsens = worsens(state);
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

/// The newest months of the file, oldest first; fewer for those whose file is younger. It opens at the latest when they
/// first ask us for credit.
pub fn history(world: &World, person: &Person, path: &CreditPath, asked: &[Day]) -> Vec<CreditHistory> {
    let oldest = WINDOW - world.scenario.credit_history_entries.min(WINDOW as u32) as i32;
    let adult = person.born.plus_years(18);
    let first_asked = asked.first().map_or(WINDOW, |day| world.calendar.index(*day));
    let file_opened = (WINDOW - person.file_months as i32).min(first_asked);
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

#[cfg(test)]
mod tests {
    use super::super::population::person;
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn states_never_jump_and_scores_react() {
        let world = World::new(&Scenario::default());
        let (mut falls, mut firsts) = (0, 0);
        for index in 0..400 {
            let (person, _) = person(&world, index);
            let mut path = path(&world, &person);
            score(&world, &person, &mut path, &[]);
            for t in path.first.max(-1) + 1..WINDOW {
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

    #[test]
    fn asking_us_lowers_the_score_for_a_year() {
        let world = World::new(&Scenario::default());
        let (person, _) = person(&world, 3);
        let scores = |asked: &[Day]| {
            let mut path = path(&world, &person);
            score(&world, &person, &mut path, asked);
            [19, 20, 31, 32].map(|t| path.at(t).score)
        };
        let day = world.calendar.month(20).first();
        let (without, with) = (scores(&[]), scores(&[day; 5]));
        assert_eq!((without[0], without[3]), (with[0], with[3]));
        assert!(with[1] < without[1] && with[2] < without[2]);
    }
}
