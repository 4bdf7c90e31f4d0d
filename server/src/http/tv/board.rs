//! The block: who goes where now, who comes next, what a newcomer gets.

use sooner_shared::screen::doors::{Standing, takes_people};
use sooner_shared::screen::lobby::{Rows, fit};
use sooner_shared::screen::tags::{self, Tag};
use sooner_shared::view::{Board, Doors, LobbyCard, ServiceInfo};
use sooner_shared::words::{Direction, Text, Voice, promise};
use sooner_shared::{ShopId, Timestamp, VisitId};

use super::html::Html;

/// Most services a newcomer's time is shown for.
const MOST_QUOTES: usize = 4;

/// Names of services of so many letters stand large, where there are no more than two.
const SHORT_NAME: usize = 12;

/// From so many letters on they are smaller than those of others.
const LONG_NAME: usize = 20;

/// Most of those who have something to collect.
const MOST_READY: usize = 6;

/// What is around the block.
pub(super) struct Frame<'a> {
    /// Whose.
    pub(super) shop: &'a ShopId,
    /// Where people join.
    pub(super) join: &'a str,
    /// The page with another one is loaded anew.
    pub(super) version: &'a str,
}

struct Writer<'a> {
    board: &'a Board<LobbyCard>,
    voice: &'a Voice<'a>,
    rows: Rows,
    html: Html,
}

/// Writes the block.
pub(super) fn write(
    board: &Board<LobbyCard>,
    voice: &Voice<'_>,
    now: Timestamp,
    frame: &Frame<'_>,
) -> Html {
    let mut writer = Writer { board, voice, rows: Rows::of(board), html: Html::default() };
    let stale = format!("{} {}", voice.say_at(Text::TimesAsOf, now), voice.say(Text::LobbyAskUs));
    writer
        .html
        .raw("<div class=\"block\" data-version=\"")
        .text(frame.version)
        .raw("\" data-at=\"")
        .text(&now.0.to_string())
        .raw("\" data-stale=\"")
        .text(&stale)
        .raw("\">\n");
    writer.top(now);
    writer.html.raw("<table class=\"middle\" role=\"presentation\"><tr>\n");
    writer.now();
    writer.next();
    writer.html.raw("</tr></table>\n");
    writer.below(now, frame);
    writer.html.raw("</div>");
    writer.html
}

impl Writer<'_> {
    /// The shop, until when it is open, the clock.
    fn top(&mut self, now: Timestamp) {
        self.html
            .raw("<table class=\"top\" role=\"presentation\"><tr><td class=\"shop\"><h1><bdi>")
            .text(&self.board.head.name)
            .raw("</bdi></h1></td><td class=\"open\" data-testid=\"open-until\">");
        if let Doors::Open { until: Some(until) } | Doors::Full { until: Some(until), .. } =
            self.board.head.doors
        {
            self.html.text(&self.voice.say_at(Text::OpenUntil, until));
        }
        self.html.raw("</td><td class=\"clock\" data-testid=\"clock\">");
        self.clock(now);
        self.html.raw("</td></tr></table>\n");
    }

    fn now(&mut self) {
        let parts = self.rows.now.len() + usize::from(!self.rows.ready.is_empty());
        self.html.raw("<td class=\"now\" data-testid=\"now\" data-parts=\"");
        self.html.text(&parts.to_string()).raw("\"><h2>");
        self.html.text(&self.voice.say(Text::LobbyNow)).raw("</h2>\n");
        for (visit, _) in self.rows.now.clone() {
            self.call(visit);
        }
        let is_open = Standing::of(&self.board.head).has_times();
        if self.rows.is_empty() && is_open {
            self.html.raw("<p class=\"nobody\">");
            self.html.text(&self.voice.say(Text::LobbyNobodyWaiting)).raw("</p>\n");
        }
        self.ready();
        self.html.raw("</td>\n");
    }

    fn call(&mut self, visit: VisitId) {
        let Some(card) = self.board.cards.get(&visit) else {
            return;
        };
        self.html.raw("<div class=\"call\"");
        self.mark("now", visit);
        self.html.raw("><div class=\"name\"");
        self.fit(&card.label);
        self.html.raw("><bdi>").text(&card.label).raw("</bdi></div>");
        if let Some(person) = card.staff.and_then(|id| self.board.head.person(id)) {
            let arrow = self.arrow();
            self.html.raw("<div class=\"place\">").raw(arrow).raw(" <bdi>");
            self.html.text(&person.place).raw("</bdi></div>");
        }
        self.html.raw("</div>\n");
    }

    fn arrow(&self) -> &'static str {
        match self.voice.words.direction() {
            Direction::Ltr => "→",
            Direction::Rtl => "←",
        }
    }

    fn ready(&mut self) {
        if self.rows.ready.is_empty() {
            return;
        }
        self.html.raw("<div class=\"ready\" data-testid=\"ready\"><h3>");
        self.html.text(&self.voice.say(Text::ReadyToCollect)).raw("</h3><p>");
        for (n, visit) in self.rows.ready.clone().into_iter().take(MOST_READY).enumerate() {
            if n > 0 {
                self.html.raw(" · ");
            }
            self.html.raw("<span");
            self.mark("ready", visit);
            let label = self.label(visit);
            self.html.raw("><bdi>").text(&label).raw("</bdi></span>");
        }
        self.html.raw("</p></div>\n");
    }

    fn next(&mut self) {
        self.html.raw("<td class=\"next\" data-testid=\"next\"><h2>");
        self.html.text(&self.voice.say(Text::LobbyNext)).raw(" <span class=\"more\">");
        if self.rows.more > 0 {
            self.html.text(&self.voice.count(Text::LobbyMore, self.rows.more as u32));
        }
        self.html.raw("</span></h2>\n<table class=\"rows\" role=\"presentation\">\n");
        for visit in self.rows.next.clone() {
            self.next_row(visit);
        }
        self.html.raw("</table></td>\n");
    }

    fn next_row(&mut self, visit: VisitId) {
        let Some(card) = self.board.cards.get(&visit) else {
            return;
        };
        let why: Vec<_> =
            tags::of_lobby(card).into_iter().filter_map(|tag| self.tag(&tag)).collect();
        self.html.raw("<tr");
        self.mark("next", visit);
        self.html.raw("><td class=\"who\"><div class=\"name\"");
        self.fit(&card.label);
        self.html.raw("><bdi>").text(&card.label).raw("</bdi></div>");
        if !why.is_empty() {
            self.html.raw("<div class=\"tag\">").text(&why.join(" · ")).raw("</div>");
        }
        self.html.raw("</td><td class=\"by\">");
        if let Some(by) = card.by {
            self.clock(by);
        }
        self.html.raw("</td></tr>\n");
    }

    fn tag(&self, tag: &Tag) -> Option<String> {
        match tag {
            Tag::Booked { at, .. } => Some(self.voice.say_bare(Text::TagBooked, *at)),
            Tag::GoesFirst => Some(self.voice.say(Text::TagGoesFirst)),
            Tag::With(staff) => {
                let name = &self.board.head.person(*staff)?.name;
                Some(self.voice.say_with(Text::With, &[("person", name)]))
            }
            _ => None,
        }
    }

    fn below(&mut self, now: Timestamp, frame: &Frame<'_>) {
        let standing = Standing::of(&self.board.head);
        self.html.raw("<table class=\"below\" role=\"presentation\"><tbody class=\"below-all\">");
        self.html.raw("<tr class=\"below-row\"><td class=\"newcomer\" data-testid=\"newcomer\">\n");
        if standing.has_times() {
            self.quotes();
        } else {
            self.standing(standing);
        }
        self.html.raw("</td>");
        if takes_people(&self.board.head) {
            self.html.raw("<td class=\"scan\" data-testid=\"join-in\">");
            self.html.text(&self.voice.say(Text::LobbyScan)).raw("<div class=\"address\">");
            let short = frame.join.split_once("://").map_or(frame.join, |(_, rest)| rest);
            let address = self.voice.say_with(Text::TvAddress, &[("address", short)]);
            self.html.text(&address).raw("</div></td><td class=\"code\">");
            self.html.raw("<img class=\"qr\" alt=\"\" src=\"/").text(frame.shop.as_str());
            self.html.raw("/tv/qr.svg\"></td>");
        }
        self.html.raw("</tr></tbody></table>\n<table class=\"foot\" role=\"presentation\"><tr>");
        self.html.raw("<td class=\"kept\" data-testid=\"kept\">");
        if let Some(share) = self.board.head.kept_week {
            let (kept, of) = (share.kept.to_string(), share.of.to_string());
            let said = self.voice.say_with(Text::LobbyKept, &[("kept", &kept), ("of", &of)]);
            self.html.text(&said);
        }
        self.html.raw("</td><td class=\"confirmed\" data-testid=\"confirmed\">");
        self.html.text(&self.voice.say_at(Text::LastConfirmed, now)).raw("</td></tr></table>\n");
    }

    fn quotes(&mut self) {
        self.html.raw("<h2>").text(&self.voice.say(Text::LobbyNewcomer)).raw("</h2>\n");
        let shown = self.board.head.services.len().min(MOST_QUOTES);
        let services = &self.board.head.services[..shown];
        let longest = services.iter().map(|service| service.name.chars().count()).max();
        self.html.raw(match longest.unwrap_or_default() {
            LONG_NAME.. => "<table class=\"quotes many tight\"",
            length if shown > 2 || length > SHORT_NAME => "<table class=\"quotes many\"",
            _ => "<table class=\"quotes\"",
        });
        self.html.raw(" role=\"presentation\">\n");
        for service in services {
            self.quote(service);
        }
        self.html.raw("</table>\n");
    }

    fn quote(&mut self, service: &ServiceInfo) {
        let quote = self.board.head.quoted(service.id, None);
        self.html.raw("<tr data-testid=\"quote-").text(&service.id.to_string());
        self.html.raw("\"><td class=\"service\"><bdi>").text(&service.name).raw("</bdi></td><td>");
        match (quote.and_then(|q| q.by), quote.and_then(|q| q.from)) {
            (Some(by), _) => {
                self.html.text(&self.voice.say(promise::word(service.promise))).raw(" ");
                self.clock(by);
            }
            (None, Some(from)) => {
                self.html.text(&self.voice.say_at(Text::FromTime, from));
            }
            (None, None) => {
                self.html.text(&self.voice.say(Text::NoTimeYet));
            }
        }
        if let Some(more) = quote.and_then(|q| q.more).filter(|n| *n > 0) {
            self.html.raw(" <span class=\"left\">· ");
            self.html.text(&self.voice.count(Text::MoreToday, u32::from(more))).raw("</span>");
        }
        self.html.raw("</td></tr>\n");
    }

    fn standing(&mut self, standing: Standing) {
        let opens = |at: Option<Timestamp>| {
            at.map(|at| self.voice.say_bare(Text::OpensAt, at)).unwrap_or_default()
        };
        let (what, instead) = match standing {
            Standing::Open => return,
            Standing::Closed { opens_at } => (
                format!("{} {}", self.voice.say(Text::ClosedNow), opens(opens_at)),
                Text::ClosedInstead,
            ),
            Standing::Full { opens_at } => (
                format!("{} {}", self.voice.say(Text::FullToday), opens(opens_at)),
                Text::FullInstead,
            ),
            Standing::Nobody { until } => (
                match until {
                    Some(at) => self.voice.say_at(Text::NobodyUntil, at),
                    None => self.voice.say(Text::NobodyServing),
                },
                Text::LeaveYourName,
            ),
            Standing::Silent { since } => {
                (self.voice.say_at(Text::TrueAt, since), Text::LobbyAskUs)
            }
        };
        self.html.raw("<p class=\"standing\" data-testid=\"standing\" data-standing=\"");
        self.html.raw(standing.as_str()).raw("\">").text(&what).raw("</p>\n<p class=\"instead\">");
        self.html.text(&self.voice.say(instead)).raw("</p>\n");
    }

    /// A clock time as a figure, its day and its "AM" smaller.
    fn clock(&mut self, at: Timestamp) {
        let parts = self.voice.clock_parts(at, Text::DayTime);
        self.html.raw("<time class=\"time\" data-ms=\"").text(&at.0.to_string()).raw("\">");
        self.html.raw("<span class=\"period\">").text(&parts.before).raw("</span>");
        self.html.text(&parts.figure).raw("<span class=\"period\">").text(&parts.after);
        self.html.raw("</span></time>");
    }

    /// What tests find an element by.
    fn mark(&mut self, what: &'static str, visit: VisitId) {
        self.html.raw(" data-testid=\"").raw(what).raw("-").text(&visit.to_string()).raw("\"");
    }

    fn fit(&mut self, label: &str) {
        self.html.raw(" data-fit=\"").raw(fit(label)).raw("\"");
    }

    fn label(&self, visit: VisitId) -> String {
        self.board.cards.get(&visit).map(|card| card.label.clone()).unwrap_or_default()
    }
}
