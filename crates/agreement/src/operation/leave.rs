//! `leave` ends the author's membership; what it promised binds on.

use oplog::{BadBytes, Reader, Wire, Writer};

use crate::change::Change;
use crate::refusal::Refusal;
use crate::space::{Ending, Space};
use crate::standing::By;

/// The author's party leaves the space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave;

impl Wire for Leave {
    fn write(&self, to: &mut Writer) {
        to.array(0);
    }
    fn read(from: &mut Reader<'_>) -> Result<Self, BadBytes> {
        from.array_of(0).map(|()| Self)
    }
}

impl Leave {
    pub(crate) fn decide(self, _: &Space, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        Ok(vec![Change::SeatEnded(by.party, Ending::Left(by.entry))])
    }
}
