//! Logarithm, exponential, power and square root from the four basic operations alone.
//!
//! The platform's `libm` differs from target to target in the last bits, and `core` has none of these functions. What is
//! here uses only IEEE 754 additions, multiplications, divisions and bit patterns, in a fixed order, so that a score has
//! the same bits in firmware and on a server, with and without optimisation. The errors stated are those which the tests
//! hold against the host's functions.

use core::f64::consts::{LN_2, LOG2_E, SQRT_2};

const MANTISSA_BITS: u32 = 52;
const MANTISSA: u64 = (1 << MANTISSA_BITS) - 1;
const EXPONENT_BIAS: u64 = 1023;

/// Natural logarithm of a positive, normal, finite number; relative error below 1e-14. Anything else gives `-inf` (zero,
/// subnormal or negative) or the number itself (infinity, NaN).
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE {
        return f64::NEG_INFINITY;
    }
    if !x.is_finite() {
        return x;
    }
    let bits = x.to_bits();
    // x = 2^exponent * mantissa, mantissa in [1, 2), then moved to [1/sqrt 2, sqrt 2) around one.
    let mut exponent = f64::from((bits >> MANTISSA_BITS) as u16) - EXPONENT_BIAS as f64;
    let mut mantissa = f64::from_bits(bits & MANTISSA | EXPONENT_BIAS << MANTISSA_BITS);
    if mantissa > SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    // ln m = 2 atanh z = 2 (z + z^3/3 + z^5/5 + ...), |z| < 0.172.
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let q = z * z;
    let low = 1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0)));
    let high = 1.0 / 11.0 + q * (1.0 / 13.0 + q * (1.0 / 15.0 + q * (1.0 / 17.0)));
    let q4 = (q * q) * (q * q);
    exponent * LN_2 + 2.0 * z * (1.0 + q * (low + q4 * high))
}

/// Base-10 logarithm; as [`ln`].
#[must_use]
pub fn log10(x: f64) -> f64 {
    ln(x) * core::f64::consts::LOG10_E
}

/// 2 to the power x; relative error below 1e-14. 0 below -1022, infinity from 1024 on, NaN stays NaN.
#[must_use]
pub fn exp2(x: f64) -> f64 {
    if !(x >= -1022.0) {
        return if x.is_nan() { x } else { 0.0 };
    }
    if x >= 1024.0 {
        return f64::INFINITY;
    }
    // Adding 1.5 * 2^52 rounds to the nearest integer and leaves it in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let rounded = x + ROUND;
    let whole = rounded - ROUND;
    let f = (x - whole) * LN_2;
    // e^f, |f| <= 0.347, by its series.
    let f2 = f * f;
    let a = 1.0 + f + f2 * (1.0 / 2.0 + f * (1.0 / 6.0));
    let b = 1.0 / 24.0 + f * (1.0 / 120.0) + f2 * (1.0 / 720.0 + f * (1.0 / 5_040.0));
    let c = 1.0 / 40_320.0
        + f * (1.0 / 362_880.0)
        + f2 * (1.0 / 3_628_800.0 + f * (1.0 / 39_916_800.0));
    let f4 = f2 * f2;
    let fraction = a + f4 * (b + f4 * c);
    let exponent = (rounded.to_bits().wrapping_add(EXPONENT_BIAS)) & 0x7ff;
    fraction * f64::from_bits(exponent << MANTISSA_BITS)
}

/// 2 to the power -x for an x of 0 and more; relative error below 3e-7, 2^-126 from 126 on. Without branches, for loops over
/// many.
#[must_use]
#[inline]
pub fn after_half_lives(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // as in `exp2`: 1.5 * 2^23
    let rounded = f32::min(x, 126.0) + ROUND;
    let f = (rounded - ROUND - f32::min(x, 126.0)) * core::f32::consts::LN_2;
    // e^f, |f| <= 0.347, by its series.
    let high = 1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * (1.0 / 720.0)));
    let fraction = 1.0 + f * (1.0 + f * (0.5 + f * high));
    fraction * f32::from_bits((127 - (rounded.to_bits() & 0x7f)) << 23)
}

/// e to the power x; relative error below 1e-13 for |x| < 700.
#[must_use]
pub fn exp(x: f64) -> f64 {
    exp2(x * LOG2_E)
}

/// `x` to the power `y` for a positive x: `exp(y ln x)`.
#[must_use]
pub fn pow(x: f64, y: f64) -> f64 {
    exp2(y * ln(x) * LOG2_E)
}

/// Square root by Newton's iteration; 0 for negative numbers and NaN. Relative error below 1e-15.
#[must_use]
pub fn sqrt(x: f64) -> f64 {
    if !(x >= f64::MIN_POSITIVE) {
        return 0.0;
    }
    if !x.is_finite() {
        return x;
    }
    // Halving the exponent gives a first value within 6 %; each step squares the error.
    let mut root =
        f64::from_bits((x.to_bits() >> 1) + (0x1ff8_0000_0000_0000 - 0x0002_0000_0000_0000));
    for _ in 0..5 {
        root = 0.5 * (root + x / root);
    }
    root
}

/// 1 over the square root of a positive, normal, finite number, by Newton's iteration from a guess of its exponent; relative
/// error below 3e-12.
#[must_use]
#[inline]
pub fn reciprocal_sqrt(x: f64) -> f64 {
    let half = 0.5 * x;
    // The guess is right within 3.5 %.
    let y = f64::from_bits(0x5fe6_eb50_c7b5_37a9 - (x.to_bits() >> 1));
    // Newton's step leaves at most 0.175 %, always low; a little more than its 1.5 leaves half of that to either side.
    let y = y * (1.500_89 - half * y * y);
    // Each step squares the error and multiplies it by 1.5.
    let y = y * (1.5 - half * y * y);
    y * (1.5 - half * y * y)
}

/// `x` between `low` and `high`. Unlike `clamp` it has no panic for bounds that are no numbers or out of order: then the
/// result is one of them.
#[must_use]
pub(crate) fn between(x: f64, low: f64, high: f64) -> f64 {
    f64::min(f64::max(x, low), high)
}

/// The standard normal distribution function; absolute error below 1e-7 (Abramowitz and Stegun 26.2.17).
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    let x = z.abs();
    if x > 8.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * x);
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = 0.398_942_280_401_432_7 * exp(-0.5 * x * x) * series;
    if z > 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: f64, theirs: f64, relative: f64) {
        assert!((ours - theirs).abs() <= relative * theirs.abs().max(1e-300), "{ours} {theirs}");
    }

    #[test]
    fn agrees_with_the_functions_of_the_host() {
        let mut x = 1e-12;
        while x < 1e12 {
            if (x - 1.0_f64).abs() > 1e-3 {
                close(ln(x), x.ln(), 1e-14);
            }
            close(sqrt(x), x.sqrt(), 1e-15);
            close(reciprocal_sqrt(x), x.sqrt().recip(), 3e-12);
            close(pow(x, -0.37), x.powf(-0.37), 1e-13);
            x *= 1.001_7;
        }
        let mut x = 0.0;
        while x < 126.0 {
            close(f64::from(after_half_lives(x)), f64::from(-x).exp2(), 3e-7);
            x += 0.017;
        }
        let mut x = -600.0;
        while x < 600.0 {
            close(exp(x), x.exp(), 2e-13);
            x += 0.173;
        }
        assert!((normal_cdf(1.281_551_6) - 0.9).abs() < 1e-6);
        assert!((normal_cdf(-3.0) - 0.001_349_898).abs() < 1e-7);
    }

    #[test]
    fn edges() {
        assert_eq!(ln(1.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(exp2(0.0).to_bits(), 1.0_f64.to_bits());
        assert_eq!(exp2(10.0).to_bits(), 1024.0_f64.to_bits());
        assert!(ln(0.0).is_infinite() && ln(-1.0).is_infinite() && ln(f64::NAN).is_nan());
        assert_eq!(after_half_lives(0.0).to_bits(), 1.0_f32.to_bits());
        assert_eq!(after_half_lives(f32::MAX).to_bits(), f32::MIN_POSITIVE.to_bits());
        assert!(exp2(f64::NAN).is_nan() && exp2(5_000.0).is_infinite());
        assert_eq!(exp2(-5_000.0).to_bits(), 0);
        assert_eq!(sqrt(-1.0).to_bits(), 0);
    }
}
