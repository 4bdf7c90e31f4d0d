//! What a person can say on their own page: in the thumb's reach, nothing that needs typing first.

use super::{Html, OwnPage};
use crate::command::TEXT_MAX_CHARS;
use crate::screen::phone::{Offer, Scene, offers};
use crate::time::MINUTE_MS;
use crate::view::{PromiseKind, Stage};
use crate::words::Text;
use crate::{Command, Timestamp};

/// How much longer somebody can say they need, in minutes.
const LATE_MIN: [i64; 2] = [10, 20];

/// How long before their time somebody can be told that it is time, in minutes.
const NOTICE_MIN: [i64; 3] = [5, 10, 20];

impl OwnPage<'_> {
    fn offers(&self) -> Vec<Offer> {
        offers(self.visit, self.now)
    }

    pub(super) fn says(&self, html: &mut Html) {
        let visit = self.visit.visit;
        let offered = self.offers();
        let has = |offer: Offer| offered.contains(&offer);
        let say = |text: Text| self.voice.say(text);
        let unsent = (!self.is_fresh() && self.has_unsent).then(|| say(Text::WillBeSent));
        html.maybe("p", &[("class", "note".into()), ("role", "status".into())], unsent);
        if has(Offer::Approve) {
            let label = say(Text::ApproveButton);
            self.button(html, "approve", "main", &label, &Command::Approve { visit });
        }
        if has(Offer::Confirm) {
            let label = say(Text::ConfirmButton);
            self.button(html, "confirm", "main", &label, &Command::Confirm { visit });
        }
        let seen = |html: &mut Html, testid: &str, text: Text| {
            html.line("p", &[("class", "seen".into()), ("data-testid", testid.into())], &say(text));
        };
        if self.visit.confirmed && self.visit.stage == Stage::Booked {
            seen(html, "confirmed-seen", Text::ConfirmedSeen);
        }
        if has(Offer::Here) {
            let look = if has(Offer::Confirm) { "plain" } else { "main" };
            self.button(html, "here", look, &say(Text::Here), &Command::CheckIn { visit });
        } else if self.visit.checked_in && self.is_expected() {
            seen(html, "seen", Text::HereSeen);
        }
        if has(Offer::RunLate) || has(Offer::LetPass) {
            self.later_wishes(html, &offered);
        }
        if self.visit.stage == Stage::Waiting && self.comes() {
            self.notice_wish(html);
        }
    }

    /// Coming later, in one way or the other.
    fn later_wishes(&self, html: &mut Html, offered: &[Offer]) {
        let visit = self.visit.visit;
        let has = |offer: Offer| offered.contains(&offer);
        let say = |text: Text| self.voice.say(text);
        html.element("div", &[("class", "pair".into())], |html| {
            if has(Offer::RunLate) {
                Self::folded(html, "late", "plain", &say(Text::RunLate), |html| {
                    html.element("div", &[("class", "pair".into())], |html| {
                        for minutes in LATE_MIN {
                            let command = Command::RunLate { visit, ms: minutes * MINUTE_MS };
                            let label = self.plus_min(minutes);
                            let testid = format!("late-{minutes}");
                            self.button(html, &testid, "plain", &label, &command);
                        }
                    });
                });
            }
            if has(Offer::LetPass) {
                let label = say(Text::LetPass);
                self.button(html, "pass", "plain", &label, &Command::LetPass { visit });
            }
        });
    }

    /// How early this page should say that it is time, and what was chosen; nothing when it is near.
    fn notice_wish(&self, html: &mut Html) {
        let (visit, voice) = (self.visit.visit, self.voice);
        let with_min = |text: Text, n: i64| voice.say_with(text, &[("n", &n.to_string())]);
        let chosen = self.visit.tell_before_min.map(i64::from);
        let is_early = |(by, now): (Timestamp, Timestamp)| by - now > NOTICE_MIN[0] * MINUTE_MS;
        if !self.visit.by.zip(self.now).is_some_and(is_early) {
            return;
        }
        let label = match chosen {
            Some(n) => with_min(Text::NoticeSet, n),
            None => voice.say(Text::NoticeWish),
        };
        Self::folded(html, "notice-wish", "quiet", &label, |html| {
            html.element("div", &[("class", "pair".into())], |html| {
                for minutes in NOTICE_MIN {
                    let command = Command::TellBefore { visit, ms: minutes * MINUTE_MS };
                    let testid = format!("notice-{minutes}");
                    let label = with_min(Text::NoticeMin, minutes);
                    let pressed = Some(chosen == Some(minutes));
                    self.tap(html, &testid, "plain", &label, &command, pressed);
                }
            });
        });
    }

    /// Whether it matters that they are here: who has left a thing behind has gone.
    const fn is_expected(&self) -> bool {
        match self.visit.stage {
            Stage::Booked | Stage::Waiting | Stage::Called => true,
            Stage::Serving | Stage::Pending | Stage::OnHold => self.comes(),
            Stage::Ready | Stage::Done | Stage::Left | Stage::NoShow => false,
        }
    }

    pub(super) fn plus_min(&self, minutes: i64) -> String {
        self.voice.say_with(Text::PlusMin, &[("n", &minutes.to_string())])
    }

    /// A question, what was asked, and what was answered.
    pub(super) fn ask(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        if self.is_over() {
            return;
        }
        if let Some(asked) = &visit.question {
            let said = voice.say_with(Text::YouAsked, &[("text", asked)]);
            html.line("p", &[("class", "asked".into()), ("data-testid", "asked".into())], &said);
            let answer = match &visit.answer {
                Some(answer) => voice.say_with(Text::OurAnswer, &[("text", answer)]),
                None => voice.say(Text::AnswerComes),
            };
            html.line("p", &[("class", "asked".into()), ("data-testid", "answer".into())], &answer);
        }
        if !self.offers().contains(&Offer::Ask) {
            return;
        }
        Self::folded(html, "ask", "quiet", &voice.say(Text::AskUs), |html| {
            self.form(html, "ask", |html| {
                html.element("label", &[("class", "field".into())], |html| {
                    html.line("span", &[], &voice.say(Text::AskField));
                    let most = TEXT_MAX_CHARS.to_string();
                    let input = [
                        ("type", "text".into()),
                        ("name", "text".into()),
                        ("data-testid", "ask-text".into()),
                        ("autocomplete", "off".into()),
                        ("enterkeyhint", "send".into()),
                        ("maxlength", (&most).into()),
                        ("required", true.into()),
                    ];
                    html.void("input", &input);
                });
                let button = [("class", "button plain".into()), ("data-testid", "ask-send".into())];
                html.line("button", &button, &voice.say(Text::Send));
            });
        });
    }

    /// Leaving, or calling an appointment off, by one tap; and for who has left, staying after all
    /// for a moment, then joining again.
    pub(super) fn leave(&self, html: &mut Html, scene: Scene) {
        let visit = self.visit.visit;
        if self.may_stay() {
            let label = self.voice.say(Text::ChoiceStay);
            self.button(html, "stay", "main", &label, &Command::ComeBack { visit });
            return;
        }
        if matches!(scene, Scene::Left | Scene::NoShow) {
            let lang = self.asked_language.map(|tag| format!("?lang={tag}")).unwrap_or_default();
            let href = format!("/{}/join{lang}", self.visit.shop);
            let again = [
                ("class", "button main".into()),
                ("data-testid", "again".into()),
                ("href", (&href).into()),
            ];
            html.line("a", &again, &self.voice.say(Text::JoinAgain));
            return;
        }
        if !self.offers().contains(&Offer::Leave) {
            return;
        }
        let label = match (self.visit.stage, self.visit.kind) {
            (Stage::Booked, _) => Text::CancelVisit,
            (_, PromiseKind::Start) => Text::Leave,
            _ => Text::CallOff,
        };
        let command = Command::Leave { visit };
        self.button(html, "leave", "quiet", &self.voice.say(label), &command);
    }

    /// Whether who has just left can take it back.
    fn may_stay(&self) -> bool {
        let until = self.visit.stays_until.zip(self.now);
        until.is_some_and(|(until, now)| now < until)
    }

    pub(super) const fn is_over(&self) -> bool {
        matches!(self.visit.stage, Stage::Done | Stage::Left | Stage::NoShow)
    }
}
