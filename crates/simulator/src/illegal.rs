//! What the rules forbid, tried by honest people on their own node: it must refuse, and nothing must change.

use agreement::operation::{
    Accept, Admit, Comment, Confirm, Declare, Erase, Offer, Release, Report, Satisfy, Subject, Transcribe,
};
use agreement::{Content, FieldTag, Operation, Sort, SpaceTerms, Tag, Terms};
use node::{Act, NodeError};
use oplog::{EntryId, ObjectId, TermsHash};

use crate::acts::{new_terms, text};
use crate::fault::{Step, must};
use crate::world::World;

impl World {
    /// Tries something that no state of the record allows.
    pub(crate) fn try_illegal(&mut self, at: usize) -> Step {
        let (operation, content) = self.illegal(at)?;
        let (space, word) = (self.space, operation.word());
        let before = self.node(at)?.digest(space)?;
        let done = self.node(at)?.submit(Act { space, operation, content, request: None });
        self.note(|| format!("{at} tries an illegal {word}"));
        self.tally.add(crate::run::ACT_TRIED);
        self.tally.add("illegal act refused by the own node");
        must(matches!(done, Err(NodeError::Refused(_) | NodeError::WillNotSign(_))), || {
            format!("{at} tried an illegal {word}, and its node says {done:?}")
        })?;
        let after = self.node(at)?.digest(space)?;
        must(before == after, || format!("{at} tried an illegal {word}, and the record changed"))
    }

    fn illegal(&mut self, at: usize) -> Step<(Operation, Option<Content>)> {
        let members = self.members(at)?;
        let own = self.stations[at].party;
        let all = self.commitments(at)?;
        let unknown = ObjectId(self.chance.bytes());
        let object = self.chance.pick(&all).copied().unwrap_or(unknown);
        let entry = EntryId(self.chance.bytes());
        let terms = new_terms(&mut self.chance, &members, own, &[]);
        let offer = |terms| Offer { object: None, slot: 0, terms: Terms::Commitment(terms) };
        let note = || text(FieldTag::Note, "words");
        Ok(match self.chance.below(14) {
            0 => {
                let terms = TermsHash(self.chance.bytes());
                (Accept { subject: Subject::Commitment, object, slot: 0, terms }.into(), None)
            }
            1 => (Report { object, terms: TermsHash(self.chance.bytes()) }.into(), None),
            2 => (Confirm { object, report: entry }.into(), None),
            3 => (Satisfy { object, condition: 999 }.into(), None),
            4 => (Comment { about: object }.into(), None),
            5 => (Comment { about: unknown }.into(), note()),
            6 => (offer(agreement::CommitmentTerms { tag: Tag::Amend, ..terms }).into(), None),
            7 => {
                let creditors = vec![terms.debtor];
                (offer(agreement::CommitmentTerms { creditors, ..terms }).into(), None)
            }
            8 => (Offer { slot: 3, ..offer(terms) }.into(), None),
            9 => (Erase { object, entry }.into(), note()),
            10 => (Transcribe { object: Some(object) }.into(), note()),
            11 => (Release { object: unknown }.into(), None),
            12 => (Declare { object: Some(object), sort: Sort::Need, withdrawn: true }.into(), note()),
            _ => self.illegal_in_the_space(at)?,
        })
    }

    fn illegal_in_the_space(&mut self, at: usize) -> Step<(Operation, Option<Content>)> {
        let voters: std::collections::BTreeSet<_> = self.members(at)?.into_iter().collect();
        let introduction = self.spare_introduction(None);
        let terms = match self.chance.below(3) {
            0 => return Ok((Admit { introduction }.into(), None)),
            1 => SpaceTerms::Level { voters, level: 0 },
            _ => SpaceTerms::Expel { voters, seat: introduction.identity.party() },
        };
        Ok((Offer { object: None, slot: 0, terms: Terms::Space(terms) }.into(), None))
    }
}
