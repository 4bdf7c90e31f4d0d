//! Chime and speech of the wall, made by the browser itself: no file, no service of anybody else.
//! What is said and when is decided in `sooner_shared::screen::announce`.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

use crate::object;

/// The two notes of the chime, E5 and C5, in hertz: a falling third, as of a doorbell.
const NOTES: [f64; 2] = [659.26, 523.25];
/// So long after the first note the second one begins, in seconds.
const APART_S: f64 = 0.35;
/// So long a note rings, in seconds.
const RINGS_S: f64 = 1.2;
/// How loud a note is at its beginning, of 1.
const LOUDNESS: f64 = 0.25;
/// The voice begins when the chime has nearly faded.
const SPEECH_AFTER: Duration = Duration::from_millis(1_300);

type OnEnd = Closure<dyn FnMut(JsValue)>;

/// What makes the sounds. A copy is a handle to the same.
#[derive(Clone, Copy)]
pub(crate) struct Sound {
    context: StoredValue<Option<JsValue>, LocalStorage>,
    /// The speech of now; a browser may forget one that nobody holds, and then never ends it.
    speech: StoredValue<Option<(JsValue, OnEnd)>, LocalStorage>,
    /// A voice was kept from speaking because nobody has touched the page.
    was_refused: StoredValue<bool>,
}

impl Sound {
    /// Nothing sounds before [`Sound::unlock`].
    pub(crate) fn new() -> Self {
        Self {
            context: StoredValue::new_local(None),
            speech: StoredValue::new_local(None),
            was_refused: StoredValue::new(false),
        }
    }

    /// Whether this browser can sound at all.
    pub(crate) fn is_possible() -> bool {
        object::get(&js_sys::global(), "AudioContext").is_some()
    }

    /// Asks the browser to let the page sound. It does so after a touch, in some set-ups at once;
    /// asking again is right, since some browsers let go of the sound by themselves.
    pub(crate) fn unlock(self) {
        if self.context.with_value(Option::is_none) {
            self.context.set_value(object::make("AudioContext", &[]));
        }
        self.context.with_value(|context| {
            if let Some(context) = context
                && !is_running(context)
            {
                object::begin(context, "resume", &[]);
            }
        });
    }

    /// A touch: what was refused before may be allowed now.
    pub(crate) fn touched(self) {
        self.was_refused.set_value(false);
        self.unlock();
    }

    /// Whether the browser keeps the page silent.
    pub(crate) fn is_blocked(self) -> bool {
        let is_running =
            self.context.with_value(|context| context.as_ref().is_some_and(is_running));
        !is_running || self.was_refused.get_value()
    }

    /// Chimes, then says a text in a language, then tells that it is over.
    pub(crate) fn announce(
        self,
        text: String,
        language: &'static str,
        on_end: impl Fn() + 'static,
    ) {
        self.chime();
        set_timeout(move || self.speak(&text, language, on_end), SPEECH_AFTER);
    }

    fn chime(self) {
        self.context.with_value(|context| {
            let ring = |context: &JsValue| {
                let now = object::get(context, "currentTime")?.as_f64()?;
                let out = object::get(context, "destination")?;
                for (n, note) in NOTES.iter().enumerate() {
                    let at = now + n as f64 * APART_S;
                    let tone = object::call(context, "createOscillator", &[])?;
                    let volume = object::call(context, "createGain", &[])?;
                    object::set(&object::get(&tone, "frequency")?, "value", *note);
                    let gain = object::get(&volume, "gain")?;
                    object::call(&gain, "setValueAtTime", &[LOUDNESS.into(), at.into()]);
                    // Fading to nothing by a curve that has no zero.
                    let faded = [0.001.into(), (at + RINGS_S).into()];
                    object::call(&gain, "exponentialRampToValueAtTime", &faded);
                    object::call(&tone, "connect", std::slice::from_ref(&volume));
                    object::call(&volume, "connect", std::slice::from_ref(&out));
                    object::call(&tone, "start", &[at.into()]);
                    object::call(&tone, "stop", &[(at + RINGS_S).into()]);
                }
                Some(())
            };
            context.as_ref().and_then(ring)
        });
    }

    fn speak(self, text: &str, language: &str, on_end: impl Fn() + 'static) {
        let voices = object::get(&js_sys::global(), "speechSynthesis");
        let speech = object::make("SpeechSynthesisUtterance", &[text.into()]);
        let (Some(voices), Some(speech)) = (voices, speech) else {
            on_end();
            return;
        };
        match voice_for(&voices, language) {
            Voice::Of(voice) => object::set(&speech, "voice", voice),
            Voice::Usual => {}
            // An English voice would read Hungarian so that nobody knows their own name.
            Voice::OnlyOthers => {
                on_end();
                return;
            }
        }
        object::set(&speech, "lang", language);
        let heard = OnEnd::new(move |event: JsValue| {
            let fault = object::get(&event, "error").and_then(|error| error.as_string());
            if fault.as_deref() == Some("not-allowed") {
                self.was_refused.set_value(true);
            }
            on_end();
        });
        for end in ["onend", "onerror"] {
            object::set(&speech, end, heard.as_ref().clone());
        }
        // What a voice was left with by an error before would be said first; that it is broken off
        // now is not the end of this one.
        self.speech.with_value(|before| {
            if let Some((before, _)) = before {
                for end in ["onend", "onerror"] {
                    object::set(before, end, JsValue::NULL);
                }
            }
        });
        object::call(&voices, "cancel", &[]);
        object::call(&voices, "speak", std::slice::from_ref(&speech));
        self.speech.set_value(Some((speech, heard)));
    }
}

fn is_running(context: &JsValue) -> bool {
    object::get(context, "state").and_then(|s| s.as_string()).as_deref() == Some("running")
}

/// Who is to say something.
enum Voice {
    Of(JsValue),
    /// The browser has not said yet which voices it has.
    Usual,
    OnlyOthers,
}

/// A voice of the language, rather one that needs no service of anybody else.
fn voice_for(voices: &JsValue, language: &str) -> Voice {
    let all = object::call(voices, "getVoices", &[])
        .map(|list| js_sys::Array::from(&list))
        .unwrap_or_default();
    if all.length() == 0 {
        return Voice::Usual;
    }
    let speaks = |voice: &JsValue| {
        let tag = object::get(voice, "lang").and_then(|l| l.as_string()).unwrap_or_default();
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        primary.eq_ignore_ascii_case(language)
    };
    let is_local =
        |v: &JsValue| object::get(v, "localService").and_then(|l| l.as_bool()).unwrap_or(false);
    let own: Vec<JsValue> = all.iter().filter(speaks).collect();
    match own.iter().find(|v| is_local(v)).or(own.first()) {
        Some(voice) => Voice::Of(voice.clone()),
        None => Voice::OnlyOthers,
    }
}

/// Calls something at every touch of the page and every key.
pub(crate) fn at_each_touch(act: impl Fn() + 'static) {
    let act = std::rc::Rc::new(act);
    for event in ["pointerdown", "keydown"] {
        let act = std::rc::Rc::clone(&act);
        let _ = window_event_listener_untyped(event, move |event| {
            // What a program does is not a touch.
            if event.unchecked_ref::<web_sys::Event>().is_trusted() {
                act();
            }
        });
    }
}
