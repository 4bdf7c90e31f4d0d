//! From the statements of a file to its tree, one after the other.

use std::borrow::Cow;

use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::lexer::Token;
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, Expected, ParseError, Raw, Source, Span};

use super::index::Index;
use super::{
    Broken, Document, Ends, FaultCode, ListIs, NONE, Node, Piece, TableIs, VALUES_MAX, What,
};

/// The whole file.
const ROOT: u32 = 0;

/// A key may have so many parts with dots between.
const PARTS_MAX: usize = 16;

const EMPTY: Ends = Ends { first: NONE, last: NONE };
const NO_KEY: Key = Key { name: Piece { from: 0, len: 0 }, at: 0 };

#[derive(Debug, Clone, Copy)]
struct Key {
    name: Piece,
    at: u32,
}

/// Takes what the parser finds.
pub(super) struct Builder<'t> {
    source: Source<'t>,
    document: Document<'t>,
    index: Index,
    /// The table that keys go into, by the last header.
    section: u32,
    /// Of the header that is being read: where it begins.
    header_at: u32,
    /// Parts of the key that is being read.
    keys: Vec<Key>,
    /// Where the next value goes, if a key was read for it.
    place: Option<(u32, Key)>,
    /// Lists and tables in brackets that are open; none where one has no place.
    open: Vec<Option<u32>>,
    /// Where there was one value too many.
    full_at: Option<usize>,
}

impl<'t> Builder<'t> {
    pub(super) fn new(source: Source<'t>) -> Self {
        let text = source.input();
        // No value comes without one of these before it.
        let signs = text.bytes().filter(|byte| matches!(byte, b'=' | b'[' | b',' | b'.')).count();
        let capacity = (signs + 1).min(VALUES_MAX);
        let mut nodes = Vec::with_capacity(capacity);
        nodes.push(node(NO_KEY, 0, NONE, What::Table(TableIs::Section, EMPTY)));
        Self {
            source,
            document: Document { text, decoded: String::new(), nodes },
            index: Index::new(capacity),
            section: ROOT,
            header_at: 0,
            keys: Vec::new(),
            place: None,
            open: Vec::new(),
            full_at: None,
        }
    }

    /// Takes one statement: a header, a key with its value, or nothing.
    pub(super) fn statement(&mut self, tokens: &[Token]) -> Result<(), Broken> {
        self.keys.clear();
        self.open.clear();
        self.place = None;
        let source = self.source;
        let mut error: Option<ParseError> = None;
        parse_document(tokens, &mut ValidateWhitespace::new(self, source), &mut error);
        if let Some(at) = self.full_at {
            let message = format!("this is more than {VALUES_MAX} values, which no shop needs");
            return Err((at, FaultCode::TooLarge, message));
        }
        let Some(error) = error else {
            return Ok(());
        };
        let at = error.unexpected().map_or(self.document.text.len(), |span| span.start());
        Err((at, FaultCode::Syntax, sentence(&error)))
    }

    pub(super) fn finish(self) -> Document<'t> {
        self.document
    }

    fn raw(&self, span: Span, encoding: Option<Encoding>) -> Raw<'t> {
        let text = self.document.text;
        Raw::new_unchecked(&text[span.start()..span.end()], encoding, span)
    }

    /// Where a text is kept: as a part of the file where it stands there as it is.
    fn piece(&mut self, text: &str) -> Piece {
        let whole = self.document.text;
        let from = text.as_ptr().addr().wrapping_sub(whole.as_ptr().addr());
        let is_part = whole.len().checked_sub(text.len()).is_some_and(|last| from <= last);
        let from = if is_part {
            from
        } else {
            let from = whole.len() + self.document.decoded.len();
            self.document.decoded.push_str(text);
            from
        };
        Piece { from: from as u32, len: text.len() as u32 }
    }

    fn what(&self, node: u32) -> What {
        self.document.nodes[node as usize].what
    }

    fn become_what(&mut self, node: u32, what: What) {
        self.document.nodes[node as usize].what = what;
    }

    /// What a table has under a key, or the slot for it.
    fn find(&self, table: u32, key: Key) -> Result<u32, usize> {
        let name = self.document.str(key.name);
        self.index.find(table, name, |node| {
            let node = self.document.nodes[node as usize];
            node.parent == table && self.document.str(node.key) == name
        })
    }

    /// Puts a new record behind what stands in a table or list; none when there are too many.
    fn append(&mut self, within: u32, key: Key, at: u32, what: What) -> Option<u32> {
        let nodes = &mut self.document.nodes;
        if nodes.len() == VALUES_MAX {
            self.full_at.get_or_insert(at as usize);
            return None;
        }
        let new = nodes.len() as u32;
        let (What::List(_, ends) | What::Table(_, ends)) = &mut nodes[within as usize].what else {
            return None;
        };
        let before = std::mem::replace(&mut ends.last, new);
        if before == NONE {
            ends.first = new;
        } else {
            nodes[before as usize].next = new;
        }
        nodes.push(node(key, at, within, what));
        Some(new)
    }

    /// The same under a key, which the table must not have yet.
    fn insert(
        &mut self,
        table: u32,
        key: Key,
        at: u32,
        what: What,
        error: &mut dyn ErrorSink,
    ) -> Option<u32> {
        match self.find(table, key) {
            Ok(_) => {
                report(error, key, "duplicate key");
                None
            }
            Err(slot) => {
                let new = self.append(table, key, at, what)?;
                self.index.fill(slot, new);
                Some(new)
            }
        }
    }

    /// The table that all but the last part of a key lead to, and the last part.
    fn descend(
        &mut self,
        from: u32,
        new: TableIs,
        error: &mut dyn ErrorSink,
    ) -> Option<(u32, Key)> {
        let keys = std::mem::take(&mut self.keys);
        let (last, path) = keys.split_last()?;
        if let Some(part) = path.get(PARTS_MAX - 1) {
            report(error, *part, "a key of too many parts");
            return None;
        }
        let mut table = from;
        for key in path {
            table = self.step(table, *key, new, error)?;
        }
        let is_dotted = new == TableIs::Dotted && !path.is_empty();
        if is_dotted && matches!(self.what(table), What::Table(TableIs::Section, _)) {
            report(error, *last, "duplicate key");
            return None;
        }
        // The list is used again.
        let last = *last;
        self.keys = keys;
        self.keys.clear();
        Some((table, last))
    }

    /// One part of a key: what is there already, if it may still be added to, or a new table.
    fn step(
        &mut self,
        table: u32,
        key: Key,
        new: TableIs,
        error: &mut dyn ErrorSink,
    ) -> Option<u32> {
        let Ok(there) = self.find(table, key) else {
            return self.insert(table, key, key.at, What::Table(new, EMPTY), error);
        };
        let is_by_dots = matches!(new, TableIs::Dotted | TableIs::DottedInline);
        match self.what(there) {
            What::List(ListIs::OfSections, ends) if new != TableIs::DottedInline => Some(ends.last),
            What::Table(TableIs::DottedInline, _) if new == TableIs::DottedInline => Some(there),
            What::Table(TableIs::Implied, ends) => {
                if is_by_dots {
                    self.become_what(there, What::Table(TableIs::Dotted, ends));
                }
                Some(there)
            }
            What::Table(TableIs::Dotted, _) => Some(there),
            What::Table(TableIs::Section, _) if !is_by_dots => Some(there),
            What::Table(TableIs::Section, _) => {
                report(error, key, "duplicate key");
                None
            }
            _ => {
                report(error, key, "this has a value already, to which nothing can be added");
                None
            }
        }
    }

    /// A value: for the key that was read, or the next one of a list.
    fn value(&mut self, at: usize, what: What, error: &mut dyn ErrorSink) -> Option<u32> {
        let at = at as u32;
        if let Some((table, key)) = self.place.take() {
            return self.insert(table, key, at, what, error);
        }
        let within = (*self.open.last()?)?;
        matches!(self.what(within), What::List(..))
            .then(|| self.append(within, NO_KEY, at, what))
            .flatten()
    }
}

const fn node(key: Key, at: u32, parent: u32, what: What) -> Node {
    Node { key: key.name, key_at: key.at, at, parent, next: NONE, what }
}

fn report(error: &mut dyn ErrorSink, key: Key, message: &'static str) {
    let at = key.at as usize;
    error.report_error(ParseError::new(message).with_unexpected(Span::new_unchecked(at, at)));
}

/// An error with what was expected in its place.
fn sentence(error: &ParseError) -> String {
    let mut sentence = error.description().to_owned();
    for (n, expected) in error.expected().into_iter().flatten().enumerate() {
        sentence.push_str(if n == 0 { ", expected " } else { ", " });
        match expected {
            Expected::Literal("\n") => sentence.push_str("a new line"),
            Expected::Literal(text) => sentence.extend(["`", text, "`"]),
            Expected::Description(text) => sentence.push_str(text),
            _ => {}
        }
    }
    sentence
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.header_at = span.start() as u32;
    }

    fn std_table_close(&mut self, _: Span, error: &mut dyn ErrorSink) {
        let Some((table, key)) = self.descend(ROOT, TableIs::Implied, error) else {
            return;
        };
        let at = self.header_at;
        let section = match self.find(table, key).map(|there| (there, self.what(there))) {
            Ok((there, What::Table(TableIs::Implied, ends))) => {
                let node = &mut self.document.nodes[there as usize];
                (node.key_at, node.at) = (key.at, at);
                node.what = What::Table(TableIs::Section, ends);
                Some(there)
            }
            _ => self.insert(table, key, at, What::Table(TableIs::Section, EMPTY), error),
        };
        self.section = section.unwrap_or(self.section);
    }

    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.header_at = span.start() as u32;
    }

    fn array_table_close(&mut self, _: Span, error: &mut dyn ErrorSink) {
        let Some((table, key)) = self.descend(ROOT, TableIs::Implied, error) else {
            return;
        };
        let at = self.header_at;
        let list = match self.find(table, key).map(|there| (there, self.what(there))) {
            Ok((there, What::List(ListIs::OfSections, _))) => Some(there),
            _ => self.insert(table, key, at, What::List(ListIs::OfSections, EMPTY), error),
        };
        let section = list
            .and_then(|list| self.append(list, NO_KEY, at, What::Table(TableIs::Section, EMPTY)));
        self.section = section.unwrap_or(self.section);
    }

    fn inline_table_open(&mut self, span: Span, error: &mut dyn ErrorSink) -> bool {
        let table = self.value(span.start(), What::Table(TableIs::Inline, EMPTY), error);
        self.open.push(table);
        true
    }

    fn inline_table_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.open.pop();
    }

    fn array_open(&mut self, span: Span, error: &mut dyn ErrorSink) -> bool {
        let list = self.value(span.start(), What::List(ListIs::InBrackets, EMPTY), error);
        self.open.push(list);
        true
    }

    fn array_close(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.open.pop();
    }

    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut name = Cow::Borrowed("");
        self.raw(span, encoding).decode_key(&mut name, error);
        let key = Key { name: self.piece(&name), at: span.start() as u32 };
        self.keys.push(key);
    }

    fn key_val_sep(&mut self, _: Span, error: &mut dyn ErrorSink) {
        let (table, new) = match self.open.last() {
            None => (Some(self.section), TableIs::Dotted),
            Some(table) => (*table, TableIs::DottedInline),
        };
        self.place = table.and_then(|table| self.descend(table, new, error));
        self.keys.clear();
    }

    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut text = Cow::Borrowed("");
        let kind = self.raw(span, encoding).decode_scalar(&mut text, error);
        let what = match kind {
            ScalarKind::String => What::Text(self.piece(&text)),
            ScalarKind::Boolean(value) => What::Bool(value),
            ScalarKind::DateTime => What::Date,
            ScalarKind::Float => What::Float(self.piece(&text)),
            ScalarKind::Integer(radix) => What::Integer(radix.value() as u8, self.piece(&text)),
        };
        self.value(span.start(), what, error);
    }
}
