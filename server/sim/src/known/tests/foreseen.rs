//! How likely promises are to break, some time ahead.

use super::*;

const AHEAD_MS: i64 = 15 * 60_000;

#[test]
fn promises_break_as_often_as_could_be_known_a_quarter_of_an_hour_ahead() {
    for scenario in [Scenario::first_come(300, 31), Scenario::everything(300, 32)] {
        let mut run = Run::new(&scenario);
        run.watch(AHEAD_MS, 200);
        while let Some(Happened { at_ms, what }) = run.next() {
            if let Moment::Arrived(arrival) = what {
                // So that more of them break than are usually let.
                let wait_min = run.oracle_quantile_min(&arrival, at_ms, 0.7, 100).unwrap_or(0.0);
                run.told(at_ms + (wait_min * 60_000.0) as i64);
            }
        }
        let seen = run.foresights();
        assert!(seen.iter().any(|one| one.chance.is_none()), "some wait for less than that");
        let known = || seen.iter().filter_map(|one| Some((one.chance?, one.broke)));
        for (from, to) in [(0.0, 0.3), (0.3, 0.6), (0.6, 1.01)] {
            let some = || known().filter(|(chance, _)| (from..to).contains(chance));
            let count = some().count() as f64;
            let expected = some().map(|(chance, _)| chance).sum::<f64>() / count;
            let broke = some().filter(|&(_, broke)| broke).count() as f64 / count;
            let name = &scenario.name;
            assert!(count > 100.0, "{name}: {count} from {from}");
            // Days hang together, so that chance is larger than that of a coin.
            let chance = 6.0 * (expected * (1.0 - expected) / count).sqrt();
            assert!((broke - expected).abs() < chance, "{name}: {broke}, not {expected}");
        }
    }
}
