//! `sooner serve`: the board.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use ipnet::IpNet;
use sooner_server::app::{App, Bounds};
use sooner_server::clock::Clock;
use sooner_server::limits::Limits;
use sooner_server::reach::{Reach, network};
use sooner_server::shops::Registry;
use sooner_server::store::Store;
use sooner_server::{http, lifecycle, sample};
use tokio::net::TcpListener;

use super::https::{Certificate, Https};
use super::links::{Wanted, print_links, reachable};

/// Runs the board over the shops in a folder.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The folder for the log; made when there is none.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Where to listen. `0.0.0.0:8080` lets phones in the shop's network in.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where people reach the server, when that is not where it listens: `https://wait.example`.
    #[arg(long)]
    public_url: Option<String>,
    /// Makes a sample shop when there is no shop yet, instead of one that its owner sets up.
    #[arg(long)]
    sample: bool,
    #[command(flatten)]
    wanted: Wanted,
    /// How many may join in a minute from one address.
    #[arg(long, default_value_t = Limits::default().joins)]
    joins_per_minute: u32,
    /// A site that may show the pages inside of its own: `https://salon.example`. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    embed_in: Vec<String>,
    /// The time zone of a shop that is made.
    #[arg(long, default_value = "Europe/Budapest")]
    zone: String,
    /// A proxy, or a network of proxies (`10.0.0.0/8`), that is believed when it says by
    /// `X-Forwarded-For` and `X-Forwarded-Proto` who asks, and how. May be given several times.
    #[arg(long, value_name = "CIDR", value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// Connections at once from one address, or one /64 of IPv6. Trusted proxies have no such bound.
    #[arg(long, value_name = "N", default_value_t = Bounds::default().connections_per_address)]
    connections_per_address: usize,
    /// A second port with nothing but the wall for old TVs (`/SHOP/tv`), in plain text: they know no
    /// authority that signs certificates today. For a server with TLS whose public address is known;
    /// keep the port within the shop's own network.
    #[arg(long, value_name = "ADDRESS")]
    plain_tv: Option<SocketAddr>,
    #[command(flatten)]
    https: Https,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let name = self.https.names().first().map(|name| format!("https://{name}"));
        let mut reach = Reach::new(self.public_url.or(name).as_deref())
            .context("--public-url")?
            .behind(self.trusted_proxy)
            .named(self.https.names());
        let certificate = self.https.certificate(&self.data).context("no TLS")?;
        if let Some(certificate) = &certificate {
            if let Some(name) = certificate.unreachable(&reach) {
                let host =
                    name.strip_prefix("*.").map_or(name.clone(), |end| format!("NAME.{end}"));
                bail!(
                    "the certificate in --tls-cert is for {name}, and nobody would be answered \
                     under that name: say --public-url https://{host}"
                );
            }
            reach = reach.with_tls();
        }
        if self.plain_tv.is_some()
            && !reach.public_url().is_some_and(|url| url.starts_with("https:"))
        {
            // The code on the TV leads phones to the other pages, which are not on its port.
            bail!("--plain-tv needs a --public-url, or an --acme-domain, that begins with https");
        }
        // The port first: who cannot have it should not wait for the log.
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {} (is it in use?)", self.listen))?;
        let address = listener.local_addr()?;
        let for_tvs =
            match self.plain_tv {
                None => None,
                Some(listen) => Some(TcpListener::bind(listen).await.with_context(|| {
                    format!("cannot listen on {listen} for TVs (is it in use?)")
                })?),
            };
        let store = Store::open(&self.data).await?;
        let shops = Registry::open(store.clone(), Clock::Real).await?;
        if shops.ids().is_empty() {
            if self.sample {
                sample::make(&shops, &self.zone).await?;
            } else {
                shops.create(sample::fresh(&self.zone)).await?;
            }
        }
        let base = reach.public_url().map(str::to_owned);
        let base = base.unwrap_or_else(|| reachable(address, certificate.is_some()));
        let mut app = App::new(shops.clone(), Clock::Real);
        app.reach = reach;
        app.bounds.connections_per_address = self.connections_per_address;
        app.limits.joins = self.joins_per_minute;
        app.frame_ancestors = self.embed_in;
        let stop = app.stop.clone();
        // In development pages change, and a server lives for seconds.
        if !cfg!(debug_assertions) {
            drop(http::compress_ahead());
        }
        let for_tvs = for_tvs.map(|listener| (listener, app.clone()));
        let serving = match certificate {
            None => tokio::spawn(lifecycle::serve(listener, app)),
            Some(Certificate { tls, keeper }) => {
                // Before anything is printed: who has read a line may say by SIGHUP that there is a
                // new certificate, and that must not end the process.
                keeper.begin(stop.clone())?;
                tokio::spawn(lifecycle::serve_tls(listener, tls, app))
            }
        };
        if let Some((listener, app)) = for_tvs {
            println!("TVs {}", reachable(listener.local_addr()?, false));
            tokio::spawn(lifecycle::serve_tv(listener, app));
        }
        // Whoever reads them may come, and renew certificates, at once.
        print_links(&shops, &base, self.wanted).await?;
        tokio::select! {
            result = lifecycle::asked_to_stop() => result?,
            () = store.stopped() => bail!("the store stopped by itself"),
        }
        println!("Going down.");
        stop.cancel();
        serving.await?;
        Ok(())
    }
}
