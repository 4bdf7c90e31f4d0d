//! How long something lasts whose hazard is known in bins of time (Kaplan and Meier 1958).

/// How long something lasts that has lasted for `begin`, of which `u` is the chance to last longer, in
/// milliseconds; [`i64::MAX`] where it outlives all bins. Each bin has its end and its hazard for each
/// millisecond.
pub(super) fn lasts_ms(mut begin: i64, u: f64, bins: impl Iterator<Item = (i64, f64)>) -> i64 {
    let mut left = -libm::log(u);
    for (end, rate) in bins {
        if begin >= end {
            continue;
        }
        let hazard = rate * (end - begin) as f64;
        if hazard > left {
            return begin + (left / rate) as i64;
        }
        left -= hazard;
        begin = end;
    }
    i64::MAX
}
