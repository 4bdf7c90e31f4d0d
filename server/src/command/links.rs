//! The links a person needs to begin, as the program prints them.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use anyhow::anyhow;
use clap::Args;
use sooner_server::http;
use sooner_server::shops::Registry;
use sooner_shared::Maker;
use sooner_shared::access::Scope;

/// The address as a browser takes it. A server on all interfaces is best named by the one that
/// leads out of the machine: phones can reach that.
pub(super) fn reachable(address: SocketAddr, is_https: bool) -> String {
    let scheme = if is_https { "https" } else { "http" };
    if !address.ip().is_unspecified() {
        return format!("{scheme}://{address}");
    }
    let outward = || -> std::io::Result<IpAddr> {
        // Connecting a datagram socket sends nothing; it only chooses the interface.
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.connect("192.0.2.1:9")?;
        Ok(socket.local_addr()?.ip())
    };
    let ip = outward().unwrap_or(IpAddr::from([127, 0, 0, 1]));
    format!("{scheme}://{}", SocketAddr::new(ip, address.port()))
}

/// What is to be made beside the links that are always there.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct Wanted {
    /// Prints a link that makes one browser a desk. Without it only a shop that has no tablet yet
    /// gets one.
    #[arg(long)]
    pub(super) desk_link: bool,
    /// Makes a key for a program in each shop, with every scope, and prints it.
    #[arg(long)]
    pub(super) key: bool,
    /// Takes the owner's password away in each shop, for one who has lost the recovery code too, and
    /// prints a link that makes a new one.
    #[arg(long)]
    pub(super) reset_owner: bool,
}

/// The links of every shop, and a code for cameras.
pub(super) async fn print_links(
    shops: &Registry,
    base: &str,
    wanted: Wanted,
) -> anyhow::Result<()> {
    for id in shops.ids() {
        let Some(shop) = shops.get(&id) else { continue };
        println!();
        println!("  Lobby   {base}/{id}");
        let access = shop.access();
        if wanted.reset_owner {
            let reset = access.reset_owner().await;
            reset.map_err(|problem| anyhow!("{id} keeps its owner: {}", problem.title))?;
        }
        if wanted.desk_link || !access.has_tablet() {
            println!("  Desk    {base}/{id}/desk#pair={}", access.desk_pairing());
        } else {
            println!("  Desk    {base}/{id}/desk (--desk-link pairs one more browser)");
        }
        println!("  Join    {base}/{id}/join");
        if access.has_owner() {
            println!("  Owner   {base}/{id}/owner");
        } else {
            println!("  Owner   {base}/{id}/owner#code={}", access.first_run_code());
        }
        if wanted.key {
            let made = access.make_key("Program", Scope::ALL.to_vec(), Maker::Operator).await;
            let made = made.map_err(|problem| anyhow!("no key for {id}: {}", problem.title))?;
            println!("  Key     {}", made.key);
        }
        if let Some(code) = http::qr_for_terminal(&format!("{base}/{id}/join")) {
            println!("\n{code}\n");
        }
    }
    println!("Press Ctrl-C to stop.");
    Ok(())
}
