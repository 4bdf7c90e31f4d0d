//! What holds after whatever people do: random commands of every kind, sensible or not, while the
//! clock steps, leaps and goes back and the server starts again.

mod act;
mod walk;

use std::cell::RefCell;
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use act::{What, act, restart};
use walk::{Met, Walk};

/// Walks taken side by side, and how many each takes.
const WALKERS: [u64; 2] = [1, 2];
const WALKS: u32 = 600;
const ACTS: usize = 150;

fn walks(seed: u64) -> Met {
    let met = RefCell::new(Met::default());
    let config = ProptestConfig {
        cases: WALKS,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 8_000,
        max_shrink_time: 15_000,
        ..ProptestConfig::default()
    };
    let acts = || vec(prop_oneof![60 => act(), 1 => restart()], ACTS);
    proptest!(config, |(set_up in 0..3u8, acts in acts())| {
        let mut walk = Walk::begin(set_up);
        for act in acts {
            walk.take(act);
        }
        met.borrow_mut().add(walk.end());
    });
    met.into_inner()
}

#[test]
fn whatever_people_do_the_shop_stays_true_to_them() {
    let mut met = Met::default();
    thread::scope(|scope| {
        let walkers = WALKERS.map(|seed| scope.spawn(move || walks(seed)));
        for walker in walkers {
            match walker.join() {
                Ok(more) => met.add(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    println!("{} commands in {} walks", met.sent, WALKERS.len() as u32 * WALKS);
    println!("{} of them priced before, {} cost something", met.priced.0, met.priced.1);
    println!("carried out: {:?}", met.carried_out);
    println!("refused: {:?}", met.refused);
    // The walks are worth taking only when they go everywhere: all commands are carried out, and
    // all refusals met but that of a full line, for which they are too short.
    assert!(met.sent >= 100_000);
    // What was previewed is what came of it: on so many changes, of which some cost something.
    assert!(met.priced.0 >= 10_000 && met.priced.1 >= 100, "{:?}", met.priced);
    // Taps that were made while the link was down, or on their way.
    println!("{} taps count as made earlier", met.tapped_before);
    assert!(met.tapped_before >= 1_000);
    for what in What::ALL {
        // Who is elsewhere is seldom invited in shops as hectic as these.
        let least = if *what == What::AnswerInvitation { 10 } else { 40 };
        assert!(met.carried_out.get(what).is_some_and(|&times| times >= least), "{what:?}");
    }
    assert_eq!(met.refused.len(), 42 - 1, "{:?}", met.refused);
}
