//! What is kept between runs and clones: tools by version, built pages, logs, remembered failures.
//!
//! Whatever lies under its final name is whole: things are made beside it and renamed, so an
//! interrupted set-up is simply repeated.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::failure::{Failure, Outcome};
use crate::place::home;
use crate::steps::note;
use crate::tree;

/// For how long a failure that needed the network is not tried again.
const FAILURE_REMEMBERED: Duration = Duration::from_hours(24);

/// `${XDG_CACHE_HOME:-~/.cache}/sooner`.
pub(crate) struct Cache {
    folder: PathBuf,
}

/// Held while something in the cache is made; released when dropped.
pub(crate) struct Lock {
    _file: File,
}

impl Cache {
    pub(crate) fn find() -> Outcome<Self> {
        let base = match env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
            Some(base) => PathBuf::from(base),
            None => home()?.join(".cache"),
        };
        Ok(Self::at(base.join("sooner")))
    }

    fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A folder or file in the cache, which need not be there.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where a tool of a version lies, there or not.
    pub(crate) fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.path("tools").join(format!("{name}-{version}"))
    }

    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.path("logs").join(format!("{name}.log"))
    }

    /// Waits until no other run sets up, and keeps others waiting until the lock is dropped.
    pub(crate) fn lock(&self) -> Outcome<Lock> {
        fs::create_dir_all(&self.folder).map_err(Failure::at(&self.folder))?;
        let path = self.path("lock");
        let file = File::create(&path).map_err(Failure::at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                note("waiting for another run to finish its set-up");
                file.lock().map_err(Failure::at(&path))?;
            }
            Err(TryLockError::Error(error)) => return Err(Failure::at(&path)(error)),
        }
        Ok(Lock { _file: file })
    }

    /// Makes `finished` by letting `make` fill a folder beside it; nothing is left of a failure.
    pub(crate) fn install(finished: &Path, make: impl FnOnce(&Path) -> Outcome<()>) -> Outcome<()> {
        if finished.exists() {
            return Ok(());
        }
        let folder =
            finished.parent().ok_or_else(|| Failure::new("a tool needs a folder to lie in"))?;
        let name = finished.file_name().unwrap_or_default().to_string_lossy();
        let unfinished = folder.join(format!(".unfinished-{name}"));
        tree::remove(&unfinished)?;
        fs::create_dir_all(&unfinished).map_err(Failure::at(&unfinished))?;
        if let Err(failure) = make(&unfinished) {
            tree::remove(&unfinished)?;
            return Err(failure);
        }
        fs::rename(&unfinished, finished).map_err(Failure::at(finished))
    }

    /// Remembers that something failed, so that the next run does not wait for it again.
    pub(crate) fn remember_failure(&self, name: &str, why: &str) -> Outcome<()> {
        let path = self.failure(name);
        fs::create_dir_all(self.path("failed")).map_err(Failure::at(&path))?;
        fs::write(&path, why).map_err(Failure::at(&path))
    }

    /// Whether it failed within the day. Deleting the file makes the next run try again.
    pub(crate) fn failed_lately(&self, name: &str) -> Option<PathBuf> {
        let path = self.failure(name);
        let age = path.metadata().ok()?.modified().ok()?.elapsed().ok()?;
        (age < FAILURE_REMEMBERED).then_some(path)
    }

    fn failure(&self, name: &str) -> PathBuf {
        self.path("failed").join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        tree::remove(&folder).expect("can be removed");
        folder
    }

    #[test]
    fn a_failed_install_leaves_nothing_and_can_be_repeated() {
        let folder = scratch("install");
        let tool = folder.join("tool-1");
        Cache::install(&tool, |inside| {
            fs::write(inside.join("half"), "").map_err(Failure::at(inside))?;
            Err(Failure::new("interrupted"))
        })
        .expect_err("must fail");
        assert!(!tool.exists());
        Cache::install(&tool, |inside| {
            assert!(!inside.join("half").exists());
            fs::write(inside.join("whole"), "").map_err(Failure::at(inside))
        })
        .expect("works the second time");
        assert!(tool.join("whole").exists());
        assert_eq!(fs::read_dir(&folder).expect("there").count(), 1);
        tree::remove(&folder).expect("can be removed");
    }

    #[test]
    fn a_tool_that_is_there_is_not_made_again() {
        let folder = scratch("again");
        fs::create_dir_all(folder.join("tool-1")).expect("can be made");
        Cache::install(&folder.join("tool-1"), |_| panic!("made again")).expect("is there");
        tree::remove(&folder).expect("can be removed");
    }

    #[test]
    fn a_failure_is_remembered_until_its_file_goes() {
        let folder = scratch("failure");
        let cache = Cache::at(folder.clone());
        assert_eq!(cache.failed_lately("download"), None);
        cache.remember_failure("download", "refused").expect("ok");
        let path = cache.failed_lately("download").expect("remembered");
        fs::remove_file(path).expect("is there");
        assert_eq!(cache.failed_lately("download"), None);
        tree::remove(&folder).expect("can be removed");
    }
}
