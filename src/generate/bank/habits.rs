//! Habits: how a customer banks, drawn once. Where no source is named the figures are our assumption.

use super::catalogue::{Catalogue, ENERGY, Merchant, SUBSCRIPTION_PRICES, TELECOM};
use crate::generate::draw::{Draw, interpolate, logistic};
use crate::generate::payday::PayDays;
use crate::generate::population::Person;
use crate::generate::reference::Reference;
use crate::generate::wealth::tax;
use crate::generate::world::World;
use crate::model::{Cents, Customer, Employment, TransactionType};

/// Places of a trade that somebody returns to.
const FAVOURITES: usize = 3;

pub struct Habits {
    pub pay_days: PayDays,
    pub payer: &'static str,
    /// After tax, dollars a month.
    pub usual_pay: f64,
    pub home: &'static str,
    /// Where they often are beside it: one of the nearest cities.
    pub near: &'static str,
    /// Share of payments made in the home city.
    pub home_share: f64,
    /// Purchases in an average month, bills and subscriptions not counted.
    pub purchases: f64,
    /// Payments to people outside the bank, and free transfers, in an average month.
    pub gifts: f64,
    pub transfers: f64,
    /// What things cost this person, relative to data/mcc_mix.csv: more for the rich.
    pub level: f64,
    /// Seconds by which their day begins later than most people's.
    pub shift: i32,
    /// Months of pay they like to have on the account.
    pub cushion: f64,
    /// Months of pay on the savings account, for those who have one.
    pub savings: Option<f64>,
    /// Below this no purchase is made, cents: most stop at nothing, some go into the red.
    pub floor: Cents,
    /// Share of what is owed on a card that is paid back each month.
    pub repays: f64,
    pub fee: Cents,
    /// Times a month that takings in cash are paid in; 0 for most.
    pub takings: f64,
    /// Day of the month on which other bills are paid.
    pub bill_day: u32,
    pub bills: Vec<Bill>,
    pub card_issuer: &'static str,
    pub brokerage: &'static str,
    /// People they pay, as `user_` and ten digits.
    pub circle: Vec<String>,
    favourites: Vec<[Merchant; FAVOURITES]>,
}

/// What comes again every month.
pub struct Bill {
    pub kind: BillKind,
    pub day: u32,
    pub payee: &'static str,
    pub amount: Cents,
    /// Spread of the logarithm from month to month.
    pub spread: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillKind {
    Rent,
    /// To another lender than us.
    Mortgage,
    Energy,
    Telecom,
    Insurance,
    Subscription,
}

/// The overdraft: no account is ever further below zero, cents.
pub const OVERDRAFT: Cents = Cents(-20_000);

impl Habits {
    pub fn of(world: &World, person: &Person, customer: &Customer) -> Habits {
        let catalogue = Catalogue::get();
        let draw = &mut world.streams.banking.at(person.index);
        let pay_days = PayDays::of(world, person);
        let usual_pay = person.income / 12.0 * (1.0 - tax(person));
        let parties = &catalogue.parties;
        let payer = parties.one(payer_kind(person.employment, usual_pay), draw);

        let pace = pace(world, person, draw);
        let home_share = draw.between(0.81, 0.91);
        let reference = Reference::get();
        let home = reference.cities.iter().position(|city| (city.name, city.state) == (customer.city, customer.state));
        let near = home.map_or(customer.city, |home| reference.neighbours[home][draw.below(3) as usize]);
        let shift = (draw.normal().clamp(-2.0, 2.0) * 1_800.0) as i32;
        let cushion = draw.log_normal(0.7, 0.5).clamp(0.12, 3.0) * libm::exp(0.15 * person.theta.clamp(-2.0, 2.0));
        let saves = draw.chance(logistic(0.7 + 0.6 * person.theta + 0.5 * libm::log(person.income / 42_000.0)));
        // Transaction accounts hold 8,000 dollars at the median (SCF 2022), per family.
        let savings = saves.then(|| draw.log_normal(2.6, 0.9).clamp(0.1, 24.0));
        let goes_red = draw.chance(logistic(-1.9 - 0.9 * person.theta));
        let repays = logistic(0.3 + 0.9 * person.theta + 0.8 * draw.normal()).clamp(0.04, 0.95);
        let fee = if draw.chance(0.25) && usual_pay < 3_000.0 {
            Cents(draw.pick(&[(495, 0.5), (800, 0.3), (1_200, 0.2)]))
        } else {
            Cents::ZERO
        };
        let deals_in_cash = draw.chance(if person.employment == Employment::SelfEmployed { 0.75 } else { 0.04 });
        let takings = if deals_in_cash { 1.0 + 2.5 * draw.exponential() } else { 0.0 };
        let bill_day = 20 + draw.below(8) as u32;
        let bills = bills(catalogue, person, usual_pay, draw);
        let (card_issuer, brokerage) = (parties.one("card_issuer", draw), parties.one("brokerage", draw));
        let circle = (0..6 + draw.below(7)).map(|_| user_name(draw.below(9_000_000_000))).collect();
        let favourites = catalogue.trades.iter().map(|trade| std::array::from_fn(|_| trade.shop(draw)));
        Habits {
            favourites: favourites.collect(),
            pay_days,
            payer,
            usual_pay,
            home: customer.city,
            near,
            home_share,
            purchases: pace.purchases,
            gifts: pace.gifts,
            transfers: pace.transfers,
            level: libm::pow(person.income / 50_000.0, 0.22),
            shift,
            cushion,
            savings,
            floor: if goes_red { OVERDRAFT } else { Cents(500) },
            repays,
            fee,
            takings,
            bill_day,
            bills,
            card_issuer,
            brokerage,
            circle,
        }
    }

    /// A place of this trade: mostly one they return to.
    pub fn shop(&self, catalogue: &Catalogue, trade: usize, online: bool, draw: &mut Draw) -> Merchant {
        let which = draw.uniform();
        let goods = &catalogue.trades[trade];
        if online && !goods.web_shops.is_empty() {
            return goods.web_shops[draw.below(goods.web_shops.len() as u64) as usize];
        }
        match which {
            ..0.42 => self.favourites[trade][0],
            0.42..0.66 => self.favourites[trade][1],
            0.66..0.78 => self.favourites[trade][2],
            _ => goods.shop(draw),
        }
    }

    /// What they usually send to a person, dollars: half of it is less. By transfer it is more than by app.
    pub fn usual_to_person(&self, kind: TransactionType) -> f64 {
        // Who pays people all the time pays them little.
        match kind {
            TransactionType::PersonToPerson => 26.0 * self.level * (12.0 / self.gifts.max(1.0)).clamp(0.25, 1.0),
            _ => 95.0 * self.level * (6.0 / self.transfers.max(1.0)).clamp(0.15, 1.0),
        }
    }

    /// What no usual payment of this kind exceeds, dollars: some 99 of 100 of this person's lie below it.
    pub fn usual_most(&self, kind: TransactionType) -> f64 {
        use TransactionType::*;
        self.level
            * match kind {
                CardPurchase => 200.0,
                OnlinePurchase => 180.0,
                PersonToPerson => 150.0,
                _ => 500.0,
            }
    }
}

/// `user_` and ten digits.
pub fn user_name(number: u64) -> String {
    format!("user_{}", 1_000_000_000 + number % 9_000_000_000)
}

/// The name by which a customer is paid.
pub fn customer_name(world: &World, index: u64) -> String {
    user_name(world.streams.links.at(index << 1 | 1).below(9_000_000_000))
}

struct Pace {
    purchases: f64,
    gifts: f64,
    transfers: f64,
}

/// How often somebody pays: 29.5 card payments a month and 45.6 in all (Atlanta Fed 2023), of which some three come by
/// themselves; or as often as the scenario says.
fn pace(world: &World, person: &Person, draw: &mut Draw) -> Pace {
    let spread = draw.gamma(5.0) / 5.0;
    let place = draw.uniform();
    match world.scenario.model.transactions_per_day {
        None => Pace {
            purchases: 29.5 * spread * libm::pow(person.income / 45_000.0, 0.18).clamp(0.6, 1.6),
            gifts: 2.2 * spread,
            transfers: 0.8,
        },
        Some((least, most)) => {
            // A little inside, for a month's count strays.
            let margin = 0.11 * (most - least);
            let a_month = (least + margin + (most - least - 2.0 * margin) * place) * 30.44;
            // Rent, bills and subscriptions come beside.
            let free = (a_month - 6.0).max(0.0);
            Pace { purchases: 0.76 * free, gifts: 0.14 * free, transfers: 0.10 * free }
        }
    }
}

/// The kind of party that pays; what no office pays comes from elsewhere (the most that Social Security pays is 5,108
/// dollars a month, 2025).
fn payer_kind(employment: Employment, usual_pay: f64) -> &'static str {
    match employment {
        Employment::FullTime | Employment::PartTime | Employment::Student => "employer",
        Employment::SelfEmployed => "client",
        Employment::Retired if usual_pay > 4_000.0 => "pension_fund",
        Employment::Retired => "pension",
        Employment::Unemployed if usual_pay > 2_500.0 => "employer",
        Employment::Unemployed => "unemployment",
        Employment::NotWorking if usual_pay > 1_500.0 => "household",
        Employment::NotWorking => "family",
    }
}

fn bills(catalogue: &Catalogue, person: &Person, usual_pay: f64, draw: &mut Draw) -> Vec<Bill> {
    let parties = &catalogue.parties;
    let mut bills = Vec::new();
    let mut bill = |kind, day, payee, dollars: f64, spread| {
        bills.push(Bill { kind, day, payee, amount: Cents::from_dollars(dollars), spread });
    };
    // Two thirds of American households own (Census, HVS 2023), few of the young; half of them owe nothing any more.
    let owns = draw.chance(interpolate(person.age, &[(20.0, 0.05), (30.0, 0.4), (45.0, 0.66), (70.0, 0.79)]));
    let free = draw.chance(interpolate(person.age, &[(30.0, 0.1), (50.0, 0.25), (65.0, 0.6), (80.0, 0.85)]));
    let share = (0.30 - 0.06 * libm::log(person.income / 45_000.0)).clamp(0.12, 0.45);
    let day = draw.pick(&[(1, 0.5), (2, 0.2), (3, 0.15), (4, 0.05), (5, 0.1)]);
    let (landlord, lender) = (parties.one("landlord", draw), parties.one("home_lender", draw));
    if !owns {
        bill(BillKind::Rent, day, landlord, (usual_pay * share / 5.0).round() * 5.0, 0.0);
    } else if !free {
        bill(BillKind::Mortgage, day, lender, usual_pay * share, 0.0);
    }
    let small = libm::pow(usual_pay / 3_000.0, 0.35).clamp(0.35, 1.6);
    let mut of = |kind, party: &str, mcc: &str, draw: &mut Draw| {
        let trade = catalogue.trade(mcc);
        let dollars = draw.log_normal(trade.median * small, 0.5 * trade.sigma);
        let spread = if kind == BillKind::Energy { 0.18 } else { 0.02 };
        bill(kind, 3 + draw.below(24) as u32, parties.one(party, draw), dollars, spread);
    };
    of(BillKind::Energy, "energy", ENERGY, draw);
    of(BillKind::Telecom, "telecom", TELECOM, draw);
    if draw.chance(0.6) {
        let dollars = (draw.log_normal(120.0 * small, 0.4) * 100.0).round() / 100.0;
        bill(BillKind::Insurance, 3 + draw.below(24) as u32, parties.one("insurer", draw), dollars, 0.0);
    }
    let subscriptions = catalogue.trade(super::catalogue::SUBSCRIPTION);
    for _ in 0..draw.poisson(2.1 * small).min(8) {
        let shop = subscriptions.web_shops[draw.below(subscriptions.web_shops.len() as u64) as usize];
        let dollars = draw.pick(&SUBSCRIPTION_PRICES);
        bill(BillKind::Subscription, 1 + draw.below(28) as u32, shop.name, dollars, 0.0);
    }
    // Nobody subscribes to the same thing twice.
    let mut known: Vec<&str> = Vec::new();
    bills.retain(|bill| {
        let is_new = !known.contains(&bill.payee);
        known.push(bill.payee);
        bill.kind != BillKind::Subscription || is_new
    });
    bills
}
