//! `person invite`: a fresh invitation for a person whose link expired or whose passphrase was lost.

use node::{Authorized, ManagePeople, Shared};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::failure::Result;
use crate::request::Done;

/// Print a fresh link by which a person chooses a passphrase, in place of an earlier link or a lost passphrase
///
/// Example: `peygir person invite "Road department"`
#[derive(Clone, Debug, clap::Args, Serialize, Deserialize)]
pub(super) struct Invite {
    /// The person
    name: String,
    /// The language of the pages behind the link: en or fa
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: String,
}

impl Invite {
    pub(super) fn carry_out(self, shared: &Shared, may: &Authorized<ManagePeople>) -> Result<Done> {
        super::link("", &self.language)?;
        let mut node = shared.lock();
        let person = super::named(&node, may, &self.name)?;
        let link = super::link(&node.invite_person(may, person.id)?, &self.language)?;
        Ok(Done::line(link.clone(), json!({ "name": person.name, "link": link })))
    }
}
