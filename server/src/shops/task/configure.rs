//! A shop that becomes another: on the same path as a tap, and as durable.

use sooner_engine::Event;
use sooner_engine::set_up::may_become;
use sooner_engine::view::People;
use sooner_shared::{Maker, Problem, ProblemCode};

use super::{Draft, Task};
use crate::setup::{SetUp, refusal_faults, refusal_sentence, shortened};
use crate::shops::{Configured, staff_rows};

impl Task {
    /// The set-up as it stands.
    pub(super) fn set_up(&self) -> SetUp {
        let name = |staff| self.book.staff_name(staff);
        SetUp::of(self.id.clone(), (*self.shop.config).clone(), name)
    }

    /// Makes the shop what its file says, unless people are there who need what would be gone.
    pub(super) async fn configure(
        &mut self,
        set_up: &SetUp,
        by: Maker,
    ) -> Result<Configured, Problem> {
        let mut draft = Draft::new(&self.shop, self.now());
        draft.take_in_deadlines();
        let refused = |reason: String| Problem::new(ProblemCode::BadSetUp).with_detail(reason);
        if *set_up.shop() != self.id {
            return Err(refused(format!("this is the set-up of {}", set_up.shop())));
        }
        if set_up.instead_of().is_some_and(|version| version != self.set_up().version()) {
            return Err(ProblemCode::SetUpChanged.into());
        }
        let next = set_up.changing(&draft.shop.config);
        next.check().map_err(|fault| refused(fault.to_string()))?;
        may_become(&draft.shop, &next).map_err(|refusal| {
            let name = |staff| self.book.staff_name(staff);
            let reason = refusal_sentence(refusal, &draft.shop.config, name);
            refused(reason.clone()).with_faults(refusal_faults(refusal, reason))
        })?;
        let people = staff_rows(self.book.words(), set_up.staff_names(), draft.now);
        let is_other = next != *draft.shop.config;
        if is_other {
            draft.keep_ms = shortened(&draft.shop.config, &next);
            // No tap: what was set up is not taken back but set up anew.
            draft.record(vec![Event::Configured(Box::new(next))], 0, by);
        }
        let changed = is_other || !people.is_empty();
        let is_shown = changed || !draft.events.is_empty();
        self.commit(draft, people, Vec::new()).await?;
        if is_shown {
            self.publish();
            self.start_forecast();
        }
        Ok(Configured { seq: self.shop.seq, changed })
    }
}
