//! Banking: accounts and every movement on them.
//!
//! [`habits`] (how somebody banks) -> [`plan`] (what each month brings and leaves) -> [`month`] (the movements that lead
//! there) -> balances. A month is a pure function of its plan and a stream of its own, so any of them can be written
//! without those before it.

pub mod cash;
pub mod catalogue;
pub mod habits;
pub mod houses;
mod links;
mod loans;
pub mod month;
mod moved;
pub mod movement;
pub mod plan;
pub mod purchases;
#[cfg(test)]
mod tests;

use self::habits::Habits;
use self::month::Banking;
use self::movement::{CARD, CHECKING, Movement, SAVINGS, account_id};
use self::plan::Plan;
use super::anomaly::{self, Footing, Scene};
use super::credit::CreditPath;
use super::lending::Case;
use super::population::Person;
use super::repayment::Repayment;
use super::streams::Moved;
use super::wealth::Statement;
use super::world::{WINDOW, World};
use crate::model::{Account, AccountType, Cents, Customer, Transaction, TransactionLabel};
use crate::schema::Day;

const SOURCE: &str = "SYNTHETIC";
const CURRENCY: &str = "USD";

/// What the bank keeps of a customer.
#[derive(Default)]
pub struct Book {
    pub accounts: Vec<Account>,
    pub transactions: Vec<Transaction>,
    pub labels: Vec<TransactionLabel>,
}

/// What is known of a customer when the bank's part begins.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub world: &'a World,
    pub person: &'a Person,
    pub customer: &'a Customer,
    pub path: &'a CreditPath,
    pub cases: &'a [Case],
    pub repayments: &'a [Repayment],
    pub statements: &'a [Statement],
    /// What flows of the streams move on the checking account, in order of time.
    pub moved: &'a [Moved],
}

/// The accounts of a customer and their movements in the days that are written.
pub fn book(facts: &Facts<'_>, habits: &Habits, plan: &Plan) -> Book {
    let Facts { world, person, customer, cases, repayments, statements, moved, .. } = *facts;
    let links = if world.first_booking.is_some() { links::of(world, person) } else { Vec::new() };
    let banking = Banking { world, person, habits, plan, links: &links, cases, repayments, statements, moved };
    let mut accounts = accounts(world, person, customer, habits, plan);
    let mut movements = Vec::new();
    // Before the first day that is written, or, if none is, at the end.
    let start = world.first_booking.map_or(WINDOW, |day| world.calendar.index(day)).max(plan.first);
    for account in &mut accounts {
        account.row.opening_balance = balance(plan, start, account.number);
    }
    for t in start..WINDOW {
        movements.append(&mut banking.month(t));
    }
    // What happened before the first day that is written only moves the opening balance.
    if let Some(first) = world.first_booking {
        let written = movements.partition_point(|movement| movement.at.day() < first);
        for movement in movements.drain(..written) {
            if let Some(account) = accounts.iter_mut().find(|account| account.number == movement.account) {
                account.row.opening_balance += movement.amount;
            }
        }
    }
    let footing = |account: &Numbered| {
        let card = account.number.checked_sub(CARD).map(|number| plan.cards[usize::from(number)].case);
        // Nothing is laid on a card that has ended.
        let ended =
            card.is_some_and(|case| repayments[case].paid_off_on.is_some() || repayments[case].defaulted_on.is_some());
        let line = card.and_then(|case| cases[case].loan.as_ref()).map_or(Cents::ZERO, |loan| loan.principal);
        (!ended).then(|| Footing {
            number: account.number,
            opening: account.row.opening_balance,
            least: anomaly::least(account.number, line),
            opened: account.row.opened_on,
        })
    };
    let footings = accounts.iter().filter_map(footing).collect();
    let first = world.first_booking.unwrap_or(world.calendar.as_of);
    let mut scene =
        Scene { world, person, habits, movements, accounts: footings, first, laid: Vec::new(), repeated: Vec::new() };
    if world.first_booking.is_some() {
        anomaly::lay(&mut scene);
    }
    let Scene { movements, laid, .. } = scene;

    let bank_id = accounts[0].row.bank_id;
    let mut balances: Vec<(u8, Cents)> =
        accounts.iter().map(|account| (account.number, account.row.opening_balance)).collect();
    let mut transactions = Vec::with_capacity(movements.len());
    for movement in movements {
        let Some((_, balance)) = balances.iter_mut().find(|(number, _)| *number == movement.account) else { continue };
        *balance += movement.amount;
        transactions.push(transaction(world, person, bank_id, movement, *balance));
    }
    let id = |(at, account)| movement::transaction_id(world, person.index, at, account);
    let mut labels: Vec<TransactionLabel> = laid
        .into_iter()
        .map(|laid| TransactionLabel {
            transaction_id: id((laid.at, laid.account)),
            label: laid.label,
            case_id: id(laid.case),
            role: laid.role,
            known_at: laid.known_at,
            original_recipient_entity: laid.original,
        })
        .collect();
    labels.sort_by_key(|label| (label.transaction_id, label.label.name()));
    Book { accounts: accounts.into_iter().map(|account| account.row).collect(), transactions, labels }
}

struct Numbered {
    number: u8,
    row: Account,
}

/// What was on an account before month `t` began.
fn balance(plan: &Plan, t: i32, account: u8) -> Cents {
    let before = plan.month(t - 1);
    let now = plan.month(t);
    match account {
        CHECKING => now.map_or(before.map_or(Cents::ZERO, |month| month.closing), |month| month.opening),
        SAVINGS => now.map_or(before.map_or(Cents::ZERO, |month| month.savings_closing), |month| month.savings_opening),
        card => {
            let card = usize::from(card - CARD);
            -now.map_or(before.map_or(Cents::ZERO, |month| month.cards[card].closing), |month| {
                month.cards[card].opening
            })
        }
    }
}

fn accounts(world: &World, person: &Person, customer: &Customer, habits: &Habits, plan: &Plan) -> Vec<Numbered> {
    let account = |number: u8, account_type, account_label, opened_on: Day| Numbered {
        number,
        row: Account {
            bank_id: houses::house_of(customer.state),
            account_id: account_id(world, person.index, number),
            customer_id: Some(person.id),
            account_label,
            account_type,
            currency: CURRENCY,
            opened_on,
            opening_balance: Cents::ZERO,
            data_source: SOURCE,
            extracted_at: None,
        },
    };
    let mut accounts = vec![account(CHECKING, AccountType::Checking, "Everyday checking", person.since)];
    if habits.savings.is_some() {
        accounts.push(account(SAVINGS, AccountType::Savings, "Savings", person.since));
    }
    let card = |(number, card): (usize, &plan::Card)| {
        account(movement::card_account(number), AccountType::CreditCard, "Credit card", card.opened)
    };
    accounts.extend(plan.cards.iter().enumerate().map(card));
    accounts
}

fn transaction(
    world: &World,
    person: &Person,
    bank_id: &'static str,
    movement: Movement,
    balance_after: Cents,
) -> Transaction {
    Transaction {
        transaction_id: movement.id(world, person),
        bank_id,
        account_id: account_id(world, person.index, movement.account),
        booked_at: movement.at,
        transaction_type: movement.kind,
        category: movement.category,
        mcc: movement.mcc,
        entity_type: movement.entity,
        recipient_entity: movement.payee,
        description: movement.description,
        city: movement.city,
        country: movement.country,
        amount: movement.amount,
        currency: CURRENCY,
        balance_after,
        is_recurring: movement.recurring,
        counterparty_account_id: movement.counterparty,
        data_source: SOURCE,
    }
}
