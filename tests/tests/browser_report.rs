//! The report in a real browser: the answer, the pictures and their figures, other days, other
//! shares, paper, and what is said where there is little or nothing.

use std::path::PathBuf;

use serde_json::Value;
use sooner_tests::app::TestApp;
use sooner_tests::browser::{Browser, Driver, must_have_pages};
use sooner_tests::past::past;
use sooner_tests::patience::tell;
use sooner_tests::visitor::{PASSWORD, Visitor};

use crate::browser::pictures;

const LAPTOP: (u32, u32) = (1280, 800);
const PHONE: (u32, u32) = (390, 844);
const CHARTS: [&str; 4] = ["chart-over-time", "chart-early", "chart-scatter", "chart-heat"];

fn picture(name: &str) -> PathBuf {
    pictures().join(format!("report-{name}.png"))
}

/// The owner, who has begun already, signs in; the report's page sends them there.
async fn sign_in(browser: &Browser<'_>, base: &str) {
    browser.load(&format!("{base}/salon/report"), "sign-in").await;
    browser.click("to-owner").await;
    browser.is("sign-in").await;
    browser.write("password", PASSWORD).await;
    browser.click("sign-in").await;
    browser.is("home").await;
}

async fn number(browser: &Browser<'_>, expression: &str) -> f64 {
    browser.ask(expression).await.as_f64().expect("a number")
}

/// A picture of the whole page, as high as it is.
async fn whole(browser: &Browser<'_>, width: u32, name: &str) {
    let height = number(browser, "document.documentElement.scrollHeight").await;
    browser.resize(width, height as u32).await;
    browser.picture(&picture(name)).await;
    let is_wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth";
    assert_eq!(browser.ask(is_wider).await, false, "{name} scrolls sideways");
    assert_eq!(browser.ask(SMALL).await, "", "{name} has targets under 48 pixels");
}

/// Buttons, fields and lines to open that are too low to be hit.
const SMALL: &str =
    "[...document.querySelectorAll('main button, main a, main input, main select, main summary')]
    .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 47.5)
    .map(e => e.outerHTML.slice(0, 80)).join()";

/// Every chart has a sentence, and under it the figures it is drawn from.
async fn charts_say_what_they_show(browser: &Browser<'_>) {
    for chart in CHARTS {
        let svg = format!("document.querySelector('[data-testid={chart}] svg[role=img]')");
        let says = browser.ask(&format!("{svg}.getAttribute('aria-label')")).await;
        assert!(says.as_str().is_some_and(|text| text.len() > 20), "{chart}: {says}");
        let rows = format!("document.querySelectorAll('[data-testid={chart}] tbody tr').length");
        assert!(number(browser, &rows).await > 1.0, "{chart} has no figures");
    }
    let cells =
        number(browser, "document.querySelectorAll('[data-testid=chart-heat] .cell').length");
    assert_eq!(cells.await as u32, 36, "six days of six hours have thirty promises each");
    // A path is one element however many dots it has.
    let dots = "document.querySelector('[data-testid=chart-scatter] .kept-dots').getAttribute('d')";
    let dots = browser.ask(&format!("{dots}.split('M').length")).await;
    assert!(dots.as_f64() > Some(900.0), "{dots}");
}

async fn choose(browser: &Browser<'_>, from: &str, to: &str) {
    for (field, day) in [("from", from), ("to", to)] {
        let set = format!(
            "(() => {{ const field = document.querySelector('[data-testid={field}]'); \
             field.value = '{day}'; field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
        );
        browser.ask(&set).await;
    }
    browser.ask("document.querySelector('[data-testid=other-days]').open = true").await;
    browser.click("show").await;
    browser.until("the address says so", &format!("location.search.includes('{from}')")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_reads_how_six_weeks_went() {
    must_have_pages();
    let app = TestApp::open_folder(past(6, 6).await).await;
    Visitor::owner(&app).await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let browser = driver.open(LAPTOP.0, LAPTOP.1).await;
    sign_in(&browser, &base).await;
    // The letter of the last finished week waits where the owner comes by anyhow.
    browser.sees("letter").await;
    let lines = browser.ask("document.querySelectorAll('[data-testid=letter] li').length").await;
    assert_eq!(lines, 5);
    browser.ask("document.querySelector('[data-testid=letter]').scrollIntoView()").await;
    browser.picture(&picture("owner-letter")).await;
    browser.sees("to-report").await;

    let six = format!("{base}/salon/report?from=2026-03-02&to=2026-04-12");
    browser.load(&six, "shown").await;
    browser.sees("would").await;
    let answer = browser.text("answer").await;
    assert!(answer.contains("Goal 95\u{a0}%") && answer.contains(" kept"), "{answer}");
    charts_say_what_they_show(&browser).await;
    // What customers said is counted, and it is the same in the figures that others read.
    let said = "fetch('/api/shops/salon/report?from=2026-03-02&to=2026-04-12')\
        .then(answer => answer.json()).then(report => { const said = report.voices; \
            const row = count => [...document.querySelectorAll('[data-testid=waits] dd')][count].innerText; \
            const starts = document.querySelector('[data-testid=starts-checked]').innerText; \
            return said.starts_later > 0 && said.not_good > 0 && starts.includes('Later: ' + said.starts_later) \
                && row(0) == said.good && row(1) == said.fair && row(2) == said.not_good; })";
    browser.until_true("the same is counted", &format!("return await {said};")).await;
    whole(&browser, LAPTOP.0, "laptop").await;
    let would = browser.text("would").await;
    assert!(would.contains("90\u{a0}%") && would.contains("earlier"), "{would}");
    let ninety = number(&browser, "parseFloat(document.querySelector('[data-testid=would]').innerText.match(/been ([\\d.]+)/)[1])").await;
    browser
        .ask("(() => { const keep = document.querySelector('[data-testid=keep]'); keep.value = '70'; keep.dispatchEvent(new Event('change')); })()")
        .await;
    browser
        .until(
            "another share",
            "document.querySelector('[data-testid=would]').innerText.includes('70')",
        )
        .await;
    let seventy = number(&browser, "parseFloat(document.querySelector('[data-testid=would]').innerText.match(/been ([\\d.]+)/)[1])").await;
    assert!(seventy > ninety, "{seventy} {ninety}");

    // The table is there for the same days, for who is signed in here.
    let table =
        browser.ask("document.querySelector('[data-testid=csv]').getAttribute('href')").await;
    assert_eq!(table, "/api/shops/salon/report.csv?from=2026-03-02&to=2026-04-12");

    // Another week, by its days; the address can be kept.
    choose(&browser, "2026-03-09", "2026-03-15").await;
    let daily =
        "document.querySelector('[data-testid=chart-over-time] thead th').textContent === 'Day'";
    browser.until("days instead of weeks", daily).await;

    // The share that was asked about stays, and is what is answered.
    let of_both = "document.querySelector('[data-testid=keep]').value === '70' && \
                   document.querySelector('[data-testid=would]').innerText.includes('70')";
    browser.until("the same share for other days", of_both).await;

    // Saturday is below the goal, and told apart by its form.
    let hollow = "document.querySelectorAll('[data-testid=chart-over-time] .dot.below').length";
    assert_eq!(number(&browser, hollow).await as u32, 1);
    browser.picture(&picture("week")).await;

    browser.resize(PHONE.0, PHONE.1).await;
    browser.load(&six, "shown").await;
    browser.sees("would").await;
    browser.picture(&picture("phone-first")).await;
    whole(&browser, PHONE.0, "phone").await;
    browser.ask("document.querySelectorAll('details').forEach(d => { d.open = true; })").await;
    whole(&browser, PHONE.0, "phone-figures").await;
    tell("report: 4 charts with their sentences and figures at 1280 and 390 pixels");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_read_in_the_dark_on_paper_and_from_right_to_left() {
    must_have_pages();
    let app = TestApp::open_folder(past(6, 6).await).await;
    Visitor::owner(&app).await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let browser = driver.open(LAPTOP.0, LAPTOP.1).await;
    sign_in(&browser, &base).await;
    let six = format!("{base}/salon/report?from=2026-03-02&to=2026-04-12");
    browser.emulate("", "dark").await;
    browser.load(&six, "shown").await;
    browser.sees("would").await;
    let paper =
        browser.ask("getComputedStyle(document.querySelector('.page')).backgroundColor").await;
    assert_eq!(paper, "rgb(17, 21, 26)");
    whole(&browser, LAPTOP.0, "dark").await;

    browser.emulate("print", "light").await;
    let hidden =
        browser.ask("getComputedStyle(document.querySelector('[data-testid=show]')).display").await;
    assert_eq!(hidden, "none", "paper has no buttons");
    browser.resize(794, 1123).await;
    browser.picture(&picture("print")).await;

    browser.emulate("", "light").await;
    browser.resize(PHONE.0, PHONE.1).await;
    browser.load(&format!("{six}&lang=hu"), "shown").await;
    browser.sees("would").await;
    let says = browser.text("answer").await;
    assert!(says.contains("betartva") && says.contains(','), "{says}");
    browser.ask("document.documentElement.setAttribute('dir', 'rtl')").await;
    whole(&browser, PHONE.0, "rtl").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn little_and_nothing_say_so() {
    must_have_pages();
    let app = TestApp::open_folder(past(1, 2).await).await;
    Visitor::owner(&app).await;
    let base = format!("http://{}", app.address);
    let driver = Driver::start().await;
    let browser = driver.open(PHONE.0, PHONE.1).await;
    sign_in(&browser, &base).await;
    browser.load(&format!("{base}/salon/report?from=2027-01-01&to=2027-01-07"), "empty").await;
    browser.sees("empty").await;
    browser.picture(&picture("empty")).await;
    let no_chart = "document.querySelector('svg') === null";
    assert_eq!(browser.ask(no_chart).await, true);

    // A morning: fewer than thirty.
    browser.load(&format!("{base}/salon/report?from=2026-03-02&to=2026-03-02"), "shown").await;
    browser.sees("would").await;
    let answer = browser.text("answer").await;
    assert!(answer.contains("Fewer than 30"), "{answer}");
    let heat = browser.ask("document.querySelector('[data-testid=chart-heat]')").await;
    assert_eq!(heat, Value::Null, "no hour has thirty");
    whole(&browser, PHONE.0, "few").await;

    // Signed out elsewhere, nothing of it is shown.
    let stranger = driver.open(PHONE.0, PHONE.1).await;
    stranger.load(&format!("{base}/salon/report"), "sign-in").await;
    stranger.picture(&picture("sign-in")).await;
}
