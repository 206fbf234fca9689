//! Lives are pure functions: nothing but scenario and index is in them, and all of it keeps to the descriptions.

use std::collections::BTreeSet;

use credit_seed::Scenario;
use credit_seed::encode::{LifeRecords, Record};
use credit_seed::generate::{Block, World, unfold};
use credit_seed::model::{Id, Space, TABLES};
use credit_seed::scenario::{MarketKind, Model, Recession, States};
use credit_seed::schema::{ColumnSpec, Day, Domain, Key, Kind, Value};
use proptest::prelude::*;

use crate::worlds;

/// Every cell, table by table.
fn cells(rows: &LifeRecords) -> Vec<Vec<&Vec<Option<String>>>> {
    TABLES.iter().map(|table| rows.of(table.name()).iter().map(|record| &record.cells).collect()).collect()
}

fn read_back(block: &Block) -> LifeRecords {
    LifeRecords::from_rows(block.tables())
}

#[tokio::test]
async fn neither_threads_nor_batches_change_a_row() {
    let scenario = worlds::of(60);
    let (plain, expected) = worlds::in_memory(&scenario, 1, 1).await;
    assert_eq!(expected, worlds::manifest(&scenario));
    for jobs in [1, 8] {
        for batch_size in [1, 7, 10_000] {
            let (memory, manifest) = worlds::in_memory(&scenario, jobs, batch_size).await;
            assert_eq!(manifest, expected, "{jobs} jobs, batches of {batch_size}");
            assert!(cells(&memory.rows) == cells(&plain.rows), "{jobs} jobs, batches of {batch_size}");
            assert_eq!(worlds::manifest_of(&memory.rows), expected, "rows read back");
        }
    }
}

#[test]
fn a_life_does_not_depend_on_how_many_there_are() {
    let life = |customers| read_back(&unfold(&World::new(&worlds::of(customers)), 17..18));
    assert!(cells(&life(100)) == cells(&life(10_000)));
}

#[test]
fn equal_scenarios_make_equal_worlds_and_another_seed_another() {
    let scenario = worlds::of(40);
    assert_eq!(worlds::manifest(&scenario), worlds::manifest(&scenario.clone()));
    let other = Scenario { seed: scenario.seed + 1, ..scenario.clone() };
    for ((table, ours), (_, theirs)) in worlds::manifest(&scenario).iter().zip(worlds::manifest(&other).iter()) {
        assert!(ours.rows > 0, "{table} is empty");
        // The banks are the same in every world.
        assert_eq!(ours.checksum == theirs.checksum, table == "banks", "{table}");
    }
    let all = |scenario: &Scenario| {
        let world = World::new(scenario);
        let mut rows = read_back(&world.rows());
        rows.append(read_back(&unfold(&world, 0..scenario.customers)));
        rows
    };
    let (ours, theirs) = (all(&scenario), all(&other));
    for table in TABLES.into_iter().filter(|table| table.name() != "banks") {
        let key = |row: &Record| table.primary_key().iter().map(|key| row.text(key).map(str::to_owned)).collect();
        let ids = |rows: &LifeRecords| rows.of(table.name()).iter().map(key).collect::<BTreeSet<Vec<_>>>();
        assert!(ids(&ours).is_disjoint(&ids(&theirs)), "{}: the tag sets the ids apart", table.name());
    }
}

/// From one end of every range to the other.
fn any_model() -> impl Strategy<Value = Model> {
    let times = (0..3usize, prop_oneof![Just(Recession::Random), Just(Recession::None), Just(Recession::Begins(30))]);
    let people = (18..=99u32, 0..=81u32, any::<bool>(), 0.1..=10.0, -3.0..=3.0, 0.0..=10.0, -3.0..=3.0);
    let pace = proptest::option::of((0.5..=20.0, 0.0..=20.0));
    let lender =
        (proptest::array::uniform7(0.0..=100.0), -5.0..=5.0, -10.0..=10.0, 0.0..=20.0, 0.5..=2.0, 1..=60u32, pace);
    (times, 0.1..=3.0, people, lender).prop_map(|((market, recession), recession_severity, people, lender)| {
        let (youngest, more, everywhere, income_factor, creditworthiness_shift, hardship_factor, delinquency_shift) =
            people;
        let (loan_mix, approval_shift, rate_shift, prepayment_factor, spending_factor, recession_months, pace) = lender;
        let transactions_per_day = pace.map(|(least, more): (f64, f64)| (least, least + more));
        let market = MarketKind::ALL[market];
        Model {
            market,
            recession: if market == MarketKind::Simulated { recession } else { Recession::Random },
            recession_months,
            recession_severity,
            youngest,
            oldest: (youngest + more).min(99),
            states: if everywhere { States::ALL } else { States::of(&["WY", "DC"]) },
            income_factor,
            creditworthiness_shift,
            hardship_factor,
            delinquency_shift,
            spending_factor,
            transactions_per_day,
            loan_mix,
            approval_shift,
            rate_shift,
            prepayment_factor,
        }
    })
}

fn any_scenario() -> impl Strategy<Value = Scenario> {
    let (first, last) = (Day::from_ymd(1990, 1, 1).unwrap().0, Day::from_ymd(2037, 12, 31).unwrap().0);
    let flows = (0..=60u32, 0..=2000u32, 0..=2000u32, 0..=1000u32);
    let volumes = (0..=300u32, 0..=240u32, 0..=60u32, 0..=200u32, 0..=6u32, flows);
    let rates = (proptest::array::uniform3(0.0..=0.1), proptest::array::uniform5(0.0..=12.0));
    (any::<u64>(), first..=last, volumes, 0.0..=20.0, any::<bool>(), any_model(), rates).prop_map(
        |(seed, as_of, volumes, applications, exact, model, (shares, cases)): (_, _, _, f64, _, _, _)| Scenario {
            model,
            streams: credit_seed::scenario::Streams::default(),
            seed,
            as_of: Day(as_of),
            customers: 48_995_100,
            financial_records_per_customer: volumes.0,
            loan_applications_per_customer: if exact { applications.round() } else { applications },
            exact_loan_applications: exact,
            market_data_points: volumes.1,
            credit_history_entries: volumes.2,
            transactions_per_account: volumes.3,
            transaction_months: volumes.4,
            flows_per_thousand: volumes.5.into(),
            anomaly_rates: std::array::from_fn(|kind| if kind < 3 { shares[kind] } else { cases[kind - 3] }),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_world_keeps_to_the_descriptions(scenario in any_scenario(), start in 0..48_995_000u64) {
        scenario.check().unwrap();
        let world = World::new(&scenario);
        let mut rows = LifeRecords::default();
        for block in [world.rows(), unfold(&world, start..start + 8)] {
            every_cell_fits(&block, scenario.as_of);
            rows.append(read_back(&block));
        }
        keys_hold(&rows);
        if scenario.exact_loan_applications {
            let filed = rows.of("loan_applications").len() as f64;
            prop_assert_eq!(filed, 8.0 * scenario.loan_applications_per_customer);
        }
    }
}

fn every_cell_fits(block: &Block, as_of: Day) {
    for rows in block.tables() {
        for (index, column) in rows.schema().columns().enumerate() {
            for row in 0..rows.len() {
                let value = rows.value(row, index);
                let name = || format!("{}.{} of row {row}: {value:?}", rows.schema().name(), column.name);
                assert!(fits(value, column), "{}", name());
                let day = match value {
                    Value::Date(day) => day,
                    Value::Timestamp(moment) => moment.day(),
                    _ => continue,
                };
                // What happened by then may come to be known later.
                assert!(day <= as_of || column.name == "known_at", "{} is after {as_of}", name());
            }
        }
    }
    for [earlier, later] in block.events.array_windows() {
        assert!(
            earlier.customer_id != later.customer_id || earlier.occurred_at <= later.occurred_at,
            "{later:?} after {earlier:?}"
        );
    }
}

fn fits(value: Value<'_>, column: &ColumnSpec) -> bool {
    let in_range = |number| match column.domain {
        Domain::Range(min, max) => (min..=max).contains(&number),
        Domain::Any => true,
        Domain::OneOf(_) => false,
    };
    match (value, column.kind) {
        (Value::Null, _) => column.nullable,
        (Value::Bool(_), Kind::Bool) | (Value::Id(_), Kind::Id) => true,
        (Value::Id(_), Kind::Text { max }) => max >= 36,
        (Value::Date(_), Kind::Date) | (Value::Timestamp(_), Kind::Timestamp) => true,
        (Value::Int(number), Kind::Int) => i32::try_from(number).is_ok() && in_range(number),
        (Value::Decimal(number, digits), Kind::Decimal { precision, scale }) => {
            digits == scale && number.unsigned_abs() < 10u64.pow(precision.into()) && in_range(number)
        }
        (Value::Text(text), Kind::Text { max }) => {
            let known = match column.domain {
                Domain::OneOf(words) => words.contains(&text),
                _ => !text.is_empty() && !text.contains('\0'),
            };
            known && (max == 0 || text.chars().count() <= usize::from(max))
        }
        (Value::Json(text), Kind::Json) => {
            let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
            serde_json_canonicalizer::to_string(&parsed).unwrap() == text
        }
        _ => false,
    }
}

/// Whether a stream has given this id, which hides where it stands.
fn is_told(id: &str) -> bool {
    use Space::{CircleEvent, RemittanceEvent, SessionEvent, TransactionEvent};
    let space = id.parse::<Id>().ok().and_then(Id::space);
    space.is_some_and(|space| matches!(space, CircleEvent | TransactionEvent | SessionEvent | RemittanceEvent))
}

/// Keys are unique, primary ones grow row by row, and foreign ones resolve; circles tell of customers before these, too.
fn keys_hold(rows: &LifeRecords) {
    let customers = rows.of("customers").iter().filter_map(|row| row.text("customer_id"));
    let last = customers.max().map(str::to_owned);
    for table in TABLES {
        let records = rows.of(table.name());
        let primary = table.primary_key();
        let key = |columns: &[&str], row: usize| -> Vec<String> {
            columns.iter().map(|column| records[row].text(column).unwrap().to_owned()).collect()
        };
        // Four banks have accounts side by side, so of their keys the second half alone grows.
        let growing = if table.name() == "accounts" { &primary[1..] } else { &primary[..] };
        let ours = (0..records.len()).map(|row| key(growing, row)).filter(|key| !is_told(&key[0])).collect::<Vec<_>>();
        for [earlier, later] in ours.array_windows() {
            assert!(earlier < later, "{}: {later:?} comes after {earlier:?}", table.name());
        }
        let singles = table.columns().filter(|column| column.key == Key::Unique).map(|column| vec![column.name]);
        for columns in singles.chain(table.unique().iter().map(|columns| columns.to_vec())) {
            let keys: BTreeSet<_> = (0..records.len()).map(|row| key(&columns, row)).collect();
            assert_eq!(keys.len(), records.len(), "{} {columns:?}", table.name());
        }
        for foreign in table.foreign_keys() {
            let cells = |record: &Record, columns: &[&str]| -> Option<Vec<String>> {
                columns.iter().map(|column| record.text(column).map(str::to_owned)).collect()
            };
            let known: BTreeSet<_> = rows.of(foreign.table).iter().map(|record| cells(record, foreign.key)).collect();
            for record in records {
                let key = cells(record, foreign.columns);
                let is_earlier = table.name() == "events" && key.as_ref().map(|key| &key[0]) < last.as_ref();
                let is_known = key.is_none() || known.contains(&key) || is_earlier;
                assert!(is_known, "{} {:?} {key:?}", table.name(), foreign.columns);
            }
        }
    }
}
