//! How well one column finds a label: the area under the curve, and the best single cut.

use std::collections::BTreeMap;

/// What a column is judged on: a label's rows and those they are held against.
#[derive(Clone, Copy)]
pub(super) struct Case {
    pub labelled: bool,
    /// Which half of the customers it belongs to.
    pub odd: bool,
    /// How many rows of the database it stands for.
    pub weight: f64,
    /// The same where the unlabelled have the label's own mix of kinds, and as many rows.
    pub matched: f64,
}

/// The side of a threshold on which most of a label's rows are found, and how many others with them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// The lowest score on that side.
    pub threshold: f64,
    pub precision: f64,
    pub recall: f64,
}

/// A cut must find as much of a label as this.
pub(super) const RECALL: f64 = 0.5;

/// Positions by score, the highest first.
pub(super) fn order(scores: &[f32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..scores.len() as u32).collect();
    order.sort_unstable_by(|a, b| scores[*b as usize].total_cmp(&scores[*a as usize]));
    order
}

/// Cases of equal score, from the highest: their weight that is labelled, and that is not.
fn steps(
    order: &[u32],
    scores: &[f32],
    cases: &[Case],
    weight: impl Fn(&Case) -> f64,
) -> impl Iterator<Item = (f32, f64, f64)> {
    order.chunk_by(|a, b| scores[*a as usize] == scores[*b as usize]).map(move |equal| {
        let (mut labelled, mut other) = (0.0, 0.0);
        for case in equal.iter().map(|position| &cases[*position as usize]) {
            *(if case.labelled { &mut labelled } else { &mut other }) += weight(case);
        }
        (scores[equal[0] as usize], labelled, other)
    })
}

/// Probability that a labelled case scores above one that is not, ties counting half; NaN if there is none of either.
pub(super) fn auc(order: &[u32], scores: &[f32], cases: &[Case], weight: impl Fn(&Case) -> f64) -> f64 {
    let (mut above, mut labelled, mut other) = (0.0, 0.0, 0.0);
    for (_, here, others) in steps(order, scores, cases, weight) {
        above += others * (labelled + here / 2.0);
        labelled += here;
        other += others;
    }
    above / (labelled * other)
}

/// Mean precision over all that is labelled, from the highest score down: the area under precision and recall.
pub(super) fn average_precision(order: &[u32], scores: &[f32], cases: &[Case]) -> f64 {
    let (mut area, mut labelled, mut other) = (0.0, 0.0, 0.0);
    for (_, here, others) in steps(order, scores, cases, |case| case.weight) {
        labelled += here;
        other += others;
        if here > 0.0 {
            area += here * labelled / (labelled + other);
        }
    }
    area / labelled
}

/// The most precise cut that finds half of what is labelled.
pub(super) fn best_cut(order: &[u32], scores: &[f32], cases: &[Case]) -> Option<Cut> {
    let all: f64 = cases.iter().filter(|case| case.labelled).map(|case| case.weight).sum();
    let (mut labelled, mut other, mut best) = (0.0, 0.0, None::<Cut>);
    for (threshold, here, others) in steps(order, scores, cases, |case| case.weight) {
        labelled += here;
        other += others;
        let cut = Cut { threshold: threshold.into(), precision: labelled / (labelled + other), recall: labelled / all };
        if cut.recall >= RECALL && best.is_none_or(|best| cut.precision > best.precision) {
            best = Some(cut);
        }
    }
    best
}

/// Words ranked by how often they are labelled. A word seen rarely says little: it is held to be one labelled row in two.
pub(super) struct Rates(BTreeMap<u32, (f64, f64)>);

impl Rates {
    /// Learns from the cases that `is_seen` lets through.
    pub fn fit(words: &[f32], cases: &[Case], is_seen: impl Fn(&Case) -> bool) -> Rates {
        let mut counts: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
        for (word, case) in words.iter().zip(cases).filter(|(_, case)| is_seen(case)) {
            let (labelled, other) = counts.entry(word.to_bits()).or_default();
            *(if case.labelled { labelled } else { other }) += case.matched;
        }
        // Of both the same sum, so that an even chance is a rate of one half.
        let sum = |of: fn(&(f64, f64)) -> f64| counts.values().map(of).sum::<f64>();
        let scale = sum(|counts| counts.0) / sum(|counts| counts.1);
        counts.values_mut().for_each(|(_, other)| *other *= if scale.is_finite() { scale } else { 1.0 });
        Rates(counts)
    }

    pub fn of(&self, word: f32) -> f32 {
        let (labelled, other) = self.0.get(&word.to_bits()).copied().unwrap_or_default();
        ((labelled + 1.0) / (labelled + other + 2.0)) as f32
    }

    /// Words with their rates, the likeliest first.
    pub fn likeliest(&self) -> Vec<(f32, f32)> {
        let words = self.0.iter().filter(|(_, (labelled, _))| *labelled > 0.0).map(|(bits, _)| f32::from_bits(*bits));
        let mut rates: Vec<(f32, f32)> = words.map(|word| (word, self.of(word))).collect();
        rates.sort_by(|a, b| b.1.total_cmp(&a.1));
        rates
    }
}

/// Each case's word as the rate that the *other* half of the customers gives it: what is rare cannot know itself.
pub(super) fn held_out(words: &[f32], cases: &[Case]) -> Vec<f32> {
    let rates = [false, true].map(|odd| Rates::fit(words, cases, |case| case.odd != odd));
    words.iter().zip(cases).map(|(word, case)| rates[usize::from(case.odd)].of(*word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::realism::stats;

    fn cases(labels: &[bool]) -> Vec<Case> {
        let case = |(number, labelled): (usize, &bool)| Case {
            labelled: *labelled,
            odd: number % 2 == 1,
            weight: 1.0,
            matched: 1.0,
        };
        labels.iter().enumerate().map(case).collect()
    }

    #[test]
    fn ties_count_half_and_weights_as_rows() {
        let (labels, scores) = ([true, false, true, false, false], [3.0f32, 1.0, 2.0, 2.0, 5.0]);
        let of = |cases: &[Case], scores: &[f32]| auc(&order(scores), scores, cases, |case| case.weight);
        let plain = of(&cases(&labels), &scores);
        assert!((plain - stats::auc(&labels, &scores.map(f64::from))).abs() < 1e-12);
        assert_eq!(plain, 3.5 / 6.0);
        let mut weighted = cases(&labels);
        weighted[4].weight = 2.0;
        let twice = ([true, false, true, false, false, false], [3.0f32, 1.0, 2.0, 2.0, 5.0, 5.0]);
        assert!((of(&weighted, &scores) - of(&cases(&twice.0), &twice.1)).abs() < 1e-12);
        assert!(of(&cases(&[true]), &[1.0]).is_nan());
    }

    #[test]
    fn a_cut_finds_half_and_no_fewer() {
        let labels = [true, false, true, true, false, true, false, false];
        let scores = [9.0f32, 8.0, 7.0, 7.0, 7.0, 1.0, 1.0, 1.0];
        // Three of the five from 7 up are labelled; the one above 8 alone would be too few.
        let cut = best_cut(&order(&scores), &scores, &cases(&labels)).unwrap();
        assert_eq!((cut.threshold, cut.precision, cut.recall), (7.0, 0.6, 0.75));
        assert!(best_cut(&[], &[], &[]).is_none());
        let ap = average_precision(&order(&scores), &scores, &cases(&labels));
        assert!((ap - (1.0 + 2.0 * 0.6 + 0.5) / 4.0).abs() < 1e-12, "{ap}");
    }

    #[test]
    fn words_that_occur_once_know_nothing_of_themselves() {
        let labels: Vec<bool> = (0..400).map(|number| number % 4 < 2).collect();
        let cases = cases(&labels);
        let each_its_own: Vec<f32> = (0..400).map(|number| number as f32).collect();
        let own = held_out(&each_its_own, &cases);
        assert_eq!(auc(&order(&own), &own, &cases, |case| case.matched), 0.5);
        let telling: Vec<f32> = labels.iter().map(|labelled| if *labelled { 7.0 } else { 3.0 }).collect();
        let found = held_out(&telling, &cases);
        assert_eq!(auc(&order(&found), &found, &cases, |case| case.matched), 1.0);
        assert_eq!(Rates::fit(&telling, &cases, |_| true).likeliest()[0].0, 7.0);
    }
}
