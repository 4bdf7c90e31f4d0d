//! How deep brackets may stand in each other, looked at before anything is parsed.
//!
//! The parser goes down by a call for each bracket. It counts them too, but brackets that close
//! what was never opened (`{a=[b]\n[b]\n…`) make it count below zero and then go down without end,
//! until the stack and with it the process is at its end. Here every bracket must close the one
//! that was opened last; what comes so far the parser takes apart as it was counted here.

use toml_parser::lexer::TokenKind;

/// A set-up needs three: `[hours]` written as a table in a line, with its lists.
const DEPTH_MAX: usize = 16;

/// The brackets that are open.
#[derive(Debug, Default)]
pub(super) struct Brackets(Vec<TokenKind>);

impl Brackets {
    /// Takes the next token of a file; what is wrong with it, if it is a bracket that is too deep or
    /// closes nothing.
    pub(super) fn take(&mut self, kind: TokenKind) -> Result<(), &'static str> {
        let closes = match kind {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => {
                if self.0.len() == DEPTH_MAX {
                    return Err("brackets are nested too deep");
                }
                self.0.push(kind);
                return Ok(());
            }
            TokenKind::RightSquareBracket => TokenKind::LeftSquareBracket,
            TokenKind::RightCurlyBracket => TokenKind::LeftCurlyBracket,
            _ => return Ok(()),
        };
        match self.0.pop() {
            Some(opened) if opened == closes => Ok(()),
            _ => Err("this bracket closes none that is open"),
        }
    }

    /// Whether none is open.
    pub(super) const fn are_closed(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use toml_parser::Source;

    use super::*;
    use crate::setup::{FILE_MAX_BYTES, FaultCode, SetUp};

    fn check(text: &str) -> Result<(), (usize, &'static str)> {
        let mut brackets = Brackets::default();
        for token in Source::new(text).lex() {
            brackets.take(token.kind()).map_err(|message| (token.span().start(), message))?;
        }
        Ok(())
    }

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
            assert!(matches!(fault.code, FaultCode::Syntax | FaultCode::TooLarge), "{fault}");
        }
        let faults = SetUp::read(b"shop = \"a\"\n[hours]\nmon = [\"09:00-10:00\"}\n");
        let said = faults.expect_err("a fault").to_string();
        assert!(said.starts_with("3:21: this bracket closes none"), "{said}");
    }
}
