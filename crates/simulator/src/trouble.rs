//! Crashes, backups, restores, and the new keys that come after them.

use node::Store;
use node::mark::NOTHING;
use oplog::EntryId;

use crate::fault::{Step, must};
use crate::world::World;

/// The most enrolments of one party in one schedule.
const ENROLMENTS_MAX: usize = 3;

impl World {
    /// Now and then a node makes a backup, crashes, or has its backup restored.
    pub(crate) fn strike(&mut self) -> Step {
        let at = self.chance.below(self.stations.len());
        if self.plan.restore && self.chance.percent(10) {
            let copy = self.node(at)?.copy_store()?;
            self.stations[at].backup = Some((Store::from_copy(&copy)?, self.told.len()));
        }
        if self.plan.crash && self.chance.percent(6) {
            self.note(|| format!("{at} crashes"));
            self.tally.add("crash");
            if self.flights.iter().any(|flight| flight.touches(at)) {
                self.tally.add("crash in the midst of an exchange");
            }
            self.restart(at, None)?;
        }
        if self.plan.restore && self.chance.percent(6) {
            self.restore(at)?;
        }
        Ok(())
    }

    /// Puts a backup in the place of a node's database.
    fn restore(&mut self, at: usize) -> Step {
        let Some((backup, told)) = self.stations[at].backup.take() else { return Ok(()) };
        let space = self.space;
        self.note(|| format!("{at} is restored from a backup"));
        self.tally.add("restore");
        let signed = self.marks(at).get(&space).copied().filter(|(_, _, entry)| *entry != NOTHING);
        self.restart(at, Some(backup))?;
        self.stations[at].restored = true;
        for told in self.told.iter_mut().skip(told).filter(|told| told.by == at) {
            told.media_lost = true;
        }
        let log = self.log(at)?;
        let is_older = signed.is_some_and(|(_, _, entry)| !log.contains_key(&entry));
        self.stations[at].notes.retain(|(_, entry)| log.contains_key(entry));
        let refuses = self.node(at)?.space(space)?.will_not_sign.is_some();
        self.stations[at].regressed |= is_older;
        if is_older {
            self.tally.add("restore that lost own entries");
        }
        must(refuses || !is_older, || format!("{at} would sign, and its database lacks what it signed"))
    }

    /// Whether a person at this node would enrol a new key now.
    pub(crate) fn wants_new_key(&mut self, at: usize) -> Step<bool> {
        let space = self.space;
        Ok(self.node(at)?.space(space)?.will_not_sign.is_some() && self.chance.percent(35))
    }

    /// A person enrols a new key.
    pub(crate) fn enrol(&mut self, at: usize) -> Step {
        if self.stations[at].enrolments >= ENROLMENTS_MAX {
            return Ok(());
        }
        let space = self.space;
        let done = self.node(at)?.enrol(space);
        if done.is_ok() {
            self.stations[at].enrolments += 1;
            self.stations[at].regressed = false;
        }
        self.signed(at, "enrol", done)
    }

    /// The entries of which an author was told, by how sure it may be of them.
    pub(crate) fn promised(&self) -> (Vec<EntryId>, Vec<EntryId>) {
        let (lost, kept): (Vec<_>, Vec<_>) = self.told.iter().partition(|told| told.media_lost);
        let ids = |told: Vec<crate::world::Told>| told.into_iter().map(|told| told.entry).collect();
        (ids(kept), ids(lost))
    }
}
