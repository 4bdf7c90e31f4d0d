//! The letter of five lines that says how a week went.

use serde::{Deserialize, Serialize};

use super::{Broken, CELL_FROM, Padding, Reason, Report, Week, Worst};
use crate::words::{Text, Words};

/// The share of people that should hear of a later time in good time.
const TOLD_GOAL: f64 = 0.8;
/// So many have to hear of a later time before anything is said of when.
const TOLD_FROM: u32 = 5;
/// So many broken promises of one reason or two hours stand out.
const STANDS_OUT: u32 = 3;
/// And such a part of all.
const STANDS_OUT_PART: u32 = 3;
/// One in so many who left before their minute is worth a line.
const LEFT_PART: u32 = 10;

/// What the letter of a week says: the figures of `GET /api/shops/{shop}/letter?week=2026-W23`,
/// which answers with its lines as plain text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// The name over the shop's door.
    pub name: String,
    /// Which week.
    pub week: Week,
    /// First promises kept.
    pub kept: u32,
    /// Of so many kept or broken.
    pub of: u32,
    /// The share to keep, 0 to 1.
    pub goal: f64,
    /// Median minutes by which the kept ones were early.
    pub early_min: Option<f64>,
    /// Visits that were told a later time.
    pub told_later: u32,
    /// Of them, at least 15 minutes ahead.
    pub told_15: u32,
    /// First promises that broke.
    pub broken: u32,
    /// Of them, made good.
    pub made_good: u32,
    /// What could be done.
    pub advice: Advice,
}

/// One suggestion that follows from the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Too few promises to suggest anything.
    TooFew,
    /// So many broken promises are not made good yet.
    MakeGood(u32),
    /// Many broke in the same two hours.
    Where(Worst),
    /// So many broke because work took long.
    RanLong(u32),
    /// Later times come too late.
    TellSooner,
    /// So many left before their minute.
    LeftBefore(u32),
    /// More is kept than was asked for.
    TimesGetEarlier,
    /// Less is.
    TimesGetLater,
    /// Nothing stands out.
    Nothing,
}

impl Advice {
    fn of(report: &Report, (told, told_15): (u32, u32)) -> Self {
        let (headline, broken) = (&report.headline, &report.broken);
        let owed = broken.count - broken.made_good.min(broken.count);
        let stands_out =
            |count: u32| count >= STANDS_OUT && count * STANDS_OUT_PART >= broken.count;
        let padding = report.kinds.iter().find_map(|kind| kind.warning).map(|one| one.padding);
        let left = headline.outcomes.left_before;
        if owed > 0 {
            Self::MakeGood(owed)
        } else if headline.share.count < CELL_FROM {
            Self::TooFew
        } else if let Some(worst) = broken.worst.filter(|worst| stands_out(worst.count)) {
            Self::Where(worst)
        } else if let Some(long) = ran_long(broken).filter(|&count| stands_out(count)) {
            Self::RanLong(long)
        } else if told >= TOLD_FROM && f64::from(told_15) < TOLD_GOAL * f64::from(told) {
            Self::TellSooner
        } else if left > 0 && left * LEFT_PART >= headline.outcomes.made {
            Self::LeftBefore(left)
        } else {
            match padding {
                Some(Padding::TooLarge) => Self::TimesGetEarlier,
                Some(Padding::TooSmall) => Self::TimesGetLater,
                None => Self::Nothing,
            }
        }
    }
}

fn ran_long(broken: &Broken) -> Option<u32> {
    let is_long = |reason| matches!(reason, Reason::RanLong | Reason::Work);
    let count = broken.reasons.iter().filter(|one| is_long(one.reason)).map(|one| one.count).sum();
    (count > 0).then_some(count)
}

impl Letter {
    /// The letter of the week that a report is of.
    #[must_use]
    pub fn of(report: &Report, week: Week) -> Self {
        let told = report.kinds.iter().map(|kind| kind.later.visits).sum();
        let told_15 = report.kinds.iter().map(|kind| kind.later.lead_15).sum();
        Self {
            name: report.name.clone(),
            week,
            kept: report.headline.share.kept,
            of: report.headline.share.count,
            goal: report.goal,
            early_min: report.headline.early_median_min,
            told_later: told,
            told_15,
            broken: report.broken.count,
            made_good: report.broken.made_good,
            advice: Advice::of(report, (told, told_15)),
        }
    }

    /// Its five lines.
    #[must_use]
    pub fn lines(&self, words: &Words) -> [String; 5] {
        [
            self.kept(words),
            self.early(words),
            self.told(words),
            self.broke(words),
            self.advise(words),
        ]
    }

    /// The whole of it: the shop, the week, and its lines.
    #[must_use]
    pub fn text(&self, words: &Words) -> String {
        let mut text = format!("{}, {}\n\n", self.name, self.week);
        for line in self.lines(words) {
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    fn kept(&self, words: &Words) -> String {
        if self.of == 0 {
            return words.say(Text::LetterNone, &[]);
        }
        let share = words.percent(f64::from(self.kept) / f64::from(self.of));
        let (kept, of) = (self.kept.to_string(), self.of.to_string());
        let with =
            [("kept", &*kept), ("of", &of), ("share", &share), ("goal", &words.percent(self.goal))];
        words.say(Text::LetterKept, &with)
    }

    fn early(&self, words: &Words) -> String {
        match self.early_min.map(|min| min.floor() as i64) {
            Some(min) if min > 0 => words.say(Text::LetterEarly, &[("n", &min.to_string())]),
            Some(_) => words.say(Text::LetterOnTime, &[]),
            None => words.say(Text::LetterEarlyNone, &[]),
        }
    }

    fn told(&self, words: &Words) -> String {
        if self.told_later == 0 {
            return words.say(Text::LetterToldNone, &[]);
        }
        let (told, ahead) = (self.told_later.to_string(), self.told_15.to_string());
        words.say(Text::LetterTold, &[("n", &told), ("ahead", &ahead)])
    }

    fn broke(&self, words: &Words) -> String {
        if self.broken == 0 {
            return words.say(Text::LetterBrokeNone, &[]);
        }
        let owed = self.broken - self.made_good.min(self.broken);
        let [broken, good, owed] = [self.broken, self.made_good, owed].map(|n| n.to_string());
        words.say(Text::LetterBroke, &[("n", &broken), ("good", &good), ("owed", &owed)])
    }

    fn advise(&self, words: &Words) -> String {
        let of = self.broken.to_string();
        match self.advice {
            Advice::TooFew => words.say(Text::AdviceTooFew, &[]),
            Advice::MakeGood(n) => words.count(Text::AdviceMakeGood, n, &[]),
            Advice::Where(Worst { weekday, from_hour, count }) => {
                let day = words.weekday(weekday);
                let hours = [from_hour, from_hour + 2].map(|hour| format!("{hour:02}:00"));
                let [from, to] = &hours;
                let n = count.to_string();
                let with = [("day", day), ("from", from), ("to", to), ("n", &*n), ("of", &of)];
                words.say(Text::AdviceWhere, &with)
            }
            Advice::RanLong(n) => {
                words.say(Text::AdviceRanLong, &[("n", &n.to_string()), ("of", &of)])
            }
            Advice::TellSooner => words.say(Text::AdviceTellSooner, &[]),
            Advice::LeftBefore(n) => words.count(Text::AdviceLeftBefore, n, &[]),
            Advice::TimesGetEarlier => words.say(Text::AdviceTimesGetEarlier, &[]),
            Advice::TimesGetLater => words.say(Text::AdviceTimesGetLater, &[]),
            Advice::Nothing => words.say(Text::AdviceNothing, &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn letter() -> Letter {
        Letter {
            name: "Corner Salon".to_owned(),
            week: "2026-W23".parse().expect("a week"),
            kept: 212,
            of: 220,
            goal: 0.95,
            early_min: Some(7.4),
            told_later: 6,
            told_15: 5,
            broken: 8,
            made_good: 8,
            advice: Advice::Where(Worst { weekday: 5, from_hour: 10, count: 4 }),
        }
    }

    #[test]
    fn a_letter_has_five_lines_in_every_language() {
        let expected: [(Language, [&str; 5]); 4] = [
            (
                Language::En,
                [
                    "212 of 220 promises kept: 96.4 %. Goal: 95 %.",
                    "Typically 7 min earlier than promised.",
                    "Told a later time: 6. At least 15 min ahead: 5.",
                    "Broke: 8. Made good: 8. Still to do: 0.",
                    "Most broke: Sat 10:00–12:00, 4 of 8. One more person then would help.",
                ],
            ),
            (
                Language::Es,
                [
                    "Promesas cumplidas: 212 de 220, 96,4 %. Objetivo: 95 %.",
                    "Lo habitual: 7 min antes de lo prometido.",
                    "Avisos de una hora posterior: 6. Con 15 min o más de antelación: 5.",
                    "Incumplidas: 8. Compensadas: 8. Pendientes: 0.",
                    "Donde más falló: sábado 10:00–12:00, 4 de 8. Ayudaría una persona más en ese rato.",
                ],
            ),
            (
                Language::Ru,
                [
                    "Выполнено обещаний: 212 из 220, 96,4 %. Цель: 95 %.",
                    "Обычно на 7 мин раньше обещанного.",
                    "Сообщили о более позднем времени: 6. Не менее чем за 15 мин: 5.",
                    "Не выполнено: 8. Исправлено: 8. Осталось: 0.",
                    "Чаще всего не успевали: сб 10:00–12:00, 4 из 8. В это время поможет ещё один человек.",
                ],
            ),
            (
                Language::Hu,
                [
                    "Betartott ígéretek: 212 / 220, ez 96,4 %. Cél: 95 %.",
                    "Jellemzően 7 perccel az ígértnél korábban.",
                    "Későbbi időpontot kapott: 6. Legalább 15 perccel előtte: 5.",
                    "Nem sikerült: 8. Jóvátéve: 8. Hátravan: 0.",
                    "A legtöbb nem sikerült: szombat 10:00–12:00, 4 / 8. Ilyenkor még egy ember segítene.",
                ],
            ),
        ];
        for (language, lines) in expected {
            // Before a percent sign stands a space at which no line ends.
            let said = letter().lines(Words::of(language)).map(|line| line.replace('\u{a0}', " "));
            assert_eq!(said, lines, "{language}");
        }
    }

    #[test]
    fn a_week_without_anything_says_so_and_never_says_minutes_of_nothing() {
        let quiet = Letter {
            kept: 0,
            of: 0,
            early_min: None,
            told_later: 0,
            broken: 0,
            made_good: 0,
            advice: Advice::TooFew,
            ..letter()
        };
        let on_time = Letter { early_min: Some(0.4), ..letter() };
        for &language in Language::ALL {
            let words = Words::of(language);
            let lines = quiet.lines(words);
            assert!(lines.iter().all(|line| !line.is_empty() && !line.contains('{')), "{lines:?}");
            assert!(!on_time.lines(words)[1].contains('0'), "{language}");
        }
    }

    #[test]
    fn every_suggestion_is_a_sentence_in_every_language() {
        let worst = Worst { weekday: 0, from_hour: 8, count: 3 };
        for advice in [
            Advice::TooFew,
            Advice::MakeGood(1),
            Advice::MakeGood(2),
            Advice::Where(worst),
            Advice::RanLong(3),
            Advice::TellSooner,
            Advice::LeftBefore(5),
            Advice::TimesGetEarlier,
            Advice::TimesGetLater,
            Advice::Nothing,
        ] {
            for &language in Language::ALL {
                let line = Letter { advice, ..letter() }.advise(Words::of(language));
                assert!(
                    line.ends_with('.') && !line.contains('{'),
                    "{language} {advice:?}: {line}"
                );
            }
        }
    }
}
