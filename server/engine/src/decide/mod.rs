//! What follows from a command, or from time alone. Pure: the answer is events, or a rejection;
//! nothing is changed here.

mod care;
mod coming;
mod deadlines;
mod staff;
mod told;
mod wishes;
mod work;

use sooner_shared::view::Stage;
use sooner_shared::{Command, Maker, StaffId, Timestamp, VisitId};

use crate::shop::Chair;
use crate::{Event, Recorded, Rejection, Shop, Visit};

pub(crate) use coming::bookable;
pub use coming::quote;
pub use deadlines::{next_deadline, on_deadline};
pub use told::late_promises;
pub(crate) use told::{grounds, held_permille, told_by};
pub use wishes::{STAYS_MS, stays_until};
pub(crate) use work::owner_for;

/// Nothing lasts longer, and nothing lies further ahead, than this, in milliseconds.
const AHEAD_MAX_MS: i64 = 60 * 24 * 3_600_000;

/// A tap that was under way for longer counts as made so long ago, in milliseconds.
pub const TAPPED_AGO_MAX_MS: i64 = 12 * 3_600_000;

/// The answer to a command.
type Decision = Result<Vec<Event>, Rejection>;

/// Decides on a command at `now`. Times of deadlines must have been taken in first
/// ([`on_deadline`]).
pub fn decide(shop: &Shop, command: &Command, now: Timestamp) -> Decision {
    decide_tapped(shop, command, None, now)
}

/// The same for a tap that arrives at `now` and was made at `tapped_at`. Starting and finishing
/// happened then; whatever else is asked for happens now.
pub fn decide_tapped(
    shop: &Shop,
    command: &Command,
    tapped_at: Option<Timestamp>,
    now: Timestamp,
) -> Decision {
    let mut draft = Draft { tapped_at, ..Draft::of_tap(shop, now) };
    carry_out(&mut draft, command)?;
    Ok(draft.events)
}

/// The shop as a command would make it, were nothing else to happen.
pub(crate) fn shop_after(
    shop: &Shop,
    command: &Command,
    now: Timestamp,
) -> Result<Shop, Rejection> {
    let mut draft = Draft::of_tap(shop, now);
    carry_out(&mut draft, command)?;
    Ok(draft.after.unwrap_or_else(|| shop.clone()))
}

fn carry_out(draft: &mut Draft<'_>, command: &Command) -> Result<(), Rejection> {
    match command {
        Command::Join(join) => coming::join(draft, join, false)?,
        Command::AddWalkIn(join) => coming::join(draft, join, true)?,
        Command::Book(booking) => coming::book(draft, booking)?,
        &Command::Confirm { visit } => coming::confirm(draft, visit)?,
        &Command::CheckIn { visit } => coming::check_in(draft, visit)?,
        &Command::LetGoFirst { visit } => coming::let_first(draft, visit)?,
        &Command::CallNext { staff, after } => work::call_next(draft, staff, after)?,
        &Command::Call { visit, staff } => work::call(draft, visit, staff)?,
        &Command::Start { visit, staff } => work::start(draft, visit, staff)?,
        &Command::Finish { visit } => work::finish(draft, visit)?,
        &Command::StillServing { visit } => work::still_serving(draft, visit)?,
        &Command::ReturnToLine { visit } => work::return_to_line(draft, visit)?,
        &Command::MarkNoShow { visit } => work::no_show(draft, visit)?,
        &Command::AddOn { visit, service } => work::add_on(draft, visit, service)?,
        &Command::HandOver { visit, to } => work::hand_over(draft, visit, to)?,
        &Command::AcceptHandOver { visit } => work::accept(draft, visit)?,
        &Command::DeclineHandOver { visit } => work::decline(draft, visit)?,
        &Command::Continue { visit } => work::go_on(draft, visit)?,
        &Command::Approve { visit } => work::approve(draft, visit)?,
        &Command::ExpectPart { visit, likely_at, latest_at } => {
            work::expect_part(draft, visit, likely_at, latest_at)?;
        }
        &Command::AskApproval { visit, by } => work::ask_approval(draft, visit, by)?,
        &Command::Leave { visit } => wishes::leave(draft, visit)?,
        &Command::ComeBack { visit } => wishes::come_back(draft, visit)?,
        &Command::LetPass { visit } => wishes::let_pass(draft, visit)?,
        &Command::RunLate { visit, ms } => wishes::run_late(draft, visit, ms)?,
        &Command::Hold { visit } => wishes::hold(draft, visit)?,
        &Command::Resume { visit } => wishes::resume(draft, visit)?,
        Command::ChangeServices { visit, services } => {
            wishes::change_services(draft, *visit, services)?;
        }
        &Command::Ask { visit, .. } => wishes::ask(draft, visit)?,
        &Command::Answer { visit, .. } => wishes::answer(draft, visit)?,
        &Command::PromiseNews { visit, by } => told::promise_news(draft, visit, by)?,
        &Command::GiveNews { visit, next_by } => told::give_news(draft, visit, next_by)?,
        &Command::Undo { visit } => wishes::undo(draft, visit)?,
        &Command::ReportDelay { scope, ms, reason } => {
            staff::report_delay(draft, scope, ms, reason)?;
        }
        &Command::EndDelay { scope } => staff::end_delay(draft, scope)?,
        &Command::GoOnDuty { staff } => staff::go_on_duty(draft, staff)?,
        &Command::GoOffDuty { staff } => staff::go_off_duty(draft, staff)?,
        &Command::TakeBreak { staff, ms } => staff::take_break(draft, staff, ms)?,
        &Command::EndBreak { staff } => staff::end_break(draft, staff)?,
        &Command::ExpectStaff { staff, at } => staff::expect(draft, staff, at)?,
        &Command::LeaveEarly { staff, at } => staff::leave_early(draft, staff, at)?,
        Command::CloseLine => staff::close_line(draft)?,
        Command::OpenLine => staff::open_line(draft)?,
        &Command::AskFor { visit, staff } => care::ask_for(draft, visit, staff)?,
        &Command::KeepFor { visit, staff } => care::keep_for(draft, visit, staff)?,
        &Command::MoveBefore { visit, before } => care::move_before(draft, visit, before)?,
        &Command::MoveBreak { staff, at } => care::move_break(draft, staff, at)?,
        Command::AcceptPrice { command, staff, moves } => {
            care::accept_price(draft, command, *staff, moves)?;
        }
        Command::TakeRemedy { command, saves } => care::take_remedy(draft, command, saves)?,
        &Command::Tell { visit } => care::tell_later(draft, visit)?,
        &Command::Acknowledge { visit, no } => care::acknowledge(draft, visit, no)?,
        &Command::Choose { visit, choice } => care::choose(draft, visit, choice)?,
        &Command::AnswerInvitation { visit, comes } => {
            care::answer_invitation(draft, visit, comes)?;
        }
        &Command::TellBefore { visit, ms } => wishes::tell_before(draft, visit, ms)?,
        &Command::ConfirmStart { visit, right } => wishes::confirm_start(draft, visit, right)?,
        &Command::RateWait { visit, felt } => wishes::rate_wait(draft, visit, felt)?,
        &Command::MakeGood { visit, with } => care::make_good(draft, visit, with)?,
    }
    Ok(())
}

/// What has been decided so far, and the shop as it will be then. The shop is copied when something
/// is decided, not before.
struct Draft<'a> {
    before: &'a Shop,
    after: Option<Shop>,
    events: Vec<Event>,
    now: Timestamp,
    /// When the tap was made, if that is said.
    tapped_at: Option<Timestamp>,
    /// The number of the tap that is decided on; 0 when time alone acts.
    tap: u64,
}

impl<'a> Draft<'a> {
    const fn of_tap(before: &'a Shop, now: Timestamp) -> Self {
        let tap = before.seq + 1;
        Self { before, after: None, events: Vec::new(), now, tapped_at: None, tap }
    }

    const fn of_time(before: &'a Shop, now: Timestamp) -> Self {
        Self { before, after: None, events: Vec::new(), now, tapped_at: None, tap: 0 }
    }

    fn shop(&self) -> &Shop {
        self.after.as_ref().unwrap_or(self.before)
    }

    fn record(&mut self, event: Event) {
        let after = self.after.get_or_insert_with(|| self.before.clone());
        let seq = after.seq + 1;
        let recorded = Recorded { seq, at: self.now, tap: self.tap, by: Maker::Unknown, event };
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
