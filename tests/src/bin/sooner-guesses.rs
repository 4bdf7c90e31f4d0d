//! A million guesses of visit links over HTTP, and the times of answers to three kinds of them.

use std::process::ExitCode;
use std::time::Duration;

use hyper::StatusCode;
use sooner_tests::app::TestApp;
use sooner_tests::guesses::{Guess, Guesser, median_us};
use sooner_tests::salon::{CUT, wish};

/// Guesses in all, unless another number is given.
const GUESSES: u64 = 1_000_000;

/// Guesses of which the times are compared, of each kind at least.
const TIMED: u64 = 20_000;

/// Medians may differ by so much of the least, in per cent.
const MOST_PERCENT: f64 = 5.0;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(GUESSES);
    let app = TestApp::open_unlimited().await;
    let joined = app.join(wish(CUT)).await;
    let visit = joined.visit().0;
    let mut guesser = Guesser::connect(app.address).await;
    let (status, _) = guesser.ask(joined.link()).await;
    assert_eq!(status, StatusCode::OK, "the real link opens");
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut hits = 0_u64;
    // One of each kind in turn, so that whatever else the machine does falls on all of them alike;
    // the order within a turn changes, so that none is always behind the same one.
    for turn in 0..wanted.max(3 * TIMED).div_ceil(3) {
        for place in 0..3 {
            let place = if turn % 2 == 0 { place } else { 2 - place };
            let kind = (turn as usize + place) % 3;
            let (status, time) = guesser.ask(&Guess::ALL[kind].link(turn, visit)).await;
            hits += u64::from(status != StatusCode::NOT_FOUND);
            times[kind].push(time);
        }
    }
    app.close().await;
    let count: usize = times.iter().map(Vec::len).sum();
    let medians = [0, 1, 2].map(|kind| median_us(&mut times[kind]));
    let least = medians.iter().copied().fold(f64::INFINITY, f64::min);
    let most = medians.iter().copied().fold(0.0, f64::max);
    let percent = (most - least) / least * 100.0;
    println!("{count} guesses, {hits} answered otherwise than with 404");
    for (kind, median) in Guess::ALL.iter().zip(medians) {
        println!("{kind:?}: median {median:.2} us");
    }
    println!("the medians differ by {percent:.2} %, goal under {MOST_PERCENT} %");
    if hits == 0 && percent < MOST_PERCENT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
