//! The fold of one set of events by the shipped rules, as a node would make it.

use agreement::ballot::{Ballot, BallotTerms, Outcome};
use agreement::{By, Operation, Record, Standing, decide, sight};
use oplog::{EntryId, KeyId, TermsHash, from_bytes, to_bytes};

use crate::model::{Act, Event, EventId, Setup, Trouble, event_of, party};

/// A set of events, by position in a sorted list.
pub(crate) type Mask = u32;

/// A causally closed set of events, with what follows from it before any rule is asked.
pub(crate) struct View<'a> {
    pub(crate) setup: &'a Setup,
    pub(crate) all: &'a [Event],
    /// The events, sorted by number.
    pub(crate) ids: &'a [EventId],
    /// For each: which of these it had seen.
    pub(crate) pasts: Vec<Mask>,
    /// For each: how much it counts, by all that is in this set.
    pub(crate) standings: Vec<Standing>,
}

/// What a fold comes to.
pub(crate) struct Folded {
    pub(crate) record: Option<Record>,
    /// Events that a rule refused although their standing counts.
    pub(crate) refused: Mask,
}

impl<'a> View<'a> {
    pub(crate) fn new(setup: &'a Setup, all: &'a [Event], ids: &'a [EventId]) -> Self {
        let pasts = ids.iter().map(|id| mask_in(ids, &all[*id as usize].past)).collect();
        let mut view = Self { setup, all, ids, pasts, standings: Vec::new() };
        view.standings = (0..ids.len()).map(|at| view.standing(at)).collect();
        view
    }

    pub(crate) fn event(&self, at: usize) -> &'a Event {
        &self.all[self.ids[at] as usize]
    }

    fn party(&self, at: usize) -> u8 {
        self.setup.chains[usize::from(self.event(at).chain)]
    }

    /// The events in `within`, by position.
    pub(crate) fn members(&self, within: Mask) -> impl Iterator<Item = usize> {
        (0..self.ids.len()).filter(move |at| within >> at & 1 == 1)
    }

    pub(crate) fn everything(&self) -> Mask {
        (1 << self.ids.len()) - 1
    }

    /// Whether the event at `at` is cut off, or stands at or behind a fork, by what is `within`.
    pub(crate) fn is_tainted(&self, at: usize, within: Mask) -> bool {
        let event = self.event(at);
        match self.setup.trouble {
            Trouble::None | Trouble::Withdrawal => false,
            Trouble::Fork { chain } => {
                let forked_at = self.forked_at(chain, within);
                event.chain == chain && forked_at.is_some_and(|place| event.seq >= place)
            }
            Trouble::Revoked { old, .. } => {
                event.chain == old
                    && self.members(within).any(|other| {
                        let act = self.event(other).act;
                        matches!(act, Act::Revoke { cut } if cut.is_none_or(|last| event.seq > last))
                    })
            }
        }
    }

    /// The place at which `within` holds two entries of `chain`.
    pub(crate) fn forked_at(&self, chain: u8, within: Mask) -> Option<u8> {
        let mut places = 0_u32;
        let seqs =
            self.members(within).filter(|at| self.event(*at).chain == chain).map(|at| self.event(at).seq);
        let mut twice: Vec<_> = seqs
            .filter(|seq| {
                let known = places >> seq & 1 == 1;
                places |= 1 << seq;
                known
            })
            .collect();
        twice.sort_unstable();
        twice.first().copied()
    }

    fn standing(&self, at: usize) -> Standing {
        if !self.is_tainted(at, self.everything()) {
            return Standing::Full;
        }
        // Relied on: an entry of another party has it in its past, and not what taints it.
        let relied = (0..self.ids.len()).any(|other| {
            let past = self.pasts[other];
            past >> at & 1 == 1 && self.party(other) != self.party(at) && !self.is_tainted(at, past)
        });
        if relied { Standing::Relied } else { Standing::Void("taken back or forked") }
    }

    /// Which events count at all.
    pub(crate) fn counted(&self) -> Mask {
        let counts = |at: &usize| !matches!(self.standings[*at], Standing::Void(_));
        (0..self.ids.len()).filter(counts).fold(0, |mask, at| mask | 1 << at)
    }

    /// The events in fold order.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.ids.len()).collect();
        order.sort_unstable_by_key(|at| (self.event(*at).depth, self.event(*at).entry));
        order
    }

    /// The entries whose withdrawal is in the set, in the broken variant.
    fn withdrawn(&self) -> Mask {
        let mut gone = 0;
        for at in self.members(self.everything()) {
            let Act::Withdraw { slot } = self.event(at).act else { continue };
            let own = self.members(self.pasts[at]).filter(|other| self.party(*other) == self.party(at));
            gone |= own
                .filter(|other| matches!(self.event(*other).act, Act::Accept { slot: voted, .. } if voted == slot))
                .fold(0, |mask, other| mask | 1 << other);
        }
        gone
    }

    pub(crate) fn fold(&self) -> Folded {
        let mut folded = Folded { record: None, refused: 0 };
        let gone = self.withdrawn();
        for at in self.order() {
            if gone >> at & 1 == 0 && !self.step(&mut folded.record, at) {
                folded.refused |= 1 << at;
            }
        }
        folded
    }

    /// The fold of a node that stores the record after each entry and reads it before the next.
    pub(crate) fn fold_stored(&self) -> Option<Record> {
        let mut record = None;
        let gone = self.withdrawn();
        for at in self.order().into_iter().filter(|at| gone >> at & 1 == 0) {
            self.step(&mut record, at);
            let stored = record.as_ref().map(to_bytes);
            record = stored.map(|bytes| from_bytes(&bytes).expect("what was written reads"));
        }
        record
    }

    /// What the author of the event at `tip` had seen by an entry that could speak for it.
    pub(crate) fn before(&self, tip: usize) -> Mask {
        if matches!(self.event(tip).act, Act::Revoke { .. }) { 0 } else { self.pasts[tip] | 1 << tip }
    }

    /// Folds one event, the lapses that it saw first before its own operation. Whether that was not refused.
    fn step(&self, record: &mut Option<Record>, at: usize) -> bool {
        let event = self.event(at);
        let sees = |entry: EntryId| {
            let id = event_of(entry);
            entry == event.entry || event.seen.binary_search(&id).is_ok()
        };
        let by = By {
            entry: event.entry,
            party: party(self.party(at)),
            key: KeyId([event.chain; 32]),
            standing: self.standings[at],
            content: None,
            sees: &sees,
        };
        let before = event.prev.map_or(0, |prev| self.before(self.ids.binary_search(&prev).unwrap()));
        // A new key speaks from notice on: of what its first entry saw, the next one is the first to have seen it.
        let silent = matches!(event.act, Act::Revoke { .. });
        self.sights(record, if silent { 0 } else { self.pasts[at] & !before }, &by);
        let Some(operation) = self.setup.operation(event.act) else { return true };
        apply(record, &operation, &by) || matches!(by.standing, Standing::Void(_))
    }

    /// Folds that `by` first sees the lapses in `newly`.
    pub(crate) fn sights(&self, record: &mut Option<Record>, newly: Mask, by: &By<'_>) -> usize {
        let mut seen = 0;
        let mut lapses: Vec<_> =
            self.members(newly).filter(|at| matches!(self.event(*at).act, Act::Lapse { .. })).collect();
        lapses.sort_unstable_by_key(|at| (self.event(*at).depth, self.event(*at).entry));
        for lapse in lapses {
            for change in sight(record.as_ref(), self.event(lapse).entry, by) {
                *record = Some(Record::absorb(record.take(), change));
                seen += 1;
            }
        }
        seen
    }
}

/// Decides and absorbs; whether it was not refused.
pub(crate) fn apply(record: &mut Option<Record>, operation: &Operation, by: &By<'_>) -> bool {
    if matches!(operation, Operation::Ack(_)) {
        return true;
    }
    let Ok(changes) = decide(record.as_ref(), operation, by) else { return false };
    for change in changes {
        *record = Some(Record::absorb(record.take(), change));
    }
    true
}

/// The positions in `ids` of those in `some` (both sorted).
pub(crate) fn mask_in(ids: &[EventId], some: &[EventId]) -> Mask {
    some.iter().fold(0, |mask, id| mask | 1 << ids.binary_search(id).unwrap())
}

/// Calls a function that is generic over the terms with the ballot of a record; `$none` where there is no such record.
macro_rules! on_ballot {
    ($record:expr, $none:expr, $ballot:ident => $call:expr) => {
        match $record {
            Some(agreement::Record::Commitment(agreement::Commitment { ballot: $ballot, .. })) => $call,
            Some(agreement::Record::Agreement(agreement::Agreement { ballot: $ballot, .. })) => $call,
            _ => $none,
        }
    };
}
pub(crate) use on_ballot;

/// The terms in force of every slot, as a set of `slot * 16 + terms`, by the rules' own word.
pub(crate) fn wins(setup: &Setup, record: Option<&Record>) -> u64 {
    on_ballot!(record, 0, ballot => won_in(setup, ballot))
}

fn won_in<T: BallotTerms>(setup: &Setup, ballot: &Ballot<T>) -> u64 {
    let number = |hash: TermsHash| setup.hashes.iter().position(|known| *known == hash).unwrap();
    let slots = ballot.slots.iter().enumerate();
    slots.fold(0, |wins, (slot, held)| match held.outcome() {
        Outcome::Won(hash) => wins | 1 << (slot * 16 + number(hash)),
        Outcome::Open | Outcome::Failed => wins,
    })
}
