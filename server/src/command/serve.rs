//! `sooner serve`: the board.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use sooner_server::app::App;
use sooner_server::clock::Clock;
use sooner_server::shops::Registry;
use sooner_server::store::Store;
use sooner_server::{http, lifecycle, sample};
use tokio::net::TcpListener;

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
    /// Makes a sample shop when there is no shop yet.
    #[arg(long)]
    sample: bool,
    /// Prints a new link to each desk. Without it only a shop that never had one gets one; older
    /// links stay valid.
    #[arg(long)]
    desk_link: bool,
    /// The time zone of the sample shop.
    #[arg(long, default_value = "Europe/Budapest")]
    zone: String,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        // The port first: who cannot have it should not wait for the log.
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {} (is it in use?)", self.listen))?;
        let address = listener.local_addr()?;
        let store = Store::open(&self.data).await?;
        let shops = Registry::open(store.clone(), Clock::Real).await?;
        if shops.ids().is_empty() {
            if !self.sample {
                bail!("there is no shop in {} yet: --sample makes one", self.data.display());
            }
            sample::make(&shops, &self.zone).await?;
        }
        let base = self.public_url.clone().unwrap_or_else(|| reachable(address));
        print_links(&shops, base.trim_end_matches('/'), self.desk_link).await?;
        let mut app = App::new(shops, Clock::Real);
        app.public_url = self.public_url.map(|url| url.trim_end_matches('/').to_owned());
        let stop = app.stop.clone();
        let serving = tokio::spawn(lifecycle::serve(listener, app));
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

/// The address as a browser takes it. A server on all interfaces is best named by the one that
/// leads out of the machine: phones can reach that.
fn reachable(address: SocketAddr) -> String {
    if !address.ip().is_unspecified() {
        return format!("http://{address}");
    }
    let outward = || -> std::io::Result<IpAddr> {
        // Connecting a datagram socket sends nothing; it only chooses the interface.
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.connect("192.0.2.1:9")?;
        Ok(socket.local_addr()?.ip())
    };
    let ip = outward().unwrap_or(IpAddr::from([127, 0, 0, 1]));
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

async fn print_links(shops: &Registry, base: &str, desk_link: bool) -> anyhow::Result<()> {
    for id in shops.ids() {
        let Some(shop) = shops.get(&id) else { continue };
        println!();
        println!("  Lobby   {base}/{id}");
        if desk_link || !shop.secrets().has_desk_key() {
            let key = shops.issue_desk_key(&shop).await?;
            println!("  Desk    {base}/{id}/desk#key={key}");
        } else {
            println!("  Desk    by the link it has; --desk-link makes another");
        }
        println!("  Join    {base}/{id}/join");
        if let Some(code) = http::qr_for_terminal(&format!("{base}/{id}/join")) {
            println!("\n{code}\n");
        }
    }
    println!("Press Ctrl-C to stop.");
    Ok(())
}
