//! Founding a space, inviting, asking to be let in, letting in; and for whom we sign.

use agreement::operation::{Admit, Genesis, Offer};
use agreement::{Content, FieldTag, Introduction, Operation, Rules, SpaceTerms, Terms};
use oplog::sync::Join;
use oplog::{EntryId, KeyId, PartyId, PublicKey, SpaceId, bytes::Blob, from_bytes, id::hash, to_bytes};
use store::peers::{ApplicantRow, PeerRow};

use crate::invitation::Invitation;
use crate::live::Live;
use crate::submit::{Act, Receipt};
use crate::{Node, NodeError, Result};

/// How long an invitation holds, in milliseconds: two weeks.
pub(crate) const INVITATION_MS: u64 = 14 * 24 * 3_600_000;
/// The longest name of a party or space.
pub(crate) const NAME_BYTES_MAX: usize = 200;
/// The longest address of a node.
pub(crate) const URL_BYTES_MAX: usize = 2_048;
/// The most parties that wait to be let into one space.
const APPLICANTS_MAX: usize = 200;

/// A party that asks to be let in, for a person who compares fingerprints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The party; its id is the fingerprint.
    pub party: PartyId,
    /// What it calls itself.
    pub name: String,
    /// The seat that it asks for: its own, or that of a party which it succeeds.
    pub seat: PartyId,
    /// Where its node listens.
    pub url: String,
    /// When it asked.
    pub at_ms: u64,
}

fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.len() > NAME_BYTES_MAX {
        return Err(NodeError::Config("a name has between 1 and 200 bytes".to_owned()));
    }
    Ok(())
}

pub(crate) fn own_key_name(space: SpaceId) -> String {
    format!("own-key:{space}")
}

pub(crate) fn regressed_name(space: SpaceId) -> String {
    format!("regressed:{space}")
}

impl Node {
    /// Our party.
    #[must_use]
    pub fn party(&self) -> PartyId {
        self.identity.party()
    }

    /// The seat for which we sign in a space: our party's own, or that of the party it succeeds.
    ///
    /// # Errors
    /// This node is not in the space.
    pub fn seat(&self, space: SpaceId) -> Result<PartyId> {
        self.live(space)?.own_party.ok_or(NodeError::NoSuchSpace)
    }

    /// What our party calls itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key that signs our requests.
    ///
    /// # Errors
    /// It is not in the key folder.
    pub fn node_key(&self) -> Result<PublicKey> {
        Ok(self.keys.node()?.public())
    }

    /// The binding key with which we sign in a space.
    pub(crate) fn own_key(&self, space: SpaceId) -> Result<KeyId> {
        let key = self.store.meta(&own_key_name(space))?.and_then(|bytes| KeyId::from_slice(&bytes));
        key.ok_or_else(|| NodeError::WillNotSign("it has no key in this space".to_owned()))
    }

    /// The key to sign with, when this node may: its database holds everything it ever signed.
    pub(crate) fn may_sign(&self, space: SpaceId) -> Result<KeyId> {
        let enrol = "enrol a new key with `peygir enrol`, after a sync with a peer";
        let key = self.own_key(space)?;
        if !self.keys.holds(key) {
            return Err(NodeError::WillNotSign(format!(
                "its key for this space is not in the key folder; {enrol}"
            )));
        }
        let Some(marks) = self.mark.read()? else {
            return Err(NodeError::WillNotSign(format!(
                "there is no high-water mark for this folder, so it may be a copy or a restored backup; {enrol}"
            )));
        };
        let mark = marks.get(&space);
        if mark.is_none() && crate::submit::own_end(self.live(space)?, key).is_some() {
            return Err(NodeError::WillNotSign(format!(
                "the high-water mark does not know this space, so this folder may be a copy or a restored backup; {enrol}"
            )));
        }
        if let Some((_, seq, id)) = mark
            && *id != crate::mark::NOTHING
            && self.live(space)?.place(&self.store, *id)?.is_none()
        {
            return Err(NodeError::WillNotSign(format!(
                "its database is older than what it has signed (entry {seq}, {}), as after a restored backup; {enrol}",
                id.short()
            )));
        }
        if self.store.meta(&regressed_name(space))?.is_some_and(|flag| flag == [1]) {
            return Err(NodeError::WillNotSign(format!(
                "a peer holds entries of its key that it did not have, as after a restored backup; {enrol}"
            )));
        }
        let level = self.live(space)?.space().map_or(0, |record| record.level);
        if level > agreement::RULES_LEVEL {
            return Err(NodeError::WillNotSign(format!(
                "the space lives by rules level {level} and this version knows up to {}; upgrade it",
                agreement::RULES_LEVEL
            )));
        }
        Ok(key)
    }

    /// Notes that a peer brought an entry of our own key that was not here.
    pub(crate) fn note_regression(&self, space: SpaceId) -> Result<()> {
        Ok(self.store.set_meta(&regressed_name(space), &[1])?)
    }

    pub(crate) fn introduction(&self, space: SpaceId, seat: PartyId, key: KeyId) -> Result<Introduction> {
        let (binding, node) = (self.keys.binding(key)?, self.keys.node()?.public());
        Ok(Introduction::sign(space, seat, &self.identity, &[self.keys.guardian()?], binding, node))
    }

    /// Founds a space of one party.
    ///
    /// # Errors
    /// A bad name, or the database or the key folder fails.
    pub fn found(&mut self, name: &str, rules: Rules) -> Result<SpaceId> {
        self.found_once(name, rules, None)
    }

    /// As [`Node::found`]; the same request id and name give the same space.
    ///
    /// # Errors
    /// As [`Node::found`], and when the request id was used for something else.
    pub fn found_once(&mut self, name: &str, rules: Rules, request: Option<&str>) -> Result<SpaceId> {
        check_name(name)?;
        let body = hash("peygir/request-found/0", &[&to_bytes(&rules), name.as_bytes()]);
        if let Some(receipt) = self.repeated(request, &body)? {
            return Ok(receipt.entry.into());
        }
        let key = self.keys.create_binding(&mut self.entropy)?;
        let nonce = self.entropy.number();
        let founder = self.introduction(SpaceId::ZERO, self.party(), key)?;
        let operation = Operation::Genesis(Genesis { nonce, rules, founder });
        let content = Content { salt: self.entropy.salt(), ..Content::default() }
            .with(FieldTag::Title, "", name)
            .with(FieldTag::Name, "", &self.name);
        let bytes = content.to_bytes();
        let header = oplog::Header {
            space: SpaceId::ZERO,
            key,
            seq: 0,
            prev: None,
            deps: Vec::new(),
            time_ms: self.clock.now_ms(),
            kind: operation.kind(),
            effect: operation.effect(),
            content: Some(Content::reference(&bytes)),
        };
        let entry = oplog::Draft::new(header)?.sign(self.keys.binding(key)?);
        let space = entry.space();
        self.mark.begin(space, key)?;
        self.transact(|node| {
            node.begin_space(space, name, node.party(), node.party(), key)?;
            node.append(&entry, Some(&bytes), node.clock.now_ms())?;
            node.store.add_outbox(node.store.last_n()?)?;
            node.note_request(request, &body, entry.id())
        })?;
        self.raise_mark(space)?;
        Ok(space)
    }

    /// Makes room for a space in the database and in memory.
    fn begin_space(
        &mut self,
        space: SpaceId,
        name: &str,
        founder: PartyId,
        seat: PartyId,
        key: KeyId,
    ) -> Result<()> {
        if self.spaces.contains_key(&space) {
            return Err(NodeError::Invitation("this node is in the space already"));
        }
        self.store.add_space(space, name, Some(seat), founder)?;
        self.store.set_meta(&own_key_name(space), &key.0)?;
        let row =
            self.store.spaces()?.into_iter().find(|row| row.id == space).ok_or(NodeError::NoSuchSpace)?;
        self.spaces.insert(space, Live::load(&self.store, &row)?);
        Ok(())
    }

    /// Makes an invitation to a space. `url` is where our node listens for peers.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn invite(&mut self, space: SpaceId, url: &str) -> Result<Invitation> {
        self.invite_for(space, url, INVITATION_MS)
    }

    /// As [`Node::invite`], for `valid_ms` milliseconds from now.
    ///
    /// # Errors
    /// As [`Node::invite`].
    pub fn invite_for(&mut self, space: SpaceId, url: &str, valid_ms: u64) -> Result<Invitation> {
        let (no, founder) = (self.live(space)?.no, self.live(space)?.founder);
        let secret = self.entropy.salt().to_vec();
        let expires_ms = self.clock.now_ms().saturating_add(valid_ms);
        let node = self.node_key()?;
        let kept = hash("peygir/invitation/0", &[&secret]);
        self.transact(|node| Ok(node.store.add_invitation(&kept, no, expires_ms)?))?;
        Ok(Invitation { url: url.trim_end_matches('/').to_owned(), space, founder, node, secret, expires_ms })
    }

    /// Takes an invitation up: makes a key for the space, and gives what is to be sent to the inviting node. `own_url`
    /// is where our node listens for peers; empty when it does not.
    ///
    /// # Errors
    /// The invitation is over, this node is in the space, or the database fails.
    pub fn join(&mut self, invitation: &Invitation, name: &str, own_url: &str) -> Result<Join> {
        self.join_for(invitation, self.party(), name, own_url)
    }

    /// As [`Node::join`], for the seat of a party that lost its keys, or whose successor this party is. The members
    /// decide by ballot.
    ///
    /// # Errors
    /// As [`Node::join`].
    pub fn join_for(
        &mut self,
        invitation: &Invitation,
        seat: PartyId,
        name: &str,
        own_url: &str,
    ) -> Result<Join> {
        check_name(name)?;
        if invitation.expires_ms < self.clock.now_ms() {
            return Err(NodeError::Invitation("it has expired; ask for a new one"));
        }
        let space = invitation.space;
        let known = self.spaces.get(&space);
        if known.is_some_and(|live| live.space().is_some()) {
            return Err(NodeError::Invitation("this node is in the space already"));
        }
        if known.is_some_and(|live| live.own_party != Some(seat)) {
            return Err(NodeError::Invitation("this node has asked for another seat in the space already"));
        }
        let begun = known.is_some();
        let key = if begun { self.own_key(space)? } else { self.keys.create_binding(&mut self.entropy)? };
        let introduction = to_bytes(&self.introduction(space, seat, key)?);
        self.mark.begin(space, key)?;
        self.transact(|node| {
            if !begun {
                node.begin_space(space, name, invitation.founder, seat, key)?;
            }
            let peer = PeerRow {
                space: node.live(space)?.no,
                node: invitation.node.to_wire().to_vec(),
                url: invitation.url.clone(),
                told: false,
                cursor: to_bytes(&Vec::<EntryId>::new()),
                heard_ms: 0,
            };
            Ok(node.store.set_peer(&peer)?)
        })?;
        Ok(Join {
            space,
            secret: Blob(invitation.secret.clone()),
            introduction: Blob(introduction),
            name: self.name.clone(),
            url: own_url.to_owned(),
        })
    }

    /// Takes down a request to be let in, when its invitation holds. Asking again with the same invitation is allowed to the
    /// same party alone.
    pub(crate) fn take_join(&mut self, from: PublicKey, join: &Join) -> Result<()> {
        let kept = hash("peygir/invitation/0", &[&join.secret.0]);
        let unknown = NodeError::Invitation("it is not known here");
        let (no, expires_ms, used) = self.store.invitation(&kept)?.ok_or(unknown)?;
        if self.live(join.space).ok().map(|live| live.no) != Some(no) {
            return Err(NodeError::Invitation("it is not known here"));
        }
        if expires_ms < self.clock.now_ms() {
            return Err(NodeError::Invitation("it has expired; ask for a new one"));
        }
        check_name(&join.name)?;
        if join.url.len() > URL_BYTES_MAX || !join.url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NodeError::Invitation("the address of the node is none"));
        }
        let introduction: Introduction = from_bytes(&join.introduction.0)?;
        introduction.check(join.space)?;
        // Or whoever names another's node would have that one's address replaced by its own.
        if introduction.node != from {
            return Err(NodeError::Invitation("its node is not the one that asks"));
        }
        let party = introduction.identity.party();
        let applicants = self.store.applicants(no)?;
        let again = applicants.iter().any(|applicant| applicant.party == party);
        if used && !again {
            return Err(NodeError::Invitation("it was used already; ask for a new one"));
        }
        if applicants.len() >= APPLICANTS_MAX {
            return Err(NodeError::Invitation("too many parties wait to be let in"));
        }
        let row = ApplicantRow {
            party,
            name: join.name.clone(),
            url: join.url.clone(),
            introduction: join.introduction.0.clone(),
            at_ms: self.clock.now_ms(),
        };
        self.transact(|node| {
            node.store.use_invitation(&kept)?;
            Ok(node.store.set_applicant(no, &row)?)
        })
    }

    /// The parties that ask to be let in and are no members yet.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn applicants(&self, space: SpaceId) -> Result<Vec<Applicant>> {
        let live = self.live(space)?;
        let members = live.space().map(agreement::Space::members).unwrap_or_default();
        let holds = |party: PartyId, seat: PartyId| {
            let held = live.space().and_then(|space| space.seats.get(&seat));
            members.contains(&seat)
                && (seat == party
                    || held.is_some_and(|seat| seat.identity.first().map(|first| first.0) == Some(party.0)))
        };
        let mut waiting = Vec::new();
        for row in self.store.applicants(live.no)? {
            let seat = from_bytes::<Introduction>(&row.introduction)?.seat;
            if !holds(row.party, seat) {
                let ApplicantRow { party, name, url, at_ms, .. } = row;
                waiting.push(Applicant { party, name, seat, url, at_ms });
            }
        }
        Ok(waiting)
    }

    /// Lets an applicant in: the founder's own act for the second party, an offer to ballot for every later one, and for
    /// one that is to succeed a member.
    ///
    /// # Errors
    /// No such applicant, or the rules refuse.
    pub fn admit(&mut self, space: SpaceId, party: PartyId, request: Option<String>) -> Result<Receipt> {
        let live = self.live(space)?;
        let members = live.space().map(agreement::Space::members).unwrap_or_default();
        let row = self.store.applicants(live.no)?.into_iter().find(|row| row.party == party);
        let row = row.ok_or(NodeError::NoSuch("applicant"))?;
        let introduction: Introduction = from_bytes(&row.introduction)?;
        let content = Some(Content::default().with(FieldTag::Name, "", &row.name));
        let ballot = |terms| Operation::Offer(Offer { object: None, slot: 0, terms: Terms::Space(terms) });
        let operation = if introduction.seat != party {
            let voters = members.into_iter().filter(|member| *member != introduction.seat).collect();
            ballot(SpaceTerms::Succeed { voters, introduction: introduction.clone() })
        } else if members.len() == 1 {
            Operation::Admit(Admit { introduction: introduction.clone() })
        } else {
            ballot(SpaceTerms::Admit { voters: members, introduction: introduction.clone() })
        };
        let receipt = self.submit(Act { space, operation, content, request })?;
        let peer = PeerRow {
            space: self.live(space)?.no,
            node: introduction.node.to_wire().to_vec(),
            url: row.url,
            told: true,
            cursor: to_bytes(&Vec::<EntryId>::new()),
            heard_ms: 0,
        };
        self.transact(|node| Ok(node.store.set_peer(&peer)?))?;
        Ok(receipt)
    }

    /// Takes it upon us that the address which an applicant has named may be one of this machine or of its own network.
    /// Without that no such address is dialled.
    ///
    /// # Errors
    /// No such applicant, it is not admitted, or the database fails.
    pub fn vouch_for_address(&mut self, space: SpaceId, party: PartyId) -> Result<()> {
        let no = self.live(space)?.no;
        let row = self.store.applicants(no)?.into_iter().find(|row| row.party == party);
        let introduction: Introduction =
            from_bytes(&row.ok_or(NodeError::NoSuch("applicant"))?.introduction)?;
        let node = introduction.node.to_wire();
        let peer = self.store.peers()?.into_iter().find(|peer| peer.space == no && peer.node == node);
        let peer = PeerRow { told: false, ..peer.ok_or(NodeError::NoSuch("peer"))? };
        self.transact(|node| Ok(node.store.set_peer(&peer)?))
    }

    /// Opens a ballot about the space on terms made of its members.
    ///
    /// # Errors
    /// The rules refuse, or the database fails.
    pub fn ballot(
        &mut self,
        space: SpaceId,
        terms: impl FnOnce(std::collections::BTreeSet<PartyId>) -> SpaceTerms,
        reason: &str,
    ) -> Result<Receipt> {
        let members = self.live(space)?.space().map(agreement::Space::members).unwrap_or_default();
        let terms = Terms::Space(terms(members));
        let operation = Operation::Offer(Offer { object: None, slot: 0, terms });
        let content = Some(Content::default().with(FieldTag::Reason, "", reason));
        self.submit(Act { space, operation, content, request: None })
    }
}
