//! The accept loop, and going down in order.

mod read_in_time;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::{HttpService, Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::http;
use crate::peer::{Peer, limit_key};
use crate::tls::{Greeting, Tls, plain};
use read_in_time::ReadInTime;

/// A request's head must be there by then; so must the next one on a kept connection, and before
/// the first one the handshake of TLS.
const HEADER_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of a request's head at most.
const HEADER_MAX_BYTES: usize = 16 * 1024;
/// How long connections may take to end when the server goes down.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);
/// Pause when the system has no descriptor left, so that the loop does not spin.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Serves in plain text until `app.stop` is cancelled, then lets connections end.
pub async fn serve(listener: TcpListener, app: App) {
    accept(listener, None, http::router(app.clone()), app).await;
}

/// Serves nothing but the wall for old TVs, in plain text, until `app.stop` is cancelled, then lets
/// connections end.
pub async fn serve_tv(listener: TcpListener, app: App) {
    accept(listener, None, http::tv_router(app.clone()), app).await;
}

/// Serves over TLS until `app.stop` is cancelled, then lets connections end. Requests in plain text
/// are sent to the same address with `https`.
pub async fn serve_tls(listener: TcpListener, tls: Tls, app: App) {
    accept(listener, Some(tls), http::router(app.clone()), app).await;
}

async fn accept(listener: TcpListener, tls: Option<Tls>, router: Router, app: App) {
    let free = Arc::new(Semaphore::new(app.bounds.connections));
    let per_address = PerAddress::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = app.stop.cancelled() => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(AFTER_REFUSAL).await;
                continue;
            }
        };
        // Over a bound the connection is closed at once: no task, no memory.
        let Ok(permit) = Arc::clone(&free).try_acquire_owned() else {
            continue;
        };
        // Everybody comes from a proxy's address, so that its bound would be one for all of them
        // together; who is behind it is bounded by it.
        let counted = if app.reach.trusts(address.ip()) {
            None
        } else {
            match per_address.count(address.ip(), app.bounds.connections_per_address) {
                Some(counted) => Some(counted),
                None => continue,
            }
        };
        let connection = connection(stream, address.ip(), tls.clone(), router.clone(), app.clone());
        app.tracker.spawn(async move {
            connection.await;
            drop((permit, counted));
        });
    }
    drop(listener);
    app.tracker.close();
    if tokio::time::timeout(DRAIN_WITHIN, app.tracker.wait()).await.is_err() {
        tracing::warn!(left = app.tracker.len(), "connections were cut off");
    }
}

async fn connection(
    stream: TcpStream,
    address: IpAddr,
    tls: Option<Tls>,
    router: Router,
    app: App,
) {
    // A tap's answer must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = |is_tls| {
        let peer = Peer::new(address, is_tls);
        service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            router.call(request)
        })
    };
    let Some(tls) = tls else {
        talk(stream, service(false), &app).await;
        return;
    };
    let greeting = tokio::select! {
        greeting = tokio::time::timeout(HEADER_WITHIN, tls.greet(stream)) => greeting,
        () = app.stop.cancelled() => return,
    };
    match greeting {
        Ok(Ok(Greeting::Tls(stream))) => talk(stream, service(true), &app).await,
        Ok(Ok(Greeting::Plain(stream))) => {
            let (has_certificate, reach) = (tls.is_ready(), app.reach.clone());
            let answer = service_fn(move |request: Request<Incoming>| {
                let answer = plain::answer(&request, has_certificate, &reach);
                std::future::ready(Ok::<_, Infallible>(answer))
            });
            talk(stream, answer, &app).await;
        }
        Ok(Ok(Greeting::Over)) => {}
        Ok(Err(error)) => tracing::debug!(%error, "no TLS came about"),
        Err(_) => tracing::debug!("no TLS came about in time"),
    }
}

/// Answers the requests of one connection.
async fn talk<Io, S, B>(io: Io, service: S, app: &App)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response<B>> + HttpService<Incoming, ResBody = B>,
    <S as Service<Request<Incoming>>>::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WITHIN)
        .max_buf_size(HEADER_MAX_BYTES)
        .serve_connection(TokioIo::new(ReadInTime::new(io, app.bounds.read_within)), service)
        .with_upgrades();
    tokio::pin!(connection);
    let result = tokio::select! {
        result = &mut connection => result,
        () = app.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Open connections by [`limit_key`].
#[derive(Debug, Clone, Default)]
struct PerAddress(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// One counted connection; not counted any more once dropped.
struct Counted {
    counts: PerAddress,
    key: IpAddr,
}

impl PerAddress {
    fn count(&self, address: IpAddr, max: usize) -> Option<Counted> {
        let key = limit_key(address);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.get(&key).copied().unwrap_or(0);
        if count >= max {
            return None;
        }
        counts.insert(key, count + 1);
        Some(Counted { counts: self.clone(), key })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

/// Returns when the system asks the process to end.
pub async fn asked_to_stop() -> Result<(), std::io::Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use axum::extract::Extension;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use crate::clock::Clock;
    use crate::shops::Registry;
    use crate::store::Store;

    #[tokio::test]
    async fn a_request_knows_who_sent_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("opens");
        let shops = Registry::open(store, Clock::Real).await.expect("opens");
        let app = App::new(shops, Clock::Real);
        let tell = async |Extension(peer): Extension<Peer>| format!("{peer:?}");
        let router = Router::new().route("/", get(tell));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let mut client = TcpStream::connect(address).await.expect("connects");
        let (stream, _) = listener.accept().await.expect("takes it");
        let mapped = "::ffff:192.0.2.1".parse().expect("an address");
        let asked = async {
            let request = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";
            client.write_all(request).await.expect("is sent");
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.expect("is answered");
            answer
        };
        let (answer, ()) = tokio::join!(asked, connection(stream, mapped, None, router, app));
        let peer = Peer { address: IpAddr::from([192, 0, 2, 1]), is_tls: false };
        assert!(answer.ends_with(&format!("{peer:?}")), "{answer}");
    }

    #[test]
    fn one_address_cannot_take_all_connections_and_gets_back_those_it_closed() {
        let counts = PerAddress::default();
        // A network of IPv6 is somebody's as an address of IPv4 is.
        for (greedy, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1"),
        ] {
            let count = |text: &str| counts.count(text.parse().expect("an address"), 3);
            let mut held: Vec<_> =
                (0..3).map(|_| count(greedy).expect("below the bound")).collect();
            assert!(count(greedy).is_none());
            assert!(count(same).is_none());
            assert!(count(other).is_some());
            held.pop();
            assert!(count(same).is_some());
            drop(held);
            assert!(counts.0.lock().expect("not poisoned").is_empty(), "nothing is left behind");
        }
    }
}
