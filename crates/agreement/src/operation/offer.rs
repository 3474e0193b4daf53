//! `offer` puts terms on the table and is the proposer's vote for them.

use oplog::{ObjectId, wire_struct};

use crate::ballot::{OFFERS_MAX, Offered, Outcome, SLOTS_MAX, Slot, Vote};
use crate::change::Change;
use crate::commitment::Commitment;
use crate::operation::accept::won_changes;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::space::{BALLOTS_MAX, Space, SpaceBallot};
use crate::standing::By;
use crate::terms::{CommitmentTerms, SpaceTerms, Terms};

/// Terms for a new object (`object` is `None`, `slot` 0), or for a slot of one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The commitment; `None` founds one, and is the only form for terms about the space.
    pub object: Option<ObjectId>,
    /// The slot.
    pub slot: u64,
    /// The terms.
    pub terms: Terms,
}

wire_struct!(Offer { object, slot, terms });

impl Offer {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (&self.terms, record, self.object) {
            (Terms::Space(terms), Some(Record::Space(space)), None) => self.open_ballot(space, terms, by),
            (Terms::Commitment(terms), None, None) => self.found(terms, by),
            (Terms::Commitment(terms), Some(Record::Commitment(commitment)), Some(_)) => {
                offer_in(commitment, self.slot, terms, by)
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }

    fn found(&self, terms: &CommitmentTerms, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        if self.slot != 0 {
            return Err(Refusal::NoSuchSlot);
        }
        let commitment = Commitment {
            slots: vec![Slot { base: terms.parties(), ..Slot::default() }],
            passes_ahead: std::collections::BTreeMap::new(),
            satisfied: std::collections::BTreeMap::new(),
            reports: Vec::new(),
            released: std::collections::BTreeMap::new(),
            cancelled: std::collections::BTreeSet::new(),
            erased: std::collections::BTreeSet::new(),
        };
        let offered = table(&commitment, None, terms, by)?;
        let founded = Change::Founded(Box::new(Record::Commitment(commitment)));
        Ok([founded].into_iter().chain(put(0, offered)).collect())
    }

    fn open_ballot(&self, space: &Space, terms: &SpaceTerms, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        if self.slot != 0 {
            return Err(Refusal::NoSuchSlot);
        }
        space.check_terms(terms, by)?;
        if !terms.voters().contains(&by.party) {
            return Err(Refusal::NotNamed);
        }
        if space.ballots.len() >= BALLOTS_MAX {
            return Err(Refusal::Limit("the number of ballots about the space"));
        }
        let ballot = SpaceBallot {
            terms: terms.clone(),
            hash: self.terms.hash(by.content),
            needed: space.needed(terms) as u64,
            votes: std::collections::BTreeMap::new(),
        };
        let object = by.entry.into();
        let mut changes = vec![Change::BallotOpened(object, Box::new(ballot.clone()))];
        if let SpaceTerms::Admit { introduction, .. } | SpaceTerms::Succeed { introduction, .. } = terms {
            changes.push(Change::KeyBrought(
                introduction.seat,
                Box::new(introduction.clone()),
                by.entry,
                true,
                false,
            ));
        }
        changes.extend(won_changes(object, &ballot, by));
        Ok(changes)
    }
}

/// The terms as they come on the table, when the author may put them there.
fn table(
    commitment: &Commitment,
    in_force: Option<&CommitmentTerms>,
    terms: &CommitmentTerms,
    by: &By<'_>,
) -> Result<Offered, Refusal> {
    terms.check()?;
    terms.check_change(in_force)?;
    if !commitment.slots.is_empty() && !commitment.base().is_empty() && !commitment.base().contains(&by.party)
    {
        return Err(Refusal::NotNamed);
    }
    if commitment.base().is_empty() && !terms.parties().contains(&by.party) {
        return Err(Refusal::NotNamed);
    }
    let hash = Terms::Commitment(terms.clone()).hash(by.content);
    Ok(Offered { entry: by.entry, by: by.party, hash, terms: terms.clone() })
}

fn put(slot: u64, offered: Offered) -> [Change; 2] {
    let vote = Change::Voted(slot, offered.by, offered.entry, Vote::For(offered.hash));
    [Change::TermsOffered(slot, Box::new(offered)), vote]
}

/// What an offer of `terms` in slot `number` of `commitment` changes. A counter uses it for its second half.
pub(crate) fn offer_in(
    commitment: &Commitment,
    number: u64,
    terms: &CommitmentTerms,
    by: &By<'_>,
) -> Result<Vec<Change>, Refusal> {
    let seen = commitment.seen_by(by);
    if seen.is_closed() {
        return Err(Refusal::Closed);
    }
    let at = usize::try_from(number).unwrap_or(usize::MAX);
    if let Some(slot) = seen.slots.get(at) {
        slot.may_vote(by)?;
        return Err(Refusal::AnswerFirst);
    }
    let last = seen.slots.last().filter(|_| at == seen.slots.len()).ok_or(Refusal::NoSuchSlot)?;
    if last.outcome() == Outcome::Open {
        return Err(Refusal::AnswerFirst);
    }
    if at >= SLOTS_MAX {
        return Err(Refusal::Limit("the number of rounds"));
    }
    // Passes are kept with the slot, or ahead of it while nobody has offered in it.
    let held = commitment.slots.get(at);
    let passes = held.map(|slot| &slot.passes).or(commitment.passes_ahead.get(&number));
    let following = Slot { passes: passes.cloned().unwrap_or_default(), ..Slot::default() };
    match last.turn_after(at, Some(&following), by) {
        Some(owner) if owner != by.party => return Err(Refusal::NotYourTurn(owner)),
        _ => {}
    }
    let offered = table(&seen, seen.in_force().map(|offered| &offered.terms), terms, by)?;
    match held {
        // Offers that did not know of one another: all stand as votes, and the slot decides.
        Some(slot) if slot.offers.len() >= OFFERS_MAX => {
            Err(Refusal::Limit("the number of offers in a round"))
        }
        Some(_) => Ok(put(number, offered).into()),
        None => Ok([Change::SlotOpened(seen.base())].into_iter().chain(put(number, offered)).collect()),
    }
}
