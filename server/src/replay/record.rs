//! A record of a queue: CSV, plain or gzip, columns found by the names in its first line, times as
//! seconds since 1970 or as RFC 3339.
//!
//! Every fault names the file, the line and what is wrong with it. The first one ends the reading:
//! half a day is no day.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use chrono::DateTime;
use csv::StringRecord;
use flate2::bufread::MultiGzDecoder;
use sooner_shared::Timestamp;
use thiserror::Error;

use super::line_starts::LineStarts;

/// The columns of the format, in any order; others are ignored.
pub const COLUMNS: [&str; 10] = [
    "queue", "arrival", "start", "end", "leave", "server", "type", "priority", "outcome", "queued",
];

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The largest time taken, in seconds either side of 1970: some 3,000 years.
const SECONDS_MAX: f64 = 1e11;

/// One person's stay, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// When they came.
    pub arrival: Timestamp,
    /// In which queue.
    pub queue: String,
    /// What they came for.
    pub service: String,
    /// Above 0: with a right to go first.
    pub priority: i32,
    /// How it ended.
    pub fate: Fate,
}

/// How a recorded stay ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// They were served.
    Served {
        /// By whom, where that was recorded.
        server: Option<String>,
        /// From when.
        start: Timestamp,
        /// Until when.
        end: Timestamp,
    },
    /// They went away before.
    Left {
        /// When.
        at: Timestamp,
    },
}

impl Row {
    /// When the stay was over.
    #[must_use]
    pub const fn over_at(&self) -> Timestamp {
        match self.fate {
            Fate::Served { end, .. } => end,
            Fate::Left { at } => at,
        }
    }
}

/// Why a file could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The system, or the gzip format, would not have it.
    #[error("{file} cannot be read")]
    Io {
        /// Which file.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// There is no row in it.
    #[error("{file} is empty: there is no row in it")]
    Empty {
        /// Which file.
        file: String,
    },
    /// Something in a line.
    #[error("{file}, line {line}: {what}")]
    Line {
        /// Which file.
        file: String,
        /// Which line, from 1.
        line: u64,
        /// What is wrong.
        what: Fault,
    },
}

/// What can be wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The first line does not name all columns.
    #[error("missing column{}: {}", plural(.0.len()), .0.join(", "))]
    MissingColumns(Vec<&'static str>),
    /// A line with more or fewer fields than the first.
    #[error("{found} fields, the first line has {expected}")]
    Fields {
        /// In the first line.
        expected: u64,
        /// In this one.
        found: u64,
    },
    /// Bytes that are no text.
    #[error("not UTF-8 text")]
    NotText,
    /// A time that is no number.
    #[error("{column} is {text:?}, which is neither a number of seconds nor a time of RFC 3339")]
    NotANumber {
        /// Where.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// A priority that is no whole number.
    #[error("priority is {0:?}, which is not a whole number")]
    NotAPriority(String),
    /// A row that came before the one above it.
    #[error("arrival before that of line {0}: rows must be in the order of arrival")]
    OutOfOrder(u64),
    /// A time that must be there.
    #[error("{outcome} without {column}")]
    Without {
        /// How it ended.
        outcome: &'static str,
        /// What is not there.
        column: &'static str,
    },
    /// A start of somebody who went away before it.
    #[error("abandoned, but with a start")]
    AbandonedWithStart,
    /// Two times in the wrong order.
    #[error("{later} ({later_text}) before {earlier} ({earlier_text})")]
    Backwards {
        /// The column that must not come before the other.
        later: &'static str,
        /// What stands there.
        later_text: String,
        /// The other.
        earlier: &'static str,
        /// What stands there.
        earlier_text: String,
    },
    /// An end the format does not know.
    #[error("unknown outcome {0:?} (served or abandoned)")]
    UnknownOutcome(String),
}

const fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<Row>, ReadError> {
    all(Rows::open(path)?)
}

/// Reads rows from anywhere; `file` is how faults name it.
pub fn read_from(input: impl Read, file: &str) -> Result<Vec<Row>, ReadError> {
    all(Rows::from_reader(Box::new(input), file)?)
}

fn all(rows: Rows<'_>) -> Result<Vec<Row>, ReadError> {
    let file = rows.file.clone();
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() { Err(ReadError::Empty { file }) } else { Ok(rows) }
}

/// The rows of a record, one after the other; none of them is kept.
pub struct Rows<'a> {
    file: String,
    columns: Columns,
    starts: LineStarts,
    records: csv::StringRecordsIntoIter<Box<dyn Read + 'a>>,
}

impl Rows<'static> {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let file = path.display().to_string();
        let io = |source| ReadError::Io { file: file.clone(), source };
        let mut input = BufReader::new(File::open(path).map_err(io)?);
        let is_gzip = input.fill_buf().map_err(io)?.starts_with(&GZIP_MAGIC);
        let input: Box<dyn Read> =
            if is_gzip { Box::new(MultiGzDecoder::new(input)) } else { Box::new(input) };
        Self::from_reader(input, &file)
    }
}

impl<'a> Rows<'a> {
    /// Reads from anywhere; `file` is how faults name it.
    pub fn from_reader(input: Box<dyn Read + 'a>, file: &str) -> Result<Self, ReadError> {
        let starts = LineStarts::default();
        let input: Box<dyn Read + 'a> = Box::new(starts.of(input));
        let mut csv = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
        let header = csv.headers().map_err(|error| from_csv(error, file, &starts))?;
        if header.is_empty() {
            return Err(ReadError::Empty { file: file.into() });
        }
        let line = line(header.position(), &starts);
        let columns = Columns::find(header);
        let columns = columns.map_err(|what| ReadError::Line { file: file.into(), line, what })?;
        Ok(Self { file: file.to_owned(), columns, starts, records: csv.into_records() })
    }

    /// The name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let record = match self.records.next()? {
            Ok(record) => record,
            Err(error) => return Some(Err(from_csv(error, &self.file, &self.starts))),
        };
        let line = line(record.position(), &self.starts);
        let row = self.columns.row(&record, line);
        Some(row.map_err(|what| ReadError::Line { file: self.file.clone(), line, what }))
    }
}

/// The line in which a row begins, from 1.
fn line(place: Option<&csv::Position>, starts: &LineStarts) -> u64 {
    place.map_or(0, |place| starts.at(place.byte()).unwrap_or(place.line()))
}

fn from_csv(error: csv::Error, file: &str, starts: &LineStarts) -> ReadError {
    let line = |place: &Option<csv::Position>| line(place.as_ref(), starts);
    let (line, what) = match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let what = Fault::Fields { expected: *expected_len, found: *len };
            (line(pos), what)
        }
        csv::ErrorKind::Utf8 { pos, .. } => (line(pos), Fault::NotText),
        _ => {
            return ReadError::Io { file: file.into(), source: error.into() };
        }
    };
    ReadError::Line { file: file.into(), line, what }
}

/// Where the columns that are read stand.
struct Columns {
    arrival: usize,
    start: usize,
    end: usize,
    leave: usize,
    server: usize,
    queue: usize,
    service: usize,
    priority: usize,
    outcome: usize,
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, Fault> {
        let place = |name: &str| header.iter().position(|found| found == name);
        let missing: Vec<_> = COLUMNS.into_iter().filter(|name| place(name).is_none()).collect();
        if !missing.is_empty() {
            return Err(Fault::MissingColumns(missing));
        }
        let place = |name| place(name).unwrap_or_default();
        Ok(Self {
            arrival: place("arrival"),
            start: place("start"),
            end: place("end"),
            leave: place("leave"),
            server: place("server"),
            queue: place("queue"),
            service: place("type"),
            priority: place("priority"),
            outcome: place("outcome"),
        })
    }

    fn row(&self, record: &StringRecord, line: u64) -> Result<Row, Fault> {
        let text = |at: usize| record.get(at).unwrap_or_default();
        let outcome = text(self.outcome);
        let (outcome, served) = match outcome {
            "served" => ("served", true),
            "abandoned" => ("abandoned", false),
            _ => return Err(Fault::UnknownOutcome(outcome.to_owned())),
        };
        let needed =
            |column, at| seconds(column, text(at))?.ok_or(Fault::Without { outcome, column });
        let arrival = needed("arrival", self.arrival)?;
        let in_order = |later: &'static str, later_at, earlier: &'static str, earlier_at| {
            if needed(later, later_at)? >= needed(earlier, earlier_at)? {
                return Ok(());
            }
            Err(Fault::Backwards {
                later,
                later_text: text(later_at).to_owned(),
                earlier,
                earlier_text: text(earlier_at).to_owned(),
            })
        };
        let fate = if served {
            in_order("start", self.start, "arrival", self.arrival)?;
            in_order("end", self.end, "start", self.start)?;
            Fate::Served {
                server: Some(text(self.server).to_owned()).filter(|name| !name.is_empty()),
                start: needed("start", self.start)?,
                end: needed("end", self.end)?,
            }
        } else {
            if !text(self.start).is_empty() {
                return Err(Fault::AbandonedWithStart);
            }
            in_order("leave", self.leave, "arrival", self.arrival)?;
            Fate::Left { at: needed("leave", self.leave)? }
        };
        let priority = match text(self.priority) {
            "" => 0,
            number => number.parse().map_err(|_| Fault::NotAPriority(number.to_owned()))?,
        };
        let (queue, service) = (text(self.queue).to_owned(), text(self.service).to_owned());
        Ok(Row { line, arrival, queue, service, priority, fate })
    }
}

/// A time in seconds, to the millisecond; `None` where there is none.
fn seconds(column: &'static str, text: &str) -> Result<Option<Timestamp>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        // This leaves out NaN too.
        Ok(seconds) if seconds.abs() <= SECONDS_MAX => {
            Ok(Some(Timestamp((seconds * 1_000.0).round() as i64)))
        }
        Ok(_) => Err(Fault::NotANumber { column, text: text.to_owned() }),
        Err(_) => {
            let time = DateTime::parse_from_rfc3339(text);
            let not_a_time = |_| Fault::NotANumber { column, text: text.to_owned() };
            time.map(|at| Some(Timestamp(at.timestamp_millis()))).map_err(not_a_time)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const HEADER: &str = "queue,arrival,start,end,leave,server,type,priority,outcome,queued\n";

    fn lines(lines: &[&str]) -> Result<Vec<Row>, ReadError> {
        let text = format!("{HEADER}{}", lines.join("\n"));
        read_from(text.as_bytes(), "day.csv")
    }

    fn says(result: Result<Vec<Row>, ReadError>) -> String {
        result.expect_err("a fault").to_string()
    }

    #[test]
    fn columns_are_found_by_name_and_others_ignored() {
        let text = "note,outcome,type,priority,queued,server,leave,end,start,arrival,queue\n\
                    x,served,cut,0,1, S1 ,,20.0005,10.5,1,q\n\
                    y,abandoned,cut,0,1,,4,,,2,q\n";
        let rows = read_from(text.as_bytes(), "day.csv").expect("reads");
        assert_eq!(
            rows,
            [
                Row {
                    line: 2,
                    arrival: Timestamp(1_000),
                    queue: "q".into(),
                    service: "cut".into(),
                    priority: 0,
                    fate: Fate::Served {
                        server: Some("S1".into()),
                        start: Timestamp(10_500),
                        end: Timestamp(20_001),
                    },
                },
                Row {
                    line: 3,
                    arrival: Timestamp(2_000),
                    queue: "q".into(),
                    service: "cut".into(),
                    priority: 0,
                    fate: Fate::Left { at: Timestamp(4_000) },
                },
            ]
        );
    }

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        let seconds = lines(&["q,1767261600,1767261600.5,1767265200,,S1,cut,2,served,1"]);
        let text = lines(&["q,2026-01-01T10:00:00Z,2026-01-01T11:00:00.5+01:00,\
             2026-01-01T11:00:00Z,,S1,cut,2,served,1"]);
        assert_eq!(seconds.expect("reads"), text.expect("reads"));
    }

    #[test]
    fn gzip_is_known_by_its_first_bytes() {
        let folder = tempfile::tempdir().expect("a folder");
        let text = format!("{HEADER}q,1,2,3,,S1,cut,0,served,1\n");
        let plain = folder.path().join("plain.gz");
        std::fs::write(&plain, &text).expect("writes");
        let packed = folder.path().join("packed.csv");
        let file = File::create(&packed).expect("a file");
        let mut gzip = flate2::write::GzEncoder::new(file, flate2::Compression::default());
        gzip.write_all(text.as_bytes()).expect("writes");
        gzip.finish().expect("ends");
        let rows = read(&plain).expect("reads");
        assert_eq!(rows.len(), 1);
        assert_eq!(read(&packed).expect("reads"), rows);

        let cut_short = &std::fs::read(&packed).expect("reads")[..40];
        std::fs::write(&packed, cut_short).expect("writes");
        assert_eq!(says(read(&packed)), format!("{} cannot be read", packed.display()));
    }

    #[test]
    fn all_missing_columns_are_named_at_once() {
        let result = read_from("queue,arrival,end,server,type,outcome\n".as_bytes(), "day.csv");
        assert_eq!(
            says(result),
            "day.csv, line 1: missing columns: start, leave, priority, queued"
        );
    }

    #[test]
    fn a_file_without_rows_is_empty() {
        for text in ["", "\n", HEADER] {
            let result = read_from(text.as_bytes(), "day.csv");
            assert_eq!(says(result), "day.csv is empty: there is no row in it");
        }
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let good = "q,1,2,3,,S1,cut,0,served,1";
        for (bad, expected) in [
            (
                "q,x,2,3,,S1,cut,0,served,1",
                r#"arrival is "x", which is neither a number of seconds nor a time of RFC 3339"#,
            ),
            (
                "q,1,2,nan,,S1,cut,0,served,1",
                r#"end is "nan", which is neither a number of seconds nor a time of RFC 3339"#,
            ),
            (
                "q,1e99,2,3,,S1,cut,0,served,1",
                r#"arrival is "1e99", which is neither a number of seconds nor a time of RFC 3339"#,
            ),
            ("q,,2,3,,S1,cut,0,served,1", "served without arrival"),
            ("q,1,,3,,S1,cut,0,served,1", "served without start"),
            ("q,1,2,,,S1,cut,0,served,1", "served without end"),
            ("q,1,,,,,cut,0,abandoned,1", "abandoned without leave"),
            ("q,1,2,,3,,cut,0,abandoned,1", "abandoned, but with a start"),
            ("q,1,3,2,,S1,cut,0,served,1", "end (2) before start (3)"),
            ("q,5,2,6,,S1,cut,0,served,1", "start (2) before arrival (5)"),
            ("q,5,,,4,,cut,0,abandoned,1", "leave (4) before arrival (5)"),
            ("q,1,2,3,,S1,cut,0,gone,1", r#"unknown outcome "gone" (served or abandoned)"#),
            ("q,1,2,3,,S1,cut,x,served,1", r#"priority is "x", which is not a whole number"#),
            ("q,1,2", "3 fields, the first line has 10"),
        ] {
            let result = lines(&[good, bad, good]);
            assert_eq!(says(result), format!("day.csv, line 3: {expected}"));
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_a_fault_of_their_line() {
        let text = [HEADER.as_bytes(), b"q,1,2,3,,S\xff,cut,0,served,1\n"].concat();
        assert_eq!(says(read_from(&text[..], "day.csv")), "day.csv, line 2: not UTF-8 text");
    }
}
