//! A share of what `cargo xtask long fuzz` tries, each time the same. A run that found something
//! leaves its input in `corpus/`. How long runs take decides no test; `sooner-fuzz` measures that.

use sooner_tests::fuzz::{BLOCK_RUNS, Block, Inputs, TARGETS, Target, corpus};

/// Runs of all targets together.
const RUNS: u64 = 60_000;

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
        (target.check)(&bytes);
    }
    let inputs = Inputs::of(target);
    for made in inputs.seeds() {
        println!("{name}: {}", String::from_utf8_lossy(made));
        (target.run)(made);
        (target.check)(made);
    }
    let mut block = Block::of(&inputs, SEED, 0);
    while block.run() < RUNS * target.share / 100 {
        println!("{name}: seed {SEED}, run {}", block.run());
        let input = block.input();
        let way = (target.run)(&input);
        (target.check)(&input);
        block.ran(input, Some(way));
    }
    assert!(!block.kept().is_empty(), "no input went any way");
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
fn records_and_what_the_store_keeps_break_nothing() {
    hold("records");
}

#[test]
fn a_run_is_repeated_by_its_number() {
    assert_eq!(TARGETS.iter().map(|target| target.share).sum::<u64>(), 100);
    for target in TARGETS {
        let inputs = Inputs::of(target);
        let of_runs = |seed, from, runs| {
            let mut block = Block::of(&inputs, seed, from);
            let mut made = Vec::new();
            for _ in 0..runs {
                let input = block.input();
                made.push(input.clone());
                let way = (target.run)(&input);
                block.ran(input, Some(way));
            }
            made
        };
        let first = of_runs(3, 0, 40);
        assert_eq!(first, of_runs(3, BLOCK_RUNS - 1, 40), "{}: a block begins anew", target.name);
        assert_ne!(first, of_runs(3, BLOCK_RUNS, 40), "{}: another block", target.name);
        assert_ne!(first, of_runs(4, 0, 40), "{}: another seed", target.name);
    }
}
