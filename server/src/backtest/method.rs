//! What is measured: anything that says how long somebody who comes will wait.

use sooner_engine::forecast::learner::EXPERTS;
use sooner_shared::Timestamp;
use sooner_shared::time::MINUTE_MS;
use sooner_sim::moment::{Arrival, Happened};

use super::sooner::Sooner;

/// One method, or several that share what they look at. It is asked before it is told that somebody
/// came, and is told everything else as it happens.
pub trait Method {
    /// What its quotes are called, in the order of [`Method::quote`].
    fn columns(&self) -> Vec<String>;

    /// How long somebody who comes now will wait at the share to keep, in minutes; `None` where it
    /// cannot say, which counts as a promise of no wait.
    fn quote(&mut self, at_ms: i64, arrival: &Arrival, quotes_min: &mut [Option<f64>]);

    /// They were told this instant, by the first column.
    fn told(&mut self, _by_ms: i64) {}

    /// Something happened.
    fn happen(&mut self, happened: &Happened);
}

impl Method for Sooner {
    fn columns(&self) -> Vec<String> {
        std::iter::once("sooner").chain(EXPERTS).map(str::to_owned).collect()
    }

    fn quote(&mut self, at_ms: i64, arrival: &Arrival, quotes_min: &mut [Option<f64>]) {
        let minutes = |ms: f64| ms / MINUTE_MS as f64;
        quotes_min[0] = self.quote_ms(at_ms, arrival).map(minutes);
        for (slot, quote) in quotes_min[1..].iter_mut().zip(self.experts()) {
            *slot = quote.map(minutes);
        }
    }

    fn told(&mut self, by_ms: i64) {
        self.tell(Timestamp(by_ms));
    }

    fn happen(&mut self, happened: &Happened) {
        Self::happen(self, happened);
    }
}
