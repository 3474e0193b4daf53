//! `person list`: who may use the desk.

use node::{Authorized, ManagePeople, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::request::Done;

/// List who may use the desk, with their roles
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(super) struct List {}

impl List {
    pub(super) fn carry_out(self, shared: &Shared, may: &Authorized<ManagePeople>) -> Result<Done> {
        let people = shared.lock().people(may)?;
        let line = |person: &node::Person| {
            let waits = if person.can_sign_in { "" } else { "  has not chosen a passphrase" };
            format!("{:<12} {}{waits}", person.role.code(), person.name)
        };
        let data = |person: &node::Person| {
            json!({
                "name": person.name, "role": person.role.code(), "can_sign_in": person.can_sign_in,
                "until_ms": person.until_ms,
            })
        };
        let lines = if people.is_empty() {
            vec!["nobody yet: peygir person add NAME --role head".to_owned()]
        } else {
            people.iter().map(line).collect()
        };
        Ok(Done { lines, data: json!({ "people": people.iter().map(data).collect::<Vec<_>>() }) })
    }
}
