//! What happens at a queue, one thing after the other: the form in which recorded and made-up
//! queues are measured.

/// Something that happened, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// What.
    pub what: Moment,
}

/// What can happen. People who come are numbered in the order of coming, services and those who
/// serve from 0 in an order of the record's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Somebody who serves is there from now on.
    CameOnDuty {
        /// Who.
        server: u16,
    },
    /// Takes nobody new, until they are back on duty.
    WentOffDuty {
        /// Who.
        server: u16,
    },
    /// Begins a break, which is announced to last until then.
    TookBreak {
        /// Who.
        server: u16,
        /// Until when, in milliseconds since the epoch.
        until_ms: i64,
    },
    /// Is back from it.
    EndedBreak {
        /// Who.
        server: u16,
    },
    /// Somebody came, and is told a time now.
    Arrived(Arrival),
    /// Their service began.
    Started {
        /// Whose.
        visit: u64,
        /// With whom; `None` where that was not recorded.
        server: Option<u16>,
    },
    /// Their service ended.
    Ended {
        /// Whose.
        visit: u64,
    },
    /// They went away before it, or did not come when called.
    Left {
        /// Who.
        visit: u64,
    },
}

/// Somebody who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Their number.
    pub visit: u64,
    /// What they come for.
    pub service: u16,
    /// Above 0: with a right to go first.
    pub priority: i32,
    /// With whom, if not with whoever is free first.
    pub requested: Option<u16>,
}
