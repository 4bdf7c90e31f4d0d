//! A browser for the tests: Chromium, and the driver that belongs to it.

use std::env;
use std::path::PathBuf;

use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::{Place, on_path};
use crate::program::Program;
use crate::steps::note;

/// Names under which systems install it, in the order they are tried.
const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const DRIVER: &str = "chromedriver";

/// Browser and driver, as the tests are told by environment variable.
pub(crate) struct Browser {
    chromium: PathBuf,
    driver: PathBuf,
}

/// Where a person may say which browser to use, and where the tests read it.
const CHROMIUM_VARIABLE: &str = "SOONER_CHROMIUM";
/// The same for the driver.
const DRIVER_VARIABLE: &str = "SOONER_CHROMEDRIVER";

impl Browser {
    pub(crate) fn find(place: &Place) -> Outcome<Self> {
        if let Some(browser) = Self::present() {
            return browser.checked();
        }
        if debian::is_here() {
            debian::install(&place.cache, &["chromium", "chromium-driver"])?;
        }
        match Self::present() {
            Some(browser) => browser.checked(),
            None => Err(Failure::new(format!(
                "the tests need Chromium or Chrome, and the chromedriver of the same version.\n\
                 On Debian or Ubuntu:  apt-get install chromium chromium-driver\n\
                 Elsewhere, install both so that they are on PATH, or name them in \
                 {CHROMIUM_VARIABLE} and {DRIVER_VARIABLE}."
            ))),
        }
    }

    /// Tells a program which browser it is to use.
    pub(crate) fn equip(&self, program: Program) -> Program {
        program.env(CHROMIUM_VARIABLE, &self.chromium).env(DRIVER_VARIABLE, &self.driver)
    }

    fn present() -> Option<Self> {
        let named = |variable| env::var_os(variable).map(PathBuf::from);
        let chromium =
            named(CHROMIUM_VARIABLE).or_else(|| BROWSERS.iter().find_map(|name| on_path(name)))?;
        let driver = named(DRIVER_VARIABLE).or_else(|| on_path(DRIVER))?;
        Some(Self { chromium, driver })
    }

    /// A driver refuses a browser of another major version with a message that few understand.
    fn checked(self) -> Outcome<Self> {
        let version = |path: &PathBuf| Program::new(path).arg("--version").output();
        let (browser, driver) = (version(&self.chromium)?, version(&self.driver)?);
        if major(&browser) != major(&driver) {
            return Err(Failure::new(format!(
                "browser and driver must be of one version, but they are:\n{}: {}{}: {}",
                self.chromium.display(),
                browser,
                self.driver.display(),
                driver
            )));
        }
        note(browser.trim());
        Ok(self)
    }
}

/// The first number in what a browser says of its version.
fn major(version: &str) -> Option<&str> {
    version
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?
        .split('.')
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_and_driver_are_compared_by_major_version() {
        assert_eq!(major("Chromium 156.0.8078.73 built on Debian"), Some("156"));
        assert_eq!(major("ChromeDriver 156.0.8078.73 (abc)"), Some("156"));
        assert_eq!(major("Google Chrome for Testing"), None);
    }
}
