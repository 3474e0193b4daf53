//! The world of one schedule: nodes, hostile parties, messages on their way, and what people were told.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use node::mark::Signed;
use node::{Clock, Entropy, Keys, Mark, Node, Store};
use oplog::{EntryId, ObjectId, PartyId, PublicKey, SpaceId};

use crate::chance::Chance;
use crate::fault::{Fault, Step};
use crate::network::Flight;
use crate::plan::Plan;
use crate::puppet::Puppet;
use crate::tally::Tally;

/// Who is told of each step of a schedule.
pub type Listener = Box<dyn FnMut(String)>;

/// When every schedule begins, in milliseconds since 1970.
const START_MS: u64 = 1_790_000_000_000;
const TEN_YEARS_MS: u64 = 10 * 365 * 24 * 3_600_000;

/// The high-water marks of a node, as they lie outside its database.
pub(crate) type Marks = Arc<Mutex<BTreeMap<SpaceId, Signed>>>;

/// An honest party with its node.
pub(crate) struct Station {
    /// Empty only while it is being started again.
    node: Option<Node>,
    pub(crate) party: PartyId,
    pub(crate) key: PublicKey,
    clock: Arc<AtomicU64>,
    /// How far its clock is off: ahead (true) or behind.
    skew: (bool, u64),
    pub(crate) marks: Marks,
    /// A backup, with the number of acts that people had been told of when it was made.
    pub(crate) backup: Option<(Store, usize)>,
    pub(crate) restored: bool,
    /// Whether the last start found a database older than what the node had signed.
    pub(crate) regressed: bool,
    pub(crate) enrolments: usize,
    /// Own notes, transcripts and their entries: what it may erase.
    pub(crate) notes: Vec<(ObjectId, EntryId)>,
}

/// An act of which its author was told that it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub(crate) by: usize,
    pub(crate) entry: EntryId,
    /// Whether the author's database was restored to a time before it.
    pub(crate) media_lost: bool,
}

/// One schedule under way.
pub(crate) struct World {
    pub(crate) chance: Chance,
    pub(crate) plan: Plan,
    pub(crate) space: SpaceId,
    pub(crate) stations: Vec<Station>,
    pub(crate) puppets: Vec<Puppet>,
    pub(crate) flights: Vec<Flight>,
    /// The stations on one side of a cut in the network, by bit; 0 when there is none.
    pub(crate) cut: usize,
    pub(crate) told: Vec<Told>,
    pub(crate) tally: Tally,
    pub(crate) requests: usize,
    now_ms: u64,
    trace: Option<Listener>,
}

/// A fresh node of this seed.
fn station(seed: [u8; 32], name: &str, skew: (bool, u64)) -> Step<Station> {
    let clock = Arc::new(AtomicU64::new(0));
    let marks = Marks::default();
    let (node, _recovery) = Node::create(
        Store::in_memory()?,
        Keys::in_memory(),
        Mark::Memory(Arc::clone(&marks)),
        Clock::Set(Arc::clone(&clock)),
        Entropy::Seeded(seed, 0),
        name,
    )?;
    Ok(Station {
        party: node.party(),
        key: node.node_key()?,
        node: Some(node),
        clock,
        skew,
        marks,
        backup: None,
        restored: false,
        regressed: false,
        enrolments: 0,
        notes: Vec::new(),
    })
}

impl World {
    pub(crate) fn new(seed: u64, trace: Option<Listener>) -> Step<Self> {
        let mut chance = Chance::new(seed);
        let plan = Plan::draw(&mut chance);
        let mut world = Self {
            space: SpaceId::ZERO,
            stations: Vec::new(),
            puppets: Vec::new(),
            flights: Vec::new(),
            cut: 0,
            told: Vec::new(),
            tally: Tally::one(),
            requests: 0,
            now_ms: START_MS,
            trace,
            chance,
            plan,
        };
        for at in 0..world.plan.honest {
            world.add_station(&format!("Honest {at}"))?;
        }
        for _ in 0..world.plan.hostile {
            let puppet = Puppet::new(&mut world.chance)?;
            world.puppets.push(puppet);
        }
        world.pass_time(0);
        Ok(world)
    }

    /// Adds a node, its clock skewed when the plan says so, and gives its number.
    pub(crate) fn add_station(&mut self, name: &str) -> Step<usize> {
        let off_ms = if self.plan.skew { self.chance.number() % TEN_YEARS_MS } else { 0 };
        let skew = (self.chance.percent(50), off_ms);
        let made = station(self.chance.bytes(), name, skew)?;
        if off_ms > 0 {
            self.tally.add("clock skewed");
        }
        self.stations.push(made);
        self.pass_time(0);
        Ok(self.stations.len() - 1)
    }

    pub(crate) fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Lets time pass for everyone; skewed clocks stay as far off as they are.
    pub(crate) fn pass_time(&mut self, ms: u64) {
        self.now_ms += ms;
        for station in &self.stations {
            let (ahead, off_ms) = station.skew;
            let shown = if ahead { self.now_ms + off_ms } else { self.now_ms.saturating_sub(off_ms) };
            station.clock.store(shown, Ordering::SeqCst);
        }
    }

    pub(crate) fn node(&mut self, at: usize) -> Step<&mut Node> {
        let station = self.stations.get_mut(at).and_then(|station| station.node.as_mut());
        station.ok_or_else(|| Fault(format!("node {at} did not start")))
    }

    /// Two nodes at once; `one` and `two` differ.
    pub(crate) fn pair(&mut self, one: usize, two: usize) -> Step<(&mut Node, &mut Node)> {
        let gone = || Fault("two nodes that run".to_owned());
        let [a, b] = self.stations.get_disjoint_mut([one, two]).map_err(|_| gone())?;
        Ok((a.node.as_mut().ok_or_else(gone)?, b.node.as_mut().ok_or_else(gone)?))
    }

    /// Starts a node again, over its own database or another one.
    pub(crate) fn restart(&mut self, at: usize, store: Option<Store>) -> Step {
        let station = &mut self.stations[at];
        let node = station.node.take().ok_or_else(|| Fault(format!("node {at} did not start")))?;
        station.node = Some(node.restarted(store)?);
        Ok(())
    }

    pub(crate) fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(listener) = &mut self.trace {
            listener(line());
        }
    }

    /// The next idempotency id.
    pub(crate) fn request(&mut self) -> String {
        self.requests += 1;
        format!("request {}", self.requests)
    }

    /// The entries in a node's log, with the reason why each changes nothing, if so.
    pub(crate) fn log(&mut self, at: usize) -> Step<BTreeMap<EntryId, Option<String>>> {
        let space = self.space;
        let log = self.node(at)?.log(space, 0, usize::try_from(i64::MAX).unwrap_or(usize::MAX))?;
        Ok(log.into_iter().map(|entry| (entry.id, entry.refusal)).collect())
    }
}
