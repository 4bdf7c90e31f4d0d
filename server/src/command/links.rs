//! The links a person needs to begin, as the program prints them.

use std::net::{IpAddr, SocketAddr, UdpSocket};

use sooner_server::http;
use sooner_server::shops::Registry;

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

/// The links of every shop, and a code for cameras.
pub(super) async fn print_links(
    shops: &Registry,
    base: &str,
    desk_link: bool,
) -> anyhow::Result<()> {
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
