//! `sooner events`: the log, as it is.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use sooner_server::store;
use sooner_shared::ShopId;

/// Prints the log as JSON lines, one event each, after checking its chain of checksums.
#[derive(Debug, Args)]
pub(super) struct Events {
    /// The folder the log lies in.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Only this shop.
    #[arg(long)]
    shop: Option<String>,
}

impl Events {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let shop: Option<ShopId> = match self.shop {
            Some(name) => Some(name.parse().with_context(|| format!("{name:?} is no shop name"))?),
            None => None,
        };
        let events = store::read_events(&self.data, shop.as_ref()).await?;
        let mut out = io::BufWriter::new(io::stdout().lock());
        for event in events {
            let written = serde_json::to_writer(&mut out, &event)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"));
            match written {
                // `| head` has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
                result => result?,
            }
        }
        out.flush().or_else(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Ok(()),
            _ => Err(error.into()),
        })
    }
}
