//! The same payment taken again, one to three times within seconds: a double tap, a faulty reader.

use super::{Laid, Scene, later};
use crate::generate::bank::catalogue::after;
use crate::generate::bank::movement::{Bond, Movement};
use crate::model::{Cents, Label, TransactionType};

pub fn lay(scene: &mut Scene<'_>) {
    use TransactionType::{CardPurchase, OnlinePurchase, PersonToPerson};
    let befallen = scene.befallen(Label::AccidentBurst, |movement| {
        matches!(movement.kind, CardPurchase | OnlinePurchase | PersonToPerson)
            && movement.amount < Cents::ZERO
            && movement.bond != Bond::Link
            && !movement.recurring
    });
    for payment in befallen {
        let draw = &mut scene.how(Label::AccidentBurst, payment.at.0);
        let more = draw.pick(&[(1, 0.62), (2, 0.26), (3, 0.12)]);
        if !scene.can_bear(payment.account, payment.at, Cents(payment.amount.0 * more)) {
            continue;
        }
        let mut moment = payment.at;
        let mut copies = Vec::new();
        for _ in 0..more {
            let gap = draw.log_normal(4_000.0, 0.7).clamp(700.0, 20_000.0);
            moment = after(moment, gap, draw);
            if moment.day() == payment.at.day() {
                moment = scene.insert(Movement { at: moment, bond: Bond::Firm, ..payment.clone() });
                copies.push(moment);
            }
        }
        let Some(first) = copies.first().copied() else { continue };
        scene.repeated.push((payment.at, payment.account));
        let known_at = later(moment, 20.0, draw);
        scene.laid.extend(copies.into_iter().map(|at| Laid {
            label: Label::AccidentBurst,
            at,
            account: payment.account,
            case: (first, payment.account),
            role: "repeat",
            known_at,
            original: None,
        }));
    }
}
