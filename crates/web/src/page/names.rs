//! What parties are called on a page.

use std::collections::BTreeMap;

use agreement::{Content, FieldTag};
use node::Node;
use node::oplog::{PartyId, SpaceId};

use super::people::role_name;
use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

/// The names of a space's parties, and which of them is ours.
#[derive(Clone, Debug)]
pub(super) struct Names {
    names: BTreeMap<PartyId, String>,
    pub(super) own: PartyId,
    /// Our own people, by what the record shows of them.
    people: BTreeMap<String, String>,
    reader: Reader,
}

impl Names {
    /// The names of a space.
    pub(super) fn of_space(node: &Node, space: SpaceId, reader: Reader) -> node::Result<Self> {
        let names = node::ask::names(&node.parties(space)?);
        Ok(Self { names, own: node.seat(space)?, people: node.own_people(space)?, reader })
    }

    /// The names of a space without those of our own people, for pages on which nobody acts.
    pub(super) fn of_parties(node: &Node, space: SpaceId, reader: Reader) -> node::Result<Self> {
        let names = node::ask::names(&node.parties(space)?);
        Ok(Self { names, own: node.party(), people: BTreeMap::new(), reader })
    }

    /// For whom they are written.
    pub(super) fn reader(&self) -> Reader {
        self.reader
    }

    /// Whether a party is of the space.
    pub(super) fn knows(&self, party: PartyId) -> bool {
        self.names.contains_key(&party)
    }

    /// A party's name without markup.
    pub(super) fn plain(&self, party: PartyId) -> String {
        let name = self.names.get(&party).cloned().unwrap_or_else(|| party.short());
        calm(&name)
    }

    /// A party's name, ours marked as such.
    pub(super) fn of(&self, party: PartyId) -> Markup {
        let name = Markup::name(&self.plain(party));
        if party == self.own { name.and(&Markup::isolating(&self.reader.say("own-party"))) } else { name }
    }

    /// Who acted for a party: one of ours by name, another's by role alone.
    pub(super) fn acted(&self, party: PartyId, content: &Content) -> Option<Markup> {
        let role = content.text(FieldTag::Role, "").and_then(|code| role_name(self.reader, code))?;
        let person = content.text(FieldTag::Person, "").filter(|_| party == self.own);
        Some(match person.and_then(|person| self.people.get(person)) {
            Some(name) => self.reader.tell("acted-own", &[("name", name.into()), ("role", (&role).into())]),
            None => self.reader.tell("acted", &[("role", (&role).into())]),
        })
    }

    /// Several names, one after another, as the language lists them.
    pub(super) fn list(&self, parties: impl IntoIterator<Item = PartyId>) -> String {
        let names: Vec<_> =
            parties.into_iter().map(|party| format!("\u{2068}{}\u{2069}", self.plain(party))).collect();
        names.join(&self.reader.say("list-comma"))
    }

    /// The same as markup.
    pub(super) fn listed(&self, parties: impl IntoIterator<Item = PartyId>) -> Markup {
        Markup::isolating(&self.list(parties))
    }
}
