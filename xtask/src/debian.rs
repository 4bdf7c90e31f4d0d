//! Packages of Debian and its relatives, where a program cannot be had otherwise.

use std::fs;

use crate::cache::Cache;
use crate::failure::{Failure, Outcome};
use crate::place::on_path;
use crate::program::Program;
use crate::steps::note;

/// Whether packages can be had from apt here at all.
pub(crate) fn is_here() -> bool {
    on_path("apt-get").is_some()
        && fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text))
}

/// Installs packages, as root or with a sudo that asks nothing. Never removes one: a person's own
/// compiler or browser stays.
pub(crate) fn install(cache: &Cache, packages: &[&str]) -> Outcome<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    let Some(prefix) = prefix() else {
        return Err(Failure::new(format!(
            "this needs root, and sudo asks for a password; run:  sudo {by_hand}"
        )));
    };
    note(&format!("installing from the system's packages: {by_hand}"));
    apt(prefix, &["update"])
        .quiet(&cache.log("apt-update"))
        // An old list may still do; if not, the install below says so.
        .unwrap_or_else(|failure| note(&failure.to_string()));
    let mut words = vec!["install", "--no-install-recommends", "--no-remove"];
    words.extend(packages);
    apt(prefix, &words)
        .quiet(&cache.log("apt-install"))
        .map_err(|failure| Failure::new(format!("{failure}\nby hand:  {by_hand}")))
}

/// What goes before `apt-get` for it to run as root; `None` when that cannot be had unasked.
fn prefix() -> Option<&'static [&'static str]> {
    let user = Program::new("id").arg("-u").output().ok()?;
    if user.trim() == "0" {
        return Some(&[]);
    }
    Program::new("sudo").args(["-n", "true"]).output().ok()?;
    Some(&["sudo", "-n"])
}

fn apt(prefix: &[&str], words: &[&str]) -> Program {
    // `env` because sudo drops the environment.
    let fixed = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-y",
        "-o",
        "DPkg::Lock::Timeout=300",
    ];
    let mut all = prefix.iter().chain(&fixed).chain(words);
    let first = all.next().unwrap_or(&"env");
    Program::new(first).args(all)
}

fn is_debian(os_release: &str) -> bool {
    os_release.lines().any(|line| {
        let Some((key, value)) = line.split_once('=') else {
            return false;
        };
        let mut names = value.trim_matches('"').split_whitespace();
        matches!(key, "ID" | "ID_LIKE") && names.any(|name| name == "debian" || name == "ubuntu")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_relatives_are_recognised() {
        assert!(is_debian("NAME=x\nID=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\nHOME_URL=debian\n"));
    }
}
