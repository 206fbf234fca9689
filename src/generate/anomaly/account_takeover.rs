//! An account taken over: within an hour or two several payments go to somebody it never paid before.

use super::{Scene, between, minutes, stolen_sum};
use crate::generate::bank::habits::user_name;
use crate::generate::bank::movement::Movement;
use crate::model::{Category, EntityType, Label, TransactionType};

pub fn lay(scene: &mut Scene<'_>) {
    for (day, mut draw) in scene.cases(Label::AccountTakeover) {
        let draw = &mut draw;
        let mut at = if draw.chance(0.28) { between(day, 0.0, 6.0, draw) } else { between(day, 7.0, 24.0, draw) };
        let payee = user_name(draw.below(9_000_000_000));
        let home = scene.habits.home;
        let mut rows = Vec::new();
        for _ in 0..2 + draw.below(5) {
            let (kind, text) = if draw.chance(0.7) {
                (TransactionType::PersonToPerson, "Sent to a person")
            } else {
                (TransactionType::BankTransfer, "Transfer to family")
            };
            let amount = -stolen_sum(scene.habits, kind, draw);
            let row =
                Movement::new(at, kind, Category::Family, amount, home).with(EntityType::Person, payee.clone(), text);
            rows.push((row, "transfer"));
            at = minutes(at, 12.0, draw);
        }
        scene.add_case(Label::AccountTakeover, rows, 30.0, draw);
    }
}
