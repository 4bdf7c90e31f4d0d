//! `sooner report`: how a shop's promises ended.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use sooner_server::report::{self, Days};
use sooner_shared::ShopId;

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
    from: Option<NaiveDate>,
    /// Only promises made on this local day or earlier.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    to: Option<NaiveDate>,
    /// Prints the figures as one JSON object: shares 0 to 1, durations in minutes.
    #[arg(long)]
    json: bool,
}

impl Report {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shop: ShopId =
            self.shop.parse().with_context(|| format!("{:?} is no shop name", self.shop))?;
        let days = Days { from: self.from, to: self.to };
        let report = report::read(&self.data, &shop, days).await?;
        let text =
            if self.json { serde_json::to_string(&report)? + "\n" } else { report.to_string() };
        match io::stdout().lock().write_all(text.as_bytes()) {
            // `| head` has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        }
    }
}

fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| "no such day; write it as 2026-06-01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_or_refused() {
        assert_eq!(date("2026-06-01").ok(), NaiveDate::from_ymd_opt(2026, 6, 1));
        for bad in ["", "yesterday", "2026-02-30", "01.06.2026", "2026-06-01T10:00"] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }
}
