//! What is held on one visit: given to whose it is, and erased.

use std::sync::Arc;

use sooner_shared::{Problem, ProblemCode, VisitId};
use tokio::sync::oneshot;

use super::{Draft, Task};
use crate::shops::personal::{PersonalData, gather};
use crate::store::{Kept, PersonRow, StoreError};

impl Task {
    /// Puts together what is held on a visit, beside the task: the log is read for it.
    pub(super) fn tell_personal(
        &self,
        visit: VisitId,
        reply: oneshot::Sender<Result<PersonalData, Problem>>,
    ) {
        let (id, shop, now) = (self.id.clone(), Arc::clone(&self.shop), self.now());
        let store = self.around.store.clone();
        tokio::spawn(async move {
            let data = match gather(&store, &id, &shop, visit, now).await {
                Ok(Some(data)) => Ok(data),
                Ok(None) => Err(ProblemCode::UnknownVisit.into()),
                Err(error) => Err(unreadable(&id, &error)),
            };
            // Who no longer wants to know has gone away.
            let _ = reply.send(data);
        });
    }

    /// Erases the words of a visit, also of one that no view shows any more; says whether there were
    /// any.
    pub(super) async fn erase(&mut self, visit: VisitId) -> Result<bool, Problem> {
        if !(VisitId(1)..self.shop.next_visit).contains(&visit) {
            return Err(ProblemCode::UnknownVisit.into());
        }
        let kept = self.around.store.words_of(&self.id, visit).await;
        let kept = kept.map_err(|error| unreadable(&self.id, &error))?;
        if kept.is_empty() {
            return Ok(false);
        }
        let mut draft = Draft::new(&self.shop, self.now());
        draft.take_in_deadlines();
        let now = draft.now;
        let rows = kept.into_keys().map(|key| PersonRow { key, kept: Kept::erased(now) });
        self.commit(draft, rows.collect(), Vec::new()).await?;
        self.publish();
        Ok(true)
    }
}

fn unreadable(shop: &sooner_shared::ShopId, error: &StoreError) -> Problem {
    tracing::error!(%shop, %error, "what is held on a visit cannot be read");
    ProblemCode::ShopUnavailable.into()
}
