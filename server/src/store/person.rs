//! What people say, and what they are called: beside the log, each with the date on which it is
//! erased, so that a person can be forgotten and the log kept.

use std::collections::BTreeMap;

use sooner_engine::Recorded;
use sooner_shared::{ShopId, StaffId, Timestamp, VisitId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::committer::json;
use super::{Batch, Store, StoreError, damaged, read_event};

/// The statement that overwrites words where they stand, byte for byte: the schema says why.
macro_rules! overwritten_where {
    ($which:literal) => {
        concat!(
            "UPDATE words SET is_erased = 1,
                 name = replace(hex(zeroblob(octet_length(name))), '00', ' ')
             WHERE is_erased = 0 AND ",
            $which
        )
    };
}

/// Whose name, or which words, it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonKey {
    /// Somebody in line.
    Visit(VisitId),
    /// Somebody who serves.
    Staff(StaffId),
    /// What somebody in line asked.
    Question(VisitId),
    /// What they were answered.
    Answer(VisitId),
    /// How the shop reaches somebody in line.
    Contact(VisitId),
}

impl PersonKey {
    /// Everything that may be kept of one visit.
    #[must_use]
    pub const fn of(visit: VisitId) -> [Self; 4] {
        [Self::Visit(visit), Self::Contact(visit), Self::Question(visit), Self::Answer(visit)]
    }

    /// Whose visit it is about; `None` for who serves.
    #[must_use]
    pub const fn visit(self) -> Option<VisitId> {
        match self {
            Self::Visit(id) | Self::Question(id) | Self::Answer(id) | Self::Contact(id) => Some(id),
            Self::Staff(_) => None,
        }
    }

    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Visit(_) => "visit",
            Self::Staff(_) => "staff",
            Self::Question(_) => "question",
            Self::Answer(_) => "answer",
            Self::Contact(_) => "contact",
        }
    }

    pub(super) const fn number(self) -> u32 {
        match self {
            Self::Visit(id) | Self::Question(id) | Self::Answer(id) | Self::Contact(id) => id.0,
            Self::Staff(id) => id.0 as u32,
        }
    }

    fn read(row: &SqliteRow) -> Self {
        let id: u32 = row.get("id");
        match row.get::<&str, _>("kind") {
            "staff" => Self::Staff(StaffId(id as u16)),
            "question" => Self::Question(VisitId(id)),
            "answer" => Self::Answer(VisitId(id)),
            "contact" => Self::Contact(VisitId(id)),
            _ => Self::Visit(VisitId(id)),
        }
    }
}

/// A name or other words, and for how long they are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What was said.
    pub text: String,
    /// When; of an appointment, when that is. `None` for who serves, whose name stays while they do.
    pub said_at: Option<Timestamp>,
    /// When it is erased; `None` is never.
    pub erase_at: Option<Timestamp>,
}

impl Kept {
    /// A name that stays while its person works here.
    #[must_use]
    pub const fn for_good(text: String) -> Self {
        Self { text, said_at: None, erase_at: None }
    }

    /// Words that are erased so long after they were said.
    #[must_use]
    pub fn for_a_while(text: String, said_at: Timestamp, keep_ms: i64) -> Self {
        Self { text, said_at: Some(said_at), erase_at: Some(said_at + keep_ms) }
    }

    /// What takes the place of words that are to go at once: nothing.
    #[must_use]
    pub const fn erased(now: Timestamp) -> Self {
        Self { text: String::new(), said_at: None, erase_at: Some(now) }
    }

    /// Is kept no longer than this after it was said, in milliseconds. Never longer than before:
    /// that date was told.
    pub(crate) fn shorten(&mut self, keep_ms: i64) {
        if let (Some(said_at), Some(erase_at)) = (self.said_at, &mut self.erase_at) {
            *erase_at = (*erase_at).min(said_at + keep_ms);
        }
    }

    /// Whether it is to be erased now.
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        self.erase_at.is_some_and(|at| at <= now)
    }

    fn read(row: &SqliteRow) -> Self {
        Self {
            text: row.get("name"),
            said_at: row.get::<Option<i64>, _>("said_at").map(Timestamp),
            erase_at: row.get::<Option<i64>, _>("erase_at").map(Timestamp),
        }
    }
}

/// A name or other words to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Whose, and which.
    pub key: PersonKey,
    /// What they are.
    pub kept: Kept,
}

impl Store {
    /// What is kept of one visit beside the log.
    pub async fn words_of(
        &self,
        shop: &ShopId,
        visit: VisitId,
    ) -> Result<BTreeMap<PersonKey, Kept>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, id, name, said_at, erase_at FROM person
             WHERE shop = ? AND id = ? AND kind <> 'staff'",
        )
        .bind(shop.as_str())
        .bind(visit.0)
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(|row| (PersonKey::read(row), Kept::read(row))).collect())
    }

    /// The events of a log that may concern one visit, in their order: all that name its number, and
    /// those that take back what a tap did. Their checksums are not looked at.
    pub async fn events_of(
        &self,
        shop: &ShopId,
        visit: VisitId,
    ) -> Result<Vec<Recorded>, StoreError> {
        let rows = sqlx::query(
            r#"SELECT seq, at, tap, by, body FROM event
               WHERE shop = ?1 AND (instr(body, ?2) > 0 OR instr(body, '{"undone"') = 1
                   OR instr(body, '{"price_accepted"') = 1 OR instr(body, '{"remedy_taken"') = 1)
               ORDER BY seq"#,
        )
        .bind(shop.as_str())
        .bind(format!("\"visit\":{visit}"))
        .fetch_all(&self.reads)
        .await?;
        let read =
            |row| read_event(row).ok_or_else(|| damaged(shop, row.get::<i64, _>("seq") as u64));
        rows.iter().map(read).collect()
    }
}

/// The words of everybody in a shop.
pub(super) async fn all(
    connection: &mut SqliteConnection,
    shop: &ShopId,
) -> Result<BTreeMap<PersonKey, Kept>, StoreError> {
    let rows = sqlx::query("SELECT kind, id, name, said_at, erase_at FROM person WHERE shop = ?")
        .bind(shop.as_str())
        .fetch_all(connection)
        .await?;
    Ok(rows.iter().map(|row| (PersonKey::read(row), Kept::read(row))).collect())
}

/// Writes what people said, and says whether it took the place of what they had said before.
pub(super) async fn write(
    tx: &mut SqliteConnection,
    batches: &[&Batch],
) -> Result<bool, sqlx::Error> {
    // Of one key the last words count.
    let people: BTreeMap<_, _> = batches
        .iter()
        .flat_map(|b| b.people.iter().map(|p| ((&b.shop, p.key.kind(), p.key.number()), &p.kept)))
        .collect();
    if people.is_empty() {
        return Ok(false);
    }
    let keys: Vec<_> = people.keys().collect();
    let replaced = sqlx::query(overwritten_where!(
        "(shop, kind, id) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))"
    ))
    .bind(json(&keys))
    .execute(&mut *tx)
    .await?;
    let rows: Vec<_> = people
        .iter()
        .filter(|(_, kept)| !kept.text.is_empty())
        .map(|((shop, kind, id), kept)| {
            let (said_at, erase_at) = (kept.said_at.map(|t| t.0), kept.erase_at.map(|t| t.0));
            (shop, kind, id, &kept.text, said_at, erase_at)
        })
        .collect();
    sqlx::query(
        "INSERT INTO words (shop, kind, id, name, said_at, erase_at)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
         FROM json_each(?)",
    )
    .bind(json(&rows))
    .execute(&mut *tx)
    .await?;
    Ok(replaced.rows_affected() > 0)
}

/// Nothing that people said is kept longer than this after they did, in milliseconds.
pub(super) async fn shorten(
    tx: &mut SqliteConnection,
    shop: &ShopId,
    keep_ms: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE words SET erase_at = min(erase_at, said_at + ?)
         WHERE is_erased = 0 AND shop = ? AND said_at IS NOT NULL",
    )
    .bind(keep_ms)
    .bind(shop.as_str())
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Erases what is due, and says whether there was any.
pub(super) async fn erase_due(
    tx: &mut SqliteConnection,
    shop: &ShopId,
    now: i64,
) -> Result<bool, sqlx::Error> {
    let erased = sqlx::query(overwritten_where!("shop = ? AND erase_at <= ?"))
        .bind(shop.as_str())
        .bind(now)
        .execute(&mut *tx)
        .await?;
    Ok(erased.rows_affected() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_was_told_is_never_put_off() {
        let mut kept = Kept::for_a_while("Kata".to_owned(), Timestamp(100), 30);
        kept.shorten(50);
        assert_eq!(kept.erase_at, Some(Timestamp(130)));
        kept.shorten(10);
        assert_eq!(kept.erase_at, Some(Timestamp(110)));
        assert!(kept.is_due(Timestamp(110)) && !kept.is_due(Timestamp(109)));
        let mut staff = Kept::for_good("Maria".to_owned());
        staff.shorten(0);
        assert_eq!(staff, Kept::for_good("Maria".to_owned()));
    }
}
