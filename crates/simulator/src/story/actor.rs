//! A party of a story with its node, and how two of them talk.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use node::mark::Signed;
use node::{Clock, Entropy, Keys, Mark, Node, NodeError, Store};
use oplog::sync::{self, Frame};
use oplog::{PartyId, PublicKey, SpaceId};

use crate::fault::{Fault, Step, must};

type Marks = BTreeMap<SpaceId, Signed>;

/// A party and its node.
pub(crate) struct Actor {
    /// Empty only while it is being started again.
    node: Option<Node>,
    pub(crate) party: PartyId,
    pub(crate) key: PublicKey,
    marks: Arc<Mutex<Marks>>,
    /// A backup of the database, with the high-water marks of that time.
    backup: Option<(Store, Marks)>,
}

impl Actor {
    /// `count` parties with nodes on one clock, in the order of their ids: so whose turn is when offers cross goes by
    /// the order in which a story names its parties.
    pub(crate) fn cast(count: usize, clock: &Arc<AtomicU64>) -> Step<Vec<Self>> {
        let mut actors = Vec::new();
        for number in 0..count {
            let number = u64::try_from(number).unwrap_or(u64::MAX);
            let seed = oplog::id::hash("peygir/story/0", &[&number.to_be_bytes()]);
            let marks = Arc::<Mutex<Marks>>::default();
            let (node, _recovery) = Node::create(
                Store::in_memory()?,
                Keys::in_memory(),
                Mark::Memory(Arc::clone(&marks)),
                Clock::Set(Arc::clone(clock)),
                Entropy::Seeded(seed, 0),
                "a party",
            )?;
            let (party, key) = (node.party(), node.node_key()?);
            actors.push(Self { node: Some(node), party, key, marks, backup: None });
        }
        actors.sort_by_key(|actor| actor.party);
        Ok(actors)
    }

    pub(crate) fn node(&mut self) -> Step<&mut Node> {
        self.node.as_mut().ok_or_else(|| Fault("a node did not start".to_owned()))
    }

    pub(crate) fn back_up(&mut self) -> Step {
        let copy = self.node()?.copy_store()?;
        let marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.backup = Some((Store::from_copy(&copy)?, marks));
        Ok(())
    }

    /// Puts the backup in the place of the database; `whole` also puts the marks back, as a machine's snapshot would.
    pub(crate) fn restore(&mut self, whole: bool) -> Step {
        let (store, marks) = self.backup.take().ok_or_else(|| Fault("there is no backup".to_owned()))?;
        if whole {
            *self.marks.lock().unwrap_or_else(PoisonError::into_inner) = marks;
        }
        let node = self.node.take().ok_or_else(|| Fault("a node did not start".to_owned()))?;
        self.node = Some(node.restarted(Some(store))?);
        Ok(())
    }

    /// Carries everything that `from` holds to `to`, in a file.
    pub(crate) fn carry(actors: &mut [Self], from: usize, to: usize, space: SpaceId) -> Step {
        let mut file = Vec::new();
        actors[from].node()?.write_bundle(space, &mut file)?;
        let read = actors[to].node()?.read_bundle(&mut file.as_slice())?;
        must(read.bad.is_empty(), || format!("a bundle is bad: {:?}", read.bad))
    }

    /// A whole exchange. Gives how many entries were new on either side.
    pub(crate) fn exchange(
        actors: &mut [Self],
        asking: usize,
        answering: usize,
        space: SpaceId,
    ) -> Step<usize> {
        const ROUNDS_MAX: usize = 64;
        let (a, b) = (actors[asking].key, actors[answering].key);
        let (mut message, mut new) = (actors[asking].node()?.greet(space, b)?, 0);
        for _ in 0..ROUNDS_MAX {
            if message.is_empty() {
                return Ok(new);
            }
            let answer = actors[answering].node()?.answer(a, &sync::read(&sync::write(&message))?)?;
            let back = match actors[asking].node()?.exchange(b, &answer.frames) {
                Err(NodeError::Peer(why)) => return Err(Fault(format!("the peer says: {why}"))),
                back => back?,
            };
            let bad: Vec<_> = answer.bad.iter().chain(&back.bad).collect();
            must(bad.is_empty(), || format!("entries are bad: {bad:?}"))?;
            must(!back.frames.iter().any(|frame| matches!(frame, Frame::Refused(_))), || {
                "the other is no member by what this party knows".to_owned()
            })?;
            new += answer.new + back.new;
            message = back.frames;
        }
        Err(Fault("the exchange does not end".to_owned()))
    }
}
