//! The private desk: what the party's own people keep about shared things, and what never leaves the node.

use oplog::id::hex;
use oplog::{ObjectId, SpaceId};
use store::desk::{DraftRow, UploadRow};

use crate::ask::Concern;
use crate::people::secret_of;
use crate::policy::{Actor, Authorized, Right, Role};
use crate::{Node, NodeError, Person, PersonId, Result, Visitor};

/// How long a file waits to be signed, in milliseconds: a day.
const UPLOAD_MS: u64 = 86_400_000;
/// How many files of one person wait at a time; a further one takes the place of the oldest.
const UPLOADS_MAX: usize = 4;
/// The longest name of a file, in letters.
const FILE_NAME_CHARS_MAX: usize = 200;
/// The longest media type.
const MEDIA_CHARS_MAX: usize = 100;
/// The longest note among ourselves, in letters.
pub const PRIVATE_NOTE_CHARS_MAX: usize = 5_000;
/// The most notes among ourselves that are shown of one thing.
const PRIVATE_NOTES_SHOWN: usize = 500;
/// The longest draft, in bytes of its form.
const DRAFT_BYTES_MAX: usize = 256 * 1024;
/// The most drafts of a party.
const DRAFTS_MAX: usize = 1_000;
/// The most things of one person that the inbox looks through.
const ASSIGNED_MAX: usize = 2_000;
/// What a file is when nobody says more.
const MEDIA_ANY: &str = "application/octet-stream";

/// Keeping something on the private desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepDesk;

/// Seeing the private desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeeDesk;

/// What our own people keep about a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskView {
    /// Who looks after it, with the name.
    pub assignee: Option<(PersonId, String)>,
    /// What was said about it, the newest first.
    pub notes: Vec<PrivateNote>,
}

/// A note among ourselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrivateNote {
    /// Its number.
    pub no: i64,
    /// Who wrote it.
    pub by: PersonId,
    /// That person's name.
    pub name: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The words.
    pub text: String,
}

/// Terms that somebody typed and has not signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The space.
    pub space: SpaceId,
    /// The commitment that it would change, if any.
    pub object: Option<ObjectId>,
    /// Which form it is.
    pub kind: String,
    /// The form, as it was sent.
    pub fields: String,
}

/// A draft with what a list says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftView {
    /// What it is called.
    pub id: String,
    /// Who kept it last.
    pub name: String,
    /// When, in milliseconds since 1970.
    pub at_ms: u64,
    /// The draft.
    pub draft: Draft,
}

/// Why a draft is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unkept {
    /// It is too long.
    TooLong,
    /// There are too many already.
    TooMany,
}

/// A file that somebody chose and has not signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its name, without folders and without letters that steer or cannot be seen.
    pub name: String,
    /// Its media type, as the browser claimed it.
    pub media: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Who does something on the desk.
fn person(may: &Authorized<KeepDesk>) -> Result<PersonId> {
    match may.by() {
        Actor::Person(id, _) => Ok(id),
        Actor::Operator => Err(NodeError::NotAllowed),
    }
}

/// A file's name as it is signed and handed out: no folders, nothing that cannot be seen or steers the direction of text, and an end.
#[must_use]
pub fn plain_file_name(name: &str) -> String {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
            || matches!(letter, '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|letter| !hidden(*letter)).collect();
    let seen = seen.trim().trim_start_matches('.').trim_start();
    // The end of a name says what it is, so a long one is cut in front of it.
    let count = seen.chars().count();
    let name: String = match seen.rsplit_once('.') {
        Some((stem, end)) if count > FILE_NAME_CHARS_MAX && end.chars().count() <= 16 => {
            let room = FILE_NAME_CHARS_MAX - 1 - end.chars().count();
            stem.chars().take(room).chain(".".chars()).chain(end.chars()).collect()
        }
        _ => seen.chars().take(FILE_NAME_CHARS_MAX).collect(),
    };
    if name.is_empty() { "file".to_owned() } else { name }
}

/// A media type as it is signed; whatever does not look like one is any.
fn plain_media(media: &str) -> String {
    let fits = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let sound = essence.len() <= MEDIA_CHARS_MAX
        && essence.split_once('/').is_some_and(|(kind, sub)| fits(kind) && fits(sub));
    if sound { essence } else { MEDIA_ANY.to_owned() }
}

impl Node {
    /// Lets a person keep something on the private desk.
    ///
    /// # Errors
    /// The person's role does not allow it.
    pub fn keep_desk(&self, visitor: &Visitor) -> Result<Authorized<KeepDesk>> {
        Authorized::by_person(visitor.person(), Right::Comment, KeepDesk)
    }

    /// Keeps a file until it is signed, at most for a day. Gives what it is called until then.
    ///
    /// # Errors
    /// The database refuses.
    pub fn choose_file(&mut self, may: &Authorized<KeepDesk>, file: Chosen) -> Result<String> {
        let (id, person, at_ms) = (self.entropy.bytes(), person(may)?.0, self.clock.now_ms());
        let (name, media) = (plain_file_name(&file.name), plain_media(&file.media));
        let row = UploadRow { id, person, name, media, at_ms, bytes: file.bytes };
        self.transact(|node| {
            node.store.add_upload(&row)?;
            Ok(node.store.end_uploads(&person, at_ms.saturating_sub(UPLOAD_MS), UPLOADS_MAX)?)
        })?;
        Ok(hex(&id))
    }

    /// A file that the person chose and has not signed yet.
    ///
    /// # Errors
    /// The database refuses.
    pub fn chosen_file(&self, may: &Authorized<KeepDesk>, id: &str) -> Result<Option<Chosen>> {
        let (Some(id), person) = (secret_of(id), person(may)?.0) else { return Ok(None) };
        let oldest_ms = self.clock.now_ms().saturating_sub(UPLOAD_MS);
        let row = self.store.upload(&id)?.filter(|row| row.person == person && row.at_ms >= oldest_ms);
        Ok(row.map(|row| Chosen { name: row.name, media: row.media, bytes: row.bytes }))
    }

    /// Forgets a file that the person chose.
    ///
    /// # Errors
    /// The database refuses.
    pub fn forget_file(&mut self, may: &Authorized<KeepDesk>, id: &str) -> Result<()> {
        let (Some(id), person) = (secret_of(id), person(may)?.0) else { return Ok(()) };
        match self.store.upload(&id)?.filter(|row| row.person == person) {
            Some(row) => self.transact(|node| Ok(node.store.end_upload(&row.id)?)),
            None => Ok(()),
        }
    }
}

impl Node {
    /// Lets a person see the private desk.
    ///
    /// # Errors
    /// The person's role does not allow it.
    pub fn see_desk(&self, visitor: &Visitor) -> Result<Authorized<SeeDesk>> {
        Authorized::by_person(visitor.person(), Right::Desk, SeeDesk)
    }

    /// What our own people keep about a commitment.
    ///
    /// # Errors
    /// The database refuses.
    pub fn desk_of(&self, _may: &Authorized<SeeDesk>, object: ObjectId) -> Result<DeskView> {
        let mut notes = Vec::new();
        for row in self.store.private_notes(object, PRIVATE_NOTES_SHOWN)? {
            let name = self.name_of(&row.person)?;
            notes.push(PrivateNote {
                no: row.no,
                by: PersonId(row.person),
                name,
                at_ms: row.at_ms,
                text: row.text,
            });
        }
        Ok(DeskView { assignee: self.assignee_of(object)?, notes })
    }

    /// Who looks after a commitment, with the name.
    ///
    /// # Errors
    /// The database refuses.
    pub fn assignee(
        &self,
        _may: &Authorized<SeeDesk>,
        object: ObjectId,
    ) -> Result<Option<(PersonId, String)>> {
        self.assignee_of(object)
    }

    fn assignee_of(&self, object: ObjectId) -> Result<Option<(PersonId, String)>> {
        let Some((person, _)) = self.store.assignee(object)? else { return Ok(None) };
        Ok(Some((PersonId(person), self.name_of(&person)?)))
    }

    /// A person's name, also of one whose account is closed.
    fn name_of(&self, person: &[u8; 32]) -> Result<String> {
        Ok(self.store.person(person)?.map(|row| row.name).unwrap_or_default())
    }

    /// Those of our people who can look after something, by name.
    ///
    /// # Errors
    /// The database refuses.
    pub fn colleagues(&self, _may: &Authorized<SeeDesk>) -> Result<Vec<Person>> {
        let mut all = self.people_now()?;
        all.retain(|person| person.role.may(Right::Desk));
        Ok(all)
    }

    /// Names who looks after a commitment, or nobody.
    ///
    /// # Errors
    /// No such commitment, or the person has no account or no desk.
    pub fn assign(
        &mut self,
        may: &Authorized<KeepDesk>,
        object: ObjectId,
        whom: Option<PersonId>,
    ) -> Result<()> {
        person(may)?;
        self.commitment_here(object)?;
        if let Some(whom) = whom {
            let known =
                self.people_now()?.into_iter().any(|held| held.id == whom && held.role.may(Right::Desk));
            if !known {
                return Err(NodeError::NoSuch("person"));
            }
        }
        let at_ms = self.clock.now_ms();
        self.transact(|node| Ok(node.store.set_assignee(object, whom.as_ref().map(|whom| &whom.0), at_ms)?))
    }

    /// Keeps a note among ourselves about a commitment.
    ///
    /// # Errors
    /// No such commitment, or the text is empty or longer than [`PRIVATE_NOTE_CHARS_MAX`].
    pub fn note_privately(&mut self, may: &Authorized<KeepDesk>, object: ObjectId, text: &str) -> Result<()> {
        let person = person(may)?;
        self.commitment_here(object)?;
        if text.is_empty() || text.chars().count() > PRIVATE_NOTE_CHARS_MAX {
            return Err(NodeError::People("a note has between 1 and 5000 letters"));
        }
        let at_ms = self.clock.now_ms();
        self.transact(|node| Ok(node.store.add_private_note(object, &person.0, at_ms, text)?))
    }

    /// Forgets a note among ourselves: its author may, and a head.
    ///
    /// # Errors
    /// There is no such note, or it is another's.
    pub fn forget_private_note(
        &mut self,
        may: &Authorized<KeepDesk>,
        object: ObjectId,
        no: i64,
    ) -> Result<()> {
        let (Actor::Person(id, role), notes) =
            (may.by(), self.store.private_notes(object, PRIVATE_NOTES_SHOWN)?)
        else {
            return Err(NodeError::NotAllowed);
        };
        let note = notes.into_iter().find(|note| note.no == no).ok_or(NodeError::NoSuch("note"))?;
        if note.person != id.0 && role != Role::Head {
            return Err(NodeError::NotAllowed);
        }
        self.transact(|node| Ok(node.store.end_private_note(object, no)?))
    }

    /// What concerns our party of what a person looks after, by due day.
    ///
    /// # Errors
    /// The database refuses.
    pub fn concerns_of(&mut self, _may: &Authorized<SeeDesk>, whom: PersonId) -> Result<Vec<Concern>> {
        let objects = self.store.assigned_to(&whom.0, ASSIGNED_MAX)?;
        self.concerns_among(objects)
    }

    /// Keeps terms that were typed and not signed, in place of what was kept under the same id. Gives the id.
    ///
    /// # Errors
    /// The database refuses. Inside: why they are not kept.
    pub fn keep_draft(
        &mut self,
        may: &Authorized<KeepDesk>,
        id: Option<&str>,
        draft: Draft,
    ) -> Result<std::result::Result<String, Unkept>> {
        let person = person(may)?.0;
        if draft.fields.len() > DRAFT_BYTES_MAX {
            return Ok(Err(Unkept::TooLong));
        }
        let before = id.and_then(secret_of).map(|id| self.store.draft(&id)).transpose()?.flatten();
        if before.is_none() && self.store.drafts(DRAFTS_MAX)?.len() >= DRAFTS_MAX {
            return Ok(Err(Unkept::TooMany));
        }
        let id = before.map_or_else(|| self.entropy.bytes(), |row| row.id);
        let Draft { space, object, kind, fields } = draft;
        let row = DraftRow { id, person, space, object, kind, fields, at_ms: self.clock.now_ms() };
        self.transact(|node| Ok(node.store.set_draft(&row)?))?;
        Ok(Ok(hex(&id)))
    }

    /// A draft.
    ///
    /// # Errors
    /// There is none of this id.
    pub fn draft(&self, _may: &Authorized<KeepDesk>, id: &str) -> Result<Draft> {
        let row = secret_of(id).map(|id| self.store.draft(&id)).transpose()?.flatten();
        row.map(drafted).ok_or(NodeError::NoSuch("draft"))
    }

    /// All drafts of the party, the one kept last first.
    ///
    /// # Errors
    /// The database refuses.
    pub fn drafts(&self, _may: &Authorized<KeepDesk>) -> Result<Vec<DraftView>> {
        let view = |row: DraftRow| {
            let name = self.name_of(&row.person)?;
            Ok(DraftView { id: hex(&row.id), name, at_ms: row.at_ms, draft: drafted(row) })
        };
        self.store.drafts(DRAFTS_MAX)?.into_iter().map(view).collect()
    }

    /// Forgets a draft; one that there is not is forgotten already.
    ///
    /// # Errors
    /// The database refuses.
    pub fn forget_draft(&mut self, may: &Authorized<KeepDesk>, id: &str) -> Result<()> {
        person(may)?;
        match secret_of(id) {
            Some(id) => self.transact(|node| Ok(node.store.end_draft(&id)?)),
            None => Ok(()),
        }
    }

    fn commitment_here(&mut self, object: ObjectId) -> Result<()> {
        let space = self.space_of(object)?;
        match self.record(space, object)? {
            agreement::Record::Commitment(_) => Ok(()),
            agreement::Record::Space(_)
            | agreement::Record::Transcript(_)
            | agreement::Record::Note(_)
            | agreement::Record::Agreement(_)
            | agreement::Record::Declaration(_) => Err(NodeError::NoSuch("commitment")),
        }
    }
}

fn drafted(row: DraftRow) -> Draft {
    Draft { space: row.space, object: row.object, kind: row.kind, fields: row.fields }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_has_no_folders_and_nothing_that_hides() {
        for (given, kept) in [
            ("act 17.pdf", "act 17.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("صورت\u{200c}جلسه.pdf", "صورت\u{200c}جلسه.pdf"),
            ("a\r\nSet-Cookie: b", "aSet-Cookie: b"),
            ("..", "file"),
            (".htaccess", "htaccess"),
            ("", "file"),
        ] {
            assert_eq!(plain_file_name(given), kept, "{given:?}");
        }
        let long = plain_file_name(&format!("{}.pdf", "ب".repeat(5_000)));
        assert_eq!(long.chars().count(), FILE_NAME_CHARS_MAX);
        assert!(long.ends_with(".pdf"));
    }

    #[test]
    fn what_is_no_media_type_is_any() {
        assert_eq!(plain_media("Text/HTML; charset=utf-8"), "text/html");
        for odd in ["", "x", "a/", "/b", "a/b\r\nc", "a/<script>", &"a/b".repeat(200)] {
            assert_eq!(plain_media(odd), MEDIA_ANY, "{odd}");
        }
    }
}
