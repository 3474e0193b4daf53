//! `person role`: another role for a person.

use node::{Authorized, ManagePeople, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::request::Done;

/// Give a person another role; what is open in a browser goes on in it
///
/// Example: `peygir person role "Road department" reader`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(super) struct Role {
    /// The person
    name: String,
    /// The new role: head, focal-point, officer, reader or guest
    role: String,
}

impl Role {
    pub(super) fn carry_out(self, shared: &Shared, may: &Authorized<ManagePeople>) -> Result<Done> {
        let role = super::role_of(&self.role)?;
        let mut node = shared.lock();
        let person = super::named(&node, may, &self.name)?;
        node.set_role(may, person.id, role)?;
        let line = format!("{}: {}", person.name, role.code());
        Ok(Done::line(line, json!({ "name": person.name, "role": role.code() })))
    }
}
