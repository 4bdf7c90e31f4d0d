//! `cargo xtask screenshots`: a picture of every page in every state, for people to look at.

use crate::browser::Browser;
use crate::failure::{Failure, Outcome};
use crate::place::{Place, cargo};
use crate::program::Program;
use crate::steps::Steps;
use crate::web::{self, Quality};

/// How many steps [`screenshots`] announces.
const STEPS: usize = web::STEPS + 2;

/// Takes the pictures, of one page if that is named, into `target/screenshots/gallery`.
pub(crate) fn screenshots(place: &Place, arguments: &[String]) -> Outcome<()> {
    let (quality, rest) = match arguments {
        [quick, rest @ ..] if quick == "--quick" => (Quality::Quick, rest),
        rest => (Quality::Small, rest),
    };
    if rest.len() > 1 {
        return Err(Failure::new("screenshots takes one page, or none for all"));
    }
    let mut steps = Steps::new(STEPS);
    let browser = steps.step("browser", "it takes the pictures", || Browser::find(place))?;
    web::build(place, quality, &mut steps)?;
    let folder = place.target.join("screenshots").join("gallery");
    steps.step("pictures", "in the light, in the dark, from right to left", || {
        let program = Program::new(cargo())
            .args(["run", "--quiet", "--package", "sooner-tests", "--bin", "sooner-pictures", "--"])
            .arg(&folder)
            .args(rest)
            .within(&place.root);
        browser.equip(program).stream()
    })
}
