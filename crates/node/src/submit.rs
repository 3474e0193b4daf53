//! Door 1: our own people. An act is decided before it is signed, and signed only if it would count.

use std::collections::HashMap;
use std::sync::Arc;

use agreement::operation::{Accept, Ack, Counter, Offer, Subject};
use agreement::{AgreementTag, AgreementTerms, Content, Operation, RULES_LEVEL, Record, Terms};
use oplog::{Draft, EntryId, Header, KeyId, ObjectId, Position, SpaceId, TermsHash, id::hash, to_bytes};
use store::StoreError;
use store::contents::ContentState;
use store::entries::EntryRow;

use crate::append::Fate;
use crate::fold::Authored;
use crate::live::{LineEnd, Live};
use crate::{Node, NodeError, Result};

/// What a person wants signed.
#[derive(Clone, Debug)]
pub struct Act {
    /// The space.
    pub space: SpaceId,
    /// What is done.
    pub operation: Operation,
    /// What stands behind it; its salt is made here.
    pub content: Option<Content>,
    /// The idempotency id: the same id and act give the same receipt.
    pub request: Option<String>,
}

/// What was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The entry.
    pub entry: EntryId,
    /// The object it is about.
    pub object: Option<ObjectId>,
}

/// The longest idempotency id.
const REQUEST_BYTES_MAX: usize = 128;

impl Node {
    /// Signs one act.
    ///
    /// # Errors
    /// As [`Node::submit_batch`].
    pub fn submit(&mut self, act: Act) -> Result<Receipt> {
        self.submit_batch(vec![act])?.pop().unwrap_or(Err(NodeError::NoSuch("act")))
    }

    /// Signs acts in one transaction: one sync to the disk for all. One that the rules refuse leaves the others alone.
    ///
    /// # Errors
    /// The database or the mark failed: nothing was signed. For one act: the rules refuse it, or this node must not sign.
    pub fn submit_batch(&mut self, acts: Vec<Act>) -> Result<Vec<Result<Receipt>>> {
        let done = self.transact(|node| {
            let mut done = Vec::new();
            for act in acts {
                let space = act.space;
                match node.act(act) {
                    Err(fatal @ (NodeError::Store(_) | NodeError::File(_))) => return Err(fatal),
                    result => done.push((space, result)),
                }
            }
            Ok(done)
        })?;
        let mut spaces = std::collections::BTreeMap::new();
        for (space, (_, is_new)) in
            done.iter().filter_map(|(space, result)| Some((*space, result.as_ref().ok()?)))
        {
            *spaces.entry(space).or_insert(false) |= *is_new;
        }
        for (space, is_new) in spaces {
            // A repeated request may find a mark that fell behind; in a restored or copied folder it must not lower it.
            if is_new { self.raise_mark(space) } else { self.mark_before_telling(space) }?;
        }
        Ok(done.into_iter().map(|(_, result)| result.map(|(receipt, _)| receipt)).collect())
    }

    /// Raises the high-water mark to the end of our own line.
    pub(crate) fn raise_mark(&self, space: SpaceId) -> Result<()> {
        let key = self.own_key(space)?;
        let end = own_end(self.live(space)?, key).map(|(seq, id, _)| (key, seq, id));
        end.map_or(Ok(()), |signed| self.mark.raise(space, signed))
    }

    /// Raises the mark before anyone is told of own entries: a crash or a full disk may have come between the commit
    /// and the mark. A node that will not sign here holds nothing that its mark does not cover.
    pub(crate) fn mark_before_telling(&self, space: SpaceId) -> Result<()> {
        match self.may_sign(space) {
            Ok(_) => self.raise_mark(space),
            Err(NodeError::WillNotSign(_)) => Ok(()),
            Err(why) => Err(why),
        }
    }

    /// Gives the receipt, and whether it is for something that was signed just now.
    fn act(&mut self, act: Act) -> Result<(Receipt, bool)> {
        let body = hash(
            "peygir/request-body/0",
            &[
                &act.space.0,
                &act.operation.kind().to_be_bytes(),
                &act.operation.effect(),
                &fields(act.content.as_ref()),
            ],
        );
        if let Some(request) = &act.request {
            if request.is_empty() || request.len() > REQUEST_BYTES_MAX {
                return Err(NodeError::Config("a request id has between 1 and 128 bytes".to_owned()));
            }
            if let Some((known, result)) = self.store.request(request)? {
                let entry = EntryId::from_slice(&result).ok_or(NodeError::NoSuch("receipt"))?;
                let object = self.store.entry(entry)?.and_then(|row| row.object);
                return if known == body {
                    Ok((Receipt { entry, object }, false))
                } else {
                    Err(NodeError::RequestReused)
                };
            }
        }
        let key = self.may_sign(act.space)?;
        self.check_text(&act)?;
        let receipt = self.sign(act.space, key, &act.operation, act.content)?;
        if let Some(request) = &act.request {
            self.store.add_request(request, &body, &receipt.entry.0, self.clock.now_ms())?;
        }
        Ok((receipt, true))
    }

    /// What a request id was used for: the receipt and the kind of the entry.
    ///
    /// # Errors
    /// The database or the mark fails.
    pub fn done_before(&self, request: &str) -> Result<Option<(Receipt, u64)>> {
        let Some((_, result)) = self.store.request(request)? else { return Ok(None) };
        let entry = EntryId::from_slice(&result).ok_or(NodeError::NoSuch("receipt"))?;
        let row = self.store.entry(entry)?.ok_or(NodeError::NoSuch("entry"))?;
        let placed = self.store.placed(entry)?.ok_or(NodeError::NoSuch("entry"))?;
        if let Some(live) = self.spaces.values().find(|live| live.no == placed.space) {
            self.mark_before_telling(live.id)?;
        }
        Ok(Some((Receipt { entry, object: row.object }, row.kind)))
    }

    /// The receipt of a request that was carried out with this very body.
    pub(crate) fn repeated(&self, request: Option<&str>, body: &[u8; 32]) -> Result<Option<Receipt>> {
        let Some(request) = request else { return Ok(None) };
        match self.store.request(request)? {
            Some((known, _)) if known != *body => Err(NodeError::RequestReused),
            Some(_) => Ok(self.done_before(request)?.map(|(receipt, _)| receipt)),
            None => Ok(None),
        }
    }

    /// Keeps the result of a request, in the transaction of what it names.
    pub(crate) fn note_request(&self, request: Option<&str>, body: &[u8; 32], entry: EntryId) -> Result<()> {
        let Some(request) = request else { return Ok(()) };
        if request.is_empty() || request.len() > REQUEST_BYTES_MAX {
            return Err(NodeError::Config("a request id has between 1 and 128 bytes".to_owned()));
        }
        Ok(self.store.add_request(request, body, &entry.0, self.clock.now_ms())?)
    }

    /// Nobody signs terms whose full content this node lacks, or a rules level that it cannot live by.
    fn check_text(&mut self, act: &Act) -> Result<()> {
        if let Operation::Offer(Offer { terms: Terms::Agreement(terms), .. })
        | Operation::Counter(Counter { terms: Terms::Agreement(terms), .. }) = &act.operation
        {
            return check_clauses(terms, act.content.as_ref());
        }
        let Operation::Accept(Accept { subject, object, terms, .. }) = &act.operation else { return Ok(()) };
        if *subject == Subject::Space {
            let space = self.live(act.space)?.space();
            return match space.and_then(|space| space.ballots.get(object)).map(|ballot| &ballot.terms) {
                Some(agreement::SpaceTerms::Level { level, .. }) if *level > RULES_LEVEL => {
                    Err(NodeError::WillNotSign(format!(
                        "this version knows rules levels up to {RULES_LEVEL}; upgrade it before you accept level {level}"
                    )))
                }
                _ => Ok(()),
            };
        }
        let Some(entry) = self.terms_entry(act.space, *object, *terms)? else { return Ok(()) };
        if self.lacks_text(entry)? {
            return Err(NodeError::TextMissing);
        }
        let Record::Agreement(agreement) = self.record(act.space, *object)? else { return Ok(()) };
        let Some(offered) = agreement.ballot.offered(*terms) else { return Ok(()) };
        check_clauses(&offered.terms, self.content_of(entry)?.as_ref())
    }

    /// Whether an entry has a content that is not here.
    pub(crate) fn lacks_text(&self, entry: EntryId) -> Result<bool> {
        let named = self.store.entry(entry)?.and_then(|row| row.content);
        Ok(named.map(|hash| self.store.content(hash)).transpose()?.is_some_and(|bytes| bytes.is_none()))
    }

    /// Stops, or begins again, handing out the content of an own entry. Others are told that it is withheld.
    ///
    /// # Errors
    /// The entry is not ours, has no content, or the content is not here.
    pub fn withhold(&mut self, entry: EntryId, withhold: bool) -> Result<()> {
        let row = self.store.entry(entry)?.ok_or(NodeError::NoSuch("entry"))?;
        let own = self.spaces.values().any(|live| {
            live.lines.get(&row.position.line).is_some_and(|line| Some(line.row.seat) == live.own_party)
        });
        let hash = row.content.filter(|_| own).ok_or(NodeError::NoSuch("content of our own"))?;
        let (from, to) = (ContentState::Present, ContentState::Withheld);
        let (from, to) = if withhold { (from, to) } else { (to, from) };
        if self.store.content_state(hash)?.map(|(state, _)| state) != Some(from) {
            return Err(NodeError::NoSuch("content that could change so"));
        }
        self.transact(|node| Ok(node.store.set_content_state(hash, to)?))
    }

    fn terms_entry(&mut self, space: SpaceId, object: ObjectId, terms: TermsHash) -> Result<Option<EntryId>> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        Ok(match &live.hold(&self.store, object)?.record {
            Some(Record::Commitment(commitment)) => commitment.ballot.offered(terms).map(|held| held.entry),
            Some(Record::Agreement(agreement)) => agreement.ballot.offered(terms).map(|held| held.entry),
            Some(Record::Meeting(meeting)) => meeting.ballot.offered(terms).map(|held| held.entry),
            Some(Record::Space(_) | Record::Transcript(_) | Record::Note(_)) | None => None,
        })
    }

    /// Signs an operation with `key` and puts it through the corridor. Heads that would not fit into one entry are named
    /// by receipts first.
    pub(crate) fn sign(
        &mut self,
        space: SpaceId,
        key: KeyId,
        operation: &Operation,
        content: Option<Content>,
    ) -> Result<Receipt> {
        loop {
            let unseen = unseen_heads(self.live(space)?, key);
            if unseen.len() <= oplog::entry::DEPS_MAX {
                return self.sign_one(space, key, operation, content, unseen);
            }
            let some = unseen.into_iter().take(oplog::entry::DEPS_MAX).collect();
            let ack = Operation::Ack(Ack { digest: None, level: RULES_LEVEL });
            self.sign_one(space, key, &ack, None, some)?;
        }
    }

    fn sign_one(
        &mut self,
        space: SpaceId,
        key: KeyId,
        operation: &Operation,
        content: Option<Content>,
        mut deps: Vec<EntryId>,
    ) -> Result<Receipt> {
        deps.sort();
        let bytes = content.map(|content| Content { salt: self.entropy.salt(), ..content }.to_bytes());
        let end = own_end(self.live(space)?, key);
        let header = Header {
            space,
            key,
            seq: end.as_ref().map_or(0, |(seq, _, _)| seq + 1),
            prev: end.as_ref().map(|(_, id, _)| *id),
            deps,
            time_ms: self.clock.now_ms(),
            kind: operation.kind(),
            effect: operation.effect(),
            content: bytes.as_deref().map(Content::reference),
        };
        let draft = Draft::new(header)?;
        self.check_before_signing(space, operation, &draft)?;
        let entry = draft.sign(self.keys.binding(key)?);
        let fate = self.append(&entry, bytes.as_deref(), self.clock.now_ms())?;
        if fate != Fate::Stored(None) {
            // It was foreseen to count, so what memory or the database holds is wrong: nothing of the batch may stay.
            return Err(StoreError::Damaged("an entry that did not come to what was foreseen").into());
        }
        self.store.add_outbox(self.store.last_n()?)?;
        Ok(Receipt { entry: entry.id(), object: operation.object(space, entry.id()) })
    }

    /// What the rules would say, asked before anything is signed.
    fn check_before_signing(&mut self, space: SpaceId, operation: &Operation, draft: &Draft) -> Result<()> {
        let header = draft.header();
        let spot = self.spot(space, header, Some(operation))?.map_err(|fate| {
            let why = if let Fate::Impossible(why) = fate { why } else { "what it names is not here" };
            NodeError::WillNotSign(format!("the entry does not fit into the log: {why}"))
        })?;
        if matches!(operation, Operation::Ack(_)) {
            return Ok(());
        }
        let object = operation.object(space, draft.id());
        let row = preview(draft, &spot.position, object);
        let record = match object {
            None => None,
            Some(object) => {
                let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
                live.hold(&self.store, object)?.record.clone()
            }
        };
        let author = Authored { id: draft.id(), key: header.key, seat: spot.seat, row: &row };
        let record = object.map_or(Ok(None), |object| self.foreseen(space, object, record, &author))?;
        self.foresee(space, record.as_ref(), operation, &author)?.map(drop).map_err(NodeError::Refused)
    }

    /// Writes receipts that are due: when another party's entries, acks apart, have been unnamed for an hour, or at
    /// once when a key waits for notice or an offer was withdrawn. Gives the spaces in which it wrote one.
    ///
    /// # Errors
    /// The database failed.
    pub fn acknowledge(&mut self) -> Result<Vec<SpaceId>> {
        let mut done = Vec::new();
        for space in self.spaces.keys().copied().collect::<Vec<_>>() {
            if self.live(space)?.space().is_none()
                || !self.ack_is_due(space)?
                || self.may_sign(space).is_err()
            {
                continue;
            }
            let digest = Some(self.digest(space)?);
            let operation = Operation::Ack(Ack { digest, level: RULES_LEVEL });
            match self.submit(Act { space, operation, content: None, request: None }) {
                Ok(_) => done.push(space),
                Err(fatal @ (NodeError::Store(_) | NodeError::File(_))) => return Err(fatal),
                Err(_) => {}
            }
        }
        Ok(done)
    }

    fn ack_is_due(&self, space: SpaceId) -> Result<bool> {
        const HOUR_MS: u64 = 3_600_000;
        const LOOK_MAX: usize = 256;
        let Ok(key) = self.own_key(space) else { return Ok(false) };
        let (live, now_ms) = (self.live(space)?, self.clock.now_ms());
        let end = own_end(live, key);
        for line in unnamed(live, key).into_iter().filter(|line| Some(line.row.seat) != live.own_party) {
            let from = end.as_ref().map_or(0, |(_, _, position)| position.past.reach(line.row.no));
            for row in self.store.entries_from(line.row.no, from.max(line.row.start_seq), LOOK_MAX)? {
                let waits = matches!(agreement::operation::word(row.kind), "enrol" | "lapse");
                let old = agreement::operation::word(row.kind) != "ack" && row.arrived_ms + HOUR_MS <= now_ms;
                if waits || old {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

/// The clauses of an agreement are those of its text: what has a number has words, and there are no words beside.
pub(crate) fn check_clauses(terms: &AgreementTerms, content: Option<&Content>) -> Result<()> {
    // Ending it leaves the texts as they are.
    if terms.tag == AgreementTag::Terminate {
        return Ok(());
    }
    let mut parts = content.map(Content::parts).unwrap_or_default();
    parts.remove(&None);
    let written = parts.iter().filter(|(_, fields)| fields.iter().any(|field| !field.text.is_empty()));
    if written.filter_map(|(number, _)| *number).eq(terms.clauses.iter().copied()) {
        Ok(())
    } else {
        Err(NodeError::WillNotSign("the agreement's text has other clauses than its terms".to_owned()))
    }
}

fn fields(content: Option<&Content>) -> Vec<u8> {
    content
        .map(|content| [to_bytes(&content.fields), content.attachment.clone()].concat())
        .unwrap_or_default()
}

fn preview(draft: &Draft, position: &Arc<Position>, object: Option<ObjectId>) -> EntryRow {
    EntryRow {
        n: 0,
        id: draft.id(),
        position: position.clone(),
        kind: draft.header().kind,
        object,
        arrived_ms: 0,
        content: draft.header().content.map(|content| content.hash),
        refusal: None,
        raw: Vec::new(),
    }
}

/// The end of a key's own line: (seq, entry, position).
pub(crate) fn own_end(live: &Live, key: KeyId) -> Option<(u64, EntryId, Arc<Position>)> {
    live.lines_of(key).next().map(|line| (line.row.head_seq, line.row.head_id, line.head.clone()))
}

/// Of how many branches of one key the ends are named. Two prove that it forked; whoever forks without end has nobody
/// sign a receipt for each.
const BRANCHES_NAMED_MAX: usize = 16;

/// The lines of others whose ends `key` has not named yet, without further branches of a key that forks on and on.
fn unnamed(live: &Live, key: KeyId) -> Vec<&LineEnd> {
    let end = own_end(live, key);
    let seen =
        |line: u32, seq: u64| end.as_ref().is_some_and(|(_, _, position)| position.past.sees(line, seq));
    let mut named = HashMap::<KeyId, usize>::new();
    for line in live.lines.values().filter(|line| seen(line.row.no, line.row.start_seq)) {
        *named.entry(line.row.key).or_default() += 1;
    }
    let mut has_room = |line: &LineEnd| {
        let named = named.entry(line.row.key).or_default();
        let known = seen(line.row.no, line.row.start_seq);
        let has_room = known || *named < BRANCHES_NAMED_MAX;
        *named += usize::from(!known && has_room);
        has_room
    };
    let others = live.lines.values().filter(|line| line.row.key != key);
    others.filter(|line| !seen(line.row.no, line.row.head_seq) && has_room(line)).collect()
}

/// The heads that `key` has not named yet, without those that others of them name.
fn unseen_heads(live: &Live, key: KeyId) -> Vec<EntryId> {
    let unseen = unnamed(live, key);
    unseen
        .iter()
        .filter(|line| {
            !unseen.iter().any(|other| {
                other.row.no != line.row.no && other.head.past.sees(line.row.no, line.row.head_seq)
            })
        })
        .map(|line| line.row.head_id)
        .collect()
}
