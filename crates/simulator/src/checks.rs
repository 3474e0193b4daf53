//! What must hold at the end of every schedule.

use std::collections::{BTreeMap, BTreeSet};

use agreement::ballot::{Outcome, Slot, Vote};
use agreement::{Ballot, BallotTerms, Commitment, Record, Space};
use node::{Clock, Entropy, Keys, Mark, Node, Store};
use oplog::sync::{self, BUNDLE_MAGIC, Entries, Frame, Item};
use oplog::{Digest, EntryId, PartyId, Unverified};

use crate::fault::{Fault, Step, must};
use crate::world::World;

impl World {
    /// Checks everything.
    pub(crate) fn check(&mut self) -> Step {
        let digest = self.check_agreement()?;
        self.check_loss()?;
        self.check_forks()?;
        self.check_records()?;
        self.check_any_order(digest)?;
        self.check_rebuild(digest)
    }

    /// The same entries give the same digest, reasons and lists everywhere.
    fn check_agreement(&mut self) -> Step<Digest> {
        let space = self.space;
        let (heads, digest, log) = (self.heads(0)?, self.node(0)?.digest(space)?, self.log(0)?);
        let lines = self.lines(0)?;
        self.tally.add_many("entry", log.len() as u64);
        self.tally.add_many("entry refused", log.values().filter(|refusal| refusal.is_some()).count() as u64);
        for at in 1..self.stations.len() {
            let held = self.heads(at)?;
            must(held == heads, || {
                format!("{at} and 0 hold different entries at the end: {held:?}, {heads:?}")
            })?;
            let other = self.log(at)?;
            let differ = log.iter().find(|(id, why)| other.get(id) != Some(why));
            must(differ.is_none(), || {
                let other = differ.map(|(id, _)| other.get(id));
                format!("0 and {at} judge an entry differently: {differ:?}, {other:?}")
            })?;
            if self.node(at)?.digest(space)? != digest {
                return Err(Fault(self.difference(0, at)?));
            }
            must(self.lines(at)? == lines, || format!("the lists of 0 and {at} differ"))?;
        }
        Ok(digest)
    }

    /// Two records that differ though their entries do not, in words.
    fn difference(&mut self, one: usize, two: usize) -> Step<String> {
        let space = self.space;
        let mut objects = self.commitments(one)?;
        objects.push(space.into());
        for object in objects {
            let records =
                (self.node(one)?.record(space, object).ok(), self.node(two)?.record(space, object).ok());
            if records.0 != records.1 {
                return Ok(format!("{one} and {two} hold the same and differ: {records:#?}"));
            }
        }
        Ok(format!("{one} and {two} hold the same and differ in a note or a transcript"))
    }

    fn lines(&mut self, at: usize) -> Step<BTreeSet<(oplog::ObjectId, PartyId, agreement::Phase, i32)>> {
        let space = self.space;
        let lines = self.node(at)?.commitments(space, 0, 1_000)?;
        Ok(lines.into_iter().map(|line| (line.id, line.debtor, line.phase, line.due)).collect())
    }

    /// What people were told is done is in every log, but for what went with a database that nobody had heard from.
    fn check_loss(&mut self) -> Step {
        let (kept, doubtful) = self.promised();
        for at in 0..self.stations.len() {
            let log = self.log(at)?;
            let lost = kept.iter().find(|entry| !log.contains_key(entry));
            must(lost.is_none(), || format!("an acknowledged entry is not at {at}: {lost:?}"))?;
            if at == 0 {
                let gone = doubtful.iter().filter(|entry| !log.contains_key(entry)).count();
                self.tally.add_many("act that went with lost media", gone as u64);
            }
        }
        Ok(())
    }

    fn space_record(&mut self, at: usize) -> Step<Space> {
        let space = self.space;
        match self.node(at)?.record(space, space.into())? {
            Record::Space(record) => Ok(record),
            Record::Commitment(_)
            | Record::Transcript(_)
            | Record::Note(_)
            | Record::Agreement(_)
            | Record::Meeting(_) => Err(Fault("a space without its record".to_owned())),
        }
    }

    /// No key of an honest party has signed two entries for one place.
    fn check_forks(&mut self) -> Step {
        let space = self.space;
        let honest: BTreeSet<_> = self.stations.iter().map(|station| station.party).collect();
        let record = self.space_record(0)?;
        for at in 0..self.stations.len() {
            let proofs = self.node(at)?.fork_proofs(space)?;
            for proof in &proofs {
                proof.check()?;
                let seat = record.keys.get(&proof.key.id()).map(|key| key.seat);
                must(seat.is_none_or(|seat| !honest.contains(&seat)), || {
                    format!("an honest key of {seat:?} forked")
                })?;
            }
            if at == 0 {
                self.tally.add_many("fork proof at the end", proofs.len() as u64);
            }
        }
        Ok(())
    }

    /// Who signed what, by the bytes alone: entry to the party whose key, as the space knows it, signed.
    fn signers(&mut self) -> Step<BTreeMap<EntryId, PartyId>> {
        let record = self.space_record(0)?;
        let mut signers = BTreeMap::new();
        for item in self.items()? {
            let entry = Unverified::decode(&item.raw.0)?;
            let (id, name) = (entry.id(), entry.header().key);
            let Some(key) = record.keys.get(&name) else { continue };
            let prepared = key.public.prepare().ok_or_else(|| Fault("a key that is none".to_owned()))?;
            entry.verify(name, &prepared)?;
            signers.insert(id, key.seat);
        }
        Ok(signers)
    }

    /// What pages show as a party's is signed by that party's key; nobody honest is counted twice; one winner a slot.
    fn check_records(&mut self) -> Step {
        let signers = self.signers()?;
        let honest: BTreeSet<_> =
            self.stations.iter().filter(|one| !one.restored).map(|one| one.party).collect();
        for object in self.commitments(0)? {
            let space = self.space;
            let Record::Commitment(record) = self.node(0)?.record(space, object)? else { continue };
            for (entry, party) in said(&record) {
                must(signers.get(&entry) == Some(&party), || {
                    format!("{} is shown as by {}, who did not sign it", entry.short(), party.short())
                })?;
            }
            self.check_ballot(object, &record.ballot, &honest)?;
        }
        for object in self.agreements(0)? {
            let space = self.space;
            let Record::Agreement(record) = self.node(0)?.record(space, object)? else { continue };
            let mut all = said_in(&record.ballot);
            let left =
                record.withdrawn.iter().flat_map(|(party, held)| held.keys().map(|entry| (*entry, *party)));
            all.extend(left);
            for (entry, party) in all {
                must(signers.get(&entry) == Some(&party), || {
                    format!("{} is shown as by {}, who did not sign it", entry.short(), party.short())
                })?;
            }
            if record.in_force().is_some() {
                self.tally.add("agreement in force");
            }
            self.check_ballot(object, &record.ballot, &honest)?;
        }
        for object in self.meetings(0)? {
            let space = self.space;
            let Record::Meeting(record) = self.node(0)?.record(space, object)? else { continue };
            for (entry, party) in said_in(&record.ballot) {
                must(signers.get(&entry) == Some(&party), || {
                    format!("{} is shown as by {}, who did not sign it", entry.short(), party.short())
                })?;
            }
            if record.adopted().is_some() {
                self.tally.add("minutes adopted");
            }
            self.check_ballot(object, &record.ballot, &honest)?;
        }
        for ballot in self.space_record(0)?.ballots.into_values() {
            for (party, votes) in &ballot.votes {
                must(!honest.contains(party) || votes.len() == 1, || {
                    "an honest vote counts twice".to_owned()
                })?;
                let signed = votes.keys().all(|entry| signers.get(entry) == Some(party));
                must(signed, || "a vote in a ballot is not its party's".to_owned())?;
            }
        }
        Ok(())
    }

    fn check_ballot<T: BallotTerms>(
        &mut self,
        object: oplog::ObjectId,
        ballot: &Ballot<T>,
        honest: &BTreeSet<PartyId>,
    ) -> Step {
        for slot in &ballot.slots {
            self.count_lapses(slot);
            let won: BTreeSet<_> =
                slot.offers.iter().filter(|o| wins(slot, o)).map(|offered| offered.hash).collect();
            must(won.len() < 2, || format!("two terms won in one round of {object}"))?;
            let says = match slot.outcome() {
                Outcome::Won(hash) => Some(hash),
                Outcome::Open | Outcome::Failed => None,
            };
            must(won.first() == says.as_ref(), || format!("{object} says that {says:?} won, not {won:?}"))?;
            let twice = slot.votes.iter().find(|(party, votes)| honest.contains(party) && votes.len() > 1);
            must(twice.is_none(), || format!("an honest party is counted twice: {twice:?}"))?;
        }
        Ok(())
    }

    fn count_lapses<T: BallotTerms>(&mut self, slot: &Slot<T>) {
        let seen = slot.votes.values().flat_map(BTreeMap::values).filter(|vote| **vote == Vote::SawLapse);
        self.tally.add_many("seen lapse", seen.count() as u64);
        let won = slot.offers.iter().any(|offered| wins(slot, offered));
        self.tally.add_many("unseen lapse", if won { slot.lapses.len() as u64 } else { 0 });
    }

    /// All entries that node 0 holds, parents first.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "whatever else there is, now or later, is treated alike"
    )]
    fn items(&mut self) -> Step<Vec<Item>> {
        let space = self.space;
        let mut file = Vec::new();
        self.node(0)?.write_bundle(space, &mut file)?;
        let frames = sync::read(file.strip_prefix(BUNDLE_MAGIC).unwrap_or_default())?;
        let entries = frames.into_iter().filter_map(|frame| match frame {
            Frame::Entries(entries) => Some(entries.items),
            _ => None,
        });
        Ok(entries.flatten().collect())
    }

    /// A node that hears all of it in another order, parents first or not, comes to the same.
    fn check_any_order(&mut self, digest: Digest) -> Step {
        let mut items = self.items()?;
        if self.chance.percent(30) {
            self.chance.shuffle(&mut items);
            self.tally.add("observer: any order");
        } else {
            items = self.other_order(items)?;
            self.tally.add("observer: parents first");
        }
        let (space, carrier) = (self.space, self.stations[0].key);
        let invitation = self.node(0)?.invite(space, "http://127.0.0.1:1")?;
        let entropy = Entropy::Seeded(self.chance.bytes(), 0);
        let clock = Clock::Set(std::sync::Arc::default());
        let (store, keys) = (Store::in_memory()?, Keys::in_memory());
        let (mut observer, _) = Node::create(store, keys, Mark::memory(), clock, entropy, "Observer")?;
        observer.join(&invitation, "River commission", "")?;
        let mut frames = Vec::new();
        while !items.is_empty() {
            let some = items.len().min(1 + self.chance.below(30));
            let items = items.drain(..some).collect();
            frames.push(Frame::Entries(Entries { space, items, more: false }));
        }
        let read = observer.read_bundle(&mut sync::bundle(carrier, &frames).as_slice())?;
        must(read.bad.is_empty(), || format!("the observer finds entries bad: {:?}", read.bad))?;
        must(observer.digest(space)? == digest, || "another order of arrival gives another digest".to_owned())
    }

    /// Another order in which every entry comes after those it names.
    fn other_order(&mut self, items: Vec<Item>) -> Step<Vec<Item>> {
        let mut waiting = Vec::new();
        for item in items {
            let entry = Unverified::decode(&item.raw.0)?;
            let named: Vec<_> = entry.header().prev.iter().chain(&entry.header().deps).copied().collect();
            waiting.push((entry.id(), named, item));
        }
        let (mut out, mut placed) = (Vec::new(), BTreeSet::new());
        while !waiting.is_empty() {
            let ready: Vec<_> =
                (0..waiting.len()).filter(|at| waiting[*at].1.iter().all(|id| placed.contains(id))).collect();
            let Some(at) = self.chance.pick(&ready) else {
                return Err(Fault("a log that is not whole".to_owned()));
            };
            let (id, _, item) = waiting.swap_remove(*at);
            placed.insert(id);
            out.push(item);
        }
        Ok(out)
    }

    /// What follows from the entries, made again from nothing, is what it was; and what the database kept is too.
    fn check_rebuild(&mut self, digest: Digest) -> Step {
        let space = self.space;
        let before = self.log(0)?;
        for at in 0..self.stations.len() {
            self.restart(at, None)?;
            let kept = self.node(at)?.digest(space)?;
            must(kept == digest, || format!("{at} comes up with another digest than it had"))?;
            let rebuilt = self.node(at)?.rebuild(space)?;
            must(rebuilt == digest, || format!("{at} rebuilds another digest than it had"))?;
        }
        must(self.log(0)? == before, || "a rebuild judges entries differently".to_owned())
    }
}

/// Everything that a commitment shows as somebody's word.
fn said(record: &Commitment) -> Vec<(EntryId, PartyId)> {
    let mut said = said_in(&record.ballot);
    for report in &record.reports {
        said.push((report.entry, report.by));
        said.extend(report.answers.iter().map(|(party, answered)| (answered.entry, *party)));
    }
    said.extend(record.released.iter().map(|(party, released)| (released.entry, *party)));
    said
}

/// Everything that a ballot shows as somebody's word.
fn said_in<T: BallotTerms>(ballot: &Ballot<T>) -> Vec<(EntryId, PartyId)> {
    let mut said = Vec::new();
    for slot in &ballot.slots {
        said.extend(slot.offers.iter().map(|offered| (offered.entry, offered.by)));
        for (party, votes) in &slot.votes {
            said.extend(votes.keys().map(|entry| (*entry, *party)));
        }
        said.extend(slot.lapses.iter().chain(&slot.passes).map(|(entry, party)| (*entry, *party)));
    }
    said
}

/// Whether terms won by the votes, counted here once more: everyone named has a vote for them, one of the base no other.
fn wins<T: BallotTerms>(slot: &Slot<T>, offered: &agreement::ballot::Offered<T>) -> bool {
    let wanted = Vote::For(offered.hash);
    let votes = |party: &PartyId| -> BTreeSet<Vote> {
        slot.votes.get(party).into_iter().flat_map(BTreeMap::values).copied().collect()
    };
    slot.roster(&offered.terms).iter().all(|party| votes(party).contains(&wanted))
        && slot.base.iter().any(|party| votes(party).len() == 1)
}
