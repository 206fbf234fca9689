//! What a statement comes to, and the statement as one document: JSON for machines, lines of text for people.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::statement::{Purpose, Statement};
use crate::encode::write_json_numbers;
use crate::model::Cents;

#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The days that the lines cover.
    pub from: String,
    pub to: String,
    #[serde(serialize_with = "number")]
    pub total_income: Cents,
    /// Above zero.
    #[serde(serialize_with = "number")]
    pub total_expenses: Cents,
    #[serde(serialize_with = "number")]
    pub net: Cents,
    /// What was spent on each, above zero.
    #[serde(serialize_with = "by_category")]
    pub by_category: [(Purpose, Cents); 5],
    /// Where most was spent, at most five.
    pub top_merchants: Vec<Merchant>,
    /// Over the days asked for.
    #[serde(serialize_with = "number")]
    pub avg_daily_spend: Cents,
    pub transaction_count: usize,
    /// Of what was spent, what comes again every month.
    #[serde(serialize_with = "number")]
    pub recurring_total: Cents,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Merchant {
    pub merchant: String,
    #[serde(serialize_with = "number")]
    pub total: Cents,
    pub count: u64,
}

/// Money as a JSON number.
pub(super) fn number<S: Serializer>(amount: &Cents, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(amount.dollars())
}

fn by_category<S: Serializer>(totals: &[(Purpose, Cents); 5], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(totals.iter().map(|(purpose, total)| (purpose.name(), total.dollars())))
}

impl Statement {
    pub fn summary(&self) -> Summary {
        let income = self.lines.iter().map(|line| line.amount.max(Cents::ZERO)).sum();
        let spent = || self.lines.iter().filter(|line| line.amount < Cents::ZERO);
        let expenses: Cents = spent().map(|line| -line.amount).sum();
        let spent_on = |purpose| spent().filter(|line| line.purpose == purpose).map(|line| -line.amount).sum();
        let mut merchants = BTreeMap::<&str, (Cents, u64)>::new();
        for line in spent() {
            let (total, count) = merchants.entry(&line.merchant).or_default();
            *total += -line.amount;
            *count += 1;
        }
        let mut merchants: Vec<_> = merchants.into_iter().collect();
        merchants.sort_by_key(|(_, (total, _))| std::cmp::Reverse(*total));
        let top = merchants.into_iter().take(5);
        Summary {
            from: self.from.to_string(),
            to: self.period.last.to_string(),
            total_income: income,
            total_expenses: expenses,
            net: income - expenses,
            by_category: std::array::from_fn(|kind| (Purpose::ALL[kind], spent_on(Purpose::ALL[kind]))),
            top_merchants: top
                .map(|(name, (total, count))| Merchant { merchant: name.to_owned(), total, count })
                .collect(),
            avg_daily_spend: expenses.times(1.0 / f64::from(self.period.days().max(1))),
            transaction_count: self.lines.len(),
            recurring_total: spent().filter(|line| line.is_recurring).map(|line| -line.amount).sum(),
        }
    }

    /// Whose it is, its lines and its summary.
    pub fn to_json(&self) -> serde_json::Result<String> {
        #[derive(Serialize)]
        struct Head<'a> {
            name: &'a str,
            bank: &'a str,
            account: &'a str,
            account_number: &'a str,
            currency: &'a str,
            from: String,
            to: String,
            #[serde(serialize_with = "number")]
            opening_balance: Cents,
            #[serde(serialize_with = "number")]
            closing_balance: Cents,
        }
        let head = Head {
            name: &self.holder.name,
            bank: &self.holder.bank,
            account: &self.holder.account,
            account_number: &self.holder.number,
            currency: self.holder.currency,
            from: self.from.to_string(),
            to: self.period.last.to_string(),
            opening_balance: self.opening,
            closing_balance: self.closing,
        };
        let head = serde_json::to_string_pretty(&head)?;
        let mut text = head.trim_end_matches("\n}").to_owned();
        text += ",\n  \"transactions\": [";
        for row in 0..self.lines.len() {
            text += if row == 0 { "\n    " } else { ",\n    " };
            write_json_numbers(&self.lines, row, &mut text);
        }
        text += if self.lines.is_empty() { "],\n" } else { "\n  ],\n" };
        let summary = serde_json::to_string_pretty(&self.summary())?.replace('\n', "\n  ");
        text += &format!("  \"summary\": {summary}\n}}\n");
        Ok(text)
    }

    /// Newest first, with the summary below.
    pub fn to_text(&self) -> String {
        let (holder, period) = (&self.holder, self.period);
        let mut text = format!(
            "{}, {} {} of {}, {} to {}, {}\n\n",
            holder.bank, holder.account, holder.number, holder.name, self.from, period.last, holder.currency
        );
        for line in &self.lines {
            let (hour, minute, ..) = line.booked_at.clock();
            text += &format!(
                "{} {hour:02}:{minute:02}  {:<28} {:<13} {:>12} {:>13}  {}\n",
                line.booked_at.day(),
                line.merchant,
                line.purpose.name(),
                plain(line.amount),
                plain(line.balance_after),
                line.location
            );
        }
        let summary = self.summary();
        if !self.lines.is_empty() {
            text.push('\n');
        }
        text += &format!("{:<28} {} to {}\n", "period", summary.from, summary.to);
        let mut say = |name: &str, amount: Cents| text += &format!("{name:<28} {:>12}\n", plain(amount));
        say("income", summary.total_income);
        say("expenses", summary.total_expenses);
        summary.by_category.iter().for_each(|(purpose, total)| say(&format!("  {}", purpose.name()), *total));
        say("net", summary.net);
        say("recurring", summary.recurring_total);
        say("spent a day", summary.avg_daily_spend);
        summary.top_merchants.iter().for_each(|top| say(&format!("{} ({})", top.merchant, top.count), top.total));
        text
    }
}

fn plain(amount: Cents) -> String {
    let mut text = String::new();
    amount.value().write_canonical(&mut text);
    text
}
