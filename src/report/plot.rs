//! A chart with two axes: scales and series by plotters, colours by the page's style.

use plotters::coord::Shift;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::html::escape;
use super::ink::{Ink, dressed};

/// Of the drawing: twice what is shown, so that whole numbers place things to half a pixel.
const WIDTH: u32 = 960;
const HEIGHT: u32 = 560;
/// The height of letters, in plotters' measure, which is 1.24 times CSS's.
const LETTERS: u32 = 31;
const LINE: i32 = 34;
const TOP: u32 = 22;
const RIGHT: u32 = 22;
/// Letters of a label that there is room for beside the y axis.
const LONGEST: usize = 9;

/// What an axis spans, and where it is labelled.
#[derive(Clone)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    pub fn new(from: f64, to: f64, ticks: Vec<(f64, String)>) -> Axis {
        // An axis of no length would divide by it; a number too large to be added to stays as it is.
        let to = if to > from { to } else { from + from.abs().max(1.0) };
        Axis { from, to, ticks }
    }

    /// From `from` to at least `to`, labelled at some five round numbers.
    pub fn round(from: f64, to: f64, label: impl Fn(f64) -> String) -> Axis {
        let from = if from.is_finite() { from } else { 0.0 };
        let to = if to > from && (to - from).is_finite() { to } else { from + from.abs().max(1.0) };
        let step = step(to - from);
        let first = (from / step).floor() as i64;
        let last = (to / step).ceil() as i64;
        let at = |number: i64| number as f64 * step;
        Axis::new(at(first), at(last), (first..=last).map(|number| (at(number), label(at(number)))).collect())
    }

    fn inside(&self, value: f64) -> f64 {
        value.clamp(self.from, self.to)
    }

    /// One place for each name.
    pub fn places(names: &[String]) -> Axis {
        let ticks = names.iter().enumerate().map(|(place, name)| (place as f64, name.clone())).collect();
        Axis::new(-0.5, names.len() as f64 - 0.5, ticks)
    }
}

/// Labelled where we say, which plotters' own scales are not.
impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let part = (value - self.from) / (self.to - self.from);
        limit.0 + (part * f64::from(limit.1 - limit.0)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(at, _)| *at).collect()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.from..self.to
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(at: &f64) -> String {
        at.to_string()
    }

    fn format_ext(&self, at: &f64) -> String {
        let found = self.ticks.iter().find(|(tick, _)| tick == at);
        found.map(|(_, label)| label.clone()).unwrap_or_default()
    }
}

/// A step of 1, 2 or 5 times a power of ten, some five of which make the whole.
fn step(whole: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(whole / 5.0).floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power);
    steps.into_iter().find(|step| whole / step <= 5.5).unwrap_or(10.0 * power)
}

enum Layer {
    Area((f64, f64), (f64, f64), Ink),
    Line(Vec<(f64, f64)>, Ink, u32),
    /// A level stroke between two places, and two strokes at the ends of a range.
    Stroke((f64, f64), f64, Ink),
}

/// A chart, layer upon layer.
pub(super) struct Plot {
    x: Axis,
    y: Axis,
    layers: Vec<Layer>,
    /// Figures under each place of the x axis, one row an ink.
    rows: Vec<(Ink, Vec<String>)>,
}

impl Plot {
    pub fn new(x: Axis, y: Axis) -> Plot {
        Plot { x, y, layers: Vec::new(), rows: Vec::new() }
    }

    /// A filled box; what reaches beyond the axes is cut, what is no number is left out.
    pub fn area(&mut self, x: (f64, f64), y: (f64, f64), ink: Ink) {
        if [x.0, x.1, y.0, y.1].iter().all(|value| value.is_finite()) {
            let x = (self.x.inside(x.0), self.x.inside(x.1));
            let y = (self.y.inside(y.0), self.y.inside(y.1));
            self.layers.push(Layer::Area(x, y, ink));
        }
    }

    /// A line through the points that are numbers, within the axes.
    pub fn line(&mut self, points: impl IntoIterator<Item = (f64, f64)>, ink: Ink, width: u32) {
        let sound = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
        let points = points.into_iter().filter(sound).map(|(x, y)| (self.x.inside(x), self.y.inside(y)));
        let points: Vec<(f64, f64)> = points.collect();
        if points.len() > 1 {
            self.layers.push(Layer::Line(points, ink, width));
        }
    }

    pub fn stroke(&mut self, x: (f64, f64), y: f64, ink: Ink) {
        if y.is_finite() && y >= self.y.from && y <= self.y.to {
            self.layers.push(Layer::Stroke(x, y, ink));
        }
    }

    /// Figures below the names of the places, in a row of their own.
    pub fn row(&mut self, ink: Ink, figures: Vec<String>) {
        self.rows.push((ink, figures));
    }

    /// The drawing, with `title` for those who hear it; `None` if it cannot be drawn.
    pub fn draw(&self, title: &str) -> Option<String> {
        let mut drawing = String::new();
        {
            let root = SVGBackend::with_string(&mut drawing, (WIDTH, HEIGHT)).into_drawing_area();
            self.draw_on(&root).ok()?;
            root.present().ok()?;
        }
        let (_, body) = drawing.split_once('>')?;
        let head = format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\"><title>{}</title>", escape(title));
        Some(head + &dressed(body))
    }

    fn draw_on<'a>(&self, root: &DrawingArea<SVGBackend<'a>, Shift>) -> Result<(), DrawingError<'a>> {
        let longest = self.y.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
        let longest = longest.min(LONGEST) as u32;
        let below = 52 + self.rows.len() as i32 * LINE;
        let mut chart = ChartBuilder::on(root)
            .margin_top(TOP)
            .margin_right(RIGHT)
            .margin_left(4)
            .x_label_area_size(below)
            .y_label_area_size(20 + 15 * longest)
            .build_cartesian_2d(self.x.clone(), self.y.clone())?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(Ink::Grid.stand_in().stroke_width(2))
            .axis_style(TRANSPARENT)
            .set_all_tick_mark_size(8)
            .label_style(lettering(Ink::Muted))
            .x_labels(self.x.ticks.len().max(1))
            .y_labels(self.y.ticks.len().max(1))
            .draw()?;
        for layer in &self.layers {
            match layer {
                Layer::Area(x, y, ink) => {
                    chart.draw_series([Rectangle::new([(x.0, y.0), (x.1, y.1)], ink.stand_in().filled())])?;
                }
                Layer::Line(points, ink, width) => {
                    chart.draw_series([PathElement::new(points.clone(), ink.stand_in().stroke_width(*width))])?;
                }
                Layer::Stroke(x, y, ink) => {
                    let ends = vec![(x.0, *y), (x.1, *y)];
                    chart.draw_series([PathElement::new(ends, ink.stand_in().stroke_width(6))])?;
                }
            }
        }
        let base = self.y.from.max(0.0_f64.min(self.y.to));
        let ends = vec![(self.x.from, base), (self.x.to, base)];
        chart.draw_series([PathElement::new(ends, Ink::Base.stand_in().stroke_width(2))])?;
        for (number, (ink, figures)) in self.rows.iter().enumerate() {
            for ((place, _), figure) in self.x.ticks.iter().zip(figures) {
                let (x, y) = chart.backend_coord(&(*place, self.y.from));
                let style = lettering(*ink).pos(Pos::new(HPos::Center, VPos::Top));
                root.draw(&Text::new(figure.clone(), (x, y + 48 + number as i32 * LINE), style))?;
            }
        }
        Ok(())
    }
}

type DrawingError<'a> = DrawingAreaErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>;

fn lettering(ink: Ink) -> TextStyle<'static> {
    let color = ink.stand_in().to_backend_color();
    TextStyle { color, ..("sans-serif", LETTERS).into_font().into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!([1.0, 7.0, 41.0, 260.0].map(step), [0.2, 2.0, 10.0, 50.0]);
        let axis = Axis::round(0.0, 41.0, |at| at.to_string());
        assert_eq!((axis.to, axis.ticks.len()), (50.0, 6));
    }

    #[test]
    fn what_is_no_number_is_not_drawn() {
        let mut plot = Plot::new(Axis::round(0.0, f64::NAN, |_| String::new()), Axis::new(2.0, 2.0, Vec::new()));
        plot.area((0.0, f64::NAN), (0.0, 1.0), Ink::Here);
        plot.line([(0.0, f64::INFINITY), (1.0, 1.0)], Ink::Here, 4);
        plot.stroke((0.0, 1.0), f64::NAN, Ink::Published);
        let svg = plot.draw("a <b> & \"c\"").unwrap();
        assert!(svg.contains("<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"), "{svg}");
        assert!(!svg.contains("fill-here") && !svg.contains("line-published") && !svg.contains("NaN"), "{svg}");
        assert!(!svg.contains("#0102") && !svg.contains("xmlns"), "{svg}");
    }
}
