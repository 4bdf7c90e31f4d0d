//! How good the best possible promises are on each known truth, and how fast they are made:
//! `cargo run --release -p sooner-sim --example oracle -- [days] [seed]`.

use std::collections::BTreeMap;
use std::time::Instant;

use sooner_sim::known::{FIRST_DAY_MS, Ledger, Run, Scenario};
use sooner_sim::moment::Moment;

const DAY_MS: i64 = 24 * 60 * 60_000;
const ALPHA: f64 = 0.95;
const PATHS: u32 = 1_000;
const SCALES: [f64; 3] = [0.9, 1.0, 1.1];

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse::<u32>().ok());
    let days = numbers.next().unwrap_or(240);
    let seed = u64::from(numbers.next().unwrap_or(1));
    println!(
        "scenario | came | left | scored | kept ± by day | padding min | pinball min (x0.9, x1.1) | arrivals/s"
    );
    show("first come", &[Scenario::first_come(days, seed)]);
    show("everything", &[Scenario::everything(days, seed)]);
    show("slowdown", &[Scenario::slowdown(days, seed, days / 2)]);
    let firsts: Vec<Scenario> =
        (0..u64::from(days)).map(|shop| Scenario::first_day(seed * 1_000_000 + shop)).collect();
    show("first day", &firsts);
    show("half gone", &[Scenario::half_gone(days, seed)]);
}

fn show(name: &str, scenarios: &[Scenario]) {
    let begin = Instant::now();
    let mut ledgers = SCALES.map(|_| Ledger::new(ALPHA));
    let mut days: BTreeMap<(usize, i64), f64> = BTreeMap::new();
    let (mut came, mut left) = (0_u32, 0_u32);
    for (number, scenario) in scenarios.iter().enumerate() {
        let shift = (number as u64) << 32;
        let mut run = Run::new(scenario);
        while let Some(happened) = run.next() {
            let at_ms = happened.at_ms;
            match happened.what {
                Moment::Arrived(arrival) => {
                    came += 1;
                    let told = run.oracle_quantile_min(&arrival, at_ms, ALPHA, PATHS);
                    for (ledger, scale) in ledgers.iter_mut().zip(SCALES) {
                        if let Some(minutes) = told {
                            ledger.promised(arrival.visit + shift, at_ms, minutes * scale);
                        }
                    }
                }
                Moment::Started { visit, .. } => {
                    let [_, spare, _] =
                        ledgers.each_mut().map(|ledger| ledger.started(visit + shift, at_ms));
                    if let Some(spare) = spare {
                        let day = (number, (at_ms - FIRST_DAY_MS) / DAY_MS);
                        let kept = f64::from(u8::from(spare >= 0.0));
                        *days.entry(day).or_insert(0.0) += kept - ALPHA;
                    }
                }
                Moment::Left { visit } => {
                    left += 1;
                    for ledger in &mut ledgers {
                        ledger.left(visit + shift);
                    }
                }
                _ => {}
            }
        }
    }
    let speed = f64::from(came) / begin.elapsed().as_secs_f64();
    let [low, best, high] = ledgers.map(|ledger| ledger.score());
    // Days are independent of each other; those who wait on the same one are not.
    let squares: f64 = days.values().map(|apart| apart * apart).sum();
    let error = squares.sqrt() / f64::from(best.scored);
    println!(
        "{name} | {came} | {left} | {} | {:.4} ± {error:.4} | {:.2} | {:.4} ({:.4}, {:.4}) | {speed:.0}",
        best.scored,
        best.kept,
        best.padding_min,
        best.pinball_min,
        low.pinball_min,
        high.pinball_min
    );
}
