//! What is kept: each shop's log, and beside it the words of people, answers and keys.
//!
//! One SQLite file. One task, the committer, owns the only connection that writes; it merges what
//! waits, of all shops, into one transaction. Nothing is acknowledged before that transaction is
//! durable. Reading goes over a pool of its own. sqlx is named nowhere else.

mod chain;
mod committer;
mod person;
mod schema;

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use sooner_engine::Recorded;
use sooner_shared::access::DeedInfo;
use sooner_shared::{CommandId, Maker, ShopId, StaffId, Timestamp};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Connection, Row, SqliteConnection};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot};

use chain::Chain;
use committer::{Committer, Request};
pub use person::{Kept, PersonKey, PersonRow};

/// SQLite before this can corrupt a WAL file that two connections write.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// Batches that may wait for the committer before senders wait themselves.
const BACKLOG: usize = 1_024;

/// How long answers are kept for retries, in milliseconds.
pub const ANSWERS_KEPT_MS: i64 = 24 * 3_600_000;

/// Why the store cannot be opened or read.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The folder cannot be made or its lock not be opened.
    #[error("cannot use the folder {path}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another server works on the same folder.
    #[error("another server is using the folder {0}")]
    InUse(PathBuf),
    /// There is no log yet.
    #[error("there is no log in the folder {0}")]
    NoLog(PathBuf),
    /// Too old a SQLite was linked.
    #[error("SQLite {found} is too old: {}.{}.{} or later is needed", .needed.0, .needed.1, .needed.2)]
    SqliteTooOld {
        /// What was linked.
        found: String,
        /// What is needed.
        needed: (u32, u32, u32),
    },
    /// The file was made by a later version of this program.
    #[error("the log has schema {found}, this program knows up to {known}")]
    SchemaTooNew {
        /// In the file.
        found: i64,
        /// Known here.
        known: i64,
    },
    /// An event's checksum does not follow from the one before it.
    #[error("the log of shop {shop} is damaged at event {seq}")]
    Damaged {
        /// Whose.
        shop: ShopId,
        /// Where.
        seq: u64,
    },
    /// SQLite refused.
    #[error("the log cannot be read or written")]
    Sqlite(#[from] sqlx::Error),
    /// The committer has stopped.
    #[error("the store is closed")]
    Closed,
}

/// Why a batch was not appended. Nothing of it was recorded.
#[derive(Debug, Clone, Error)]
pub enum AppendError {
    /// The shop's log goes on elsewhere: load it and decide again.
    #[error("the log of the shop has moved on")]
    Conflict,
    /// The store could not write.
    #[error("the store could not write")]
    Unavailable(#[source] Arc<StoreError>),
    /// The committer has stopped.
    #[error("the store is closed")]
    Closed,
}

/// The first answer to a command, for its retries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// Which command.
    pub id: CommandId,
    /// When it was given.
    pub at: Timestamp,
    /// The answer, as JSON.
    pub body: String,
}

/// Who may do what in a shop, and what was done to make it so.
#[derive(Debug, Clone)]
pub struct AccessRow {
    /// The whole of it, as JSON; absent when nothing of it changed.
    pub body: Option<String>,
    /// What was done.
    pub deeds: Vec<DeedInfo>,
}

/// What is written at once, or not at all.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Whose.
    pub shop: ShopId,
    /// The secret of a shop that begins with this batch.
    pub created: Option<[u8; 32]>,
    /// The number of the last event the writer knows: the fence.
    pub after: u64,
    /// What happened, numbered from `after + 1`.
    pub events: Vec<Recorded>,
    /// Names and other words that came with it.
    pub people: Vec<PersonRow>,
    /// Nothing that people said is kept for longer than this from then on, in milliseconds.
    pub keep_ms: Option<i64>,
    /// Answers that were given.
    pub answers: Vec<AnswerRow>,
    /// Who may do what from here on.
    pub access: Option<AccessRow>,
    /// Erase what is due at this time: old answers, names past their date.
    pub purge_at: Option<Timestamp>,
}

impl Batch {
    /// An empty batch.
    #[must_use]
    pub const fn new(shop: ShopId, after: u64) -> Self {
        Self {
            shop,
            created: None,
            after,
            events: Vec::new(),
            people: Vec::new(),
            keep_ms: None,
            answers: Vec::new(),
            access: None,
            purge_at: None,
        }
    }
}

/// Everything kept of one shop.
#[derive(Debug)]
pub struct Loaded {
    /// The key its links are made with.
    pub secret: [u8; 32],
    /// Its whole log, checked.
    pub log: Vec<Recorded>,
    /// Its names, and other words of people.
    pub people: BTreeMap<PersonKey, Kept>,
    /// Its answers.
    pub answers: Vec<AnswerRow>,
    /// Who may do what, as JSON; nothing was ever said of it when it is absent.
    pub access: Option<String>,
}

/// One line of `sooner events`.
#[derive(Debug, Serialize)]
pub struct LoggedEvent {
    /// Whose.
    pub shop: ShopId,
    /// What, when.
    #[serde(flatten)]
    pub recorded: Recorded,
}

/// A handle to the store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    reads: SqlitePool,
    requests: mpsc::Sender<Request>,
    /// Held for as long as any handle lives; the system lets go of it when the process dies.
    _lock: Arc<File>,
}

impl Store {
    /// Opens the log in `folder`, making both when there are none.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let lock = lock_folder(folder)?;
        let options = SqliteConnectOptions::new()
            .filename(database(folder))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let mut writer = SqliteConnection::connect_with(&options).await?;
        assert_version(&mut writer).await?;
        schema::migrate(&mut writer).await?;
        writer.close().await?;
        let committer = Committer::open(options).await?;
        let (requests, received) = mpsc::channel(BACKLOG);
        let lock = Arc::new(lock);
        let written = Arc::clone(&lock);
        tokio::spawn(async move {
            committer.run(received).await;
            // Only now may another server have the folder: what waited is written.
            drop(written);
        });
        Ok(Self { reads: read_pool(folder).await?, requests, _lock: lock })
    }

    /// The shops there are.
    pub async fn shops(&self) -> Result<Vec<ShopId>, StoreError> {
        shops(&self.reads).await
    }

    /// Everything of one shop, its log checked link by link; `None` when there is no such shop.
    pub async fn load(&self, shop: &ShopId) -> Result<Option<Loaded>, StoreError> {
        // One transaction, so that names and answers fit the log.
        let mut tx = self.reads.begin().await?;
        let Some(row) = sqlx::query("SELECT secret FROM shop WHERE id = ?")
            .bind(shop.as_str())
            .fetch_optional(&mut *tx)
            .await?
        else {
            return Ok(None);
        };
        let secret = fixed(row.get("secret")).ok_or_else(|| damaged(shop, 0))?;
        let log = read_log(&mut tx, shop).await?;
        let people = person::all(&mut tx, shop).await?;
        let answers =
            sqlx::query("SELECT command, at, body FROM answer WHERE shop = ? ORDER BY at")
                .bind(shop.as_str())
                .fetch_all(&mut *tx)
                .await?
                .into_iter()
                .filter_map(|row| {
                    Some(AnswerRow {
                        id: CommandId::new(row.get("command"))?,
                        at: Timestamp(row.get("at")),
                        body: row.get("body"),
                    })
                })
                .collect();
        let access = sqlx::query("SELECT body FROM access WHERE shop = ?")
            .bind(shop.as_str())
            .fetch_optional(&mut *tx)
            .await?
            .map(|row| row.get("body"));
        Ok(Some(Loaded { secret, log, people, answers, access }))
    }

    /// The whole log of one shop, checked link by link; empty when there is no such shop.
    pub async fn log(&self, shop: &ShopId) -> Result<Vec<Recorded>, StoreError> {
        let mut connection = self.reads.acquire().await?;
        read_log(&mut connection, shop).await
    }

    /// What was done about access, newest first, at most so much of it.
    pub async fn deeds(&self, shop: &ShopId, most: u32) -> Result<Vec<DeedInfo>, StoreError> {
        let rows = sqlx::query(
            "SELECT at, by, what FROM deed WHERE shop = ? ORDER BY at DESC, rowid DESC LIMIT ?",
        )
        .bind(shop.as_str())
        .bind(most)
        .fetch_all(&self.reads)
        .await?;
        let read = |row: SqliteRow| {
            Some(DeedInfo {
                at: Timestamp(row.get("at")),
                by: row.get::<&str, _>("by").parse().ok()?,
                deed: serde_json::from_str(row.get("what")).ok()?,
            })
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// Appends a batch; returns once it is durable.
    pub async fn append(&self, batch: Batch) -> Result<(), AppendError> {
        let (done, result) = oneshot::channel();
        let request = Request { batch, done };
        self.requests.send(request).await.map_err(|_| AppendError::Closed)?;
        result.await.map_err(|_| AppendError::Closed)?
    }

    /// Returns when the committer has stopped, which it does unasked only by a fault.
    pub async fn stopped(&self) {
        self.requests.closed().await;
    }
}

/// Reads the logs in `folder`, of one shop or of all, without needing to be the only one there.
pub async fn read_events(
    folder: &Path,
    only: Option<&ShopId>,
) -> Result<Vec<LoggedEvent>, StoreError> {
    let pool = open_pool(folder).await?;
    let mut events = Vec::new();
    for shop in shops(&pool).await? {
        if only.is_none_or(|only| *only == shop) {
            let mut tx = pool.begin().await?;
            let log = read_log(&mut tx, &shop).await?;
            events.extend(
                log.into_iter().map(|recorded| LoggedEvent { shop: shop.clone(), recorded }),
            );
        }
    }
    Ok(events)
}

/// The shops there are in `folder`, without needing to be the only one there.
pub async fn read_shops(folder: &Path) -> Result<Vec<ShopId>, StoreError> {
    shops(&open_pool(folder).await?).await
}

/// The names of who serves in a shop, without needing to be the only one there.
pub async fn read_staff_names(
    folder: &Path,
    shop: &ShopId,
) -> Result<BTreeMap<StaffId, String>, StoreError> {
    let pool = open_pool(folder).await?;
    let rows = sqlx::query("SELECT id, name FROM person WHERE shop = ? AND kind = ?")
        .bind(shop.as_str())
        .bind(PersonKey::Staff(StaffId(0)).kind())
        .fetch_all(&pool)
        .await?;
    let named = |row: &SqliteRow| (StaffId(row.get::<u32, _>("id") as u16), row.get("name"));
    Ok(rows.iter().map(named).collect())
}

/// What is needed to read a log that is there.
async fn open_pool(folder: &Path) -> Result<SqlitePool, StoreError> {
    if !database(folder).exists() {
        return Err(StoreError::NoLog(folder.to_owned()));
    }
    read_pool(folder).await
}

async fn shops(pool: &SqlitePool) -> Result<Vec<ShopId>, StoreError> {
    let rows = sqlx::query("SELECT id FROM shop ORDER BY id").fetch_all(pool).await?;
    Ok(rows.into_iter().filter_map(|row| row.get::<&str, _>("id").parse().ok()).collect())
}

async fn read_log(
    connection: &mut SqliteConnection,
    shop: &ShopId,
) -> Result<Vec<Recorded>, StoreError> {
    let rows =
        sqlx::query("SELECT seq, at, tap, by, body, chain FROM event WHERE shop = ? ORDER BY seq")
            .bind(shop.as_str())
            .fetch_all(connection)
            .await?;
    let mut chain = Chain::start(shop);
    let mut log = Vec::with_capacity(rows.len());
    for (row, expected_seq) in rows.into_iter().zip(1_u64..) {
        let recorded = read_event(&row).ok_or_else(|| damaged(shop, expected_seq))?;
        let Recorded { seq, at, tap, by, .. } = recorded;
        chain = chain.next(seq, at, tap, by, row.get("body"));
        if seq != expected_seq || !chain.matches(row.get("chain")) {
            return Err(damaged(shop, expected_seq));
        }
        log.push(recorded);
    }
    Ok(log)
}

/// One row of the log: `seq`, `at`, `tap`, `by` and `body`; `None` when it cannot be read.
fn read_event(row: &SqliteRow) -> Option<Recorded> {
    Some(Recorded {
        seq: row.get::<i64, _>("seq") as u64,
        at: Timestamp(row.get("at")),
        tap: row.get::<i64, _>("tap") as u64,
        by: row.get::<&str, _>("by").parse::<Maker>().ok()?,
        event: serde_json::from_str(row.get("body")).ok()?,
    })
}

fn damaged(shop: &ShopId, seq: u64) -> StoreError {
    StoreError::Damaged { shop: shop.clone(), seq }
}

fn fixed(bytes: &[u8]) -> Option<[u8; 32]> {
    bytes.try_into().ok()
}

fn database(folder: &Path) -> PathBuf {
    folder.join("sooner.db")
}

fn lock_folder(folder: &Path) -> Result<File, StoreError> {
    let fault = |source| StoreError::Folder { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(fault)?;
    let lock = File::create(folder.join("lock")).map_err(fault)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(fault(source)),
    }
}

async fn read_pool(folder: &Path) -> Result<SqlitePool, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(database(folder))
        .pragma("query_only", "ON")
        .busy_timeout(Duration::from_secs(5));
    Ok(SqlitePoolOptions::new().max_connections(2).connect_with(options).await?)
}

async fn assert_version(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query("SELECT sqlite_version()").fetch_one(connection).await?.get(0);
    let mut numbers = found.split('.').map(|n| n.parse().unwrap_or(0));
    let mut number = || numbers.next().unwrap_or(0);
    if (number(), number(), number()) < SQLITE_AT_LEAST {
        return Err(StoreError::SqliteTooOld { found, needed: SQLITE_AT_LEAST });
    }
    Ok(())
}
