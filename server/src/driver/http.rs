//! Requests as a phone sends them: one kept connection, opened again when the server closed it.

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sooner_shared::Problem;
use thiserror::Error;
use tokio::net::TcpStream;

/// Attempts to send one request. The server may close a quiet connection in the very moment it is
/// used again; commands carry an id, so sending one twice does nothing twice.
const ATTEMPTS: u32 = 3;

/// Why a request got no answer.
#[derive(Debug, Error)]
pub enum HttpError {
    /// No connection could be made.
    #[error("cannot connect to the server")]
    Connect(#[from] std::io::Error),
    /// The connection broke.
    #[error("the connection broke")]
    Broken(#[from] hyper::Error),
    /// The request could not be put together.
    #[error("not a request")]
    Request(#[from] hyper::http::Error),
    /// The answer is not what this address gives.
    #[error("the answer {0:?} cannot be read")]
    Unreadable(String, #[source] serde_json::Error),
}

/// A connection to the server.
pub(crate) struct Http {
    address: SocketAddr,
    connection: Option<SendRequest<Full<Bytes>>>,
}

impl Http {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, connection: None }
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &mut self,
        path: &str,
    ) -> Result<Result<T, Problem>, HttpError> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &mut self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Result<T, Problem>, HttpError> {
        let body = serde_json::to_vec(body).expect("requests have string keys and no floats");
        self.ask(Method::POST, path, body.into()).await
    }

    async fn ask<T: DeserializeOwned>(
        &mut self,
        method: Method,
        path: &str,
        body: Bytes,
    ) -> Result<Result<T, Problem>, HttpError> {
        let (is_success, body) = self.exchange(&method, path, &body).await?;
        let answer = if is_success {
            serde_json::from_slice(&body).map(Ok)
        } else {
            serde_json::from_slice(&body).map(Err)
        };
        answer.map_err(|error| {
            HttpError::Unreadable(String::from_utf8_lossy(&body).into_owned(), error)
        })
    }

    async fn exchange(
        &mut self,
        method: &Method,
        path: &str,
        body: &Bytes,
    ) -> Result<(bool, Bytes), HttpError> {
        for attempt in 1.. {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::HOST, self.address.to_string())
                .header(header::CONTENT_TYPE, "application/json")
                .body(Full::new(body.clone()))?;
            match self.try_exchange(request).await {
                Err(HttpError::Broken(_)) if attempt < ATTEMPTS => {}
                answer => return answer,
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn try_exchange(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<(bool, Bytes), HttpError> {
        let mut connection = match self.connection.take().filter(|c| !c.is_closed()) {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.ready().await?;
        let response = connection.send_request(request).await?;
        let is_success = response.status().is_success();
        let body = response.into_body().collect().await?.to_bytes();
        self.connection = Some(connection);
        Ok((is_success, body))
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, HttpError> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It ends with its sender; what goes wrong is told to whoever sends.
        tokio::spawn(connection);
        Ok(sender)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_request_on_a_connection_that_was_closed_is_sent_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let mut http = Http::new(listener.local_addr().expect("an address"));
        let server = tokio::spawn(async move {
            // The first connection answers once and is closed at the next request.
            for answers in [1, 1] {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut bytes = [0; 1_024];
                for _ in 0..answers {
                    let _ = stream.read(&mut bytes).await.expect("a request");
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7";
                    stream.write_all(answer).await.expect("writes");
                }
                let _ = stream.read(&mut bytes).await;
            }
        });
        for _ in 0..2 {
            assert_eq!(http.get::<u32>("/").await.expect("an answer"), Ok(7));
        }
        drop(http);
        server.await.expect("serves");
    }
}
