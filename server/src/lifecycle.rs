//! The accept loop, and going down in order.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::http;

/// A request's head must be there by then; so must the next one on a kept connection.
const HEADER_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of a request's head at most.
const HEADER_MAX_BYTES: usize = 16 * 1024;
/// Connections at once, and from one address.
const CONNECTIONS_MAX: usize = 20_000;
const CONNECTIONS_PER_ADDRESS_MAX: usize = 6_000;
/// How long connections may take to end when the server goes down.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);
/// Pause when the system has no descriptor left, so that the loop does not spin.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Serves until `app.stop` is cancelled, then lets connections end.
pub async fn serve(listener: TcpListener, app: App) {
    let router = http::router(app.clone());
    let free = Arc::new(Semaphore::new(CONNECTIONS_MAX));
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
        let Some(counted) = per_address.count(address.ip()) else {
            continue;
        };
        let connection = connection(stream, router.clone(), app.clone());
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

async fn connection(stream: TcpStream, router: Router, app: App) {
    // A tap's answer must not wait for the next one.
    let _ = stream.set_nodelay(true);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_WITHIN)
        .max_buf_size(HEADER_MAX_BYTES)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
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

/// Open connections by address.
#[derive(Debug, Clone, Default)]
struct PerAddress(Arc<Mutex<BTreeMap<IpAddr, usize>>>);

/// One counted connection; not counted any more once dropped.
struct Counted {
    counts: PerAddress,
    address: IpAddr,
}

impl PerAddress {
    fn count(&self, address: IpAddr) -> Option<Counted> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= CONNECTIONS_PER_ADDRESS_MAX {
            return None;
        }
        *count += 1;
        Some(Counted { counts: self.clone(), address })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut counts = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
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

    #[test]
    fn one_address_cannot_take_all_connections_and_gets_back_those_it_closed() {
        let counts = PerAddress::default();
        let greedy = IpAddr::from([192, 0, 2, 1]);
        let mut held: Vec<_> = (0..CONNECTIONS_PER_ADDRESS_MAX)
            .map(|_| counts.count(greedy).expect("below the bound"))
            .collect();
        assert!(counts.count(greedy).is_none());
        assert!(counts.count(IpAddr::from([192, 0, 2, 2])).is_some());
        held.pop();
        assert!(counts.count(greedy).is_some());
        drop(held);
        assert!(counts.0.lock().expect("not poisoned").is_empty(), "nothing is left behind");
    }
}
