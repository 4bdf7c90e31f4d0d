//! How people stand on the wall: told apart, and called the same for as long as they are there.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use sooner_engine::config::NamesOnWall;
use sooner_engine::labels::Labels;
use sooner_engine::{Event, ShopConfig};
use sooner_shared::VisitId;

use crate::support::{CUT, Driver};

type Names = BTreeMap<VisitId, String>;

fn joins(shop: &mut Driver) -> VisitId {
    let visit = shop.shop.next_visit;
    let joined = Event::Joined {
        visit,
        service: CUT,
        more: Vec::new(),
        requested: None,
        by_staff: false,
        group: None,
    };
    shop.record(vec![joined], 0);
    visit
}

fn labels(shop: &Driver, names: &Names) -> Labels {
    Labels::of(&shop.shop, |visit| names.get(&visit).map(String::as_str))
}

fn listed(shop: &Driver, names: &Names) -> Vec<String> {
    let labels = labels(shop, names);
    let of = |visit: &VisitId| labels.get(*visit).expect("everybody has one").to_owned();
    shop.shop.visits.keys().map(of).collect()
}

#[test]
fn who_joins_later_has_the_longer_label() {
    let mut shop = Driver::open();
    let mut names = Names::new();
    for (name, expected) in [
        ("Anna Kovács", "Anna K."),
        ("Anna Kis", "Anna Ki."),
        ("Anna Kovalcsik", "Anna Ko."),
        ("anna kov", "anna k. · A04"),
        ("Anna Kovács", "Anna Kov."),
        ("Anna Kovács", "Anna K. · A06"),
        ("Anna", "Anna"),
        ("Anna", "Anna · A08"),
        ("Tom Ó", "Tom Ó."),
        ("Tom Ó", "Tom Ó. · A10"),
        ("", "A11"),
        // Who says that they are called like somebody's code.
        ("A13", "A13"),
        ("", "A13 · 13"),
    ] {
        let visit = joins(&mut shop);
        if !name.is_empty() {
            names.insert(visit, name.to_owned());
        }
        assert_eq!(labels(&shop, &names).get(visit), Some(expected), "{name}");
    }
}

#[test]
fn where_people_are_called_by_their_codes_no_name_is_even_asked_for() {
    let mut shop = Driver::open_with(|config| config.names_on_wall = NamesOnWall::Code);
    let visits = [joins(&mut shop), joins(&mut shop)];
    let labels = Labels::of(&shop.shop, |_| panic!("nobody needs to know"));
    assert_eq!(visits.map(|visit| labels.get(visit)), [Some("A01"), Some("A02")]);
}

#[test]
fn a_set_up_from_before_there_was_a_choice_shows_initials_and_erases_after_thirty_days() {
    let mut old = serde_json::to_value(ShopConfig::new("Salon", "UTC", 1)).expect("JSON");
    let fields = old.as_object_mut().expect("an object");
    for field in ["names_on_wall", "erase_after_ms"] {
        assert!(fields.remove(field).is_some(), "{field}");
    }
    for field in ["quiet_hours", "informal", "languages", "accent"] {
        assert!(!fields.contains_key(field), "{field}: nothing said is not written");
    }
    let read: ShopConfig = serde_json::from_value(old).expect("it reads as it was");
    assert_eq!(read, ShopConfig::new("Salon", "UTC", 1));
    assert_eq!(read.names_on_wall, NamesOnWall::Initial);
    assert_eq!(read.erase_after_ms, 30 * 24 * 3_600_000);
}

#[test]
fn names_are_kept_for_a_day_to_a_year() {
    const DAY_MS: i64 = 24 * 3_600_000;
    let mut config = crate::support::config();
    for (ms, is_sound) in [(DAY_MS - 1, false), (DAY_MS, true), (365 * DAY_MS, true)] {
        config.erase_after_ms = ms;
        assert_eq!(config.check().is_ok(), is_sound, "{ms}");
    }
    config.erase_after_ms = 365 * DAY_MS + 1;
    assert!(config.check().is_err());
}

/// Names that are easily taken for each other.
fn name() -> impl Strategy<Value = Option<String>> {
    let word = || proptest::sample::select(&["Anna", "anna", "Ki", "Kis", "Kiss", "A01", "Ñ"][..]);
    proptest::option::weighted(0.9, vec(word(), 1..4).prop_map(|words| words.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_are_alike_and_nobodys_label_changes_when_others_come_or_go(
        people in vec((name(), proptest::option::of(0..40_usize)), 1..40),
    ) {
        let mut shop = Driver::open();
        let mut names = Names::new();
        let mut before: Vec<String> = Vec::new();
        for (name, leaves) in people {
            let visit = joins(&mut shop);
            names.extend(name.map(|name| (visit, name)));
            // Somebody who came before goes away; the shop still knows them for some hours.
            if let Some(gone) = leaves.filter(|n| *n < before.len()) {
                let visit = VisitId(gone as u32 + 1);
                if !shop.shop.visits[&visit].stage.is_over() {
                    shop.record(vec![Event::Left { visit }], 0);
                }
            }
            let now = listed(&shop, &names);
            prop_assert_eq!(&now[..before.len()], &before[..]);
            let distinct: BTreeSet<_> = now.iter().map(|label| label.to_lowercase()).collect();
            prop_assert_eq!(distinct.len(), now.len(), "{:?}", now);
            before = now;
        }
    }
}
