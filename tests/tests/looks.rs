//! The colours that a shop may choose, as the styles have them: readable in the light and in the dark,
//! and the same on old TVs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sooner_shared::look::Accent;

const LIGHT: &str = "light";
const DARK: &str = "dark";

/// What text needs (WCAG 2.2, 1.4.3), and what the shops' ink has.
const TEXT: f64 = 4.5;
const INK: f64 = 7.0;

fn style(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What a block of rules after a selector says, by property.
fn rules(style: &str, selector: &str) -> BTreeMap<String, String> {
    let start = style.find(&format!("{selector} {{")).unwrap_or_else(|| panic!("{selector}"));
    let block = style[start..].split(['{', '}']).nth(1).expect("a block");
    let rule = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().trim_end_matches(';').to_owned()))
    };
    block.lines().filter_map(rule).collect()
}

/// The halves of a style: for the light, for the dark.
fn schemes(style: &str) -> [(&'static str, String); 2] {
    let (light, dark) =
        style.split_once("@media (prefers-color-scheme: dark)").expect("a half for the dark");
    [(LIGHT, light.to_owned()), (DARK, dark.to_owned())]
}

/// The relative luminance of a colour (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let hex = colour.strip_prefix('#').unwrap_or_else(|| panic!("{colour} is no plain colour"));
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("digits")) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_colour_of_a_shop_can_be_read_in_the_light_and_in_the_dark() {
    let accents = schemes(&style("frontend/styles/accents.css"));
    let tokens = schemes(&style("frontend/styles/tokens.css"));
    for ((scheme, accents), (_, tokens)) in accents.iter().zip(&tokens) {
        let paper = rules(tokens, ":root");
        for accent in Accent::ALL {
            let colour = rules(accents, &format!("[data-accent=\"{}\"]", accent.name()));
            let (own, on, soft) =
                (&colour["--accent"], &colour["--on-accent"], &colour["--accent-soft"]);
            for (one, other, least) in [
                (own, &paper["--paper"], TEXT),
                (own, &paper["--raised"], TEXT),
                (on, own, TEXT),
                (own, soft, TEXT),
                (&paper["--ink"], soft, INK),
                (&paper["--quiet"], soft, TEXT),
            ] {
                let found = contrast(one, other);
                assert!(found >= least, "{accent:?}, {scheme}: {one} on {other} has {found:.2}");
            }
            if accent.is_usual() {
                for name in ["--accent", "--on-accent", "--accent-soft"] {
                    assert_eq!(colour[name], paper[name], "said twice, {scheme}");
                }
            }
        }
    }
}

#[test]
fn old_tvs_have_the_same_colours() {
    let [(_, accents), _] = schemes(&style("frontend/styles/accents.css"));
    let tv = style("server/src/http/tv/screen.css");
    let usual = rules(&tv, "\n.call");
    for accent in Accent::ALL {
        let named = format!("[data-accent=\"{}\"]", accent.name());
        let colour = &rules(&accents, &named)["--accent"];
        let call =
            if accent.is_usual() { usual.clone() } else { rules(&tv, &format!("{named} .call")) };
        assert_eq!(&call["background-color"], colour, "{accent:?}");
        assert!(contrast(colour, &usual["color"]) >= TEXT, "{accent:?}");
    }
}
