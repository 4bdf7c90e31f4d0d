//! The tables, version by version.

use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection};

use super::StoreError;

/// Each entry brings a file from the version of its index to the next.
const STEPS: &[&str] = &["
CREATE TABLE shop (
    id TEXT PRIMARY KEY,
    secret BLOB NOT NULL
) STRICT;

-- The log. Never pruned, never updated.
CREATE TABLE event (
    shop TEXT NOT NULL REFERENCES shop (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    chain BLOB NOT NULL,
    PRIMARY KEY (shop, seq)
) STRICT, WITHOUT ROWID;

-- Names lie apart from the log, so that a person can be deleted and the log kept.
CREATE TABLE person (
    shop TEXT NOT NULL REFERENCES shop (id),
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'staff')),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    erase_at INTEGER,
    PRIMARY KEY (shop, kind, id)
) STRICT, WITHOUT ROWID;

-- First answers, for retries.
CREATE TABLE answer (
    shop TEXT NOT NULL REFERENCES shop (id),
    command TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, command)
) STRICT, WITHOUT ROWID;

CREATE TABLE desk_key (
    shop TEXT NOT NULL REFERENCES shop (id),
    hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
", "
-- The first event of the tap that brought an event about; 0 for time alone, and for logs from before
-- taps could be taken back.
ALTER TABLE event ADD COLUMN tap INTEGER NOT NULL DEFAULT 0;

-- Questions and answers are the words of people, too.
CREATE TABLE words (
    shop TEXT NOT NULL REFERENCES shop (id),
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'staff', 'question', 'answer')),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    erase_at INTEGER,
    PRIMARY KEY (shop, kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO words SELECT shop, kind, id, name, erase_at FROM person;
DROP TABLE person;
ALTER TABLE words RENAME TO person;
", "
-- Who made it happen; empty for logs from before that was known.
ALTER TABLE event ADD COLUMN by TEXT NOT NULL DEFAULT '';

-- Who may do what in a shop: owner, devices, logins, keys; secrets hashed. One document, written whole.
CREATE TABLE access (
    shop TEXT PRIMARY KEY REFERENCES shop (id),
    body TEXT NOT NULL
) STRICT;

-- What was done about access, and about what is kept of people.
CREATE TABLE deed (
    shop TEXT NOT NULL REFERENCES shop (id),
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL
) STRICT;
CREATE INDEX deed_by_shop ON deed (shop, at);

-- Keys of desks were all there was; programs may go on using them.
INSERT INTO access (shop, body)
SELECT shop, json_object('keys', json_group_array(json_object(
    'id', rowid, 'label', 'Desk link', 'scopes', json('[\"join\",\"desk\",\"set_up\"]'),
    'hash', lower(hex(hash)), 'made_at', made_at)))
FROM desk_key GROUP BY shop;
DROP TABLE desk_key;
", "
-- A contact is kept like a name; and of everything since when it is kept, so that a shop may keep it
-- for a shorter time than it did. Until now that was always 30 days.
--
-- What SQLite moves from page to page leaves copies behind, which `secure_delete` does not overwrite
-- when the row is deleted. So no row here is ever moved: rows are added at the end, never deleted and
-- never made longer or shorter. What is erased is overwritten by spaces where it stands.
CREATE TABLE words (
    nr INTEGER PRIMARY KEY,
    shop TEXT NOT NULL REFERENCES shop (id),
    kind TEXT NOT NULL CHECK (kind IN ('visit', 'staff', 'question', 'answer', 'contact')),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    said_at INTEGER,
    erase_at INTEGER,
    is_erased INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO words (shop, kind, id, name, said_at, erase_at)
    SELECT shop, kind, id, name, erase_at - 2592000000, erase_at FROM person;
DROP TABLE person;
CREATE UNIQUE INDEX words_kept ON words (shop, kind, id) WHERE is_erased = 0;
CREATE VIEW person AS
    SELECT shop, kind, id, name, said_at, erase_at FROM words WHERE is_erased = 0;
"];

/// Brings the file to the newest version, in one transaction.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: i64 = sqlx::query("PRAGMA user_version").fetch_one(&mut *connection).await?.get(0);
    let known = STEPS.len() as i64;
    if found > known {
        return Err(StoreError::SchemaTooNew { found, known });
    }
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    for step in STEPS.iter().skip(found as usize) {
        sqlx::raw_sql(*step).execute(&mut *tx).await?;
    }
    // A pragma takes no parameters; what is written into it is a number of ours.
    let version = AssertSqlSafe(format!("PRAGMA user_version = {known}"));
    sqlx::raw_sql(version).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}
