//! Plays a day: moves the clock, does what each person did, and watches the screens.
//!
//! One step at a time: send, await the answer, wait until the shop has nothing left to do, then
//! go on. So nothing depends on how fast the machine is.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use sooner_engine::promise::UNDO_MS;
use sooner_shared::command::{Join, JoinRequest, VisitRequest};
use sooner_shared::view::{LobbyCard, Stage, View};
use sooner_shared::wire::Snapshot;
use sooner_shared::{
    Command, CommandId, Problem, ProblemCode, Receipt, ServiceId, Shown, StaffId, Timestamp,
    VisitId,
};

use super::day::Day;
use super::plan::{Act, Plan, What};
use super::record::{Fate, Row};
use super::told::Told;
use super::{ReplayError, Who};
use crate::clock::Stepped;
use crate::driver::{Http, Pace, Progress, Screen};
use crate::shops::{Frames, ShopHandle};

/// Who is shown a new time says yes to it; the same moment cannot bring a third.
const JOIN_ATTEMPTS: usize = 3;

/// How often what the wall shows is compared with what the server would send anew, in acts.
const COMPARE_EVERY: usize = 100;

/// Everything a replay has in its hands.
pub(super) struct Driver<'a> {
    pub(super) day: &'a Day,
    pub(super) plan: &'a Plan,
    pub(super) zone: Tz,
    pub(super) services: &'a BTreeMap<String, ServiceId>,
    pub(super) clock: Stepped,
    pub(super) pace: Pace,
    /// Only to know when the shop is at rest, and which frame is its newest then.
    pub(super) shop: ShopHandle,
    pub(super) frames: Frames,
    pub(super) http: Http,
    pub(super) lobby: Screen,
    pub(super) desk: Screen,
}

/// What a played day gave.
pub(super) struct Played {
    /// Everybody, in the order of joining.
    pub(super) told: Vec<Told>,
    pub(super) quotes_changed: usize,
    /// The longest real time from sending a command to the wall's view that shows it.
    pub(super) oldest_view: Duration,
    /// Commands sent and moves of the clock.
    pub(super) steps: u64,
}

/// Somebody who joined and is not gone.
struct Inside {
    visit: VisitId,
    link: String,
    by: Option<Timestamp>,
}

struct Playing<'a> {
    hands: Driver<'a>,
    /// By the place of their row in the day.
    inside: BTreeMap<usize, Inside>,
    played: Played,
}

impl<'a> Driver<'a> {
    /// Plays the whole day.
    pub(super) async fn play(self) -> Result<Played, ReplayError> {
        let plan: &'a Plan = self.plan;
        let zone = self.zone;
        let mut progress = Progress::new(plan.acts.len());
        let played = Played {
            told: Vec::with_capacity(self.day.rows.len()),
            quotes_changed: 0,
            oldest_view: Duration::ZERO,
            steps: 0,
        };
        let mut playing = Playing { hands: self, inside: BTreeMap::new(), played };
        for (done, act) in plan.acts.iter().enumerate() {
            progress.show(done, || clock_time(act.at, zone));
            playing.advance_to(act.at).await?;
            playing.perform(*act).await?;
            if done % COMPARE_EVERY == 0 {
                playing.compare_wall().await?;
            }
        }
        // What the last tap did is certain a minute later.
        if let Some(last) = plan.acts.last() {
            playing.advance_to(last.at + UNDO_MS).await?;
        }
        playing.compare_wall().await?;
        playing.played.told.sort_by_key(|told| told.visit);
        Ok(playing.played)
    }
}

fn clock_time(at: Timestamp, zone: Tz) -> String {
    chrono::DateTime::from_timestamp_millis(at.0)
        .map_or_else(String::new, |at| at.with_timezone(&zone).format("%H:%M").to_string())
}

impl<'a> Playing<'a> {
    /// Moves the clock to `target`, stopping wherever the shop has something to do by itself.
    async fn advance_to(&mut self, target: Timestamp) -> Result<(), ReplayError> {
        loop {
            let settled = self.hands.shop.settled().await.map_err(ReplayError::shop)?;
            self.hands.lobby.take_arrived()?;
            self.hands.desk.take_arrived()?;
            match settled.wakes_at.filter(|&at| at <= target) {
                Some(at) => {
                    // Whoever watches a day does not wait for its first hour.
                    if self.hands.pace.is_running() {
                        self.hands.pace.wait_for(at).await;
                    }
                    self.hands.clock.set(at);
                    self.played.steps += 1;
                }
                None => break,
            }
        }
        // Whoever acts now sees what the shop showed last, however slow the socket is.
        self.catch_up().await?;
        self.hands.pace.wait_for(target).await;
        self.hands.clock.set(target);
        Ok(())
    }

    async fn perform(&mut self, act: Act) -> Result<(), ReplayError> {
        match act.what {
            What::Join { row } => self.join(row, act.at).await,
            What::Leave { row } => self.leave(row).await,
            What::Start { row, staff, is_spare } => self.start(row, staff, is_spare).await,
            What::Finish { row } => {
                let line = self.row(row).line;
                let visit = self.inside(row)?.visit;
                let id = command_id(&format!("{line}-finish"));
                self.tap(Who::Line(line), id, Command::Finish { visit }).await?;
                self.is_gone(row).await
            }
            What::GoOnDuty { staff } => {
                let id = command_id(&format!("on-duty-{staff}"));
                self.tap(Who::Staff(staff), id, Command::GoOnDuty { staff }).await
            }
            What::GoOffDuty { staff } => {
                let id = command_id(&format!("off-duty-{staff}"));
                self.tap(Who::Staff(staff), id, Command::GoOffDuty { staff }).await
            }
        }
    }

    fn row(&self, row: usize) -> &'a Row {
        &self.hands.day.rows[row]
    }

    fn inside(&self, row: usize) -> Result<&Inside, ReplayError> {
        let line = self.row(row).line;
        self.inside.get(&row).ok_or(ReplayError::Wall { line, what: "nobody joined" })
    }

    /// Reads the time on the wall as the join page does, and says yes to it.
    async fn join(&mut self, row: usize, at: Timestamp) -> Result<(), ReplayError> {
        let Row { line, ref service, .. } = *self.row(row);
        let service = self.hands.services[service];
        let head = self.hands.lobby.lobby().map(|board| &board.head);
        let mut shown = head.and_then(|head| {
            let by = head.quote(service, None)?;
            Some(Shown { by, at: head.quoted_at })
        });
        let path = format!("/api/shops/{}/visits", self.hands.shop.id());
        for attempt in 1.. {
            let id = command_id(&format!("{line}-join-{attempt}"));
            let join = Join { shown, ..Join::new(service) };
            let sent = self.send();
            let request = JoinRequest { id, join };
            match self.hands.http.post::<Receipt>(&path, &request).await? {
                Ok(receipt) => {
                    self.is_seen(sent, receipt.seq).await?;
                    return self.is_inside(row, receipt);
                }
                Err(problem)
                    if problem.code == ProblemCode::QuoteChanged && attempt < JOIN_ATTEMPTS =>
                {
                    self.played.quotes_changed += 1;
                    shown = problem.by.map(|by| Shown { by, at });
                }
                Err(problem) => return Err(refused(Who::Line(line), "join", problem)),
            }
        }
        unreachable!("the last attempt returns")
    }

    fn is_inside(&mut self, row: usize, receipt: Receipt) -> Result<(), ReplayError> {
        let Row { line, .. } = *self.row(row);
        let Receipt { visit: Some(visit), link: Some(link), by, .. } = receipt else {
            return Err(ReplayError::Wall { line, what: "joining gave no visit and no link" });
        };
        self.shows(line, visit, "who joined waits there, with the time told", |card| {
            card.stage == Stage::Waiting && (by.is_none() || card.by == by)
        })?;
        self.inside.insert(row, Inside { visit, link, by });
        Ok(())
    }

    async fn leave(&mut self, row: usize) -> Result<(), ReplayError> {
        let line = self.row(row).line;
        let path = format!("/api/visits/{}/leave", self.inside(row)?.link);
        let id = command_id(&format!("{line}-leave"));
        let sent = self.send();
        match self.hands.http.post::<Receipt>(&path, &VisitRequest::new(id)).await? {
            Ok(receipt) => self.is_seen(sent, receipt.seq).await?,
            Err(problem) => return Err(refused(Who::Line(line), "leave", problem)),
        }
        self.is_gone(row).await
    }

    async fn start(
        &mut self,
        row: usize,
        staff: StaffId,
        is_spare: bool,
    ) -> Result<(), ReplayError> {
        let line = self.row(row).line;
        let visit = self.inside(row)?.visit;
        if is_spare {
            let id = command_id(&format!("{line}-on-duty"));
            self.tap(Who::Line(line), id, Command::GoOnDuty { staff }).await?;
        }
        let id = command_id(&format!("{line}-start"));
        self.tap(Who::Line(line), id, Command::Start { visit, staff }).await?;
        if is_spare {
            // Finishes this one and takes nobody else.
            let id = command_id(&format!("{line}-off-duty"));
            self.tap(Who::Line(line), id, Command::GoOffDuty { staff }).await?;
        }
        self.shows(line, visit, "who was started sits in the chair", |card| {
            card.stage == Stage::Serving && card.staff == Some(staff)
        })
    }

    async fn tap(&mut self, who: Who, id: CommandId, command: Command) -> Result<(), ReplayError> {
        let what = match command {
            Command::Start { .. } => "start",
            Command::Finish { .. } => "finish",
            _ => "change who is on duty",
        };
        let sent = self.send();
        match self.hands.desk.tap(&id, command).await? {
            Ok(receipt) => self.is_seen(sent, receipt.seq).await,
            Err(problem) => Err(refused(who, what, problem)),
        }
    }

    fn send(&mut self) -> Instant {
        self.played.steps += 1;
        self.hands.lobby.note_arrivals();
        Instant::now()
    }

    /// Waits until everything that follows from a command has happened and is on the wall.
    async fn is_seen(&mut self, sent: Instant, seq: u64) -> Result<(), ReplayError> {
        self.hands.shop.settled().await.map_err(ReplayError::shop)?;
        self.catch_up().await?;
        // A command that changes nothing on the wall is not waited for.
        if let Some(arrived) = self.hands.lobby.first_with(seq) {
            let age = arrived.saturating_duration_since(sent);
            self.played.oldest_view = self.played.oldest_view.max(age);
        }
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), ReplayError> {
        let newest = self.hands.frames.borrow().stamp;
        Ok(self.hands.lobby.catch_up(newest).await?)
    }

    fn shows(
        &self,
        line: u64,
        visit: VisitId,
        what: &'static str,
        is_so: impl FnOnce(&LobbyCard) -> bool,
    ) -> Result<(), ReplayError> {
        let card = self.hands.lobby.lobby().and_then(|board| board.cards.get(&visit));
        if card.is_some_and(is_so) { Ok(()) } else { Err(ReplayError::Wall { line, what }) }
    }

    /// Whoever is gone is gone from the wall, and their phone says how it ended.
    async fn is_gone(&mut self, row: usize) -> Result<(), ReplayError> {
        let recorded = self.row(row);
        let line = recorded.line;
        let Some(Inside { visit, link, by }) = self.inside.remove(&row) else {
            return Err(ReplayError::Wall { line, what: "nobody joined" });
        };
        let on_wall = self.hands.lobby.lobby().is_none_or(|board| board.cards.contains_key(&visit));
        if on_wall {
            return Err(ReplayError::Wall { line, what: "who is gone is not there" });
        }
        let answer = self.hands.http.get::<Snapshot>(&format!("/api/visits/{link}")).await?;
        let snapshot =
            answer.map_err(|problem| refused(Who::Line(line), "look at the phone", problem))?;
        let View::Visit(phone) = snapshot.view else {
            return Err(ReplayError::Wall { line, what: "the phone shows one visit" });
        };
        // After a time that was not kept comes another; what was told stands in the apology.
        if by.is_some() && phone.by != by && phone.missed != by {
            return Err(ReplayError::Wall { line, what: "the time told is the time on the phone" });
        }
        let told = Told::from_phone(&phone, by);
        if !is_as_recorded(recorded, &told) {
            return Err(ReplayError::Wall { line, what: "the phone shows the recorded times" });
        }
        self.played.told.push(told);
        Ok(())
    }

    /// What deltas have made of the wall's view is what the server would send anew.
    async fn compare_wall(&mut self) -> Result<(), ReplayError> {
        let path = format!("/api/shops/{}/snapshot", self.hands.shop.id());
        let anew = self.hands.http.get::<Snapshot>(&path).await?.map_err(ReplayError::shop)?;
        // Asking may itself have brought out a newer frame.
        self.hands.lobby.catch_up(anew.stamp).await?;
        if self.hands.lobby.view() == Some(&anew.view) { Ok(()) } else { Err(ReplayError::Differs) }
    }
}

fn is_as_recorded(row: &Row, told: &Told) -> bool {
    let (stage, started_at, ended_at) = match row.fate {
        Fate::Served { start, end, .. } => (Stage::Done, Some(start), end),
        Fate::Left { at } => (Stage::Left, None, at),
    };
    told.stage == stage
        && told.joined_at == row.arrival
        && told.started_at == started_at
        && told.ended_at == Some(ended_at)
}

/// The same in every replay of the same file.
fn command_id(text: &str) -> CommandId {
    CommandId::new(&format!("replay-{text}")).expect("lines and ids have at most 20 digits")
}

fn refused(who: Who, what: &'static str, problem: Problem) -> ReplayError {
    ReplayError::Refused { who, what, problem: problem.into() }
}
