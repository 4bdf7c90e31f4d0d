//! Which texts the page is written with: its program comes without any.

use crate::words::Text;

/// All of them.
pub const TEXTS: &[Text] = &[
    Text::Ahead,
    Text::AheadWith,
    Text::AnswerComes,
    Text::Apology,
    Text::ApologyNext,
    Text::ApologyPlain,
    Text::ApproveButton,
    Text::ApproveBy,
    Text::AskField,
    Text::AskToBeSure,
    Text::AskUs,
    Text::AwayAbove,
    Text::BookedAbove,
    Text::By,
    Text::ByWord,
    Text::CallAbove,
    Text::CallBelow,
    Text::CallBy,
    Text::CallByWord,
    Text::CallLine,
    Text::CallOff,
    Text::CallingNow,
    Text::CancelVisit,
    Text::ChoiceDay,
    Text::ChoiceLater,
    Text::ChoiceStay,
    Text::ChoiceWith,
    Text::ComeIn,
    Text::ComeInEarlier,
    Text::ComeInNoRush,
    Text::ConfirmButton,
    Text::ConfirmedSeen,
    Text::Connecting,
    Text::DayTime,
    Text::DayTimeBare,
    Text::DoneBy,
    Text::DoneByWord,
    Text::DoneLine,
    Text::Here,
    Text::HereSeen,
    Text::HereTill,
    Text::InLineNoTime,
    Text::Invited,
    Text::InvitedCome,
    Text::InvitedKeep,
    Text::JoinAgain,
    Text::KeptAnswer,
    Text::KeptContact,
    Text::KeptDownload,
    Text::KeptErase,
    Text::KeptEraseSure,
    Text::KeptLog,
    Text::KeptName,
    Text::KeptNothing,
    Text::KeptQuestion,
    Text::KeptTitle,
    Text::KeptUntil,
    Text::LanguageLabel,
    Text::LastConfirmed,
    Text::Leave,
    Text::LeftText,
    Text::LetPass,
    Text::Live,
    Text::NewsAbove,
    Text::NewsBelow,
    Text::NewsBy,
    Text::NewsByWord,
    Text::NewsLine,
    Text::NextAbove,
    Text::NextBelow,
    Text::NoConnection,
    Text::NoShowText,
    Text::NobodyServing,
    Text::NobodyUntil,
    Text::NotAvailable,
    Text::NotToday,
    Text::OnHoldBelow,
    Text::OnHoldText,
    Text::OnTheWall,
    Text::OpensAt,
    Text::OurAnswer,
    Text::PendingApproval,
    Text::PendingPart,
    Text::PendingTime,
    Text::PlaceAndPerson,
    Text::PlaceKept,
    Text::PlusMin,
    Text::PromiseAbove,
    Text::PromiseBelow,
    Text::PromiseLater,
    Text::ReadyAbove,
    Text::ReadyBelow,
    Text::ReadyBy,
    Text::ReadyByWord,
    Text::ReadyLine,
    Text::ReadyNow,
    Text::RunLate,
    Text::Send,
    Text::StageComeIn,
    Text::StageInLine,
    Text::StageNext,
    Text::StartLine,
    Text::Started,
    Text::StartedAt,
    Text::Thanks,
    Text::TimeComes,
    Text::TimeStays,
    Text::TimeStaysBy,
    Text::TimesAsOf,
    Text::Today,
    Text::Tomorrow,
    Text::Waited,
    Text::WaitedAsPromised,
    Text::WaitedLess,
    Text::WaitedLittle,
    Text::WaitedLonger,
    Text::WeSpoke,
    Text::Welcome,
    Text::WhyThisTime,
    Text::WillBeSent,
    Text::With,
    Text::WorkingOnIt,
    Text::YouAreNext,
    Text::YouAsked,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What the page is written by, beside the texts themselves.
    const SOURCES: [&str; 7] = [
        include_str!("mod.rs"),
        include_str!("choices.rs"),
        include_str!("kept.rs"),
        include_str!("says.rs"),
        include_str!("upper.rs"),
        include_str!("../words/promise.rs"),
        include_str!("../words/voice.rs"),
    ];

    #[test]
    fn they_are_the_ones_that_are_named_where_the_page_is_written() {
        let named = SOURCES.iter().flat_map(|source| {
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            source.split("Text::").skip(1).filter_map(|rest| {
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric())?;
                rest.starts_with(|c: char| c.is_ascii_uppercase()).then(|| &rest[..end])
            })
        });
        let named: BTreeSet<_> = named.map(str::to_owned).collect();
        let listed: BTreeSet<_> = TEXTS.iter().map(|text| format!("{text:?}")).collect();
        assert_eq!(listed, named);
    }
}
