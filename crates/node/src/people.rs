//! The party's own people: who there is, in which role, and what of them the record shows.

mod passphrase;
mod session;
mod tries;

use std::collections::BTreeMap;

use agreement::FieldTag;
use oplog::SpaceId;
use oplog::id::{hash, hex, unhex};
use store::people::PersonRow;

use crate::policy::{Actor, Authorized, ManagePeople, Right, Role};
use crate::{Act, Node, NodeError, Result};

pub use passphrase::{PASSPHRASE_CHARS_MAX, PASSPHRASE_CHARS_MIN, Passphrase};
pub use session::{SessionView, Visitor};
pub use tries::{Begun, Proven, Try};

/// The longest name of a person, in letters.
const NAME_CHARS_MAX: usize = 100;
/// The most people of a party, closed accounts included.
const PEOPLE_MAX: usize = 10_000;
/// How long a guest is let in, in milliseconds: thirty days.
const GUEST_MS: u64 = 30 * 86_400_000;
/// How long an invitation can be used, in milliseconds: three days.
const INVITATION_MS: u64 = 3 * 86_400_000;

/// Who, within one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonId(pub [u8; 32]);

impl std::fmt::Display for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl std::str::FromStr for PersonId {
    type Err = NodeError;

    fn from_str(text: &str) -> Result<Self> {
        secret_of(text).map(Self).ok_or(NodeError::NoSuch("person"))
    }
}

/// One of the party's people, whose account is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// What the person is there for.
    pub role: Role,
    /// Whether a passphrase was chosen.
    pub can_sign_in: bool,
    /// When the grant ends, in milliseconds since 1970-01-01 UTC, if it does.
    pub until_ms: Option<u64>,
}

impl Person {
    /// The person of a row; `None` when the account is closed, expired, or of a role that there is not.
    fn of_row(row: &PersonRow, now_ms: u64) -> Option<Self> {
        let holds = !row.removed && row.until_ms.is_none_or(|until_ms| now_ms < until_ms);
        Some(Self {
            id: PersonId(row.id),
            name: row.name.clone(),
            role: Role::of_code(&row.role).filter(|_| holds)?,
            can_sign_in: !row.passphrase.is_empty(),
            until_ms: row.until_ms,
        })
    }
}

/// A name as it is kept and compared: without space around it, and without letters that only steer the direction of text,
/// which nobody sees and keyboards add.
fn plain(name: &str) -> String {
    let steers = |letter| matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    name.replace(steers, "").trim().to_owned()
}

/// 32 bytes out of hexadecimal digits.
pub(crate) fn secret_of(text: &str) -> Option<[u8; 32]> {
    unhex(text)?.try_into().ok()
}

/// What the record shows of a person: a hash that only whoever has the salt can open, another in each space.
fn shown(row: &PersonRow, space: SpaceId) -> String {
    hex(&hash("peygir/person/0", &[&row.salt, &space.0, &row.id]))
}

/// The act as a person signs it: with the role and the salted hash, and without those that a text was taken over with.
fn bearing(mut act: Act, row: &PersonRow, role: Role) -> Act {
    let mut content = act.content.unwrap_or_default();
    content.fields.retain(|field| !matches!(field.tag, FieldTag::Role | FieldTag::Person));
    let person = shown(row, act.space);
    act.content = Some(content.with(FieldTag::Role, "", role.code()).with(FieldTag::Person, "", &person));
    act
}

impl Node {
    /// Whether anybody can sign in, or is invited to.
    ///
    /// # Errors
    /// The database refuses.
    pub fn has_people(&self) -> Result<bool> {
        let now_ms = self.clock.now_ms();
        Ok(self.store.people()?.iter().any(|row| Person::of_row(row, now_ms).is_some()))
    }

    /// Everybody whose account is open, by name, as one of them who manages people sees it.
    ///
    /// # Errors
    /// The visitor's role does not allow it.
    pub fn people_for(&self, visitor: &Visitor) -> Result<Vec<Person>> {
        self.people(&Authorized::by_person(visitor.person(), Right::People, ManagePeople)?)
    }

    /// Everybody whose account is open, by name.
    ///
    /// # Errors
    /// The database refuses.
    pub fn people(&self, _may: &Authorized<ManagePeople>) -> Result<Vec<Person>> {
        self.people_now()
    }

    /// Everybody whose account is open, by name.
    pub(crate) fn people_now(&self) -> Result<Vec<Person>> {
        let now_ms = self.clock.now_ms();
        Ok(self.store.people()?.iter().filter_map(|row| Person::of_row(row, now_ms)).collect())
    }

    /// The names of our people, by what the record of a space shows of them.
    ///
    /// # Errors
    /// The database refuses.
    pub fn own_people(&self, space: SpaceId) -> Result<BTreeMap<String, String>> {
        Ok(self.store.people()?.into_iter().map(|row| (shown(&row, space), row.name)).collect())
    }

    /// Makes an account, or opens a closed one again. The person cannot sign in before taking up an invitation.
    ///
    /// # Errors
    /// The name does not do or is taken, or whoever asks may not give the role.
    pub fn add_person(&mut self, may: &Authorized<ManagePeople>, name: &str, role: Role) -> Result<PersonId> {
        let name = plain(name);
        let count = name.chars().count();
        if count == 0 || count > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(NodeError::People("a name has between 1 and 100 letters"));
        }
        governs(may, None, role)?;
        let until_ms = (role == Role::Guest).then(|| self.clock.now_ms().saturating_add(GUEST_MS));
        let before = self.store.person_named(&name)?;
        let now_ms = self.clock.now_ms();
        if before.as_ref().is_some_and(|row| Person::of_row(row, now_ms).is_some()) {
            return Err(NodeError::People("somebody has this name already"));
        }
        if before.is_none() && self.store.people()?.len() >= PEOPLE_MAX {
            return Err(NodeError::People("there are too many people"));
        }
        // Whoever comes back keeps the salt, so that earlier acts stay theirs.
        let (id, salt) =
            before.map_or_else(|| (self.entropy.bytes(), self.entropy.bytes()), |row| (row.id, row.salt));
        let row = PersonRow {
            id,
            name,
            role: role.code().to_owned(),
            salt,
            passphrase: String::new(),
            until_ms,
            removed: false,
        };
        self.transact(|node| Ok(node.store.set_person(&row)?))?;
        Ok(PersonId(id))
    }

    /// Gives a person another role. What is open of the person goes on in it.
    ///
    /// # Errors
    /// There is no such person, or whoever asks may not give or take the role.
    pub fn set_role(&mut self, may: &Authorized<ManagePeople>, id: PersonId, role: Role) -> Result<()> {
        let (row, person) = self.governed(may, id)?;
        governs(may, Some(&person), role)?;
        let until_ms = (role == Role::Guest).then(|| self.clock.now_ms().saturating_add(GUEST_MS));
        let row = PersonRow { role: role.code().to_owned(), until_ms, ..row };
        self.transact(|node| Ok(node.store.set_person(&row)?))
    }

    /// Closes an account: its sessions and invitations end. What the person signed stays theirs.
    ///
    /// # Errors
    /// There is no such person, or whoever asks may not take the role.
    pub fn remove_person(&mut self, may: &Authorized<ManagePeople>, id: PersonId) -> Result<()> {
        let (row, _) = self.governed(may, id)?;
        let row = PersonRow { removed: true, passphrase: String::new(), ..row };
        self.transact(|node| {
            node.store.set_person(&row)?;
            node.store.end_person_invitations(&row.id)?;
            node.end_sessions_of(&row.id)
        })
    }

    /// The secret of a link by which a person chooses a passphrase, once, within three days. One that was lost is
    /// replaced in the same way; a guest's time begins again.
    ///
    /// # Errors
    /// There is no such person, or whoever asks may not give the role.
    pub fn invite_person(&mut self, may: &Authorized<ManagePeople>, id: PersonId) -> Result<String> {
        let (row, person) = self.governed(may, id)?;
        let (secret, now_ms) = (self.entropy.bytes(), self.clock.now_ms());
        let until_ms = (person.role == Role::Guest).then(|| now_ms.saturating_add(GUEST_MS));
        let row = PersonRow { until_ms, ..row };
        let kept = session::kept_invitation(&secret);
        self.transact(|node| {
            node.store.set_person(&row)?;
            Ok(node.store.set_person_invitation(&kept, &row.id, now_ms.saturating_add(INVITATION_MS))?)
        })?;
        Ok(hex(&secret))
    }

    /// Sets a person's passphrase; the person's sessions and invitations end.
    ///
    /// # Errors
    /// There is no such person, or whoever asks may not give the role.
    pub fn set_passphrase(
        &mut self,
        may: &Authorized<ManagePeople>,
        id: PersonId,
        passphrase: &Passphrase,
    ) -> Result<()> {
        let (row, _) = self.governed(may, id)?;
        self.transact(|node| node.keep_passphrase(row, passphrase))
    }

    fn keep_passphrase(&self, row: PersonRow, passphrase: &Passphrase) -> Result<()> {
        let row = PersonRow { passphrase: passphrase.kept().to_owned(), ..row };
        self.store.set_person(&row)?;
        self.store.end_person_invitations(&row.id)?;
        self.end_sessions_of(&row.id)
    }

    fn end_sessions_of(&self, id: &[u8; 32]) -> Result<()> {
        for session in self.store.sessions_of(id)? {
            self.store.end_session(&session.id)?;
        }
        Ok(())
    }

    /// A person as of now; `None` when the account is closed or its time is over.
    fn person_now(&self, id: &[u8; 32]) -> Result<Option<(PersonRow, Person)>> {
        let row = self.store.person(id)?;
        Ok(row.and_then(|row| Person::of_row(&row, self.clock.now_ms()).map(|person| (row, person))))
    }

    /// A person whom the one who asks may manage. An expired guest can still be managed.
    fn governed(&self, may: &Authorized<ManagePeople>, id: PersonId) -> Result<(PersonRow, Person)> {
        let row = self.store.person(&id.0)?.filter(|row| !row.removed);
        let row = row.ok_or(NodeError::NoSuch("person"))?;
        let person = Person::of_row(&row, 0).ok_or(NodeError::NoSuch("person"))?;
        governs(may, Some(&person), person.role)?;
        Ok((row, person))
    }

    /// Lets a person sign an act: who proved the passphrase just now, in the role that the person has now.
    ///
    /// # Errors
    /// The session is another's than the passphrase, or the role does not allow it.
    pub fn authorize(&self, visitor: &Visitor, proven: &Proven, act: Act) -> Result<Authorized<Act>> {
        let person = self.proven_now(visitor, proven)?;
        Authorized::by_person(&person, Right::to_sign(&act.operation), act)
    }

    /// Lets a person change who there is: who proved the passphrase just now, in the role that the person has now.
    ///
    /// # Errors
    /// The session is another's than the passphrase, or the role does not allow it.
    pub fn manage_people(&self, visitor: &Visitor, proven: &Proven) -> Result<Authorized<ManagePeople>> {
        let person = self.proven_now(visitor, proven)?;
        Authorized::by_person(&person, Right::People, ManagePeople)
    }

    fn proven_now(&self, visitor: &Visitor, proven: &Proven) -> Result<Person> {
        let (_, person) = self.person_now(&visitor.person().id.0)?.ok_or(NodeError::NotAllowed)?;
        if proven.person() == person.id { Ok(person) } else { Err(NodeError::NotAllowed) }
    }

    /// Signs acts for those who may: the operator's as they are, a person's with who acted in them. Roles are read once
    /// more, as they may have been taken while the act waited.
    pub(crate) fn submit_authorized(
        &mut self,
        acts: Vec<Authorized<Act>>,
    ) -> Result<Vec<Result<crate::Receipt>>> {
        let mut allowed = Vec::with_capacity(acts.len());
        let mut refused = Vec::with_capacity(acts.len());
        for act in acts {
            let (act, by) = act.parts();
            let act = match by {
                Actor::Operator => Ok(act),
                Actor::Person(id, role) => match self.person_now(&id.0)? {
                    Some((row, now)) if now.role == role => Ok(bearing(act, &row, role)),
                    Some(_) | None => Err(NodeError::NotAllowed),
                },
            };
            match act {
                Ok(act) => {
                    allowed.push(act);
                    refused.push(None);
                }
                Err(why) => refused.push(Some(why)),
            }
        }
        let mut signed = self.submit_batch(allowed)?.into_iter();
        let lost = || Err(NodeError::NoSuch("act"));
        Ok(refused
            .into_iter()
            .map(|why| why.map_or_else(|| signed.next().unwrap_or_else(lost), Err))
            .collect())
    }
}

/// Whether whoever asks may give `role`, or take it from `whom`. Nobody but the operator changes an own account.
fn governs(may: &Authorized<ManagePeople>, whom: Option<&Person>, role: Role) -> Result<()> {
    match may.by() {
        Actor::Operator => Ok(()),
        Actor::Person(id, own) if own.governs(role) && whom.is_none_or(|person| person.id != id) => Ok(()),
        Actor::Person(..) => Err(NodeError::NotAllowed),
    }
}
