//! What can be done with a visit at the desk, by where it is in its life.
//!
//! The desk offers what makes sense and leaves the last word to the shop: an action offered here
//! may be refused, and the refusal says why.

use crate::view::{DeskCard, PromiseKind, Stage, WaitsFor};
use crate::{Command, Receipt, Timestamp, VisitId};

/// Something staff do with a visit. Those that ask for more than a tap end in "…" on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Take back the last tap.
    Undo,
    /// Answer the question; asks for the answer.
    Answer,
    /// They are in the shop.
    Here,
    /// They have said that they will come.
    Confirm,
    /// What was waited for is there.
    Continue,
    /// The customer says yes.
    Approve,
    /// When the part comes; asks for the times.
    ExpectPart,
    /// By when the yes is needed; asks for the time.
    AskApproval,
    /// What was ready has been collected.
    Collected,
    /// The service goes on.
    StillServing,
    /// Call once more to the same chair.
    CallAgain,
    /// Nobody calls them for now.
    Hold,
    /// They are taken up again.
    Resume,
    /// One other goes first.
    LetPass,
    /// They come in so many minutes.
    RunLate(u8),
    /// They have the right to go first.
    LetGoFirst,
    /// They are put before somebody else in line; asks before whom.
    MoveBefore,
    /// Another person serves them; asks who.
    AskFor,
    /// Offer to a colleague; asks to whom.
    HandOver,
    /// Something else is wanted; asks what.
    ChangeServices,
    /// One more service; asks which.
    AddOn,
    /// News by a time; asks by when.
    PromiseNews,
    /// The news was given.
    GiveNews,
    /// Called and did not come.
    NoShow,
    /// Went away, or called the appointment off.
    Leave,
}

impl Action {
    /// For tests of the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Undo => "undo",
            Self::Answer => "answer",
            Self::Here => "here",
            Self::Confirm => "confirm",
            Self::Continue => "continue",
            Self::Approve => "approve",
            Self::ExpectPart => "expect-part",
            Self::AskApproval => "ask-approval",
            Self::Collected => "collected",
            Self::StillServing => "still",
            Self::CallAgain => "call-again",
            Self::Hold => "hold",
            Self::Resume => "resume",
            Self::LetPass => "let-pass",
            Self::RunLate(10) => "late-10",
            Self::RunLate(_) => "late-20",
            Self::LetGoFirst => "go-first",
            Self::MoveBefore => "move-before",
            Self::AskFor => "ask-for",
            Self::HandOver => "hand-over",
            Self::ChangeServices => "change-services",
            Self::AddOn => "add-on",
            Self::PromiseNews => "promise-news",
            Self::GiveNews => "give-news",
            Self::NoShow => "noshow",
            Self::Leave => "left",
        }
    }

    /// The command of an action that asks for nothing more; `None` when it does, or when it needs a
    /// chair that the card does not have.
    #[must_use]
    pub fn command(self, visit: VisitId, card: &DeskCard) -> Option<Command> {
        Some(match self {
            Self::Undo => Command::Undo { visit },
            Self::Here => Command::CheckIn { visit },
            Self::Confirm => Command::Confirm { visit },
            Self::Continue => Command::Continue { visit },
            Self::Approve => Command::Approve { visit },
            Self::Collected => Command::Finish { visit },
            Self::StillServing => Command::StillServing { visit },
            Self::CallAgain => Command::Call { visit, staff: card.staff? },
            Self::Hold => Command::Hold { visit },
            Self::Resume => Command::Resume { visit },
            Self::LetPass => Command::LetPass { visit },
            Self::RunLate(min) => {
                Command::RunLate { visit, ms: i64::from(min) * crate::time::MINUTE_MS }
            }
            Self::LetGoFirst => Command::LetGoFirst { visit },
            Self::GiveNews => Command::GiveNews { visit, next_by: None },
            Self::NoShow => Command::MarkNoShow { visit },
            Self::Leave => Command::Leave { visit },
            Self::Answer
            | Self::ExpectPart
            | Self::AskApproval
            | Self::MoveBefore
            | Self::AskFor
            | Self::HandOver
            | Self::ChangeServices
            | Self::AddOn
            | Self::PromiseNews => return None,
        })
    }
}

/// What makes sense for this card now, what presses first. The taps that stand on the card itself
/// (call, start, finish, not there) are not among them.
#[must_use]
pub fn actions(card: &DeskCard, now: Option<Timestamp>) -> Vec<Action> {
    use Action::{
        AddOn, Answer, AskFor, CallAgain, ChangeServices, Collected, Confirm, HandOver, Here, Hold,
        Leave, LetGoFirst, LetPass, MoveBefore, NoShow, Resume, RunLate, StillServing, Undo,
    };
    let may_undo = card.undo_until.is_some_and(|until| now.is_none_or(|now| now < until));
    let comes = card.kind == PromiseKind::Start;
    let absent = !card.checked_in && card.kind != PromiseKind::CallBack;
    let mut all = Vec::new();
    let mut offer = |offered: bool, actions: &[Action]| {
        if offered {
            all.extend_from_slice(actions);
        }
    };
    offer(may_undo, &[Undo]);
    offer(card.question.is_some() && !card.stage.is_over(), &[Answer]);
    match card.stage {
        Stage::Booked => {
            offer(absent, &[Here]);
            offer(!card.confirmed, &[Confirm]);
            offer(comes, &[RunLate(10), RunLate(20)]);
            offer(true, &[ChangeServices, Leave]);
        }
        Stage::Waiting | Stage::Called => {
            let waits = card.stage == Stage::Waiting;
            offer(!waits && card.staff.is_some(), &[CallAgain]);
            offer(absent, &[Here]);
            offer(waits && comes, &[LetPass]);
            offer(comes, &[RunLate(10), RunLate(20)]);
            offer(true, &[Hold]);
            offer(waits && !card.goes_first, &[LetGoFirst]);
            offer(waits, &[MoveBefore]);
            offer(waits && comes && card.started_at.is_none(), &[AskFor]);
            offer(true, &[HandOver, ChangeServices]);
            offer(true, news(card, !comes));
            offer(!waits, &[NoShow]);
            offer(true, &[Leave]);
        }
        Stage::Serving => {
            offer(card.overdue, &[StillServing]);
            offer(true, &[AddOn, HandOver]);
            offer(true, news(card, !comes));
        }
        Stage::Pending => {
            offer(true, waited_for(card.waits_for));
            offer(true, news(card, true));
            offer(true, &[HandOver, Leave]);
        }
        Stage::OnHold => {
            offer(true, &[Resume]);
            offer(absent, &[Here]);
            offer(true, &[ChangeServices, HandOver]);
            offer(true, news(card, true));
            offer(true, &[Leave]);
        }
        Stage::Ready => {
            offer(true, &[Collected]);
            offer(true, news(card, false));
        }
        Stage::Done | Stage::Left | Stage::NoShow => {}
    }
    all
}

/// News that were promised can be given; others can be promised where that makes sense.
fn news(card: &DeskCard, may_promise: bool) -> &'static [Action] {
    if card.news_by.is_some() || card.kind == PromiseKind::News {
        &[Action::GiveNews]
    } else if may_promise {
        &[Action::PromiseNews]
    } else {
        &[]
    }
}

const fn waited_for(what: Option<WaitsFor>) -> &'static [Action] {
    match what {
        Some(WaitsFor::Part) => &[Action::Continue, Action::ExpectPart],
        Some(WaitsFor::Approval) => &[Action::Approve, Action::AskApproval],
        Some(WaitsFor::Time) | None => &[Action::Continue],
    }
}

/// The one action of a card that waits for no chair which deserves a button of its own.
#[must_use]
pub fn main_action(card: &DeskCard) -> Option<Action> {
    Some(match card.stage {
        Stage::Booked if !card.checked_in => Action::Here,
        Stage::OnHold => Action::Resume,
        Stage::Ready => Action::Collected,
        Stage::Pending if card.waits_for == Some(WaitsFor::Approval) => Action::Approve,
        Stage::Pending => Action::Continue,
        _ => return None,
    })
}

/// Whether a command may cost others their times, so that its price is seen before it is done.
#[must_use]
pub const fn has_price(command: &Command) -> bool {
    matches!(
        command,
        Command::AddWalkIn(_)
            | Command::AddOn { .. }
            | Command::LetGoFirst { .. }
            | Command::MoveBefore { .. }
            | Command::AskFor { .. }
            | Command::KeepFor { .. }
            | Command::AcceptHandOver { .. }
            | Command::TakeBreak { .. }
            | Command::MoveBreak { .. }
            | Command::GoOffDuty { .. }
            | Command::LeaveEarly { .. }
    )
}

/// Whose last tap could be taken back after this command was carried out.
#[must_use]
pub fn undoes(command: &Command, receipt: &Receipt) -> Option<VisitId> {
    match command {
        // An answer was read, news were heard: nothing takes that back.
        Command::Undo { .. }
        | Command::Ask { .. }
        | Command::Answer { .. }
        | Command::StillServing { .. }
        | Command::GiveNews { .. } => None,
        Command::CallNext { after, .. } => receipt.visit.or(*after),
        Command::AddWalkIn(_) | Command::Book(_) => receipt.visit,
        other => other.visit(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StaffId;
    use crate::screen::samples;

    fn card(stage: Stage) -> DeskCard {
        samples::desk_card(stage)
    }

    fn of(card: &DeskCard) -> Vec<Action> {
        actions(card, Some(Timestamp(0)))
    }

    #[test]
    fn a_visit_that_is_over_can_at_most_be_taken_back() {
        for stage in [Stage::Done, Stage::Left, Stage::NoShow] {
            assert_eq!(of(&card(stage)), []);
            let recent = DeskCard { undo_until: Some(Timestamp(1)), ..card(stage) };
            assert_eq!(of(&recent), [Action::Undo]);
        }
    }

    #[test]
    fn the_last_tap_can_be_taken_back_only_while_it_is_fresh() {
        let one = DeskCard { undo_until: Some(Timestamp(60_000)), ..card(Stage::Waiting) };
        assert_eq!(actions(&one, Some(Timestamp(59_999)))[0], Action::Undo);
        assert!(!actions(&one, Some(Timestamp(60_000))).contains(&Action::Undo));
    }

    #[test]
    fn what_is_waited_for_says_what_ends_the_wait() {
        let wait = |what| of(&DeskCard { waits_for: Some(what), ..card(Stage::Pending) });
        assert_eq!(wait(WaitsFor::Part)[..2], [Action::Continue, Action::ExpectPart]);
        assert_eq!(wait(WaitsFor::Approval)[..2], [Action::Approve, Action::AskApproval]);
        assert!(!wait(WaitsFor::Time).contains(&Action::ExpectPart));
    }

    #[test]
    fn a_question_is_answered_wherever_the_visit_is() {
        for stage in [Stage::Waiting, Stage::Serving, Stage::Pending, Stage::Ready] {
            let one = DeskCard { question: Some("When?".into()), ..card(stage) };
            assert_eq!(of(&one)[0], Action::Answer, "{stage:?}");
        }
    }

    #[test]
    fn who_is_called_can_be_called_again_to_the_same_chair() {
        let one = DeskCard { staff: Some(StaffId(2)), ..card(Stage::Called) };
        let again = of(&one)[0].command(VisitId(7), &one);
        assert_eq!(again, Some(Command::Call { visit: VisitId(7), staff: StaffId(2) }));
    }

    #[test]
    fn every_stage_with_a_button_of_its_own_offers_it_in_the_list_too() {
        for stage in [Stage::Booked, Stage::OnHold, Stage::Ready, Stage::Pending] {
            let one = card(stage);
            let main = main_action(&one).expect("has one");
            assert!(of(&one).contains(&main), "{stage:?}");
        }
    }

    #[test]
    fn an_undo_is_for_whom_the_tap_was_about() {
        let receipt = |visit| Receipt { seq: 1, visit, by: None, link: None };
        let next = Command::CallNext { staff: StaffId(1), after: Some(VisitId(1)) };
        assert_eq!(undoes(&next, &receipt(Some(VisitId(2)))), Some(VisitId(2)));
        assert_eq!(undoes(&next, &receipt(None)), Some(VisitId(1)));
        let hold = Command::Hold { visit: VisitId(3) };
        assert_eq!(undoes(&hold, &receipt(None)), Some(VisitId(3)));
        assert_eq!(undoes(&Command::Undo { visit: VisitId(3) }, &receipt(None)), None);
        assert_eq!(undoes(&Command::CloseLine, &receipt(None)), None);
    }
}
