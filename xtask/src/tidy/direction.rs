//! Who may use whom: `shared <- engine <- server <- tests`, `shared <- link <- frontend and phone`.

use super::{Finding, Source};
use crate::lockfile;

/// What a package may use of this workspace. A package that is not named here is a finding, so
/// that whoever adds one decides where it stands.
const MAY_USE: [(&str, &[&str]); 9] = [
    ("sooner-shared", &[]),
    ("sooner-engine", &["sooner-shared"]),
    ("sooner-sim", &["sooner-shared", "sooner-engine"]),
    ("sooner-server", &["sooner-shared", "sooner-engine", "sooner-sim"]),
    ("sooner-tests", &["sooner-shared", "sooner-engine", "sooner-sim", "sooner-server"]),
    ("sooner-link", &["sooner-shared"]),
    ("sooner-frontend", &["sooner-shared", "sooner-link"]),
    // Without leptos: the phone's program is waited for.
    ("sooner-phone", &["sooner-shared", "sooner-link"]),
    ("xtask", &[]),
];

/// What the pure packages must not get by way of a dependency either: I/O, clocks, chance.
const PURE: [&str; 3] = ["sooner-shared", "sooner-engine", "sooner-sim"];
const IMPURE_CRATES: [&str; 9] = [
    "async-nats",
    "axum",
    "getrandom",
    "hyper",
    "libsqlite3-sys",
    "rand",
    "reqwest",
    "sqlx",
    "tokio",
];

/// A crate that may be named only below certain paths.
struct Room {
    name: &'static str,
    paths: &'static [&'static str],
}

const ROOMS: [Room; 4] = [
    Room { name: "sqlx", paths: &["server/src/store"] },
    Room { name: "async_nats", paths: &["server/src/bus"] },
    // Besides the two rooms that speak HTTP: who accepts connections hands them to the router.
    Room {
        name: "axum",
        paths: &[
            "server/src/http",
            "server/src/live",
            "server/src/lifecycle",
            "server/src/main.rs",
        ],
    },
    Room { name: "leptos", paths: &["frontend/src"] },
];

/// What the engine must not name: whatever differs between two runs over the same events.
const IMPURE_WORDS: [&str; 13] = [
    "tokio",
    "sqlx",
    "std::fs",
    "fs::",
    "std::env",
    "env::",
    "std::thread",
    "std::net",
    "SystemTime",
    "Instant",
    "Utc::now",
    "HashMap",
    "HashSet",
];

/// What of the engine simulated people must not name: they know a shop by its set-up and by what its
/// screens show, or a promise would be scored against its own assumptions.
const OF_THE_ENGINE_ALONE: [&str; 10] = [
    "decide",
    "event",
    "forecast",
    "next_deadline",
    "on_deadline",
    "policy",
    "promise",
    "rejection",
    "shop",
    "view",
];

/// The dependencies that a manifest names.
pub(super) fn check_manifest(path: &str, manifest: &str) -> Vec<Finding> {
    let Some(package) = name(manifest) else {
        return Vec::new();
    };
    let finding = |what: String| Finding { path: path.to_owned(), line: 0, what };
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == package) else {
        return vec![finding(format!(
            "package {package} has no place in the direction of dependencies yet"
        ))];
    };
    let mut found = Vec::new();
    for dependency in dependencies(manifest) {
        let is_ours = dependency.starts_with("sooner-") || dependency == "xtask";
        let is_wrong = if is_ours {
            !allowed.contains(&dependency)
        } else {
            package == "xtask"
                || (PURE.contains(&package) && IMPURE_CRATES.contains(&dependency))
                || (dependency.starts_with("leptos") && package != "sooner-frontend")
        };
        if is_wrong {
            found.push(finding(format!("{package} must not use {dependency}")));
        }
    }
    found
}

/// The crates and clocks that code names.
pub(super) fn check_code(source: &Source) -> Vec<Finding> {
    let is_engine = source.path.starts_with("server/engine/src/");
    let is_sim = source.path.starts_with("server/sim/src/");
    let mut found = Vec::new();
    for (number, line) in source.judged() {
        for room in &ROOMS {
            let is_home = room.paths.iter().any(|path| source.path.starts_with(path));
            if !is_home && line.has(room.name) {
                let homes = room.paths.join(", ");
                found.push(source.finding(number, format!("{} belongs in {homes}", room.name)));
            }
        }
        if is_engine {
            for word in IMPURE_WORDS.iter().filter(|word| line.has(word)) {
                found.push(source.finding(number, format!("the engine must not use {word}")));
            }
        }
        if is_sim {
            for word in IMPURE_WORDS.iter().filter(|word| line.has(word)) {
                found.push(source.finding(number, format!("simulated people must not use {word}")));
            }
            let is_foreign = |word: &&&str| line.has(&format!("sooner_engine::{word}"));
            for word in OF_THE_ENGINE_ALONE.iter().filter(is_foreign) {
                let what = format!("simulated people must not know the engine's {word}");
                found.push(source.finding(number, what));
            }
        }
    }
    found
}

fn name(manifest: &str) -> Option<&str> {
    lockfile::section(manifest, "package")
        .into_iter()
        .find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
}

/// All kinds of dependencies, also those of one target and those with a section of their own.
fn dependencies(manifest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for section in lockfile::sections(manifest) {
        if section.starts_with("workspace.") {
            continue;
        }
        if section.ends_with("dependencies") {
            let lines = lockfile::section(manifest, section);
            found.extend(lines.into_iter().filter_map(lockfile::key));
        } else if let Some((_, name)) = section.split_once("dependencies.") {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, rest: &str) -> Vec<String> {
        let text = format!("[package]\nname = \"{name}\"\n\n{rest}");
        check_manifest("Cargo.toml", &text).into_iter().map(|finding| finding.what).collect()
    }

    fn code(path: &str, text: &str) -> Vec<Finding> {
        check_code(&Source::new(path, text))
    }

    #[test]
    fn a_dependency_against_the_direction_is_found_in_every_kind_of_section() {
        for section in [
            "[dependencies]\nsooner-server.workspace = true",
            "[dev-dependencies]\nsooner-server = { path = \"..\" }",
            "[build-dependencies]\nsooner-server = \"1\"",
            "[target.'cfg(unix)'.dependencies]\nsooner-server = \"1\"",
            "[dependencies.sooner-server]\npath = \"..\"",
        ] {
            assert_eq!(
                manifest("sooner-engine", section),
                ["sooner-engine must not use sooner-server"],
                "{section}"
            );
        }
        let right = "[dependencies]\nsooner-shared.workspace = true\nserde.workspace = true";
        assert!(manifest("sooner-engine", right).is_empty());
        assert!(manifest("sooner-frontend", right).is_empty());
    }

    #[test]
    fn impure_crates_leptos_and_new_packages_are_found() {
        assert_eq!(
            manifest("sooner-shared", "[dependencies]\ntokio.workspace = true"),
            ["sooner-shared must not use tokio"]
        );
        assert_eq!(
            manifest("sooner-server", "[dependencies]\nleptos_router = \"0.8\""),
            ["sooner-server must not use leptos_router"]
        );
        assert_eq!(
            manifest("xtask", "[dependencies]\nserde = \"1\""),
            ["xtask must not use serde"]
        );
        assert!(manifest("new", "")[0].contains("no place"));
        assert!(check_manifest("Cargo.toml", "[workspace]\n").is_empty());
    }

    #[test]
    fn crates_outside_of_their_rooms_are_found() {
        assert_eq!(
            code("server/src/shops/task.rs", "// sqlx\nuse sqlx::Pool;\n"),
            [Finding {
                path: "server/src/shops/task.rs".to_owned(),
                line: 2,
                what: "sqlx belongs in server/src/store".to_owned(),
            }]
        );
        assert!(code("server/src/store/sqlite.rs", "use sqlx::Pool;").is_empty());
        assert_eq!(code("server/src/app.rs", "fn f(_: axum::Router) {}").len(), 1);
        assert!(code("server/src/http/routes.rs", "use axum::Router;").is_empty());
        assert_eq!(code("shared/src/lib.rs", "use leptos::prelude::*;").len(), 1);
    }

    #[test]
    fn clocks_files_and_unordered_maps_in_the_engine_are_found() {
        for text in [
            "let now = SystemTime::now();",
            "use std::{env, time::Instant};",
            "std::fs::read(path)",
            "env::var(NAME)",
            "tokio::spawn(task)",
            "use std::collections::HashMap;",
        ] {
            assert!(!code("server/engine/src/shop.rs", text).is_empty(), "{text}");
        }
        let fine = "env!(\"CARGO_PKG_VERSION\"); let instant = now_at; // SystemTime\n";
        assert!(code("server/engine/src/shop.rs", fine).is_empty());
        assert!(code("server/src/clock.rs", "SystemTime::now()").is_empty());
    }

    #[test]
    fn simulated_people_know_of_the_engine_its_set_up_alone() {
        let path = "server/sim/src/world.rs";
        for text in [
            "use sooner_engine::forecast::Forecast;",
            "let next = sooner_engine::policy::next(person, line);",
            "use std::collections::HashMap;",
        ] {
            assert_eq!(code(path, text).len(), 1, "{text}");
        }
        assert!(code(path, "use sooner_engine::config::StepKind;").is_empty());
        assert_eq!(
            manifest("sooner-engine", "[dev-dependencies]\nsooner-sim.workspace = true"),
            ["sooner-engine must not use sooner-sim"]
        );
    }
}
