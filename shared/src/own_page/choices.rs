//! What a person may want instead of a time that could not be kept, and an invitation to come
//! earlier. Nobody has to answer: silence keeps the place.

use super::{Html, OwnPage};
use crate::Command;
use crate::command::Choice;
use crate::screen::phone::Scene;
use crate::time::MINUTE_MS;
use crate::view::Choices;
use crate::words::Text;

/// So much later somebody can come today, in minutes.
const LATER_MIN: [i64; 3] = [30, 60, 120];

impl OwnPage<'_> {
    /// Nothing while there is nothing to choose.
    pub(super) fn choices(&self, html: &mut Html, scene: Scene) {
        if !matches!(scene, Scene::InLine | Scene::Next) {
            return;
        }
        if let Some(choices) = &self.visit.choices {
            self.choose(html, choices);
        }
        let Some((earlier, told)) = self.visit.invited.zip(self.visit.by) else { return };
        let invitation = [
            ("class", "choices".into()),
            ("data-testid", "invitation".into()),
            ("data-ms", earlier.0.into()),
        ];
        let visit = self.visit.visit;
        html.element("section", &invitation, |html| {
            let invited = self.voice.say_at(Text::Invited, earlier);
            html.line("p", &[("class", "below".into())], &invited);
            html.element("div", &[("class", "pair".into())], |html| {
                let come = self.voice.say(Text::InvitedCome);
                let command = Command::AnswerInvitation { visit, comes: true };
                self.button(html, "come-earlier", "main", &come, &command);
                let keep = self.voice.say_at(Text::InvitedKeep, told);
                let command = Command::AnswerInvitation { visit, comes: false };
                self.button(html, "keep-time", "plain", &keep, &command);
            });
        });
    }

    fn choose(&self, html: &mut Html, choices: &Choices) {
        let visit = self.visit.visit;
        let name = [("name", &*self.visit.name)];
        let choose = |html: &mut Html, testid: &str, label: &str, choice: Choice| {
            self.button(html, testid, "plain", label, &Command::Choose { visit, choice });
        };
        let chips = [("class", "chips".into())];
        let section = [("class", "choices".into()), ("data-testid", "choices".into())];
        html.element("section", &section, |html| {
            let says = match &choices.without {
                Some(person) => {
                    let with = [name[0], ("person", &**person)];
                    Some(self.voice.say_with(Text::AwayAbove, &with))
                }
                None => choices.not_today.then(|| self.voice.say_with(Text::NotToday, &name)),
            };
            html.maybe("p", &[("class", "below".into())], says);
            html.element("div", &chips, |html| {
                for colleague in &choices.colleagues {
                    let at = self.voice.clock(colleague.by);
                    let with = [("person", &*colleague.name), ("at", &*at)];
                    let label = self.voice.say_with(Text::ChoiceWith, &with);
                    let testid = format!("choose-{}", colleague.staff);
                    choose(html, &testid, &label, Choice::With(colleague.staff));
                }
                if !choices.not_today {
                    let stay = if self.comes() { Text::ChoiceStay } else { Text::ChoiceFine };
                    let label = self.voice.say(stay);
                    choose(html, "choose-stay", &label, Choice::Stay);
                }
            });
            if !self.comes() {
                // Who waits for a thing cannot come for it later and have it sooner.
                return;
            }
            let later = self.voice.say(Text::ChoiceLater);
            Self::folded(html, "choose-later", "quiet", &later, |html| {
                html.element("div", &chips, |html| {
                    for minutes in LATER_MIN {
                        let command = Command::RunLate { visit, ms: minutes * MINUTE_MS };
                        let testid = format!("later-{minutes}");
                        self.button(html, &testid, "plain", &self.plus_min(minutes), &command);
                    }
                });
            });
            if choices.days.is_empty() {
                return;
            }
            let day = self.voice.say(Text::ChoiceDay);
            Self::folded(html, "choose-day", "quiet", &day, |html| {
                html.element("div", &chips, |html| {
                    for at in &choices.days {
                        let testid = format!("day-{}", at.0);
                        choose(html, &testid, &self.voice.clock(*at), Choice::At(*at));
                    }
                });
            });
        });
    }
}
