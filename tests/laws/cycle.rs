//! Lives hang together: what the economy does to people, and what the lender knew beforehand.

use std::collections::BTreeMap;
use std::ops::Range;

use credit_seed::Scenario;
use credit_seed::generate::world::WINDOW;
use credit_seed::generate::{Block, World, unfold};
use credit_seed::scenario::{MarketKind, Model, Recession};

/// Months of history of a world, each a mean over its lives.
struct Series {
    unemployment: Vec<f64>,
    /// Share of customers with a payment 30 days or more behind.
    delinquency: Vec<f64>,
    /// Share of decisions that were approvals.
    approvals: Vec<f64>,
    /// Share of those 90 days behind or worse who were not the month before.
    defaults: Vec<f64>,
}

/// The lives of a world, on as many threads as there are.
fn lives<T: Send>(world: &World, count: u64, see: impl Fn(Block) -> T + Sync) -> Vec<T> {
    const BLOCK: u64 = 250;
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let see = &see;
    let run = |thread: u64| {
        let starts = (thread * BLOCK..count).step_by((threads * BLOCK) as usize);
        starts.map(|start| see(unfold(world, Range { start, end: (start + BLOCK).min(count) }))).collect::<Vec<T>>()
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    })
}

fn series(model: Model, customers: u64) -> Series {
    let world = World::new(&Scenario {
        credit_history_entries: 60,
        financial_records_per_customer: 0,
        model,
        ..Scenario::default()
    });
    // Per month: records, delinquent, at risk, newly defaulted, decided, approved.
    let counts = lives(&world, customers, |block| {
        let mut counts = vec![[0u32; 6]; WINDOW as usize];
        let state = |word: &str| match word {
            "current" => 0,
            "30" => 1,
            "60" => 2,
            _ => 3,
        };
        for file in block.credit_history.chunk_by(|a, b| a.customer_id == b.customer_id) {
            for (position, record) in file.iter().enumerate() {
                let month = &mut counts[world.calendar.index(record.record_date) as usize];
                let now = state(record.payment_history);
                month[0] += 1;
                month[1] += u32::from(now > 0);
                if position > 0 && state(file[position - 1].payment_history) < 3 {
                    month[2] += 1;
                    month[3] += u32::from(now == 3);
                }
            }
        }
        for (application, decision) in block.loan_applications.iter().zip(&block.loan_decisions) {
            if matches!(decision.decision, "approved" | "rejected") {
                let month = &mut counts[world.calendar.index(application.application_date) as usize];
                month[4] += 1;
                month[5] += u32::from(decision.decision == "approved");
            }
        }
        counts
    });
    let total = |month: usize, column: usize| counts.iter().map(|counts| f64::from(counts[month][column])).sum::<f64>();
    let ratio =
        |of: usize, among: usize| (0..WINDOW as usize).map(|t| total(t, of) / total(t, among).max(1.0)).collect();
    Series {
        unemployment: (0..WINDOW).map(|t| world.market.month(t).unemployment).collect(),
        delinquency: ratio(1, 0),
        approvals: ratio(5, 4),
        defaults: ratio(3, 2),
    }
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}

/// Quarters: a single month has few defaults.
fn quarterly(months: &[f64]) -> Vec<f64> {
    months.chunks(3).map(|quarter| quarter.iter().sum::<f64>() / quarter.len() as f64).collect()
}

const RECESSION: Recession = Recession::Begins(35);
/// The month of the window in which it begins.
const BEGINS: usize = WINDOW as usize - 36;

#[test]
fn defaults_follow_unemployment_and_in_a_steady_market_they_do_not() {
    let moving = series(Model { recession: RECESSION, ..Model::default() }, 8_000);
    let steady = series(Model { market: MarketKind::Steady, ..Model::default() }, 8_000);
    let unemployment = quarterly(&moving.unemployment);
    // The first quarter has no month before it to come from.
    let with = |defaults: &[f64]| correlation(&unemployment[1..], &quarterly(defaults)[1..]);
    let (moved, stood) = (with(&moving.defaults), with(&steady.defaults));
    assert!(moved > 0.5, "{moved} with the market");
    // The same people with the same luck, but without the market: held against the same unemployment, nothing is left.
    assert!(stood.abs() < 0.35, "{stood} without");
}

/// Twice as severe as usual, and held against the same lives without it: chance is the same in both worlds.
#[test]
fn a_recession_is_felt_in_the_right_order() {
    let bad = Model { recession: RECESSION, recession_severity: 2.0, ..Model::default() };
    let (bad, good) = (series(bad, 6_000), series(Model { recession: Recession::None, ..Model::default() }, 6_000));
    let gap = |ours: &[f64], theirs: &[f64]| ours.iter().zip(theirs).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let unemployment = gap(&bad.unemployment, &good.unemployment);
    let delinquency = gap(&bad.delinquency, &good.delinquency);
    let approvals = gap(&bad.approvals, &good.approvals);
    let mean = |values: &[f64], months: Range<usize>| values[months.clone()].iter().sum::<f64>() / months.len() as f64;

    assert!(unemployment[..BEGINS].iter().all(|gap| gap.abs() < 1e-9), "nothing before it begins");
    assert_eq!((mean(&delinquency, 0..BEGINS), mean(&approvals, 0..BEGINS)), (0.0, 0.0));
    // At its height.
    let height = BEGINS + 6..BEGINS + 18;
    assert!(mean(&unemployment, height.clone()) > 3.0);
    assert!(mean(&delinquency, height.clone()) > 0.01, "{}", mean(&delinquency, height.clone()));
    assert!(mean(&approvals, height.clone()) < -0.04, "{}", mean(&approvals, height));

    // When half of the way to the worst is gone: unemployment first, missed payments months later.
    let worst = |gaps: &[f64]| gaps.iter().map(|gap| gap.abs()).fold(0.0, f64::max);
    let half_way = |gaps: &[f64]| gaps.iter().position(|gap| gap.abs() > worst(gaps) / 2.0).unwrap();
    let smooth = |gaps: &[f64]| gaps.windows(3).map(|three| three.iter().sum::<f64>() / 3.0).collect::<Vec<f64>>();
    let (jobs, payments) = (half_way(&smooth(&unemployment)), half_way(&smooth(&delinquency)));
    assert!(jobs >= BEGINS - 2 && payments > jobs, "half-way in month {jobs} and {payments}");
    // Approvals fall with unemployment, and further when the missed payments have reached the scores.
    let early = mean(&approvals, BEGINS..BEGINS + 3);
    assert!(mean(&approvals, BEGINS + 6..BEGINS + 12) < early.min(0.0), "{early} at first");
}

/// The lender's own probability is true: in each tenth of the loans, as many default within a year as it says.
#[test]
fn true_probabilities_are_calibrated() {
    let world =
        World::new(&Scenario { credit_history_entries: 0, financial_records_per_customer: 0, ..Scenario::default() });
    // CREDIT_SEED_CUSTOMERS=100000 cargo test --release --test laws calibrated -- --nocapture
    let customers = std::env::var("CREDIT_SEED_CUSTOMERS").ok().and_then(|text| text.parse().ok()).unwrap_or(16_000);
    // Per loan that is a year old or older: whose, its probability in millionths, and whether it defaulted in a year.
    let loans = lives(&world, customers, |block| {
        let started: BTreeMap<_, _> = block.loans.iter().map(|loan| (loan.loan_id, loan)).collect();
        let mut defaults = BTreeMap::new();
        for event in block.events.iter().filter(|event| event.event_type == "loan-defaulted") {
            let payload: serde_json::Value = serde_json::from_str(&event.payload).unwrap();
            defaults.insert(payload["loan_id"].as_str().unwrap().to_owned(), event.occurred_at.day());
        }
        let months = |from, to| world.calendar.index(to) - world.calendar.index(from);
        let seasoned = started.values().filter(|loan| months(loan.funded_on, world.calendar.as_of) >= 12);
        let outcome = |loan: &&&credit_seed::model::Loan| {
            let end = defaults.get(&loan.loan_id.to_string());
            let bad = end.is_some_and(|day| months(loan.funded_on, *day) <= 12);
            (loan.customer_id, loan.true_pd, bad)
        };
        seasoned.map(|loan| outcome(&loan)).collect::<Vec<_>>()
    });
    let mut loans: Vec<_> = loans.into_iter().flatten().collect();
    loans.sort_by_key(|(customer, pd, bad)| (*pd, *customer, *bad));
    assert!(loans.len() > 15_000, "{}", loans.len());
    let mut report = String::new();
    let mut outside = 0;
    for tenth in loans.chunks(loans.len().div_ceil(10)) {
        let expected: f64 = tenth.iter().map(|(_, pd, _)| *pd as f64 / 1e6).sum();
        let seen = tenth.iter().filter(|(_, _, bad)| *bad).count() as f64;
        // Loans of one customer stand or fall together, so chance is counted by customers.
        let mut surprise = BTreeMap::new();
        for (customer, pd, bad) in tenth {
            let pd = *pd as f64 / 1e6;
            let of = surprise.entry(*customer).or_insert((0.0, 0.0));
            of.0 += pd;
            of.1 += f64::from(u8::from(*bad)) - pd;
        }
        let variance: f64 = surprise.values().map(|(_, surprise)| surprise * surprise).sum();
        let error = variance.max(expected).sqrt();
        outside += u32::from((seen - expected).abs() > 3.0 * error);
        report += &format!(
            "{:6} loans: {expected:7.1} expected, {seen:5} seen, {:+.1} errors\n",
            tenth.len(),
            (seen - expected) / error
        );
    }
    println!("{report}");
    assert_eq!(outside, 0, "\n{report}");
}
