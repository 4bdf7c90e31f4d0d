//! The text of a file, taken apart into a tree of small records.
//!
//! What is in a file is written by others, so both its size and what is made of it are bounded: no
//! more than [`VALUES_MAX`] values are kept, each in 36 bytes, and the parser is handed one statement
//! at a time, of [`TOKENS_MAX`] tokens at most. A tree of owned maps would take up to 340 bytes for
//! each byte of `a.a.a.`, and tokens of a whole file many times the file.
//!
//! The rules by which tables may be said again, or in parts, are those of the `toml` crate, against
//! which they are tested.

mod build;
mod index;
#[cfg(test)]
mod tests;

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use self::build::Builder;
use super::fault::FaultCode;
use super::nesting::Brackets;
use super::table::Placed;

/// Values, lists and tables of a file. A shop of 64 people with shifts, breaks and free days of their
/// own, and as many services, has some 9,000.
pub(super) const VALUES_MAX: usize = 10_000;

/// What one statement may be made of: 64 names in a list, each on a line with a remark, are 400.
const TOKENS_MAX: usize = 4_096;

/// No record.
const NONE: u32 = u32::MAX;

/// What is wrong with a file, and at which byte.
pub(super) type Broken = (usize, FaultCode, String);

/// A part of the file's text, or, behind its end, of what was written in it with escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    from: u32,
    len: u32,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    key: Piece,
    key_at: u32,
    /// Where the value begins.
    at: u32,
    /// The table it stands in.
    parent: u32,
    /// What stands behind it in the same table or list.
    next: u32,
    what: What,
}

/// What stands in a table or list, in the order of the file.
#[derive(Debug, Clone, Copy)]
struct Ends {
    first: u32,
    last: u32,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Text(Piece),
    Integer(u8, Piece),
    Float(Piece),
    Bool(bool),
    /// A date or a time; no set-up has one as a value.
    Date,
    List(ListIs, Ends),
    Table(TableIs, Ends),
}

/// How a list was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ListIs {
    InBrackets,
    OfSections,
}

/// How a table was written, which decides what may still be added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TableIs {
    /// By a header of its own, or it is the whole file.
    Section,
    /// By headers of what is in it.
    Implied,
    /// By keys with dots.
    Dotted,
    /// In curly brackets.
    Inline,
    /// By keys with dots, in curly brackets.
    DottedInline,
}

/// A file, taken apart.
#[derive(Debug)]
pub(super) struct Document<'t> {
    text: &'t str,
    /// What stands in the text with escapes, without them.
    decoded: String,
    nodes: Vec<Node>,
}

impl Document<'static> {
    const EMPTY: Self = Self { text: "", decoded: String::new(), nodes: Vec::new() };
}

impl<'t> Document<'t> {
    /// Takes a text apart, up to the first thing that is wrong with it.
    pub(super) fn parse(text: &'t str) -> Result<Self, Broken> {
        let source = Source::new(text);
        let mut builder = Builder::new(source);
        let mut brackets = Brackets::default();
        let mut statement: Vec<Token> = Vec::new();
        for token in source.lex() {
            brackets
                .take(token.kind())
                .map_err(|message| (token.span().start(), FaultCode::Syntax, message.to_owned()))?;
            if statement.len() == TOKENS_MAX {
                let start = statement.iter().find(|token| !is_blank(token.kind()));
                let at = start.map_or(0, |token| token.span().start());
                let message = "this is too much for one value; divide it into sections".to_owned();
                return Err((at, FaultCode::TooLarge, message));
            }
            statement.push(token);
            let ends = match token.kind() {
                TokenKind::Newline => brackets.are_closed(),
                kind => kind == TokenKind::Eof,
            };
            if ends {
                builder.statement(&statement)?;
                statement.clear();
            }
        }
        Ok(builder.finish())
    }

    /// The whole of it.
    pub(super) fn root(&self) -> Table<'_> {
        let Some(Node { what: What::Table(_, ends), .. }) = self.nodes.first() else {
            return Table { document: self, first: NONE };
        };
        Table { document: self, first: ends.first }
    }

    fn node(&self, node: u32) -> Option<&Node> {
        self.nodes.get(node as usize)
    }

    fn str(&self, piece: Piece) -> &str {
        let (from, len) = (piece.from as usize, piece.len as usize);
        match from.checked_sub(self.text.len()) {
            Some(from) => &self.decoded[from..from + len],
            None => &self.text[from..from + len],
        }
    }
}

const fn is_blank(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Whitespace | TokenKind::Newline | TokenKind::Comment)
}

/// A table of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    first: u32,
}

impl<'a> Table<'a> {
    /// The value of a key, if it is there.
    pub(super) fn get(self, key: &str) -> Option<Value<'a>> {
        self.iter().find(|(known, _)| known.value == key).map(|(_, value)| value)
    }

    /// Every key with its value, in the order of the file.
    pub(super) fn iter(self) -> impl Iterator<Item = (Placed<&'a str>, Value<'a>)> {
        let document = self.document;
        Items { document, next: self.first }.map(move |value| {
            let key =
                Placed { at: value.node.key_at as usize, value: document.str(value.node.key) };
            (key, value)
        })
    }
}

/// A value of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    document: &'a Document<'a>,
    node: &'a Node,
}

impl<'a> Value<'a> {
    /// The byte it begins at; of a section, its header.
    pub(super) const fn at(self) -> usize {
        self.node.at as usize
    }

    pub(super) fn as_str(self) -> Option<&'a str> {
        match self.node.what {
            What::Text(piece) => Some(self.document.str(piece)),
            _ => None,
        }
    }

    pub(super) const fn as_bool(self) -> Option<bool> {
        match self.node.what {
            What::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The digits of a whole number, and how many different ones there are.
    pub(super) fn as_integer(self) -> Option<(&'a str, u32)> {
        match self.node.what {
            What::Integer(radix, piece) => Some((self.document.str(piece), u32::from(radix))),
            _ => None,
        }
    }

    /// A number with a point, as Rust reads it.
    pub(super) fn as_float(self) -> Option<&'a str> {
        match self.node.what {
            What::Float(piece) => Some(self.document.str(piece)),
            _ => None,
        }
    }

    pub(super) const fn as_list(self) -> Option<Items<'a>> {
        match self.node.what {
            What::List(_, ends) => Some(Items { document: self.document, next: ends.first }),
            _ => None,
        }
    }

    pub(super) const fn as_table(self) -> Option<Table<'a>> {
        match self.node.what {
            What::Table(_, ends) => Some(Table { document: self.document, first: ends.first }),
            _ => None,
        }
    }

    /// What it is, in a fault's words.
    pub(super) const fn kind(self) -> &'static str {
        match self.node.what {
            What::Text(_) => "a text",
            What::Integer(..) | What::Float(_) => "a number",
            What::Bool(_) => "true or false",
            What::Date => "a date or a time",
            What::List(..) => "a list",
            What::Table(..) => "a section",
        }
    }
}

/// The items of a list.
#[derive(Debug, Clone)]
pub(super) struct Items<'a> {
    document: &'a Document<'a>,
    next: u32,
}

impl Items<'_> {
    /// No list, or one with nothing in it.
    pub(super) const NONE: Self = Self { document: &Document::EMPTY, next: NONE };

    pub(super) const fn is_empty(&self) -> bool {
        self.next == NONE
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let document = self.document;
        let node = document.node(self.next)?;
        self.next = node.next;
        Some(Value { document, node })
    }
}
