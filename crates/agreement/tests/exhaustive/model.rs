//! What the parties of the search can sign: acts, events with their causal pasts, and the set-up of a search.

use std::collections::BTreeSet;

use agreement::operation::{Accept, Ack, Counter, Decline, Lapse, Offer, Operation, Pass, Withdraw};
use agreement::{
    AgreementTag, AgreementTerms, BallotTerms as _, Closure, CommitmentTerms, Due, Subject, Tag, Terms,
    Withdrawal,
};
use oplog::{EntryId, ObjectId, PartyId, TermsHash};

/// The number of an event within a search. Event 0 is the founding offer.
pub(crate) type EventId = u32;

/// What one event does. Terms are numbers into [`Setup::terms`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) enum Act {
    Found,
    Offer {
        slot: u8,
        terms: u8,
    },
    Accept {
        slot: u8,
        terms: u8,
    },
    Decline {
        slot: u8,
    },
    Counter {
        slot: u8,
        terms: u8,
    },
    Lapse {
        slot: u8,
    },
    Pass {
        slot: u8,
    },
    Ack,
    /// Takes back key 1 of the chain's party behind the cut; it also introduces the key that signs it.
    Revoke {
        cut: Option<u8>,
    },
    /// The party leaves the agreement.
    Leave,
    /// Exists in the broken variant alone: the party takes its accept back.
    Withdraw {
        slot: u8,
    },
}

/// A signed entry.
pub(crate) struct Event {
    /// The signing key's chain; also an index into [`Setup::chains`].
    pub(crate) chain: u8,
    /// Its place there.
    pub(crate) seq: u8,
    pub(crate) act: Act,
    /// The entry before it in its chain.
    pub(crate) prev: Option<EventId>,
    /// All that it had seen, sorted, itself not included.
    pub(crate) past: Box<[EventId]>,
    /// What of that counted by what it had seen.
    pub(crate) seen: Box<[EventId]>,
    pub(crate) depth: u8,
    pub(crate) entry: EntryId,
}

/// Who cheats, or loses a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    None,
    /// The chain signs two different entries for one place, once.
    Fork {
        chain: u8,
    },
    /// The key of the chain `old` is taken back by the first entry of the chain `new`, of the same party.
    Revoked {
        old: u8,
        new: u8,
    },
    /// The broken rule: whoever accepted may withdraw that.
    Withdrawal,
}

/// One search.
pub(crate) struct Setup {
    pub(crate) name: &'static str,
    /// The party of each chain.
    pub(crate) chains: Vec<u8>,
    pub(crate) trouble: Trouble,
    /// What can be offered; 0 is the founding offer, by party 0.
    pub(crate) terms: Vec<Terms>,
    pub(crate) hashes: Vec<TermsHash>,
    /// What is signed first, each entry knowing all before it; every view holds it.
    pub(crate) opening: Vec<(u8, Act)>,
    /// Which acts of a chain are tried at all.
    pub(crate) tried: fn(u8, Act) -> bool,
    /// Slots 0 to this number less one are voted on.
    pub(crate) slots: u8,
    /// Whether `pass` is signed.
    pub(crate) passes: bool,
    /// The most events of each chain, the opening included; both branches of a fork together.
    pub(crate) per_chain: Vec<u8>,
    /// The most events of a run, the opening included.
    pub(crate) events: usize,
    /// Whether an author counts as having seen what was void by all that it knew.
    pub(crate) plain_past: bool,
    /// Whether each fold is also made with the record stored and read after each entry.
    pub(crate) round_trips: bool,
    /// Turns the order of ids round, which decides between events of one depth.
    pub(crate) mirrored: bool,
}

/// The party's id; its order is that of the numbers.
pub(crate) fn party(number: u8) -> PartyId {
    PartyId([number + 1; 32])
}

/// Terms by tag, creditors and due day; party 0 owes.
pub(crate) fn terms(tag: Tag, creditors: &[u8], day: i32) -> Terms {
    Terms::Commitment(CommitmentTerms {
        tag,
        debtor: party(0),
        creditors: creditors.iter().map(|number| party(*number)).collect(),
        closure: Closure::All,
        due: Due { day, zone: "UTC".to_owned() },
        condition: None,
        clause: None,
        reply_by: None,
    })
}

/// Terms of an agreement by tag, parties and the number of its one clause; who is bound may leave.
pub(crate) fn agreed(tag: AgreementTag, parties: &[u8], clause: u64) -> Terms {
    Terms::Agreement(AgreementTerms {
        tag,
        parties: parties.iter().map(|number| party(*number)).collect(),
        clauses: [clause].into(),
        withdrawal: Withdrawal::Notice(1),
        reply_by: None,
    })
}

fn mixed(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A made-up id: unique by event, in an order that has nothing to do with that of the events' numbers.
pub(crate) fn entry_of(event: EventId, mirrored: bool) -> EntryId {
    let mut bytes = [0; 32];
    let order = mixed(u64::from(event) + 1);
    bytes[..8].copy_from_slice(&(if mirrored { !order } else { order }).to_be_bytes());
    bytes[28..].copy_from_slice(&event.to_be_bytes());
    EntryId(bytes)
}

/// The event of a made-up id.
pub(crate) fn event_of(entry: EntryId) -> EventId {
    EventId::from_be_bytes([entry.0[28], entry.0[29], entry.0[30], entry.0[31]])
}

impl Setup {
    /// Honest parties, two slots, no opening; party 0 founds and owes.
    pub(crate) fn new(name: &'static str, chains: &[u8], terms: Vec<Terms>) -> Self {
        let hashes = terms.iter().map(|terms| terms.hash(None)).collect();
        Self {
            name,
            chains: chains.to_vec(),
            trouble: Trouble::None,
            terms,
            hashes,
            opening: Vec::new(),
            tried: |_, _| true,
            slots: 2,
            passes: false,
            per_chain: vec![5; chains.len()],
            events: 5,
            plain_past: false,
            round_trips: false,
            mirrored: false,
        }
    }

    /// The operation that an act is; `None` for what never reaches the commitment's record.
    pub(crate) fn operation(&self, act: Act) -> Option<Operation> {
        let object = ObjectId::from(entry_of(0, self.mirrored));
        let subject = self.subject();
        let offered = |terms: u8| self.terms[usize::from(terms)].clone();
        let hash = |terms: u8| self.hashes[usize::from(terms)];
        Some(match act {
            Act::Found => Offer { object: None, slot: 0, terms: offered(0) }.into(),
            Act::Offer { slot, terms } => {
                Offer { object: Some(object), slot: slot.into(), terms: offered(terms) }.into()
            }
            Act::Accept { slot, terms } => {
                Accept { subject, object, slot: slot.into(), terms: hash(terms) }.into()
            }
            Act::Decline { slot } => Decline { subject, object, slot: slot.into() }.into(),
            Act::Counter { slot, terms } => {
                Counter { object, slot: slot.into(), terms: offered(terms) }.into()
            }
            Act::Lapse { slot } => Lapse { subject, object, slot: slot.into() }.into(),
            Act::Pass { slot } => Pass { subject, object, slot: slot.into() }.into(),
            Act::Ack => Ack { digest: None, level: 0 }.into(),
            Act::Leave => Withdraw { object }.into(),
            Act::Revoke { .. } | Act::Withdraw { .. } => return None,
        })
    }

    /// What all terms of the search are for.
    fn subject(&self) -> Subject {
        match self.terms[0] {
            Terms::Commitment(_) => Subject::Commitment,
            Terms::Agreement(_) => Subject::Agreement,
            Terms::Space(_) | Terms::Minutes(_) => unreachable!("no search is over these"),
        }
    }

    /// The parties that terms name.
    pub(crate) fn parties(&self, terms: usize) -> BTreeSet<PartyId> {
        match &self.terms[terms] {
            Terms::Commitment(terms) => terms.named().copied().collect(),
            Terms::Agreement(terms) => terms.named().copied().collect(),
            Terms::Space(_) | Terms::Minutes(_) => unreachable!("no search is over these"),
        }
    }

    /// Every act on the ballot that could be signed at all.
    pub(crate) fn candidates(&self) -> Vec<(Act, Operation)> {
        let mut acts = Vec::new();
        if self.subject() == Subject::Agreement {
            acts.push(Act::Leave);
        }
        for slot in 0..self.slots {
            acts.extend([Act::Decline { slot }, Act::Lapse { slot }]);
            for terms in 0..u8::try_from(self.terms.len()).unwrap() {
                acts.push(Act::Accept { slot, terms });
                // The founding terms are offered once, and only they stand in slot 0.
                if terms > 0 && slot > 0 {
                    acts.push(Act::Offer { slot, terms });
                    acts.push(Act::Counter { slot: slot - 1, terms });
                }
            }
            if self.passes && slot > 1 {
                acts.push(Act::Pass { slot });
            }
        }
        acts.into_iter().map(|act| (act, self.operation(act).unwrap())).collect()
    }

    /// The slot and the terms for which an act is a vote.
    pub(crate) fn vote_for(act: Act) -> Option<(u8, u8)> {
        match act {
            Act::Found => Some((0, 0)),
            Act::Offer { slot, terms } | Act::Accept { slot, terms } => Some((slot, terms)),
            Act::Counter { slot, terms } => Some((slot + 1, terms)),
            Act::Decline { .. }
            | Act::Lapse { .. }
            | Act::Pass { .. }
            | Act::Ack
            | Act::Leave
            | Act::Revoke { .. }
            | Act::Withdraw { .. } => None,
        }
    }

    /// Whether a chain's party may cheat, or has lost a key.
    pub(crate) fn is_honest(&self, chain: u8) -> bool {
        match self.trouble {
            Trouble::None | Trouble::Withdrawal => true,
            Trouble::Fork { chain: forked } => chain != forked,
            Trouble::Revoked { old, .. } => self.chains[usize::from(chain)] != self.chains[usize::from(old)],
        }
    }
}
