//! How deep brackets may stand in each other, looked at before the file is parsed.
//!
//! The parser goes down by a call for each bracket. It counts them too, but brackets that close
//! what was never opened (`{a=[b]\n[b]\n…`) make it count below zero and then go down without end,
//! until the stack and with it the process is at its end. Here every bracket must close the one
//! that was opened last; what comes so far the parser takes apart as it was counted here.

use toml_parser::Source;
use toml_parser::lexer::TokenKind;

/// A set-up needs three: `[hours]` written as a table in a line, with its lists.
const DEPTH_MAX: usize = 16;

/// The byte of the first bracket that is too deep or closes nothing, and what is wrong with it.
pub(super) fn check(text: &str) -> Result<(), (usize, &'static str)> {
    let mut open = Vec::with_capacity(DEPTH_MAX);
    for token in Source::new(text).lex() {
        let closes = match token.kind() {
            opens @ (TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket) => {
                if open.len() == DEPTH_MAX {
                    return Err((token.span().start(), "brackets are nested too deep"));
                }
                open.push(opens);
                continue;
            }
            TokenKind::RightSquareBracket => TokenKind::LeftSquareBracket,
            TokenKind::RightCurlyBracket => TokenKind::LeftCurlyBracket,
            _ => continue,
        };
        if open.pop() != Some(closes) {
            return Err((token.span().start(), "this bracket closes none that is open"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{FILE_MAX_BYTES, FaultCode, SetUp};

    #[test]
    fn brackets_are_counted_where_they_are_brackets() {
        let fine = "a = [[{ b = ']]]]' }], [\n# }}}\n]] # [[[\n[[c.\"]\"]]\nd = \"\"\"\n]\"\"\"\n";
        assert_eq!(check(fine), Ok(()));
        assert_eq!(check("a = [1"), Ok(()), "the parser says it better");
        let deepest = format!("a = {}{}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
        assert_eq!(check(&deepest), Ok(()));
        assert!(check(&format!("a = [{}]", &deepest[4..])).is_err());
        for (bad, at) in [("]", 0), ("a = [1}", 6), ("a = {b=[1}]", 9), ("[a]]", 3)] {
            assert_eq!(check(bad), Err((at, "this bracket closes none that is open")), "{bad}");
        }
    }

    /// Each of them ended the process, also on a stack of 8 MiB.
    #[test]
    fn brackets_that_mislead_the_parser_are_a_fault_in_their_line() {
        for opens in ["{a=", "["] {
            let miscounted = format!("a = {}{}", "{a=".repeat(10), "[a]\n".repeat(15_000));
            let mut file = miscounted + "a=" + &opens.repeat(80_000);
            file.truncate(FILE_MAX_BYTES);
            let faults = SetUp::read(file.as_bytes()).expect_err("no set-up");
            let [fault] = faults.as_slice() else { panic!("{faults}") };
            assert_eq!(fault.code, FaultCode::Syntax);
        }
        let faults = SetUp::read(b"shop = \"a\"\n[hours]\nmon = [\"09:00-10:00\"}\n");
        let said = faults.expect_err("a fault").to_string();
        assert!(said.starts_with("3:21: this bracket closes none"), "{said}");
    }
}
