//! A camera: pictures of every state in the light, in the dark and from right to left, and a sheet
//! with all of them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::language::{FOREIGN, speak};
use super::{Look, Shown};
use crate::browser::Browser;

/// Who takes pictures, into a folder.
#[derive(Debug)]
pub struct Camera {
    folder: PathBuf,
    sheet: String,
    page: String,
    taken: usize,
}

impl Camera {
    /// One that has taken none yet.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder, sheet: String::new(), page: String::new(), taken: 0 }
    }

    /// How many pictures were taken.
    #[must_use]
    pub const fn taken(&self) -> usize {
        self.taken
    }

    /// Writes the sheet, and says where.
    ///
    /// # Panics
    /// When the folder cannot be written.
    #[must_use]
    pub fn finish(self) -> PathBuf {
        let file = self.folder.join("index.html");
        let sheet = format!("{HEAD}{}</html>\n", self.sheet);
        fs::write(&file, sheet).expect("the sheet can be written");
        file
    }

    async fn take(&mut self, browser: &Browser<'_>, shown: Shown<'_>, how: &str, whole: bool) {
        let folder = self.folder.join(shown.page);
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let name = format!("{}/{}-{how}.png", shown.page, plain(shown.state));
        let file = self.folder.join(&name);
        if whole {
            browser.whole_picture(&file).await;
        } else {
            browser.picture(&file).await;
        }
        self.taken += 1;
        let _ = writeln!(
            self.sheet,
            "<figure><a href=\"{name}\"><img loading=\"lazy\" src=\"{name}\" alt=\"{} {how}\"></a>\
             <figcaption>{how}</figcaption></figure>",
            shown.state
        );
    }
}

impl Look for Camera {
    async fn look(&mut self, browser: &Browser<'_>, shown: Shown<'_>) {
        if self.page != shown.page {
            shown.page.clone_into(&mut self.page);
            let _ = writeln!(self.sheet, "<h1 id=\"{0}\">{0}</h1>", shown.page);
        }
        let (device, state) = (shown.device, shown.state);
        let _ = writeln!(
            self.sheet,
            "<h2>{state} <small>{} {} × {}</small></h2>",
            device.name, device.width, device.height
        );
        browser.prefers("light", "reduce").await;
        self.take(browser, shown, "light", false).await;
        browser.prefers("dark", "reduce").await;
        self.take(browser, shown, "dark", false).await;
        browser.prefers("light", "reduce").await;
        if speak(browser, FOREIGN).await {
            self.take(browser, shown, "rtl", false).await;
            speak(browser, "en").await;
        }
        let scrolls = browser.ask("document.documentElement.scrollHeight > innerHeight + 8").await;
        if scrolls == true {
            self.take(browser, shown, "whole", true).await;
        }
        browser.prefers("light", "no-preference").await;
    }
}

/// A state as part of a file's name.
fn plain(state: &str) -> String {
    let dashed = state.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Removes what an earlier run left, so that the sheet and the folder say the same.
///
/// # Panics
/// When it cannot be removed.
pub fn clear(folder: &Path) {
    match fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => panic!("{}: {error}", folder.display()),
    }
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width\">\n\
<title>Sooner, every page in every state</title>\n<style>\n\
body { font: 16px/1.4 system-ui, sans-serif; margin: 24px; background: #777; color: #fff; }\n\
figure { display: inline-block; margin: 0 16px 16px 0; vertical-align: top; }\n\
img { max-width: 460px; max-height: 460px; display: block; }\n\
small, figcaption { font-weight: 400; opacity: 0.8; }\n</style>\n";

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_state_names_a_file() {
        assert_eq!(plain("busy, upright"), "busy-upright");
        assert_eq!(plain("walk-in, to say"), "walk-in-to-say");
    }
}
