//! Every setting of the model, of what goes wrong in it, and of how much is booked, at both ends of its range: what comes
//! out still holds together.

use super::{End, Rules, all};
use crate::encode::LifeRecords;
use crate::generate::{World, concerning};
use crate::scenario::{Form, KEYS, Key, Scenario, Scope, Settings};
use crate::validate::report::Verdict;

fn values(key: &Key) -> Vec<String> {
    match key.form {
        // Everybody in many circles at once, and sending money home every other day.
        Form::Whole(low, _) if key.name.ends_with("_flows") => vec![low.to_string(), "5000".into()],
        Form::Whole(low, high) => vec![low.to_string(), high.to_string()],
        Form::Number(low, high) => vec![low.to_string(), high.to_string()],
        Form::Words(words) => words.iter().map(|word| (*word).to_owned()).collect(),
        Form::WordsOrWhole(words, low, high) => words
            .iter()
            .map(|word| (*word).to_owned())
            .chain([low.to_string(), "40".into(), high.to_string()])
            .collect(),
        Form::Text(_) if key.name == "transactions_per_day" => ["0.5-0.5", "0.5-40", "40-40"].map(Into::into).into(),
        Form::Truth | Form::Date | Form::Text(_) => Vec::new(),
    }
}

/// All rules on the first lives of a world; how many instalments at the end of a term were missed.
fn judge(scenario: &Scenario, what: &str) -> usize {
    let world = World::new(scenario);
    let mut rules = Rules::new(End { as_of: Some(scenario.as_of), last_day: Some(scenario.as_of) });
    let mut missed = 0;
    for index in 0..150 {
        let block = concerning(&world, index);
        for loan in &block.loans {
            let last = block.loan_payments.iter().rfind(|payment| payment.loan_id == loan.loan_id);
            missed += usize::from(
                last.is_some_and(|last| Some(last.instalment) == loan.term_months && last.paid_on.is_none()),
            );
        }
        rules.life(&LifeRecords::from_rows(block.tables()));
    }
    // What holds of a population need not hold of a strange one, but for its transfers.
    let of_lives = |rule: &str| rule == "population.transfers" || all().any(|known| known.id == rule);
    for finding in rules.findings().iter().filter(|finding| of_lives(&finding.rule)) {
        assert_ne!(finding.verdict(), Verdict::Failed, "{what}: {} {:?}", finding.rule, finding.examples);
    }
    missed
}

fn is_judged(key: &Key) -> bool {
    let books =
        ["transaction_months", "transactions_per_account", "circle_flows", "remittance_flows"].contains(&key.name);
    books || matches!(key.scope, Scope::Model | Scope::Anomaly)
}

#[test]
fn every_life_holds_together_wherever_the_model_is_set() {
    let base = Scenario { credit_history_entries: 60, financial_records_per_customer: 20, ..Scenario::default() };
    let mut missed = 0;
    for key in KEYS.iter().filter(|key| is_judged(key)) {
        for value in values(key) {
            let mut settings = Settings::of(&base);
            key.read(&mut settings, &value).unwrap();
            if settings.scenario.check().is_ok() {
                missed += judge(&settings.scenario, &format!("{}: {value}", key.name));
            }
        }
    }
    // Such an instalment bills itself and none of those before it; a test without one would not have seen it.
    assert!(missed > 0);
}
