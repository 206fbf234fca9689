//! Cash paid in below the threshold of reports (10,000 dollars, 31 CFR 1010.311) over some days, and moved on.

use super::{Scene, between, later};
use crate::generate::bank::cash::{deposit, supplies};
use crate::model::{Cents, Label};

pub fn lay(scene: &mut Scene<'_>) {
    for (day, mut draw) in scene.cases(Label::Structuring) {
        let draw = &mut draw;
        let home = scene.habits.home;
        let mut rows = Vec::new();
        let mut sum = Cents::ZERO;
        let mut at = between(day, 9.0, 17.0, draw);
        for _ in 0..2 + draw.below(3) {
            let step = draw.pick(&[(50.0, 0.4), (100.0, 0.4), (10.0, 0.2)]);
            let amount = Cents::from_dollars((draw.between(7_200.0, 9_900.0) / step).round() * step);
            sum += amount;
            rows.push((deposit(at, amount, home), "deposit"));
            let next = at.day().plus(1 + draw.below(3) as i32);
            at = between(next, 9.0, 17.0, draw);
        }
        let last = rows.last().map_or(at, |(row, _)| row.at);
        rows.push((supplies(later(last, 20.0, draw), -sum, home, draw), "moved_on"));
        // What could not be moved on by the data's end was never paid in.
        if rows.iter().all(|(row, _)| row.at.day() <= scene.world.calendar.as_of) {
            scene.add_case(Label::Structuring, rows, 900.0, draw);
        }
    }
}
