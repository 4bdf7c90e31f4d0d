//! What is kept of the person, until when, and how they get it and get rid of it.

use super::{Html, OwnPage};
use crate::words::Text;

impl OwnPage<'_> {
    /// Folded away at the foot of the page.
    pub(super) fn kept(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        let name = Some(&visit.name).filter(|name| **name != visit.visit.code());
        let words = [
            (Text::KeptName, name),
            (Text::KeptContact, visit.contact.as_ref()),
            (Text::KeptQuestion, visit.question.as_ref()),
            (Text::KeptAnswer, visit.answer.as_ref()),
        ];
        let kept = [("class", "kept".into()), ("data-testid", "kept".into())];
        html.element("details", &kept, |html| {
            html.line("summary", &[], &voice.say(Text::KeptTitle));
            html.element("ul", &[("data-testid", "kept-words".into())], |html| {
                for (text, words) in words {
                    let said = words.map(|words| voice.say_with(text, &[("text", words)]));
                    html.maybe("li", &[], said);
                }
            });
            let until = match visit.kept_until {
                Some(at) => voice.say_bare(Text::KeptUntil, at),
                None => voice.say(Text::KeptNothing),
            };
            html.line("p", &[], &until);
            html.line("p", &[], &voice.say(Text::KeptLog));
            html.element("div", &[("class", "chips".into())], |html| {
                let href = format!("/api/visits/{}/data", self.link);
                let download = [
                    ("class", "button quiet".into()),
                    ("data-testid", "kept-download".into()),
                    ("href", (&href).into()),
                    ("download", true.into()),
                ];
                html.line("a", &download, &voice.say(Text::KeptDownload));
                if visit.kept_until.is_none() {
                    return;
                }
                Self::folded(html, "kept-erase", "quiet", &voice.say(Text::KeptErase), |html| {
                    self.form(html, "erase", |html| {
                        let button = [
                            ("class", "button plain".into()),
                            ("data-testid", "erase-sure".into()),
                        ];
                        html.line("button", &button, &voice.say(Text::KeptEraseSure));
                    });
                });
            });
        });
    }
}
