//! What customers said at the end.

use sooner_shared::command::Felt;
use sooner_shared::report::Voices;

use super::story::Story;

pub(super) fn voices<'a>(stories: impl Iterator<Item = &'a Story>) -> Voices {
    let mut voices = Voices::default();
    for story in stories {
        if story.is_asked_about_start() {
            voices.starts_asked += 1;
            match story.start_right {
                Some(true) => voices.starts_right += 1,
                Some(false) => voices.starts_later += 1,
                None => {}
            }
        }
        match story.felt {
            Some(Felt::Good) => voices.good += 1,
            Some(Felt::Fair) => voices.fair += 1,
            Some(Felt::NotGood) => voices.not_good += 1,
            None => {}
        }
    }
    voices
}
