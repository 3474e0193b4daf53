//! What hostile parties do: forks, entries that come late, acts that the rules forbid, withdrawals that not all see, keys
//! taken back when others have relied on them, and times that are not true.

use agreement::operation::{
    Accept, Ack, Cancel, Comment, Confirm, Counter, Declare, Decline, Dispute, Enrol, Lapse, Leave, Offer,
    Pass, Release, Report, Satisfy, Subject, Transcribe,
};
use agreement::{Content, FieldTag, Introduction, Operation, Sort, SpaceTerms, Terms};
use oplog::sync::{self, Entries, Frame, Item};
use oplog::{EntryId, ObjectId, PartyId, TermsHash};

use crate::acts::{changed_terms, new_terms, next_terms};
use crate::fault::Step;
use crate::puppet::{Puppet, Tip, item, spelled};
use crate::world::World;

/// The most branches that one party goes on with.
const TIPS_MAX: usize = 4;

type Spelled = (&'static str, (u64, Vec<u8>), Option<Vec<u8>>);

impl World {
    /// One act of one hostile party.
    pub(crate) fn plot(&mut self, who: usize) -> Step {
        if self.chance.percent(70) || self.puppets[who].old.is_empty() {
            self.listen(who)?;
        }
        match self.chance.below(20) {
            0..=8 => self.say(who, false),
            9..=11 => self.fork(who),
            12 | 13 => self.say(who, true),
            14 => self.show_withheld(who),
            15 => self.take_back(who),
            16 => self.bring_key(who),
            17 => self.name_what_nobody_has(who),
            _ => self.say_nonsense(who),
        }
    }

    fn tip(&mut self, who: usize) -> (usize, Tip) {
        let at = self.chance.below(self.puppets[who].tips.len());
        (at, self.puppets[who].tips[at])
    }

    /// A claimed time: mostly now, else any within twenty years.
    fn claimed(&mut self) -> u64 {
        if self.chance.percent(30) {
            self.tally.add("back-dated or post-dated");
            self.chance.number() % (2 * self.now_ms())
        } else {
            self.now_ms()
        }
    }

    /// Asks some node for what is new.
    fn listen(&mut self, who: usize) -> Step {
        let at = self.chance.below(self.stations.len());
        let (space, key) = (self.space, self.puppets[who].node_key());
        let question = self.puppets[who].question(space);
        if let Ok(answer) = self.node(at)?.answer(key, &question) {
            self.puppets[who].hear(&answer.frames)?;
        }
        Ok(())
    }

    /// Sends items to one node; what it makes of them is its own business, as long as it stands.
    pub(crate) fn inject(&mut self, who: usize, at: usize, items: Vec<Item>) -> Step {
        let (space, key) = (self.space, self.puppets[who].node_key());
        let entries = Frame::Entries(Entries { space, items, more: false });
        let frames = sync::read(&sync::write(&[Frame::Hello(key), entries]))?;
        match self.node(at)?.answer(key, &frames) {
            Ok(_) | Err(node::NodeError::Peer(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Signs something after a branch, and shows it to one node, to several, or to none yet.
    fn say(&mut self, who: usize, late: bool) -> Step {
        let (place, tip) = self.tip(who);
        let (what, spelled, content) = self.something(who)?;
        let fresh = self.puppets[who].heads();
        let deps = if late { self.puppets[who].old.clone() } else { self.some_of(fresh) };
        let entry = self.sign(who, tip, deps, spelled, content.as_deref())?;
        if what == "hostile offer" {
            self.puppets[who].offers.insert(entry.0);
        }
        self.puppets[who].tips[place] = Tip { seq: tip.seq + 1, prev: Some(entry.0), ..tip };
        self.tally.add(what);
        self.note(|| {
            format!("hostile {who}: {what} {}{}", entry.0.short(), if late { ", shallow" } else { "" })
        });
        if late {
            self.tally.add("late shallow entry");
        }
        if late || self.chance.percent(15) {
            self.puppets[who].withheld.push(entry.1);
            return Ok(());
        }
        self.show(who, &[entry.1])
    }

    /// Shows entries to one node, or to a few.
    fn show(&mut self, who: usize, items: &[Item]) -> Step {
        let first = self.chance.below(self.stations.len());
        self.inject(who, first, items.to_vec())?;
        if self.chance.percent(40) {
            let second = self.chance.below(self.stations.len());
            self.inject(who, second, items.to_vec())?;
        }
        Ok(())
    }

    fn some_of(&mut self, mut ids: Vec<EntryId>) -> Vec<EntryId> {
        if self.chance.percent(25) {
            self.chance.shuffle(&mut ids);
            ids.truncate(1 + self.chance.below(2));
        }
        ids
    }

    fn sign(
        &mut self,
        who: usize,
        tip: Tip,
        mut deps: Vec<EntryId>,
        spelled: (u64, Vec<u8>),
        content: Option<&[u8]>,
    ) -> Step<(EntryId, Item)> {
        deps.sort();
        deps.dedup();
        let time_ms = self.claimed();
        self.tally.add(crate::run::ACT_TRIED);
        let space = self.space;
        let entry = self.puppets[who].sign(space, tip, deps, time_ms, spelled, content)?;
        Ok((entry.id(), item(&entry, content.map(<[u8]>::to_vec))))
    }

    /// Two entries for one place, each shown to another node.
    fn fork(&mut self, who: usize) -> Step {
        let (place, tip) = self.tip(who);
        let mut branches = Vec::new();
        for _ in 0..2 {
            let (_, spelled, content) = self.something(who)?;
            let heads = self.puppets[who].heads();
            let deps = self.some_of(heads);
            branches.push(self.sign(who, tip, deps, spelled, content.as_deref())?);
        }
        if branches[0].0 == branches[1].0 {
            return Ok(());
        }
        self.tally.add("fork");
        self.note(|| format!("hostile {who} forks: {} and {}", branches[0].0.short(), branches[1].0.short()));
        let tips: Vec<_> =
            branches.iter().map(|(id, _)| Tip { seq: tip.seq + 1, prev: Some(*id), ..tip }).collect();
        self.puppets[who].tips[place] = tips[0];
        if self.puppets[who].tips.len() < TIPS_MAX {
            self.puppets[who].tips.push(tips[1]);
        }
        let mut order: Vec<_> = (0..self.stations.len()).collect();
        self.chance.shuffle(&mut order);
        for ((_, item), at) in branches.into_iter().zip(order) {
            self.inject(who, at, vec![item])?;
        }
        Ok(())
    }

    /// Shows what it has withheld.
    pub(crate) fn show_withheld(&mut self, who: usize) -> Step {
        let items = std::mem::take(&mut self.puppets[who].withheld);
        if items.is_empty() { Ok(()) } else { self.show(who, &items) }
    }

    /// Takes a key back, often behind entries on which others rely, and may go on signing with it.
    fn take_back(&mut self, who: usize) -> Step {
        let (place, tip) = self.tip(who);
        let key = self.puppets[who].key(tip.key);
        let last = usize::try_from(tip.seq).unwrap_or(0);
        let cut = if self.chance.percent(20) { None } else { Some(self.chance.below(last + 1) as u64) };
        let space = self.space;
        let revoke = Operation::from(self.puppets[who].revocation(space, key, cut));
        let heads = self.puppets[who].heads();
        let deps = self.some_of(heads);
        let (id, item) = self.sign(who, tip, deps, spelled(&revoke), None)?;
        self.puppets[who].tips[place] = Tip { seq: tip.seq + 1, prev: Some(id), ..tip };
        self.tally.add("hostile revocation");
        self.note(|| format!("hostile {who} takes its key back behind {cut:?}"));
        if cut.is_none_or(|cut| tip.seq > cut) {
            self.tally.add("entries beyond a cut");
        }
        self.show(who, &[item])
    }

    /// Enrols one more key of its own, or one for a seat that is not its.
    fn bring_key(&mut self, who: usize) -> Step {
        if self.puppets[who].tips.len() >= TIPS_MAX {
            return self.say(who, false);
        }
        let key = self.puppets[who].new_key(&mut self.chance);
        let (space, tip) = (self.space, Tip { key, seq: 0, prev: None });
        let foreign = self.chance.percent(30);
        let victim = self.chance.below(self.stations.len());
        let seat = if foreign { self.stations[victim].party } else { self.puppets[who].party() };
        self.tally.add(if foreign { "key for another's seat" } else { "hostile enrolment" });
        let introduction = self.puppets[who].introduction(space, seat, key);
        let enrol = Operation::from(Enrol { introduction });
        let mut deps = self.puppets[who].heads();
        if deps.is_empty() || self.chance.percent(20) {
            deps = self.puppets[who].old.clone();
        }
        let (id, item) = self.sign(who, tip, deps, spelled(&enrol), None)?;
        self.puppets[who].tips.push(Tip { seq: 1, prev: Some(id), ..tip });
        self.note(|| format!("hostile {who} brings a key for {}: {}", seat.short(), id.short()));
        self.show(who, &[item])
    }

    /// An entry that names one which does not exist: it waits, and is forgotten.
    fn name_what_nobody_has(&mut self, who: usize) -> Step {
        let (_, tip) = self.tip(who);
        let (_, spelled, content) = self.something(who)?;
        let deps = vec![EntryId(self.chance.bytes())];
        let (_, item) = self.sign(who, tip, deps, spelled, content.as_deref())?;
        self.tally.add("entry that names what nobody has");
        self.show(who, &[item])
    }

    /// Kinds that nobody knows, effects that do not read, a second genesis.
    fn say_nonsense(&mut self, who: usize) -> Step {
        let (place, tip) = self.tip(who);
        let noise = self.chance.bytes().to_vec();
        let (what, spelled): (_, (u64, Vec<u8>)) = match self.chance.below(4) {
            0 => ("unknown future kind", (1_000, noise)),
            1 => ("malformed effect", (16 + self.chance.below(6) as u64, noise)),
            // Not kind 1: a genesis in the midst of a space is never stored.
            2 => ("malformed effect", (2 + self.chance.below(50) as u64, Vec::new())),
            _ => ("unknown future kind", (52 + self.chance.below(9) as u64, vec![0x80])),
        };
        let heads = self.puppets[who].heads();
        let deps = self.some_of(heads);
        let (id, item) = self.sign(who, tip, deps, spelled, None)?;
        self.puppets[who].tips[place] = Tip { seq: tip.seq + 1, prev: Some(id), ..tip };
        self.tally.add(what);
        self.note(|| format!("hostile {who}: {what} {}", id.short()));
        self.show(who, &[item])
    }

    /// An operation that may or may not be legal, about something that some node knows.
    fn something(&mut self, who: usize) -> Step<Spelled> {
        let at = self.chance.below(self.stations.len());
        let (members, own) = (self.members(at)?, self.puppets[who].party());
        if self.chance.percent(12)
            && let Some((what, operation, content)) = self.hostile_on_an_agreement(who, at)?
        {
            return Ok((what, spelled(&operation), content));
        }
        let view = self.some_commitment(at)?;
        let content = Content { salt: [9; 16], ..Content::default() };
        let content = content.with(FieldTag::Title, "en", "words").to_bytes();
        let Some(view) = view.filter(|_| self.chance.percent(75)) else {
            let (what, operation) = self.something_new(who, at, &members)?;
            return Ok((what, spelled(&operation), Some(content)));
        };
        let (object, subject) = (view.id, Subject::Commitment);
        let slots = view.record.ballot.slots.len() as u64;
        let slot = if self.chance.percent(85) { slots.saturating_sub(1) } else { slots };
        let offers: Vec<_> = view.record.ballot.slots.iter().flat_map(|slot| &slot.offers).cloned().collect();
        let offered = self.chance.pick(&offers).cloned();
        let terms = offered.as_ref().map_or(TermsHash::ZERO, |offered| offered.hash);
        let reports: Vec<_> = view.record.reports.iter().map(|report| report.entry).collect();
        let report = self.chance.pick(&reports).copied().unwrap_or(EntryId(self.chance.bytes()));
        let in_force = view.record.in_force().map(|offered| offered.terms.clone());
        let changed = changed_terms(&mut self.chance, in_force.as_ref(), &view.terms, &members);
        let is_party = view.terms.parties().contains(&own);
        let (what, operation): (_, Operation) = match self.chance.below(19) {
            0..=4 => ("hostile accept", Accept { subject, object, slot, terms }.into()),
            5 => ("terms not on the table", {
                let terms = TermsHash(self.chance.bytes());
                Accept { subject, object, slot, terms }.into()
            }),
            6 => ("hostile decline", Decline { subject, object, slot }.into()),
            7 => ("hostile counter", Counter { object, slot, terms: Terms::Commitment(changed) }.into()),
            8 => ("hostile offer", next_terms(object, &view.record, changed)),
            9 => ("hostile lapse", Lapse { subject: Subject::Commitment, object, slot }.into()),
            10 => ("hostile pass", Pass { subject: Subject::Commitment, object, slot: slot + 1 }.into()),
            11 | 12 => ("hostile report", Report { object, terms }.into()),
            13 | 14 => ("hostile confirm", Confirm { object, report }.into()),
            15 => ("hostile dispute", Dispute { object, report }.into()),
            16 => ("hostile release", Release { object }.into()),
            17 => ("hostile cancel", Cancel { object }.into()),
            _ => ("hostile satisfy", Satisfy { object, condition: 1 }.into()),
        };
        if !is_party {
            self.tally.add("act of a party that is not named");
        }
        let content = matches!(operation, Operation::Offer(_) | Operation::Counter(_)).then_some(content);
        Ok((what, spelled(&operation), content))
    }

    fn something_new(
        &mut self,
        who: usize,
        at: usize,
        members: &[PartyId],
    ) -> Step<(&'static str, Operation)> {
        let (space, own) = (self.space, self.puppets[who].party());
        let ballots = self.node(at)?.space(space)?.ballots;
        let ballot = self.chance.pick(&ballots).cloned();
        let voters: std::collections::BTreeSet<_> = members.iter().copied().collect();
        let subject = self.chance.pick(members).copied().unwrap_or(own);
        let about: ObjectId = space.into();
        Ok(match (self.chance.below(17), ballot) {
            (0..=2, Some(ballot)) => {
                let (subject, object) = (Subject::Space, ballot.id);
                ("hostile vote", Accept { subject, object, slot: 0, terms: ballot.terms }.into())
            }
            (3, Some(ballot)) => {
                ("hostile vote", Decline { subject: Subject::Space, object: ballot.id, slot: 0 }.into())
            }
            (4, _) => {
                let voters = voters.into_iter().filter(|voter| *voter != subject).collect();
                let terms = Terms::Space(SpaceTerms::Expel { voters, seat: subject });
                ("hostile ballot", Offer { object: None, slot: 0, terms }.into())
            }
            (5, _) => {
                let terms = Terms::Space(SpaceTerms::Succeed {
                    voters: voters.into_iter().filter(|voter| *voter != subject).collect(),
                    introduction: self.spare_introduction(Some(subject)),
                });
                ("hostile ballot", Offer { object: None, slot: 0, terms }.into())
            }
            (6, _) if self.chance.percent(30) => ("hostile leave", Leave.into()),
            (7, _) => ("hostile comment", Comment { about }.into()),
            (8, _) => ("hostile transcript", Transcribe { object: None }.into()),
            (10, _) => {
                let sort = Sort::Capability;
                ("hostile declaration", Declare { object: None, sort, withdrawn: false }.into())
            }
            (9, _) => ("hostile ack", Ack { digest: None, level: 0 }.into()),
            _ => {
                let terms = Terms::Commitment(new_terms(&mut self.chance, members, own, &[]));
                ("hostile offer", Offer { object: None, slot: 0, terms }.into())
            }
        })
    }

    /// A party and key that nobody has seen; for `seat`, or one of its own.
    pub(crate) fn spare_introduction(&mut self, seat: Option<PartyId>) -> Introduction {
        let Ok(stranger) = Puppet::new(&mut self.chance) else {
            unreachable!("one guardian makes an identity")
        };
        stranger.introduction(self.space, seat.unwrap_or_else(|| stranger.party()), 0)
    }
}
