//! The one request of this page: sent again until it is answered, and carried out once.

use std::time::Duration;

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::command::{Join, JoinRequest};
use sooner_shared::{CommandId, Receipt, ShopId, Timestamp, VisitId};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::api::{self, Failure};

/// Waits between the attempts to send one request.
const RETRIES_MS: [u64; 3] = [500, 1_500, 3_000];

/// Somebody who joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    /// Their visit.
    pub(super) visit: VisitId,
    /// What they were promised.
    pub(super) by: Option<Timestamp>,
    /// Their private link.
    pub(super) link: String,
}

impl Joined {
    fn of(receipt: Receipt) -> Option<Self> {
        Some(Self { visit: receipt.visit?, by: receipt.by, link: receipt.link? })
    }
}

/// A retry of the same unanswered wish has the same id; a new wish a new one. The time shown is no
/// part of the wish: a server that has carried it out gives its first answer, one that has not
/// decides by the newest time.
pub(super) fn id_for(attempt: StoredValue<Option<JoinRequest>>, join: &Join) -> CommandId {
    let wish = |join: &Join| Join { shown: None, ..join.clone() };
    attempt
        .with_value(|before| {
            before.as_ref().filter(|b| wish(&b.join) == wish(join)).map(|b| b.id.clone())
        })
        .unwrap_or_else(device::command_id)
}

pub(super) async fn send(shop: &ShopId, request: &JoinRequest) -> Result<Joined, Failure> {
    let mut waits = RETRIES_MS.iter();
    loop {
        let answer = api::join(shop, request).await;
        match (answer, waits.next()) {
            (Ok(receipt), _) => return Joined::of(receipt).ok_or(Failure::Unanswered),
            (Err(Failure::Unanswered), Some(wait)) => pause(*wait).await,
            (Err(failure), _) => return Err(failure),
        }
    }
}

async fn pause(ms: u64) {
    let timer = js_sys::Promise::new(&mut |resolve, _| {
        set_timeout(
            move || {
                // A timer's promise takes any value.
                let _ = resolve.call1(&JsValue::NULL, &JsValue::NULL);
            },
            Duration::from_millis(ms),
        );
    });
    // It never rejects.
    let _ = JsFuture::from(timer).await;
}
