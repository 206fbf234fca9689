//! Transactions in which nothing leaks, and the same with one leak each.

use super::evidence::Evidence;
use super::{Hidden, Leakage, MOST_ROWS, Verdict};
use crate::encode::LifeRecords;
use crate::generate::draw::Draw;
use crate::generate::seed::Seed;
use crate::generate::{Block, World, unfold};
use crate::model::ids::Ids;
use crate::model::{Category, Cents, EntityType, Label, Space, Transaction, TransactionLabel, TransactionType};
use crate::scenario::Scenario;
use crate::schema::{Moment, Rows};

const CUSTOMERS: u64 = 200;
const ROWS: usize = 60;
const IDS: Ids = Ids::new(7);

/// Purchases of a customer as chance has them, two in sixty of them labelled; some in cash, which no label has.
fn life(owner: u64, label: Label) -> (Vec<Transaction>, Vec<TransactionLabel>) {
    let mut draw = Seed(1).stream("leakage").at(owner);
    let mut times: Vec<i64> = (0..ROWS).map(|_| 1_700_000_000_000 + draw.below(90 * 86_400_000) as i64).collect();
    times.sort_unstable();
    let rows: Vec<Transaction> = times.into_iter().map(|at| transaction(owner, Moment(at), &mut draw)).collect();
    let mut labels: Vec<TransactionLabel> = Vec::new();
    while labels.len() < 2 {
        let row = &rows[draw.below(ROWS as u64) as usize];
        let is_taken = labels.iter().any(|label| label.transaction_id == row.transaction_id);
        if row.transaction_type == TransactionType::CardPurchase && !is_taken {
            labels.push(TransactionLabel {
                transaction_id: row.transaction_id,
                label,
                case_id: row.transaction_id,
                role: "spending",
                known_at: row.booked_at.plus_seconds(86_400),
                original_recipient_entity: None,
            });
        }
    }
    (rows, labels)
}

fn transaction(owner: u64, at: Moment, draw: &mut Draw) -> Transaction {
    let cash = draw.chance(0.2);
    let amount = Cents(-(draw.log_normal(3000.0, 1.0) as i64).max(1));
    Transaction {
        transaction_id: IDS.timed(Space::Transaction, owner, at, draw.below(3)),
        bank_id: "north",
        account_id: IDS.nth(Space::Account, owner, 0),
        booked_at: at,
        transaction_type: if cash { TransactionType::AtmWithdrawal } else { TransactionType::CardPurchase },
        category: if cash { Category::Cash } else { draw.pick(&[(Category::Grocery, 3.0), (Category::Retail, 1.0)]) },
        mcc: (!cash).then_some("5411"),
        entity_type: EntityType::Merchant,
        recipient_entity: format!("Shop {}", draw.below(40)).into(),
        description: "Purchase".into(),
        city: draw.pick(&[("Boston", 9.0), ("Salem", 1.0)]),
        country: draw.pick(&[("US", 60.0), ("CA", 1.0)]),
        amount,
        currency: "USD",
        balance_after: Cents(draw.below(1_000_000) as i64),
        is_recurring: false,
        counterparty_account_id: None,
        data_source: "SYNTHETIC",
    }
}

/// The bank judged after `spoil` has changed each row, of which it is told whether it is labelled.
fn judge(label: Label, spoil: impl Fn(&mut Transaction, bool)) -> Leakage {
    let mut evidence = Evidence::new(MOST_ROWS);
    for owner in 0..CUSTOMERS {
        evidence.add(&spoilt(owner, label, &spoil));
    }
    evidence.judge()
}

fn spoilt(owner: u64, label: Label, spoil: &impl Fn(&mut Transaction, bool)) -> LifeRecords {
    let (mut rows, mut labels) = life(owner, label);
    for row in &mut rows {
        let id = row.transaction_id;
        let label = labels.iter_mut().find(|label| label.transaction_id == id);
        spoil(row, label.is_some());
        if let Some(label) = label {
            label.transaction_id = row.transaction_id;
        }
    }
    rows.sort_by_key(|row| row.transaction_id);
    LifeRecords::from_rows([&rows as &dyn Rows, &labels])
}

fn of(report: &Leakage, label: Label) -> &Hidden {
    &report.labels[label as usize]
}

#[test]
fn chance_leaks_nothing_and_what_is_missing_is_not_judged() {
    let report = judge(Label::CardTesting, |_, _| ());
    let hidden = of(&report, Label::CardTesting);
    assert_eq!((hidden.verdict, hidden.rows, hidden.cases), (Verdict::Pass, 400, 400), "{hidden:?}");
    assert!(hidden.worst().unwrap().auc < 0.6, "{:?}", hidden.worst());
    // Cash is of no kind that the label has.
    assert!((8_600..10_000).contains(&hidden.others), "{}", hidden.others);
    assert!(hidden.rule.as_ref().unwrap().precision < 0.1);
    let detector = hidden.detector.unwrap();
    assert!((0.4..0.6).contains(&detector.auc) && detector.average_precision < 0.1, "{detector:?}");
    assert_eq!(of(&report, Label::Mule).verdict, Verdict::TooFewRows);
    assert!(report.passed && !Evidence::new(9).judge().passed);
    assert_eq!(serde_json::to_value(&report).unwrap()["labels"][3]["verdict"], "pass");
}

#[test]
fn every_leak_is_found_and_named() {
    type Spoil = fn(&mut Transaction, bool);
    let leaks: [(&str, Spoil); 12] = [
        ("tie-break in the id", |row, labelled| tied(row, 0, if labelled { 900 } else { 0 })),
        ("time in the id less booked_at", |row, labelled| tied(row, if labelled { 40 } else { 0 }, 0)),
        ("order of rows less order of time", |row, labelled| tied(row, if labelled { 100 * 86_400_000 } else { 0 }, 0)),
        ("cents of amount", |row, labelled| {
            row.amount = Cents(row.amount.0 / 100 * 100 - if labelled { 37 } else { row.booked_at.0 % 100 });
        }),
        ("|amount|", |row, labelled| row.amount = Cents(row.amount.0 * if labelled { 20 } else { 1 })),
        ("mcc is NULL", |row, labelled| row.mcc = row.mcc.filter(|_| !labelled)),
        ("counterparty_account_id is NULL", |row, labelled| {
            row.counterparty_account_id = labelled.then_some(row.account_id);
        }),
        ("millisecond", |row, labelled| {
            row.booked_at = Moment(row.booked_at.0 - if labelled { row.booked_at.0 % 1000 } else { 0 });
        }),
        ("hour", |row, labelled| {
            let night = row.booked_at.day().at(3 * 3600 + 17).0 + row.booked_at.0 % 3_600_000;
            row.booked_at = if labelled { Moment(night) } else { row.booked_at };
        }),
        ("day of month", |row, labelled| {
            let at = if labelled { row.booked_at.day().month().day(13) } else { row.booked_at.day() };
            row.booked_at = Moment(at.at(0).0 + row.booked_at.0 % 86_400_000);
        }),
        ("words of description", |row, labelled| {
            row.description = if labelled { "Online purchase 17" } else { "Purchase" }.into();
        }),
        ("country", |row, labelled| row.country = if labelled { "CA" } else { row.country }),
    ];
    for (column, spoil) in leaks {
        let report = judge(Label::AccountTakeover, spoil);
        let hidden = of(&report, Label::AccountTakeover);
        let telling = hidden.columns.iter().find(|telling| telling.column == column).unwrap();
        assert!(telling.fails && hidden.verdict == Verdict::Fail && !report.passed, "{column}: {telling:?}");
        assert!(hidden.worst().unwrap().auc > 0.9, "{column}: {:?}", hidden.worst());
    }
}

/// Gives the row the id of another moment.
fn tied(row: &mut Transaction, ms: i64, tie: u64) {
    let at = Moment(row.booked_at.0 + ms);
    row.transaction_id = IDS.timed(Space::Transaction, row.transaction_id.owner(), at, tie);
}

#[test]
fn what_defines_a_label_may_tell_it_if_honest_rows_look_alike() {
    let large = |row: &mut Transaction, labelled: bool| {
        let honest = row.booked_at.0 % 20 == 0;
        row.amount = Cents(if labelled || honest { row.amount.0 - 500_000 } else { row.amount.0 });
    };
    let report = judge(Label::HighAmount, large);
    let hidden = of(&report, Label::HighAmount);
    let amount = hidden.columns.iter().find(|telling| telling.column == "|amount|").unwrap();
    assert!(amount.defines && amount.auc > 0.9 && (0.3..0.5).contains(&amount.precision), "{amount:?}");
    assert_eq!(hidden.verdict, Verdict::Pass, "{:?}", hidden.worst());

    let report = judge(Label::HighAmount, |row, labelled| {
        row.amount = Cents(row.amount.0 - if labelled { 1_000_000 } else { 0 });
    });
    let hidden = of(&report, Label::HighAmount);
    assert_eq!(hidden.verdict, Verdict::Fail);
    assert!(hidden.columns.iter().all(|telling| telling.fails == (telling.precision > 0.5 && telling.defines)));
    assert!(hidden.rule.as_ref().unwrap().precision > 0.9, "{:?}", hidden.rule);
}

#[test]
fn a_kind_of_its_own_gives_a_label_away() {
    let report = judge(Label::Structuring, |row, labelled| {
        if labelled {
            row.transaction_type = TransactionType::CashDeposit;
        }
    });
    let hidden = of(&report, Label::Structuring);
    assert_eq!((hidden.verdict, hidden.others), (Verdict::Fail, 0));
    assert_eq!(hidden.rule.as_ref().unwrap().precision, 1.0);
}

#[test]
fn a_sample_counts_as_the_whole() {
    let mut whole = Evidence::new(MOST_ROWS);
    let mut sample = Evidence::new(1_400);
    for owner in 0..CUSTOMERS {
        let life = spoilt(owner, Label::Mule, &|row, labelled| {
            row.amount = Cents(if labelled { row.amount.0 * 2 } else { row.amount.0 });
        });
        whole.add(&life);
        sample.add(&life);
    }
    let (whole, sample) = (whole.judge(), sample.judge());
    assert_eq!((whole.one_in, sample.one_in), (1, 16));
    let (whole, sample) = (of(&whole, Label::Mule), of(&sample, Label::Mule));
    let close = |a: f64, b: f64, by: f64| assert!((a - b).abs() < by, "{a} is not {b}");
    close(sample.others as f64 / whole.others as f64, 1.0, 0.1);
    let amount = |hidden: &Hidden| hidden.columns.iter().find(|telling| telling.column == "|amount|").unwrap().clone();
    close(amount(whole).auc, amount(sample).auc, 0.05);
    close(amount(whole).precision, amount(sample).precision, 0.03);
    assert_eq!((whole.rows, whole.cases), (sample.rows, sample.cases));
}

#[test]
fn the_detector_learns_what_a_customer_usually_does() {
    // A double tap: the same amount at the same shop, seconds after. No column shows it.
    let mut evidence = Evidence::new(MOST_ROWS);
    for owner in 0..CUSTOMERS {
        let (mut rows, mut labels) = life(owner, Label::AccidentBurst);
        for label in &mut labels {
            let first = rows.iter().position(|row| row.transaction_id == label.transaction_id).unwrap();
            let mut again = rows[first].clone();
            again.booked_at = again.booked_at.plus_seconds(4);
            let tie = again.booked_at.0 as u64 / 7 % 3;
            tied(&mut again, 0, tie);
            label.transaction_id = again.transaction_id;
            rows.insert(first + 1, again);
        }
        evidence.add(&LifeRecords::from_rows([&rows as &dyn Rows, &labels]));
    }
    let report = evidence.judge();
    let hidden = of(&report, Label::AccidentBurst);
    let detector = hidden.detector.unwrap();
    assert_eq!(hidden.verdict, Verdict::Pass, "{:?}", hidden.worst());
    assert!(detector.auc > 0.95 && detector.average_precision > 0.9, "{detector:?}");
}

#[test]
fn hostile_cells_are_survived() {
    let hostile = [None, Some(""), Some("-"), Some("9223372036854775807"), Some("-9223372036854775808.99"), Some("ß€")];
    let good = spoilt(1, Label::Mule, &|_, _| ());
    for table in ["transactions", "transaction_labels"] {
        for column in 0..good.of(table)[0].cells.len() {
            for value in hostile {
                let mut life = good.clone();
                life.of_mut(table)[0].cells[column] = value.map(str::to_owned);
                let mut evidence = Evidence::new(100);
                evidence.add(&life);
                assert!(!evidence.judge().passed);
            }
        }
    }
}

/// Our own labels are hidden; in a copy in which they leak, the leak is found.
#[test]
fn the_generators_labels_do_not_leak() {
    let mut scenario = Scenario {
        transaction_months: 1,
        anomaly_rates: [0.02, 0.004, 0.06, 0.0, 0.0, 0.0, 0.0, 0.0],
        ..Scenario::default()
    };
    scenario.model.transactions_per_day = Some((8.0, 15.0));
    scenario.model.income_factor = 3.0;
    let world = World::new(&scenario);
    let blocks: Vec<Block> = (0..80).map(|index| unfold(&world, index..index + 1)).collect();
    let judge = |spoil: fn(&mut Transaction, bool)| {
        let mut evidence = Evidence::new(MOST_ROWS);
        for block in &blocks {
            let mut block = block.clone();
            let mut labels = std::mem::take(&mut block.transaction_labels);
            for row in &mut block.transactions {
                let id = row.transaction_id;
                let mut of_row = labels.iter_mut().filter(|label| label.transaction_id == id).peekable();
                spoil(row, of_row.peek().is_some());
                of_row.for_each(|label| label.transaction_id = row.transaction_id);
            }
            block.transactions.sort_by_key(|row| row.transaction_id);
            block.transaction_labels = labels;
            evidence.add(&LifeRecords::from_rows(block.tables()));
        }
        evidence.judge()
    };
    let honest = judge(|_, _| ());
    for label in [Label::AccidentBurst, Label::HighAmount, Label::MistypedEntity] {
        let hidden = of(&honest, label);
        assert_eq!(hidden.verdict, Verdict::Pass, "{hidden:?}");
        // To learn what a mistyped number looks like takes more customers than these.
        let auc = hidden.detector.as_ref().unwrap().auc;
        assert!(auc > 0.9 || label == Label::MistypedEntity, "{}: a detector finds nothing, AUC {auc}", hidden.label);
    }
    type Spoil = fn(&mut Transaction, bool);
    let leaks: [(&str, Spoil); 4] = [
        ("tie-break in the id", |row, labelled| {
            tied(row, 0, if labelled { 4_000 } else { row.booked_at.0 as u64 % 97 })
        }),
        ("order of rows less order of time", |row, labelled| {
            tied(row, if labelled { 100 * 86_400_000 } else { 0 }, row.booked_at.0 as u64 % 97);
        }),
        ("cents of amount", |row, labelled| {
            row.amount = Cents(row.amount.0 / 100 * 100 - if labelled { 37 } else { row.booked_at.0 % 100 });
        }),
        ("|amount|", |row, labelled| row.amount = Cents(row.amount.0 * if labelled { 400 } else { 1 })),
    ];
    for (column, spoil) in leaks {
        let report = judge(spoil);
        assert!(!report.passed, "{column}");
        let hidden = of(&report, Label::MistypedEntity);
        let telling = hidden.columns.iter().find(|telling| telling.column == column).unwrap();
        assert!(telling.fails, "{column}: {telling:?}");
    }
}
