//! What more than one page is made of.

pub(crate) mod button;
pub(crate) mod clock_time;
pub(crate) mod language;
pub(crate) mod status;
pub(crate) mod tiles;
