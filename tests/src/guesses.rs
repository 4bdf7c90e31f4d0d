//! Guesses of visit links over HTTP: whether one opens, and what the time of an answer tells.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What a guess has right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// Shop and number of a visit that is there.
    KnownVisit,
    /// The shop.
    UnknownVisit,
    /// Nothing.
    UnknownShop,
}

impl Guess {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::KnownVisit, Self::UnknownVisit, Self::UnknownShop];

    /// A link with a mac that nobody made. The texts are of equal length, so that only what the
    /// server does with them makes a difference.
    #[must_use]
    pub fn link(self, number: u64, visit: u32) -> String {
        let (shop, visit) = match self {
            Self::KnownVisit => ("salon", visit),
            Self::UnknownVisit => ("salon", 900_000_000 + number as u32 % 99_999_999),
            Self::UnknownShop => ("nolas", visit),
        };
        let mac = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        format!("{shop}.{visit:09}.{}", BASE64URL_NOPAD.encode(&mac.to_le_bytes()))
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub struct Guesser {
    sender: SendRequest<Empty<Bytes>>,
    host: String,
}

impl Guesser {
    /// Connects.
    ///
    /// # Panics
    /// When the server is not there.
    pub async fn connect(server: SocketAddr) -> Self {
        let stream = TcpStream::connect(server).await.expect("the server listens");
        stream.set_nodelay(true).expect("a socket of this machine");
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.expect("the server speaks HTTP");
        tokio::spawn(connection);
        Self { sender, host: server.to_string() }
    }

    /// Asks for the page of a link. Gives the answer's status and time.
    ///
    /// # Panics
    /// When the server goes away.
    pub async fn ask(&mut self, link: &str) -> (StatusCode, Duration) {
        let request = Request::get(format!("/api/visits/{link}"))
            .header(header::HOST, &self.host)
            .body(Empty::new())
            .expect("a link can be asked for");
        self.sender.ready().await.expect("the connection is kept");
        let started = Instant::now();
        let response = self.sender.send_request(request).await.expect("an answer");
        let status = response.status();
        response.into_body().collect().await.expect("the whole answer");
        (status, started.elapsed())
    }
}

/// The middle one, in microseconds.
#[must_use]
pub fn median_us(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sooner_server::links::VisitLink;

    #[test]
    fn guesses_have_the_form_of_links_and_one_length() {
        for number in [0, 1, 1_000_000] {
            let links = Guess::ALL.map(|guess| guess.link(number, 1));
            for link in &links {
                assert!(link.parse::<VisitLink>().is_ok(), "{link}");
                assert_eq!(link.len(), links[0].len());
            }
        }
    }
}
