//! What the scorecard says of data that is not ours: the same columns shuffled, and what most seeders make.
//!
//! `CREDIT_SEED_CUSTOMERS=20000 cargo test --release --lib comparison -- --nocapture` prints the three cards side by side
//! for as many customers; the tests take 2,000.

use std::collections::BTreeSet;

use super::market::Market;
use super::{Bank, Scorecard, Verdict};
use crate::encode::{LifeRecords, Record};
use crate::generate::draw::Draw;
use crate::generate::seed::Seed;
use crate::generate::{World, concerning};
use crate::model::TABLES;
use crate::scenario::streams::Actions;
use crate::scenario::{Model, Recession, Scenario, Streams};
use crate::schema::{Day, Key, Kind, Row};
use crate::validate::rules::{End, Rules};

/// A bank as it would be read back: what belongs to nobody, and life after life.
#[derive(Clone)]
struct Rows {
    world: LifeRecords,
    lives: Vec<LifeRecords>,
    as_of: Day,
}

impl Rows {
    /// As `configs/realism.yaml` has it.
    fn ours(customers: u64) -> Rows {
        let world = World::new(&Scenario {
            credit_history_entries: 60,
            financial_records_per_customer: 60,
            market_data_points: 120,
            transaction_months: 2,
            // A year of remittances; and enough circles and sessions that a small bank can be judged, which do less.
            flows_per_thousand: [60, 0, 5_500, 6_000],
            streams: Streams {
                time_span_days: 365,
                actions_per_session_distribution: Actions { log_normal_mean: 0.0, ..Actions::default() },
                ..Streams::default()
            },
            model: Model { recession: Recession::Begins(35), ..Model::default() },
            ..Scenario::default()
        });
        let life = |index: u64| LifeRecords::from_rows(concerning(&world, index).tables());
        Rows {
            world: LifeRecords::from_rows(world.rows().tables()),
            lives: (0..customers).map(life).collect(),
            as_of: world.calendar.as_of,
        }
    }

    fn card(&self) -> Scorecard {
        let mut bank = Bank::new(self.as_of);
        let mut rules = Rules::new(End { as_of: Some(self.as_of), last_day: Some(self.as_of) });
        for life in &self.lives {
            rules.life(life);
            bank.add(life);
            bank.streams.add(life);
        }
        bank.findings = rules.findings();
        let market = Market::new(self.world.of(crate::model::MarketData::TABLE.name));
        bank.judge(&market, self.lives.len() as u64, (0, 0))
    }

    /// Changes every column that is no key and points nowhere.
    fn each_column(mut self, change: impl Fn(&mut Draw, &'static str, Kind, &mut [&mut Option<String>])) -> Rows {
        let draw = &mut Seed(1).stream("comparison").at(0);
        for table in TABLES {
            for (position, column) in table.columns().enumerate() {
                let points = table.foreign_keys().any(|foreign| foreign.columns.contains(&column.name));
                if column.key == Key::Primary || points || column.kind == Kind::Id {
                    continue;
                }
                let records = std::iter::once(&mut self.world).chain(&mut self.lives);
                let mut cells: Vec<&mut Option<String>> = records
                    .flat_map(|rows| rows.of_mut(table.name()).iter_mut())
                    .map(|record: &mut Record| &mut record.cells[position])
                    .collect();
                change(draw, column.name, column.kind, &mut cells);
            }
        }
        self
    }

    /// Every column keeps its values, in another order: all distributions are right and nothing hangs together.
    fn shuffled(self) -> Rows {
        self.each_column(|draw, _, _, cells| {
            for last in (1..cells.len()).rev() {
                let other = draw.below(last as u64 + 1) as usize;
                let taken = cells[last].take();
                let given = std::mem::replace(cells[other], taken);
                *cells[last] = given;
            }
        })
    }

    /// What a loop over a library of random values makes: every column uniform between its least and its largest value,
    /// or one of its words, each as likely; numbers that identify somebody, of any digits.
    fn naive(self) -> Rows {
        self.each_column(|draw, name, kind, cells| {
            // A part of them knows the range, too.
            let texts: BTreeSet<String> = cells.iter().filter_map(|cell| (**cell).clone()).step_by(11).collect();
            let numbers = || texts.iter().filter_map(|text| text.parse::<f64>().ok());
            let (low, high) = (numbers().fold(f64::MAX, f64::min), numbers().fold(f64::MIN, f64::max));
            let words: Vec<&String> = texts.iter().collect();
            let day = |text: Option<&&String>| text.and_then(|text| text.parse::<Day>().ok()).map_or(0, |day| day.0);
            let days = (day(words.first()), day(words.last()));
            for cell in cells.iter_mut().filter(|cell| cell.is_some()) {
                let digits = |text: &str, draw: &mut Draw| {
                    let digit = |c: char| if c.is_ascii_digit() { (b'0' + draw.below(10) as u8) as char } else { c };
                    text.chars().map(digit).collect::<String>()
                };
                let made = match kind {
                    _ if matches!(name, "ssn" | "phone" | "zip_code") => {
                        digits(cell.as_deref().unwrap_or_default(), draw)
                    }
                    Kind::Int => format!("{:.0}", draw.between(low, high)),
                    Kind::Date => Day(draw.between(f64::from(days.0), f64::from(days.1)) as i32).to_string(),
                    Kind::Decimal { scale, .. } => format!("{:.*}", usize::from(scale), draw.between(low, high)),
                    _ => words[draw.below(words.len() as u64) as usize].clone(),
                };
                **cell = Some(made);
            }
        })
    }
}

/// Checks of the population (C01 to C30) that pass and fail.
fn verdicts(card: &Scorecard) -> [usize; 2] {
    let statistics = || card.scores.iter().filter(|score| score.published.id.starts_with('C'));
    [Verdict::Pass, Verdict::Fail].map(|verdict| statistics().filter(|score| score.verdict == verdict).count())
}

#[test]
fn the_scorecard_knows_ours_from_a_shuffled_and_from_a_naive_bank() {
    let customers = std::env::var("CREDIT_SEED_CUSTOMERS").ok().and_then(|text| text.parse().ok());
    let customers = customers.unwrap_or(2_000);
    let rows = Rows::ours(customers);
    let (ours, shuffled, naive) = (rows.card(), rows.clone().shuffled().card(), rows.naive().card());
    for (ours, (shuffled, naive)) in ours.scores.iter().zip(shuffled.scores.iter().zip(&naive.scores)) {
        let words = [ours, shuffled, naive].map(|score| format!("{:<14}", score.verdict.word())).concat();
        println!("{:<5}{words}{}", ours.published.id, ours.published.name);
    }
    let counts = [&ours, &shuffled, &naive].map(verdicts);
    println!("of C01 to C30, pass and fail: ours {:?}, shuffled {:?}, naive {:?}", counts[0], counts[1], counts[2]);
    let [[passed, failed], [passed_shuffled, failed_shuffled], [passed_naive, failed_naive]] = counts;
    assert!(failed == 0 && passed >= 10, "{ours}");
    assert!(failed_shuffled >= 7 && passed_shuffled < passed, "{shuffled}");
    assert!(failed_naive >= 7 && passed_naive <= 2, "{naive}");
    // What the streams tell is judged, on a small bank, too.
    let verdict = |card: &Scorecard, id| card.scores.iter().find(|score| score.published.id == id).unwrap().verdict;
    assert_eq!(["C28", "C30"].map(|id| verdict(&ours, id)), [Verdict::Pass; 2], "{ours}");
    assert_eq!(["C28", "C30"].map(|id| verdict(&shuffled, id)), [Verdict::Fail; 2], "{shuffled}");
    // There are as many sessions as there are of anything else, which may be few.
    assert_eq!(verdict(&naive, "C28"), Verdict::Fail, "{naive}");
    assert!(matches!(verdict(&naive, "C30"), Verdict::Fail | Verdict::TooFewRows), "{naive}");
}
