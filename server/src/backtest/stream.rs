//! A record, as a stream of what happened.
//!
//! At equal times: ends of services, people going away, starts of those who came before, then
//! whoever comes, and right after them what becomes of them at the same instant. Of the rows only
//! those are held whose end is still to come.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::iter::Peekable;

use sooner_sim::moment::{Arrival, Happened, Moment};

use crate::replay::record::{Fate, Fault, ReadError, Row, Rows};

/// What happened, read row by row.
pub struct Stream<'a> {
    file: String,
    rows: Peekable<Rows<'a>>,
    /// When, in which order, of whom, what: of rows that were read.
    future: BinaryHeap<Reverse<(i64, u8, u64, Next)>>,
    /// What becomes of who has just come, at the same instant.
    at_once: VecDeque<Happened>,
    servers: BTreeMap<String, u16>,
    services: BTreeMap<String, u16>,
    visits: u64,
    last: Option<(i64, u64)>,
    has_failed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    End,
    Leave,
    Start(Option<u16>),
}

impl Next {
    const fn order(self) -> u8 {
        match self {
            Self::End => 0,
            Self::Leave => 1,
            Self::Start(_) => 2,
        }
    }

    const fn of(self, visit: u64) -> Moment {
        match self {
            Self::End => Moment::Ended { visit },
            Self::Leave => Moment::Left { visit },
            Self::Start(server) => Moment::Started { visit, server },
        }
    }
}

/// The number of a name, by first appearance; names beyond the last number share it.
fn number(names: &mut BTreeMap<String, u16>, name: &str) -> u16 {
    if let Some(&number) = names.get(name) {
        return number;
    }
    let number = names.len().min(usize::from(u16::MAX) / 2) as u16;
    names.insert(name.to_owned(), number);
    number
}

impl<'a> Stream<'a> {
    /// Reads these rows.
    #[must_use]
    pub fn new(rows: Rows<'a>) -> Self {
        Self {
            file: rows.file().to_owned(),
            rows: rows.peekable(),
            future: BinaryHeap::new(),
            at_once: VecDeque::new(),
            servers: BTreeMap::new(),
            services: BTreeMap::new(),
            visits: 0,
            last: None,
            has_failed: false,
        }
    }

    /// What people come for, by number.
    #[must_use]
    pub fn services(&self) -> Vec<String> {
        let mut named: Vec<_> = self.services.iter().collect();
        named.sort_unstable_by_key(|&(_, number)| number);
        named.into_iter().map(|(name, _)| name.clone()).collect()
    }

    /// How many came so far.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.visits
    }

    fn come(&mut self, row: &Row) -> Happened {
        let visit = self.visits;
        self.visits += 1;
        let at_ms = row.arrival.0;
        let mut then = |at_ms: i64, next: Next| {
            if at_ms == row.arrival.0 {
                self.at_once.push_back(Happened { at_ms, what: next.of(visit) });
            } else {
                self.future.push(Reverse((at_ms, next.order(), visit, next)));
            }
        };
        match &row.fate {
            Fate::Served { server, start, end } => {
                let server = server.as_deref().map(|name| number(&mut self.servers, name));
                then(start.0, Next::Start(server));
                then(end.0, Next::End);
            }
            Fate::Left { at } => then(at.0, Next::Leave),
        }
        // The same thing in two queues may be done by others and takes its own time, and who has
        // another priority has other waits.
        let kind = format!("{}/{}/{}", row.queue, row.service, row.priority);
        let service = number(&mut self.services, &kind);
        let arrival = Arrival { visit, service, priority: row.priority, requested: None };
        Happened { at_ms, what: Moment::Arrived(arrival) }
    }

    fn fail(&mut self, error: ReadError) -> Result<Happened, ReadError> {
        self.has_failed = true;
        Err(error)
    }
}

impl Iterator for Stream<'_> {
    type Item = Result<Happened, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        if let Some(happened) = self.at_once.pop_front() {
            return Some(Ok(happened));
        }
        let arrives_at = match self.rows.peek() {
            Some(Ok(row)) => Some(row.arrival.0),
            Some(Err(_)) => Some(i64::MIN),
            None => None,
        };
        if let Some(&Reverse((at_ms, _, visit, next))) = self.future.peek()
            && arrives_at.is_none_or(|arrives_at| at_ms <= arrives_at)
        {
            self.future.pop();
            // A service of no length ends right after it began.
            return Some(Ok(Happened { at_ms, what: next.of(visit) }));
        }
        let row = match self.rows.next()? {
            Ok(row) => row,
            Err(error) => return Some(self.fail(error)),
        };
        if let Some((last_ms, line)) = self.last
            && row.arrival.0 < last_ms
        {
            let what = Fault::OutOfOrder(line);
            let error = ReadError::Line { file: self.file.clone(), line: row.line, what };
            return Some(self.fail(error));
        }
        self.last = Some((row.arrival.0, row.line));
        Some(Ok(self.come(&row)))
    }
}
