//! Folders of files: listing, copying, removing.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};

/// Large folders that are nobody's source; listing passes them by.
const PASSED_BY: [&str; 3] = [".git", "node_modules", "target"];

/// All files under a folder, in a fixed order.
pub(crate) fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).map_err(Failure::at(&folder))? {
            let entry = entry.map_err(Failure::at(&folder))?;
            let kind = entry.file_type().map_err(Failure::at(&folder))?;
            if kind.is_dir() {
                let name = entry.file_name();
                if !PASSED_BY.iter().any(|passed| name == *passed) {
                    waiting.push(entry.path());
                }
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A path below `root`, with `/` on every system.
pub(crate) fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Copies everything below `from` to `to`, which is made.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to).map_err(Failure::at(to))?;
    for entry in fs::read_dir(from).map_err(Failure::at(from))? {
        let entry = entry.map_err(Failure::at(from))?;
        let goal = to.join(entry.file_name());
        if entry.file_type().map_err(Failure::at(from))?.is_dir() {
            copy(&entry.path(), &goal)?;
        } else {
            fs::copy(entry.path(), &goal).map_err(Failure::at(&goal))?;
        }
    }
    Ok(())
}

/// Removes a folder with all that is in it; it need not be there.
pub(crate) fn remove(folder: &Path) -> Outcome<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::at(folder)(error)),
        _ => Ok(()),
    }
}
