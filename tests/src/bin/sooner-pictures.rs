//! Pictures of every page in every state, for people to look at: `cargo xtask screenshots`.

use std::path::PathBuf;

use sooner_tests::browser::{Driver, must_have_pages};
use sooner_tests::gallery::pictures::{Camera, clear};
use sooner_tests::gallery::{self, Gallery};

/// The folder, and a page if only that is wanted.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut words = std::env::args().skip(1);
    let folder = PathBuf::from(words.next().expect("a folder for the pictures"));
    let only = words.next();
    must_have_pages();
    clear(&only.as_ref().map_or_else(|| folder.clone(), |page| folder.join(page)));
    let driver = Driver::start().await;
    let mut gallery = Gallery::new(&driver, only.as_deref(), Camera::new(folder));
    gallery::walk(&mut gallery).await;
    let (pages, states) = gallery.count();
    let taken = gallery.look.taken();
    let sheet = gallery.look.finish();
    println!("{taken} pictures of {pages} pages in {states} states: {}", sheet.display());
}
