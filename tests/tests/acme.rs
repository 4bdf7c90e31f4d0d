//! Certificates from a directory that lives in the test.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use hyper::Method;
use sooner_server::tls::{Acme, AcmeError, Shown, Tls, Trust};
use sooner_tests::app::TestApp;
use sooner_tests::directory::Directory;
use sooner_tests::http::{self, Answer};
use sooner_tests::patience::in_time;
use sooner_tests::program::Program;
use sooner_tests::tls::{Authority, challenge};
use tokio_util::sync::CancellationToken;

const NAME: &str = "wait.example";

/// A server without a certificate yet, and a directory that sees it under all names.
struct Story {
    app: TestApp,
    shown: Arc<Shown>,
    authority: Arc<Authority>,
    directory: Directory,
    folder: tempfile::TempDir,
}

impl Story {
    async fn begin() -> Self {
        let shown = Arc::new(Shown::default());
        let app = TestApp::open_so(Some(Tls::new(Arc::clone(&shown))), |_| {}).await;
        let authority = Arc::new(Authority::new());
        let directory = Directory::open(Arc::clone(&authority), app.address).await;
        let folder = tempfile::tempdir().expect("there is room for a temporary folder");
        Self { app, shown, authority, directory, folder }
    }

    fn acme(&self, names: &[&str]) -> Acme {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Acme::new(names, &self.directory.url, self.folder.path())
            .with_contact(Some("owner@wait.example".into()))
            .trusting(Trust::These(Arc::new(self.authority.roots())))
            .asking_after(Duration::from_millis(1))
    }

    async fn get(&self, name: &str) -> io::Result<Answer> {
        let connection = self.authority.call(self.app.address, name).await?;
        let path = "/api/shops/salon/snapshot";
        let asked = http::send_over(connection, name, Method::GET, path, &[], "");
        Ok(in_time("an answer", asked).await.expect("who shook hands answers"))
    }
}

#[tokio::test]
async fn a_name_gets_its_certificate_and_keeps_it_over_a_restart() {
    let story = Story::begin().await;
    let early = story.get(NAME).await.expect_err("there is no certificate yet");
    assert_ne!(early.kind(), io::ErrorKind::ConnectionRefused, "the server is there");
    let early = http::get(story.app.address, "/").await.expect("and answers");
    assert_eq!(early.status, 503, "{}", early.text());

    let acme = story.acme(&[NAME, "salon.example"]);
    assert_eq!(acme.show_kept(&story.shown), None);
    let validity = in_time("a certificate", acme.obtain(&story.shown)).await.expect("is given");
    for name in [NAME, "salon.example"] {
        assert_eq!(story.get(name).await.expect("believed").status, 200);
    }
    story.get("other.example").await.expect_err("nobody asked for that name");
    challenge(story.app.address, NAME).await.expect_err("the answer was taken away");

    let shown = Shown::default();
    let again = story.acme(&["salon.example", NAME]);
    assert_eq!(again.show_kept(&shown), Some(validity), "in any order");
    assert!(shown.is_ready());
    assert_eq!(story.acme(&[NAME]).show_kept(&Shown::default()), None, "other names, another one");
    let staging = Acme::new(
        vec![NAME.to_owned(), "salon.example".to_owned()],
        "https://staging.example/directory",
        story.folder.path(),
    );
    assert_eq!(staging.show_kept(&Shown::default()), None, "another directory, another one");

    in_time("the next one", again.obtain(&story.shown)).await.expect("is given");
    assert_eq!(story.directory.accounts(), 1, "who is known is not introduced again");
    assert_eq!(story.directory.orders(), [[NAME, "salon.example"], ["salon.example", NAME]]);
    assert_eq!(story.get(NAME).await.expect("believed").status, 200);
    let files = files(story.folder.path());
    assert_eq!(files.len(), 2, "an account and a certificate: {files:?}");
    for file in files {
        let mode = fs::metadata(&file).expect("is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is its owner's alone", file.display());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("read").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn a_server_gets_its_certificate_by_itself_and_no_other_while_that_one_is_good() {
    let story = Story::begin().await;
    for starts in [1, 2] {
        let shown = Arc::clone(&story.shown);
        let stop = CancellationToken::new();
        let keeping = tokio::spawn(story.acme(&[NAME]).keep(shown, stop.clone()));
        let believed = async { while story.get(NAME).await.is_err() {} };
        in_time("it is believed", Box::pin(believed)).await;
        stop.cancel();
        in_time("it stops", keeping).await.expect("no panic");
        assert_eq!(story.directory.orders().len(), 1, "after {starts} starts");
    }
}

#[tokio::test]
async fn a_directory_that_says_no_leaves_the_old_certificate() {
    let story = Story::begin().await;
    let acme = story.acme(&[NAME]);
    in_time("a certificate", acme.obtain(&story.shown)).await.expect("is given");

    story.directory.refuse(Some("rateLimited"));
    let error = in_time("a refusal", acme.obtain(&story.shown)).await.expect_err("refused");
    assert!(error.to_string().contains("rateLimited"), "{error}");
    assert!(error.to_string().contains(&story.directory.url), "{error}");
    assert_eq!(story.get(NAME).await.expect("the old one").status, 200);

    story.directory.refuse(None);
    story.directory.lead_names_to(nobody());
    let error = in_time("a refusal", acme.obtain(&story.shown)).await.expect_err("not seen");
    assert!(matches!(&error, AcmeError::NotSeen { name, .. } if name == NAME), "{error}");
    assert!(error.to_string().contains("refused"), "what the directory said: {error}");
    assert_eq!(story.get(NAME).await.expect("the old one").status, 200);

    let gone = Acme::new(
        vec![NAME.to_owned()],
        &format!("https://{}/directory", nobody()),
        story.folder.path(),
    );
    let gone = gone.trusting(Trust::These(Arc::new(story.authority.roots())));
    let error = in_time("a refusal", gone.obtain(&story.shown)).await.expect_err("is not there");
    assert!(matches!(error, AcmeError::Directory { .. }), "{error}");
    let stranger = Arc::new(Authority::new().roots());
    let wary = story.acme(&[NAME]).trusting(Trust::These(stranger));
    let error = in_time("a refusal", wary.obtain(&story.shown)).await.expect_err("not believed");
    assert!(error.to_string().contains("certificate"), "{error}");
    assert_eq!(story.get(NAME).await.expect("the old one").status, 200);
}

#[tokio::test]
async fn a_directory_that_forgot_the_account_is_told_it_anew() {
    let story = Story::begin().await;
    let acme = story.acme(&[NAME]);
    in_time("a certificate", acme.obtain(&story.shown)).await.expect("is given");
    story.directory.refuse(Some("accountDoesNotExist"));
    in_time("a refusal", acme.obtain(&story.shown)).await.expect_err("refused");
    story.directory.refuse(None);
    in_time("a certificate", acme.obtain(&story.shown)).await.expect("is given");
    assert_eq!(story.directory.accounts(), 2);
}

#[tokio::test]
async fn a_certificate_whose_time_is_over_is_not_shown_when_the_server_starts() {
    let story = Story::begin().await;
    story.directory.give_old();
    let acme = story.acme(&[NAME]);
    in_time("a certificate", acme.obtain(&story.shown)).await.expect("is given");
    assert_eq!(acme.show_kept(&Shown::default()), None);
}

#[tokio::test]
async fn without_a_directory_the_program_runs_and_says_what_is_missing() {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let directory = format!("https://{}/directory", nobody());
    let options = ["--acme-domain", NAME, "--acme-directory", &directory];
    let program = Program::serve_so(folder.path(), nobody().port(), &options).await;
    assert!(program.desk_link.starts_with("https://wait.example/"), "{}", program.desk_link);
    let log = folder.path().join("stderr.log");
    in_time("it is logged", async {
        while !fs::read_to_string(&log).expect("a log").contains("no new certificate") {
            // It answers meanwhile, and that is what is waited with.
            let answer = http::get(program.address, "/").await.expect("the server is there");
            assert_eq!(answer.status, 503, "{}", answer.text());
        }
    })
    .await;
    assert!(program.ask_to_end().await.success());
}

/// An address at which nobody listens.
fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it listens")
}
