//! `sooner shop`: a shop's set-up, from a file and to one.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use sooner_server::clock::Clock;
use sooner_server::setup::{self, Faults, Imported, SetUp};
use sooner_server::store::{Store, StoreError};
use sooner_shared::ShopId;

/// What is done with a shop's file.
#[derive(Debug, Subcommand)]
pub(super) enum Shop {
    /// Makes the shop of a TOML file, or changes it, while no server works on the folder.
    Import(Import),
    /// Writes a shop as a TOML file.
    Export(Export),
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file.
    file: PathBuf,
    /// The folder for the log; made when there is none.
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The shop's short name.
    shop: String,
    /// The folder the log lies in.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Where to write it; to the terminal when nothing is said.
    #[arg(long)]
    out: Option<PathBuf>,
}

impl Shop {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Import(import) => import.run().await,
            Self::Export(export) => export.run().await,
        }
    }
}

impl Import {
    async fn run(self) -> anyhow::Result<()> {
        let file =
            fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let set_up = match SetUp::read(&file) {
            Ok(set_up) => set_up,
            Err(faults) => {
                tell(&self.file, &faults);
                bail!("{} has a fault; nothing was changed", self.file.display());
            }
        };
        let shop = set_up.shop().clone();
        let (services, people) = (set_up.services(), set_up.staff_names().len());
        let store = open(&self.data, &shop).await?;
        let imported = setup::import(&store, set_up, Clock::Real.now())
            .await
            .with_context(|| format!("the shop {shop} was not changed"))?;
        match imported {
            Imported::Made => {
                println!("Made the shop {shop}. Services: {services}, people: {people}.");
            }
            Imported::Changed { seq } => {
                println!(
                    "Changed the shop {shop} with event {seq}. \
                     Services: {services}, people: {people}."
                );
            }
            Imported::Same => println!("The shop {shop} is set up like that already."),
        }
        Ok(())
    }
}

impl Export {
    async fn run(self) -> anyhow::Result<()> {
        let shop: ShopId =
            self.shop.parse().with_context(|| format!("{:?} is no shop name", self.shop))?;
        // Opening would make a folder that is not there.
        if !self.data.exists() {
            return Err(StoreError::NoLog(self.data).into());
        }
        let store = open(&self.data, &shop).await?;
        let Some(set_up) = setup::export(&store, shop.clone()).await? else {
            bail!("there is no shop {shop} in {}", self.data.display());
        };
        let text = set_up.to_toml();
        match self.out {
            Some(out) => {
                fs::write(&out, text).with_context(|| format!("cannot write {}", out.display()))?;
                println!("Wrote the shop {shop} to {}.", out.display());
            }
            None => io::stdout().lock().write_all(text.as_bytes())?,
        }
        Ok(())
    }
}

/// The store, for this program alone.
async fn open(data: &Path, shop: &ShopId) -> anyhow::Result<Store> {
    Store::open(data).await.map_err(|error| match error {
        StoreError::InUse(_) => anyhow!(
            "a server is using the folder {}; ask it instead, with a key that has the scope set_up: \
             /api/shops/{shop}/set-up (GET, PUT)",
            data.display()
        ),
        error => error.into(),
    })
}

/// Every fault on a line that begins with its place, as compilers tell them.
fn tell(file: &Path, faults: &Faults) {
    for fault in faults.as_slice() {
        eprintln!("{}:{fault}", file.display());
    }
}
