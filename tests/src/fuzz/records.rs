//! What is read from files: recorded days, and what the store keeps.

use std::mem::discriminant;

use sooner_engine::{Event, Recorded, Shop};
use sooner_server::access::{Credentials, Keeper};
use sooner_server::backtest::stream::Stream;
use sooner_server::clock::Clock;
use sooner_server::replay::record::{Fate, ReadError, Rows, read_from};
use sooner_shared::Maker;

use super::outcome::Outcome;
use super::small_shop::{NOW, shops};
use super::targets::json;

/// How faults name the file.
const FILE: &str = "day.csv";

/// A record, an event of a log, and who may do what.
pub(super) fn records(input: &[u8]) -> u64 {
    let mut outcome = Outcome::default();
    rows(input, &mut outcome);
    stream(input, &mut outcome);
    event(input, &mut outcome);
    access(input, &mut outcome);
    outcome.number()
}

/// Nobody is served before they came, or leaves before.
fn rows(input: &[u8], outcome: &mut Outcome) {
    match read_from(input, FILE) {
        Ok(rows) => {
            assert!(!rows.is_empty(), "a file without rows is a fault");
            for row in &rows {
                match row.fate {
                    Fate::Served { start, end, .. } => {
                        assert!(row.arrival <= start && start <= end);
                    }
                    Fate::Left { at } => assert!(row.arrival <= at),
                }
                assert!(row.over_at() >= row.arrival);
            }
            assert!(rows.is_sorted_by(|a, b| a.line < b.line), "a line of its own for each");
            outcome.add(rows.len().ilog2());
        }
        Err(error) => {
            assert!(error.to_string().starts_with(FILE), "{error}");
            fault(&error, outcome);
        }
    }
}

/// What happened is told in the order of time, until the first fault.
fn stream(input: &[u8], outcome: &mut Outcome) {
    let Ok(rows) = Rows::from_reader(Box::new(input), FILE) else { return };
    let mut stream = Stream::new(rows);
    let mut last_ms = i64::MIN;
    for happened in &mut stream {
        match happened {
            Ok(happened) => {
                assert!(last_ms <= happened.at_ms, "the record runs backwards");
                last_ms = happened.at_ms;
                outcome.add(discriminant(&happened.what));
            }
            Err(error) => fault(&error, outcome),
        }
    }
    assert!(stream.next().is_none(), "what has ended goes on");
    outcome.add(stream.services().len());
}

fn fault(error: &ReadError, outcome: &mut Outcome) {
    outcome.add(discriminant(error));
    if let ReadError::Line { line, what, .. } = error {
        outcome.add((line.checked_ilog2(), discriminant(what)));
    }
}

/// `apply` is total: an event that never was in this log changes the shop, or does not.
fn event(input: &[u8], outcome: &mut Outcome) {
    let event = match json::<Event>(input) {
        Ok(event) => event,
        Err(error) => return outcome.refused(&error),
    };
    outcome.add(discriminant(&event));
    for shop in shops() {
        let mut shop = Shop::clone(shop);
        let seq = shop.seq + 1;
        shop.apply(&Recorded { seq, at: NOW, tap: 0, by: Maker::Unknown, event: event.clone() });
        assert_eq!(shop.seq, seq);
    }
}

fn access(input: &[u8], outcome: &mut Outcome) {
    let Ok(body) = std::str::from_utf8(input) else { return };
    let shop = "salon".parse().expect("a name");
    let keeper = Keeper::open(shop, Some(body), None, Clock::Real);
    outcome.add(keeper.is_ok());
    if let Ok(keeper) = keeper {
        let token = Some("tablet".to_owned());
        let who = keeper.look(&Credentials { device: token.clone(), key: token, ..<_>::default() });
        outcome.add((keeper.has_owner(), keeper.has_tablet(), who.may_desk().is_ok()));
    }
}
