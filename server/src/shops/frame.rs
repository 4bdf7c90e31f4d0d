//! What an audience is shown, encoded once and shared by all who look.

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use sooner_shared::view::{View, ViewDiff};
use sooner_shared::wire::Stamp;
use tokio::sync::watch;

/// One revision of an audience's view, as UTF-8 text ready to be sent.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Position and time.
    pub stamp: Stamp,
    /// `{"snapshot": …}`.
    pub snapshot: Bytes,
    /// `{"delta": …}` from the revision before; none on the first.
    pub delta: Option<Bytes>,
}

const SNAPSHOT_PREFIX: &str = r#"{"snapshot":"#;

impl Frame {
    /// The snapshot alone, as the HTTP interface gives it.
    #[must_use]
    pub fn body(&self) -> Bytes {
        self.snapshot.slice(SNAPSHOT_PREFIX.len()..self.snapshot.len() - 1)
    }
}

#[derive(Serialize)]
struct SnapshotText<'a> {
    #[serde(flatten)]
    stamp: Stamp,
    view: &'a View,
}

#[derive(Serialize)]
struct DeltaText<'a> {
    #[serde(flatten)]
    stamp: Stamp,
    diff: &'a ViewDiff,
}

/// The frames of one audience, at the task's end.
#[derive(Debug)]
pub(super) struct Channel {
    view: View,
    sender: watch::Sender<Arc<Frame>>,
}

impl Channel {
    /// Begins with a first view, at the stamp's revision.
    pub(super) fn new(view: View, stamp: Stamp) -> Self {
        let frame = Frame { stamp, snapshot: snapshot(stamp, &view), delta: None };
        Self { view, sender: watch::Sender::new(Arc::new(frame)) }
    }

    /// Shows the next view, if it differs.
    pub(super) fn show(&mut self, view: View, stamp: Stamp) {
        let Some(diff) = self.view.diff(&view) else {
            return;
        };
        let stamp = Stamp { rev: self.rev() + 1, ..stamp };
        let delta = encoded(r#"{"delta":"#, &DeltaText { stamp, diff: &diff });
        let frame = Frame { stamp, snapshot: snapshot(stamp, &view), delta: Some(delta) };
        self.view = view;
        self.sender.send_replace(Arc::new(frame));
    }

    /// The newest revision.
    pub(super) fn rev(&self) -> u64 {
        self.sender.borrow().stamp.rev
    }

    /// Whether anybody looks.
    pub(super) fn is_watched(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// One more who looks.
    pub(super) fn subscribe(&self) -> super::Frames {
        self.sender.subscribe()
    }
}

fn snapshot(stamp: Stamp, view: &View) -> Bytes {
    encoded(SNAPSHOT_PREFIX, &SnapshotText { stamp, view })
}

fn encoded(prefix: &str, message: &impl Serialize) -> Bytes {
    let body = serde_json::to_string(message).expect("views have string keys and no floats");
    format!("{prefix}{body}}}").into()
}
