//! The shop's clock: real, or stepped by a driver (replay, tests), who sends something, waits for
//! the answer, and moves the clock on. Limits, beats and back-off never use it: they run on real
//! time whatever clock the shop has.

use std::time::Duration;

use sooner_shared::Timestamp;
use tokio::sync::watch;

/// Tells the time and waits for it; cheap to clone.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's.
    Real,
    /// A driver's.
    Stepped(Stepped),
}

impl Clock {
    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Real => Timestamp(
                chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now())
                    .timestamp_millis(),
            ),
            Self::Stepped(stepped) => *stepped.time.borrow(),
        }
    }

    /// How fast it runs: 1 is real time, 0 a clock that is stepped when its driver likes.
    #[must_use]
    pub fn rate(&self) -> f64 {
        match self {
            Self::Real => 1.0,
            Self::Stepped(stepped) => *stepped.rate.borrow(),
        }
    }

    /// Returns once it is `at`, or with a real clock some time before: the machine may sleep, or
    /// its clock be set, so the caller looks again.
    pub async fn wait_until(&self, at: Timestamp) {
        match self {
            Self::Real => {
                let ms = (at - self.now()).clamp(0, 30_000);
                tokio::time::sleep(Duration::from_millis(ms as u64)).await;
            }
            Self::Stepped(stepped) => {
                let mut time = stepped.time.subscribe();
                // The sender lives in `self`, so waiting cannot fail.
                let _ = time.wait_for(|now| *now >= at).await;
            }
        }
    }
}

/// A clock that stands still until it is set.
#[derive(Debug, Clone)]
pub struct Stepped {
    time: watch::Sender<Timestamp>,
    rate: watch::Sender<f64>,
}

impl Stepped {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Self {
        Self { time: watch::Sender::new(start), rate: watch::Sender::new(0.0) }
    }

    /// Sets the clock, forward or back.
    pub fn set(&self, now: Timestamp) {
        self.time.send_replace(now);
    }

    /// Tells how fast the driver steps it, so that screens let their clocks run on meanwhile.
    pub fn set_rate(&self, rate: f64) {
        self.rate.send_replace(rate);
    }
}
