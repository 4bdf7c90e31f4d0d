//! Calling people aloud, with what is said to read along, and the few buttons of a screen that nobody
//! touches: they show while somebody does.

use std::time::Duration;

use leptos::prelude::*;
use sooner_link::device;
use sooner_shared::screen::State;
use sooner_shared::screen::announce::{Announcer, Call, spoken};
use sooner_shared::words::Text;

use super::LobbyBoard;
use crate::awake;
use crate::i18n::I18n;
use crate::live::Live;
use crate::sound::{Sound, at_each_touch};

const REMEMBERED: &str = "sooner.sound";

/// The buttons show for so long after a touch or a movement, in milliseconds.
const RECENT_MS: i64 = 8_000;

/// How often it is looked whether there is something to say.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What was chosen at this screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choice {
    None,
    On,
    Off,
}

impl Choice {
    fn recall() -> Self {
        match device::recall(REMEMBERED).as_deref() {
            Some("on") => Self::On,
            Some("off") => Self::Off,
            _ => Self::None,
        }
    }
}

/// The voice of the wall. A copy is a handle to the same.
#[derive(Clone, Copy)]
struct Aloud {
    board: LobbyBoard,
    live: Live,
    i18n: I18n,
    sound: Sound,
    choice: RwSignal<Choice>,
    /// The browser keeps the page silent although somebody wants to hear it.
    is_blocked: RwSignal<bool>,
    announcer: StoredValue<Announcer>,
    caption: RwSignal<Option<String>>,
}

impl Aloud {
    /// Looks whether there is something to say, and begins to.
    fn look(self) {
        let is_wanted = self.choice.get_untracked() == Choice::On;
        if is_wanted {
            self.sound.unlock();
        }
        let is_blocked = is_wanted && self.sound.is_blocked();
        if self.is_blocked.get_untracked() != is_blocked {
            self.is_blocked.set(is_blocked);
        }
        let call = self.board.with_untracked(|board| {
            let board = board.as_ref()?;
            let (mut call, now) = (None, device::local_ms());
            self.announcer.update_value(|announcer| {
                if !is_wanted || is_blocked {
                    announcer.pass(board);
                } else if self.live.state.get_untracked() == State::Live {
                    // What is old may be true no longer, and is said to nobody.
                    call = announcer.next(board, now);
                }
            });
            call
        });
        if let Some(call) = call {
            self.say(&call);
        }
    }

    fn say(self, call: &Call) {
        let words = |name: &str, place: &str| {
            let with = [("name", name), ("place", place)];
            untrack(|| self.i18n.say_with(Text::WallCall, &with))
        };
        self.caption.set(Some(words(&call.label, &call.place)));
        self.aloud(words(&spoken(&call.label), &spoken(&call.place)));
    }

    fn aloud(self, text: String) {
        let language = untrack(|| self.i18n.language()).tag();
        self.sound.announce(text, language, move || {
            self.announcer.update_value(|a| a.ended(device::local_ms()));
            self.caption.set(None);
            self.look();
        });
    }

    fn choose(self, choice: Choice) {
        device::remember(REMEMBERED, if choice == Choice::On { "on" } else { "off" });
        self.choice.set(choice);
        if choice == Choice::On {
            self.sound.touched();
            let text = untrack(|| self.i18n.say(Text::WallSoundIsOn));
            self.announcer.update_value(|a| a.busy(device::local_ms()));
            self.caption.set(Some(text.clone()));
            self.aloud(text);
        }
    }
}

/// What is said, and the buttons.
#[component]
pub(super) fn Announcements(live: Live, board: LobbyBoard) -> impl IntoView {
    let i18n = I18n::get();
    let aloud = Aloud {
        board,
        live,
        i18n,
        sound: Sound::new(),
        choice: RwSignal::new(Choice::recall()),
        is_blocked: RwSignal::new(false),
        announcer: StoredValue::new(Announcer::default()),
        caption: RwSignal::new(None),
    };
    awake::keep();
    let recent = recently_touched();
    at_each_touch(move || {
        if aloud.choice.get_untracked() == Choice::On {
            aloud.sound.touched();
        }
    });
    Effect::new(move |_| {
        board.track();
        aloud.look();
    });
    set_interval(move || aloud.look(), LOOK_EVERY);

    let choice = aloud.choice;
    let can_sound = Sound::is_possible();
    let is_asked = move || can_sound && (choice.get() == Choice::None || aloud.is_blocked.get());
    let may_switch_on =
        move || is_asked() || (can_sound && recent.get() && choice.get() == Choice::Off);
    let may_switch_off = move || {
        can_sound && (choice.get() == Choice::None || (recent.get() && choice.get() == Choice::On))
    };
    let may_fill = Memo::new(move |_| recent.get() && awake::may_fill());
    view! {
        <Show when=move || aloud.caption.with(Option::is_some)>
            <p class="caption" data-testid="caption"><bdi>{move || aloud.caption.get()}</bdi></p>
        </Show>
        <div class="wall-buttons">
            <Show when=may_switch_on>
                <button
                    type="button"
                    class="button"
                    data-testid="sound-on"
                    on:click=move |_| aloud.choose(Choice::On)
                >
                    {move || i18n.say(Text::WallSoundOn)}
                </button>
            </Show>
            <Show when=may_switch_off>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="sound-off"
                    on:click=move |_| aloud.choose(Choice::Off)
                >
                    {move || i18n.say(Text::WallSoundOff)}
                </button>
            </Show>
            <Show when=move || may_fill.get()>
                <button
                    type="button"
                    class="button quiet"
                    data-testid="full-screen"
                    on:click=move |_| awake::fill()
                >
                    {move || i18n.say(Text::WallFullScreen)}
                </button>
            </Show>
        </div>
    }
}

/// Whether somebody has touched the screen, moved a pointer or used a key a moment ago.
fn recently_touched() -> Memo<bool> {
    let touched_ms = RwSignal::new(None::<i64>);
    let now_ms = RwSignal::new(device::local_ms());
    for event in ["pointermove", "pointerdown", "keydown", "focusin"] {
        let _ = window_event_listener_untyped(event, move |_| {
            let now = device::local_ms();
            now_ms.set(now);
            touched_ms.set(Some(now));
        });
    }
    set_interval(move || now_ms.set(device::local_ms()), LOOK_EVERY);
    Memo::new(move |_| {
        touched_ms.get().is_some_and(|at| (0..RECENT_MS).contains(&(now_ms.get() - at)))
    })
}
