//! What customers are called in data sets, and which one is meant.

use crate::error::{Error, Result};
use crate::generate::World;
use crate::model::{Id, Space};

/// `customer_001` for the first: three digits, more only from the thousandth on, so that a name does not depend on how many
/// customers there are.
pub fn customer_name(index: u64) -> String {
    format!("customer_{:03}", index + 1)
}

/// `user_000` for the first.
pub fn user_name(index: u64) -> String {
    format!("user_{index:03}")
}

/// The index of the customer that `text` names: an index, a customer_id, or a name as data sets have them.
pub fn find(world: &World, text: &str) -> Result<u64> {
    let customers = world.scenario.customers;
    if customers == 0 {
        return Err(Error::Scenario("this bank has no customers; give --customers 1 or more".to_owned()));
    }
    let number = |text: &str| text.parse::<u64>().ok().filter(|_| !text.starts_with('+'));
    let index = match (text.strip_prefix("customer_"), text.strip_prefix("user_")) {
        (Some(name), _) => number(name).and_then(|number| number.checked_sub(1)),
        (_, Some(name)) => number(name),
        _ => number(text),
    };
    let index = match (index, text.parse::<Id>()) {
        (Some(index), _) => index,
        (None, Ok(id)) if id.tag() != world.ids.tag() => {
            let (seed, as_of) = (world.scenario.seed, world.calendar.as_of);
            return Err(Error::Scenario(format!(
                "--customer: {text} comes from another world than seed {seed} as of {as_of}; give its --seed and scenario"
            )));
        }
        (None, Ok(id)) if id.space() != Some(Space::MarketData) => id.owner(),
        _ => {
            return Err(Error::Scenario(format!(
                "--customer: {text:?} names no customer; give a number from 0 on, a customer_id, or a name such as customer_001 \
                 or user_000"
            )));
        }
    };
    if index >= customers {
        return Err(Error::Scenario(format!(
            "--customer: {text} is not among the {customers} customers, who are numbered from 0; give another, or more --customers"
        )));
    }
    Ok(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn names_do_not_depend_on_how_many_there_are() {
        assert_eq!([0, 998, 999].map(customer_name), ["customer_001", "customer_999", "customer_1000"]);
        assert_eq!([0, 999, 1000].map(user_name), ["user_000", "user_999", "user_1000"]);
    }

    #[test]
    fn a_customer_has_four_names() {
        let world = World::new(&Scenario { customers: 20, ..Scenario::default() });
        let id = world.ids.nth(Space::Customer, 17, 0).to_string();
        for text in ["17", &id, "customer_018", "user_017"] {
            assert_eq!(find(&world, text).unwrap(), 17, "{text}");
        }
        let says = |text: &str| find(&world, text).unwrap_err().to_string();
        assert!(says("20").contains("20 is not among the 20 customers"));
        assert!(says("customer_000").contains("names no customer"));
        assert!(says("Deborah").contains("names no customer"));
        assert!(says("+5").contains("names no customer") && says("customer_+5").contains("names no customer"));
        let stranger = World::new(&Scenario { seed: 7, ..Scenario::default() }).ids.nth(Space::Customer, 1, 0);
        assert!(says(&stranger.to_string()).contains("another world"));
        let nobody = World::new(&Scenario { customers: 0, ..Scenario::default() });
        assert!(find(&nobody, "0").unwrap_err().to_string().contains("no customers"));
    }
}
