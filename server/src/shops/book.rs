//! Names and links, filled into views and into no event.

use std::collections::BTreeMap;
use std::sync::Arc;

use sooner_engine::view::People;
use sooner_shared::{StaffId, VisitId};

use crate::links::Secrets;
use crate::store::PersonKey;

/// The names of one shop.
#[derive(Debug)]
pub(super) struct Book {
    pub(super) names: BTreeMap<PersonKey, String>,
    pub(super) secrets: Arc<Secrets>,
}

impl People for Book {
    fn visit_name(&self, visit: VisitId) -> Option<&str> {
        self.names.get(&PersonKey::Visit(visit)).map(String::as_str)
    }

    fn staff_name(&self, staff: StaffId) -> Option<&str> {
        self.names.get(&PersonKey::Staff(staff)).map(String::as_str)
    }

    fn question(&self, visit: VisitId) -> Option<&str> {
        self.names.get(&PersonKey::Question(visit)).map(String::as_str)
    }

    fn answer(&self, visit: VisitId) -> Option<&str> {
        self.names.get(&PersonKey::Answer(visit)).map(String::as_str)
    }

    fn link(&self, visit: VisitId) -> String {
        self.secrets.link(visit)
    }
}
