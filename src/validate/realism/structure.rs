//! S01 to S05: what holds for every row without exception, by the rules and the SQL that `validate` runs anyway.

use super::score::{Measure, Score};
use crate::error::Result;
use crate::model::TABLES;
use crate::sinks::database::Database;
use crate::validate::faults::groups;
use crate::validate::report::Finding;

/// Each check, and the rules of which it is the sum.
const CHECKS: [(&str, &[&str]); 5] = [
    ("S01", &["place.zip_in_state", "place.city_in_state", "place.phone_in_state"]),
    ("S02", &["place.ssn_never_issued"]),
    ("S03", &["place.phone_never_assigned"]),
    ("S04", &["place.email_reserved"]),
    ("S05", &["time.adult_when_joining", "time.customer_before_records", "time.history_of_adults"]),
];

/// The rules of C21: dates in order, and statuses that agree.
const LIFECYCLE: &[&str] = &[
    "time.application_before_decision",
    "time.decision_before_funding",
    "credit.decision_fits_status",
    "credit.loan_fits_status",
    "credit.loan_status_fits_application",
];

/// How many things these rules examined, and how many of them were wrong.
fn sum(findings: &[Finding], rules: &[&str]) -> (u64, u64) {
    let those = findings.iter().filter(|finding| rules.contains(&finding.rule.as_str()));
    those.fold((0, 0), |(examined, wrong), finding| (examined + finding.examined, wrong + finding.violations))
}

pub(super) fn lifecycle_violations(findings: &[Finding]) -> u64 {
    sum(findings, LIFECYCLE).1
}

pub(super) fn scores(findings: &[Finding], references: (u64, u64)) -> Vec<Score> {
    let score = |(id, rules): &(&str, &[&str])| {
        let (mut examined, mut wrong) = sum(findings, rules);
        if *id == "S05" {
            (examined, wrong) = (examined + references.0, wrong + references.1);
        }
        let score = Score::new(id, examined as usize, vec![Measure::new("violations", wrong as f64, 0.0..=0.0)]);
        if wrong > 0 { score.with_note("`validate` names them") } else { score }
    };
    CHECKS.iter().map(score).collect()
}

/// How many foreign keys there are, and how many of them lead nowhere.
pub(super) async fn references(db: &mut Database) -> Result<(u64, u64)> {
    let dialect = db.dialect();
    let (mut examined, mut dangling) = (0, 0);
    for group in TABLES.iter().flat_map(|table| groups(*table, &dialect)) {
        if group.rule.ends_with(".references") {
            examined += db.count(&group.examined).await?.unsigned_abs();
            for fault in &group.faults {
                dangling += db.count(&fault.count).await?.unsigned_abs();
            }
        }
    }
    Ok((examined, dangling))
}
