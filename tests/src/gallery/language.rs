//! Another language for the page that is shown, by its own choice of languages.

use serde_json::json;

use crate::browser::Browser;

/// English made foreign and written from right to left: `sooner_shared::words::Language::Pseudo`.
pub const FOREIGN: &str = "qps";

/// Has the page speak a language, offered there or not; gives `false` where it offers no choice.
pub async fn speak(browser: &Browser<'_>, tag: &str) -> bool {
    let chosen = browser.run(CHOOSE, json!([tag])).await;
    if chosen != true {
        return false;
    }
    browser
        .until("the page speaks it", &format!("document.documentElement.lang === '{tag}'"))
        .await;
    true
}

const CHOOSE: &str = "
    const [tag] = arguments;
    const choice = document.querySelector('[data-testid=language]');
    if (!choice) return false;
    let option = [...choice.options].find(option => option.value === tag);
    if (!option) {
        option = new Option(tag, tag);
        choice.append(option);
    }
    choice.value = tag;
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    return true;";
