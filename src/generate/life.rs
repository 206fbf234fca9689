//! A whole life from an index: the order in which the domains act.

use std::ops::Range;

use super::bank::Facts;
use super::bank::habits::Habits;
use super::bank::plan::Plan;
use super::streams::neighbourhood::{self, Told};
use super::world::World;
use super::{bank, credit, lending, milestone, population, repayment, wealth};
use crate::model::{
    Account, Bank, CreditHistory, Customer, Event, EventLabel, FinancialRecord, Loan, LoanApplication, LoanDecision,
    LoanPayment, MarketData, TABLES, Transaction, TransactionLabel,
};
use crate::schema::Rows;

/// Rows of whole lives, table by table.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub market_data: Vec<MarketData>,
    pub banks: Vec<Bank>,
    pub customers: Vec<Customer>,
    pub credit_history: Vec<CreditHistory>,
    pub financial_records: Vec<FinancialRecord>,
    pub loan_applications: Vec<LoanApplication>,
    pub loan_decisions: Vec<LoanDecision>,
    pub loans: Vec<Loan>,
    pub loan_payments: Vec<LoanPayment>,
    pub accounts: Vec<Account>,
    pub transactions: Vec<Transaction>,
    pub transaction_labels: Vec<TransactionLabel>,
    pub events: Vec<Event>,
    pub event_labels: Vec<EventLabel>,
}

impl Block {
    /// The tables in the order of [`TABLES`]: parents before children.
    pub fn tables(&self) -> [&dyn Rows; TABLES.len()] {
        [
            &self.market_data,
            &self.banks,
            &self.customers,
            &self.credit_history,
            &self.financial_records,
            &self.loan_applications,
            &self.loan_decisions,
            &self.loans,
            &self.loan_payments,
            &self.accounts,
            &self.transactions,
            &self.transaction_labels,
            &self.events,
            &self.event_labels,
        ]
    }

    pub fn rows(&self) -> usize {
        self.tables().iter().map(|rows| rows.len()).sum()
    }
}

/// The lives of these customers, in order. Each is a pure function of the world and its index.
pub fn unfold(world: &World, indices: Range<u64>) -> Block {
    let mut block = Block::default();
    for index in indices {
        live(world, index, neighbourhood::told(world, index), &mut block);
    }
    block
}

/// All that concerns this customer, as it is read back: of savings circles their own events, whose life ever those are written
/// with.
pub fn concerning(world: &World, index: u64) -> Block {
    let mut block = Block::default();
    live(world, index, neighbourhood::told_of(world, index), &mut block);
    block
}

fn live(world: &World, index: u64, told: Told, block: &mut Block) {
    let (person, customer) = population::person(world, index);
    let mut path = credit::path(world, &person);
    let asked = lending::asks(world, &person, &path);
    credit::score(world, &person, &mut path, &asked);
    let mut cases = lending::cases(world, &person, &path, &asked);
    let repayments = repayment::repayments(world, &person, &path, &mut cases);

    let statements = wealth::statements(world, &person, &path, &cases, &repayments);
    let habits = Habits::of(world, &person, &customer);
    let facts = Facts {
        world,
        person: &person,
        customer: &customer,
        path: &path,
        cases: &cases,
        repayments: &repayments,
        statements: &statements,
        moved: &told.moved,
    };
    let plan = Plan::new(&facts, &habits);
    let book = bank::book(&facts, &habits, &plan);

    block.credit_history.extend(credit::history(world, &person, &path, &asked));
    block.financial_records.extend(wealth::records(world, &person, &statements, |t| plan.held(t)));
    block.accounts.extend(book.accounts);
    block.transactions.extend(book.transactions);
    block.transaction_labels.extend(book.labels);
    let mut events = milestone::events(world, &person, &customer, &path, &cases, &repayments);
    events.extend(told.events);
    events.sort_by_key(|event| event.occurred_at);
    block.events.extend(events);
    block.event_labels.extend(told.labels);
    block.customers.push(customer);
    for (case, repayment) in cases.into_iter().zip(repayments) {
        block.loan_applications.push(case.application);
        block.loan_decisions.push(case.decision);
        block.loans.extend(case.loan);
        block.loan_payments.extend(repayment.payments);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Manifest;
    use crate::scenario::Scenario;

    fn sums(block: &Block) -> Manifest {
        let mut manifest = Manifest::default();
        block.tables().iter().for_each(|rows| manifest.add_rows(*rows));
        manifest
    }

    #[test]
    fn block_and_tables_agree() {
        for (rows, table) in Block::default().tables().iter().zip(TABLES) {
            assert_eq!(rows.schema().name(), table.name());
        }
    }

    #[test]
    fn a_life_does_not_depend_on_who_else_lives() {
        let few = World::new(&Scenario { customers: 100, ..Scenario::default() });
        let many = World::new(&Scenario { customers: 10_000, ..Scenario::default() });
        assert_eq!(sums(&unfold(&few, 17..18)), sums(&unfold(&many, 17..18)));
        let mut one_by_one = Manifest::default();
        (0..50).for_each(|index| one_by_one.add(&sums(&unfold(&few, index..index + 1))));
        assert_eq!(one_by_one, sums(&unfold(&few, 0..50)));
        assert_ne!(sums(&unfold(&few, 17..18)), sums(&unfold(&few, 18..19)));
    }

    #[test]
    fn volumes_take_the_newest_rows_and_change_no_other() {
        let world = |history, records| {
            let scenario = Scenario {
                credit_history_entries: history,
                financial_records_per_customer: records,
                ..Scenario::default()
            };
            unfold(&World::new(&scenario), 0..20)
        };
        let (small, large) = (world(3, 4), world(60, 300));
        assert_eq!(sums(&small).of("loans"), sums(&large).of("loans"));
        assert_eq!(sums(&small).of("customers"), sums(&large).of("customers"));
        for row in &small.credit_history {
            assert!(large.credit_history.iter().any(|other| other.history_id == row.history_id));
        }
        for row in &small.financial_records {
            let same = large.financial_records.iter().find(|other| other.record_id == row.record_id).unwrap();
            assert_eq!(same.amount, row.amount);
        }
    }
}
