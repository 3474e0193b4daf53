//! Replies that are lost, crashes and restores: what a person does who does not know whether an act was done.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use node::mark::Signed;
use node::{Act, Receipt};
use oplog::SpaceId;

use crate::fault::{Step, must};
use crate::world::World;

impl World {
    /// A node's high-water marks as they are.
    pub(crate) fn marks(&self, at: usize) -> BTreeMap<SpaceId, Signed> {
        self.stations[at].marks.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The reply was lost, perhaps to a crash, perhaps to one before the mark was raised: the same request gives the
    /// same entry, and another one under its id is told so.
    pub(crate) fn ask_again(
        &mut self,
        at: usize,
        act: Act,
        receipt: Receipt,
        marks_before: BTreeMap<SpaceId, Signed>,
    ) -> Step {
        self.tally.add("reply lost and asked for again");
        if self.plan.crash && self.chance.percent(60) {
            self.tally.add("crash");
            self.tally.add("crash between an act and its reply");
            if self.chance.percent(50) {
                let marks = Arc::clone(&self.stations[at].marks);
                *marks.lock().unwrap_or_else(PoisonError::into_inner) = marks_before;
            }
            self.restart(at, None)?;
        }
        let again = self.node(at)?.submit(act.clone())?;
        self.note(|| format!("{at} asks again and gets {}", again.entry.short()));
        must(again == receipt, || format!("{at} asked again and got {again:?}, not {receipt:?}"))?;
        let about = agreement::operation::Comment { about: self.space.into() };
        if act.operation.word() != "comment" {
            let other = self.node(at)?.submit(Act { operation: about.into(), ..act });
            let told = matches!(other, Err(node::NodeError::RequestReused));
            must(told, || format!("a request id was used for two acts: {other:?}"))?;
        }
        Ok(())
    }
}
