//! The task of one shop, its only writer.
//!
//! The path of a tap: take what waits, decide on a working copy, append once, and only when that
//! is durable acknowledge, then publish the facts, then forecast on a compute thread. What the
//! forecast finds worth recording is a second append. Facts never wait for a forecast; only what tells
//! somebody a time forecasts inline, for those people alone.

mod configure;
mod personal;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sooner_engine::decide::{late_promises, quote};
use sooner_engine::forecast::moves::moves;
use sooner_engine::price::preview;
use sooner_engine::remedy::remedies;
use sooner_engine::roster::turns_at;
use sooner_engine::{
    Event, Forecast, Recorded, Shop, decide_tapped, next_deadline, on_deadline, view,
};
use sooner_shared::command::Quoted;
use sooner_shared::view::View;
use sooner_shared::wire::Stamp;
use sooner_shared::{Command, CommandId, Maker, Problem, ProblemCode, Receipt, ShopId, Timestamp};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::answers::{self, Answers};
use super::book::Book;
use super::frame::Channel;
use super::words;
use super::{Answer, Audience, Frames, Known, Message, Settled};
use crate::clock::Clock;
use crate::links::{Secrets, random};
use crate::store::{AppendError, Batch, Kept, Loaded, PersonKey, PersonRow, Store, StoreError};

/// Messages taken in one go, and so commands in one append.
const DRAIN_MAX: usize = 64;

/// While anybody is on duty or waits, a forecast is at most this old, in milliseconds of shop
/// time: the chance that a promise breaks rises without any event, and so does a quote.
const FORECAST_EVERY_MS: i64 = 30_000;

/// How often a shop that cannot write tries to, in milliseconds of shop time.
const RETRY_EVERY_MS: i64 = 5_000;

/// How often what is due is erased, in milliseconds of shop time.
const PURGE_EVERY_MS: i64 = 3_600_000;

/// Pause after a write that failed, so that a full disk does not spin the processor.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// What every shop's task shares with the others.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    pub(super) store: Store,
    pub(super) clock: Clock,
    /// As many forecasts at once as there are cores to spare.
    pub(super) compute: Arc<Semaphore>,
}

/// The state of one shop at work.
#[derive(Debug)]
pub(super) struct Task {
    id: ShopId,
    around: Surroundings,
    shop: Arc<Shop>,
    book: Book,
    answers: Answers,
    known: Arc<Known>,
    epoch: u64,
    channels: BTreeMap<Audience, Channel>,
    /// Above every revision of a channel that was forgotten: a phone that comes back must not take
    /// a new channel's revision for the one it has.
    forgotten_rev: u64,
    forecast: Forecast,
    /// When the doors open or close next after that forecast.
    doors_turn_at: Option<Timestamp>,
    job: Option<JoinHandle<Looked>>,
    settling: Vec<oneshot::Sender<Settled>>,
    purged_at: Timestamp,
    /// Until when the store may hold the words of somebody in line.
    words_until: Option<Timestamp>,
}

/// A working copy and what has been done to it.
struct Draft {
    shop: Shop,
    events: Vec<Recorded>,
    now: Timestamp,
    /// Words are kept no longer than this from now on, in milliseconds, where it is less than before.
    keep_ms: Option<i64>,
}

impl Draft {
    fn new(shop: &Shop, now: Timestamp) -> Self {
        // The log never runs backwards, whatever the clock does.
        let now = now.max(shop.last_at);
        Self { shop: shop.clone(), events: Vec::new(), now, keep_ms: None }
    }

    /// Records what one tap brought about.
    fn record_tap(&mut self, events: Vec<Event>, by: Maker) {
        self.record(events, self.shop.seq + 1, by);
    }

    /// Records what time alone brought about.
    fn record_by_time(&mut self, events: Vec<Event>) {
        self.record(events, 0, Maker::Time);
    }

    fn record(&mut self, events: Vec<Event>, tap: u64, by: Maker) {
        for event in events {
            let recorded = Recorded { seq: self.shop.seq + 1, at: self.now, tap, by, event };
            self.shop.apply(&recorded);
            self.events.push(recorded);
        }
    }

    fn take_in_deadlines(&mut self) {
        let events = on_deadline(&self.shop, self.now);
        self.record_by_time(events);
    }
}

/// A tap: what, by whom, and when it was made, if it was under way for a while.
struct Tap {
    command: Command,
    tapped_at: Option<Timestamp>,
    by: Maker,
}

struct Asked {
    id: CommandId,
    answer: Answer,
    reply: oneshot::Sender<Answer>,
    given: Given,
}

/// When an answer was first given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    /// Just now.
    Now,
    /// To the same command a moment ago, in this very batch, which may still fail.
    InThisBatch,
    /// Before; it is durable.
    Before,
}

impl Task {
    /// Rebuilds a shop from what is kept of it.
    pub(super) fn new(
        id: ShopId,
        loaded: Loaded,
        secrets: Arc<Secrets>,
        known: Arc<Known>,
        around: Surroundings,
    ) -> Result<Self, StoreError> {
        let shop = Shop::replay(&loaded.log)
            .ok_or_else(|| StoreError::Damaged { shop: id.clone(), seq: 1 })?;
        let now = around.clock.now().max(shop.last_at);
        known.set_accent(shop.config.accent);
        let nothing_yet = Forecast { at: now, ..Forecast::default() };
        let book = Book::new(loaded.people, secrets);
        Ok(Self {
            id,
            around,
            shop: Arc::new(shop),
            answers: Answers::load(loaded.answers, book.secrets()),
            words_until: book.last_erased_at(),
            book,
            known,
            epoch: u64::from_le_bytes(random()) >> 11, // exact in a browser's numbers
            channels: BTreeMap::new(),
            forgotten_rev: 0,
            forecast: nothing_yet,
            doors_turn_at: None,
            job: None,
            settling: Vec::new(),
            purged_at: now - PURGE_EVERY_MS,
        })
    }

    /// Works until every handle is gone.
    pub(super) async fn run(&mut self, mailbox: &mut mpsc::Receiver<Message>) {
        let mut messages = Vec::with_capacity(DRAIN_MAX);
        self.start_forecast();
        loop {
            self.answer_settled();
            let wakes_at = self.wakes_at();
            tokio::select! {
                received = mailbox.recv_many(&mut messages, DRAIN_MAX) => {
                    if received == 0 {
                        return;
                    }
                    self.take(&mut messages).await;
                }
                forecast = finished(&mut self.job) => self.take_forecast(forecast).await,
                () = wait(&self.around.clock, wakes_at) => self.wake().await,
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.around.clock.now().max(self.shop.last_at)
    }

    /// When the task acts by itself next.
    fn wakes_at(&self) -> Option<Timestamp> {
        let busy = self.shop.is_at_work();
        let refresh = busy.then_some(self.forecast.at + FORECAST_EVERY_MS);
        // A forecast that is being made is refreshed when it is there.
        let refresh = refresh.filter(|_| self.job.is_none());
        let purge = self
            .words_until
            .filter(|&until| self.purged_at <= until)
            .map(|_| self.purged_at + PURGE_EVERY_MS);
        let retry = (!self.can_write()).then_some(self.forecast.at + RETRY_EVERY_MS);
        let retry = retry.filter(|_| self.job.is_none());
        // Screens say whether the doors are open.
        let doors = self.doors_turn_at.filter(|_| self.job.is_none());
        [next_deadline(&self.shop), refresh, purge, retry, doors].into_iter().flatten().min()
    }

    fn can_write(&self) -> bool {
        self.known.can_write()
    }

    async fn wake(&mut self) {
        let now = self.now();
        if self.wakes_at().is_none_or(|at| at > now) {
            return; // the clock only looked
        }
        let mut draft = Draft::new(&self.shop, now);
        draft.take_in_deadlines();
        let changed = !draft.events.is_empty();
        if self.commit(draft, Vec::new(), Vec::new()).await.is_ok() && changed {
            self.publish();
        }
        // Also when nothing can be written: what newcomers are told must not stand still.
        self.start_forecast();
    }

    async fn take(&mut self, messages: &mut Vec<Message>) {
        let mut commands = Vec::new();
        let mut configured = Vec::new();
        let mut erased = Vec::new();
        for message in messages.drain(..) {
            match message {
                Message::Command { id, command, tapped_at, by, reply } => {
                    commands.push((id, Tap { command, tapped_at, by }, reply));
                }
                Message::Quote { join, reply } => {
                    self.beside(reply, move |shop, at| {
                        let by = quote(shop, &join, false, at)?;
                        Ok(Quoted { by, at })
                    });
                }
                Message::Preview { command, reply } => {
                    self.beside(reply, move |shop, at| Ok(preview(shop, &command, at)?));
                }
                Message::Watch { audience, reply } => {
                    // Who no longer wants to know has gone away.
                    let _ = reply.send(self.watch(audience));
                }
                Message::Settle { reply } => self.settling.push(reply),
                Message::SetUp { reply } => {
                    let _ = reply.send(self.set_up());
                }
                Message::Configure { set_up, by, reply } => configured.push((*set_up, by, reply)),
                Message::Personal { visit, reply } => self.tell_personal(visit, reply),
                Message::Erase { visit, reply } => erased.push((visit, reply)),
                #[cfg(test)]
                Message::Panic => panic!("asked to"),
            }
        }
        if !commands.is_empty() {
            self.carry_out(commands).await;
        }
        for (set_up, by, reply) in configured {
            // The sender may have gone; what is durable stands.
            let _ = reply.send(self.configure(&set_up, by).await);
        }
        for (visit, reply) in erased {
            let _ = reply.send(self.erase(visit).await);
        }
    }

    /// Answers from the shop as it is now what writes nothing, so that it keeps no tap waiting.
    fn beside<T: Send + 'static>(
        &self,
        reply: oneshot::Sender<Result<T, Problem>>,
        answer: impl FnOnce(&Shop, Timestamp) -> Result<T, Problem> + Send + 'static,
    ) {
        let (shop, at) = (Arc::clone(&self.shop), self.now());
        let compute = Arc::clone(&self.around.compute);
        tokio::spawn(async move {
            let _permit = compute.acquire_owned().await;
            let answer = tokio::task::spawn_blocking(move || answer(&shop, at));
            // Who no longer wants to know has gone away.
            let _ = reply.send(answer.await.expect("the forecast does not panic"));
        });
    }

    async fn carry_out(&mut self, commands: Vec<(CommandId, Tap, oneshot::Sender<Answer>)>) {
        let mut draft = Draft::new(&self.shop, self.now());
        draft.take_in_deadlines();
        let mut people = Vec::new();
        let mut asked: Vec<Asked> = Vec::with_capacity(commands.len());
        for (id, tapped, reply) in commands {
            let (answer, given) = if let Some(answer) = self.answers.get(&id) {
                (answer.clone(), Given::Before)
            } else if let Some(first) = asked.iter().find(|a| a.id == id) {
                (first.answer.clone(), Given::InThisBatch)
            } else {
                (self.decide(&mut draft, &tapped, &mut people), Given::Now)
            };
            asked.push(Asked { id, answer, reply, given });
        }
        let rows = asked
            .iter()
            .filter(|a| a.given == Given::Now)
            .map(|a| answers::row(a.id.clone(), draft.now, &a.answer))
            .collect();
        let now = draft.now;
        let changed = !draft.events.is_empty();
        match self.commit(draft, people, rows).await {
            Ok(()) => {
                for Asked { id, answer, reply, given } in asked {
                    if given == Given::Now {
                        self.answers.insert(id, now, answer.clone());
                    }
                    // The sender may have gone; the command stands, and a retry finds the answer.
                    let _ = reply.send(answer);
                }
                if changed {
                    self.publish();
                    self.start_forecast();
                }
            }
            Err(problem) => {
                for Asked { answer, reply, given, .. } in asked {
                    let is_durable = given == Given::Before;
                    let _ = reply.send(if is_durable { answer } else { Err(problem.clone()) });
                }
            }
        }
    }

    /// Decides one command on the draft.
    fn decide(&self, draft: &mut Draft, tapped: &Tap, people: &mut Vec<PersonRow>) -> Answer {
        let &Tap { ref command, tapped_at, by } = tapped;
        let words::Said { texts, mut contact } = words::said(command)?;
        let mut texts = texts.into_iter();
        let keep_ms = draft.shop.config.erase_after_ms;
        let row =
            |key, text, since| PersonRow { key, kept: Kept::for_a_while(text, since, keep_ms) };
        let events = decide_tapped(&draft.shop, command, tapped_at, draft.now)?;
        let mut receipt = Receipt { seq: 0, visit: None, by: None, link: None };
        for event in &events {
            // Who comes on another day has a name until then, and as long after as everybody.
            let since = match *event {
                Event::Booked { from, .. } => draft.now.max(from),
                _ => draft.now,
            };
            let key = match *event {
                Event::Joined { visit, .. } | Event::Booked { visit, .. } => {
                    // Of a group the first one has the link.
                    if receipt.visit.is_none() {
                        receipt.visit = Some(visit);
                        receipt.link = Some(self.book.secrets().link(visit));
                    }
                    people.extend(contact.take().map(|c| row(PersonKey::Contact(visit), c, since)));
                    PersonKey::Visit(visit)
                }
                Event::Asked { visit } => PersonKey::Question(visit),
                Event::Answered { visit } => PersonKey::Answer(visit),
                Event::Rebooked { visit, from, .. } => {
                    people.extend(self.book.kept_since(visit, draft.now.max(from), keep_ms));
                    continue;
                }
                Event::Promised { by, .. } => {
                    receipt.by = receipt.by.or(Some(by));
                    continue;
                }
                Event::Called { visit, .. } | Event::Started { visit, .. } => {
                    receipt.visit = Some(visit);
                    continue;
                }
                _ => continue,
            };
            people.extend(texts.next().flatten().map(|text| row(key, text, since)));
        }
        draft.record_tap(events, by);
        receipt.seq = draft.shop.seq;
        Ok(receipt)
    }

    /// Makes the draft durable, then true.
    async fn commit(
        &mut self,
        draft: Draft,
        people: Vec<PersonRow>,
        answers: Vec<crate::store::AnswerRow>,
    ) -> Result<(), Problem> {
        // To erase what is due is also how a shop that could not write finds out that it can.
        let purge = draft.now - self.purged_at >= PURGE_EVERY_MS
            || !self.can_write()
            || draft.keep_ms.is_some()
            || people.iter().any(|p| p.kept.is_due(draft.now));
        if draft.events.is_empty() && answers.is_empty() && !purge {
            return Ok(());
        }
        let batch = Batch {
            events: draft.events,
            people: people.clone(),
            keep_ms: draft.keep_ms,
            answers,
            purge_at: purge.then_some(draft.now),
            ..Batch::new(self.id.clone(), self.shop.seq)
        };
        match self.around.store.append(batch).await {
            Ok(()) => {
                self.known.set_can_write(true);
                self.shop = Arc::new(draft.shop);
                self.known.set_accent(self.shop.config.accent);
                let last = people.iter().filter_map(|p| p.kept.erase_at).max();
                self.words_until = self.words_until.max(last);
                self.book.take(people, draft.now);
                if let Some(keep_ms) = draft.keep_ms {
                    self.book.shorten(keep_ms);
                }
                if purge {
                    self.purged_at = draft.now;
                    self.book.forget(&self.shop, draft.now);
                }
                Ok(())
            }
            Err(AppendError::Conflict) => {
                tracing::warn!(shop = %self.id, seq = self.shop.seq, "somebody else wrote the log");
                self.reload().await;
                Err(ProblemCode::Busy.into())
            }
            Err(AppendError::Unavailable(_) | AppendError::Closed) => {
                self.known.set_can_write(false);
                tokio::time::sleep(AFTER_FAILURE).await;
                Err(ProblemCode::StoreUnavailable.into())
            }
        }
    }

    async fn reload(&mut self) {
        match self.around.store.load(&self.id).await {
            Ok(Some(loaded)) => {
                if let Some(shop) = Shop::replay(&loaded.log) {
                    self.shop = Arc::new(shop);
                    self.known.set_accent(self.shop.config.accent);
                    self.book.replace(loaded.people);
                    self.answers = Answers::load(loaded.answers, self.book.secrets());
                    self.publish();
                }
            }
            Ok(None) => tracing::error!(shop = %self.id, "the shop is gone from the store"),
            Err(error) => tracing::error!(shop = %self.id, %error, "the log cannot be read"),
        }
    }

    fn start_forecast(&mut self) {
        if self.job.is_some() {
            return; // when it is there and no longer fits, another is started
        }
        let shop = Arc::clone(&self.shop);
        let now = self.now();
        let compute = Arc::clone(&self.around.compute);
        self.job = Some(tokio::spawn(async move {
            let _permit = compute.acquire_owned().await.expect("the semaphore is never closed");
            tokio::task::spawn_blocking(move || Looked::ahead(&shop, now))
                .await
                .expect("the forecast does not panic")
        }));
    }

    async fn take_forecast(&mut self, Looked { forecast, fitted }: Looked) {
        self.job = None;
        if !fitted.is_empty() {
            // What was fitted is as good for a state that has moved on.
            let mut draft = Draft::new(&self.shop, self.now());
            draft.record_by_time(fitted);
            // Without it the shop goes on with the last one, and fits again.
            let _ = self.commit(draft, Vec::new(), Vec::new()).await;
        }
        // One that was made long ago, or before a machine slept, tells no time.
        let is_fresh = self.now() - forecast.at <= FORECAST_EVERY_MS;
        let is_current = forecast.seq == self.shop.seq && is_fresh;
        self.doors_turn_at = turns_at(&self.shop.config, forecast.at);
        self.forecast = forecast;
        if is_current {
            let mut draft = Draft::new(&self.shop, self.around.clock.now());
            let at = self.forecast.at;
            let mut events = late_promises(&self.shop, &self.forecast, at);
            events.extend(moves(&self.shop, &self.forecast.visits, at));
            let promised = !events.is_empty();
            draft.record_by_time(events);
            if self.commit(draft, Vec::new(), Vec::new()).await.is_ok() && promised {
                self.start_forecast();
            }
        } else {
            self.start_forecast();
        }
        self.publish();
    }

    fn stamp(&self) -> Stamp {
        Stamp { epoch: self.epoch, rev: 0, seq: self.shop.seq, at: self.now() }
    }

    fn view(&self, audience: Audience) -> Option<View> {
        let (shop, forecast, now) = (&self.shop, &self.forecast, self.now());
        match audience {
            Audience::Lobby => Some(View::Lobby(view::lobby(shop, forecast, &self.book, now))),
            Audience::Desk => Some(View::Desk(view::desk(shop, forecast, &self.book, now))),
            Audience::Visit(visit) => {
                let view = view::visit(shop, self.id.as_str(), forecast, &self.book, visit, now)?;
                Some(View::Visit(Box::new(view)))
            }
        }
    }

    /// Shows every audience that is watched its newest view; forgets the others.
    fn publish(&mut self) {
        self.book.label(&self.shop);
        let mut channels = std::mem::take(&mut self.channels);
        channels.retain(|&audience, channel| {
            if channel.is_watched()
                && let Some(view) = self.view(audience)
            {
                channel.show(view, self.stamp());
            }
            let keep = channel.is_watched() || !matches!(audience, Audience::Visit(_));
            if !keep {
                self.forgotten_rev = self.forgotten_rev.max(channel.rev());
            }
            keep
        });
        self.channels = channels;
    }

    fn watch(&mut self, audience: Audience) -> Result<Frames, Problem> {
        self.book.label(&self.shop);
        let view = self.view(audience).ok_or(ProblemCode::UnknownVisit)?;
        let stamp = self.stamp();
        if let Some(channel) = self.channels.get_mut(&audience) {
            channel.show(view, stamp);
        } else {
            let stamp = Stamp { rev: self.forgotten_rev + 1, ..stamp };
            self.channels.insert(audience, Channel::new(view, stamp));
        }
        Ok(self.channels[&audience].subscribe())
    }

    fn answer_settled(&mut self) {
        let wakes_at = self.wakes_at();
        if self.job.is_none() && wakes_at.is_none_or(|at| at > self.now()) {
            for reply in self.settling.drain(..) {
                let _ = reply.send(Settled { seq: self.shop.seq, wakes_at });
            }
        }
    }
}

/// What comes of a look ahead: a forecast, and regressions that were due.
#[derive(Debug)]
struct Looked {
    forecast: Forecast,
    fitted: Vec<Event>,
}

impl Looked {
    fn ahead(shop: &Shop, now: Timestamp) -> Self {
        let mut forecast = Forecast::run(shop, now);
        forecast.remedies = remedies(shop, &forecast.visits, now);
        Self {
            forecast,
            fitted: shop.fits_due().into_iter().filter_map(|kind| shop.fit(kind)).collect(),
        }
    }
}

async fn finished(job: &mut Option<JoinHandle<Looked>>) -> Looked {
    match job {
        // A forecast that panicked takes the shop's task with it, which is then rebuilt.
        Some(job) => job.await.expect("the forecast does not panic"),
        None => std::future::pending().await,
    }
}

async fn wait(clock: &Clock, at: Option<Timestamp>) {
    match at {
        Some(at) => clock.wait_until(at).await,
        None => std::future::pending().await,
    }
}
