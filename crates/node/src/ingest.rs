//! Entries that peers and bundles bring: sorted, checked, and handed to the corridor; what lacks its parents waits.

use std::collections::BTreeSet;

use agreement::Operation;
use agreement::operation::word;
use oplog::sync::{Entries, Frame, WANTS_MAX, Want};
use oplog::{Entry, EntryId, PublicKey, SpaceId, Unverified};

use crate::append::Fate;
use crate::exchange::{Answer, WANT_BACK};
use crate::order::parents_first;
use crate::pending::{Arriving, Checked, Early, Form};
use crate::{Node, NodeError, Result};

/// How many entries of one transaction at most.
const BATCH_MAX: usize = 1_000;

impl Node {
    pub(crate) fn take_entries(
        &mut self,
        from: PublicKey,
        entries: &Entries,
        answer: &mut Answer,
    ) -> Result<()> {
        let space = entries.space;
        let parked = self.pending.take(space);
        let (new_before, parked_before) = (answer.new, parked.len());
        let items = entries.items.iter().map(|item| Arriving {
            form: Form::of(&item.raw.0),
            content: item.content.clone().map(|blob| blob.0),
        });
        let mut todo = parents_first(items.chain(parked).collect());
        let mut missing = BTreeSet::new();
        // In this order all that fits is in after one round; a second one finds that nothing moves.
        loop {
            let before = answer.new;
            let mut waiting = Vec::new();
            missing.clear();
            let mut todo_now = todo.into_iter();
            loop {
                let batch: Vec<_> = todo_now.by_ref().take(BATCH_MAX).collect();
                if batch.is_empty() {
                    break;
                }
                waiting.extend(self.ingest(space, batch, answer, &mut missing)?);
            }
            if waiting.is_empty() || answer.new == before {
                let now_ms = self.clock.now_ms();
                for (id, arriving) in waiting {
                    self.pending.park(id, space, arriving, now_ms);
                }
                break;
            }
            todo = waiting.into_iter().map(|(_, arriving)| arriving).collect();
        }
        missing.retain(|id| !self.pending.holds(*id));
        // What a frame without news still misses was asked for already: the peer does not hold it either.
        let moved = answer.new > new_before || self.pending.count(space) > parked_before;
        if moved && !missing.is_empty() {
            let ids = missing.into_iter().take(WANTS_MAX).collect();
            answer.frames.push(Frame::Want(Want { space, ids, back: WANT_BACK }));
        }
        if entries.more {
            answer.frames.push(Frame::Heads(self.heads(space)?));
        }
        if self.pending.count(space) == 0 {
            self.want_contents(from, space, answer)?;
        }
        Ok(())
    }

    /// One transaction of entries. Gives those that wait for others.
    fn ingest(
        &mut self,
        space: SpaceId,
        batch: Vec<Arriving>,
        answer: &mut Answer,
        missing: &mut BTreeSet<EntryId>,
    ) -> Result<Vec<Early>> {
        let mut done = (0, Vec::new(), Vec::new());
        self.transact(|node| {
            let (new, waiting, bad) = &mut done;
            for Arriving { form, content } in batch {
                let entry = match node.check(space, form) {
                    Ok(Checked::Known) => continue,
                    Ok(Checked::Good(entry)) => entry,
                    Ok(Checked::Early(id, entry)) => {
                        waiting.push((id, Arriving { form: Form::Decoded(entry), content }));
                        continue;
                    }
                    Err(fatal @ NodeError::Store(_)) => return Err(fatal),
                    Err(why) => {
                        bad.push(why.to_string());
                        continue;
                    }
                };
                match node.append(&entry, content.as_deref(), node.clock.now_ms())? {
                    Fate::Known => {}
                    Fate::Stored(_) => {
                        *new += 1;
                        node.welcome(space, &entry)?;
                    }
                    Fate::Missing(ids) => {
                        missing.extend(ids);
                        waiting.push((entry.id(), Arriving { form: Form::Verified(entry), content }));
                    }
                    Fate::Impossible(why) => bad.push(format!("entry {}: {why}", entry.id().short())),
                }
            }
            Ok(())
        })?;
        let (new, waiting, bad) = done;
        answer.new += new;
        answer.bad.extend(bad);
        Ok(waiting)
    }

    /// What is done with an entry from a peer besides storing it.
    fn welcome(&mut self, space: SpaceId, entry: &Entry) -> Result<()> {
        let live = self.live(space)?;
        let known = live.keys.get(&entry.header().key);
        let ours = known.is_some_and(|key| key.intros.iter().any(|intro| Some(intro.seat) == live.own_party));
        if ours && self.own_key(space).is_ok_and(|own| own == entry.header().key) {
            self.note_regression(space)?;
        }
        Ok(())
    }

    /// Checks the bytes of an entry: shape, space, key, signature; before anything is looked up for it.
    fn check(&self, space: SpaceId, form: Form) -> Result<Checked> {
        let entry = match form {
            Form::Raw(raw) => Box::new(Unverified::decode(&raw)?),
            Form::Decoded(entry) => entry,
            Form::Verified(entry) => return Ok(Checked::Good(entry)),
        };
        let live = self.live(space)?;
        let header = entry.header();
        // The id leaves the signature out: another than the one that is here is looked at, as it may be damaged.
        if live.holds(&self.store, entry.id(), header.key, header.seq)?
            && self.store.entry(entry.id())?.is_some_and(|row| row.raw == entry.raw())
        {
            return Ok(Checked::Known);
        }
        let genesis = header.space == SpaceId::ZERO;
        if (genesis && SpaceId::from(entry.id()) != space) || (!genesis && header.space != space) {
            return Err(NodeError::Peer(format!("entry {} belongs to another space", entry.id().short())));
        }
        let key = header.key;
        // No other kind introduces the key that signs it.
        let introduces = matches!(word(header.kind), "genesis" | "enrol");
        let operation = introduces.then(|| Operation::read(header.kind, &header.effect));
        let own = match operation {
            Some(Ok(Operation::Genesis(genesis))) => {
                if genesis.founder.identity.party() != live.founder {
                    return Err(NodeError::Peer(
                        "the founder is not the one that the invitation named".to_owned(),
                    ));
                }
                Some(genesis.founder.key)
            }
            Some(Ok(Operation::Enrol(enrol))) => Some(enrol.introduction.key),
            Some(Ok(_) | Err(_)) | None => None,
        };
        let prepared = match live.keys.get(&key) {
            Some(known) => Some(known.prepared),
            None => own.filter(|own| own.id() == key).and_then(|own| own.prepare()),
        };
        match prepared {
            Some(prepared) => Ok(Checked::Good(Box::new(entry.verify(key, &prepared)?))),
            None => Ok(Checked::Early(entry.id(), entry)),
        }
    }
}
