//! `cargo xtask phone-speed`: how soon a slow phone shows its promise, is alive, and answers a tap.

use crate::browser::Browser;
use crate::failure::Outcome;
use crate::place::{Place, cargo};
use crate::program::Program;
use crate::steps::Steps;
use crate::web::{self, Quality};

/// How many steps [`phone_speed`] announces.
const STEPS: usize = web::STEPS + 2;

/// Prints the figures, with pages as phones get them.
pub(crate) fn phone_speed(place: &Place) -> Outcome<()> {
    let mut steps = Steps::new(STEPS);
    let browser = steps.step("browser", "it is the phone", || Browser::find(place))?;
    web::build(place, Quality::Small, &mut steps)?;
    steps.step("phone", "slow, and far away", || {
        let program = Program::new(cargo())
            .args(["run", "--quiet", "--package", "sooner-tests", "--bin", "sooner-phone-speed"])
            .within(&place.root);
        browser.equip(program).stream()
    })
}
