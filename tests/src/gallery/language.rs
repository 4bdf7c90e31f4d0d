//! Another language for the page that is shown, by its own choice of languages.

use serde_json::json;

use crate::browser::Browser;

/// English made foreign and written from right to left: `sooner_shared::words::Language::Pseudo`.
pub const FOREIGN: &str = "qps";

/// Has the page speak a language, offered there or not: by its choice, or by its address where there
/// is nobody to choose (an old TV) and where it is paper. Gives `false` where it has neither, and where
/// the server would have to be there to speak it.
pub async fn speak(browser: &Browser<'_>, tag: &str) -> bool {
    let state = browser.run(CHOOSE, json!([tag])).await;
    let Some(state) = state.as_str() else { return false };
    // Some pages are loaded anew for it.
    let speaks = format!(
        "document.documentElement.lang === '{tag}'
         && document.querySelector('[data-testid=page]').dataset.state === '{state}'"
    );
    browser.until("the page speaks it", &speaks).await;
    true
}

const CHOOSE: &str = "
    const [tag] = arguments;
    const page = document.querySelector('[data-testid=page]').dataset;
    const isFromServer = page.page === 'phone' || page.page === 'tv';
    if (isFromServer && page.state !== 'live') return null;
    const state = page.state;
    if (page.page === 'tv' || page.page === 'print') {
        location.search = '?lang=' + tag;
        return state;
    }
    const choice = document.querySelector('[data-testid=language]');
    if (!choice) return null;
    let option = [...choice.options].find(option => option.value === tag);
    if (!option) {
        option = new Option(tag, tag);
        choice.append(option);
    }
    choice.value = tag;
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    return state;";
