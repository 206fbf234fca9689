//! Time: nobody acts before they are of age or known to the bank, causes precede effects, months follow one another,
//! and nothing lies after the end.

use super::Rule;
use super::life::Life;
use crate::encode::Record;
use crate::model::TABLES;
use crate::schema::Kind;
use crate::validate::cell::{day, day_if_any};
use crate::validate::check::{Check, ensure};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "time.adult_when_joining",
        about: "customers are created on or after their 18th birthday",
        judge: adult_when_joining,
    },
    Rule {
        id: "time.customer_before_records",
        about: "no statement, application, decision, loan, instalment, account, transaction or event is older than its \
                customer",
        judge: customer_before_records,
    },
    Rule {
        id: "time.history_of_adults",
        about: "credit history may precede the customer's creation, but not their 18th birthday",
        judge: history_of_adults,
    },
    Rule {
        id: "time.application_before_decision",
        about: "application_date <= decided_on",
        judge: application_before_decision,
    },
    Rule { id: "time.decision_before_funding", about: "decided_on <= funded_on", judge: decision_before_funding },
    Rule {
        id: "time.funding_before_instalments",
        about: "funded_on < the first due_on",
        judge: funding_before_instalments,
    },
    Rule { id: "time.funding_before_payment", about: "funded_on <= paid_on", judge: funding_before_payment },
    Rule {
        id: "time.instalments_monthly",
        about: "instalments fall due in consecutive months",
        judge: instalments_monthly,
    },
    Rule {
        id: "time.history_monthly",
        about: "credit history has exactly one row a month, without gaps",
        judge: history_monthly,
    },
    Rule {
        id: "time.nothing_after_as_of",
        about: "no date or timestamp lies after the as_of of the run's book",
        judge: nothing_after_as_of,
    },
];

fn adult_when_joining(life: &Life<'_>, check: &mut Check) {
    for customer in life.of("customers") {
        check.row(customer, || {
            let (adult, joined) = (life.adult_on()?, life.joined_on()?);
            ensure(adult <= joined, || format!("created on {joined}, of age on {adult}"))
        });
    }
}

/// Every date and timestamp that follows from being a customer. Only what a bureau knows may be older.
fn customer_before_records(life: &Life<'_>, check: &mut Check) {
    for table in TABLES {
        if matches!(table.name(), "customers" | "credit_history" | "market_data") {
            continue;
        }
        dates(life.of(table.name()), |row, column| {
            check.row(row, || {
                let (joined, dated) = (life.joined_on()?, day(row, column)?);
                ensure(joined <= dated, || format!("{column} is {dated}, the customer's created_at {joined}"))
            });
        });
    }
}

fn history_of_adults(life: &Life<'_>, check: &mut Check) {
    for row in life.of("credit_history") {
        check.row(row, || {
            let (adult, recorded) = (life.adult_on()?, day(row, "record_date")?);
            ensure(adult <= recorded, || format!("recorded on {recorded}, of age on {adult}"))
        });
    }
}

fn application_before_decision(life: &Life<'_>, check: &mut Check) {
    for request in &life.requests {
        let decided = request.decision.map(|decision| day_if_any(decision, "decided_on"));
        let Some(decided) = decided.and_then(Result::transpose) else { continue };
        check.row(request.application, || {
            let (applied, decided) = (day(request.application, "application_date")?, decided?);
            ensure(applied <= decided, || format!("applied on {applied}, decided on {decided}"))
        });
    }
}

fn decision_before_funding(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        let Some(decision) = loan.decision else { continue };
        check.row(loan.row, || {
            let (decided, funded) = (day(decision, "decided_on")?, day(loan.row, "funded_on")?);
            ensure(decided <= funded, || format!("decided on {decided}, funded on {funded}"))
        });
    }
}

fn funding_before_instalments(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        let Some(first) = loan.payments.first() else { continue };
        check.row(loan.row, || {
            let (funded, due) = (day(loan.row, "funded_on")?, day(first, "due_on")?);
            ensure(funded < due, || format!("funded on {funded}, first due on {due}"))
        });
    }
}

fn funding_before_payment(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        for payment in &loan.payments {
            let Some(paid) = day_if_any(payment, "paid_on").transpose() else { continue };
            check.row(payment, || {
                let (funded, paid) = (day(loan.row, "funded_on")?, paid?);
                ensure(funded <= paid, || format!("funded on {funded}, paid on {paid}"))
            });
        }
    }
}

fn instalments_monthly(life: &Life<'_>, check: &mut Check) {
    for loan in &life.loans {
        consecutive(&loan.payments, "due_on", check);
    }
}

fn history_monthly(life: &Life<'_>, check: &mut Check) {
    consecutive(&life.history(), "record_date", check);
}

fn nothing_after_as_of(life: &Life<'_>, check: &mut Check) {
    let Some(as_of) = life.end.as_of else { return };
    // The bank may come to know later what a transaction was.
    for table in TABLES.iter().filter(|table| table.name() != "transaction_labels") {
        dates(life.of(table.name()), |row, column| {
            check.row(row, || {
                let dated = day(row, column)?;
                ensure(dated <= as_of, || format!("{column} is {dated}, as_of {as_of}"))
            });
        });
    }
}

/// Each row's date lies in the month after that of the row before.
pub(super) fn consecutive(rows: &[&Record], column: &str, check: &mut Check) {
    for pair in rows.windows(2) {
        check.row(pair[1], || {
            let (before, after) = (day(pair[0], column)?, day(pair[1], column)?);
            ensure(after.month().since(before.month()) == 1, || format!("{column} {after} follows {before}"))
        });
    }
}

/// Every date and timestamp that is there, row by row.
pub(super) fn dates<'a>(rows: &'a [Record], mut see: impl FnMut(&'a Record, &'static str)) {
    for row in rows {
        let dated = row.schema.columns().filter(|column| matches!(column.kind, Kind::Date | Kind::Timestamp));
        dated.filter(|column| row.text(column.name).is_some()).for_each(|column| see(row, column.name));
    }
}
