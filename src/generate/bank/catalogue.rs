//! Where money goes: kinds of shops with their merchants, the other parties of a life, and the clock. All from `data/`.

use std::sync::LazyLock;

use crate::generate::draw::{Draw, Weights};
use crate::generate::reference::{Reference, number, rows};
use crate::model::Category;
use crate::schema::{Day, Moment, Month};

/// A kind of shop: a merchant category.
pub struct Trade {
    /// Merchant category code (ISO 18245).
    pub mcc: &'static str,
    pub category: Category,
    /// Share of purchases.
    pub weight: f64,
    /// Of a purchase, dollars, and the spread of its logarithm; 0 where prices are listed.
    pub median: f64,
    pub sigma: f64,
    /// Share bought from afar.
    pub online_share: f64,
    /// Chains first.
    pub shops: Vec<Merchant>,
    pub chains: usize,
    pub web_shops: Vec<Merchant>,
}

#[derive(Clone, Copy, Debug)]
pub struct Merchant {
    pub name: &'static str,
    /// What a statement says of a purchase there.
    pub purchase: &'static str,
}

/// The other parties of a life; see `data/counterparties_us.csv`.
pub struct Parties(Vec<(&'static str, Vec<&'static str>)>);

impl Parties {
    /// One of this kind.
    pub fn one(&self, kind: &str, draw: &mut Draw) -> &'static str {
        let names = self.0.iter().find(|(known, _)| *known == kind).map(|(_, names)| names.as_slice());
        let names = names.unwrap_or_default();
        names.get(draw.below(names.len() as u64) as usize).copied().unwrap_or("Unknown")
    }
}

pub struct Catalogue {
    pub trades: Vec<Trade>,
    /// Over [`Catalogue::trades`], of those that are neither bills nor subscriptions.
    pub trade_weights: Weights,
    pub parties: Parties,
    hours: Weights,
    weekdays: [f64; 7],
}

/// Bills and subscriptions, which come by themselves.
pub const TELECOM: &str = "4814";
pub const ENERGY: &str = "4900";
pub const SUBSCRIPTION: &str = "5968";
pub const CASH: &str = "6011";

/// What a subscription costs, dollars, and how many are of that price: our assumption.
pub const SUBSCRIPTION_PRICES: [(f64, f64); 12] = [
    (4.99, 0.06),
    (6.99, 0.08),
    (9.99, 0.16),
    (10.99, 0.13),
    (11.99, 0.1),
    (13.99, 0.1),
    (15.49, 0.14),
    (15.99, 0.1),
    (17.99, 0.05),
    (22.99, 0.04),
    (69.99, 0.02),
    (79.99, 0.02),
];
/// What is taken from a cash machine, dollars: our assumption.
pub const CASH_AMOUNTS: [(f64, f64); 7] =
    [(20.0, 0.27), (40.0, 0.24), (60.0, 0.15), (80.0, 0.12), (100.0, 0.13), (200.0, 0.07), (300.0, 0.02)];

/// Cities abroad in which customers of ours pay: our assumption.
pub const ABROAD: [(&str, &str); 14] = [
    ("Toronto", "CA"),
    ("Vancouver", "CA"),
    ("Cancun", "MX"),
    ("Mexico City", "MX"),
    ("London", "GB"),
    ("Dublin", "IE"),
    ("Paris", "FR"),
    ("Berlin", "DE"),
    ("Rome", "IT"),
    ("Barcelona", "ES"),
    ("Tokyo", "JP"),
    ("Hong Kong", "HK"),
    ("Sao Paulo", "BR"),
    ("Lagos", "NG"),
];

impl Catalogue {
    /// The tables, read at first use.
    pub fn get() -> &'static Catalogue {
        static TABLES: LazyLock<Catalogue> = LazyLock::new(Catalogue::load);
        &TABLES
    }

    fn load() -> Catalogue {
        let merchants = rows(include_str!("../../../data/merchants_us.csv"));
        let trades: Vec<Trade> = rows(include_str!("../../../data/mcc_mix.csv"))
            .iter()
            .map(|row| {
                let named = |online: &'static str| {
                    merchants.iter().filter(move |merchant| merchant[0] == row[0] && merchant[2] == online)
                };
                let of = |online| named(online).flat_map(|merchant| shops(merchant[1])).collect();
                Trade {
                    mcc: row[0],
                    category: category(row[1]),
                    weight: number(row[2]),
                    median: number(row[3]),
                    sigma: number(row[4]),
                    online_share: number(row[5]),
                    shops: of("0"),
                    chains: named("0").filter(|merchant| !merchant[1].contains('*')).count(),
                    web_shops: of("1"),
                }
            })
            .collect();
        let by_itself = [TELECOM, ENERGY, SUBSCRIPTION];
        let weight = |trade: &Trade| if by_itself.contains(&trade.mcc) { 0.0 } else { trade.weight };
        let clock = rows(include_str!("../../../data/clock_weights.csv"));
        let weights =
            |kind: &str| -> Vec<f64> { clock.iter().filter(|row| row[0] == kind).map(|row| number(row[2])).collect() };
        let weekdays = weights("dow_mon0");
        let mut parties: Vec<(&str, Vec<&str>)> = Vec::new();
        for row in rows(include_str!("../../../data/counterparties_us.csv")) {
            match parties.iter_mut().find(|(kind, _)| *kind == row[0]) {
                Some((_, names)) => names.push(row[1]),
                None => parties.push((row[0], vec![row[1]])),
            }
        }
        Catalogue {
            trade_weights: Weights::new(trades.iter().map(weight).collect()),
            trades,
            parties: Parties(parties),
            hours: Weights::new(weights("hour")),
            weekdays: std::array::from_fn(|day| weekdays[day]),
        }
    }

    /// The trade of this code. Panics if there is none.
    pub fn trade(&self, mcc: &str) -> &Trade {
        self.trades.iter().find(|trade| trade.mcc == mcc).expect("the code is in data/mcc_mix.csv")
    }

    /// How likely each day of a month sees a purchase.
    pub fn days(&self, month: Month) -> Weights {
        let last = month.last();
        let days = last.day_of_month() as i32;
        let weight = |number: i32| {
            let day = month.first().plus(number);
            // More is spent when pay has come: highest in the first week (CaixaBank Research 2021); the shape is our
            // assumption.
            let by_date = match number {
                0..3 => 1.12,
                3..7 => 1.04,
                14..17 => 1.06,
                _ if last.since(day) < 2 => 1.02,
                17..25 => 0.98,
                25.. => 0.95,
                _ => 1.0,
            };
            self.weekdays[day.weekday() as usize] * by_date
        };
        Weights::new((0..days).map(weight).collect())
    }

    /// A moment of this day at which people pay, `shift` seconds later than most.
    pub fn moment(&self, day: Day, shift: i32, draw: &mut Draw) -> Moment {
        let hour = draw.index(&self.hours) as f64;
        let second = ((hour + draw.uniform()) * 3600.0) as i32 + shift;
        at(day, second.rem_euclid(86_400) as u32, draw)
    }
}

/// Of milliseconds, those that no transfer between customers has (see `links.rs`).
const LAST_DIGITS: [i64; 8] = [0, 1, 2, 4, 5, 6, 8, 9];

/// This second of a day.
pub fn at(day: Day, second: u32, draw: &mut Draw) -> Moment {
    let bits = draw.below(800) as i64;
    Moment(day.at(second).0 + bits / 8 * 10 + LAST_DIGITS[(bits % 8) as usize])
}

/// So many milliseconds after a moment, or a few less or more: with last digits as even as those of [`at`], for nothing
/// shall tell by them what is computed from another time.
pub fn after(moment: Moment, ms: f64, draw: &mut Draw) -> Moment {
    Moment((moment.0 + ms as i64) / 10 * 10 + LAST_DIGITS[draw.below(8) as usize])
}

impl Trade {
    /// One of the shops: two in three are of a chain, our assumption.
    pub fn shop(&self, draw: &mut Draw) -> Merchant {
        let shops = if self.shops.is_empty() { &self.web_shops } else { &self.shops };
        let chain = draw.chance(0.65) && self.chains > 0;
        let at = draw.below(if chain { self.chains } else { shops.len() } as u64) as usize;
        shops.get(at).copied().unwrap_or(Merchant { name: "Cash machine", purchase: "Cash withdrawal" })
    }
}

/// A merchant, or, for a name with an asterisk, one for each of many surnames.
fn shops(name: &'static str) -> Vec<Merchant> {
    const SURNAMES: usize = 80;
    let merchant = |name: String| {
        let purchase = String::leak(format!("Purchase at {name}"));
        Merchant { name: String::leak(name), purchase }
    };
    if !name.contains('*') {
        return vec![merchant(name.to_owned())];
    }
    let surnames = Reference::get().last_names().iter().take(SURNAMES);
    surnames.map(|surname| merchant(name.replace('*', surname))).collect()
}

fn category(name: &str) -> Category {
    use Category::*;
    [Grocery, Restaurant, Fuel, Retail, OnlineService, Travel, Transport, Healthcare, Entertainment, Utility, Cash]
        .into_iter()
        .find(|category| category.name() == name)
        .expect("data/mcc_mix.csv names categories that there are")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_complete() {
        let catalogue = Catalogue::load();
        assert_eq!(catalogue.trades.len(), 17);
        for trade in &catalogue.trades {
            let by_itself = [TELECOM, ENERGY, CASH].contains(&trade.mcc);
            assert!(by_itself || trade.shops.len() + trade.web_shops.len() >= 5, "{}", trade.mcc);
            assert_eq!(trade.online_share > 0.0, !trade.web_shops.is_empty(), "{}", trade.mcc);
        }
        assert!((catalogue.trades.iter().map(|trade| trade.weight).sum::<f64>() - 1.0).abs() < 0.2);
        for kind in [
            "employer",
            "client",
            "landlord",
            "home_lender",
            "energy",
            "telecom",
            "insurer",
            "card_issuer",
            "brokerage",
            "dealer",
            "closing",
            "school",
            "supplier",
            "contractor",
            "pension",
            "unemployment",
            "family",
        ] {
            assert!(catalogue.parties.0.iter().any(|(known, names)| *known == kind && names.len() > 1), "{kind}");
        }
    }
}
