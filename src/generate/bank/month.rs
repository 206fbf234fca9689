//! One month of movements on all of a customer's accounts, leading to the balances of the plan to the cent.

use super::cash;
use super::catalogue::{Catalogue, ENERGY, SUBSCRIPTION, TELECOM, at};
use super::habits::{BillKind, Habits};
use super::links::{self, Link};
use super::loans;
use super::moved;
use super::movement::{Bond, CARD, CHECKING, Movement, SAVINGS, account_id, card_account, in_order, next_free};
use super::plan::{CardMonth, MonthPlan, Plan};
use super::purchases::{Draft, Shopper, Trip, exactly, within};
use crate::generate::draw::{Draw, Weights};
use crate::generate::lending::Case;
use crate::generate::population::Person;
use crate::generate::repayment::Repayment;
use crate::generate::streams::Moved;
use crate::generate::wealth::Statement;
use crate::generate::world::World;
use crate::model::{Category, Cents, Employment, EntityType, TransactionType};
use crate::schema::{Day, Moment};

const ELSEWHERE: &str = "Own account at another bank";

/// A customer of the bank, with all that their months have in common.
pub struct Banking<'a> {
    pub world: &'a World,
    pub person: &'a Person,
    pub habits: &'a Habits,
    pub plan: &'a Plan,
    pub links: &'a [Link],
    pub cases: &'a [Case],
    pub repayments: &'a [Repayment],
    pub statements: &'a [Statement],
    pub moved: &'a [Moved],
}

/// A month being put together.
struct Month<'a> {
    banking: &'a Banking<'a>,
    plan: &'a MonthPlan,
    /// The first and the last day on which something happens.
    from: Day,
    to: Day,
    days: &'a Weights,
    trip: Trip,
    draw: Draw,
    rows: Vec<Movement>,
    /// Numbers the transfers between own accounts.
    pairs: u16,
}

impl Banking<'_> {
    /// The movements of month `t` in order of time, no two at the same moment but for the legs of one transfer.
    pub fn month(&self, t: i32) -> Vec<Movement> {
        let Some(plan) = self.plan.month(t) else { return Vec::new() };
        let (world, calendar) = (self.world, &self.world.calendar);
        let first = calendar.month(t).first();
        // Nothing is booked on the day of joining but the first deposit.
        let joins = self.person.since >= first;
        let from = if joins { self.person.since.plus(1) } else { first };
        let number = calendar.month(t).0 as u64;
        let mut draw = world.streams.movements.at(self.person.index << 12 | number);
        let mut month = Month {
            banking: self,
            plan,
            from,
            to: calendar.record_day(t),
            days: &world.purchase_days[t as usize],
            trip: Trip::of_month(world, calendar.month(t), &mut draw),
            draw,
            rows: Vec::with_capacity(64 + (self.habits.purchases * 1.2) as usize),
            pairs: 0,
        };
        month.pay(t);
        loans::movements(
            self.habits.home,
            self.cases,
            self.repayments,
            (self.person.since.max(first), month.to),
            &mut month.draw,
            &mut month.rows,
        );
        let range = (month.from, month.to);
        let (takings, home) = (self.habits.takings, self.habits.home);
        if takings > 0.0 {
            cash::movements(takings, home, month.days, range, &mut month.draw, &mut month.rows);
        } else {
            cash::savings_box(home, month.days, range, &mut month.draw, &mut month.rows);
        }
        let sent = moved::movements(self.moved, first.month(), home, &mut month.rows);
        let living = sent + month.bills() + month.people() + month.free_transfers();
        month.purchases(plan.living - living);
        month.card_payments();
        month.interest_and_fees();
        month.settle(joins);
        let mut rows = month.rows;
        in_order(&mut rows);
        rows
    }
}

impl<'a> Month<'a> {
    fn home(&self) -> &'static str {
        self.banking.habits.home
    }

    fn in_range(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// A moment in office hours of a day.
    fn office(&mut self, day: Day) -> Option<Moment> {
        let second = 8 * 3600 + self.draw.below(8 * 3600) as u32;
        let moment = at(day, second, &mut self.draw);
        self.in_range(day).then_some(moment)
    }

    fn pay(&mut self, t: i32) {
        let Banking { person, habits, statements, .. } = *self.banking;
        let Some(statement) = statements.iter().find(|statement| statement.t == t) else { return };
        let (kind, entity, text) = match person.employment {
            Employment::FullTime | Employment::PartTime => (TransactionType::Salary, EntityType::Employer, "Salary"),
            Employment::Student => (TransactionType::Salary, EntityType::Employer, "Wages, student job"),
            Employment::SelfEmployed => (TransactionType::BankTransfer, EntityType::Business, "Invoices paid"),
            Employment::Retired => (TransactionType::BankTransfer, EntityType::Government, "Pension"),
            Employment::Unemployed if habits.usual_pay > 2_500.0 => {
                (TransactionType::BankTransfer, EntityType::Employer, "Severance pay")
            }
            Employment::Unemployed => (TransactionType::BankTransfer, EntityType::Government, "Unemployment benefit"),
            Employment::NotWorking if habits.usual_pay > 1_500.0 => {
                (TransactionType::BankTransfer, EntityType::Business, "Household money")
            }
            Employment::NotWorking => (TransactionType::BankTransfer, EntityType::Government, "Family benefit"),
        };
        let days: Vec<Day> = habits.pay_days.of_month(self.to.month()).filter(|day| self.in_range(*day)).collect();
        for day in days {
            let moment = at(day, 6 * 3600 + self.draw.below(2 * 3600) as u32, &mut self.draw);
            let amount = statement.paycheck;
            self.rows.push(Movement {
                recurring: true,
                ..Movement::new(moment, kind, Category::Income, amount, habits.home).with(entity, habits.payer, text)
            });
        }
    }

    /// Rent, utilities, insurance and subscriptions; says what they cost.
    fn bills(&mut self) -> Cents {
        let Banking { habits, cases, repayments, .. } = *self.banking;
        let mut sum = Cents::ZERO;
        for bill in &habits.bills {
            let change = libm::exp(bill.spread * self.draw.normal());
            let day = self.to.month().day(bill.day);
            // Shops on the web know no weekend.
            let day = if bill.kind == BillKind::Subscription { day } else { next_working_day(day) };
            let Some(moment) = self.office(day) else { continue };
            let is_home = matches!(bill.kind, BillKind::Rent | BillKind::Mortgage);
            if is_home && loans::bought_home(cases, repayments, moment.day()) {
                continue;
            }
            let amount = bill.amount.times(change);
            let (kind, category, entity, mcc, text) = match bill.kind {
                BillKind::Rent => {
                    (TransactionType::StandingOrder, Category::Housing, EntityType::Landlord, None, "Rent")
                }
                BillKind::Mortgage => (
                    TransactionType::StandingOrder,
                    Category::Housing,
                    EntityType::Bank,
                    None,
                    "Mortgage, other lender",
                ),
                BillKind::Energy => {
                    (TransactionType::BillPayment, Category::Utility, EntityType::Utility, Some(ENERGY), "Energy bill")
                }
                BillKind::Telecom => {
                    (TransactionType::BillPayment, Category::Utility, EntityType::Utility, Some(TELECOM), "Phone bill")
                }
                BillKind::Insurance => {
                    (TransactionType::DirectDebit, Category::Insurance, EntityType::Business, None, "Insurance premium")
                }
                BillKind::Subscription => (
                    TransactionType::OnlinePurchase,
                    Category::OnlineService,
                    EntityType::Merchant,
                    Some(SUBSCRIPTION),
                    "Subscription",
                ),
            };
            sum += amount;
            self.rows.push(Movement {
                mcc,
                recurring: true,
                ..Movement::new(moment, kind, category, -amount, habits.home).with(entity, bill.payee, text)
            });
        }
        sum
    }

    /// Money sent to and got from people, customers and others; says what it cost.
    fn people(&mut self) -> Cents {
        let Banking { world, person, habits, links, .. } = *self.banking;
        let start = self.rows.len();
        let range = (self.from, self.to);
        links::movements(world, person, habits.home, links, self.days, range, &mut self.rows);
        // Six in ten of these are paid, the others received.
        let (given, got) = (self.draw.poisson(habits.gifts), self.draw.poisson(habits.gifts * 0.6));
        for number in 0..given + got {
            let pays = number < given;
            let name = &habits.circle[self.draw.below(habits.circle.len() as u64) as usize];
            // Now and then somebody new.
            let new = super::habits::user_name(self.draw.below(9_000_000_000));
            let is_new = self.draw.chance(0.12);
            let Some(moment) = self.leisure() else { continue };
            // Families also send what is shared by transfer.
            let by_bank = self.draw.chance(0.15) && !pays;
            let (kind, text) = match (pays, by_bank) {
                (true, _) => (TransactionType::PersonToPerson, "Sent to a person"),
                (_, true) => (TransactionType::BankTransfer, "Transfer from family"),
                _ => (TransactionType::PersonToPerson, "Received from a person"),
            };
            let amount = to_person(habits, kind, &mut self.draw);
            let amount = if pays { -amount } else { amount };
            let (city, country) = self.shopper().place(moment.day(), false, &mut self.draw);
            let payee = if is_new { new } else { name.clone() };
            self.rows.push(Movement {
                city,
                country,
                ..Movement::new(moment, kind, Category::Family, amount, habits.home).with(
                    EntityType::Person,
                    payee,
                    text,
                )
            });
        }
        -self.rows[start..].iter().map(|row| row.amount).sum::<Cents>()
    }

    /// Transfers to family and funds that recur at no fixed time; says what they cost.
    fn free_transfers(&mut self) -> Cents {
        let habits = self.banking.habits;
        let mut sum = Cents::ZERO;
        for _ in 0..self.draw.poisson(habits.transfers) {
            let to = self.draw.uniform();
            let amount = to_person(habits, TransactionType::BankTransfer, &mut self.draw);
            let known = &habits.circle[self.draw.below(habits.circle.len() as u64) as usize];
            let new = super::habits::user_name(self.draw.below(9_000_000_000));
            let name = if self.draw.chance(0.12) { &new } else { known };
            let Some(moment) = self.leisure() else { continue };
            let (category, entity, payee, text) = match to {
                ..0.6 => (Category::Family, EntityType::Person, name.clone(), "Transfer to family"),
                0.6..0.8 => (Category::Investment, EntityType::Bank, habits.brokerage.to_owned(), "Transfer to a fund"),
                _ => (Category::Family, EntityType::Person, name.clone(), "Shared costs"),
            };
            sum += amount;
            self.rows.push(
                Movement::new(moment, TransactionType::BankTransfer, category, -amount, habits.home)
                    .with(entity, payee, text),
            );
        }
        sum
    }

    /// A moment at which people pay each other: like purchases.
    fn leisure(&mut self) -> Option<Moment> {
        let day = self.to.month().first().plus(self.draw.index(self.days) as i32);
        let moment = Catalogue::get().moment(day, self.banking.habits.shift, &mut self.draw);
        self.in_range(day).then_some(moment)
    }

    fn shopper(&self) -> Shopper<'a> {
        let Banking { world, habits, .. } = *self.banking;
        Shopper { world, habits, days: self.days, from: self.from, to: self.to, trip: self.trip }
    }

    /// Purchases on all accounts: on cards exactly what the plan has them take, from checking what `budget` allows.
    fn purchases(&mut self, budget: Cents) {
        let Banking { world, plan, .. } = *self.banking;
        let on_cards = self.plan.cards.iter().map(|card| card.purchases.dollars());
        let shares = std::iter::once(budget.dollars().max(20.0) * 0.93).chain(on_cards);
        let opened: Vec<Day> =
            std::iter::once(Day(i32::MIN)).chain(plan.cards.iter().map(|card| card.opened)).collect();
        let drafts = self.shopper().drafts(&Weights::new(shares.collect()), &opened, &mut self.draw);
        let mut of: Vec<Vec<Draft>> = (0..=self.plan.cards.len()).map(|_| Vec::new()).collect();
        for draft in drafts {
            let account = draft.movement.account;
            of[if account == CHECKING { 0 } else { usize::from(account - CARD) + 1 }].push(draft);
        }
        // A card that is to be used and was drawn for nothing takes one from checking, or makes one.
        for number in 0..self.plan.cards.len() {
            let total = self.plan.cards[number].purchases;
            let most = (total.0 / 100).max(1) as usize;
            while of[number + 1].len() > most {
                let Some(mut draft) = of[number + 1].pop() else { break };
                draft.movement.account = CHECKING;
                of[0].push(draft);
            }
            if total > Cents::ZERO && of[number + 1].is_empty() {
                let mut draft = self.any_purchase(plan.cards[number].opened);
                draft.movement.account = card_account(number);
                of[number + 1].push(draft);
            }
            if total > Cents::ZERO {
                exactly(total, &mut of[number + 1]);
            }
        }
        let thin = world.scenario.model.transactions_per_day.is_none();
        within(budget, &mut of[0], thin, &mut self.draw);
        for draft in of.into_iter().flatten().filter(|draft| draft.movement.amount < Cents::ZERO) {
            let refund = draft.returned_at().map(|moment| (moment, draft.refund()));
            let bought = draft.movement;
            if let Some((moment, amount)) = refund.filter(|(_, amount)| *amount > Cents::ZERO) {
                let text = format!("Refund of {}", bought.id(world, self.banking.person));
                self.rows.push(Movement {
                    at: moment,
                    kind: TransactionType::Refund,
                    description: text.into(),
                    amount,
                    mcc: None,
                    bond: Bond::Firm,
                    ..bought.clone()
                });
            }
            // What may be brought back must have been bought.
            let bond = if refund.is_some() { Bond::Firm } else { bought.bond };
            self.rows.push(Movement { bond, ..bought });
        }
    }

    /// A purchase at the grocer's on a day on which the card is there.
    fn any_purchase(&mut self, opened: Day) -> Draft {
        let from = self.from.max(opened).min(self.to);
        let day = from.plus(self.draw.below((self.to.since(from) + 1) as u64) as i32);
        self.shopper().grocery(day, &mut self.draw)
    }

    /// What is paid back on cards.
    fn card_payments(&mut self) {
        let Banking { plan, .. } = *self.banking;
        for (number, month) in self.plan.cards.iter().enumerate() {
            let card = &plan.cards[number];
            let day = match card.closed.filter(|day| day.month() == self.to.month()) {
                Some(closed) => closed,
                None => self.to.month().day(2 + (self.banking.person.index % 5) as u32 + number as u32),
            };
            if month.payment > Cents::ZERO {
                let day = day.max(self.from.max(card.opened)).min(self.to);
                let moment = at(day, 9 * 3600 + self.draw.below(4 * 3600) as u32, &mut self.draw);
                self.own_transfer(
                    moment,
                    card_account(number),
                    month.payment,
                    Category::CardPayment,
                    "Credit card payment",
                );
            }
        }
    }

    fn interest_and_fees(&mut self) {
        let habits = self.banking.habits;
        let (home, last) = (self.home(), self.to);
        let fee = habits.fee;
        if fee > Cents::ZERO && self.from < last && last == last.month().last() {
            let moment = at(last, 5 * 3600 + self.draw.below(3600) as u32, &mut self.draw);
            self.rows.push(Movement {
                recurring: true,
                ..Movement::new(moment, TransactionType::Fee, Category::Fee, -fee, home).with(
                    EntityType::Bank,
                    "Account services",
                    "Monthly account fee",
                )
            });
        }
        let interest = |account: u8, amount: Cents, text: &'static str, draw: &mut Draw, rows: &mut Vec<Movement>| {
            let moment = at(last, 86_340 + draw.below(50) as u32, draw);
            rows.push(Movement {
                account,
                recurring: true,
                ..Movement::new(moment, TransactionType::Interest, Category::Interest, amount, home).with(
                    EntityType::Bank,
                    "Account services",
                    text,
                )
            });
        };
        if self.plan.savings_interest > Cents::ZERO {
            interest(SAVINGS, self.plan.savings_interest, "Interest earned", &mut self.draw, &mut self.rows);
        }
        for (number, CardMonth { interest: charged, .. }) in self.plan.cards.iter().enumerate() {
            if *charged > Cents::ZERO {
                interest(card_account(number), -*charged, "Interest charged", &mut self.draw, &mut self.rows);
            }
        }
    }

    /// Both legs of a transfer from checking to another account of the customer; a negative amount flows back.
    fn own_transfer(&mut self, moment: Moment, to: u8, amount: Cents, category: Category, text: &'static str) {
        let Banking { world, person, habits, .. } = *self.banking;
        let bond = Bond::Own(self.pairs);
        self.pairs += 1;
        for (account, other, amount) in [(CHECKING, to, -amount), (to, CHECKING, amount)] {
            self.rows.push(Movement {
                account,
                counterparty: Some(account_id(world, person.index, other)),
                bond,
                ..Movement::new(moment, TransactionType::BankTransfer, category, amount, habits.home).with(
                    EntityType::Own,
                    "Own account",
                    text,
                )
            });
        }
    }

    /// A transfer to or from what the customer has at other banks, on checking alone.
    fn elsewhere(&mut self, moment: Moment, amount: Cents) {
        let text = "Transfer between own accounts";
        self.outside(moment, amount, (ELSEWHERE, Category::Savings, text));
    }

    fn outside(&mut self, moment: Moment, amount: Cents, to: (&'static str, Category, &'static str)) {
        let habits = self.banking.habits;
        let (payee, category, text) = to;
        self.rows.push(Movement::new(moment, TransactionType::BankTransfer, category, amount, habits.home).with(
            EntityType::Bank,
            payee,
            text,
        ));
    }

    /// Keeps the checking account above its overdraft and brings it to the plan's closing balance: purchases that it
    /// cannot bear are declined, money comes from elsewhere where it has to, and what is left of the month's living costs
    /// pays the bill of a card at another bank.
    fn settle(&mut self, joins: bool) {
        let habits = self.banking.habits;
        in_order(&mut self.rows);
        let (mut to_savings, mut to_elsewhere) = (self.plan.to_savings, self.plan.to_elsewhere);
        let mut balance = self.plan.opening;
        let mut lent = Cents::ZERO;
        if joins {
            // The first deposit opens the account: what is to come from elsewhere, or a little that goes back.
            let deposit = if to_elsewhere < Cents::ZERO { -to_elsewhere } else { Cents(10_000) };
            lent = deposit + to_elsewhere.min(Cents::ZERO);
            to_elsewhere = to_elsewhere.max(Cents::ZERO);
            let opens = at(self.banking.person.since, 18 * 3600 + self.draw.below(7_200) as u32, &mut self.draw);
            self.elsewhere(opens, deposit);
            in_order(&mut self.rows);
        }
        let closes_at = self.closes_at();
        let rows = std::mem::take(&mut self.rows);
        let mut kept: Vec<Movement> = Vec::with_capacity(rows.len() + 6);
        let mut later = Cents::ZERO;
        for row in rows {
            if row.account != CHECKING {
                kept.push(row);
                continue;
            }
            if row.at > closes_at {
                later += row.amount;
                kept.push(row);
                continue;
            }
            let after = balance + row.amount;
            if row.amount < Cents::ZERO && row.bond == Bond::Free && after < habits.floor {
                continue;
            }
            if row.amount < Cents::ZERO && after < habits.floor {
                let before = Moment(row.at.0 - 120_000 - 10 * (row.at.0 % 9_001)).max(self.from.at(0));
                let before = next_free(Moment(before.0 - 1));
                let missing = |want: Cents| Cents((want.0 + 9_999) / 5_000 * 5_000);
                if to_savings < Cents::ZERO {
                    balance -= to_savings;
                    self.own_transfer(before, SAVINGS, to_savings, Category::Savings, "Transfer from savings");
                    to_savings = Cents::ZERO;
                }
                if balance + row.amount < habits.floor && to_elsewhere < Cents::ZERO {
                    balance -= to_elsewhere;
                    self.elsewhere(before, -to_elsewhere);
                    to_elsewhere = Cents::ZERO;
                }
                let short = habits.floor - (balance + row.amount);
                if short > Cents::ZERO {
                    let amount = missing(short);
                    balance += amount;
                    lent += amount;
                    self.elsewhere(before, amount);
                }
            }
            balance += row.amount;
            kept.push(row);
        }
        self.close(closes_at, balance + later, (to_savings, to_elsewhere), lent);
        self.rows.append(&mut kept);
    }

    /// The last movements: what is left to move, what was lent for a while, and the bill.
    fn close(&mut self, moment: Moment, balance: Cents, (to_savings, to_elsewhere): (Cents, Cents), lent: Cents) {
        let habits = self.banking.habits;
        let step = |number: i64| Moment(moment.0 + number * 61_010);
        let mut left = balance - self.plan.closing;
        if to_savings != Cents::ZERO {
            let text = if to_savings > Cents::ZERO { "Transfer to savings" } else { "Transfer from savings" };
            self.own_transfer(step(1), SAVINGS, to_savings, Category::Savings, text);
            left -= to_savings;
        }
        if to_elsewhere != Cents::ZERO {
            if to_elsewhere > Cents::ZERO {
                let fund = (habits.brokerage, Category::Investment, "Transfer to an investment account");
                self.outside(step(2), -to_elsewhere, fund);
            } else {
                self.elsewhere(step(2), -to_elsewhere);
            }
            left -= to_elsewhere;
        }
        let back = lent.min(Cents((left.0 / 5_000 * 5_000).max(0)));
        if back > Cents::ZERO {
            self.elsewhere(step(3), -back);
            left -= back;
        }
        if left > Cents::ZERO {
            self.rows.push(Movement {
                recurring: true,
                ..Movement::new(step(4), TransactionType::DirectDebit, Category::CardPayment, -left, habits.home).with(
                    EntityType::Bank,
                    habits.card_issuer,
                    "Card bill, other bank",
                )
            });
        } else if left < Cents::ZERO {
            self.elsewhere(step(0), -left);
        }
    }

    /// When the month is settled: on the day of bills, after all large sums have come in.
    fn closes_at(&mut self) -> Moment {
        let day = self.to.month().day(self.banking.habits.bill_day).max(self.from).min(self.to);
        let usual = at(day, 18 * 3600 + self.draw.below(4 * 3600) as u32, &mut self.draw);
        let comes_in = |row: &&Movement| row.account == CHECKING && row.amount > Cents::ZERO;
        let last_in = self.rows.iter().filter(comes_in).map(|row| row.at).max();
        let latest = Moment(self.to.at(86_399).0 - 5 * 61_010);
        let after = last_in.map_or(usual, |last| next_free(Moment(last.0 + 1_200_000 + last.0 % 997 * 10)));
        usual.max(after).min(latest)
    }
}

/// An amount that is sent to a person: mostly a usual one, rarely an unusually large one; by app in fives, in dollars or to the cent,
/// by transfer in fives, or in dollars if it is little.
pub fn to_person(habits: &Habits, kind: TransactionType, draw: &mut Draw) -> Cents {
    /// What mistakes of amount hide among.
    const LARGE: f64 = 0.012;
    let size = draw.uniform();
    let z = draw.normal();
    let round = draw.uniform();
    let dollars = if size < LARGE {
        habits.usual_most(kind) * (1.6 + 2.8 * size / LARGE)
    } else {
        habits.usual_to_person(kind) * libm::exp(0.8 * z)
    };
    let step = match kind {
        TransactionType::PersonToPerson if size >= LARGE && round > 0.75 => 0.01,
        TransactionType::PersonToPerson if size >= LARGE && round > 0.40 => 1.0,
        TransactionType::BankTransfer if dollars < 40.0 => 1.0,
        _ => 5.0,
    };
    Cents::from_dollars(((dollars / step).round() * step).max(step.max(1.0)))
}

/// The day itself or, from a weekend, the Monday after it; in the same month, else the Friday before.
fn next_working_day(day: Day) -> Day {
    let to_monday = match day.weekday() {
        5 => 2,
        6 => 1,
        _ => 0,
    };
    let monday = day.plus(to_monday);
    if monday.month() == day.month() { monday } else { day.plus(4 - day.weekday() as i32) }
}
