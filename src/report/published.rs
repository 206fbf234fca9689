//! Published figures that the scorecard has no ranges for, each with the publication that it comes from.

/// Net worth of families by age of their head: name, first and last year of age, median in dollars.
pub(super) const NET_WORTH: [(&str, f64, f64, f64); 6] = [
    ("under 35", 18.0, 34.0, 39_000.0),
    ("35–44", 35.0, 44.0, 135_600.0),
    ("45–54", 45.0, 54.0, 247_200.0),
    ("55–64", 55.0, 64.0, 364_500.0),
    ("65–74", 65.0, 74.0, 409_900.0),
    ("75+", 75.0, f64::INFINITY, 335_600.0),
];
pub(super) const NET_WORTH_SOURCE: &str = "Survey of Consumer Finances, 2022";

/// New accounts of October 2000 that were 90 days late within two years: name, lowest score, percent.
pub(super) const NEW_ACCOUNTS: [(&str, f64, f64); 7] = [
    ("<520", 300.0, 41.0),
    ("520–559", 520.0, 28.4),
    ("560–599", 560.0, 22.5),
    ("600–639", 600.0, 15.8),
    ("640–679", 640.0, 8.9),
    ("680–719", 680.0, 4.4),
    ("720+", 720.0, 1.0),
];
pub(super) const NEW_ACCOUNTS_SOURCE: &str = "Federal Reserve, Report to Congress on Credit Scoring, 2007, table 2";

/// The score bands of the scorecard, by name.
pub(super) const BANDS: [&str; 5] = ["300–579", "580–669", "670–739", "740–799", "800–850"];
pub(super) const BANDS_SOURCE: &str = "Experian, March 2025";

/// Mean scores by age: name, first and last year of age, score.
pub(super) const SCORE_BY_AGE: [(&str, f64, f64, f64); 5] = [
    ("18–29", 18.0, 29.0, 659.0),
    ("30–39", 30.0, 39.0, 677.0),
    ("40–49", 40.0, 49.0, 690.0),
    ("50–59", 50.0, 59.0, 713.0),
    ("60+", 60.0, f64::INFINITY, 747.0),
];
pub(super) const SCORE_BY_AGE_SOURCE: &str = "FICO, 2018";

/// Mean utilisation of each band, percent.
pub(super) const UTILISATION: [f64; 5] = [85.0, 60.0, 37.5, 15.0, 7.0];
pub(super) const UTILISATION_SOURCE: &str = "Experian 2023–24 from memory, and FICO for 800 and more";

/// Lowest and highest yearly mean of the monthly roll from 30 to 60 days among mortgages in quiet years, percent.
pub(super) const ROLL_30_TO_60: (f64, f64) = (12.8, 16.0);
pub(super) const ROLL_SOURCE: &str = "Freddie Mac, 12.8 to 16.0 % in 2007 and 2013–19, 26.0 % in 2009";

/// Rates by score: lowest and highest score, percent a year.
pub(super) const PERSONAL_RATES: [(f64, f64, f64); 4] =
    [(600.0, 629.0, 30.25), (630.0, 689.0, 18.85), (690.0, 719.0, 14.5), (720.0, 850.0, 11.4)];
pub(super) const USED_CAR_RATES: [(f64, f64, f64); 4] =
    [(501.0, 600.0, 18.55), (601.0, 660.0, 13.28), (661.0, 780.0, 8.75), (781.0, 850.0, 6.79)];
pub(super) const RATES_SOURCE: &str = "personal loans Bankrate 2020, used cars Experian Q1 2023";

/// Mean unemployment from 1985 to 2019, percent.
pub(super) const UNEMPLOYMENT: f64 = 5.9;
pub(super) const UNEMPLOYMENT_SOURCE: &str = "FRED UNRATE";
