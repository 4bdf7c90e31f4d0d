//! `sooner report`: how a shop's promises ended.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use sooner_server::report::{self, Days, Table};
use sooner_shared::ShopId;
use sooner_shared::report::{Date, Week};
use sooner_shared::words::Language;

/// Prints how a shop's promises ended, for its owner. A server may be using the folder.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The shop's short name.
    shop: String,
    /// The folder the log lies in.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Only promises made on this local day or later.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    from: Option<Date>,
    /// Only promises made on this local day or earlier.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    to: Option<Date>,
    /// Prints the figures as one JSON object: shares 0 to 1, durations in minutes.
    #[arg(long)]
    json: bool,
    /// Prints the letter of five lines of the last week before the log's last event.
    #[arg(long, conflicts_with_all = ["from", "to", "json"])]
    letter: bool,
    /// The letter of another week.
    #[arg(long, value_name = "YYYY-Www", value_parser = week, requires = "letter")]
    week: Option<Week>,
    /// The language of the letter, if not the shop's: en, es, ru, hu.
    #[arg(long, value_parser = language, requires = "letter")]
    lang: Option<Language>,
}

impl Report {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shop: ShopId =
            self.shop.parse().with_context(|| format!("{:?} is no shop name", self.shop))?;
        let days = Days { from: self.from, to: self.to };
        let text = if self.letter {
            report::read_letter(&self.data, &shop, self.week, self.lang).await?
        } else {
            let report = report::read(&self.data, &shop, days).await?;
            if self.json {
                serde_json::to_string(&report)? + "\n"
            } else {
                Table(&report).to_string()
            }
        };
        match io::stdout().lock().write_all(text.as_bytes()) {
            // `| head` has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "no such day; write it as 2026-06-01".to_owned())
}

fn week(text: &str) -> Result<Week, String> {
    text.parse().map_err(|_| "no such week; write it as 2026-W23".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    let tags: Vec<_> = Language::ALL.iter().map(|language| language.tag()).collect();
    Language::from_tag(text).ok_or_else(|| tags.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_weeks_are_read_or_refused() {
        assert_eq!(date("2026-06-01").ok(), Date::new(2026, 6, 1));
        for bad in ["", "yesterday", "2026-02-30", "01.06.2026", "2026-06-01T10:00"] {
            assert!(date(bad).is_err(), "{bad}");
        }
        assert_eq!(week("2026-W23").map(Week::monday).ok(), Date::new(2026, 6, 1));
        assert!(week("2026-W60").is_err());
        assert_eq!(language("hu"), Ok(Language::Hu));
        assert!(language("tlh").is_err());
    }
}
