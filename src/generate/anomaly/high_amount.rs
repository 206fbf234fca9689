//! A mistaken amount: two and a half to four times what is usual at most. Honest large payments are more frequent.

use super::{Laid, Scene, later};
use crate::generate::bank::movement::Bond;
use crate::generate::bank::purchases::DEAR;
use crate::model::{Cents, EntityType, Label, TransactionType};

pub fn lay(scene: &mut Scene<'_>) {
    use TransactionType::{BankTransfer, CardPurchase, OnlinePurchase, PersonToPerson};
    let befallen = scene.befallen(Label::HighAmount, |movement| {
        let is_free = match movement.kind {
            CardPurchase | OnlinePurchase => {
                movement.bond == Bond::Free && movement.mcc.is_some_and(|mcc| DEAR.contains(&mcc))
            }
            PersonToPerson => movement.bond != Bond::Link,
            BankTransfer => movement.entity == EntityType::Person,
            _ => false,
        };
        is_free && movement.amount < Cents::ZERO && !movement.recurring
    });
    for payment in befallen {
        let draw = &mut scene.how(Label::HighAmount, payment.at.0);
        let dollars = scene.habits.usual_most(payment.kind) * draw.between(2.5, 4.0);
        let ending = draw.uniform();
        // As honest ones are: to people in fives, in shops to the cent or to the dollar.
        let amount = -match payment.kind {
            PersonToPerson | BankTransfer => Cents::from_dollars((dollars / 5.0).round() * 5.0),
            _ if ending > 0.90 => Cents::from_dollars(dollars.round()),
            _ => Cents::from_dollars(dollars),
        };
        let more = amount - payment.amount;
        if more >= Cents::ZERO || !scene.can_bear(payment.account, payment.at, more) {
            continue;
        }
        let key = (payment.at, payment.account);
        if let Some(row) = scene.movements.iter_mut().find(|row| (row.at, row.account) == key) {
            row.amount = amount;
        }
        let known_at = later(payment.at, 48.0, draw);
        scene.laid.push(Laid {
            label: Label::HighAmount,
            at: payment.at,
            account: payment.account,
            case: key,
            role: "overpaid",
            known_at,
            original: None,
        });
    }
}
