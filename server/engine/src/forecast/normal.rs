//! The standard normal distribution, the same on every platform.

use std::f64::consts::SQRT_2;

/// The chance that a standard normal exceeds `z`.
#[must_use]
pub fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / SQRT_2)
}

/// The number a standard normal exceeds with chance `p`, for 0 < p < 1: the inverse of
/// [`upper_tail`]. Rational approximations of P. J. Acklam (relative error below 1.15e-9), which
/// is far finer than any path count shows.
#[must_use]
pub fn upper_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    const TAIL: f64 = 0.02425;

    let in_tail = |p: f64| {
        let q = libm::sqrt(-2.0 * libm::log(p));
        (((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5])
            / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    if p < TAIL {
        -in_tail(p.max(f64::MIN_POSITIVE))
    } else if p > 1.0 - TAIL {
        in_tail((1.0 - p).max(f64::MIN_POSITIVE))
    } else {
        let q = 0.5 - p;
        let r = q * q;
        (((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]) * q
            / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_quantiles_come_out() {
        for (p, z) in [
            (0.5, 0.0),
            (0.05, 1.644_853_626_951),
            (0.975, -1.959_963_984_540),
            (0.001, 3.090_232_306_168),
            (1e-12, 7.034_483_825_3),
        ] {
            assert!((upper_quantile(p) - z).abs() < 1e-6, "{p}: {}", upper_quantile(p));
        }
    }

    #[test]
    fn quantile_undoes_tail() {
        let mut z = -6.0;
        while z < 8.0 {
            assert!((upper_quantile(upper_tail(z)) - z).abs() < 1e-6, "{z}");
            z += 0.37;
        }
    }
}
