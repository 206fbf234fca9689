//! A payee's number with one or two digits wrong. Some wrong numbers are nobody's and the payment bounces; of the
//! strangers who are paid, some return it.

use super::{Laid, Scene, later, minutes};
use crate::generate::bank::movement::{Bond, Movement};
use crate::generate::draw::Draw;
use crate::model::{Cents, EntityType, Label, TransactionType};
use crate::schema::Moment;

pub fn lay(scene: &mut Scene<'_>) {
    let befallen = scene.befallen(Label::MistypedEntity, |movement| {
        matches!(movement.kind, TransactionType::PersonToPerson | TransactionType::BankTransfer)
            && movement.entity == EntityType::Person
            && movement.bond != Bond::Link
            && movement.amount < Cents::ZERO
    });
    for payment in befallen {
        let draw = &mut scene.how(Label::MistypedEntity, payment.at.0);
        let wrong = mistyped(&payment.payee, draw);
        let outcome = draw.uniform();
        let known_at = later(payment.at, 60.0, draw);
        let case = (payment.at, payment.account);
        let label = |at: Moment, role, original| Laid {
            label: Label::MistypedEntity,
            at,
            account: payment.account,
            case,
            role,
            known_at: known_at.max(at),
            original,
        };
        // A bounce comes back within an hour or two, a stranger takes days.
        let back = match outcome {
            ..0.35 => Some(minutes(payment.at, 60.0, draw)),
            0.35..0.5 => Some(later(payment.at, 70.0, draw)),
            _ => None,
        };
        if let Some(row) = scene.movements.iter_mut().find(|row| (row.at, row.account) == case) {
            row.payee = wrong.clone().into();
        }
        scene.laid.push(label(payment.at, "misdirected", Some(payment.payee.to_string())));
        if let Some(back) = back.filter(|back| back.day() <= scene.world.calendar.as_of) {
            let text = match payment.kind {
                TransactionType::PersonToPerson => "Received from a person",
                _ => "Transfer from family",
            };
            let amount = -payment.amount;
            let returned =
                Movement { at: back, payee: wrong.into(), description: text.into(), amount, ..payment.clone() };
            let at = scene.insert(returned);
            scene.laid.push(label(at, "returned", None));
        }
    }
}

/// One digit changed (half of them), two neighbours swapped, or two digits changed. The first stays as it is.
fn mistyped(payee: &str, draw: &mut Draw) -> String {
    let mut digits: Vec<u8> = payee.bytes().collect();
    let start = digits.iter().position(u8::is_ascii_digit).unwrap_or(digits.len()) + 1;
    let count = digits.len().saturating_sub(start) as u64;
    let way = draw.uniform();
    let place = start + draw.below(count.saturating_sub(1)) as usize;
    let other = start + draw.below(count) as usize;
    let (one, two) = (draw.below(9) as u8, draw.below(9) as u8);
    if count < 2 {
        return payee.to_owned();
    }
    let change = |digit: u8, by: u8| b'0' + (digit - b'0' + 1 + by) % 10;
    if (0.5..0.8).contains(&way) && digits[place] != digits[place + 1] {
        digits.swap(place, place + 1);
    } else {
        digits[place] = change(digits[place], one);
        if way >= 0.8 && other != place {
            digits[other] = change(digits[other], two);
        }
    }
    String::from_utf8(digits).unwrap_or_else(|_| payee.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::seed::Seed;

    #[test]
    fn one_or_two_digits_are_wrong() {
        let draw = &mut Seed(1).stream("test").at(0);
        let mut both = 0;
        for _ in 0..2_000 {
            let wrong = mistyped("user_1234567890", draw);
            let differing = wrong.bytes().zip("user_1234567890".bytes()).filter(|(a, b)| a != b).count();
            assert!(wrong.len() == 15 && wrong.starts_with("user_1") && (1..=2).contains(&differing), "{wrong}");
            both += usize::from(differing == 2);
        }
        assert!((700..1_200).contains(&both), "{both}");
        assert_eq!(mistyped("user_1", draw), "user_1");
    }
}
