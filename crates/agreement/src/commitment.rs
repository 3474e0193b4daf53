//! A commitment: C(debtor, creditor, condition, deliverable), from the first offer to its end.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use oplog::{BadBytes, EntryId, PartyId, Reader, TermsHash, Wire, Writer, wire_code, wire_struct};

use crate::ballot::{Ballot, Balloted, Offered, Slot};
use crate::standing::By;
use crate::terms::{Closure, CommitmentTerms, Condition, Tag};

/// The most reports on one commitment.
pub const REPORTS_MAX: usize = 256;

/// A creditor's answer to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is done.
    Confirmed,
    /// It is not.
    Disputed,
}

wire_code!(Answer { Confirmed = 1, Disputed = 2 });

/// An answer and the entry that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The confirm or dispute.
    pub entry: EntryId,
    /// What it says.
    pub answer: Answer,
}

wire_struct!(Answered { entry, answer });

/// A creditor's letting go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Released {
    /// The release.
    pub entry: EntryId,
    /// The number of the slot whose terms its author saw in force.
    pub slot: u64,
}

wire_struct!(Released { entry, slot });

/// The debtor's claim that the deliverable is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The report.
    pub entry: EntryId,
    /// Who reported.
    pub by: PartyId,
    /// The terms it reports on.
    pub terms: TermsHash,
    /// Answers by creditor.
    pub answers: BTreeMap<PartyId, Answered>,
}

wire_struct!(Report { entry, by, terms, answers });

impl Report {
    /// What `party` answered.
    #[must_use]
    pub fn answer(&self, party: PartyId) -> Option<Answer> {
        self.answers.get(&party).map(|answered| answered.answer)
    }
}

/// The state of one commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// How its terms come into force. There is at least one slot.
    pub ballot: Ballot<CommitmentTerms>,
    /// Numbers of conditions that the debtor signed as holding, with the entries that say so.
    pub satisfied: BTreeMap<u64, BTreeSet<EntryId>>,
    /// The debtor's reports, in fold order.
    pub reports: Vec<Report>,
    /// Creditors that let go.
    pub released: BTreeMap<PartyId, Released>,
    /// The debtor's cancel; more than one when two keys of it signed without knowledge of each other.
    pub cancelled: BTreeSet<EntryId>,
    /// Entries whose content was erased.
    pub erased: BTreeSet<EntryId>,
}

impl Wire for Commitment {
    fn write(&self, to: &mut Writer) {
        self.ballot.write_fields(to.array(7));
        to.put(&self.satisfied).put(&self.reports).put(&self.released).put(&self.cancelled).put(&self.erased);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(7)?;
        Ok(Self {
            ballot: Ballot::read_fields(from)?,
            satisfied: from.get()?,
            reports: from.get()?,
            released: from.get()?,
            cancelled: from.get()?,
            erased: from.get()?,
        })
    }
}

impl Balloted for Commitment {
    type Terms = CommitmentTerms;

    fn ballot(&self) -> &Ballot<CommitmentTerms> {
        &self.ballot
    }

    fn ballot_mut(&mut self) -> &mut Ballot<CommitmentTerms> {
        &mut self.ballot
    }

    fn seen_by(&self, by: &By<'_>) -> Cow<'_, Self> {
        if self.entries().all(|entry| (by.sees)(entry)) {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(self.cut_to(by.sees))
        }
    }

    fn is_closed(&self) -> bool {
        Self::is_closed(self)
    }
}

/// Where a commitment stands. Overdue and violated are not here: they depend on the civil day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// On the table.
    Offered,
    /// The last offer failed, and nothing is in force.
    NotAgreed,
    /// In force, its condition does not hold yet.
    Conditional,
    /// In force and binding.
    Detached,
    /// Reported as done.
    Reported,
    /// A report was disputed: it binds on.
    Disputed,
    /// Confirmed, by the closure in the terms.
    Confirmed,
    /// All creditors let go.
    Released,
    /// Ended by the debtor alone.
    Cancelled,
    /// Ended by consent.
    Ended,
}

impl Phase {
    /// Every phase, with the name it has on pages, in the CLI and in the database.
    pub const ALL: [(Self, &'static str); 10] = [
        (Self::Offered, "offered"),
        (Self::NotAgreed, "not-agreed"),
        (Self::Conditional, "conditional"),
        (Self::Detached, "detached"),
        (Self::Reported, "reported"),
        (Self::Disputed, "disputed"),
        (Self::Confirmed, "confirmed"),
        (Self::Released, "released"),
        (Self::Cancelled, "cancelled"),
        (Self::Ended, "ended"),
    ];

    /// Whether no more can come of it.
    #[must_use]
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Confirmed | Self::Released | Self::Cancelled | Self::Ended)
    }

    /// Whether nothing is owed and nothing is on the table. Where it is not closed, a new offer can change that.
    #[must_use]
    pub fn is_over(self) -> bool {
        self == Self::NotAgreed || self.is_closed()
    }

    /// The phase's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(phase, _)| *phase == self).map_or("", |(_, name)| name)
    }
}

impl Commitment {
    /// A commitment with this ballot and nothing done about it.
    #[must_use]
    pub fn of(ballot: Ballot<CommitmentTerms>) -> Self {
        Self {
            ballot,
            satisfied: BTreeMap::new(),
            reports: Vec::new(),
            released: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            erased: BTreeSet::new(),
        }
    }

    /// The last terms that came into force.
    #[must_use]
    pub fn in_force(&self) -> Option<&Offered<CommitmentTerms>> {
        self.ballot.in_force()
    }

    /// All terms that ever came into force, oldest first: the history of due dates is in them.
    pub fn won(&self) -> impl Iterator<Item = &Offered<CommitmentTerms>> {
        self.ballot.won_slots().map(|(_, offered)| offered)
    }

    /// The terms a reader wants to see: those in force, or else the newest on the table.
    #[must_use]
    pub fn shown(&self) -> Option<&Offered<CommitmentTerms>> {
        self.ballot.shown()
    }

    /// The slot in which something can still win.
    #[must_use]
    pub fn open_slot(&self) -> Option<(u64, &Slot<CommitmentTerms>)> {
        self.ballot.open_slot()
    }

    /// The creditors of `terms` that have not released, the lead first.
    #[must_use]
    pub fn creditors_left(&self, terms: &CommitmentTerms) -> Vec<PartyId> {
        terms.creditors.iter().copied().filter(|party| !self.released.contains_key(party)).collect()
    }

    /// Whether `report` closes the commitment under the terms it was made for, which came into force in `slot`. A
    /// release signed under later terms does not lower what an old report needs.
    fn closes(&self, report: &Report, slot: u64, terms: &CommitmentTerms) -> bool {
        let released =
            |party: &PartyId| self.released.get(party).is_some_and(|released| released.slot <= slot);
        let creditors: Vec<_> = terms.creditors.iter().filter(|party| !released(party)).collect();
        let confirmed = |party: &&PartyId| report.answer(**party) == Some(Answer::Confirmed);
        match terms.closure {
            Closure::All => !creditors.is_empty() && creditors.iter().all(confirmed),
            Closure::Any => creditors.iter().any(confirmed),
            Closure::Lead => creditors.first().is_some_and(confirmed),
        }
    }

    /// The report by which the commitment was confirmed: under the terms in force, or under older ones when the
    /// creditors had not seen that those were replaced.
    #[must_use]
    pub fn confirmed_by(&self) -> Option<&Report> {
        let closes = |report: &&Report| {
            let made_for = self.ballot.won_slots().rfind(|(_, offered)| offered.hash == report.terms);
            made_for.is_some_and(|(slot, offered)| self.closes(report, slot, &offered.terms))
        };
        self.reports.iter().find(closes)
    }

    /// The entries that the rules look at through [`Balloted::seen_by`].
    fn entries(&self) -> impl Iterator<Item = EntryId> {
        let reports = self.reports.iter().flat_map(|report| {
            let answers = report.answers.values().map(|answered| answered.entry);
            [report.entry].into_iter().chain(answers)
        });
        let ends = self.satisfied.values().flatten().chain(&self.cancelled).copied();
        let released = self.released.values().map(|released| released.entry);
        self.ballot.entries().chain(reports).chain(ends).chain(released)
    }

    fn cut_to(&self, sees: &dyn Fn(EntryId) -> bool) -> Self {
        let mut seen = self.clone();
        seen.reports.retain(|report| sees(report.entry));
        for report in &mut seen.reports {
            report.answers.retain(|_, answered| sees(answered.entry));
        }
        seen.satisfied.values_mut().for_each(|entries| entries.retain(|entry| sees(*entry)));
        seen.satisfied.retain(|_, entries| !entries.is_empty());
        seen.released.retain(|_, released| sees(released.entry));
        seen.cancelled.retain(|entry| sees(*entry));
        seen.ballot.cut_to(sees);
        seen
    }

    /// Whether the condition of `terms` is one that the debtor signs and has not signed.
    #[must_use]
    pub fn is_conditional(&self, terms: &CommitmentTerms) -> bool {
        matches!(terms.condition, Some(Condition::Text(number)) if !self.satisfied.contains_key(&number))
    }

    /// The newest report under the terms in force.
    #[must_use]
    pub fn last_report(&self) -> Option<&Report> {
        let hash = self.in_force()?.hash;
        self.reports.iter().rev().find(|report| report.terms == hash)
    }

    /// Where it stands. When several ends were signed without knowledge of each other, the one kinder to the debtor
    /// stands: confirmed, then ended by consent, then released, then cancelled.
    #[must_use]
    pub fn phase(&self) -> Phase {
        let Some(in_force) = self.in_force() else {
            let open = self.open_slot().is_some() && self.cancelled.is_empty();
            return if open { Phase::Offered } else { Phase::NotAgreed };
        };
        let terms = &in_force.terms;
        if self.confirmed_by().is_some() {
            Phase::Confirmed
        } else if terms.tag == Tag::MutualEnd {
            Phase::Ended
        } else if self.creditors_left(terms).is_empty() {
            Phase::Released
        } else if !self.cancelled.is_empty() {
            Phase::Cancelled
        } else if self.is_conditional(terms) {
            Phase::Conditional
        } else {
            match self.last_report() {
                None => Phase::Detached,
                Some(report)
                    if report.answers.values().any(|answered| answered.answer == Answer::Disputed) =>
                {
                    Phase::Disputed
                }
                Some(_) => Phase::Reported,
            }
        }
    }

    /// Whether no more can come of it.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.phase().is_closed()
    }

    /// The parties whose next act the commitment waits for: votes, the debtor's delivery, or answers to a report.
    #[must_use]
    pub fn waits_on(&self) -> BTreeSet<PartyId> {
        let phase = self.phase();
        if phase.is_closed() {
            return BTreeSet::new();
        }
        let votes = self.open_slot().map(|(_, slot)| slot.awaited()).unwrap_or_default();
        if !votes.is_empty() {
            return votes;
        }
        match (phase, self.in_force()) {
            (Phase::Conditional | Phase::Detached | Phase::Disputed, Some(offered)) => {
                [offered.terms.debtor].into()
            }
            (Phase::Reported, Some(offered)) => {
                let answered = self.last_report().map(|report| report.answers.clone()).unwrap_or_default();
                let mut left = self.creditors_left(&offered.terms);
                if offered.terms.closure == Closure::Lead {
                    left.truncate(1);
                }
                left.into_iter().filter(|party| !answered.contains_key(party)).collect()
            }
            _ => BTreeSet::new(),
        }
    }
}
