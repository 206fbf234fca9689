//! What can be set about the model: what kind of people, what kind of lender, what kind of times.
//!
//! Every value here has a neutral default at which the model is the published one (see `data/README.md`). A factor
//! multiplies, a shift adds.

use crate::model::LoanType;

/// The parameters of the model that a scenario may set.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub market: MarketKind,
    pub recession: Recession,
    /// How long a recession lasts that is set by [`Recession::Begins`], in months, 1 to 60.
    pub recession_months: u32,
    /// How fast unemployment rises and share prices fall in a recession: 1 is the usual, 0.1 to 3.
    pub recession_severity: f64,
    /// The age range of customers in whole years at the end of the data, both inclusive, 18 to 99.
    pub youngest: u32,
    pub oldest: u32,
    /// Where customers live.
    pub states: States,
    /// Multiplies every income, 0.1 to 10.
    pub income_factor: f64,
    /// Added to everybody's creditworthiness, in standard deviations of the population, -3 to 3.
    pub creditworthiness_shift: f64,
    /// Multiplies the chance of losing a job or falling ill, 0 to 10.
    pub hardship_factor: f64,
    /// Added to the log-odds of missing a payment, at every stage, -3 to 3.
    pub delinquency_shift: f64,
    /// Multiplies what people spend of their income, 0.5 to 2.
    pub spending_factor: f64,
    /// Payments that a customer makes on an average day, drawn between these, 0.5 to 40; `None`: as often as people do.
    pub transactions_per_day: Option<(f64, f64)>,
    /// Multiplies the weight of each kind of loan among the applications, in the order of [`LoanType::ALL`], 0 to 100.
    pub loan_mix: [f64; LoanType::ALL.len()],
    /// Added to the lender's log-odds of saying yes, -5 to 5; 0.7 doubles the odds.
    pub approval_shift: f64,
    /// Added to every rate that is quoted, in percentage points, -10 to 10.
    pub rate_shift: f64,
    /// Multiplies the monthly chance of paying a loan off early, 0 to 20.
    pub prepayment_factor: f64,
}

impl Default for Model {
    fn default() -> Self {
        Model {
            market: MarketKind::Simulated,
            recession: Recession::Random,
            // The mean length of the ten recessions from 1945 to 2009 (NBER).
            recession_months: 11,
            recession_severity: 1.0,
            youngest: 18,
            oldest: 99,
            states: States::ALL,
            income_factor: 1.0,
            creditworthiness_shift: 0.0,
            hardship_factor: 1.0,
            delinquency_shift: 0.0,
            spending_factor: 1.0,
            transactions_per_day: None,
            loan_mix: [1.0; LoanType::ALL.len()],
            approval_shift: 0.0,
            rate_shift: 0.0,
            prepayment_factor: 1.0,
        }
    }
}

impl Model {
    /// Do the values go together? The error names the key it begins with.
    pub(super) fn check_together(&self) -> Result<(), (&'static str, String)> {
        if self.youngest > self.oldest {
            let why = format!(
                "youngest is {}, which is above oldest, {}; give a youngest of at most {}",
                self.youngest, self.oldest, self.oldest
            );
            return Err(("youngest", why));
        }
        if self.market != MarketKind::Simulated && self.recession != Recession::Random {
            let why = format!(
                "recession is {}, but a market that is {} has no recessions to set; \
                 give market simulated, or leave recession out",
                self.recession.text(),
                self.market.name()
            );
            return Err(("recession", why));
        }
        if self.states == States(0) {
            return Err(("states", "states names no state; give all, or postal codes such as CA, NY".to_owned()));
        }
        if self.loan_mix.iter().all(|factor| *factor == 0.0) {
            return Err(("loan_mix", "loan_mix leaves no kind of loan; give one of them a factor above 0".to_owned()));
        }
        Ok(())
    }
}

/// Where the economy's path comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketKind {
    /// A small macro model: another seed, another history.
    Simulated,
    /// The United States' own: through the published annual means, with the model's monthly noise around them.
    Replay,
    /// The same month for ever, at the point where the model is neutral: nothing follows the economy.
    Steady,
}

impl MarketKind {
    pub const ALL: [MarketKind; 3] = [MarketKind::Simulated, MarketKind::Replay, MarketKind::Steady];
    pub const NAMES: [&str; 3] = ["simulated", "replay", "steady"];

    pub const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// When the simulated economy shrinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recession {
    /// By chance: on average every 80 months of growth end in one.
    Random,
    /// Not in the last [`Recession::SPAN`] months.
    None,
    /// One, beginning this many months before the month of `as_of`, and no other in the last [`Recession::SPAN`].
    Begins(u32),
}

impl Recession {
    /// Months before `as_of` over which a set recession is the only one: fifteen years.
    pub const SPAN: u32 = 180;

    pub(super) fn read(text: &str) -> Option<Recession> {
        match text.to_ascii_lowercase().as_str() {
            "random" => Some(Recession::Random),
            "none" => Some(Recession::None),
            months => {
                let digits = months.bytes().all(|byte| byte.is_ascii_digit());
                let months = months.parse().ok().filter(|months| digits && *months <= Recession::SPAN)?;
                Some(Recession::Begins(months))
            }
        }
    }

    pub(super) fn text(self) -> String {
        match self {
            Recession::Random => "random".to_owned(),
            Recession::None => "none".to_owned(),
            Recession::Begins(months) => months.to_string(),
        }
    }
}

/// A set of the fifty states and the District of Columbia.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct States(u64);

impl States {
    /// Postal codes, in the order of the alphabet.
    pub const CODES: [&str; 51] = [
        "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY",
        "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH",
        "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
    ];
    pub const ALL: States = States((1 << Self::CODES.len()) - 1);

    /// The set of these postal codes; what is none is left out.
    pub fn of(codes: &[&str]) -> States {
        let positions = codes.iter().filter_map(|code| Self::CODES.iter().position(|known| known == code));
        States(positions.fold(0, |set, position| set | 1 << position))
    }

    /// Whether this postal code is in the set.
    pub fn contain(self, code: &str) -> bool {
        Self::CODES.iter().position(|known| *known == code).is_some_and(|position| self.0 >> position & 1 == 1)
    }

    pub(super) fn read(text: &str) -> Result<States, String> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(States::ALL);
        }
        text.split(',').map(str::trim).try_fold(States(0), |states, code| {
            let position = Self::CODES.iter().position(|known| known.eq_ignore_ascii_case(code));
            let position = position.ok_or_else(|| format!("{code:?} is not a state"))?;
            Ok(States(states.0 | 1 << position))
        })
    }

    pub(super) fn text(self) -> String {
        if self == States::ALL {
            return "all".to_owned();
        }
        Self::CODES.into_iter().filter(|code| self.contain(code)).collect::<Vec<_>>().join(", ")
    }
}

/// Reads `8-15`, or `usual`.
pub(super) fn read_pace(text: &str) -> Result<Option<(f64, f64)>, String> {
    if text.eq_ignore_ascii_case("usual") {
        return Ok(None);
    }
    let (least, most) = text.split_once('-').ok_or_else(|| format!("{text:?} is not a range of payments a day"))?;
    let read = |text: &str| super::keys::number(text.trim(), "a number of payments a day", 0.5..=40.0);
    let (least, most) = (read(least)?, read(most)?);
    if least > most {
        return Err(format!("{text:?} is not a range of payments a day, for it begins above its end"));
    }
    Ok(Some((least, most)))
}

/// As [`read_pace`] reads it.
pub(super) fn pace_text(pace: Option<(f64, f64)>) -> String {
    pace.map_or_else(|| "usual".to_owned(), |(least, most)| format!("{least}-{most}"))
}

/// Reads `mortgage=0, auto=2`, or `usual`.
pub(super) fn read_mix(text: &str) -> Result<[f64; LoanType::ALL.len()], String> {
    let mut mix = Model::default().loan_mix;
    if text.eq_ignore_ascii_case("usual") {
        return Ok(mix);
    }
    let mut named = [false; LoanType::ALL.len()];
    for part in text.split(',') {
        let pair = part.split_once('=').map(|(kind, factor)| (kind.trim(), factor.trim()));
        let (kind, factor) = pair.ok_or_else(|| format!("{:?} is not a kind of loan and its factor", part.trim()))?;
        let position = LoanType::NAMES.iter().position(|known| known.eq_ignore_ascii_case(kind));
        let position = position.ok_or_else(|| format!("{kind:?} is not a kind of loan"))?;
        if std::mem::replace(&mut named[position], true) {
            return Err(format!("{text:?} is not a mix of loans, for it names {kind} twice"));
        }
        mix[position] = super::keys::number(factor, "a factor", 0.0..=100.0)?;
    }
    Ok(mix)
}

/// The factors that are not 1, as [`read_mix`] reads them.
pub(super) fn mix_text(mix: &[f64; LoanType::ALL.len()]) -> String {
    let named = LoanType::NAMES.iter().zip(mix).filter(|(_, factor)| **factor != 1.0);
    let parts: Vec<String> = named.map(|(kind, factor)| format!("{kind}={}", factor + 0.0)).collect();
    if parts.is_empty() { "usual".to_owned() } else { parts.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back() {
        assert_eq!(States::read("all"), Ok(States::ALL));
        assert_eq!(States::ALL.text(), "all");
        let some = States::read("ny, CA").unwrap();
        assert_eq!(some.text(), "CA, NY");
        assert!(some.contain("CA") && !some.contain("TX"));
        assert_eq!(States::read("CA,").unwrap_err(), "\"\" is not a state");
        assert!(States::CODES.is_sorted());
    }

    #[test]
    fn mixes_read_back() {
        assert_eq!(mix_text(&read_mix("usual").unwrap()), "usual");
        assert_eq!(mix_text(&read_mix("Mortgage = 0,auto=2.50").unwrap()), "auto=2.5, mortgage=0");
        assert_eq!(read_mix("cars=1").unwrap_err(), "\"cars\" is not a kind of loan");
        assert!(read_mix("auto=0, Auto=1").unwrap_err().ends_with("it names Auto twice"));
        assert!(read_mix("auto=101").is_err() && read_mix("auto").is_err() && read_mix("").is_err());
    }

    #[test]
    fn paces_read_back() {
        for text in ["usual", "8-15", "0.5-40"] {
            assert_eq!(pace_text(read_pace(text).unwrap()), text);
        }
        assert!(read_pace("15-8").unwrap_err().ends_with("it begins above its end"));
        assert!(read_pace("8").is_err() && read_pace("0-5").is_err() && read_pace("").is_err());
    }

    #[test]
    fn what_does_not_go_together_is_found() {
        let says = |model: Model| model.check_together().unwrap_err().1;
        let base = Model::default;
        assert!(says(Model { youngest: 40, oldest: 30, ..base() }).contains("above oldest"));
        assert!(says(Model { loan_mix: [0.0; 7], ..base() }).contains("no kind of loan"));
        let frozen = Model { market: MarketKind::Steady, recession: Recession::Begins(24), ..base() };
        assert!(says(frozen).starts_with("recession is 24, but a market that is steady has"));
        assert_eq!(base().check_together(), Ok(()));
    }
}
