//! The one writer: merges what waits into one transaction, so that sixty taps cost one `fsync`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sooner_shared::{Maker, ShopId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::chain::Chain;
use super::{ANSWERS_KEPT_MS, AppendError, Batch, StoreError, person};

/// Batches in one transaction at most.
const MERGE_MAX: usize = 256;

/// How long after somebody was in the way of erasing words from the write-ahead log it is tried again.
const FOLD_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// For so long the connection waits for others, as [`Store::open`](super::Store::open) sets it.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 5000";

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
    /// Words of people were erased, and older pages of the write-ahead log may still hold them.
    must_fold: bool,
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
        Ok(Self { options, connection, heads, has_failed: false, must_fold: false })
    }

    /// Works until every sender is gone.
    pub(super) async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut waiting = Vec::with_capacity(MERGE_MAX);
        loop {
            let received = requests.recv_many(&mut waiting, MERGE_MAX);
            let received = if self.must_fold {
                timeout(FOLD_AGAIN_AFTER, received).await
            } else {
                Ok(received.await)
            };
            match received {
                Ok(0) => break,
                Ok(_) => self.commit(&mut waiting).await,
                Err(_) => self.fold().await,
            }
        }
        // A clean close folds the write-ahead log back into the file.
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "closing the log");
        }
    }

    async fn commit(&mut self, waiting: &mut Vec<Request>) {
        if self.has_failed {
            match Self::open(self.options.clone()).await {
                Ok(fresh) => *self = Self { must_fold: self.must_fold, ..fresh },
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
            Ok(has_erased) => {
                self.heads = heads;
                self.must_fold |= has_erased;
                self.fold().await;
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

    /// Folds the write-ahead log into the file and empties it, when words of people were erased: what
    /// was overwritten in the file stands in older pages of the log. Waits for nobody who reads:
    /// while somebody does, it is tried again a little later.
    async fn fold(&mut self) {
        if !self.must_fold || self.has_failed {
            return;
        }
        let folded = async {
            sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&mut self.connection).await?;
            let busy: i64 = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_one(&mut self.connection)
                .await?
                .get(0);
            sqlx::raw_sql(BUSY_TIMEOUT).execute(&mut self.connection).await?;
            Ok::<_, sqlx::Error>(busy == 0)
        };
        match folded.await {
            Ok(is_folded) => self.must_fold = !is_folded,
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log could not be folded");
                self.has_failed = true;
            }
        }
    }

    /// Whether words of people were erased by it.
    async fn write(
        &mut self,
        batches: &[&Batch],
        events: &[EventParameter],
    ) -> Result<bool, sqlx::Error> {
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
        let mut has_erased = person::write(&mut tx, batches).await?;
        for batch in batches {
            if let Some(keep_ms) = batch.keep_ms {
                person::shorten(&mut tx, &batch.shop, keep_ms).await?;
            }
            if let Some(now) = batch.purge_at {
                has_erased |= purge(&mut tx, &batch.shop, now.0).await?;
            }
        }
        tx.commit().await?;
        Ok(has_erased)
    }
}

async fn write_side_rows(tx: &mut SqliteConnection, batches: &[&Batch]) -> Result<(), sqlx::Error> {
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

/// Erases what is due, and says whether words of people were among it.
async fn purge(tx: &mut SqliteConnection, shop: &ShopId, now: i64) -> Result<bool, sqlx::Error> {
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
    person::erase_due(tx, shop, now).await
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

pub(super) fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("our own types have string keys and finite numbers")
}

fn answer(done: oneshot::Sender<Result<(), AppendError>>, result: Result<(), AppendError>) {
    // A receiver that is gone no longer wants to know; the append stands.
    let _ = done.send(result);
}
