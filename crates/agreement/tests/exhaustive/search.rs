//! The search: every causally closed set of events that the parties can sign, smallest first.
//!
//! What a party knows is a closed set, and every closed subset of a reachable set is reachable. So a state is a set of
//! events: it stands for every view that holds just these, and for the union of every distribution of them.

use std::collections::HashMap;

use agreement::{Ballot, BallotTerms, By, Operation, Record, Standing, decide};
use oplog::{EntryId, KeyId};

use crate::fold::{Mask, View, mask_in, on_ballot, wins};
use crate::model::{Act, Event, EventId, Setup, Trouble, entry_of, event_of, party};

type StateId = u32;

/// What is kept of a state.
struct State {
    events: Box<[EventId]>,
    /// What has come into force, by `slot * 16 + terms`.
    wins: u64,
    /// What has come into force in any closed subset.
    ever: u64,
    /// What has come into force in what an honest party had seen when it signed, its own entry included.
    settled: u64,
    /// What counts of the events.
    counted: Box<[EventId]>,
    /// What may be signed by whoever knows just this.
    allowed: Vec<(u8, Act)>,
}

/// What led to a state.
struct History {
    ever: u64,
    settled: u64,
    /// What was in force with one event less and is no more.
    lost: u64,
    /// Whether that event was in each case the one by which a fork or a revocation became known.
    evidence: bool,
}

/// A promise that a state breaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Broken {
    /// Two terms of one slot have all votes they need.
    Rivals,
    /// Terms are in force without a vote of everyone named.
    WithoutVote,
    /// Terms that were in force are no more, and nothing excuses it.
    Undone,
    /// Rival terms of one slot have been in force in two views.
    RivalViews,
    /// What an honest party was allowed to sign, by all it knew, is refused by one who knows more.
    Refused,
    /// Storing the record after each entry and reading it again makes a difference.
    Diverged,
}

/// What a search has done.
pub(crate) struct Report {
    pub(crate) states: usize,
    /// States in which a win on which no honest party had signed is undone by a fork or a revocation.
    pub(crate) unrelied: usize,
    /// States in which a win is overtaken: an earlier slot turned out to be won for a party without a vote in it.
    pub(crate) overtaken: usize,
    /// States in which something is in force.
    pub(crate) in_force: usize,
    /// The first state that breaks each promise, by its events.
    pub(crate) broken: Vec<(Broken, Vec<EventId>)>,
}

/// A running search.
pub(crate) struct Search<'a> {
    setup: &'a Setup,
    candidates: Vec<(Act, Operation)>,
    pub(crate) all: Vec<Event>,
    by_content: HashMap<(u8, Act, StateId), EventId>,
    states: Vec<State>,
    by_events: HashMap<Box<[EventId]>, StateId>,
    unrelied: usize,
    overtaken: usize,
    broken: Vec<(Broken, Vec<EventId>)>,
}

/// The entry that is not written yet.
const NEXT: EntryId = EntryId([0xff; 32]);

impl<'a> Search<'a> {
    pub(crate) fn new(setup: &'a Setup) -> Self {
        let mut search = Self {
            setup,
            candidates: setup.candidates(),
            all: Vec::new(),
            by_content: HashMap::new(),
            states: Vec::new(),
            by_events: HashMap::new(),
            unrelied: 0,
            overtaken: 0,
            broken: Vec::new(),
        };
        search.all.push(Event {
            chain: 0,
            seq: 0,
            act: Act::Found,
            prev: None,
            past: [].into(),
            seen: [].into(),
            depth: 1,
            entry: entry_of(0, setup.mirrored),
        });
        search.visit([0].into());
        for (at, (chain, act)) in setup.opening.iter().enumerate() {
            let base = u32::try_from(at).unwrap();
            let event = search.sign(*chain, *act, base);
            let events: Vec<_> = (0..=event).collect();
            search.visit(events.into());
        }
        search
    }

    /// Runs to the bound, or until the promise `until` is broken.
    pub(crate) fn run(mut self, until: Option<Broken>) -> (Report, Vec<Event>) {
        let opened = self.setup.opening.len();
        let mut level = opened..opened + 1;
        for _ in opened + 1..self.setup.events {
            for state in level.clone() {
                self.expand(u32::try_from(state).unwrap());
                if until.is_some_and(|wanted| self.broken.iter().any(|(kind, _)| *kind == wanted)) {
                    return self.report();
                }
            }
            level = level.end..self.states.len();
        }
        self.report()
    }

    fn report(self) -> (Report, Vec<Event>) {
        let report = Report {
            states: self.states.len(),
            unrelied: self.unrelied,
            overtaken: self.overtaken,
            in_force: self.states.iter().filter(|state| state.wins != 0).count(),
            broken: self.broken,
        };
        (report, self.all)
    }

    fn state_of(&self, events: &[EventId]) -> StateId {
        self.by_events[events]
    }

    /// Every state with one event more.
    fn expand(&mut self, state: StateId) {
        let events = self.states[state as usize].events.clone();
        let chains: Vec<_> = events.iter().map(|id| self.all[*id as usize].chain).collect();
        for mask in self.closed_subsets(&events) {
            let ids: Vec<_> = members(mask).map(|at| events[at]).collect();
            let base = self.state_of(&ids);
            for index in 0..self.states[base as usize].allowed.len() {
                let (chain, act) = self.states[base as usize].allowed[index];
                let unseen: Vec<_> =
                    (0..events.len()).filter(|at| mask >> at & 1 == 0 && chains[*at] == chain).collect();
                let length = chains.iter().filter(|other| **other == chain).count();
                if length < self.most_of(chain) && (unseen.is_empty() || self.may_fork(chain, &events, &ids))
                {
                    let event = self.sign(chain, act, base);
                    let mut next = events.to_vec();
                    if let Err(at) = next.binary_search(&event) {
                        next.insert(at, event);
                        self.visit(next.into());
                    }
                }
            }
        }
    }

    /// Every causally closed subset that holds the opening: what a party may know.
    fn closed_subsets(&self, events: &[EventId]) -> Vec<Mask> {
        let past = |at: usize| mask_in(events, &self.all[events[at] as usize].past);
        let mut order: Vec<_> =
            (0..events.len()).map(|at| (self.all[events[at] as usize].depth, at)).collect();
        order.sort_unstable();
        let mut known: Vec<Mask> = vec![0];
        for (_, at) in order {
            let past = past(at);
            for index in 0..known.len() {
                if past & !known[index] == 0 {
                    known.push(known[index] | 1 << at);
                }
            }
        }
        let opening = (1 << (self.setup.opening.len() + 1)) - 1;
        known.retain(|mask| mask & opening == opening);
        known
    }

    fn most_of(&self, chain: u8) -> usize {
        usize::from(self.setup.per_chain[usize::from(chain)])
    }

    /// Whether the chain may sign a twin: for the first and only time, or going on in one of two branches.
    fn may_fork(&self, chain: u8, events: &[EventId], known: &[EventId]) -> bool {
        if self.setup.trouble != (Trouble::Fork { chain }) {
            return false;
        }
        let own = |ids: &[EventId]| -> Vec<EventId> {
            ids.iter().copied().filter(|id| self.all[*id as usize].chain == chain).collect()
        };
        let tip = own(known).into_iter().max_by_key(|id| self.all[*id as usize].seq);
        let children = |of: Option<EventId>| {
            own(events).into_iter().filter(|id| self.all[*id as usize].prev == of).count()
        };
        let forks = own(events).into_iter().map(Some).chain([None]).filter(|id| children(*id) > 1).count();
        children(tip) == 0 || (children(tip) == 1 && forks == 0)
    }

    /// The event of an act by one who knows the state `base`.
    fn sign(&mut self, chain: u8, act: Act, base: StateId) -> EventId {
        let next = u32::try_from(self.all.len()).unwrap();
        let id = *self.by_content.entry((chain, act, base)).or_insert(next);
        if id < next {
            return id;
        }
        let known = &self.states[base as usize];
        let own = known.events.iter().copied().filter(|id| self.all[*id as usize].chain == chain);
        let prev = own.max_by_key(|id| self.all[*id as usize].seq);
        let depth = 1 + known.events.iter().map(|id| self.all[*id as usize].depth).max().unwrap();
        let event = Event {
            chain,
            seq: prev.map_or(0, |prev| self.all[prev as usize].seq + 1),
            act,
            prev,
            past: known.events.clone(),
            seen: if self.setup.plain_past { known.events.clone() } else { known.counted.clone() },
            depth,
            entry: entry_of(id, self.setup.mirrored),
        };
        self.all.push(event);
        id
    }

    /// Folds a set of events, if it is a new one, and checks all promises.
    fn visit(&mut self, events: Box<[EventId]>) {
        if self.by_events.contains_key(&events) {
            return;
        }
        let view = View::new(self.setup, &self.all, &events);
        let folded = view.fold();
        let wins = wins(self.setup, folded.record.as_ref());
        let history = self.history(&view, wins);
        let honest = members(folded.refused).filter(|at| self.setup.is_honest(view.event(*at).chain));
        let mut broken = checks(&view, folded.record.as_ref(), wins);
        if honest.count() > 0 && self.setup.trouble != Trouble::Withdrawal {
            broken.push(Broken::Refused);
        }
        if self.setup.round_trips && view.fold_stored() != folded.record {
            broken.push(Broken::Diverged);
        }
        let overtaken =
            if self.is_troubled() { passed_over(self.setup, folded.record.as_ref(), wins) } else { 0 };
        let excusable = if history.evidence { history.lost & !history.settled } else { 0 };
        let lost = (history.settled | history.lost) & !wins;
        if lost & !overtaken & !excusable != 0 {
            broken.push(Broken::Undone);
        }
        let stood = if self.is_troubled() { (history.settled & !overtaken) | wins } else { history.ever };
        if (0..4).any(|slot| (stood >> (slot * 16) & 0xffff).count_ones() > 1) {
            broken.push(Broken::RivalViews);
        }
        self.unrelied += usize::from(lost & excusable != 0);
        self.overtaken += usize::from(lost & overtaken & !excusable != 0);
        let counted: Vec<_> = members(view.counted()).map(|at| events[at]).collect();
        let allowed = if events.len() < self.setup.events {
            self.allowed(&view, folded.record.as_ref())
        } else {
            Vec::new()
        };
        for kind in broken {
            if !self.broken.iter().any(|(known, _)| *known == kind) {
                self.broken.push((kind, events.to_vec()));
            }
        }
        let number = u32::try_from(self.states.len()).unwrap();
        self.by_events.insert(events.clone(), number);
        let History { ever, settled, .. } = history;
        self.states.push(State { events, wins, ever, settled, counted: counted.into(), allowed });
    }

    /// What the sets with one event less say.
    fn history(&self, view: &View<'_>, wins: u64) -> History {
        let mut history = History { ever: wins, settled: 0, lost: 0, evidence: true };
        let inner = view.pasts.iter().fold(0, |inner, past| inner | past);
        for last in members(view.everything() & !inner).filter(|_| view.ids.len() > 1) {
            let rest: Vec<_> = view.ids.iter().copied().filter(|id| *id != view.ids[last]).collect();
            let rest = &self.states[self.state_of(&rest) as usize];
            history.ever |= rest.ever;
            history.settled |= rest.settled;
            history.lost |= rest.wins & !wins;
            history.evidence &= rest.wins & !wins == 0 || is_evidence(view, last);
        }
        let tip = (0..view.ids.len()).find(|at| view.pasts[*at] | 1 << at == view.everything());
        if tip.is_some_and(|at| self.setup.is_honest(view.event(at).chain)) {
            history.settled |= wins;
        }
        history
    }

    fn is_troubled(&self) -> bool {
        !matches!(self.setup.trouble, Trouble::None | Trouble::Withdrawal)
    }

    /// What each chain may sign when it knows just this.
    fn allowed(&self, view: &View<'_>, record: Option<&Record>) -> Vec<(u8, Act)> {
        let mut allowed = Vec::new();
        for chain in (0..self.setup.chains.len()).map(|chain| u8::try_from(chain).unwrap()) {
            let own = members(view.everything()).filter(|at| view.event(*at).chain == chain);
            let tip = own.clone().max_by_key(|at| view.event(*at).seq);
            if own.count() >= self.most_of(chain) || !may_speak(view, chain, tip) {
                continue;
            }
            if tip.is_none() && matches!(self.setup.trouble, Trouble::Revoked { new, .. } if new == chain) {
                allowed.extend(revocations(view).map(|act| (chain, act)));
                continue;
            }
            let before = tip.map_or(0, |tip| view.before(tip));
            allowed.extend(self.acts(view, record, chain, before).into_iter().map(|act| (chain, act)));
        }
        allowed
    }

    fn acts(&self, view: &View<'_>, record: Option<&Record>, chain: u8, before: Mask) -> Vec<Act> {
        let counted = view.counted();
        let sees = |entry: EntryId| {
            entry == NEXT || view.ids.binary_search(&event_of(entry)).is_ok_and(|at| counted >> at & 1 == 1)
        };
        let number = self.setup.chains[usize::from(chain)];
        let by = By {
            entry: NEXT,
            party: party(number),
            key: KeyId([chain; 32]),
            standing: Standing::Full,
            content: None,
            sees: &sees,
        };
        let newly = view.everything() & !before;
        let lapsed = members(newly).any(|at| matches!(view.event(at).act, Act::Lapse { .. }));
        let mut sighted = record.filter(|_| lapsed).cloned();
        let saw_lapse = view.sights(&mut sighted, newly, &by) > 0;
        let mut acts = Vec::new();
        let mut news = members(newly).map(|at| view.event(at));
        if saw_lapse || (self.setup.is_honest(chain) && news.any(|event| !self.setup.is_honest(event.chain)))
        {
            acts.push(Act::Ack);
        }
        let record = sighted.as_ref().or(record);
        let possible = self
            .candidates
            .iter()
            .filter(|(act, _)| (self.setup.tried)(chain, *act) && is_on_the_table(self.setup, record, *act));
        let allowed = possible.filter(|(_, operation)| decide(record, operation, &by).is_ok());
        acts.extend(allowed.map(|(act, _)| *act));
        if self.setup.trouble == Trouble::Withdrawal {
            acts.extend(self.withdrawals(view, record, chain));
        }
        acts
    }

    /// A party withdraws an accept while nothing has come of it, as far as it knows.
    fn withdrawals(&self, view: &View<'_>, record: Option<&Record>, chain: u8) -> Vec<Act> {
        let wins = wins(self.setup, record);
        let own = |at: &usize| view.event(*at).chain == chain;
        let accepted = members(view.everything()).filter(own).filter_map(|at| {
            if let Act::Accept { slot, .. } = view.event(at).act { Some(slot) } else { None }
        });
        let open = accepted.filter(|slot| wins >> (slot * 16) & 0xffff == 0);
        let mut slots: Vec<_> = open.collect();
        slots.retain(|slot| {
            !members(view.everything())
                .filter(own)
                .any(|at| view.event(at).act == Act::Withdraw { slot: *slot })
        });
        slots.into_iter().map(|slot| Act::Withdraw { slot }).collect()
    }
}

/// Whether an act names a slot and terms that are there: what is not is refused anyway, and asking takes time.
fn is_on_the_table(setup: &Setup, record: Option<&Record>, act: Act) -> bool {
    on_ballot!(record, false, ballot => names_what_is_there(setup, ballot, act))
}

fn names_what_is_there<T: BallotTerms>(setup: &Setup, ballot: &Ballot<T>, act: Act) -> bool {
    let slot = |slot: u8| ballot.slots.get(usize::from(slot));
    match act {
        Act::Offer { slot, .. } => usize::from(slot) <= ballot.slots.len(),
        Act::Accept { slot: number, terms } => {
            slot(number).is_some_and(|held| held.offered(setup.hashes[usize::from(terms)]).is_some())
        }
        Act::Decline { slot: number } | Act::Lapse { slot: number } | Act::Counter { slot: number, .. } => {
            slot(number).is_some()
        }
        Act::Found | Act::Pass { .. } | Act::Ack | Act::Leave | Act::Revoke { .. } | Act::Withdraw { .. } => {
            true
        }
    }
}

/// The positions in a mask.
pub(crate) fn members(mask: Mask) -> impl Iterator<Item = usize> + Clone {
    (0..(Mask::BITS - mask.leading_zeros()) as usize).filter(move |at| mask >> at & 1 == 1)
}

/// The terms that cannot be in force because an earlier slot is won by terms naming a party without a vote for them.
fn passed_over(setup: &Setup, record: Option<&Record>, wins: u64) -> u64 {
    on_ballot!(record, 0, ballot => passed_over_in(setup, ballot, wins))
}

fn passed_over_in<T: BallotTerms>(setup: &Setup, ballot: &Ballot<T>, wins: u64) -> u64 {
    let mut over = 0;
    for (slot, held) in ballot.slots.iter().enumerate() {
        let before = members_of(wins & ((1 << (slot * 16)) - 1));
        let named: Vec<_> = before.flat_map(|win| setup.parties(win % 16)).collect();
        for (terms, hash) in setup.hashes.iter().enumerate() {
            let voted = |party| held.voted(party).contains(&agreement::ballot::Vote::For(*hash));
            over |= u64::from(!named.iter().all(|party| voted(*party))) << (slot * 16 + terms);
        }
    }
    over
}

fn members_of(set: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |at| set >> at & 1 == 1)
}

/// Whether the last event is the one by which a fork or a revocation becomes known.
fn is_evidence(view: &View<'_>, last: usize) -> bool {
    match view.setup.trouble {
        Trouble::None | Trouble::Withdrawal => false,
        Trouble::Fork { chain } => {
            view.forked_at(chain, view.everything()).is_some()
                && view.forked_at(chain, view.everything() & !(1 << last)).is_none()
        }
        Trouble::Revoked { .. } => matches!(view.event(last).act, Act::Revoke { .. }),
    }
}

/// Whether a key still speaks, or speaks already, for one who knows just this.
fn may_speak(view: &View<'_>, chain: u8, tip: Option<usize>) -> bool {
    let all = view.everything();
    match view.setup.trouble {
        Trouble::Fork { chain: forked } if forked == chain => view.forked_at(chain, all).is_none(),
        Trouble::Revoked { old, new } => {
            let revoked = members(all).find(|at| matches!(view.event(*at).act, Act::Revoke { .. }));
            let noticed = |at: usize| {
                let knows = |other: usize| view.pasts[other] >> at & 1 == 1;
                members(all).any(|other| knows(other) && view.setup.is_honest(view.event(other).chain))
            };
            (chain != old || revoked.is_none())
                && (chain != new || tip.is_none() || revoked.is_some_and(noticed))
        }
        Trouble::None | Trouble::Withdrawal | Trouble::Fork { .. } => true,
    }
}

fn revocations(view: &View<'_>) -> impl Iterator<Item = Act> {
    let Trouble::Revoked { old, .. } = view.setup.trouble else { unreachable!("only then is it asked") };
    let known = members(view.everything()).filter(move |at| view.event(*at).chain == old);
    let cuts: Vec<_> = known.map(|at| Some(view.event(at).seq)).chain([None]).collect();
    cuts.into_iter().map(|cut| Act::Revoke { cut })
}

/// What one fold alone shows: no rivals, and everyone's vote.
fn checks(view: &View<'_>, record: Option<&Record>, wins: u64) -> Vec<Broken> {
    on_ballot!(record, Vec::new(), ballot => checks_of(view, ballot, wins))
}

fn checks_of<T: BallotTerms>(view: &View<'_>, ballot: &Ballot<T>, wins: u64) -> Vec<Broken> {
    let mut broken = Vec::new();
    for (slot, held) in ballot.slots.iter().enumerate() {
        let complete = |terms: usize| {
            let terms_hash = view.setup.hashes[terms];
            let voted = |party: &_| held.voted(*party);
            let vote = agreement::ballot::Vote::For(terms_hash);
            held.offers.iter().any(|offered| {
                offered.hash == terms_hash
                    && held.roster(&offered.terms).iter().all(|party| voted(party).contains(&vote))
                    && held.base.iter().any(|party| voted(party).len() == 1)
            })
        };
        if (0..view.setup.hashes.len()).filter(|terms| complete(*terms)).count() > 1 {
            broken.push(Broken::Rivals);
        }
        for terms in members(Mask::try_from(wins >> (slot * 16) & 0xffff).unwrap()) {
            let named = view.setup.parties(terms);
            let signed = |party| {
                members(view.everything()).any(|at| {
                    let event = view.event(at);
                    crate::model::party(view.setup.chains[usize::from(event.chain)]) == party
                        && Setup::vote_for(event.act)
                            .is_some_and(|vote| (usize::from(vote.0), usize::from(vote.1)) == (slot, terms))
                })
            };
            if !held.base.iter().chain(&named).all(|party| signed(*party)) {
                broken.push(Broken::WithoutVote);
            }
        }
    }
    broken
}
