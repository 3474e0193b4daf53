//! Meetings as people ask for them: when and where, who is invited, what is on the agenda, what the minutes say.

use std::collections::BTreeSet;

use agreement::ballot::Offered;
use agreement::operation::{Accept, Convene, Counter, Decline, Lapse, Offer, Pass, Subject};
use agreement::{Content, Meeting, MeetingPhase, MinutesTerms, Operation, Record, Terms};
use oplog::{EntryId, ObjectId, PartyId, SpaceId};
use store::papers::{Paper, Sort};

use super::{EntryView, Move};
use crate::lists::meeting_phase_of;
use crate::{Node, NodeError, Result};

/// One meeting of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingLine {
    /// The meeting.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// Its title.
    pub title: String,
    /// Its day, in days since 1970.
    pub day: i32,
    /// Where it stands.
    pub phase: MeetingPhase,
}

/// Minutes on the table.
#[derive(Clone, Debug)]
pub struct MinutesOffer {
    /// The slot.
    pub slot: u64,
    /// The offer.
    pub offered: Offered<MinutesTerms>,
    /// Their words, when they are here.
    pub content: Option<Content>,
}

/// A meeting with everything a page needs.
#[derive(Clone, Debug)]
pub struct MeetingView {
    /// The meeting.
    pub id: ObjectId,
    /// Its space.
    pub space: SpaceId,
    /// The record.
    pub record: Meeting,
    /// Title, place and agenda, as the convener said last; `None` when that is not here.
    pub content: Option<Content>,
    /// The adopted minutes with their words.
    pub adopted: Option<(Offered<MinutesTerms>, Option<Content>)>,
    /// Minutes on the table.
    pub offered: Vec<MinutesOffer>,
    /// Where it stands.
    pub phase: MeetingPhase,
    /// Whose signature minutes wait for.
    pub waits_on: Vec<PartyId>,
    /// What our party can do.
    pub moves: Vec<Move>,
    /// Everything that was signed about it, in fold order.
    pub thread: Vec<EntryView>,
}

/// The entry that says last what a meeting is about: a meeting that is called off keeps its title.
pub(crate) fn described(record: &Meeting) -> Option<EntryId> {
    record.convened.iter().rev().find(|convened| convened.day.is_some()).map(|convened| convened.entry)
}

impl Node {
    /// Meetings of a space, the latest day first.
    ///
    /// # Errors
    /// No such space, or the database fails.
    pub fn meetings(&self, space: SpaceId, offset: usize, limit: usize) -> Result<Vec<MeetingLine>> {
        let rows = self.store.papers(self.live(space)?.no, Sort::Meeting, offset, limit)?;
        Ok(rows.into_iter().filter_map(|row| self.meeting_line(row)).collect())
    }

    /// The meetings of all spaces whose minutes wait for our party's vote.
    ///
    /// # Errors
    /// The database fails.
    pub fn minutes_to_answer(&self, limit: usize) -> Result<Vec<MeetingLine>> {
        let seats: BTreeSet<_> = self.spaces.values().filter_map(|live| live.own_party).collect();
        let mut lines = Vec::new();
        for seat in seats {
            let rows = self.store.papers_awaiting(seat, limit)?;
            let meetings = rows.into_iter().filter(|row| row.sort == Sort::Meeting);
            let ours = |line: &MeetingLine| self.seat(line.space).is_ok_and(|own| own == seat);
            lines.extend(meetings.filter_map(|row| self.meeting_line(row)).filter(ours));
        }
        lines.truncate(limit);
        Ok(lines)
    }

    fn meeting_line(&self, row: Paper) -> Option<MeetingLine> {
        Some(MeetingLine {
            id: row.object,
            space: self.spaces.values().find(|live| live.no == row.space)?.id,
            title: row.title,
            day: i32::try_from(row.day).ok()?,
            phase: meeting_phase_of(row.phase)?,
        })
    }

    /// A meeting with everything a page needs.
    ///
    /// # Errors
    /// No such meeting, or the database fails.
    pub fn meeting(&mut self, id: ObjectId) -> Result<MeetingView> {
        let space = self.space_of(id)?;
        let Record::Meeting(record) = self.record(space, id)? else {
            return Err(NodeError::NoSuch("meeting"));
        };
        let mut offered = Vec::new();
        if let Some((slot, open)) = record.ballot.open_slot() {
            for offer in &open.offers {
                let content = self.content_of(offer.entry)?;
                offered.push(MinutesOffer { slot, offered: offer.clone(), content });
            }
        }
        let content = described(&record).map_or(Ok(None), |entry| self.content_of(entry))?;
        let adopted = match record.adopted() {
            Some(held) => Some((held.clone(), self.content_of(held.entry)?)),
            None => None,
        };
        let moves = self.moves(space, id, Record::Meeting(record.clone()), |record| match record {
            Record::Meeting(meeting) => candidates(id, meeting),
            Record::Space(_)
            | Record::Commitment(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_) => Vec::new(),
        })?;
        Ok(MeetingView {
            id,
            space,
            content,
            adopted,
            offered,
            phase: record.phase(),
            waits_on: record.waits_on().into_iter().collect(),
            moves,
            thread: self.thread(space, id)?,
            record,
        })
    }
}

/// Everything that could be signed about a meeting, with whether it is ready without further input.
fn candidates(object: ObjectId, record: &Meeting) -> Vec<(&'static str, Operation, bool)> {
    let subject = Subject::Meeting;
    let mut all: Vec<(&'static str, Operation, bool)> = Vec::new();
    let next = record.ballot.slots.len() as u64;
    let invited = record.invited.clone();
    if let Some((slot, open)) = record.ballot.open_slot() {
        for offered in &open.offers {
            all.push(("accept", Accept { subject, object, slot, terms: offered.hash }.into(), true));
        }
        if let Some(offered) = open.offers.first() {
            let terms = Terms::Minutes(offered.terms.clone());
            all.push(("counter", Counter { object, slot, terms }.into(), false));
        }
        all.push(("decline", Decline { subject, object, slot }.into(), true));
        all.push(("lapse", Lapse { subject, object, slot }.into(), true));
    }
    let terms = MinutesTerms {
        parties: invited.clone(),
        present: invited.clone(),
        outcomes: BTreeSet::new(),
        reply_by: None,
    };
    let offer = Offer { object: Some(object), slot: next, terms: Terms::Minutes(terms) };
    all.push(("minutes", offer.into(), false));
    all.push(("pass", Pass { subject, object, slot: next }.into(), true));
    let day = record.day().cloned();
    all.push(("convene", Convene { object: Some(object), invited: invited.clone(), day }.into(), false));
    if !record.is_off() {
        all.push(("call-off", Convene { object: Some(object), invited, day: None }.into(), true));
    }
    all
}
