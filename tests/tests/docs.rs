//! What is written down is what is: lists that are made from the program and kept beside it.
//! `cargo xtask docs` writes them anew.

use std::fmt::Write as _;
use std::path::Path;

use sooner_shared::ProblemCode;
use sooner_shared::wire::CloseCode;

/// Set by `cargo xtask docs`.
const WRITE: &str = "SOONER_WRITE_DOCS";

#[test]
fn the_list_of_codes_is_up_to_date() {
    let mut text = String::from(
        "# Codes\n\n\
         Every way in which Sooner says no, and why a socket closes. The codes are stable; people \
         read the words\ntheir screen has for them. Made by `cargo xtask docs`; a test fails when it \
         is out of date.\n\n\
         ## Problems\n\n\
         The body of an answer of `application/problem+json` (RFC 9457), and `refused` on the \
         socket.\n\n\
         | code | status | what it means |\n|---|---|---|\n",
    );
    for code in ProblemCode::ALL {
        writeln!(text, "| `{}` | {} | {} |", code.as_str(), code.status(), code.title())
            .expect("a string takes everything");
    }
    text.push_str(
        "\n## Closing of sockets\n\n\
         From 4000 to 4499: come back. From 4500 to 4999: do not.\n\n\
         | code | reason |\n|---|---|\n",
    );
    for code in CloseCode::ALL {
        writeln!(text, "| {} | {} |", code.number(), code.reason())
            .expect("a string takes everything");
    }
    is_written("docs/codes.md", &text);
}

fn is_written(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os(WRITE).is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("can be made");
        std::fs::write(&path, text).expect("can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is out of date: cargo xtask docs", path.display());
}
