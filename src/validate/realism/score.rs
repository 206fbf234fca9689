//! The scorecard: what was measured, what is published about it, and how well the two agree.

use std::fmt;
use std::ops::RangeInclusive;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::published::{Published, published};

/// One number of a check and the range in which it is credible.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    pub label: String,
    /// NaN where there was nothing to measure; `null` as JSON.
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Measure {
    pub(super) fn new(label: impl Into<String>, value: f64, target: RangeInclusive<f64>) -> Measure {
        Measure { label: label.into(), value, low: *target.start(), high: *target.end() }
    }

    /// Whether the value lies in its range; what is no number lies in none.
    pub fn holds(&self) -> bool {
        (self.low..=self.high).contains(&self.value)
    }
}

/// How a check ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    Fail,
    /// Below the check's minimum: chance alone could fail it.
    TooFewRows,
    /// Measured, but its target does not hold for an economy like this one.
    Informative,
}

impl Verdict {
    pub const ALL: [Verdict; 4] = [Verdict::Pass, Verdict::Fail, Verdict::TooFewRows, Verdict::Informative];

    /// The word for people.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "FAIL",
            Verdict::TooFewRows => "too few rows",
            Verdict::Informative => "informative",
        }
    }
}

/// One check.
#[derive(Clone, Debug)]
pub struct Score {
    pub published: &'static Published,
    /// How many things the check could look at.
    pub n: u64,
    pub measures: Vec<Measure>,
    pub verdict: Verdict,
    /// What else there is to say, such as why it says nothing.
    pub note: Option<String>,
}

impl Score {
    /// Judges what was measured on `n` things.
    pub(super) fn new(id: &str, n: usize, measures: Vec<Measure>) -> Score {
        let (published, n) = (published(id), n as u64);
        let verdict = if n < published.minimum {
            Verdict::TooFewRows
        } else if measures.iter().all(Measure::holds) {
            Verdict::Pass
        } else {
            Verdict::Fail
        };
        Score { published, n, measures, verdict, note: None }
    }

    /// Ends with `verdict` instead, for the reason that `note` gives.
    pub(super) fn instead(self, verdict: Verdict, note: impl Into<String>) -> Score {
        Score { verdict, ..self }.with_note(note)
    }

    pub(super) fn with_note(self, note: impl Into<String>) -> Score {
        Score { note: Some(note.into()), ..self }
    }
}

/// Every check of the public scorecard on one database.
#[derive(Clone, Debug)]
pub struct Scorecard {
    pub customers: u64,
    /// Months of credit history, at most as many as are looked at.
    pub months: u64,
    /// Mean unemployment over those months, percent.
    pub mean_unemployment: Option<f64>,
    pub scores: Vec<Score>,
}

impl Scorecard {
    /// No check failed, and at least one passed: nothing passes on nothing.
    pub fn passed(&self) -> bool {
        self.count(Verdict::Fail) == 0 && self.count(Verdict::Pass) > 0
    }

    pub fn count(&self, verdict: Verdict) -> usize {
        self.scores.iter().filter(|score| score.verdict == verdict).count()
    }
}

impl fmt::Display for Score {
    /// The check, a line for each of its values, and its source.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { published, n, measures, verdict, note } = self;
        let Published { id, name, minimum, source, .. } = published;
        let few = if *verdict == Verdict::TooFewRows { format!(" of {minimum}") } else { String::new() };
        write!(f, "{:<13} {id}  {name} (n = {n}{few})", verdict.word())?;
        for measure in measures {
            let Measure { label, value, low, high } = measure;
            let target = if low == high { shown(*low) } else { format!("{} to {}", shown(*low), shown(*high)) };
            let (value, mark) = (shown(*value), if measure.holds() { "" } else { "<-- outside" });
            let line = format!("{label:<34} {value:>9}   {target:<18} {mark}");
            write!(f, "\n{INDENT}{}", line.trim_end())?;
        }
        if let Some(note) = note {
            write!(f, "\n{INDENT}{note}")?;
        }
        write!(f, "\n{INDENT}source: {source}")
    }
}

/// Where what belongs to a check begins.
const INDENT: &str = "                   ";

/// Four digits that count, or a whole number.
pub(crate) fn shown(value: f64) -> String {
    if value.is_nan() {
        return "nothing".to_owned();
    }
    let places = match value.abs() {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        1.0.. => 3,
        _ => 4,
    };
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

impl fmt::Display for Scorecard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.scores.iter().try_for_each(|score| writeln!(f, "{score}"))?;
        write!(f, "\n{} customers, {} months of credit history", self.customers, self.months)?;
        if let Some(unemployment) = self.mean_unemployment {
            write!(f, ", mean unemployment {unemployment:.2} %")?;
        }
        let counts = Verdict::ALL.map(|verdict| format!("{} {}", self.count(verdict), verdict.word()));
        write!(f, "\n{}", counts.join(", "))
    }
}

impl Serialize for Measure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut measure = serializer.serialize_struct("Measure", 5)?;
        measure.serialize_field("label", &self.label)?;
        measure.serialize_field("value", &self.value)?;
        measure.serialize_field("low", &self.low)?;
        measure.serialize_field("high", &self.high)?;
        measure.serialize_field("holds", &self.holds())?;
        measure.end()
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut score = serializer.serialize_struct("Score", 10)?;
        score.serialize_field("id", &self.published.id)?;
        score.serialize_field("name", &self.published.name)?;
        score.serialize_field("verdict", &self.verdict)?;
        score.serialize_field("n", &self.n)?;
        score.serialize_field("minimum", &self.published.minimum)?;
        score.serialize_field("values", &self.measures)?;
        score.serialize_field("formula", &self.published.formula)?;
        score.serialize_field("tolerance", &self.published.tolerance)?;
        score.serialize_field("source", &self.published.source)?;
        score.serialize_field("note", &self.note)?;
        score.end()
    }
}

impl Serialize for Scorecard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut card = serializer.serialize_struct("Scorecard", 5)?;
        card.serialize_field("passed", &self.passed())?;
        card.serialize_field("customers", &self.customers)?;
        card.serialize_field("months", &self.months)?;
        card.serialize_field("mean_unemployment", &self.mean_unemployment)?;
        card.serialize_field("checks", &self.scores)?;
        card.end()
    }
}
