//! A small HTTP client: one request, one connection, one answer.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Method, Request, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_shared::{Problem, ProblemCode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// The server did not answer: it is not there, or went away in the middle.
#[derive(Debug, Clone)]
pub struct Unanswered(pub String);

/// Sends a request and waits for its answer.
pub async fn send(
    server: SocketAddr,
    method: Method,
    path: &str,
    body: impl Into<Bytes>,
) -> Result<Answer, Unanswered> {
    send_with(server, method, path, &[(header::CONTENT_TYPE, "application/json")], body).await
}

/// The same with certain headers.
pub async fn send_with(
    server: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(header::HeaderName, &str)],
    body: impl Into<Bytes>,
) -> Result<Answer, Unanswered> {
    let stream = TcpStream::connect(server).await;
    let stream = stream.map_err(|error| Unanswered(error.to_string()))?;
    send_over(stream, &server.to_string(), method, path, headers, body).await
}

/// The same over a connection that is there, to a host of any name.
pub async fn send_over(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: &str,
    method: Method,
    path: &str,
    headers: &[(header::HeaderName, &str)],
    body: impl Into<Bytes>,
) -> Result<Answer, Unanswered> {
    let builder = Request::builder().method(method).uri(path);
    let request = headers
        .iter()
        .fold(builder, |builder, (name, value)| builder.header(name, *value))
        .header(header::HOST, host)
        .body(Full::new(body.into()))
        .expect("the stories ask for addresses that can be written");
    exchange(stream, request).await.map_err(|error| Unanswered(error.to_string()))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Box<dyn std::error::Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (head, body) = response.into_parts();
    let body = body.collect().await?.to_bytes();
    drop(sender);
    // How the connection ends says nothing that the answer did not.
    let _ = connection.await;
    Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
}

/// `GET`.
pub async fn get(server: SocketAddr, path: &str) -> Result<Answer, Unanswered> {
    send(server, Method::GET, path, Bytes::new()).await
}

/// `POST` of a value as JSON.
pub async fn post(
    server: SocketAddr,
    path: &str,
    value: &impl Serialize,
) -> Result<Answer, Unanswered> {
    let body = serde_json::to_vec(value).expect("what the stories send can be written as JSON");
    send(server, Method::POST, path, body).await
}

impl Answer {
    /// The body of an answer that says yes.
    pub fn accepted<T: DeserializeOwned>(&self) -> T {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        self.read()
    }

    /// The problem document of an answer that says no. Its form is checked on the way.
    #[must_use]
    pub fn problem(&self) -> Problem {
        assert!(self.status >= 400, "{} {}", self.status, self.text());
        let kind = self.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        assert_eq!(kind, Some(&b"application/problem+json"[..]), "{}", self.text());
        let problem: Problem = self.read();
        assert_eq!(problem.status, self.status, "the document says what the status says");
        assert_eq!(problem.status, problem.code.status(), "{:?}", problem.code);
        assert_eq!(problem.kind, format!("urn:sooner:problem:{}", problem.code.as_str()));
        problem
    }

    /// The code of an answer that says no.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        self.problem().code
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }
}

/// Sends bytes as they are and gives what comes back until the answer's body has begun.
pub async fn raw(mut stream: TcpStream, text: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    stream.write_all(text.as_bytes()).await.expect("the server listens");
    stream.shutdown().await.expect("nothing more is said");
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    crate::patience::in_time("an answer", read).await.expect("the server answers");
    String::from_utf8_lossy(&answer).into_owned()
}
