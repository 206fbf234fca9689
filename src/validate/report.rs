//! The outcome of a validation: one finding a rule, for people as lines and for machines as JSON.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Such as `time.adult_when_joining` or `customers.keys`.
    pub rule: String,
    /// What must hold, as a sentence.
    pub about: String,
    /// How many things (rows, pairs of rows, cells, groups) the rule could look at.
    pub examined: u64,
    pub violations: u64,
    /// A few of the violations: the row's key and what is wrong with it.
    pub examples: Vec<String>,
}

/// How a finding ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Ok,
    Failed,
    /// There was nothing to look at: neither good nor bad news.
    NotCheckable,
}

impl Finding {
    pub const fn verdict(&self) -> Verdict {
        match (self.violations, self.examined) {
            (1.., _) => Verdict::Failed,
            (0, 0) => Verdict::NotCheckable,
            (0, 1..) => Verdict::Ok,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding { rule, about, examined, violations, examples } = self;
        match self.verdict() {
            Verdict::Ok => write!(f, "ok             {rule} (n = {examined}): {about}"),
            Verdict::NotCheckable => write!(f, "not checkable  {rule} (n = 0): {about}"),
            Verdict::Failed => {
                write!(f, "FAILED         {rule} ({violations} violations, n = {examined}): {about}")?;
                examples.iter().try_for_each(|example| write!(f, "\n                 {example}"))
            }
        }
    }
}

/// As JSON the verdict comes along, so that a machine need not know how it follows from the numbers.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut finding = serializer.serialize_struct("Finding", 6)?;
        finding.serialize_field("rule", &self.rule)?;
        finding.serialize_field("about", &self.about)?;
        finding.serialize_field("verdict", &self.verdict())?;
        finding.serialize_field("examined", &self.examined)?;
        finding.serialize_field("violations", &self.violations)?;
        finding.serialize_field("examples", &self.examples)?;
        finding.end()
    }
}

/// Every finding about one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
}

impl Report {
    /// No rule failed, and at least one had something to look at: nothing passes on nothing.
    pub fn passed(&self) -> bool {
        self.count(Verdict::Failed) == 0 && self.count(Verdict::Ok) > 0
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings.iter().filter(|finding| finding.verdict() == verdict).count()
    }

    pub fn failed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.verdict() == Verdict::Failed)
    }
}

impl fmt::Display for Report {
    /// One line a rule, examples below those that failed, and a summary.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.findings.iter().try_for_each(|finding| writeln!(f, "{finding}"))?;
        let [ok, failed, blind] =
            [Verdict::Ok, Verdict::Failed, Verdict::NotCheckable].map(|verdict| self.count(verdict));
        write!(f, "{ok} ok, {failed} failed, {blind} not checkable")
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_struct("Report", 2)?;
        report.serialize_field("passed", &self.passed())?;
        report.serialize_field("findings", &self.findings)?;
        report.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(examined: u64, violations: u64) -> Finding {
        let examples = (0..violations).map(|n| format!("row-{n}: wrong")).collect();
        Finding { rule: "some.rule".into(), about: "all is well".into(), examined, violations, examples }
    }

    #[test]
    fn nothing_passes_on_nothing() {
        assert!(!Report { findings: vec![] }.passed());
        assert!(!Report { findings: vec![finding(0, 0)] }.passed());
        assert!(Report { findings: vec![finding(0, 0), finding(3, 0)] }.passed());
        assert!(!Report { findings: vec![finding(3, 0), finding(3, 1)] }.passed());
    }

    #[test]
    fn people_read_lines_and_machines_json() {
        let report = Report { findings: vec![finding(3, 1), finding(0, 0)] };
        let text = report.to_string();
        assert!(text.contains("FAILED         some.rule (1 violations, n = 3): all is well\n"), "{text}");
        assert!(text.contains("row-0: wrong") && text.contains("not checkable  some.rule (n = 0)"), "{text}");
        assert!(text.ends_with("0 ok, 1 failed, 1 not checkable"), "{text}");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["passed"], false);
        assert_eq!(json["findings"][1]["verdict"], "not_checkable");
    }
}
