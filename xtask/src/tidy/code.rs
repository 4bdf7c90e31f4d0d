//! Tells code from comments and literals, line by line.
//!
//! Not a full lexer: it knows strings, raw strings, characters and comments, which is enough to
//! look for words without being fooled by texts.

/// One line of a file.
pub(super) struct Line {
    /// Without comments, and with literals emptied.
    pub(super) code: String,
    /// What stands in comments.
    comment: String,
}

impl Line {
    /// Whether a comment on the line gives a reason: `// tidy: reason`.
    pub(super) fn is_excused(&self) -> bool {
        self.comment.split_once("tidy:").is_some_and(|(_, reason)| !reason.trim().is_empty())
    }

    /// Whether a word or path such as `sleep` or `std::fs` stands in the code, not as part of
    /// a longer name.
    pub(super) fn has(&self, word: &str) -> bool {
        let belongs = |c: char| c.is_alphanumeric() || c == '_';
        self.code.match_indices(word).any(|(start, _)| {
            let before = self.code[..start].chars().next_back();
            let after = self.code[start + word.len()..].chars().next();
            let open_end = word.ends_with(belongs);
            !(before.is_some_and(belongs) || open_end && after.is_some_and(belongs))
        })
    }
}

enum State {
    Code,
    Text,
    /// With the number of `#` that close it.
    RawText(usize),
    LineComment,
    /// With its depth: block comments nest.
    BlockComment(usize),
}

/// Takes a file apart.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut state = State::Code;
    text.lines()
        .map(|line| {
            if matches!(state, State::LineComment) {
                state = State::Code;
            }
            take_apart(line, &mut state)
        })
        .collect()
}

fn take_apart(text: &str, state: &mut State) -> Line {
    let mut line = Line { code: String::new(), comment: String::new() };
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        match state {
            State::Code => taken = in_code(rest, next, &mut line, state),
            State::Text => match next {
                '\\' => taken += rest[taken..].chars().next().map_or(0, char::len_utf8),
                '"' => leave_text(&mut line, state),
                _ => {}
            },
            State::RawText(hashes) => {
                if next == '"' && rest[1..].starts_with(&"#".repeat(*hashes)) {
                    taken += *hashes;
                    leave_text(&mut line, state);
                }
            }
            State::LineComment => line.comment.push(next),
            State::BlockComment(depth) => {
                if rest.starts_with("/*") {
                    *depth += 1;
                    taken = 2;
                } else if rest.starts_with("*/") {
                    taken = 2;
                    *depth -= 1;
                    if *depth == 0 {
                        *state = State::Code;
                    }
                } else {
                    line.comment.push(next);
                }
            }
        }
        rest = &rest[taken..];
    }
    line
}

/// Handles the start of `rest` as code and says how many bytes it was.
fn in_code(rest: &str, next: char, line: &mut Line, state: &mut State) -> usize {
    if rest.starts_with("//") {
        *state = State::LineComment;
        return 2;
    }
    if rest.starts_with("/*") {
        *state = State::BlockComment(1);
        return 2;
    }
    if next == '"' {
        *state = State::Text;
    } else if next == 'r' && !ends_in_name(&line.code) {
        let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
        if rest[1 + hashes..].starts_with('"') {
            *state = State::RawText(hashes);
            line.code.push('"');
            return hashes + 2;
        }
    } else if next == '\''
        && let Some(length) = character(rest)
    {
        line.code.push_str("''");
        return length;
    }
    line.code.push(next);
    next.len_utf8()
}

fn leave_text(line: &mut Line, state: &mut State) {
    line.code.push('"');
    *state = State::Code;
}

/// `b` and `c` may stand before a raw string's `r`; any other letter makes it the end of a name.
fn ends_in_name(code: &str) -> bool {
    let mut back = code.chars().rev();
    match back.next() {
        Some('b' | 'c') => back.next().is_some_and(|c| c.is_alphanumeric() || c == '_'),
        Some(c) => c.is_alphanumeric() || c == '_',
        None => false,
    }
}

/// The length of a character literal at the start, unless it is a lifetime.
fn character(rest: &str) -> Option<usize> {
    let mut inside = rest[1..].char_indices();
    let (_, first) = inside.next()?;
    if first == '\\' {
        inside.next()?;
        let (end, _) = inside.find(|(_, c)| *c == '\'')?;
        return Some(end + 2);
    }
    let (end, second) = inside.next()?;
    (second == '\'').then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        let lines: Vec<String> = lines(text).into_iter().map(|line| line.code).collect();
        lines.join("\n")
    }

    #[test]
    fn comments_and_texts_are_not_code() {
        assert_eq!(code("a // b\nc"), "a \nc");
        assert_eq!(code("a /* b /* c */ d\ne */ f"), "a \n f");
        assert_eq!(code(r#"f("a\"b // c", 'x', '\'', '"') + g"#), "f(\"\", '', '', '') + g");
        assert_eq!(code("f(r#\"a \"b\nc\"#) + g"), "f(\"\n\") + g");
        assert_eq!(code("f(br\"a\") + r#for"), "f(b\"\") + r#for");
    }

    #[test]
    fn lifetimes_are_code() {
        assert_eq!(code("fn f<'a>(x: &'a str) {} // y"), "fn f<'a>(x: &'a str) {} ");
    }

    #[test]
    fn words_are_found_whole() {
        let line = &lines("use tokio::time::sleep; std::fs::read; asleep_long()")[0];
        assert!(line.has("sleep") && line.has("std::fs") && line.has("fs::"));
        assert!(!line.has("sleeps") && !line.has("d::fs") && !line.has("asleep"));
    }
}
