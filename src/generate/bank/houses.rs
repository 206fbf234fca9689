//! The four houses, one for each region of the Census Bureau.

use crate::model::Bank;

/// In the order of their ids.
pub const HOUSES: [Bank; 4] = [
    house("midwest", "Copper Plough Bank"),
    house("northeast", "Lantern Quay Savings Bank"),
    house("south", "Heron Ferry Bank"),
    house("west", "Saltbrush Canyon Bank"),
];

const fn house(bank_id: &'static str, bank_name: &'static str) -> Bank {
    Bank { bank_id, bank_name, data_source: "SYNTHETIC", extracted_at: None }
}

/// The id of the house at which people of this state keep their accounts, by the regions of the Census Bureau (Census
/// Regions and Divisions of the United States).
pub fn house_of(state: &str) -> &'static str {
    match state {
        "CT" | "MA" | "ME" | "NH" | "NJ" | "NY" | "PA" | "RI" | "VT" => "northeast",
        "IA" | "IL" | "IN" | "KS" | "MI" | "MN" | "MO" | "ND" | "NE" | "OH" | "SD" | "WI" => "midwest",
        "AK" | "AZ" | "CA" | "CO" | "HI" | "ID" | "MT" | "NM" | "NV" | "OR" | "UT" | "WA" | "WY" => "west",
        _ => "south",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DATA_SOURCES;
    use crate::scenario::States;

    #[test]
    fn every_state_has_its_house() {
        assert!(HOUSES.is_sorted_by_key(|house| house.bank_id));
        let states = |id: &str| States::CODES.into_iter().filter(|state| house_of(state) == id).count();
        assert_eq!(HOUSES.map(|house| states(house.bank_id)), [12, 9, 17, 13]);
        assert_eq!(HOUSES.map(|house| states(house.bank_id)).iter().sum::<usize>(), States::CODES.len());
        assert!(HOUSES.iter().all(|house| DATA_SOURCES.contains(&house.data_source)));
    }
}
