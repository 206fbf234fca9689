//! A customer talked into paying: by day, by their own hand, more each time, to somebody they never paid before.

use super::{Scene, between, later, stolen_sum};
use crate::generate::bank::habits::user_name;
use crate::generate::bank::movement::Movement;
use crate::model::{Category, Cents, EntityType, Label, TransactionType};

pub fn lay(scene: &mut Scene<'_>) {
    for (day, mut draw) in scene.cases(Label::AppScam) {
        let draw = &mut draw;
        let mut at = between(day, 9.0, 21.0, draw);
        let payee = user_name(draw.below(9_000_000_000));
        let home = scene.habits.home;
        let kind = TransactionType::BankTransfer;
        let mut last = Cents::ZERO;
        let mut rows = Vec::new();
        for _ in 0..1 + draw.below(3) {
            // As customers name what they send to people.
            let text = if draw.chance(0.75) { "Transfer to family" } else { "Shared costs" };
            let sum = Cents((stolen_sum(scene.habits, kind, draw).0 * 3 / 5 / 500 * 500).max(500));
            last = sum.max(Cents(last.0 * 6 / 5 / 500 * 500));
            let row =
                Movement::new(at, kind, Category::Family, -last, home).with(EntityType::Person, payee.clone(), text);
            rows.push((row, "payment"));
            at = later(at, 30.0, draw);
        }
        scene.add_case(Label::AppScam, rows, 240.0, draw);
    }
}
