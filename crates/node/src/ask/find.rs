//! Finding commitments by words: titles, texts, parties, comments. What is private is not sought in.

use std::collections::BTreeSet;

use agreement::{Commitment, Content, FieldTag, Record};
use oplog::{ObjectId, PartyId, SpaceId};
use store::StoreError;
use store::objects::ObjectNo;
use store::words::Sought;

use super::Line;
use crate::letters::{around, question, tokens};
use crate::{Node, NodeError, Result};

/// How many objects are read into the index before a question is answered.
const READ_BEFORE_MAX: usize = 1_000;
/// The most tokens of one commitment.
const TOKENS_MAX: usize = 50_000;
/// The most comments of one commitment that are read.
const BESIDE_MAX: usize = 1_000;

/// A commitment that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its line.
    pub line: Line,
    /// The texts of the terms shown, when they are here.
    pub content: Option<Content>,
    /// What says why it was found, beside its title: what kind of text, and the words around.
    pub excerpt: Option<(FieldTag, String)>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// From where on to look for more.
    pub more: Option<i64>,
    /// Whether some words were not read yet, so that something may be missing.
    pub unread: bool,
}

/// Whether a text of a content is sought in.
fn is_sought(tag: FieldTag) -> bool {
    !matches!(tag, FieldTag::Role | FieldTag::Person | FieldTag::MediaType | FieldTag::Other(_))
}

impl Node {
    /// At most `limit` commitments in which all words of a question are, from behind a place on.
    ///
    /// # Errors
    /// The database fails.
    pub fn find(&mut self, text: &str, before: Option<i64>, limit: usize) -> Result<Found> {
        let sought = question(text);
        if sought.is_empty() {
            return Ok(Found::default());
        }
        match self.read_in(READ_BEFORE_MAX) {
            // On a full disk people go on searching in what was read before.
            Ok(_) | Err(NodeError::Store(StoreError::Full)) => {}
            Err(why) => return Err(why),
        }
        let rows = self.store.find(&sought, before.map(ObjectNo), limit.saturating_add(1))?;
        let more = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit).map(|(no, _)| no.0);
        let mut hits = Vec::new();
        for (no, row) in rows.into_iter().take(limit) {
            let Some(line) = self.line(row) else { continue };
            let content = self.texts(line.space, line.id)?;
            let excerpt = self.excerpt(line.id, no, &sought)?;
            hits.push(Hit { line, content, excerpt });
        }
        Ok(Found { hits, more, unread: self.store.has_unread()? })
    }

    /// Reads the words of at most `limit` objects that have changed into the index. Gives how many there were.
    ///
    /// # Errors
    /// The database refuses.
    pub fn read_in(&mut self, limit: usize) -> Result<usize> {
        let unread = self.store.unread(limit)?;
        if unread.is_empty() {
            return Ok(0);
        }
        self.transact(|node| {
            for object in &unread {
                node.read_one(*object)?;
                node.store.set_read(*object)?;
            }
            Ok(unread.len())
        })
    }

    /// Reads the words of what an object is about.
    fn read_one(&mut self, no: ObjectNo) -> Result<()> {
        let Some((space, object)) = self.object_of(no)? else { return Ok(()) };
        let object = match self.record(space, object) {
            Ok(Record::Note(note)) => note.about,
            Ok(Record::Commitment(_)) => object,
            Ok(Record::Space(_) | Record::Transcript(_) | Record::Agreement(_) | Record::Declaration(_))
            | Err(NodeError::NoSuch(_)) => return Ok(()),
            Err(why) => return Err(why),
        };
        let Some(no) = self.store.object_no(self.live(space)?.no, object)? else { return Ok(()) };
        let Ok(Record::Commitment(record)) = self.record(space, object) else { return Ok(()) };
        let mut words = Vec::new();
        for name in self.names_in(space, &record)? {
            words.extend(tokens(&name));
        }
        self.each_text(object, no, |_, text| {
            words.extend(tokens(text));
            words.len() < TOKENS_MAX
        })?;
        // In no order and each once, so that the index holds what is sought and not the text once more.
        words.sort_unstable();
        words.dedup();
        words.truncate(TOKENS_MAX);
        Ok(self.store.set_words(no, &words.join(" "))?)
    }

    fn object_of(&self, no: ObjectNo) -> Result<Option<(SpaceId, ObjectId)>> {
        let Some((space, object)) = self.store.object_numbered(no)? else { return Ok(None) };
        Ok(self.spaces.values().find(|live| live.no == space).map(|live| (live.id, object)))
    }

    /// The names of all parties that any terms of a commitment name.
    fn names_in(&self, space: SpaceId, record: &Commitment) -> Result<Vec<String>> {
        let offers = record.ballot.slots.iter().flat_map(|slot| &slot.offers);
        let named: BTreeSet<PartyId> = offers.flat_map(|offer| offer.terms.parties()).collect();
        let parties = self.parties(space)?.into_iter();
        Ok(parties.filter(|party| named.contains(&party.id)).map(|party| party.name).collect())
    }

    /// Gives each text about a commitment to `each`, comments last, until it has enough.
    fn each_text(
        &self,
        object: ObjectId,
        no: ObjectNo,
        mut each: impl FnMut(FieldTag, &str) -> bool,
    ) -> Result<()> {
        let entries = self.store.entries_of(no)?;
        for row in entries.into_iter().chain(self.store.entries_beside(object.into(), BESIDE_MAX)?) {
            let fields = self.content_of(row.id)?.map(|content| content.fields).unwrap_or_default();
            for field in fields.iter().filter(|field| is_sought(field.tag)) {
                if !each(field.tag, &field.text) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn excerpt(
        &self,
        object: ObjectId,
        no: ObjectNo,
        sought: &[Sought],
    ) -> Result<Option<(FieldTag, String)>> {
        let mut excerpt = None;
        self.each_text(object, no, |tag, text| {
            // A title stands on the row already, and more of the words may stand in another text.
            if tag != FieldTag::Title {
                excerpt = around(text, sought).map(|words| (tag, words));
            }
            excerpt.is_none()
        })?;
        Ok(excerpt)
    }

    /// Has the words of an object read again, and until then taken out of the index if some of them were erased.
    pub(crate) fn unread_words(&self, no: ObjectNo, about: Option<ObjectNo>, erased: bool) -> Result<()> {
        if erased {
            self.store.forget_words(about.unwrap_or(no))?;
        }
        Ok(self.store.set_unread(no)?)
    }
}
