//! Where starts were kept more and less often.

use serde::{Deserialize, Serialize};

use super::Share;

/// First promises of a start that were kept or broken, by five things.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Starts {
    /// By the service; of several, the first.
    pub by_service: Cells,
    /// By who started it; only where the owner asks in person. Who was never started is nobody's.
    pub by_person: Option<Cells>,
    /// By the local hour of joining; of an appointment, the hour it was for.
    pub by_hour: Cells,
    /// By weekday and hour of joining: the key is 24 times the weekday, from Monday, 0, and the
    /// hour.
    pub by_weekday_hour: Cells,
    /// By the number ahead in line when it was promised. An appointment had no line.
    pub by_ahead: Cells,
}

/// Promises by one thing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// Those with 30 promises or more, in order.
    pub cells: Vec<Cell>,
    /// How many had fewer and were left out.
    pub left_out: u32,
    /// How many promises these had.
    pub left_out_promises: u32,
    /// Promises that belong nowhere.
    pub nowhere: u32,
}

/// The promises of one service, person, hour or place in line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// The number of the service or the person, the hour (0 to 23), weekday and hour, the number
    /// ahead (6: or more).
    pub key: u32,
    /// As people read it.
    pub label: String,
    /// How many, and the share kept.
    #[serde(flatten)]
    pub share: Share,
}
