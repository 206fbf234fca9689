//! An account lent to others: money comes from strangers and is passed on within hours, all of it.

use super::{Scene, between, minutes, stolen_sum};
use crate::generate::bank::habits::user_name;
use crate::generate::bank::movement::Movement;
use crate::generate::draw::Draw;
use crate::model::{Category, Cents, EntityType, Label, TransactionType};
use crate::schema::Moment;

pub fn lay(scene: &mut Scene<'_>) {
    for (day, mut draw) in scene.cases(Label::Mule) {
        let draw = &mut draw;
        let mut at = between(day, 8.0, 20.0, draw);
        let home = scene.habits.home;
        let transfer = |at: Moment, amount: Cents, draw: &mut Draw| {
            let stranger = user_name(draw.below(9_000_000_000));
            let (kind, entity) = (TransactionType::PersonToPerson, EntityType::Person);
            let comes = amount > Cents::ZERO;
            let text = if comes { "Received from a person" } else { "Sent to a person" };
            let row = Movement::new(at, kind, Category::Family, amount, home).with(entity, stranger, text);
            (row, if comes { "received" } else { "forwarded" })
        };
        let mut rows = Vec::new();
        for _ in 0..1 + draw.below(3) {
            let amount = stolen_sum(scene.habits, TransactionType::PersonToPerson, draw);
            let at_once = draw.chance(0.7) || amount < Cents(2_000);
            let first = if at_once { amount } else { Cents(amount.0 * 3 / 5 / 100 * 100) };
            rows.push(transfer(at, amount, draw));
            at = minutes(at, 90.0, draw);
            rows.push(transfer(at, -first, draw));
            if amount > first {
                at = minutes(at, 30.0, draw);
                rows.push(transfer(at, first - amount, draw));
            }
            at = minutes(at, 600.0, draw);
        }
        // What could not be passed on by the data's end never came: nobody gains by this.
        if rows.iter().all(|(row, _)| row.at.day() <= scene.world.calendar.as_of) {
            scene.add_case(Label::Mule, rows, 500.0, draw);
        }
    }
}
