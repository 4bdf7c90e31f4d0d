//! Ties the shop's time to the real one.

use std::time::Duration;

use sooner_shared::Timestamp;

/// How the shop's time runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// As fast as the machine.
    Max,
    /// So many seconds of the shop in one real second.
    Times(f64),
}

/// When it may be what time in the shop.
pub(crate) struct Pace {
    speed: Speed,
    from: Option<(tokio::time::Instant, Timestamp)>,
}

impl Pace {
    pub(crate) const fn new(speed: Speed) -> Self {
        Self { speed, from: None }
    }

    /// Whether any time was asked for yet.
    pub(crate) const fn is_running(&self) -> bool {
        self.from.is_some()
    }

    /// Waits until it may be `at`; the first time asked for is now.
    pub(crate) async fn wait_for(&mut self, at: Timestamp) {
        let Speed::Times(speed) = self.speed else { return };
        let (real, shop) = *self.from.get_or_insert((tokio::time::Instant::now(), at));
        let ahead = Duration::from_secs_f64((at - shop).max(0) as f64 / 1_000.0 / speed);
        tokio::time::sleep_until(real + ahead).await;
    }
}
