//! The accounts' half of C23: balances that follow from what was booked.

use std::collections::BTreeMap;

use crate::encode::LifeRecords;

/// What the running balances of all accounts came to.
#[derive(Default)]
pub(super) struct Ledger {
    /// Transactions whose balance could be followed.
    pub rows: usize,
    /// Those after which the account does not hold its opening balance and all amounts up to there, to the cent.
    pub violations: u64,
    /// Transactions of checking and savings accounts, and those that leave such an account below zero. A card's account is
    /// a debt by nature.
    deposits: u64,
    overdrawn: u64,
}

impl Ledger {
    pub fn add(&mut self, life: &LifeRecords) {
        let mut accounts: BTreeMap<(Option<&str>, &str), (i64, bool)> = BTreeMap::new();
        for row in life.of("accounts") {
            let Some((id, opening)) = row.text("account_id").zip(row.unscaled("opening_balance")) else { continue };
            let is_deposit = matches!(row.text("account_type"), Some("checking" | "savings"));
            accounts.insert((row.text("bank_id"), id), (opening, is_deposit));
        }
        let mut rows: Vec<_> = life.of("transactions").iter().collect();
        rows.sort_by_key(|row| (row.text("booked_at"), row.text("transaction_id")));
        for row in rows {
            let account = row.text("account_id").and_then(|id| accounts.get_mut(&(row.text("bank_id"), id)));
            let amounts = row.unscaled("amount").zip(row.unscaled("balance_after"));
            let Some(((balance, is_deposit), (amount, after))) = account.zip(amounts) else { continue };
            *balance = balance.saturating_add(amount);
            self.rows += 1;
            self.violations += u64::from(*balance != after);
            if *is_deposit {
                self.deposits += 1;
                self.overdrawn += u64::from(after < 0);
            }
        }
    }

    /// The share of rows of checking and savings accounts that leave them below zero.
    pub fn below_zero(&self) -> f64 {
        self.overdrawn as f64 / self.deposits as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::realism::Verdict;
    use crate::validate::realism::wealth::Statements;
    use crate::validate::rules::tests::row;

    /// A checking account and a card; the rows are stored in another order than that of time.
    fn life(balances: [&str; 4]) -> LifeRecords {
        let mut life = LifeRecords::default();
        for values in [
            "north, a1, c1, Checking, checking, USD, 2020-01-15, 100.00, SYNTHETIC, ",
            "north, a2, c1, Card, credit_card, USD, 2020-01-15, -20.00, SYNTHETIC, ",
        ] {
            life.of_mut("accounts").push(row("accounts", values));
        }
        let moved =
            [("t2", "a1", 9, "-30.50"), ("t1", "a1", 8, "50.00"), ("t3", "a2", 9, "-5.00"), ("t4", "a1", 9, "-1.00")];
        for ((id, account, hour, amount), balance) in moved.into_iter().zip(balances) {
            let values = format!(
                "{id}, north, {account}, 2025-12-01T0{hour}:00:00.000Z, card_purchase, grocery, 5411, merchant, Shop, Shop, \
                 Boston, US, {amount}, USD, {balance}, false, , SYNTHETIC"
            );
            life.of_mut("transactions").push(row("transactions", &values));
        }
        life
    }

    fn ledger(balances: [&str; 4]) -> Ledger {
        let mut ledger = Ledger::default();
        ledger.add(&life(balances));
        ledger
    }

    #[test]
    fn balances_follow_by_time_and_a_cent_off_is_seen() {
        let good = ledger(["119.50", "150.00", "-25.00", "118.50"]);
        assert_eq!((good.rows, good.violations, good.below_zero()), (4, 0, 0.0));
        let wrong = ledger(["119.50", "150.01", "-25.00", "-118.50"]);
        assert_eq!((wrong.rows, wrong.violations), (4, 2));
        assert_eq!(wrong.below_zero(), 1.0 / 3.0);
        let verdict = |ledger: &Ledger| Statements::default().identities(ledger).verdict;
        let verdicts = [&good, &wrong, &Ledger::default()].map(verdict);
        assert_eq!(verdicts, [Verdict::Pass, Verdict::Fail, Verdict::TooFewRows]);
    }
}
