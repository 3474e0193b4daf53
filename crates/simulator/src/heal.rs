//! The end of a schedule: every partition heals, everyone talks to everyone until nothing is new.

use crate::fault::{Fault, Step, must};
use crate::world::World;

/// Rounds of exchanges and receipts until nothing is new; each act causes two at most.
const ROUNDS_MAX: usize = 16;
const TWO_HOURS_MS: u64 = 2 * 3_600_000;

impl World {
    /// Lets everything arrive, receipts included.
    pub(crate) fn heal(&mut self) -> Step {
        self.flights.clear();
        self.cut = 0;
        for who in 0..self.puppets.len() {
            self.show_withheld(who)?;
        }
        self.note(|| "every partition heals".to_owned());
        let space = self.space;
        for _ in 0..ROUNDS_MAX {
            self.sync_all()?;
            self.pass_time(TWO_HOURS_MS);
            let mut any = false;
            for at in 0..self.stations.len() {
                let done = self.node(at)?.acknowledge()?;
                any |= done.contains(&space);
                self.tally.add_many("receipt", done.len() as u64);
            }
            if !any {
                return self.spread();
            }
        }
        Err(Fault("receipts cause receipts without end".to_owned()))
    }

    /// Exchanges between all pairs until a round brings nothing new; whoever talked then holds the same.
    fn sync_all(&mut self) -> Step {
        for _ in 0..ROUNDS_MAX {
            let mut new = 0;
            let mut talked = Vec::new();
            for one in 0..self.stations.len() {
                for two in one + 1..self.stations.len() {
                    let (brought, to_the_end) = self.sync(one, two)?;
                    new += brought;
                    if to_the_end {
                        talked.push((one, two));
                    }
                }
            }
            if new == 0 {
                for (one, two) in talked {
                    let (a, b) = (self.heads(one)?, self.heads(two)?);
                    must(a == b, || {
                        format!("{one} and {two} exchanged all and hold different entries: {a:?}, {b:?}")
                    })?;
                }
                return Ok(());
            }
        }
        Err(Fault("exchanges bring something new without end".to_owned()))
    }

    /// Those that are no members any more get the rest in files.
    fn spread(&mut self) -> Step {
        let space = self.space;
        for _ in 0..ROUNDS_MAX {
            let mut new = 0;
            for from in 0..self.stations.len() {
                for to in 0..self.stations.len() {
                    if from == to || self.heads(from)? == self.heads(to)? {
                        continue;
                    }
                    let mut file = Vec::new();
                    self.node(from)?.write_bundle(space, &mut file)?;
                    let read = self.node(to)?.read_bundle(&mut file.as_slice())?;
                    self.note(|| format!("a bundle from {from} brings {to} {} entries", read.new));
                    self.tally.add("bundle to a former member");
                    must(read.bad.is_empty(), || format!("a bundle is bad: {:?}", read.bad))?;
                    new += read.new;
                }
            }
            if new == 0 {
                return Ok(());
            }
        }
        Err(Fault("bundles bring something new without end".to_owned()))
    }

    /// The ends of all lines that a node holds.
    pub(crate) fn heads(&mut self, at: usize) -> Step<Vec<(u64, oplog::EntryId)>> {
        let (space, key) = (self.space, self.stations[at].key);
        let frames = self.node(at)?.greet(space, key)?;
        let mut heads = Vec::new();
        for frame in frames {
            if let oplog::sync::Frame::Heads(held) = frame {
                heads.extend(held.heads.into_iter().map(|head| (head.seq, head.id)));
            }
        }
        heads.sort();
        Ok(heads)
    }
}
