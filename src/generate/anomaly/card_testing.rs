//! A stolen card: tried out with small sums, then used until it is blocked.

use super::{Scene, between, minutes};
use crate::generate::bank::catalogue::{ABROAD, Catalogue};
use crate::generate::bank::movement::Movement;
use crate::generate::draw::Draw;
use crate::model::{Cents, EntityType, Label, TransactionType};

/// Where cards are tried and used on the web, and in shops: as honest people use theirs, with a lean to what can be sold on.
/// Our assumption; were the lean any stronger, the trade alone would tell.
const ON_THE_WEB: [(&str, f64); 11] = [
    ("5999", 0.25),
    ("5968", 0.15),
    ("5311", 0.14),
    ("5814", 0.13),
    ("7832", 0.07),
    ("4121", 0.07),
    ("5411", 0.06),
    ("5812", 0.06),
    ("4511", 0.03),
    ("5200", 0.02),
    ("7011", 0.02),
];
const IN_SHOPS: [(&str, f64); 10] = [
    ("5814", 0.18),
    ("5999", 0.17),
    ("5411", 0.14),
    ("5812", 0.13),
    ("5311", 0.12),
    ("5541", 0.10),
    ("5912", 0.05),
    ("5200", 0.04),
    ("7832", 0.04),
    ("4121", 0.03),
];

pub fn lay(scene: &mut Scene<'_>) {
    for (day, mut draw) in scene.cases(Label::CardTesting) {
        let draw = &mut draw;
        let account = scene.card_or_checking(day, draw);
        // Many begin at night, a third come from abroad.
        let mut at = if draw.chance(0.33) { between(day, 0.0, 6.0, draw) } else { between(day, 8.0, 23.0, draw) };
        let is_abroad = draw.chance(0.35);
        let abroad = ABROAD[draw.below(ABROAD.len() as u64) as usize];
        let (city, country) = if is_abroad { abroad } else { (scene.habits.home, "US") };
        let purchase = |at, dollars: f64, online: bool, draw: &mut Draw| {
            let bought = stolen(at, dollars, online, draw);
            Movement { account, city, country, ..bought }
        };
        let mut rows = Vec::new();
        for _ in 0..2 + draw.below(4) {
            let dollars = draw.log_normal(3.5, 0.9).clamp(0.5, 25.0);
            rows.push((purchase(at, dollars, true, draw), "test"));
            at = minutes(at, 3.0, draw);
        }
        for _ in 0..1 + draw.below(4) {
            at = minutes(at, 45.0, draw);
            let (small, large) = (draw.log_normal(80.0, 0.8), draw.log_normal(240.0, 0.6).min(1_500.0));
            let dollars = if draw.chance(0.6) { small } else { large };
            let online = draw.chance(0.6);
            rows.push((purchase(at, dollars, online, draw), "spending"));
        }
        scene.add_case(Label::CardTesting, rows, 72.0, draw);
    }
}

fn stolen(at: crate::schema::Moment, dollars: f64, online: bool, draw: &mut Draw) -> Movement {
    let trade = Catalogue::get().trade(if online { draw.pick(&ON_THE_WEB) } else { draw.pick(&IN_SHOPS) });
    // As often in each shop as honest people, or a shop's name would tell.
    let shop =
        if online { trade.web_shops[draw.below(trade.web_shops.len() as u64) as usize] } else { trade.shop(draw) };
    let kind = if online { TransactionType::OnlinePurchase } else { TransactionType::CardPurchase };
    let dollars = if draw.chance(0.2) { dollars.floor() + 0.99 } else { dollars.max(0.5) };
    let amount = -Cents::from_dollars(dollars);
    let bought =
        Movement::new(at, kind, trade.category, amount, "").with(EntityType::Merchant, shop.name, shop.purchase);
    Movement { mcc: Some(trade.mcc), ..bought }
}
