//! Running other programs: shown as they go, or into a log that is shown when they fail.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};

/// How much of a failed program's log is shown.
const SHOWN_LOG_LINES: usize = 40;

/// How often a program with a time limit is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A program about to be run. It never reads from the terminal.
pub(crate) struct Program {
    command: Command,
    shown: String,
    limit: Option<Duration>,
}

impl Program {
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(&name);
        command.stdin(Stdio::null());
        let shown =
            Path::new(&name).file_stem().unwrap_or(name.as_ref()).to_string_lossy().into_owned();
        Self { command, shown, limit: None }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.shown.push(' ');
        self.shown.push_str(&arg.as_ref().to_string_lossy());
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(self, args: impl IntoIterator<Item = A>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_env(mut self, name: &str) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Runs in this folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives up after this long. Only for [`Program::quiet`].
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The command line, for messages.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// The bare command, for those who replace this process by it.
    pub(crate) fn into_command(mut self) -> Command {
        self.command.stdin(Stdio::inherit());
        self.command
    }

    /// Runs it with its output on the terminal.
    pub(crate) fn stream(mut self) -> Outcome<()> {
        let status = self.command.status().map_err(|error| self.unstartable(&error))?;
        self.judge(status)
    }

    /// Runs it and returns what it printed; its complaints go nowhere but into the failure.
    pub(crate) fn output(mut self) -> Outcome<String> {
        let output = self.command.output().map_err(|error| self.unstartable(&error))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Failure::new(format!(
            "`{}` failed:\n{}",
            self.shown,
            tail(&String::from_utf8_lossy(&output.stderr))
        )))
    }

    /// Runs it with its output in a log, of which the end is shown when it fails.
    pub(crate) fn quiet(mut self, log: &Path) -> Outcome<()> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder).map_err(Failure::at(folder))?;
        }
        let file = File::create(log).map_err(Failure::at(log))?;
        let second = file.try_clone().map_err(Failure::at(log))?;
        let mut child = self
            .command
            .stdout(file)
            .stderr(second)
            .spawn()
            .map_err(|error| self.unstartable(&error))?;
        let finished = match self.limit {
            Some(limit) => wait(&mut child, limit),
            None => child.wait().map(Some),
        };
        let status = finished.map_err(|error| self.unstartable(&error))?;
        let judged = match status {
            Some(status) => self.judge(status),
            None => Err(Failure::new(format!(
                "`{}` had not finished after {} s",
                self.shown,
                self.limit.unwrap_or_default().as_secs()
            ))),
        };
        judged.map_err(|failure| {
            let text = fs::read_to_string(log).unwrap_or_default();
            Failure::new(format!("{failure}\n{}", tail(&text)))
        })
    }

    fn judge(&self, status: ExitStatus) -> Outcome<()> {
        if status.success() {
            return Ok(());
        }
        Err(Failure::new(format!("`{}` failed ({status})", self.shown)))
    }

    fn unstartable(&self, error: &std::io::Error) -> Failure {
        Failure::new(format!("`{}` could not be run: {error}", self.shown))
    }
}

/// Puts folders before the present PATH.
pub(crate) fn path_with(first: &[PathBuf]) -> Outcome<std::ffi::OsString> {
    let present = std::env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(std::env::split_paths(&present));
    std::env::join_paths(all).map_err(|error| Failure::new(format!("PATH: {error}")))
}

/// Waits until the program ends, or ends it. `None`: it had to be ended.
fn wait(child: &mut Child, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// The last lines of a log.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(SHOWN_LOG_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_of_a_log_is_its_last_lines() {
        let text: String = (0..100).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        let shown = tail(&text);
        assert!(shown.starts_with("60\n"), "{shown}");
        assert!(shown.ends_with("\n99"), "{shown}");
        assert_eq!(tail("one"), "one");
    }

    #[test]
    fn a_program_that_is_not_there_is_named_in_the_failure() {
        let failure = Program::new("no-program-has-this-name")
            .arg("--version")
            .output()
            .expect_err("cannot run");
        let text = failure.to_string();
        assert!(text.contains("no-program-has-this-name --version"), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_program_over_its_limit_is_ended() {
        let log = std::env::temp_dir().join(format!("xtask-limit-{}", std::process::id()));
        let failure = Program::new("sleep")
            .arg("600")
            .limit(Duration::from_millis(10))
            .quiet(&log)
            .expect_err("must be ended");
        assert!(failure.to_string().contains("had not finished"), "{failure}");
        fs::remove_file(&log).expect("the log was written");
    }
}
