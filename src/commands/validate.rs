//! `credit-seed validate`: does everything in the database hold together, is it like life, and are its labels hidden?

use std::fmt::Write;

use comfy_table::{CellAlignment, Table, presets};
use credit_seed::validate::leakage::{FEWEST_CASES, FEWEST_ROWS, Hidden, Leakage, MOST_AUC, MOST_PRECISION, leakage};
use credit_seed::validate::{realism, validate};
use serde::Serialize;

use super::{Verdict, open_existing, print, print_json, settings};
use crate::cli::{Common, Format};

pub async fn run(common: &Common, realism: bool) -> anyhow::Result<Verdict> {
    let mut database = open_existing(&settings(common)?).await?;
    if realism {
        let card = realism::scorecard(&mut database).await?;
        return show(common, &card, card.passed(), ToString::to_string);
    }
    let report = validate(&mut database).await?;
    show(common, &report, report.passed(), ToString::to_string)
}

/// `--leakage`
pub async fn leaks(common: &Common) -> anyhow::Result<Verdict> {
    let mut database = open_existing(&settings(common)?).await?;
    let report = leakage(&mut database).await?;
    show(common, &report, report.passed, tables)
}

fn show<T: Serialize>(
    common: &Common,
    result: &T,
    passed: bool,
    text: impl Fn(&T) -> String,
) -> anyhow::Result<Verdict> {
    match common.format {
        Format::Json => print_json(result)?,
        Format::Text => print(&text(result))?,
    }
    Ok(if passed { Verdict::Done } else { Verdict::CheckFailed })
}

/// How well each label is hidden, how hard it is to find, and what gives it away.
fn tables(report: &Leakage) -> String {
    let digits = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let row = |hidden: &Hidden| {
        let (worst, rule, detector) = (hidden.worst(), hidden.rule.as_ref(), hidden.detector);
        let found = [
            hidden.verdict.word().to_owned(),
            hidden.label.to_owned(),
            hidden.rows.to_string(),
            hidden.cases.to_string(),
            hidden.others.to_string(),
            worst.map_or("-".to_owned(), |worst| worst.column.to_owned()),
            digits(worst.map(|worst| worst.auc)),
        ];
        let reached = [
            hidden.label.to_owned(),
            rule.map_or("-".to_owned(), |rule| rule.rule.clone()),
            digits(rule.map(|rule| rule.precision)),
            digits(rule.map(|rule| rule.recall)),
            digits(detector.map(|detector| detector.auc)),
            digits(detector.map(|detector| detector.average_precision)),
        ];
        (found, reached)
    };
    let (found, reached): (Vec<_>, Vec<_>) = report.labels.iter().map(row).unzip();
    let hidden = table(["", "label", "rows", "cases", "others", "most telling column", "AUC"], found, &[2, 3, 4, 6]);
    let head = ["label", "best rule on one column", "precision", "recall", "detector's AUC", "average precision"];
    let difficulty = table(head, reached, &[2, 3, 4, 5]);
    let mut text = format!("{hidden}\n\n{difficulty}\n\n");
    for hidden in &report.labels {
        for telling in hidden.columns.iter().filter(|telling| telling.fails) {
            let (label, column) = (hidden.label, telling.column);
            let (auc, precision) = (telling.auc, telling.precision);
            let _ = if telling.defines {
                writeln!(
                    text,
                    "FAIL  {label}: a rule on {column} is right {precision:.3} of the time, above {MOST_PRECISION}: \
                     too few honest rows look alike"
                )
            } else {
                writeln!(text, "FAIL  {label}: {column} gives it away, AUC {auc:.3} above {MOST_AUC}")
            };
        }
    }
    if report.labels.iter().any(|hidden| hidden.columns.iter().any(|telling| telling.fails)) {
        text += "\n";
    }
    let sampled = if report.one_in > 1 { format!(" (one in {} kept)", report.one_in) } else { String::new() };
    let _ = write!(
        text,
        "{} transactions read{sampled}. A label is judged from {FEWEST_ROWS} rows in {FEWEST_CASES} cases on.\n\
         Others: unlabelled rows of the label's kinds (transaction type, entity type, direction); the AUC is measured in \
         its\nmix of kinds.",
        report.rows
    );
    text
}

fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>, numbers: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head).add_rows(rows);
    for column in numbers {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use credit_seed::validate::leakage::{Difficulty, Rule, Telling};
    use credit_seed::validate::realism::Verdict;

    use super::*;

    #[test]
    fn a_leak_is_told() {
        let telling = |column, defines, auc, precision, fails| Telling { column, defines, auc, precision, fails };
        let hidden = Hidden {
            label: "high_amount",
            verdict: Verdict::Fail,
            rows: 120,
            cases: 120,
            others: 40_000,
            columns: vec![telling("|amount|", true, 0.99, 0.9, true), telling("millisecond", false, 0.9, 0.1, true)],
            rule: Some(Rule { rule: "|amount| >= 950.5".to_owned(), precision: 0.9, recall: 0.5 }),
            detector: Some(Difficulty { auc: 0.97, average_precision: 0.4 }),
        };
        let few = Hidden {
            verdict: Verdict::TooFewRows,
            label: "fraud_mule",
            columns: vec![],
            rule: None,
            detector: None,
            ..hidden.clone()
        };
        let report = Leakage { passed: false, rows: 50_000, one_in: 2, labels: vec![hidden, few] };
        let text = tables(&report).lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        insta::assert_snapshot!(text, @"
                       label        rows  cases  others  most telling column    AUC
         FAIL          high_amount   120    120   40000  millisecond          0.900
         too few rows  fraud_mule    120    120   40000  -                        -

         label        best rule on one column  precision  recall  detector's AUC  average precision
         high_amount  |amount| >= 950.5            0.900   0.500           0.970              0.400
         fraud_mule   -                                -       -               -                  -

        FAIL  high_amount: a rule on |amount| is right 0.900 of the time, above 0.5: too few honest rows look alike
        FAIL  high_amount: millisecond gives it away, AUC 0.900 above 0.75

        50000 transactions read (one in 2 kept). A label is judged from 50 rows in 20 cases on.
        Others: unlabelled rows of the label's kinds (transaction type, entity type, direction); the AUC is measured in its
        mix of kinds.
        ");
    }
}
