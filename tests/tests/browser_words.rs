//! Languages on the pages: how a shop addresses people, and what languages call themselves.

use serde_json::json;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Driver, must_have_pages};
use sooner_tests::gallery::language::speak;
use sooner_tests::salon::{ANNA, salon};

/// The first words of the join page, formal and informal.
const ADDRESSED: [(&str, &str, &str); 4] = [
    ("en", "What would you like?", "What would you like?"),
    ("es", "¿Qué desea?", "¿Qué te gustaría?"),
    ("ru", "Что вам нужно?", "Что тебе нужно?"),
    ("hu", "Mit szeretne?", "Mit szeretnél?"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_addresses_people_as_it_was_set_up_in_every_language() {
    must_have_pages();
    let driver = Driver::start().await;
    let phone = driver.open(390, 844).await;
    for is_informal in [false, true] {
        let mut new = salon();
        new.config.informal = is_informal;
        let app = TestApp::open_with(new).await;
        app.on_duty(ANNA).await;
        phone.load(&format!("http://{}/salon/join?here", app.address), "live").await;
        phone.sees("service-1").await;
        for (language, formal, informal) in ADDRESSED {
            assert!(speak(&phone, language).await, "the page offers its languages");
            let said = if is_informal { informal } else { formal };
            let heading = format!("document.querySelector('h2').innerText === '{said}'");
            phone.until(&format!("it says “{said}”"), &heading).await;
        }
        speak(&phone, "en").await;
    }
    let options = phone
        .run(
            "return [...document.querySelectorAll('[data-testid=language] option')]
                .filter(option => option.value !== 'qps').map(option => [option.value, option.lang]);",
            json!([]),
        )
        .await;
    let expected = json!([["en", "en"], ["es", "es"], ["ru", "ru"], ["hu", "hu"]]);
    assert_eq!(options, expected, "a name in its language is read in it");
}
