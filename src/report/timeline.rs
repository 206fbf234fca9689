//! A life as a timeline: the score, how far behind with payments, and every application with what became of it.

use std::fmt::Write;

use super::figure::Figure;
use super::html::{dollars, escape, fixed, grouped, spaced};
use crate::encode::{LifeRecords, Record};
use crate::model::PAYMENT_STATES;
use crate::schema::{Day, Month};
use crate::validate::realism::panel::{MOST_MONTHS, number};

/// Of the drawing.
const WIDTH: f64 = 480.0;
const LEFT: f64 = 34.0;
/// Room for the newest score is left beside it.
const RIGHT: f64 = 446.0;
/// Where the score's field begins and ends.
const SCORES: (f64, f64) = (12.0, 122.0);
/// Where the strip of late months ends, and how high it is.
const STRIP: (f64, f64) = (156.0, 24.0);
/// Where the first application's lane lies, and how far the next.
const LANES: (f64, f64) = (184.0, 30.0);
/// The room that a letter takes at most.
const LETTER: f64 = 7.2;
/// Applications that are shown, the newest.
const MOST_LANES: usize = 6;

/// The five years that are shown.
struct Span {
    first: Day,
    last: Day,
}

impl Span {
    fn x(&self, day: Day) -> f64 {
        let whole = f64::from(self.last.since(self.first)).max(1.0);
        let part = f64::from(day.0.clamp(self.first.0, self.last.0) - self.first.0) / whole;
        LEFT + part * (RIGHT - LEFT)
    }
}

pub(super) fn figure(title: &'static str, life: &LifeRecords, end: Day) -> Option<Figure> {
    let customer = life.of("customers").first()?;
    Some(Figure {
        title,
        unit: "",
        key: Vec::new(),
        chart: Some(drawing(title, life, end)),
        caption: words(customer, life, end),
    })
}

/// Who it is, and what happened in numbers.
fn words(customer: &Record, life: &LifeRecords, end: Day) -> String {
    let of = |column: &str| escape(customer.text(column).unwrap_or("?"));
    let age = customer.day("date_of_birth").map_or("?".to_owned(), |born| {
        let ((year, month, day), (then, birth_month, birthday)) = (end.ymd(), born.ymd());
        (year - then - i32::from((month, day) < (birth_month, birthday))).to_string()
    });
    let income = number(customer, "annual_income").map_or("?".to_owned(), dollars);
    let late =
        life.of("credit_history").iter().filter(|row| row.text("payment_history").is_some_and(|at| at != "current"));
    let times = |count: usize, one: &str, many: &str| match count {
        0 => format!("no {many}"),
        1 => format!("one {one}"),
        _ => format!("{} {many}", grouped(count as u64)),
    };
    format!(
        "<strong>{} {}</strong>, {age}, {}, on {income} a year in {}, {}: {}, {}, {} in {}.",
        of("first_name"),
        of("last_name"),
        spaced(&of("employment_type")),
        of("city"),
        of("state"),
        times(life.of("loan_applications").len(), "application", "applications"),
        times(life.of("loans").len(), "loan", "loans"),
        times(late.count(), "late month", "late months"),
        times(life.of("credit_history").len(), "month of credit history", "months of credit history"),
    )
}

fn drawing(title: &str, life: &LifeRecords, end: Day) -> String {
    let span = Span { first: end.month().plus(1 - MOST_MONTHS as i32).first(), last: end };
    let lanes = lanes(life, &span);
    let height = LANES.0 + LANES.1 * lanes.len().max(1) as f64 + 4.0;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" class=\"life\"><title>{}</title>",
        escape(&format!("{title}: credit score, late payments and loans over five years"))
    );
    years(&mut svg, &span, height);
    scores(&mut svg, life, &span);
    strip(&mut svg, life, &span);
    for (number, lane) in lanes.iter().enumerate() {
        lane.draw(&mut svg, LANES.0 + LANES.1 * number as f64, &span);
    }
    svg + "</svg>"
}

fn years(svg: &mut String, span: &Span, height: f64) {
    for year in span.first.ymd().0..=span.last.ymd().0 {
        let Some(day) = Day::from_ymd(year, 1, 1).filter(|day| *day >= span.first && *day <= span.last) else {
            continue;
        };
        let x = span.x(day);
        let _ = write!(svg, "<path d=\"M{x:.1} {}V{:.1}\" class=\"line-grid\"/>", SCORES.0, height - 4.0);
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{}\" class=\"small\">{year}</text>", x + 3.0, SCORES.1 + 2.0);
    }
}

fn scores(svg: &mut String, life: &LifeRecords, span: &Span) {
    let y = |score: f64| SCORES.1 - 12.0 - (score.clamp(300.0, 850.0) - 300.0) / 550.0 * (SCORES.1 - 12.0 - SCORES.0);
    for score in [400, 600, 800] {
        let at = y(f64::from(score));
        let _ = write!(svg, "<path d=\"M{LEFT} {at:.1}H{RIGHT}\" class=\"line-grid\"/>");
        let _ = write!(svg, "<text x=\"{}\" y=\"{at:.1}\" dy=\".35em\" class=\"end small\">{score}</text>", LEFT - 5.0);
    }
    let mut points: Vec<(Day, i64)> = life
        .of("credit_history")
        .iter()
        .filter_map(|row| Some((row.day("record_date")?, row.int("credit_score")?)))
        .collect();
    points.sort_unstable();
    points.retain(|(day, _)| (span.first..=span.last).contains(day));
    let Some((last_day, last_score)) = points.last() else { return };
    let path = points.iter().map(|(day, score)| format!("{:.1},{:.1}", span.x(*day), y(*score as f64)));
    let path: Vec<String> = path.collect();
    let _ = write!(svg, "<polyline points=\"{}\" class=\"line-here\" stroke-width=\"2.5\"/>", path.join(" "));
    let (x, at) = (span.x(*last_day), y(*last_score as f64));
    let _ = write!(svg, "<circle cx=\"{x:.1}\" cy=\"{at:.1}\" r=\"3.5\" class=\"fill-here\"/>");
    let _ = write!(svg, "<text x=\"{:.1}\" y=\"{at:.1}\" dy=\".35em\" class=\"strong\">{last_score}</text>", x + 7.0);
}

/// A block for each late month: the further behind, the higher and the darker.
fn strip(svg: &mut String, life: &LifeRecords, span: &Span) {
    let (bottom, height) = STRIP;
    let _ = write!(svg, "<path d=\"M{LEFT} {bottom}H{RIGHT}\" class=\"line-base\"/>");
    let _ = write!(svg, "<text x=\"{}\" y=\"{}\" class=\"end small\">late</text>", LEFT - 5.0, bottom - 2.0);
    let width = (RIGHT - LEFT) / MOST_MONTHS as f64;
    let mut months: Vec<(Month, usize)> = life
        .of("credit_history")
        .iter()
        .filter_map(|row| {
            let state = PAYMENT_STATES.iter().position(|known| Some(*known) == row.text("payment_history"))?;
            Some((row.day("record_date")?.month(), state))
        })
        .collect();
    months.sort_unstable();
    for (month, state) in months {
        let place = month.since(span.first.month());
        if state == 0 || !(0..MOST_MONTHS as i32).contains(&place) {
            continue;
        }
        let high = height * state as f64 / 4.0;
        let _ = write!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{high}\" class=\"late-{state}\"/>",
            LEFT + f64::from(place) * width,
            bottom - high,
            width - 0.6
        );
    }
}

/// An application and what became of it.
struct Lane {
    asked: Day,
    /// What, how much, at what rate.
    label: String,
    fate: Fate,
}

enum Fate {
    Refused(Day),
    /// Withdrawn, or not decided yet.
    Open,
    /// Funded, ended, and how.
    Loan(Day, Day, End),
}

#[derive(Clone, Copy)]
enum End {
    Running,
    PaidOff,
    Defaulted,
}

/// The newest applications, oldest first.
fn lanes(life: &LifeRecords, span: &Span) -> Vec<Lane> {
    let rows = life.of("loan_applications").iter();
    let mut lanes: Vec<Lane> = rows.filter_map(|application| lane(life, application, span)).collect();
    // Stable, so that lanes of one day stay in the order of their ids.
    lanes.sort_by_key(|lane| lane.asked);
    lanes.split_off(lanes.len().saturating_sub(MOST_LANES))
}

fn lane(life: &LifeRecords, application: &Record, span: &Span) -> Option<Lane> {
    let id = application.text("application_id")?;
    let asked = application.day("application_date")?;
    let of = |table: &str| life.of(table).iter().find(|row| row.text("application_id") == Some(id));
    let (decision, loan) = (of("loan_decisions"), of("loans"));
    let told = |event_type: &str| {
        let event = life
            .of("events")
            .iter()
            .find(|event| event.text("event_type") == Some(event_type) && event.text("correlation_id") == Some(id));
        event.and_then(|event| event.moment("occurred_at")).map(|moment| moment.day())
    };
    let fate = match loan.and_then(|loan| Some((loan, loan.day("funded_on")?))) {
        Some((loan, funded)) => match loan.text("status") {
            Some("paid_off") => Fate::Loan(funded, told("loan-paid-off").unwrap_or(span.last), End::PaidOff),
            Some("defaulted") => Fate::Loan(funded, told("loan-defaulted").unwrap_or(span.last), End::Defaulted),
            _ => Fate::Loan(funded, span.last, End::Running),
        },
        None => match decision.and_then(|row| row.text("decision")) {
            Some("rejected") => Fate::Refused(decision.and_then(|row| row.day("decided_on")).unwrap_or(asked)),
            _ => Fate::Open,
        },
    };
    let kind = match application.text("loan_type") {
        Some("heloc") => "HELOC".to_owned(),
        kind => spaced(kind.unwrap_or("?")),
    };
    let amount = number(application, "requested_amount").map(dollars).unwrap_or_default();
    let rate = loan.and_then(|loan| number(loan, "annual_rate")).map(|rate| format!(", {} %", fixed(rate, 1)));
    let outcome = match (&fate, decision.and_then(|row| row.text("decision"))) {
        (Fate::Refused(_), _) => ", refused",
        (Fate::Open, Some("approved")) => ", not taken up",
        (Fate::Open, Some("withdrawn")) => ", withdrawn",
        (Fate::Open, _) => ", not decided",
        (Fate::Loan(_, _, End::PaidOff), _) => ", paid off",
        (Fate::Loan(_, _, End::Defaulted), _) => ", defaulted",
        (Fate::Loan(_, _, End::Running), _) => "",
    };
    Some(Lane { asked, label: format!("{kind} {amount}{}{outcome}", rate.unwrap_or_default()), fate })
}

impl Lane {
    /// At height `y`: the words, and the line below them.
    fn draw(&self, svg: &mut String, y: f64, span: &Span) {
        let (asked, line) = (span.x(self.asked), y + 9.5);
        // Words that would reach beyond the edge end there instead.
        let reach = asked + LETTER * self.label.chars().count() as f64;
        let (anchor, at) = if reach > WIDTH { ("end ", WIDTH) } else { ("", (asked - 4.0).max(LEFT)) };
        let _ = write!(svg, "<text x=\"{at:.1}\" y=\"{y:.1}\" class=\"{anchor}small\">{}</text>", escape(&self.label));
        if let Fate::Loan(funded, ended, end) = self.fate {
            let (from, to) = (span.x(funded), span.x(ended).max(span.x(funded) + 2.0));
            let _ = write!(
                svg,
                "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"6\" rx=\"1\" class=\"fill-loan\"/>",
                line - 3.0,
                to - from
            );
            match end {
                End::Running => (),
                End::PaidOff => {
                    let _ = write!(svg, "<circle cx=\"{to:.1}\" cy=\"{line}\" r=\"5\" class=\"fill-second\"/>");
                }
                End::Defaulted => {
                    let _ = write!(
                        svg,
                        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"10\" height=\"10\" class=\"late-4\"/>",
                        to - 5.0,
                        line - 5.0
                    );
                }
            }
        }
        let _ = write!(svg, "<circle cx=\"{asked:.1}\" cy=\"{line}\" r=\"3.6\" class=\"asked\"/>");
        if let Fate::Refused(day) = self.fate {
            let x = span.x(day).max(asked + 9.0).min(RIGHT - 4.0);
            let _ = write!(
                svg,
                "<path d=\"M{:.1} {}l8 8m0 -8l-8 8\" class=\"line-published\" stroke-width=\"2.5\"/>",
                x - 4.0,
                line - 4.0
            );
        }
    }
}

/// The lives, and beside them how to read them.
pub(super) fn section(lives: Vec<Figure>) -> String {
    if lives.is_empty() {
        return "<p class=\"few\">too few rows</p>\n".to_owned();
    }
    let figures: String = lives.iter().map(Figure::html).collect();
    format!("<div class=\"grid\">\n{figures}{LEGEND}\n</div>\n")
}

/// What the signs of a timeline mean, drawn as they are there.
const LEGEND: &str = concat!(
    "<figure class=\"legend\"><h3>How to read them</h3><ul>",
    "<li><svg viewBox=\"0 0 40 16\"><path d=\"M2 11L12 6L24 8L38 3\" class=\"line-here\" stroke-width=\"2.5\"/></svg>",
    "the credit score, month by month</li>",
    "<li><svg viewBox=\"0 0 40 16\"><path d=\"M2 11.5h8v3.5h-8z\" class=\"late-1\"/>",
    "<path d=\"M11 8h8v7h-8z\" class=\"late-2\"/><path d=\"M20 4.5h8v10.5h-8z\" class=\"late-3\"/>",
    "<path d=\"M29 1h8v14h-8z\" class=\"late-4\"/></svg>payments 30, 60, 90 days late, and charged off</li>",
    "<li><svg viewBox=\"0 0 40 16\"><path d=\"M12 5h28v6h-28z\" class=\"fill-loan\"/>",
    "<circle cx=\"5\" cy=\"8\" r=\"3.6\" class=\"asked\"/></svg>an application, and the loan from its funding on</li>",
    "<li><svg viewBox=\"0 0 40 16\"><path d=\"M16 4l8 8m0 -8l-8 8\" class=\"line-published\" stroke-width=\"2.5\"/></svg>",
    "refused by the lender</li>",
    "<li><svg viewBox=\"0 0 40 16\"><circle cx=\"20\" cy=\"8\" r=\"5\" class=\"fill-second\"/></svg>paid off</li>",
    "<li><svg viewBox=\"0 0 40 16\"><path d=\"M15 3h10v10h-10z\" class=\"late-4\"/></svg>ended in default</li>",
    "</ul><figcaption>Each is the life of its kind that has most to show. A loan without an end is still running; what \
     began before the five years begins at their edge. There is nothing published to compare a life with.</figcaption></figure>",
);
