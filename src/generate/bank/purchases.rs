//! Purchases of a month: drawn by trade, place and clock, then scaled to what there is to spend.

use super::catalogue::{ABROAD, CASH, CASH_AMOUNTS, Catalogue, at};
use super::habits::Habits;
use super::movement::{Bond, Movement, card_account, next_free};
use crate::generate::draw::{Draw, Weights};
use crate::generate::reference::Reference;
use crate::generate::world::World;
use crate::model::{Category, Cents, EntityType, TransactionType};
use crate::schema::{Day, Moment, Month};

/// Trades in which something may cost several times the usual: a washing machine, a flight for four, a feast.
pub const DEAR: [&str; 9] = ["5311", "5999", "5200", "7011", "4511", "8011", "5411", "5812", "7832"];
/// Share of their sales that do. What mistakes of amount hide among.
const LARGE: f64 = 0.009;
/// Share that is followed by the same again: a second round, one more ticket. What double charges hide among.
const AGAIN: f64 = 0.012;
/// Share of things bought in shops that are brought back.
const RETURNED: f64 = 0.035;

/// A purchase on its way to an amount.
pub struct Draft {
    pub movement: Movement,
    /// Dollars before the budget is looked at.
    base: f64,
    /// Is not scaled.
    fixed: bool,
    /// Uniform: habit of prices.
    ending: f64,
    returned: Option<(Moment, f64)>,
}

/// What the drafts of a month share.
pub struct Shopper<'a> {
    pub world: &'a World,
    pub habits: &'a Habits,
    pub days: &'a Weights,
    /// Days of one month.
    pub from: Day,
    pub to: Day,
    /// Where they are away for some days of the month.
    pub trip: Trip,
}

#[derive(Clone, Copy)]
pub struct Trip {
    pub first: Day,
    pub last: Day,
    pub city: &'static str,
    pub country: &'static str,
}

impl Trip {
    /// One a month at most, of two days to a week; one in five goes abroad. Our assumption.
    pub fn of_month(world: &World, month: Month, draw: &mut Draw) -> Trip {
        let first = month.first().plus(draw.below(28) as i32);
        let last = first.plus(1 + draw.below(6) as i32);
        let goes = draw.chance(0.25);
        let abroad = ABROAD[draw.below(ABROAD.len() as u64) as usize];
        let city = Reference::get().cities[draw.index(world.residents.cities())].name;
        let (city, country) = if draw.chance(0.2) { abroad } else { (city, "US") };
        Trip { first, last: if goes { last } else { first.plus(-1) }, city, country }
    }
}

impl Shopper<'_> {
    /// Whom, where and when of all purchases; `accounts` weighs the accounts that pay, the checking account first.
    pub fn drafts(&self, accounts: &Weights, opened: &[Day], draw: &mut Draw) -> Vec<Draft> {
        let count = draw.poisson(self.habits.purchases);
        let mut drafts = Vec::with_capacity(count as usize + 8);
        for _ in 0..count {
            let draft = self.draft(accounts, opened, draw);
            let again = draw.uniform();
            if let Some(first) = draft.as_ref().filter(|_| again < AGAIN) {
                drafts.extend(first.again(again / AGAIN, self.to));
            }
            drafts.extend(draft);
        }
        drafts
    }

    fn draft(&self, accounts: &Weights, opened: &[Day], draw: &mut Draw) -> Option<Draft> {
        let catalogue = Catalogue::get();
        let day = self.from.month().first().plus(draw.index(self.days) as i32);
        let number = draw.index(&catalogue.trade_weights);
        let account = draw.index(accounts);
        let mut draft = self.purchase(day, number, draw);
        let is_cash = draft.movement.kind == TransactionType::AtmWithdrawal;
        // Before the card was there, it is paid from the account.
        if account > 0 && !is_cash && day > opened[account] {
            draft.movement.account = card_account(account - 1);
        }
        // Before the account was opened and after the data's end nothing is bought.
        (self.from <= day && day <= self.to).then_some(draft)
    }

    /// Something to eat, from the checking account.
    pub fn grocery(&self, day: Day, draw: &mut Draw) -> Draft {
        Draft { returned: None, fixed: false, ..self.purchase(day, 0, draw) }
    }

    fn purchase(&self, day: Day, number: usize, draw: &mut Draw) -> Draft {
        let (catalogue, habits) = (Catalogue::get(), self.habits);
        let trade = &catalogue.trades[number];
        let at = catalogue.moment(day, habits.shift, draw);
        let online = draw.chance(trade.online_share);
        let z = draw.normal();
        let size = draw.uniform();
        let ending = draw.uniform();
        let back = draw.uniform();
        let shop = habits.shop(catalogue, number, online, draw);
        let (city, country) = self.place(day, online, draw);
        let is_cash = trade.mcc == CASH;
        let (kind, entity) = match (is_cash, online) {
            (true, _) => (TransactionType::AtmWithdrawal, EntityType::Bank),
            (_, true) => (TransactionType::OnlinePurchase, EntityType::Merchant),
            _ => (TransactionType::CardPurchase, EntityType::Merchant),
        };
        let is_large = size < LARGE && DEAR.contains(&trade.mcc);
        let base = if is_cash {
            draw.pick(&CASH_AMOUNTS)
        } else if is_large {
            habits.usual_most(kind) * (1.6 + 2.8 * size / LARGE)
        } else {
            trade.median * libm::exp(trade.sigma * z) * habits.level
        };
        let is_returned = trade.category == Category::Retail && back < RETURNED && !is_large;
        let returned = if is_returned { self.returned(day, back / RETURNED, draw) } else { None };
        let movement = Movement {
            mcc: Some(trade.mcc),
            city,
            country,
            bond: Bond::Free,
            ..Movement::new(at, kind, trade.category, Cents::ZERO, habits.home).with(entity, shop.name, shop.purchase)
        };
        Draft { movement, base, fixed: is_cash || is_large, ending, returned }
    }

    /// Mostly at home, now and then in the next city, and where the trip of the month goes while it lasts. Shops on the web are
    /// sometimes abroad.
    pub fn place(&self, day: Day, online: bool, draw: &mut Draw) -> (&'static str, &'static str) {
        let (habits, trip) = (self.habits, self.trip);
        let (where_, shop) = (draw.uniform(), draw.below(ABROAD.len() as u64) as usize);
        let is_away = trip.first <= day && day <= trip.last;
        match (online, is_away) {
            (true, _) if where_ < 0.04 => ABROAD[shop],
            (true, _) => (habits.home, "US"),
            (_, true) => (trip.city, trip.country),
            _ if where_ < 1.0 - habits.home_share => (habits.near, "US"),
            _ => (habits.home, "US"),
        }
    }

    /// When something comes back and how much of its price: within the third of the month in which it was bought, where
    /// tables may begin, so that a purchase and its refund are always in a table together.
    fn returned(&self, day: Day, habit: f64, draw: &mut Draw) -> Option<(Moment, f64)> {
        let date = day.day_of_month();
        let end = match date {
            ..11 => day.month().day(10),
            11..21 => day.month().day(20),
            _ => day.month().last(),
        };
        let back = day.plus(1 + draw.below(6) as i32);
        let moment = at(back, 9 * 3600 + draw.below(8 * 3600) as u32, draw);
        let share = if habit < 0.7 { 1.0 } else { 0.2 + 0.6 * draw.uniform() };
        (back <= end.min(self.to)).then_some((moment, share))
    }
}

/// Sets amounts so that what is bought from the checking account stays within `budget`.
pub fn within(budget: Cents, drafts: &mut [Draft], thin: bool, draw: &mut Draw) {
    let sum: f64 = drafts.iter().filter(|draft| !draft.fixed).map(|draft| draft.base).sum();
    let fixed: f64 = drafts.iter().filter(|draft| draft.fixed).map(|draft| draft.base).sum();
    let mut left = (budget.dollars() * 0.93).max(0.0);
    if fixed > 0.6 * left {
        // Not this month.
        for draft in drafts.iter_mut().filter(|draft| draft.fixed && draft.base > 100.0) {
            draft.base = 20.0 * (1.0 + (draft.ending * 4.0).floor());
        }
    }
    left -= drafts.iter().filter(|draft| draft.fixed).map(|draft| draft.base).sum::<f64>();
    let factor = (left / sum.max(1.0)).clamp(0.0, 4.0);
    // Few purchases of the rich do not become dear ones: the rest of their spending is elsewhere.
    let factor = if factor > 1.25 { libm::pow(factor, 0.8).min(2.2) } else { factor };
    let floor = if thin { 0.25 } else { 0.02 };
    let keep = if thin { (factor / floor).min(1.0) } else { 1.0 };
    let factor = factor.max(floor);
    for draft in drafts {
        let stays = draw.chance(keep) || keep >= 1.0;
        let dollars = if draft.fixed { draft.base } else { draft.base * factor };
        draft.movement.amount = if stays { -priced(draft, dollars) } else { Cents::ZERO };
    }
}

/// Sets amounts so that purchases less what comes back make exactly this much; the accounts of cards.
pub fn exactly(total: Cents, drafts: &mut [Draft]) {
    let sum: f64 = drafts.iter().map(|draft| draft.base).sum();
    let net = |draft: &Draft| draft.base * (1.0 - draft.returned.map_or(0.0, |(_, share)| share));
    let net_sum: f64 = drafts.iter().map(net).sum();
    if net_sum < 0.3 * sum {
        drafts.iter_mut().for_each(|draft| draft.returned = None);
    }
    let net_sum: f64 = drafts.iter().map(net).sum();
    let factor = total.dollars() / net_sum.max(0.01);
    let mut left = total;
    for draft in drafts.iter_mut() {
        draft.movement.amount = -priced(draft, draft.base * factor);
        left = left + draft.movement.amount + draft.refund();
    }
    // What rounding and prices leave goes to the largest that stays; if it cannot bear it, to as many as it takes.
    let mut order: Vec<usize> = (0..drafts.len()).filter(|at| drafts[*at].returned.is_none()).collect();
    order.sort_by_key(|at| drafts[*at].movement.amount);
    for at in order {
        let draft = &mut drafts[at];
        let amount = (-draft.movement.amount + left).max(Cents(1));
        left -= amount + draft.movement.amount;
        draft.movement.amount = -amount;
        if left == Cents::ZERO {
            break;
        }
    }
}

/// Prices end as prices do.
fn priced(draft: &Draft, dollars: f64) -> Cents {
    if draft.movement.kind == TransactionType::AtmWithdrawal {
        return Cents::from_dollars(((dollars / 20.0).round() * 20.0).max(20.0));
    }
    let retail = matches!(draft.movement.category, Category::Retail | Category::Healthcare);
    let dollars = if retail && draft.ending < 0.30 {
        dollars.floor() + 0.99
    } else if draft.ending > 0.90 {
        dollars.floor().max(1.0)
    } else {
        dollars
    };
    // Nothing costs less than half a dollar, and not all that is cheap costs that.
    Cents::from_dollars(if dollars < 0.5 { 0.5 + 1.5 * draft.ending } else { dollars })
}

impl Draft {
    /// The same bought again, seconds to minutes later.
    fn again(&self, how: f64, last: Day) -> Option<Draft> {
        let gap = libm::exp(7.0 + 4.6 * how) as i64;
        let at = next_free(Moment(self.movement.at.0 + gap));
        let movement = Movement { at, ..self.movement.clone() };
        (at.day() <= last).then_some(Draft { movement, returned: None, ..*self })
    }

    /// What comes back of it.
    pub fn refund(&self) -> Cents {
        self.returned.map_or(Cents::ZERO, |(_, share)| {
            let price = -self.movement.amount;
            if share >= 1.0 { price } else { price.times(share) }
        })
    }

    pub fn returned_at(&self) -> Option<Moment> {
        self.returned.map(|(at, _)| at).filter(|_| self.movement.amount < Cents::ZERO)
    }
}
