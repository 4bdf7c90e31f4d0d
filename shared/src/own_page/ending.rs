//! What a person can say at the end, by one tap each: whether the start was when it was tapped, and
//! how the wait was.

use super::{Html, OwnPage};
use crate::Command;
use crate::command::Felt;
use crate::view::Stage;
use crate::words::Text;

impl OwnPage<'_> {
    /// Nothing before the end.
    pub(super) fn ending(&self, html: &mut Html) {
        let (visit, voice) = (self.visit.visit, self.voice);
        if self.visit.stage != Stage::Done {
            return;
        }
        if let Some(at) = self.visit.started_at.filter(|_| self.visit.asks_start) {
            Self::question(html, &voice.say_at(Text::StartCheck, at), |html| {
                for (testid, text, right) in [
                    ("start-right", Text::StartYes, true),
                    ("start-later", Text::StartLater, false),
                ] {
                    let command = Command::ConfirmStart { visit, right };
                    self.button(html, testid, "plain", &voice.say(text), &command);
                }
            });
        }
        Self::question(html, &voice.say(Text::WaitAsk), |html| {
            for felt in Felt::ALL {
                let (testid, text) = match felt {
                    Felt::Good => ("wait-good", Text::WaitGood),
                    Felt::Fair => ("wait-fair", Text::WaitFair),
                    Felt::NotGood => ("wait-not-good", Text::WaitNotGood),
                };
                let pressed = Some(self.visit.felt == Some(felt));
                let command = Command::RateWait { visit, felt };
                self.tap(html, testid, "plain", &voice.say(text), &command, pressed);
            }
        });
    }

    /// A question with its answers side by side.
    fn question(html: &mut Html, asked: &str, answers: impl FnOnce(&mut Html)) {
        html.element("fieldset", &[("class", "question".into())], |html| {
            html.line("legend", &[], asked);
            html.element("div", &[("class", "pair".into())], answers);
        });
    }
}
