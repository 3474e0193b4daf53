//! `declare` says what its author can do or lacks, corrects that, or takes it back. It binds nobody.

use oplog::{ObjectId, wire_struct};

use crate::change::Change;
use crate::declaration::{Declaration, Sort};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::standing::By;
use crate::statement::Statement;

/// A capability or need, or another version of one by its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declare {
    /// The declaration that this corrects.
    pub object: Option<ObjectId>,
    /// Capability or need; a correction names the sort that is there.
    pub sort: Sort,
    /// Whether it is taken back. A later version can state it again.
    pub withdrawn: bool,
}

wire_struct!(Declare { object, sort, withdrawn });

impl Declare {
    pub(crate) fn decide(&self, record: Option<&Record>, by: &By<'_>) -> Result<Vec<Change>, Refusal> {
        match (self.object, record) {
            (None, None) if !self.withdrawn => {
                let (sort, statement) = (self.sort, Statement::first(by));
                let declaration = Declaration { sort, withdrawn: false, statement };
                Ok(vec![Change::Founded(Box::new(Record::Declaration(declaration)))])
            }
            (Some(_), Some(Record::Declaration(declaration))) if declaration.sort == self.sort => {
                declaration.statement.may_correct(by)?;
                Ok(vec![Change::Corrected(by.entry), Change::TakenBack(self.withdrawn)])
            }
            _ => Err(Refusal::NoSuchObject),
        }
    }
}
