//! Which refusals people run into who do nothing wrong: somebody else was quicker, the shop is
//! full, the time on the wall has changed.

use sooner_shared::ProblemCode as Code;
use sooner_shared::command::Command;

/// Whether a person who asks for this must be ready for that answer.
pub(super) fn is_foreseen(command: &Command, code: Code) -> bool {
    // Whoever acts on what they saw may come too late.
    let too_late = matches!(code, Code::VisitOver | Code::AlreadyStarted | Code::UnknownVisit);
    match command {
        Command::Join(_) | Command::AddWalkIn(_) => matches!(
            code,
            Code::QuoteChanged
                | Code::ShopFull
                | Code::Closed
                | Code::NotOpenYet
                | Code::FullToday
                | Code::LineClosed
        ),
        Command::Book(_) => {
            matches!(code, Code::NotFree | Code::Closed | Code::ShopFull | Code::BadTime)
        }
        Command::CallNext { .. } => matches!(
            code,
            Code::NobodyWaiting | Code::ChairChanged | Code::NotOnDuty | Code::OnBreak
        ),
        Command::Call { .. } | Command::Start { .. } => {
            too_late
                || matches!(
                    code,
                    Code::AlreadyServing | Code::NotOnDuty | Code::OnBreak | Code::NotWaiting
                )
        }
        Command::Finish { .. } | Command::StillServing { .. } => {
            matches!(code, Code::NotStarted | Code::VisitOver)
        }
        Command::ReturnToLine { .. } => too_late || code == Code::NotCalled,
        Command::MarkNoShow { .. } => {
            too_late || matches!(code, Code::PlaceIsSafe | Code::NotCalled)
        }
        Command::CheckIn { .. } => too_late || code == Code::AlreadyCheckedIn,
        Command::LetPass { .. } => {
            too_late || matches!(code, Code::NotWaiting | Code::NobodyWaiting | Code::NotNow)
        }
        Command::RunLate { .. } => too_late || matches!(code, Code::NotWaiting | Code::NotNow),
        Command::Leave { .. } | Command::Ask { .. } | Command::GiveNews { .. } => {
            too_late || code == Code::NotNow
        }
        Command::Confirm { .. } => too_late || matches!(code, Code::NotNow | Code::NoAppointment),
        Command::Answer { .. } => too_late || code == Code::NothingAsked,
        Command::Continue { .. }
        | Command::Approve { .. }
        | Command::ExpectPart { .. }
        | Command::AskApproval { .. } => {
            too_late || matches!(code, Code::NotPending | Code::WaitsForOther | Code::NotNow)
        }
        Command::AddOn { .. } => matches!(code, Code::NotStarted | Code::VisitOver),
        Command::EndDelay { .. } => code == Code::NoDelay,
        Command::GoOnDuty { .. } | Command::ExpectStaff { .. } => code == Code::AlreadyOnDuty,
        Command::GoOffDuty { .. } => code == Code::NotOnDuty,
        Command::TakeBreak { .. } => matches!(code, Code::NotOnDuty | Code::OnBreak),
        Command::EndBreak { .. } => matches!(code, Code::NotOnBreak | Code::NotOnDuty),
        // Time passes between what the desk shows and the tap.
        Command::TakeRemedy { .. } => true,
        Command::Tell { .. } | Command::MakeGood { .. } => {
            too_late || matches!(code, Code::NotNow | Code::NotWaiting | Code::BadTime)
        }
        Command::Acknowledge { .. } => too_late || code == Code::NotNow,
        Command::AnswerInvitation { .. } => {
            too_late || matches!(code, Code::NotNow | Code::NotWaiting | Code::QuoteChanged)
        }
        _ => false,
    }
}
