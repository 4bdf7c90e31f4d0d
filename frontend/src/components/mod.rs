//! What more than one page is made of.

pub(crate) mod bare;
pub(crate) mod button;
pub(crate) mod chart;
pub(crate) mod clock_time;
pub(crate) mod language;
pub(crate) mod moment;
pub(crate) mod party;
pub(crate) mod standing;
pub(crate) mod status;
pub(crate) mod tiles;
