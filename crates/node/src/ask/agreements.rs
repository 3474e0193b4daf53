//! Agreements as people ask for them: what is in force, who has signed, what is open, and what each clause led to.

use std::collections::{BTreeMap, BTreeSet};

use agreement::ballot::Offered;
use agreement::operation::{Accept, Counter, Decline, Lapse, Offer, Pass, Subject, Withdraw};
use agreement::{
    Agreement, AgreementPhase, AgreementTag, AgreementTerms, Content, Operation, Phase, Record, Terms,
    Withdrawal,
};
use oplog::{EntryId, ObjectId, PartyId, SpaceId};
use store::papers::{Paper, Sort};

use super::{EntryView, Line, Move};
use crate::lists::agreement_phase_of;
use crate::submit::check_clauses;
use crate::{Node, NodeError, Result};

/// The most commitments of one agreement that are looked at.
pub const COMMITMENTS_UNDER_MAX: usize = 1_000;
/// Milliseconds of a day.
const DAY_MS: u64 = 86_400_000;

/// One agreement of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementLine {
    /// The agreement.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub phase: AgreementPhase,
}

/// Terms of an agreement on the table.
#[derive(Clone, Debug)]
pub struct AgreementOffer {
    /// The slot.
    pub slot: u64,
    /// The offer.
    pub offered: Offered<AgreementTerms>,
    /// Its texts, when they are here.
    pub content: Option<Content>,
    /// Whether its text is here and has other clauses than its terms: then this node does not sign it.
    pub misfits: bool,
}

/// A party that has withdrawn from the terms in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The party.
    pub party: PartyId,
    /// The entry by which it did.
    pub entry: EntryId,
    /// The days of notice that the terms demand.
    pub notice_days: u64,
    /// Who is first known to have received it, and on which day by its own clock, in days since 1970 (UTC).
    pub received: Option<(PartyId, i32)>,
}

impl Leaving {
    /// The day at whose end the party is no longer bound; `None` while nobody is known to have received its word.
    #[must_use]
    pub fn ends(&self) -> Option<i32> {
        let (_, day) = self.received?;
        day.checked_add(i32::try_from(self.notice_days).ok()?)
    }
}

/// An agreement with everything a page needs.
#[derive(Clone, Debug)]
pub struct AgreementView {
    /// The agreement.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// The record.
    pub record: Agreement,
    /// The offer whose texts are shown: what came into force last, or else the newest on the table.
    pub text: Offered<AgreementTerms>,
    /// Those texts, when they are here.
    pub content: Option<Content>,
    /// Terms on the table.
    pub offered: Vec<AgreementOffer>,
    /// Where it stands.
    pub phase: AgreementPhase,
    /// Whose vote it waits for.
    pub waits_on: Vec<PartyId>,
    /// What our party can do.
    pub moves: Vec<Move>,
    /// Who has withdrawn.
    pub leaving: Vec<Leaving>,
    /// The commitments that name a clause of it, by clause and due day.
    pub commitments: BTreeMap<u64, Vec<Line>>,
    /// Everything that was signed about it, in fold order.
    pub thread: Vec<EntryView>,
}

impl AgreementView {
    /// The clauses that led to no commitment: none was offered that can still come to something, or came to something.
    #[must_use]
    pub fn bare(&self) -> BTreeSet<u64> {
        let counts =
            |line: &Line| !matches!(line.phase, Phase::NotAgreed | Phase::Released | Phase::Cancelled);
        let led = |number: &&u64| self.commitments.get(number).is_some_and(|lines| lines.iter().any(counts));
        self.text.terms.clauses.iter().filter(|number| !led(number)).copied().collect()
    }
}

impl Node {
    /// Agreements of a space, the newest first.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn agreements(&self, space: SpaceId, offset: usize, limit: usize) -> Result<Vec<AgreementLine>> {
        let rows = self.store.papers(self.live(space)?.no, Sort::Agreement, offset, limit)?;
        Ok(rows.into_iter().filter_map(|row| self.agreement_line(row)).collect())
    }

    /// The agreements of all spaces that wait for our party's vote.
    ///
    /// # Errors
    /// The database fails.
    pub fn agreements_to_answer(&self, limit: usize) -> Result<Vec<AgreementLine>> {
        let seats: BTreeSet<_> = self.spaces.values().filter_map(|live| live.own_party).collect();
        let mut lines = Vec::new();
        for seat in seats {
            let rows = self.store.papers_awaiting(seat, limit)?;
            let agreements = rows.into_iter().filter(|row| row.sort == Sort::Agreement);
            let ours = |line: &AgreementLine| self.seat(line.space).is_ok_and(|own| own == seat);
            lines.extend(agreements.filter_map(|row| self.agreement_line(row)).filter(ours));
        }
        lines.truncate(limit);
        Ok(lines)
    }

    fn agreement_line(&self, row: Paper) -> Option<AgreementLine> {
        Some(AgreementLine {
            id: row.object,
            space: self.spaces.values().find(|live| live.no == row.space)?.id,
            title: row.title,
            phase: agreement_phase_of(row.phase)?,
        })
    }

    /// An agreement with everything a page needs.
    ///
    /// # Errors
    /// No such agreement, or the database fails.
    pub fn agreement(&mut self, id: ObjectId) -> Result<AgreementView> {
        let space = self.space_of(id)?;
        let Record::Agreement(record) = self.record(space, id)? else {
            return Err(NodeError::NoSuch("agreement"));
        };
        let text = record.text().ok_or(NodeError::NoSuch("agreement"))?.clone();
        let mut offered = Vec::new();
        if let Some((slot, open)) = record.ballot.open_slot() {
            for offer in &open.offers {
                let content = self.content_of(offer.entry)?;
                let misfits =
                    !self.lacks_text(offer.entry)? && check_clauses(&offer.terms, content.as_ref()).is_err();
                offered.push(AgreementOffer { slot, offered: offer.clone(), content, misfits });
            }
        }
        let moves = self.agreement_moves(space, id, &record, &offered)?;
        Ok(AgreementView {
            id,
            space,
            content: self.content_of(text.entry)?,
            text,
            offered,
            phase: record.phase(),
            waits_on: record.waits_on().into_iter().collect(),
            moves,
            leaving: self.leaving(space, &record)?,
            commitments: self.commitments_under(space, id)?,
            thread: self.thread(space, id)?,
            record,
        })
    }

    /// The commitments that carry out clauses of an agreement, by clause.
    fn commitments_under(&mut self, space: SpaceId, agreement: ObjectId) -> Result<BTreeMap<u64, Vec<Line>>> {
        let rows = self.store.commitments_under(self.live(space)?.no, agreement, COMMITMENTS_UNDER_MAX)?;
        let mut under: BTreeMap<u64, Vec<Line>> = BTreeMap::new();
        for row in rows {
            let Some(line) = self.line(row) else { continue };
            let Record::Commitment(commitment) = self.record(space, line.id)? else { continue };
            let clause = commitment.shown().and_then(|shown| shown.terms.clause);
            if let Some((_, number)) = clause.filter(|(named, _)| *named == agreement) {
                under.entry(number).or_default().push(line);
            }
        }
        Ok(under)
    }

    fn agreement_moves(
        &self,
        space: SpaceId,
        object: ObjectId,
        record: &Agreement,
        offered: &[AgreementOffer],
    ) -> Result<Vec<Move>> {
        let mut moves =
            self.moves(space, object, Record::Agreement(record.clone()), |record| match record {
                Record::Agreement(agreement) => candidates(object, agreement),
                Record::Space(_)
                | Record::Commitment(_)
                | Record::Transcript(_)
                | Record::Note(_)
                | Record::Meeting(_) => Vec::new(),
            })?;
        let misfits = |step: &Move| {
            let Some(Operation::Accept(accept)) = &step.operation else { return false };
            offered.iter().any(|offer| offer.misfits && offer.offered.hash == accept.terms)
        };
        moves.retain(|step| !misfits(step));
        Ok(moves)
    }

    /// Who has withdrawn, and when another party is known to have received it.
    fn leaving(&self, space: SpaceId, record: &Agreement) -> Result<Vec<Leaving>> {
        let leaving = record.leaving();
        let Some(held) = record.in_force().filter(|_| !leaving.is_empty()) else { return Ok(Vec::new()) };
        let Withdrawal::Notice(notice_days) = held.terms.withdrawal else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for party in leaving {
            let Some(entry) = record.withdrawn.get(&party).and_then(|held| held.keys().next()) else {
                continue;
            };
            let others: BTreeSet<_> =
                held.terms.parties.iter().copied().filter(|other| *other != party).collect();
            let received = self.first_to_see(space, *entry, &others)?;
            let day = |ms: u64| i32::try_from(ms / DAY_MS).ok();
            let received = received.and_then(|(other, ms)| Some((other, day(ms)?)));
            all.push(Leaving { party, entry: *entry, notice_days, received });
        }
        Ok(all)
    }

    /// The first entry, in fold order, by one of `parties` that saw an entry: who signed it, and when by its own clock.
    fn first_to_see(
        &self,
        space: SpaceId,
        entry: EntryId,
        parties: &BTreeSet<PartyId>,
    ) -> Result<Option<(PartyId, u64)>> {
        let live = self.live(space)?;
        let Some((line, seq)) = live.place(&self.store, entry)? else { return Ok(None) };
        let mut first = None;
        for end in live.lines.values().filter(|end| parties.contains(&end.row.seat)) {
            if !end.head.past.sees(line, seq) {
                continue;
            }
            // Whoever has seen it goes on having seen it, so the first is found by halving.
            let (mut from, mut to) = (end.row.start_seq, end.row.head_seq);
            while from < to {
                let middle = from + (to - from) / 2;
                let saw = match self.store.id_at(end.row.no, middle)? {
                    Some(id) => live.position(&self.store, id)?.is_some_and(|at| at.past.sees(line, seq)),
                    None => false,
                };
                if saw {
                    to = middle;
                } else {
                    from = middle + 1;
                }
            }
            let Some(id) = self.store.id_at(end.row.no, from)? else { continue };
            let Some(position) = live.position(&self.store, id)? else { continue };
            let place = (position.depth, id);
            if first.is_none_or(|(known, _)| place < known) {
                first = Some((place, end.row.seat));
            }
        }
        let Some(((_, id), party)) = first else { return Ok(None) };
        Ok(self.header_of(id)?.map(|header| (party, header.time_ms)))
    }
}

/// Everything that could be signed about an agreement, with whether it is ready without further input.
fn candidates(object: ObjectId, record: &Agreement) -> Vec<(&'static str, Operation, bool)> {
    let subject = Subject::Agreement;
    let mut all: Vec<(&'static str, Operation, bool)> = Vec::new();
    let next = record.ballot.slots.len() as u64;
    if let Some((slot, open)) = record.ballot.open_slot() {
        for offered in &open.offers {
            all.push(("accept", Accept { subject, object, slot, terms: offered.hash }.into(), true));
        }
        if let Some(offered) = open.offers.first() {
            let terms = Terms::Agreement(offered.terms.clone());
            all.push(("counter", Counter { object, slot, terms }.into(), false));
        }
        all.push(("decline", Decline { subject, object, slot }.into(), true));
        all.push(("lapse", Lapse { subject, object, slot }.into(), true));
    }
    let offer = |terms| Offer { object: Some(object), slot: next, terms: Terms::Agreement(terms) }.into();
    match (record.in_force(), record.ballot.shown()) {
        (Some(held), _) => {
            let with = |tag| AgreementTerms { tag, ..held.terms.clone() };
            all.push(("amend", offer(with(AgreementTag::Amend)), false));
            all.push(("terminate", offer(with(AgreementTag::Terminate)), false));
            all.push(("withdraw", Withdraw { object }.into(), true));
        }
        (None, Some(shown)) => all.push(("offer", offer(shown.terms.clone()), false)),
        (None, None) => {}
    }
    all.push(("pass", Pass { subject, object, slot: next }.into(), true));
    all
}
