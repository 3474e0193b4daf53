//! What parties are called on a page.

use std::collections::BTreeMap;

use node::Node;
use node::oplog::{PartyId, SpaceId};

use crate::markup::Markup;
use crate::messages::calm;
use crate::reader::Reader;

/// The names of a space's parties, and which of them is ours.
#[derive(Clone, Debug)]
pub(super) struct Names {
    names: BTreeMap<PartyId, String>,
    pub(super) own: PartyId,
    reader: Reader,
}

impl Names {
    /// The names of a space.
    pub(super) fn of_space(node: &Node, space: SpaceId, reader: Reader) -> node::Result<Self> {
        Ok(Self { names: node::ask::names(&node.parties(space)?), own: node.party(), reader })
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
