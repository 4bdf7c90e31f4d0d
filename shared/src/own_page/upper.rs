//! What the page says: the promise, a call, an apology, the end; and where in the line they are.

use super::{Html, OwnPage};
use crate::Timestamp;
use crate::screen::phone::{Against, Scene, Wait, called_earlier_min, has_begun, owes_apology};
use crate::screen::why::{self, Own};
use crate::view::{Doors, PromiseKind, WaitsFor};
use crate::words::{Text, promise};

impl OwnPage<'_> {
    pub(super) fn upper(&self, html: &mut Html, scene: Scene) {
        match scene {
            Scene::InLine | Scene::Next if has_begun(self.visit) => self.goes_on(html),
            Scene::InLine | Scene::Next if owes_apology(self.visit) => {
                self.apology_page(html, scene);
            }
            Scene::InLine | Scene::Next => match self.visit.by {
                Some(by) => self.promise(html, scene, by),
                None => self.no_time(html),
            },
            Scene::ComeIn => self.come_in(html),
            // Who left a thing to be made ready is told when, not that somebody began.
            Scene::Started if self.visit.kind != PromiseKind::Ready => self.started(html),
            Scene::Started | Scene::Booked | Scene::Pending | Scene::OnHold | Scene::Ready => {
                self.later(html, scene);
            }
            Scene::Done => self.ended(html),
            Scene::Left | Scene::NoShow => self.away(html, scene),
        }
    }

    fn promise(&self, html: &mut Html, scene: Scene, by: Timestamp) {
        let (visit, voice) = (self.visit, self.voice);
        // Only who is to come in is told that they are next.
        let is_next = scene == Scene::Next && self.comes();
        let above = if is_next { Text::NextAbove } else { promise::above(visit.kind) };
        html.line("p", &[("class", "above".into())], &self.addressed(above));
        self.promise_figure(html, by, Text::DayTime);
        let below = if !self.is_fresh() {
            let stays = voice.say_at(Text::TimeStaysBy, by);
            let confirmed =
                self.confirmed_at.map(|at| voice.say_at(Text::LastConfirmed, at.whole_minute()));
            let ask = voice.say(Text::AskToBeSure);
            format!("{stays} {}. {ask}", confirmed.unwrap_or_default())
        } else if let Some(was) = visit.instead_of {
            voice.say_at(
                if self.comes() { Text::PromiseLater } else { Text::PromiseLaterPlain },
                was,
            )
        } else if !visit.staffed {
            format!("{} {}", voice.say(Text::NobodyServing), voice.say(Text::TimeStays))
        } else if let Some(until) = visit.safe_until {
            voice.say_at(Text::ComeInNoRush, until)
        } else {
            voice.say(if is_next { Text::NextBelow } else { promise::below(visit.kind) })
        };
        let class = if self.is_fresh() { "below" } else { "below stale-note" };
        html.line("p", &[("class", class.into()), ("data-testid", "below".into())], &below);
        let is_time = self.visit.tell_at.zip(self.now).is_some_and(|(at, now)| at <= now);
        let time = [("class", "then".into()), ("data-testid", "is-time".into())];
        html.maybe("p", &time, is_time.then(|| voice.say(Text::NoticeNow)));
        let news = visit.news_by.filter(|_| visit.kind != PromiseKind::News);
        let news = news.map(|at| voice.say_at(Text::NewsLine, at));
        html.maybe("p", &[("class", "below".into()), ("data-testid", "news-by".into())], news);
    }

    /// Between two steps: the promise to begin is behind them.
    fn goes_on(&self, html: &mut Html) {
        self.apology(html);
        html.line("p", &[("class", "above".into())], &self.addressed(Text::GoesOn));
        self.stale_band(html);
        self.done_by(html);
    }

    fn done_by(&self, html: &mut Html) {
        let said = self.visit.done_by.map(|at| self.voice.say_at(Text::DoneLine, at));
        html.maybe("p", &[("class", "below".into()), ("data-testid", "done-by".into())], said);
    }

    fn no_time(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        html.line("p", &[("class", "above".into())], &self.addressed(Text::InLineNoTime));
        let nobody = match visit.time_from {
            Some(at) => Some(voice.say_at(Text::NobodyUntil, at)),
            None => (!visit.staffed).then(|| voice.say(Text::NobodyServing)),
        };
        html.maybe("p", &[("class", "below".into())], nobody);
        self.stale_band(html);
        let comes = [("class", "below".into()), ("data-testid", "no-time".into())];
        html.line("p", &comes, &voice.say(Text::TimeComes));
    }

    fn apology_page(&self, html: &mut Html, scene: Scene) {
        self.apology(html);
        let then = if scene == Scene::Next { Text::YouAreNext } else { Text::PlaceKept };
        html.line("p", &[("class", "then".into())], &self.voice.say(then));
        let next = self.visit.by.zip(self.visit.missed).filter(|(by, missed)| by > missed);
        let next = next.map(|(by, _)| self.voice.say_at(Text::ApologyNext, by));
        html.maybe("p", &[("class", "then".into()), ("data-testid", "next-time".into())], next);
        self.stale_band(html);
    }

    /// The apology that is due, if one is.
    fn apology(&self, html: &mut Html) {
        let said = self.visit.missed.map(|missed| {
            let text = match self.visit.kind {
                PromiseKind::Start => Text::Apology,
                _ => Text::ApologyPlain,
            };
            let at = self.voice.clock(missed);
            self.voice.say_with(text, &[("name", &self.visit.name), ("at", &at)])
        });
        html.maybe("p", &[("class", "apology".into()), ("data-testid", "apology".into())], said);
    }

    fn come_in(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        let is_call_back = visit.kind == PromiseKind::CallBack;
        html.element("div", &[("class", "come-in".into())], |html| {
            self.apology(html);
            let text = if is_call_back { Text::CallingNow } else { Text::ComeIn };
            html.line("p", &[("class", "above".into())], &self.addressed(text));
            let place = visit.place.clone().filter(|_| !is_call_back);
            html.maybe("p", &[("class", "place".into()), ("data-testid", "place".into())], place);
            let person = [("class", "person".into()), ("data-testid", "person".into())];
            html.maybe("p", &person, visit.staff.clone());
            self.stale_band(html);
            let earlier = called_earlier_min(visit);
            let earlier = earlier.map(|n| voice.count(Text::ComeInEarlier, n));
            html.maybe("p", &[("class", "earlier".into())], earlier);
            if let Some(by) = visit.by.filter(|_| self.comes() && !owes_apology(visit)) {
                let below = [
                    ("class", "below".into()),
                    ("data-testid", "promise".into()),
                    ("data-ms", by.0.into()),
                ];
                html.line("p", &below, &voice.say_at(Text::ComeInNoRush, by));
            }
        });
    }

    fn started(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        let is_call_back = visit.kind == PromiseKind::CallBack;
        let text = if is_call_back { Text::WeSpoke } else { Text::Started };
        html.line("p", &[("class", "above".into())], &self.addressed(text));
        let place = visit.place.as_deref().filter(|_| !is_call_back).zip(visit.staff.as_deref());
        let place = place.map(|(place, person)| {
            voice.say_with(Text::PlaceAndPerson, &[("place", place), ("person", person)])
        });
        html.maybe("p", &[("class", "then".into())], place);
        self.stale_band(html);
        let at = visit.started_at.map(|at| voice.say_at(Text::StartedAt, at));
        html.maybe("p", &[("class", "below".into())], at);
        self.done_by(html);
    }

    fn ended(&self, html: &mut Html) {
        let (visit, voice) = (self.visit, self.voice);
        html.line("p", &[("class", "above".into())], &self.addressed(Text::Thanks));
        let wait = Wait::of(visit);
        let waited = wait.map(|w| match w.waited_min {
            Some(n) => voice.count(Text::Waited, n),
            None => voice.say(Text::WaitedLittle),
        });
        html.maybe("p", &[("class", "then".into()), ("data-testid", "waited".into())], waited);
        let against = wait.and_then(|w| w.against).map(|against| match against {
            Against::Less(n) => voice.count(Text::WaitedLess, n),
            Against::AsPromised => voice.say(Text::WaitedAsPromised),
            Against::Longer(n) => voice.count(Text::WaitedLonger, n),
        });
        let class = [("class", "then against".into()), ("data-testid", "against".into())];
        html.maybe("p", &class, against);
        // Not while that is asked, nor after it was said to be otherwise; and of a thing that was left
        // the end was what counted.
        let is_open = visit.asks_start || visit.start_right == Some(false);
        let at = visit.started_at.filter(|_| !is_open && visit.kind != PromiseKind::Ready);
        let at = at.map(|at| voice.say_at(Text::StartedAt, at));
        html.maybe("p", &[("class", "below".into())], at);
    }

    fn away(&self, html: &mut Html, scene: Scene) {
        self.apology(html);
        let is_no_show = scene == Scene::NoShow;
        let text = if is_no_show { Text::NoShowText } else { Text::LeftText };
        html.line("p", &[("class", "above".into())], &self.addressed(text));
        let welcome = is_no_show.then(|| self.voice.say(Text::Welcome));
        html.maybe("p", &[("class", "below".into())], welcome);
    }

    /// The page of a visit that is neither in line nor called: an appointment, work on a thing that
    /// was left, a wait for something, what is ready to collect.
    fn later(&self, html: &mut Html, scene: Scene) {
        let (visit, voice) = (self.visit, self.voice);
        self.apology(html);
        let above = match (scene, visit.waits_for) {
            (Scene::Booked, _) => Text::BookedAbove,
            (Scene::OnHold, _) => Text::OnHoldText,
            (Scene::Ready, _) => Text::ReadyNow,
            (Scene::Pending, Some(WaitsFor::Part)) => Text::PendingPart,
            (Scene::Pending, Some(WaitsFor::Approval)) => Text::PendingApproval,
            (Scene::Pending, _) => Text::PendingTime,
            _ => Text::WorkingOnIt,
        };
        let class = if scene == Scene::Ready { "above then" } else { "above" };
        html.line("p", &[("class", class.into())], &self.addressed(above));
        let is_booked = scene == Scene::Booked;
        if let Some(at) = self.later_figure(scene).filter(|_| is_booked || !owes_apology(visit)) {
            let word = (!is_booked).then(|| voice.say(promise::word(visit.kind)));
            html.maybe("p", &[("class", "word".into())], word);
            let pattern = if is_booked { Text::DayTimeBare } else { Text::DayTime };
            self.promise_figure(html, at, pattern);
        }
        self.stale_band(html);
        for (text, at) in self.later_lines(scene) {
            let words = at.map_or_else(|| voice.say(text), |at| voice.say_at(text, at));
            let line = [("class", "below".into()), ("data-line", text.key().into())];
            html.line("p", &line, &words);
        }
    }

    /// The one large time.
    fn later_figure(&self, scene: Scene) -> Option<Timestamp> {
        let visit = self.visit;
        match scene {
            Scene::Booked => visit.booked_at,
            Scene::Ready => None,
            // Who sits in a treatment's time was promised its start, and that has been.
            _ if visit.kind == PromiseKind::Start && visit.started_at.is_some() => None,
            _ => visit.by,
        }
    }

    /// What stands below it, each with its time.
    fn later_lines(&self, scene: Scene) -> Vec<(Text, Option<Timestamp>)> {
        let visit = self.visit;
        let mut lines = Vec::new();
        let mut add = |text: Text, at: Option<_>| {
            if at.is_some() {
                lines.push((text, at));
            }
        };
        match scene {
            Scene::Booked => add(promise::line(visit.kind), visit.by),
            Scene::Ready => match visit.doors {
                Doors::Open { until } | Doors::Full { until, .. } => add(Text::HereTill, until),
                Doors::Closed { opens_at } => add(Text::OpensAt, opens_at),
            },
            _ => {
                if visit.waits_for == Some(WaitsFor::Approval) {
                    add(Text::ApproveBy, visit.expected_at);
                }
                add(Text::DoneLine, visit.done_by);
            }
        }
        if visit.kind != PromiseKind::News {
            add(Text::NewsLine, visit.news_by);
        }
        if scene == Scene::OnHold {
            lines.push((Text::OnHoldBelow, None));
        }
        lines
    }

    /// Where in the line they are, what to look for on the wall, and why this time.
    pub(super) fn middle(&self, html: &mut Html, scene: Scene) {
        if matches!(scene, Scene::Done | Scene::Left | Scene::NoShow) {
            let stage = [("data-testid", "stage".into()), ("data-stage", scene.as_str().into())];
            html.element("span", &stage, |_| {});
            return;
        }
        html.element("section", &[("class", "middle".into())], |html| match scene {
            Scene::InLine | Scene::Next => {
                self.stages(html, scene);
                self.on_wall(html);
                if let Some(n) = self.visit.ahead.filter(|n| *n > 0) {
                    let ahead = [
                        ("class", "ahead".into()),
                        ("data-testid", "ahead".into()),
                        ("data-n", i64::from(n).into()),
                    ];
                    html.line("p", &ahead, &self.voice.count(Text::Ahead, n));
                }
                self.what_line(html);
                self.why(html);
            }
            Scene::ComeIn => {
                self.stages(html, scene);
                self.on_wall(html);
            }
            _ => {
                let stage = [
                    ("class", "stages single".into()),
                    ("data-testid", "stage".into()),
                    ("data-stage", scene.as_str().into()),
                ];
                html.line("p", &stage, "");
                self.what_line(html);
            }
        });
    }

    fn what_line(&self, html: &mut Html) {
        let what = [("class", "what".into()), ("data-testid", "what".into())];
        html.line("p", &what, &self.what());
    }

    /// In line → next → come in; nothing for who is not to come in.
    fn stages(&self, html: &mut Html, scene: Scene) {
        let all = [
            (Scene::InLine, Text::StageInLine),
            (Scene::Next, Text::StageNext),
            (Scene::ComeIn, Text::StageComeIn),
        ];
        let list = [
            ("class", "stages".into()),
            ("data-testid", "stage".into()),
            ("data-stage", scene.as_str().into()),
        ];
        if !self.comes() {
            html.line("p", &list, "");
            return;
        }
        html.element("ol", &list, |html| {
            for (step, text) in all {
                let is_now = step == scene;
                let item = [
                    ("class", is_now.then_some("is-now").into()),
                    ("aria-current", is_now.then_some("step").into()),
                ];
                html.line("li", &item, &self.voice.say(text));
            }
        });
    }

    /// What to look for on the wall, where it is not the name that everybody expects.
    fn on_wall(&self, html: &mut Html) {
        let said = self.visit.on_wall.as_deref();
        let said = said.map(|label| self.voice.say_with(Text::OnTheWall, &[("label", label)]));
        html.maybe("p", &[("class", "on-wall".into()), ("data-testid", "on-wall".into())], said);
    }

    /// "Why this time?", folded.
    fn why(&self, html: &mut Html) {
        let Some(own) = why::of_phone(self.visit) else { return };
        let said = match own {
            Own::Ahead(n) => self.voice.count(Text::Ahead, n),
            Own::AheadWith(n, person) => {
                self.voice.count_with(Text::AheadWith, n, &[("person", person)])
            }
            Own::With(person) => self.voice.say_with(Text::With, &[("person", person)]),
        };
        html.element(
            "details",
            &[("class", "why".into()), ("data-testid", "why".into())],
            |html| {
                html.line("summary", &[], &self.voice.say(Text::WhyThisTime));
                html.line("p", &[], &said);
            },
        );
    }
}
