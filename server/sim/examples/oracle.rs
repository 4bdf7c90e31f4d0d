//! How good the best possible promises are on each known truth, and how fast they are made:
//! `cargo run --release -p sooner-sim --example oracle -- [days] [seed]`.

use std::time::Instant;

use sooner_sim::known::{Ledger, Run, Scenario};
use sooner_sim::moment::Moment;

const ALPHA: f64 = 0.95;
const PATHS: u32 = 1_000;
const SCALES: [f64; 3] = [0.9, 1.0, 1.1];

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|word| word.parse::<u32>().ok());
    let days = numbers.next().unwrap_or(240);
    let seed = u64::from(numbers.next().unwrap_or(1));
    println!(
        "scenario | came | left | scored | kept | padding min | pinball min (x0.9, x1.1) | arrivals/s"
    );
    show("first come", &[Scenario::first_come(days, seed)]);
    show("everything", &[Scenario::everything(days, seed)]);
    show("slowdown", &[Scenario::slowdown(days, seed, days / 2)]);
    let firsts: Vec<Scenario> =
        (0..u64::from(days)).map(|shop| Scenario::first_day(seed + shop)).collect();
    show("first day", &firsts);
    show("half gone", &[Scenario::half_gone(days, seed)]);
}

fn show(name: &str, scenarios: &[Scenario]) {
    let begin = Instant::now();
    let mut ledgers = SCALES.map(|_| Ledger::new(ALPHA));
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
                    for ledger in &mut ledgers {
                        ledger.started(visit + shift, at_ms);
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
    println!(
        "{name} | {came} | {left} | {} | {:.4} | {:.2} | {:.4} ({:.4}, {:.4}) | {speed:.0}",
        best.scored,
        best.kept,
        best.padding_min,
        best.pinball_min,
        low.pinball_min,
        high.pinball_min
    );
}
