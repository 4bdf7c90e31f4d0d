//! Answers as small as the asker can read them.

use std::io::Write;
use std::sync::OnceLock;
use std::thread::JoinHandle;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use dashmap::DashMap;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A way to write fewer bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Coding {
    Brotli,
    Gzip,
}

/// What is made at each request, or for the first who ask, is compressed quickly.
const QUICK: u32 = 5;
/// What is made ahead as well as can be.
const THOROUGH: u32 = 11;
/// The window of brotli, as a power of two; larger ones are not read by every browser.
const WINDOW: u32 = 22;
/// What is larger is sent as it is: only pages that were built in a hurry are.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Below this there is nothing to gain.
const LEAST_BYTES: usize = 512;

type Kept = DashMap<(String, Coding), Bytes>;

/// Files that never change, compressed once.
fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(DashMap::new)
}

impl Coding {
    /// The best of what the asker reads.
    fn accepted(headers: &HeaderMap) -> Option<Self> {
        let accepts = |name: &str| {
            let all = headers.get_all(header::ACCEPT_ENCODING).into_iter();
            let mut codings = all.filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
            codings.any(|coding| {
                let mut fields = coding.split(';').map(str::trim);
                let is_named = fields.next().is_some_and(|n| n.eq_ignore_ascii_case(name));
                let weight = fields.find_map(|f| f.strip_prefix("q=")?.parse::<f32>().ok());
                is_named && weight.is_none_or(|weight| weight > 0.0)
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().find(|coding| accepts(coding.name()))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn compress(self, data: &[u8], effort: u32) -> Vec<u8> {
        let mut out = Vec::with_capacity(data.len() / 3);
        let written = match self {
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(&mut out, 16 * 1024, effort, WINDOW);
                writer.write_all(data).and_then(|()| writer.flush())
            }
            Self::Gzip => {
                let mut writer = GzEncoder::new(&mut out, Compression::new(effort.min(9)));
                writer.write_all(data).and_then(|()| writer.try_finish())
            }
        };
        written.expect("memory can be written to");
        out
    }
}

/// A text that is made for this one request.
pub(super) fn text(headers: &HeaderMap, text: Vec<u8>) -> Response {
    match Coding::accepted(headers).filter(|_| text.len() >= LEAST_BYTES) {
        Some(coding) => coded(coding, coding.compress(&text, QUICK).into()),
        None => text.into_response(),
    }
}

/// A file of which the name changes whenever it does.
pub(super) async fn file(headers: &HeaderMap, name: &str, data: Bytes) -> Response {
    let fits = (LEAST_BYTES..=MOST_BYTES).contains(&data.len());
    let Some(coding) = Coding::accepted(headers).filter(|_| fits) else {
        return data.into_response();
    };
    let key = (name.to_owned(), coding);
    if let Some(found) = kept().get(&key) {
        return coded(coding, found.clone());
    }
    let plain = data.clone();
    let made = tokio::task::spawn_blocking(move || coding.compress(&plain, QUICK)).await;
    match made {
        Ok(made) => coded(coding, kept().entry(key).or_insert(made.into()).clone()),
        Err(_) => data.into_response(),
    }
}

/// Compresses files ahead, as well as can be, on a thread of its own.
pub(crate) fn ahead(files: Vec<(String, Bytes)>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for (name, data) in files {
            if (LEAST_BYTES..=MOST_BYTES).contains(&data.len()) {
                let made = Coding::Brotli.compress(&data, THOROUGH);
                kept().insert((name, Coding::Brotli), made.into());
            }
        }
    })
}

fn coded(coding: Coding, body: Bytes) -> Response {
    let mut response = body.into_response();
    let name = HeaderValue::from_static(coding.name());
    response.headers_mut().insert(header::CONTENT_ENCODING, name);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn accepted(text: &str) -> Option<Coding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::try_from(text).expect("plain"));
        Coding::accepted(&headers)
    }

    #[test]
    fn the_smallest_is_sent_of_what_is_read() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), Some(Coding::Brotli));
        assert_eq!(accepted("br;q=0, GZIP;q=0.5"), Some(Coding::Gzip));
        assert_eq!(accepted("brotli, identity"), None);
        assert_eq!(accepted(""), None);
    }

    #[test]
    fn what_is_compressed_reads_back() {
        let text = "by 14:35 ".repeat(1_000).into_bytes();
        let small = Coding::Gzip.compress(&text, QUICK);
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&small[..]).read_to_end(&mut read).expect("reads");
        assert_eq!(read, text);
        let small = Coding::Brotli.compress(&text, THOROUGH);
        let mut read = Vec::new();
        brotli::Decompressor::new(&small[..], 4_096).read_to_end(&mut read).expect("reads");
        assert_eq!(read, text);
        assert!(small.len() < 100);
    }
}
