//! Logistic regression: a dozen numbers of a row weighed together, to say how likely it is to be labelled.
//!
//! Written out here because no crate fits: `linfa-logistic` brings forty crates, one of them unmaintained, which `deny.toml`
//! forbids; `smartcore` takes no weights of rows and searches until nothing changes at all, minutes for what Newton's
//! method settles in eight steps. Fits as scikit-learn does by default: columns standardised, a ridge of 1.

/// Newton's steps at most; few need more than ten.
const STEPS: usize = 30;
/// No coefficient moves further in one step: where a column separates all, Newton's would leap.
const LEAP: f64 = 3.0;
const RIDGE: f64 = 1.0;
/// How often a step is halved at most.
const HALVINGS: usize = 12;

/// What was learnt: per column its mean, its spread and its coefficient.
pub(super) struct Logistic<const N: usize> {
    mean: [f64; N],
    spread: [f64; N],
    /// Of the standardised columns; the last is the intercept.
    coefficients: Vec<f64>,
}

impl<const N: usize> Logistic<N> {
    /// Learns from rows with their weights; `None` unless some are labelled and some are not.
    pub fn fit(rows: impl Iterator<Item = ([f64; N], bool, f64)> + Clone) -> Option<Logistic<N>> {
        let (mut all, mut labelled) = (0.0, 0.0);
        let (mut mean, mut spread) = ([0.0; N], [0.0; N]);
        for (row, label, weight) in rows.clone() {
            all += weight;
            labelled += if label { weight } else { 0.0 };
            mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += weight * value);
        }
        if labelled <= 0.0 || labelled >= all {
            return None;
        }
        mean.iter_mut().for_each(|mean| *mean /= all);
        for (row, _, weight) in rows.clone() {
            let off = row.iter().zip(&mean).map(|(value, mean)| value - mean);
            spread.iter_mut().zip(off).for_each(|(spread, off)| *spread += weight * off * off);
        }
        // A column that never changes tells nothing, and is not divided by nothing.
        let root = |squares: &mut f64| *squares = if *squares > 1e-12 * all { (*squares / all).sqrt() } else { 1.0 };
        spread.iter_mut().for_each(root);

        let mut coefficients = vec![0.0; N + 1];
        coefficients[N] = libm::log(labelled / (all - labelled));
        let mut model = Logistic { mean, spread, coefficients };
        for _ in 0..STEPS {
            let step = model.step(rows.clone());
            let longest = step.iter().fold(0.0f64, |longest, part| longest.max(part.abs()));
            let mut pace = if longest > LEAP { LEAP / longest } else { 1.0 };
            // Where the curve bends too fast for Newton, half the step, and half of that, until it leads upwards.
            let (from, reached) = (model.coefficients.clone(), model.likelihood(rows.clone()));
            for _ in 0..HALVINGS {
                let there = from.iter().zip(&step).map(|(coefficient, part)| coefficient + pace * part);
                model.coefficients = there.collect();
                if model.likelihood(rows.clone()) >= reached {
                    break;
                }
                pace /= 2.0;
            }
            if longest < 1e-8 {
                break;
            }
        }
        Some(model)
    }

    /// The logarithm of the likelihood, less the ridge's share.
    fn likelihood(&self, rows: impl Iterator<Item = ([f64; N], bool, f64)>) -> f64 {
        let ridge = self.coefficients[..N].iter().map(|coefficient| coefficient * coefficient).sum::<f64>();
        let of_row = |(row, label, weight): ([f64; N], bool, f64)| {
            let odds = if label { self.score(&row) } else { -self.score(&row) };
            // log(1 / (1 + e^-odds)), without overflow.
            weight * (odds.min(0.0) - libm::log1p(libm::exp(-odds.abs())))
        };
        rows.map(of_row).sum::<f64>() - RIDGE / 2.0 * ridge
    }

    /// Newton's step from here.
    fn step(&self, rows: impl Iterator<Item = ([f64; N], bool, f64)>) -> Vec<f64> {
        let ridge = |index: usize| if index < N { RIDGE } else { 0.0 };
        let mut slope: Vec<f64> = (0..=N).map(|index| -ridge(index) * self.coefficients[index]).collect();
        let mut curve: Vec<Vec<f64>> = (0..=N).map(|_| vec![0.0; N + 1]).collect();
        (0..=N).for_each(|index| curve[index][index] = ridge(index) + 1e-9);
        let mut x = vec![1.0; N + 1];
        for (row, label, weight) in rows {
            (0..N).for_each(|index| x[index] = (row[index] - self.mean[index]) / self.spread[index]);
            let odds = x.iter().zip(&self.coefficients).map(|(x, coefficient)| x * coefficient).sum::<f64>();
            let p = 1.0 / (1.0 + libm::exp(-odds));
            let (off, bend) = (weight * (f64::from(u8::from(label)) - p), weight * p * (1.0 - p));
            for (index, line) in curve.iter_mut().enumerate() {
                slope[index] += off * x[index];
                let along = bend * x[index];
                line.iter_mut().zip(&x[..=index]).for_each(|(sum, x)| *sum += along * x);
            }
        }
        solve(curve, slope)
    }

    /// The log-odds of being labelled.
    pub fn score(&self, row: &[f64; N]) -> f64 {
        let part = |index: usize| (row[index] - self.mean[index]) / self.spread[index] * self.coefficients[index];
        (0..N).map(part).sum::<f64>() + self.coefficients[N]
    }
}

/// Solves a symmetric, positive definite system of which the lower half is given (Cholesky).
fn solve(mut matrix: Vec<Vec<f64>>, mut side: Vec<f64>) -> Vec<f64> {
    let size = side.len();
    for row in 0..size {
        for column in 0..=row {
            let inner: f64 = (0..column).map(|k| matrix[row][k] * matrix[column][k]).sum();
            let rest = matrix[row][column] - inner;
            matrix[row][column] = if row == column { rest.max(1e-12).sqrt() } else { rest / matrix[column][column] };
        }
        let inner: f64 = (0..row).map(|k| matrix[row][k] * side[k]).sum();
        side[row] = (side[row] - inner) / matrix[row][row];
    }
    for row in (0..size).rev() {
        let inner: f64 = (row + 1..size).map(|k| matrix[k][row] * side[k]).sum();
        side[row] = (side[row] - inner) / matrix[row][row];
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::seed::Seed;

    /// Rows of two normal columns (the second with mean 5 and spread 2) whose log-odds are -2 + 1.5 a - 0.5 b.
    fn rows(count: usize) -> Vec<([f64; 2], bool, f64)> {
        let mut draw = Seed(1).stream("logistic").at(0);
        let mut row = || {
            let (a, b) = (draw.normal(), 5.0 + 2.0 * draw.normal());
            let p = 1.0 / (1.0 + libm::exp(2.0 - 1.5 * a + 0.5 * b));
            ([a, b], draw.chance(p), 1.0)
        };
        (0..count).map(|_| row()).collect()
    }

    #[test]
    fn known_coefficients_are_found_again() {
        let rows = rows(200_000);
        let model = Logistic::fit(rows.iter().copied()).unwrap();
        let zero = model.score(&[0.0, 0.0]);
        let slopes = [model.score(&[1.0, 0.0]) - zero, model.score(&[0.0, 1.0]) - zero];
        for (found, known) in [zero, slopes[0], slopes[1]].into_iter().zip([-2.0, 1.5, -0.5]) {
            assert!((found - known).abs() < 0.05, "{found} is not {known}");
        }
        // A row of weight two counts as two rows, so what is drawn one in two is made up for.
        let halved = rows.iter().enumerate().filter(|(number, (_, label, _))| *label || number % 2 == 0);
        let weighted = halved.map(|(_, (row, label, _))| (*row, *label, if *label { 1.0 } else { 2.0 }));
        let model = Logistic::fit(weighted).unwrap();
        assert!((model.score(&[0.0, 0.0]) - zero).abs() < 0.1);
    }

    #[test]
    fn what_separates_all_and_what_never_changes_is_survived() {
        let rows = (0..100).map(|number| ([f64::from(number), 7.0], number >= 90, 1.0));
        let model = Logistic::fit(rows).unwrap();
        assert!(model.score(&[95.0, 7.0]) > 0.0 && model.score(&[50.0, 7.0]) < 0.0);
        assert!(Logistic::fit((0..9).map(|number| ([f64::from(number)], false, 1.0))).is_none());
        assert!(Logistic::<1>::fit([].into_iter()).is_none());
    }
}
