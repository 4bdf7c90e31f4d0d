//! A real headless Chromium, driven over WebDriver.
//!
//! The few calls that are needed are made with the tests' own HTTP client: a WebDriver crate would
//! add some twenty crates to the build for them. Waiting is done in the page, by watching its
//! document: nothing here polls.

pub mod hands;
pub mod timers;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use hyper::Method;
use hyper::body::Bytes;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http;
use crate::patience::{LIMIT, in_time};

const BROWSERS: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// A name under which every browser finds this machine too, as one in a local network.
pub const OTHER_NAME: &str = "shop.local";

/// How long a script in a page waits before it is asked anew.
const SCRIPT: Duration = Duration::from_secs(30);

/// How long an orphan is waited for when a test fails.
const GOODBYE: Duration = Duration::from_secs(5);

/// How often the program that drives browsers is started, until it has a port.
const TRIES: usize = 5;

/// Where the pages lie that the server in this build reads.
#[must_use]
pub fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist")
}

/// Fails clearly when the pages are not there.
pub fn must_have_pages() {
    let document = pages().join("index.html");
    assert!(
        document.is_file(),
        "the pages are not built: {} is missing. `cargo xtask test` builds them first, \
         `cargo xtask web` builds only them.",
        document.display()
    );
}

/// The program that drives browsers.
#[derive(Debug)]
pub struct Driver {
    address: SocketAddr,
    chromium: PathBuf,
    child: Child,
}

impl Driver {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let started = tokio::task::spawn_blocking(Self::start_now);
        in_time("chromedriver starts", started).await.expect("it starts")
    }

    fn start_now() -> Self {
        let chromium = program("SOONER_CHROMIUM", &BROWSERS);
        let driver = program("SOONER_CHROMEDRIVER", &["chromedriver"]);
        // It takes a port that is free in one of the two families of addresses, and ends when
        // somebody has it in the other.
        let tries = std::iter::repeat_with(|| Self::try_start(&driver)).take(TRIES);
        let (port, child) = tries.flatten().next().expect("chromedriver says its port");
        Self { address: SocketAddr::from(([127, 0, 0, 1], port)), chromium, child }
    }

    /// The port it listens on; `None` when it has ended instead.
    fn try_start(driver: &Path) -> Option<(u16, Child)> {
        let mut child = Command::new(driver)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver can be run");
        let lines = BufReader::new(child.stdout.take().expect("its output is a pipe")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            line.split_once("successfully on port ")?.1.trim_matches('.').parse().ok()
        });
        let Some(port) = port else {
            // Its output has ended, and so it has.
            let _ = child.wait();
            return None;
        };
        Some((port, child))
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value, String> {
        let bytes = if method == Method::POST { body.to_string().into() } else { Bytes::new() };
        let answer = in_time(path, http::send(self.address, method, path, bytes)).await;
        let answer = answer.map_err(|http::Unanswered(error)| error)?;
        let mut read: Value = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        let value = read["value"].take();
        match value.get("error").and_then(Value::as_str) {
            Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or(""))),
            None => Ok(value),
        }
    }

    /// Opens a browser that nobody used before, with a window of this size.
    pub async fn open(&self, width: u32, height: u32) -> Browser<'_> {
        let profile = tempfile::tempdir().expect("there is room for a temporary folder");
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding",
            "--hide-scrollbars",
            &format!("--host-resolver-rules=MAP {OTHER_NAME} 127.0.0.1"),
            "--lang=en-GB",
            &format!("--user-data-dir={}", profile.path().display()),
        ]
        .map(Value::from);
        let options = json!({ "binary": self.chromium, "args": arguments });
        let always = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "timeouts": { "script": SCRIPT.as_millis() as u64 },
        });
        let wanted = json!({ "capabilities": { "alwaysMatch": always } });
        let session = self.call(Method::POST, "/session", &wanted).await;
        let session = session.unwrap_or_else(|error| panic!("no browser: {error}"));
        let id = session["sessionId"].as_str().expect("a session has an id").to_owned();
        let browser = Browser { driver: self, id, _profile: profile };
        browser.resize(width, height).await;
        browser
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One window with its own memory, as on a device of its own.
#[derive(Debug)]
pub struct Browser<'a> {
    driver: &'a Driver,
    id: String,
    _profile: TempDir,
}

impl Browser<'_> {
    async fn call(&self, what: &str, body: Value) -> Result<Value, String> {
        self.driver.call(Method::POST, &format!("/session/{}/{what}", self.id), &body).await
    }

    /// Tells the browser something of its own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.call("goog/cdp/execute", body).await.unwrap_or_else(|e| panic!("{command}: {e}"))
    }

    /// Asks with a script that may wait, until its answer is true.
    pub async fn until_true(&self, what: &str, script: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const look = async () => {{ {script} }};
             const again = async () => (await look()) ? done(true) : setTimeout(again, 50);
             again();"
        );
        let body = json!({ "script": script, "args": [] });
        if let Err(error) = self.call("execute/async", body).await {
            panic!("gave up waiting: {what}\n{error}");
        }
    }

    /// Gives the page this many pixels; windows cannot be made as narrow as a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.call("goog/cdp/execute", command).await.expect("a page takes a size");
    }

    /// Shows pages as on paper (`print`) or on a screen (an empty text), in `light` or `dark`.
    pub async fn emulate(&self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let medium = json!({ "media": media, "features": features });
        self.cdp("Emulation.setEmulatedMedia", medium).await;
    }

    /// Goes to an address, and waits until its page is live.
    pub async fn open(&self, address: &str) {
        self.call("url", json!({ "url": address })).await.expect("the page loads");
        self.is("live").await;
    }

    /// Goes to another tab of the same window, by the order in which they were opened, once it is there.
    pub async fn to_tab(&self, number: usize) {
        let path = format!("/session/{}/window/handles", self.id);
        in_time("the tab", async {
            loop {
                let tabs = self.driver.call(Method::GET, &path, &json!({})).await;
                let tabs = tabs.expect("a window has tabs");
                if let Some(tab) = tabs.get(number) {
                    let other = self.call("window", json!({ "handle": tab })).await;
                    other.expect("a tab that is open can be gone to");
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Puts the device into another time zone.
    pub async fn is_in_zone(&self, zone: &str) {
        let command =
            json!({ "cmd": "Emulation.setTimezoneOverride", "params": { "timezoneId": zone } });
        self.call("goog/cdp/execute", command).await.expect("a device can be elsewhere");
    }

    /// Has every page run this before its own first line.
    pub async fn before_each_page(&self, script: &str) {
        let command = json!({
            "cmd": "Page.addScriptToEvaluateOnNewDocument",
            "params": { "source": script },
        });
        self.call("goog/cdp/execute", command).await.expect("a script can be added");
    }

    /// Goes to an address, and waits until its page says that it has come so far.
    pub async fn load(&self, address: &str, state: &str) {
        // A link that differs only behind its # would load nothing.
        self.call("url", json!({ "url": "about:blank" })).await.expect("an empty page loads");
        self.call("url", json!({ "url": address })).await.expect("the page loads");
        self.is(state).await;
    }

    /// Waits until an expression of the page is true; gives back its value.
    pub async fn until(&self, what: &str, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             const look = () => {{ try {{ return {expression}; }} catch (e) {{ return null; }} }};
             const check = () => {{
                 const value = look();
                 if (value) {{ observer.disconnect(); done(value); }}
             }};
             const observer = new MutationObserver(check);
             const all = {{ subtree: true, childList: true, attributes: true, characterData: true }};
             observer.observe(document, all);
             check();"
        );
        let body = json!({ "script": script, "args": [] });
        let started = Instant::now();
        loop {
            match self.call("execute/async", body.clone()).await {
                Ok(value) => return value,
                // When the page goes on to another address, the script ends without an answer.
                Err(_) if started.elapsed() < LIMIT / 2 => {}
                Err(error) => {
                    let page = self.ask("document.body.innerText").await;
                    panic!("gave up waiting: {what}\n{error}\nthe page says:\n{page:#}")
                }
            }
        }
    }

    /// Waits until the page says of its connection that it is such.
    pub async fn is(&self, state: &str) {
        self.until(
            &format!("the page is {state}"),
            &format!("document.querySelector('[data-testid=page][data-state={state}]') !== null"),
        )
        .await;
    }

    /// Waits until an element is shown and not switched off.
    pub async fn sees(&self, test_id: &str) {
        let find = element(test_id);
        self.until(
            &format!("{test_id} is shown"),
            &format!("{find}.getClientRects().length > 0 && !{find}.disabled"),
        )
        .await;
    }

    /// Waits until an element is gone.
    pub async fn sees_no(&self, test_id: &str) {
        self.until(&format!("{test_id} is gone"), &format!("{} === null", element(test_id))).await;
    }

    /// Waits until one of several buttons is the one that was chosen.
    pub async fn sees_pressed(&self, test_id: &str) {
        let find = element(test_id);
        self.until(&format!("{test_id} is chosen"), &format!("{find}.ariaPressed === 'true'"))
            .await;
    }

    /// Waits until an element is shown, and clicks on it as a person does.
    pub async fn click(&self, test_id: &str) {
        self.act(test_id, "click", json!({})).await;
    }

    /// Writes into a field.
    pub async fn write(&self, test_id: &str, text: &str) {
        self.act(test_id, "value", json!({ "text": text })).await;
    }

    async fn act(&self, test_id: &str, what: &str, body: Value) {
        let selector = format!("[data-testid=\"{test_id}\"]");
        let by = json!({ "using": "css selector", "value": selector });
        in_time(test_id, async {
            loop {
                self.sees(test_id).await;
                let found = self.call("element", by.clone()).await;
                let acted = match found.as_ref().ok().and_then(reference) {
                    Some(id) => self.call(&format!("element/{id}/{what}"), body.clone()).await,
                    None => found,
                };
                match acted {
                    Ok(_) => return,
                    // The page changed between finding and clicking.
                    Err(error) if error.contains("stale") || error.contains("no such element") => {}
                    Err(error) => panic!("{test_id} cannot be used: {error}"),
                }
            }
        })
        .await;
    }

    /// The value of an expression now.
    pub async fn ask(&self, expression: &str) -> Value {
        let body = json!({ "script": format!("return {expression};"), "args": [] });
        self.call("execute/sync", body).await.unwrap_or_else(|e| panic!("{expression}: {e}"))
    }

    /// What a script in the page returns, or what its promise comes to.
    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        let body = json!({ "script": script, "args": arguments });
        let begin: String = script.chars().take(80).collect();
        self.call("execute/sync", body).await.unwrap_or_else(|e| panic!("{begin}: {e}"))
    }

    /// Has the page believe that its reader wants it so: `prefers-color-scheme` and
    /// `prefers-reduced-motion`.
    pub async fn prefers(&self, scheme: &str, motion: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": motion },
        ]);
        self.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Presses a key as a keyboard does, and lets it go.
    pub async fn strike(&self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let params = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            });
            let command = json!({ "cmd": "Input.dispatchKeyEvent", "params": params });
            self.call("goog/cdp/execute", command).await.expect("a key can be pressed");
        }
    }

    /// The text of an element now.
    pub async fn text(&self, test_id: &str) -> String {
        let text = self.ask(&format!("{}.innerText", element(test_id))).await;
        text.as_str().expect("an element has a text").to_owned()
    }

    /// The time an element shows, in milliseconds, once it shows one.
    pub async fn time(&self, test_id: &str) -> i64 {
        let find = element(test_id);
        let time =
            format!("({find}.dataset.ms || {find}.querySelector('[data-ms]').dataset.ms) || null");
        let time = self.until(&format!("{test_id} shows a time"), &time).await;
        time.as_str().and_then(|ms| ms.parse().ok()).expect("milliseconds")
    }

    /// Leaves a mark that loading the page again would wipe away.
    pub async fn mark(&self) {
        self.ask("(window.soonerMark = 'the same page')").await;
    }

    /// Whether the page was not loaded again since [`Browser::mark`].
    pub async fn is_the_same_page(&self) -> bool {
        self.ask("window.soonerMark || ''").await == "the same page"
    }

    /// Takes a picture of what is in the window.
    pub async fn picture(&self, file: &Path) {
        self.capture(file, json!({ "format": "png" })).await;
    }

    /// Takes a picture of all of the page, as if the window were so high.
    pub async fn whole_picture(&self, file: &Path) {
        self.capture(file, json!({ "format": "png", "captureBeyondViewport": true })).await;
    }

    async fn capture(&self, file: &Path, how: Value) {
        let command = json!({ "cmd": "Page.captureScreenshot", "params": how });
        let picture = self.call("goog/cdp/execute", command).await.expect("a picture");
        let text = picture["data"].as_str().expect("a picture is base64");
        fs::write(file, from_base64(text)).expect("the picture can be written");
    }
}

impl Drop for Browser<'_> {
    /// Ends the browser also when the test fails: killing its driver would leave it behind.
    fn drop(&mut self) {
        let Ok(mut stream) = TcpStream::connect(self.driver.address) else { return };
        let goodbye = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.id, self.driver.address
        );
        // Nobody is there to hear of a failure.
        let _ = stream.set_read_timeout(Some(GOODBYE));
        let _ = stream.write_all(goodbye.as_bytes());
        let _ = stream.read(&mut [0; 256]);
    }
}

fn element(test_id: &str) -> String {
    format!("document.querySelector('[data-testid=\"{test_id}\"]')")
}

/// The id under which the driver knows an element.
fn reference(found: &Value) -> Option<String> {
    found.as_object()?.values().next()?.as_str().map(str::to_owned)
}

fn program(variable: &str, names: &[&str]) -> PathBuf {
    if let Some(path) = env::var_os(variable) {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "{variable} says {}, and there is nothing", path.display());
        return path;
    }
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!(
                "{} is neither on PATH nor named in {variable}. `cargo xtask test` installs a \
                 browser first; on Debian: apt-get install chromium chromium-driver",
                names[0]
            )
        })
}

fn from_base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u32> = text.bytes().filter_map(value).map(u32::from).collect();
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - group.len()));
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(from_base64("Zm9vYmFy"), b"foobar");
        assert_eq!(from_base64("Zm9vYg=="), b"foob");
        assert_eq!(from_base64("Zm9vYmE="), b"fooba");
    }
}
