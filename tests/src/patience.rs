//! Waiting, with an end.

use std::io::Write;
use std::time::Duration;

/// No wait of a sound run comes near it, also on a busy machine; it only turns a test that would
/// hang into one that says what it waited for.
pub const LIMIT: Duration = Duration::from_secs(90);

/// Waits for what must come.
pub async fn in_time<T>(what: &str, coming: impl Future<Output = T>) -> T {
    let came = tokio::time::timeout(LIMIT, coming).await;
    came.unwrap_or_else(|_| panic!("gave up waiting: {what}"))
}

/// Tells whoever runs the tests something even when they pass: the test runner keeps back what is
/// merely printed.
pub fn tell(text: &str) {
    // A closed terminal is no reason to fail.
    let _ = writeln!(std::io::stderr(), "{text}");
}
