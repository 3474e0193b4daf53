//! `person add`: a new person, with an invitation.

use std::path::PathBuf;

use node::{Authorized, ManagePeople, Passphrase, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::command::absolute;
use crate::failure::{Failure, Result};
use crate::request::Done;

/// Add a person and print a link by which that person chooses a passphrase, once and within three days
///
/// Example: `peygir person add "Road department" --role officer --language fa`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(super) struct Add {
    /// The name under which the person signs in
    name: String,
    /// What the person is there for: head, focal-point, officer, reader or guest
    #[arg(long)]
    role: String,
    /// The language of the pages behind the link: en or fa
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
    /// A file whose first line is the passphrase of that person, in place of an invitation
    #[arg(long, value_name = "FILE", value_parser = absolute)]
    secret_file: Option<PathBuf>,
}

impl Add {
    pub(super) fn carry_out(self, shared: &Shared, may: &Authorized<ManagePeople>) -> Result<Done> {
        let role = super::role_of(&self.role)?;
        // Before anything is kept, so that a mistake leaves nobody behind.
        super::link("", &self.language)?;
        let chosen = self.secret_file.map(|path| {
            let text = std::fs::read_to_string(&path).map_err(|why| Failure::file(&path, &why))?;
            Ok::<_, Failure>(Passphrase::choose(text.lines().next().unwrap_or_default())?)
        });
        let chosen = chosen.transpose()?;
        let mut node = shared.lock();
        let id = node.add_person(may, &self.name, role)?;
        if let Some(chosen) = chosen {
            node.set_passphrase(may, id, &chosen)?;
            let line = format!("{} can sign in", self.name);
            return Ok(Done::line(line, json!({ "name": self.name, "role": role.code() })));
        }
        let link = super::link(&node.invite_person(may, id)?, &self.language)?;
        Ok(Done::line(link.clone(), json!({ "name": self.name, "role": role.code(), "link": link })))
    }
}
