//! Who is in the book: comes to the shop, walks to the chair, waits for a part, collects, and
//! changes their mind when the times do.

use sooner_shared::time::MINUTE_MS;
use sooner_shared::view::{DeskCard, PromiseKind, Stage, WaitsFor};
use sooner_shared::{Timestamp, VisitId};

use super::desk::Chore;
use super::guest::{Guest, GuestId, Place, Seen, Wish};
use super::{Thought, World};
use crate::Habits;
use crate::demand::Entry;
use crate::hours::QUARTER_MS;

impl World {
    /// Decides about what was found after all.
    pub(super) fn decides(&mut self, id: GuestId, guest: &mut Guest, now: Timestamp) {
        let at = now + guest.chance.ms(MINUTE_MS, 30 * MINUTE_MS);
        self.wants(id, at, Wish::SayYes);
    }

    /// What somebody has in mind who has joined.
    pub(super) fn settle_in(
        &mut self,
        id: GuestId,
        guest: &mut Guest,
        by: Option<Timestamp>,
        now: Timestamp,
    ) {
        let wait_ms = by.map_or(20 * MINUTE_MS, |by| by - now);
        match guest.place {
            Place::Here if guest.chance.happens(0.5) => {
                let at = now + guest.chance.ms(5_000, MINUTE_MS);
                self.wants(id, at, Wish::CheckIn);
            }
            Place::Elsewhere if guest.promise == PromiseKind::Start => {
                self.sets_out(id, guest, now + wait_ms, now);
                if guest.chance.happens(0.1) {
                    // Something comes between.
                    guest.comes_at =
                        guest.comes_at.map(|at| at + guest.chance.ms(QUARTER_MS, 2 * QUARTER_MS));
                    if guest.chance.happens(self.habits.says_late) {
                        let at = now + (wait_ms as f64 * guest.chance.between(0.3, 0.8)) as i64;
                        self.wants(id, at, Wish::SayLate);
                    }
                }
            }
            _ => {}
        }
        if guest.promise != PromiseKind::Start {
            return;
        }
        if guest.chance.happens(self.habits.gives_up) {
            let at = now + (guest.bears_ms as f64 * guest.chance.between(0.3, 0.9)) as i64;
            self.wants(id, at, Wish::GiveUp);
        }
        if guest.chance.happens(self.habits.lets_pass) {
            let at = now + (wait_ms as f64 * guest.chance.between(0.2, 0.8)) as i64;
            self.wants(id, at, Wish::LetPass);
        }
    }

    /// Means to be there a little before the time told.
    fn sets_out(&mut self, id: GuestId, guest: &mut Guest, by: Timestamp, now: Timestamp) {
        let at = by - guest.chance.ms(3 * MINUTE_MS, 15 * MINUTE_MS);
        let at = at.max(now + 3 * MINUTE_MS);
        guest.comes_at = Some(at);
        self.wants(id, at, Wish::Come);
    }

    /// What somebody has in mind who got an appointment.
    pub(super) fn await_day(&mut self, id: GuestId, guest: &mut Guest, now: Timestamp) {
        let Habits { no_shows, cancels, confirms, late_guests, says_late, .. } = self.habits;
        let at = guest.errand.at;
        if guest.chance.happens(no_shows) {
            self.counts.no_shows += 1;
            return;
        }
        if guest.chance.happens(cancels) {
            let when = at - guest.chance.ms(2 * 60 * MINUTE_MS, 30 * 60 * MINUTE_MS);
            self.wants(id, when.max(now + 10 * MINUTE_MS), Wish::GiveUp);
        }
        if guest.chance.happens(confirms) {
            let when = at - guest.chance.ms(2 * 60 * MINUTE_MS, 26 * 60 * MINUTE_MS);
            if when > now {
                self.wants(id, when, Wish::Confirm);
            }
        }
        let late_ms = if guest.chance.happens(late_guests) {
            guest.chance.ms(8 * MINUTE_MS, 25 * MINUTE_MS)
        } else {
            let minutes = (-5.0 + 5.0 * guest.chance.normal()).clamp(-20.0, 8.0);
            (minutes * MINUTE_MS as f64) as i64
        };
        guest.comes_at = Some(at + late_ms);
        self.wants(id, at + late_ms, Wish::Come);
        if late_ms > 5 * MINUTE_MS && guest.chance.happens(says_late) {
            let when = at - guest.chance.ms(0, 10 * MINUTE_MS);
            self.wants(id, when, Wish::SayLate);
        }
    }

    /// Reacts to what the desk shows of somebody.
    pub(super) fn notice(&mut self, id: GuestId, visit: VisitId, card: &DeskCard, now: Timestamp) {
        let Some(guest) = self.guests.get_mut(&id) else { return };
        let seen = Seen {
            stage: Some(card.stage),
            by: card.by,
            called_at: card.called_at,
            waits_for: card.waits_for,
            step: guest.step,
            news_by: card.news_by.or(card.by.filter(|_| card.kind == PromiseKind::News)),
            overdue: card.overdue,
            checked_in: card.checked_in,
            promise_no: card.promise_no,
            invited: card.invited,
        };
        let before = guest.seen;
        if seen == before {
            return;
        }
        let Some(mut guest) = self.guests.remove(&id) else { return };
        guest.follow(card, &self.config);
        guest.seen = Seen { step: guest.step, ..seen };
        if guest.link.is_none() && !card.link.is_empty() {
            guest.link = Some(card.link.clone());
        }
        self.react(id, &mut guest, visit, before, now);
        self.guests.insert(id, guest);
    }

    fn react(
        &mut self,
        id: GuestId,
        guest: &mut Guest,
        visit: VisitId,
        before: Seen,
        now: Timestamp,
    ) {
        let seen = guest.seen;
        let changed = seen.stage != before.stage || seen.step != before.step;
        match seen.stage {
            Some(Stage::Called) if changed || seen.called_at != before.called_at => {
                guest.calls = guest.calls.saturating_add(1);
                guest.at_chair_at = self.walk(guest, now);
            }
            Some(Stage::Waiting) if changed => self.somebody_waits(now),
            Some(Stage::Pending) if changed || seen.waits_for != before.waits_for => {
                self.begins_to_wait(id, guest, visit, now);
            }
            Some(Stage::Ready) if changed => self.will_collect(guest, visit, now),
            _ => {}
        }
        if let Some(by) = seen.news_by.filter(|_| seen.news_by != before.news_by) {
            let ms = if guest.chance.happens(self.habits.late_news) {
                -guest.chance.ms(5 * MINUTE_MS, 60 * MINUTE_MS)
            } else {
                guest.chance.ms(5 * MINUTE_MS, 90 * MINUTE_MS)
            };
            self.chore((by - ms).max(now + MINUTE_MS), Chore::News(visit, by));
        }
        if guest.has_phone() {
            if seen.promise_no.is_some() && seen.promise_no != before.promise_no {
                // Most look when it buzzes; some have it in their pocket.
                let (least, most) =
                    if guest.chance.happens(0.8) { (3_000, 45_000) } else { (120_000, 900_000) };
                let at = now + guest.chance.ms(least, most);
                self.wants(id, at, Wish::Read);
            }
            if seen.invited.is_some() && before.invited.is_none() {
                let at = now + guest.chance.ms(10_000, 4 * MINUTE_MS);
                self.wants(id, at, Wish::ComeEarlier);
            }
        }
        if seen.overdue && !before.overdue {
            let at = now + guest.chance.ms(MINUTE_MS, 6 * MINUTE_MS);
            self.chore(at, Chore::Overdue(visit));
        }
        let (Some(was), Some(by)) = (before.by, seen.by) else { return };
        if was != by && guest.place == Place::Elsewhere && guest.comes_at.is_some_and(|at| at > now)
        {
            if seen.stage == Some(Stage::Waiting) && guest.errand.way == Entry::Remote {
                // The phone says another time: they come for that one.
                self.sets_out(id, guest, by, now);
            }
        } else if by > was && guest.is_waiting() && guest.chance.happens(0.05) {
            self.wants(id, now + guest.chance.ms(MINUTE_MS, 4 * MINUTE_MS), Wish::GiveUp);
        }
    }

    /// When who is called will be at the chair, if ever.
    fn walk(&self, guest: &mut Guest, now: Timestamp) -> Option<Timestamp> {
        if guest.promise == PromiseKind::CallBack {
            // Most pick up the phone.
            return guest.chance.happens(0.9).then(|| now + guest.chance.ms(8_000, 30_000));
        }
        match guest.place {
            Place::Gone => None,
            Place::Here if guest.chance.happens(self.habits.strolls) => {
                Some(now + guest.chance.ms(MINUTE_MS, 4 * MINUTE_MS))
            }
            Place::Here => Some(now + guest.chance.ms(8_000, 50_000)),
            // Whoever is on their way comes when they come.
            Place::Elsewhere => {
                let at = guest.comes_at?.max(now) + guest.chance.ms(MINUTE_MS, 4 * MINUTE_MS);
                Some(at)
            }
        }
    }

    /// Somebody's visit rests: a treatment, a yes, a part.
    fn begins_to_wait(&mut self, id: GuestId, guest: &mut Guest, visit: VisitId, now: Timestamp) {
        let Some((task, _)) = guest.task() else { return };
        let wait_ms = self.truth.wait_ms(&mut guest.chance, task);
        let soon = now + guest.chance.ms(2 * MINUTE_MS, 12 * MINUTE_MS);
        match guest.seen.waits_for {
            Some(WaitsFor::Time) => {
                let unseen_ms = guest.chance.exponential(1.5 * MINUTE_MS as f64) as i64;
                self.chore(now + wait_ms + unseen_ms, Chore::Continue(visit));
            }
            Some(WaitsFor::Approval) => {
                self.chore(soon, Chore::AskApproval(visit));
                let mut at = soon + wait_ms;
                let minute = self.plan.minute(at);
                if !(8.0 * 60.0..21.0 * 60.0).contains(&minute) {
                    at = at + 11 * 60 * MINUTE_MS; // not at night
                }
                self.wants(id, at, Wish::SayYes);
            }
            Some(WaitsFor::Part) => {
                let brought_at = self.plan.when_open(now + wait_ms);
                let at = brought_at + guest.chance.ms(10 * MINUTE_MS, 60 * MINUTE_MS);
                // The supplier knows roughly.
                let likely_ms = (wait_ms as f64 * guest.chance.between(0.6, 1.2)) as i64;
                self.chore(soon, Chore::ExpectPart(visit, now + likely_ms.max(30 * MINUTE_MS)));
                self.think(at, Thought::Desk(Chore::Continue(visit)));
            }
            None => {}
        }
    }

    fn will_collect(&mut self, guest: &mut Guest, visit: VisitId, now: Timestamp) {
        let hours = if guest.chance.happens(0.3) { 0.1 } else { guest.chance.gamma(2.0, 6.0) };
        let at = now + (hours * 60.0 * MINUTE_MS as f64) as i64;
        let at = self.plan.when_open(at) + guest.chance.ms(MINUTE_MS, 20 * MINUTE_MS);
        self.chore(at, Chore::Collect(visit));
    }
}
