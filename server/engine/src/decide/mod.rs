//! What follows from a command, or from time alone. Pure: the answer is events, or a rejection;
//! nothing is changed here.

mod coming;
mod deadlines;
mod staff;
mod told;
mod wishes;
mod work;

use sooner_shared::view::Stage;
use sooner_shared::{Command, StaffId, Timestamp, VisitId};

use crate::shop::Chair;
use crate::{Event, Recorded, Rejection, Shop, Visit};

pub use coming::quote;
pub use deadlines::{next_deadline, on_deadline};
pub use told::late_promises;
pub(crate) use told::{grounds, held_permille};
pub(crate) use work::owner_for;

/// Nothing lasts longer, and nothing lies further ahead, than this, in milliseconds.
const AHEAD_MAX_MS: i64 = 60 * 24 * 3_600_000;

/// The answer to a command.
type Decision = Result<Vec<Event>, Rejection>;

/// Decides on a command at `now`. Times of deadlines must have been taken in first
/// ([`on_deadline`]).
pub fn decide(shop: &Shop, command: &Command, now: Timestamp) -> Decision {
    let mut draft = Draft::of_tap(shop, now);
    match command {
        Command::Join(join) => coming::join(&mut draft, join, false)?,
        Command::AddWalkIn(join) => coming::join(&mut draft, join, true)?,
        Command::Book(booking) => coming::book(&mut draft, booking)?,
        &Command::Confirm { visit } => coming::confirm(&mut draft, visit)?,
        &Command::CheckIn { visit } => coming::check_in(&mut draft, visit)?,
        &Command::LetGoFirst { visit } => coming::let_first(&mut draft, visit)?,
        &Command::CallNext { staff, after } => work::call_next(&mut draft, staff, after)?,
        &Command::Call { visit, staff } => work::call(&mut draft, visit, staff)?,
        &Command::Start { visit, staff } => work::start(&mut draft, visit, staff)?,
        &Command::Finish { visit } => work::finish(&mut draft, visit)?,
        &Command::StillServing { visit } => work::still_serving(&mut draft, visit)?,
        &Command::ReturnToLine { visit } => work::return_to_line(&mut draft, visit)?,
        &Command::MarkNoShow { visit } => work::no_show(&mut draft, visit)?,
        &Command::AddOn { visit, service } => work::add_on(&mut draft, visit, service)?,
        &Command::HandOver { visit, to } => work::hand_over(&mut draft, visit, to)?,
        &Command::AcceptHandOver { visit } => work::accept(&mut draft, visit)?,
        &Command::DeclineHandOver { visit } => work::decline(&mut draft, visit)?,
        &Command::Continue { visit } => work::go_on(&mut draft, visit)?,
        &Command::Approve { visit } => work::approve(&mut draft, visit)?,
        &Command::ExpectPart { visit, likely_at, latest_at } => {
            work::expect_part(&mut draft, visit, likely_at, latest_at)?;
        }
        &Command::AskApproval { visit, by } => work::ask_approval(&mut draft, visit, by)?,
        &Command::Leave { visit } => wishes::leave(&mut draft, visit)?,
        &Command::LetPass { visit } => wishes::let_pass(&mut draft, visit)?,
        &Command::RunLate { visit, ms } => wishes::run_late(&mut draft, visit, ms)?,
        &Command::Hold { visit } => wishes::hold(&mut draft, visit)?,
        &Command::Resume { visit } => wishes::resume(&mut draft, visit)?,
        Command::ChangeServices { visit, services } => {
            wishes::change_services(&mut draft, *visit, services)?;
        }
        &Command::Ask { visit, .. } => wishes::ask(&mut draft, visit)?,
        &Command::Answer { visit, .. } => wishes::answer(&mut draft, visit)?,
        &Command::PromiseNews { visit, by } => told::promise_news(&mut draft, visit, by)?,
        &Command::GiveNews { visit, next_by } => told::give_news(&mut draft, visit, next_by)?,
        &Command::Undo { visit } => wishes::undo(&mut draft, visit)?,
        &Command::ReportDelay { scope, ms, reason } => {
            staff::report_delay(&mut draft, scope, ms, reason)?;
        }
        &Command::EndDelay { scope } => staff::end_delay(&mut draft, scope)?,
        &Command::GoOnDuty { staff } => staff::go_on_duty(&mut draft, staff)?,
        &Command::GoOffDuty { staff } => staff::go_off_duty(&mut draft, staff)?,
        &Command::TakeBreak { staff, ms } => staff::take_break(&mut draft, staff, ms)?,
        &Command::EndBreak { staff } => staff::end_break(&mut draft, staff)?,
        &Command::ExpectStaff { staff, at } => staff::expect(&mut draft, staff, at)?,
        &Command::LeaveEarly { staff, at } => staff::leave_early(&mut draft, staff, at)?,
        Command::CloseLine => staff::close_line(&mut draft)?,
        Command::OpenLine => staff::open_line(&mut draft)?,
    }
    Ok(draft.events)
}

/// What has been decided so far, and the shop as it will be then. The shop is copied when something
/// is decided, not before.
struct Draft<'a> {
    before: &'a Shop,
    after: Option<Shop>,
    events: Vec<Event>,
    now: Timestamp,
    /// The number of the tap that is decided on; 0 when time alone acts.
    tap: u64,
}

impl<'a> Draft<'a> {
    const fn of_tap(before: &'a Shop, now: Timestamp) -> Self {
        Self { before, after: None, events: Vec::new(), now, tap: before.seq + 1 }
    }

    const fn of_time(before: &'a Shop, now: Timestamp) -> Self {
        Self { before, after: None, events: Vec::new(), now, tap: 0 }
    }

    fn shop(&self) -> &Shop {
        self.after.as_ref().unwrap_or(self.before)
    }

    fn record(&mut self, event: Event) {
        let after = self.after.get_or_insert_with(|| self.before.clone());
        let seq = after.seq + 1;
        let recorded = Recorded { seq, at: self.now, tap: self.tap, event };
        after.apply(&recorded);
        self.events.push(recorded.event);
    }

    fn chair(&self, staff: StaffId) -> Result<Chair, Rejection> {
        self.shop().chairs.get(&staff).copied().ok_or(Rejection::UnknownStaff)
    }

    fn on_duty(&self, staff: StaffId) -> Result<Chair, Rejection> {
        let chair = self.chair(staff)?;
        if chair.on_duty { Ok(chair) } else { Err(Rejection::NotOnDuty) }
    }

    fn under_way(&self, visit: VisitId) -> Result<&Visit, Rejection> {
        let v = self.shop().visits.get(&visit).ok_or(Rejection::UnknownVisit)?;
        if v.stage.is_over() { Err(Rejection::VisitOver) } else { Ok(v) }
    }

    fn not_serving(&self, visit: VisitId) -> Result<&Visit, Rejection> {
        let v = self.under_way(visit)?;
        if v.stage == Stage::Serving { Err(Rejection::AlreadyStarted) } else { Ok(v) }
    }

    /// Somebody in line, on the way to a chair, or with an appointment.
    fn in_line(&self, visit: VisitId) -> Result<&Visit, Rejection> {
        let v = self.not_serving(visit)?;
        match v.stage {
            Stage::Waiting | Stage::Called | Stage::Booked => Ok(v),
            _ => Err(Rejection::NotWaiting),
        }
    }
}
