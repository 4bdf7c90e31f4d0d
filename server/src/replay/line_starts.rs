//! In which lines rows stand. The reader of CSV counts `\n` alone, and takes down the place of a row
//! before it skips what is left of the end of the line above, and empty lines.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::rc::Rc;

/// The beginnings of lines that were read and not asked for yet; empty lines have none.
#[derive(Debug, Clone, Default)]
pub(super) struct LineStarts(Rc<RefCell<VecDeque<Start>>>);

#[derive(Debug, Clone, Copy)]
struct Start {
    byte: u64,
    line: u64,
}

impl LineStarts {
    /// The line, from 1, that begins at or next after a byte. Those before it are forgotten.
    pub(super) fn at(&self, byte: u64) -> Option<u64> {
        let mut starts = self.0.borrow_mut();
        while starts.front().is_some_and(|start| start.byte < byte) {
            starts.pop_front();
        }
        starts.front().map(|start| start.line)
    }

    /// What reads the same, and takes down where lines begin.
    pub(super) fn of<R>(&self, input: R) -> Noting<R> {
        let starts = self.clone();
        Noting { input, starts, byte: 0, line: 1, is_new: true, was_return: false }
    }
}

/// An input of which the beginnings of lines are taken down.
pub(super) struct Noting<R> {
    input: R,
    starts: LineStarts,
    /// Of the next byte.
    byte: u64,
    line: u64,
    /// Nothing was in the line yet.
    is_new: bool,
    was_return: bool,
}

impl<R: Read> Read for Noting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        for &byte in &buffer[..read] {
            match byte {
                // The second half of one end.
                b'\n' if self.was_return => {}
                b'\n' | b'\r' => {
                    self.line += 1;
                    self.is_new = true;
                }
                _ if self.is_new => {
                    self.is_new = false;
                    let start = Start { byte: self.byte, line: self.line };
                    self.starts.0.borrow_mut().push_back(start);
                }
                _ => {}
            }
            self.was_return = byte == b'\r';
            self.byte += 1;
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use crate::replay::record::{COLUMNS, read_from};

    fn says(text: &str) -> String {
        read_from(text.as_bytes(), "day.csv").expect_err("a fault").to_string()
    }

    /// As editors count them, whatever ends a line and wherever lines are empty.
    #[test]
    fn faults_name_the_line_that_an_editor_shows() {
        let (good, bad) = ("q,1,2,3,,S1,cut,0,served,1", "q,1,2,3,,S1,cut,0,gone,1");
        let header = COLUMNS.join(",");
        let quoted = "\"q\nr\",1,2,3,,S1,cut,0,served,\"\n\"";
        for end in ["\n", "\r\n", "\r"] {
            for (before, line) in
                [(vec![good], 3), (vec![], 2), (vec!["", ""], 4), (vec![good, "", quoted], 7)]
            {
                let lines = [&[header.as_str()], &before[..], &[bad, good]].concat();
                for mark in ["", "\u{feff}"] {
                    let text = format!("{mark}{}", lines.join(end));
                    let said = says(&text);
                    let expected = format!("day.csv, line {line}: unknown outcome");
                    assert!(said.starts_with(&expected), "{said}: {text:?}");
                }
            }
        }
        let text = format!("{header}\n{good}\r\n{good}\n\n{good}");
        let rows = read_from(text.as_bytes(), "day.csv").expect("reads");
        assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 5]);
        let text = format!("{header}\n\r\nq,1,2");
        assert!(says(&text).starts_with("day.csv, line 3: 3 fields"));
    }
}
