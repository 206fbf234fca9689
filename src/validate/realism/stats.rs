//! Statistics in the few forms the scorecard needs, each as numpy and scipy define it.
//!
//! Of nothing they are NaN, which lies in no range: a check of nothing cannot pass.

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation of the values themselves, not an estimate for a larger population (numpy's `std`).
pub(crate) fn sd(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (squares / values.len() as f64).sqrt()
}

/// The share of the flags that are set.
pub(crate) fn share(flags: impl IntoIterator<Item = bool>) -> f64 {
    let (mut set, mut all) = (0u64, 0u64);
    for flag in flags {
        set += u64::from(flag);
        all += 1;
    }
    set as f64 / all as f64
}

pub(crate) fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The quantile `q` of values in ascending order, interpolated as numpy's default (`linear`) does.
pub(crate) fn quantile(ascending: &[f64], q: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let position = q * last as f64;
    let below = (position as usize).min(last);
    let (low, high) = (ascending[below], ascending[(below + 1).min(last)]);
    low + (high - low) * (position - below as f64)
}

pub(crate) fn median(values: Vec<f64>) -> f64 {
    quantile(&sorted(values), 0.5)
}

/// Ranks from 1, equal values sharing the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for equal in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = start as f64 + (equal.len() + 1) as f64 / 2.0;
        equal.iter().for_each(|index| ranks[*index] = rank);
        start += equal.len();
    }
    ranks
}

/// Pearson's correlation of pairs.
pub(crate) fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    xy / (xx * yy).sqrt()
}

/// Spearman's rank correlation of pairs.
pub(crate) fn spearman(x: &[f64], y: &[f64]) -> f64 {
    pearson(&ranks(x), &ranks(y))
}

/// Probability that one that is `bad` ranks above one that is not, ties counting half: the area under the ROC curve.
pub(crate) fn auc(bad: &[bool], values: &[f64]) -> f64 {
    let ranks = ranks(values);
    let positives = bad.iter().filter(|bad| **bad).count() as f64;
    let negatives = bad.len() as f64 - positives;
    let sum: f64 = bad.iter().zip(&ranks).filter(|(bad, _)| **bad).map(|(_, rank)| rank).sum();
    (sum - positives * (positives + 1.0) / 2.0) / (positives * negatives)
}

/// Total variation distance of two distributions, given as weights: half the sum of the differences of their shares.
pub(crate) fn distance(a: &[f64], b: &[f64]) -> f64 {
    let (sum_a, sum_b) = (a.iter().sum::<f64>(), b.iter().sum::<f64>());
    a.iter().zip(b).map(|(a, b)| (a / sum_a - b / sum_b).abs()).sum::<f64>() / 2.0
}

/// Which of the intervals that `edges` (ascending) cut the line into: as many as lie at or below `value`.
pub(crate) fn band(value: f64, edges: &[f64]) -> usize {
    edges.iter().filter(|edge| **edge <= value).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn moments_and_quantiles_are_numpys() {
        let values = [4.0, 1.0, 3.0, 2.0];
        close(mean(&values), 2.5);
        close(sd(&values), 1.25f64.sqrt());
        let ascending = sorted(values.to_vec());
        close(quantile(&ascending, 0.25), 1.75);
        close(quantile(&ascending, 0.9), 3.7);
        close(quantile(&ascending, 1.0), 4.0);
        close(median(vec![5.0, 1.0, 9.0]), 5.0);
        close(share([true, false, false, true]), 0.5);
        assert!(mean(&[]).is_nan() && median(vec![]).is_nan() && share([]).is_nan());
    }

    #[test]
    fn correlations_share_ties_as_scipy_does() {
        // By hand: deviations multiply to 12, and square to 10 and 21.2.
        let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 1.0, 4.0, 3.0, 7.0]);
        close(pearson(&x, &y), 12.0 / (10.0f64 * 21.2).sqrt());
        close(spearman(&x, &y), 0.8);
        assert_eq!(ranks(&[10.0, 20.0, 10.0, 30.0]), [1.5, 3.0, 1.5, 4.0]);
        // With ties Spearman is Pearson of the shared ranks.
        close(spearman(&[1.0, 1.0, 2.0], &[1.0, 2.0, 3.0]), 0.75f64.sqrt());
        assert!(pearson(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
    }

    #[test]
    fn auc_counts_pairs() {
        // Of the four pairs of bad and good, three are in order and one is a tie.
        close(auc(&[true, false, true, false], &[3.0, 1.0, 2.0, 2.0]), 0.875);
        close(auc(&[true, false], &[1.0, 1.0]), 0.5);
        assert!(auc(&[true], &[1.0]).is_nan());
    }

    #[test]
    fn distances_and_bands() {
        close(distance(&[1.0, 1.0], &[2.0, 2.0]), 0.0);
        close(distance(&[1.0, 0.0], &[0.0, 5.0]), 1.0);
        close(distance(&[3.0, 1.0], &[1.0, 1.0]), 0.25);
        assert_eq!([17.0, 18.0, 24.9, 25.0].map(|age| band(age, &[18.0, 25.0])), [0, 1, 1, 2]);
    }
}
