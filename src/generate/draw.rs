//! Random variates, bit-equal on every platform: ChaCha8 for the bits, `libm` for the functions.
//!
//! The distributions are written out here rather than taken from a crate because their bits are our contract: a crate
//! may improve an algorithm, and some use the platform's `ln` and `exp`, whose last bit differs.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Draws from one stream.
pub struct Draw {
    rng: ChaCha8Rng,
}

impl Draw {
    pub(super) fn new(rng: ChaCha8Rng) -> Draw {
        Draw { rng }
    }

    /// The generator itself, for `fake`.
    pub fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    /// Uniform in (0, 1): the middle of one of 2^53 cells, so neither end ever comes up.
    pub fn uniform(&mut self) -> f64 {
        const CELL: f64 = 1.0 / (1u64 << 53) as f64;
        // The middle of the very last cell rounds up to 1.
        (((self.rng.next_u64() >> 11) as f64 + 0.5) * CELL).min(1.0 - CELL)
    }

    /// Uniform in `low..high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// A whole number in `0..below`; 0 if `below` is 0.
    pub fn below(&mut self, below: u64) -> u64 {
        // The high half of a 64 x 64 product: its bias is below 2^-40 for any count we use.
        ((u128::from(self.rng.next_u64()) * u128::from(below)) >> 64) as u64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// Standard normal, by inversion: exactly one uniform each, so draws stay in step.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// `median * exp(sigma z)`.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * libm::exp(sigma * self.normal())
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -libm::log(self.uniform())
    }

    /// Student's t with `nu` degrees of freedom (Bailey 1994): two uniforms.
    pub fn student_t(&mut self, nu: f64) -> f64 {
        let radius = libm::sqrt(nu * (libm::pow(self.uniform(), -2.0 / nu) - 1.0));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Student's t with 3 degrees of freedom: as [`Draw::student_t`], with a cube root where that has a power.
    pub fn student_t3(&mut self) -> f64 {
        let root = libm::cbrt(self.uniform());
        let radius = libm::sqrt(3.0 * (1.0 / (root * root) - 1.0));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    /// Gamma with this shape (at least 1) and scale 1 (Marsaglia and Tsang 2000).
    pub fn gamma(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            let v = v * v * v;
            if v > 0.0 && libm::log(self.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                return d * v;
            }
        }
    }

    /// Beta with both shapes at least 1.
    pub fn beta(&mut self, a: f64, b: f64) -> f64 {
        let x = self.gamma(a);
        x / (x + self.gamma(b))
    }

    /// Months until the first success, from 1, each succeeding with probability `p` below 1; `None` if it is never.
    pub fn geometric(&mut self, p: f64) -> Option<u32> {
        let u = self.uniform();
        (p > 0.0).then(|| libm::ceil(libm::log(u) / libm::log1p(-p)).clamp(1.0, 1e6) as u32)
    }

    /// Poisson with this mean: how many exponential gaps fit into it.
    pub fn poisson(&mut self, mean: f64) -> u32 {
        let mut count = 0;
        let mut passed = self.exponential();
        while passed < mean {
            count += 1;
            passed += self.exponential();
        }
        count
    }

    /// An index by weight; the weights need not sum to 1. The last one if all are 0.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// An index by weight, in logarithmic time.
    pub fn index(&mut self, weights: &Weights) -> usize {
        let at = self.uniform() * weights.0.last().copied().unwrap_or(0.0);
        weights.0.partition_point(|sum| *sum <= at).min(weights.0.len().saturating_sub(1))
    }

    /// One of `(item, weight)`.
    pub fn pick<T: Copy>(&mut self, choices: &[(T, f64)]) -> T {
        let mut left = self.uniform() * choices.iter().map(|choice| choice.1).sum::<f64>();
        for (item, weight) in choices {
            left -= weight;
            if left < 0.0 {
                return *item;
            }
        }
        choices[choices.len() - 1].0
    }
}

/// Weights to draw an index by, over and over; they need not sum to 1.
pub struct Weights(Vec<f64>);

impl Weights {
    pub fn new(weights: Vec<f64>) -> Weights {
        let mut sum = 0.0;
        let add = |weight: f64| {
            sum += weight;
            sum
        };
        Weights(weights.into_iter().map(add).collect())
    }
}

/// `1 / (1 + e^-x)`
pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// Linear between `(x, y)` knots in order of x, flat beyond the ends.
pub fn interpolate(x: f64, knots: &[(f64, f64)]) -> f64 {
    let after = knots.iter().position(|knot| x < knot.0);
    match after {
        Some(0) => knots[0].1,
        None => knots[knots.len() - 1].1,
        Some(after) => {
            let ((x0, y0), (x1, y1)) = (knots[after - 1], knots[after]);
            y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        }
    }
}

/// The standard normal's quantile (Wichura 1988, AS 241, PPND16): relative accuracy about 1e-16.
#[expect(clippy::excessive_precision, reason = "the constants as published")]
fn normal_quantile(p: f64) -> f64 {
    fn ratio(x: f64, numerator: &[f64; 8], denominator: &[f64; 8]) -> f64 {
        let horner = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
        horner(numerator) / horner(denominator)
    }
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(
            0.180625 - q * q,
            &[
                3.3871328727963666080e0,
                1.3314166789178437745e2,
                1.9715909503065514427e3,
                1.3731693765509461125e4,
                4.5921953931549871457e4,
                6.7265770927008700853e4,
                3.3430575583588128105e4,
                2.5090809287301226727e3,
            ],
            &[
                1.0,
                4.2313330701600911252e1,
                6.8718700749205790830e2,
                5.3941960214247511077e3,
                2.1213794301586595867e4,
                3.9307895800092710610e4,
                2.8729085735721942674e4,
                5.2264952788528545610e3,
            ],
        );
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 {
        ratio(
            r - 1.6,
            &[
                1.42343711074968357734e0,
                4.63033784615654529590e0,
                5.76949722146069140550e0,
                3.64784832476320460504e0,
                1.27045825245236838258e0,
                2.41780725177450611770e-1,
                2.27238449892691845833e-2,
                7.74545014278341407640e-4,
            ],
            &[
                1.0,
                2.05319162663775882187e0,
                1.67638483018380384940e0,
                6.89767334985100004550e-1,
                1.48103976427480074590e-1,
                1.51986665636164571966e-2,
                5.47593808499534494600e-4,
                1.05075007164441684324e-9,
            ],
        )
    } else {
        ratio(
            r - 5.0,
            &[
                6.65790464350110377720e0,
                5.46378491116411436990e0,
                1.78482653991729133580e0,
                2.96560571828504891230e-1,
                2.65321895265761230930e-2,
                1.24266094738807843860e-3,
                2.71155556874348757815e-5,
                2.01033439929228813265e-7,
            ],
            &[
                1.0,
                5.99832206555887937690e-1,
                1.36929880922735805310e-1,
                1.48753612908506148525e-2,
                7.86869131145613259100e-4,
                1.84631831751005468180e-5,
                1.42151175831644588870e-7,
                2.04426310338993978564e-15,
            ],
        )
    };
    if q < 0.0 { -x } else { x }
}

#[cfg(test)]
mod tests {
    use super::super::seed::Seed;
    use super::*;

    fn moments(mut sample: impl FnMut() -> f64) -> (f64, f64) {
        const N: u32 = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..N {
            let x = sample();
            sum += x;
            squares += x * x;
        }
        let mean = sum / f64::from(N);
        (mean, squares / f64::from(N) - mean * mean)
    }

    #[test]
    fn the_normal_quantile_has_the_published_values() {
        // R: qnorm(c(0.975, 0.5, 1e-10, 0.3))
        assert!((normal_quantile(0.975) - 1.959963984540054).abs() < 1e-14);
        assert!(normal_quantile(0.5).abs() < 1e-16);
        assert!((normal_quantile(1e-10) + 6.361340902404056).abs() < 1e-12);
        assert!((normal_quantile(0.3) + 0.5244005127080407).abs() < 1e-14);
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut draw = Seed(1).stream("moments").at(0);
        let near =
            |(mean, variance): (f64, f64), m: f64, v: f64| (mean - m).abs() < 0.02 && (variance - v).abs() < 0.05 * v;
        assert!(near(moments(|| draw.uniform()), 0.5, 1.0 / 12.0));
        assert!(near(moments(|| draw.normal()), 0.0, 1.0));
        assert!(near(moments(|| draw.exponential()), 1.0, 1.0));
        assert!(near(moments(|| draw.gamma(2.2)), 2.2, 2.2));
        assert!(near(moments(|| draw.beta(6.0, 1.2)), 6.0 / 7.2, 7.2 / (7.2 * 7.2 * 8.2)));
        assert!(near(moments(|| draw.student_t(6.79)), 0.0, 6.79 / 4.79));
        // A t of 3 has no fourth moment, so its variance settles slowly: hold its quantiles, which R gives as qt(.).
        let mut ts: Vec<f64> = (0..100_000).map(|_| draw.student_t3()).collect();
        ts.sort_by(f64::total_cmp);
        for (q, t) in [(0.5, 0.0), (0.75, 0.7649), (0.95, 2.3534), (0.99, 4.5407)] {
            assert!((ts[(q * 100_000.0) as usize] - t).abs() < 0.02 + 0.03 * t, "{q}");
        }
        assert!(near(moments(|| f64::from(draw.geometric(0.5).unwrap())), 2.0, 2.0));
        assert!(near(moments(|| f64::from(draw.poisson(3.0))), 3.0, 3.0));
        assert!(near(moments(|| draw.weighted(&[1.0, 0.0, 1.0]) as f64), 1.0, 1.0));
        let weights = Weights::new(vec![0.0, 1.0, 0.0, 1.0, 0.0]);
        assert!(near(moments(|| draw.index(&weights) as f64), 2.0, 1.0));
    }

    #[test]
    fn streams_are_apart_by_name_and_by_index_and_repeat() {
        let first = |name: &str, index| Seed(7).stream(name).at(index).uniform();
        assert_eq!(first("a", 1), first("a", 1));
        assert_ne!(first("a", 1), first("a", 2));
        assert_ne!(first("a", 1), first("b", 1));
    }

    #[test]
    fn interpolation_is_flat_beyond_its_knots() {
        let knots = [(1.0, 10.0), (2.0, 20.0), (4.0, 0.0)];
        assert_eq!([0.0, 1.0, 1.5, 3.0, 9.0].map(|x| interpolate(x, &knots)), [10.0, 10.0, 15.0, 10.0, 0.0]);
    }
}
