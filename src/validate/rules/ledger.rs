//! A customer's accounts with their transactions in order; what rules reckon with is read once.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::encode::{LifeRecords, Record};
use crate::schema::{Day, Moment};
use crate::validate::cell;

pub(super) struct Account<'a> {
    pub row: &'a Record,
    pub id: Option<&'a str>,
    /// By `booked_at` and key; those whose time cannot be read come first.
    pub entries: Vec<Entry<'a>>,
}

/// A transaction.
pub(super) struct Entry<'a> {
    pub row: &'a Record,
    pub at: Result<Moment, String>,
    pub amount: Result<Decimal, String>,
    pub balance_after: Result<Decimal, String>,
    /// The account on the other side.
    pub counterparty: Option<&'a str>,
    /// An accident or fraud: what other tables say need not show in it.
    pub is_labelled: bool,
}

/// The accounts, and the transactions that are on none of them.
pub(super) fn read(records: &LifeRecords) -> (Vec<Account<'_>>, Vec<&Record>) {
    let labels = records.of("transaction_labels").iter();
    let labelled: BTreeSet<&str> = labels.filter_map(|label| label.text("transaction_id")).collect();
    let account = |row| Account { row, id: Record::text(row, "account_id"), entries: Vec::new() };
    let mut accounts: Vec<Account<'_>> = records.of("accounts").iter().map(account).collect();
    let mut strays = Vec::new();
    for row in records.of("transactions") {
        let (bank, id) = (row.text("bank_id"), row.text("account_id"));
        let mut own = accounts.iter_mut();
        match own.find(|account| id.is_some() && account.id == id && account.row.text("bank_id") == bank) {
            Some(account) => account.entries.push(Entry {
                row,
                at: cell::moment(row, "booked_at"),
                amount: cell::money(row, "amount"),
                balance_after: cell::money(row, "balance_after"),
                counterparty: row.text("counterparty_account_id"),
                is_labelled: row.text("transaction_id").is_some_and(|id| labelled.contains(id)),
            }),
            None => strays.push(row),
        }
    }
    for account in &mut accounts {
        // By time they are nearly in order already.
        account.entries.sort_by_key(|entry| (entry.at.as_ref().ok().copied(), entry.row.text("transaction_id")));
    }
    (accounts, strays)
}

impl<'a> Account<'a> {
    /// Made here, and so bound to what we promise. What is read from an outside bank has rules of its own.
    pub fn is_ours(&self) -> bool {
        self.row.text("data_source") == Some("SYNTHETIC")
    }

    pub fn is(&self, account_type: &str) -> bool {
        self.row.text("account_type") == Some(account_type)
    }

    pub fn opening(&self) -> Result<Decimal, String> {
        cell::money(self.row, "opening_balance")
    }

    /// The entries up to the end of a day.
    pub fn until(&self, day: Day) -> &[Entry<'a>] {
        let later = |entry: &Entry<'_>| entry.at.as_ref().is_ok_and(|at| at.day() > day);
        &self.entries[..self.entries.partition_point(|entry| !later(entry))]
    }

    /// What stood on it at the end of a day.
    pub fn balance(&self, day: Day) -> Result<Decimal, String> {
        self.until(day).last().map_or_else(|| self.opening(), |entry| entry.balance_after.clone())
    }

    /// The place of the entry that mirrors a movement of another account.
    pub fn mirror(&self, other: &str, at: Moment, amount: Decimal) -> Option<usize> {
        let time = |entry: &Entry<'_>| entry.at.as_ref().ok().copied();
        let first = self.entries.partition_point(|entry| time(entry) < Some(at));
        let now = self.entries.iter().enumerate().skip(first).take_while(|(_, entry)| time(entry) == Some(at));
        let mut back = now.filter(|(_, entry)| entry.counterparty == Some(other) && entry.amount == Ok(-amount));
        back.next().map(|(place, _)| place)
    }
}

impl Entry<'_> {
    pub fn day(&self) -> Result<Day, String> {
        self.at.clone().map(Moment::day)
    }

    pub fn is(&self, category: &str) -> bool {
        self.row.text("category") == Some(category)
    }
}
