//! axe-core in a page: what keeps people out of it who see, hear, move or read otherwise.

use std::env;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::browser::Browser;

/// Says where the script lies.
const VARIABLE: &str = "SOONER_AXE";

/// WCAG 2.2, A and AA, with what is good practice besides.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Something on a page that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The rule, by axe's name.
    pub rule: String,
    /// What axe says of it.
    pub help: String,
    /// The first few elements, with why.
    pub elements: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.help)?;
        self.elements.iter().try_for_each(|element| write!(f, "\n      {element}"))
    }
}

fn script() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| {
        let Some(path) = env::var_os(VARIABLE).map(PathBuf::from) else {
            panic!(
                "{VARIABLE} does not say where axe.min.js lies. `cargo xtask test` fetches it and \
                 says so; see xtask/src/axe.rs for the version."
            )
        };
        fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{VARIABLE} says {}: {e}", path.display()))
    })
}

/// Everything that axe finds on the page as it is now, by one rule or by all.
pub async fn violations(browser: &Browser<'_>, only: Option<&str>) -> Vec<Violation> {
    if browser.ask("typeof window.axe").await == "undefined" {
        // What a driver runs in a page is not held up by its content security policy.
        let inject = format!("{}; window.axe = axe;", script());
        browser.run(&inject, json!([])).await;
    }
    let run_only = match only {
        Some(rule) => json!({ "type": "rule", "values": [rule] }),
        None => json!({ "type": "tag", "values": TAGS }),
    };
    let options = json!({ "runOnly": run_only, "resultTypes": ["violations"] });
    let found = browser.run(LOOK, json!([options])).await;
    found.as_array().expect("a list of violations").iter().map(read).collect()
}

const LOOK: &str = "
    return axe.run(document, arguments[0]).then(result => result.violations.map(v => ({
        rule: v.id,
        help: v.help,
        elements: v.nodes.slice(0, 4).map(n =>
            n.target.join(' ') + ' | ' + n.html.slice(0, 160) + ' | '
            + n.failureSummary.replace(/\\s+/g, ' ').slice(0, 200)),
    })));";

fn read(value: &Value) -> Violation {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let elements = value["elements"].as_array().into_iter().flatten().map(text).collect();
    Violation { rule: text(&value["rule"]), help: text(&value["help"]), elements }
}
