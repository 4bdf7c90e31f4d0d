//! What the files of the TV page may hold: the JavaScript of ECMAScript 5 and the CSS of Chromium
//! 38, as lists of what is allowed. What is on no list is refused, so nothing newer slips in.

use super::{SCRIPT, STYLE};

/// Everything of a browser and of the language that the script uses, each there since Chromium 38.
const SCRIPT_NAMES: [&str; 27] = [
    "String",
    "XMLHttpRequest",
    "address",
    "appendChild",
    "createElement",
    "document",
    "firstChild",
    "getAttribute",
    "getElementById",
    "innerHTML",
    "location",
    "onreadystatechange",
    "ontimeout",
    "open",
    "readyState",
    "reload",
    "responseText",
    "send",
    "setAttribute",
    "setInterval",
    "setTimeout",
    "status",
    "textContent",
    "timeout",
    "window",
    "className",
    "undefined",
];

/// The words of ECMAScript 5 that the script needs.
const SCRIPT_WORDS: [&str; 17] = [
    "catch", "do", "else", "false", "for", "function", "if", "in", "new", "null", "return", "this",
    "true", "try", "typeof", "var", "while",
];

const PROPERTIES: [&str; 38] = [
    "background-color",
    "background-image",
    "border-collapse",
    "border-radius",
    "border-spacing",
    "border-top",
    "bottom",
    "color",
    "display",
    "font-family",
    "font-size",
    "font-weight",
    "height",
    "left",
    "line-height",
    "margin",
    "margin-bottom",
    "min-height",
    "overflow",
    "padding",
    "position",
    "right",
    "table-layout",
    "text-align",
    "text-overflow",
    "top",
    "transform",
    "vertical-align",
    "visibility",
    "white-space",
    "width",
    "word-wrap",
    "max-width",
    "max-height",
    "float",
    "clear",
    "opacity",
    "text-transform",
];

const FUNCTIONS: [&str; 3] = ["repeating-linear-gradient", "translate", "rgba"];

const UNITS: [&str; 7] = ["", "%", "px", "rem", "vh", "vw", "deg"];

const KEYWORDS: [&str; 32] = [
    "absolute",
    "auto",
    "block",
    "bold",
    "bottom",
    "break-word",
    "collapse",
    "end",
    "fixed",
    "hidden",
    "middle",
    "none",
    "normal",
    "nowrap",
    "relative",
    "sans-serif",
    "solid",
    "start",
    "top",
    "visible",
    "Roboto",
    "Arial",
    "ellipsis",
    "table",
    "table-cell",
    "inline-block",
    "inline",
    "inherit",
    "both",
    "static",
    "baseline",
    "center",
];

const MEDIA: [&str; 2] = ["(orientation: portrait)", "(orientation: landscape)"];

/// A piece of a script.
#[derive(Debug, PartialEq, Clone)]
enum Token {
    Word(String),
    Number(String),
    Text,
    Sign(char),
}

/// Cuts a script into pieces; what it cannot cut is a fault.
fn tokens(script: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").ok_or("a comment does not end")? + 2
        } else if first == '\'' || first == '"' {
            let end = rest[1..].find([first, '\n', '\\']).ok_or("a text does not end")? + 1;
            if !rest[end..].starts_with(first) {
                return Err("a text goes over a line, or has a backslash".to_owned());
            }
            found.push(Token::Text);
            end + 1
        } else if first.is_ascii_alphanumeric() || first == '_' || first == '$' {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let word = rest[..end].to_owned();
            let is_number = first.is_ascii_digit();
            found.push(if is_number { Token::Number(word) } else { Token::Word(word) });
            end
        } else if "(){}[];,.+-*/%=<>!&|?:".contains(first) {
            found.push(Token::Sign(first));
            1
        } else {
            return Err(format!("“{first}” is no sign of ES5"));
        };
        rest = &rest[length..];
    }
    Ok(found)
}

/// What a script has that is not of ECMAScript 5, or that no list allows.
fn fault_of_script(script: &str) -> Option<String> {
    let tokens = match tokens(script) {
        Ok(tokens) => tokens,
        Err(fault) => return Some(fault),
    };
    let own = own_names(&tokens);
    let sign = |at: usize, c: char| tokens.get(at) == Some(&Token::Sign(c));
    for (n, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word) => {
                let is_known = SCRIPT_WORDS.contains(&word.as_str())
                    || SCRIPT_NAMES.contains(&word.as_str())
                    || own.contains(word);
                if !is_known {
                    return Some(format!("“{word}” is on no list"));
                }
                let is_taken_apart = word == "var" && (sign(n + 1, '{') || sign(n + 1, '['));
                if is_taken_apart {
                    return Some("a value is taken apart".to_owned());
                }
                if word == "function"
                    && let Some(fault) = fault_of_parameters(&tokens[n + 1..])
                {
                    return Some(fault);
                }
            }
            Token::Number(number) if !number.bytes().all(|b| b.is_ascii_digit()) => {
                return Some(format!("“{number}” is no plain number"));
            }
            Token::Sign(',') if sign(n + 1, ')') || sign(n + 1, '}') || sign(n + 1, ']') => {
                return Some("a comma ends a list".to_owned());
            }
            Token::Sign('.') if sign(n + 1, '.') => return Some("“...”".to_owned()),
            Token::Sign('=') if sign(n + 1, '>') => return Some("“=>”".to_owned()),
            Token::Sign('*') if sign(n + 1, '*') => return Some("“**”".to_owned()),
            Token::Sign('?') if sign(n + 1, '?') || sign(n + 1, '.') => {
                return Some("“??” or “?.”".to_owned());
            }
            // Objects written out have short forms that are newer; the script needs none.
            Token::Sign('{') if n > 0 && !begins_block(&tokens[..n]) => {
                return Some("an object is written out".to_owned());
            }
            _ => {}
        }
    }
    None
}

/// Whether a brace after these pieces begins a block.
fn begins_block(before: &[Token]) -> bool {
    match before.last() {
        Some(Token::Sign(c)) => matches!(c, ')' | ';' | '{' | '}'),
        Some(Token::Word(word)) => matches!(word.as_str(), "else" | "try" | "do"),
        _ => false,
    }
}

/// Names that the script declares itself: after `var`, `function`, and as parameters.
fn own_names(tokens: &[Token]) -> Vec<String> {
    let mut own = Vec::new();
    for (n, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let follows = match word.as_str() {
            "var" => 1,
            "function" | "catch" => {
                let end = tokens[n..].iter().position(|t| *t == Token::Sign(')'));
                end.unwrap_or(0)
            }
            _ => continue,
        };
        own.extend(tokens[n + 1..].iter().take(follows).filter_map(|token| match token {
            Token::Word(name) if !is_newer(name) => Some(name.clone()),
            _ => None,
        }));
    }
    own
}

/// Words that are newer than ES5, which no name may be either.
fn is_newer(word: &str) -> bool {
    const NEWER: [&str; 12] = [
        "let", "const", "class", "extends", "super", "import", "export", "async", "await", "yield",
        "of", "static",
    ];
    NEWER.contains(&word)
}

fn fault_of_parameters(after: &[Token]) -> Option<String> {
    let opens = after.iter().position(|t| *t == Token::Sign('('))?;
    if opens > 1 {
        return Some("a function has something before its parameters".to_owned());
    }
    let closes = after.iter().position(|t| *t == Token::Sign(')'))?;
    let odd = after[opens + 1..closes]
        .iter()
        .find(|t| !matches!(t, Token::Word(_) | Token::Sign(',')))?;
    Some(format!("a parameter has {odd:?}"))
}

/// What a stylesheet has that no list allows.
fn fault_of_style(style: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        let Some((_, after)) = after.split_once("*/") else {
            return Some("a comment does not end".to_owned());
        };
        rest = after;
    }
    text.push_str(rest);
    let mut rest = text.trim();
    while let Some((head, after)) = rest.split_once('{') {
        let head = head.trim();
        if let Some(media) = head.strip_prefix("@media ") {
            if !MEDIA.contains(&media) {
                return Some(format!("“@media {media}” is on no list"));
            }
            rest = after.trim();
            continue;
        }
        if let Some(fault) = head.split(',').find_map(fault_of_selector) {
            return Some(fault);
        }
        let Some((body, after)) = after.split_once('}') else {
            return Some("a rule does not end".to_owned());
        };
        let declarations = body.split(';').map(str::trim).filter(|d| !d.is_empty());
        if let Some(fault) = declarations.into_iter().find_map(fault_of_declaration) {
            return Some(fault);
        }
        // The end of @media.
        rest = after.trim().trim_start_matches('}').trim();
    }
    (!rest.is_empty()).then(|| format!("“{rest}” is no rule"))
}

fn fault_of_selector(selector: &str) -> Option<String> {
    let selector = selector.trim();
    let is_fine = !selector.is_empty()
        && selector.chars().all(|c| c.is_ascii_alphanumeric() || " .#-[]=\"".contains(c));
    (!is_fine).then(|| format!("the selector “{selector}”"))
}

fn fault_of_declaration(declaration: &str) -> Option<String> {
    let Some((property, value)) = declaration.split_once(':') else {
        return Some(format!("“{declaration}” is no declaration"));
    };
    let (property, value) = (property.trim(), value.trim());
    if !PROPERTIES.contains(&property) {
        return Some(format!("the property “{property}” is on no list"));
    }
    let mut rest = value;
    while let Some(first) = rest.chars().next() {
        let end = if first == '"' {
            rest[1..].find('"').map_or(rest.len(), |at| at + 2)
        } else if first == '#' || first.is_ascii_digit() || first.is_ascii_alphabetic() {
            let is_part = |c: char| c.is_ascii_alphanumeric() || "#%.-".contains(c);
            rest.find(|c| !is_part(c)).unwrap_or(rest.len())
        } else if " ,().-\n".contains(first) {
            1
        } else {
            return Some(format!("“{first}” in “{value}”"));
        };
        let (word, after) = rest.split_at(end);
        let is_call = after.starts_with('(');
        if let Some(fault) = fault_of_word(word, is_call) {
            return Some(format!("{fault} in “{declaration}”"));
        }
        rest = after;
    }
    None
}

fn fault_of_word(word: &str, is_call: bool) -> Option<String> {
    let is_fine = match word.chars().next() {
        Some('#') => {
            matches!(word.len(), 4 | 7) && word[1..].bytes().all(|b| b.is_ascii_hexdigit())
        }
        Some(c) if c.is_ascii_digit() => {
            let unit = word.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            UNITS.contains(&unit)
        }
        Some(c) if c.is_ascii_alphabetic() && is_call => FUNCTIONS.contains(&word),
        Some(c) if c.is_ascii_alphabetic() => KEYWORDS.contains(&word),
        _ => true,
    };
    (!is_fine).then(|| format!("“{word}” is on no list"))
}

#[test]
fn the_script_is_of_ecmascript_5_and_the_stylesheet_of_chromium_38() {
    assert_eq!(fault_of_script(SCRIPT), None);
    assert_eq!(fault_of_style(STYLE), None);
    assert!(SCRIPT.contains("'use strict'"));
}

#[test]
fn what_an_old_tv_does_not_read_in_a_script_is_found() {
    let fine = "(function () { 'use strict'; var a = 1; function b(c, d) { return c + d; } \
                if (a) { b(a, 'x'); } else { setTimeout(b, 5); } try { b(); } catch (e) { a += 1; } \
                window.location.reload(); }());";
    assert_eq!(fault_of_script(fine), None);
    for newer in [
        "let a = 1;",
        "const a = 1;",
        "var a = function () { return 1; }; var b = () => 1;",
        "var a = `x`;",
        "class A { }",
        "class A extends B { }",
        "fetch('/x');",
        "window.fetch('/x');",
        "new Promise(function () { });",
        "var a = new Map();",
        "var a = new Set();",
        "var a = Symbol('x');",
        "var a = [1]; var b = [...a];",
        "function a(...b) { }",
        "var a = [1]; for (var b of a) { }",
        "function a(b = 1) { }",
        "function a({ b }) { }",
        "function a([b]) { }",
        "var { a } = window;",
        "var [a] = window;",
        "setTimeout(a, 1,);",
        "function a(b,) { }",
        "var a = [1, 2,];",
        "var a = { b: 1 };",
        "var b = 1; var a = { b };",
        "var a = { b() { } };",
        "async function a() { }",
        "function* a() { }",
        "var a = 2 ** 3;",
        "var a = window?.location;",
        "var a = null ?? 1;",
        "var a = 0b1;",
        "var a = 1_000;",
        "var a = 1n;",
        "import 'x';",
        "export default 1;",
        "var a = [1].includes(1);",
        "var a = 'x'.startsWith('x');",
        "var a = 'x'.padStart(3);",
        "var a = [1].find(function () { });",
        "var a = Object.assign(1, 2);",
        "var a = Array.from(1);",
        "document.querySelectorAll('a').forEach(function () { });",
        "window.closest('x');",
        "window.append('x');",
        "navigator.wakeLock.request('screen');",
        "new URLSearchParams('x');",
        "new IntersectionObserver(function () { });",
        "var a = @b;",
        "var a = #b;",
        "var a = 'x\\u{1f600}';",
        "var let = 1;",
        "var of = 1;",
    ] {
        assert!(fault_of_script(newer).is_some(), "{newer}");
    }
}

#[test]
fn what_an_old_tv_does_not_read_in_a_stylesheet_is_found() {
    let fine = "/* x */ .a .b, #c td[data-x=\"1\"] { margin: 0 2vw; color: #fff; } \
                @media (orientation: portrait) { .a { display: block; } } .d { width: 50%; }";
    assert_eq!(fault_of_style(fine), None);
    for newer in [
        ".a { color: var(--ink); }",
        ".a { --ink: #000; }",
        ".a { display: grid; }",
        ".a { grid-template-columns: 1fr 1fr; }",
        ".a { gap: 1vw; }",
        ".a { display: flex; gap: 1vw; }",
        ".a { width: clamp(1px, 2vw, 3px); }",
        ".a { width: min(1px, 2vw); }",
        ".a { width: max(1px, 2vw); }",
        ".a { width: calc(1px + 2vw); }",
        ".a { inset: 0; }",
        ".a { inset-inline-start: 0; }",
        ".a { margin-inline: 1px; }",
        ".a { margin-inline-start: 1px; }",
        ".a { padding-block: 1px; }",
        ".a { inline-size: 1px; }",
        ".a { border-block-end: 1px solid #000; }",
        ".a { aspect-ratio: 1; }",
        ".a { color: color-mix(in srgb, #000, #fff); }",
        ".a { color: #00000080; }",
        ".a { color: oklch(50% 0.1 30); }",
        ".a { color: rgb(0 0 0 / 50%); }",
        ".a { height: 100dvh; }",
        ".a { width: 10vmin; }",
        ".a { width: 10cqw; }",
        ".a { width: 1fr; }",
        ".a { position: sticky; }",
        ".a { object-fit: contain; }",
        ".a { overflow-wrap: anywhere; }",
        ".a { overflow: clip; }",
        ".a { text-wrap: balance; }",
        ".a { line-clamp: 2; }",
        ".a { scale: 2; }",
        ".a { translate: 4px; }",
        ".a { backdrop-filter: blur(1px); }",
        ".a { animation: x 1px; }",
        ".a:is(.b) { color: #000; }",
        ".a:where(.b) { color: #000; }",
        ".a:has(.b) { color: #000; }",
        ".a:not(.b, .c) { color: #000; }",
        ".a:focus-visible { color: #000; }",
        ".a { &.b { color: #000; } }",
        "@media (prefers-color-scheme: dark) { .a { color: #000; } }",
        "@media (width > 40px) { .a { color: #000; } }",
        "@supports (display: block) { .a { color: #000; } }",
        "@layer a { .b { color: #000; } }",
        "@container (orientation: portrait) { .a { color: #000; } }",
        "@import 'x.css';",
        "@font-face { font-family: \"x\"; }",
    ] {
        assert!(fault_of_style(newer).is_some(), "{newer}");
    }
}
