//! Refusals and failures, in the form of RFC 9457 problem documents; the socket sends the same.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::set_up::FieldFaults;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// Every way the server says no. The code is stable; people read the words their screen
        /// has for it, programs the code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl ProblemCode {
            /// All codes, in the order they are documented.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The HTTP status it travels with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// A short English sentence for programmers.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

problem_codes! {
    /// No shop of that name.
    UnknownShop = "unknown_shop", 404, "There is no such shop.";
    /// No such visit, or a link that opens nothing.
    UnknownVisit = "unknown_visit", 404, "There is no such visit.";
    /// The shop does not offer that service.
    UnknownService = "unknown_service", 404, "The shop has no such service.";
    /// Nobody of that number works here.
    UnknownStaff = "unknown_staff", 404, "Nobody of that number works in this shop.";
    /// No such address.
    NotFound = "not_found", 404, "There is nothing at this address.";
    /// The address exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not take that method.";
    /// That person is not on duty.
    NotOnDuty = "not_on_duty", 409, "This person is not on duty.";
    /// That person is on duty already.
    AlreadyOnDuty = "already_on_duty", 409, "This person is on duty already.";
    /// That person does not do that service.
    CannotServe = "cannot_serve", 409, "This person does not offer that service.";
    /// Somebody is in that chair.
    AlreadyServing = "already_serving", 409, "Somebody is being served in this chair.";
    /// The visit's service has begun.
    AlreadyStarted = "already_started", 409, "The service of this visit has begun.";
    /// The visit's service has not begun.
    NotStarted = "not_started", 409, "The service of this visit has not begun.";
    /// The visit was not called.
    NotCalled = "not_called", 409, "This visit was not called.";
    /// The person has checked in already.
    AlreadyCheckedIn = "already_checked_in", 409, "This person has checked in already.";
    /// The visit is over.
    VisitOver = "visit_over", 409, "This visit is over.";
    /// Nobody waits whom that person could call.
    NobodyWaiting = "nobody_waiting", 409, "Nobody is waiting for this chair.";
    /// Another tap came first.
    ChairChanged = "chair_changed", 409, "Somebody else changed this chair a moment ago.";
    /// The person's place is kept until the time in `until`.
    PlaceIsSafe = "place_is_safe", 409, "The place of this visit is kept until the time given.";
    /// The shown time no longer holds; `by` is the new one, absent when none can be promised.
    QuoteChanged = "quote_changed", 409, "The time shown no longer holds; nothing was recorded.";
    /// What was accepted moves times of others too; nothing was recorded.
    PriceChanged = "price_changed", 409, "This would move more times than were accepted; nothing was recorded.";
    /// The line is at its bound.
    ShopFull = "shop_full", 409, "The line is full.";
    /// The shop is closed; `until` is the next opening.
    Closed = "closed", 409, "The shop is closed.";
    /// Whoever joins from elsewhere waits for the doors to open at `until`.
    NotOpenYet = "not_open_yet", 409, "Joining from elsewhere opens with the doors.";
    /// Only who is in the shop joins.
    RemoteOff = "remote_off", 409, "Only people in the shop can join.";
    /// Nobody new can be taken before closing; `until` is the next opening.
    FullToday = "full_today", 409, "Nobody new can be taken before closing time.";
    /// Too many services in a visit, or people in a group.
    TooMany = "too_many", 422, "Too many services or people at once.";
    /// The time is taken, or nobody works then.
    NotFree = "not_free", 409, "Nobody is free for an appointment at that time.";
    /// Only who has an appointment can confirm it.
    NoAppointment = "no_appointment", 409, "This visit is no appointment.";
    /// They have the right already.
    AlreadyFirst = "already_first", 409, "This visit has the right to go first already.";
    /// The visit is not on hold.
    NotOnHold = "not_on_hold", 409, "This visit is not on hold.";
    /// The visit is not being waited for.
    NotPending = "not_pending", 409, "This visit waits for nothing.";
    /// The visit waits for something else.
    WaitsForOther = "waits_for_other", 409, "This visit waits for something else.";
    /// Nobody waits in line there.
    NotWaiting = "not_waiting", 409, "This visit is not in line.";
    /// The visit is at no step where that can be done.
    NotNow = "not_now", 409, "This cannot be done at this point of the visit.";
    /// Nobody has offered the visit to a colleague.
    NotHandedOver = "not_handed_over", 409, "This visit is not being handed over.";
    /// The visit belongs to that person already.
    AlreadyTheirs = "already_theirs", 409, "This visit is with that person already.";
    /// There is no question to answer.
    NothingAsked = "nothing_asked", 409, "There is no question to answer.";
    /// There is nothing to take back, or it was too long ago, or something came after it.
    NothingToUndo = "nothing_to_undo", 409, "The last tap can no longer be taken back.";
    /// The person is not on a break.
    NotOnBreak = "not_on_break", 409, "This person is not on a break.";
    /// The person is on a break.
    OnBreak = "on_break", 409, "This person is on a break.";
    /// Nothing of the kind was reported.
    NoDelay = "no_delay", 409, "No delay was reported there.";
    /// Nobody new is taken.
    LineClosed = "line_closed", 409, "Nobody new is taken at the moment.";
    /// The line is open.
    LineOpen = "line_open", 409, "The line is open.";
    /// News were promised already.
    NewsPromised = "news_promised", 409, "The next news has a time already.";
    /// A time or a duration that makes no sense.
    BadTime = "bad_time", 422, "This time is in the past, too far away, or too long.";
    /// The text is empty, too long or has characters that are no letters.
    BadText = "bad_text", 422, "A text has 1 to 200 printable characters.";
    /// The set-up has a fault, told in `detail`.
    BadSetUp = "bad_set_up", 422, "The set-up has a fault.";
    /// The set-up is another one than the change was made from.
    SetUpChanged = "set_up_changed", 409, "The set-up was changed meanwhile; nothing was recorded.";
    /// The name is too long or has characters that are no letters.
    BadName = "bad_name", 422, "A name has 1 to 40 printable characters.";
    /// The contact is neither a phone number nor a mail address.
    BadContact = "bad_contact", 422, "A contact is a phone number or a mail address.";
    /// Not the JSON this address takes.
    MalformedMessage = "malformed_message", 400, "The message could not be read.";
    /// Larger than 16 KiB.
    MessageTooLarge = "message_too_large", 413, "The message is too large.";
    /// The key is missing or not known, or does not reach that far.
    NotAllowed = "not_allowed", 403, "The key does not allow this.";
    /// This browser is not paired with the shop.
    NotPaired = "not_paired", 401, "This browser is not paired with the shop.";
    /// Somebody has to sign in first.
    SignInNeeded = "sign_in_needed", 401, "Somebody has to sign in first.";
    /// The password, PIN or recovery code is wrong.
    WrongPassword = "wrong_password", 401, "The password, PIN or code is wrong.";
    /// Too many wrong ones; the next may be tried at `until`.
    TooManyTries = "too_many_tries", 429, "Too many wrong tries; wait until the time given.";
    /// Too short, too long, or one that everybody knows.
    WeakPassword = "weak_password", 422, "A password has 10 to 128 characters and is not a common one.";
    /// Not 4 to 8 digits, or ones that everybody guesses.
    BadPin = "bad_pin", 422, "A PIN has 4 to 8 digits that are not easily guessed.";
    /// No screen shows that code, or no longer, or for something else.
    UnknownCode = "unknown_code", 404, "No screen waits with that code for that.";
    /// The shop has its owner already.
    HasOwner = "has_owner", 409, "The shop has an owner already.";
    /// Neither a device nor a key of that number.
    UnknownDevice = "unknown_device", 404, "There is no such device or key.";
    /// A page of somewhere else sent this.
    CrossSite = "cross_site", 403, "Requests from other sites are not taken.";
    /// The server is not known under the name that was asked.
    UnknownHost = "unknown_host", 421, "The server is not known under this name.";
    /// More than a person taps.
    TooFast = "too_fast", 429, "Too many commands in a short time.";
    /// The shop has more to do than it can hold.
    Busy = "busy", 503, "The shop has too much to do; try again.";
    /// The shop was set aside after a fault.
    ShopUnavailable = "shop_unavailable", 503, "This shop is not available at the moment.";
    /// The log could not be written; nothing was recorded.
    StoreUnavailable = "store_unavailable", 503, "The change could not be saved; nothing was recorded.";
    /// The server is going down.
    ShuttingDown = "shutting_down", 503, "The server is restarting.";
}

impl ProblemCode {
    /// Whether its words name the time in `until`.
    #[must_use]
    pub const fn has_time(self) -> bool {
        matches!(self, Self::PlaceIsSafe | Self::TooManyTries)
    }
}

/// A problem document (`application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A name for the kind of problem: `urn:sooner:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// English, for programmers.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: ProblemCode,
    /// What exactly was wrong, English, for programmers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The new time, with `quote_changed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Timestamp>,
    /// Until when the place is kept, with `place_is_safe`; until when to wait, with
    /// `too_many_tries`; when the shop opens, with `closed`,
    /// `not_open_yet` and `full_today`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// What is wrong with which field, with `bad_set_up`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faults: Option<Box<FieldFaults>>,
}

impl Problem {
    /// A problem with nothing to add to its code.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            kind: format!("urn:sooner:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
            by: None,
            until: None,
            faults: None,
        }
    }

    /// The same with an explanation.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same with what is wrong with which field.
    #[must_use]
    pub fn with_faults(mut self, faults: FieldFaults) -> Self {
        self.faults = Some(Box::new(faults));
        self
    }
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_as_its_rfc_says() {
        let json = serde_json::to_value(Problem::new(ProblemCode::UnknownShop)).expect("json");
        assert_eq!(json["type"], "urn:sooner:problem:unknown_shop");
        assert_eq!(json["status"], 404);
        assert_eq!(json["code"], "unknown_shop");
    }

    #[test]
    fn every_code_is_written_once() {
        let mut codes: Vec<_> = ProblemCode::ALL.iter().map(|c| c.as_str()).collect();
        codes.sort_unstable();
        let before = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), before);
    }
}
