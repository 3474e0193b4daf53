//! `person remove`: a person who goes.

use node::{Authorized, ManagePeople, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::request::Done;

/// Close a person's account: sessions and invitations end at once, and what the person signed stays theirs
///
/// Example: `peygir person remove "Road department"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(super) struct Remove {
    /// The person
    name: String,
}

impl Remove {
    pub(super) fn carry_out(self, shared: &Shared, may: &Authorized<ManagePeople>) -> Result<Done> {
        let mut node = shared.lock();
        let person = super::named(&node, may, &self.name)?;
        node.remove_person(may, person.id)?;
        Ok(Done::line(format!("{}: removed", person.name), json!({ "removed": person.name })))
    }
}
