//! What a person does with more than one finger: keys, and drawing something to another place.

use serde_json::{Value, json};

use super::{Browser, element};

/// A key that moves the focus, under which name WebDriver knows it.
pub const TAB: &str = "\u{e004}";
/// A key that presses what has the focus.
pub const ENTER: &str = "\u{e007}";
/// A key that closes.
pub const ESCAPE: &str = "\u{e00c}";
/// A key that moves something up.
pub const UP: &str = "\u{e013}";

/// Steps in which something is drawn, so that it is seen on its way.
const STEPS: i64 = 4;

impl Browser<'_> {
    /// Presses a key.
    pub async fn press(&self, key: &str) {
        let actions = json!([
            { "type": "keyDown", "value": key },
            { "type": "keyUp", "value": key },
        ]);
        self.do_all("key", "keys", &json!({}), &actions).await;
    }

    /// Moves the focus by the keyboard alone until it is on an element.
    ///
    /// # Panics
    ///
    /// When it gets there in none of 200 steps.
    pub async fn tab_to(&self, test_id: &str) {
        self.sees(test_id).await;
        for _ in 0..200 {
            if self.focus().await == test_id {
                return;
            }
            self.press(TAB).await;
        }
        panic!("no key leads to {test_id}; the focus is on {}", self.focus().await);
    }

    /// What has the focus.
    pub async fn focus(&self) -> String {
        let name = self.ask("document.activeElement?.dataset?.testid || ''").await;
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element has the focus; that is no change of the document.
    pub async fn has_focus(&self, test_id: &str) {
        let is_there = format!("return document.activeElement === {};", element(test_id));
        self.until_true(&format!("the focus is on {test_id}"), &is_there).await;
    }

    /// Draws something by a finger from the middle of one element to the upper edge of another.
    pub async fn draw(&self, from: &str, to: &str) {
        let place = |test_id: &str, share: f64| {
            format!(
                "(() => {{ const b = {}.getBoundingClientRect();
                   return [Math.round(b.x + b.width / 2), Math.round(b.y + b.height * {share})]; }})()",
                element(test_id)
            )
        };
        let (begin, end) = (self.ask(&place(from, 0.5)).await, self.ask(&place(to, 0.2)).await);
        let number = |value: &Value| value.as_i64().expect("a place on the screen");
        let (x0, y0) = (number(&begin[0]), number(&begin[1]));
        let (x1, y1) = (number(&end[0]), number(&end[1]));
        let mut actions = vec![
            json!({ "type": "pointerMove", "duration": 0, "x": x0, "y": y0 }),
            json!({ "type": "pointerDown", "button": 0 }),
        ];
        actions.extend((1..=STEPS).map(|n| {
            let (x, y) = (x0 + (x1 - x0) * n / STEPS, y0 + (y1 - y0) * n / STEPS);
            json!({ "type": "pointerMove", "duration": 20, "x": x, "y": y })
        }));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        let touch = json!({ "pointerType": "touch" });
        self.do_all("pointer", "finger", &touch, &Value::from(actions)).await;
    }

    /// Leaves the page, as when the device is switched off.
    pub async fn leave(&self) {
        self.call("url", json!({ "url": "about:blank" })).await.expect("an empty page loads");
    }

    async fn do_all(&self, kind: &str, id: &str, parameters: &Value, actions: &Value) {
        let mut source = json!({ "type": kind, "id": id, "actions": actions });
        if kind == "pointer" {
            source["parameters"] = parameters.clone();
        }
        self.call("actions", json!({ "actions": [source] })).await.expect("a hand can do that");
    }

    /// Shows the page as on paper, or with what a person prefers: `("prefers-color-scheme", "dark")`.
    pub async fn as_if(&self, medium: &str, features: &[(&str, &str)]) {
        let features: Vec<_> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let parameters = json!({ "media": medium, "features": features });
        self.cdp("Emulation.setEmulatedMedia", parameters).await;
    }
}
