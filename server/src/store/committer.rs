//! The one writer: merges what waits into one transaction, so that sixty taps cost one `fsync`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use sooner_shared::{Maker, ShopId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::chain::Chain;
use super::{ANSWERS_KEPT_MS, AppendError, Batch, StoreError};

/// Batches in one transaction at most.
const MERGE_MAX: usize = 256;

/// A batch and who waits for it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) batch: Batch,
    pub(super) done: oneshot::Sender<Result<(), AppendError>>,
}

/// The end of a shop's log.
#[derive(Debug, Clone, Copy)]
struct Head {
    seq: u64,
    chain: Chain,
}

/// One row of the event table, as the statement reads it.
#[derive(Serialize)]
struct EventParameter {
    s: ShopId,
    q: u64,
    a: i64,
    t: u64,
    y: Maker,
    b: String,
    c: String,
}

/// Owns the writing connection.
#[derive(Debug)]
pub(super) struct Committer {
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    heads: BTreeMap<ShopId, Head>,
    /// A write has failed since the connection was opened. What SQLite rolled back by itself then
    /// leaves the library's count of transactions wrong, and whether a commit that failed was
    /// carried out is not known: the next write begins on a new connection and reads the heads.
    has_failed: bool,
}

impl Committer {
    pub(super) async fn open(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let rows = sqlx::query(
            "SELECT s.id, e.seq, e.chain FROM shop s LEFT JOIN event e
             ON e.shop = s.id AND e.seq = (SELECT max(seq) FROM event WHERE shop = s.id)",
        )
        .fetch_all(&mut connection)
        .await?;
        let mut heads = BTreeMap::new();
        for row in rows {
            let Ok(shop) = row.get::<&str, _>("id").parse::<ShopId>() else {
                continue;
            };
            let head = match row.get::<Option<i64>, _>("seq") {
                None => Head { seq: 0, chain: Chain::start(&shop) },
                Some(seq) => Head {
                    seq: seq as u64,
                    chain: Chain::from_bytes(row.get("chain"))
                        .ok_or_else(|| super::damaged(&shop, seq as u64))?,
                },
            };
            heads.insert(shop, head);
        }
        Ok(Self { options, connection, heads, has_failed: false })
    }

    /// Works until every sender is gone.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut waiting = Vec::with_capacity(MERGE_MAX);
        while requests.recv_many(&mut waiting, MERGE_MAX).await > 0 {
            self.commit(&mut waiting).await;
        }
        // A clean close folds the write-ahead log back into the file.
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "closing the log");
        }
    }

    async fn commit(&mut self, waiting: &mut Vec<Request>) {
        if self.has_failed {
            match Self::open(self.options.clone()).await {
                Ok(fresh) => *self = fresh,
                Err(error) => {
                    tracing::error!(%error, "the log could not be opened again");
                    let error = AppendError::Unavailable(Arc::new(error));
                    for request in waiting.drain(..) {
                        answer(request.done, Err(error.clone()));
                    }
                    return;
                }
            }
        }
        let mut heads = self.heads.clone();
        let mut events = Vec::new();
        let mut accepted = Vec::with_capacity(waiting.len());
        for request in waiting.drain(..) {
            // A conflict rejects only its own batch.
            if advance(&mut heads, &request.batch, &mut events) {
                accepted.push(request);
            } else {
                answer(request.done, Err(AppendError::Conflict));
            }
        }
        let batches: Vec<&Batch> = accepted.iter().map(|r| &r.batch).collect();
        let result = self.write(&batches, &events).await;
        let result = match result {
            Ok(()) => {
                self.heads = heads;
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the log could not be written");
                self.has_failed = true;
                Err(AppendError::Unavailable(Arc::new(error.into())))
            }
        };
        for request in accepted {
            answer(request.done, result.clone());
        }
    }

    async fn write(
        &mut self,
        batches: &[&Batch],
        events: &[EventParameter],
    ) -> Result<(), sqlx::Error> {
        let mut tx = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        for batch in batches {
            if let Some(secret) = &batch.created {
                sqlx::query("INSERT INTO shop (id, secret) VALUES (?, ?)")
                    .bind(batch.shop.as_str())
                    .bind(&secret[..])
                    .execute(&mut *tx)
                    .await?;
            }
        }
        if !events.is_empty() {
            sqlx::query(
                "INSERT INTO event (shop, seq, at, tap, by, body, chain)
                 SELECT value ->> 's', value ->> 'q', value ->> 'a', value ->> 't', value ->> 'y',
                        value ->> 'b', unhex(value ->> 'c') FROM json_each(?)",
            )
            .bind(json(events))
            .execute(&mut *tx)
            .await?;
        }
        write_side_rows(&mut tx, batches).await?;
        for batch in batches {
            if let Some(now) = batch.purge_at {
                purge(&mut tx, &batch.shop, now.0).await?;
            }
        }
        tx.commit().await
    }
}

async fn write_side_rows(tx: &mut SqliteConnection, batches: &[&Batch]) -> Result<(), sqlx::Error> {
    let people: Vec<_> = batches
        .iter()
        .flat_map(|b| {
            b.people.iter().map(|p| {
                (&b.shop, p.key.kind(), p.key.number(), &p.name, p.erase_at.map(|at| at.0))
            })
        })
        .collect();
    if !people.is_empty() {
        sqlx::query(
            "INSERT OR REPLACE INTO person (shop, kind, id, name, erase_at)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
             FROM json_each(?)",
        )
        .bind(json(&people))
        .execute(&mut *tx)
        .await?;
    }
    let answers: Vec<_> = batches
        .iter()
        .flat_map(|b| b.answers.iter().map(|a| (&b.shop, a.id.as_str(), a.at.0, &a.body)))
        .collect();
    if !answers.is_empty() {
        sqlx::query(
            "INSERT OR IGNORE INTO answer (shop, command, at, body)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?)",
        )
        .bind(json(&answers))
        .execute(&mut *tx)
        .await?;
    }
    for batch in batches {
        let Some(access) = &batch.access else { continue };
        if let Some(body) = &access.body {
            sqlx::query("INSERT OR REPLACE INTO access (shop, body) VALUES (?, ?)")
                .bind(batch.shop.as_str())
                .bind(body)
                .execute(&mut *tx)
                .await?;
        }
        for deed in &access.deeds {
            sqlx::query("INSERT INTO deed (shop, at, by, what) VALUES (?, ?, ?, ?)")
                .bind(batch.shop.as_str())
                .bind(deed.at.0)
                .bind(deed.by.to_string())
                .bind(json(&deed.deed))
                .execute(&mut *tx)
                .await?;
        }
    }
    Ok(())
}

async fn purge(tx: &mut SqliteConnection, shop: &ShopId, now: i64) -> Result<(), sqlx::Error> {
    // Erasing nothing writes nothing; this always writes, so that success means there is room.
    sqlx::query("UPDATE shop SET secret = secret WHERE id = ?")
        .bind(shop.as_str())
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM answer WHERE shop = ? AND at < ?")
        .bind(shop.as_str())
        .bind(now - ANSWERS_KEPT_MS)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM person WHERE shop = ? AND erase_at <= ?")
        .bind(shop.as_str())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// Moves the shop's head over the batch and adds its rows; false, and nothing done, when the batch
/// does not follow the head.
fn advance(
    heads: &mut BTreeMap<ShopId, Head>,
    batch: &Batch,
    rows: &mut Vec<EventParameter>,
) -> bool {
    let head = heads.get(&batch.shop).copied();
    // Who may do what is no event, and has a writer of its own.
    if batch.access.is_some() && batch.events.is_empty() {
        return head.is_some();
    }
    let begins = Head { seq: 0, chain: Chain::start(&batch.shop) };
    let mut head = match (head, batch.created) {
        (Some(head), None) => head,
        (None, Some(_)) => begins,
        _ => return false,
    };
    let follows = head.seq == batch.after
        && batch.events.iter().zip(batch.after + 1..).all(|(event, seq)| event.seq == seq);
    if !follows {
        return false;
    }
    for event in &batch.events {
        let body = json(&event.event);
        let chain = head.chain.next(event.seq, event.at, event.tap, event.by, &body);
        head = Head { seq: event.seq, chain };
        rows.push(EventParameter {
            s: batch.shop.clone(),
            q: event.seq,
            a: event.at.0,
            t: event.tap,
            y: event.by,
            b: body,
            c: head.chain.hex(),
        });
    }
    heads.insert(batch.shop.clone(), head);
    true
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("our own types have string keys and finite numbers")
}

fn answer(done: oneshot::Sender<Result<(), AppendError>>, result: Result<(), AppendError>) {
    // A receiver that is gone no longer wants to know; the append stands.
    let _ = done.send(result);
}
