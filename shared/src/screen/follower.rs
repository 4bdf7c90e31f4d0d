//! One view, followed over a socket that comes and goes.

use super::outbox::{NotTaken, Outbox, Pending};
use crate::view::{Followed, View};
use crate::wire::{
    Audience, Beat, ClientMessage, Delta, Position, STALE_AFTER_MS, ServerMessage, Snapshot, Stamp,
    may_return,
};
use crate::{Command, CommandId, Problem, Receipt, StaffId, Timestamp};

/// A screen that knows of a newer revision waits this long for it before it asks.
const BEHIND_FOR_MS: i64 = 2_000;

/// A socket that is not open by then is tried anew; a browser alone may wait for minutes.
const OPENS_WITHIN_MS: i64 = 10_000;

/// What a screen may claim about what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing was received yet.
    Connecting,
    /// What is shown is what the shop says.
    Live,
    /// What is shown was true when it was last confirmed.
    Stale,
    /// The server has said that coming back will not help; the number of its close code.
    Gone(u16),
}

impl State {
    /// For tests and styles.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Stale => "stale",
            Self::Gone(_) => "gone",
        }
    }
}

/// What a message leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// Nothing beyond what the view now shows.
    Nothing,
    /// Something is missing: close the socket and say hello anew.
    Resync,
    /// A tap was answered. The command is absent when it is not one of ours.
    Answer {
        /// Which tap.
        id: CommandId,
        /// What was tapped.
        command: Option<Command>,
        /// Whether the tap was kept for a while: whoever made it may have gone on meanwhile.
        kept: bool,
        /// What came of it.
        result: Result<Receipt, Problem>,
    },
    /// The server could not read something we sent.
    Complaint(Problem),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Connecting,
    Open,
    Down,
    Gone(u16),
}

/// A view and all that is known of its truth, with the taps that wait for their answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Follower<V = View> {
    view: Option<V>,
    stamp: Option<Stamp>,
    link: Link,
    /// Whether the socket of now has confirmed the view.
    confirmed: bool,
    heard_local_ms: Option<i64>,
    /// When the socket of now was asked for, or opened.
    link_local_ms: Option<i64>,
    /// The shop's time, and the device's when it was learned.
    shop_at: Timestamp,
    shop_at_local_ms: i64,
    rate: f64,
    behind_since: Option<i64>,
    build: Option<String>,
    rebuilt: bool,
    /// What is shown came with the page, and no attempt to confirm it has failed yet.
    is_served: bool,
    attempts: u32,
    /// The taps that wait for their answers.
    pub outbox: Outbox,
    /// Who taps here from now on, when people sign in at this device.
    pub by: Option<StaffId>,
}

impl<V> Default for Follower<V> {
    fn default() -> Self {
        Self {
            view: None,
            stamp: None,
            link: Link::Connecting,
            confirmed: false,
            heard_local_ms: None,
            link_local_ms: None,
            shop_at: Timestamp(0),
            shop_at_local_ms: 0,
            rate: 1.0,
            behind_since: None,
            build: None,
            rebuilt: false,
            is_served: false,
            attempts: 0,
            outbox: Outbox::default(),
            by: None,
        }
    }
}

impl<V: Followed> Follower<V> {
    /// One that has seen nothing, at a device that remembers taps.
    #[must_use]
    pub fn with_taps(outbox: Outbox) -> Self {
        Self { outbox, ..Self::default() }
    }

    /// What the page came with: shown, and not live before a socket has confirmed it.
    pub fn begin_with(&mut self, first: Snapshot<V>, local_ms: i64) {
        self.shop_at = first.stamp.at;
        self.shop_at_local_ms = local_ms;
        self.stamp = Some(first.stamp);
        self.view = Some(first.view);
        self.is_served = true;
    }

    /// A socket was asked for.
    pub fn connecting(&mut self, local_ms: i64) {
        self.link = Link::Connecting;
        self.link_local_ms = Some(local_ms);
        self.confirmed = false;
    }

    /// The socket is open: what to say on it, in this order.
    pub fn opened(&mut self, audience: Audience, local_ms: i64) -> Vec<ClientMessage> {
        self.link = Link::Open;
        self.confirmed = false;
        self.behind_since = None;
        self.link_local_ms = Some(local_ms);
        let resume = self.stamp.map(|s| Position { epoch: s.epoch, rev: s.rev });
        let mut messages = vec![ClientMessage::Hello { audience, resume }];
        messages.extend(self.outbox.messages());
        messages
    }

    /// The socket is closed. Gives the number of the next attempt, or `None` when there is to be
    /// none.
    pub fn closed(&mut self, close_number: u16) -> Option<u32> {
        self.confirmed = false;
        self.is_served = false;
        if !may_return(close_number) {
            self.link = Link::Gone(close_number);
            self.outbox.clear();
            return None;
        }
        self.link = Link::Down;
        let attempt = self.attempts;
        self.attempts = attempt.saturating_add(1);
        Some(attempt)
    }

    /// A message has come.
    pub fn take(&mut self, message: ServerMessage<V>, local_ms: i64) -> Heard {
        self.heard_local_ms = Some(local_ms);
        match message {
            ServerMessage::Snapshot(snapshot) => {
                self.take_snapshot(snapshot, local_ms);
                Heard::Nothing
            }
            ServerMessage::Delta(delta) => self.take_delta(delta, local_ms),
            ServerMessage::Beat(beat) => self.take_beat(beat, local_ms),
            ServerMessage::Accepted { id, receipt } => self.answer(id, Ok(receipt)),
            ServerMessage::Refused { id: Some(id), problem } => self.answer(id, Err(problem)),
            ServerMessage::Refused { id: None, problem } => Heard::Complaint(problem),
        }
    }

    fn take_snapshot(&mut self, snapshot: Snapshot<V>, local_ms: i64) {
        self.view = Some(snapshot.view);
        self.confirm(snapshot.stamp, local_ms);
    }

    fn take_delta(&mut self, delta: Delta<V::Diff>, local_ms: i64) -> Heard {
        let (Some(view), Some(stamp)) = (&mut self.view, self.stamp) else {
            return Heard::Resync;
        };
        let follows = stamp.rev.checked_add(1) == Some(delta.stamp.rev);
        let fits = delta.stamp.epoch == stamp.epoch && follows;
        if !fits || view.apply(delta.diff).is_err() {
            // The position is given up too, so that the next hello brings the whole view.
            self.stamp = None;
            self.confirmed = false;
            return Heard::Resync;
        }
        self.confirm(delta.stamp, local_ms);
        Heard::Nothing
    }

    fn take_beat(&mut self, beat: Beat, local_ms: i64) -> Heard {
        self.shop_at = beat.at;
        self.shop_at_local_ms = local_ms;
        self.rate = if beat.rate.is_finite() { beat.rate.max(0.0) } else { 1.0 };
        match &self.build {
            None => self.build = Some(beat.build),
            Some(build) => self.rebuilt |= *build != beat.build,
        }
        match self.stamp {
            Some(s) if s.epoch == beat.epoch && s.rev >= beat.rev => {
                self.confirmed = true;
                self.attempts = 0;
                self.behind_since = None;
                Heard::Nothing
            }
            // The missing frame may be right behind the beat.
            Some(s) if s.epoch == beat.epoch => {
                self.behind_since.get_or_insert(local_ms);
                Heard::Nothing
            }
            _ => {
                self.stamp = None;
                self.confirmed = false;
                Heard::Resync
            }
        }
    }

    fn confirm(&mut self, stamp: Stamp, local_ms: i64) {
        self.stamp = Some(stamp);
        self.shop_at = stamp.at;
        self.shop_at_local_ms = local_ms;
        self.confirmed = true;
        self.attempts = 0;
        self.behind_since = None;
    }

    fn answer(&mut self, id: CommandId, result: Result<Receipt, Problem>) -> Heard {
        let (command, kept) = match self.outbox.answered(&id) {
            Some(pending) => (Some(pending.command), pending.kept),
            None => (None, false),
        };
        Heard::Answer { id, command, kept, result }
    }

    /// Whether the open socket has proven useless and is to be closed by us.
    #[must_use]
    pub fn is_to_be_given_up(&self, local_ms: i64) -> bool {
        // A socket that was just opened has not been silent for as long as the one before it.
        let since = self.link_local_ms.max(self.heard_local_ms);
        let is_quiet_for = |ms: i64| since.is_some_and(|since| local_ms - since >= ms);
        match self.link {
            Link::Connecting => is_quiet_for(OPENS_WITHIN_MS),
            Link::Open => {
                is_quiet_for(STALE_AFTER_MS.cast_signed())
                    || self.behind_since.is_some_and(|since| local_ms - since >= BEHIND_FOR_MS)
            }
            Link::Down | Link::Gone(_) => false,
        }
    }

    fn is_silent(&self, local_ms: i64) -> bool {
        self.heard_local_ms.is_some_and(|heard| local_ms - heard >= STALE_AFTER_MS.cast_signed())
    }

    /// Keeps a tap until it is answered. Gives the message to send now, if there is a socket.
    pub fn tap(
        &mut self,
        id: CommandId,
        command: Command,
        local_ms: i64,
    ) -> Result<Option<ClientMessage>, NotTaken> {
        self.tap_at(id, command, local_ms, None)
    }

    /// The same for what somebody says they did so many milliseconds ago, and forgot to tap.
    pub fn tap_earlier(
        &mut self,
        id: CommandId,
        command: Command,
        local_ms: i64,
        ago_ms: i64,
    ) -> Result<Option<ClientMessage>, NotTaken> {
        self.tap_at(id, command, local_ms, Some(ago_ms))
    }

    fn tap_at(
        &mut self,
        id: CommandId,
        command: Command,
        local_ms: i64,
        ago_ms: Option<i64>,
    ) -> Result<Option<ClientMessage>, NotTaken> {
        let is_open = self.link == Link::Open;
        let pending = Pending {
            id,
            command,
            by: self.by,
            tapped_local_ms: local_ms,
            tapped_at: self.shop_now(local_ms).map(|at| at - ago_ms.unwrap_or(0)),
            kept: !is_open || ago_ms.is_some(),
        };
        let message = is_open.then(|| pending.message());
        self.outbox.push(pending)?;
        Ok(message)
    }

    /// What the screen may claim.
    #[must_use]
    pub fn state(&self, local_ms: i64) -> State {
        match (self.link, &self.view) {
            (Link::Gone(number), _) => State::Gone(number),
            (_, None) => State::Connecting,
            (_, Some(_)) if self.is_served && !self.confirmed => State::Connecting,
            (Link::Open, Some(_))
                if self.confirmed && self.behind_since.is_none() && !self.is_silent(local_ms) =>
            {
                State::Live
            }
            _ => State::Stale,
        }
    }

    /// What to show.
    #[must_use]
    pub const fn view(&self) -> Option<&V> {
        self.view.as_ref()
    }

    /// The shop's last event that is in the view.
    #[must_use]
    pub fn seq(&self) -> Option<u64> {
        self.stamp.map(|s| s.seq)
    }

    /// The shop's time when the view was last confirmed.
    #[must_use]
    pub fn confirmed_at(&self) -> Option<Timestamp> {
        self.view.as_ref().map(|_| self.shop_at)
    }

    /// The shop's time now, carried on from the last message at the rate the server gave.
    #[must_use]
    pub fn shop_now(&self, local_ms: i64) -> Option<Timestamp> {
        self.view.as_ref()?;
        let passed_ms = (local_ms - self.shop_at_local_ms).max(0);
        Some(self.shop_at + (passed_ms as f64 * self.rate) as i64)
    }

    /// The device's clock was set back: what was heard "later" counts as heard now.
    pub fn clock_set_back(&mut self, local_ms: i64) {
        for instant in [&mut self.heard_local_ms, &mut self.link_local_ms] {
            *instant = instant.map(|at| at.min(local_ms));
        }
        self.shop_at_local_ms = self.shop_at_local_ms.min(local_ms);
    }

    /// Whether the server was renewed since this page was loaded.
    #[must_use]
    pub const fn is_outdated(&self) -> bool {
        self.rebuilt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::view::{ViewDiff, VisitView};
    use crate::wire::CloseCode;
    use crate::{ProblemCode, VisitId};

    fn view(name: &str) -> VisitView {
        VisitView { name: name.to_owned(), ..samples::visit() }
    }

    fn stamp(rev: u64) -> Stamp {
        Stamp { epoch: 7, rev, seq: rev, at: Timestamp(1_000) }
    }

    fn snapshot(rev: u64) -> ServerMessage {
        ServerMessage::Snapshot(Snapshot {
            stamp: stamp(rev),
            view: View::Visit(Box::new(view("Anna"))),
        })
    }

    fn delta(rev: u64, name: &str) -> ServerMessage {
        ServerMessage::Delta(Delta {
            stamp: stamp(rev),
            diff: ViewDiff::Visit(Box::new(view(name))),
        })
    }

    fn beat(epoch: u64, rev: u64) -> ServerMessage {
        ServerMessage::Beat(Beat { at: Timestamp(2_000), rate: 1.0, epoch, rev, build: "a".into() })
    }

    fn audience() -> Audience {
        Audience::Visit { link: "x".into() }
    }

    fn live() -> Follower {
        let mut follower = Follower::default();
        follower.opened(audience(), 0);
        assert_eq!(follower.take(snapshot(1), 0), Heard::Nothing);
        follower
    }

    fn id(text: &str) -> CommandId {
        CommandId::new(text).expect("an id")
    }

    fn name_shown(follower: &Follower) -> &str {
        match follower.view() {
            Some(View::Visit(visit)) => &visit.name,
            _ => "",
        }
    }

    #[test]
    fn a_screen_is_live_only_while_it_hears_something() {
        let mut follower = live();
        let limit = STALE_AFTER_MS.cast_signed();
        assert_eq!(follower.state(limit - 1), State::Live);
        assert_eq!(follower.state(limit), State::Stale);
        assert!(follower.is_to_be_given_up(limit));
        follower.take(beat(7, 1), limit);
        assert_eq!(follower.state(limit + 1), State::Live);
    }

    #[test]
    fn a_lost_socket_is_stale_at_once_and_live_again_only_when_confirmed() {
        let mut follower = live();
        assert_eq!(follower.closed(1006), Some(0));
        assert_eq!(follower.state(1), State::Stale);
        assert_eq!(follower.closed(1006), Some(1));
        let hello = follower.opened(audience(), 2);
        let resume = Some(Position { epoch: 7, rev: 1 });
        assert_eq!(hello, [ClientMessage::Hello { audience: audience(), resume }]);
        assert_eq!(follower.state(3), State::Stale);
        follower.take(beat(7, 1), 4);
        assert_eq!(follower.state(5), State::Live);
        assert_eq!(follower.closed(1006), Some(0), "back-off begins anew");
    }

    #[test]
    fn a_delta_fits_only_on_the_revision_before_it() {
        let mut follower = live();
        assert_eq!(follower.take(delta(2, "Anna B."), 1), Heard::Nothing);
        assert_eq!(name_shown(&follower), "Anna B.");
        assert_eq!(follower.take(delta(4, "Ben"), 2), Heard::Resync);
        assert_eq!(name_shown(&follower), "Anna B.");
        assert_eq!(follower.state(2), State::Stale);
        let hello = follower.opened(audience(), 3);
        assert_eq!(hello, [ClientMessage::Hello { audience: audience(), resume: None }]);
    }

    #[test]
    fn nothing_follows_the_last_revision_and_time_ends_with_it() {
        let mut follower = live();
        follower.take(snapshot(u64::MAX), 1);
        assert_eq!(follower.take(delta(0, "Ben"), 2), Heard::Resync);
        let mut last = beat(7, 1);
        if let ServerMessage::Beat(beat) = &mut last {
            (beat.at, beat.rate) = (Timestamp(i64::MAX), f64::MAX);
        }
        let mut follower = live();
        follower.take(last, 3);
        assert_eq!(follower.shop_now(86_400_000), Some(Timestamp(i64::MAX)));
    }

    #[test]
    fn a_beat_of_another_count_asks_for_the_whole_view() {
        assert_eq!(live().take(beat(8, 1), 1), Heard::Resync);
    }

    #[test]
    fn a_beat_that_is_ahead_gives_the_frame_two_seconds_to_come() {
        let mut follower = live();
        assert_eq!(follower.take(beat(7, 2), 10), Heard::Nothing);
        assert_eq!(follower.state(11), State::Stale);
        assert!(!follower.is_to_be_given_up(11));
        assert!(follower.is_to_be_given_up(10 + BEHIND_FOR_MS));
        follower.take(delta(2, "Anna B."), 12);
        assert_eq!(follower.state(13), State::Live);
        assert!(!follower.is_to_be_given_up(10 + BEHIND_FOR_MS));
    }

    #[test]
    fn a_close_for_good_ends_it() {
        let mut follower = live();
        follower.tap(id("tap-0001"), Command::Leave { visit: VisitId(1) }, 0).expect("taken");
        assert_eq!(follower.closed(CloseCode::UnknownVisit.number()), None);
        assert_eq!(follower.state(1), State::Gone(CloseCode::UnknownVisit.number()));
        assert!(follower.outbox.is_empty());
    }

    #[test]
    fn an_unanswered_tap_is_sent_again_with_the_same_id() {
        let mut follower = live();
        let command = Command::CheckIn { visit: VisitId(1) };
        let message = |tapped_at| ClientMessage::Command {
            id: id("tap-0001"),
            command: command.clone(),
            by: None,
            tapped_at,
        };
        let sent = follower.tap(id("tap-0001"), command.clone(), 5).expect("taken");
        assert_eq!(sent, Some(message(None)));
        follower.closed(1006);
        // By the shop's clock, which the device's own need not agree with.
        let again = follower.opened(audience(), 9_000);
        assert_eq!(again[1], message(Some(Timestamp(1_005))));
        let problem = Problem::new(ProblemCode::VisitOver);
        let refused = ServerMessage::Refused { id: Some(id("tap-0001")), problem: problem.clone() };
        assert_eq!(
            follower.take(refused, 2),
            Heard::Answer {
                id: id("tap-0001"),
                command: Some(command),
                kept: true,
                result: Err(problem),
            }
        );
        assert!(follower.outbox.is_empty());
    }

    #[test]
    fn what_was_done_a_while_ago_says_so() {
        let mut follower = live();
        let command = Command::Finish { visit: VisitId(1) };
        let sent = follower.tap_earlier(id("tap-0001"), command.clone(), 0, 300).expect("taken");
        let tapped_at = Some(Timestamp(700));
        let expected = ClientMessage::Command { id: id("tap-0001"), command, by: None, tapped_at };
        assert_eq!(sent, Some(expected));
    }

    #[test]
    fn a_tap_without_a_socket_is_kept() {
        let mut follower = live();
        follower.closed(1006);
        let command = Command::CheckIn { visit: VisitId(1) };
        assert_eq!(follower.tap(id("tap-0001"), command, 0), Ok(None));
        assert_eq!(follower.opened(audience(), 1).len(), 2);
    }

    #[test]
    fn the_shop_clock_goes_on_at_its_own_rate() {
        let mut follower = live();
        assert_eq!(follower.shop_now(500), Some(Timestamp(1_500)));
        let stepped = Beat { at: Timestamp(9_000), rate: 0.0, epoch: 7, rev: 1, build: "a".into() };
        follower.take(ServerMessage::Beat(stepped), 1_000);
        assert_eq!(follower.shop_now(60_000), Some(Timestamp(9_000)));
    }

    #[test]
    fn another_build_is_noticed() {
        let mut follower = live();
        follower.take(beat(7, 1), 1);
        assert!(!follower.is_outdated());
        let other = Beat { at: Timestamp(0), rate: 1.0, epoch: 7, rev: 1, build: "b".into() };
        follower.take(ServerMessage::Beat(other), 2);
        assert!(follower.is_outdated());
    }

    #[test]
    fn a_clock_set_back_does_not_keep_a_screen_live_for_hours() {
        let mut follower = live();
        follower.take(beat(7, 1), 3_600_000);
        follower.clock_set_back(0);
        assert_eq!(follower.state(STALE_AFTER_MS.cast_signed()), State::Stale);
    }

    #[test]
    fn a_socket_opened_after_a_long_outage_is_given_the_time_to_speak() {
        let mut follower = Follower::default();
        follower.connecting(0);
        follower.opened(audience(), 0);
        follower.take(snapshot(1), 0);
        follower.closed(1006);
        let hour = 3_600_000;
        follower.connecting(hour);
        assert!(!follower.is_to_be_given_up(hour + 5_000));
        follower.opened(audience(), hour + 5_000);
        assert!(!follower.is_to_be_given_up(hour + 6_000), "nothing was heard for an hour");
        assert_eq!(follower.state(hour + 6_000), State::Stale, "and so nothing is claimed");
        follower.take(snapshot(2), hour + 7_000);
        assert_eq!(follower.state(hour + 7_000), State::Live);
    }

    #[test]
    fn a_socket_that_does_not_open_is_tried_anew() {
        let mut follower = Follower::<View>::default();
        follower.connecting(0);
        assert!(!follower.is_to_be_given_up(9_999));
        assert!(follower.is_to_be_given_up(10_000));
    }

    #[test]
    fn an_answer_to_a_tap_does_not_set_the_shop_s_clock_back() {
        let mut follower = Follower::default();
        follower.opened(audience(), 0);
        follower.take(snapshot(1), 0);
        let before = follower.shop_now(12_000);
        let refused = ServerMessage::Refused {
            id: CommandId::new("command-1"),
            problem: ProblemCode::NobodyWaiting.into(),
        };
        follower.take(refused, 12_000);
        assert_eq!(follower.shop_now(12_000), before);
    }
}
