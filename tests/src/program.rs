//! The `sooner` program as a process of its own, which can be killed.

use std::env;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;

use crate::patience::{in_time, tell};

/// The program; built first when nobody says in `SOONER_BIN` where it is.
#[must_use]
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match env::var_os("SOONER_BIN") {
        Some(path) => {
            let path = PathBuf::from(path);
            assert!(path.is_file(), "SOONER_BIN says {}, and there is nothing", path.display());
            path
        }
        None => build(),
    })
}

/// Building these tests does not build the program, and one from yesterday would be worse than
/// none.
fn build() -> PathBuf {
    let this = env::current_exe().expect("the test knows where it lies");
    let profile = this.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let target = profile.parent().expect("profiles lie in the target folder");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| env!("CARGO").into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--package", "sooner-server", "--bin", "sooner"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    if profile.ends_with("release") {
        command.arg("--release");
    }
    tell("building the `sooner` program for the tests that kill it (SOONER_BIN is not set)");
    let built = command.status().expect("cargo runs");
    assert!(built.success(), "the program could not be built: {command:?}");
    profile.join(format!("sooner{}", env::consts::EXE_SUFFIX))
}

/// Runs a short command of the program to its end.
pub async fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(path());
    command.args(arguments).env("RUST_LOG", "warn").stdin(Stdio::null());
    let done = tokio::task::spawn_blocking(move || command.output());
    in_time("the program ends", done).await.expect("no panic").expect("the program can be run")
}

/// A running server.
#[derive(Debug)]
pub struct Program {
    /// Where it listens.
    pub address: SocketAddr,
    /// A program's key that it printed when it first worked on the folder.
    pub desk_key: String,
    /// A link that makes one browser the desk.
    pub desk_link: String,
    /// Where it serves the page for old TVs in plain text, when it was asked to.
    pub for_tvs: Option<SocketAddr>,
    child: Child,
    _rest: BufReader<ChildStdout>,
}

impl Program {
    /// Starts the server on a folder, with a sample shop when there is none, and waits for its
    /// links. Port 0 is any free one.
    pub async fn serve(folder: &Path, port: u16) -> Self {
        Self::serve_so(folder, port, &[]).await
    }

    /// The same with further options. Where its links name another address than its own, the port
    /// must be a given one.
    pub async fn serve_so(folder: &Path, port: u16, options: &[&str]) -> Self {
        Self::begin(folder, port, &[&["--sample"], options].concat()).await
    }

    /// Starts the server on a folder without a shop: its owner is to set one up.
    pub async fn serve_fresh(folder: &Path) -> Self {
        Self::begin(folder, 0, &[]).await
    }

    async fn begin(folder: &Path, port: u16, options: &[&str]) -> Self {
        let log = folder.join("stderr.log");
        // Keys have a bound, and some stories start the server often.
        let key = folder.join("key");
        let known = fs::read_to_string(&key).ok();
        let mut command = Command::new(path());
        command
            .args(["serve", "--desk-link", "--joins-per-minute", "1000000"])
            .args(known.is_none().then_some("--key"))
            .arg("--listen")
            .args([&format!("127.0.0.1:{port}"), "--data"])
            .arg(folder)
            .args(options)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::options().create(true).append(true).open(&log).expect("is made"));
        let started = tokio::task::spawn_blocking(move || {
            let started = Self::start(command, &log, known, port);
            fs::write(key, &started.desk_key).expect("the folder can be written");
            started
        });
        in_time("the server starts", started).await.expect("it starts")
    }

    fn start(mut command: Command, log: &Path, mut desk_key: Option<String>, port: u16) -> Self {
        let mut child = command.spawn().expect("the program can be run");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        let (mut desk_link, mut for_tvs) = (None, None);
        let mut line = String::new();
        while lines.read_line(&mut line).expect("its output is text") > 0 {
            if let Some(link) = line.trim().strip_prefix("Desk ") {
                desk_link = Some(link.trim().to_owned());
            }
            if let Some(address) = line.trim().strip_prefix("TVs http://") {
                for_tvs = address.parse().ok();
            }
            if let Some(key) = line.trim().strip_prefix("Key ") {
                desk_key = Some(key.trim().to_owned());
            }
            if line.starts_with("Press Ctrl-C") {
                break;
            }
            line.clear();
        }
        let (Some(desk_link), Some(desk_key)) = (desk_link, desk_key) else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the server did not start:\n{}", fs::read_to_string(log).unwrap_or_default());
        };
        let host = host_in(&desk_link).expect("http(s)://HOST/SHOP/desk#pair=SECRET");
        let address = host.parse().unwrap_or(SocketAddr::from(([127, 0, 0, 1], port)));
        Self { address, desk_key, desk_link, for_tvs, child, _rest: lines }
    }

    /// Ends it with SIGKILL, as a power cut would, and waits until it is gone.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it with SIGTERM to end, as a service manager does, and waits for how it ended.
    pub async fn ask_to_end(mut self) -> ExitStatus {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill can be run").success());
        let ended = tokio::task::spawn_blocking(move || self.child.wait());
        in_time("the server ends", ended).await.expect("no panic").expect("it can be waited for")
    }

    /// Tells it by SIGHUP to look at its files.
    pub fn tell_to_look(&self) {
        let told = Command::new("kill").args(["-HUP", &self.child.id().to_string()]).status();
        assert!(told.expect("kill can be run").success());
    }

    fn end(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

fn host_in(desk_link: &str) -> Option<String> {
    let (_, rest) = desk_link.split_once("://")?;
    let (host, rest) = rest.split_once('/')?;
    rest.split_once("#pair=")?;
    Some(host.to_owned())
}
