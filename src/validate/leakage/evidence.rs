//! What is kept of all lives, and what it says of each label.

use std::collections::{BTreeMap, BTreeSet};

use super::detector::{self, Past};
use super::features::{self, COLUMNS, Column, Kind, Reading};
use super::split::{self, Case, Rates};
use super::{FEWEST_CASES, FEWEST_ROWS, Hidden, Leakage, MOST_AUC, MOST_PRECISION, Rule, Telling};
use crate::encode::LifeRecords;
use crate::model::Label;
use crate::validate::realism::Verdict;

/// A row that is kept.
pub(super) struct Seen {
    columns: [f32; features::WIDTH],
    pub past: [f32; detector::WIDTH],
    kind: Kind,
    /// A bit for each label that it has.
    labels: u8,
    odd: bool,
    hash: u64,
}

/// Rows by a hash of their ids, one in `one_in`.
struct Sample {
    most: usize,
    one_in: u64,
    rows: Vec<Seen>,
}

impl Sample {
    fn new(most: usize) -> Sample {
        Sample { most, one_in: 1, rows: Vec::new() }
    }

    fn takes(&self, hash: u64) -> bool {
        hash.is_multiple_of(self.one_in)
    }

    fn push(&mut self, row: Seen) {
        self.rows.push(row);
        while self.rows.len() > self.most {
            self.one_in *= 2;
            self.rows.retain(|row| row.hash.is_multiple_of(self.one_in));
        }
    }
}

/// What is kept of all lives.
pub(super) struct Evidence {
    customers: u64,
    rows: u64,
    labelled: Sample,
    others: Sample,
    /// Rows and cases of each label.
    counts: [(u64, u64); Label::ALL.len()],
    /// What the words of labelled rows are, by column and value.
    words: BTreeMap<(usize, u32), String>,
}

impl Evidence {
    pub fn new(most: usize) -> Evidence {
        Evidence {
            customers: 0,
            rows: 0,
            labelled: Sample::new(most / 2),
            others: Sample::new(most),
            counts: Default::default(),
            words: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, life: &LifeRecords) {
        let mut past = Past::default();
        let odd = self.customers % 2 == 1;
        for (look, labels) in features::looks(life, self.rows) {
            let (past, hash) = (past.next(&look), features::scatter(look.id));
            let sample = if labels > 0 { &mut self.labelled } else { &mut self.others };
            if sample.takes(hash) {
                let columns = std::array::from_fn(|index| COLUMNS[index].value(&look));
                sample.push(Seen { columns, past, kind: look.kind, labels, odd, hash });
            }
            if labels > 0 {
                for (index, column) in COLUMNS.iter().enumerate() {
                    if let Reading::Word(of) = column.reading {
                        let key = (index, column.value(&look).to_bits());
                        self.words.entry(key).or_insert_with(|| of(&look).into_owned());
                    }
                }
            }
        }
        let mut cases = BTreeSet::new();
        for row in life.of("transaction_labels") {
            let label = Label::NAMES.iter().position(|name| Some(*name) == row.text("label"));
            if let Some(label) = label {
                self.counts[label].0 += 1;
                self.counts[label].1 += u64::from(cases.insert((label, row.text("case_id"))));
            }
        }
        self.rows += life.of("transactions").len() as u64;
        self.customers += 1;
    }

    pub fn judge(&self) -> Leakage {
        let labels: Vec<Hidden> = Label::ALL.into_iter().map(|label| self.hidden(label)).collect();
        let any = |verdict| labels.iter().any(|hidden| hidden.verdict == verdict);
        let passed = any(Verdict::Pass) && !any(Verdict::Fail);
        Leakage { passed, rows: self.rows, one_in: self.others.one_in, labels }
    }

    fn hidden(&self, label: Label) -> Hidden {
        let (rows, cases) = self.counts[label as usize];
        let few = rows < FEWEST_ROWS || cases < FEWEST_CASES;
        let verdict = if few { Verdict::TooFewRows } else { Verdict::Pass };
        let hidden = Hidden {
            label: label.name(),
            verdict,
            rows,
            cases,
            others: 0,
            columns: Vec::new(),
            rule: None,
            detector: None,
        };
        if few {
            return hidden;
        }
        let (seen, cases) = self.population(label);
        let others = cases.iter().filter(|case| !case.labelled).map(|case| case.weight).sum::<f64>() as u64;
        let judged = COLUMNS.iter().enumerate().map(|(index, column)| {
            let values: Vec<f32> = seen.iter().map(|row| row.columns[index]).collect();
            self.column(label, index, column, &values, &cases)
        });
        let (mut columns, rules): (Vec<Telling>, Vec<Option<Rule>>) = judged.unzip();
        columns.sort_by(|a, b| b.auc.max(0.0).total_cmp(&a.auc.max(0.0)));
        let fails = columns.iter().any(|telling| telling.fails);
        Hidden {
            verdict: if fails { Verdict::Fail } else { Verdict::Pass },
            others,
            columns,
            rule: rules.into_iter().flatten().max_by(|a, b| a.precision.total_cmp(&b.precision)),
            detector: detector::difficulty(&seen, &cases),
            ..hidden
        }
    }

    /// The label's rows and the unlabelled ones of the same kinds.
    fn population(&self, label: Label) -> (Vec<&Seen>, Vec<Case>) {
        let has = |row: &&Seen| row.labels >> label as u8 & 1 == 1;
        let mut kinds: BTreeMap<Kind, (f64, f64)> = BTreeMap::new();
        let (weight, others_weight) = (self.labelled.one_in as f64, self.others.one_in as f64);
        self.labelled.rows.iter().filter(has).for_each(|row| kinds.entry(row.kind).or_default().0 += weight);
        for row in &self.others.rows {
            if let Some(count) = kinds.get_mut(&row.kind) {
                count.1 += others_weight;
            }
        }
        let labelled = self.labelled.rows.iter().filter(has).map(|row| {
            let case = Case { labelled: true, odd: row.odd, weight, matched: weight };
            (row, case)
        });
        let others = self.others.rows.iter().filter_map(|row| {
            let (of_label, of_others) = kinds.get(&row.kind)?;
            let matched = others_weight * of_label / of_others;
            Some((row, Case { labelled: false, odd: row.odd, weight: others_weight, matched }))
        });
        labelled.chain(others).unzip()
    }

    /// What a column tells, and its best rule.
    fn column(
        &self,
        label: Label,
        index: usize,
        column: &Column,
        values: &[f32],
        cases: &[Case],
    ) -> (Telling, Option<Rule>) {
        let scores = if column.is_number() { values.to_vec() } else { split::held_out(values, cases) };
        let mut order = split::order(&scores);
        let above = split::auc(&order, &scores, cases, |case| case.matched);
        let mut best = split::best_cut(&order, &scores, cases).map(|cut| (cut, ">="));
        if column.is_number() {
            order.reverse();
            let below = split::best_cut(&order, &scores, cases).map(|cut| (cut, "<="));
            best = [best, below].into_iter().flatten().max_by(|a, b| a.0.precision.total_cmp(&b.0.precision));
        }
        let auc = if column.is_number() { above.max(1.0 - above) } else { above };
        let precision = best.map_or(f64::NAN, |(cut, _)| cut.precision);
        let defines = column.defines.label(label);
        let fails = if defines { precision > MOST_PRECISION } else { auc > MOST_AUC };
        let rule = best.map(|(cut, side)| Rule {
            rule: if column.is_number() {
                format!("{} {side} {}", column.name, cut.threshold as f32)
            } else {
                self.words(index, column, &Rates::fit(values, cases, |_| true), cut.threshold as f32)
            },
            precision: cut.precision,
            recall: cut.recall,
        });
        (Telling { column: column.name, defines, auc, precision, fails }, rule)
    }

    /// A rule that names values: those labelled at least as often as the threshold, the likeliest first.
    fn words(&self, index: usize, column: &Column, rates: &Rates, threshold: f32) -> String {
        const SHOWN: usize = 3;
        let mut values: Vec<f32> =
            rates.likeliest().iter().filter(|(_, rate)| *rate >= threshold).map(|v| v.0).collect();
        // The rates of one half alone may all be higher.
        if values.is_empty() {
            values.extend(rates.likeliest().first().map(|(value, _)| *value));
        }
        let name =
            |value: &f32| self.words.get(&(index, value.to_bits())).cloned().unwrap_or_else(|| value.to_string());
        let shown = values.iter().take(SHOWN).map(name).collect::<Vec<_>>().join(", ");
        let more = values.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" or {more} more") } else { String::new() };
        format!("{} is {shown}{more}", column.name)
    }
}
