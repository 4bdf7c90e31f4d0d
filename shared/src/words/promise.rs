//! What a time is for, in words.

use super::Text;
use crate::view::PromiseKind;

/// "ready by {at}"
#[must_use]
pub const fn by(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start => Text::By,
        PromiseKind::Ready => Text::ReadyBy,
        PromiseKind::CallBack => Text::CallBy,
        PromiseKind::News => Text::NewsBy,
        PromiseKind::Done => Text::DoneBy,
    }
}

/// What stands before the figure: "ready by".
#[must_use]
pub const fn word(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start => Text::ByWord,
        PromiseKind::Ready => Text::ReadyByWord,
        PromiseKind::CallBack => Text::CallByWord,
        PromiseKind::News => Text::NewsByWord,
        PromiseKind::Done => Text::DoneByWord,
    }
}

/// What stands above the figure on the person's own page: "Anna, ready by".
#[must_use]
pub const fn above(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start | PromiseKind::Done => Text::PromiseAbove,
        PromiseKind::Ready => Text::ReadyAbove,
        PromiseKind::CallBack => Text::CallAbove,
        PromiseKind::News => Text::NewsAbove,
    }
}

/// What stands below it.
#[must_use]
pub const fn below(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start | PromiseKind::Done => Text::PromiseBelow,
        PromiseKind::Ready => Text::ReadyBelow,
        PromiseKind::CallBack => Text::CallBelow,
        PromiseKind::News => Text::NewsBelow,
    }
}

/// A line of its own: "Ready by 17:00."
#[must_use]
pub const fn line(kind: PromiseKind) -> Text {
    match kind {
        PromiseKind::Start => Text::StartLine,
        PromiseKind::Ready => Text::ReadyLine,
        PromiseKind::CallBack => Text::CallLine,
        PromiseKind::News => Text::NewsLine,
        PromiseKind::Done => Text::DoneLine,
    }
}
