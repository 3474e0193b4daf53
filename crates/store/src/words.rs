//! The words by which commitments are found: tokens that the caller made, an index over them, and what is yet to be read.

use crate::lists::CommitmentRow;
use crate::objects::ObjectNo;
use crate::{Result, Store};

/// One word that is sought: any of several ways to write it, each of one or more tokens that must all be there. A token
/// also stands for whatever begins with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought(pub Vec<Vec<String>>);

/// An expression that the index understands. Tokens are letters and digits alone; whatever else there is is left out.
fn expression(sought: &[Sought]) -> String {
    let token = |token: &String| {
        let plain: String = token.chars().filter(|letter| letter.is_alphanumeric()).collect();
        format!("\"{plain}\"*")
    };
    let all =
        |tokens: &Vec<String>| format!("({})", tokens.iter().map(token).collect::<Vec<_>>().join(" AND "));
    let any = |word: &Sought| format!("({})", word.0.iter().map(all).collect::<Vec<_>>().join(" OR "));
    sought.iter().map(any).collect::<Vec<_>>().join(" AND ")
}

impl Store {
    /// Notes that the words of an object have changed.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_unread(&self, object: ObjectNo) -> Result<()> {
        self.execute("INSERT OR IGNORE INTO unread (object) VALUES (?1)", &[object.into()]).map(drop)
    }

    /// At most `limit` objects whose words have changed and were not read since.
    ///
    /// # Errors
    /// The database refuses.
    pub fn unread(&self, limit: usize) -> Result<Vec<ObjectNo>> {
        let sql = "SELECT object FROM unread ORDER BY object LIMIT ?1";
        self.query(sql, &[(limit as u64).into()], |row| row.int(0).map(ObjectNo))
    }

    /// Whether the words of any object were not read yet.
    ///
    /// # Errors
    /// The database refuses.
    pub fn has_unread(&self) -> Result<bool> {
        Ok(self.first("SELECT 1 FROM unread LIMIT 1", &[], |_| Ok(()))?.is_some())
    }

    /// Notes that the words of an object were read.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_read(&self, object: ObjectNo) -> Result<()> {
        self.execute("DELETE FROM unread WHERE object = ?1", &[object.into()]).map(drop)
    }

    /// Keeps the words of an object, tokens with spaces between, in place of those that it had.
    ///
    /// # Errors
    /// The database refuses.
    pub fn set_words(&self, object: ObjectNo, words: &str) -> Result<()> {
        self.forget_words(object)?;
        self.insert("INSERT INTO words (rowid, sought) VALUES (?1, ?2)", &[object.into(), words.into()])
            .map(drop)
    }

    /// Takes the words of an object out of the index.
    ///
    /// # Errors
    /// The database refuses.
    pub fn forget_words(&self, object: ObjectNo) -> Result<()> {
        self.execute("DELETE FROM words WHERE rowid = ?1", &[object.into()]).map(drop)
    }

    /// At most `limit` commitments in which all of these words are, with their numbers, the one that came last first;
    /// those that came before number `before` if one is given.
    ///
    /// # Errors
    /// The database refuses.
    pub fn find(
        &self,
        sought: &[Sought],
        before: Option<ObjectNo>,
        limit: usize,
    ) -> Result<Vec<(ObjectNo, CommitmentRow)>> {
        if sought.is_empty() || sought.iter().any(|word| word.0.iter().all(Vec::is_empty)) {
            return Ok(Vec::new());
        }
        let expression = expression(sought);
        let sql = "SELECT object.id, record.space, party.id, phase, due, title, object.no FROM words
                   JOIN record ON record.object = words.rowid JOIN object ON object.no = words.rowid
                   JOIN party ON party.no = debtor
                   WHERE words MATCH ?1 AND words.rowid < ?2 AND due IS NOT NULL
                   ORDER BY words.rowid DESC LIMIT ?3";
        let before = before.map_or(i64::MAX, |no| no.0);
        let params = [expression.as_str().into(), before.into(), (limit as u64).into()];
        self.query(sql, &params, |row| Ok((ObjectNo(row.int(6)?), crate::lists::commitment_row(row)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Sought, expression};

    #[test]
    fn an_expression_holds_nothing_but_words() {
        let words = |all: &[&[&str]]| {
            Sought(all.iter().map(|one| one.iter().map(ToString::to_string).collect()).collect())
        };
        let said = expression(&[words(&[&["ab"], &["a", "b"]]), words(&[&["x\" OR y*"]])]);
        assert_eq!(said, "((\"ab\"*) OR (\"a\"* AND \"b\"*)) AND ((\"xORy\"*))");
    }
}
