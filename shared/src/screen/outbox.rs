//! Taps that were not answered yet.

use serde::{Deserialize, Serialize};

use crate::wire::ClientMessage;
use crate::{Command, CommandId, StaffId, Timestamp};

/// Most taps kept at a time: below what the server takes at once from a screen that comes back.
pub const MOST: usize = 32;

/// After this long a call is no longer sent: whoever was meant may be in another chair by then.
pub const CALL_LIVES_MS: i64 = 60_000;

/// A tap and when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Its id, the same for every retry.
    pub id: CommandId,
    /// What to do.
    pub command: Command,
    /// Who tapped, when people sign in at this device.
    pub by: Option<StaffId>,
    /// When it was tapped, by the device's clock.
    pub tapped_local_ms: i64,
    /// When it was tapped, by the shop's clock as the screen followed it: the device's own may be wrong,
    /// and may be set while the tap waits.
    pub tapped_at: Option<Timestamp>,
    /// Whether it could not be sent at once, or not be answered on the socket of then.
    pub kept: bool,
}

impl Pending {
    /// As it is sent. Only a tap that was kept says when it was made: for any other that is now.
    #[must_use]
    pub fn message(&self) -> ClientMessage {
        ClientMessage::Command {
            id: self.id.clone(),
            command: self.command.clone(),
            by: self.by,
            tapped_at: self.tapped_at.filter(|_| self.kept),
        }
    }
}

/// Why a tap was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// The same was tapped already and is not answered yet.
    Already,
    /// [`MOST`] taps wait for an answer.
    Full,
}

/// The taps that were not answered yet, in the order they were made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outbox {
    pending: Vec<Pending>,
}

impl Outbox {
    /// Keeps a tap until it is answered.
    pub fn push(&mut self, pending: Pending) -> Result<(), NotTaken> {
        if self.has(&pending.command) {
            return Err(NotTaken::Already);
        }
        if self.pending.len() >= MOST {
            return Err(NotTaken::Full);
        }
        self.pending.push(pending);
        Ok(())
    }

    /// Whether this very command waits for its answer.
    #[must_use]
    pub fn has(&self, command: &Command) -> bool {
        self.pending.iter().any(|p| p.command == *command)
    }

    /// What waits for an answer.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.pending.iter().map(|p| &p.command)
    }

    /// Whether nothing waits for an answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// The answer has come: the tap it belongs to.
    pub fn answered(&mut self, id: &CommandId) -> Option<Pending> {
        let at = self.pending.iter().position(|p| p.id == *id)?;
        Some(self.pending.remove(at))
    }

    /// What to send after every hello, in the order in which it was tapped. The ids are the old ones,
    /// so that nothing is done twice.
    #[must_use]
    pub fn messages(&mut self) -> Vec<ClientMessage> {
        for pending in &mut self.pending {
            pending.kept = true;
        }
        self.pending.iter().map(Pending::message).collect()
    }

    /// As text, for a device that is to remember it. A call is not: it is for now or not at all.
    #[must_use]
    pub fn to_text(&self) -> String {
        let lasting: Vec<_> = self.pending.iter().filter(|p| !is_call(&p.command)).collect();
        serde_json::to_string(&lasting).unwrap_or_default()
    }

    /// From such a text; what cannot be read, or is too much, is left out.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let all: Vec<Pending> = serde_json::from_str(text).unwrap_or_default();
        let mut outbox = Self::default();
        for pending in all.into_iter().filter(|p| !is_call(&p.command)) {
            // One that is there twice, or one too many, was not kept by this outbox.
            let _ = outbox.push(Pending { kept: true, ..pending });
        }
        outbox
    }

    /// The taps, in the order they were made.
    #[must_use]
    pub fn taps(&self) -> &[Pending] {
        &self.pending
    }

    /// Takes out the calls that have become too old.
    pub fn expire(&mut self, local_ms: i64) -> Vec<Pending> {
        self.pending
            .extract_if(.., |p| {
                is_call(&p.command) && local_ms - p.tapped_local_ms >= CALL_LIVES_MS
            })
            .collect()
    }

    /// Forgets everything, because nobody will ever answer.
    pub fn clear(&mut self) {
        self.pending.clear();
    }
}

/// Whether a command says who goes next, which is only true for a moment.
#[must_use]
pub const fn is_call(command: &Command) -> bool {
    matches!(command, Command::CallNext { .. } | Command::Call { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VisitId;

    fn tap(id: &str, command: Command, at: i64) -> Pending {
        Pending {
            id: CommandId::new(id).expect("an id"),
            command,
            by: None,
            tapped_local_ms: at,
            tapped_at: Some(Timestamp(at)),
            kept: false,
        }
    }

    const NEXT: Command = Command::CallNext { staff: StaffId(1), after: None };
    const FINISH: Command = Command::Finish { visit: VisitId(1) };

    #[test]
    fn a_second_tap_of_the_same_is_not_taken_until_the_first_is_answered() {
        let mut outbox = Outbox::default();
        outbox.push(tap("tap-0001", FINISH, 0)).expect("taken");
        assert_eq!(outbox.push(tap("tap-0002", FINISH, 1)), Err(NotTaken::Already));
        assert!(outbox.answered(&CommandId::new("tap-0001").expect("an id")).is_some());
        assert_eq!(outbox.push(tap("tap-0002", FINISH, 1)), Ok(()));
    }

    #[test]
    fn a_call_dies_after_a_minute_and_a_finish_does_not() {
        let mut outbox = Outbox::default();
        outbox.push(tap("tap-0001", NEXT, 0)).expect("taken");
        outbox.push(tap("tap-0002", FINISH, 0)).expect("taken");
        assert!(outbox.expire(CALL_LIVES_MS - 1).is_empty());
        let dead: Vec<_> = outbox.expire(CALL_LIVES_MS).into_iter().map(|p| p.command).collect();
        assert_eq!(dead, [NEXT]);
        assert_eq!(outbox.messages().len(), 1);
    }

    #[test]
    fn a_tap_says_when_it_was_made_only_once_it_was_kept() {
        let mut outbox = Outbox::default();
        outbox.push(tap("tap-0001", FINISH, 7)).expect("taken");
        let said = |message: &ClientMessage| match message {
            ClientMessage::Command { tapped_at, .. } => *tapped_at,
            ClientMessage::Hello { .. } => None,
        };
        assert_eq!(said(&outbox.taps()[0].message()), None);
        assert_eq!(said(&outbox.messages()[0]), Some(Timestamp(7)));
    }

    #[test]
    fn a_device_remembers_taps_in_order_and_no_calls() {
        let start = Command::Start { visit: VisitId(2), staff: StaffId(1) };
        let mut outbox = Outbox::default();
        for (n, command) in [FINISH, NEXT, start.clone()].into_iter().enumerate() {
            outbox.push(tap(&format!("tap-000{n}"), command, n as i64)).expect("taken");
        }
        let read = Outbox::from_text(&outbox.to_text());
        assert_eq!(read.commands().collect::<Vec<_>>(), [&FINISH, &start]);
        assert_eq!(read.taps()[1].tapped_at, Some(Timestamp(2)));
        assert!(read.taps().iter().all(|p| p.kept));
        for bad in ["", "{}", "[1]", "null"] {
            assert!(Outbox::from_text(bad).is_empty(), "{bad}");
        }
    }

    #[test]
    fn the_outbox_is_bounded() {
        let mut outbox = Outbox::default();
        for n in 0..MOST as u32 {
            let command = Command::Finish { visit: VisitId(n) };
            outbox.push(tap(&format!("tap-{n:04}"), command, 0)).expect("taken");
        }
        assert_eq!(outbox.push(tap("tap-9999", NEXT, 0)), Err(NotTaken::Full));
    }
}
