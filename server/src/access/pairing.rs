//! Screens that wait to be paired. They are forgotten when the server stops: the screen asks anew.

use sooner_shared::access::{DeviceKind, Pairing};
use sooner_shared::{Maker, Problem, ProblemCode, Timestamp};

use super::secret::{self, Hash};

/// How long a code stands, in milliseconds.
pub(super) const CODE_MS: i64 = 10 * 60_000;
/// Screens that wait at once; over it the oldest that nobody confirmed is forgotten.
const WAITING_MAX: usize = 32;

#[derive(Debug)]
struct Waiting {
    code: String,
    secret: Hash,
    kind: DeviceKind,
    /// Until when; what the program itself prints stands until it is used.
    until: Option<Timestamp>,
    confirmed: Option<Confirmed>,
}

/// What was confirmed, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Confirmed {
    pub(super) kind: DeviceKind,
    pub(super) label: String,
    pub(super) by: Maker,
}

/// All that wait.
#[derive(Debug, Default)]
pub(super) struct Pairings(Vec<Waiting>);

impl Pairings {
    /// A screen asks.
    pub(super) fn begin(&mut self, kind: DeviceKind, now: Timestamp) -> Pairing {
        self.forget_old(now);
        if self.0.len() >= WAITING_MAX {
            let oldest = self.0.iter().position(|w| w.confirmed.is_none()).unwrap_or(0);
            self.0.remove(oldest);
        }
        let (secret, hash) = secret::token();
        let code = secret::screen_code();
        let until = Some(now + CODE_MS);
        self.0.push(Waiting { code: code.clone(), secret: hash, kind, until, confirmed: None });
        Pairing { code, secret }
    }

    /// A secret that is confirmed beforehand: who has it may pair one browser.
    pub(super) fn begin_confirmed(&mut self, confirmed: Confirmed) -> String {
        let (secret, hash) = secret::token();
        let kind = confirmed.kind;
        let code = secret::screen_code();
        let confirmed = Some(confirmed);
        self.0.push(Waiting { code, secret: hash, kind, until: None, confirmed });
        secret
    }

    /// The owner confirms what a screen shows, as what it asked to be.
    pub(super) fn confirm(
        &mut self,
        code: &str,
        confirmed: Confirmed,
        now: Timestamp,
    ) -> Result<(), Problem> {
        self.forget_old(now);
        let code = secret::as_meant(code);
        let waiting = self.0.iter_mut().find(|w| w.code == code && w.kind == confirmed.kind);
        match waiting {
            Some(waiting) => waiting.confirmed = Some(confirmed),
            None => return Err(ProblemCode::UnknownCode.into()),
        }
        Ok(())
    }

    /// The screen asks whether it was confirmed; once, then it is forgotten.
    pub(super) fn claim(
        &mut self,
        secret: &str,
        now: Timestamp,
    ) -> Result<Option<Confirmed>, Problem> {
        self.forget_old(now);
        let hash = Hash::of(secret);
        let at = self.0.iter().position(|w| w.secret == hash).ok_or(ProblemCode::UnknownCode)?;
        if self.0[at].confirmed.is_none() {
            return Ok(None);
        }
        Ok(self.0.remove(at).confirmed)
    }

    fn forget_old(&mut self, now: Timestamp) {
        self.0.retain(|w| w.until.is_none_or(|until| now < until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(0);

    fn tablet() -> Confirmed {
        Confirmed { kind: DeviceKind::Tablet, label: "Desk".into(), by: Maker::Owner }
    }

    #[test]
    fn a_screen_is_paired_once_and_only_as_what_it_asked_for() {
        let mut pairings = Pairings::default();
        let asked = pairings.begin(DeviceKind::Tablet, NOW);
        assert_eq!(pairings.claim(&asked.secret, NOW), Ok(None));
        let kiosk = Confirmed { kind: DeviceKind::Kiosk, ..tablet() };
        assert!(pairings.confirm(&asked.code, kiosk, NOW).is_err());
        assert!(pairings.confirm("AAAAAA", tablet(), NOW).is_err());
        pairings.confirm(&asked.code.to_lowercase(), tablet(), NOW).expect("waits");
        assert!(pairings.claim("guessed", NOW).is_err());
        assert_eq!(pairings.claim(&asked.secret, NOW), Ok(Some(tablet())));
        assert!(pairings.claim(&asked.secret, NOW).is_err(), "once");
    }

    #[test]
    fn a_code_stands_for_ten_minutes_and_not_many_wait_at_once() {
        let mut pairings = Pairings::default();
        let asked = pairings.begin(DeviceKind::Display, NOW);
        assert!(pairings.claim(&asked.secret, NOW + CODE_MS - 1).is_ok());
        assert!(pairings.claim(&asked.secret, NOW + CODE_MS).is_err());
        let printed = pairings.begin_confirmed(tablet());
        let first = pairings.begin(DeviceKind::Kiosk, NOW);
        for _ in 0..WAITING_MAX {
            pairings.begin(DeviceKind::Kiosk, NOW);
        }
        assert_eq!(pairings.0.len(), WAITING_MAX);
        assert!(pairings.claim(&first.secret, NOW).is_err());
        let year = NOW + 365 * 86_400_000;
        assert_eq!(pairings.claim(&printed, year), Ok(Some(tablet())), "until it is used");
    }
}
