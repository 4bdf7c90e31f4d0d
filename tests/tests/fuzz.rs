//! A share of what `cargo xtask long fuzz` tries, each time the same. A run that found something
//! leaves its input in `corpus/`.

use sooner_tests::fuzz::{Inputs, TARGETS, Target, corpus};

/// Runs of all targets together.
const RUNS: u64 = 10_000;

/// Another seed than that of the long run, so that this is more than its beginning.
const SEED: u64 = 1;

fn target(name: &str) -> Target {
    *TARGETS.iter().find(|target| target.name == name).expect("a target")
}

/// A panic says which input it was.
fn hold(name: &str) {
    let target = target(name);
    for (file, bytes) in corpus(target) {
        println!("{name}: {file}");
        (target.run)(&bytes);
    }
    let inputs = Inputs::of(target);
    for made in inputs.seeds() {
        println!("{name}: {}", String::from_utf8_lossy(made));
        (target.run)(made);
    }
    for run in 0..RUNS * target.share / 100 {
        let input = inputs.input(SEED, run);
        println!("{name}: seed {SEED}, run {run}");
        (target.run)(&input);
    }
}

#[test]
fn what_screens_say_on_a_socket_breaks_nothing() {
    hold("socket");
}

#[test]
fn what_comes_over_http_breaks_nothing() {
    hold("http");
}

#[test]
fn links_and_names_break_nothing() {
    hold("links");
}

#[test]
fn a_set_up_breaks_nothing_and_is_written_as_it_was_read() {
    hold("setup");
}

#[test]
fn what_a_browser_reads_breaks_nothing() {
    hold("browser");
}

#[test]
fn a_run_is_repeated_by_its_number() {
    for target in TARGETS {
        let (one, other) = (Inputs::of(target), Inputs::of(target));
        assert_eq!(one.input(3, 41), other.input(3, 41), "{}", target.name);
        assert!((42..50).any(|run| one.input(3, 41) != one.input(3, run)), "{}", target.name);
    }
    assert_eq!(TARGETS.iter().map(|target| target.share).sum::<u64>(), 100);
}
