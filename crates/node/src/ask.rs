//! What people ask a node. Every answer is a plain value; pages and the command line only lay it out.

mod agreements;
mod concern;
mod meetings;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use agreement::commitment::Answer;
use agreement::operation::{
    Accept, Cancel, Confirm, Counter, Decline, Dispute, Lapse, Pass, Release, Report, Satisfy, Subject, word,
};
use agreement::{Commitment, CommitmentTerms, Content, FieldTag, Operation, Phase, Record};
use oplog::{Digest, EntryId, KeyId, ObjectId, PartyId, Position, SpaceId, TermsHash};
use store::contents::ContentState;
use store::entries::EntryRow;
use store::lists::{CommitmentRow, Voice};

use crate::fold::Authored;
use crate::lists::phase_of;
use crate::{Node, NodeError, Result};

pub use agreements::{AgreementLine, AgreementOffer, AgreementView, COMMITMENTS_UNDER_MAX, Leaving};
pub use concern::{CONCERNS_MAX, Concern};
pub(crate) use meetings::described;
pub use meetings::{MeetingLine, MeetingView, MinutesOffer};

/// A party, as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyView {
    /// The party.
    pub id: PartyId,
    /// The name under which it was let in.
    pub name: String,
    /// Whether it is ours.
    pub own: bool,
    /// Whether it is a member now.
    pub member: bool,
}

/// A space at a glance.
#[derive(Clone, Debug)]
pub struct SpaceView {
    /// The space.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Everyone who is or was a member.
    pub parties: Vec<PartyView>,
    /// How often membership has changed.
    pub epoch: usize,
    /// The rules level.
    pub level: u64,
    /// The digest over all records.
    pub digest: Digest,
    /// How many own entries no other party is known to hold.
    pub undelivered: u64,
    /// Why this node will not sign here, if so.
    pub will_not_sign: Option<String>,
    /// Keys that signed two entries for one place.
    pub forked: Vec<KeyId>,
    /// The newest receipts of other parties, and when they arrived.
    pub receipts: Vec<(PartyId, u64)>,
    /// Ballots about the space that are open: the offer, what it is, who has yet to vote.
    pub ballots: Vec<BallotView>,
}

/// A ballot about the space.
#[derive(Clone, Debug)]
pub struct BallotView {
    /// The offer that opened it.
    pub id: ObjectId,
    /// admit, expel, succeed or level.
    pub what: &'static str,
    /// The party it is about, if any.
    pub about: Option<PartyId>,
    /// The hash to accept.
    pub terms: TermsHash,
    /// Whether it is won.
    pub won: bool,
    /// The voters that have not voted.
    pub awaited: Vec<PartyId>,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The commitment.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// Its title.
    pub title: String,
    /// Who owes.
    pub debtor: PartyId,
    /// Where it stands.
    pub phase: Phase,
    /// The due day, in days since 1970.
    pub due: i32,
}

/// What our party can do with a commitment now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The word for it, as in the CLI.
    pub word: &'static str,
    /// The operation, ready to be signed. A counter and a new offer want terms of the person's own first.
    pub operation: Option<Operation>,
}

/// One entry in a thread or in the log.
#[derive(Clone, Debug)]
pub struct EntryView {
    /// The entry.
    pub id: EntryId,
    /// The order of arrival here.
    pub n: i64,
    /// What was done.
    pub word: &'static str,
    /// Whose key signed.
    pub party: PartyId,
    /// The key and the place in its chain.
    pub key: (KeyId, u64),
    /// The author's claim when.
    pub claimed_ms: u64,
    /// When it arrived here.
    pub arrived_ms: u64,
    /// The object, if it is about one.
    pub object: Option<ObjectId>,
    /// What sort of object that is, as far as the entry says.
    pub subject: Option<Subject>,
    /// Why it changes nothing, if so.
    pub refusal: Option<String>,
    /// Whether it counts only because others relied on it.
    pub relied: bool,
    /// Whether its content is here; `None` when it has none.
    pub content_state: Option<ContentState>,
    /// Its content.
    pub content: Option<Content>,
}

/// A commitment with everything a page needs.
#[derive(Clone, Debug)]
pub struct CommitmentView {
    /// The commitment.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// The record.
    pub record: Commitment,
    /// The terms shown: in force, or else newest on the table.
    pub terms: CommitmentTerms,
    /// Their hash.
    pub terms_hash: TermsHash,
    /// Their content, when it is here.
    pub content: Option<Content>,
    /// Terms on the table, with their content: slot, hash, terms.
    pub offered: Vec<(u64, TermsHash, CommitmentTerms, Option<Content>)>,
    /// Where it stands.
    pub phase: Phase,
    /// Who acts next.
    pub waits_on: Vec<PartyId>,
    /// What our party can do.
    pub moves: Vec<Move>,
    /// Everything that was signed about it, in fold order.
    pub thread: Vec<EntryView>,
}

impl Node {
    /// This node's clock.
    #[must_use]
    pub fn clock(&self) -> crate::Clock {
        self.clock.clone()
    }

    /// The spaces of this node.
    #[must_use]
    pub fn space_ids(&self) -> Vec<SpaceId> {
        let mut spaces: Vec<_> = self.spaces.values().collect();
        spaces.sort_by_key(|live| live.no);
        spaces.into_iter().map(|live| live.id).collect()
    }

    /// The digest over a space's records.
    ///
    /// # Errors
    /// No such space.
    pub fn digest(&mut self, space: SpaceId) -> Result<Digest> {
        Ok(self.live_mut(space)?.digests.root())
    }

    /// The parties of a space, members and former ones, with the names under which they were let in.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn parties(&self, space: SpaceId) -> Result<Vec<PartyView>> {
        let live = self.live(space)?;
        let Some(record) = live.space() else { return Ok(Vec::new()) };
        let members = record.members();
        let mut parties = Vec::new();
        for (id, seat) in &record.seats {
            let content = self.content_of(seat.since)?;
            let name = content.as_ref().and_then(|content| content.text(FieldTag::Name, ""));
            parties.push(PartyView {
                id: *id,
                name: name.map_or_else(|| id.short(), str::to_owned),
                own: Some(*id) == live.own_party,
                member: members.contains(id),
            });
        }
        parties.sort_by_key(|party| !party.own);
        Ok(parties)
    }

    /// A space at a glance.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn space(&mut self, space: SpaceId) -> Result<SpaceView> {
        let digest = self.digest(space)?;
        let live = self.live(space)?;
        let record = live.space();
        let title = self.content_of(EntryId(space.0))?;
        let name = title.as_ref().and_then(|content| content.text(FieldTag::Title, "")).unwrap_or(&live.name);
        let receipts = self.store.receipts(live.no)?;
        Ok(SpaceView {
            id: space,
            name: name.to_owned(),
            parties: self.parties(space)?,
            epoch: record.map_or(0, agreement::Space::epoch),
            level: record.map_or(0, |record| record.level),
            digest,
            undelivered: self.store.outbox_len(live.no)?,
            will_not_sign: self.may_sign(space).err().map(|why| why.to_string()),
            forked: record
                .map(|record| {
                    record.keys.iter().filter(|(_, key)| key.forked_at.is_some()).map(|(id, _)| *id).collect()
                })
                .unwrap_or_default(),
            receipts: receipts.into_iter().map(|(party, _, at_ms)| (party, at_ms)).collect(),
            ballots: record.map(ballots).unwrap_or_default(),
        })
    }

    /// Commitments of a space by due day.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn commitments(&self, space: SpaceId, offset: usize, limit: usize) -> Result<Vec<Line>> {
        let rows = self.store.commitments(self.live(space)?.no, offset, limit)?;
        Ok(rows.into_iter().filter_map(|row| self.line(row)).collect())
    }

    /// Our party's list of one kind over all spaces, by due day.
    ///
    /// # Errors
    /// The database fails.
    pub fn inbox(&self, voice: Voice, limit: usize) -> Result<Vec<Line>> {
        let seats: BTreeSet<_> = self.spaces.values().filter_map(|live| live.own_party).collect();
        let mut lines = Vec::new();
        for seat in seats {
            let rows = self.store.commitments_voiced(seat, voice, limit)?;
            let ours = |line: &Line| self.seat(line.space).is_ok_and(|own| own == seat);
            lines.extend(rows.into_iter().filter_map(|row| self.line(row)).filter(ours));
        }
        lines.sort_by_key(|line| line.due);
        lines.truncate(limit);
        Ok(lines)
    }

    fn line(&self, row: CommitmentRow) -> Option<Line> {
        Some(Line {
            id: row.object,
            space: self.spaces.values().find(|live| live.no == row.space)?.id,
            title: row.title,
            debtor: row.debtor,
            phase: phase_of(row.phase)?,
            due: i32::try_from(row.due).ok()?,
        })
    }

    /// The space of an object.
    ///
    /// # Errors
    /// No such object, or the database fails.
    pub fn space_of(&self, object: ObjectId) -> Result<SpaceId> {
        let no = self.store.space_of(object)?.ok_or(NodeError::NoSuch("object"))?;
        self.spaces.values().find(|live| live.no == no).map(|live| live.id).ok_or(NodeError::NoSuchSpace)
    }

    /// The object whose id begins with these hexadecimal digits, if it is one alone.
    ///
    /// # Errors
    /// None, several, or no hexadecimal digits.
    pub fn find_object(&self, prefix: &str) -> Result<ObjectId> {
        let even = prefix.len() / 2 * 2;
        let bytes = prefix
            .get(..even)
            .and_then(oplog::id::unhex)
            .filter(|bytes| bytes.len() >= 2)
            .ok_or(NodeError::NoSuch("object: give at least 4 hexadecimal digits of its id"))?;
        // The last digit of an odd number of them is half a byte, which the index does not know.
        let digits = prefix.to_ascii_lowercase();
        let mut found = self.store.objects_like(&bytes)?;
        found.retain(|object| object.to_string().starts_with(&digits));
        match found.as_slice() {
            [only] => Ok(*only),
            [] => Err(NodeError::NoSuch("object")),
            _ => Err(NodeError::NoSuch("single object: more digits of its id are needed")),
        }
    }

    /// The record of an object.
    ///
    /// # Errors
    /// No such object or space, or the database fails.
    pub fn record(&mut self, space: SpaceId, object: ObjectId) -> Result<Record> {
        let live = self.spaces.get_mut(&space).ok_or(NodeError::NoSuchSpace)?;
        let held = live.hold(&self.store, object)?;
        held.record.clone().ok_or(NodeError::NoSuch("object"))
    }

    /// A commitment with everything a page needs.
    ///
    /// # Errors
    /// No such commitment, or the database fails.
    pub fn commitment(&mut self, id: ObjectId) -> Result<CommitmentView> {
        let space = self.space_of(id)?;
        let Record::Commitment(record) = self.record(space, id)? else {
            return Err(NodeError::NoSuch("commitment"));
        };
        let shown = record.shown().ok_or(NodeError::NoSuch("commitment"))?.clone();
        let mut offered = Vec::new();
        if let Some((number, slot)) = record.open_slot() {
            for offer in &slot.offers {
                offered.push((number, offer.hash, offer.terms.clone(), self.content_of(offer.entry)?));
            }
        }
        let moves = self.moves(space, id, Record::Commitment(record.clone()), |record| match record {
            Record::Commitment(commitment) => candidates(id, commitment),
            Record::Space(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_)
            | Record::Meeting(_) => Vec::new(),
        })?;
        let thread = self.thread(space, id)?;
        Ok(CommitmentView {
            id,
            space,
            content: self.content_of(shown.entry)?,
            terms: shown.terms,
            terms_hash: shown.hash,
            offered,
            phase: record.phase(),
            waits_on: record.waits_on().into_iter().collect(),
            moves,
            thread,
            record,
        })
    }

    /// The log of a space in the order of arrival here.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn log(&self, space: SpaceId, after: i64, limit: usize) -> Result<Vec<EntryView>> {
        let rows = self.store.entries_after(self.live(space)?.no, after, limit)?;
        rows.into_iter().map(|row| self.entry_view(space, row)).collect()
    }

    pub(crate) fn entry_view(&self, space: SpaceId, row: EntryRow) -> Result<EntryView> {
        let header = self.header_of(row.id)?.ok_or(NodeError::NoSuch("entry"))?;
        let line = self.live(space)?.lines.get(&row.position.line).map(|line| line.row.clone());
        let line = line.ok_or(NodeError::NoSuch("line"))?;
        let state = row.content.map(|hash| self.store.content_state(hash)).transpose()?.flatten();
        let cut = self.live(space)?.space().and_then(|record| record.keys.get(&header.key));
        let doubtful = cut.is_some_and(|key| {
            key.is_cut(header.seq) || key.forked_at.is_some_and(|forked_at| header.seq >= forked_at)
        });
        Ok(EntryView {
            id: row.id,
            n: row.n,
            word: word(row.kind),
            party: line.seat,
            key: (header.key, header.seq),
            claimed_ms: header.time_ms,
            arrived_ms: row.arrived_ms,
            object: row.object,
            subject: Operation::read(header.kind, &header.effect)
                .ok()
                .and_then(|operation| operation.subject()),
            relied: doubtful && row.refusal.is_none() && needs_reliance(&header),
            refusal: row.refusal,
            content_state: state.map(|(state, _)| state),
            content: self.content_of(row.id)?,
        })
    }

    /// Everything that was signed about an object, in fold order.
    fn thread(&self, space: SpaceId, object: ObjectId) -> Result<Vec<EntryView>> {
        let no = self.store.object_no(self.live(space)?.no, object)?.ok_or(NodeError::NoSuch("object"))?;
        self.store.entries_of(no)?.into_iter().map(|row| self.entry_view(space, row)).collect()
    }

    /// What our party could sign about an object now, found by asking the rules about all that `candidates` makes of its
    /// record.
    fn moves(
        &self,
        space: SpaceId,
        object: ObjectId,
        record: Record,
        candidates: impl Fn(&Record) -> Vec<(&'static str, Operation, bool)>,
    ) -> Result<Vec<Move>> {
        let Ok(key) = self.may_sign(space) else { return Ok(Vec::new()) };
        let row = self.next_row(space, key, object)?;
        let author = Authored { id: EntryId::ZERO, key, seat: self.seat(space)?, row: &row };
        let record = self.foreseen(space, object, Some(record), &author)?;
        let mut moves = Vec::new();
        for (word, operation, ready) in record.as_ref().map(candidates).unwrap_or_default() {
            if self.foresee(space, record.as_ref(), &operation, &author)?.is_ok() {
                moves.push(Move { word, operation: ready.then_some(operation) });
            }
        }
        Ok(moves)
    }

    /// The place of the next entry of a key, if it names all heads and so stands behind everything that is here.
    fn next_row(&self, space: SpaceId, key: KeyId, object: ObjectId) -> Result<EntryRow> {
        let live = self.live(space)?;
        let ends: Vec<_> = live.lines.values().map(|line| line.head.as_ref()).collect();
        let line = live.lines_of(key).next();
        let (number, seq) = line.map_or((u32::MAX, 0), |line| (line.row.no, line.row.head_seq + 1));
        Ok(EntryRow {
            n: 0,
            id: EntryId::ZERO,
            position: Arc::new(Position::after(number, seq, &ends)),
            kind: 0,
            object: Some(object),
            arrived_ms: 0,
            content: None,
            refusal: None,
            raw: Vec::new(),
        })
    }

    /// Whether an entry counts fully; for tests and the log page.
    ///
    /// # Errors
    /// The database fails.
    pub fn counts(&self, entry: EntryId) -> Result<bool> {
        Ok(self.store.entry(entry)?.is_some_and(|row| row.refusal.is_none()))
    }
}

/// Whether an entry beyond a cut or a fork counts only if others relied on it: what rests on guardians needs nobody, and
/// what does not bind its author is refused.
fn needs_reliance(header: &oplog::Header) -> bool {
    Operation::read(header.kind, &header.effect)
        .is_ok_and(|operation| operation.binds_its_author() && !operation.rests_on_guardians())
}

/// Everything that could be signed about a commitment, with whether it is ready without further input.
fn candidates(object: ObjectId, record: &Commitment) -> Vec<(&'static str, Operation, bool)> {
    let subject = Subject::Commitment;
    let mut all: Vec<(&'static str, Operation, bool)> = Vec::new();
    let last = record.ballot.slots.len().saturating_sub(1) as u64;
    if let Some((slot, open)) = record.open_slot() {
        for offered in &open.offers {
            all.push(("accept", Accept { subject, object, slot, terms: offered.hash }.into(), true));
            let terms =
                agreement::Terms::Commitment(CommitmentTerms { reply_by: None, ..offered.terms.clone() });
            all.push(("counter", Counter { object, slot, terms }.into(), false));
        }
        all.push(("decline", Decline { subject, object, slot }.into(), true));
        all.push(("lapse", Lapse { subject: Subject::Commitment, object, slot }.into(), true));
    }
    if let Some(in_force) = record.in_force() {
        all.push(("report", Report { object, terms: in_force.hash }.into(), true));
        if let Some(agreement::Condition::Text(condition)) = in_force.terms.condition {
            all.push(("satisfy", Satisfy { object, condition }.into(), true));
        }
        let unanswered = record
            .last_report()
            .filter(|report| !report.answers.values().any(|answered| answered.answer == Answer::Confirmed));
        if let Some(report) = unanswered {
            all.push(("confirm", Confirm { object, report: report.entry }.into(), true));
            all.push(("dispute", Dispute { object, report: report.entry }.into(), true));
        }
        all.push(("release", Release { object }.into(), true));
        all.push(("cancel", Cancel { object }.into(), true));
        let terms = CommitmentTerms { tag: agreement::Tag::MutualEnd, ..in_force.terms.clone() };
        let offer = agreement::operation::Offer {
            object: Some(object),
            slot: last + 1,
            terms: agreement::Terms::Commitment(terms),
        };
        all.push(("offer", offer.into(), false));
    } else if let Some(shown) = record.shown() {
        let offer = agreement::operation::Offer {
            object: Some(object),
            slot: last + 1,
            terms: agreement::Terms::Commitment(shown.terms.clone()),
        };
        all.push(("offer", offer.into(), false));
        all.push(("pass", Pass { subject: Subject::Commitment, object, slot: last + 1 }.into(), true));
    }
    all.dedup_by_key(|(word, operation, _)| (*word, operation.effect()));
    all
}

fn ballots(record: &agreement::Space) -> Vec<BallotView> {
    let view = |(id, ballot): (&ObjectId, &agreement::space::SpaceBallot)| {
        let (what, about) = match &ballot.terms {
            agreement::SpaceTerms::Admit { introduction, .. } => {
                ("admit", Some(introduction.identity.party()))
            }
            agreement::SpaceTerms::Expel { seat, .. } => ("expel", Some(*seat)),
            agreement::SpaceTerms::Succeed { introduction, .. } => ("succeed", Some(introduction.seat)),
            agreement::SpaceTerms::Level { .. } => ("level", None),
        };
        BallotView {
            id: *id,
            what,
            about,
            terms: ballot.hash,
            won: record.is_won(*id),
            awaited: ballot.awaited().into_iter().collect(),
        }
    };
    record.ballots.iter().map(view).collect()
}

/// The names of parties, for those who lay an answer out.
#[must_use]
pub fn names(parties: &[PartyView]) -> BTreeMap<PartyId, String> {
    parties.iter().map(|party| (party.id, party.name.clone())).collect()
}
